"""No number without its period: on every page, in every period that can be chosen, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ui.grid.component import NAME

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted(path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "pages").glob("*/*.py")))
SHOWING_VALUES = tuple(
    page for page in PAGES if re.search("portfolio|project|quality|cost|schedule/|labor|evidence", page)
)
STATED = re.compile(
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 20\d\d|W\d\d 20\d\d|20\d\d年(\d{1,2}月|第\d{1,2}周)|\b20\d\d-\d\d"
)
TABLE = ("grid",)
EVIDENCE = {"en": "Why this number?", "zh": "这个数怎么来的?"}
# lists of what somebody did or set, of files and of rules: their rows carry days of their own, or no measured number at all
COST_VIEWS = ("parts", "overruns", "performance", "categories", "figures")
LISTS = re.compile(r"overview/welcome|data/(?!health)|warnings/(rules|notifications)|help/|baselines")
CHOICES = [("en", {}), ("en", {"at": "2026-06-30"}), ("en", {"period": "week"}), ("zh", {"at": "2026-06-30"})]


def blocks(node):
    """Every block of the page with its direct elements, in the order in which they stand."""
    children = list(getattr(node, "children", {}).values())
    if children:
        yield children
    for child in children:
        yield from blocks(child)


def text(element) -> str:
    if element.type == "html":
        return re.sub(r"<[^>]+>", " ", element.proto.body)
    return str(getattr(element, "value", "")) if element.type in ("caption", "markdown", "subheader") else ""


def label(element) -> str:
    return element.proto.label if element.type == "page_link" else ""


def cards(app: AppTest, language: str):
    for children in blocks(app.main):
        captions = [text(child) for child in children if child.type == "caption"]
        if captions and any(label(child) == EVIDENCE[language] for child in children):
            yield children, captions[0]


def unstated(children: list, kinds: tuple[str, ...]) -> list[str]:
    """Charts and tables beside which no text of the same block, from the one before to the two after, tells a period."""
    found = []
    for place, child in enumerate(children):
        if is_table(child) if kinds == TABLE else child.type in kinds:
            near = [text(other) for other in [*children[max(place - 3, 0) : place], *children[place + 1 : place + 3]]]
            if not STATED.search(" ".join(near)) and not tells_itself(child):
                found.append(" | ".join(near))
    return found


def is_table(element) -> bool:
    return element.type == "bidi_component" and element.proto.component_name == NAME


def tells_itself(element) -> bool:
    """A table with a column of days or periods, or whose cells say their own, for each of its rows has its own; and one that
    measures nothing."""
    if not is_table(element):
        return False
    columns = [
        column for column in json.loads(element.proto.bytes)["columns"] if column["key"] not in ("line", "source_row")
    ]
    told = [json.dumps(column["cells"], ensure_ascii=False) for column in columns]
    shown = [str(cell[0] if column["isRich"] else cell) for column in columns for cell in column["cells"]]
    return bool(STATED.search(" ".join(told))) or not any(
        re.fullmatch(r"\W*-?\d[\d.,]*(?:\s?%)?", cell) for cell in shown
    )


@pytest.mark.parametrize(("language", "choice"), CHOICES, ids=["latest", "june", "week", "june-zh"])
def test_every_card_chart_and_table_says_for_which_period_it_is(sample_data_dir, monkeypatch, language, choice):
    monkeypatch.setenv("PLIMSOLL_DATA", str(sample_data_dir.root))

    def opened() -> AppTest:
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        for parameter, value in {"lang": language, **choice}.items():
            app.query_params[parameter] = value
        return app

    counted = {"cards": 0, "charts": 0, "tables": 0}
    app = opened().run()
    for page in SHOWING_VALUES if choice else PAGES:  # the others show no period that can be chosen
        app = (opened() if language == "zh" else app).switch_page(page).run()
        look(app, page, language, counted)
        for view in COST_VIEWS if page.endswith("cost.py") and language == "en" else ():
            app.session_state["cost_view"] = view
            look(app.run(), f"{page} {view}", language, counted)
    assert counted["cards"] > 30 and counted["charts"] > 8 and counted["tables"] > 10, counted


def look(app: AppTest, page: str, language: str, counted: dict[str, int]) -> None:
    assert not app.exception, page
    for children, caption in cards(app, language):
        counted["cards"] += 1
        shown = " ".join(text(child) for child in children)
        is_known = not re.search("no data|not applicable|无数据|不适用", shown)
        assert STATED.search(caption) or not is_known, (page, caption)
    for children in blocks(app.main):
        assert unstated(children, ("plotly_chart",)) == [], page
        counted["charts"] += sum(child.type == "plotly_chart" for child in children)
        if not LISTS.search(page):
            assert unstated(children, TABLE) == [], page
            counted["tables"] += sum(is_table(child) for child in children)


def test_warnings_say_that_they_are_of_the_newest_build_whatever_period_is_chosen(sample_data_dir, monkeypatch):
    monkeypatch.setenv("PLIMSOLL_DATA", str(sample_data_dir.root))
    for choice, is_said in (({}, False), ({"at": "2026-06-30"}, True)):
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        for parameter, value in {"lang": "en", **choice}.items():
            app.query_params[parameter] = value
        app.run().switch_page("pages/warnings/warnings.py").run()
        head = next(body for body in map(text, app.get("html")) if "Alerts that fire" in body)
        assert "data as of 30 Sep 2026 – 20 Nov 2026" in head
        assert ("as of the newest build, whatever period is chosen" in head) is is_said


def test_a_download_carries_its_period_in_its_name_and_in_a_column(sample_data_dir, monkeypatch):
    monkeypatch.setenv("PLIMSOLL_DATA", str(sample_data_dir.root))
    saved = []
    monkeypatch.setattr(st, "download_button", lambda *_words, **asked: saved.append(asked))
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    for parameter, value in {"lang": "en", "at": "2026-06-30"}.items():
        app.query_params[parameter] = value
    app.run()
    for page in ("pages/cost/cost.py", "pages/overview/evidence.py"):
        app.switch_page(page).run()
    app.session_state["filter_projects"] = ["P2025-007"]
    app.run().switch_page("pages/schedule/schedule.py").run()
    # what the bar exports names its build too, and holds the columns of `kpis --json`: tests/pages/test_exports.py
    tables = [asked for asked in saved if "_b-0" not in asked["file_name"]]
    assert len(tables) < len(saved) and all("2026-" in asked["file_name"] for asked in saved)
    named = {asked["file_name"]: asked["data"]().decode("utf-8-sig").splitlines() for asked in tables}
    assert "plimsoll-kpis_2026-06.csv" in named and "plimsoll-cost-lines_2026-06.csv" in named
    assert any(name.startswith("plimsoll-tasks-") and name.endswith("_2026-11-20.csv") for name in named)
    assert sum(len(lines) > 1 for lines in named.values()) >= 3  # tables with rows, whose first one is looked at
    for name, lines in named.items():
        mark = name.removesuffix(".csv").rpartition("_")[2]
        assert lines[0].startswith("stands_for,") and all(mark in line for line in lines[1:2]), name
