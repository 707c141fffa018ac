"""What the build before had counted, thing by thing, as a frozen input: the next build looks for it again (see kpi_lost_rows)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import structlog

from models.builds.published import Build
from models.builds.snapshot import Columns

_SCHEMA: Columns = {
    "fact": pl.String,
    "measure_key": pl.String,
    "project_key": pl.String,
    "identity": pl.String,
    "module": pl.String,
    "phase": pl.String,
    "counts_from": pl.Date,
    "counts_until": pl.Date,
    "amount": pl.Decimal(28, 4),
    "row_key": pl.String,
    "row_label": pl.String,
    "file_name": pl.String,
    "source_row": pl.Int64,
    "detail": pl.String,
    "lost_since": pl.String,
    "lost_on": pl.Date,
    "watched_on": pl.Date,
    "watched_of": pl.Int64,
    "changed_by": pl.String,
    "changed_on": pl.Date,
    "changed_in": pl.String,
}
_MEMORY = "512MB"  # what does not fit is spilled beside the file

log = structlog.get_logger("plimsoll.previous_things")


def keep_things(build: Build | None, path: Path, *, is_alike: bool) -> None:
    """Writes what this build counted, and what it missed, to a Parquet file; one without rows where there is no such build.

    is_alike: the next build counts by the same definitions. Otherwise only what was missed or watched already is kept.
    """
    if build is not None and _copied(build, path, is_alike):
        return
    pl.DataFrame(schema=_SCHEMA).write_parquet(path)


def _copied(build: Build, path: Path, is_alike: bool) -> bool:
    columns = ", ".join(_SCHEMA)
    condition = "" if is_alike else "where lost_since is not null or watched_on is not null"
    with duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2, "temp_directory": str(path.parent)}) as database:
        try:
            # the views of a build name its catalog
            database.execute(f"attach '{_quoted(build.path)}' as plimsoll (read_only)")
            database.execute("use plimsoll")
            database.execute(
                f"copy (select {columns} from kpi_things {condition}) to '{_quoted(path)}' (format parquet)"
            )
        except duckdb.Error as error:  # a damaged file, or a build from before rows were looked for
            log.warning("nothing_to_compare_with", build_id=build.build_id, reason=str(error))
            return False
    return True


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
