"""What is new to somebody who has looked before: one event per alert."""

from __future__ import annotations

from models.alerts.alert import AlertEvent
from models.alerts.news import News, NewsKind, told_once


def events(*told: tuple[str, str]) -> list[AlertEvent]:
    return [
        AlertEvent(
            event_id=number, alert_key=key, at="2026-07-01T00:00:00Z", kind=kind, actor="pipeline", notifies=False
        )
        for number, (key, kind) in enumerate(told, start=1)
    ]


def test_each_alert_is_told_by_the_event_that_says_most() -> None:
    told = told_once(
        events(
            ("new", "fired"), ("new", "worsened"), ("new", "acknowledged"),  # it is new still, whoever has answered
            ("over", "fired"), ("over", "recovered"), ("over", "commented"),
            ("back and forth", "eased"), ("back and forth", "worsened"),
            ("answered", "commented"), ("answered", "acknowledged"),
            ("answered, then worse", "acknowledged"), ("answered, then worse", "worsened"),
        )
    )  # fmt: skip
    news = News(0, 12, told)
    assert {key: (event.kind, news.kind(key)) for key, event in told.items()} == {
        "new": ("fired", NewsKind.NEW),
        "over": ("recovered", NewsKind.OVER),
        "back and forth": ("worsened", NewsKind.WORSE),
        "answered": ("acknowledged", NewsKind.ANSWERED),
        "answered, then worse": ("worsened", NewsKind.WORSE),
    }
    assert news.kind("of nothing heard") is None
