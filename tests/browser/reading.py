"""What the browser tests look for on a page. They wait for states, and as long as a busy machine may need for them."""

from __future__ import annotations

import re

PATIENCE_MS = 300_000
GAPS = re.compile("[\u00a0\u202f\\s]+")
SETTLED = """([line, before]) => {
    const app = document.querySelector('[data-testid=stApp]');
    const main = document.querySelector('[data-testid=stMainBlockContainer]');
    return app && app.getAttribute('data-test-script-state') === 'notRunning'
        && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')
        && main && main.querySelector('h1') && main.innerText !== before
        && (line === null || document.querySelector(line + '[aria-current=page]'));
}"""


def settled(page, line: str | None = None, before: str | None = None) -> None:
    """Waits until the run that is going on has finished and the page stands under its title.

    Between two runs, the one that leaves a page and the one that draws the next, the bar above stands alone and nothing runs.

    line, before: of another page, the line of the menu that leads there and what stood on the page until then.
    """
    page.wait_for_function(SETTLED, arg=[line, before])


def opened(page, address: str, path: str = "", **parameters: str) -> None:
    """A first visit, or one by a link from elsewhere: all of the app is loaded anew."""
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    page.goto(f"{address}/{path}" + (f"?{query}" if query else ""))
    settled(page)


def turned_to(page, section: str, name: str) -> None:
    """Another page by its line in the menu, as a person goes there."""
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def switched(page, language: str) -> None:
    """The other language, by the link beside the menu."""
    page.locator("a.in-app[lang]").filter(has_text=language).click()


def text_of(page) -> str:
    """All text of the page's main part, blanks of every kind as one."""
    return GAPS.sub(" ", page.locator("[data-testid='stMain']").inner_text())


def troubles(page) -> list[str]:
    """Exceptions and errors that the page shows."""
    found = page.locator("[data-testid='stException'], [data-testid='stAlertContentError']").all()
    return [element.inner_text() for element in found]
