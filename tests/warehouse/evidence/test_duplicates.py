"""A duplicate leaves the count of defects only with a valid original of at least its severity (rows: judged_anew.py)."""

from __future__ import annotations

import pytest

from models.builds.published import kept_builds
from models.builds.snapshot import Snapshot, open_snapshot
from models.evidence.duplicates import duplicates_counted
from tests.warehouse.judged_anew import make_judged_anew

COUNTED = ["D-10", "D-11", "D-15", "D-16", "D-3", "D-4", "D-5", "D-6", "D-7"]


@pytest.fixture(scope="module")
def build(made_once) -> Snapshot:
    builds = kept_builds(made_once("judged_anew", make_judged_anew))
    return open_snapshot(min(builds, key=lambda build: build.build_id))


def test_only_a_duplicate_with_a_valid_original_leaves_the_count(build):
    rows = build.query(
        "select issue_key, is_duplicate_without_original from fct_issues where is_confirmed_defect and project_key = 'DUP'"
    )
    counted = dict(rows.iter_rows())
    assert sorted(key for key, alone in counted.items() if alone) == COUNTED
    assert sorted(key for key, alone in counted.items() if not alone) == ["D-1", "X-99"]


def test_a_defect_and_a_task_of_one_number_are_two_where_the_tracker_numbers_them_apart(build):
    rows = build.query("select issue_key, is_defect from fct_issues where issue_key in ('X-99', 'M-1') order by all")
    assert rows.rows() == [("M-1", False), ("X-99", False), ("X-99", True)]  # M-1 is the task of the 9th, no more


def test_it_is_open_as_its_own_state_says_and_was_never_solved(build):
    row = build.query("select * from fct_issues where issue_key = 'D-4'").row(0, named=True)
    assert row["open_until"] is not None and not row["is_completed_item"]
    assert row["resolved_on"] is None and row["resolution_days"] is None


def test_they_are_named_beside_the_value(build):
    assert sorted(duplicates_counted(build, "defect_ratio", ("DUP",))) == COUNTED
    assert duplicates_counted(build, "throughput", ("DUP",)) == []
