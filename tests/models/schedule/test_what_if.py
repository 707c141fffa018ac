"""Changes of a plan, worked out by hand. Positions from Monday 3 March 2025."""

import datetime as dt

import polars as pl
import pytest

from models.errors import InputError
from models.schedule.critical_path import network
from models.schedule.what_if import Change, what_if
from tests.models.schedule.calendars import march, tasks


def on(day: int) -> dt.date:
    return dt.date(2025, 3, day)


def plan():
    """A 3–7, B 10–14, the buffer 17–20; C 3–5 beside A with float."""
    rows = tasks(("A", 5, ""), ("B", 5, "A C"), ("BUFFER", 4, "B"), ("C", 3, ""), is_buffer=[False, False, True, False])
    return network(rows, march(), project_start=on(3))


def test_a_buffer_takes_up_a_slip():
    found = what_if(plan(), [Change("A", duration_days=7)])
    assert (found.before.finish, found.after.finish, found.finish_slip_days) == (on(20), on(20), 0)
    assert (found.before.finish_without_buffer, found.after.finish_without_buffer) == (on(14), on(18))
    assert found.buffers.rows(named=True) == [
        {
            "task_id": "BUFFER",
            "name": "Task BUFFER",
            "length_days": 4,
            "left_before": 4,
            "left_after": 2,
            "eaten_days": 2,
            "used_share_before": 0,
            "used_share_after": 0.5,
            "over_days": 0,
        }
    ]
    assert found.moved.select("task_id", "start_after", "finish_after", "slip_days").rows() == [
        ("A", on(3), on(11), 2),
        ("B", on(12), on(18), 2),
        ("BUFFER", on(19), on(20), 0),
    ]
    assert found.moved["total_float_after"].to_list() == [0, 0, 0]


def test_what_exceeds_the_buffer_moves_the_finish():
    found = what_if(plan(), [Change("B", duration_days=12)])
    # B 10–25, seven days more: four eat the buffer, three move the finish from the 20th to the 25th.
    assert (found.after.finish, found.finish_slip_days) == (on(25), 3)
    assert found.buffers.select("left_after", "used_share_after", "over_days").row(0) == (0, 1, 3)
    assert (found.project_float_before, found.project_float_after) == (0, -3)


def test_a_task_moves_within_its_float_and_beyond():
    within = what_if(plan(), [Change("C", start_no_earlier_than=on(5))])
    assert within.moved.select("task_id", "start_after", "finish_after").rows() == [("C", on(5), on(7))]
    assert within.buffers["eaten_days"].to_list() == [0]
    beyond = what_if(plan(), [Change("C", start_no_earlier_than=on(6))])
    assert beyond.buffers["eaten_days"].to_list() == [1]
    assert beyond.after.critical_path == ["C", "B", "BUFFER"]


def test_several_changes_at_once_and_a_plan_without_buffer():
    before = network(tasks(("A", 5, ""), ("B", 5, "A")), march(), project_start=on(3), required_finish=on(18))
    found = what_if(before, [Change("A", duration_days=8), Change("B", duration_days=3)])
    assert (found.after.finish, found.finish_slip_days) == (on(17), 1)
    assert (found.project_float_before, found.project_float_after) == (2, 1)
    assert found.buffers.height == 0
    dates_after = found.after.tasks.select("task_id", "early_start", "early_finish")
    assert dates_after.rows() == [("A", on(3), on(12)), ("B", on(13), on(17))]
    assert before.finish == on(14)  # nothing is stored
    assert what_if(before, []).moved.height == 0


def test_earlier_is_possible_too():
    rows = tasks(("A", 5, ""), ("B", 2, ""), planned_start=[on(3), on(17)])
    found = what_if(network(rows, march()), [Change("B", start_no_earlier_than=on(5))])
    assert found.moved.select("task_id", "start_after", "slip_days").rows() == [("B", on(5), -8)]
    assert (found.before.finish, found.after.finish, found.finish_slip_days) == (on(18), on(7), -7)


def test_done_work_stays_done():
    rows = tasks(
        ("A", 5, ""),
        ("B", 10, ""),
        ("C", 2, "B"),
        actual_start=[on(3), on(3), None],
        actual_finish=[on(7), None, None],
        percent_complete=[1.0, 0.4, 0.0],
    )
    before = network(rows, march(), on(7))
    # Four of B's ten days are done: six left from the 10th. At fourteen days ten are left.
    assert before.tasks["early_finish"].to_list() == [on(7), on(17), on(19)]
    found = what_if(before, [Change("B", duration_days=14), Change("A", duration_days=9)])
    assert found.after.tasks["early_finish"].to_list() == [on(7), on(21), on(25)]
    assert found.without_effect == ("A",)
    assert what_if(before, [Change("B", start_no_earlier_than=on(20))]).without_effect == ("B",)
    shorter = what_if(before, [Change("B", duration_days=2)])
    assert shorter.after.tasks.filter(pl.col("task_id") == "C")["early_start"].item() == on(10)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change("Z", duration_days=1), "no task Z"),
        (Change("A", duration_days=-1), "-1 days"),
        (Change("A", duration_days=float("inf")), "inf days"),
    ],
)
def test_what_cannot_be_changed(change: Change, says: str):
    with pytest.raises(InputError, match=says):
        what_if(plan(), [change])
