"""The mark's geometry, with numbers worked out by hand, and what must never get into it."""

from __future__ import annotations

import re

import pytest

from models.vocabulary import KpiStatus
from ui.kpis import bullet as mark
from ui.kpis.bullet import Box, BulletValue
from ui.shell.theme import CRITICAL, DARK, INHERITED, LIGHT, QUIET, WARNING

HUNDRED = Box(0, 0, 100, 8)


def coverage(value: float | None, status: str) -> BulletValue:
    return BulletValue(value=value, status=status, better="higher", warning_at=0.85, critical_at=0.80)


def test_the_scale_runs_around_levels_that_would_stand_too_near():
    scale = mark.scale_of(coverage(0.762, KpiStatus.CRITICAL))
    # from zero to 0.80 / 0.66 = 1.2121 the two would stand 0.05 / 1.2121 = 4.1 % apart, under 8 %. At 12 % the scale spans
    # 0.05 / 0.12 = 0.41667 around the critical level: 0.59167 to 1.00833; warning at 62 %; value: 0.17033 / 0.41667 = 40.9 %
    assert (round(scale.low, 5), round(scale.high, 5)) == (0.59167, 1.00833)
    assert scale.x(0.80, 100) == 50.0
    assert scale.x(0.85, 100) == 62.0
    assert scale.x(0.762, 100) == 40.9


def test_a_value_before_such_a_scale_is_a_stub_that_is_cut():
    drawn = mark.bullet(coverage(0.31, KpiStatus.CRITICAL), HUNDRED, LIGHT)
    assert f'<rect x="0" y="0" width="6" height="8" fill="{CRITICAL}"/>' in drawn
    # the cut begins 3 units from the edge, one below the bar
    assert 'class="overflow" d="M3 9l' in drawn


def index(value: float, status: str = KpiStatus.CRITICAL, **levels: float) -> BulletValue:
    """CPI with levels 0.95 and 0.90."""
    return BulletValue(value, status, "higher", **({"warning_at": 0.95, "critical_at": 0.9} | levels), unit="index")


def test_an_index_is_drawn_as_its_deviation_from_one():
    # farthest level: 0.1 from 1, so the scale is 0.8 to 1.2: 1 at 50, critical at 25, warning at 37.5, 0.87 at 0.07 / 0.4 = 17.5
    drawn = mark.bullet(index(0.87), HUNDRED, LIGHT)
    assert f'<rect x="17.5" y="0" width="32.5" height="8" fill="{CRITICAL}"/>' in drawn
    assert re.findall(r'class="(\w+)" d="M([\d.]+) ', drawn) == [
        ("base", "50"),
        ("warning", "37.5"),
        ("critical", "25"),
    ]
    better = mark.bullet(index(1.06, KpiStatus.OK), HUNDRED, LIGHT)
    # 0.06 / 0.4 = 15 to the right of 1
    assert f'<rect x="50" y="0" width="15" height="8" fill="{QUIET}"/>' in better


def test_where_less_is_better_an_index_has_its_levels_right_of_one():
    to_complete = BulletValue(1.07, KpiStatus.WARNING, "lower", 1.05, 1.10, unit="index")
    # 0.8 to 1.2: warning at 0.25 / 0.4 = 62.5, critical at 75, the bar from 50 to 67.5
    drawn = mark.bullet(to_complete, HUNDRED, LIGHT)
    assert f'<rect x="50" y="0" width="17.5" height="8" fill="{WARNING}"/>' in drawn
    assert re.findall(r'class="(\w+)" d="M([\d.]+) ', drawn) == [
        ("base", "50"),
        ("warning", "62.5"),
        ("critical", "75"),
    ]


def test_an_index_that_leaves_the_scale_is_cut_on_its_side():
    low, high = mark.bullet(index(0.5), HUNDRED, LIGHT), mark.bullet(index(6.18, KpiStatus.OK), HUNDRED, LIGHT)
    assert f'<rect x="0" y="0" width="50" height="8" fill="{CRITICAL}"/>' in low
    assert 'class="overflow" d="M3 9' in low
    assert f'<rect x="50" y="0" width="50" height="8" fill="{QUIET}"/>' in high
    assert 'class="overflow" d="M93 9' in high


def test_levels_of_an_index_that_nearly_touch_are_told_apart():
    reading = index(0.91, KpiStatus.OK, warning_at=0.905)
    # 0.005 of 0.4 is 1.3 %: the scale is 0.005 / 0.12 = 0.041667 around 0.90; 0.91 at (0.91 - 0.879167) / 0.041667 = 74; 1 lies
    # beyond it, so the bar comes in from the right
    scale = mark.scale_of(reading)
    assert (scale.x(0.905, 100), scale.x(0.9, 100)) == (62.0, 50.0)
    assert '<rect x="74" y="0" width="26"' in mark.bullet(reading, HUNDRED, LIGHT)


def test_an_index_without_levels_shows_its_farthest_value_at_two_thirds():
    reading = BulletValue(0.67, KpiStatus.UNRATED, history=(0.67, 1.1), unit="index")
    # 0.33 / 0.66 = 0.5: the scale is 0.5 to 1.5
    scale = mark.scale_of(reading)
    assert (round(scale.low, 6), round(scale.high, 6)) == (0.5, 1.5)
    assert mark.scale_of(BulletValue(1.0, KpiStatus.UNRATED, unit="index")) == mark.Scale(0.9, 1.1)


def test_the_ends_of_the_scale_and_the_levels_hover_over_the_mark():
    assert mark.scale_words(index(0.87), "index", "en") == "scale 0.80 to 1.20 · warning 0.95 · critical 0.90"
    assert mark.cell_face(index(0.87), "index", "zh")[1].endswith("刻度 0.80 至 1.20 · 预警 0.95 · 超限 0.90")
    assert mark.cell_face(coverage(None, KpiStatus.NO_DATA), "percent", "en")[1] == ""


def test_lower_is_better_is_drawn_on_the_same_rule():
    reading = BulletValue(0.0031, KpiStatus.OK, "lower", warning_at=0.004, critical_at=0.005)
    scale = mark.scale_of(reading)
    # high = 0.005 / 0.66 = 0.007576: warning at 52.8 %, value at 40.9 %
    assert (scale.x(0.005, 100), scale.x(0.004, 100), scale.x(0.0031, 100)) == (66.0, 52.8, 40.9)


def test_a_band_has_two_ticks_and_no_circle():
    reading = BulletValue(0.061, KpiStatus.WARNING, "band", warning_at=0.20, low_warning_at=0.08)
    drawn = mark.bullet(reading, HUNDRED, LIGHT)
    # high = 0.20 / 0.66 = 0.30303: ticks at 66 and 0.08 / 0.30303 = 26.4, the bar ends at 20.1
    assert re.findall(r'class="warning" d="M([\d.]+) ', drawn) == ["66", "26.4"]
    assert 'width="20.1"' in drawn
    assert "<circle" not in drawn


def test_a_value_beyond_the_scale_is_held_at_the_edge_and_cut():
    reading = BulletValue(2.79, KpiStatus.CRITICAL, "lower", warning_at=0.05, critical_at=0.10)
    drawn = mark.bullet(reading, HUNDRED, LIGHT)
    assert 'class="overflow"' in drawn
    assert f'x="0" y="0" width="100" height="8" fill="{CRITICAL}"' in drawn


def test_a_negative_value_grows_to_the_left_of_zero():
    reading = BulletValue(-50.0, KpiStatus.UNRATED, "higher", history=(-25.0, -50.0))
    scale = mark.scale_of(reading)
    # high = 50 / 0.66 = 75.76, low = -75.76: zero in the middle, -50 at (75.76 - 50) / 151.52 = 17 %
    assert scale.x(0, 100) == 50.0
    assert scale.x(-50, 100) == 17.0
    assert '<rect x="17" y="0" width="33"' in mark.bullet(reading, HUNDRED, LIGHT)


def test_values_without_a_level_share_the_scale_of_their_column():
    small = BulletValue(5.0, KpiStatus.UNRATED, largest=20.0)
    assert mark.scale_of(small).x(5.0, 100) == 25.0


def test_a_zero_level_and_a_zero_value_draw():
    reading = BulletValue(0.0, KpiStatus.OK, "lower", warning_at=0.0, critical_at=3.0, history=(0.0, 0.0))
    drawn = mark.bullet(reading, HUNDRED, LIGHT)
    assert "nan" not in drawn and "inf" not in drawn
    assert mark.scale_of(BulletValue(0.0, KpiStatus.UNRATED)).high == 1.0


@pytest.mark.parametrize(
    ("status", "color"),
    [
        (KpiStatus.OK, QUIET),
        (KpiStatus.UNRATED, QUIET),
        (KpiStatus.TOO_EARLY, QUIET),
        (KpiStatus.WARNING, WARNING),
        (KpiStatus.CRITICAL, CRITICAL),
    ],
)
def test_only_what_needs_a_hand_is_colored(status, color):
    assert f'fill="{color}"' in mark.bullet(coverage(0.9, status), HUNDRED, LIGHT)


def test_the_plimsoll_circle_sits_on_the_critical_line_in_the_middle_of_the_bar():
    drawn = mark.bullet(coverage(0.9, KpiStatus.OK), Box(10, 20, 100, 8), LIGHT)
    # x = 10 + 50, from 5 above to 5 below; circle in the middle of 20..28
    assert 'class="critical" d="M60 15v18"' in drawn
    assert '<circle cx="60" cy="24" r="4.5"' in drawn


def test_no_data_is_an_empty_outline_and_not_applicable_a_line():
    assert "stroke-dasharray" in mark.bullet(coverage(None, KpiStatus.NO_DATA), HUNDRED, LIGHT)
    not_applicable = mark.bullet(coverage(None, KpiStatus.NOT_APPLICABLE), HUNDRED, LIGHT)
    assert "<rect" not in not_applicable
    assert 'd="M0 4h100"' in not_applicable


def test_stale_data_are_hatched_inside_the_bar_only():
    reading = BulletValue(0.9, KpiStatus.OK, "higher", 0.85, 0.80, is_stale=True)
    drawn = mark.hatch(Box(0, 0, 10, 8), LIGHT)
    # every 4 units, 45 degrees, the last ones shortened: 0..8, 4..10 (6 long), 8..10 (2 long)
    assert re.findall(r"M[\d.]+ 8l[\d.]+ -[\d.]+", drawn) == ["M0 8l8 -8", "M4 8l6 -6", "M8 8l2 -2"]
    assert 'class="stale"' in mark.bullet(reading, HUNDRED, LIGHT)
    assert 'class="stale"' not in mark.bullet(coverage(0.9, KpiStatus.OK), HUNDRED, LIGHT)


def test_the_last_eight_periods_fill_the_width_and_the_height():
    history = tuple(float(value) for value in range(10))
    points = mark.history_points(history, 70, 14)
    # the last eight of ten: 2..9, a step of 10 units; 2 at the bottom (14), 9 at the top (0), 3 at 14 * 6 / 7 = 12
    assert len(points) == 8
    assert points[0] == (0.0, 14.0)
    assert points[1] == (10.0, 12.0)
    assert points[-1] == (70.0, 0.0)


def test_an_unknown_period_breaks_the_line():
    reading = BulletValue(3.0, KpiStatus.OK, history=(1.0, 2.0, None, 2.0, 3.0))
    drawn = mark.history_line(reading, Box(0, 0, 40, 10), LIGHT)
    assert re.search(r'd="M0 10L10 5M30 5L40 0"', drawn)


def test_a_flat_history_lies_in_the_middle_and_a_single_point_is_no_line():
    assert mark.history_points((5.0, 5.0), 10, 8) == [(0.0, 4.0), (10.0, 4.0)]
    assert mark.history_points((5.0,), 10, 8) == []


def test_lines_side_by_side_share_a_scale():
    readings = [
        BulletValue(3.0, KpiStatus.OK, history=(1.0, 3.0)),
        BulletValue(2.0, KpiStatus.OK, history=(None, 2.0, 5.0)),
    ]
    assert mark.reach_of(reading.history for reading in readings) == (1.0, 5.0)
    assert mark.reach_of([()]) is None
    # 1 at the bottom of 10, 3 in the middle: (5 - 3) / 4 of 10
    assert mark.history_points((1.0, 3.0), 40, 10, (1.0, 5.0)) == [(0.0, 10.0), (40.0, 5.0)]
    # 28 high: 22 units from 3, 105 wide from 2: 1 at 25, 3 at 14
    assert 'd="M2 25L107 14"' in mark.course_svg(readings[0], reach=(1.0, 5.0), height=28)


def test_a_change_names_what_it_is_compared_with():
    told = {"previous": 0.90, "unit": "index"}
    worse = mark.change_words(index(0.87), language="en", against="Oct 2026", **told)
    assert worse == f'<span style="color:{INHERITED.bad}">▾</span>\u00a00.03 vs Oct 2026'
    assert mark.change_words(index(0.87), language="zh", against="2026年10月", **told) == (
        f'较 2026年10月 <span style="color:{INHERITED.bad}">▾</span>\u00a00.03'
    )
    assert mark.change_words(index(0.87), language="en", **told).endswith("0.03 vs the period before")
    assert mark.change_words(index(0.87), "index", "en", previous=0.90, against="<i>").endswith("vs &lt;i&gt;")


@pytest.mark.parametrize(
    ("value", "previous", "unit"),
    [
        (0.874, 0.8701, "index"),  # 0.0039 is 0.00 at two decimals
        (0.76201, 0.76199, "percent"),  # 0.002 points is 0.00
        (119_882_822.0, 119_882_000.0, "money"),  # 822 is 0.00 M, the unit of the value
        (3.0, 3.0, "count"),
    ],
)
def test_a_change_that_rounds_to_nothing_has_no_arrow_and_no_color(value, previous, unit):
    reading = BulletValue(value, KpiStatus.OK, "higher", unit=unit)
    assert mark.change_words(reading, unit, "en", previous=previous, against="Oct 2026") == "unchanged from Oct 2026"
    assert mark.change_words(reading, unit, "zh", previous=previous, against="2026年10月") == "与 2026年10月 持平"


def test_status_is_told_by_sign_and_word_beside_the_color():
    face = mark.card_face(coverage(0.762, KpiStatus.CRITICAL), "test_coverage", "percent", "zh", previous=0.775)
    assert "■" in face and "超限" in face and CRITICAL in face
    assert "▾" in face and "1.3" in face
    assert 'aria-label="76.2\u00a0% 超限"' in face


def test_a_worse_change_is_vermilion_and_a_better_one_blue_green():
    worse = mark.card_face(coverage(0.762, KpiStatus.CRITICAL), "test_coverage", "percent", "en", previous=0.775)
    better = mark.card_face(coverage(0.90, KpiStatus.OK), "test_coverage", "percent", "en", previous=0.80)
    assert f'color:{INHERITED.bad}">▾' in worse
    assert f'color:{INHERITED.good}">▴' in better


def test_an_unknown_value_is_never_a_zero():
    face = mark.card_face(coverage(None, KpiStatus.NO_DATA), "test_coverage", "percent", "en", previous=0.8)
    assert "no data" in face
    assert not re.search(r">\s*0", face)
    text, exact, drawn = mark.cell_face(coverage(None, KpiStatus.NO_DATA), "percent", "en")
    assert (text, exact) == ("no data", "") and "stroke-dasharray" in drawn


def test_the_mark_of_a_cell_is_drawn_in_the_colors_around_it():
    drawn = mark.cell_face(coverage(0.9, KpiStatus.OK), "percent", "en")[2]
    assert "currentColor" in drawn and LIGHT.text not in drawn and DARK.text not in drawn


def test_every_status_draws_in_both_languages():
    for status in KpiStatus:
        for language in ("zh", "en"):
            svg = mark.cell_face(coverage(0.9, status), "percent", language)[2]
            assert svg.startswith("<svg ") and svg.endswith("</svg>")
            assert mark.card_face(coverage(0.9, status), "test_coverage", "percent", language)


def test_a_word_in_place_of_a_figure_is_set_smaller_and_may_break():
    spent = BulletValue(value=None, status=KpiStatus.CRITICAL, instead="not achievable")
    face = mark.card_face(spent, "to_complete_performance_index", "index", "en")
    word = re.search(r'<span title="" style="([^"]*)">not achievable</span>', face).group(1)
    assert "font-size:1rem" in word and "nowrap" not in word
    assert "■" in face and "critical" in face and CRITICAL in face
    assert "font-size:1.35rem;white-space:nowrap" in mark.card_face(
        coverage(0.9, KpiStatus.OK), "test_coverage", "percent", "en"
    )


def test_a_band_that_a_rule_sets_has_a_circle_on_both_sides():
    reading = BulletValue(0.95, KpiStatus.CRITICAL, "band", 0.8, 0.9, low_warning_at=0.2, low_critical_at=0.1)
    drawn = mark.bullet(reading, HUNDRED, LIGHT)
    # from zero to 0.9 / 0.66 = 1.3636 warning and critical would stand 7.3 % apart. The levels span 0.8; with a fifth of room
    # 0.96 around 0.5: 0.02 to 0.98. Critical at 0.88 / 0.96 = 91.7 and 8.3, warning at 81.25 and 18.75, the bar ends at 96.9
    assert re.findall(r'class="critical" d="M([\d.]+) ', drawn) == ["91.7", "8.3"]
    assert re.findall(r'class="warning" d="M([\d.]+) ', drawn) == ["81.3", "18.8"]
    assert 'width="96.9"' in drawn


def test_a_rule_with_a_floor_alone_is_drawn_on_that_floor():
    reading = BulletValue(0.3, KpiStatus.CRITICAL, "band", low_warning_at=0.5, low_critical_at=0.4)
    assert mark.scale_of(reading).x(0.4, 100) == 66.0
