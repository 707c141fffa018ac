"""What a person has chosen to look at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from models.vocabulary import PeriodKind


@dataclass(frozen=True)
class Selection:
    """Projects, module and period. Empty tuples are all of them; period_end None is the current one of each project."""

    customers: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    module: str | None = None
    period_kind: PeriodKind = PeriodKind.MONTH
    period_end: dt.date | None = None
