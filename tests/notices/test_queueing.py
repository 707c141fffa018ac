"""Who hears of what: by project, site, role and severity, once per change, in one notice per build."""

from __future__ import annotations

import pytest

from models.alerts.alert import Alert, AlertEvent
from models.words.number_tokens import clause, number, status
from pipeline.notices import Wanted, add_recipient, inbox, queue
from pipeline.notices import queueing as queueing_module
from pipeline.notices.naming import KpiName, Names, plain
from pipeline.notices.wording import worded
from pipeline.store import alert_tables, control
from tests.databases import on_both_databases
from tests.notices.told import KEY, NOW, alert_row, event_row, happen, outbox

pytestmark = on_both_databases

NAMES = Names(
    {
        "test_coverage": KpiName("line coverage", "percent", "quality"),
        "cpi": KpiName("cost performance index (CPI)", "index", "cost"),
    },
    {"P2025-005": "医疗影像系统"},
    {"P2025-005": "CNY"},
)


@pytest.fixture(autouse=True)
def _names(monkeypatch) -> None:
    monkeypatch.setattr(queueing_module, "names_of", lambda _data_dir, _build_id: NAMES)


CHANGES = {
    "coverage": (alert_row(KEY), event_row(KEY)),
    "coverage warning": (alert_row("w"), event_row("w", severity="warning")),
    "cost": (alert_row("c", name="cpi", kpi_key="cpi"), event_row("c")),
    "other project": (alert_row("o", project_key="P9"), event_row("o")),
    "portfolio": (alert_row("p", project_key="*"), event_row("p")),
    "site": (alert_row("s", site="Hangzhou"), event_row("s", severity="warning")),
    "data": (alert_row("d", kind="data", name="coverage", kpi_key=None), event_row("d", kind="stale")),
    "error": (alert_row("e"), event_row("e", kind="error")),
    "escalated": (alert_row("x"), event_row("x", kind="escalated", severity="warning")),
    "silent": (alert_row("q"), event_row("q", notifies=0)),
}
EVERYTHING = set(CHANGES) - {"silent"}


@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        ({"role": "project_office"}, EVERYTHING),
        ({"role": "project_manager"}, EVERYTHING - {"escalated"}),
        (
            {"role": "project_manager", "projects": ["P2025-005"]},
            EVERYTHING - {"escalated", "other project", "portfolio"},
        ),
        (
            {"role": "project_manager", "least_severity": "critical"},
            EVERYTHING - {"escalated", "coverage warning", "site"},
        ),
        ({"role": "finance"}, {"cost"}),
        ({"role": "quality_lead", "projects": ["P9"]}, {"other project"}),
        ({"role": "data_steward"}, {"data", "error"}),
        ({"role": "site_lead"}, {"site"}),
        ({"role": "site_lead", "sites": ["Ningbo"]}, set()),
        ({"role": "site_lead", "sites": ["Hangzhou"], "least_severity": "critical"}, set()),
    ],
)
def test_each_hears_of_what_concerns_them(data_dir, wanted: dict, heard: set[str]) -> None:
    recipient_id = add_recipient(data_dir, Wanted("someone", **wanted), "tester")
    written = happen(
        data_dir, *(event for _alert, event in CHANGES.values()), alerts=[alert for alert, _event in CHANGES.values()]
    )
    names = {event.event_id: name for name, event in zip(CHANGES, written, strict=True)}
    told = [{names[event_id] for event_id in notice["event_ids"]} for notice in inbox(data_dir, recipient_id)]
    assert told == ([heard] if heard else [])  # one notice for all of it
    assert outbox(data_dir) == []  # nobody here has an address


def test_a_retired_or_later_recipient_hears_nothing_of_before(data_dir) -> None:
    happen(data_dir, event_row())
    add_recipient(data_dir, Wanted("late"), "tester")
    assert [notice["recipient"] for notice in inbox(data_dir)] == ["Project office"]


def test_the_same_events_again_are_not_told_again_and_new_ones_are(data_dir) -> None:
    written = happen(data_dir, event_row())
    with control.writing(data_dir) as connection:
        assert queue(connection, data_dir, "b-000012", written, NOW) == 0
        assert queue(connection, data_dir, "b-000012", [], NOW) == 0
    happen(data_dir, event_row(kind="worsened"))  # the same build, rolled back to
    assert [notice["event_ids"] for notice in inbox(data_dir)] == [[2], [1]]


def test_who_heard_of_the_beginning_hears_of_the_end(data_dir) -> None:
    strict = add_recipient(data_dir, Wanted("strict", least_severity="critical"), "tester")
    happen(data_dir, event_row(severity="critical"))
    happen(data_dir, event_row(kind="eased", severity="warning", notifies=0), build_id="b-000013")
    happen(data_dir, event_row(kind="recovered", severity="warning"), build_id="b-000014")
    happen(data_dir, event_row(severity="warning"), build_id="b-000015")  # the next episode stays a warning
    happen(data_dir, event_row(kind="recovered", severity="warning"), build_id="b-000016")
    assert [notice["build_id"] for notice in inbox(data_dir, strict)] == ["b-000014", "b-000012"]


def test_notices_go_with_the_transaction_that_wrote_the_changes(data_dir) -> None:
    with pytest.raises(ZeroDivisionError), control.writing(data_dir) as connection:
        connection.execute(alert_tables.alerts.insert().values(**alert_row()))
        assert queue(connection, data_dir, "b-000012", [AlertEvent(**event_row(), event_id=1)], NOW) == 1
        raise ZeroDivisionError
    assert inbox(data_dir) == []


def test_what_cannot_be_put_into_words_is_told_by_its_key(data_dir, monkeypatch) -> None:
    def broken(*_arguments: object, **_options: object):
        raise KeyError("unit")

    monkeypatch.setattr(queueing_module, "worded", broken)
    happen(data_dir, event_row())
    [notice] = inbox(data_dir)
    assert f"fired: {KEY}" in notice["body"]


def test_a_kpi_of_two_bases_is_told_with_the_verdict_of_the_other() -> None:
    beside = clause(
        "counts: {basis}; by {other} {value} ({status})",
        basis=clause("all hours"),
        other=clause("development and test hours"),
        value=number(13 / 143, "percent"),
        status=status("ok"),
    )
    sentence = {"template": "{kpi} is beyond its level; {beside}", "details": {"kpi": "cpi", "beside": beside}}
    changes = [(AlertEvent(**event_row(), event_id=1), Alert(**alert_row(sentence=sentence)))]
    for language, line in (
        ("en", "counts: all hours; by development and test hours 9.1\u00a0% (● ok)"),
        ("zh", "计入口径：全部工时；按开发与测试工时为 9.1\u00a0%（● 正常）"),
    ):
        _subject, body = worded(changes, NAMES, language, build_id="b-000012", link_base="")
        assert line in body.replace("\u202f", "\u00a0").splitlines()


def test_a_name_is_one_line_of_plain_text() -> None:
    # a mention for a robot, a second line, a link, a direction mark and a zero-width space
    hostile = '<at user_id="all">all</at>\r\nBcc: x\u2028 http://evil.example \u202egpj\u200b'
    assert plain(hostile) == '‹at user_id="all"›all‹/at› Bcc: x http:∕∕evil.example gpj'
    assert len(plain("长" * 500)) == 120
