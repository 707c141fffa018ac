"""Ledgers: the lines of vouchers."""

from __future__ import annotations

from models.errors import InputError
from pipeline.ingest.contracts.checks import ComparedDays, ToldBy
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import Control
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.feeds.books.plugin import Books
from pipeline.ingest.feeds.books.roles import ledger_roles
from pipeline.ingest.feeds.ledger.reshape import GIVEN_BY, LedgerReshape, with_periods
from pipeline.ingest.feeds.ledger.rules import RULES
from pipeline.ingest.feeds.ledger.totals import Vouchers

_BOOKED = "cast(coalesce(debit, 0) - coalesce(credit, 0) as decimal(18, 2))"


class Ledger(Books):
    roles = staticmethod(ledger_roles)
    reshape = LedgerReshape
    finish = staticmethod(with_periods)

    def complete(self, mapping: Mapping, table: RawTable, preamble: Preamble, *, is_marked: bool) -> None:
        super().complete(mapping, table, preamble, is_marked=is_marked)
        if "period_end" in mapping.roles:
            mapping.warnings.append(
                (
                    "ingest.booked_by_period",
                    "The ledger has no column for the date: every entry was dated by the last day of its accounting period.",
                    {},
                )
            )

    def gives(self, mapping: Mapping) -> set[str]:
        """The period is the month of the booking, and the booking may be dated by month and day, or by its period."""
        roles = set(mapping.roles)
        is_dated = bool({"month", "period_end", "day_and_month"} & roles) or "booked_on" in mapping.columns.values()
        given = {"booked_on", "period"} if is_dated else set()
        return given | {column for role, column in GIVEN_BY.items() if role in roles}

    def lacks(self, table: RawTable, system: str, columns: list[str]) -> InputError | None:
        """Days without a year, and the line that names it is missing."""
        names = {normal_header(name): name for name in table.header}
        for known in dialects().header_sets:
            dated = next((names[name] for name in known.roles.get("day_and_month", ()) if name in names), None)
            if known.system == system and dated is not None and columns[0] in ("period", "booked_on"):
                return InputError(
                    "ingest.days_without_year",
                    "{file}, line {line}: the days in '{column}' have no year, and the line above that names it is missing: it "
                    "opens with {opens_with}. Export the file again and load it as it is; nothing was loaded.",
                    file=table.file,
                    line=table.header_line,
                    column=dated,
                    opens_with=" / ".join(known.books.opens_with),
                )
        return None

    def controls(self, mapping: Mapping, file: str) -> list[Control]:
        return [] if mapping.sections else [Vouchers(file)]


PLUGIN = Ledger(
    "ledger",
    worth_saying=("project",),
    identity=("line_no",),
    totals=("debit", "credit"),
    rules=RULES,
    whole_months=True,
    source="ledger",
    volume=ComparedDays(("debit", "credit")),
    told_by=ToldBy("costs", "booked_on", _BOOKED, (("lower(trim(voucher_no))", "booked_on", _BOOKED),)),
    measures={"debit": "sum(debit)", "credit": "sum(credit)"},
)
