"""Events of a project, from a few facts written down by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import duckdb
import polars as pl
import pytest

from models.builds.snapshot import Snapshot
from models.reference.events import events

FACTS = """
    create table dim_projects as select * from (values ('P', date '2025-06-30'), ('Q', null)) as t(project_key, freeze_on);
    create table fct_schedule_tasks as select * from (values
        ('P', true, 'acceptance', 'UAT', date '2026-03-01'),
        ('P', false, 'acceptance', 'UAT', date '2026-02-01'),
        ('P', true, null, 'coding', date '2026-01-01'),
        ('P', true, 'acceptance', 'Final', null)
    ) as t(project_key, is_latest, milestone_type, task_name, actual_finish);
    create table fct_sites as select * from (values
        ('P', date '2026-04-10'), ('P', date '2026-04-02'), ('P', null)
    ) as t(project_key, actual_live_on);
    create table fct_baselines as select * from (values
        ('P', 1, 'B1', timestamp '2025-05-01 08:00'), ('P', 7, 'B2', timestamp '2025-12-01 08:00'),
        ('P', 7, 'B2', timestamp '2025-12-01 08:00')
    ) as t(project_key, baseline_id, baseline, frozen_at);
    create table fct_change_requests as select * from (values
        ('P', 'approved', 10, date '2025-09-05'), ('P', 'approved', 4.5, date '2025-09-20'),
        ('P', 'rejected', 30, date '2025-09-21'), ('P', 'approved', 0, date '2025-10-01'), ('P', 'approved', 2, date '2025-11-03')
    ) as t(project_key, decision, days_delta, decided_on);
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


def test_every_event_is_a_fact_and_stands_once(snapshot):
    assert events(snapshot, "P").rows() == [
        (dt.date(2025, 6, 30), "freeze", None, None),
        # 10 and 4.5 days of September are one extension; what was rejected or adds no day is none
        (dt.date(2025, 9, 20), "extension", None, 14.5),
        (dt.date(2025, 11, 3), "extension", None, 2.0),
        # the first baseline is the plan itself
        (dt.date(2025, 12, 1), "baseline", "B2", None),
        # the newest schedule alone says when a milestone was reached; a task without a type is none
        (dt.date(2026, 3, 1), "milestone", "UAT", None),
        (dt.date(2026, 4, 2), "go_live", None, None),
    ]


def test_a_project_without_facts_and_a_build_without_baselines_have_none(snapshot):
    assert events(snapshot, "Q").is_empty()
    cast(HandMade, snapshot).connection.execute("drop table fct_baselines")
    assert "baseline" not in events(snapshot, "P")["kind"].to_list()
