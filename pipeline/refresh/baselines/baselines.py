"""Baselines: frozen with the first build that used them, active one at a time, changed only by approving another one.

A budget that comes later, under the same name or a new one, is a proposal: it does not count until a person approves it with a
reason. Every change leaves a line in the audit. Light to import: pages call these functions.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.errors import InputError
from models.vocabulary import BaselineStatus, BatchStatus
from pipeline.refresh.baselines.rows import Version, drop, elements_changed, keep, kept_rows, landed_versions, totals
from pipeline.store import control
from pipeline.store.codes import project_codes

FIRST_BUDGET = "first budget loaded"  # the reason of what nobody had to approve
_BY_REFRESH = "refresh"


def baselines(data_dir: DataDir) -> list[dict]:
    """Every baseline that counts or waits, by project, newest first: the columns of the control store, and project_key,
    file_name, batch_status, budget_at_completion (money), planned_hours, starts_on, finish_on.
    """
    if not control.exists(data_dir):
        return []
    with control.reading(data_dir) as connection:
        records = _records(data_dir, connection)
    shown = (BaselineStatus.FROZEN, BaselineStatus.PROPOSED)
    found = [record | totals(kept_rows(data_dir, record)) for record in records if record["status"] in shown]
    found.sort(key=lambda record: (record["frozen_at"] or record["met_at"], record["baseline_id"]), reverse=True)
    return sorted(found, key=lambda record: record["project_key"])


def budgets_waiting(data_dir: DataDir) -> list[dict]:
    """What waits for approval, in words: [{baseline_id, code, template, details, message}]; reads no rows."""
    if not control.exists(data_dir):
        return []
    with control.reading(data_dir) as connection:
        return _waiting(data_dir, connection)


def differences(data_dir: DataDir, baseline_id: int) -> dict:
    """A proposal beside the active baseline of its project: {proposal, active (records with totals; active may be None),
    elements: [{wbs_code, wbs_name, before, after}]}.

    Raises: InputError where there is no such proposal any more.
    """
    every = baselines(data_dir)
    proposal = _proposal(every, baseline_id)
    active = _active(every, proposal["project_key"])
    rows = kept_rows(data_dir, proposal)
    before = kept_rows(data_dir, active) if active else rows.clear()
    return {"proposal": proposal, "active": active, "elements": elements_changed(before, rows)}


def approve(
    data_dir: DataDir,
    baseline_id: int,
    *,
    name: str,
    reason: str,
    approved_by: str,
    change_id: str | None = None,
    actor: str = "screen",
) -> None:
    """Freezes a proposal under `name` and makes it the active baseline of its project, from the next refresh on.

    change_id: the change request that allowed it. What was active before stays frozen, to be compared with.
    Raises: InputError where reason, approver or name are blank, another frozen baseline has the name, or the proposal is gone.
    """
    name, reason, approved_by = name.strip(), reason.strip(), approved_by.strip()
    if not (name and reason and approved_by):
        raise InputError(
            "baselines.blank",
            "A new baseline needs its name, the reason for it and the person who approves it. Fill in all three.",
        )
    table = control.baselines
    with control.writing(data_dir) as connection:
        records = _records(data_dir, connection)
        proposal = _proposal(records, baseline_id)
        own = [record for record in records if record["project_key"] == proposal["project_key"]]
        frozen = [record for record in own if record["status"] == BaselineStatus.FROZEN]
        if any(record["name"] == name for record in frozen):
            raise InputError(
                "baselines.name_taken",
                "{project} has a frozen baseline {baseline} already. Choose another name for the new one.",
                project=proposal["project_key"],
                baseline=name,
            )
        kept_rows(data_dir, proposal)  # nothing is approved that the next refresh could not read
        before = [record["baseline_id"] for record in frozen if record["is_active"]]
        connection.execute(table.update().where(table.c.baseline_id.in_(before)).values(is_active=0))
        stated = {"name": name, "reason": reason, "change_id": change_id or None, "approved_by": approved_by}
        frozen_now = {"status": str(BaselineStatus.FROZEN), "is_active": 1, "frozen_by": actor}
        proposed = table.update().where(table.c.baseline_id == baseline_id)
        connection.execute(proposed.values(**stated, **frozen_now, frozen_at=control.iso(control.now_utc())))
        noted = {"approved": baseline_id, **stated, "replaced": before}
        control.note(connection, actor, "baseline", proposal["project_key"], **noted)


def reject(data_dir: DataDir, baseline_id: int, *, reason: str, rejected_by: str, actor: str = "screen") -> None:
    """Puts a proposal aside for good. Raises: InputError where reason or person are blank, or the proposal is gone."""
    reason, rejected_by = reason.strip(), rejected_by.strip()
    if not (reason and rejected_by):
        raise InputError(
            "baselines.rejection_blank",
            "A budget is put aside with the reason and the person who decided. Fill in both.",
        )
    table = control.baselines
    with control.writing(data_dir) as connection:
        proposal = _proposal(_records(data_dir, connection), baseline_id)
        values = {"status": str(BaselineStatus.REJECTED), "reason": reason, "approved_by": rejected_by}
        connection.execute(table.update().where(table.c.baseline_id == baseline_id).values(**values))
        noted = {"name": proposal["name"], "reason": reason, "rejected_by": rejected_by}
        control.note(connection, actor, "baseline", proposal["project_key"], rejected=baseline_id, **noted)


def settle(data_dir: DataDir) -> list[dict]:
    """Freezes what a project brings for the first time and records everything else as proposals. Returns what waits.

    First: the newest batch of each name, all frozen, the last by name active; unless a build used them, they are forgotten again,
    so that a wrong first file can be undone. Called by a refresh, with its lock held, before the inputs are frozen.
    """
    table = control.baselines
    with control.writing(data_dir) as connection:
        build = current_build(data_dir)
        _mark(connection, build.manifest.get("baselines") or [] if build else [], build.build_id if build else "")
        _forget_unused(data_dir, connection)
        versions = landed_versions(data_dir, connection, project_codes(data_dir, connection))
        _withdraw(data_dir, connection, versions)
        records = _records(data_dir, connection)
        for project in sorted({version.project_key for version in versions}):
            brought = [version for version in versions if version.project_key == project]
            known = [record for record in records if record["project_key"] == project]
            for version, values in _first(brought) if not known else _proposed(brought, known):
                if values["status"] != BaselineStatus.SUPERSEDED:
                    keep(data_dir, version)
                inserted = connection.execute(table.insert().values(**_row(version), **values))
                if known or values["status"] == BaselineStatus.FROZEN:
                    [baseline_id] = inserted.inserted_primary_key
                    control.note(connection, _BY_REFRESH, "baseline", project, baseline_id=baseline_id, **values)
        _restore(data_dir, versions, records)
        return _waiting(data_dir, connection)


def frozen_baselines(data_dir: DataDir, connection) -> list[dict]:
    """What a build is to read, oldest first: the records of every frozen baseline. Their rows: baseline_rows.kept_rows."""
    return [record for record in _records(data_dir, connection) if record["status"] == BaselineStatus.FROZEN]


def mark_published(data_dir: DataDir, manifest: dict) -> None:
    """Remembers that the baselines of this build were used: from now on they are never forgotten."""
    with control.writing(data_dir) as connection:
        _mark(connection, manifest["baselines"], manifest["build_id"])


def _mark(connection, used: Iterable[dict], build_id: str) -> None:
    table = control.baselines
    for record in used:
        same = (table.c.batch_id == record["batch_id"], table.c.content_hash == record["content_hash"])
        connection.execute(table.update().where(*same, table.c.first_build.is_(None)).values(first_build=build_id))


def _forget_unused(data_dir: DataDir, connection) -> None:
    """The records of projects of which no build ever used a baseline and no person approved or rejected one."""
    table = control.baselines
    records = _records(data_dir, connection)
    settled = {record["project_key"] for record in records if record["first_build"] or record["approved_by"]}
    for record in records:
        if record["project_key"] not in settled:
            connection.execute(table.delete().where(table.c.baseline_id == record["baseline_id"]))
            drop(data_dir, record)


def _withdraw(data_dir: DataDir, connection, versions: list[Version]) -> None:
    """A proposal goes with its batch."""
    table = control.baselines
    there = {(version.batch["batch_id"], version.content_hash) for version in versions}
    for record in _records(data_dir, connection):
        if record["status"] == BaselineStatus.PROPOSED and (record["batch_id"], record["content_hash"]) not in there:
            connection.execute(table.delete().where(table.c.baseline_id == record["baseline_id"]))
            drop(data_dir, record)
            noted = {"withdrawn": record["name"], "batch": record["batch_id"]}
            control.note(connection, _BY_REFRESH, "baseline", record["project_key"], **noted)


def _first(brought: list[Version]) -> list[tuple[Version, dict]]:
    newest = {version.baseline: version for version in brought}  # oldest first: the last one stays
    active = max(newest)
    now = control.iso(control.now_utc())
    frozen = {"status": BaselineStatus.FROZEN, "frozen_at": now, "frozen_by": _BY_REFRESH, "reason": FIRST_BUDGET}
    return [
        (version, {"name": version.baseline or "-", "is_active": int(version.baseline == active)} | frozen)
        if newest[version.baseline] is version
        else (version, {"name": version.baseline, "status": BaselineStatus.SUPERSEDED})
        for version in brought
    ]


def _proposed(brought: list[Version], known: list[dict]) -> list[tuple[Version, dict]]:
    """What is not recorded yet. The same rows in another file are nothing new; an older file is not either, once superseded."""
    seen = {record["content_hash"] for record in known if record["status"] != BaselineStatus.SUPERSEDED}
    superseded = {(record["batch_id"], record["content_hash"]) for record in known}
    found = []
    for version in brought:
        if version.content_hash in seen or (version.batch["batch_id"], version.content_hash) in superseded:
            continue
        seen.add(version.content_hash)
        found.append((version, {"name": version.baseline or "-", "status": BaselineStatus.PROPOSED}))
    return found


def _restore(data_dir: DataDir, versions: list[Version], records: list[dict]) -> None:
    """A copy that was lost is written again while the batch it came from is still landed."""
    wanted = {(r["batch_id"], r["content_hash"]) for r in records if r["status"] != BaselineStatus.SUPERSEDED}
    for version in versions:
        if (version.batch["batch_id"], version.content_hash) in wanted:
            keep(data_dir, version)


def _row(version: Version) -> dict:
    return {
        "project_code": version.project_code,
        "source_system": version.batch["source_system"],
        "project_hint": version.batch["project_hint"],
        "baseline": version.baseline,
        "batch_id": version.batch["batch_id"],
        "content_hash": version.content_hash,
        "met_at": control.iso(control.now_utc()),
    }


def _records(data_dir: DataDir, connection) -> list[dict]:
    """Every record with its project_key as codes stand now, file_name and batch_status, oldest first."""
    table, batches = control.baselines, control.batches
    codes = project_codes(data_dir, connection)
    with_batches = (
        sa.select(table, batches.c.file_name, batches.c.status.label("batch_status"))
        .select_from(table.outerjoin(batches, table.c.batch_id == batches.c.batch_id))
        .order_by(table.c.baseline_id)
    )
    return [
        row
        | {"project_key": codes.project_of(row["source_system"], row["project_code"], row["project_hint"])}
        | {"batch_is_undone": row["batch_status"] != BatchStatus.LANDED}
        for row in control.rows_of(connection, with_batches)
    ]


def _proposal(records: list[dict], baseline_id: int) -> dict:
    for record in records:
        if record["baseline_id"] == baseline_id and record["status"] == BaselineStatus.PROPOSED:
            return record
    raise InputError(
        "baselines.gone", "This budget does not wait for approval any more. Reload the page to see what is left."
    )


def _active(records: list[dict], project_key: str) -> dict | None:
    """Of several, the one frozen last: two codes may have turned out to be one project."""
    active = [r for r in records if r["project_key"] == project_key and r["is_active"]]
    return max(active, key=lambda record: (record["frozen_at"], record["baseline_id"]), default=None)


def _waiting(data_dir: DataDir, connection) -> list[dict]:
    return [
        _in_words(record) for record in _records(data_dir, connection) if record["status"] == BaselineStatus.PROPOSED
    ]


def _in_words(record: dict) -> dict:
    details = {"project": record["project_key"], "file": record["file_name"], "baseline": record["name"]}
    waiting = {
        "baseline_id": record["baseline_id"],
        "code": "baselines.waits",
        "template": "Budget of {project} in {file} differs from what is frozen, under the baseline name {baseline}; "
        "it does not count until it is approved as a new baseline with a reason.",
        "details": details,
    }
    return waiting | {"message": waiting["template"].format(**details)}
