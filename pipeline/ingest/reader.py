"""One feed of one file as typed chunks, wherever it came from: a table, the worklog cells beside it, or a reader.

Everything is counted on the way: what a chunk held before and after each step must add up, and so must the whole.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from models.errors import InputError
from models.feeds import FEEDS, Feed
from models.intake import ColumnUnit, Question
from pipeline.ingest.checks.control_totals import ControlTotals
from pipeline.ingest.checks.cut_off import broken_off
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.options import Progress
from pipeline.ingest.contracts.plugin import FeedInCells, FeedPlugin, Reshape
from pipeline.ingest.contracts.raw_table import CHUNK_ROWS, RawTable, RejectedRow
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects.money_units import FACTORS
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.files.long_cells import without_long_cells
from pipeline.ingest.files.records import cells_of, record_cells, records_of
from pipeline.ingest.mapping.columns import canonical_rows
from pipeline.ingest.resubmission import Mend
from pipeline.ingest.values.cast import DATED, NUMERIC, cast_chunk, iso_formats, settle_formats
from pipeline.ingest.values.formats import Formats, ReadOptions
from pipeline.ingest.values.hour_units import HOURS_IN_A_MONTH

MOST_UNKNOWN_WORDS = 50  # of one column; more of them are no vocabulary


@dataclass
class Typed:
    """rows: typed, with source_row. rejected: held back, one entry per row. repeated: rows that were there before."""

    rows: pl.DataFrame
    rejected: list[RejectedRow]
    repeated: int = 0


@dataclass
class FeedRows:
    """What the landing needs to know of one feed of one file; `chunks` must be read to the end before the reports are."""

    feed: str
    system: str
    file: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    columns_mapped: dict[str, str] = field(default_factory=dict)
    columns_unmapped: list[str] = field(default_factory=list)
    left_out: list[dict] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    cut: list[Reason] = field(default_factory=list)
    exported_at: dt.datetime | None = None
    is_full_snapshot: bool = False
    date_format: str | None = None
    encoding_confidence: float | None = None  # 1.0 when the bytes themselves prove it; None where there is no encoding
    units: dict[str, ColumnUnit] = field(default_factory=dict)  # by canonical column
    unknown_words: dict[str, dict[str, int]] = field(default_factory=dict)  # canonical column → {word: rows}
    questions: list[Question] = field(default_factory=list)  # what only a person can say
    time_zone: str | None = None
    date_order: str | None = None
    mend: Mend | None = None  # rows held back before, that come back to the batch they belong to
    in_several_sheets: bool = False  # the same line number stands in several sheets: a row's text is fetched at once
    most_hours: float | None = None  # what one row may hold at most, where it stands for more than one person's day

    def _read_as(self, table: RawTable, options: ReadOptions, formats: list[Formats]) -> None:
        """What was guessed or said of text and dates, for the report."""
        self.encoding_confidence = table.encoding_confidence if table.encoding else None
        self.time_zone = options.time_zone
        self.date_order = next((found.date_order for found in formats if found.date_order), None)

    def _learned(self, formats: Formats) -> None:
        """What only the casting of all rows shows: warnings, and the words that no vocabulary knows, most frequent first."""
        self.reasons += [Reason(*warning) for warning in formats.all_warnings()]
        for column, words in formats.unknown.items():
            held = self.unknown_words.get(column, {})
            both = {word: held.get(word, 0) + words.get(word, 0) for word in held | words}
            ranked = sorted(both.items(), key=lambda pair: (-pair[1], pair[0]))
            self.unknown_words[column] = dict(ranked[:MOST_UNKNOWN_WORDS])

    def chunks(self) -> Iterator[Typed]:
        raise NotImplementedError

    def raw_text(self, source_rows: Iterable[int]) -> dict[int, str]:
        """The text of these rows as it stands in the file, where there is such a thing."""
        return {}

    def expected_rows(self) -> int | None:
        """How many rows there are to be read, where that is known before they are."""
        return None

    def cells(self, source_rows: Iterable[int]) -> dict[int, dict[str, str]]:
        """{line: {header: text}} as it stands in the file, for examples; empty where the file is no table."""
        return {}

    def records(self, source_rows: Iterable[int]) -> tuple[list[str], dict[int, list[list[str]]]]:
        """(header, {line: the records in it}) for a file of rejected rows; columns of ours where the file is no table."""
        return [], {}


def typed_rows(plugin: FeedPlugin, chunk: pl.DataFrame, formats: Formats) -> tuple[pl.DataFrame, list[RejectedRow]]:
    """cast_chunk for rows of which several may share one line of the file (months of a budget, worklogs of an issue)."""
    lines = chunk["source_row"]
    numbered = chunk.with_columns(source_row=pl.int_range(pl.len(), dtype=pl.Int64))
    short, too_long = without_long_cells(numbered)
    rows, rejected = cast_chunk(plugin, short, formats)
    rejected = too_long + rejected
    if rows.height + len(rejected) != chunk.height:
        raise counts_differ(plugin.name, chunk.height, rows.height + len(rejected))
    rows = rows.with_columns(source_row=lines.gather(rows["source_row"]))
    return rows, [replace(row, source_row=lines[row.source_row]) for row in rejected]


def counts_differ(file: str, expected: int, found: int) -> InputError:
    return InputError(
        "ingest.counts_differ",
        "{file}: {expected} rows were counted and {found} arrived. Nothing was loaded; please report this file.",
        file=file,
        expected=expected,
        found=found,
    )


class DocumentFeed(FeedRows):
    """The rows of a reader: ISO dates and plain numbers by construction, so that formats need no settling."""

    def __init__(self, read: ReadRows, file: str, options: ReadOptions) -> None:
        super().__init__(
            read.feed,
            read.system,
            file,
            columns_mapped=read.columns,
            columns_unmapped=read.unmapped,
            left_out=read.left_out,
            reasons=list(read.reasons),
            cut=list(read.cut),
            exported_at=read.exported_at,
            is_full_snapshot=read.is_full_snapshot,
        )
        self._read, self._options = read, options

    def expected_rows(self) -> int:
        return self._read.records

    def chunks(self) -> Iterator[Typed]:
        if self._read.rows.height != self._read.records:
            raise counts_differ(self.file, self._read.records, self._read.rows.height)
        formats = iso_formats(FEEDS[self.feed], self.system, self._options)
        for chunk in self._read.rows.iter_slices(CHUNK_ROWS):
            rows, rejected = typed_rows(PLUGINS[self.feed], chunk, formats)
            yield Typed(rows, rejected)
        self._learned(formats)

    def records(self, source_rows: Iterable[int]) -> tuple[list[str], dict[int, list[list[str]]]]:
        rows = self._read.rows.filter(pl.col("source_row").is_in(list(source_rows)))
        return records_of(rows, FEEDS[self.feed])

    def raw_text(self, source_rows: Iterable[int]) -> dict[int, str]:
        wanted = self._read.rows.filter(pl.col("source_row").is_in(list(source_rows)))
        return {
            row["source_row"]: json.dumps({name: value for name, value in row.items() if value is not None})
            for row in wanted.to_dicts()
        }


class TableFeed(FeedRows):
    """A table, or several sheets of one workbook that hold the same feed. on_progress: is told how far the first pass is."""

    def __init__(
        self,
        tables: list[tuple[RawTable, Mapping]],
        feed: str,
        system: str,
        options: ReadOptions,
        *,
        on_progress: Progress | None = None,
    ) -> None:
        first = tables[0][0]
        self._on_progress = on_progress
        super().__init__(feed, system, first.file, encoding=first.encoding, delimiter=first.delimiter)
        self.sheet = ", ".join(table.sheet for table, _ in tables if table.sheet) or None
        self._tables, self._options = tables, options
        self._seen: pl.Series | None = None
        self._current: RawTable | None = first
        self.in_several_sheets = len(tables) > 1
        self._plugin = PLUGINS[feed]
        for table, mapping in tables:
            found = self._plugin.prescan(mapping, table)  # it may settle which column holds what
            self.reasons += [Reason(*warning) for warning in found.warnings]
            self.cut += [Reason(*warning) for warning in found.cut]
            self._row_may_hold(found.most_hours)
            table.mapped(*_mapped(self.feed, mapping))
            if mapping.layout and mapping.layout.fills_down:  # the labels of merged cells
                table.warnings[:] = [warning for warning in table.warnings if warning[0] != "ingest.merged_cells"]
            self.columns_mapped |= mapping.columns_mapped
            self.columns_unmapped += [name for name in mapping.unmapped if name not in self.columns_unmapped]
            self.left_out += [{"line": row.line, "rule": row.rule, "text": row.text} for row in table.left_out]
            self.reasons += [Reason(*warning) for warning in (*table.warnings, *mapping.warnings)]
            self.cut += broken_off(table)
            self.units |= {
                name: ColumnUnit(unit=unit, source="header") for name, unit in mapping.units.items() if unit in FACTORS
            }
        self._reshapes = [self._reshape(table, mapping) for table, mapping in tables]
        self._formats = [
            self._settled(table, mapping, reshape)
            for (table, mapping), reshape in zip(tables, self._reshapes, strict=True)
        ]
        for settled in self._formats:
            self.units |= settled.unit_sources
            if settled.units.get("hours") == "person_months":
                self._row_may_hold(HOURS_IN_A_MONTH)
        formats = [settled.date_format for settled in self._formats if settled.date_format]
        self.date_format = "; ".join(dict.fromkeys(formats)) or None
        self._read_as(first, options, self._formats)

    def _row_may_hold(self, hours: float | None) -> None:
        self.most_hours = max(self.most_hours or 0, hours or 0) or None

    def _reshape(self, table: RawTable, mapping: Mapping) -> Reshape:
        reshape = self._plugin.reshape(mapping, self.system)
        reshape.look_ahead(table)
        self.reasons += [Reason(*warning) for warning in reshape.warnings]
        return reshape

    def _settled(self, table: RawTable, mapping: Mapping, reshape: Reshape) -> Formats:
        feed = FEEDS[self.feed]
        kinds = {column.name: column.kind for column in feed.columns}
        wanted = [index for index, name in mapping.columns.items() if kinds[name] in (*DATED, *NUMERIC)]
        wanted += [*mapping.period_columns, *mapping.roles.values()]
        if mapping.layout:
            wanted += [*mapping.indices, *reshape.indices]
        chunks = self._counted(table, sorted(set(wanted))) if wanted else ()
        texts = (reshape.apply(chunk, canonical_rows(chunk, mapping, self._plugin)).rows for chunk in chunks)
        return settle_formats(self._plugin, texts, self._options, mapping, self.system, table.file)

    def _counted(self, table: RawTable, columns: list[int]) -> Iterator[pl.DataFrame]:
        done = 0
        for chunk in table.chunks(columns):
            if self._on_progress:
                self._on_progress("formats", done, table.records)
            done += chunk.height
            yield chunk

    def chunks(self) -> Iterator[Typed]:
        plugin = self._plugin
        for (table, mapping), formats, reshape in zip(self._tables, self._formats, self._reshapes, strict=True):
            self._current = table
            named = [index for index, name in enumerate(table.header) if name.strip()]
            identity = self._identity(mapping)
            indices = {*mapping.indices, *reshape.indices, *(named if identity else ())}
            records = len(table.ragged)
            reshape.begin()  # the first pass was for the formats
            yield Typed(pl.DataFrame(schema=_landed_schema(plugin.feed)), list(table.ragged))
            totals = ControlTotals(plugin, table, mapping, formats)
            totals.take(pl.DataFrame(schema=_landed_schema(plugin.feed)), [row.source_row for row in table.ragged])
            controls = plugin.controls(mapping, table.file)
            for chunk in table.chunks(sorted(indices)):
                records += chunk.height
                kept, repeated = self._without_repeats(reshape.filled(chunk), named, identity)
                shaped = reshape.apply(kept, canonical_rows(kept, mapping, plugin))
                rows, rejected = typed_rows(plugin, shaped.rows, formats)
                totals.take(rows, [row.source_row for row in shaped.rejected + rejected])
                for control in controls:
                    control.take(rows)
                yield Typed(rows, shaped.rejected + rejected, repeated)
            if records != table.records:
                raise counts_differ(table.file, table.records, records)
            self._learned(formats)
            told, held_for = totals.reasons()
            self.reasons += told + [reason for control in controls for reason in control.reasons()]
            self.cut += held_for
            self.reasons += [Reason(*warning) for warning in reshape.closing_warnings()]
            self.left_out += reshape.left_out
            self.units |= reshape.units
        if self.in_several_sheets:
            self._current = None

    def _identity(self, mapping: Mapping) -> list[str]:
        """Raw names of the columns that identify a row, where the file has all of them."""
        indices = {canonical: index for index, canonical in sorted(mapping.columns.items(), reverse=True)}
        names = self._plugin.identity
        return [f"c{indices[name]}" for name in names] if names and all(name in indices for name in names) else []

    def _without_repeats(self, chunk: pl.DataFrame, named: list[int], identity: list[str]) -> tuple[pl.DataFrame, int]:
        """The chunk without rows of which every named cell, the identity included, was in the file before."""
        if not identity or chunk.is_empty():
            return chunk, 0
        content = chunk.select(f"c{index}" for index in named).hash_rows(seed=17)
        is_known = ~content.is_first_distinct()
        if self._seen is not None:
            is_known |= content.is_in(self._seen.implode())
        is_known &= chunk.select(pl.all_horizontal(pl.col(identity).is_not_null())).to_series()
        self._seen = content.unique() if self._seen is None else pl.concat([self._seen, content.unique()])
        return chunk.filter(~is_known), int(is_known.sum())

    def raw_text(self, source_rows: Iterable[int]) -> dict[int, str]:
        return self._current.raw_text(source_rows) if self._current else {}

    def records(self, source_rows: Iterable[int]) -> tuple[list[str], dict[int, list[list[str]]]]:
        if self._current is None:
            return [], {}
        found = record_cells(self._current, source_rows)
        return list(self._current.header), {line: [cells] for line, cells in found.items()}

    def expected_rows(self) -> int:
        return sum(table.records for table, _ in self._tables)

    def cells(self, source_rows: Iterable[int]) -> dict[int, dict[str, str]]:
        return cells_of(self._tables[0][0], source_rows)


class FeedOfCells(FeedRows):
    """Rows inside the cells of a table, a feed of their own."""

    def __init__(
        self,
        table: RawTable,
        mapping: Mapping,
        system: str,
        options: ReadOptions,
        *,
        holder: FeedPlugin,
        cells: FeedInCells,
    ) -> None:
        super().__init__(cells.feed, system, table.file, encoding=table.encoding, delimiter=table.delimiter)
        self.cut += broken_off(table)
        self._table, self._options, self._holder, self._cells = table, options, holder, cells
        self._plugin = PLUGINS[cells.feed]
        self.units = {cells.column: ColumnUnit(unit=cells.unit, source="tool")}
        self._mapping = replace(
            mapping,
            columns={index: name for index, name in mapping.columns.items() if name in cells.shared},
            period_columns={},
            roles={},
            defaults={},
            units={},
        )
        named = {table.header[index]: cells.column for index in cells.indices}
        self.columns_mapped = named | self._mapping.columns_mapped
        texts = (shaped for shaped, _, _ in self._shaped())
        self._formats = settle_formats(self._plugin, texts, options, None, system, table.file)
        self.date_format = self._formats.date_format
        self._read_as(table, options, [self._formats])

    def is_empty(self) -> bool:
        return not any(count for _, _, count in self._shaped())

    def _shaped(self) -> Iterator[tuple[pl.DataFrame, list[RejectedRow], int]]:
        wanted = sorted({*self._mapping.columns, *self._cells.indices})
        reshape = self._holder.reshape(self._mapping, self.system)
        for chunk in self._table.chunks(wanted):
            lines = reshape.apply(chunk, canonical_rows(chunk, self._mapping, self._holder)).rows
            yield self._cells.rows(chunk, self._cells.indices, lines)

    def chunks(self) -> Iterator[Typed]:
        for shaped, unread, count in self._shaped():
            rows, rejected = typed_rows(self._plugin, shaped, self._formats)
            if rows.height + len(rejected) + len(unread) != count:
                raise counts_differ(self.file, count, rows.height + len(rejected) + len(unread))
            yield Typed(rows, unread + rejected)
        self._learned(self._formats)

    def raw_text(self, source_rows: Iterable[int]) -> dict[int, str]:
        return self._table.raw_text(source_rows)

    def records(self, source_rows: Iterable[int]) -> tuple[list[str], dict[int, list[list[str]]]]:
        """The cells of these lines as rows of their own feed: the line itself would bring what holds them, and all of them."""
        wanted = list(source_rows)
        held = [shaped.filter(pl.col("source_row").is_in(wanted)) for shaped, _, _ in self._shaped()]
        return records_of(pl.concat(held, how="diagonal"), FEEDS[self.feed])

    def expected_rows(self) -> int:
        return self._table.records

    def cells(self, source_rows: Iterable[int]) -> dict[int, dict[str, str]]:
        return cells_of(self._table, source_rows)


def _mapped(feed: str, mapping: Mapping) -> tuple[dict[int, str], list[int]]:
    """{index: canonical name} of every column that is read, and the indices of those that are read as text."""
    kinds = {column.name: column.kind for column in FEEDS[feed].columns}
    others = {index: role for role, index in mapping.roles.items()} | dict.fromkeys(mapping.period_columns, "period")
    others |= mapping.layout.read if mapping.layout else {}
    texts = [index for index, name in mapping.columns.items() if kinds[name] not in (*DATED, *NUMERIC)]
    return others | mapping.columns, texts


def _landed_schema(feed: Feed) -> dict[str, pl.DataType]:
    return {name: kind for name, kind in feed.schema().items() if name != "batch_id"}
