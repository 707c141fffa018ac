"""What plug-ins of books share: roles of columns, and what stands above the table or between its pages."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.feeds.books.roles import ROLE_NAMES, from_roles, knows_its_year
from pipeline.ingest.mapping.outside_rows import scale_amounts

_HOME_CURRENCY = frozenset({"人民币", "rmb", "cny", "综合本位币", "本位币"})  # what stands where no row says a currency


class Books(FeedPlugin):
    """roles: (header, columns, what the tool itself gives a role) to role → column."""

    @staticmethod
    def roles(header: tuple[str, ...], columns: dict[int, str], stated: dict[str, int], /) -> dict[str, int]:
        raise NotImplementedError

    def claim(self, mapping: Mapping) -> None:
        mapping.roles = self.roles(tuple(mapping.headers.values()), mapping.columns, mapping.roles)
        mapping.role_names = ROLE_NAMES

    def derived(self, mapping: Mapping) -> list[pl.Expr]:
        return from_roles(mapping.roles, mapping.headers, mapping.year, mapping.told.get("year_begins"))

    def complete(self, mapping: Mapping, table: RawTable, preamble: Preamble, *, is_marked: bool) -> None:
        """Adds book, currency, accounts of pages, the year of bare months and the unit of unmarked amounts."""
        mapped, facts = set(mapping.columns.values()), preamble.facts
        mapping.year, mapping.told = facts.get("year"), facts
        if not is_marked:  # a column without a name is nobody's: an index, a check mark
            mapping.roles.pop("account_above", None)
        if "year_begins" not in facts:
            mapping.roles.pop("day_and_month", None)
        if "ledger_book" in facts and "ledger_book" not in mapped:
            mapping.defaults["ledger_book"] = facts["ledger_book"]
        currency = facts.get("currency", "")
        if "currency" not in mapped and currency and currency.lower() not in _HOME_CURRENCY:
            mapping.defaults["currency"] = currency
        mapping.sections = [
            (line, kept)
            for line, values in preamble.sections
            if (kept := {name: value for name, value in values.items() if name not in mapped})
        ]
        if "account_code" in mapped:  # the name alone would be another account's
            mapping.sections = [(line, kept) for line, kept in mapping.sections if "account_name" not in kept]
        if "month" in mapping.roles and not knows_its_year(mapping.roles, mapping.headers, mapping.year):
            mapping.roles = {role: index for role, index in mapping.roles.items() if role not in ("month", "day")}
        unit = preamble.money_unit
        scale_amounts(mapping, self.name, unit)
        if unit and "amount" in mapping.roles:
            mapping.units |= {name: mapping.units.get(name, unit) for name in ("debit", "credit")}
        for side in ("opening", "closing"):
            if unit and side in mapping.roles:
                mapping.units |= {f"{side}_debit": unit, f"{side}_credit": unit}
