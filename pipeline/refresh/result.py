"""What came of a refresh: for whoever asked for it, and as JSON of the command line."""

from __future__ import annotations

from enum import StrEnum

from models.document import Document


class RefreshStatus(StrEnum):
    PUBLISHED = "published"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Refusal(Document):
    """Why something was not done; message: the template with its details, in English."""

    code: str
    message: str
    template: str
    details: dict


class FailedNode(Document):
    """A model or test of dbt that failed, or was skipped because of one. rows_file: its rows, below the data folder."""

    name: str
    kind: str
    status: str
    message: str | None
    failures: int | None
    rows_file: str | None


class Caveat(Document):
    """What must be said beside the numbers; message: the template with its details, in English."""

    template: str
    details: dict
    message: str


class WaitingBaseline(Document):
    """A budget that differs from what is frozen, until somebody decides."""

    baseline_id: int
    code: str
    template: str
    details: dict
    message: str


class StatusChanges(Document):
    """KPI values of projects against the build before."""

    new_critical: int
    new_warning: int
    cleared: int


class Problem(Document):
    """An alert that could not be evaluated. error_id: where the log has it."""

    alert_key: str
    error_id: str
    message: str


class Evaluated(Document):
    """How many signals were read, what changed and what fires; error: why nothing could be evaluated."""

    signals: int
    changes: int
    firing: int
    problems: list[Problem]
    error: Refusal | None = None


class RefreshResult(Document):
    """seconds: by step. rows_per_feed: of the landed batches. nodes_kept: as they were in the build before.

    What a refresh that failed did not come to is absent.
    """

    build_id: str
    status: RefreshStatus
    run_id: int
    seconds: dict[str, float]
    rows_per_feed: dict[str, int]
    failed_tests: list[FailedNode]
    warned_tests: list[str]
    nodes: int
    nodes_kept: int = 0
    baselines_waiting: list[WaitingBaseline] = []
    changes: StatusChanges | None = None
    deleted_builds: list[str] = []
    alerts: Evaluated | None = None
    caveats: list[Caveat] = []
    error: Refusal | None = None
