"""What the parent tells the child that runs dbt: plain data, importable without dbt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.refresh.basis import Basis


@dataclass(frozen=True)
class DbtJob:
    """What one child is to build, and where. All paths absolute."""

    project: Path
    database: Path
    target: Path
    parsed: Path  # dbt's parsed project, kept from build to build
    compiled: Path  # and what it compiled of it for these settings
    logs: Path
    lock: Path
    variables: dict
    threads: int
    memory_limit: str
    basis: Basis | None = None  # the build to start from; None: everything is made of the landed files
