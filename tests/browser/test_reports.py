"""What is shown to a room or taken along: the wall turns through its pages, and a page on paper keeps what it says."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.reading import opened, settled

A4_LANDSCAPE_PIXELS = 1032  # 297 mm less two margins of 12 mm, at 96 pixels an inch: 273 / 25.4 × 96


@pytest.fixture(scope="module")
def tab(visitor, sample_dashboard):
    page = visitor()
    opened(page, sample_dashboard, "wall", lang="en")
    return page


def test_the_wall_turns_by_itself_and_by_keys_until_escape(tab):
    for name in ("Project overview", "Quality"):
        tab.get_by_role("checkbox", name=name).uncheck()
    tab.get_by_role("spinbutton", name="Seconds per page").fill("5")  # the fewest
    tab.get_by_role("button", name="Start full screen").click()
    strip = tab.locator(".plimsoll-wall")
    expect(strip).to_contain_text("Portfolio · 1 / 2")
    expect(tab.get_by_test_id("stHeader")).to_be_hidden()
    assert tab.evaluate("() => Boolean(document.fullscreenElement)")
    tab.wait_for_url(re.compile(r"/cost\?"))  # by itself
    expect(strip).to_contain_text("Cost centre · 2 / 2")
    tab.keyboard.press("Space")
    expect(strip).to_contain_text("paused")
    tab.keyboard.press("ArrowRight")
    expect(strip).to_contain_text("Portfolio · 1 / 2 · paused")
    tab.keyboard.press("ArrowLeft")
    expect(strip).to_contain_text("Cost centre · 2 / 2 · paused")
    tab.keyboard.press("Escape")
    tab.wait_for_url(re.compile(r"/wall\?"))
    expect(strip).to_have_count(0)
    assert not tab.evaluate("() => Boolean(document.fullscreenElement)")


def test_the_wall_remembers_its_choice_and_wants_one_page(tab, sample_dashboard):
    opened(tab, sample_dashboard, "wall", lang="en")
    expect(tab.get_by_role("spinbutton", name="Seconds per page")).to_have_value("5")
    expect(tab.get_by_role("checkbox", checked=True)).to_have_count(2)
    for name in ("Portfolio", "Cost centre"):
        tab.get_by_role("checkbox", name=name).uncheck()
    expect(tab.get_by_role("button", name="Start full screen")).to_be_disabled()
    expect(tab.get_by_text("Choose at least one page.")).to_be_visible()


def test_paper_holds_the_page_without_what_chooses(tab, sample_dashboard):
    opened(tab, sample_dashboard, "cost", lang="en")
    tab.evaluate("() => { window.print = () => { window.printed = true; }; }")
    printing = tab.locator(".frame-print")
    printing.click()
    assert tab.evaluate("() => window.printed")
    shown = tab.get_by_test_id("stMain").get_by_role("heading").first
    tab.emulate_media(media="print", color_scheme="dark")
    tab.set_viewport_size({"width": A4_LANDSCAPE_PIXELS, "height": 718})
    settled(tab)
    for away in (printing, tab.get_by_test_id("stHeader")):
        expect(away).to_be_hidden()
    expect(shown).to_be_visible()
    assert tab.evaluate("() => document.documentElement.scrollWidth") == A4_LANDSCAPE_PIXELS
    # the whole page flows: nothing of it scrolls inside the window
    main = tab.get_by_test_id("stMain")
    assert main.evaluate("(part) => part.scrollHeight - part.clientHeight") <= 2
