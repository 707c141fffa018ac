"""Which alerts a page means: filters, views, order."""

from __future__ import annotations

import re
from html import unescape

import polars as pl
from streamlit.testing.v1 import AppTest

from models.alerts.alert import AlertEvent, AlertToday
from models.alerts.news import News
from models.builds.selection import Selection
from tests.models.alerts.builds import alert
from ui.warnings.rows import Group, View, counted, critical_now, group_of, matching, of_view

NO_NEWS = News(None, 0, {})
CHOSEN = pl.DataFrame({"project_key": ["A"], "customer": ["甲"]})


def keys(rows) -> list[str]:
    return [row.alert_key.partition("|")[0] for row in rows]


def test_the_sidebar_leaves_its_projects_and_what_stands_for_more_than_one() -> None:
    rows = [
        alert("own"),
        alert("other", project_key="B"),
        alert("portfolio", project_key="*"),
        alert("customer", project_key="*", customer="甲"),
        alert("another customer", project_key="*", customer="乙"),
    ]
    assert keys(matching(rows, CHOSEN, Selection(projects=("A",)))) == ["own", "portfolio", "customer"]
    assert len(matching(rows, CHOSEN, Selection())) == 5


def test_a_module_leaves_its_own_alerts_and_those_of_whole_projects() -> None:
    rows = [alert("whole"), alert("core", module="core"), alert("edge", module="edge")]
    assert keys(matching(rows, CHOSEN, Selection(module="core"))) == ["whole", "core"]


def test_the_deepest_comes_first_answered_or_not_and_no_early_warning() -> None:
    rows = [
        alert("answered", value=0.1, acknowledged_on="2026-06-30", acknowledged_until="next"),
        alert("shallow", value=0.79),
        alert("deep", value=0.4),
        alert("escalated", value=0.5, escalated_on="2026-06-30"),
        alert("early", kind="early", value=0.0),
        alert("warning", severity="warning"),
        alert("recovering", state="recovering", standing="recovering"),
    ]
    assert keys(critical_now(rows)) == ["answered", "deep", "escalated", "shallow"]


def test_the_heading_of_each_state() -> None:
    groups = {
        group_of(row): row.name
        for row in (
            alert("back", ended_on="2026-05-31"),  # fires again after it had ended
            alert("warned", severity="warning"),
            alert("watched", state="recovering", standing="recovering"),
            alert("waiting", state="pending", standing="pending"),
            alert("blind", state="no_data", standing="normal", since_on=None, value=None),
            alert("over", state="normal", standing="normal", ended_on="2026-06-30"),
            alert("early", kind="early"),  # its level still holds
            alert("late", kind="data"),
        )
    }
    assert groups == {
        Group.CRITICAL: "back",
        Group.WARNING: "warned",
        Group.EARLY: "early",
        Group.DATA: "late",
        Group.RECOVERING: "watched",
        Group.PENDING: "waiting",
        Group.UNKNOWN: "blind",
        Group.OVER: "over",
    }


def test_views_hold_kinds_of_their_own() -> None:
    pending = alert("pending", state="pending", standing="pending")
    rows = [alert("level"), alert("early", kind="early"), alert("data", kind="data"), pending]
    over = [alert("over", state="normal", standing="normal", ended_on="2026-06-30")]
    assert {view: keys(of_view(view, rows, over)) for view in View} == {
        View.FIRING: ["level", "pending"],
        View.EARLY: ["early"],
        View.DATA: ["data"],
        View.RECOVERED: ["over"],
        View.ALL: ["level", "early", "data", "pending", "over"],
    }
    assert keys(counted(View.FIRING, rows, over)) == ["level"]  # what is pending does not fire


def test_the_headline_counts_what_the_view_counts_and_tells_data_alerts_apart() -> None:
    rows = [
        alert("a"),
        alert("b", kind="relative", severity="warning"),
        alert("c", kind="early"),
        alert("d", kind="data"),
    ]

    def headline(shown: list[AlertToday], news: News = NO_NEWS, narrowed: tuple = ()) -> str:
        def page(shown: list, news: object, narrowed: tuple) -> None:
            from ui.warnings import head

            head.headline(head.counted(shown, [], {}), shown, news, narrowed, "")

        app = AppTest.from_function(page, args=(shown, news, narrowed), default_timeout=60).run()
        (sentence,) = re.findall(r'page-sentence">(.*?)</p>', app.get("html")[0].proto.body)
        return unescape(sentence)

    assert headline(rows) == "■ Alerts that fire: 2 (critical 1, warning 1); unanswered: 2; data alerts: 1"
    assert headline(rows[2:]) == "■ Nothing fires; early warnings: 1; data alerts: 1"
    assert headline(rows[3:]) == "■ Nothing fires; data alerts: 1"
    late = [alert("a", due_on="2026-06-29", since_on="2026-06-20"), alert("b", project_key="B")]
    worse = AlertEvent(event_id=9, alert_key="a", at="", kind="worsened", actor="pipeline", notifies=True)
    assert headline(late, News(8, 9, {"a": worse}), ("Project A", "**b**")) == (
        "■ Alerts that fire: 2 (critical 2); unanswered: 2; overdue: 1; the oldest for 10 days; "
        "since you last looked: worse 1 (only Project A, **b**)"
    )
