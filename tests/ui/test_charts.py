"""Charts: labels that do not collide, sentences that say what the data say, text from files that stays text."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from ui import charts, figures, gantt


def curve(**changes) -> pl.DataFrame:
    ends = [dt.date(2026, month, 28) for month in range(1, 5)]
    columns = {
        "period_end": ends,
        "planned_value": [100.0, 200.0, 300.0, 400.0],
        "earned_value": [90.0, 180.0, None, None],
        "actual_cost": [100.0, 200.0, None, None],
        "forecast": [None, 200.0, 322.22, 444.44],
        "currency": ["CNY"] * 4,
    }
    return pl.DataFrame(columns | changes)


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ([10, 100], [10, 100]),
        # two at the same place: half a gap down and half a gap up
        ([50, 50], [42.5, 57.5]),
        # 40, 50, 60 with a gap of 15: the block keeps its middle at 50
        ([40, 50, 60], [35, 50, 65]),
        # in the order given, not in that of the values
        ([60, 50, 40], [65, 50, 35]),
        # the pair moves, the far one stays
        ([0, 5, 100], [-5, 10, 100]),
        ([], []),
    ],
)
def test_labels_are_moved_apart_as_little_as_possible(wanted, placed):
    assert figures.spread(wanted, 15) == pytest.approx(placed)


def test_earned_value_says_what_one_spent_has_earned():
    chart = charts.earned_value_chart(curve())
    # 180 earned / 200 spent = 0.90; the whole costs 444.44 - 400 = 44.44 more
    assert chart.title.startswith("Every 1 spent has earned 0.90; ")
    assert "CNY\u00a044.4 more" in chart.title
    assert {note.text for note in chart.figure.layout.annotations} == {"PV", "EV", "AC", "EAC"}


def test_labels_at_the_edge_are_apart_and_inner_ones_stand_above_and_below():
    notes = {note.text: note for note in charts.earned_value_chart(curve()).figure.layout.annotations}
    assert notes["AC"].xanchor == "right" and notes["AC"].yshift > 0
    assert notes["EV"].xanchor == "left" and notes["EV"].yshift < 0


def test_without_budget_and_cost_the_chart_says_so():
    nothing = curve().with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in ("planned_value", "earned_value", "actual_cost", "forecast")
    )
    for frame in (nothing, nothing.clear()):
        chart = charts.earned_value_chart(frame)
        assert chart.figure is None
        assert "No budget or cost" in chart.title


def tasks(name: str = "A", slip: int = 5) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "task_id": ["T1"],
            "task_name": [name],
            "baseline_start": [dt.date(2026, 1, 1)],
            "baseline_finish": [dt.date(2026, 1, 10)],
            "forecast_start": [dt.date(2026, 1, 1)],
            "forecast_finish": [dt.date(2026, 1, 10) + dt.timedelta(days=slip)],
            "actual_start": [dt.date(2026, 1, 2)],
            "actual_finish": [None],
            "is_buffer": [False],
            "finish_slip_days": [slip],
        },
        schema_overrides={"actual_finish": pl.Date},
    )


def test_the_gantt_counts_late_tasks_and_draws_days_whole():
    chart = gantt.gantt(tasks(), dt.date(2026, 1, 8))
    assert chart.title == "1 of 1 tasks finish later than the baseline, the worst by 5 days"
    baseline, done, left = chart.figure.data
    day = 86_400_000
    assert baseline.x[0] == 10 * day  # 1 to 10 January, both days whole
    assert done.x[0] == 7 * day  # 2 to 8 January
    assert (left.base[0], left.x[0]) == (dt.date(2026, 1, 8), 8 * day)  # 8 to 15 January


def test_a_schedule_on_time_and_none_at_all():
    assert gantt.gantt(tasks(slip=0), None).title == "All 1 tasks finish on or before the baseline"
    assert gantt.gantt(tasks().clear(), None).figure is None


def test_text_from_files_is_no_markup_in_a_figure():
    chart = gantt.gantt(tasks(name="<b>x</b><script>"), None)
    assert "<script>" not in chart.figure.to_json()
    assert "<b>x" not in "".join(chart.figure.layout.yaxis.ticktext)
