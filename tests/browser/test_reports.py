"""What is shown to a room or taken along: the wall turns through its pages, and a page on paper keeps what it says."""

import csv
import io
import re

import fastexcel
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
    tab.locator(".st-key-frame_export button").click()
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


def test_what_is_chosen_leaves_as_files_that_are_made_when_they_are_asked_for(tab, sample_dashboard):
    tab.emulate_media(media="screen", color_scheme="light")
    tab.set_viewport_size({"width": 1366, "height": 768})
    opened(tab, sample_dashboard, "", lang="en", project="P2025-003", period="week", at="2026-11-15")
    tab.locator(".st-key-frame_export button").click()
    saved = {}
    for kind in ("csv", "xlsx", "page"):
        with tab.expect_download() as download:
            tab.locator(f".st-key-frame_export_{kind} button").click()
        saved[kind] = download.value
    names = [re.sub(r"b-\d+", "b-N", file.suggested_filename) for file in saved.values()]
    about = "P2025-003_2026-W46_b-N"  # 15 November 2026 is the Sunday of the 46th week
    assert names == [f"plimsoll-kpis_{about}.csv", f"plimsoll-kpis_{about}.xlsx", f"plimsoll-portfolio_{about}.xlsx"]
    written = list(csv.DictReader(io.StringIO(saved["csv"].path().read_text("utf-8-sig"))))
    assert {(row["project_key"], row["period"], row["period_end"]) for row in written} == {
        ("P2025-003", "week", "2026-11-15")
    }
    values = fastexcel.read_excel(saved["xlsx"].path()).load_sheet(0).to_polars()
    assert values["kpi_key"].to_list() == [row["kpi_key"] for row in written]
    tables = fastexcel.read_excel(saved["page"].path())
    assert tables.sheet_names[0] == "All projects, the worst first"
    assert tables.load_sheet(0).to_polars().height == 1
