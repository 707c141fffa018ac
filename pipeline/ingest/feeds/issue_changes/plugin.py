"""Changes of issues, each told once for all."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.plugin import FeedPlugin, Reshape, Shaped
from pipeline.ingest.feeds.issue_keys import project_from_key


class _Reshape(Reshape):
    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        return Shaped(project_from_key(rows))


class IssueChanges(FeedPlugin):
    reshape = _Reshape


PLUGIN = IssueChanges(
    "issue_changes",
    identity=("issue_key", "field", "changed_at"),
    once=True,
    measures={"issues": "count(distinct issue_key)"},
)
