"""The early warning of a trend: a KPI within its level whose line of the last months crosses the critical one soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from models.alerts.kinds.defaults import Finds, Found, Tuned
from models.alerts.vocabulary import AlertLevel, EarlyRule
from models.builds.snapshot import Snapshot
from models.document import Row
from models.words.catalog import msgid
from models.words.number_tokens import month, named, number

TREND_MONTHS, FEWEST_TREND_MONTHS = 6, 4  # half a year; three points make a line of anything
# One row per project and KPI. judged: the row whose status counts, of what is counted in a period the last finished one.
# The line of least squares runs through the last finished months that were rated, counted back from the last one, 0.
_LINES = f"""
    with months as (
        select
            kpi_key, project_key, period_end, as_of, value, status, is_stale, is_current, counts_window, unit, label,
            kpi_values.critical_at, kpi_values.low_critical_at, bad_direction,
            period_end <= as_of and not (is_cost and is_provisional) as is_finished,
            value is not null and status in ('ok', 'warning', 'critical') as is_rated,
            row_number() over (partition by project_key, kpi_key, is_finished order by period_end desc) - 1 as age
        from kpi_values
        inner join dim_kpis using (kpi_key)
        where grain = 'project' and period_kind = 'month' and status_from is null and bad_direction is not null
            and critical_at_sql is null and coalesce(kpi_values.critical_at, kpi_values.low_critical_at) is not null
    ),
    series as (
        select
            kpi_key, project_key, any_value(counts_window) = 'in_period' as is_in_period,
            max(period_end) filter (where is_finished) as last_on,
            coalesce(
                max(period_end) filter (where is_finished and counts_window = 'in_period'),
                min(period_end) filter (where is_current), max(period_end)
            ) as judged_on,
            count(*) filter (where is_point) as points, regr_slope(value, -age) filter (where is_point) as slope,
            regr_intercept(value, -age) filter (where is_point) as at_end
        from (select *, is_finished and is_rated and age < {TREND_MONTHS} as is_point from months)
        group by kpi_key, project_key
    )
    select
        kpi_key, project_key, points, slope, at_end, judged.unit, judged.label, judged.status, judged.is_stale,
        judged.critical_at, judged.low_critical_at, judged.bad_direction,
        case when is_in_period then judged_on else judged.as_of end as stands_on, last_on, last.value as last_value,
        last.is_rated as is_last_rated
    from series
    inner join months as judged using (kpi_key, project_key)
    left join months as last
        on series.kpi_key = last.kpi_key and series.project_key = last.project_key and series.last_on = last.period_end
    where judged.period_end = judged_on
    order by kpi_key, project_key
"""
_CROSSES = msgid(
    "{kpi} was {value} in {last} and has moved by {slope} a month over {months} months: at this pace it crosses its critical "
    "level of {level} in {month}."
)
_DOES_NOT_CROSS = msgid("{kpi} was {value} in {last}: its trend does not cross the critical level of {level} soon.")


def trends(snapshot: Snapshot, tuned: Mapping[str, Tuned]) -> Finds:
    found = []
    for row in snapshot.query(_LINES).iter_rows(named=True):
        own = tuned.get(row["project_key"])
        if own is not None:
            name = f"{EarlyRule.TREND_CROSSES}:{row['kpi_key']}"
            found.append((row["project_key"], name, _trend(row, own, name)))
    return found


def _trend(row: Row, own: Tuned, name: str) -> Found:
    kpi_key, on = row["kpi_key"], row["stands_on"]
    if row["points"] < FEWEST_TREND_MONTHS or row["status"] in ("warning", "critical", "not_applicable", "unrated"):
        return Found(None, on, kpi_key=kpi_key)  # too little to tell, or the level itself speaks
    if row["is_stale"]:
        return Found(AlertLevel.STALE, on, kpi_key=kpi_key)
    if row["status"] != "ok" or not row["is_last_rated"]:
        return Found(AlertLevel.NO_DATA, on, kpi_key=kpi_key)
    crossing = crosses_in(row["at_end"], row["slope"], row, own.parameter(name))
    level = crossing[1] if crossing else row["critical_at"]
    level = row["low_critical_at"] if level is None else level
    told = {
        "kpi": named(row["label"]),
        "value": number(row["last_value"], row["unit"], currency=own.currency),
        "last": month(row["last_on"]),
        "slope": number(row["slope"], row["unit"], currency=own.currency, signed=True),
        "months": row["points"],
        "level": number(level, row["unit"], currency=own.currency),
    }
    if crossing is None:
        return Found(AlertLevel.OK, on, _DOES_NOT_CROSS, told, row["last_value"], level, kpi_key)
    told["month"] = month(_months_later(row["last_on"], crossing[0]))
    return Found(AlertLevel.WARNING, on, _CROSSES, told, row["last_value"], level, kpi_key)


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
