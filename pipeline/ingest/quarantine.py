"""Rows on their way to the quarantine, and what is said of rows that stay but look odd."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from models.vocabulary import BatchStatus, FileStatus
from models.words.number_tokens import clause
from pipeline.ingest.checks.cross_row_rules import Outcome
from pipeline.ingest.checks.judge import Failure
from pipeline.ingest.contracts.raw_table import RejectedRow
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.landing.land import Incoming
from pipeline.ingest.landing.staging import Staging
from pipeline.ingest.reader import FeedRows

# Reasons that speak of the whole file: what cuts it short cuts every feed in it, the worklogs of its issues too.
OF_THE_FILE = frozenset(
    {
        "ingest.exactly_one_page",
        "ingest.one_page_of_many",
        "ingest.no_last_page",
        "ingest.error_page_inside",
        "ingest.ends_inside_a_row",
    }
)
FEW_AHEAD = 5  # rows dated after today: entries made in advance, a wrong clock
AHEAD_SHARE = 0.01  # more than a hundredth: the order of day and month, or a plan exported as fact
FLUSH_ROWS = 20_000  # rejected rows kept in memory before their text is fetched and they are written


class HeldBack:
    """Collects rejected rows, fetches their text as it stands in the file, and writes them to the quarantine."""

    def __init__(self, staging: Staging, rows: FeedRows) -> None:
        self._staging, self._rows = staging, rows
        self._waiting: list[RejectedRow] = []

    def take(self, rejected: list[RejectedRow]) -> None:
        self._waiting += rejected
        if len(self._waiting) >= FLUSH_ROWS or self._rows.in_several_sheets:
            self.flush()

    def take_failures(self, failures: list[Failure]) -> None:
        """Rows that broke a rule of the feed."""
        self.take(
            [
                RejectedRow(
                    failure.source_row,
                    failure.rule.code,
                    failure.rule.template,
                    failure.details,
                    column=failure.rule.column,
                    value=failure.details.get("value"),
                )
                for failure in failures
            ]
        )

    @staticmethod
    def kept(rows: pl.DataFrame, failures: list[Failure]) -> pl.DataFrame:
        if not failures:
            return rows
        out = pl.Series([failure.position for failure in failures], dtype=pl.Int64)
        return rows.filter(~pl.int_range(pl.len(), dtype=pl.Int64).is_in(out.implode()))

    def take_contradicting(self, repeated: pl.DataFrame) -> None:
        """Rows whose key a later row of the file holds with other values, and no date tells which is newer."""
        keys = ", ".join(self._staging.feed.row_key)
        self.take(
            [
                RejectedRow(
                    line,
                    "ingest.repeated_key",
                    "The row has the same {key} as the row in line {kept}, with other values; that one counts. "
                    "Leave one of the two in the file.",
                    {"key": keys, "kept": kept},
                    column=self._staging.feed.key[0],
                )
                for line, kept in repeated.select("source_row", "kept_row").iter_rows()
            ]
        )

    def flush(self) -> None:
        if not self._waiting:
            return
        texts = self._rows.raw_text({row.source_row for row in self._waiting if not row.raw})
        header, cells = self._rows.records({row.source_row for row in self._waiting})
        self._staging.hold(
            [row if row.raw else replace(row, raw=texts.get(row.source_row, "")) for row in self._waiting],
            header,
            cells,
        )
        self._waiting = []

    def reasons(self, file: str) -> list[Reason]:
        staged = self._staging.result
        if not staged.quarantined:
            return []
        first = staged.first_held[0]
        return [
            Reason(
                "ingest.rows_held_back",
                "{file}: {rows} rows were held back, the first in line {line}: {reason} "
                "The others count. Mend the file and load it again.",
                {
                    "file": file,
                    "rows": staged.quarantined,
                    "line": first.source_row,
                    "reason": clause(first.template, **first.details),
                },
            )
        ]


@dataclass
class Flagged:
    """Rows that stay, by rule: how many, and the first."""

    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _first: dict[tuple[str, str], Failure] = field(default_factory=dict)
    _together: list[Outcome] = field(default_factory=list)

    def take(self, failures: list[Failure]) -> None:
        for failure in failures:
            key = (failure.rule.code, failure.rule.column)
            self._counts[key] = self._counts.get(key, 0) + 1
            self._first.setdefault(key, failure)

    def take_together(self, outcomes: list[Outcome]) -> None:
        """Rules about rows together that were broken."""
        self._together += outcomes

    def ahead(self, file: str, rows: int) -> list[Reason]:
        """Why a batch of `rows` must be confirmed whose rows lie in the future: too many of them for a slip."""
        found = next((key for key in self._counts if key[0] == "ingest.in_the_future"), None)
        if found is None or (self._counts[found] <= FEW_AHEAD and self._counts[found] <= AHEAD_SHARE * rows):
            return []
        first = self._first[found]
        return [
            Reason(
                "ingest.many_in_the_future",
                "{ahead} of {rows} rows of {file} lie in the future, the first in line {line} ({column} is {value}, and today "
                "is {today}): day and month may be exchanged, or a plan was exported as fact. Accept the batch if the dates "
                "are right; otherwise undo it, and load the file again with its order of day and month.",
                {
                    "ahead": self._counts[found],
                    "rows": rows,
                    "file": file,
                    "line": first.source_row,
                    "column": first.details["column"],
                    "value": first.details["value"],
                    "today": first.details["high"],
                },
            )
        ]

    def reasons(self, file: str) -> list[Reason]:
        return [
            Reason(
                first.rule.code,
                template=first.rule.template,
                details=first.details
                | {
                    "file": file,
                    "rows": self._counts[key],
                    "line": first.source_row,
                    "other_column": first.rule.other_column,
                },
            )
            for key, first in self._first.items()
        ] + [outcome.reason(file) for outcome in self._together]


def hold_together(incoming: list[Incoming], accept_held: bool) -> None:
    """Holds every feed of a file for what one of them says of the file; the reports are completed in place."""
    of_file = {
        reason.code: reason for arrival in incoming for reason in arrival.report.reasons if reason.code in OF_THE_FILE
    }
    for arrival in incoming:
        known = {reason.code for reason in arrival.report.reasons}
        added = [reason for code, reason in of_file.items() if code not in known]
        if added:
            if not accept_held:
                arrival.status = BatchStatus.HELD
            said = {"reasons": added + arrival.report.reasons, "status": FileStatus(arrival.status)}
            arrival.report = arrival.report.model_copy(update=said)
