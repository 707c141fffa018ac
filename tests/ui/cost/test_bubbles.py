"""Bubbles of projects: where names lie, what area, ring and tint say."""

from __future__ import annotations

import datetime as dt
import itertools

import polars as pl
import pytest

from models.vocabulary import KpiStatus, PeriodKind
from ui.cost import bubbles as cost_bubbles
from ui.shell.theme import CRITICAL, QUIET


def points(*rows: tuple) -> pl.DataFrame:
    """(name, cpi, spi, budget, status)"""
    return pl.DataFrame(
        [
            {"project_key": f"P{place}", "name": name, "cpi": cpi, "spi": spi, "budget": budget, "status": status}
            | {"period_end": dt.date(2026, 10, 31), "currency": "CNY"}
            for place, (name, cpi, spi, budget, status) in enumerate(rows)
        ]
    )


def test_the_area_is_the_budget_and_the_ring_alone_is_the_status():
    chart = cost_bubbles.bubbles(
        points(("A", 0.87, 0.92, 16e6, KpiStatus.CRITICAL), ("B", 1.02, 1.0, 4e6, KpiStatus.OK)),
        PeriodKind.MONTH,
        {"P0": "project?of=P0"},
    )
    marker = chart.figure.data[0].marker
    # a quarter of the budget is half of the diameter: 44 and 22
    assert list(marker.size) == [44.0, 22.0]
    assert list(marker.line.color) == [CRITICAL, QUIET]
    assert len(set(marker.color)) == 1
    assert list(chart.figure.data[0].customdata) == ["project?of=P0", None]
    assert chart.title == "Cost and schedule: 1 of 2 projects are both late and over cost"
    assert [words for words, _address in chart.opens] == ["■ A: CPI 0.87, SPI 0.92"]


def test_the_quadrant_of_both_is_tinted_more_and_the_axes_run_through_one():
    shapes = cost_bubbles.bubbles(points(("A", 0.5, 1.2, None, KpiStatus.OK)), PeriodKind.MONTH).figure.layout.shapes
    tinted = {(shape.x1 == 1, shape.y1 == 1): shape.fillcolor for shape in shapes if shape.type == "rect"}
    assert tinted[True, True] == "rgba(213, 94, 0, 0.09)"
    assert tinted[True, False] == tinted[False, True] == "rgba(213, 94, 0, 0.04)"
    assert {(line.x0, line.y0) for line in shapes if line.type == "line"} == {(1, 0), (0, 1)}


def test_a_name_stands_right_of_its_bubble_and_left_of_it_at_the_edge():
    # right: 100 + 20 / 2 + 4 + 60 / 2 = 144; at 470 the right place would end at 544, beyond 480: 470 - 44 = 426
    assert cost_bubbles.placed([(100.0, 100.0), (470.0, 200.0)], [20.0, 20.0], [60.0, 60.0]) == [
        (144.0, 100.0),
        (426.0, 200.0),
    ]


def test_two_bubbles_on_one_place_share_its_sides():
    assert cost_bubbles.placed([(200.0, 100.0)] * 2, [20.0, 20.0], [60.0, 60.0]) == [(244.0, 100.0), (156.0, 100.0)]


@pytest.mark.parametrize("count", [8, 60])
def test_no_name_lies_on_another_where_projects_crowd(count):
    # all within 28 × 15 pixels, names as long as 14 Latin letters
    centers = [(240.0 + 7 * (place % 5), 130.0 + 5 * (place % 4)) for place in range(count)]
    width = 14 * 6.8
    found = [place for place in cost_bubbles.placed(centers, [18.0] * count, [width] * count) if place is not None]
    apart = [
        abs(a[0] - b[0]) >= width or abs(a[1] - b[1]) >= cost_bubbles.LINE for a, b in itertools.combinations(found, 2)
    ]
    assert all(apart)
    # eight find a place each; of sixty no more than have one around such a heap
    assert len(found) == 8 if count == 8 else 8 <= len(found) < 60
