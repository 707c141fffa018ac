"""Asks the gate of a build and keeps the verdict, with the build's id and the SHA-256 of its manifest."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.builds.published import Build
from models.builds.snapshot import Snapshot
from models.gate.measures import findings
from models.gate.verdict import NEXT_RELEASE, Decision, Verdict, asked_of, decide, with_answers
from pipeline.gate.answers import gate_signatures, gate_waivers, release_named
from pipeline.gate.conditions import gate_edits
from pipeline.gate.quarantine import quarantine_of
from pipeline.published_values import known_project
from pipeline.store import alert_tables, control

NOTHING_PUBLISHED = "nothing_published"


@dataclass(frozen=True)
class Asking:
    """One verdict: of which project and release, by which build."""

    project_key: str
    release: str
    build_id: str
    build_hash: str
    decision: Decision
    why: str = ""  # NOTHING_PUBLISHED where there is no build to ask

    @property
    def verdict(self) -> Verdict:
        return self.decision.verdict


def ask(
    data_dir: DataDir,
    build: Build,
    snapshot: Snapshot,
    project: str,
    *,
    now: dt.datetime,
    release: str = NEXT_RELEASE,
) -> Asking:
    """The verdict on a project as its build, its signatures and its waivers stand at `now`. Nothing is written.

    Raises: InputError 'kpis.unknown_project', 'gate.release'.
    """
    project_key, release = known_project(snapshot, project), release_named(release)
    asked = asked_of(gate_edits(data_dir, project_key), project_key)
    found = findings(snapshot, project_key, asked, quarantine_of(data_dir, build, snapshot, project_key), now)
    answered = with_answers(
        found,
        gate_signatures(data_dir, project_key, release),
        gate_waivers(data_dir, project_key, release),
        release,
        local_day(build, now),
    )
    return Asking(project_key, release, build.build_id, manifest_hash(data_dir, build.build_id), decide(answered))


def nothing_published(project: str, release: str = NEXT_RELEASE) -> Asking:
    """The verdict where there is no build: stop, since nothing is known."""
    return Asking(project, release_named(release), "", "", Decision(Verdict.STOP), NOTHING_PUBLISHED)


def record(data_dir: DataDir, asking: Asking, asked_by: str, *, only_if_new: bool = False) -> None:
    """Keeps the verdict in gate_verdicts. only_if_new: not when the newest one of this project and release says the same of
    the same build. What no build said is not kept."""
    if asking.why == NOTHING_PUBLISHED:
        return
    conditions = [finding.document() for finding in asking.decision.findings]
    table = alert_tables.gate_verdicts
    values = {
        "project_key": asking.project_key,
        "release": asking.release,
        "build_id": asking.build_id,
        "build_hash": asking.build_hash,
        "verdict": asking.verdict,
    }
    with control.writing(data_dir) as connection:
        if only_if_new:
            own = (table.c.project_key == asking.project_key, table.c.release == asking.release)
            newest = control.first_of(connection, sa.select(table).where(*own).order_by(table.c.verdict_id.desc()))
            if newest and _same(newest, values, conditions):
                return
        connection.execute(
            table.insert().values(**values, conditions=conditions, asked_by=asked_by, at=control.iso(control.now_utc()))
        )


def gate_verdicts(data_dir: DataDir, project_key: str) -> list[dict]:
    """The last 200 verdicts that were given, newest first: rows of gate_verdicts."""
    table = alert_tables.gate_verdicts
    own = sa.select(table).where(table.c.project_key == project_key)
    return control.rows(data_dir, own.order_by(table.c.verdict_id.desc()).limit(200))


def releases(data_dir: DataDir, project_key: str) -> list[str]:
    """Names of releases that somebody signed, waived or asked for, newest first; "next" is always one of them."""
    named = [row["release"] for row in gate_verdicts(data_dir, project_key)]
    named += [row["release"] for row in reversed(gate_signatures(data_dir, project_key))]
    named += [row["release"] for row in reversed(gate_waivers(data_dir, project_key))]
    return list(dict.fromkeys([*named, NEXT_RELEASE]))


def manifest_hash(data_dir: DataDir, build_id: str) -> str:
    """SHA-256 of the manifest that was published with a build: history/<build id>.json, byte for byte."""
    return hashlib.sha256((data_dir.history / f"{build_id}.json").read_bytes()).hexdigest()


def local_day(build: Build, now: dt.datetime) -> dt.date:
    """The day of `now` in the zone that the build took its dates in: a waiver holds to the end of its last day there."""
    return now.astimezone(ZoneInfo(str(build.manifest.get("time_zone") or "Asia/Shanghai"))).date()


def _same(newest, values: dict, conditions: list[dict]) -> bool:
    if any(newest[name] != value for name, value in values.items()):
        return False
    return list(map(_core, newest["conditions"])) == list(map(_core, conditions))


def _core(condition: dict) -> tuple:
    """What makes a condition another one; that data are a day older at the next look does not."""
    waiver = (condition.get("waiver") or {}).get("waiver_id")
    return (condition["name"], condition["status"], condition["level"], condition.get("signed_at"), waiver)
