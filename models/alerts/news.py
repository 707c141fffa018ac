"""What is new about alerts to somebody who has looked before: one event per alert, the one that says most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.alerts.alert import AlertEvent
from models.alerts.vocabulary import AnswerKind, ChangeKind


class NewsKind(StrEnum):
    """Also the order in which news is told."""

    NEW = "new"
    WORSE = "worse"
    BETTER = "better"
    OVER = "over"
    ANSWERED = "answered"


NEWS: dict[ChangeKind | AnswerKind, NewsKind] = {
    ChangeKind.FIRED: NewsKind.NEW,
    ChangeKind.RELAPSED: NewsKind.WORSE,
    ChangeKind.WORSENED: NewsKind.WORSE,
    ChangeKind.DEEPENED: NewsKind.WORSE,
    ChangeKind.EASED: NewsKind.BETTER,
    ChangeKind.RECOVERING: NewsKind.BETTER,
    ChangeKind.RECOVERED: NewsKind.OVER,
    ChangeKind.CLOSED: NewsKind.OVER,
    ChangeKind.GONE: NewsKind.OVER,
    AnswerKind.ACKNOWLEDGED: NewsKind.ANSWERED,
    AnswerKind.SNOOZED: NewsKind.ANSWERED,
    AnswerKind.COMMENTED: NewsKind.ANSWERED,
    AnswerKind.ASSIGNED: NewsKind.ANSWERED,
}


@dataclass(frozen=True)
class News:
    """seen: the newest event that the viewer has seen, None before the first look. newest: of all. events: by alert key."""

    seen: int | None
    newest: int
    events: Mapping[str, AlertEvent]

    def kind(self, alert_key: str) -> NewsKind | None:
        event = self.events.get(alert_key)
        return NEWS[event.kind] if event else None


def told_once(events: Iterable[AlertEvent]) -> dict[str, AlertEvent]:
    """{alert_key: its event} of events in the order in which they happened. What a build found goes before what people answered,
    and what has fired anew stays new until it is over."""
    told: dict[str, AlertEvent] = {}
    for event in events:
        before, kind = told.get(event.alert_key), NEWS[event.kind]
        known = NEWS[before.kind] if before else None
        is_said = known is not None and kind is NewsKind.ANSWERED and known is not NewsKind.ANSWERED
        is_new_still = known is NewsKind.NEW and kind in (NewsKind.WORSE, NewsKind.BETTER)
        if not (is_said or is_new_still):
            told[event.alert_key] = event
    return told
