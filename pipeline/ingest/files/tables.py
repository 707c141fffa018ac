"""A table as it stands in the file: header, records, and what was left out or could not be told apart.

Our scanner (scanning.py) decides where every record begins; only well-formed records go on to polars.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from models.errors import InputError
from pipeline.ingest.contracts.raw_table import CHUNK_ROWS, RawTable, RejectedRow
from pipeline.ingest.contracts.skipped_rows import left_out
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.files.skipping import LEDGER_OPENINGS, ROW_OPENINGS, rule_for
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.files.text.csv_dialect import SAMPLE_BYTES, Dialect, dialect_of
from pipeline.ingest.files.text.decoding import decoded_text
from pipeline.ingest.files.text.scanning import Records, scan, split_record

KEPT_RECORDS = 3_000_000  # where records begin is remembered up to here (40 bytes each), and found again beyond
_COMPARED_BYTES = 24  # the words that rows of no data open with are shorter
MOST_RAGGED = 200_000  # their raw text is kept in memory; a table with more of them is no table
SUMMARY_HEADERS = frozenset(map(normal_header, ("摘要", "科目名称", "科目", "科目全名", "summary")))
VOUCHER_HEADERS = frozenset(map(normal_header, ("凭证号数", "凭证号", "凭证字号", "凭证字", "voucher_no", "凭证编号")))


def header_only(file: str, line: int) -> InputError:
    return InputError(
        "ingest.header_only",
        "{file}, line {line}: there is a header and no row below it. Check the filter of the export; nothing was loaded.",
        file=file,
        line=line,
    )


@dataclass
class TextTable(RawTable):
    data: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint8), repr=False)
    data_start: int = 0
    data_line: int = 1
    block_bytes: int = 0
    _left_lines: set[int] = field(default_factory=set, repr=False)
    _kept: list[Records] | None = field(default=None, repr=False)

    @property
    def _separator(self) -> str:
        return self.delimiter or ","

    @classmethod
    def read(cls, source: SourceFile, block_bytes: int = 0, encoding: str | None = None) -> TextTable:
        decoded = decoded_text(source, encoding)
        dialect: Dialect = dialect_of(decoded.data, source.name)
        table = cls(
            file=source.name,
            header=dialect.header,
            header_line=dialect.header_line,
            encoding=decoded.encoding,
            encoding_confidence=decoded.confidence,
            delimiter=dialect.delimiter,
            left_out=list(dialect.left_out),
            data=decoded.data,
            data_start=dialect.data_start,
            data_line=dialect.data_line,
            block_bytes=block_bytes,
        )
        if decoded.confidence < 1:
            table.warnings.append(
                (
                    "ingest.encoding_guessed",
                    "The encoding {encoding} was guessed (confidence {confidence}). Check names with accents or characters.",
                    {"encoding": decoded.encoding, "confidence": decoded.confidence},
                )
            )
        table._settle_width()
        table._count()
        if not table.records:
            raise header_only(source.name, dialect.header_line)
        return table

    def _blocks(self) -> Iterator[Records]:
        if self._kept is not None:
            return iter(self._kept)
        return scan(
            self.data, self._separator, self.file, self.data_start, self.data_line, block_bytes=self.block_bytes
        )

    def _settle_width(self) -> None:
        """Trailing columns without name and content are tolerated, in the header and below it."""
        blocks = scan(self.data, self._separator, self.file, self.data_start, self.data_line, block_bytes=SAMPLE_BYTES)
        sample = next(blocks, None)
        if sample is None or not len(sample):
            return
        filled = sample.fields[sample.ends > sample.starts]
        if not len(filled):
            return
        usual = int(np.bincount(filled).argmax())
        header = list(self.header)
        while len(header) > usual and not header[-1]:
            header.pop()
        self.header = tuple(header)

    def _count(self) -> None:
        """The first pass: counts the records, finds the ragged ones and those that are no data."""
        ledger_columns = self._ledger_columns()
        kept: list[Records] = []
        total_blocks, last_good = 0, self.header_line
        gaps: list[int] = []  # empty lines
        for block in self._blocks():
            kinds = self._kinds(block)
            if self.records + len(block) <= KEPT_RECORDS:
                kept.append(block.without_separators())
            for index in np.flatnonzero(kinds == _ASK).tolist():
                cells = self._cells(block, index)
                rule = rule_for(cells, ledger_columns, self.header)
                if rule is None and (block.broken[index] or not self._fits(cells)):
                    self._hold_back(block, index, cells)
                    kinds[index] = _RAGGED
                elif rule is not None:
                    kinds[index] = _LEFT
                    line = int(block.lines[index])
                    self._left_lines.add(line)
                    self.left_out.append(left_out(line, rule, self._text(block, index), cells))
            self.records += int(((kinds == _GOOD) | (kinds == _ASK) | (kinds == _RAGGED)).sum())
            total_blocks += 1
            gaps += block.lines[kinds == _BLANK].tolist()
            good = block.lines[(kinds == _GOOD) | (kinds == _ASK)]
            last_good = int(good[-1]) if len(good) else last_good
        self._leave_second_table([line for line in gaps if line > last_good])
        if len(kept) == total_blocks:
            self._kept = kept

    def _leave_second_table(self, gaps: list[int]) -> None:
        """Below an empty line, rows of another width than the header's are another table (the people of a plan)."""
        below = [row for row in self.ragged if gaps and row.source_row > gaps[0]]
        widths = {row.details.get("found") for row in below}
        if len(below) < _FEWEST_ROWS or len(widths) != 1 or None in widths:
            return
        self.ragged = [row for row in self.ragged if row.source_row <= gaps[0]]
        self.records -= len(below)
        for row in below:
            self._left_lines.add(row.source_row)
            self.left_out.append(left_out(row.source_row, "second_table", row.raw, []))
        self.warnings.append(
            (
                "ingest.second_table",
                "{file}: from line {line} on there is a second table, of {rows} rows; it was left out. Save it as a file of its "
                "own if it is to be loaded.",
                {"file": self.file, "line": below[0].source_row, "rows": len(below)},
            )
        )

    def _hold_back(self, block: Records, index: int, cells: list[str]) -> None:
        if len(self.ragged) >= MOST_RAGGED:
            raise InputError(
                "ingest.mostly_ragged",
                "{file}: more than {limit} rows do not have the {columns} cells of the header, the first in line {line}. "
                "The delimiter or the header is not what it seems. Export the file again.",
                file=self.file,
                limit=MOST_RAGGED,
                columns=len(self.header),
                line=self.ragged[0].source_row,
            )
        line, text = int(block.lines[index]), self._text(block, index)
        if block.broken[index]:
            template = "A quoted cell goes on after its closing quotation mark, so the cells cannot be told apart."
            self.ragged.append(RejectedRow(line, "ingest.broken_quote", template, {}, text))
        else:
            template = "The row has {found} cells and the header {expected}."
            details = {"found": len(cells), "expected": len(self.header)}
            self.ragged.append(RejectedRow(line, "ingest.ragged_row", template, details, text))

    def _fits(self, cells: list[str]) -> bool:
        width = len(self.header)
        return len(cells) == width or (len(cells) > width and not any(cell.strip() for cell in cells[width:]))

    def _ledger_columns(self) -> tuple[int, ...]:
        names = [normal_header(name) for name in self.header]
        if not VOUCHER_HEADERS & set(names):
            return ()
        return tuple(index for index, name in enumerate(names) if name in SUMMARY_HEADERS)

    def _header_openings(self) -> tuple[bytes, ...]:
        """How the header opens, in both its rows: a paged print repeats it."""
        first = next((name for name in self.header if name), "")
        second = next((row.text for row in self.left_out if row.rule == "second_header"), "")
        below = next((cell.strip() for cell in second.split(self.delimiter) if cell.strip()), "")
        names = {name.lower().encode() for name in (first, below, first.removesuffix(below)) if len(name.encode()) > 1}
        return tuple((name + mark)[:_COMPARED_BYTES] for name in names for mark in (self._separator.encode(), b'"'))

    def _kinds(self, block: Records) -> np.ndarray:
        """What each record is, as far as bytes can tell: good, blank, or to be looked at."""
        width = len(self.header)
        kinds = np.full(len(block), _GOOD, np.uint8)
        kinds[(block.fields != width) | block.odd | block.broken] = _ASK
        kinds[self._opens_like(block, block.starts, ROW_OPENINGS + self._header_openings(), skip_cells=True)] = _ASK
        for column in self._ledger_columns():
            regular = np.flatnonzero(block.fields == width)
            before = block.first_separator[regular] + column - 1
            begins = block.separators[before] + 1 if column else block.starts[regular]
            hit = self._opens_like(block, begins, LEDGER_OPENINGS, skip_cells=False)
            kinds[regular[hit]] = _ASK
        kinds[block.ends <= block.starts] = _BLANK
        return kinds

    def _opens_like(
        self, block: Records, begins: np.ndarray, openings: tuple[bytes, ...], skip_cells: bool
    ) -> np.ndarray:
        """Which texts, from these offsets on, open with one of these words; blanks, quotes (and cells) skipped.

        A record of nothing but blanks and delimiters counts as a hit, so that it is looked at.
        """
        if not len(begins):
            return np.zeros(0, bool)
        data, low = self.data, int(block.starts[0])
        high = min(len(data), block.next_start + 3)
        text = data[low:high]
        skipped = np.zeros(256, bool)
        skipped[[32, 34, 9]] = True
        if skip_cells:
            skipped[ord(self._separator)] = True
        places = begins - low
        limit = len(text) - 1
        moving = np.flatnonzero(skipped[text[np.minimum(places, limit)]] & (places <= limit))
        while len(moving):
            places[moving] += 1
            moving = moving[(places[moving] <= limit) & skipped[text[np.minimum(places[moving], limit)]]]
        wanted = np.array(sorted({int.from_bytes(opening[:3], "big") for opening in openings}), np.int64)
        code = np.zeros(len(places), np.int64)
        for step in range(3):
            byte = text[np.minimum(places + step, limit)].astype(np.int64)
            byte += np.where((byte >= 65) & (byte <= 90), 32, 0)
            code = (code << 8) | byte
        first = text[np.minimum(places, limit)]
        hits = np.isin(code, wanted)
        for index in np.flatnonzero(hits).tolist():
            place = int(places[index])
            hits[index] = text[place : place + _COMPARED_BYTES].tobytes().lower().startswith(openings)
        return hits | (skip_cells & ((first == 10) | (first == 13) | (places > limit)))

    def _text(self, block: Records, index: int) -> str:
        return self.data[int(block.starts[index]) : int(block.ends[index])].tobytes().decode("utf-8")

    def _cells(self, block: Records, index: int) -> list[str]:
        return split_record(self._text(block, index), self._separator)

    def chunks(self, columns: Iterable[int] | None = None) -> Iterator[pl.DataFrame]:
        wanted = sorted(set(range(len(self.header)) if columns is None else columns))
        ragged = np.array(sorted(row.source_row for row in self.ragged), np.int64)
        left = np.array(sorted(self._left_lines), np.int64)
        for block in self._blocks():
            keep = block.ends > block.starts
            for lines in (ragged, left):
                if len(lines):
                    keep &= ~np.isin(block.lines, lines)
            plain = keep & ~block.odd & (block.fields == len(self.header))
            frames = []
            if plain.any():
                frames.append(self._plain(block, plain, wanted))
            special = np.flatnonzero(keep & ~plain)
            if len(special):
                frames.append(self._special(block, special, wanted))
            if not frames:
                continue
            frame = frames[0] if len(frames) == 1 else pl.concat(frames).sort("source_row")
            for begin in range(0, len(frame), CHUNK_ROWS):
                yield frame[begin : begin + CHUNK_ROWS]

    def _plain(self, block: Records, plain: np.ndarray, wanted: list[int]) -> pl.DataFrame:
        """Well-formed records through polars, its row count checked against ours."""
        if not wanted:
            return pl.DataFrame({"source_row": block.lines[plain]}, schema={"source_row": pl.Int64})
        low, high = int(block.starts[0]), block.next_start
        whole = plain.all()
        buffer = self.data[low:high]
        starts, ends = block.starts[plain] - low, block.ends[plain] - low
        if not whole:
            edges = np.zeros(len(buffer) + 1, np.int8)
            edges[starts] += 1
            np.subtract.at(edges, np.minimum(ends + 1, len(buffer)), 1)
            mask = np.cumsum(edges[:-1], dtype=np.int8).astype(bool)
            buffer = buffer.copy()
            buffer[ends[ends < len(buffer)]] = 10
            buffer = buffer[mask]
        else:
            last = buffer[np.minimum(ends, len(buffer) - 1)]
            alone = (last == 13) & (ends < len(buffer))
            alone &= buffer[np.minimum(ends + 1, len(buffer) - 1)] != 10
            if alone.any():
                buffer = buffer.copy()
                buffer[ends[alone]] = 10
        content = buffer.tobytes()
        frame = pl.read_csv(
            io.BytesIO(content),
            has_header=False,
            separator=self._separator,
            quote_char='"',
            eol_char="\n",
            schema={f"c{index}": pl.String for index in range(len(self.header))},
            columns=wanted,
        )
        if b'""' in content:  # a quoted empty cell is an empty cell
            text = pl.col(pl.String)
            frame = frame.with_columns(pl.when(text != "").then(text))
        if len(frame) != len(starts):
            raise InputError(
                "ingest.count_differs",
                "{file}: {counted} rows were counted and {read} read between lines {first} and {last}. "
                "Nothing was loaded; please report this file.",
                file=self.file,
                counted=len(starts),
                read=len(frame),
                first=int(block.lines[0]),
                last=int(block.lines[-1]),
            )
        return frame.with_columns(pl.Series("source_row", block.lines[plain], pl.Int64))

    def _special(self, block: Records, special: np.ndarray, wanted: list[int]) -> pl.DataFrame:
        rows = [self._cells(block, index) for index in special.tolist()]
        columns = {f"c{index}": [row[index] or None for row in rows] for index in wanted}
        frame = pl.DataFrame(columns, schema={name: pl.String for name in columns})
        return frame.with_columns(pl.Series("source_row", block.lines[special], pl.Int64))

    def raw_text(self, source_rows: Iterable[int]) -> dict[int, str]:
        asked = np.array(sorted(set(source_rows)), np.int64)
        found: dict[int, str] = {}
        if not len(asked):
            return found
        for block in self._blocks():
            for index in np.flatnonzero(np.isin(block.lines, asked)).tolist():
                if block.ends[index] > block.starts[index]:
                    found[int(block.lines[index])] = self._text(block, index)
            if block.next_line > asked[-1]:
                break
        return found


_FEWEST_ROWS = 2  # of a second table: its header and a row
_GOOD, _ASK, _RAGGED, _LEFT, _BLANK = range(5)
