"""The KPI catalogue as a build published it: what each KPI is called and means, its levels, and its formula as SQL."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any
from weakref import WeakKeyDictionary

from models.builds.snapshot import Snapshot
from models.words.catalog import catalogue_text

_read: WeakKeyDictionary[Snapshot, dict[str, Kpi]] = WeakKeyDictionary()
HISTORY_LENGTH = 8  # periods under a mark (LOOK)


@dataclass(frozen=True)
class Kpi:
    """One row of dim_kpis: what a KPI is called, means, and how deep is too deep."""

    kpi_key: str
    section: str
    sort_order: int
    label: str  # texts in English: the msgid of every other language
    short_label: str
    description: str
    unit: str  # percent, index, money, count, days, ratio
    better: str  # higher, lower, band, none
    warning_at: float | None
    critical_at: float | None
    low_warning_at: float | None
    level_reason_text: str | None
    formula_text: str
    formula_sql: str
    numerator_sql: str
    denominator_sql: str | None
    is_known_sql: str
    status_sql: str | None
    edge_sql: str | None
    too_early_sql: str | None
    unrated_sql: str | None
    counted_sql: str | None  # items the value is made of, of how many, and how many finish before they start
    counted_of_sql: str | None
    reversed_sql: str | None
    unknown_words_sql: str | None
    readings_sql: tuple[str, ...]
    total: str
    warning_at_sql: str | None
    critical_at_sql: str | None
    percentile: float | None
    measures: tuple[str, ...]
    terms: tuple[str, ...]  # the measures, then what unknown words may change in them
    words: tuple[str, ...]  # feed.column of the mapped words that decide which rows count
    feeds: tuple[str, ...]
    counts_window: str  # to_date, latest, open, in_period
    grains: tuple[str, ...]
    complete_at: str  # project or module: the members a roll-up is made of
    status_from: str | None
    is_cost: bool
    is_gate: bool
    not_applicable_to: tuple[str, ...]
    beside: str | None = None  # the KPI whose other reading it is, and whose levels say in words what it would be
    dated: str | None = None  # schedule, cost: all its terms stand at that data date; None: at the period's end

    @property
    def has_own_status(self) -> bool:
        """Whether levels are set for it and it raises alerts; the others are told with the KPI that they belong to."""
        return self.status_from is None and self.beside is None

    def name(self, language: str) -> str:
        return kpi_name(self.label, language)

    def short(self, language: str) -> str:
        return catalogue_text("kpi.short_label", self.short_label, language)

    def definition(self, language: str) -> str:
        return catalogue_text("kpi.description", self.description, language)

    def formula(self, language: str) -> str:
        return catalogue_text("kpi.formula", self.formula_text, language)

    def level_reason(self, language: str) -> str | None:
        reason = self.level_reason_text
        return reason and catalogue_text("kpi.levels.reason", reason, language)


_COLUMNS = ", ".join(field.name for field in fields(Kpi))


def short_name(label: str, language: str) -> str:
    """The short label of a KPI, as the catalogue states it in English, in `language`."""
    return catalogue_text("kpi.short_label", label, language)


def kpi_name(label: str, language: str) -> str:
    """The name of a KPI, of its label in dim_kpis."""
    return catalogue_text("kpi.label", label, language)


def catalogue(snapshot: Snapshot) -> dict[str, Kpi]:
    """{kpi_key: Kpi} in the catalogue's order. Read once per build: everything that draws or judges asks for it."""
    if snapshot not in _read:
        rows = snapshot.query(f"select {_COLUMNS} from dim_kpis order by sort_order").to_dicts()
        _read[snapshot] = {row["kpi_key"]: Kpi(**{name: _kept(value) for name, value in row.items()}) for row in rows}
    return dict(_read[snapshot])


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def money_measures(snapshot: Snapshot) -> frozenset[str]:
    """Keys of the measures that are amounts in the currency of their project."""
    return frozenset(snapshot.query("select measure_key from dim_measures where is_money")["measure_key"].to_list())


def measure_names(snapshot: Snapshot, language: str) -> dict[str, str]:
    """{measure_key: its name}."""
    rows = snapshot.query("select measure_key, label from dim_measures").iter_rows()
    return {key: catalogue_text("measure.label", label, language) for key, label in rows}
