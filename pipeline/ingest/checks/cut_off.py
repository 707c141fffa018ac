"""Signs in the file itself that the export broke off: a server's answer among the rows, an unfinished last row, one full page."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects import dialects
from pipeline.ingest.files.tables import TextTable
from pipeline.ingest.landing.staging import Staged

MOST_TEXT = 120  # characters of a server's answer that a reason quotes
_WEB_PAGE = re.compile(r"<(!doctype\s+html|html|head|body|title)\b", re.IGNORECASE)
_JSON_ERROR = re.compile(
    r"\{\s*\"{1,2}(error\w*|err(msg|code|_msg|_code)|messages?|msg|code|status(code)?|success|timestamp|detail)\"{1,2}\s*:",
    re.IGNORECASE,
)
# What servers, proxies and sign-in filters write when they answer instead of the export; only at the beginning of a line.
_SERVER_SAYS = re.compile(
    r"((http/\d(\.\d)? )?(error )?(401|403|408|429|500|502|503|504)[ :,-]+"
    r"(unauthori[sz]ed|forbidden|request time|too many requests|internal server|bad gateway|service|gateway)"
    r"|bad gateway|gateway time-?out|service (temporarily )?unavailable|internal server error|proxy error"
    r"|upstream (connect error|request timeout)|request time(d )?-?out|connection (reset|refused|timed out)"
    r"|(your |the )?session (has |is )?(expired|timed out|invalid)|session time-?out|please (log|sign) ?in"
    r"|login required|authentication required|access denied|traceback \(most recent"
    r"|(caused by: )?(java|javax|org)\.[a-z.]+exception"
    r"|fatal error:|warning: mysql|ora-\d{5}"
    r"|会话(已)?(过期|超时|失效)|登录(已)?(过期|超时|失效)|(您|你)?(尚未|还未|未)登录|请(先|重新)登录|身份验证(已)?(失败|过期)"
    r"|系统(繁忙|异常|错误)|服务器(内部)?(错误|异常|繁忙)|网关(超时|错误)|网络(异常|错误|超时)|请求(超时|过于频繁)|查询超时|导出(失败|超时|异常|中断)"
    r"|會話(已)?(過期|逾時)|登入(已)?(過期|逾時)|請(先|重新)登入|系統(繁忙|異常|錯誤)|伺服器(內部)?錯誤)",
    re.IGNORECASE,
)


def is_server_answer(text: str) -> bool:
    """Whether a line is what a server says instead of rows: a web page, a JSON error, a notice of an expired session."""
    start = text.lstrip(" \t\",;|'\ufeff")
    opening = text.lstrip(" \t")[:200]
    return bool(
        _WEB_PAGE.match(start)
        or _SERVER_SAYS.match(start)
        or _JSON_ERROR.match(start)
        or _JSON_ERROR.match(opening[1:])
    )


def broken_off(table: RawTable) -> list[Reason]:
    """What the lines that are no rows tell of a table: a server's answer among them, or a last row without its end."""
    lines = [(row.source_row, row.raw) for row in table.ragged] + [
        (skipped.line, skipped.text) for skipped in table.left_out
    ]
    return answers_among(table.file, lines) + _unfinished(table)


def answers_among(file: str, lines: Iterable[tuple[int, str]]) -> list[Reason]:
    """lines: (line, text) of what was held back or left out."""
    found = min(((line, text) for line, text in lines if is_server_answer(text)), default=None)
    if found is None:
        return []
    line, text = found
    return [
        Reason(
            "ingest.error_page_inside",
            "{file}, line {line}: among the rows stands the answer of a server ({text}), so the export broke off there. "
            "Export again, or accept what came before it.",
            {"file": file, "line": line, "text": " ".join(text.split())[:MOST_TEXT]},
        )
    ]


def answers_held_back(staged: Staged, file: str) -> list[Reason]:
    """The same for rows that had as many cells as the header and could not be read."""
    if not staged.quarantined or not staged.quarantine_file.exists():
        return []
    held = pl.scan_parquet(staged.quarantine_file).select("source_row", "raw").filter(pl.col("raw") != "")
    return answers_among(file, held.collect().iter_rows())


def _unfinished(table: RawTable) -> list[Reason]:
    """The last line has no line break and fewer cells than the header.

    One cell with blanks in it is more likely a note under the table than the beginning of a row.
    """
    if not isinstance(table, TextTable) or not table.ragged or not len(table.data) or table.data[-1] in (10, 13):
        return []
    last = table.ragged[-1]
    text = last.raw.encode()
    found = last.details.get("found")
    is_last = bool(text) and table.data[-len(text) :].tobytes() == text
    if not is_last or found is None or found >= len(table.header) or (found == 1 and len(last.raw.split()) != 1):
        return []
    return [
        Reason(
            "ingest.ends_inside_a_row",
            "{file} ends inside its last row (line {line} has {found} of {expected} cells and no line break), so the export "
            "or the download was cut off. Export again, or accept the rows before it.",
            {"file": table.file, "line": last.source_row, "found": found, "expected": len(table.header)},
        )
    ]


def one_full_page(staged: Staged, system: str, file: str) -> list[Reason]:
    """Exactly as many rows as the tool exports at once."""
    rows = staged.accepted + staged.quarantined + staged.duplicate
    if rows not in dialects().page_sizes(system, staged.feed.name):
        return []
    return [
        Reason(
            "ingest.exactly_one_page",
            "{file} holds exactly {rows} rows, the most that the tool exports at once: the rest may be missing. "
            "Compare with the tool; accept the batch if it is whole.",
            {"file": file, "rows": rows},
        )
    ]
