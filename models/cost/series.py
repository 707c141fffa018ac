"""Earned value over time, in money or in hours: what was planned, earned and spent, and where the rest will end.

Earned value and cost stand, in each period, at the data date at which the KPIs of cost stand in it (in hours: those of the
schedule). The estimates at completion are those of models.cost.estimates, from the figures of the last period whose cost is
closed, all of them at that date, by the formulas of the KPIs of the same names.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.cost.estimates import Edge, Estimates, Method, estimates
from models.kpis.standing import cell_column, day_of_period
from models.kpis.values import selected_projects
from models.reference.currencies import currency_of, translation

FORECASTS = ("forecast", "forecast_low", "forecast_high")
_MONEY = {"planned": "planned_value", "earned": "earned_value", "spent": "actual_cost"}
_HOURS = {"planned": "planned_hours", "earned": "earned_hours", "spent": "hours_logged"}


@dataclass(frozen=True)
class EarnedValue:
    """One selection's earned value.

    curve: period_end, planned_value, earned_value, actual_cost (up to the newest closed month), provisional_cost (from there on),
    stands_on (the day at which these three stand), forecast (BAC ÷ CPI), forecast_low, forecast_high (the least and the
    greatest estimate); cumulative, null where not known.
    Money excluding VAT, or hours (h) where in_hours.
    at_completion: the estimates at `stands_on`, the data date of the last closed period; None before the first.
    used_up_on: the day on which cost passes the budget; is_used_up: it has happened. None where cost stays within the budget.
    history_methods: 'status_dates' or 'actual_dates', whichever the earned value of the projects comes from.
    """

    curve: pl.DataFrame
    in_hours: bool
    currency: str
    budget: float | None
    at_completion: Estimates | None
    stands_on: dt.date | None
    status_on: dt.date | None
    closed_on: dt.date | None
    plan_ends_on: dt.date | None
    finish_on: dt.date | None
    used_up_on: dt.date | None
    is_used_up: bool
    history_methods: tuple[str, ...]

    @property
    def band(self) -> tuple[float, float] | None:
        return None if self.at_completion is None else self.at_completion.band


def earned_value(snapshot: Snapshot, selection: Selection, in_hours: bool = False) -> EarnedValue:
    """Plan, earned value and cost of a selection up to its period, and the forecasts from there."""
    parameters: dict[str, Any] = {
        "projects": list(selected_projects(snapshot, selection)),
        "module": selection.module or "*",
        "until": selection.period_end or dt.date.max,
    }
    dates = _dates(snapshot, parameters)
    known = _to_date(snapshot, parameters, selection, in_hours)
    curve = _plan(snapshot, parameters, selection, in_hours).join(known, on="period_end", how="full", coalesce=True)
    curve = curve.sort("period_end").with_columns(pl.col("planned_value").forward_fill())
    budget = curve.select(pl.max("planned_value")).item() or None
    last = _last_known(curve)
    stands = None if last is None or budget is None else _estimates(snapshot, last, budget)
    curve = _with_forecasts(snapshot, curve, selection, last=last, stands=stands, dates=dates)
    used_up_on, is_used_up = _used_up(curve, budget)
    return EarnedValue(
        curve=curve.drop("planned_then", "left", "earned_schedule", "actual_time"),
        in_hours=in_hours,
        currency=currency_of(snapshot, parameters["projects"]),
        budget=budget,
        at_completion=stands,
        stands_on=None if last is None else last["stands_on"],
        used_up_on=used_up_on,
        is_used_up=is_used_up,
        status_on=dates["status_on"],
        closed_on=dates["closed_on"],
        plan_ends_on=dates["plan_ends_on"],
        finish_on=dates["finish_on"],
        history_methods=tuple(dates["history_methods"] or ()),
    )


def with_forecasts(curve: pl.DataFrame, last: dict[str, Any], at_completion: Estimates) -> pl.DataFrame:
    """`curve` with the columns of FORECASTS from the last known cost on.

    The rest is spread as the plan still to come; where the plan is over, evenly over the periods that follow.
    """
    band = at_completion.band
    ends = dict(zip(FORECASTS, (_main(at_completion), *(band or (None, None))), strict=True))
    curve = curve.with_columns(pl.lit(None, pl.Float64).alias(name) for name in FORECASTS)
    if band is None or at_completion.to_complete_at_budget.edge is Edge.FINISHED:
        return curve
    here = pl.col("period_end") >= last["period_end"]
    budget, planned = curve.select(pl.max("planned_value")).item(), last["planned_value"]
    later = curve.filter(pl.col("period_end") > last["period_end"]).height
    if budget > planned:
        share = (pl.col("planned_value") - planned) / (budget - planned)
    elif later:
        share = (pl.col("period_end") > last["period_end"]).cum_sum() / later
    else:
        return curve
    spent = last["actual_cost"]
    return curve.with_columns(
        pl.when(here).then(spent + (end - spent) * share.clip(0.0, 1.0)).alias(name)
        for name, end in ends.items()
        if end is not None
    )


def used_up(curve: pl.DataFrame, budget: float) -> tuple[dt.date | None, bool]:
    """The day on which cost passes `budget`, and whether that has happened.

    Past: the end of the first period with more cost than budget. To come: where the forecast BAC ÷ CPI crosses it, by calendar
    days between two periods.
    """
    spent = curve.filter(pl.col("actual_cost") > budget)
    if not spent.is_empty():
        return spent["period_end"][0], True
    line = curve.drop_nulls("forecast").select("period_end", "forecast")
    for before, after in zip(line.iter_rows(), line.slice(1).iter_rows(), strict=False):
        if after[1] > budget:
            share = (budget - before[1]) / (after[1] - before[1])
            return before[0] + dt.timedelta(days=int(share * (after[0] - before[0]).days)), False
    return None, False


def _main(at_completion: Estimates) -> float | None:
    return at_completion.estimate_at_completion[Method.AT_PACE_OF_COST].value


def _used_up(curve: pl.DataFrame, budget: float | None) -> tuple[dt.date | None, bool]:
    return (None, False) if budget is None else used_up(curve, budget)


def _last_known(curve: pl.DataFrame) -> dict[str, Any] | None:
    known = curve.drop_nulls(["earned_value", "actual_cost", "planned_value"])
    if known.is_empty():
        return None
    row = known.row(-1, named=True)
    return row | {"planned_value": row["planned_value"] if row["planned_then"] is None else row["planned_then"]}


def _estimates(snapshot: Snapshot, last: dict[str, Any], budget: float) -> Estimates:
    return estimates(
        snapshot,
        budget_at_completion=budget,
        planned_value=last["planned_value"],
        earned_value=last["earned_value"],
        actual_cost=last["actual_cost"],
        bottom_up_to_complete=last["left"],
        earned_schedule=last["earned_schedule"],
        actual_time=last["actual_time"],
    )


def _with_forecasts(
    snapshot: Snapshot,
    curve: pl.DataFrame,
    selection: Selection,
    *,
    last: dict[str, Any] | None,
    stands: Estimates | None,
    dates: dict[str, Any],
) -> pl.DataFrame:
    """The forecasts; where the plan is over and the work is not, over the periods up to the forecast finish."""
    if last is None or stands is None:
        return curve.with_columns(pl.lit(None, pl.Float64).alias(name) for name in FORECASTS)
    planned, ends_on = curve.select(pl.max("planned_value"), pl.max("period_end")).row(0)
    if last["planned_value"] >= planned and dates["finish_on"] is not None and dates["finish_on"] > ends_on:
        more = snapshot.query(
            """
            select distinct case when $kind = 'week' then week_end else month_end end as period_end
            from dim_dates
            where calendar_date > $after and calendar_date <= $finish
            order by 1
            """,
            {
                "kind": selection.period_kind.value,
                "after": ends_on,
                "finish": dates["finish_on"],
            },
        )
        curve = pl.concat([curve, more], how="diagonal").with_columns(pl.col("planned_value").forward_fill())
    return with_forecasts(curve, last, stands)


# the day at which a project stands in the chosen period
_STANDS = "least(cast($until as date), projects.status_on)"
_CELL_STANDS = "least(cast($until as date), cells.status_on)"


def _plan(snapshot: Snapshot, parameters: dict[str, Any], selection: Selection, in_hours: bool) -> pl.DataFrame:
    """period_end, planned_value: the whole plan, to date."""
    amount = (_HOURS if in_hours else _MONEY)["planned"]
    # one rate for the whole curve of a project, that of the day it stands at: PV, EV and AC are never at two
    rate = "" if in_hours else translation(snapshot, parameters["projects"], _STANDS, "planned.project_key")
    return snapshot.query(
        f"""
        with slices as (
            select
                case when $kind = 'week' then dates.week_end else dates.month_end end as period_end,
                planned.{amount}{rate} as amount
            from fct_planned_value as planned
            inner join dim_projects as projects on planned.project_key = projects.project_key
            inner join dim_dates as dates on planned.accrued_on = dates.calendar_date
            where planned.project_key in (select unnest($projects)) and ($module = '*' or planned.module = $module)
                and planned.{amount} is not null
        )
        select period_end, cast(sum(sum(amount)) over (order by period_end) as double) as planned_value
        from slices
        group by period_end
        order by period_end
        """,
        {name: parameters[name] for name in ("projects", "module", *(["until"] if rate else []))}
        | {"kind": selection.period_kind.value},
    )


def _to_date(snapshot: Snapshot, parameters: dict[str, Any], selection: Selection, in_hours: bool) -> pl.DataFrame:
    """period_end, stands_on, earned_value, actual_cost, provisional_cost, planned_then (at stands_on), left (the bottom-up
    estimate, where every member has one), earned_schedule and actual_time (months)."""
    measures = _HOURS if in_hours else _MONEY
    rate = "" if in_hours else translation(snapshot, parameters["projects"], _CELL_STANDS, "cells.project_key")
    # hours are known when they are logged; cost, when its month is closed
    closed = "date '9999-12-31'" if in_hours else "max(closed.closed_on)"
    dated = "schedule" if in_hours else "cost"
    cell = {name: f"cells.{cell_column(measure, dated)}" for name, measure in measures.items()}
    left = "null" if in_hours else "cells.estimate_of_what_is_left__cost"
    is_finished = "cells.budget_at_completion > 0 and cells.earned_value__cost >= cells.budget_at_completion"
    # earned schedule is a fact of whole projects, from their planned value in money
    has_time = not in_hours and selection.module is None
    earned_schedule, actual_time = (
        ("cells.earned_schedule__schedule", "cells.actual_time__schedule") if has_time else ("null", "null")
    )
    return snapshot.query(
        f"""
        with cells as (
            select
                cells.*,
                projects.cost_closed_on,
                projects.status_on,
                max(cells.period_end) over (partition by cells.project_key) as last_end,
                max({cell["earned"]}) over (partition by cells.project_key) as ever_earned
            from kpi_cells as cells
            inner join dim_projects as projects using (project_key)
            where cells.period_kind = $kind and cells.project_key in (select unnest($projects))
                and cells.grain = case when $module = '*' then 'project' else 'module' end and cells.module = $module
                and cells.phase = '*' and cells.period_end <= $until
                and {cell["planned"]} is not null
            qualify ever_earned is not null  -- what can never be set against earned value is no member
        ),
        periods as (select distinct period_start, period_end from cells),
        closed as (select max(cost_closed_on) as closed_on from cells),
        unconverted as (
            select project_key, min(first_on) as since from unconverted_totals
            where feed in ('costs', 'rates') and {"false" if in_hours else "true"}
            group by 1
        ),
        summed as (
            select
                periods.period_start,
                periods.period_end,
                max(cells.{day_of_period(dated)}) as stands_on,
                -- known once it is for every member that has begun: cost must not stand beside the earned value of fewer
                case when count(*) = count({cell["earned"]}) then sum({cell["earned"]}{rate}) end as earned,
                -- a foreign cost without a rate leaves the cost of all unknown
                case when not coalesce(bool_or(cells.{day_of_period(dated)} >= unconverted.since), false)
                    then sum({cell["spent"]}{rate}) end as spent,
                sum({cell["planned"]}{rate}) as planned,
                -- of a finished member nothing is left, whatever the newest estimate said
                case when min(case when {is_finished} then 1 else coalesce({left}, 0) end) > 0
                    then sum(case when {is_finished} then 0 else {left}{rate} end) end as bottom_up,
                -- as SPI(t) of the choice: sums over the projects, where all of them have one
                case when count(*) = count({earned_schedule}) then sum({earned_schedule}) end as earned_schedule,
                case when count(*) = count({actual_time}) then sum({actual_time}) end as actual_time,
                {closed} as closed_on
            from periods
            inner join cells
                on cells.period_end = periods.period_end
                or (cells.period_end = cells.last_end and periods.period_end > cells.last_end)
            cross join closed
            left join unconverted on cells.project_key = unconverted.project_key
            group by periods.period_start, periods.period_end
        )
        select
            period_end,
            stands_on,
            cast(earned as double) as earned_value,
            -- known up to the period of the newest close, as on the cards; members not closed yet are provisional in it
            cast(case when period_start <= closed_on then spent end as double) as actual_cost,
            -- from that period on, so that its line begins where the other ends
            cast(case
                when coalesce(lead(period_start) over (order by period_end), period_end) > closed_on then spent
            end as double) as provisional_cost,
            cast(planned as double) as planned_then,
            cast(bottom_up as double) as "left",
            cast(earned_schedule as double) as earned_schedule,
            cast(actual_time as double) as actual_time
        from summed
        order by period_end
        """,
        parameters | {"kind": selection.period_kind.value},
    )


def _dates(snapshot: Snapshot, parameters: dict[str, Any]) -> dict[str, Any]:
    """The days that the curve stands at and ends on, as they were in the chosen period."""
    return snapshot.query(
        """
        with chosen as (
            select * from dim_projects where project_key in (select unnest($projects))
        ),
        tasks as (
            select coalesce(actual_finish, forecast_finish, baseline_finish) as finish_on
            from fct_schedule_tasks
            where project_key in (select unnest($projects)) and ($module = '*' or module = $module)
                and not is_buffer and status_on <= $until and (superseded_on is null or superseded_on > $until)
        ),
        plans as (
            select max(period_end) as plan_ends_on
            from fct_budget
            where project_key in (select unnest($projects)) and ($module = '*' or module = $module)
        ),
        earned as (
            select list_sort(list(distinct history_method)) as history_methods
            from fct_earned_value
            where project_key in (select unnest($projects)) and ($module = '*' or module = $module)
        )
        select
            (select least(max(status_on), $until) from chosen) as status_on,
            (select least(max(cost_closed_on), $until) from chosen) as closed_on,
            plans.plan_ends_on,
            (select max(finish_on) from tasks) as finish_on,
            earned.history_methods
        from plans cross join earned
        """,
        parameters,
    ).row(0, named=True)
