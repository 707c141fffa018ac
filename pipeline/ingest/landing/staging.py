"""One feed of one file on its way in: rows go to a temporary Parquet file, rows held back to another, chunk by chunk.

Nothing counts until landing.py renames the files and writes the control store; memory holds one chunk.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from models.builds.data_dir import DataDir
from models.builds.snapshot import Columns
from models.feeds import FEEDS, Feed, Merge
from models.intake import HeldRow
from pipeline.ingest.contracts.raw_table import RejectedRow
from pipeline.ingest.landing.batches import QUARANTINE_FILE_SCHEMA
from pipeline.ingest.landing.preview import shortened

KEYS_MEMORY = "512MB"  # what DuckDB may use to look for repeated keys; it spills to disk beyond


def arrow_schema(feed: Feed) -> pa.Schema:
    return pl.DataFrame(schema=feed.schema()).to_arrow().schema


@dataclass
class Staged:
    """What the files hold when a feed is ready to be landed; counts are rows of the feed."""

    feed: Feed
    batch_id: str
    rows_file: Path
    quarantine_file: Path
    content_hash: str = ""  # of the file: what else is landed of the same bytes is not compared with it
    mends_batch: str | None = None  # the batch that the rows belong to, where they come back mended
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0
    first_held: list[HeldRow] = field(default_factory=list)  # the first reasons, for the report


class Staging:
    """Use as a context manager: what the landing has not renamed by then is deleted on the way out."""

    def __init__(self, data_dir: DataDir, feed: str, batch_id: str, file_name: str) -> None:
        self.feed, self.batch_id, self.file_name = FEEDS[feed], batch_id, file_name
        folder = data_dir.landing / "staging"
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{batch_id}.{os.getpid()}"
        self.result = Staged(self.feed, batch_id, folder / f"{stem}.rows", folder / f"{stem}.held")
        self._schema = arrow_schema(self.feed)
        self._rows: pq.ParquetWriter | None = None
        self._held: pq.ParquetWriter | None = None

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()
        discard(self.result)

    def take(self, rows: pl.DataFrame) -> None:
        """Typed rows of the feed; columns that the file lacks are filled with null."""
        frame = rows.with_columns(
            *(
                pl.lit(None, kind).alias(name)
                for name, kind in self.feed.schema().items()
                if name not in rows.columns and name != "batch_id"
            ),
            batch_id=pl.lit(self.result.mends_batch or self.batch_id),
        ).select([pl.col(name).cast(kind) for name, kind in self.feed.schema().items()])
        self._write_rows(frame.to_arrow())

    def _write_rows(self, table: pa.Table) -> None:
        if self._rows is None:
            self._rows = pq.ParquetWriter(self.result.rows_file, self._schema, compression="zstd")
        self._rows.write_table(table.cast(self._schema))
        self.result.accepted += table.num_rows

    def hold(self, rejected: list[RejectedRow], header: list[str], cells: dict[int, list[list[str]]]) -> None:
        """Rows that are held back, with their reasons and their text as it stands in the file.

        header, cells: the names of the columns, and the records in each line, for a file to mend.
        """
        names = json.dumps(header, ensure_ascii=False)
        if not rejected:
            return
        frame = pl.DataFrame(
            [
                {
                    "batch_id": self.batch_id,
                    "feed": self.feed.name,
                    "file_name": self.file_name,
                    "source_row": row.source_row,
                    "column": row.column,
                    "reason": row.reason,
                    "value": row.value,
                    "raw": row.raw,
                    "message": json.dumps(
                        {"template": row.template, "details": row.details}, ensure_ascii=False, default=str
                    ),
                    "header": names,
                    "cells": json.dumps(found, ensure_ascii=False) if (found := cells.get(row.source_row)) else None,
                }
                for row in rejected
            ],
            schema=QUARANTINE_FILE_SCHEMA,
        )
        if self._held is None:
            schema = pl.DataFrame(schema=QUARANTINE_FILE_SCHEMA).to_arrow().schema
            self._held = pq.ParquetWriter(self.result.quarantine_file, schema, compression="zstd")
        self._held.write_table(frame.to_arrow().cast(self._held.schema))
        self.result.quarantined += len(rejected)
        room = 5 - len(self.result.first_held)
        self.result.first_held += [
            HeldRow(
                source_row=row.source_row,
                column=row.column,
                reason=row.reason,
                template=row.template,
                details=row.details,
                raw=shortened(row.raw),
            )
            for row in rejected[:room]
        ]

    def repeated_keys(self) -> pl.DataFrame:
        """Rows whose key another row of this file holds too and which that row outdoes: position, source_row, kept_row,
        is_older (by updated_at), is_same (in every column). Empty for feeds without keys of their own."""
        self._close_rows()
        if self.feed.merge is not Merge.BY_KEY or not self.result.accepted:
            return pl.DataFrame(schema=_REPEATED_SCHEMA)
        keys = ", ".join(f'"{name}"' for name in self.feed.row_key)
        newest = "updated_at desc nulls last, " if "updated_at" in self.feed.schema() else ""
        older = "updated_at < first_value(updated_at) over same_key" if newest else "false"
        columns = ", ".join(f'"{name}"' for name in self.feed.schema() if name not in ("source_row", "batch_id"))
        sql = f"""
            with
            numbered as (
                select *, hash({columns}) as content from read_parquet(?, file_row_number = true)
            ),
            ranked as (
                select
                    file_row_number as position,
                    source_row,
                    row_number() over same_key as place,
                    first_value(source_row) over same_key as kept_row,
                    coalesce({older}, false) as is_older,
                    content = first_value(content) over same_key as is_same
                from numbered
                window same_key as (partition by {keys} order by {newest}source_row desc, file_row_number desc)
            )
            select position, source_row, kept_row, is_older, is_same from ranked where place > 1 order by position
        """
        has_repeats = f"select 1 from read_parquet(?) group by {keys} having count(*) > 1 limit 1"
        if query_files(has_repeats, self.result.rows_file).is_empty():
            return pl.DataFrame(schema=_REPEATED_SCHEMA)
        return query_files(sql, self.result.rows_file).cast(pl.Schema(_REPEATED_SCHEMA))

    def take_out(self, positions: list[int]) -> None:
        """Writes the rows file again without these rows (positions count from 0 over the whole file)."""
        if not positions:
            return
        self._close_rows()
        out = pl.Series(positions, dtype=pl.Int64)
        before, self._rows = self.result.rows_file.with_suffix(".before"), None
        self.result.rows_file.replace(before)
        self.result.accepted = 0
        start = 0
        try:
            with pq.ParquetFile(before) as stored:
                for group in range(stored.num_row_groups):
                    table = stored.read_row_group(group)
                    here = pl.int_range(start, start + table.num_rows, dtype=pl.Int64, eager=True)
                    self._write_rows(table.filter((~here.is_in(out.implode())).to_arrow()))
                    start += table.num_rows
        finally:
            before.unlink(missing_ok=True)
        self._close_rows()

    def staged(self) -> Staged:
        """Closes the files and makes them durable."""
        if self._rows is None and not self.result.rows_file.exists():
            self._write_rows(self._schema.empty_table())
        self._close()
        for path in (self.result.rows_file, self.result.quarantine_file):
            if path.exists():
                flush(path)
        return self.result

    def _close_rows(self) -> None:
        if self._rows is not None:
            self._rows.close()

    def _close(self) -> None:
        self._close_rows()
        if self._held is not None:
            self._held.close()


_REPEATED_SCHEMA: Columns = {
    "position": pl.Int64,
    "source_row": pl.Int64,
    "kept_row": pl.Int64,
    "is_older": pl.Boolean,
    "is_same": pl.Boolean,
}


def query_files(sql: str, *given: object) -> pl.DataFrame:
    """DuckDB over Parquet files that are not landed yet or no longer change: bounded memory, the rest goes to disk.

    given: what the question marks stand for, files among them.
    """
    params = [str(argument) if isinstance(argument, Path) else argument for argument in given]
    try:
        with _database().cursor() as connection:
            return connection.sql(sql, params=params).pl()
    except (duckdb.FatalException, duckdb.InternalException):
        _database.cache_clear()  # it answers nothing any more
        raise


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One per process, with nothing in it: opening one takes longer than most of what a file is asked."""
    return duckdb.connect(
        ":memory:", config={"memory_limit": KEYS_MEMORY, "threads": 2, "enable_external_file_cache": False}
    )


def discard(staged: Staged) -> None:
    staged.rows_file.unlink(missing_ok=True)
    staged.quarantine_file.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Waits until the bytes of a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
