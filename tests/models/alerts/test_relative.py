"""Relative rules against series of a few months, with changes worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from models.alerts.kinds.relative import relative_signals
from models.alerts.vocabulary import AlertLevel
from tests.models.alerts.builds import PROJECT, RULE, STATUS_ON, Build, kpi, months, said


def build(values: list[float | None], better: str = "higher", project: dict | None = None, **facts: object) -> Build:
    frozen = [{"project_key": "P", "is_active": True, "frozen_at": dt.datetime(2026, 4, 12, 3)}]
    return Build(
        kpi_values=months("k", values, **facts),
        dim_kpis=[kpi("k", better=better)],
        dim_projects=[PROJECT | (project or {})],
        fct_baselines=frozen,
    )


def rule(kind: str, **facts: object) -> dict:
    return RULE | {"kind": kind, "name": "k", "warning_at": 0.1, "critical_at": 0.25} | facts


def one(snapshot: Build, *rules: dict):
    [signal] = relative_signals(snapshot, rules)
    return signal


@pytest.mark.parametrize(
    ("values", "better", "reading", "change"),
    [
        ([0.80, 0.72], "higher", AlertLevel.OK, -0.1),  # exactly on the line is within
        ([40.0, 44.0], "lower", AlertLevel.OK, 0.1),  # on the other side too
        ([0.80, 0.71], "higher", AlertLevel.WARNING, -0.1125),
        ([0.80, 0.59], "higher", AlertLevel.CRITICAL, -0.2625),
        ([0.80, 1.60], "higher", AlertLevel.OK, 1.0),  # twice as good
        ([40.0, 46.0], "lower", AlertLevel.WARNING, 0.15),
        ([-40.0, -46.0], "higher", AlertLevel.WARNING, -0.15),  # of a negative value too, down is down
        ([40.0, 46.0], "band", AlertLevel.WARNING, 0.15),
        ([40.0, 34.0], "band", AlertLevel.WARNING, -0.15),
    ],
)
def test_a_change_against_the_last_month(values, better, reading, change):
    signal = one(build(values, better), rule("last_period"))
    assert (signal.reading, signal.value) == (reading, pytest.approx(change))
    assert (signal.name, signal.kpi_key, signal.data_date) == ("k:last_period", "k", STATUS_ON)


def test_a_direction_that_is_stated_is_taken_with_its_sign():
    below = rule("last_period", direction="below", warning_at=-0.05, critical_at=-0.2, clear_at=0.0)
    fallen = one(build([100.0, 90.0], "none"), below)
    assert (fallen.reading, fallen.level) == (AlertLevel.WARNING, -0.05)
    risen = one(build([100.0, 97.0], "none"), below)
    assert (risen.reading, risen.is_clear) == (AlertLevel.OK, False)  # within, and not yet as far as it must be to end


def test_the_mean_is_of_the_twelve_months_before():
    values = [1000.0, *[10.0] * 11, 22.0, 13.2]  # of the twelve before the last: (11 × 10 + 22) ÷ 12 = 11
    signal = one(build(values, "lower"), rule("own_mean"))
    assert (signal.reading, signal.value) == (AlertLevel.WARNING, pytest.approx(0.2))
    assert said(signal) == (
        "k was 1,320 % in Jun 2026: +20.0 % against 1,100 %, the mean of 12 months; the line is drawn at +10.0 %."
    )


def test_the_baseline_is_the_freeze_date_and_else_the_month_in_which_it_was_frozen():
    values = [0.5, 0.8, 0.9, 0.6]  # March to June
    by_freeze = one(build(values, project={"freeze_on": dt.date(2026, 3, 10)}), rule("baseline"))
    assert (by_freeze.reading, by_freeze.value) == (AlertLevel.OK, pytest.approx(0.2))
    by_frozen = one(build(values), rule("baseline"))  # frozen in April, at 0.8
    assert (by_frozen.reading, by_frozen.value) == (AlertLevel.WARNING, pytest.approx(-0.25))


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (
            "last_period",
            [0.0, 5.0],
            "k is held against zero: a change against zero is no share. It was 500 % in Jun 2026.",
        ),
        ("last_period", [None, 5.0], "k has no value to be held against in May 2026, so no change can be told."),
        ("last_period", [5.0], "k has no finished month before Jun 2026 to be held against."),
        ("own_mean", [None, None, 5.0], "k has no finished month before Jun 2026 to be held against."),
        ("baseline", [1.0, 5.0], "k has no value to be held against in Apr 2026, so no change can be told."),
        ("last_period", [5.0, None], "k has no value in Jun 2026, so no change can be told."),
    ],
)
def test_what_cannot_be_compared_is_no_data_and_says_why(kind, values, words):
    signal = one(build(values), rule(kind))
    assert (signal.reading, signal.value) == (AlertLevel.NO_DATA, None)
    assert said(signal) == words


def test_only_finished_months_are_compared():
    rows = months("k", [0.8, 0.7, 0.1])
    rows[-1] |= {"as_of": dt.date(2026, 6, 20), "is_incomplete": True}
    signal = one(Build(kpi_values=rows, dim_kpis=[kpi("k")]), rule("last_period"))
    assert (signal.data_date, signal.value) == (dt.date(2026, 5, 31), pytest.approx(-0.125))


def test_the_most_specific_rule_counts_and_one_that_is_off_judges_nothing():
    snapshot = build([0.8, 0.7])
    general, off = rule("last_period"), rule("last_period", rule_id=2, customer="C", is_off=1)
    own = rule("last_period", rule_id=3, project_key="P", warning_at=0.01)
    assert one(snapshot, general, off).reading is AlertLevel.NOT_JUDGED
    assert one(snapshot, general, off, own).rule_id == 3
    later = rule("last_period", rule_id=4, project_key="P", valid_from="2026-07-01")  # counts from July on
    assert one(snapshot, own, later).rule_id == 3


def test_modules_and_the_portfolio_are_judged_only_where_a_rule_names_them():
    rows = [
        *months("k", [0.8, 0.7], grain="module", module="core"),
        *months("k", [0.8, 0.7], grain="portfolio", project_key="*"),
    ]
    snapshot = Build(kpi_values=rows, dim_kpis=[kpi("k")])
    assert relative_signals(snapshot, [rule("last_period")]) == []
    named = rule("last_period", project_key="P", module="core")
    whole = rule("last_period", rule_id=2, is_portfolio=1)
    found = relative_signals(snapshot, [named, whole])
    assert {(signal.scope.grain, signal.scope.module) for signal in found} == {("module", "core"), ("portfolio", "*")}


def test_a_closed_project_and_stale_data_say_so():
    assert (
        one(build([0.8, 0.1], project={"actual_finish_on": STATUS_ON}), rule("last_period")).reading
        is AlertLevel.CLOSED
    )
    assert one(build([0.8, 0.1], is_stale=True), rule("last_period")).reading is AlertLevel.STALE
