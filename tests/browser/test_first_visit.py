"""The first visitor of a fresh server, by a deep link; and one who switches the language."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.reading import opened, switched, text_of, troubles

CHINESE = re.compile("[\u4e00-\u9fff]")
IN_BOXES = """() => [...document.querySelectorAll('[data-testid=stSelectbox] input')].map(box => box.value)"""
HOLD = f"""(words) => {{ const told = ({IN_BOXES})(); return words.every(word => told.includes(word)); }}"""


def test_a_first_deep_link_opens_its_page_and_no_dialog(visitor, fresh_dashboard):
    """Nobody has looked at this server before: not even a check whether its first page runs."""
    page = visitor()
    opened(page, fresh_dashboard, "quality", lang="en")
    assert page.url.split("?")[0] == f"{fresh_dashboard}/quality"
    assert "Line coverage" in text_of(page) and troubles(page) == []
    # a dialog would come with the page and lie over what is clicked here; one run later there is none either
    switched(page, "中文")
    expect(page.get_by_test_id("stMain")).to_contain_text("行覆盖率")
    assert page.locator("[role=dialog]").count() == 0
    assert page.url.split("?")[0] == f"{fresh_dashboard}/quality"


def test_a_switch_of_the_language_rewords_every_box_and_keeps_what_was_chosen(visitor, sample_dashboard):
    page = visitor(height=900)
    opened(page, sample_dashboard, "rules", lang="zh", at="2026-06-30")
    tab = page.get_by_role("tab", selected=True)
    page.get_by_role("tab").nth(2).click()
    expect(tab).to_have_text("变化幅度")
    switched(page, "English")
    expect(tab).to_have_text("Change against a reference")
    page.wait_for_function(HOLD, arg=["change against the month before"])
    expect(page.get_by_test_id("stMain")).to_contain_text("Period Jun 2026")
    assert [words for words in page.evaluate(IN_BOXES) if CHINESE.search(words)] == []
    switched(page, "中文")
    expect(tab).to_have_text("变化幅度")
    page.wait_for_function(HOLD, arg=["与上月相比的变化"])
    expect(page.get_by_test_id("stMain")).to_contain_text("2026年6月")
    assert "lang=zh" in page.url and "at=2026-06-30" in page.url and "/rules" in page.url
