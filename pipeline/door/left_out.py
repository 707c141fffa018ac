"""Rows of a table that are no data: totals, carried-forward lines, footers. By rule, counted, and shown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TOTAL_WORDS = frozenset(
    """
    合计 总计 小计 共计 总合计 累计 本页合计 本页小计 项目合计 合計 總計 小計 total totals subtotal
    sub-total sum summe gesamt gesamtsumme итого всего razem suma
    """.split()  # noqa: SIM905
    + ["grand total", "sub total", "total geral", "total general", "total hours", "all total"]
)
LEDGER_WORDS = frozenset(
    """
    期初余额 年初余额 上年结转 本日合计 本月合计 本期合计 当前合计 本年合计 本年累计 当前累计 累计 小计
    合计 总计 承前页 过次页 结转下年 转下页 期末余额 上年累计 本季合计
    """.split()  # noqa: SIM905
)
_FOOTER = re.compile(
    r"^(generated (at|on|by)|report generated|exported (at|on|by|from)|export(ed)? date|printed (at|on|by)|created by jira"
    r"|制表人|制表[::]|制表日期|制单人|审核人|打印日期|打印时间|打印人|导出时间|导出人|导出日期|报表生成时间|核算单位[::]|数据来源"
    r"|第\s*\d+\s*页|共\s*\d+\s*(条|页|行)|page \d+ of \d+|\(?\d+ (rows|records)\)?$|end of (report|file)|\*{3,}|-{5,}|={5,})",
    re.IGNORECASE,
)
_TOTAL_OF = re.compile(r"(grand )?total ?\(.*\)|[合总小]计 ?\(.*\)")
_NUMBER = re.compile(r"^[\s\d.,::%％+\-()()¥¥$€元hHdm]*$")


@dataclass(frozen=True)
class LeftOut:
    """A row that is no data: its line, the rule that says so, its text (at most 500 characters)."""

    line: int
    rule: str
    text: str


def word_of(cell: str) -> str:
    """A cell as the word lists hold it: no blanks around or between Chinese characters, no colon, lower case."""
    cell = unicodedata.normalize("NFKC", cell).strip(" \t\"'").rstrip(":").strip().lower()
    return re.sub(r"(?<=[\u4e00-\u9fff])[\s\u3000]+(?=[\u4e00-\u9fff])", "", cell)


def rule_for(cells: list[str], ledger_columns: tuple[int, ...] = ()) -> str | None:
    """The name of the rule by which these cells are no data row; None for data.

    ledger_columns: where a ledger holds its summary and account name, the only columns in which 本月合计 and the like count.
    """
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if not filled:
        return "empty_row"
    first = word_of(filled[0])
    others = filled[1:]
    is_total = first in TOTAL_WORDS or _TOTAL_OF.fullmatch(first)
    # A total names nothing beside itself: what else stands in its row is numbers, or one word (a currency) among gaps.
    named = sum(not _NUMBER.match(cell) for cell in others)
    if is_total and (named == 0 or (named == 1 and len(filled) <= len(cells) / 2)):
        return "total_row"
    if _FOOTER.match(filled[0]) and len(filled) <= max(2, len(cells) / 2):
        return "footer"
    for column in ledger_columns:
        if column < len(cells) and word_of(cells[column] or "") in LEDGER_WORDS:
            return "ledger_total"
    return None


_FOOTER_OPENINGS = """
    generated report exported export printed created 制表 制单 审核 打印 导出 报表 核算 数据 第 共 page
    (1 end *** --- ===
    """.split()  # noqa: SIM905
# How everything above begins: what the scanner compares before anything is decoded.
ROW_OPENINGS = tuple(word.encode() for word in (*TOTAL_WORDS, *_FOOTER_OPENINGS, "合 计", "总 计", "小 计"))
LEDGER_OPENINGS = tuple(word.encode() for word in (*LEDGER_WORDS, "本 月", "本 年", "合 计", "累 计", "期 初"))
