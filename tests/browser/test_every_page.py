"""Every page at some of its looks: it renders without an error and in its language, and has no finding."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.looks import looking
from tests.browser.reading import opened, text_of, troubles

NARROW = 800
WORDS_OF_THE_MENU = {"zh": "项目组合", "en": "Portfolio"}


@pytest.fixture(scope="module")
def walker(visitor, sample_dashboard):
    """The one tab that walks through all pages, with what its scripts threw so far."""
    tab, thrown = visitor(locale="zh-CN"), []
    tab.on("pageerror", lambda error: thrown.append(str(error)))
    return tab, thrown, sample_dashboard


@pytest.mark.parametrize("page", looking.PAGES)
def test_page(walker, page):
    tab, thrown, address = walker
    findings = []
    stands = None
    for look in looking.spread(page):
        looking.dressed(tab, look)
        if look.language != stands:
            looking.turned(tab, address, page, look.language)
            assert tab.url.split("?")[0] == f"{address}/{'' if page == looking.FIRST_PAGE else page}"
            assert troubles(tab) == []
            assert len(text_of(tab)) > 40
            if look.width > NARROW:  # else the menu is folded away
                expect(tab.get_by_test_id("stTopNav")).to_contain_text(WORDS_OF_THE_MENU[look.language])
        checks = looking.CHECKS if look.language != stands else [check for check in looking.CHECKS if check != "axe"]
        findings += looking.measured(tab, page, look, checks)  # axe once: it reads roles, and a size changes none
        stands = look.language
    assert thrown == []
    assert [str(finding) for finding in findings] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_worst_five_projects_lie_on_the_first_screen_of_a_phone(walker, language):
    tab, _thrown, address = walker
    looking.dressed(tab, looking.Look(language, 390, 844, "light"))
    opened(tab, address, "", lang=language)
    fifth = tab.locator(".plimsoll-grid").first.get_by_role("listitem").nth(4)
    expect(fifth).to_be_visible()
    place = fifth.bounding_box()
    assert place["y"] + place["height"] <= 844
    # the others of the bar lie behind its last button
    export = tab.locator(".st-key-frame_export button")
    expect(export).to_be_hidden()
    tab.locator(".frame-more input").check()
    expect(export).to_be_visible()
    expect(tab.locator(".frame-share")).to_be_visible()


def test_every_page_is_walked_and_every_look_is_met(repository):
    assert set(looking.PAGES) == {path.stem for path in (repository / "pages").rglob("*.py")} - {"welcome"}
    assert {look for page in looking.PAGES for look in looking.spread(page)} == set(looking.EVERY_LOOK)


def test_the_keyboard_alone_reaches_the_rows_of_a_kpi(walker):
    tab, _thrown, address = walker
    looking.dressed(tab, looking.EVERY_LOOK[0])
    opened(tab, address, "", lang="en")
    assert looking.reached_by_keyboard(tab) == []


def test_the_first_language_is_that_of_the_browser(visitor, sample_dashboard):
    for locale, word in (("zh-CN", "项目组合"), ("en-GB", "Portfolio")):
        page = visitor(locale=locale)
        page.goto(sample_dashboard)
        expect(page.locator("body")).to_contain_text(word)
