"""Which alerts a page means: filters, views, order."""

from __future__ import annotations

import polars as pl
from streamlit.testing.v1 import AppTest

from models.builds.selection import Selection
from ui.warnings.rows import Group, View, counted, critical_now, grouped, matching, of_view

CHOSEN = pl.DataFrame({"project_key": ["A"], "customer": ["甲"]})


def row(key: str = "a", **values: object) -> dict:
    return {
        "alert_key": key, "kind": "level", "project_key": "A", "customer": "*", "module": "*", "state": "firing",
        "standing": "firing", "is_open": True, "severity": "critical", "value": 0.7, "level": 0.8, "answer": "unanswered",
        "since_on": "2026-06-30", "data_date": "2026-06-30",
    } | values  # fmt: skip


def keys(rows) -> list[str]:
    return [alert["alert_key"] for alert in rows]


def test_the_sidebar_leaves_its_projects_and_what_stands_for_more_than_one() -> None:
    rows = [
        row("own"),
        row("other", project_key="B"),
        row("portfolio", project_key="*"),
        row("customer", project_key="*", customer="甲"),
        row("another customer", project_key="*", customer="乙"),
    ]
    assert keys(matching(rows, CHOSEN, Selection(projects=("A",)))) == ["own", "portfolio", "customer"]
    assert len(matching(rows, CHOSEN, Selection())) == 5


def test_a_module_leaves_its_own_alerts_and_those_of_whole_projects() -> None:
    rows = [row("whole"), row("core", module="core"), row("edge", module="edge")]
    assert keys(matching(rows, CHOSEN, Selection(module="core"))) == ["whole", "core"]


def test_the_deepest_comes_first_answered_or_not_and_no_early_warning() -> None:
    rows = [
        row("answered", value=0.1, answer="acknowledged"),
        row("shallow", value=0.79),
        row("deep", value=0.4),
        row("escalated", value=0.5, answer="escalated"),
        row("early", kind="early", value=0.0),
        row("warning", severity="warning"),
        row("recovering", state="recovering", standing="recovering"),
    ]
    assert keys(critical_now(rows)) == ["answered", "deep", "escalated", "shallow"]


def test_groups_by_severity_the_oldest_first() -> None:
    rows = [
        row("new"),
        row("old", since_on="2026-01-31"),
        row("warned", severity="warning"),
        row("waiting", is_open=False, state="pending", standing="pending"),
        row("blind", is_open=False, state="no_data", standing="normal", since_on=None, value=None),
        row("over", is_open=False, state="normal", standing="normal", ended_on="2026-06-30"),
        row("back", ended_on="2026-05-31"),  # fires again after it had ended
    ]
    assert {group: keys(members) for group, members in grouped(rows).items()} == {
        Group.CRITICAL: ["old", "back", "new"],
        Group.WARNING: ["warned"],
        Group.PENDING: ["waiting"],
        Group.UNKNOWN: ["blind"],
        Group.OVER: ["over"],
    }


def test_views_hold_kinds_of_their_own() -> None:
    pending = row("pending", is_open=False, state="pending", standing="pending")
    rows = [row("level"), row("early", kind="early"), row("data", kind="data"), pending]
    over = [row("over", is_open=False, state="normal", ended_on="2026-06-30")]
    assert {view: keys(of_view(view, rows, over)) for view in View} == {
        View.FIRING: ["level", "pending"],
        View.EARLY: ["early"],
        View.DATA: ["data"],
        View.RECOVERED: ["over"],
        View.ALL: ["level", "early", "data", "pending", "over"],
    }
    assert keys(counted(View.FIRING, rows, over)) == ["level"]  # what is pending does not fire


def test_the_headline_counts_what_the_view_counts_and_tells_data_alerts_apart() -> None:
    rows = [row("a"), row("b", kind="relative", severity="warning"), row("c", kind="early"), row("d", kind="data")]

    def headline(shown: list[dict]) -> str:
        def page(shown: list[dict]) -> None:
            from ui.warnings import alert_list

            alert_list.headline(shown, [])

        app = AppTest.from_function(page, args=([alert | {"days": 0} for alert in shown],), default_timeout=60).run()
        return app.markdown[0].value

    assert headline(rows) == "### ■ Alerts that fire: 2 (critical 1, warning 1); unanswered: 2; data alerts: 1"
    assert headline(rows[2:]) == "### ■ Nothing fires; early warnings: 1; data alerts: 1"
    assert headline(rows[3:]) == "### ■ Nothing fires; data alerts: 1"
