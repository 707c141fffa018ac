"""What a table's columns stand for, and what a feed reads beside single columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from pipeline.ingest.contracts.books import Books


@dataclass(kw_only=True)
class Layout:
    """What a feed reads of a table beside single columns: days as columns, a start and an end.

    score: what it speaks for the feed, or against it. text_unit: of the amounts, where a title says it (`单位:人天`).
    is_compared: that unit was found by comparing two columns. is_day_labor: labor that is mostly counted in days.
    """

    score: float = 0.0
    text_unit: str | None = None
    is_compared: bool = False
    is_day_labor: bool = False

    @property
    def indices(self) -> list[int]:
        """The columns read beside the mapped ones."""
        return []

    @property
    def read(self) -> dict[int, str]:
        """Column → what it stands for, of those that no single canonical column is mapped to."""
        return {}

    @property
    def gives(self) -> set[str]:
        """Canonical columns that come from the layout and from no single column."""
        return set()

    @property
    def is_counted(self) -> bool:
        """Whether its amounts are counted from other columns, so that no unit is read."""
        return False

    @property
    def fills_down(self) -> bool:
        """Whether the labels of merged cells count for the rows below them."""
        return False

    def header_of_amounts(self, headers: dict[int, str]) -> str | None:
        """What stands above amounts that have no column of their own."""
        return None


@dataclass
class Mapping:
    """columns: index → canonical column; several indices may share one list column.

    headers: index → the name in the file. unmapped: names nobody claimed. warnings: (code, template, details).
    units: canonical column → unit other than its own ("seconds", "minutes", "days", "person_months", "ten_thousand").
    period_columns: index → first day of the month, in a budget or a cost list with months as columns; of a list of rates with
        currencies as columns, what each quotes.
    period_into: the canonical columns that such a month or currency and its amount become.
    sections: from which line on which values hold in every row (the account of a page); year: of month and day columns.
    missing: canonical columns worth having that the file lacks.
    roles: columns of which two make one canonical column: direction and amount of a ledger, month and day of a booking.
    defaults: canonical column → the word that every row of this export stands for (a list of bugs: defect).
    rivals: canonical column → the other columns whose names claim it, the best first.
    zones: canonical column → the time zone that its header names.
    told_by: canonical column → the column whose words tell it where it is empty: labels say that an issue is a defect.
    books: how the tool writes its ledger; told: what the table says of it outside its rows.
    layout: what is read beside single columns. role_names: role → what it stands for, as the report of a load names it.
    """

    columns: dict[int, str]
    headers: dict[int, str]
    unmapped: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    header_fingerprint: str = ""
    units: dict[str, str] = field(default_factory=dict)
    period_columns: dict[int, dt.date | str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    roles: dict[str, int] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    period_into: tuple[str, str] = ("period_start", "planned_value")
    sections: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    year: str | None = None
    rivals: dict[str, tuple[int, ...]] = field(default_factory=dict)
    layout: Layout | None = None
    role_names: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    told_by: dict[str, str] = field(default_factory=dict)
    books: Books = field(default_factory=Books)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def columns_mapped(self) -> dict[str, str]:
        """Header in the file → canonical column, as `load --json` shows it."""
        mapped = {self.headers[index]: canonical for index, canonical in sorted(self.columns.items())}
        mapped |= {self.headers[index]: self.period_into[1] for index in self.period_columns}
        mapped |= {self.headers[index]: name for index, name in (self.layout.read if self.layout else {}).items()}
        return mapped | {self.headers[index]: self.role_names[role] for role, index in self.roles.items()}

    @property
    def canonical(self) -> dict[str, str]:
        """Canonical column → the header it is read from (the first, for lists)."""
        found: dict[str, str] = {}
        for index, canonical in sorted(self.columns.items()):
            found.setdefault(canonical, self.headers[index])
        return found

    def moved(self, canonical: str, used: int, other: int) -> None:
        """Another column of the file is `canonical` after all."""
        del self.columns[used]
        self.columns[other] = canonical
        self.unmapped = [name for name in self.unmapped if name != self.headers[other]] + [self.headers[used]]

    @property
    def indices(self) -> list[int]:
        """The columns of the file that must be read."""
        return sorted({*self.columns, *self.period_columns, *self.roles.values()})
