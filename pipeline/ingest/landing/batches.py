"""What is landed: listing, taking out of and back into the next build, and the rows that were held back.

Light to import: pages call these functions.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.builds.placement import refuse_writing
from models.errors import InputError
from models.intake import Batch, UndoneFile
from models.vocabulary import BatchStatus
from pipeline.store import control

QUARANTINE_SCHEMA = {
    "batch_id": pl.String,
    "feed": pl.String,
    "file_name": pl.String,
    "source_row": pl.Int64,
    "column": pl.String,
    "reason": pl.String,
    "value": pl.String,
    "raw": pl.String,
}
# As it is kept. message (JSON: template and details) is the reason for every language; header and cells (JSON: names, and the
# records that stand in that line) make it a file to mend again.
QUARANTINE_FILE_SCHEMA = QUARANTINE_SCHEMA | {"message": pl.String, "header": pl.String, "cells": pl.String}


def batches(data_dir: DataDir, *conditions: sa.ColumnElement[bool]) -> list[Batch]:
    """Every batch, or those that fulfill all conditions, newest first; `report` is what `load` said of it."""
    if not control.exists(data_dir):
        return []
    with control.reading(data_dir) as connection:
        return _read(connection, *conditions)


def undone(data_dir: DataDir) -> list[UndoneFile]:
    """The files that do not count since somebody, or a file in their place, undid them, oldest first; a file of several feeds
    once."""
    if not control.exists(data_dir):
        return []
    noted = control.audit
    with control.reading(data_dir) as connection:
        found = _read(connection, control.batches.c.status == BatchStatus.UNDONE)
        acts = connection.execute(
            sa.select(noted.c.subject, sa.func.max(noted.c.at))
            .where(noted.c.action == "undo")
            .group_by(noted.c.subject)
        )
        last = {subject: at for subject, at in acts}
    files = {
        UndoneFile(
            batch.file_name, last[batch.batch_id], frozenset(filter(None, (*batch.covers_projects, batch.project_hint)))
        )
        for batch in found
        if batch.batch_id in last
    }
    return sorted(files, key=lambda file: (file.undone_at, file.file_name))


def _read(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Batch]:
    table = control.batches
    newest_first = table.c.landed_at.desc(), table.c.batch_id.desc()
    rows = connection.execute(sa.select(table).where(*conditions).order_by(*newest_first)).mappings()
    # reports of other versions may hold more
    return [Batch.model_validate(dict(row), extra="ignore") for row in rows]


def quarantined(data_dir: DataDir, batch_id: str | None = None) -> pl.DataFrame:
    """Rows held back: batch_id, feed, file_name, source_row, column, reason (in English), value, raw (the row as it stands in
    the file), message (JSON: {template, details} of the reason; null of what an earlier version held back).

    Without `batch_id`, of all batches that are not undone. Rows that were mended and loaded again are no longer among them.
    Raises: InputError when there is no such batch.
    """
    every = batches(data_dir)
    counting = [batch for batch in every if batch.status != BatchStatus.UNDONE]
    known = counting if batch_id is None else [_one(every, batch_id)]
    files = [data_dir.quarantine_file(batch.batch_id) for batch in known if batch.rows_quarantined]
    frames = [_held(path) for path in files if path.exists()]
    rows = pl.concat(frames) if frames else pl.DataFrame(schema=QUARANTINE_FILE_SCHEMA)
    return rows.drop("header", "cells").join(
        _mended(data_dir, every), on=["batch_id", "source_row"], how="anti", maintain_order="left"
    )


def _mended(data_dir: DataDir, every: list[Batch]) -> pl.DataFrame:
    """batch_id and source_row of the rows that came back mended: they land with the batch and line they had."""
    mends = [batch for batch in every if batch.mends_batch and batch.status == BatchStatus.LANDED]
    files = [data_dir.landed_file(batch.feed, batch.batch_id) for batch in mends]
    frames = [pl.read_parquet(path, columns=["batch_id", "source_row"]) for path in files if path.exists()]
    schema = {"batch_id": pl.String, "source_row": pl.Int64}
    return pl.concat(frames).unique() if frames else pl.DataFrame(schema=schema)


def quarantine_file_rows(data_dir: DataDir, batch_id: str) -> pl.DataFrame:
    """Everything that is kept of the rows a batch held back, mended ones included: QUARANTINE_FILE_SCHEMA.

    Raises: InputError when there is no such batch.
    """
    batch = _one(batches(data_dir), batch_id)
    path = data_dir.quarantine_file(batch.batch_id)
    if not path.exists():
        return pl.DataFrame(schema=QUARANTINE_FILE_SCHEMA)
    return _held(path)


def _held(path: Path) -> pl.DataFrame:
    rows = pl.read_parquet(path)
    lacking = [
        pl.lit(None, kind).alias(name) for name, kind in QUARANTINE_FILE_SCHEMA.items() if name not in rows.columns
    ]
    return rows.with_columns(lacking).select(list(QUARANTINE_FILE_SCHEMA))


def undo_batch(data_dir: DataDir, batch_id: str, actor: str = "cli") -> None:
    """Takes a landed or held batch out of the next build, and with it the mended rows that joined it.

    Raises: InputError when it is undone already, or unknown.
    """
    may_be = {BatchStatus.LANDED, BatchStatus.HELD}
    _move(data_dir, batch_id, actor, "undo", may_be=may_be, becomes=BatchStatus.UNDONE)


def redo_batch(data_dir: DataDir, batch_id: str, actor: str = "cli") -> None:
    """Puts an undone batch back into the next build. Raises: InputError when it is not undone, unknown, or its file is gone."""
    _move(data_dir, batch_id, actor, "redo", may_be={BatchStatus.UNDONE}, becomes=BatchStatus.LANDED)


def accept_batch(data_dir: DataDir, batch_id: str, actor: str = "cli") -> None:
    """Lets a held batch into the next build. Raises: InputError when it is not held, or unknown."""
    _move(data_dir, batch_id, actor, "accept", may_be={BatchStatus.HELD}, becomes=BatchStatus.LANDED)


def batch_of_content(connection: sa.Connection, feed: str, content_hash: str) -> Batch | None:
    """The newest batch that holds exactly these bytes for this feed, one that counts before one that is undone."""
    table = control.batches
    found = _read(connection, table.c.content_hash == content_hash, table.c.feed == feed)
    return next(iter(sorted(found, key=lambda batch: batch.status == BatchStatus.UNDONE)), None)


def _one(known: list[Batch], batch_id: str) -> Batch:
    for batch in known:
        if batch.batch_id == batch_id:
            return batch
    raise InputError(
        "ingest.unknown_batch",
        "There is no batch {batch_id}. `python -m pipeline batches` lists them.",
        batch_id=batch_id,
    )


def _move(
    data_dir: DataDir, batch_id: str, actor: str, action: str, *, may_be: set[BatchStatus], becomes: BatchStatus
) -> None:
    with control.writing(data_dir) as connection:
        table = control.batches
        batch = _one(_read(connection, table.c.batch_id == batch_id), batch_id)
        if batch.status not in may_be:
            raise InputError(
                "ingest.batch_cannot_move",
                "Batch {batch_id} ({file}) is {status}, so there is nothing to {action}.",
                batch_id=batch_id,
                file=batch.file_name,
                status=batch.status,
                action=action,
            )
        if becomes == BatchStatus.LANDED:
            _refuse_second(connection, batch, action)
            _refuse_without_parent(connection, batch, action)
            _refuse_lost(data_dir, batch)
        connection.execute(table.update().where(table.c.batch_id == batch_id).values(status=str(becomes)))
        control.note(connection, actor, action, batch_id, file=batch.file_name, was=batch.status)
        if becomes == BatchStatus.UNDONE:
            undo_mends(connection, batch_id, actor)


def undo_mends(connection: sa.Connection, batch_id: str, actor: str) -> None:
    """Mended rows belong to the batch they were held back from, and go with it."""
    undo_those(connection, control.batches.c.mends_batch == batch_id, actor, with_batch=batch_id)


def undo_those(
    connection: sa.Connection, condition: sa.ColumnElement[bool], actor: str, **noted: object
) -> list[Batch]:
    """Undoes the batches that fulfill the condition, each with a line in the audit; those that were not undone before."""
    table = control.batches
    found = _read(connection, condition, table.c.status != BatchStatus.UNDONE)
    for batch in found:
        connection.execute(
            table.update().where(table.c.batch_id == batch.batch_id).values(status=str(BatchStatus.UNDONE))
        )
        control.note(connection, actor, "undo", batch.batch_id, file=batch.file_name, was=batch.status, **noted)
    return found


def _refuse_without_parent(connection: sa.Connection, batch: Batch, action: str) -> None:
    if not batch.mends_batch:
        return
    table = control.batches
    if not _read(connection, table.c.batch_id == batch.mends_batch, table.c.status == BatchStatus.LANDED):
        raise InputError(
            "ingest.mends_parent_gone",
            "Batch {batch_id} holds mended rows of batch {parent}, which does not count now. Redo that one first.",
            batch_id=batch.batch_id,
            parent=batch.mends_batch,
            action=action,
        )


def _refuse_second(connection: sa.Connection, batch: Batch, action: str) -> None:
    other = batch_of_content(connection, batch.feed, batch.content_hash)
    if other and other.batch_id != batch.batch_id and other.status == BatchStatus.LANDED:
        raise InputError(
            "ingest.already_landed_as",
            "The same file is landed as batch {other} since {landed_at}; {batch_id} would count it twice. "
            "Undo that one first.",
            batch_id=batch.batch_id,
            other=other.batch_id,
            landed_at=other.landed_at,
        )


def _refuse_lost(data_dir: DataDir, batch: Batch) -> None:
    if not data_dir.landed_file(batch.feed, batch.batch_id).is_file():
        refuse_writing(data_dir)  # on a machine that follows another's builds it never was here
        raise InputError(
            "ingest.landed_file_gone",
            "The landed file of batch {batch_id} is gone. Load {file} again, or restore the data folder from a backup.",
            batch_id=batch.batch_id,
            file=batch.file_name,
        )
