"""How each column of one file is read: what was said of it, and what was settled over all its values."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.intake import ColumnUnit
from pipeline.ingest.dialects.words import normal_word
from pipeline.ingest.values import dates

MOST_WORDS = 1_000  # unknown words of one column that are counted: more of them are free text


@dataclass(frozen=True)
class ReadOptions:
    """date_order: dmy, mdy, ymd or None to prove it. decimal: "." or "," or None to settle it per column.

    unit: of columns that name none, where somebody said it (options.UNITS).
    given: canonical column → text for rows in which it is empty (project from --project, status_on, …).
    """

    date_order: str | None = None
    decimal: str | None = None
    time_zone: str = "Asia/Shanghai"
    given: dict[str, str] = field(default_factory=dict)
    unit: str | None = None


@dataclass
class Formats:
    """How each column of one file is read. `warnings` grows while casting: (code, template, details)."""

    system: str = "generic"
    options: ReadOptions = field(default_factory=ReadOptions)
    dates: dict[str, dates.DateFormat] = field(default_factory=dict)
    decimal_comma: dict[str, bool] = field(default_factory=dict)
    percent: dict[str, bool] = field(default_factory=dict)
    levels: set[str] = field(default_factory=set)
    units: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    warnings: list[tuple[str, str, dict]] = field(default_factory=list)
    rounded: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)  # canonical column → the zone its header names
    unit_sources: dict[str, ColumnUnit] = field(default_factory=dict)  # by canonical column

    @property
    def date_format(self) -> str | None:
        """The date formats of the file in a few words, as `load --json` shows them."""
        labels = list(dict.fromkeys(date.label for date in self.dates.values() if date.layouts))
        return "; ".join(labels) or None

    @property
    def date_order(self) -> str | None:
        """dmy or mdy, where some column is written in digits that alone do not say it."""
        return next((date.order for date in self.dates.values() if "numeric" in date.layouts and date.order), None)

    def note_unknown(self, column: str, words: dict[str, int]) -> None:
        """Counts words that no vocabulary knows, under the first spelling met. Few of a million rows are distinct."""
        held = self.unknown.setdefault(column, {}) if words else {}
        spelled = {normal_word(word): word for word in held}
        for word, rows in words.items():
            shown = spelled.setdefault(normal_word(word), word)
            if shown in held or len(held) < MOST_WORDS:
                held[shown] = held.get(shown, 0) + rows

    def header_of(self, column: str) -> str:
        return self.headers.get(column, column)

    def all_warnings(self) -> list[tuple[str, str, dict]]:
        """The warnings of settling and of casting; call it after the last chunk."""
        template = "Column '{column}': {rows} amounts had more than two decimals and were rounded."
        rounded = [
            ("ingest.amounts_rounded", template, {"column": self.header_of(column), "rows": rows})
            for column, rows in self.rounded.items()
        ]
        return self.warnings + rounded
