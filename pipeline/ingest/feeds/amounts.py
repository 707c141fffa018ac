"""What lists of amounts share: their project and the unit of their amounts may stand above the table."""

from __future__ import annotations

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.mapping.outside_rows import name_project, scale_amounts


class FeedOfAmounts(FeedPlugin):
    def claim(self, mapping: Mapping) -> None:
        self.lay_out(mapping)

    def lay_out(self, mapping: Mapping) -> None:
        """Settles columns that are periods side by side; asked again once the year of months without one is known."""

    def complete(self, mapping: Mapping, table: RawTable, preamble: Preamble, *, is_marked: bool) -> None:
        mapping.year = preamble.facts.get("year")
        self.lay_out(mapping)
        name_project(mapping, self.name, preamble)
        scale_amounts(mapping, self.name, preamble.money_unit)
