"""The closed lists of rules, alerts, notices and the gate."""

from __future__ import annotations

from enum import StrEnum


class RuleKind(StrEnum):
    """What a rule holds a value against."""

    LEVEL = "level"  # the levels of the KPI
    LAST_PERIOD = "last_period"  # relative: change against the last period
    OWN_MEAN = "own_mean"  # relative: against the project's own mean of the periods before
    BASELINE = "baseline"  # relative: against the value when the baseline was frozen
    EARLY = "early"  # an early warning: a sign before the level is crossed


class EarlyRule(StrEnum):
    """The early warnings: each a rule of its own that can be switched off or tuned."""

    TREND_CROSSES = "trend_crosses"  # tuned by periods ahead
    BUFFER_BURNS_FASTER = "buffer_burns_faster"  # by the ratio of buffer used to chain done
    FLOAT_ERODES = "float_erodes"  # by working days of float lost
    DEFECTS_FOUND_FASTER = "defects_found_faster"  # by weeks in a row
    RISK_REVIEWS_OVERDUE = "risk_reviews_overdue"  # by days of grace


class SignalKind(StrEnum):
    """What an alert is about."""

    LEVEL = "level"
    RELATIVE = "relative"
    EARLY = "early"
    DATA = "data"  # a feed of a project that is out of date


class AlertLevel(StrEnum):
    """What one build says about one rule in one scope."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    NO_DATA = "no_data"  # unknown, or too early to judge
    STALE = "stale"
    ERROR = "error"  # the rule could not be evaluated
    NOT_JUDGED = "not_judged"  # no level, not applicable, or the rule is off
    CLOSED = "closed"  # the project is closed
    GONE = "gone"  # the build has no such series any more


class AlertStatus(StrEnum):
    NORMAL = "normal"
    PENDING = "pending"
    FIRING = "firing"
    RECOVERING = "recovering"
    NO_DATA = "no_data"
    STALE = "stale"
    ERROR = "error"


class ChangeKind(StrEnum):
    """What happened to an alert in one step."""

    PENDING = "pending"
    FIRED = "fired"
    WORSENED = "worsened"  # warning to critical
    EASED = "eased"  # critical to warning
    DEEPENED = "deepened"  # as severe, and further past its level than it was when it was last told
    RECOVERING = "recovering"
    RELAPSED = "relapsed"  # recovering, and beyond the level again
    RECOVERED = "recovered"
    WITHDRAWN = "withdrawn"  # pending, and within the level again
    NO_DATA = "no_data"
    STALE = "stale"
    DATA_CAME_BACK = "data_came_back"
    ERROR = "error"
    CLOSED = "closed"
    GONE = "gone"
    RULE_CHANGED = "rule_changed"
    ROLLED_BACK = "rolled_back"
    ACKNOWLEDGEMENT_EXPIRED = "acknowledgement_expired"
    ESCALATED = "escalated"


class AnswerKind(StrEnum):
    """What a person did about an alert; stands in its history beside the changes."""

    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    COMMENTED = "commented"
    ASSIGNED = "assigned"


class AnswerState(StrEnum):
    """How far an alert is answered."""

    UNANSWERED = "unanswered"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"


class RecipientRole(StrEnum):
    PROJECT_MANAGER = "project_manager"
    PROJECT_OFFICE = "project_office"
    FINANCE = "finance"
    QUALITY_LEAD = "quality_lead"
    DATA_STEWARD = "data_steward"
    SITE_LEAD = "site_lead"


class OutboxStatus(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"  # found after a crash: nobody knows whether it arrived; it is never sent twice by itself
    SENT = "sent"
    FAILED = "failed"  # given up; stays visible
