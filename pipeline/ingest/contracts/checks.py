"""What is expected of a feed's rows and of one export after another, as data: each feed fills in its own.

Nothing here imports Great Expectations, which the rules about values are turned into.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from models.intake import RuleSeverity
from pipeline.ingest.contracts.reasons import Says


@dataclass(frozen=True)
class Expectation:
    """One rule about the values of a row. `template` is the reason given for a row that breaks it, `says` what must hold.

    low, high: the allowed range, both ends included unless `above` (then low itself is not allowed); dates or numbers.
    at_least: another column that this one may not be less than. either: at least one of these columns is filled.
    past: columns of which none may lie after `high`. broken: true where the row breaks the rule, made of `column` and
    `beside`. flag: the row stays and the rule is reported, with how many rows and the first of them.
    """

    code: str
    template: str
    column: str
    says: Says
    low: object = None
    high: object = None
    above: bool = False
    at_least: str | None = None
    either: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    broken: pl.Expr | None = field(default=None, compare=False)
    beside: tuple[str, ...] = ()
    flag: bool = False

    @property
    def severity(self) -> RuleSeverity:
        return RuleSeverity.FLAGS if self.flag else RuleSeverity.HOLDS

    @property
    def other_column(self) -> str | None:
        return self.at_least or (self.beside[0] if self.beside else None)

    @property
    def is_derived(self) -> bool:
        """Whether it is judged on a column made for it rather than on one of the feed."""
        return bool(self.either or self.past or self.broken is not None)


@dataclass(frozen=True)
class Together:
    """template: the reason, for {rows} groups of which the first begins in {line}. says: what must hold.

    sql: one row per group over the relation `rows`, with `line` (its first row), `is_broken`, and the reason's blanks.
    """

    code: str
    template: str
    column: str
    says: Says
    sql: str


# ---- one export after another ---------------------------------------------------------------------------------------

LOST = 0.8  # a fifth less cost takes a CPI of 0.80 to 1.00, from critical to ok; corrections of booked money or hours stay below
FALLEN = 0.5  # estimates and sizes are revised, but hardly ever to less than half
LEAST_ROWS = 20  # of the last export, per project, before a rise is asked about: fewer grow by themselves
LEAST_MODULES = 3  # a coverage report has few rows, each of thousands of lines
LEAST_ESTIMATES = 5  # one estimate that is revised says nothing of the file


@dataclass(frozen=True)
class ComparedList:
    """A list, compared with the last export of it. key: tells the members apart; latest: of several states in a file only
    the one of the newest date counts.

    fallen, least_rows: a total below this share of the last one is asked about, from this many rows on.
    """

    key: str
    measures: tuple[str, ...]
    latest: str | None = None
    fallen: float = FALLEN
    least_rows: int = LEAST_ESTIMATES
    least_rows_to_rise: int = LEAST_ROWS


@dataclass(frozen=True)
class ComparedDays:
    """What happens day by day, compared over the days in both exports. is_rated: other periods by their rate per working day.

    Money comes in lumps (a server is bought once), hours do not: only their rate says something of another period.
    """

    measures: tuple[str, ...]
    is_rated: bool = False


@dataclass(frozen=True)
class ToldBy:
    """fact: what the rows are in the warehouse. day, amount: SQL. keys: what makes two rows one, from the surest on."""

    fact: str
    day: str
    amount: str
    keys: tuple[tuple[str, ...], ...]
