"""What the project will cost: estimates at completion by nine methods, what is left, and what it takes to keep the budget.

Eight of them are AC + (BAC − EV) ÷ performance factor, the ninth is a new estimate by the people who do the work.

Sources: PMI, "Practice Standard for Earned Value Management"; for the eight factors Vanhoucke, "Measuring Time", 2009. The
figures of the published example are in the tests. Where a formula has no answer, the answer is an edge with a sentence: never an
infinity, never a negative index, never a silent zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Number = float | int | Decimal
_SAME_SHARE = 1e-9  # of the budget: what sums of floats lose


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


@dataclass(frozen=True)
class Estimates:
    """All of one project at one date, money in its currency.

    estimate_at_completion, estimate_to_complete, variance_at_completion: per method; the bottom-up one is unknown without a
    new estimate, those by time without an earned schedule. variance: budget − estimate, negative when it will cost more.
    to_complete_at_budget: TCPI to BAC. to_complete_at_estimate: TCPI to the bottom-up estimate; unknown without one, because to
    an estimate made from the CPI it says nothing new.
    """

    cost_variance: Figure
    schedule_variance: Figure
    cost_performance_index: Figure
    schedule_performance_index: Figure
    schedule_performance_index_time: Figure
    estimate_at_completion: dict[Method, Figure]
    estimate_to_complete: dict[Method, Figure]
    variance_at_completion: dict[Method, Figure]
    to_complete_at_budget: Figure
    to_complete_at_estimate: Figure

    @property
    def band(self) -> tuple[float, float] | None:
        """The least and the greatest known estimate at completion of the methods of BAND; None without any."""
        known = [value for method in BAND if (value := self.estimate_at_completion[method].value) is not None]
        return (min(known), max(known)) if known else None


def estimates(
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
    to_date = _ToDate(
        *(
            None if value is None or not math.isfinite(value) else float(value)
            for value in (
                budget_at_completion,
                planned_value,
                earned_value,
                actual_cost,
                bottom_up_to_complete,
                earned_schedule,
                actual_time,
            )
        )
    )
    at_completion = {method: _at_completion(method, to_date) for method in Method}
    budget, spent = to_date.budget, to_date.spent
    return Estimates(
        cost_variance=_difference(to_date.earned, spent),
        schedule_variance=_difference(to_date.earned, to_date.planned),
        cost_performance_index=to_date.cost_index,
        schedule_performance_index=to_date.schedule_index,
        schedule_performance_index_time=to_date.time_index,
        estimate_at_completion=at_completion,
        estimate_to_complete={
            method: _carried(figure, _difference(figure.value, spent)) for method, figure in at_completion.items()
        },
        variance_at_completion={
            method: _carried(figure, _difference(budget, figure.value)) for method, figure in at_completion.items()
        },
        to_complete_at_budget=_to_complete(to_date, Figure(budget)),
        to_complete_at_estimate=_to_complete(to_date, at_completion[Method.BOTTOM_UP]),
    )


@dataclass(frozen=True)
class _ToDate:
    budget: float | None
    planned: float | None
    earned: float | None
    spent: float | None
    rest: float | None
    earned_schedule: float | None
    actual_time: float | None

    @property
    def is_finished(self) -> bool:
        has_both = self.budget is not None and self.earned is not None and self.budget > 0
        return has_both and self.earned >= self.budget * (1 - _SAME_SHARE)

    @property
    def cost_index(self) -> Figure:
        return _ratio(self.earned, self.spent)

    @property
    def schedule_index(self) -> Figure:
        return _ratio(self.earned, self.planned)

    @property
    def time_index(self) -> Figure:
        found = _ratio(self.earned_schedule, self.actual_time)
        return found if found.is_known else Figure(None, Edge.UNKNOWN, template=_WITHOUT_TIME)


def _at_completion(method: Method, to_date: _ToDate) -> Figure:
    if to_date.budget is None or to_date.budget <= 0 or to_date.earned is None or to_date.spent is None:
        return _edge(Edge.UNKNOWN)
    if to_date.is_finished:
        return Figure(to_date.spent)
    left = to_date.budget - to_date.earned
    if method is Method.AT_BUDGET:
        return Figure(to_date.spent + left)
    if method is Method.BOTTOM_UP:
        if to_date.rest is None:
            return Figure(None, Edge.UNKNOWN, template=_WITHOUT_ESTIMATE)
        return Figure(to_date.spent + to_date.rest)
    factor = _performance_factor(method, to_date)
    if factor.value is None:
        return factor
    if factor.value <= 0:
        return _edge(Edge.ZERO_CPI)
    # AC + (BAC − EV) ÷ CPI is BAC ÷ CPI, because AC is EV ÷ CPI.
    return Figure(to_date.spent + left / factor.value)


def _performance_factor(method: Method, to_date: _ToDate) -> Figure:
    """What the rest earns per unit of money spent on it."""
    cost, schedule, time = to_date.cost_index, to_date.schedule_index, to_date.time_index
    match method:
        case Method.AT_PACE_OF_COST:
            return cost
        case Method.AT_PACE_OF_SCHEDULE:
            return schedule
        case Method.AT_PACE_OF_TIME:
            return time
        case Method.AT_PACE_OF_COST_AND_SCHEDULE | Method.MOSTLY_COST_AND_SCHEDULE:
            pace = schedule
        case _:
            pace = time
    if not (cost.is_known and pace.is_known):
        return pace if cost.is_known else cost
    if method in (Method.AT_PACE_OF_COST_AND_SCHEDULE, Method.AT_PACE_OF_COST_AND_TIME):
        return Figure(cost.value * pace.value)
    return Figure(COST_SHARE * cost.value + SCHEDULE_SHARE * pace.value)


def _to_complete(to_date: _ToDate, limit: Figure) -> Figure:
    if to_date.is_finished:
        return _edge(Edge.FINISHED)
    if limit.edge is not None:
        return limit
    if limit.value is None or to_date.earned is None or to_date.spent is None or (to_date.budget or 0) <= 0:
        return _edge(Edge.UNKNOWN)
    money_left = limit.value - to_date.spent
    if money_left <= _SAME_SHARE * to_date.budget:
        return _edge(Edge.NOT_ACHIEVABLE)
    return Figure((to_date.budget - to_date.earned) / money_left)


def _ratio(part: float | None, whole: float | None) -> Figure:
    if part is None or whole is None or part < 0 or whole <= 0:
        return _edge(Edge.UNKNOWN)
    return Figure(part / whole)


def _difference(minuend: float | None, subtrahend: float | None) -> Figure:
    return _edge(Edge.UNKNOWN) if minuend is None or subtrahend is None else Figure(minuend - subtrahend)


def _carried(source: Figure, figure: Figure) -> Figure:
    """`figure`, or the edge of what it is computed from."""
    return figure if source.value is not None else source


def _edge(edge: Edge) -> Figure:
    return Figure(None, edge, template=_EDGES[edge])
