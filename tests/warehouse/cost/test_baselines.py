"""The variance against any baseline, with sums by hand; and that a corrected budget changes no past value by itself.

March 2026 has 22 working days, 10 of them by Friday 13 March.
"""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.builds.snapshot import Snapshot, open_snapshot
from models.schedule.baselines import approved_changes, baseline_curves, baseline_standing
from pipeline.ingest import undo_batch
from pipeline.refresh.baselines.baselines import approve, baselines, settle
from pipeline.refresh.refreshing import refresh
from pipeline.store.aliases import add_alias
from tests.warehouse.edges import day, land, project

STATUS = day(13)


def months(*planned: tuple[int, int], **more) -> list[dict]:
    """planned: (month, money)."""
    line = {"project": "P-17", "wbs_code": "1.1", "category": "labor", "baseline": "B1"} | more
    return [line | {"period_start": day(1, month), "planned_value": value} for month, value in planned]


def planned_by(snapshot: Snapshot) -> dict[dt.date, float]:
    rows = snapshot.query(
        """
        select period_end, denominator from kpi_values
        where kpi_key = 'schedule_performance_index' and project_key = 'YB' and period_kind = 'month' and grain = 'project'
        """
    )
    return {period_end: value for period_end, value in rows.iter_rows() if value is not None}


def published(data_dir: DataDir) -> Snapshot:
    result = refresh(data_dir)
    assert result.status == "published", result
    return open_snapshot(current_build(data_dir))


def rebaselined(data_dir: DataDir) -> None:
    """B1: 10,000 in February and 22,000 in March, loaded; corrected to 12,000 + 11,000 + 22,000 in April, approved as B2."""
    land(data_dir, "projects", [project("YB")])
    add_alias(data_dir, "P-17", "YB")
    task = {"project": "YB", "wbs_code": "1.1", "baseline_start": day(2), "baseline_finish": day(31)}
    land(
        data_dir,
        "schedule",
        [task | {"task_id": "A", "name": "A", "percent_complete": 0.25, "status_on": STATUS}],
    )
    change = {"project": "YB", "raised_on": day(2), "decided_on": day(9)}
    land(
        data_dir,
        "change_requests",
        [
            change | {"change_id": "CR-7", "title": "two sites more", "decision": "approved"},
            change | {"change_id": "CR-8", "title": "not this one", "decision": "rejected"},
        ],
    )
    first = land(data_dir, "budget", months((2, 10_000), (3, 22_000)), batch="1", exported_at="2026-02-01T00:00:00Z")
    before = planned_by(published(data_dir))
    # 13 March: 10,000 + 22,000 x 10/22; February has no data date of the schedule, and so no SPI
    assert before == {day(31): 20_000}

    second = months((2, 12_000), (3, 11_000), module="core") + months((4, 22_000), module="gateway")
    land(data_dir, "budget", second, batch="2")
    assert planned_by(published(data_dir)) == before
    [proposal] = [baseline for baseline in baselines(data_dir) if baseline["status"] == "proposed"]
    approve(data_dir, proposal["baseline_id"], name="B2", reason="two sites more", approved_by="CCB", change_id="CR-7")
    undo_batch(data_dir, first)  # a baseline outlives its batch
    # 12,000 + 11,000 x 10/22
    assert planned_by(published(data_dir)) == {day(31): 17_000}


@pytest.fixture(scope="module")
def snapshot(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("rebaselined", rebaselined)))


def test_progress_is_held_against_any_baseline(snapshot):
    rows = {row["baseline"]: row for row in baseline_standing(snapshot, "YB").iter_rows(named=True)}
    assert list(rows) == ["B2", "B1"]
    # a quarter of the work is done; every baseline pays for it by its own budget
    for name, finish, bac, planned, earned, variance, index in (
        ("B1", day(31), 32_000, 20_000, 8_000, -12_000, 0.4),
        ("B2", day(30, 4), 45_000, 17_000, 11_250, -5_750, 11_250 / 17_000),
    ):
        row = rows[name]
        assert (row["budget_at_completion"], row["planned_value"], row["earned_value"]) == (bac, planned, earned)
        assert row["schedule_variance"] == variance
        assert row["schedule_performance_index"] == pytest.approx(index)
        assert (row["finish_on"], row["status_on"], row["currency"]) == (finish, STATUS, "CNY")
    assert (rows["B1"]["is_active"], rows["B2"]["is_active"]) == (False, True)
    assert (rows["B1"]["budget_difference"], rows["B1"]["finish_difference_days"]) == (13_000, 30)
    assert (rows["B2"]["budget_difference"], rows["B2"]["finish_difference_days"]) == (0, 0)


def test_every_baseline_has_its_curve(snapshot):
    ids = {
        baseline_id: name
        for name, baseline_id in baseline_standing(snapshot, "YB").select("baseline", "baseline_id").iter_rows()
    }
    curves = baseline_curves(snapshot, "YB")
    assert [(ids[baseline_id], end, value) for baseline_id, end, value in curves.iter_rows()] == [
        ("B1", day(28, 2), 10_000),
        ("B1", day(31), 32_000),
        ("B2", day(28, 2), 12_000),
        ("B2", day(31), 23_000),
        ("B2", day(30, 4), 45_000),
    ]
    assert snapshot.query("select distinct project_key from fct_baselines").rows() == [("YB",)]


def test_only_approved_changes_may_allow_one(snapshot):
    assert approved_changes(snapshot, "YB").rows() == [("CR-7", "two sites more", day(9))]


def test_the_active_baseline_is_the_planned_value_of_every_other_page(snapshot):
    [(due, whole)] = snapshot.query(
        """
        select
            sum(planned_value) filter (where accrued_on <= (select status_on from dim_projects where project_key = 'YB')),
            sum(planned_value)
        from fct_planned_value where project_key = 'YB'
        """
    ).rows()
    active = baseline_standing(snapshot, "YB").row(0, named=True)
    assert (float(due), float(whole)) == (active["planned_value"], active["budget_at_completion"])


def test_a_baseline_is_due_by_the_working_days_of_its_project(data_dir):
    """The project is closed from 2 to 6 March 2026: 22 - 5 = 17 working days are left, 5 of them by Friday the 13th."""
    land(data_dir, "projects", [project("YB")])
    land(data_dir, "budget", months((3, 17_000), project="YB"))
    land(
        data_dir,
        "calendars",
        [{"project": "YB", "calendar_date": day(number), "is_working_day": False} for number in range(2, 7)],
    )
    task = {"project": "YB", "task_id": "A", "wbs_code": "1.1", "name": "A", "percent_complete": 0.25}
    land(data_dir, "schedule", [task | {"baseline_start": day(2), "baseline_finish": day(31), "status_on": STATUS}])
    snapshot = published(data_dir)
    # 17,000 x 5/17, where 10 of 22 statutory working days would be 7,727.27
    assert planned_by(snapshot) == {day(31): 5_000}
    assert baseline_standing(snapshot, "YB")["planned_value"].to_list() == [5_000]


def test_every_module_of_the_budget_is_a_reference_code(snapshot):
    """Its one element is planned for two modules."""
    rows = snapshot.query(
        "select code from reference_codes where kind = 'module' and project_key = 'YB' order by code"
    ).rows()
    assert rows == [("core",), ("gateway",)]


def test_lines_of_an_undone_file_still_name_it(snapshot):
    [(file_name,)] = snapshot.query(
        "select distinct file_name from fct_baselines inner join dim_batches using (batch_id) where baseline = 'B1'"
    ).rows()
    assert file_name == "budget-1.csv"


def test_what_was_undone_goes_with_its_project(data_dir):
    """Everything undone, as after trying the sample: no budget is left over under a project that is not there any more."""
    listed = land(data_dir, "projects", [project("YB")])
    budget = land(data_dir, "budget", months((3, 22_000), project="YB"))
    land(data_dir, "projects", [project("QT")], batch="2")
    published(data_dir)
    undo_batch(data_dir, listed)
    undo_batch(data_dir, budget)
    assert settle(data_dir) == []
    assert published(data_dir).query("select * from fct_baselines").is_empty()
