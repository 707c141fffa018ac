"""What stands behind an alert: the rows that cause it with file and line, the smallest set to mend, and whose they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from models.alerts.alert import Alert
from models.alerts.causes.formulas import LOOKS, Answer, Asked, Look, keys_of, of_numerator
from models.alerts.causes.recovery import Chosen, Part, excess, owners, smallest
from models.alerts.causes.rows_at_fault import Place, Wanted, batches_of, rows_of
from models.alerts.signals import ABSENT, Signal
from models.alerts.vocabulary import AlertLevel, EarlyRule, SignalKind
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.document import Row
from models.kpis import combined, site_values
from models.kpis.catalogue import Kpi, catalogue
from models.reference.currencies import currency_of
from models.words.catalog import msgid

MOST_ROWS = 50  # whoever wants them all follows the link to the evidence
_NOTHING: dict[str, Any] = {
    "template": "",
    "details": {},
    "rows": [],
    "rows_in_all": 0,
    "owners": [],
    "is_enough": False,
}
_PARTS = ("grain", "project_key", "module", "phase")
_INNER = ("fact", "rows_in_all")  # columns that say nothing about a row

# of the wide table every other column costs time
_READ = (
    "kpi_key|grain|project_key|module|phase|period_kind|period_start|period_end|as_of|value|numerator|denominator|status|"
    "is_current|warning_at|critical_at|bad_direction|rule_id|left_out"
)
_STANDING = f"""
    with asked as (
        select
            unnest($numbers) as number, unnest($kpis) as kpi_key, unnest($grains) as grain, unnest($project_keys) as project_key,
            unnest($modules) as module, unnest($phases) as phase, unnest(cast($dates as date[])) as data_date
    )
    select kpi_values.*, counts_window, number
    from (select columns('^({_READ})$') from kpi_values) as kpi_values
    inner join asked using (kpi_key, grain, project_key, module, phase)
    inner join dim_kpis using (kpi_key)
    where period_kind = 'month' and data_date = case counts_window when 'in_period' then period_end else as_of end
    qualify row_number() over (partition by number order by is_current desc, period_end desc) = 1
"""
_PROJECTS = """
    select project_key, customer from dim_projects where not is_unallocated order by 1
"""
_REVIEW = msgid("Review the risks that are due, {count} in all: {what}.")


def cause(snapshot: Snapshot, signal: Signal) -> dict[str, Any]:
    """The rows behind a signal that is beyond its line, at its data date.

    Returns: {rows, rows_in_all, mending: {template, details, rows, owners}, owners}: at most 50 rows each, those that weigh most
    first; rows to mend have `take`, how much of them is asked for. owners: [{owner, rows}], most rows first. Where nothing can
    be mended the sentence is empty.
    """
    [found] = causes(snapshot, [signal])
    if isinstance(found, Exception):
        raise found
    return found


def causes(snapshot: Snapshot, signals: Sequence[Signal]) -> list[dict[str, Any] | Exception]:
    """`cause` of each signal, or why it was not found: what they want of one kind is read at once."""
    standing = _standing_of(snapshot, signals)
    looks = [_cause(snapshot, signal, standing.get(number)) for number, signal in enumerate(signals)]
    found: list[dict[str, Any] | Exception] = [{} for _ in signals]
    wanted: dict[int, Wanted] = {}

    def go_on(number: int, step: Callable[..., Wanted], *sent: Any) -> None:
        try:
            wanted[number] = step(*sent)
        except StopIteration as ended:
            found[number] = ended.value
        except Exception as error:
            found[number] = error

    for number, look in enumerate(looks):
        go_on(number, look.send, None)
    while wanted:
        query = next(iter(wanted.values())).query
        asked = {number: own for number, own in wanted.items() if own.query == query}
        for number in asked:
            del wanted[number]
        try:
            rows = rows_of(snapshot, query, list(asked.values()))
        except Exception as error:
            for number in asked:
                found[number] = error
            continue
        for number, own in zip(asked, rows, strict=True):
            go_on(number, looks[number].send, own)
    return found


def _cause(
    snapshot: Snapshot, signal: Signal, standing: Row | None
) -> Generator[Wanted, list[dict[str, Any]], dict[str, Any]]:
    """standing: the row of kpi_values that the signal tells of, where the build published it."""
    answer = yield from _look(snapshot, signal, standing)
    rows = list(answer.rows)
    mending = dict(_NOTHING)
    if answer.template and (answer.chosen is None or answer.chosen.parts):
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


def signal_of_alert(alert: Alert) -> Signal:
    """What `cause` is asked about an alert that the evaluation left out."""
    is_by_rule = alert.grain in ("customer", "site")  # such alerts come of a rule; of all else the value names its own
    return Signal(
        kind=alert.kind,
        name=alert.name,
        scope=alert.scope,
        data_date=alert.data_date,
        reading=alert.severity or AlertLevel.WARNING,
        is_clear=False,
        value=alert.value,
        level=alert.level,
        kpi_key=alert.kpi_key,
        rule_id=0 if is_by_rule else None,
        details=alert.details,
    )


def _look(snapshot: Snapshot, signal: Signal, standing: Row | None) -> Look:
    if signal.kind is SignalKind.DATA:
        return Answer(batches_of(snapshot, signal.scope.project_key, signal.name, MOST_ROWS))
    if signal.kind is SignalKind.EARLY and signal.kpi_key is None:
        return (yield from _of_early(signal))
    kpi = catalogue(snapshot).get(signal.kpi_key or "")
    if kpi is None:
        return Answer([])
    every = snapshot.query(_PROJECTS)
    for column in ("project_key", "customer"):
        if getattr(signal.scope, column) != ABSENT:
            every = every.filter(pl.col(column) == getattr(signal.scope, column))
    members = every["project_key"].to_list()
    if signal.scope.grain in ("customer", "site"):
        standing = _put_together(snapshot, signal, kpi, members)
    if standing is None:
        return Answer([])
    place = Place(
        projects=members,
        period_start=standing["period_start"],
        period_end=standing["period_end"],
        module=signal.scope.module,
        phase=signal.scope.phase,
        left_out=tuple(standing["left_out"] or ()),
        site=signal.scope.site,
        dated=kpi.dated,
    )
    look, level = LOOKS.get(kpi.kpi_key), _level(signal, standing)
    if look is None or level is None or standing["numerator"] is None:
        return Answer((yield Wanted("measure_rows", place, tuple(of_numerator(kpi)))))
    side = _side(kpi, standing, level)
    needed = excess(standing["numerator"], standing["denominator"], level, side)
    has_rule = signal.rule_id is not None or standing.get("rule_id") is not None
    currency = currency_of(snapshot, members)
    return (yield from look(Asked(kpi, place, currency, has_rule, level, side, needed)))


def _standing_of(snapshot: Snapshot, signals: Sequence[Signal]) -> dict[int, Row]:
    """{place among the signals: the row of kpi_values that it tells of}."""
    asked = [(number, signal) for number, signal in enumerate(signals) if signal.kpi_key]
    if not asked:
        return {}
    given = {
        "numbers": [number for number, _ in asked],
        "kpis": [signal.kpi_key for _, signal in asked],
        "dates": [signal.data_date for _, signal in asked],
        **{f"{part}s": [getattr(signal.scope, part) for _, signal in asked] for part in _PARTS},
    }
    return {row["number"]: row for row in snapshot.query(_STANDING, given).to_dicts()}


def _put_together(snapshot: Snapshot, signal: Signal, kpi: Kpi, projects: list[str]) -> Row | None:
    """The row of a customer or a site, which is put together when it is read."""
    scope = signal.scope
    if scope.grain == "customer":
        rows = combined.history(snapshot, kpi, tuple(projects), Selection())
    else:
        rows = site_values.history(snapshot, kpi, scope.project_key, scope.site, [])
    column = "period_end" if kpi.counts_window == "in_period" else "as_of"
    found = [row for row in rows.to_dicts() if row[column] == signal.data_date]
    return found[-1] if found else None


def _level(signal: Signal, standing: Row) -> float | None:
    """The line that was crossed; of what is no level, none."""
    if signal.kind is not SignalKind.LEVEL:
        return None
    if signal.level is not None:
        return signal.level
    return standing["critical_at"] if standing["status"] == "critical" else standing["warning_at"]


def _side(kpi: Kpi, standing: Row, level: float) -> str:
    direction = standing.get("bad_direction") or {"lower": "above", "higher": "below"}.get(kpi.better, "outside")
    if direction != "outside":
        return direction
    return "below" if standing["value"] is not None and standing["value"] < level else "above"


# ---- early warnings -------------------------------------------------------------------------------------------------


def _of_early(signal: Signal) -> Look:
    place = Place([signal.scope.project_key], dt.date.min, signal.data_date)
    if signal.name == EarlyRule.RISK_REVIEWS_OVERDUE:
        rows = yield Wanted("risks_due", place)
        chosen = smallest([Part(Decimal(1), row) for row in rows], Decimal(len(rows)))
        return Answer(rows, chosen, _REVIEW, {"count": len(rows), "what": keys_of(chosen)})
    if signal.name == EarlyRule.DEFECTS_FOUND_FASTER:
        weeks = int(signal.details.get("weeks") or 1)
        start = signal.data_date - dt.timedelta(days=7 * weeks - 1)
        return Answer((yield Wanted("defects_of_weeks", Place(place.projects, start, signal.data_date))))
    return Answer((yield Wanted("tasks", place, tuple(signal.details.get("task_ids") or ()))))


def _plain(row: Row) -> dict[str, Any]:
    """JSON keeps no decimals: amounts are numbers."""
    return {
        name: float(value) if isinstance(value, Decimal) else value for name, value in row.items() if name not in _INNER
    }
