"""A file as a table of text, whatever kind of table it is."""

from __future__ import annotations

from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.files.source import WORKBOOKS, ContentKind, SourceFile, refusal
from pipeline.ingest.files.tables import TextTable
from pipeline.ingest.files.workbooks.workbooks import read_sheet


def read_table(source: SourceFile, sheet: str | None = None, encoding: str | None = None) -> RawTable:
    """encoding: of a text table, where somebody said it.

    Raises: InputError for what is no table, an unclosed quote, undecodable bytes, a header without rows.
    """
    if source.kind in WORKBOOKS:
        return read_sheet(source, sheet)
    if source.kind is not ContentKind.TEXT_TABLE:
        raise refusal(source)
    return TextTable.read(source, encoding=encoding)
