"""The mark's geometry, with numbers worked out by hand, and what must never get into it."""

from __future__ import annotations

import re

import pytest

from models.vocabulary import KpiStatus
from ui.kpis import bullet as mark
from ui.kpis.bullet import Box, BulletValue
from ui.shell.theme import CRITICAL, DARK, LIGHT, QUIET, WARNING

HUNDRED = Box(0, 0, 100, 8)


def coverage(value: float | None, status: str) -> BulletValue:
    return BulletValue(value=value, status=status, better="higher", warning_at=0.85, critical_at=0.80)


def test_the_critical_level_stands_at_two_thirds_of_the_width():
    scale = mark.scale_of(coverage(0.762, KpiStatus.CRITICAL))
    # high = 0.80 / 0.66 = 1.2121; critical: 0.80 / 1.2121 = 66 %; warning: 0.85 / 1.2121 = 70.1 %; value: 62.9 %
    assert scale.low == 0
    assert scale.x(0.80, 100) == 66.0
    assert scale.x(0.85, 100) == 70.1
    assert scale.x(0.762, 100) == 62.9


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
    # x = 10 + 66, from 5 above to 5 below; circle in the middle of 20..28
    assert 'class="critical" d="M76 15v18"' in drawn
    assert '<circle cx="76" cy="24" r="4.5"' in drawn


def test_no_data_is_an_empty_outline_and_not_applicable_a_line():
    assert "stroke-dasharray" in mark.bullet(coverage(None, KpiStatus.NO_DATA), HUNDRED, LIGHT)
    not_applicable = mark.bullet(coverage(None, KpiStatus.NOT_APPLICABLE), HUNDRED, LIGHT)
    assert "<rect" not in not_applicable
    assert 'd="M0 4.0h100"' in not_applicable


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


def test_status_is_told_by_sign_and_word_beside_the_color():
    face = mark.card_face(coverage(0.762, KpiStatus.CRITICAL), "test_coverage", "percent", "zh", previous=0.775)
    assert "■" in face and "超限" in face and CRITICAL in face
    assert "▾" in face and "1.3" in face
    assert 'aria-label="76.2\u00a0% 超限"' in face


def test_a_worse_change_is_vermilion_and_a_better_one_blue_green():
    worse = mark.card_face(coverage(0.762, KpiStatus.CRITICAL), "test_coverage", "percent", "en", previous=0.775)
    better = mark.card_face(coverage(0.90, KpiStatus.OK), "test_coverage", "percent", "en", previous=0.80)
    assert 'color:#D55E00">▾' in worse
    assert 'color:#009E73">▴' in better


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
    # high = 0.9 / 0.66 = 1.3636: critical at 66 and 7.3, warning at 58.7 and 14.7, the bar ends at 69.7
    assert re.findall(r'class="critical" d="M([\d.]+) ', drawn) == ["66", "7.3"]
    assert re.findall(r'class="warning" d="M([\d.]+) ', drawn) == ["58.7", "14.7"]
    assert 'width="69.7"' in drawn


def test_a_rule_with_a_floor_alone_is_drawn_on_that_floor():
    reading = BulletValue(0.3, KpiStatus.CRITICAL, "band", low_warning_at=0.5, low_critical_at=0.4)
    assert mark.scale_of(reading).x(0.4, 100) == 66.0
