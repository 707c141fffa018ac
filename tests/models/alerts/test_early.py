"""Early warnings, each against a few rows made by hand."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from models.alerts.kinds import early
from models.alerts.kinds.defaults import PARAMETERS
from models.alerts.kinds.early import early_signals
from models.alerts.kinds.stale import stale_signals
from models.alerts.kinds.trends import crosses_in
from models.alerts.vocabulary import AlertLevel, EarlyRule
from tests.models.alerts.builds import PROJECT, RULE, STATUS_ON, Build, kpi, months, said

ISSUE = {"project_key": "P", "is_confirmed_defect": True, "created_on": dt.date(2026, 1, 5), "open_until": None}
RISK = {"project_key": "P", "risk_id": "R-1", "review_on": None, "closed_on": None, "status": "open"}
CELL = {"grain": "project", "project_key": "P", "module": "*", "phase": "*", "period_kind": "month"}
WEEK_ENDS = [dt.date(2026, 6, 7), dt.date(2026, 6, 14), dt.date(2026, 6, 21), dt.date(2026, 6, 28), dt.date(2026, 7, 5)]


def build(**tables: list[dict]) -> Build:
    weeks = [
        {"project_key": "P", "period_kind": "week", "period_start": end - dt.timedelta(days=6), "period_end": end}
        for end in WEEK_ENDS
    ]
    usual = {
        "kpi_values": months("none", [1.0], bad_direction=None),
        "dim_kpis": [kpi("none")],
        "kpi_cells": [CELL | {"period_end": dt.date(2000, 1, 1)} | dict.fromkeys(BUFFER, 0.0)],
        "dim_periods": weeks,
        "fct_issues": [ISSUE],
        "fct_risks": [RISK],
        "fct_schedule_tasks": [TASK],
    }
    made = Build(**(usual | tables))
    for table, column in (("fct_issues", "open_until"), ("fct_risks", "review_on"), ("fct_risks", "closed_on")):
        made.connection.execute(f"alter table {table} alter column {column} type date")
    return made


BUFFER = ("buffer_days", "buffer_days_used", "chain_days", "chain_days_done")
TASK = {
    "project_key": "nobody",
    "batch_id": "B",
    "status_on": STATUS_ON,
    "is_buffer": False,
    "baseline_start": STATUS_ON,
    "baseline_finish": STATUS_ON,
    "source_row": 1,
    "has_data_date": True,
}


def one(snapshot: Build, name: str, *rules: dict):
    [signal] = [signal for signal in early_signals(snapshot, rules) if signal.name == name]
    return signal


def rule(name: str, **facts: object) -> dict:
    return RULE | {"kind": "early", "name": name} | facts


# ---- trends ---------------------------------------------------------------------------------------------------------


def trend(values: list[float | None], *rules: dict, **facts: object):
    level = {"critical_at": 0.80, "warning_at": 0.85, "bad_direction": "below"}
    snapshot = build(kpi_values=months("k", values, **(level | facts)), dim_kpis=[kpi("k")])
    return one(snapshot, "trend_crosses:k", *rules)


def test_a_trend_says_when_it_will_cross():
    # falls by 0.02 a month from 0.96: 0.86 in June, 0.84, 0.82 and 0.80 after; exactly on the line is within
    falling = [0.96, 0.94, 0.92, 0.90, 0.88, 0.86]
    assert trend(falling).reading is AlertLevel.OK
    steeper = trend([0.98, 0.955, 0.93, 0.905, 0.88, 0.855])  # by 0.025: 0.78 three months on, in September
    assert steeper.reading is AlertLevel.WARNING
    assert said(steeper) == (
        "k was 85.5 % in Jun 2026 and has moved by −2.5 % a month over 6 months: at this pace it crosses its critical level "
        "of 80.0 % in Sep 2026."
    )
    assert (steeper.kpi_key, steeper.level, steeper.is_clear) == ("k", 0.80, False)


def test_a_month_without_a_value_is_no_point_of_the_line_and_leaves_its_place():
    # 0.98 in January, no February, then 0.93 and 0.025 less each month: the same line through five months
    assert said(trend([0.98, None, 0.93, 0.905, 0.88, 0.855])) == (
        "k was 85.5 % in Jun 2026 and has moved by −2.5 % a month over 5 months: at this pace it crosses its critical level "
        "of 80.0 % in Sep 2026."
    )


def test_the_reach_of_a_trend_is_tuned_and_a_kpi_can_be_switched_off():
    falling = [0.96, 0.94, 0.92, 0.90, 0.88, 0.86]
    further = rule("trend_crosses", warning_at=4)
    assert trend(falling, further).reading is AlertLevel.WARNING
    off = rule("trend_crosses:k", rule_id=2, is_off=1)
    assert trend(falling, further, off).reading is AlertLevel.NOT_JUDGED


@pytest.mark.parametrize(
    ("values", "facts", "reading"),
    [
        ([0.9, 0.87, 0.84], {}, AlertLevel.NOT_JUDGED),  # three months make a line of anything
        ([0.9, 0.87, 0.84, 0.81], {}, AlertLevel.WARNING),
        ([0.7, 0.75, 0.8, 0.85, 0.9], {}, AlertLevel.OK),  # it gets better
        (
            [0.98, 0.955, 0.93, 0.905, 0.88, 0.84],
            {"status": "warning"},
            AlertLevel.NOT_JUDGED,
        ),  # the level itself speaks
        ([0.98, 0.955, 0.93, 0.905, 0.88, None], {}, AlertLevel.NO_DATA),
        ([0.98, 0.955, 0.93, 0.905, 0.88, 0.855], {"is_stale": True}, AlertLevel.STALE),
        ([0.1, 0.2, 0.3, 0.4], {"bad_direction": "above", "critical_at": 0.6}, AlertLevel.WARNING),
        ([0.1, 0.2, 0.3, 0.4], {"bad_direction": "above", "critical_at": 0.7}, AlertLevel.OK),
    ],
)
def test_a_trend_needs_four_months_and_a_level_that_is_not_crossed(values, facts, reading):
    assert trend(values, **facts).reading is reading


def test_a_band_is_crossed_on_the_side_to_which_the_line_runs():
    band = {"bad_direction": "outside", "critical_at": 0.3, "low_critical_at": 0.05}
    assert crosses_in(0.2, 0.06, band, 3) == (2, 0.3)
    assert crosses_in(0.2, -0.06, band, 3) == (3, 0.05)
    assert crosses_in(0.2, 0.0, band, 3) is None


# ---- buffer and float -----------------------------------------------------------------------------------------------


def buffer(used: float, done: float, *rules: dict, **facts: object):
    values = months("buffer_consumption", [used / 40], bad_direction="above", **facts)
    cell = CELL | {"period_end": STATUS_ON, "buffer_days": 40.0, "buffer_days_used": used}
    cell |= {"chain_days": 200.0, "chain_days_done": done}
    snapshot = build(kpi_values=values, dim_kpis=[kpi("buffer_consumption")], kpi_cells=[cell])
    return one(snapshot, "buffer_burns_faster", *rules)


def test_a_buffer_burns_faster_than_the_chain_from_a_tenth_of_it_on():
    assert buffer(8, 40).reading is AlertLevel.OK  # a fifth of both
    burning = buffer(10, 40)
    assert (burning.reading, burning.value, burning.kpi_key) == (AlertLevel.WARNING, 1.25, "buffer_consumption")
    assert said(burning) == (
        "25.0 % of the buffer is used with 20.0 % of the chain done on 30 Jun 2026: 1.25 times as fast, the line is at 1.00."
    )
    assert buffer(10, 19.9).reading is AlertLevel.NOT_JUDGED
    assert buffer(10, 40, status="critical").reading is AlertLevel.NOT_JUDGED
    assert buffer(10, 40, rule("buffer_burns_faster", warning_at=1.25)).reading is AlertLevel.OK


def floats(*days: dict[str, float | None]) -> pl.DataFrame:
    """At the first date, the one between and the newest, beside each other."""
    return early._beside(
        *(
            pl.DataFrame(
                {
                    "project_key": ["P"] * len(day),
                    "task_id": list(day),
                    "task_name": [f"task {name}" for name in day],
                    "is_buffer": [name == "buffer" for name in day],
                    "is_critical": [False] * len(day),
                    "is_near_critical": [value is not None and value <= 5 for value in day.values()],
                    "total_float_days": list(day.values()),
                },
                schema_overrides={"total_float_days": pl.Float64},
            )
            for day in days
        )
    )


DATES = [dt.date(2026, 4, 30), dt.date(2026, 5, 31), STATUS_ON]


def test_float_erodes_where_what_is_now_near_the_path_lost_float_at_each_date():
    before, between, now = (
        {"a": 12.0, "b": 4.0, "far": 90.0, "buffer": 0.0, "done": 9.0},
        {"a": 7.0, "b": 4.0, "far": 60.0, "buffer": 0.0, "done": None},
        {"a": 3.0, "b": 2.0, "far": 30.0, "buffer": 0.0, "done": None},
    )
    found = early._erosion(
        floats(before, between, now), DATES, 1.0
    )  # 16, then 11, then 5 days; "far" is not near the path
    assert (found.reading, found.value, found.level) == (AlertLevel.WARNING, 5.0, 16.0)
    assert said(found) == (
        "2 tasks on or near the critical path had 16.0 days of float on 30 Apr 2026, 11.0 days on 31 May 2026 and 5.0 days on "
        "30 Jun 2026: 11.0 days lost. Most: task a −9.0 days, task b −2.0 days."
    )
    assert found.details["task_ids"] == ["a", "b"]
    assert early._erosion(floats(before, between, now), DATES, 11.0).reading is AlertLevel.WARNING  # exactly as much
    assert early._erosion(floats(before, between, now), DATES, 11.5).reading is AlertLevel.OK
    assert early._erosion(floats(between, before, now), DATES, 1.0).reading is AlertLevel.OK  # it grew in between


# ---- defects, risks, feeds ------------------------------------------------------------------------------------------


def weekly(*found_and_closed: tuple[int, int]) -> list[dict]:
    issues = [ISSUE]
    for end, (found, closed) in zip(WEEK_ENDS[1:], found_and_closed, strict=False):
        issues += [ISSUE | {"created_on": end}] * found + [ISSUE | {"open_until": end - dt.timedelta(days=6)}] * closed
    return issues


def test_defects_are_found_faster_in_each_of_the_last_finished_weeks():
    faster = one(build(fct_issues=weekly((3, 2), (4, 0), (2, 1))), "defects_found_faster")
    assert (faster.reading, faster.data_date) == (AlertLevel.WARNING, dt.date(2026, 6, 28))
    assert said(faster) == "In each of the 3 weeks to 28 Jun 2026 more defects were found than closed: 9 against 3."
    assert one(build(fct_issues=weekly((3, 2), (4, 0), (2, 2))), "defects_found_faster").reading is AlertLevel.OK
    two = rule("defects_found_faster", warning_at=2)
    slower_first = build(fct_issues=weekly((1, 2), (4, 0), (2, 1)))
    assert one(slower_first, "defects_found_faster").reading is AlertLevel.OK
    assert one(slower_first, "defects_found_faster", two).reading is AlertLevel.WARNING


def test_out_of_date_issues_end_no_warning_of_found_defects():
    issues = {"project_key": "P", "fact": "fct_issues", "feed": "issues", "stale_after_days": 21}
    late = build(feed_freshness=[issues | {"covers_to": dt.date(2026, 6, 1)}])
    assert one(late, "defects_found_faster").reading is AlertLevel.STALE


def test_open_risks_whose_review_is_due_before_the_status_date_are_named():
    risks = [
        RISK | {"risk_id": "R-1", "review_on": dt.date(2026, 6, 29)},
        RISK | {"risk_id": "R-2", "review_on": dt.date(2026, 5, 1)},
        RISK | {"risk_id": "R-3", "review_on": STATUS_ON},  # due today is not overdue
        RISK | {"risk_id": "R-4", "review_on": dt.date(2026, 1, 1), "status": "closed"},
    ]
    overdue = one(build(fct_risks=risks), "risk_reviews_overdue")
    assert (overdue.reading, overdue.value) == (AlertLevel.WARNING, 2)
    assert (
        said(overdue) == "2 of 3 open risks were to be reviewed before 30 Jun 2026, the first on 1 May 2026: R-2, R-1."
    )
    grace = rule("risk_reviews_overdue", warning_at=60)
    assert one(build(fct_risks=risks), "risk_reviews_overdue", grace).reading is AlertLevel.OK
    off = rule("risk_reviews_overdue", project_key="P", is_off=1)
    assert one(build(fct_risks=risks), "risk_reviews_overdue", off).reading is AlertLevel.NOT_JUDGED


def test_a_closed_project_ends_its_early_warnings():
    risks = [RISK | {"review_on": dt.date(2026, 5, 1)}]
    closed = build(fct_risks=risks, dim_projects=[PROJECT | {"actual_finish_on": dt.date(2026, 6, 1)}])
    assert {signal.reading for signal in early_signals(closed, [])} == {AlertLevel.CLOSED}


def test_every_early_warning_is_a_rule_with_a_parameter():
    assert set(PARAMETERS) == set(EarlyRule) == set(early._LOOKS)


def test_a_feed_is_out_of_date_once_it_is_behind_by_more_than_it_may_be():
    def feed(name: str, days: int, allowed: int | None) -> dict:
        ends = STATUS_ON - dt.timedelta(days=days)
        return {"project_key": "P", "fact": f"fct_{name}", "feed": name, "covers_to": ends, "stale_after_days": allowed}

    rows = [feed("issues", 21, 21), feed("worklogs", 22, 21), feed("schedule", 0, 45), feed("ever", 900, None)]
    rows.append(feed("schedule", 46, 45) | {"fact": "fct_earned_value"})  # one fact of it suffices, as in kpi_values
    found = {signal.name: signal for signal in stale_signals(Build(feed_freshness=rows))}
    readings = {name: signal.reading for name, signal in found.items()}
    assert readings == {"issues": AlertLevel.OK, "worklogs": AlertLevel.WARNING, "schedule": AlertLevel.WARNING}
    assert said(found["worklogs"]) == (
        "timesheets of this project end on 8 Jun 2026, 22 days before the newest data of the portfolio; after 21 days they are "
        "out of date. Load a newer export."
    )
    assert stale_signals(Build(feed_freshness=[{"project_key": "P", "feed": "issues"}])) == []  # an older build
