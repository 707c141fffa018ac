"""What all readers of project files share: whose schedule it is."""

from __future__ import annotations

import polars as pl

from models.errors import InputError
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.files.source import SourceFile


def name_project(read: ReadRows, source: SourceFile, project: str | None) -> None:
    """Sets the project that the person named in place of the one in the file.

    Raises: InputError where neither names one.
    """
    if project:
        read.rows = read.rows.with_columns(project=pl.lit(project))
        read.columns = {header: name for header, name in read.columns.items() if name != "project"}
    elif read.rows["project"].null_count():
        raise InputError(
            "door.project_needed",
            "{file} names no project, and {feed} needs one. Say which with --project, or choose it on the upload page.",
            file=source.name,
            feed=read.feed,
        )
