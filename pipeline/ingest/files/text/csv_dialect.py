"""Which delimiter a text table has, which of its rows is the header, and what stands above it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from models.errors import InputError
from pipeline.ingest.contracts.skipped_rows import LeftOut
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.day_headers import day_run, joined_days
from pipeline.ingest.files.text.scanning import scan, split_record

SAMPLE_BYTES = 1 << 20
HEADER_WITHIN_ROWS = 20  # ledgers print up to ten lines above their header; twice that is generous
LONGEST_HEADER = 1_000  # characters; the longest seen has 90
MOST_COLUMNS = 4_096  # the widest export seen has 213
DELIMITERS = ",;\t|"
# Words that only ever stand in the second of two header rows.
SECOND_ROW_WORDS = frozenset(
    """
    借方 贷方 月 日 方向 数量 金额 单价 原币 本币 外币 借方金额 贷方金额 借方本币 贷方本币 余额 计划
    实际 预算 预测 数量 工时 天数 debit credit plan actual budget forecast hours amount pv ev ac
    """.split()  # noqa: SIM905
)
# Above 借方 and 贷方 these add nothing: there is no other amount.
_GROUPS_OF_ONE_MEANING = frozenset({"金额", "本币金额", "发生金额", "金额(元)"})
_DATA_LIKE = re.compile(
    r"^[-+¥¥$€(]?\d[\d.,:%\s/-]*\)?$|^\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?([ T]\d.*)?$|^\d{1,2}[-/.][^\W\d]+[-/.]\d{2,4}\b"
)


# What a group of a form is called that only holds its columns together; they stand below and are named by themselves.
_LISTS_IN_FORMS = (
    *("明细", "列表", "清单", "表格", "记录", "填报", "信息", "情况", "资料"),
    *("detail", "details", "items", "info", "information"),
)


@dataclass(frozen=True)
class Dialect:
    """How the table reads. Offsets and lines are those of the first record after the header."""

    delimiter: str
    header: tuple[str, ...]
    header_line: int
    data_start: int
    data_line: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class FoundHeader:
    """row: index of the (first) header row; rows: 1, or 2 when two were joined; hits: how many names are known."""

    row: int
    rows: int
    header: tuple[str, ...]
    hits: int


def refuse_long_names(file: str, line: int, header: tuple[str, ...]) -> None:
    """Raises: InputError for a header that is no name: most often a quote that is never closed."""
    longest = max(map(len, header), default=0)
    if longest > LONGEST_HEADER:
        raise InputError(
            "ingest.long_header",
            "{file}, line {line}: the name of a column has {characters} characters; at most {most} are a name. "
            "Look for a quotation mark that is never closed, or shorten it.",
            file=file,
            line=line,
            characters=longest,
            most=LONGEST_HEADER,
        )


def dialect_of(data: np.ndarray, file: str) -> Dialect:
    """Raises: InputError when no row can be the header, when there is no row below it, or a quote is never closed."""
    forced, start, line, left_out = _declared_delimiter(data)
    best, best_score, failure = None, -1.0, None
    for delimiter in forced or DELIMITERS:
        try:
            score, found = _trial(data, delimiter, file, start, line)
        except InputError as error:
            failure = failure or error
            continue
        if score > best_score:
            best, best_score = found, score
    if best is None:
        raise failure or no_header(file, [])
    delimiter, records, rows, found = best
    if failure is not None and (found is None or found.hits < 2 or len(found.header) == 1):
        raise failure  # it only seems to read with this delimiter because the quotes stand nowhere near it
    if found is None:
        raise no_header(file, rows[0] if rows else [])
    if len(found.header) > MOST_COLUMNS:
        raise InputError(
            "ingest.too_many_columns",
            "{file}, line {line}: {columns} columns; the limit is {limit}. Export only the columns you need.",
            file=file,
            line=int(records.lines[found.row]),
            columns=len(found.header),
            limit=MOST_COLUMNS,
        )
    refuse_long_names(file, int(records.lines[found.row]), found.header)
    for index in range(found.row):
        if any(cell.strip() for cell in rows[index]):
            text = delimiter.join(rows[index])[:500]
            left_out.append(LeftOut(int(records.lines[index]), "preamble", text))
    last = found.row + found.rows - 1
    if found.rows == 2:
        left_out.append(LeftOut(int(records.lines[last]), "second_header", delimiter.join(rows[last])[:500]))
    if last + 1 < len(records):
        data_start, data_line = int(records.starts[last + 1]), int(records.lines[last + 1])
    else:
        data_start, data_line = records.next_start, records.next_line
    return Dialect(delimiter, found.header, int(records.lines[found.row]), data_start, data_line, tuple(left_out))


def no_header(file: str, first_row: list[str]) -> InputError:
    return InputError(
        "ingest.no_header",
        "{file}: none of the first {rows} rows reads as column names. The first row is: {found}. "
        "Add a row of column names above the data.",
        file=file,
        rows=HEADER_WITHIN_ROWS,
        found=", ".join(cell for cell in first_row if cell)[:200] or "-",
    )


def _declared_delimiter(data: np.ndarray) -> tuple[str, int, int, list[LeftOut]]:
    """Excel's own first line `sep=;`, where there is one."""
    declared = re.match(rb'"?sep=(.)"?(\r\n|\n|\r)', data[:16].tobytes())
    if not declared:
        return "", 0, 1, []
    text = declared.group(0).decode("utf-8", "replace").strip()
    return declared.group(1).decode("latin-1"), declared.end(), 2, [LeftOut(1, "preamble", text)]


def _trial(data: np.ndarray, delimiter: str, file: str, start: int, line: int):
    records = next(scan(data, delimiter, file, start, line, block_bytes=SAMPLE_BYTES), None)
    if records is None:
        raise no_header(file, [])
    filled = records.ends > records.starts
    counts = Counter(records.fields[filled].tolist())
    width = max(counts, key=lambda fields: (fields > 1, counts[fields], fields), default=1)
    share = counts[width] / max(1, int(filled.sum()))
    rows = [
        split_record(data[begin:end].tobytes().decode("utf-8"), delimiter) if end > begin else []
        for begin, end in zip(
            records.starts[: HEADER_WITHIN_ROWS + 2].tolist(),
            records.ends[: HEADER_WITHIN_ROWS + 2].tolist(),
            strict=True,
        )
    ]
    found = find_header(rows, width)
    hits = found.hits if found else 0
    score = share + 0.3 * min(hits, 12) + (0.2 if width > 1 else 0) + 0.001 * min(width, 100)
    if found and len(found.header) == width:
        score += 0.3
    return score, (delimiter, records, rows, found)


def find_header(rows: list[list[str]], width: int) -> FoundHeader | None:
    """The header among the first rows: the one with the most known names, else the first full row of plain words."""
    best, best_hits = None, 0
    fallback = None
    for index, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        filled = [cell for cell in row if cell.strip()]
        if not filled:
            continue
        hits = sum(dialects().is_header(cell) for cell in filled) + (2 if day_run(row) else 0)
        if hits > best_hits and (hits >= 2 or len(filled) <= 2):
            best, best_hits = index, hits
        words = sum(not _DATA_LIKE.match(cell.strip()) for cell in filled)
        if fallback is None and len(filled) >= max(min(2, width), 0.6 * width) and words >= 0.7 * len(filled):
            fallback = index
    chosen = best if best_hits >= 2 or fallback is None else fallback
    if chosen is None:
        return None
    top = [cell.strip().lstrip("\ufeff") for cell in rows[chosen]]
    if chosen and (days := joined_days([cell.strip() for cell in rows[chosen - 1]], rows[chosen])) is not None:
        return FoundHeader(chosen - 1, 2, days, best_hits)
    if chosen and _is_second_row(rows[chosen]):
        joined = joined_header([cell.strip() for cell in rows[chosen - 1]], rows[chosen])
        is_told = any(":" in cell or ":" in cell for cell in rows[chosen - 1])  # `期间:2026.01` names no columns
        if joined is not None and not is_told and sum(bool(cell.strip()) for cell in rows[chosen - 1]) >= 2:
            return FoundHeader(chosen - 1, 2, joined, best_hits)
    if chosen + 1 < len(rows):
        joined = joined_days(top, rows[chosen + 1]) or joined_header(top, rows[chosen + 1])
        if joined is not None:
            return FoundHeader(chosen, 2, joined, sum(map(dialects().is_header, joined)))
    return FoundHeader(chosen, 1, tuple(top), best_hits)


def _is_second_row(row: list[str]) -> bool:
    filled = [cell.strip().lower() for cell in row if cell.strip()]
    return sum(cell in SECOND_ROW_WORDS for cell in filled) >= 0.6 * len(filled)


def _only_holds_together(group: str, under: str) -> bool:
    return group == under or (group.lower().endswith(_LISTS_IN_FORMS) and dialects().is_header(under))


def joined_header(top: list[str], below: list[str]) -> tuple[str, ...] | None:
    """Two header rows as one (`期末余额` over `借方`, `贷方` → 期末余额借方, 期末余额贷方); None when `below` is data."""
    below = [cell.strip() for cell in below]
    filled = [index for index, cell in enumerate(below) if cell]
    if len(filled) < 2 or len(below) > len(top) + 1:
        return None
    if any(_DATA_LIKE.match(below[index]) for index in filled):
        return None
    is_second = [below[index].lower() in SECOND_ROW_WORDS or dialects().is_header(below[index]) for index in filled]
    has_gap = any(index >= len(top) or not top[index] or top.count(top[index]) > 1 for index in filled)
    if not has_gap or sum(is_second) < 0.6 * len(filled):
        return None
    names, group = [], ""
    for index in range(max(len(top), len(below))):
        above = top[index] if index < len(top) else ""
        under = below[index] if index < len(below) else ""
        if above:
            group = above
        elif not under:
            group = ""
        if not under:
            names.append(above)
        elif above == under or not group or group in _GROUPS_OF_ONE_MEANING or _only_holds_together(group, under):
            names.append(under)
        else:
            names.append(group + under if not group.isascii() or not under.isascii() else f"{group} {under}")
    return tuple(names)
