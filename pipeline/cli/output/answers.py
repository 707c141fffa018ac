"""What each command answers with --json: these models are the contract, their JSON schemas lie under docs/schemas.

`python -m pipeline.cli.output.answers` writes the schemas anew; a test compares them.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Literal

from pydantic.dataclasses import dataclass

from models.document import Document
from models.gate.verdict import Finding, Verdict
from models.intake import Batch, LoadReport, Profile
from models.vocabulary import BatchStatus
from pipeline.alerts.listing import ListedAlert
from pipeline.cli.output.explanation import Explanation
from pipeline.published_values import KpiValue
from pipeline.refresh.result import FailedNode, Problem, RefreshResult

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"


class KpisAnswer(Document):
    build_id: str
    kpis: list[KpiValue]


class AlertsAnswer(Document):
    """The open alerts, critical first. evaluated_build: the newest build that alerts were evaluated for."""

    build_id: str
    evaluated_build: str | None
    problems: list[Problem]
    alerts: list[ListedAlert]


@dataclass(frozen=True)
class WordedFinding(Finding):
    """A condition of the gate with its name in both languages and a sentence."""

    name_en: str = ""
    name_zh: str = ""
    message: str = ""


class NothingPublished(Document):
    """Why the gate stops where there is no build."""

    name: str
    status: str
    message: str


class GateAnswer(Document):
    """reasons: what stops the release. build_hash: SHA-256 of the manifest of the build."""

    build_id: str | None
    build_hash: str | None
    project_key: str
    release: str
    verdict: Verdict
    reasons: list[WordedFinding | NothingPublished]
    waived: list[WordedFinding]
    checked: list[WordedFinding]


class KeptBuild(Document):
    build_id: str
    published_at: str


class Freshness(Document):
    """To which day the rows of a feed reach in a project."""

    project_key: str
    feed: str
    covers_from: dt.date | None
    covers_to: dt.date | None
    rows: int


class Step(Document):
    step: str
    seconds: float


class Run(Document):
    """One refresh that began; instants are ISO UTC."""

    run_id: int
    kind: str
    asked_by: str
    started_at: str
    ended_at: str | None
    status: str
    build_id: str | None
    step: str | None
    steps: list[Step]
    failed_tests: list[FailedNode]
    error: str | None
    process_id: int | None


class RefreshState(Document):
    """Whether a refresh runs, and how far it is; problem: why the control store cannot be read."""

    running: bool
    step: str | None
    done: int | None
    total: int | None
    since: str | None
    asked_by: str | None
    pending: bool
    worker_alive: bool
    last_runs: list[Run]
    problem: str | None


class StatusAnswer(Document):
    """as_of: the status date that was asked for, of all projects."""

    data_dir: str
    build_id: str | None
    published_at: str | None
    as_of: str | None
    warnings: list[str]
    kept_builds: list[KeptBuild]
    freshness: list[Freshness]
    refresh: RefreshState
    versions: dict[str, str]


class LoadAnswer(Document):
    """One report per file and feed; every key stands in it."""

    files: list[LoadReport]

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


class BatchesAnswer(Document):
    """What is landed, newest first."""

    batches: list[Batch]


class ProfilesAnswer(Document):
    """The mapping profiles, newest first."""

    profiles: list[Profile]


class ProfileAnswer(Document):
    """One mapping profile that was exported, imported or deleted. yaml: as it is imported."""

    name: str
    yaml: str | None = None
    status: Literal["deleted"] | None = None


class BatchAnswer(Document):
    """What a batch is from the next build on."""

    batch_id: str
    status: BatchStatus


class MovedStore(Document):
    """Where the control store is now, and how many rows each of its tables has there."""

    store: str
    rows: dict[str, int]


class Followed(Document):
    """The build that is new here; null where nothing was."""

    build_id: str | None


class CommandError(Document):
    """message: the template with its details, in English."""

    code: str
    message: str
    template: str | None = None
    details: dict | None = None
    error_id: str | None = None


class ErrorAnswer(Document):
    """Of any command that failed: exit code 1, or 2 where the input or the words of the command are wrong."""

    error: CommandError


ANSWERS: dict[str, type[Document]] = {
    "load": LoadAnswer,
    "sample": LoadAnswer,
    "batches": BatchesAnswer,
    "profiles": ProfilesAnswer,
    "profile": ProfileAnswer,
    "refresh": RefreshResult,
    "kpis": KpisAnswer,
    "explain": Explanation,
    "alerts": AlertsAnswer,
    "gate": GateAnswer,
    "status": StatusAnswer,
    "rollback": KeptBuild,
    "undo": BatchAnswer,
    "redo": BatchAnswer,
    "accept": BatchAnswer,
    "control": MovedStore,
    "follow": Followed,
    "error": ErrorAnswer,
}


def schemas() -> dict[str, str]:
    """{file name: JSON schema} of every answer."""
    return {
        f"{name}.json": json.dumps(answer.model_json_schema(mode="serialization"), ensure_ascii=False, indent=1) + "\n"
        for name, answer in ANSWERS.items()
    }


if __name__ == "__main__":
    SCHEMAS.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (SCHEMAS / name).write_text(schema, encoding="utf-8")
