"""What a published build says about every line, and what becomes of the alerts: evaluated once per build, in one transaction.

A rule that cannot be evaluated is told as an error and stops no other; a build is never un-published over its alerts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from models.alerts import state
from models.alerts.alert import Alert, AlertEvent
from models.alerts.answers import Answer, answered
from models.alerts.signals import Scope, Signal
from models.alerts.vocabulary import AlertLevel, AlertStatus, ChangeKind, SignalKind
from models.builds.data_dir import DataDir
from models.builds.published import Build, build_number, current_build
from models.builds.snapshot import Snapshot, open_snapshot
from models.errors import PlimsollError
from models.words.catalog import msgid
from pipeline.alerts import store
from pipeline.logs import note_error
from pipeline.store import control
from pipeline.store.alert_tables import alerts, evaluations

PUBLISH, ROLLBACK = "publish", "rollback"
# Looking for the rows behind a number takes longer than all else here: of the rest a page looks for them when one is opened.
MOST_CAUSES = 100
RULES_OF_A_KIND = "evaluation"  # name of the alert that says: the rules of one kind could not be evaluated at all
_FAILED = msgid("These rules could not be evaluated (error {error_id}). The log holds the details; then refresh again.")
_FAILED_ONE = msgid(
    "This alert could not be evaluated (error {error_id}). The log holds the details; then refresh again."
)
_EVALUATED = msgid("These rules are evaluated again.")
_GONE = msgid("The build holds no such series any more.")
log = structlog.get_logger("plimsoll.alerts")


@dataclass(frozen=True)
class _Uncaused:
    """An open alert whose cause is to be looked for. is_news: it fired or worsened in this step; is_new: its episode began."""

    alert: Alert
    signal: Signal
    is_news: bool
    is_new: bool

    @property
    def rank(self) -> tuple[bool, bool]:
        return (not self.is_news, self.alert.severity != AlertLevel.CRITICAL)


@dataclass
class _Evaluation:
    """One run: what it reads, and what it found so far."""

    snapshot: Snapshot
    build: Build
    cause: str
    now: dt.datetime
    managers: dict[str, str]
    stepped: dict[str, Alert] = field(default_factory=dict)  # by alert_key
    events: list[dict] = field(default_factory=list)
    problems: list[dict] = field(default_factory=list)
    error_ids: dict[str, str] = field(default_factory=dict)  # what fails for many alerts alike is logged once
    uncaused: list[_Uncaused] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self._zone).date()

    @property
    def built_on(self) -> dt.date:
        return self.build.published_at.astimezone(self._zone).date()

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.build.manifest.get("time_zone") or "UTC")

    def problem(self, alert_key: str, error: Exception) -> str:
        reason = f"{type(error).__name__}: {error}"
        error_id = self.error_ids.get(reason) or self.error_ids.setdefault(reason, note_error(error))
        message = f"{reason} (error {error_id})"
        self.problems.append({"alert_key": alert_key, "error_id": error_id, "message": message})
        log.warning("not_evaluated", alert_key=alert_key, error_id=error_id, build_id=self.build.build_id)
        return error_id


def evaluate(data_dir: DataDir, build: Build, now: dt.datetime, cause: str = PUBLISH) -> dict:
    """Steps every alert by what `build` says, and writes states, history and notices in one transaction.

    cause: publish, or rollback, which forgets what later builds said. A build that was evaluated already changes nothing.
    Returns: {build_id, signals, changes, firing, problems: [{alert_key, error_id, message}], is_new}.
    """
    with control.reading(data_dir) as connection:
        known = _known(connection, build.build_id)
        if known and cause == PUBLISH:
            return known
    snapshot = open_snapshot(build)
    run = _Evaluation(snapshot, build, cause, now, _managers(snapshot))
    signals, failed_kinds = _signals(run)
    with control.writing(data_dir) as connection:
        _claim(connection, run, len(signals))
        kept = store.load(connection)
        for key, signal in [*signals.items(), *_unsaid(run, signals, kept, failed_kinds).items()]:
            if key in kept or signal.reading not in state.UNHEARD:
                _step(run, signal, kept.get(key))
        _look_for_causes(run)
        store.save(connection, run.stepped.values())
        written = store.add_events(connection, run.events)
        _queue_notices(connection, data_dir, run, written)
        connection.execute(
            sa.update(evaluations)
            .where(evaluations.c.build_id == build.build_id)
            .values(changes=len(written), problems=run.problems)
        )
        evaluated = (_known(connection, build.build_id) or {}) | {"is_new": True}
    log.info("alerts_evaluated", build_id=build.build_id, **{name: evaluated[name] for name in ("signals", "changes")})
    return evaluated


def evaluate_published(data_dir: DataDir, build: Build, cause: str = PUBLISH) -> dict:
    """`evaluate` for whoever has just published or rolled back: an error is told and logged, never raised.

    Returns: {signals, changes, firing, problems}; with {error: {code, message, template, details}} where it failed.
    """
    try:
        evaluated = evaluate(data_dir, build, control.now_utc(), cause)
        return {name: evaluated[name] for name in ("signals", "changes", "firing", "problems")}
    except Exception as error:
        failed = PlimsollError(
            "alerts.not_evaluated",
            "The alerts of {build} could not be evaluated (error {error_id}); the log holds the details.",
            build=build.build_id,
            error_id=note_error(error),
        )
        log.warning("evaluation_failed", build_id=build.build_id, reason=str(failed))
        return {"signals": 0, "changes": 0, "firing": 0, "problems": [], "error": failed.as_json()}


def catch_up(data_dir: DataDir) -> dict | None:
    """Evaluates the current build where a kill came after it was pointed at. Returns what was told, or None.

    Only in a folder whose builds are evaluated at all: what an older version published is left as it is.
    """
    build = current_build(data_dir)
    if build is None:
        return None
    last = sa.select(evaluations.c.build_id).order_by(evaluations.c.evaluation_no.desc()).limit(1)
    with control.reading(data_dir) as connection:
        evaluated = connection.execute(last).scalar()
    if evaluated is None or evaluated == build.build_id:
        return None
    is_back = build_number(build.build_id) < build_number(evaluated)
    return evaluate_published(data_dir, build, ROLLBACK if is_back else PUBLISH)


# ---- what the build says ------------------------------------------------------------------------------------------------


# imported where they are called: pages import this module and need none of them, and one that cannot even be imported is
# one kind of rule that failed
def _level_signals(snapshot: Snapshot, rules: list[dict]) -> list[Signal]:
    from models.alerts.kinds.levels import level_signals  # noqa: PLC0415

    return level_signals(snapshot, rules)


def _relative_signals(snapshot: Snapshot, rules: list[dict]) -> list[Signal]:
    from models.alerts.kinds.relative import relative_signals  # noqa: PLC0415

    return relative_signals(snapshot, rules)


def _early_signals(snapshot: Snapshot, rules: list[dict]) -> list[Signal]:
    from models.alerts.kinds.early import early_signals  # noqa: PLC0415

    return early_signals(snapshot, rules)


def _stale_signals(snapshot: Snapshot, _rules: list[dict]) -> list[Signal]:
    from models.alerts.kinds.stale import stale_signals  # noqa: PLC0415

    return stale_signals(snapshot)


PROVIDERS: dict[SignalKind, Callable[[Snapshot, list[dict]], list[Signal]]] = {
    SignalKind.LEVEL: _level_signals,
    SignalKind.RELATIVE: _relative_signals,
    SignalKind.EARLY: _early_signals,
    SignalKind.DATA: _stale_signals,
}


def _signals(run: _Evaluation) -> tuple[dict[str, Signal], set[SignalKind]]:
    """Every signal of the build by its alert key; and the kinds whose rules could not be evaluated at all."""
    rules = _rules(run.build)
    found: dict[str, Signal] = {}
    failed: set[SignalKind] = set()
    for kind, provider in PROVIDERS.items():
        try:
            signals, error_id = provider(run.snapshot, rules), None
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("models.alerts."):
                continue
            signals, error_id = [], run.problem(f"{kind.value}:{RULES_OF_A_KIND}", error)
            failed.add(kind)
        for signal in [*signals, _of_the_rules(run, kind, error_id)]:
            found.setdefault(signal.alert_key, signal)
    return found, failed


def _rules(build: Build) -> list[dict]:
    """The rules as they were frozen with the build, so that evaluating it again says the same."""
    return build.manifest.get("rules") or []


def _of_the_rules(run: _Evaluation, kind: SignalKind, error_id: str | None) -> Signal:
    return Signal(
        kind=kind,
        name=RULES_OF_A_KIND,
        scope=Scope("portfolio"),
        data_date=run.built_on,
        reading=AlertLevel.ERROR if error_id else AlertLevel.OK,
        is_clear=True,
        template=_FAILED if error_id else _EVALUATED,
        details={"error_id": error_id} if error_id else {},
    )


def _unsaid(
    run: _Evaluation, signals: Mapping[str, Signal], kept: Mapping[str, Alert], failed: set[SignalKind]
) -> dict[str, Signal]:
    """For alerts that the build says nothing about: their series is gone; or, where the rules of their kind failed, an error
    if they are open or pending."""
    found = {}
    for key, alert in kept.items():
        if key in signals:
            continue
        data_date = alert.machine.data_date or run.built_on
        if alert.kind not in failed:
            found[key] = store.signal_of(alert, AlertLevel.GONE, data_date, _GONE)
        elif alert.standing is not AlertStatus.NORMAL:
            details = {"error_id": run.problems[0]["error_id"]}
            found[key] = store.signal_of(alert, AlertLevel.ERROR, data_date, _FAILED_ONE, details)
    return found


def _managers(snapshot: Snapshot) -> dict[str, str]:
    """{project_key: person}; none in a build of an earlier version."""
    has_them = "select 1 from information_schema.columns where table_name = 'dim_projects' and column_name = 'manager'"
    if not snapshot.query(has_them).height:
        return {}
    rows = snapshot.query("select project_key, manager from dim_projects where manager is not null")
    return dict(rows.iter_rows())


# ---- one alert ------------------------------------------------------------------------------------------------------------


def _step(run: _Evaluation, signal: Signal, before: Alert | None) -> None:
    """Adds one alert and its events; what cannot be read or stepped becomes an error of this alert alone."""
    try:
        alert, events = _stepped(run, signal, before)
    except Exception as error:
        error_id = run.problem(signal.alert_key, error)
        failed = replace(
            signal, reading=AlertLevel.ERROR, template=_FAILED_ONE, details={"error_id": error_id}, value=None
        )
        try:
            alert, events = _stepped(run, failed, before)
        except Exception as again:  # the kept row itself cannot be read: it stays as it is, and the problem is told
            run.problem(signal.alert_key, again)
            return
    run.stepped[alert.alert_key] = alert
    run.events += events


def _stepped(run: _Evaluation, signal: Signal, before: Alert | None) -> tuple[Alert, list[dict]]:
    build_id = run.build.build_id
    machine, changes = state.step(
        before.machine if before else None, signal, build_id, rolled_back=run.cause == ROLLBACK
    )
    answer = before.answers if before else Answer()
    answer, machine, changes = answered(answer, machine, changes, signal.policy, run.today)
    alert = store.stepped(signal, machine, answer, build_id, before)
    at = control.iso(run.now)
    kinds = {change.kind for change in changes}
    was_open = before is not None and before.is_open
    is_new = alert.is_open and not was_open
    lacks_cause = alert.is_open and signal.reading is not AlertLevel.ERROR and _needs_cause(before, alert, kinds)
    found: dict[str, Any] = {"cause": {}} if lacks_cause else {}
    if is_new:
        cause = {} if lacks_cause else alert.cause
        found |= {"fired_at": at, "ended_at": None, "owner": _owner(run, signal, cause) or alert.owner}
    if was_open and not alert.is_open:
        found["ended_at"] = at
    alert = alert.model_copy(update=found)
    events = [store.event_of(signal, change, build_id, at) for change in changes]
    if lacks_cause:
        run.uncaused.append(_Uncaused(alert, signal, bool(kinds & {ChangeKind.FIRED, ChangeKind.WORSENED}), is_new))
    return alert, events


def _look_for_causes(run: _Evaluation) -> None:
    """The rows behind the alerts that are news, the most severe first, and who has most of them; up to MOST_CAUSES."""
    uncaused = sorted(run.uncaused, key=lambda uncaused: uncaused.rank)[:MOST_CAUSES]
    for asked, found in zip(uncaused, _causes(run, [asked.signal for asked in uncaused]), strict=True):
        alert = asked.alert
        owner = (_owner(run, asked.signal, found) if asked.is_new else None) or alert.owner
        run.stepped[alert.alert_key] = alert.model_copy(update={"cause": found, "owner": owner})


def _needs_cause(before: Alert | None, alert: Alert, kinds: set[ChangeKind]) -> bool:
    """An alert that fired, or whose number moved; looking for the rows behind a number is what costs time here."""
    if before is None or not before.cause or kinds - {ChangeKind.ESCALATED, ChangeKind.ACKNOWLEDGEMENT_EXPIRED}:
        return True
    return (before.value, before.data_date) != (alert.value, alert.data_date)


def _causes(run: _Evaluation, signals: list[Signal]) -> list[dict]:
    """The rows behind each and the smallest set to mend; nothing, and a problem, where they cannot be found."""
    try:
        from models.alerts.causes.cause import causes  # noqa: PLC0415 - pages import this module, and need it not

        found = causes(run.snapshot, signals)
    except ImportError:
        found = [{} for _ in signals]
    except Exception as error:
        found = [error for _ in signals]
    told: list[dict] = []
    for signal, cause in zip(signals, found, strict=True):
        if isinstance(cause, Exception):
            run.problem(signal.alert_key, cause)
            cause = {}  # noqa: PLW2901
        told.append({name: store.json_safe(part) for name, part in cause.items()})
    return told


def _owner(run: _Evaluation, signal: Signal, cause: dict) -> str | None:
    """Of the rows to mend the one who has most of them, else the project's manager."""
    owners = cause.get("mending", {}).get("owners") or cause.get("owners") or []
    named = [owner.get("owner") if isinstance(owner, dict) else owner for owner in owners]
    return next((name for name in named if name), None) or run.managers.get(signal.scope.project_key)


# ---- the run itself ---------------------------------------------------------------------------------------------------


def _claim(connection: sa.Connection, run: _Evaluation, signals: int) -> None:
    """The row of this build. The store is ours from here to the end of the transaction: no answer is written over."""
    control.hold(connection)
    connection.execute(sa.delete(evaluations).where(evaluations.c.build_id == run.build.build_id))
    began = {"build_id": run.build.build_id, "evaluated_at": control.iso(run.now), "cause": run.cause}
    number = sa.select(sa.func.coalesce(sa.func.max(evaluations.c.evaluation_no), 0) + 1).scalar_subquery()
    counted = {"signals": signals, "changes": 0, "problems": [], "evaluation_no": number}
    connection.execute(evaluations.insert().values(**began, **counted))


def _known(connection: sa.Connection, build_id: str) -> dict | None:
    row = control.first_of(connection, sa.select(evaluations).where(evaluations.c.build_id == build_id))
    if row is None:
        return None
    fires = sa.select(sa.func.count()).where(alerts.c.state == AlertStatus.FIRING.value)
    kept = {name: row[name] for name in ("build_id", "signals", "changes", "problems")}
    return kept | {"firing": connection.scalar(fires), "is_new": False}


def _queue_notices(connection: sa.Connection, data_dir: DataDir, run: _Evaluation, events: list[AlertEvent]) -> None:
    """Notices are written with the changes they tell of, or the alerts count without them and a problem says so."""
    try:
        from pipeline.notices import queue  # noqa: PLC0415 - pages import this module, and need it not

        with connection.begin_nested():
            queue(connection, data_dir, run.build.build_id, events, run.now)
    except Exception as error:
        run.problem("notices", error)
