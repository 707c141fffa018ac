"""The moment from which rows count: originals, landed files and the control store, in an order that a kill cannot spoil.

A batch is landed exactly when its row in the control store says so. Files come first, each written under another name,
made durable and renamed; an intent file names them, so that the next load sweeps what a killed one left.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import psutil
import sqlalchemy as sa
from filelock import FileLock

from models.builds.data_dir import DataDir
from models.feeds import FEEDS, Feed
from models.intake import Batch, Covers, LoadReport
from models.vocabulary import BatchStatus, FileStatus
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.landing.batches import batch_of_content, undo_mends, undo_those
from pipeline.ingest.landing.staging import Staged, Staging, discard, flush
from pipeline.store import control
from pipeline.store.landed_hashes import file_hash

LOCK_SECONDS = (
    600  # a load of the largest file holds the lock only while it renames; ten minutes mean that something hangs
)
MOST_PROJECTS = 1000  # codes kept in covers_projects; a file with more names every project there is


@dataclass
class Incoming:
    """One feed of one file, staged, with what the control store is to say of it."""

    staging: Staging
    source: SourceFile
    system: str
    project: str | None
    mapping: dict[str, str]
    report: LoadReport
    status: BatchStatus
    covers: Covers
    exported_at: dt.datetime | None = None
    is_full_snapshot: bool = False

    @property
    def staged(self) -> Staged:
        return self.staging.result


def new_batch_id(data_dir: DataDir, feed: str, content_hash: str) -> str:
    """YYYYMMDDTHHMMSS-<feed>-<8 hex of the content>: later batches of a feed sort after earlier ones."""
    moment, taken = control.now_utc(), ""
    if control.exists(data_dir):
        table = control.batches
        with control.reading(data_dir) as connection:
            moment = max(moment, _newest_landing(connection) or moment)
            taken = (
                connection.execute(sa.select(sa.func.max(table.c.batch_id)).where(table.c.feed == feed)).scalar() or ""
            )
    stamp = f"{moment:%Y%m%dT%H%M%S}"
    if stamp <= taken[: len(stamp)]:
        stamp = f"{dt.datetime.strptime(taken[: len(stamp)], '%Y%m%dT%H%M%S') + dt.timedelta(seconds=1):%Y%m%dT%H%M%S}"
    return f"{stamp}-{feed}-{content_hash[:8]}"


def _newest_landing(connection: sa.Connection) -> dt.datetime | None:
    newest = connection.execute(sa.select(sa.func.max(control.batches.c.landed_at))).scalar()
    return dt.datetime.fromisoformat(newest) if newest else None


def _landing_moment(connection: sa.Connection) -> str:
    """Now, but always after what landed before: a clock that was set back must not make a corrected file the older one.

    To the microsecond, as several files land within one second.
    """
    now = control.clock()
    newest = _newest_landing(connection)
    if newest and newest >= now:
        now = newest + dt.timedelta(microseconds=1)
    return f"{now:%Y-%m-%dT%H:%M:%S.%fZ}"


def batches_of_content(data_dir: DataDir, content_hash: str) -> list[Batch]:
    """The newest batch of each feed that holds exactly these bytes, one that counts before one that is undone."""
    if not control.exists(data_dir):
        return []
    with control.reading(data_dir) as connection:
        found = [batch_of_content(connection, feed, content_hash) for feed in FEEDS]
        return [batch for batch in found if batch is not None]


def known_batch(data_dir: DataDir, feed: str, content_hash: str) -> Batch | None:
    if not control.exists(data_dir):
        return None
    with control.reading(data_dir) as connection:
        return batch_of_content(connection, feed, content_hash)


def covers(staged: Staged, time_zone: str) -> Covers:
    """What the rows are about; instants count on their day in `time_zone`.

    A ledger covers whole months: a voucher of the 28th stands for the month that was closed with it.
    """
    feed = staged.feed
    rows = pl.scan_parquet(staged.rows_file)
    project = _project_column(feed)
    projects: list[str] = []
    if project:
        found = rows.select(pl.col(project).drop_nulls().unique().sort().head(MOST_PROJECTS)).collect()
        projects = found[project].to_list()
    if feed.event_on is None:
        return Covers(projects=projects, first=None, last=None)
    day = pl.col(feed.event_on)
    if isinstance(feed.schema()[feed.event_on], pl.Datetime):
        day = day.dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone).dt.date()
    if PLUGINS[feed.name].whole_months:
        first, last = (
            rows.select(day.min().dt.month_start().alias("a"), day.max().dt.month_end().alias("b")).collect().row(0)
        )
    else:
        first, last = rows.select(day.min().alias("a"), day.max().alias("b")).collect().row(0)
    return Covers(projects=projects, first=first, last=last)


def _project_column(feed: Feed) -> str | None:
    return next((name for name in ("project", "project_key") if name in feed.schema()), None)


def land(data_dir: DataDir, incoming: list[Incoming], landed_by: str, again: bool = False) -> None:
    """Lands the feeds of one file together: all of them count, or none does.

    Each report is completed in place (status, batch_id). Another process that landed the same bytes meanwhile wins; only
    when a file is read `again` do the batches that hold its bytes give way, in the same transaction.
    """
    with landing_lock(data_dir):
        sweep(data_dir)
        incoming = [arrival for arrival in incoming if again or not _landed_meanwhile(data_dir, arrival)]
        if not incoming:
            return
        keep_original(data_dir, incoming[0].source)
        intent = _write_intent(data_dir, incoming)
        moved: list[Path] = []
        try:
            with control.writing(data_dir) as connection:
                if again:
                    _give_way(connection, incoming[0].source, landed_by)
                landed_at = _landing_moment(connection)
                for arrival in incoming:
                    batch = _batch(arrival, landed_by, landed_at, file_hash(arrival.staged.rows_file))
                    moved += _move_files(data_dir, arrival.staged)
                    connection.execute(control.batches.insert().values(batch.as_json()))
                    control.note(
                        connection,
                        landed_by,
                        "hold" if arrival.status == BatchStatus.HELD else "load",
                        arrival.staged.batch_id,
                        file=arrival.source.name,
                        content_hash=arrival.source.content_hash,
                        rows_accepted=arrival.staged.accepted,
                        rows_quarantined=arrival.staged.quarantined,
                    )
        except BaseException:
            for path in moved:
                path.unlink(missing_ok=True)
            intent.unlink(missing_ok=True)
            raise
        intent.unlink(missing_ok=True)


def _give_way(connection: sa.Connection, source: SourceFile, landed_by: str) -> None:
    """Undoes what is landed or held of these bytes, and the mended rows that joined it."""
    same = control.batches.c.content_hash == source.content_hash
    for batch in undo_those(connection, same, landed_by, read_again=True):
        undo_mends(connection, batch.batch_id, landed_by)


def _landed_meanwhile(data_dir: DataDir, arrival: Incoming) -> bool:
    known = known_batch(data_dir, arrival.staged.feed.name, arrival.source.content_hash)
    if known is None or known.status == BatchStatus.UNDONE:
        return False
    discard(arrival.staged)
    arrival.report = arrival.report.model_copy(update={"status": FileStatus.UNCHANGED, "batch_id": known.batch_id})
    return True


def _batch(arrival: Incoming, landed_by: str, landed_at: str, landed_hash: str) -> Batch:
    return Batch(
        batch_id=arrival.staged.batch_id,
        feed=arrival.staged.feed.name,
        status=arrival.status,
        file_name=arrival.source.name,
        content_hash=arrival.source.content_hash,
        size_bytes=arrival.source.size_bytes,
        source_system=arrival.system,
        project_hint=arrival.project,
        mapping=arrival.mapping,
        report=arrival.report,
        rows_accepted=arrival.staged.accepted,
        rows_quarantined=arrival.staged.quarantined,
        covers_projects=arrival.covers.projects,
        covers_from=arrival.covers.first,
        covers_to=arrival.covers.last,
        is_full_snapshot=int(arrival.is_full_snapshot),
        snapshot_scope=f"project={','.join(arrival.covers.projects)}" if arrival.is_full_snapshot else None,
        exported_at=control.iso(arrival.exported_at.replace(tzinfo=dt.UTC)) if arrival.exported_at else landed_at,
        landed_at=landed_at,
        landed_by=landed_by,
        mends_batch=arrival.staged.mends_batch,
        landed_hash=landed_hash,
    )


def _final_files(data_dir: DataDir, staged: Staged) -> list[tuple[Path, Path]]:
    pairs = [(staged.rows_file, data_dir.landed_file(staged.feed.name, staged.batch_id))]
    if staged.quarantine_file.exists():
        pairs.append((staged.quarantine_file, data_dir.quarantine_file(staged.batch_id)))
    return pairs


def _move_files(data_dir: DataDir, staged: Staged) -> list[Path]:
    moved = []
    for written, final in _final_files(data_dir, staged):
        final.parent.mkdir(parents=True, exist_ok=True)
        os.replace(written, final)
        flush(final.parent)
        moved.append(final)
    return moved


def keep_original(data_dir: DataDir, source: SourceFile) -> None:
    """The bytes as they were handed in, under originals/<SHA-256>; kept once, whatever became of the file."""
    kept = data_dir.original_file(source.content_hash)
    if kept.exists() and kept.stat().st_size == source.size_bytes:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    written = kept.with_name(f".{source.content_hash}.{os.getpid()}.part")
    try:
        shutil.copyfile(source.path, written)
        flush(written)
        os.replace(written, kept)
        flush(kept.parent)
    finally:
        written.unlink(missing_ok=True)


def note_refusal(data_dir: DataDir, source: SourceFile | None, name: str, report: LoadReport, landed_by: str) -> None:
    """A refused file leaves its bytes and a line in the audit, and nothing else."""
    if source is not None:
        keep_original(data_dir, source)
    with control.writing(data_dir) as connection:
        control.note(
            connection,
            landed_by,
            "refuse",
            name,
            feed=report.feed,
            content_hash=source.content_hash if source else None,
            reasons=[reason.message for reason in report.reasons[:5]],
        )


@contextmanager
def landing_lock(data_dir: DataDir) -> Iterator[None]:
    data_dir.landing.mkdir(parents=True, exist_ok=True)
    with FileLock(data_dir.landing / ".lock", timeout=LOCK_SECONDS):
        yield


def _write_intent(data_dir: DataDir, incoming: list[Incoming]) -> Path:
    """Names the files that are about to be renamed: only what an intent names is ever swept."""
    path = data_dir.landing / "staging" / f"{incoming[0].staged.batch_id}.{os.getpid()}.intent"
    finals = {
        arrival.staged.batch_id: [str(final) for _, final in _final_files(data_dir, arrival.staged)]
        for arrival in incoming
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(finals), encoding="utf-8")
    flush(path)
    return path


def sweep(data_dir: DataDir) -> int:
    """Deletes what killed loads left behind; returns how many files. Call it under the landing lock."""
    folder = data_dir.landing / "staging"
    swept = 0
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        process = path.name.split(".")[1:2]
        if process and process[0].isdigit() and psutil.pid_exists(int(process[0])):
            continue
        if path.suffix == ".intent":
            swept += _sweep_intent(data_dir, path)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
            swept += 1
        else:
            path.unlink(missing_ok=True)
            swept += 1
    for part in data_dir.original_file("x").parent.glob(".*.part"):
        if not psutil.pid_exists(int(part.name.split(".")[2])):
            part.unlink(missing_ok=True)
            swept += 1
    return swept


def _sweep_intent(data_dir: DataDir, intent: Path) -> int:
    try:
        finals = json.loads(intent.read_text(encoding="utf-8"))
    except ValueError:  # killed while it was written: nothing had been renamed yet
        finals = {}
    with control.reading(data_dir) as connection:
        known = {row[0] for row in connection.execute(sa.select(control.batches.c.batch_id))}
    lost = [Path(path) for batch_id, paths in finals.items() if batch_id not in known for path in paths]
    for path in lost:
        path.unlink(missing_ok=True)
    intent.unlink(missing_ok=True)
    return len(lost)
