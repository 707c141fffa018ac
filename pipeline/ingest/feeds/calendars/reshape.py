"""Working calendars of projects and sites: whether a day is worked, said as yes and no or by the kind of day."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import Reshape, Shaped
from pipeline.ingest.dialects.names import normal_header

_WORKED = (
    "班 上班 调休上班 补班 调休补班 工作日 作业日 workday work working working_day make-up makeup make-up_day make-up_workday "
    "compensatory_workday arbeitstag"
)
_OFF = (
    "休 休息 休息日 放假 假 假日 假期 节假日 法定节假日 公休 公休日 停工 停工日 非工作日 周末 holiday "
    "public_holiday day_off off closed closure nonworking non-working non-working_day rest rest_day weekend feiertag"
)
_DAYS = {word.replace("_", " "): said for words, said in ((_WORKED, "yes"), (_OFF, "no")) for word in words.split()}
# Headers under which yes means that nobody works.
_ASKS_FOR_A_DAY_OFF = frozenset(
    map(
        normal_header,
        ("是否休息日", "是否节假日", "是否放假", "是否停工", "Is holiday", "Holiday", "Day off", "Closed"),
    )
)
_OPPOSITE = {"是": "no", "否": "yes", "y": "no", "n": "yes", "yes": "no", "no": "yes", "true": "no", "false": "yes",
             "1": "no", "0": "yes", "√": "no", "×": "yes"}  # fmt: skip


class CalendarReshape(Reshape):
    """Day types as yes and no; words that are neither stay as they stand, and the row is held back for them."""

    def __init__(self, mapping: Mapping, system: str) -> None:
        super().__init__(mapping, system)
        header = normal_header(mapping.canonical.get("is_working_day", ""))
        self._words = _DAYS | (_OPPOSITE if header in _ASKS_FOR_A_DAY_OFF else {})

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        if "is_working_day" not in rows.columns:
            return Shaped(rows)
        word = pl.col("is_working_day").str.strip_chars().str.to_lowercase().str.replace_all(r"\s+", " ")
        return Shaped(
            rows.with_columns(
                is_working_day=word.replace_strict(
                    self._words, default=pl.col("is_working_day"), return_dtype=pl.String
                )
            )
        )
