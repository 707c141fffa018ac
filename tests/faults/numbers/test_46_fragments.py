"""Fault 46: coverage of one small module, three runs of one test, hours from two tools → never better than the truth."""

from __future__ import annotations

import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.kpis.values import kpi_row
from tests.faults.numbers.silently_wrong import make_silently_wrong


@pytest.fixture(scope="module")
def build(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("silently-wrong", make_silently_wrong)))


def test_coverage_of_a_small_module_is_not_that_of_the_project(build):
    """10 of 10 lines, beside 10,000 that no report measures: it was shown as 100 %, ok."""
    row = kpi_row(build, Selection(projects=("FRAG",)), "test_coverage")
    assert (row["status"], row["reason"], row["left_out"]) == ("too_early", "fragment:modules", ["FRAG/core"])


def test_a_test_of_which_one_run_failed_has_failed(build):
    """Failed, failed, passed under one name: it was shown as 1 of 1, ok."""
    row = kpi_row(build, Selection(projects=("RUNS",)), "test_pass_rate")
    assert (row["numerator"], row["denominator"], row["value"]) == (0, 1, 0)
    assert row["status"] != "ok"


def test_hours_of_two_tools_count_once(build):
    """3 + 7, told by Jira and by Tempo: it was 20."""
    [(hours,)] = build.query("select cast(sum(hours) as double) from fct_worklogs where project_key = 'TWICE'").rows()
    assert hours == 10
