"""Results of test cases, run by run."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from pipeline.ingest.contracts.checks import ToldBy
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.dialects import dialects
from pipeline.ingest.feeds.row_rules import not_negative
from pipeline.ingest.feeds.test_results.recognize import NO_TESTS, evidence


class TestResults(FeedPlugin):
    evidence = staticmethod(evidence)

    def spoken_for(self, names: Collection[str]) -> int:
        against = dialects().registers(*NO_TESTS)
        return -sum(name in against for name in names)

    def settle_document(self, read: ReadRows, file: str, project: str | None, run: str | None) -> None:
        if run and "run_id" not in read.columns.values():  # a run that has a number of its own keeps it
            read.rows = read.rows.with_columns(run_id=pl.lit(run))


PLUGIN = TestResults(
    "test_results",
    of_common_words=True,
    mappable=("outcome",),
    takes_folder_as_project=True,
    rules=not_negative("duration_seconds"),
    told_by=ToldBy(
        "test_results", "cast(run_at as date)", "1", (('lower(trim("case"))', "cast(run_at as date)", "outcome"),)
    ),
    measures={
        "passed": "count(*) filter (outcome = 'passed')",
        "failed": "count(*) filter (outcome in ('failed', 'error'))",
    },
)
