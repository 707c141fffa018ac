"""The first visitor of a fresh server, by a deep link; and one who switches the language."""

from __future__ import annotations

from tests.browser.dashboards import serving
from tests.browser.reading import opened, text_of, troubles


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
