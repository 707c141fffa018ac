"""The levels of KPIs as signals: one reading per KPI and project, as the build judged it."""

from __future__ import annotations

import datetime as dt

from models.alerts.signals import Policy, Scope, Signal
from models.alerts.vocabulary import Reading, SignalKind
from models.snapshot import Snapshot
from models.vocabulary import UNALLOCATED, KpiStatus
from models.wording import msgid

_READINGS = {
    KpiStatus.OK: Reading.OK,
    KpiStatus.WARNING: Reading.WARNING,
    KpiStatus.CRITICAL: Reading.CRITICAL,
    KpiStatus.NO_DATA: Reading.NO_DATA,
    KpiStatus.TOO_EARLY: Reading.NO_DATA,
    KpiStatus.NOT_APPLICABLE: Reading.NOT_JUDGED,
    KpiStatus.UNRATED: Reading.NOT_JUDGED,
}
_BEYOND = msgid("{kpi} is beyond its level")
_WITHIN = msgid("{kpi} is within its level")
# of what is counted in a period only the last finished one is read; of all else the current row
_VALUES = """
    select
        kpi_key, project_key, period_end, as_of, value, status, is_stale, counts_window, better,
        case when kpi_values.status = 'critical' then kpi_values.critical_at else kpi_values.warning_at end as level,
        kpi_values.warning_at, kpi_values.critical_at, actual_finish_on <= as_of as is_closed
    from kpi_values
    inner join dim_kpis using (kpi_key)
    inner join dim_projects using (project_key)
    where grain = 'project' and period_kind = 'month' and status_from is null and project_key <> $unallocated
        and (is_current or counts_window = 'in_period')
        and not (counts_window = 'in_period' and (is_incomplete or period_end > as_of))
    qualify row_number() over (partition by kpi_key, project_key order by period_end desc) = 1
"""


def level_signals(snapshot: Snapshot, rules: list[dict]) -> list[Signal]:
    """One signal per KPI with levels and project: its last value that may be judged."""
    rows = snapshot.query(_VALUES, {"unallocated": UNALLOCATED}).to_dicts()
    return [_signal(row) for row in rows]


def _signal(row: dict) -> Signal:
    reading = _READINGS[KpiStatus(row["status"])]
    if row["is_closed"]:
        reading = Reading.CLOSED
    elif row["is_stale"]:
        reading = Reading.STALE
    data_date: dt.date = row["period_end"] if row["counts_window"] == "in_period" else row["as_of"]
    return Signal(
        kind=SignalKind.LEVEL,
        name=row["kpi_key"],
        scope=Scope("project", row["project_key"]),
        data_date=data_date,
        reading=reading,
        is_clear=reading is Reading.OK,
        value=row["value"],
        level=row["level"],
        kpi_key=row["kpi_key"],
        template=_WITHIN if reading is Reading.OK else _BEYOND,
        details={"kpi": row["kpi_key"]},
        policy=Policy(fingerprint=f"{row['better']} {row['warning_at']} {row['critical_at']}"),
    )
