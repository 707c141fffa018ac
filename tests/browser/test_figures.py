"""Charts in a browser: a point opens its rows, a line is switched alone, a span is brushed, what is drawn is saved."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.reading import opened, settled, text_of, troubles

GRAPH = ".js-plotly-plot"
_STATE = """graph => ({
    x: graph._fullLayout.xaxis.range.map(String), y: graph._fullLayout.yaxis.range.map(String),
    notes: graph.querySelectorAll('.annotation').length, lines: graph.querySelectorAll('.scatterlayer .trace').length,
})"""


def trend_of(page, address: str, path: str = "quality", **parameters: str):
    opened(page, address, path, lang="en", **parameters)
    graph = page.locator(GRAPH).first
    expect(graph.locator(".point").first).to_be_attached()
    graph.scroll_into_view_if_needed()
    return graph


def test_a_point_opens_exactly_its_rows(visitor, sample_dashboard):
    page = visitor()
    graph = trend_of(page, sample_dashboard)
    told = graph.evaluate("graph => ({text: graph.data[0].text, ends: graph.data[0].x, to: graph.data[0].customdata})")
    place = len(told["to"]) - 3  # neither the newest period, which is what the page shows anyway, nor the first
    before = text_of(page)
    graph.locator(".scatterlayer .point").nth(place).hover(force=True)
    expect(graph).to_have_class(re.compile("plimsoll-opens"))
    graph.locator(".scatterlayer .point").nth(place).click(force=True)
    page.wait_for_url(re.compile(r"/evidence\?"))
    settled(page, before=before)
    wanted, found = (parse_qs(urlsplit(url).query) for url in (told["to"][place], page.url))
    assert (found["kpi"], found["at"]) == (wanted["kpi"], [str(told["ends"][place])[:10]])
    value = re.search("<b>(.*?)</b>", told["text"][place]).group(1).replace("\u00a0", " ")
    expect(page.locator(".page-sentence")).to_contain_text(re.compile(rf"{re.escape(value)}\b|{value}"))
    assert troubles(page) == []


def test_the_menu_leads_by_keyboard_where_the_points_lead(visitor, sample_dashboard):
    page = visitor()
    graph = trend_of(page, sample_dashboard)
    addresses = graph.evaluate("graph => graph.data[0].customdata")
    page.locator(".figure-menu > summary").first.focus()
    page.keyboard.press("Enter")
    links = page.locator(".figure-menu").first.get_by_role("link")
    expect(links.last).to_be_visible()
    assert [link.get_attribute("href") for link in links.all()] == addresses
    before = text_of(page)
    links.nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/evidence\?"))
    settled(page, before=before)
    at = parse_qs(urlsplit(addresses[1]).query)["at"]
    assert parse_qs(urlsplit(page.url).query)["at"] == at


def test_what_is_drawn_is_saved_as_it_stands(visitor, sample_dashboard):
    page = visitor()
    graph = trend_of(page, sample_dashboard)
    drawn = graph.evaluate("graph => graph.data[0].y.filter(value => value !== null).length")
    page.locator(".figure-menu > summary").first.click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save what is drawn (CSV)").first.click()
    assert saved.value.suggested_filename.startswith("plimsoll_quality_chart_")
    content = saved.value.path().read_bytes().decode("utf-8")
    lines = content.split("\r\n")
    assert lines[0] == "\ufeffSeries,Horizontal,Vertical,In words"
    assert len(lines) - 2 == drawn and "<" not in content


def test_a_line_that_is_switched_off_changes_nothing_else(visitor, sample_dashboard):
    page = visitor()
    graph = trend_of(page, sample_dashboard, "cost")
    before = graph.evaluate(_STATE)
    reads = page.url
    graph.locator(".legendtoggle").first.click(force=True)
    expect(graph.locator(".scatterlayer .trace")).to_have_count(before["lines"] - 1)
    assert graph.evaluate(_STATE) == before | {"lines": before["lines"] - 1}
    assert page.url == reads
    graph.locator(".legendtoggle").first.click(force=True)
    expect(graph.locator(".scatterlayer .trace")).to_have_count(before["lines"])


def test_a_span_of_time_is_brushed_and_shown_whole_again(visitor, sample_dashboard):
    page = visitor()
    graph = trend_of(page, sample_dashboard)
    whole = graph.evaluate(_STATE)
    box = graph.locator(".nsewdrag").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    page.wait_for_function(
        "before => String(document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range[0]) !== before",
        arg=whole["x"][0],
    )
    assert graph.evaluate(_STATE)["y"] == whole["y"]
    graph.hover()
    graph.locator("[data-title='Show all']").click()
    page.wait_for_function(
        "before => String(document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range[0]) === before",
        arg=whole["x"][0],
    )
    expect(graph.locator("[data-title='Save as picture (PNG)']")).to_be_attached()
    expect(graph.locator("[data-title='Full screen']")).to_be_attached()


def press_widest_bar(page, graph) -> str:
    """Clicks the middle of the widest bar that leads somewhere. Returns its address."""
    graph.scroll_into_view_if_needed()
    expect(graph.locator(".bars .point path").first).to_be_attached()
    bars = graph.locator(".bars").first.locator(".point")
    boxes = [bar.bounding_box() for bar in bars.all()]
    addresses = graph.evaluate("graph => graph.data.find(line => line.type === 'bar').customdata")
    place = max((place for place, to in enumerate(addresses) if to), key=lambda place: boxes[place]["width"])
    x, y = (boxes[place][start] + boxes[place][length] / 2 for start, length in (("x", "width"), ("y", "height")))
    page.mouse.move(x, y)
    expect(graph).to_have_class(re.compile("plimsoll-opens"))
    page.mouse.click(x, y)
    return addresses[place]


def test_a_bar_narrows_its_page_and_a_button_leads_back(visitor, sample_dashboard):
    page = visitor()
    opened(page, sample_dashboard, "labor", lang="en")
    before = text_of(page)
    to = parse_qs(urlsplit(press_widest_bar(page, page.locator(GRAPH).first)).query)
    page.wait_for_url(re.compile("project="))
    settled(page, before=before)
    assert parse_qs(urlsplit(page.url).query)["project"] == to["project"]
    before = text_of(page)
    page.get_by_role("button", name="All projects").click()
    page.wait_for_url(lambda url: "project=" not in url)
    settled(page, before=before)
    assert troubles(page) == []


def test_a_bar_of_a_supplier_leaves_its_lines_of_cost_alone(visitor, sample_dashboard):
    page = visitor()
    opened(page, sample_dashboard, "cost", lang="en", project="P2025-007", view="vendors")
    before = text_of(page)
    expect(page.get_by_role("button", name="All suppliers")).to_have_count(0)
    graph = page.locator(GRAPH).filter(has_text="no supplier named")
    to = parse_qs(urlsplit(press_widest_bar(page, graph)).query)
    page.wait_for_url(re.compile("vendor="))
    settled(page, before=before)
    assert parse_qs(urlsplit(page.url).query)["vendor"] == to["vendor"]
    before = text_of(page)
    page.get_by_role("button", name="All suppliers").click()
    page.wait_for_url(lambda url: "vendor=" not in url)
    settled(page, before=before)
    assert troubles(page) == []


def test_a_task_stands_with_its_file_and_line_and_the_menu_lies_over_the_page(visitor, sample_dashboard):
    page = visitor()
    opened(page, sample_dashboard, "schedule", lang="en", project="P2025-007")
    page.locator(".figure-menu > summary").first.click()
    links = page.locator(".figure-menu").first.get_by_role("link")
    expect(links.first).to_be_visible()
    # nothing that holds the menu cuts it off: what is seen in its middle is the menu
    assert page.locator(".figure-menu > div").first.evaluate(
        """menu => {
            menu.scrollIntoView({block: 'center'});
            const {left, top, width, height} = menu.getBoundingClientRect();
            return menu.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }"""
    )
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as picture (PNG)").first.click()
    assert saved.value.suggested_filename.endswith(".png")
    task = parse_qs(urlsplit(links.first.get_attribute("href")).query)["task"]
    before = text_of(page)
    links.first.click()
    page.wait_for_url(re.compile("task="))
    settled(page, before=before)
    assert parse_qs(urlsplit(page.url).query)["task"] == task
    expect(page.get_by_text("At each data date")).to_be_visible()
    page.get_by_role("button", name="All tasks").click()
    page.wait_for_url(lambda url: "task=" not in url)
    assert troubles(page) == []
