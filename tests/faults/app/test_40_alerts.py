"""40. Alert flapping, no data, restart while pending, mail server down: never lost, told once per change, visible in the app.

From the reading of a build to the mail in somebody's box: the signals are made by hand, everything after them is the real thing.
"""

from __future__ import annotations

import datetime as dt
import time

import duckdb
import pytest

from models.alerts.signals import Policy, Scope, Signal
from models.alerts.vocabulary import AlertLevel, SignalKind
from models.builds.data_dir import DataDir
from models.builds.published import Build
from pipeline.alerts import evaluating
from pipeline.alerts.answering import alerts_now
from pipeline.notices import inbox, not_sent, send_after_refresh, send_waiting
from pipeline.store import control
from tests.databases import on_both_databases
from tests.notices.receivers import free_port, mail_server
from tests.notices.told import NOW, by_mail, settings

pytestmark = on_both_databases

OK, CRITICAL, WARNING, NO_DATA = AlertLevel.OK, AlertLevel.CRITICAL, AlertLevel.WARNING, AlertLevel.NO_DATA


class Portfolio:
    """A data folder in which each build reads one KPI of one project on one day."""

    def __init__(self, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data_dir, self.monkeypatch, self.builds = data_dir, monkeypatch, 0

    def reads(self, day: int, reading: AlertLevel, *, policy: Policy | None = None, again: bool = False) -> list[str]:
        """Publishes and evaluates a build (the same one where it is asked for again). Returns the kinds of what changed."""
        self.builds += not again
        build_id = f"b-{self.builds:06d}"
        path = self.data_dir.root / f"{build_id}.duckdb"
        if not path.exists():
            duckdb.connect(str(path)).close()
        signal = Signal(
            kind=SignalKind.LEVEL,
            name="test_coverage",
            scope=Scope("project", "P2025-005"),
            data_date=dt.date(2026, 11, day),
            reading=reading,
            is_clear=reading is OK,
            value=None if reading is NO_DATA else 0.76,
            level=0.8,
            kpi_key="test_coverage",
            policy=policy or Policy(),
        )
        self.monkeypatch.setattr(evaluating, "PROVIDERS", {SignalKind.LEVEL: lambda _snapshot, _rules: [signal]})
        evaluating.evaluate(self.data_dir, Build(build_id, path, NOW, {"time_zone": "Asia/Shanghai"}), NOW)
        with control.reading(self.data_dir) as connection:
            events = control.alert_tables.alert_events
            rows = connection.execute(events.select().where(events.c.build_id == build_id).order_by(events.c.event_id))
            return [row.kind for row in rows]

    def told(self) -> list[str]:
        """Builds of which the project office's inbox tells, oldest first."""
        return [
            notice["build_id"] for notice in reversed(inbox(self.data_dir)) if notice["recipient"] == "Project office"
        ]


@pytest.fixture
def portfolio(data_dir, monkeypatch) -> Portfolio:
    monkeypatch.setenv("PLIMSOLL_NOTICE_INTERNAL_HOSTS", "127.0.0.1")
    return Portfolio(data_dir, monkeypatch)


def test_flapping_is_told_when_it_begins_and_when_it_ends(portfolio: Portfolio) -> None:
    patient = Policy(recovering_dates=2)
    with mail_server() as mailbox:
        by_mail(portfolio.data_dir, mailbox.port, language="en")
        for day, reading in enumerate((CRITICAL, OK, CRITICAL, OK, CRITICAL, OK, OK, OK), start=1):
            portfolio.reads(day, reading, policy=patient)
            portfolio.reads(day, reading, policy=patient, again=True)  # the same build once more
            portfolio.reads(day, reading, policy=patient)  # and the same day read by another build
            send_waiting(portfolio.data_dir, settings(), NOW)
        assert [("ended" in mail["Subject"]) for mail in mailbox.messages] == [False, True]
    # day 1 is build 1; the second clear date in a row is day 7, build 13
    assert portfolio.told() == ["b-000001", "b-000013"]


def test_no_data_while_firing_is_told_once_and_the_alert_goes_on_when_they_are_back(portfolio: Portfolio) -> None:
    assert portfolio.reads(1, CRITICAL) == ["fired"]
    assert portfolio.reads(2, NO_DATA) == ["no_data"]
    assert portfolio.reads(3, NO_DATA) == []
    assert portfolio.reads(4, CRITICAL) == ["data_came_back"]
    assert [alert.state for alert in alerts_now(portfolio.data_dir)] == ["firing"]
    assert portfolio.told() == ["b-000001", "b-000002"]


def test_a_restart_while_pending_forgets_nothing_and_counts_nothing_twice(portfolio: Portfolio, monkeypatch) -> None:
    patient = Policy(pending_dates=2)
    assert portfolio.reads(1, CRITICAL, policy=patient) == ["pending"]
    monkeypatch.setattr(control, "_engines", {})  # nothing of the first process is left but the file
    assert portfolio.reads(1, CRITICAL, policy=patient, again=True) == ["pending"]
    assert portfolio.reads(1, CRITICAL, policy=patient) == []  # the same data date in a new build is no second date
    assert portfolio.told() == []
    assert portfolio.reads(2, CRITICAL, policy=patient) == ["fired"]
    assert portfolio.told() == ["b-000003"]


def test_with_the_mail_server_down_nothing_is_lost_doubled_or_hidden(portfolio: Portfolio) -> None:
    port, data_dir = free_port(), portfolio.data_dir
    by_mail(data_dir, port, language="en")
    portfolio.reads(1, WARNING)
    began = time.monotonic()
    send_after_refresh(data_dir, settings(), NOW)  # must neither raise nor hold the refresh
    assert time.monotonic() - began < 5
    portfolio.reads(2, CRITICAL)  # and it gets worse meanwhile
    send_after_refresh(data_dir, settings(), NOW)
    assert portfolio.told() == ["b-000001", "b-000002"]  # the inbox has both
    shown = not_sent(data_dir, NOW)
    assert [(row["status"], row["recipient"]) for row in shown] == [("waiting", "Chen")] * 2
    assert all("could not be reached" in row["last_error"]["template"] for row in shown)
    with mail_server(port) as mailbox:
        for minutes in (1, 1, 2, 10_000):
            send_waiting(data_dir, settings(), NOW + dt.timedelta(minutes=minutes))
        subjects = [mail["Subject"].split(" · ")[0] for mail in mailbox.messages]
    assert subjects == ["[Plimsoll] ▲ warning", "[Plimsoll] ■ critical"]
    assert not_sent(data_dir, NOW) == []
