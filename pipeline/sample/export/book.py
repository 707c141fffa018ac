"""The ledger as Yonyou prints a 科目明细账: preamble, opening balances, entries, totals by month and year, a footer."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from pipeline.sample.export.sheets import sheets
from pipeline.sample.export.tables import workbook
from pipeline.sample.ledger import BOOK

PREAMBLE = (
    ["科目明细账"],
    [f"核算单位:{BOOK}", None, None, "期间:2024.11-2026.10", None, None, "币别:人民币", None, "单位:元"],
)
FOOTER = ["制表人:E9001", None, None, None, "打印日期:2026.11.05"]
NOTHING = Decimal(0)


def ledger_workbook(ledger: pl.DataFrame) -> bytes:
    """By account, then in the order of the book."""
    sheet = sheets()["money/yonyou-ledger.xlsx"]
    rows: list[list] = [*PREAMBLE, list(sheet.columns.values())]
    for account, entries in sorted(ledger.partition_by("account_code", "account_name", as_dict=True).items()):
        rows += [[row.get(name) for name in sheet.columns] for row in _account_rows(account, entries)]
    return workbook(sheet.tab, [*rows, FOOTER], sheet.widths)


def _account_rows(account: tuple, entries: pl.DataFrame) -> list[dict]:
    """Entries with their balances, and rows that are none: the account, the word, the sums, the balance."""
    named = {"account_code": account[0], "account_name": account[1]}
    rows = [named | {"summary": "期初余额"} | _balance(NOTHING)]
    balance = NOTHING
    year: dict[str, list[Decimal]] = {}
    for (period,), month in entries.partition_by("period", as_dict=True, maintain_order=True).items():
        sums = year.setdefault(period[:4], [NOTHING, NOTHING])
        debit, credit = (total or NOTHING for total in month.select("debit", "credit").sum().row(0))
        for entry in month.with_columns(pl.col("booked_on").dt.strftime("%Y.%m.%d")).iter_rows(named=True):
            balance += (entry["debit"] or NOTHING) - (entry["credit"] or NOTHING)
            rows.append(entry | _balance(balance))
        sums[0] += debit
        sums[1] += credit
        for summary, amounts in (("本月合计", (debit, credit)), ("本年累计", sums)):
            rows.append(named | {"summary": summary, "debit": amounts[0], "credit": amounts[1]} | _balance(balance))
    return rows


def _balance(balance: Decimal) -> dict:
    return {"direction": "平" if not balance else "借" if balance > 0 else "贷", "balance": abs(balance)}
