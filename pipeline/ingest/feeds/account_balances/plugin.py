"""Balances of accounts by period."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.feeds.account_balances.reshape import BalanceReshape
from pipeline.ingest.feeds.account_balances.rules import RULES
from pipeline.ingest.feeds.books.plugin import Books
from pipeline.ingest.feeds.books.roles import balance_roles
from pipeline.ingest.files.tables import VOUCHER_HEADERS


class AccountBalances(Books):
    roles = staticmethod(balance_roles)
    reshape = BalanceReshape

    def may_be(self, names: Collection[str]) -> bool:
        """A table with vouchers holds entries, whatever balances stand beside them."""
        return not VOUCHER_HEADERS & set(names)

    def complete(self, mapping: Mapping, table: RawTable, preamble: Preamble, *, is_marked: bool) -> None:
        super().complete(mapping, table, preamble, is_marked=is_marked)
        if "period" not in mapping.columns.values() and "period" in preamble.facts:
            mapping.defaults["period"] = preamble.facts["period"]


PLUGIN = AccountBalances(
    "account_balances",
    totals=("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit"),
    totals_by="account_code",
    rules=RULES,
    measures={"debit": "sum(debit)", "credit": "sum(credit)"},
)
