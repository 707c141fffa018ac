"""What the parent tells the child that runs dbt, and where the child begins: importable without dbt."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path


@dataclass(frozen=True)
class DbtJob:
    """What one child is to build, and where. All paths absolute."""

    project: Path
    database: Path
    target: Path
    parsed: Path  # the parsed project, kept from build to build
    logs: Path
    lock: Path
    variables: dict
    threads: int
    memory_limit: str


def run_in_child(job: DbtJob, pipe: Connection) -> None:
    """The target of the child process: dbt is imported here, where the fork server already has it."""
    from pipeline.refresh.child import build  # noqa: PLC0415

    build(job, pipe)
