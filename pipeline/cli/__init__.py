"""The command line: one file of commands per subject, one frame around all of them."""

from __future__ import annotations

import sys
from importlib import import_module

from pipeline.cli.command import app, run

_SUBJECTS = (
    "loading",
    "tools",
    "profiles",
    "refreshing",
    "closing",
    "losing",
    "kpis",
    "alerts",
    "gate",
    "running",
    "machines",
)  # in the order of --help


def main() -> None:
    """Runs the command in sys.argv and ends the process with its exit code."""
    for subject in _SUBJECTS:
        import_module(f"pipeline.cli.{subject}")  # its commands register themselves
    sys.exit(run(app))
