"""Feeds that have rules and comparisons of their own, and nothing special in how they are recognized or read."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import FALLEN, LEAST_MODULES, ComparedList
from pipeline.ingest.contracts.plugin import FeedPlugin, HoursOf
from pipeline.ingest.feeds.row_rules import HOURS_OF_A_DAY, in_order, not_negative

PLAIN = (
    FeedPlugin(
        "code_size",
        takes_folder_as_project=True,
        rules=not_negative("effective_lines"),
        volume=ComparedList("module", ("effective_lines",), "measured_on", FALLEN, LEAST_MODULES, LEAST_MODULES),
        measures={"effective_lines": "sum(effective_lines)"},
    ),
    FeedPlugin(
        "change_requests",
        mappable=("decision",),
        rules=(in_order("decided_on", "raised_on"),),
        lasting="change_id",
        volume=ComparedList("change_id", ("claimed_amount",)),
        measures={"claimed_amount": "sum(claimed_amount)", "confirmed_amount": "sum(confirmed_amount)"},
    ),
    FeedPlugin(
        "risks",
        mappable=("status", "kind"),
        rules=(*not_negative("impact_days"), in_order("closed_on", "raised_on")),
        plans=frozenset({"review_on"}),
        lasting="risk_id",
        measures={"impact_cost": "sum(impact_cost)"},
    ),
    FeedPlugin(
        "sites",
        rules=(*not_negative("defects_at_acceptance", "hours"), in_order("accepted_on", "actual_live_on")),
        plans=frozenset({"planned_live_on"}),
        lasting="site",
        volume=ComparedList("site", ("hours",)),
        measures={"accepted": "count(accepted_on)"},
    ),
    FeedPlugin(
        "projects",
        rules=(*not_negative("contingency_reserve"), in_order("contract_finish_on", "start_on")),
        plans=frozenset({"contract_finish_on", "freeze_on", "start_on"}),
    ),
    FeedPlugin(
        "project_aliases",
        plans=frozenset({"valid_from"}),
    ),
    FeedPlugin(
        "leaves",
        hours_of=HoursOf.DAY,
        rules=(HOURS_OF_A_DAY,),
        plans=frozenset({"leave_on"}),
        measures={"hours": "sum(hours)"},
    ),
)
