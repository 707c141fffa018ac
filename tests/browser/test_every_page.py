"""Every page in both languages: it renders without an error, and nothing scrolls sideways at 1366 pixels."""

import pytest

from tests.browser.reading import opened, text_of, troubles

PAGES = {
    "portfolio": "",
    "project": "project",
    "evidence": "evidence",
    "quality": "quality",
    "cost": "cost",
    "schedule": "schedule",
    "labor": "labor",
    "uploads": "uploads",
    "refresh": "refresh",
    "health": "health",
    "glossary": "glossary",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page(browser, sample_dashboard, name, language):
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    thrown = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    opened(page, sample_dashboard, PAGES[name], lang=language)
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
    context.close()


def test_the_first_language_is_that_of_the_browser(browser, sample_dashboard):
    for locale, word in (("zh-CN", "项目组合"), ("en-GB", "Portfolio")):
        context = browser.new_context(locale=locale)
        page = context.new_page()
        opened(page, sample_dashboard)
        assert word in page.locator("[data-testid='stSidebarNav']").inner_text()
        context.close()
