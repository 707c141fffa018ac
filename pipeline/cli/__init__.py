"""The command line: one file of commands per subject, one frame around all of them."""

from __future__ import annotations

import sys

from pipeline.cli.frame import app, run


def main() -> None:
    """Runs the command in sys.argv and ends the process with its exit code."""
    from pipeline.cli import refreshing  # noqa: F401, PLC0415 - commands register themselves

    sys.exit(run(app))
