"""The items behind a week of the burn-up are those that its counts count."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import duckdb
import polars as pl
import pytest

from models.builds.snapshot import Snapshot
from models.schedule.series import burn_up, burn_up_items

FACTS = """
    create table dim_projects as select 'P' as project_key, date '2026-01-14' as status_on;
    create table dim_dates as
        select day::date as calendar_date, (date_trunc('week', day) + interval 6 day)::date as week_end
        from range(date '2025-12-29', date '2026-02-01', interval 1 day) as t(day);
    create table dim_batches as select 'b1' as batch_id, 'issues.csv' as file_name;
    create table fct_issues as select *, 'P' as project_key, 'b1' as batch_id, true as is_scope, 2.0 as estimated_days,
        done is not null as is_completed_item, done as completed_on, false as is_deleted, cast(null as varchar) as resolution,
        case when done is null then 'open' else 'done' end as status_category, false as is_after_freeze
    from (values
        ('P-1', 'one', 'story', date '2026-01-02', date '2026-01-09', 2),
        ('P-2', 'two', 'story', date '2026-01-06', date '2026-01-15', 3),
        ('P-3', 'three', 'story', date '2026-01-13', null, 4),
        ('P-4', 'after the data date', 'story', date '2026-01-16', null, 5),
        ('P-5', 'no scope', 'defect', date '2026-01-02', date '2026-01-03', 6)
    ) as t(issue_key, summary, issue_type, created_on, done, source_row);
"""


class HandMade:
    """A snapshot over tables that stand in this file."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(FACTS)

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> pl.DataFrame:
        return self.connection.execute(sql, parameters or {}).pl()


@pytest.fixture
def snapshot() -> Snapshot:
    return cast(Snapshot, HandMade())


def test_scope_and_work_done_list_exactly_what_their_week_counts(snapshot):
    # weeks end on 4, 11 and 18 January; the data date is the 14th: P-2, done on the 15th, is not yet done, P-4 not yet there
    expected = {
        dt.date(2026, 1, 4): (["P-1"], []),
        dt.date(2026, 1, 11): (["P-1", "P-2"], ["P-1"]),
        dt.date(2026, 1, 18): (["P-1", "P-2", "P-3"], ["P-1"]),
    }
    weeks = burn_up(snapshot, "P")
    assert weeks.select("week_end", "scope_items", "done_items").rows() == [
        (end, len(scope), len(done)) for end, (scope, done) in expected.items()
    ]
    for end, (scope, done) in expected.items():
        assert sorted(burn_up_items(snapshot, "P", end, False)["issue_key"]) == scope
        assert sorted(burn_up_items(snapshot, "P", end, True)["issue_key"]) == done


def test_an_item_stands_with_its_file_and_line_and_was_not_done_before_it_was(snapshot):
    rows = burn_up_items(snapshot, "P", dt.date(2026, 1, 11), False).rows(named=True)
    assert [(row["issue_key"], row["done_on"], row["file_name"], row["source_row"]) for row in rows] == [
        ("P-1", dt.date(2026, 1, 9), "issues.csv", 2),
        ("P-2", None, "issues.csv", 3),
    ]
