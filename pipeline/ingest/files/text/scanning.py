"""Where the records of a delimited text begin and end, found with numpy over the bytes.

A quote opens a cell only where a cell begins; doubled quotes stand for one; line breaks (CR, LF, CRLF, mixed) and
delimiters inside quotes are text. No library reader decides any of this: they lose rows without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from models.errors import InputError

BLOCK_BYTES = 32 << 20  # the peak of a block is some ten times its size
RECORD_BYTES = 128 << 20  # no record of a table is longer: a quote that stays open so long was never closed
LF, CR, QUOTE, BLANK, TAB = 10, 13, 34, 32, 9


@dataclass
class Records:
    """Consecutive records of one block. Offsets are absolute; `ends` leaves the line break out; `lines` count from 1.

    fields: cells of each record. odd: it holds quotes that a plain reader would misread. broken: a quoted cell goes on
    after its closing quote, so its cells cannot be told apart.
    """

    starts: np.ndarray
    ends: np.ndarray
    lines: np.ndarray
    fields: np.ndarray
    odd: np.ndarray
    broken: np.ndarray
    separators: np.ndarray
    first_separator: np.ndarray
    next_start: int
    next_line: int

    def __len__(self) -> int:
        return len(self.starts)

    def without_separators(self) -> Records:
        """The same records, without what takes most of the memory."""
        none = np.empty(0, np.int64)
        return replace(self, separators=none, first_separator=none, fields=self.fields.astype(np.int32))


class _UnclosedError(Exception):
    def __init__(self, offset: int) -> None:
        self.offset = offset


def scan(
    data: np.ndarray, delimiter: str, file: str, start: int = 0, line: int = 1, *, block_bytes: int = 0
) -> Iterator[Records]:
    """Blocks of records from offset `start`, which is the start of line `line`.

    Raises: InputError "ingest.unclosed_quote" naming the line where the quote opens.
    """
    separator = ord(delimiter)
    usual = block_bytes or BLOCK_BYTES
    size = usual
    while start < len(data):
        stop = min(start + size, len(data))
        try:
            records = _records(data, start, stop, line, separator)
        except _UnclosedError as unclosed:
            raise _unclosed_error(data, start, line, unclosed.offset, file) from None
        if records is None:  # one record fills the block: look further, within reason
            if size >= RECORD_BYTES:
                raise InputError(
                    "ingest.record_too_long",
                    "{file}, line {line}: the row that begins here is longer than {limit} MB. "
                    "Most likely a quotation mark is opened and never closed.",
                    file=file,
                    line=line,
                    limit=RECORD_BYTES >> 20,
                )
            size *= 2
            continue
        yield records
        start, line, size = records.next_start, records.next_line, usual


def _unclosed_error(data: np.ndarray, start: int, line: int, offset: int, file: str) -> InputError:
    return InputError(
        "ingest.unclosed_quote",
        "{file}, line {line}: a quotation mark is opened here and never closed, so the rows after it cannot be told "
        "apart. Mend that line and load the file again.",
        file=file,
        line=line + len(_line_breaks(data[start:offset], False)[0]),
    )


def _line_breaks(block: np.ndarray, followed_by_lf: bool) -> tuple[np.ndarray, bool]:
    """(offset of the last byte of every line break, whether any CR occurs)."""
    is_lf = block == LF
    is_cr = block == CR
    if not is_cr.any():
        return np.flatnonzero(is_lf), False
    alone = is_cr
    alone[:-1] &= ~is_lf[1:]
    if followed_by_lf:
        alone[-1] = False
    is_lf |= alone
    return np.flatnonzero(is_lf), True


def _records(data: np.ndarray, start: int, stop: int, line: int, separator: int) -> Records | None:
    block = data[start:stop]
    is_last = stop == len(data)
    following = LF if is_last else int(data[stop])
    breaks, has_cr = _line_breaks(block, following == LF and not is_last)
    separators = np.flatnonzero(block == separator)
    quotes = np.flatnonzero(block == QUOTE)
    odd_at = broken_at = quotes[:0]
    outer_breaks, outer_separators = breaks, separators
    if len(quotes):
        if _quotes_are_regular(block, quotes, separator, following):
            if is_last and len(quotes) % 2:
                raise _UnclosedError(start + int(quotes[-1]))
            parity = np.cumsum(block == QUOTE, dtype=np.uint8)  # wraps at 256, which keeps its lowest bit
            parity &= 1
            outer_breaks = breaks[parity[breaks] == 0]
            outer_separators = separators[parity[separators] == 0]
        else:
            opens, closes, odd_at, broken_at = _quoted_cells(block, quotes, separator, is_last, start)
            outer_breaks = breaks[_outside(breaks, opens, closes)]
            outer_separators = separators[_outside(separators, opens, closes)]
    tail = 0
    if is_last and len(block) and (not len(outer_breaks) or outer_breaks[-1] != len(block) - 1):
        tail = 1
    if not len(outer_breaks) and not tail:
        return None
    stops = np.append(outer_breaks, len(block)) if tail else outer_breaks
    starts = np.empty(len(stops), np.int64)
    starts[0] = 0
    starts[1:] = stops[:-1] + 1
    ends = stops.astype(np.int64, copy=True)
    if has_cr:  # the break of CRLF is its LF
        inner = np.maximum(stops, 1)
        on_lf = stops < len(block)
        on_lf[on_lf] = block[stops[on_lf]] == LF
        ends -= on_lf & (stops > starts) & (block[inner - 1] == CR)
    used = np.searchsorted(outer_separators, stops)
    first = np.concatenate(([0], used[:-1]))
    if len(outer_breaks) == len(breaks) and not tail:
        lines = np.arange(line, line + len(stops), dtype=np.int64)
    else:
        lines = line + np.searchsorted(breaks, starts)
    next_start = int(stops[-1]) + (0 if tail else 1)
    return Records(
        starts=starts + start,
        ends=ends + start,
        lines=lines,
        fields=used - first + 1,
        odd=_holds(starts, odd_at),
        broken=_holds(starts, broken_at),
        separators=outer_separators + start,
        first_separator=first,
        next_start=start + next_start,
        next_line=line + int(np.searchsorted(breaks, next_start)),
    )


def _holds(starts: np.ndarray, places: np.ndarray) -> np.ndarray:
    held = np.zeros(len(starts), bool)
    if len(places):
        held[np.searchsorted(starts, places, side="right") - 1] = True
    return held


def _outside(places: np.ndarray, opens: np.ndarray, closes: np.ndarray) -> np.ndarray:
    if not len(opens):
        return np.ones(len(places), bool)
    index = np.searchsorted(opens, places) - 1
    return (index < 0) | (places > closes[np.maximum(index, 0)])


def _quotes_are_regular(block: np.ndarray, quotes: np.ndarray, separator: int, following: int) -> bool:
    """Whether counting quotes by parity reads this block rightly: cells open at their start and close at their end."""
    border = np.zeros(256, bool)
    border[[separator, LF, CR, QUOTE]] = True
    opens, closes = quotes[0::2], quotes[1::2]
    before = block[np.maximum(opens, 1) - 1]
    opened_well = border[before] | (opens == 0)
    if not opened_well.all():
        return False
    if not len(closes):
        return True
    last = int(closes[-1]) == len(block) - 1
    after = block[closes[:-1] + 1] if last else block[closes + 1]
    return bool(border[after].all()) and (not last or bool(border[following]))


def _quoted_cells(block: np.ndarray, quotes: np.ndarray, separator: int, is_last: bool, start: int):
    """(opens, closes, odd, broken): one pass over the quotes of a block in which some do not stand at a cell's border."""
    opens, closes, odd, broken = [], [], [], []
    places = quotes.tolist()
    count, size, index = len(places), len(block), 0
    borders = {separator, LF, CR}
    while index < count:
        place = places[index]
        before = place - 1
        while before >= 0 and block[before] == BLANK:
            before -= 1
        if before >= 0 and int(block[before]) not in borders:
            odd.append(place)  # a quote inside a plain cell is text: 5" disk
            index += 1
            continue
        if before != place - 1:
            odd.append(place)
        opened = place
        index += 1
        while True:
            if index >= count:
                if is_last:
                    raise _UnclosedError(start + opened)
                opens.append(opened)
                closes.append(size)
                break
            place = places[index]
            if index + 1 < count and places[index + 1] == place + 1:
                index += 2
                continue
            after = place + 1
            while after < size and block[after] == BLANK:
                after += 1
            if after < size and int(block[after]) not in borders:
                if _spans_lines(block[opened:place]):
                    raise _UnclosedError(start + opened)
                broken.append(opened)
            elif after != place + 1:
                odd.append(place)
            opens.append(opened)
            closes.append(place)
            index += 1
            break
    as_array = [np.array(values, np.int64) for values in (opens, closes, odd, broken)]
    return tuple(as_array)


def _spans_lines(cell: np.ndarray) -> bool:
    return bool(((cell == LF) | (cell == CR)).any())


def split_record(text: str, delimiter: str) -> list[str]:
    """The cells of one record, by the same rules as the scanner; for the few records a plain reader would misread."""
    cells, position, size = [], 0, len(text)
    while True:
        begin = position
        while begin < size and text[begin] == " ":
            begin += 1
        if begin < size and text[begin] == '"':
            parts, begin = [], begin + 1
            while True:
                quote = text.find('"', begin)
                if quote < 0:
                    parts.append(text[begin:])
                    position = size
                    break
                parts.append(text[begin:quote])
                if text[quote + 1 : quote + 2] == '"':
                    parts.append('"')
                    begin = quote + 2
                    continue
                position = text.find(delimiter, quote + 1)
                position = size if position < 0 else position
                parts.append(text[quote + 1 : position].strip(" "))
                break
            cells.append("".join(parts))
        else:
            end = text.find(delimiter, position)
            end = size if end < 0 else end
            cells.append(text[position:end])
            position = end
        if position >= size:
            return cells
        position += 1
        if position == size:
            cells.append("")
            return cells
