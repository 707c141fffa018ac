"""The tables of the control store that hold the line: rules, alerts and their history, notices, and the release gate.

Instants are ISO UTC, days ISO dates. An absent dimension is "*". `pipeline.store.control` makes these tables with its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import MISSING, fields
from typing import Any

from sqlalchemy import JSON, Column, Float, Integer, MetaData, Table, UniqueConstraint

from models.alerts.rule import RULE_TYPES, Rule
from pipeline.store.server.columns import DistinctJSON, String, Text

metadata = MetaData()
_KINDS: dict[type, Any] = {str: String, dt.date: String, float: Float, int: Integer, bool: Integer}


def _columns_of_rules() -> list[Column]:
    """What a person states, as SQLite holds it: a field without a value may be empty, one with a usual value has it."""
    return [
        Column(
            field.name,
            _KINDS[RULE_TYPES[field.name]],
            nullable=field.default is None,
            default=None if field.default is MISSING else field.default,
        )
        for field in fields(Rule)
    ]


# ---- rules ----------------------------------------------------------------------------------------------------------

rules = Table(
    "rules",
    metadata,
    Column("rule_id", Integer, primary_key=True, autoincrement=True),
    *_columns_of_rules(),
    Column("reason", Text, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("retired_at", String),  # a rule is never altered: it is retired, and a new one takes its place
    Column("retired_by", String),
    Column("retired_reason", Text),
)

# ---- alerts ---------------------------------------------------------------------------------------------------------

alerts = Table(
    "alerts",
    metadata,
    Column("alert_key", String, primary_key=True),
    Column("kind", String, nullable=False),  # SignalKind
    Column("name", String, nullable=False),  # KPI, rule or feed
    Column("kpi_key", String),
    Column("grain", String, nullable=False),
    Column("project_key", String, nullable=False),
    Column("module", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("site", String, nullable=False),
    Column("state", String, nullable=False),  # AlertStatus
    Column("severity", String),  # warning or critical while it fires, else empty
    Column("machine", JSON, nullable=False),  # AlertState as JSON: what the next step needs
    Column("data_date", String, nullable=False),  # of the last reading
    Column("value", Float),
    Column("level", Float),
    Column("sentence", JSON, nullable=False),  # {template, details} that says it in words
    Column("cause", JSON, nullable=False),  # rows, mending set and owners, as of last_build
    Column("since_on", String),  # data date at which the episode began
    Column("fired_at", String),
    Column("ended_at", String),
    Column("owner", String),
    Column("acknowledged_by", String),
    Column("acknowledged_reason", Text),
    Column("acknowledged_on", String),  # data date of the alert when it was answered
    Column("acknowledged_until", String),  # "next" data date, or a day
    Column("snoozed_until", String),  # a day
    Column("escalated_on", String),  # data date
    Column("last_build", String, nullable=False),
    Column("due_on", String),  # the day until which somebody took it on, in this episode
)
alert_events = Table(
    "alert_events",
    metadata,
    Column("event_id", Integer, primary_key=True, autoincrement=True),
    Column("alert_key", String, nullable=False, index=True),
    Column("at", String, nullable=False),
    Column("build_id", String),
    Column("data_date", String),
    Column("kind", String, nullable=False),  # ChangeKind, or what a person did
    Column("from_state", String),
    Column("to_state", String),
    Column("severity", String),
    Column("value", Float),
    Column("level", Float),
    Column("duration_days", Integer),  # of what recovered
    Column("actor", String, nullable=False),
    Column("text", Text),  # a comment, the reason of an answer
    Column("notifies", Integer, nullable=False, default=0),
)
evaluations = Table(
    "evaluations",
    metadata,
    Column("build_id", String, primary_key=True),
    Column("evaluated_at", String, nullable=False),
    Column("cause", String, nullable=False),  # publish, rollback
    Column("signals", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("problems", JSON, nullable=False),  # rules that could not be evaluated: [{alert_key, message}]
    Column("evaluation_no", Integer, nullable=False, server_default="0"),  # one more than any before it: their order
)
alert_looks = Table(
    "alert_looks",
    metadata,
    Column("viewer", String, primary_key=True),  # Viewer.actor
    Column("event_id", Integer, nullable=False),  # the newest event on screen when the viewer said "seen"
    Column("at", String, nullable=False),
)

# ---- notices --------------------------------------------------------------------------------------------------------

recipients = Table(
    "recipients",
    metadata,
    Column("recipient_id", Integer, primary_key=True, autoincrement=True),
    Column("name", String, nullable=False, unique=True),
    Column("language", String, nullable=False),
    Column("role", String, nullable=False),  # RecipientRole
    Column("projects", JSON, nullable=False),  # keys; empty: all
    Column("sites", JSON, nullable=False),
    Column("least_severity", String, nullable=False),  # warning or critical
    Column("channel", String, nullable=False),  # a Channel of pipeline.notices
    Column("address", JSON),  # the fields that its channel asks for: they hold secrets, never shown whole, never logged
    Column("is_active", Integer, nullable=False, default=1),
    Column("edited_by", String, nullable=False),
    Column("edited_at", String, nullable=False),
)
notices = Table(
    "notices",
    metadata,
    Column("notice_id", Integer, primary_key=True, autoincrement=True),
    Column("recipient_id", Integer, nullable=False, index=True),
    Column("build_id", String, nullable=False),
    Column("kind", String, nullable=False),  # changes, escalation
    Column("language", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("event_ids", DistinctJSON, nullable=False),
    Column("created_at", String, nullable=False),
    Column("read_at", String),
    UniqueConstraint("recipient_id", "build_id", "kind", "event_ids"),
)
outbox = Table(
    "outbox",
    metadata,
    Column("outbox_id", Integer, primary_key=True, autoincrement=True),
    Column("notice_id", Integer, nullable=False, unique=True),
    Column("status", String, nullable=False),  # OutboxStatus
    Column("attempts", Integer, nullable=False, default=0),
    Column("attempted_at", String),  # of the attempt under way, else of the last one
    Column("last_error", JSON),  # {template, details} of why it was not sent
    Column("next_attempt_at", String),
    Column("sent_at", String),
)

# ---- the release gate -----------------------------------------------------------------------------------------------

gate_conditions = Table(
    "gate_conditions",
    metadata,
    Column("condition_id", Integer, primary_key=True, autoincrement=True),
    Column("project_key", String, nullable=False),  # "*" for all
    Column("name", String, nullable=False),  # GateCondition or the title of an item to sign
    Column("kind", String, nullable=False),  # measured, signed
    Column("level", Float),  # empty: the level in force
    Column("is_off", Integer, nullable=False, default=0),
    Column("is_applicable", Integer, nullable=False, default=1),
    Column("reason", Text, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
)
gate_signatures = Table(
    "gate_signatures",
    metadata,
    Column("signature_id", Integer, primary_key=True, autoincrement=True),
    Column("project_key", String, nullable=False),
    Column("release", String, nullable=False),
    Column("name", String, nullable=False),  # of the item
    Column("signed_by", String, nullable=False),
    Column("signed_at", String, nullable=False),
    Column("note", Text),
    Column("withdrawn_at", String),
)
gate_waivers = Table(
    "gate_waivers",
    metadata,
    Column("waiver_id", Integer, primary_key=True, autoincrement=True),
    Column("project_key", String, nullable=False),
    Column("release", String, nullable=False),
    Column("name", String, nullable=False),  # of the condition or item
    Column("approved_by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("expires_on", String, nullable=False),
    Column("granted_at", String, nullable=False),
    Column("withdrawn_at", String),
)
gate_verdicts = Table(
    "gate_verdicts",
    metadata,
    Column("verdict_id", Integer, primary_key=True, autoincrement=True),
    Column("project_key", String, nullable=False),
    Column("release", String, nullable=False),
    Column("build_id", String, nullable=False),
    Column("build_hash", String, nullable=False),
    Column("verdict", String, nullable=False),  # go, stop, waived
    Column("conditions", JSON, nullable=False),
    Column("asked_by", String, nullable=False),  # cli, screen
    Column("at", String, nullable=False),
)
