"""Charts: labels that do not collide, sentences that say what the data say, text from files that stays text."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import cast

import polars as pl
import pytest

from models.kpis.catalogue import Kpi
from models.vocabulary import KpiStatus, PeriodKind
from ui.kpis import charts
from ui.shell import figures
from ui.shell.theme import CRITICAL, LIGHT


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


CPI = cast(Kpi, SimpleNamespace(unit="index", better="higher", short=lambda language: "CPI"))


def values(**columns: list) -> pl.DataFrame:
    """Rows of kpi_values with the levels 0.95 and 0.90."""
    count = len(columns["value"])
    standing = dict.fromkeys(("is_incomplete", "is_provisional"), [False] * count)
    levels = {"warning_at": [0.95] * count, "critical_at": [0.90] * count, "low_warning_at": [None] * count}
    of = {"kpi_key": ["cost_performance_index"] * count, "project_key": [f"P{place}" for place in range(count)]}
    return pl.DataFrame(of | standing | levels | {"low_critical_at": [None] * count} | columns)


def test_bars_are_dark_whatever_their_status_and_the_sign_stands_beside_the_name():
    rows = values(
        value=[1.02, 0.87],
        status=[KpiStatus.OK, KpiStatus.CRITICAL],
        period_kind=[PeriodKind.MONTH] * 2,
        period_end=[dt.date(2026, 10, 31)] * 2,
        as_of=[dt.date(2026, 10, 31)] * 2,
    )
    chart = charts.bars_by_member(
        rows, "project_key", {"P0": "One", "P1": "Two"}, CPI, lambda row: f"x?of={row['project_key']}"
    )
    bars = chart.figure.data[0]
    assert bars.marker.color == LIGHT.text
    # from the bottom: the worst stands on top
    assert [label.split()[:2] for label in chart.figure.layout.yaxis.ticktext] == [["●", "One"], ["■", "Two"]]
    assert list(bars.customdata) == ["x?of=P0", "x?of=P1"]
    assert list(chart.opens) == [("■ Two 0.87", "x?of=P1"), ("● One 1.02", "x?of=P0")]


def test_a_trend_of_one_project_carries_its_events_within_its_axis():
    ends = [dt.date(2026, 9, 30), dt.date(2026, 10, 31)]
    history = values(value=[1.0, 0.8], status=[KpiStatus.OK, KpiStatus.CRITICAL], period_end=ends)
    days = [dt.date(2026, 9, 1), dt.date(2026, 10, 15)]  # the first lies before the axis
    happened = pl.DataFrame({"day": days, "kind": ["freeze"] * 2, "name": [None] * 2, "days": [None] * 2})
    figure = charts.kpi_trend(history, CPI, PeriodKind.MONTH, events=happened).figure
    assert figure.layout.shapes[0].x0 == days[1] and list(figure.data[1].x) == [days[1]]
    # the axis begins below the least value, 0.8, by 0.12 of the span of 0.2: 0.776; there the sign stands
    assert list(figure.data[1].y) == [pytest.approx(0.776)]
    assert "frozen" in [note.text for note in figure.layout.annotations]
    assert len(charts.kpi_trend(history, CPI, PeriodKind.MONTH).figure.data) == 1


def test_the_axis_of_a_trend_begins_where_its_values_begin():
    ends = [dt.date(2026, month, 28) for month in range(1, 5)]
    statuses = [KpiStatus.NO_DATA, KpiStatus.OK, KpiStatus.NO_DATA, KpiStatus.OK]
    history = values(value=[None, 0.9, None, 0.95], status=statuses, period_end=ends)
    line = charts.kpi_trend(history, CPI, PeriodKind.MONTH).figure.data[0]
    # a year without values is no part of the course; a gap within it is
    assert [(day.month, value) for day, value in zip(line.x, line.y, strict=True)] == [(2, 0.9), (3, None), (4, 0.95)]


def test_a_point_of_a_trend_is_dark_and_carries_its_status_in_its_ring():
    history = values(
        value=[1.0, 0.87],
        status=[KpiStatus.OK, KpiStatus.CRITICAL],
        period_end=[dt.date(2026, 9, 30), dt.date(2026, 10, 31)],
    )
    chart = charts.kpi_trend(history, CPI, PeriodKind.MONTH, lambda row: f"x?at={row['period_end']}")
    line = chart.figure.data[0]
    assert list(line.marker.color) == [LIGHT.text, LIGHT.text]
    assert list(line.marker.line.color) == [LIGHT.text, CRITICAL]
    assert list(line.customdata) == ["x?at=2026-09-30", "x?at=2026-10-31"]
    assert chart.figure.layout.dragmode == "zoom" and chart.figure.layout.yaxis.fixedrange


def test_several_named_lines_have_a_legend_that_toggles_and_a_single_one_has_none():
    named = [figures.trace([1], [1], ["a"], {}, name=name) for name in ("PV", "EV")]
    layout = figures.drawn(LIGHT, named).layout
    assert (layout.showlegend, layout.legend.itemclick) == (True, "toggle")
    assert not figures.drawn(LIGHT, named[:1]).layout.showlegend
    # a line without a name is not in it
    assert [line.showlegend for line in figures.drawn(LIGHT, [*named, figures.trace([1], [1], [], {})]).data][
        2
    ] is False


def test_words_under_the_pointer_become_a_line_of_the_menu_as_plain_text():
    assert figures.plain("Oct 2026<br><b>0.87</b> critical &lt;x&gt;") == "Oct 2026 · 0.87 critical <x>"
