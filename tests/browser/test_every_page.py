"""Every page in both languages: it renders without an error, and nothing scrolls sideways at 1366 pixels."""

import pytest

from tests.browser.reading import opened, text_of, troubles

# The pages of a Monday in both languages; of the others the one in which words are longer or signs wider: each costs seconds.
BOTH = ("", "project", "quality", "cost", "schedule", "uploads", "warnings", "gate")
PAGES = [(path, language) for path in BOTH for language in ("zh", "en")]
PAGES += [(path, "en") for path in ("evidence", "labor", "rules", "notifications")]
PAGES += [(path, "zh") for path in ("refresh", "health", "glossary")]


@pytest.fixture(scope="module")
def context(browser):
    """One visitor for all pages: what the browser has fetched once stays with it."""
    made = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield made
    made.close()


@pytest.mark.parametrize(("path", "language"), PAGES)
def test_page(context, sample_dashboard, path, language):
    page = context.new_page()
    thrown = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    opened(page, sample_dashboard, path, lang=language)
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
    assert width <= 1366
    assert thrown == []
    page.close()


def test_the_first_language_is_that_of_the_browser(browser, sample_dashboard):
    for locale, word in (("zh-CN", "项目组合"), ("en-GB", "Portfolio")):
        context = browser.new_context(locale=locale)
        page = context.new_page()
        opened(page, sample_dashboard)
        assert word in page.locator("[data-testid='stSidebarNav']").inner_text()
        context.close()
