"""The grid in a browser: order, keyboard, copies, texts that would do harm elsewhere, a narrow page and paper."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from models.builds.data_dir import DataDir
from tests.browser.dashboards import serving
from tests.browser.grid_page import HOSTILE
from tests.browser.reading import opened

GIVEN = "root => root.given"
OTHER_GRID = "before => ![undefined, before].includes(document.querySelector('.plimsoll-grid')?.given?.key)"
ROWS = "root => [...root.querySelectorAll('[data-row]')].map(row => Number(row.dataset.row))"


@pytest.fixture(scope="module")
def grid_page(tmp_path_factory) -> Iterator[str]:
    with serving(DataDir(tmp_path_factory.mktemp("grids") / "data"), "tests/browser/grid_page.py") as address:
        yield address


def grid_at(page, place: int):
    """The grid, once its rows stand in it: a component draws after the run that sent it."""
    grid = page.locator(".plimsoll-grid").nth(place)
    grid.locator("[data-row]").first.wait_for()
    return grid


def head(grid, words: str):
    return grid.get_by_role("columnheader", name=words, exact=True).get_by_role("button")


def values(column: dict) -> list:
    """What the cells are to be sorted by, of what the page was given."""
    if not column["isRich"]:
        return [None if cell in ("", None) else cell for cell in column["cells"]]
    is_text = column["kind"] in ("text", "chips")
    return [cell[0] if cell[1] is None and is_text else cell[1] for cell in column["cells"]]


def in_order(found: list, is_rising: bool) -> bool:
    """Whether numbers rise or fall, those that are unknown at the end."""
    known = [value for value in found if value is not None]
    if found[: len(known)] != known:
        return False
    return all((one <= other) if is_rising else (one >= other) for one, other in pairwise(known))


def reruns(frame: bytes) -> list[str]:
    """The reruns of the page that the browser asks for in what it sends; what looks for a new build runs by itself."""
    asked = BackMsg.FromString(frame)
    return (
        [asked.rerun_script.query_string]
        if asked.HasField("rerun_script") and not asked.rerun_script.fragment_id
        else []
    )


def test_every_column_of_every_grid_of_portfolio_and_project_sorts_by_value_and_tells_nobody(visitor, sample_dashboard):
    page, sent = visitor(1400), []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.extend(reruns(frame))))
    compared = 0
    for path in ("", "project"):
        opened(page, sample_dashboard, path, lang="en")
        for place in range(page.locator(".plimsoll-grid").count()):
            grid = grid_at(page, place)
            expect(grid.get_by_role("grid")).to_be_visible()
            given, came = grid.evaluate(GIVEN), grid.evaluate(ROWS)
            group = given["groups"]["of"] if given["groups"] and given["groups"]["isOn"] else [""] * given["count"]
            address, told = page.url, len(sent)
            for number, column in enumerate(given["columns"]):
                button = grid.locator(".head [role=columnheader]").nth(number)
                is_text = column["kind"] == "text"
                found = values(column)
                for is_rising in (is_text, not is_text):
                    button.get_by_role("button").click()
                    expect(button).to_have_attribute("aria-sort", "ascending" if is_rising else "descending")
                    rows = grid.evaluate(ROWS)
                    assert sorted(rows) == list(range(given["count"]))
                    if is_text:  # the order of letters is the language's
                        letters = "([texts, to]) => texts.sort(new Intl.Collator(to, {numeric: true}).compare)"
                        for name in set(group):  # rows that are put together are sorted in their group
                            own = [found[row] for row in came if group[row] == name]
                            wanted = page.evaluate(
                                letters, [[text for text in own if text is not None], given["spoken"]]
                            )
                            wanted = wanted if is_rising else wanted[::-1]
                            here = [found[row] for row in rows if group[row] == name]
                            assert here == [*wanted, *[None] * (len(own) - len(wanted))], column["head"]
                    else:
                        for name in set(group):  # rows that are put together are sorted in their group
                            assert in_order([found[row] for row in rows if group[row] == name], is_rising), column[
                                "head"
                            ]
                    compared += 1
                button.get_by_role("button").click()
                expect(button).to_have_attribute("aria-sort", "none")
                assert grid.evaluate(ROWS) == came
            assert page.url == address
            assert len(sent) == told > 0  # the first run of each page
    assert compared > 50


def test_the_keyboard_alone_reaches_the_rows_behind_a_number(visitor, sample_dashboard):
    page = visitor(1400)
    opened(page, sample_dashboard, lang="en")
    expect(page.get_by_role("grid").first).to_be_visible()
    page.locator(".tile a").first.focus()
    inside = "() => Boolean(document.activeElement.closest('.plimsoll-grid .body'))"
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(inside):
            break
    assert page.evaluate(inside)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    focus = page.evaluate("() => document.activeElement.getAttribute('href')")
    assert "evidence" in focus and "kpi=" in focus
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence?**")
    expect(page.get_by_role("grid").last.get_by_role("columnheader", name="Line", exact=True)).to_be_visible()


def test_text_of_a_file_stays_text_and_a_copy_holds_values(visitor, grid_page):
    page = visitor(1400)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, grid_page)
    grid = grid_at(page, 1)
    for text in HOSTILE:
        expect(grid.get_by_text(text, exact=True)).to_be_visible()
    assert grid.locator("img, .body a").count() == 0 and page.title() != "1"
    head(grid, "Amount").click()  # the greatest first, the unknown one last: 2.5, -7, nothing
    grid.get_by_role("button", name="Columns and copy").click()
    grid.get_by_role("button", name="Copy as values").click()
    expect(grid.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()").replace("\r\n", "\n")
    assert copied == f"'=1+1\tAmount\n{HOSTILE[0]}\t2.5\n'=cmd()\t-7\n{HOSTILE[2]}\t"


def test_a_mark_of_several_kpis_is_copied_with_its_name(visitor, grid_page):
    """What such a column is sorted by says how bad each is, and is no figure of anything."""
    page = visitor(1400)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, grid_page)
    grid = grid_at(page, 0)
    grid.get_by_role("button", name="Columns and copy").click()
    grid.get_by_role("button", name="Copy as values").click()
    expect(grid.get_by_role("button", name="Copied")).to_be_visible()
    heads, first, *_others = page.evaluate("() => navigator.clipboard.readText()").splitlines()
    assert first.split("\t")[heads.split("\t").index("Cost")] == "CPI 0.87"


def test_a_click_tells_the_page_where_it_asked_to_be_told(visitor, grid_page):
    page = visitor(1400)
    opened(page, grid_page)
    grid_at(page, 1).get_by_text("=cmd()", exact=True).click()
    expect(page.get_by_text("clicked: ('=cmd()', 'text')")).to_be_visible()


def test_five_thousand_rows_are_laid_out_as_they_come_into_view(visitor, grid_page):
    page = visitor(1400)
    opened(page, grid_page)
    grid = grid_at(page, 2)
    expect(grid.get_by_role("grid")).to_have_attribute("aria-rowcount", "5001")
    assert len(grid.evaluate(ROWS)) < 60
    grid.get_by_role("gridcell").first.click()
    first = grid.locator("[data-item='0'][data-column='0']")
    first.evaluate("cell => cell.focus()")
    page.keyboard.press("Control+End")
    expect(grid.locator("[data-row='4999'] .cell").last).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(head(grid, "Code")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    # 7919 × 2321 = 18,379,999, of which the last 4999 of 5000, less 1000, is the largest: 3999
    expect(grid.locator("[data-row='2321'] .cell").last).to_be_focused()
    expect(grid.locator("[data-row='2321'] .cell").last).to_have_text("3,999")
    grid.get_by_role("searchbox").fill("1.2321")
    expect(grid.locator("[data-row]")).to_have_count(1)
    assert grid.evaluate(ROWS) == [2321]


def test_groups_fold_and_columns_are_chosen_and_kept(visitor, grid_page):
    page = visitor(1400)
    opened(page, grid_page)
    grid = grid_at(page, 0)
    assert grid.evaluate(ROWS) == [0, 1, 2, 3]
    grid.get_by_role("button", name="By customer").click()
    assert grid.evaluate(ROWS) == [0, 2, 1, 3]  # 甲: ERP and 医保; 乙: the other two
    grid.get_by_role("button", name="甲 2").click()
    assert grid.evaluate(ROWS) == [1, 3]
    grid.get_by_role("button", name="Columns and copy").click()
    grid.get_by_label("Tags").check()
    grid.get_by_label("Margin").uncheck()
    opened(page, grid_page)
    expect(grid.get_by_role("columnheader", name="Tags")).to_be_visible()
    expect(grid.get_by_role("columnheader", name="Margin")).to_have_count(0)
    assert grid.evaluate(ROWS) == [0, 2, 1, 3]


@pytest.mark.parametrize("width", [390, 1366])
def test_nothing_is_cut_and_nothing_scrolls_sideways(visitor, grid_page, width):
    page = visitor(900)
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, grid_page)
    expect(grid_at(page, 0).get_by_role("list" if width == 390 else "grid")).to_be_visible()
    wide = """() => [...document.querySelectorAll('.plimsoll-grid .view, .plimsoll-grid .head button, .plimsoll-grid .face')]
        .filter(found => found.scrollWidth > found.clientWidth + 1).map(found => found.className + found.textContent)"""
    assert page.evaluate(wide) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert len(grid_at(page, 2).evaluate(ROWS)) < 60


def test_paper_holds_the_first_sixty_rows(visitor, grid_page):
    page = visitor(900)
    opened(page, grid_page)
    grid = grid_at(page, 2)
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert grid.evaluate(ROWS) == list(range(60))
    page.emulate_media(media="print")
    expect(grid.get_by_text("The first 60 of 5000 rows")).to_be_visible()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
