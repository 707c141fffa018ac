"""The questions of a Monday morning, and of each the KPI that answers it worst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.document import Row
from models.kpis.catalogue import Kpi
from models.kpis.worst import BAD, place_of
from models.vocabulary import KpiStatus, Section
from ui.shell.wording import msgid

_JUDGED = (*BAD, KpiStatus.OK)


@dataclass(frozen=True)
class Dimension:
    """A column of the portfolio. page: where its KPIs stand."""

    words: str
    sections: tuple[Section, ...]
    page: str


DIMENSIONS = {
    "quality": Dimension(msgid("Quality"), (Section.QUALITY,), "quality/quality"),
    "cost": Dimension(msgid("Cost"), (Section.COST,), "cost/cost"),
    "schedule": Dimension(msgid("Schedule"), (Section.SCHEDULE, Section.ROLLOUT), "schedule/schedule"),
    "people": Dimension(msgid("Labor and changes"), (Section.LABOR, Section.SCOPE), "labor/labor"),
}


def worst_of(rows: Iterable[Row], dimension: Dimension, kpis: Mapping[str, Kpi]) -> Row | None:
    """The row of a dimension that lies worst against its levels; where nothing is judged, the first that has a value.

    A zero that is within its levels tells less than any other value. A KPI that takes its status from another one stands for
    nothing that the other does not.
    """
    own = [row for row in rows if kpis[row["kpi_key"]].section in dimension.sections]
    judged = [row for row in own if row["status"] in _JUDGED and kpis[row["kpi_key"]].has_own_status]
    telling = [row for row in judged if row["status"] in BAD or (row["warning_at"] is not None and row["value"])]
    if telling or judged:
        return min(telling or judged, key=place_of)
    return next((row for row in own if row["value"] is not None), next(iter(own), None))
