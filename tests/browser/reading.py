"""What the browser tests look for on a page."""

from __future__ import annotations

import re

PATIENCE_MS = 30_000  # two cores may be busy with the other tests
REFRESH_PATIENCE_MS = 120_000
GAPS = re.compile("[\u00a0\u202f\\s]+")


def settled(page) -> None:
    """Waits until Streamlit has finished the run that is going on and something stands on the page."""
    page.wait_for_function(
        """() => {
            const app = document.querySelector('[data-testid=stApp]');
            const main = document.querySelector('[data-testid=stMainBlockContainer]');
            return app && app.getAttribute('data-test-script-state') === 'notRunning'
                && !document.querySelector('[data-testid=stSkeleton]')
                && main && main.innerText.trim().length > 20;
        }""",
        timeout=PATIENCE_MS,
    )
    page.wait_for_timeout(300)  # a second run may begin right after the first


def opened(page, address: str, path: str = "", **parameters: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    page.goto(f"{address}/{path}" + (f"?{query}" if query else ""), timeout=PATIENCE_MS)
    settled(page)


def text_of(page) -> str:
    """All text of the page's main part, blanks of every kind as one."""
    return GAPS.sub(" ", page.locator("[data-testid='stMain']").inner_text())


def troubles(page) -> list[str]:
    """Exceptions and errors that the page shows."""
    found = page.locator("[data-testid='stException'], [data-testid='stAlertContentError']").all()
    return [element.inner_text() for element in found]
