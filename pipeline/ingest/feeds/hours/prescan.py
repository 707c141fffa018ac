"""What is settled on a whole table of hours before its rows are read: the column that counts, and what one row may hold."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import Prescan
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects.names import unit_of_header
from pipeline.ingest.feeds.hours.columns import ColumnChoice, chosen_column
from pipeline.ingest.feeds.hours.layouts import layout_of
from pipeline.ingest.feeds.hours.spans import days_covered
from pipeline.ingest.values.amounts import hours
from pipeline.ingest.values.hour_units import HOURS_IN_A_DAY, HOURS_IN_A_MONTH

_ACROSS_MIDNIGHT = 2  # work may begin on one day and end on the next


class HoursPrescan(Prescan):
    """Corrects `mapping` where the values show that another column holds the hours."""

    def __init__(self, mapping: Mapping, table: RawTable) -> None:
        super().__init__()
        self.mapping, self.layout = mapping, layout_of(mapping)
        if not self.layout.is_presence and not self.layout.is_matrix:
            self._choose_column(table)
        if self.layout.until is not None and not self.layout.is_presence:
            self._several_days(table, self.layout.until)
        if self.layout.is_by_month:
            self.most_hours = HOURS_IN_A_MONTH
        if "people" in self.layout.roles:
            place = self.layout.roles["people"]
            counts = [hours(chunk[f"c{place}"].str.strip_chars(), False, None) for chunk in table.chunks([place])]
            most = pl.concat(counts).to_frame("people").select(pl.max("people")).item() if counts else None
            self.most_hours = (self.most_hours or HOURS_IN_A_DAY) * max(1.0, float(most or 1))

    def _several_days(self, table: RawTable, last: int) -> None:
        """Rows that stand for a week or so (start and end date) may hold more than a day's hours."""
        first = next(index for index, name in self.mapping.columns.items() if name == "work_date")
        spans = [days_covered(chunk, first, last) for chunk in table.chunks(sorted({first, last}))]
        rows = sum(int((span > _ACROSS_MIDNIGHT).sum()) for span in spans)
        if rows:
            longest = pl.concat(spans).to_frame("days").select(pl.max("days")).item()
            self.most_hours = HOURS_IN_A_DAY * float(longest)
            names = {"rows": rows, "start": table.header[first], "end": table.header[last]}
            self.warnings.append((*_SEVERAL_DAYS, names))

    def _choose_column(self, table: RawTable) -> None:
        used = next((index for index, name in self.mapping.columns.items() if name == "hours"), None)
        if used is None:
            return
        issue = next((index for index, name in self.mapping.columns.items() if name == "issue_key"), None)
        rivals = [index for index in self.mapping.rivals.get("hours", ()) if index != used]
        choice: ColumnChoice = chosen_column(table, used, rivals, issue)
        self.layout.spare = choice.spare
        if choice.column != used:
            self.mapping.moved("hours", used, choice.column)
            self.mapping.units.pop("hours", None)
            if unit := unit_of_header(table.header[choice.column]):
                self.mapping.units["hours"] = unit
        if choice.unit is not None:
            self.mapping.units["hours"] = choice.unit
            self.layout.is_compared = True
            other = "" if choice.spare is None else table.header[choice.spare]
            names = {"column": table.header[choice.column], "other": other}
            self.warnings.append((*(_BESIDE_AS_DAYS if choice.unit == "days" else _BESIDE_AS_HOURS), names))
        if choice.warnings or choice.spare is not None:
            self.mapping.warnings[:] = [warning for warning in self.mapping.warnings if not _is_about_hours(warning)]
        self.warnings += choice.warnings
        if choice.is_repeated and len(choice.warnings) == 0:
            details = {"column": table.header[choice.column]}
            self.cut.append((*_ONLY_TOTALS, details))


_BESIDE_AS_DAYS = (
    "ingest.unit_from_values",
    "Column '{column}' holds the same numbers as the person-days in '{other}', and was read as person-days of 8 hours.",
)
_BESIDE_AS_HOURS = (
    "ingest.unit_from_values",
    "Column '{column}' is about eight times the person-days in '{other}', and was read as hours.",
)
_SEVERAL_DAYS = (
    "ingest.rows_of_several_days",
    "{rows} rows stand for several days, from '{start}' to '{end}'. Their hours count on the first of them.",
)
_ONLY_TOTALS = (
    "ingest.only_totals",
    "Column '{column}' holds one number per issue, repeated on every row of it: it looks like the issue's total, and adding it "
    "up would count it several times. Export the hours of each worklog, or accept the file if these are single worklogs.",
)


def _is_about_hours(warning: tuple[str, str, dict]) -> bool:
    return warning[0] == "ingest.two_columns" and warning[2].get("canonical") == "hours"
