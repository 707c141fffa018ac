"""What the project will cost: estimates at completion by nine methods, what is left, and what it takes to keep the budget.

Four of them, what is left, the variance and the index of the rest are KPIs: their formulas are those that the catalogue
published with the build. The other five are AC + (BAC − EV) ÷ performance factor, over the published indices.

Sources: PMI, "Practice Standard for Earned Value Management"; for the factors Vanhoucke, "Measuring Time", 2009. The
figures of the published example are in the tests. Where a formula has no answer, the answer is an edge with a sentence: never an
infinity, never a negative index, never a silent zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from models.builds.snapshot import Snapshot
from models.kpis.catalogue import catalogue
from models.kpis.combined import reason_sql

Number = float | int | Decimal


class Edge(StrEnum):
    """Why there is no number."""

    UNKNOWN = "unknown"
    ZERO_CPI = "zero_cpi"
    NOT_ACHIEVABLE = "not_achievable"
    FINISHED = "finished"


class Method(StrEnum):
    """How the work that is left is taken to go on."""

    AT_PACE_OF_COST = "at_pace_of_cost"
    AT_BUDGET = "at_budget"
    AT_PACE_OF_COST_AND_SCHEDULE = "at_pace_of_cost_and_schedule"
    BOTTOM_UP = "bottom_up"
    AT_PACE_OF_SCHEDULE = "at_pace_of_schedule"
    AT_PACE_OF_TIME = "at_pace_of_time"
    AT_PACE_OF_COST_AND_TIME = "at_pace_of_cost_and_time"
    MOSTLY_COST_AND_SCHEDULE = "mostly_cost_and_schedule"
    MOSTLY_COST_AND_TIME = "mostly_cost_and_time"


# Between the least and the greatest of these the whole is expected to end; the others stand beside them for comparison.
BAND = (Method.AT_BUDGET, Method.AT_PACE_OF_COST, Method.AT_PACE_OF_COST_AND_SCHEDULE, Method.BOTTOM_UP)
COST_SHARE, SCHEDULE_SHARE = 0.8, 0.2  # the usual weights of the two weighted factors (Vanhoucke 2009)
_KPI_OF = {
    Method.AT_PACE_OF_COST: "estimate_at_completion",
    Method.AT_BUDGET: "estimate_at_completion_rest_at_budget",
    Method.AT_PACE_OF_COST_AND_SCHEDULE: "estimate_at_completion_cost_and_schedule",
    Method.BOTTOM_UP: "estimate_at_completion_bottom_up",
}
_CPI, _SPI, _SPI_T = "cost_performance_index", "schedule_performance_index", "schedule_performance_index_time"
_ETC, _VAC = "estimate_to_complete", "variance_at_completion"
_TCPI = "to_complete_performance_index"
_KPIS = (*_KPI_OF.values(), _CPI, _SPI, _SPI_T, _ETC, _VAC, _TCPI)


_EDGES = {
    Edge.UNKNOWN: "Unknown: this needs a budget, planned value and actual cost above zero.",
    Edge.ZERO_CPI: "Cost has been spent and nothing has been earned: no forecast follows from an index of 0.",
    Edge.NOT_ACHIEVABLE: "Not achievable: the money is spent and work is left.",
    Edge.FINISHED: "Finished: all planned work is earned.",
}

_WITHOUT_TIME = "Unknown: this needs an earned schedule and a time passed above zero."
_WITHOUT_ESTIMATE = "Unknown: no new estimate of what is left has been approved."

ASSUMPTIONS = {
    Method.AT_PACE_OF_COST: {"template": "BAC ÷ CPI: the rest costs as much per unit of work as it did so far."},
    Method.AT_BUDGET: {"template": "AC + (BAC − EV): the rest costs what was budgeted for it."},
    Method.AT_PACE_OF_COST_AND_SCHEDULE: {
        "template": "AC + (BAC − EV) ÷ (CPI × SPI): the rest costs as much as so far, and the delay costs as well."
    },
    Method.BOTTOM_UP: {"template": "AC + the new estimate of what is left, approved by the project."},
    Method.AT_PACE_OF_SCHEDULE: {
        "template": "AC + (BAC − EV) ÷ SPI: the rest costs more as far as work is behind its plan, whatever it cost so far."
    },
    Method.AT_PACE_OF_TIME: {
        "template": "AC + (BAC − EV) ÷ SPI(t): the rest costs more as far as work is behind in time, whatever it cost so far."
    },
    Method.AT_PACE_OF_COST_AND_TIME: {
        "template": "AC + (BAC − EV) ÷ (CPI × SPI(t)): the rest costs as much as so far, and the delay in time costs as well."
    },
    Method.MOSTLY_COST_AND_SCHEDULE: {
        "template": "AC + (BAC − EV) ÷ (0.8 CPI + 0.2 SPI): the pace of cost counts four times as much as that of the schedule."
    },
    Method.MOSTLY_COST_AND_TIME: {
        "template": "AC + (BAC − EV) ÷ (0.8 CPI + 0.2 SPI(t)): the pace of cost counts four times as much as that of time."
    },
}


@dataclass(frozen=True)
class Figure:
    """A number, or the edge that stands in its place with its sentence (`template`, "" beside a number)."""

    value: float | None
    edge: Edge | None = None
    template: str = ""

    @property
    def is_known(self) -> bool:
        return self.value is not None


# what the catalogue says in place of a number (edge, after the colon)
_EDGE_OF = {"work_done": Edge.FINISHED, "not_achievable": Edge.NOT_ACHIEVABLE}


@dataclass(frozen=True)
class Estimates:
    """All of one project at one date, money in its currency.

    estimate_at_completion, estimate_to_complete, variance_at_completion: per method; the bottom-up one is unknown without a
    new estimate, those by time without an earned schedule. variance: budget − estimate, negative when it will cost more.
    to_complete_at_budget: TCPI to BAC.
    """

    cost_performance_index: Figure
    schedule_performance_index: Figure
    schedule_performance_index_time: Figure
    estimate_at_completion: dict[Method, Figure]
    estimate_to_complete: dict[Method, Figure]
    variance_at_completion: dict[Method, Figure]
    to_complete_at_budget: Figure

    @property
    def band(self) -> tuple[float, float] | None:
        """The least and the greatest known estimate at completion of the methods of BAND; None without any."""
        known = [value for method in BAND if (value := self.estimate_at_completion[method].value) is not None]
        return (min(known), max(known)) if known else None


def estimates(
    snapshot: Snapshot,
    *,
    budget_at_completion: Number | None,
    planned_value: Number | None,
    earned_value: Number | None,
    actual_cost: Number | None,
    bottom_up_to_complete: Number | None = None,
    earned_schedule: Number | None = None,
    actual_time: Number | None = None,
) -> Estimates:
    """Every forecast of cost from the four figures to date. None is unknown, and stays unknown in whatever needs it.

    bottom_up_to_complete: an approved new estimate of what the work that is left will cost. earned_schedule, actual_time: in one
    unit of time, whichever; their ratio is SPI(t).
    """
    given = {
        "budget_at_completion": budget_at_completion,
        "planned_value": planned_value,
        "earned_value": earned_value,
        "actual_cost": actual_cost,
        "estimate_of_what_is_left": bottom_up_to_complete,
        "earned_schedule": earned_schedule,
        "actual_time": actual_time,
    }
    terms = {name: None if value is None or not math.isfinite(value) else float(value) for name, value in given.items()}
    told = _published(snapshot, terms)
    at_completion = {
        method: told[_KPI_OF[method]] if method in _KPI_OF else _by_factor(method, told, terms) for method in Method
    }
    budget, spent = terms["budget_at_completion"], terms["actual_cost"]
    to_complete = {method: _difference(figure, figure.value, spent) for method, figure in at_completion.items()}
    variance = {method: _difference(figure, budget, figure.value) for method, figure in at_completion.items()}
    return Estimates(
        cost_performance_index=told[_CPI],
        schedule_performance_index=told[_SPI],
        schedule_performance_index_time=told[_SPI_T],
        estimate_at_completion=at_completion,
        estimate_to_complete=to_complete | {Method.AT_PACE_OF_COST: told[_ETC]},
        variance_at_completion=variance | {Method.AT_PACE_OF_COST: told[_VAC]},
        to_complete_at_budget=told[_TCPI],
    )


def _published(snapshot: Snapshot, terms: dict[str, float | None]) -> dict[str, Figure]:
    """{KPI: its figure} of these terms, by the formulas and edges of the catalogue."""
    kpis = catalogue(snapshot)
    columns = [
        f"case when {kpis[key].is_known_sql} then cast({kpis[key].formula_sql} as double) end as {key}, "
        f"case when {kpis[key].is_known_sql} then {reason_sql(kpis[key].edge_sql)} end as {key}__edge"
        for key in _KPIS
    ]
    # elements due say when a value is judged, and nothing of the value
    row = ", ".join(["0 as elements_due", *(f"cast(${name} as decimal(28, 4)) as {name}" for name in terms)])
    values = snapshot.query(f"select {', '.join(columns)} from (select {row})", terms).row(0, named=True)
    return {key: _figure(key, values[key], values[f"{key}__edge"], terms) for key in _KPIS}


def _figure(key: str, value: float | None, edge: str | None, terms: dict[str, float | None]) -> Figure:
    """The value, or why there is none: as the catalogue says it, else what the formula lacks."""
    if value is not None:
        return Figure(value)
    _status, _colon, reason = (edge or "").partition(":")
    if reason in _EDGE_OF:
        return _edge(_EDGE_OF[reason])
    if key == _SPI_T:
        return Figure(None, Edge.UNKNOWN, template=_WITHOUT_TIME)
    if key == _KPI_OF[Method.BOTTOM_UP] and terms["estimate_of_what_is_left"] is None and edge is None:
        return Figure(None, Edge.UNKNOWN, template=_WITHOUT_ESTIMATE)
    needs_an_index = key in (_ETC, _VAC, *_KPI_OF.values())
    has_cost = (terms["budget_at_completion"] or 0) > 0 and (terms["actual_cost"] or 0) > 0
    return _edge(Edge.ZERO_CPI if needs_an_index and has_cost and terms["earned_value"] == 0 else Edge.UNKNOWN)


def _by_factor(method: Method, told: dict[str, Figure], terms: dict[str, float | None]) -> Figure:
    """AC + (BAC − EV) ÷ what the rest earns per unit of money spent on it; of finished work AC."""
    cost, schedule, time = told[_CPI], told[_SPI], told[_SPI_T]
    at_budget, spent = told[_KPI_OF[Method.AT_BUDGET]], terms["actual_cost"]
    if at_budget.value is None or spent is None:
        return at_budget
    if told[_TCPI].edge is Edge.FINISHED:
        return Figure(spent)
    pace = schedule if method in (Method.AT_PACE_OF_SCHEDULE, Method.MOSTLY_COST_AND_SCHEDULE) else time
    if pace.value is None:
        return pace
    match method:
        case Method.AT_PACE_OF_SCHEDULE | Method.AT_PACE_OF_TIME:
            factor = pace.value
        case _ if cost.value is None:
            return cost
        case Method.AT_PACE_OF_COST_AND_TIME:
            factor = cost.value * pace.value
        case _:
            factor = COST_SHARE * cost.value + SCHEDULE_SHARE * pace.value
    return Figure(spent + (at_budget.value - spent) / factor) if factor > 0 else _edge(Edge.ZERO_CPI)


def _difference(source: Figure, minuend: float | None, subtrahend: float | None) -> Figure:
    """minuend − subtrahend, or the edge of what it is computed from."""
    if not source.is_known or minuend is None or subtrahend is None:
        return source
    return Figure(minuend - subtrahend)


def _edge(edge: Edge) -> Figure:
    return Figure(None, edge, template=_EDGES[edge])
