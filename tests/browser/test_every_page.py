"""Every page in both languages: it renders without an error, and nothing scrolls sideways at 1366 pixels."""

import pytest
from playwright.sync_api import expect

from tests.browser.reading import opened, text_of, troubles, turned_to

# The pages of a Monday in both languages; of the others the one in which words are longer or signs wider: each costs a second.
BOTH = ("", "project", "quality", "cost", "schedule", "uploads", "warnings", "gate")
PAGES = [(path, "zh") for path in (*BOTH, "refresh", "health", "glossary")]
PAGES += [(path, "en") for path in (*BOTH, "labor", "rules", "notifications", "evidence")]
NOT_IN_THE_MENU = ("", "evidence")  # the first page, and one that links lead to


@pytest.fixture(scope="module")
def walk(visitor, sample_dashboard):
    """walk(path, language): the tab of one visitor per language, on that page; and what its scripts threw so far."""
    tabs = {}

    def at(path: str, language: str):
        if language not in tabs:
            tabs[language] = visitor(locale="zh-CN"), []
            tabs[language][0].on("pageerror", lambda error: tabs[language][1].append(str(error)))
        page, thrown = tabs[language]
        is_first = page.url == "about:blank"
        if path in NOT_IN_THE_MENU or is_first:
            opened(page, sample_dashboard, path, lang=language)
        else:
            turned_to(page, path)
        return page, thrown

    return at


@pytest.mark.parametrize(("path", "language"), PAGES)
def test_page(walk, path, language):
    page, thrown = walk(path, language)
    assert page.url.split("?")[0].endswith(f"/{path}")
    assert troubles(page) == []
    assert len(text_of(page)) > 40
    assert any(
        "\u4e00" <= letter <= "\u9fff" for letter in page.locator("[data-testid='stSidebarNav']").inner_text()
    ) == (language == "zh")
    width = page.evaluate(
        "Math.max(document.documentElement.scrollWidth, "
        "...[...document.querySelectorAll('[data-testid=stMain], [data-testid=stMainBlockContainer]')]"
        ".map(part => part.scrollWidth - part.clientWidth + innerWidth))"
    )
    assert 1000 < width <= 1366
    assert thrown == []


def test_the_first_language_is_that_of_the_browser(visitor, sample_dashboard):
    for locale, word in (("zh-CN", "项目组合"), ("en-GB", "Portfolio")):
        page = visitor(locale=locale)
        page.goto(sample_dashboard)
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text(word)
