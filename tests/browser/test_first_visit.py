"""The first visitor of a fresh server, by a deep link; and one who switches the language."""

from __future__ import annotations

import re

from tests.browser.dashboards import serving
from tests.browser.reading import opened, settled, text_of, troubles

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_a_first_deep_link_opens_its_page_and_no_dialog(browser, own_healthy_folder):
    """Nobody has looked at this server before: not even a check whether its first page runs."""
    with serving(own_healthy_folder) as address:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        page = context.new_page()
        opened(page, address, "quality", lang="en")
        page.wait_for_timeout(1000)  # the dialog comes after the page
        assert page.locator("[role=dialog]").count() == 0
        assert page.url.split("?")[0] == f"{address}/quality"
        assert "Line coverage" in text_of(page) and troubles(page) == []
        context.close()


def test_a_switch_of_the_language_rewords_every_box_and_keeps_what_was_chosen(browser, sample_dashboard):
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    opened(page, sample_dashboard, "rules", lang="zh", at="2026-06-30")
    page.get_by_role("tab").nth(2).click()
    settled(page)
    switched(page, "English")
    assert page.get_by_role("tab", selected=True).inner_text() == "Change against a reference"
    told = [box.input_value() for box in page.locator("[data-testid=stSelectbox] input").all()]
    assert "Jun 2026" in told and "change against the month before" in told
    assert [words for words in told if CHINESE.search(words)] == []
    switched(page, "中文")
    assert page.get_by_role("tab", selected=True).inner_text() == "变化幅度"
    told = [box.input_value() for box in page.locator("[data-testid=stSelectbox] input").all()]
    assert "2026年6月" in told and "与上月相比的变化" in told
    assert "lang=zh" in page.url and "at=2026-06-30" in page.url and "/rules" in page.url
    context.close()


def switched(page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
    page.wait_for_timeout(400)  # before the run that the click asks for has begun, the page counts as settled
    settled(page)
