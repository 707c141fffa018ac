"""The project in the key of an issue, for feeds whose rows name one."""

from __future__ import annotations

import polars as pl

# The key of an issue names its project up to the last hyphen, where keys are of that style or were copied from such.
KEY_WITH_PROJECT = r"^\s*([A-Za-z][A-Za-z0-9_]*)-\d+\s*$"


def project_from_key(rows: pl.DataFrame) -> pl.DataFrame:
    """Where a row names no project, the one in its issue's key (YB of YB-17)."""
    if "issue_key" not in rows.columns:
        return rows
    from_key = pl.col("issue_key").str.extract(KEY_WITH_PROJECT, 1)
    if "project" not in rows.columns:
        return rows.with_columns(project=from_key)
    named = pl.col("project").str.strip_chars()
    return rows.with_columns(project=pl.when(named != "").then(pl.col("project")).otherwise(from_key))
