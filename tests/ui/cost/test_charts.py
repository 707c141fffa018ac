"""The S-curve with its band and the chart of cost against schedule: what they say, and that labels stay apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from models.cost.estimates import estimates
from models.cost.series import EarnedValue, used_up, with_forecasts
from ui.cost import charts as cost_charts
from ui.cost import views as cost_views
from ui.shell.theme import CRITICAL, LIGHT, OK

LEVELS = {"warning": 0.95, "critical": 0.90}


@pytest.fixture
def told(small_warehouse) -> Callable[..., EarnedValue]:
    return partial(_told, small_warehouse)


def _told(snapshot, earned: float = 180.0, spent: float = 200.0, planned: float = 200.0, **changes) -> EarnedValue:
    """Four months of 100 planned each, or another plan to date; two months are known."""
    ends = [dt.date(2026, month, 28) for month in range(1, 5)]
    curve = pl.DataFrame(
        {
            "period_end": ends,
            "planned_value": [100.0, planned, max(300.0, planned), 400.0],
            "earned_value": [90.0, earned, None, None],
            "actual_cost": [100.0, spent, None, None],
            "provisional_cost": pl.Series([None] * 4, dtype=pl.Float64),
        }
    )
    stands = estimates(
        snapshot, budget_at_completion=400, planned_value=planned, earned_value=earned, actual_cost=spent
    )
    curve = with_forecasts(curve, curve.row(1, named=True), stands)
    day, is_past = used_up(curve, 400.0)
    fields = {
        "curve": curve,
        "in_hours": False,
        "currency": "CNY",
        "budget": 400.0,
        "at_completion": stands,
        "stands_on": ends[1],
        "status_on": dt.date(2026, 3, 10),
        "closed_on": ends[1],
        "plan_ends_on": ends[3],
        "finish_on": ends[3],
        "used_up_on": day,
        "is_used_up": is_past,
        "history_methods": ("status_dates",),
    }
    return EarnedValue(**(fields | changes))


def test_the_rest_is_spread_as_the_plan_still_to_come(told):
    curve = told().curve
    # EAC = 400 x 200 / 180 = 444.44; half of the rest falls due with half of the plan left
    assert curve["forecast"].to_list() == [
        None,
        200.0,
        pytest.approx(322.22, abs=0.01),
        pytest.approx(444.44, abs=0.01),
    ]
    # 200 + 220 at budget; 200 + 220 / (0.9 x 0.9) = 471.60 with the delay
    assert curve["forecast_low"][-1] == pytest.approx(420.0)
    assert curve["forecast_high"][-1] == pytest.approx(471.60, abs=0.01)


def test_after_the_plan_the_rest_is_spread_evenly(told):
    # 444.44 - 200 over two months
    assert told(planned=400.0).curve["forecast"][2] == pytest.approx(200 + 244.44 / 2, abs=0.01)


def test_the_budget_is_used_up_where_the_forecast_crosses_it(told):
    # from 322.22 on 28 March to 444.44 on 28 April: (400 - 322.22) / 122.22 = 0.636 of 31 days, 19 whole ones
    assert (told().used_up_on, told().is_used_up) == (dt.date(2026, 4, 16), False)
    assert told(spent=410.0).used_up_on == dt.date(2026, 2, 28)
    assert told(spent=410.0).is_used_up
    assert told(spent=150.0).used_up_on is None


def test_earned_value_says_what_one_spent_has_earned(told):
    chart = cost_charts.earned_value_chart(told())
    # 180 earned / 200 spent = 0.90; the whole costs 444.44 - 400 = 44.44 more
    assert chart.title.startswith("Every 1 spent has earned 0.90; ")
    assert "CNY\u00a044.4 more" in chart.title


def test_the_band_names_what_each_of_its_ends_assumes(told):
    notes = [note.text for note in cost_charts.earned_value_chart(told()).figure.layout.annotations]
    assert "EAC CNY\u00a0420<br>if the rest keeps to its budget" in notes
    assert "EAC CNY\u00a0472<br>if cost and schedule go on so" in notes
    assert "BAC CNY\u00a0400" in notes
    assert {"PV", "EV", "AC"} <= set(notes)


def test_labels_at_the_edge_are_apart_and_inner_ones_stand_above_and_below(told):
    notes = {note.text: note for note in cost_charts.earned_value_chart(told()).figure.layout.annotations}
    assert notes["AC"].xanchor == "right" and notes["AC"].yshift > 0
    assert notes["EV"].xanchor == "left" and notes["EV"].yshift < 0


def test_hours_are_labeled_as_hours(told):
    chart = cost_charts.earned_value_chart(told(in_hours=True))
    assert chart.title.startswith("Every hour spent has earned 0.90 planned hours")
    assert "hours" in chart.subtitle
    notes = [note.text for note in chart.figure.layout.annotations]
    assert "AC" in notes and [text for text in notes if "CNY" in text] == []


def test_finished_work_has_no_forecast(told):
    done = told(earned=400.0, spent=380.0)
    assert done.curve["forecast"].null_count() == 4
    assert "has cost CNY\u00a020 less" in cost_charts.earned_value_chart(done).title


def test_without_budget_and_cost_the_chart_says_so(told):
    nothing = told(budget=None, at_completion=None, curve=told().curve.clear())
    chart = cost_charts.earned_value_chart(nothing)
    assert chart.figure is None
    assert "No budget or cost" in chart.title


def points(**changes) -> pl.DataFrame:
    columns = {"name": ["A", "B", "C"], "cpi": [0.87, 1.02, 0.93], "spi": [0.97, 1.0, 0.8], "budget": [16.0, 4.0, None]}
    columns |= {"period_end": [dt.date(2026, 10, 31)] * 3, "spi_period_end": [dt.date(2026, 11, 30)] * 3}
    return pl.DataFrame(columns | changes)


def test_the_quadrant_counts_who_is_over_and_who_is_late():
    chart = cost_charts.performance_chart(points(), LEVELS, is_path=False, period_kind="month")
    assert chart.title == "Projects that cost more than they earn: 2 of 3; late: 1"
    assert chart.stands.words("en") == "Oct 2026 – Nov 2026"  # CPI at the last closed month, SPI at the newest
    names = {note.text for note in chart.figure.layout.annotations}
    assert {"A", "B", "C", "late and over its cost", "on time, over its cost"} <= names
    assert chart.figure.data[0].marker.size == (40, 25, 10)  # by the root of BAC: 10 + 30 x sqrt(4 / 16)


def test_a_point_opens_the_rows_of_its_worse_index():
    named = points().with_columns(project_key=pl.Series(["PA", "PB", "PC"]))
    of = [cost_views._rows_of_worse("", row) for row in named.iter_rows(named=True)]
    # A: CPI 0.87 < SPI 0.97, at the close of October; B: SPI 1.00 < CPI 1.02 and C: SPI 0.80, at the end of November
    asked = [{name: texts[0] for name, texts in parse_qs(urlsplit(way).query).items()} for way in of]
    assert [(row["kpi"], row["of"], row["at"]) for row in asked] == [
        ("cost_performance_index", "PA", "2026-10-31"),
        ("schedule_performance_index", "PB", "2026-11-30"),
        ("schedule_performance_index", "PC", "2026-11-30"),
    ]
    chart = cost_charts.performance_chart(
        points(), LEVELS, is_path=True, period_kind="month", opens=lambda row: row["name"]
    )
    assert list(chart.figure.data[0].customdata) == ["A", "B", "C"]
    assert [way for _words, way in chart.opens] == ["C", "B", "A"]  # the newest first


def test_one_project_is_a_path_that_ends_in_words():
    chart = cost_charts.performance_chart(points(), LEVELS, is_path=True, period_kind="month")
    assert "CPI 0.93, SPI 0.80 in C" in chart.title
    unknown = points().with_columns(pl.lit(None, pl.Float64).alias("cpi"))
    assert cost_charts.performance_chart(unknown, LEVELS, is_path=True, period_kind="month").figure is None


def test_names_of_projects_are_text():
    chart = cost_charts.performance_chart(points(name=["<b>A", "B", "C"]), LEVELS, is_path=False, period_kind="month")
    assert any(note.text == "&lt;b&gt;A" for note in chart.figure.layout.annotations)


def test_the_cost_variance_stands_beneath_on_the_same_axis_of_time(told):
    figure = cost_charts.earned_value_chart(told()).figure
    bars = next(line for line in figure.data if line.type == "bar")
    # 90 - 100 = -10 in the first month, 180 - 200 = -20 to date in the second
    assert list(bars.y) == [-10.0, -20.0]
    assert list(bars.marker.color) == [CRITICAL, CRITICAL]
    assert (bars.yaxis, bars.xaxis) == ("y2", None)
    # 31 days lie between the ends of February and March; the bars take 0.6 of the least distance, in milliseconds
    assert figure.layout.yaxis2.domain == (0, 0.2) and figure.layout.yaxis.domain == (0.27, 1)
    assert "CNY\u00a0\u221220" in [note.text for note in figure.layout.annotations]
    ahead = next(line for line in cost_charts.earned_value_chart(told(earned=250.0)).figure.data if line.type == "bar")
    # 250 - 200 = 50: more is earned than spent
    assert list(ahead.marker.color) == [CRITICAL, OK]


def test_what_is_spent_is_solid_and_dark_and_what_lies_ahead_is_hatched(told):
    drawn = [line for line in cost_charts.earned_value_chart(told()).figure.data if line.type == "scatter"]
    lines = {line.name: line for line in drawn if line.line.width != 1}
    assert (lines["AC"].line.color, lines["AC"].line.dash) == (LIGHT.text, None)
    assert lines["PV"].line.dash == "dash" and lines["EAC"].line.dash == "dot"
    band = [line for line in drawn if line.fill == "tonexty"]
    assert [line.fillpattern.shape for line in band] == ["/"]


def test_points_open_the_rows_of_their_period_and_what_lies_ahead_opens_nothing(told):
    figure = cost_charts.earned_value_chart(told(), of="P1").figure
    spent = next(line for line in figure.data if line.name == "AC")
    assert [address.partition("?")[2] for address in spent.customdata] == [
        "lang=en&kpi=cost_performance_index&at=2026-01-28&of=P1",
        "lang=en&kpi=cost_performance_index&at=2026-02-28&of=P1",
    ]
    plan = next(line for line in figure.data if line.name == "PV")
    # the status date is 10 March: the plan of the end of March is not due yet
    assert [address is None for address in plan.customdata] == [False, False, True, True]
    assert all(address is None for line in figure.data if line.name == "EAC" for address in line.customdata)


@pytest.mark.parametrize(
    ("largest", "difference", "divisor", "decimals"),
    [
        (119_900_000, 1_670_000, 10**6, 1),  # CNY 119.9 M beside 1.7 M
        (16_200_000, 2_250_000, 10**6, 1),
        (16_200_000, 250_000, 10**3, 0),  # CNY 16,200 K beside 250 K
        (48_000_000_000, 1_000, 10**6, 2),  # never under a ten-thousandth: 4.8 M are CNY 48,000.00 M
        (400, 20, 1, 0),
        (400, 0, 1, 0),
    ],
)
def test_money_of_one_chart_is_in_a_unit_that_shows_its_message(largest, difference, divisor, decimals):
    unit, digits = cost_charts.unit_beside(largest, difference)
    assert (unit.divisor, digits) == (divisor, decimals)
