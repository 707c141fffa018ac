"""A table as it stands in the file, however it is stored: header, records, rows left out and rows held back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.ingest.contracts.skipped_rows import LeftOut

CHUNK_ROWS = 200_000


@dataclass(frozen=True)
class RejectedRow:
    """A row held back: its line, why (code, template, details as in PlimsollError), and its text as it stands in the file."""

    source_row: int
    code: str
    template: str
    details: dict[str, Any]
    raw: str = ""
    column: str | None = None
    value: str | None = None

    @property
    def reason(self) -> str:
        return self.template.format(**self.details)


@dataclass
class RawTable:
    """header: names as in the file, repeated ones kept. records: data records by an independent count, ragged included.

    left_out: rows that are no data, by rule. ragged: records whose cells cannot be matched to the header.
    warnings: what was guessed, as (code, template, details).
    """

    file: str
    header: tuple[str, ...]
    header_line: int = 1
    encoding: str = "utf-8"
    encoding_confidence: float = 1.0
    delimiter: str | None = None
    sheet: str | None = None
    left_out: list[LeftOut] = field(default_factory=list)
    ragged: list[RejectedRow] = field(default_factory=list)
    records: int = 0
    warnings: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def chunks(self, columns: Iterable[int] | None = None) -> Iterator[pl.DataFrame]:
        """Frames of at most 200,000 rows: "c0".."cN" as text (empty cell = null) and "source_row" Int64.

        columns: only these indices (reading fewer is faster).
        """
        raise NotImplementedError

    def raw_text(self, source_rows: Iterable[int]) -> dict[int, str]:
        """The text of these rows as it stands in the file, for rows held back later."""
        raise NotImplementedError

    def mapped(self, columns: Mapping[int, str], texts: Iterable[int]) -> None:
        """Told which columns count, as {index: canonical name}, and which of them are read as text, before any is read."""
