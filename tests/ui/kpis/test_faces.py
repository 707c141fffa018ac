"""Tiles and cards as HTML: what they say, and that text stays text."""

from __future__ import annotations

from markupsafe import Markup

from models.vocabulary import KpiStatus
from ui.kpis import faces
from ui.kpis.bullet import BulletValue

CPI = BulletValue(0.87, KpiStatus.CRITICAL, "higher", 0.95, 0.90, history=(0.95, 0.9, 0.87), unit="index")


def test_a_tile_says_value_sign_word_and_line_beside_its_course():
    shown = faces.tile("Cost · CPI", CPI, "index", "en", line="1.67 M more than budgeted", reach=(0.8, 1.2))
    assert ">0.87</span>" in shown and "■" in shown and " critical</b>" in shown
    assert "1.67 M more than budgeted" in shown
    # 110 × 30: the line lies in 24 units from 3, 0.95 at 3 + 24 × 0.25 / 0.4 = 18 and 0.87 at 3 + 24 × 0.33 / 0.4 = 22.8
    assert 'd="M2 18L' in shown and "L107 22.8" in shown


def test_a_card_of_the_sheet_has_its_mark_and_what_it_is_compared_with():
    shown = faces.sheet_card("CPI", CPI, "index", "zh", previous=0.90, against="2026年10月", line="计划 1.00")
    assert "较 2026年10月" in shown and "0.03" in shown and "计划 1.00" in shown
    assert 'class="critical"' in shown and 'aria-label="超限"' in shown


def test_what_is_unknown_is_a_word_and_never_a_number():
    shown = faces.tile("Coverage", BulletValue(None, KpiStatus.NO_DATA), "percent", "en")
    assert "no data" in shown and ">0" not in shown


def test_text_stays_text_and_links_stay_links():
    shown = faces.tile("<b>", CPI, "index", "en", line=Markup('<a href="x">why</a>'))
    assert "&lt;b&gt;" in shown and '<a href="x">why</a>' in shown


def test_a_long_amount_is_set_smaller_so_that_its_sign_stands_beside_it():
    variance = BulletValue(-266_000, KpiStatus.OK, "higher", unit="money")
    # "CNY −266 K" has ten letters, "−26.6 万元" eight
    sizes = {
        language: "font-size:1.35rem" in faces.sheet_card("VAC", variance, "money", language, currency="CNY")
        for language in ("en", "zh")
    }
    assert sizes == {"en": False, "zh": True}
