"""How each KPI is mended: its rows at fault, the fewest that bring it back over its line, and the sentence that says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.alerts.causes.recovery import Chosen, Part, decimal, smallest, together
from models.alerts.causes.rows_at_fault import Place, Wanted
from models.document import Row
from models.kpis.catalogue import Kpi
from models.words.catalog import msgid
from models.words.number_tokens import clause, number

_MOST_NAMED, _FEWEST_NAMED = 5, 3  # in a sentence
_COSTS = ("actual_cost", "hours_logged")

_CLOSE = msgid("Close these defects, {count} in all: {what}.")
_COVER = msgid("Cover {lines} more lines to reach {level}: {what}.")
_PASS = msgid("Get failed cases to pass to reach {level}, {count} in all: {what}.")
_TOO_MANY = msgid(
    "{count} too many for {level}. What has happened stays counted: see whether these are counted rightly: {what}."
)
_TAKE_OUT = msgid("Take {days} of what was added after the freeze out again to keep to {level}: {what}.")
_GO_LIVE = msgid("Bring more sites live to reach {level}, {count} in all: {what}.")
_FINISH = msgid(
    "Earned value of {missing} is missing for {level}. Finish late tasks, {count} in all, which earn {earned}: {what}."
)
_FINISH_ALL = msgid(
    "Earned value of {missing} is missing for {level}. All {count} late tasks together earn only {earned}: {what}."
)
_NO_LATE_TASK = msgid("Earned value of {missing} is missing for {level}, and no late task is left that would earn it.")
_FILL_IN = msgid("Fill in {hours} more to reach {level}: {what}.")
_EARN = msgid("Earned value of {missing} is missing for {level}, or cost is {over} too high. Largest overruns: {what}.")
_OVERSPENT = msgid("What is spent and signed lies {missing} above {level} of the budget. Largest overruns: {what}.")
_NOT_MADE_UP = msgid("With {level} the money left falls {missing} short of the work left. Largest overruns: {what}.")
_WIN_BACK = msgid("Win back {missing} of buffer to be within {level}.")
_TIME = msgid("Earned schedule of {missing} is missing for {level}.")
_DEBT_LOW = msgid("{missing} more on technical debt would have reached {level}.")
_DEBT_HIGH = msgid("{missing} on technical debt less would have kept to {level}.")
_MORE = msgid("{count} more")
_NO_ELEMENT = msgid("cost on no WBS element")
_ITEM = msgid("{item} {amount}")


@dataclass(frozen=True)
class Asked:
    """A KPI beyond its line. has_rule: a person set it. side: above or below. needed: how far, in the unit of the numerator."""

    kpi: Kpi
    place: Place
    currency: str | None
    has_rule: bool
    level: float
    side: str
    needed: Decimal

    @property
    def line(self) -> dict[str, Any]:
        return self.number(self.level)

    def number(self, value: float | Decimal, unit: str | None = None) -> dict[str, Any]:
        return number(float(value), unit or self.kpi.unit, currency=self.currency)

    def rows(self, query: str, names: Sequence[str] = (), elements: Sequence[str] = ()) -> Wanted:
        return Wanted(query, self.place, tuple(names), tuple(elements))

    @property
    def of_numerator(self) -> Wanted:
        return self.rows("measure_rows", of_numerator(self.kpi))


@dataclass(frozen=True)
class Answer:
    """rows: at fault, the worst first. mending: rows to mend (with `take`), and the sentence."""

    rows: Sequence[dict[str, Any]]
    chosen: Chosen | None = None
    template: str = ""
    details: Row | None = None
    unit: str | None = None


# A look says which rows it wants, is sent them, and ends with its answer: what many looks want is read at once.
Look = Generator[Wanted, list[dict[str, Any]], Answer]


# ---- counts and ratios of counts ------------------------------------------------------------------------------------


def _close_defects(asked: Asked) -> Look:
    """Fatal ones first, then the oldest. Without levels of its own: any fatal one, and serious ones beyond the level."""
    rows = sorted((yield asked.of_numerator), key=_fatal_and_oldest)
    parts = [Part(Decimal(1), row) for row in rows]
    if asked.has_rule:
        chosen = smallest(parts, asked.needed)
    else:
        fatal = [part for part in parts if part.row["measure_key"] == "open_fatal_defects"]
        serious = [part for part in parts if part not in fatal]
        chosen = together(
            smallest(fatal, Decimal(len(fatal))), smallest(serious, Decimal(len(serious)) - decimal(asked.level))
        )
    return Answer(rows, chosen, _CLOSE, {"count": len(chosen.parts), "what": keys_of(chosen)})


def _fatal_and_oldest(row: Row) -> tuple[Any, ...]:
    return (row["measure_key"] != "open_fatal_defects", row["counts_from"], row["row_key"])


def _failed_cases(asked: Asked) -> Look:
    rows = yield asked.rows("failed_cases")
    chosen = smallest([Part(Decimal(1), row) for row in rows], asked.needed)
    return Answer(rows, chosen, _PASS, {"count": len(chosen.parts), "level": asked.line, "what": keys_of(chosen)})


def _uncovered_modules(asked: Asked) -> Look:
    rows = yield asked.rows("modules")
    chosen = smallest([Part(decimal(row["amount"]), row) for row in rows], asked.needed, whole_units=True)
    lines = sum(chosen.taken)
    details = {"lines": asked.number(lines, "count"), "level": asked.line, "what": _amounts(asked, chosen, "count")}
    return Answer(rows, chosen, _COVER, details)


def _happened(asked: Asked) -> Look:
    """What was found or started once stays counted; the newest first, for they are the ones to look at."""
    rows = yield asked.of_numerator
    rows.sort(key=lambda row: (row["counts_from"], row["row_key"] or ""), reverse=True)
    counts_below_too = asked.kpi.kpi_key in (
        "uat_defect_share",
        "escaped_defect_rate",
    )  # a part of what it is divided by
    gain = 1 - decimal(asked.level) if counts_below_too else Decimal(1)
    chosen = smallest([Part(gain, row) for row in rows], asked.needed)
    return Answer(rows, chosen, _TOO_MANY, {"count": len(chosen.parts), "level": asked.line, "what": keys_of(chosen)})


def _scope_added(asked: Asked) -> Look:
    rows = yield asked.of_numerator
    chosen = smallest([Part(decimal(row["amount"]), row) for row in rows], asked.needed)
    details = {
        "days": asked.number(asked.needed, "days"),
        "level": asked.line,
        "what": [_item(asked, part.row, part.gain, "days") for part in chosen.parts[:_MOST_NAMED]] + _rest(chosen),
    }
    return Answer(rows, chosen, _TAKE_OUT, details)


def _sites(asked: Asked) -> Look:
    rows = yield asked.rows("sites_not_live")
    chosen = smallest([Part(Decimal(1), row) for row in rows], asked.needed)
    return Answer(rows, chosen, _GO_LIVE, {"count": len(chosen.parts), "level": asked.line, "what": keys_of(chosen)})


def _missing_hours(asked: Asked) -> Look:
    """By person: the fewest people whose missing hours make it up."""
    days = yield asked.rows("missing_days")
    people: dict[str, dict[str, Any]] = {}
    for row in days:
        person = people.setdefault(row["row_key"], row | {"amount": 0.0})
        person["amount"] += row["amount"]
    chosen = smallest([Part(decimal(round(row["amount"], 4)), row) for row in people.values()], asked.needed)
    details = {
        "hours": asked.number(asked.needed, "hours"),
        "level": asked.line,
        "what": _amounts(asked, chosen, "hours"),
    }
    return Answer(days, chosen, _FILL_IN, details)


# ---- money and time -------------------------------------------------------------------------------------------------


def _late_tasks(asked: Asked) -> Look:
    rows = yield asked.rows("late_tasks")
    chosen = smallest([Part(decimal(row["amount"]), row) for row in rows], asked.needed)
    details: dict[str, Any] = {"missing": asked.number(asked.needed, "money"), "level": asked.line}
    if not rows:
        return Answer((yield asked.of_numerator), None, _NO_LATE_TASK, details)
    details |= {
        "count": len(chosen.parts),
        "earned": asked.number(chosen.gain, "money"),
        "what": keys_of(chosen, "row_label"),
    }
    return Answer(rows, chosen, _FINISH if chosen.is_enough else _FINISH_ALL, details)


def _elements(
    asked: Asked, read: Sequence[dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[tuple[Any, ...], dict[str, Decimal]]]:
    """One row per WBS element, and its sum of every measure of the KPI."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    sums: dict[tuple[Any, ...], dict[str, Decimal]] = {}
    for row in read:
        key = (row["project_key"], row["row_key"])
        if key not in rows or row["measure_key"].startswith(_COSTS):
            rows[key] = row | {"row_label": None, "counts_from": None}
        sums.setdefault(key, dict.fromkeys(asked.kpi.measures, Decimal(0)))[row["measure_key"]] = decimal(row["amount"])
    return [rows[key] for key in sums], sums


def _by_element(
    asked: Asked, over_of: Callable[[Mapping[str, Decimal], Decimal], Decimal]
) -> Generator[Wanted, list[dict[str, Any]], tuple[list[dict[str, Any]], Chosen, list[dict[str, Any]]]]:
    """The fewest elements that, each brought to the line by itself, bring the whole to it; their rows, cost first.

    over_of(sums, level): how far an element lies beyond the line by itself.
    """
    level = decimal(asked.level)
    elements, sums = _elements(asked, (yield asked.rows("elements", asked.kpi.measures)))
    parts = []
    for row in elements:
        over = over_of(sums[row["project_key"], row["row_key"]], level)
        parts.append(Part(over, row | {"amount": over}))
    chosen = smallest(parts, asked.needed)
    # after the first three come those that only say when the value is judged
    measures = [name for name in asked.kpi.measures[:3] if "budget" not in name and name != "planned_hours"]
    measures.sort(key=lambda name: not name.startswith(_COSTS))
    named = [part.row["row_key"] for part in chosen.parts]
    rows = yield asked.rows("measure_rows", measures, named)
    return rows, chosen, _overruns(asked, parts, len(chosen.parts))


def _overruns(asked: Asked, parts: Sequence[Part], chosen: int) -> list[dict[str, Any]]:
    """The largest ones, those that need not be mended among them: what is on no element is seldom all there is to say."""
    largest = sorted((part for part in parts if part.gain > 0), key=lambda part: -part.gain)
    unit = "hours" if asked.kpi.measures[1] == "hours_logged" else "money"
    told = largest[: min(max(chosen, _FEWEST_NAMED), _MOST_NAMED)]
    return [_item(asked, part.row, part.gain, unit) for part in told]


def _cost_index(asked: Asked) -> Look:
    earned, cost = asked.kpi.measures[:2]
    rows, chosen, overruns = yield from _by_element(asked, lambda sums, level: level * sums[cost] - sums[earned])
    unit = "hours" if cost == "hours_logged" else "money"
    details = {
        "missing": asked.number(asked.needed, unit),
        "over": asked.number(asked.needed / decimal(asked.level) if asked.level else asked.needed, unit),
        "level": asked.line,
        "what": overruns,
    }
    return Answer(rows, chosen, _EARN, details)


def _commitments(asked: Asked) -> Look:
    cost, signed, drawn, budget = asked.kpi.measures
    rows, chosen, overruns = yield from _by_element(
        asked, lambda sums, level: sums[cost] + sums[signed] - sums[drawn] - level * sums[budget]
    )
    details = {
        "missing": asked.number(asked.needed, "money"),
        "level": asked.line,
        "what": overruns,
    }
    return Answer(rows, chosen, _OVERSPENT, details)


def _to_complete(asked: Asked) -> Look:
    budget, earned, cost = asked.kpi.measures[:3]
    rows, chosen, overruns = yield from _by_element(
        asked, lambda sums, level: sums[budget] - sums[earned] - level * (sums[budget] - sums[cost])
    )
    details = {
        "missing": asked.number(asked.needed, "money"),
        "level": asked.line,
        "what": overruns,
    }
    return Answer(rows, chosen, _NOT_MADE_UP, details)


def _buffer(asked: Asked) -> Look:
    rows = yield asked.rows("measure_rows", ["buffer_days_used"])
    return Answer(rows, None, _WIN_BACK, {"missing": asked.number(asked.needed, "days"), "level": asked.line})


def _time(asked: Asked) -> Look:
    rows = (yield asked.rows("late_tasks")) or (yield asked.of_numerator)
    return Answer(rows, None, _TIME, {"missing": asked.number(asked.needed, "months"), "level": asked.line})


def _debt(asked: Asked) -> Look:
    rows = yield asked.rows("measure_rows", ["technical_debt_hours"])
    template = _DEBT_LOW if asked.side == "below" else _DEBT_HIGH
    return Answer(rows, None, template, {"missing": asked.number(asked.needed, "hours"), "level": asked.line})


LOOKS: dict[str, Callable[[Asked], Look]] = {
    "open_critical_defects": _close_defects,
    "test_pass_rate": _failed_cases,
    "test_coverage": _uncovered_modules,
    "code_defect_rate": _happened,
    "defect_ratio": _happened,
    "uat_defect_share": _happened,
    "escaped_defect_rate": _happened,
    "unapproved_change_rate": _happened,
    "scope_growth_after_freeze": _scope_added,
    "rollout_progress": _sites,
    "timesheet_completeness": _missing_hours,
    "schedule_performance_index": _late_tasks,
    "cost_performance_index": _cost_index,
    "cost_performance_index_labor": _cost_index,
    "cost_performance_index_equipment": _cost_index,
    "cost_performance_index_subcontract": _cost_index,
    "cost_performance_index_other": _cost_index,
    "cost_performance_index_hours": _cost_index,
    "commitment_rate": _commitments,
    "to_complete_performance_index": _to_complete,
    "buffer_consumption": _buffer,
    "schedule_performance_index_time": _time,
    "technical_debt_share": _debt,
}


# ---- words ----------------------------------------------------------------------------------------------------------


def of_numerator(kpi: Kpi) -> list[str]:
    names = set(re.findall(r"\w+", kpi.numerator_sql))
    return [measure for measure in kpi.measures if measure in names]


def keys_of(chosen: Chosen, column: str = "row_key") -> list[Any]:
    return [str(part.row[column] or part.row["row_key"]) for part in chosen.parts[:_MOST_NAMED]] + _rest(chosen)


def _amounts(asked: Asked, chosen: Chosen, unit: str) -> list[Any]:
    pairs = list(zip(chosen.parts, chosen.taken, strict=True))[:_MOST_NAMED]
    return [_item(asked, part.row, taken, unit) for part, taken in pairs] + _rest(chosen)


def _item(asked: Asked, row: Row, amount: Decimal, unit: str) -> dict[str, Any]:
    """A row by its key, with its project where there are several, and how much of it."""
    is_element = row["row_key"] == "-" and row.get("counts_from") is None
    named: object = clause(_NO_ELEMENT) if is_element else row["row_key"]
    if len(asked.place.projects) > 1:
        named = clause(_ITEM, item=row["project_key"], amount=named)
    return clause(_ITEM, item=named, amount=asked.number(amount, unit))


def _rest(chosen: Chosen) -> list[dict[str, Any]]:
    rest = len(chosen.parts) - _MOST_NAMED
    return [clause(_MORE, count=rest)] if rest > 0 else []
