"""Rules about several rows of a file together: they are counted in DuckDB over all chunks, and flag what they find."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest.contracts.checks import Together
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.landing.staging import query_files


@dataclass(frozen=True)
class Outcome:
    """groups that were judged and that broke the rule; `first`: the blanks of the first of them."""

    rule: Together
    checked: int
    failed: int
    first: dict

    def reason(self, file: str) -> Reason:
        return Reason(
            self.rule.code, template=self.rule.template, details=self.first | {"file": file, "rows": self.failed}
        )


def judged_together(feed: str, rows_file: Path) -> list[Outcome]:
    """The rules of the feed over the whole file, written but not yet landed."""
    outcomes = []
    for rule in PLUGINS[feed].together:
        sql = f"""
            with
            rows as (select * from read_parquet(?)),
            found as materialized ({rule.sql}),
            counted as (select count(*) as checked, count(*) filter (where is_broken) as failed from found),
            broken as (select * exclude (is_broken) from found where is_broken order by line limit 1)
            select * from counted left join broken on true
        """
        told = query_files(sql, rows_file).row(0, named=True)
        checked, failed = told.pop("checked"), told.pop("failed")
        outcomes.append(Outcome(rule, checked, failed, {name: _shown(value) for name, value in told.items()}))
    return outcomes


def _shown(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value if isinstance(value, int) else str(value)
