"""What happens between a table as it stands and the rows of a feed, while all values are still text.

A raw chunk (c0 … cN and source_row) becomes canonical rows; some exports hold one row in several columns (a wide budget),
several facts in one cell (worklogs of an issue, a ledger's auxiliary account), or one fact in two columns (direction and amount).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from models.feeds import FEEDS
from pipeline.ingest.feeds.calendars.reshape import CalendarShape
from pipeline.ingest.feeds.hours.reshape import HoursShape
from pipeline.ingest.feeds.issues.reshape import IssueShape, project_from_key
from pipeline.ingest.feeds.ledger.reshape import BalanceShape, LedgerShape
from pipeline.ingest.feeds.schedule.reshape import ScheduleShape
from pipeline.ingest.files.tables import RejectedRow
from pipeline.ingest.mapping.columns import Mapping, canonical_chunk
from pipeline.ingest.mapping.currency_columns import QuotesShape

_FEEDS_WITH_ISSUE_KEYS = ("issues", "issue_changes", "worklogs")


@dataclass
class Shaped:
    """rows: canonical columns as text, and source_row. rejected: rows that no shape could be given, one per row."""

    rows: pl.DataFrame
    rejected: list[RejectedRow] = field(default_factory=list)


class Shape:
    """The shape of one table for one feed; `indices` are the columns it reads beside the mapped ones."""

    def __init__(self, feed: str, system: str, mapping: Mapping) -> None:
        self.feed, self.system, self.mapping = FEEDS[feed], system, mapping
        self.ledger = LedgerShape(mapping) if feed == "ledger" else None
        self.balances = BalanceShape(mapping) if feed == "account_balances" else None
        self.schedule = ScheduleShape(mapping) if feed == "schedule" else None
        self.issues = IssueShape(mapping, system) if feed == "issues" else None
        self.calendars = CalendarShape(mapping) if feed == "calendars" else None
        self.quotes = QuotesShape() if feed == "fx_rates" and mapping.period_columns else None
        self.hours = HoursShape(mapping, feed, system) if mapping.hours else None

    @property
    def indices(self) -> list[int]:
        shaped = self.ledger or self.schedule or self.hours
        return sorted({*self.mapping.indices, *(shaped.indices if shaped else ())})

    def apply(self, raw: pl.DataFrame) -> Shaped:
        rows = canonical_chunk(raw, self.mapping, self.feed)
        if self.mapping.period_columns:
            rows = unpivoted(rows, self.mapping)
            rows = self.quotes.apply(rows) if self.quotes else rows
        if self.ledger:
            return Shaped(self.ledger.apply(raw, rows))
        if self.balances:
            return Shaped(self.balances.apply(raw, rows))
        if self.schedule:
            return Shaped(self.schedule.apply(raw, rows))
        if self.issues:
            return Shaped(*self.issues.apply(raw, rows))
        if self.calendars:
            return Shaped(self.calendars.apply(rows))
        if self.feed.name in _FEEDS_WITH_ISSUE_KEYS:
            rows = project_from_key(rows)
        return Shaped(*self.hours.apply(raw, rows)) if self.hours else Shaped(rows)


def unpivoted(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Months (or currencies) as columns to one row each; an empty cell plans nothing and gives no row. The sheet's row stays."""
    months = {f"c{index}": month for index, month in mapping.period_columns.items()}
    period, value = mapping.period_into
    kept = [name for name in rows.columns if name not in months]
    return (
        rows.unpivot(list(months), index=kept, variable_name=period, value_name=value)
        .filter(pl.col(value).str.strip_chars().fill_null("") != "")
        .with_columns(pl.col(period).replace_strict({name: str(month) for name, month in months.items()}))
        .sort("source_row", period, maintain_order=True)
    )


def finished(feed: str, rows: pl.DataFrame) -> pl.DataFrame:
    """What can only be filled once the values are typed: the period of a ledger line is the month of its booking."""
    return LedgerShape.with_periods(rows) if feed == "ledger" else rows
