"""What feeds of hours share: how a table of hours is laid out, scanned and reshaped."""

from __future__ import annotations

from models.errors import InputError
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.feeds.hours.layouts import HOURS, layout_of
from pipeline.ingest.feeds.hours.prescan import HoursPrescan
from pipeline.ingest.feeds.hours.reshape import HoursReshape
from pipeline.ingest.feeds.hours.tables import lay_out_hours, refuse_days_without_a_month, summary_error


class FeedOfHours(FeedPlugin):
    """hours: the canonical column of the hours."""

    hours = HOURS
    prescan = HoursPrescan
    reshape = HoursReshape
    refuse = staticmethod(refuse_days_without_a_month)

    def complete(self, mapping: Mapping, table: RawTable, preamble: Preamble, *, is_marked: bool) -> None:
        lay_out_hours(mapping, table, self.hours, is_marked=is_marked)

    def gives(self, mapping: Mapping) -> set[str]:
        return layout_of(mapping).gives

    def lacks(self, table: RawTable, system: str, columns: list[str]) -> InputError | None:
        return summary_error(table, system) if columns == ["work_date"] else None
