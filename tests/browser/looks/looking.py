"""How a page looks, measured: what a reader at a language, a width and a theme would stumble over, as findings in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import TimeoutError

from tests.browser.reading import settled

LANGUAGES = ("zh", "en")
SIZES = ((1366, 768), (1920, 1080), (390, 844))
THEMES = ("light", "dark")
CHECKS = ("title", "fold", "cut", "overlap", "sideways", "contrast", "axe")

# Pages by the last part of their address, with whether they show numbers of a period. The welcome stands only
# where nothing is published.
PAGES = {
    "portfolio": True,
    "project": True,
    "evidence": True,
    "quality": True,
    "cost": True,
    "schedule": True,
    "milestones": True,
    "pace": True,
    "what_if": True,
    "baselines": False,
    "labor": True,
    "warnings": True,
    "rules": False,
    "gate": True,
    "notifications": False,
    "uploads": False,
    "matching": False,
    "profiles": False,
    "accounts": False,
    "settings": False,
    "periods": False,
    "refresh": False,
    "health": False,
    "glossary": False,
    "wall": False,
}
OF_A_MONDAY = ("portfolio", "project", "cost", "schedule", "warnings", "uploads")
FIRST_PAGE = "portfolio"  # its address is the bare one

# What stays, since Streamlit draws it and we cannot reach it, or on purpose: (check, pattern of the finding, why).
LEFT_OUT: tuple[tuple[str, str, str], ...] = (
    (
        "sideways",
        r"^stElementContainer is 540 wide",
        "a chart keeps the width that its labels need and is moved in its frame",
    ),
    ("sideways", r"^dvn-scroller", "its editor of a table scrolls inside itself, on a phone"),
    (
        "axe",
        r"^list(item)? .*stSidebarNav|^listitem .*<li class=\"st-emotion",
        "its menu puts sections between list and entries",
    ),
)

STEPS_TO_A_KPI = 60
_FOCUS = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return [at?.getAttribute('role') || at?.closest?.('[role=grid]')?.getAttribute('role') || '', at?.href || ''];
}"""
_MEASURES = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_AT_REST = "() => document.getAnimations().forEach((move) => { try { move.finish(); } catch { move.cancel(); } })"
_FRAMES_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_AXE = """() => axe.run(document, {
    resultTypes: ['violations'], elementRef: false, rules: {'color-contrast': {enabled: false}},
}).then((told) => told.violations.filter((found) => ['serious', 'critical'].includes(found.impact)).map(
    (found) => [found.id, found.impact, found.nodes.length, found.nodes[0].html.slice(0, 160)]
))"""  # contrast is measured here, under shadow roots and drawings too


@dataclass(frozen=True, order=True)
class Look:
    """One way to look at a page."""

    language: str
    width: int
    height: int
    theme: str

    def __str__(self) -> str:
        return f"{self.language} {self.width} {self.theme}"


EVERY_LOOK = [Look(language, *size, theme) for language in LANGUAGES for size in SIZES for theme in THEMES]


@dataclass(frozen=True, order=True)
class Finding:
    page: str
    look: Look
    check: str
    words: str

    def __str__(self) -> str:
        return f"{self.page} ({self.look}) {self.check}: {self.words}"


@cache
def _axe_source() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def spread(page: str) -> list[Look]:
    """The looks of this page in `make test`: two sizes in one language and theme, for the pages of a Monday in the other language
    too. Over the pages every look is met."""
    at = list(PAGES).index(page)
    looks = [_look(at), _look(at, size=1)]
    return [*looks, _look(at, size=2, other=1)] if page in OF_A_MONDAY else looks


def _look(at: int, size: int = 0, other: int = 0) -> Look:
    return Look(LANGUAGES[(at + other) % 2], *SIZES[(at + size) % 3], THEMES[(at // 2 + other) % 2])


def dressed(tab, look: Look) -> None:
    """The tab at the size and in the theme of `look`. What pages draw follows with their next run."""
    tab.emulate_media(color_scheme=look.theme, reduced_motion="reduce")
    tab.set_viewport_size({"width": look.width, "height": look.height})


def turned(tab, address: str, page: str, language: str) -> None:
    """Another page, or the same in the other language, in a tab that may stand on one: one rerun, or the first load of all."""
    there = f"{address}/{'' if page == FIRST_PAGE else page}?lang={language}"
    if not tab.url.startswith(address):
        tab.goto(there)
        settled(tab)
        return
    before = tab.locator("[data-testid=stMainBlockContainer]").inner_text()
    tab.evaluate("(there) => plimsollOpens(there)", there)
    settled(tab, before=before)


def measured(tab, page: str, look: Look, checks: Sequence[str] = CHECKS) -> list[Finding]:
    """What there is to find on the page that stands in the tab."""
    dressed(tab, look)
    tab.evaluate(_FRAMES_DRAWN)
    settled(tab)
    return read_off(tab, page, look, checks)


def read_off(tab, page: str, look: Look, checks: Sequence[str] = CHECKS) -> list[Finding]:
    """The findings of what is drawn now, with what is Streamlit's own left out."""
    tab.evaluate(_AT_REST)
    told = [(check, words) for check, words in tab.evaluate(_MEASURES, [PAGES[page]])]
    if "axe" in checks:
        if not tab.evaluate("() => 'axe' in window"):
            tab.evaluate(_axe_source())
        told += [("axe", f"{rule} ({impact}, {count}): {html}") for rule, impact, count, html in tab.evaluate(_AXE)]
    return [
        Finding(page, look, check, words) for check, words in told if check in checks and not _is_left_out(check, words)
    ]


def _is_left_out(check: str, words: str) -> bool:
    return any(check == of and re.search(pattern, words) for of, pattern, _reason in LEFT_OUT)


def reached_by_keyboard(tab) -> list[str]:
    """What stands in the way from the portfolio to the rows of a KPI for somebody without a mouse: in words, nothing at best."""
    tab.locator("body").press("Tab")
    for _step in range(STEPS_TO_A_KPI):
        role, address = tab.evaluate(_FOCUS)
        if role in ("grid", "gridcell", "row"):
            tab.keyboard.press("ArrowDown")
            tab.keyboard.press("ArrowRight")
            tab.keyboard.press("Enter")
        elif "/evidence?" in address:
            tab.keyboard.press("Enter")
        else:
            tab.keyboard.press("Tab")
            continue
        return _rows_missing(tab)
    return [f"no KPI is met within {STEPS_TO_A_KPI} steps of Tab"]


def _rows_missing(tab) -> list[str]:
    try:
        tab.wait_for_url(re.compile(r"/evidence\?"), timeout=20_000)
    except TimeoutError:
        return [f"Enter leads to {tab.url}"]
    tables = tab.locator("[role=grid], .plimsoll-grid [role=list], [data-testid=stDataFrame], [role=table], table")
    try:
        tables.first.wait_for()
    except TimeoutError:
        return ["no rows on the page of evidence"]
    return []
