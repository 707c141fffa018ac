"""Phases and milestones against the baseline: what is outlined, solid, hatched, and how late is told apart."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import polars as pl

from models.schedule.network import ProjectSchedule
from tests.ui.schedule.test_gantt import DAY, SCHEMA
from ui.schedule import phases
from ui.shell.theme import CRITICAL, OK

MORE = {
    "phase": pl.String,
    "milestone_type": pl.String,
    "baseline_days": pl.Float64,
    "wbs_code": pl.String,
}


def task(phase: str, planned: tuple[int, int], now: tuple[int, int], **changed: object) -> dict[str, Any]:
    """Days of January 2026."""
    day = lambda number: dt.date(2026, 1, number)  # noqa: E731
    dates = {
        "baseline_start": day(planned[0]),
        "baseline_finish": day(planned[1]),
        "start": day(now[0]),
        "finish": day(now[1]),
    }
    common = {
        "task_id": phase,
        "task_name": phase,
        "phase": phase,
        "progress": 0.5,
        "baseline_days": 5.0,
        "wbs_code": "1",
    }
    flags = dict.fromkeys(("is_critical", "is_near_critical", "is_buffer", "is_milestone", "is_summary"), False)
    return common | flags | dates | {"finish_slip_days": now[1] - planned[1]} | changed


def chart_of(*rows: dict) -> Any:
    tasks = pl.DataFrame(list(rows), schema=SCHEMA | MORE)
    planned = cast(ProjectSchedule, SimpleNamespace(tasks=tasks, status_on=dt.date(2026, 1, 16)))
    opens = lambda row: f"?phase={row['group']}" if row.get("is_group") else f"?task={row['task_id']}"  # noqa: E731
    return phases.phases_of(planned, opens, ("Schedule centre", "schedule?project=P1"))


ROWS = (
    task("development", (1, 10), (1, 8), actual_finish=dt.date(2026, 1, 8)),
    task("testing", (11, 20), (13, 25)),
    task(
        "testing", (20, 20), (26, 26), task_id="M", task_name="UAT", is_milestone=True, milestone_type="acceptance"
    ),
)  # fmt: skip


def test_what_is_done_ends_at_the_data_date_and_the_forecast_begins_there():
    outlined, left, done, slip, *_diamonds = chart_of(*ROWS).figure.data
    # rows from the top: development, testing, UAT at 2, 1, 0; days count whole
    assert list(outlined.x) == [10 * DAY, 10 * DAY, None]
    # development is finished: 1–8 January, 8 days; testing from the 13th to the data date, the 16th: 3 days, 13 - 3 = 10 left
    assert list(done.x) == [8 * DAY, 3 * DAY, None]
    assert (list(left.x), left.base[1]) == ([None, 10 * DAY, None], dt.date(2026, 1, 16))
    assert left.marker.pattern.shape == "/" and outlined.marker.color == "rgba(0,0,0,0)"


def test_late_and_early_stand_apart_and_in_words():
    chart = chart_of(*ROWS)
    slip = chart.figure.data[3]
    # 2 days early, 5 late, 6 late
    assert list(slip.x) == [2 * DAY, 5 * DAY, 6 * DAY]
    assert list(slip.marker.color) == [OK, CRITICAL, CRITICAL]
    notes = [note.text for note in chart.figure.layout.annotations]
    assert notes[:3] == ["<b>−2 days</b>", "<b>+5 days</b>", "<b>+6 days</b>"]
    assert chart.title == "2 of 3 phases and milestones are later than planned; the worst, UAT, by 6 days"


def test_a_milestone_is_a_diamond_outlined_until_it_is_reached():
    plan, now = chart_of(*ROWS).figure.data[4:]
    assert list(plan.x) == [dt.date(2026, 1, 20)] and list(now.x) == [dt.date(2026, 1, 26)]
    assert list(now.marker.symbol) == ["diamond-open"]
    assert [address for _words, address in chart_of(*ROWS).opens] == [
        "schedule?project=P1",
        "?phase=development",
        "?phase=testing",
        "?task=M",
    ]
    assert list(now.customdata) == ["?task=M"]
    reached = chart_of({**ROWS[2], "actual_finish": dt.date(2026, 1, 26)})
    assert list(reached.figure.data[5].marker.symbol) == ["diamond"]
