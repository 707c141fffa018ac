"""Alerts of one cause are one entry; what the queue is narrowed to, and in which order it stands."""

from __future__ import annotations

import polars as pl
import pytest

from models.alerts.alert import AlertEvent, AlertToday
from models.alerts.news import News
from models.builds.selection import Selection
from models.kpis.catalogue import Kpi
from tests.models.alerts.builds import alert, kpi
from ui.shell import data
from ui.warnings.entries import (
    NOBODY,
    Age,
    Entry,
    Narrowing,
    Sort,
    State,
    counts,
    entries,
    grouped,
    news_of,
    of_view,
    ordered,
)
from ui.warnings.rows import Group, View
from ui.warnings.words import Names

CATALOGUE = {
    key: Kpi(**kpi(key, ("measure_of_" + key,), section=section, dated=dated))
    for key, section, dated in (
        ("cpi", "cost", "cost"),
        ("tcpi", "cost", "cost"),
        ("commitment", "cost", None),
        ("spi", "schedule", "schedule"),
        ("buffer", "schedule", "schedule"),
    )
}
CHOSEN = pl.DataFrame({"project_key": ["A"], "customer": ["甲"]})
NAMES = Names(CATALOGUE, {"A": "甲项目", "B": "乙项目"}, {"*": "CNY"})


def fires(kpi_key: str, **values: object) -> AlertToday:
    return alert(kpi_key, kpi_key=kpi_key, **values)


def told(found: list[Entry]) -> list[list[str]]:
    return [[row.name for row in entry.rows] for entry in found]


def test_an_index_and_what_follows_from_it_are_one_entry_the_worst_leads() -> None:
    rows = [
        fires("tcpi", severity="warning", value=1.08, level=1.05),
        fires("cpi", value=0.72, level=0.9),  # (0.9 − 0.72) ÷ 0.9 = 20 % beyond
        fires("commitment", value=1.1, level=1.0),  # 10 %
        fires("spi", value=0.81, level=0.9),  # 10 %
        fires("buffer", value=1.2, level=0.9),  # 33 %
        fires("spi", project_key="B", alert_key="spi|project|*|B|*|*|*", severity="warning", value=0.9, level=0.95),
        alert("code_size", kind="data", severity="warning", value=150.0, level=120.0),
    ]
    found = entries(rows, CATALOGUE)
    assert told(found) == [["buffer", "spi"], ["cpi", "tcpi"], ["commitment"], ["spi"], ["code_size"]]
    assert [entry.group for entry in found] == [Group.CRITICAL] * 3 + [Group.WARNING, Group.DATA]


def test_a_cause_waits_for_an_answer_to_what_is_worst_in_it() -> None:
    answered = {"acknowledged_on": "2026-06-30", "acknowledged_until": "next"}
    [entry] = entries([fires("cpi", **answered), fires("tcpi", severity="warning")], CATALOGUE)
    assert not entry.is_waiting
    [entry] = entries([fires("cpi", **answered), fires("tcpi")], CATALOGUE)
    assert entry.is_waiting


def missing(amount: float, name: str = "missing", currency: str = "CNY") -> dict:
    return {"mending": {"details": {name: {"number": amount, "unit": "money", "currency": currency}}}}


def test_every_order_puts_what_it_knows_nothing_of_last() -> None:
    # equally deep and of one project A but for spi: (0.8 − 0.7) ÷ 0.8
    rows = [
        fires("cpi", since_on="2026-06-30", due_on="2026-07-05", cause=missing(30.0, "over")),
        fires("commitment", since_on="2026-01-31", cause=missing(90.0)),
        fires("spi", project_key="B", since_on="2026-03-31", due_on="2026-07-01", cause=missing(500.0, currency="USD")),
    ]
    found = entries(rows, CATALOGUE)
    orders = {sort: [names[0] for names in told(ordered(found, sort, NAMES))] for sort in Sort}
    assert orders == {
        Sort.WORST: ["commitment", "cpi", "spi"],  # by project, then by key
        Sort.AGE: ["commitment", "spi", "cpi"],
        Sort.DUE: ["spi", "cpi", "commitment"],
        Sort.PROJECT: ["spi", "commitment", "cpi"],  # 乙 before 甲, as the letters are coded
        Sort.MONEY: ["commitment", "cpi", "spi"],  # dollars are not compared with yuan
    }


def test_what_is_overdue_stands_before_what_is_as_severe_and_deeper() -> None:
    rows = [fires("cpi", value=0.1), fires("commitment", due_on="2026-06-29"), fires("spi", due_on="2026-06-30")]
    found = entries(rows, CATALOGUE)
    assert told(found) == [["commitment"], ["cpi"], ["spi"]]  # today is 30 June: that day has not passed
    assert [entry.is_overdue for entry in found] == [True, False, False]


@pytest.mark.parametrize(
    ("narrowing", "left"),
    [
        (Narrowing(), ["old", "new", "taken", "watched"]),
        (Narrowing(owner="张三"), ["old"]),
        (Narrowing(owner=NOBODY), ["new", "taken", "watched"]),
        (Narrowing(project="B"), ["new"]),
        (Narrowing(kpi="taken"), ["taken"]),
        (Narrowing(state=State.UNANSWERED), ["old", "new", "watched"]),
        (Narrowing(state=State.ACKNOWLEDGED), ["taken"]),
        (Narrowing(state=State.OVERDUE), ["old"]),
        (Narrowing(state=State.RECOVERING), ["watched"]),
        (Narrowing(state=State.PENDING), []),
        (Narrowing(age=Age.WEEK), ["new", "taken", "watched"]),
        (Narrowing(age=Age.OVER_MONTH), ["old"]),  # 31 May to 30 June are 30 days, 30 April 61
        (Narrowing(age=Age.OVER_QUARTER), []),
        (Narrowing(owner="张三", project="B"), []),
    ],
)
def test_what_the_chips_leave(narrowing: Narrowing, left: list[str]) -> None:
    rows = [
        alert("old", owner="张三", since_on="2026-04-30", due_on="2026-06-01"),
        alert("new", project_key="B"),
        alert("taken", acknowledged_on="2026-06-30", acknowledged_until="next"),
        alert("watched", state="recovering", standing="recovering"),
    ]
    assert [row.name for row in rows if narrowing.fits(row)] == left


def test_the_navigation_counts_critical_causes_of_the_selection_and_those_unanswered(monkeypatch) -> None:
    monkeypatch.setattr(data, "chosen_projects", lambda _view, _selection: CHOSEN)
    monkeypatch.setattr(data, "catalogue", lambda _view: CATALOGUE)
    rows = [
        fires("cpi"),
        fires("tcpi"),  # of the same cause
        fires("spi", acknowledged_on="2026-06-30", acknowledged_until="next"),
        fires("commitment", severity="warning"),
        fires("buffer", project_key="B", alert_key="buffer|project|*|B|*|*|*"),
    ]
    assert counts(rows, None, Selection()) == (3, 2)
    assert counts(rows, None, Selection(projects=("A",))) == (2, 1)


def happened(row: AlertToday, kind: str) -> AlertEvent:
    return AlertEvent(
        event_id=9, alert_key=row.alert_key, at="2026-07-01T00:00:00Z", kind=kind, actor="-", notifies=False
    )


def test_what_has_changed_since_the_last_look_stands_first_also_what_is_over() -> None:
    cpi, tcpi, spi = fires("cpi"), fires("tcpi"), fires("spi", severity="warning")
    over = fires("commitment", state="normal", standing="normal", ended_on="2026-06-30", severity=None)
    unseen = fires("buffer", state="normal", standing="normal", ended_on="2026-05-31", severity=None)
    events = {row.alert_key: happened(row, kind) for row, kind in ((tcpi, "worsened"), (over, "recovered"))}
    news = News(8, 9, events)
    rows = of_view(View.FIRING, [cpi, tcpi, spi], [over, unseen], news)
    groups = grouped(entries(rows, CATALOGUE), news, Sort.WORST)
    assert {group: told(found) for group, found in groups.items()} == {
        Group.NEWS: [["cpi", "tcpi"], ["commitment"]],
        Group.WARNING: [["spi"]],
    }
    assert list(groups)[0] is Group.NEWS
    assert [row.name for row in of_view(View.DATA, [cpi], [over], news)] == []  # of another kind
    assert list(news_of([cpi, tcpi], news).events) == [tcpi.alert_key]
    by_age = grouped(ordered(entries(rows, CATALOGUE), Sort.AGE, NAMES), None, Sort.AGE)
    assert list(by_age) == [None]
