"""What stands behind an alert: the rows that cause it with file and line, the smallest set to mend, and whose they are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.alerts.mending import Chosen, Part, decimal, excess, owners, smallest, together
from models.alerts.pools import Place, batches_of, rows_of
from models.alerts.said import clause, number
from models.alerts.signals import Signal
from models.alerts.vocabulary import EarlyRule, SignalKind
from models.catalogue import Kpi, catalogue
from models.snapshot import Snapshot
from models.wording import msgid

MOST_ROWS = 50  # whoever wants them all follows the link to the evidence
_MOST_NAMED, _FEWEST_NAMED = 5, 3  # in a sentence
_COSTS = ("actual_cost", "hours_logged")
_NOTHING: dict = {"template": "", "details": {}, "rows": [], "rows_in_all": 0, "owners": [], "is_enough": False}
_INNER = ("fact", "rows_in_all")  # columns that say nothing about a row

_STANDING = """
    select
        kpi_values.*, counts_window, better, dim_kpis.unit,
        (select max(currency) from dim_projects where $project = '*' or project_key = $project) as currency
    from kpi_values
    inner join dim_kpis using (kpi_key)
    where kpi_key = $kpi and grain = $grain and project_key = $project and module = $module and phase = $phase
        and period_kind = 'month'
        and $data_date = case counts_window when 'in_period' then period_end else as_of end
    order by is_current desc, period_end desc
    limit 1
"""
_PROJECTS = """
    select project_key from dim_projects
    where not is_unallocated and ($project = '*' or project_key = $project) and ($customer = '*' or customer = $customer)
    order by 1
"""

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
_REVIEW = msgid("Review the risks that are due, {count} in all: {what}.")
_MORE = msgid("{count} more")
_NO_ELEMENT = msgid("cost on no WBS element")
_ITEM = msgid("{item} {amount}")


@dataclass(frozen=True)
class _Asked:
    """A KPI beyond its line. needed: how far, in the unit of its numerator; side: above or below."""

    snapshot: Snapshot
    kpi: Kpi
    standing: Mapping
    place: Place
    level: float
    side: str
    needed: Decimal

    @property
    def line(self) -> dict:
        return self.number(self.level)

    def number(self, value: float | Decimal, unit: str | None = None) -> dict:
        return number(float(value), unit or self.kpi.unit, currency=self.standing["currency"])

    def rows(self, query: str, **more: object) -> list[dict]:
        return rows_of(self.snapshot, query, self.place, **more)


@dataclass(frozen=True)
class _Answer:
    """rows: at fault, the worst first. mending: rows to mend (with `take`), and the sentence."""

    rows: Sequence[dict]
    chosen: Chosen | None = None
    template: str = ""
    details: Mapping | None = None
    unit: str | None = None


def cause(snapshot: Snapshot, signal: Signal) -> dict:
    """The rows behind a signal that is beyond its line, at its data date.

    Returns: {rows, rows_in_all, mending: {template, details, rows, owners}, owners}: at most 50 rows each, those that weigh most
    first; rows to mend have `take`, how much of them is asked for. owners: [{owner, rows}], most rows first. Where nothing can
    be mended the sentence is empty.
    """
    answer = _answer(snapshot, signal)
    rows = list(answer.rows)
    mending = dict(_NOTHING)
    if answer.template:
        chosen = answer.chosen or Chosen((), (), True)
        to_mend = [{**part.row, "take": float(taken)} for part, taken in zip(chosen.parts, chosen.taken, strict=True)]
        mending = {
            "template": answer.template,
            "details": dict(answer.details or {}),
            "rows": [_plain(row) for row in to_mend[:MOST_ROWS]],
            "rows_in_all": len(to_mend),
            "owners": owners(to_mend),
            "is_enough": chosen.is_enough,
        }
    return {
        "rows": [_plain(row) for row in rows[:MOST_ROWS]],
        "rows_in_all": max([len(rows), *(row.get("rows_in_all", 0) for row in rows[:1])]),
        "mending": mending,
        "owners": owners(rows),
    }


def _answer(snapshot: Snapshot, signal: Signal) -> _Answer:
    if signal.kind is SignalKind.DATA:
        return _Answer(batches_of(snapshot, signal.scope.project_key, signal.name, MOST_ROWS))
    if signal.kind is SignalKind.EARLY and signal.kpi_key is None:
        return _of_early(snapshot, signal)
    kpi = catalogue(snapshot).get(signal.kpi_key or "")
    standing = _standing(snapshot, signal) if kpi else None
    if kpi is None or standing is None:
        return _Answer([])
    place = _place(snapshot, signal, standing)
    asked = _asked(snapshot, signal, kpi, standing, place) if signal.kind is SignalKind.LEVEL else None
    look = _LOOKS.get(kpi.kpi_key)
    if asked is not None and look is not None:
        return look(asked)
    return _Answer(rows_of(snapshot, "measure_rows", place, measures=_of_numerator(kpi)))


def _standing(snapshot: Snapshot, signal: Signal) -> Mapping | None:
    scope = signal.scope
    rows = snapshot.query(
        _STANDING,
        {
            "kpi": signal.kpi_key, "grain": scope.grain, "project": scope.project_key, "module": scope.module,
            "phase": scope.phase, "data_date": signal.data_date,
        },
    ).to_dicts()  # fmt: skip
    return rows[0] if rows else None


def _place(snapshot: Snapshot, signal: Signal, standing: Mapping) -> Place:
    scope = signal.scope
    parameters = {"project": scope.project_key, "customer": scope.customer}
    return Place(
        projects=snapshot.query(_PROJECTS, parameters)["project_key"].to_list(),
        period_start=standing["period_start"],
        period_end=standing["period_end"],
        module=scope.module,
        phase=scope.phase,
        left_out=tuple(standing["left_out"] or ()),
    )


def _asked(snapshot: Snapshot, signal: Signal, kpi: Kpi, standing: Mapping, place: Place) -> _Asked | None:
    """None where it is not told by how much: no numerator, or no level."""
    value, level = standing["value"], signal.level
    if level is None:
        level = standing["critical_at"] if standing["status"] == "critical" else standing["warning_at"]
    if level is None or standing["numerator"] is None:
        return None
    direction = standing.get("bad_direction") or {"lower": "above", "higher": "below"}.get(kpi.better, "outside")
    side = direction if direction != "outside" else "below" if value is not None and value < level else "above"
    needed = excess(standing["numerator"], standing["denominator"], level, side)
    return _Asked(snapshot, kpi, standing, place, level, side, needed)


# ---- counts and ratios of counts ------------------------------------------------------------------------------------


def _close_defects(asked: _Asked) -> _Answer:
    """Fatal ones first, then the oldest. Without levels of its own: any fatal one, and serious ones beyond the level."""
    rows = sorted(asked.rows("measure_rows", measures=_of_numerator(asked.kpi)), key=_fatal_and_oldest)
    parts = [Part(Decimal(1), row) for row in rows]
    if asked.standing.get("rule_id") is not None:
        chosen = smallest(parts, asked.needed)
    else:
        fatal = [part for part in parts if part.row["measure_key"] == "open_fatal_defects"]
        serious = [part for part in parts if part not in fatal]
        chosen = together(
            smallest(fatal, Decimal(len(fatal))), smallest(serious, Decimal(len(serious)) - decimal(asked.level))
        )
    return _Answer(rows, chosen, _CLOSE, {"count": len(chosen.parts), "what": _keys(chosen)})


def _fatal_and_oldest(row: Mapping) -> tuple:
    return (row["measure_key"] != "open_fatal_defects", row["counts_from"], row["row_key"])


def _failed_cases(asked: _Asked) -> _Answer:
    rows = asked.rows("failed_cases")
    chosen = smallest([Part(Decimal(1), row) for row in rows], asked.needed)
    return _Answer(rows, chosen, _PASS, {"count": len(chosen.parts), "level": asked.line, "what": _keys(chosen)})


def _uncovered_modules(asked: _Asked) -> _Answer:
    rows = asked.rows("modules")
    chosen = smallest([Part(decimal(row["amount"]), row) for row in rows], asked.needed, whole_units=True)
    lines = sum(chosen.taken)
    details = {"lines": asked.number(lines, "count"), "level": asked.line, "what": _amounts(asked, chosen, "count")}
    return _Answer(rows, chosen, _COVER, details)


def _happened(asked: _Asked) -> _Answer:
    """What was found or started once stays counted; the newest first, for they are the ones to look at."""
    rows = asked.rows("measure_rows", measures=_of_numerator(asked.kpi))
    rows.sort(key=lambda row: (row["counts_from"], row["row_key"] or ""), reverse=True)
    counts_below_too = asked.kpi.kpi_key in (
        "uat_defect_share",
        "escaped_defect_rate",
    )  # a part of what it is divided by
    gain = 1 - decimal(asked.level) if counts_below_too else Decimal(1)
    chosen = smallest([Part(gain, row) for row in rows], asked.needed)
    return _Answer(rows, chosen, _TOO_MANY, {"count": len(chosen.parts), "level": asked.line, "what": _keys(chosen)})


def _scope_added(asked: _Asked) -> _Answer:
    rows = asked.rows("measure_rows", measures=_of_numerator(asked.kpi))
    chosen = smallest([Part(decimal(row["amount"]), row) for row in rows], asked.needed)
    details = {
        "days": asked.number(asked.needed, "days"),
        "level": asked.line,
        "what": [_item(asked, part.row["row_key"], part.gain, "days") for part in chosen.parts[:_MOST_NAMED]]
        + _rest(chosen),
    }
    return _Answer(rows, chosen, _TAKE_OUT, details)


def _sites(asked: _Asked) -> _Answer:
    rows = asked.rows("sites_not_live")
    chosen = smallest([Part(Decimal(1), row) for row in rows], asked.needed)
    return _Answer(rows, chosen, _GO_LIVE, {"count": len(chosen.parts), "level": asked.line, "what": _keys(chosen)})


def _missing_hours(asked: _Asked) -> _Answer:
    """By person: the fewest people whose missing hours make it up."""
    days = asked.rows("missing_days")
    people: dict[str, dict] = {}
    for row in days:
        person = people.setdefault(row["row_key"], row | {"amount": 0.0})
        person["amount"] += row["amount"]
    chosen = smallest([Part(decimal(round(row["amount"], 4)), row) for row in people.values()], asked.needed)
    details = {
        "hours": asked.number(asked.needed, "hours"),
        "level": asked.line,
        "what": _amounts(asked, chosen, "hours"),
    }
    return _Answer(days, chosen, _FILL_IN, details)


# ---- money and time -------------------------------------------------------------------------------------------------


def _late_tasks(asked: _Asked) -> _Answer:
    rows = asked.rows("late_tasks")
    chosen = smallest([Part(decimal(row["amount"]), row) for row in rows], asked.needed)
    details: dict = {"missing": asked.number(asked.needed, "money"), "level": asked.line}
    if not rows:
        return _Answer(asked.rows("measure_rows", measures=_of_numerator(asked.kpi)), None, _NO_LATE_TASK, details)
    details |= {
        "count": len(chosen.parts),
        "earned": asked.number(chosen.gain, "money"),
        "what": _keys(chosen, "row_label"),
    }
    return _Answer(rows, chosen, _FINISH if chosen.is_enough else _FINISH_ALL, details)


def _elements(asked: _Asked) -> tuple[list[dict], dict[tuple, dict[str, Decimal]]]:
    """One row per WBS element, and its sum of every measure of the KPI."""
    rows: dict[tuple, dict] = {}
    sums: dict[tuple, dict[str, Decimal]] = {}
    for row in asked.rows("elements", measures=list(asked.kpi.measures)):
        key = (row["project_key"], row["row_key"])
        if key not in rows or row["measure_key"].startswith(_COSTS):
            rows[key] = row | {"row_label": None, "counts_from": None}
        sums.setdefault(key, dict.fromkeys(asked.kpi.measures, Decimal(0)))[row["measure_key"]] = decimal(row["amount"])
    return [rows[key] for key in sums], sums


def _by_element(
    asked: _Asked, over_of: Callable[[Mapping[str, Decimal], Decimal], Decimal]
) -> tuple[list[dict], Chosen, list[dict]]:
    """The fewest elements that, each brought to the line by itself, bring the whole to it; their rows, cost first.

    over_of(sums, level): how far an element lies beyond the line by itself.
    """
    level = decimal(asked.level)
    elements, sums = _elements(asked)
    parts = []
    for row in elements:
        over = over_of(sums[row["project_key"], row["row_key"]], level)
        parts.append(Part(over, row | {"amount": over}))
    chosen = smallest(parts, asked.needed)
    measures = [name for name in asked.kpi.measures if name not in ("budget_at_completion", "planned_hours")]
    measures.sort(key=lambda name: not name.startswith(_COSTS))
    named = [part.row["row_key"] for part in chosen.parts]
    rows = asked.rows("measure_rows", measures=measures, elements=named)
    return rows, chosen, _overruns(asked, parts, len(chosen.parts))


def _overruns(asked: _Asked, parts: Sequence[Part], chosen: int) -> list[dict]:
    """The largest ones, those that need not be mended among them: what is on no element is seldom all there is to say."""
    largest = sorted((part for part in parts if part.gain > 0), key=lambda part: -part.gain)
    unit = "hours" if asked.kpi.measures[1] == "hours_logged" else "money"
    told = largest[: min(max(chosen, _FEWEST_NAMED), _MOST_NAMED)]
    return [
        clause(
            _ITEM,
            item=clause(_NO_ELEMENT) if part.row["row_key"] == "-" else part.row["row_key"],
            amount=asked.number(part.gain, unit),
        )
        for part in told
    ]


def _cost_index(asked: _Asked) -> _Answer:
    earned, cost = asked.kpi.measures[:2]
    rows, chosen, overruns = _by_element(asked, lambda sums, level: level * sums[cost] - sums[earned])
    unit = "hours" if cost == "hours_logged" else "money"
    details = {
        "missing": asked.number(asked.needed, unit),
        "over": asked.number(asked.needed / decimal(asked.level) if asked.level else asked.needed, unit),
        "level": asked.line,
        "what": overruns,
    }
    return _Answer(rows, chosen, _EARN, details)


def _commitments(asked: _Asked) -> _Answer:
    cost, signed, drawn, budget = asked.kpi.measures
    rows, chosen, overruns = _by_element(
        asked, lambda sums, level: sums[cost] + sums[signed] - sums[drawn] - level * sums[budget]
    )
    details = {
        "missing": asked.number(asked.needed, "money"),
        "level": asked.line,
        "what": overruns,
    }
    return _Answer(rows, chosen, _OVERSPENT, details)


def _to_complete(asked: _Asked) -> _Answer:
    budget, earned, cost = asked.kpi.measures
    rows, chosen, overruns = _by_element(
        asked, lambda sums, level: sums[budget] - sums[earned] - level * (sums[budget] - sums[cost])
    )
    details = {
        "missing": asked.number(asked.needed, "money"),
        "level": asked.line,
        "what": overruns,
    }
    return _Answer(rows, chosen, _NOT_MADE_UP, details)


def _buffer(asked: _Asked) -> _Answer:
    rows = asked.rows("measure_rows", measures=["buffer_days_used"])
    return _Answer(rows, None, _WIN_BACK, {"missing": asked.number(asked.needed, "days"), "level": asked.line})


def _time(asked: _Asked) -> _Answer:
    rows = asked.rows("late_tasks") or asked.rows("measure_rows", measures=_of_numerator(asked.kpi))
    return _Answer(rows, None, _TIME, {"missing": asked.number(asked.needed, "months"), "level": asked.line})


def _debt(asked: _Asked) -> _Answer:
    rows = asked.rows("measure_rows", measures=["technical_debt_hours"])
    template = _DEBT_LOW if asked.side == "below" else _DEBT_HIGH
    return _Answer(rows, None, template, {"missing": asked.number(asked.needed, "hours"), "level": asked.line})


_LOOKS: dict[str, Callable[[_Asked], _Answer]] = {
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
    "cost_performance_index_hours": _cost_index,
    "commitment_rate": _commitments,
    "to_complete_performance_index": _to_complete,
    "buffer_consumption": _buffer,
    "schedule_performance_index_time": _time,
    "technical_debt_share": _debt,
}


# ---- early warnings -------------------------------------------------------------------------------------------------


def _of_early(snapshot: Snapshot, signal: Signal) -> _Answer:
    place = Place([signal.scope.project_key], dt.date.min, signal.data_date)
    if signal.name == EarlyRule.RISK_REVIEWS_OVERDUE:
        rows = rows_of(snapshot, "risks_due", place)
        chosen = smallest([Part(Decimal(1), row) for row in rows], Decimal(len(rows)))
        return _Answer(rows, chosen, _REVIEW, {"count": len(rows), "what": _keys(chosen)})
    if signal.name == EarlyRule.DEFECTS_FOUND_FASTER:
        weeks = int(signal.details.get("weeks") or 1)
        start = signal.data_date - dt.timedelta(days=7 * weeks - 1)
        return _Answer(rows_of(snapshot, "defects_of_weeks", Place(place.projects, start, signal.data_date)))
    return _Answer(rows_of(snapshot, "tasks", place, keys=list(signal.details.get("task_ids") or [])))


# ---- words ----------------------------------------------------------------------------------------------------------


def _of_numerator(kpi: Kpi) -> list[str]:
    names = set(re.findall(r"\w+", kpi.numerator_sql))
    return [measure for measure in kpi.measures if measure in names]


def _keys(chosen: Chosen, column: str = "row_key") -> list:
    return [str(part.row[column] or part.row["row_key"]) for part in chosen.parts[:_MOST_NAMED]] + _rest(chosen)


def _amounts(asked: _Asked, chosen: Chosen, unit: str) -> list:
    pairs = list(zip(chosen.parts, chosen.taken, strict=True))[:_MOST_NAMED]
    return [_item(asked, part.row["row_key"], taken, unit) for part, taken in pairs] + _rest(chosen)


def _item(asked: _Asked, item: str, amount: Decimal, unit: str) -> dict:
    return clause(_ITEM, item=item, amount=asked.number(amount, unit))


def _rest(chosen: Chosen) -> list[dict]:
    rest = len(chosen.parts) - _MOST_NAMED
    return [clause(_MORE, count=rest)] if rest > 0 else []


def _plain(row: Mapping) -> dict:
    """JSON keeps no decimals: amounts are numbers."""
    return {
        name: float(value) if isinstance(value, Decimal) else value for name, value in row.items() if name not in _INNER
    }


__all__ = ["MOST_ROWS", "cause"]
