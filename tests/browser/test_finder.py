"""Ctrl-K finds things of every kind and opens them, without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.reading import opened, settled, text_of, troubles

FIELD = "Project, KPI, page, issue, voucher, contract or file"


@pytest.fixture(scope="module")
def tab(visitor, sample_dashboard):
    page = visitor()
    opened(page, sample_dashboard, "cost", lang="en")
    return page


def asked(tab) -> None:
    """Ctrl-K, once it is heard: the page may be drawn before."""
    expect(tab.get_by_role("button", name="Find", exact=True)).to_be_visible()  # named after it listens
    tab.keyboard.press("Control+k")


def looked_for(tab, text: str, words: str):
    """The dialog with `text` written, once its first line says `words`."""
    asked(tab)
    field = tab.get_by_role("combobox", name=FIELD)
    expect(field).to_be_focused()
    field.press_sequentially(text)
    expect(tab.get_by_role("option").first).to_contain_text(words)


@pytest.mark.parametrize(
    ("text", "words", "path", "shown"),
    [
        ("智慧", "智慧城市交通", "project?of=", "智慧城市交通"),
        ("cpi", "CPI", "evidence?kpi=", "Definition"),
        ("综合进度", "Schedule centre", "schedule?", "Schedule"),  # a page by its name in the other language
        ("ais-5", "AIS-5", "evidence?row=AIS-5&of=P2025-006", "jira-AIS.json, line 5"),
        ("记-0012", "记-0012", "evidence?row=", "Voucher 记-0012"),
        ("P2025-008-s02", "HT-P2025-008-S02", "evidence?row=HT-P2025-008-S02", "Contract HT-P2025-008-S02"),
        ("jira-ais", "jira-AIS.json", "uploads?batch=", "jira-AIS.json"),
    ],
)
def test_what_is_found_is_opened_by_the_keyboard(tab, text, words, path, shown):
    looked_for(tab, text, words)
    before = tab.locator("[data-testid=stMainBlockContainer]").inner_text()
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(re.escape(path.partition("?")[0])))
    settled(tab, before=before)
    expect(tab.get_by_test_id("stMain")).to_contain_text(shown)
    assert troubles(tab) == [] and tab.get_by_role("dialog").count() == 0


def test_arrows_choose_and_escape_leaves_everything_as_it_was(tab):
    before, address = text_of(tab), tab.url
    looked_for(tab, "ais-5", "AIS-5")
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("option", selected=True)).to_contain_text("AIS-5")
    second = tab.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    assert tab.get_by_role("combobox", name=FIELD).get_attribute("aria-activedescendant") == second.get_attribute("id")
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_have_count(0)
    assert (text_of(tab), tab.url) == (before, address)


def test_nothing_found_is_said(tab):
    asked(tab)
    tab.get_by_role("combobox", name=FIELD).press_sequentially("no such <b>thing</b>")
    expect(tab.get_by_role("dialog").get_by_role("status")).to_have_text("Nothing of that name")
    tab.keyboard.press("Escape")
