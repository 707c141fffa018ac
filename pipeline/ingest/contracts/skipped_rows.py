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
_MONTHS = [str(month) for month in range(1, 13)] + [f"0{month}" for month in range(1, 10)]
_MONTHS += "一 二 三 四 五 六 七 八 九 十 十一 十二".split()  # noqa: SIM905
# What a ledger prints between its entries. The first kind opens a page or a year, the second adds up.
CARRIED_WORDS = frozenset(
    """
    期初余额 期初 年初余额 年初数 期初数 月初余额 上年结转 上年余额 上期结转 上月结转 承前页 承上页 过次页 转下页 转次页 结转下年
    结转下期 期末余额 期末数 年末余额
    """.split()  # noqa: SIM905
)
SUM_WORDS = frozenset(
    """
    本日合计 本日小计 当日合计 本月合计 本月小计 本月发生额 本期合计 本期小计 本期发生额 当前合计 本年合计 本季合计 本周合计
    本页合计 本页小计 凭证合计 科目合计 项目合计 小计 合计 总计 共计
    """.split()  # noqa: SIM905
    + [f"{month}月{kind}" for month in _MONTHS for kind in ("合计", "小计", "份合计", "份小计")]
)
RUNNING_WORDS = frozenset(
    """
    本年累计 当前累计 本期累计 本月累计 累计 上年累计 累计发生额 本年累计发生额
    """.split()  # noqa: SIM905
    + [f"{month}月{kind}" for month in _MONTHS for kind in ("累计", "份累计")]
)
LEDGER_WORDS = CARRIED_WORDS | SUM_WORDS | RUNNING_WORDS


@dataclass(frozen=True)
class LeftOut:
    """A row that is no data: its line, the rule that says so, its text (at most 500 characters).

    cells: of a total its cells, which the sum of the rows is compared with.
    """

    line: int
    rule: str
    text: str
    cells: tuple[str, ...] = ()


def word_of(cell: str) -> str:
    """A cell as the word lists hold it: no blanks around or between Chinese characters, no colon, lower case."""
    cell = unicodedata.normalize("NFKC", cell).strip(" \t\"'").rstrip(":").strip().lower()
    return re.sub(r"(?<=[\u4e00-\u9fff])[\s\u3000]+(?=[\u4e00-\u9fff])", "", cell)


def left_out(line: int, rule: str, text: str, cells: list[str]) -> LeftOut:
    """One row that is no data, as it is shown and, where it is a total, as it is compared."""
    return LeftOut(line, rule, text[:500], tuple(cells) if rule in ("total_row", "ledger_total") else ())
