"""The ledger as Yonyou prints a 科目明细账: preamble, opening balances, entries, totals by month and year, a footer."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from pipeline.sample.export.tables import titles, workbook
from pipeline.sample.ledger import BOOK

HEADER = titles(
    "日期,会计期间,凭证号数,分录号,科目编码,科目名称,摘要,项目编码,WBS编码,供应商,部门,币种,汇率,原币金额,借方,贷方,方向,余额"
)
PREAMBLE = (
    ["科目明细账"],
    [f"核算单位:{BOOK}", None, None, "期间:2024.11-2026.10", None, None, "币别:人民币", None, "单位:元"],
)
FOOTER = ["制表人:E9001", None, None, None, "打印日期:2026.11.05"]
SUMMARY, DEBIT = HEADER.index("摘要"), HEADER.index("借方")
NOTHING = Decimal(0)


def _told(
    account: tuple[str, str], summary: str, amounts: tuple[Decimal | None, Decimal | None], balance: Decimal
) -> list:
    """A row that is no entry: the account, the word, the sums, the balance."""
    row: list = [None] * len(HEADER)
    row[4], row[5], row[SUMMARY] = *account, summary
    row[DEBIT : DEBIT + 2] = amounts
    row[DEBIT + 2 :] = _direction(balance), abs(balance)
    return row


def _direction(balance: Decimal) -> str:
    return "平" if not balance else "借" if balance > 0 else "贷"


def ledger_workbook(ledger: pl.DataFrame) -> bytes:
    """By account, then in the order of the book."""
    rows: list[list] = [*PREAMBLE, HEADER]
    for (code, name), account in sorted(ledger.partition_by("account_code", "account_name", as_dict=True).items()):
        rows += _account_rows((code, name), account)
    return workbook("明细账", [*rows, FOOTER], (11, 9, 9, 6, 9, 22, 22, 10, 8, 10, 12, 6, 8, 12, 14, 14, 5, 16))


def _account_rows(account: tuple[str, str], entries: pl.DataFrame) -> list[list]:
    rows = [_told(account, "期初余额", (None, None), NOTHING)]
    balance = NOTHING
    year: dict[str, list[Decimal]] = {}
    for (period,), month in entries.partition_by("period", as_dict=True, maintain_order=True).items():
        sums = year.setdefault(period[:4], [NOTHING, NOTHING])
        debit, credit = (month.select(pl.sum(name)).item() or NOTHING for name in ("debit", "credit"))
        for entry in month.iter_rows(named=True):
            balance += (entry["debit"] or NOTHING) - (entry["credit"] or NOTHING)
            rows.append(
                [
                    f"{entry['booked_on']:%Y.%m.%d}",
                    entry["period"],
                    entry["voucher_no"],
                    entry["line_no"],
                    entry["account_code"],
                    entry["account_name"],
                    entry["summary"],
                    entry["project"],
                    entry["wbs_code"],
                    entry["supplier"],
                    entry["department"],
                    entry["currency"],
                    entry["exchange_rate"],
                    entry["original_amount"],
                    entry["debit"],
                    entry["credit"],
                    _direction(balance),
                    abs(balance),
                ]
            )
        sums[0] += debit
        sums[1] += credit
        rows.append(_told(account, "本月合计", (debit, credit), balance))
        rows.append(_told(account, "本年累计", (sums[0], sums[1]), balance))
    return rows
