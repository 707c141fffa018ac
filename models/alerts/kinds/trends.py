"""The early warning of a trend: a KPI within its level whose line of the last months crosses the critical one soon."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.alerts.kinds.defaults import Finds, Found, Tuned
from models.alerts.vocabulary import AlertLevel, EarlyRule
from models.builds.snapshot import Snapshot
from models.document import Row
from models.words.catalog import msgid
from models.words.number_tokens import month, named, number

TREND_MONTHS, FEWEST_TREND_MONTHS = 6, 4  # half a year; three points make a line of anything
_RATED = ("ok", "warning", "critical")
_MONTHS = """
    select
        kpi_key, project_key, period_end, as_of, value, status, is_stale, is_current, is_incomplete, counts_window,
        kpi_values.critical_at, kpi_values.low_critical_at, bad_direction, unit, label,
        period_end <= as_of and not (is_cost and is_provisional) as is_finished
    from kpi_values
    inner join dim_kpis using (kpi_key)
    where grain = 'project' and period_kind = 'month' and status_from is null and bad_direction is not null
        and critical_at_sql is null and coalesce(kpi_values.critical_at, kpi_values.low_critical_at) is not null
    order by kpi_key, project_key, period_end
"""
_CROSSES = msgid(
    "{kpi} was {value} in {last} and has moved by {slope} a month over {months} months: at this pace it crosses its critical "
    "level of {level} in {month}."
)
_DOES_NOT_CROSS = msgid("{kpi} was {value} in {last}: its trend does not cross the critical level of {level} soon.")


def trends(snapshot: Snapshot, tuned: Mapping[str, Tuned]) -> Finds:
    series: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in snapshot.query(_MONTHS).to_dicts():
        series[row["project_key"], row["kpi_key"]].append(row)
    found = []
    for (project, kpi_key), rows in series.items():
        if project in tuned:
            name = f"{EarlyRule.TREND_CROSSES}:{kpi_key}"
            found.append((project, name, _trend(rows, tuned[project].parameter(name), tuned[project].currency)))
    return found


def _trend(rows: Sequence[Row], periods_ahead: float, currency: str | None) -> Found:
    finished = [row for row in rows if row["is_finished"]]
    in_period = rows[-1]["counts_window"] == "in_period"
    judged = finished[-1] if in_period and finished else next((row for row in rows if row["is_current"]), rows[-1])
    kpi_key, on = rows[-1]["kpi_key"], judged["period_end"] if in_period else judged["as_of"]
    known = [row for row in finished if row["value"] is not None and row["status"] in _RATED]
    last_months = finished[-TREND_MONTHS:]
    points = [(place, row["value"]) for place, row in enumerate(last_months) if row in known]
    if len(points) < FEWEST_TREND_MONTHS or judged["status"] in ("warning", "critical", "not_applicable", "unrated"):
        return Found(None, on, kpi_key=kpi_key)  # too little to tell, or the level itself speaks
    if judged["is_stale"]:
        return Found(AlertLevel.STALE, on, kpi_key=kpi_key)
    if judged["status"] != "ok" or last_months[-1] not in known:
        return Found(AlertLevel.NO_DATA, on, kpi_key=kpi_key)
    slope, start = (
        float(number_) for number_ in np.polyfit([place for place, _ in points], [value for _, value in points], 1)
    )
    at_end = start + slope * (len(last_months) - 1)
    crossing = crosses_in(at_end, slope, judged, periods_ahead)
    level = crossing[1] if crossing else judged["critical_at"]
    level = judged["low_critical_at"] if level is None else level
    last = last_months[-1]
    told = {
        "kpi": named(last["label"]),
        "value": number(last["value"], last["unit"], currency=currency),
        "last": month(last["period_end"]),
        "slope": number(slope, last["unit"], currency=currency, signed=True),
        "months": len(points),
        "level": number(level, last["unit"], currency=currency),
    }
    if crossing is None:
        return Found(AlertLevel.OK, on, _DOES_NOT_CROSS, told, last["value"], level, kpi_key)
    told["month"] = month(_months_later(last["period_end"], crossing[0]))
    return Found(AlertLevel.WARNING, on, _CROSSES, told, last["value"], level, kpi_key)


def crosses_in(at_end: float, slope: float, levels: Row, periods_ahead: float) -> tuple[int, float] | None:
    """(periods from now, level) where a line that stands at `at_end` first lies beyond a critical level; None within the reach.

    levels: bad_direction (above, below, outside), critical_at, low_critical_at. A line that runs the other way never crosses.
    """
    direction, high, low = levels["bad_direction"], levels["critical_at"], levels["low_critical_at"]
    low = high if direction == "below" else low
    for ahead in range(1, int(periods_ahead) + 1):
        value = round(at_end + slope * ahead, 9)
        if direction in ("above", "outside") and slope > 0 and high is not None and value > high:
            return ahead, high
        if direction in ("below", "outside") and slope < 0 and low is not None and value < low:
            return ahead, low
    return None


def _months_later(period_end: dt.date, months: int) -> dt.date:
    """The end of the month so many months after the one that holds `period_end`."""
    whole = period_end.year * 12 + period_end.month + months
    return dt.date(whole // 12, whole % 12 + 1, 1) - dt.timedelta(days=1)
