"""Alerts in words, the same on every page and in every message: states, severities, changes, roles."""

from __future__ import annotations

from models.alerts.alert import AlertEvent
from models.alerts.vocabulary import (
    AlertLevel,
    AlertStatus,
    AnswerKind,
    AnswerState,
    ChangeKind,
    EarlyRule,
    RecipientRole,
)
from models.vocabulary import KpiStatus
from models.words.catalog import msgid
from models.words.terms import STATUS_SIGNS, status_word
from models.words.wording import translate

_STATES: dict[str, str] = {
    AlertStatus.NORMAL: msgid("alert: normal"),
    AlertStatus.PENDING: msgid("alert: pending"),
    AlertStatus.FIRING: msgid("alert: firing"),
    AlertStatus.RECOVERING: msgid("alert: recovering"),
    AlertStatus.NO_DATA: msgid("no data"),
    AlertStatus.STALE: msgid("stale"),
    AlertStatus.ERROR: msgid("alert: error"),
}
_CHANGES: dict[str, str] = {
    ChangeKind.PENDING: msgid("beyond the level, to be confirmed"),
    ChangeKind.FIRED: msgid("new warning"),
    ChangeKind.WORSENED: msgid("got worse: from warning to critical"),
    ChangeKind.DEEPENED: msgid("further past its level"),
    ChangeKind.EASED: msgid("eased: from critical to warning"),
    ChangeKind.RECOVERING: msgid("within the level, being watched"),
    ChangeKind.RELAPSED: msgid("beyond the level again"),
    ChangeKind.RECOVERED: msgid("recovered"),
    ChangeKind.WITHDRAWN: msgid("withdrawn: within the level again"),
    ChangeKind.NO_DATA: msgid("no data any more"),
    ChangeKind.STALE: msgid("data out of date"),
    ChangeKind.DATA_CAME_BACK: msgid("data are back"),
    ChangeKind.ERROR: msgid("the rule could not be evaluated"),
    ChangeKind.CLOSED: msgid("ended: the project is closed"),
    ChangeKind.GONE: msgid("ended: there is no such series any more"),
    ChangeKind.RULE_CHANGED: msgid("ended: the rule was changed"),
    ChangeKind.ROLLED_BACK: msgid("changed by going back to an earlier build"),
    ChangeKind.ACKNOWLEDGEMENT_EXPIRED: msgid("the answer has expired, and it is still beyond the level"),
    ChangeKind.ESCALATED: msgid("escalated: nobody has answered"),
}
_EARLY_RULES: dict[str, str] = {
    EarlyRule.TREND_CROSSES: msgid("the trend crosses the critical level"),
    EarlyRule.BUFFER_BURNS_FASTER: msgid("the buffer burns faster than the chain advances"),
    EarlyRule.FLOAT_ERODES: msgid("float erodes near the critical path"),
    EarlyRule.DEFECTS_FOUND_FASTER: msgid("defects are found faster than closed"),
    EarlyRule.RISK_REVIEWS_OVERDUE: msgid("risk reviews are overdue"),
}
_ANSWERS: dict[str, str] = {
    AnswerState.UNANSWERED: msgid("unanswered"),
    AnswerState.ACKNOWLEDGED: msgid("acknowledged"),
    AnswerState.SNOOZED: msgid("snoozed"),
    AnswerState.ESCALATED: msgid("escalated"),
    AnswerKind.COMMENTED: msgid("comment"),
    AnswerKind.ASSIGNED: msgid("assigned"),
}
_ROLES: dict[str, str] = {
    RecipientRole.PROJECT_MANAGER: msgid("project manager"),
    RecipientRole.PROJECT_OFFICE: msgid("project office"),
    RecipientRole.FINANCE: msgid("finance"),
    RecipientRole.QUALITY_LEAD: msgid("quality lead"),
    RecipientRole.DATA_STEWARD: msgid("data steward"),
    RecipientRole.SITE_LEAD: msgid("site lead"),
}
_ENGLISH_CONTEXT = "alert: "  # tells "normal" of an alert from "normal" elsewhere; never shown


def alert_status_word(state: str, language: str) -> str:
    """待确认 / pending."""
    return translate(_STATES.get(state, state), None, language).removeprefix(_ENGLISH_CONTEXT)


def change_word(kind: str, language: str, duration_days: int | None = None) -> str:
    """What happened, as a clause; of a recovery, also from critical to warning, with how long it had lasted."""
    if kind == ChangeKind.RECOVERED and duration_days is not None:
        return translate(msgid("recovered after {days} days"), {"days": duration_days}, language)
    if kind == ChangeKind.EASED and duration_days is not None:
        return translate(
            msgid("critical no more after {days} days, still a warning"), {"days": duration_days}, language
        )
    return translate(_CHANGES.get(kind, kind), None, language)


def early_rule_word(name: str, language: str) -> str:
    """The name of an early warning, also of one about a KPI ("trend_crosses:<kpi>"); any other name as it is."""
    rule = name.partition(":")[0]
    return translate(_EARLY_RULES[rule], None, language) if rule in _EARLY_RULES else name


def answer_word(answer: str, language: str) -> str:
    """How far it is answered, or what a person did: 已认领 / acknowledged, 评论 / comment."""
    return translate(_ANSWERS.get(answer, answer), None, language)


def event_word(event: AlertEvent, language: str) -> str:
    """One line of an alert's history: what happened, or what a person did."""
    if event.kind in list(AnswerKind):
        return answer_word(event.kind, language)
    if event.kind == ChangeKind.RULE_CHANGED and event.to_state != AlertStatus.NORMAL:
        return translate(msgid("the rule was changed, and it is beyond the new one too"), None, language)
    return change_word(event.kind, language, event.duration_days)


def severity_word(severity: str | None, language: str) -> str:
    """预警 / 超限, as of a KPI; empty where there is none."""
    return status_word(severity, language) if severity else ""


def severity_sign(severity: str | None) -> str:
    """▲ or ■; of neither, the sign of no data."""
    return STATUS_SIGNS[severity if severity in (AlertLevel.WARNING, AlertLevel.CRITICAL) else KpiStatus.NO_DATA]


def role_word(role: str, language: str) -> str:
    return translate(_ROLES.get(role, role), None, language)
