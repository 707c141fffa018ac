"""Rows held back, as a file that can be mended in a spreadsheet and loaded again; and such a file on its way back in.

The file has the columns of the original and three of ours at the end: the line, the reason and the batch. Loaded again,
its rows join the batch they were held back from: they land with its id and their old lines, so that nothing of the batch is
replaced by them, and whatever takes the batch's place takes theirs. A row that counts already is not counted twice.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.feeds import FEEDS, Feed, Kind
from models.intake import Batch
from models.spreadsheets import NUMBER
from models.vocabulary import BatchStatus
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.landing.batches import batches, quarantine_file_rows
from pipeline.store import control

LINE, REASON, BATCH = "Plimsoll: line", "Plimsoll: reason", "Plimsoll: batch"
MARKS = (LINE, REASON, BATCH)
# As models/spreadsheets.py has it, but for apostrophes of ours that stand there already.
_FORMULA = re.compile(r"^'*\s*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(NUMBER)


# ---- out ------------------------------------------------------------------------------------------------------------


def mendable_csv(data_dir: DataDir, batch_id: str, said: Callable[[dict], str] | None = None) -> bytes:
    """The rows a batch held back, one line per record of the file, as CSV in UTF-8 with a byte-order mark.

    said: puts a message ({template, details}) into the reader's language. Raises: InputError when there is no such batch.
    """
    rows = quarantine_file_rows(data_dir, batch_id).sort("source_row", maintain_order=True)
    header: list[str] = []
    records: dict[tuple[int, tuple[str, ...]], _Record] = {}
    for row in rows.iter_rows(named=True):
        names = json.loads(row["header"]) if row["header"] else []
        header += names[len(header) :]
        for cells in json.loads(row["cells"]) if row["cells"] else [[row["raw"] or ""]]:
            record = records.setdefault((row["source_row"], tuple(cells)), _Record(row["source_row"], batch_id, cells))
            record.reasons.append(said(json.loads(row["message"])) if said and row["message"] else row["reason"])
    return _written(header, list(records.values()))


@dataclass
class _Record:
    line: int
    batch_id: str
    cells: list[str]
    reasons: list[str] = field(default_factory=list)


def _written(header: list[str], records: list[_Record]) -> bytes:
    """A mended file that was held back in part carries line and batch of the first file on, in place of its own."""
    own = {name: header.index(name) for name in MARKS if name in header}
    kept = [place for place in range(len(header)) if place not in own.values()]
    widest = max((len(record.cells) for record in records), default=len(header))
    kept += range(len(header), widest)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutral(header[place] if place < len(header) else "") for place in kept] + list(MARKS))
    for record in records:
        cells = record.cells + [""] * (max(widest, len(header)) - len(record.cells))
        line = cells[own[LINE]] if LINE in own else str(record.line)
        batch_id = cells[own[BATCH]] if BATCH in own else record.batch_id
        reasons = "; ".join(dict.fromkeys(record.reasons))
        writer.writerow([*(neutral(cells[place]) for place in kept), line, neutral(reasons), batch_id])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def neutral(text: str) -> str:
    """`text` with an apostrophe before what a spreadsheet would run as a formula; `original` takes it away again."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.match(text) else text


def original(column: pl.Expr) -> pl.Expr:
    return column.str.replace(r"^'('*\s*[=+\-@\t\r＝＋－＠])", "$1")


# ---- in -------------------------------------------------------------------------------------------------------------


@dataclass
class Mend:
    """A mended file. parent: the batch its rows belong to. lines: line in this file → line in the parent's."""

    parent: Batch
    lines: dict[int, int]
    _feed: Feed
    _known: pl.DataFrame
    _mended_lines: set[int]

    def new_rows(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """The rows that do not count yet, with the lines they have in the parent's file; and how many count already."""
        lines = rows["source_row"].replace_strict(self.lines, default=None, return_dtype=pl.Int64)
        moved = rows.with_columns(lines.fill_null(rows["source_row"]).alias("source_row"))
        filled = _filled(moved, self._feed)
        same = pl.DataFrame({"source_row": filled["source_row"], "content": _content(filled, self._feed)}).join(
            self._known, on=["source_row", "content"], how="left", maintain_order="left"
        )["counts"]
        is_known = same.fill_null(False) | moved["source_row"].is_in(list(self._mended_lines))
        return moved.filter(~is_known), int(is_known.sum())

    def reason(self, rows: int, file: str) -> Reason:
        return Reason(
            "ingest.mends_batch",
            "{file} holds mended rows of {of} (batch {batch_id}): {rows} join that batch, and nothing is replaced by them.",
            {"file": file, "of": self.parent.file_name, "batch_id": self.parent.batch_id, "rows": rows},
        )


def is_mended(header: Iterable[str]) -> bool:
    return {LINE, BATCH} <= set(header)


def parent_batch(data_dir: DataDir, table) -> Batch | None:
    """The batch that the rows of a mended file belong to; None for any other file.

    table: a RawTable. Raises: InputError when the rows belong to several batches, or the batch does not count.
    """
    if not is_mended(table.header):
        return None
    place = table.header.index(BATCH)
    named = {name for chunk in table.chunks([place]) for name in chunk[f"c{place}"].drop_nulls().unique()}
    named = {name.strip() for name in named if name.strip()}
    known = {batch.batch_id: batch for batch in batches(data_dir)}
    if len(named) != 1:
        raise InputError(
            "ingest.mends_several",
            "{file} holds mended rows of {count} batches. Load those of each batch in a file of its own, and leave the column "
            "'{column}' as it was.",
            file=table.file,
            count=len(named),
            column=BATCH,
        )
    batch = known.get(next(iter(named)))
    while batch is not None and batch.mends_batch:
        batch = known.get(batch.mends_batch)
    if batch is None:
        raise InputError(
            "ingest.mends_unknown",
            "{file} holds mended rows of batch {batch_id}, which was never loaded here. Delete the columns that begin with "
            "'Plimsoll:' to load it as a file of its own.",
            file=table.file,
            batch_id=next(iter(named)),
        )
    if batch.status != BatchStatus.LANDED:
        raise InputError(
            "ingest.mends_not_landed",
            "{file} holds mended rows of {of} (batch {batch_id}), which does not count now. Accept or redo that batch first.",
            file=table.file,
            of=batch.file_name,
            batch_id=batch.batch_id,
        )
    return batch


def usable_mapping(batch: Batch) -> dict[str, str | None]:
    """The mapping of a batch as one that can be given: columns that make one together (debit / credit) are found anew."""
    columns = {column.name: column for column in FEEDS[batch.feed].columns}
    named = [canonical for canonical in batch.mapping.values()]
    return {
        header: canonical
        for header, canonical in batch.mapping.items()
        if canonical in columns and (columns[canonical].kind is Kind.LIST or named.count(canonical) == 1)
    }


class MendedTable:
    """A table as it was before it went out: without our columns, and with apostrophes taken away that we put there."""

    def __init__(self, table) -> None:
        self._table = table
        names = [re.sub(r"^'(?='*\s*[=+\-@])", "", name) for name in table.header]
        self.header = tuple("" if name in MARKS else name for name in names)

    def __getattr__(self, name: str):
        return getattr(self._table, name)

    def chunks(self, columns: Iterable[int] | None = None) -> Iterator[pl.DataFrame]:
        for chunk in self._table.chunks(columns):
            yield chunk.with_columns(original(pl.col(pl.String)))


def mend(data_dir: DataDir, table, parent: Batch) -> Mend:
    """What is known of the rows of a mended file: their old lines, and which of them count already."""
    lines = _lines(table)
    feed = FEEDS[parent.feed]
    table = control.batches
    mends = batches(data_dir, table.c.mends_batch == parent.batch_id, table.c.status == BatchStatus.LANDED)
    wanted = sorted(set(lines.values()))
    known = pl.concat([_rows_at(data_dir, batch, wanted) for batch in (parent, *mends)])
    held = quarantine_file_rows(data_dir, parent.batch_id)["source_row"].value_counts()
    held_once = set(held.filter(pl.col("count") == 1)["source_row"])
    mended = {line for batch in mends for line in _rows_at(data_dir, batch, wanted)["source_row"]}
    counting = pl.DataFrame(
        {"source_row": known["source_row"], "content": _content(known, feed)},
        schema={"source_row": pl.Int64, "content": pl.UInt64},
    ).unique()
    return Mend(parent, lines, feed, counting.with_columns(counts=pl.lit(True)), mended & held_once)


def _lines(table) -> dict[int, int]:
    place = table.header.index(LINE)
    found: dict[int, int] = {}
    for chunk in table.chunks([place]):
        numbers = chunk[f"c{place}"].str.extract(r"^\s*(\d+)").cast(pl.Int64, strict=False)
        found |= {line: number for line, number in zip(chunk["source_row"], numbers, strict=True) if number is not None}
    return found


def _rows_at(data_dir: DataDir, batch: Batch, lines: list[int]) -> pl.DataFrame:
    feed = FEEDS[batch.feed]
    path = data_dir.landed_file(feed.name, batch.batch_id)
    rows = pl.scan_parquet(path).filter(pl.col("source_row").is_in(lines)).collect()
    return _filled(rows, feed)


def _filled(rows: pl.DataFrame, feed: Feed) -> pl.DataFrame:
    """All columns of the feed, so that rows can be compared whichever file they come from."""
    schema = {name: kind for name, kind in feed.schema().items() if name != "batch_id"}
    lacking = [pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in rows.columns]
    return rows.with_columns(lacking).select([pl.col(name).cast(kind) for name, kind in schema.items()])


def _content(rows: pl.DataFrame, feed: Feed) -> pl.Series:
    """A fingerprint of every cell but the line."""
    if rows.is_empty():
        return pl.Series([], dtype=pl.UInt64)
    plain = [
        pl.col(name).list.join("\x1f") if isinstance(kind, pl.List) else pl.col(name)
        for name, kind in feed.schema().items()
        if name not in ("batch_id", "source_row")
    ]
    return rows.select(plain).hash_rows(seed=23)
