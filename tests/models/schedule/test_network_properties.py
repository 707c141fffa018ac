"""What must hold for every network: hypothesis draws them, the same ones in each run."""

import datetime as dt

import networkx as nx
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.schedule.critical_path import Schedule, network
from models.schedule.what_if import Change, what_if
from models.schedule.working_time import WorkingCalendar
from tests.models.schedule.calendars import china, monday_to_friday, tasks

pytestmark = pytest.mark.whole  # hundreds of networks

CALENDAR = china()
START = dt.date(2025, 9, 15)
SAME = settings(max_examples=50, derandomize=True, deadline=None)


@st.composite
def networks(draw, kinds: tuple[str, ...], lags: tuple[str, ...] = ("",), whole: bool = True) -> pl.DataFrame:
    """Up to 12 tasks; links lead from earlier to later ones, so there is no circle."""
    days = st.integers(0, 10) if whole else st.integers(0, 40).map(lambda quarters: quarters / 4)
    rows = []
    for number in range(draw(st.integers(1, 12))):
        before = draw(st.lists(st.integers(0, number - 1), max_size=3, unique=True)) if number else []
        links = [f"T{p}{draw(st.sampled_from(kinds))}{draw(st.sampled_from(lags))}" for p in before]
        rows.append((f"T{number}", draw(days), " ".join(links)))
    return tasks(*rows)


EVERY_KIND = ("FS", "SS", "FF", "SF")
EVERY_LAG = ("", "", "+2d", "-1.5d", "+50%", "-25%", "+3ed", "+1ed")
ANY = networks(EVERY_KIND, EVERY_LAG, whole=False)


def computed(drawn: pl.DataFrame) -> Schedule:
    return network(drawn, CALENDAR, project_start=START)


@SAME
@given(networks(("FS",)))
def test_the_length_is_that_of_the_longest_path(drawn: pl.DataFrame):
    found = computed(drawn)
    graph = nx.DiGraph()
    for task_id, days, links in drawn.select("task_id", "duration_days", "predecessors").iter_rows():
        graph.add_edge(f"{task_id} start", f"{task_id} end", weight=days)
        graph.add_edges_from((f"{link.removesuffix('FS')} end", f"{task_id} start", {"weight": 0}) for link in links)
    longest = nx.dag_longest_path_length(graph)
    assert found.length_days == longest
    durations = dict(drawn.select("task_id", "duration_days").iter_rows())
    assert sum(durations[task_id] for task_id in found.critical_path) == longest
    critical = set(found.tasks.filter("is_critical")["task_id"])
    assert set(found.critical_path) <= critical


@SAME
@given(ANY)
def test_floats_are_never_negative_without_a_constraint(drawn: pl.DataFrame):
    found = computed(drawn)
    assert found.tasks["total_float_days"].min() >= 0
    assert found.tasks["free_float_days"].min() >= 0
    assert found.tasks.filter(pl.col("free_float_days") > pl.col("total_float_days") + 1e-3).is_empty()
    assert found.least_float_days <= 1e-3
    assert (found.tasks["late_start"] >= found.tasks["early_start"]).all()


@SAME
@given(ANY, st.data())
def test_a_task_may_slip_by_its_total_float(drawn: pl.DataFrame, data: st.DataObject):
    found = computed(drawn)
    task = data.draw(st.sampled_from(found.tasks.rows(named=True)))
    moved = what_if(found, [Change(task["task_id"], start_no_earlier_than=task["late_start"])])
    assert moved.after.finish == found.finish
    assert moved.finish_slip_days == 0


@SAME
@given(networks(EVERY_KIND, ("", "+2d", "-1d")), st.data())
def test_a_task_that_slips_by_its_free_float_moves_no_other(drawn: pl.DataFrame, data: st.DataObject):
    found = computed(drawn)
    # One moment is the end of a day and the beginning of the next: a milestone may be read as the other one of the two.
    tasks_with_work = found.tasks.filter(~pl.col("is_milestone")).rows(named=True)
    assume(tasks_with_work)
    task = data.draw(st.sampled_from(tasks_with_work))
    later = CALENDAR.shifted(task["early_start"], task["free_float_days"])
    moved = what_if(found, [Change(task["task_id"], start_no_earlier_than=later)])
    milestones = set(found.tasks.filter("is_milestone")["task_id"])
    assert set(moved.moved["task_id"]) - milestones <= {task["task_id"]}
    assert CALENDAR.end_of(moved.after.finish) - CALENDAR.end_of(found.finish) in ((0, 1) if milestones else (0,))


@SAME
@given(ANY)
def test_a_longer_critical_task_moves_the_finish_in_a_chain_of_finishes(drawn: pl.DataFrame):
    """More work never ends earlier, whatever the links."""
    found = computed(drawn)
    last = found.critical_path[-1]
    days = drawn.row(by_predicate=pl.col("task_id") == last, named=True)["duration_days"]
    longer = what_if(found, [Change(last, duration_days=days + 3)])
    assert longer.after.finish >= found.finish


@SAME
@given(ANY)
def test_a_calendar_of_its_own_that_is_the_same_changes_nothing(drawn: pl.DataFrame):
    """Links between two calendars go by the clock, links within one by a sum: both say the same."""
    found = computed(drawn)
    keys = ["site" if row % 2 else None for row in range(drawn.height)]
    other = network(
        drawn.with_columns(calendar=pl.Series(keys, dtype=pl.String)),
        CALENDAR,
        project_start=START,
        calendars={"site": china()},
    )
    columns = ["early_start", "early_finish", "free_float_days", "total_float_days"]
    for column in columns:
        differences = [
            (mine, theirs)
            for mine, theirs in zip(found.tasks[column], other.tasks[column], strict=True)
            if mine != theirs and not (isinstance(mine, float) and abs(mine - theirs) < 1e-3)
        ]
        assert differences == [], column


@SAME
@given(networks(("FS",)))
def test_the_order_of_the_rows_does_not_matter(drawn: pl.DataFrame):
    found, turned = computed(drawn), computed(drawn.reverse())
    columns = ["task_id", "early_start", "early_finish", "late_start", "late_finish", "total_float_days"]
    assert found.tasks.select(columns).sort("task_id").equals(turned.tasks.select(columns).sort("task_id"))


def saturdays_too() -> WorkingCalendar:
    every = monday_to_friday(dt.date(2025, 1, 1), dt.date(2026, 12, 31))
    weekday = pl.col("calendar_date").dt.weekday()
    return WorkingCalendar(every.with_columns(is_working_day=(weekday == 6) | weekday.is_in([1, 2, 4, 5])))


@SAME
@given(ANY, st.data())
def test_floats_hold_between_calendars_that_differ(drawn: pl.DataFrame, data: st.DataObject):
    """A site that rests on Sundays and Wednesdays and works through the holidays."""
    keys = data.draw(st.lists(st.sampled_from(["site", None]), min_size=drawn.height, max_size=drawn.height))
    mixed = drawn.with_columns(calendar=pl.Series(keys, dtype=pl.String))
    found = network(mixed, CALENDAR, project_start=START, calendars={"site": saturdays_too()})
    assert found.tasks["total_float_days"].min() >= -1e-3
    assert found.tasks["free_float_days"].min() >= 0
    task = data.draw(st.sampled_from(found.tasks.rows(named=True)))
    moved = what_if(found, [Change(task["task_id"], start_no_earlier_than=task["late_start"])])
    assert moved.after.finish <= found.finish
