"""The closed lists that the whole product speaks in."""

from __future__ import annotations

from enum import StrEnum

UNALLOCATED = "unallocated"  # project_key, module or phase of a row that matched nothing; shown as 未归集 / unallocated
NO_MODULE = "-"  # module of an issue that names none


class KpiStatus(StrEnum):
    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"
    UNRATED = "unrated"
    TOO_EARLY = "too_early"


class Flag(StrEnum):
    """What stands beside a status."""

    INCOMPLETE = "incomplete"
    PROVISIONAL = "provisional"
    ESTIMATED = "estimated"
    PRESUMED_CLOSED = "presumed_closed"
    STALE = "stale"
    RESTATED = "restated"
    BETTER_BY_LOSS = "better_by_loss"


class Grain(StrEnum):
    PORTFOLIO = "portfolio"
    PROJECT = "project"
    MODULE = "module"
    PHASE = "phase"
    WBS = "wbs"  # of earned value alone, as are layers: made by the reader (models.cost.by_grain)
    LAYER = "layer"


class PeriodKind(StrEnum):
    WEEK = "week"
    MONTH = "month"


class BatchStatus(StrEnum):
    """`landed` counts in the next build; `undone` and `held` do not; `replaced` was superseded by a corrected file."""

    LANDED = "landed"
    HELD = "held"
    UNDONE = "undone"


class BaselineStatus(StrEnum):
    """`frozen` is kept for ever, active or not; `proposed` waits for a person; `superseded` was never used in a build."""

    FROZEN = "frozen"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class FileStatus(StrEnum):
    """What became of one file at ingest, as `load --json` says it."""

    LANDED = "landed"
    UNCHANGED = "unchanged"
    HELD = "held"
    REFUSED = "refused"


class Section(StrEnum):
    """Where on screen a KPI lives."""

    QUALITY = "quality"
    COST = "cost"
    SCHEDULE = "schedule"
    LABOR = "labor"
    SCOPE = "scope"
    ROLLOUT = "rollout"


class StatusCategory(StrEnum):
    TO_DO = "to_do"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class Phase(StrEnum):
    """Phases of delivery, in order."""

    INITIATION = "initiation"
    REQUIREMENTS_DESIGN = "requirements_design"
    PROCUREMENT = "procurement"
    DEVELOPMENT = "development"
    TESTING = "testing"
    PRELIMINARY_ACCEPTANCE = "preliminary_acceptance"
    TRIAL_RUN = "trial_run"
    FINAL_ACCEPTANCE = "final_acceptance"
    WARRANTY = "warranty"
