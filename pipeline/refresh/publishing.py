"""The last steps of a refresh: a finished file becomes the published build, by a rename and one replaced pointer.

In order: checkpoint the file, keep its values, rename it, write its manifest, replace CURRENT. A kill between any two leaves
readers with the build before or the new one. What a killed run left is swept at the next start.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import structlog
from sqlalchemy import select, update

from models.builds.data_dir import DataDir
from models.builds.published import BUILD_ID, Build, build_number, current_build, kept_builds, named_build
from models.errors import InputError, PlimsollError
from models.vocabulary import Grain, KpiStatus, PeriodKind
from pipeline.alerts.evaluating import ROLLBACK, evaluate_published
from pipeline.ingest.landing.staging import flush
from pipeline.refresh.building import build_database
from pipeline.refresh.locking import refresh_lock
from pipeline.store import control
from pipeline.store.landed_hashes import file_hash

log = structlog.get_logger("plimsoll.publishing")

# what is asked of a build whose file is gone: how a project or the portfolio stood, and whether that was settled
_KEPT_COLUMNS = (
    "kpi_key", "grain", "project_key", "period_kind", "period_end", "value", "status", "is_current", "is_incomplete",
    "is_provisional",
)  # fmt: skip
_FOR_EVER = f"""
    select columns(lambda name: name in {_KEPT_COLUMNS}) from kpi_values
    where grain in ('{Grain.PROJECT}', '{Grain.PORTFOLIO}')
    order by all
"""


def next_build_id(data_dir: DataDir) -> str:
    """One more than any build that was ever seen here: ids never go back, whatever was deleted or restored."""
    seen = {path.name.split(".")[0].removeprefix("plimsoll_") for path in data_dir.warehouse.glob("plimsoll_b-*")}
    seen |= {path.name.split(".")[0] for path in data_dir.history.glob("b-*")}
    seen.add(named_build(data_dir) or "")
    with control.reading(data_dir) as connection:
        seen |= set(connection.execute(control.runs.select().with_only_columns(control.runs.c.build_id)).scalars())
    numbers = [build_number(build_id) for build_id in seen if build_id and BUILD_ID.fullmatch(build_id)]
    return f"b-{max(numbers, default=0) + 1:06d}"


def publish(data_dir: DataDir, build_id: str, manifest: dict, on_step: Callable[[str, int, int], None]) -> Build:
    """Makes the finished building/plimsoll.duckdb the current build. Steps told, each before it happens:
    checkpoint, values, rename, manifest, pointer.

    Raises: PlimsollError 'publish.no_values' if the file holds no kpi_values; 'publish.cannot_write' where the folder refuses.
    """
    source = build_database(data_dir)
    target = data_dir.build_file(build_id)
    data_dir.history.mkdir(parents=True, exist_ok=True)
    try:
        on_step("checkpoint", 0, 0)
        on_step("values", 0, 0)
        counts = _close_and_keep_values(source, data_dir.history / f"{build_id}.parquet")
        on_step("rename", 0, 0)
        flush(source)
        os.rename(source, target)
        flush(data_dir.warehouse)
        on_step("manifest", 0, 0)
        published_at = dt.datetime.now(dt.UTC).replace(microsecond=0)
        copied = {"file_bytes": target.stat().st_size, "file_sha256": file_hash(target)}  # who copies it compares
        manifest = manifest | counts | copied | {"published_at": published_at.isoformat()}
        replace_text(data_dir.history / f"{build_id}.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        on_step("pointer", 0, 0)
        replace_text(data_dir.current_pointer, build_id + "\n")
    except OSError as error:
        raise PlimsollError(
            "publish.cannot_write",
            "{path} could not be written: {reason}. The build before stays in place; "
            "make room or make the folder writable, then refresh again.",
            path=error.filename or str(data_dir.warehouse),
            reason=error.strerror or str(error),
        ) from error
    return Build(build_id, target, published_at, manifest)


def changed_statuses(data_dir: DataDir, build: Build, before: Build | None) -> dict:
    """How many current project values turned worse or better since the build before: {new_critical, new_warning, cleared}.

    Zeros where there is nothing to compare with.
    """
    counts = {"new_critical": 0, "new_warning": 0, "cleared": 0}
    if before is None or not (data_dir.history / f"{before.build_id}.parquet").exists():
        return counts
    old, new = (_current_statuses(data_dir, build_id) for build_id in (before.build_id, build.build_id))
    for key, status in new.items():
        alarming = status in (KpiStatus.WARNING, KpiStatus.CRITICAL)
        if alarming and old.get(key) != status:
            counts[f"new_{status}"] += 1
        elif status == KpiStatus.OK and old.get(key) in (KpiStatus.WARNING, KpiStatus.CRITICAL):
            counts["cleared"] += 1
    return counts


def keep_newest(data_dir: DataDir, kept: int) -> list[str]:
    """Deletes whole files beyond the newest `kept`, never the current one; values and manifests stay for ever.

    A reader that still has one open keeps reading it: the space is freed when it closes. Returns the build ids deleted.
    """
    current = current_build(data_dir)
    gone = [build for build in kept_builds(data_dir)[kept:] if current is None or build.build_id != current.build_id]
    for build in gone:
        build.path.unlink(missing_ok=True)
    return [build.build_id for build in gone]


def roll_back(data_dir: DataDir, build_id: str, asked_by: str = "screen") -> Build:
    """Points readers at a kept build, with a line in the audit; its alerts forget what later builds said.

    Raises: InputError 'rollback.not_kept', naming the builds that are kept; PlimsollError 'refresh.running', since a refresh
    would point forward again.
    """
    with refresh_lock(data_dir, asked_by):
        recover(data_dir)
        kept = {build.build_id: build for build in kept_builds(data_dir)}
        if build_id not in kept:
            raise InputError(
                "rollback.not_kept",
                "Build {build_id} is not kept. Kept builds, newest first: {kept}.",
                build_id=build_id,
                kept=", ".join(kept) or "none",
            )
        before = named_build(data_dir)
        replace_text(data_dir.current_pointer, build_id + "\n")
        with control.writing(data_dir) as connection:
            control.note(connection, asked_by, "rollback", build_id, before=before)
        evaluate_published(data_dir, kept[build_id], ROLLBACK)
    return kept[build_id]


def recover(data_dir: DataDir) -> None:
    """Puts right what a killed refresh left: its run is marked, its unfinished files go. Call it with the lock held."""
    running = select(control.runs.c.run_id, control.runs.c.build_id).where(control.runs.c.status == "running")
    with control.writing(data_dir) as connection:
        for run_id, build_id in connection.execute(running).all():
            status = "published" if clear_unpublished(data_dir, build_id) else "interrupted"
            own = update(control.runs).where(control.runs.c.run_id == run_id)
            connection.execute(own.values(status=status, ended_at=control.iso(control.now_utc())))
            control.note(connection, "pipeline", f"refresh found {status}", build_id, run_id=run_id)
            log.warning("killed_refresh_found", build_id=build_id, status=status)


def clear_unpublished(data_dir: DataDir, build_id: str) -> bool:
    """Clears what a run that did not end left of this build, unless its pointer was written. Returns True if it was published."""
    if named_build(data_dir) == build_id:
        return True
    for path in (
        data_dir.history / f"{build_id}.json",  # first: without it the file no longer counts as a whole build
        data_dir.build_file(build_id),
        data_dir.history / f"{build_id}.parquet",
    ):
        path.unlink(missing_ok=True)
    for path in [*data_dir.history.glob("*.writing"), *data_dir.warehouse.glob("*.writing")]:
        path.unlink(missing_ok=True)
    return False


def replace_text(path: Path, text: str) -> None:
    """The file holds the old text or the new one, whole, whatever happens in between."""
    beside = path.with_name(path.name + ".writing")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    flush(path.parent)


def _current_statuses(data_dir: DataDir, build_id: str) -> dict[tuple[str, str], str]:
    rows = (
        pl.scan_parquet(data_dir.history / f"{build_id}.parquet")
        .filter(pl.col("is_current") & (pl.col("grain") == Grain.PROJECT) & (pl.col("period_kind") == PeriodKind.MONTH))
        .select("project_key", "kpi_key", "status")
        .collect()
    )
    return {(project, kpi): status for project, kpi, status in rows.iter_rows()}


def _close_and_keep_values(source: Path, values: Path) -> dict:
    """Folds the write-ahead log into the file, copies what stays for ever out of kpi_values, and counts: {kpi_rows}."""
    beside = values.with_name(values.name + ".writing")
    with duckdb.connect(str(source)) as database:
        tables = {name for (name,) in database.sql("select table_name from information_schema.tables").fetchall()}
        if "kpi_values" not in tables:
            raise PlimsollError(
                "publish.no_values",
                "The build made no table kpi_values, so there is nothing to publish. Restore dbt_project/, then refresh again.",
            )
        database.sql(_FOR_EVER).write_parquet(str(beside), compression="zstd")
        counts = {"kpi_rows": database.sql("select * from kpi_values").shape[0]}
        database.execute("force checkpoint")
    if source.with_name(source.name + ".wal").exists():
        raise PlimsollError(
            "publish.open_log",
            "{path} still has an open log after its checkpoint. Nothing was published; refresh again.",
            path=str(source),
        )
    flush(beside)
    os.replace(beside, values)
    flush(values.parent)
    return counts
