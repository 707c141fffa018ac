"""The queue of warnings by keyboard: the next one, ticks, one answer for several, and nothing while somebody types.

The critical project has these causes that fire: commitment rate 125 % (over its level by 25 %), line coverage 70 % (12.5 %),
CPI 0.80 (11.1 %) with what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from pipeline.alerts.answering import alerts_now
from tests.browser.conftest import copied
from tests.browser.dashboards import serving
from tests.browser.reading import opened, settled, troubles

COMMITMENT, COVERAGE = (f"level:{name}|project|*|QT|*|*|*" for name in ("commitment_rate", "test_coverage"))
FOCUSED = "document.activeElement.dataset.alert"


@pytest.fixture
def critical(world, tmp_path_factory) -> Iterator[tuple]:
    """(its data folder, the address of a dashboard over it)."""
    folder = copied(world("critical"), tmp_path_factory)
    with serving(folder) as address:
        yield folder, address


def test_the_next_one_by_key_several_ticked_and_answered_once(visitor, critical) -> None:
    folder, address = critical
    page = visitor()
    opened(page, address, "warnings", lang="en")
    expect(page.locator("a.alerts-open").first).to_be_visible()
    button = page.locator("button.alerts-answer")
    expect(button).to_have_attribute("data-listens", "")  # the page is drawn before the keys are heard
    expect(button).to_be_disabled()

    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == COMMITMENT
    page.keyboard.press("x")
    expect(button).to_have_text("Answer what is ticked (1)")
    page.keyboard.press("n")
    assert page.evaluate(FOCUSED) == COVERAGE
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED) == COMMITMENT
    page.keyboard.press("p")  # there is none before the first
    assert page.evaluate(FOCUSED) == COMMITMENT

    page.keyboard.press("j")
    page.keyboard.press("o")
    close = page.locator(".st-key-alerts_close button")
    expect(close).to_be_visible()
    page.wait_for_function(f"{FOCUSED} === '{COVERAGE}'")  # drawn anew, and still there
    settled(page)
    expect(button).to_have_text("Answer what is ticked (1)")
    page.keyboard.press("o")
    expect(close).to_have_count(0)
    settled(page)

    page.locator(f"input.alerts-tick[data-keys*='{COVERAGE}']").focus()
    page.keyboard.press("Space")  # without a key of ours
    expect(button).to_have_text("Answer what is ticked (2)")
    page.keyboard.press("?")
    expect(page.locator("details.alerts-keys dl")).to_be_visible()

    page.keyboard.press("a")
    expect(page.locator(".st-key-alerts_answering")).to_contain_text("Answer 2 alerts")
    name = page.get_by_label("Your name")
    expect(name).to_be_focused()
    page.keyboard.type("Joan xo?")  # what somebody types is text
    expect(name).to_have_value("Joan xo?")
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_label("What is done about it").fill("supplement agreed")
    page.get_by_role("button", name="Acknowledge").last.click()
    expect(page.locator(".st-key-alerts_answering")).to_have_count(0)
    expect(page.locator(".alerts-stands", has_text="acknowledged by Joan xo?")).to_have_count(2)
    expect(button).to_be_disabled()
    answered = {row.alert_key for row in alerts_now(folder) if row.acknowledged_by == "Joan xo?"}
    assert answered == {COMMITMENT, COVERAGE}
    assert troubles(page) == []
