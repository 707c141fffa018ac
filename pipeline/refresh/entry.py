"""Where the child that runs dbt begins: importable without dbt."""

from __future__ import annotations

from multiprocessing.connection import Connection

from pipeline.refresh.job import DbtJob


def run_in_child(job: DbtJob, pipe: Connection) -> None:
    """The target of the child process: dbt is imported here, where the fork server already has it."""
    from pipeline.refresh.child import build  # noqa: PLC0415

    build(job, pipe)
