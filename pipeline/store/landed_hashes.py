"""Whether the landed files are still what was landed: Parquet notices few of the bits that a disk may turn.

A batch of an earlier version has no hash: the first build that meets its file notes one, so that what changes later is seen.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select, update

from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from models.vocabulary import BatchStatus
from pipeline.store import control


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_landed_files(data_dir: DataDir) -> None:
    """Compares every landed batch's file with its hash, before anything is read from it. A file that is gone is told by `freeze`.

    Raises: PlimsollError 'build.landed_file_changed', naming the file, the batch and the way back.
    """
    landed = select(control.batches).where(control.batches.c.status == BatchStatus.LANDED)
    unknown = {}
    for batch in control.rows(data_dir, landed):
        path = data_dir.landed_file(batch["feed"], batch["batch_id"])
        if not path.is_file():
            continue
        found = file_hash(path)
        if batch["landed_hash"] is None:
            unknown[batch["batch_id"]] = found
        elif found != batch["landed_hash"]:
            raise PlimsollError(
                "build.landed_file_changed",
                "{path} is not what was landed: its bytes have changed on the disk, and with them rows of {file_name}. Nothing "
                "was built from it. Restore the file from a backup, or run `python -m pipeline undo {batch_id}` and load "
                "{file_name} again (its original bytes are kept in landing/originals).",
                path=str(path),
                batch_id=batch["batch_id"],
                file_name=batch["file_name"],
            )
    if unknown:
        with control.writing(data_dir) as connection:
            for batch_id, found in unknown.items():
                table = control.batches
                connection.execute(update(table).where(table.c.batch_id == batch_id).values(landed_hash=found))
