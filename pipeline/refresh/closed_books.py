"""The books of closed accounting periods, kept as they stood in the first build that published them as closed by finance.

What an export says of these days afterwards is an adjustment: it counts on the first open day and never rewrites what was
reported. Reopening a period puts its lines, and all after it, back to what the exports say; see int_closed_books.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.builds.published import Build
from models.builds.snapshot import Columns, Snapshot, open_snapshot
from models.errors import PlimsollError
from pipeline.ingest.landing.staging import flush
from pipeline.store import control
from pipeline.store.landed_hashes import file_hash

BOOK_SCHEMA: Columns = {
    "book_id": pl.Int64,
    "project_key": pl.String,
    "closed_from": pl.Date,
    "closed_to": pl.Date,
    "closing_id": pl.Int64,
}
LINE_SCHEMA: Columns = {
    "book_id": pl.Int64,
    "line_key": pl.String,
    "copies": pl.Int64,
    "project_key": pl.String,
    "project": pl.String,
    "wbs_code": pl.String,
    "category": pl.String,
    "kind": pl.String,
    "vendor": pl.String,
    "document_no": pl.String,
    "description": pl.String,
    "booked_on": pl.Date,
    "stated_on": pl.Date,
    "amount": pl.Decimal(18, 2),
    "currency": pl.String,
    "original_amount": pl.Decimal(18, 2),
    "original_currency": pl.String,
    "exchange_rate": pl.Decimal(20, 12),
    "rate_batch_id": pl.String,
    "rate_source_row": pl.Int64,
    "exchange_variance": pl.Decimal(18, 2),
    "phase": pl.String,
    "module": pl.String,
    "source_system": pl.String,
    "batch_id": pl.String,
    "source_row": pl.Int64,
    "is_of_ledger": pl.Boolean,
}
_NEWLY_CLOSED = """
    select projects.project_key, books.kept_to as closed_from, projects.finance_closed_on as closed_to
    from dim_projects as projects
    left join (select project_key, max(kept_to) as kept_to from int_closed_books group by 1) as books using (project_key)
    where not projects.is_unallocated and projects.finance_closed_on > coalesce(books.kept_to, date '1900-01-01')
    order by 1
"""
_LINES = """
    select * from int_counted_costs
    where project_key = $project_key and line_key is not null and booked_on <= $closed_to
        and booked_on > coalesce($closed_from::date, date '1900-01-01')
    order by booked_on, batch_id, source_row, line_key, copies
"""


def closed_books(connection: sa.Connection) -> list[dict]:
    """Every stretch of books that was ever kept, oldest first: the columns of the control store."""
    return control.rows_of(connection, sa.select(control.closed_books).order_by("book_id"))


def keep_closed_books(data_dir: DataDir, build: Build | None) -> list[dict]:
    """Keeps the lines of what this build published as closed by finance and no build before it did. Returns the new records.

    A build that knew of less than the store does (one that was rolled back to, or was made without this) keeps nothing.
    """
    if build is None or "closed_books" not in build.manifest:
        return []
    with control.reading(data_dir) as connection:
        known = [record["book_id"] for record in closed_books(connection)]
    snapshot = open_snapshot(build)
    if known != build.manifest["closed_books"] or not _tells_closed_books(snapshot):
        return []
    closing_id = max((word["closing_id"] for word in build.manifest["closings"]), default=0)
    made = []
    for project_key, closed_from, closed_to in snapshot.query(_NEWLY_CLOSED).iter_rows():
        days = {"project_key": project_key, "closed_from": closed_from, "closed_to": closed_to}
        lines = snapshot.query(_LINES, days).with_columns(book_id=pl.lit(None, pl.Int64))
        made.append(
            {
                "project_key": project_key,
                "closed_from": closed_from.isoformat() if closed_from else None,
                "closed_to": closed_to.isoformat(),
                "closing_id": closing_id,
                "content_hash": _keep(data_dir, lines.select(list(LINE_SCHEMA)).cast(pl.Schema(LINE_SCHEMA))),
                "build_id": build.build_id,
                "kept_at": control.iso(control.now_utc()),
            }
        )
    if made:
        with control.writing(data_dir) as connection:
            for record in made:
                connection.execute(control.closed_books.insert().values(**record))
                control.note(connection, "refresh", "keep books", record["project_key"], **record)
    return made


def kept_lines(data_dir: DataDir, records: list[dict]) -> pl.DataFrame:
    """The kept lines of these records, columns of LINE_SCHEMA.

    Raises: PlimsollError 'closed_books.missing' or 'closed_books.altered' where a file is gone, or is not what was kept.
    """
    frames = [pl.DataFrame(schema=LINE_SCHEMA)]
    for record in records:
        path = data_dir.closed_books_file(record["content_hash"])
        if not path.is_file():
            raise PlimsollError(
                "closed_books.missing",
                "{path} is gone, and with it the books of {project} up to {day} as finance closed them. Restore the folder "
                "from a backup.",
                path=str(path),
                project=record["project_key"],
                day=record["closed_to"],
            )
        if file_hash(path) != record["content_hash"]:
            raise PlimsollError(
                "closed_books.altered",
                "{path} is not what was kept of the books of {project} up to {day} when finance closed them. Restore the folder "
                "from a backup.",
                path=str(path),
                project=record["project_key"],
                day=record["closed_to"],
            )
        frames.append(pl.read_parquet(path).with_columns(book_id=pl.lit(record["book_id"], pl.Int64)))
    return pl.concat(frames)


def book_rows(records: list[dict]) -> list[dict]:
    """The records as a build reads them: see BOOK_SCHEMA."""
    return [
        {name: record[name] for name in BOOK_SCHEMA}
        | {
            "closed_from": dt.date.fromisoformat(record["closed_from"]) if record["closed_from"] else None,
            "closed_to": dt.date.fromisoformat(record["closed_to"]),
        }
        for record in records
    ]


def _tells_closed_books(snapshot: Snapshot) -> bool:
    found = "select 1 from information_schema.tables where table_name = 'int_counted_costs'"
    return not snapshot.query(found).is_empty()


def _keep(data_dir: DataDir, lines: pl.DataFrame) -> str:
    """Writes the lines and returns the SHA-256 of their file."""
    folder = data_dir.closed_books_file("-").parent
    folder.mkdir(parents=True, exist_ok=True)
    beside: Path = folder / "lines.writing"
    lines.write_parquet(beside)
    found = file_hash(beside)
    flush(beside)
    os.replace(beside, data_dir.closed_books_file(found))
    flush(folder)
    return found
