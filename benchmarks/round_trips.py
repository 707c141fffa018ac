"""Tables in random dialects, new ones on each run: written, read through ingest, compared value by value."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

TEST = "tests/ingest/test_round_trips.py"
REPOSITORY = Path(__file__).resolve().parent.parent


def round_trips(examples: int = 1_000) -> list[tuple[str, str]]:
    """Lines of the report. Raises: AssertionError with hypothesis' own account of the first table that came back changed."""
    started = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", TEST],
        cwd=REPOSITORY,
        env=os.environ | {"PLIMSOLL_ROUND_TRIPS": str(examples)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6_000:]
    seconds = time.perf_counter() - started
    return [
        ("tables in random dialects, every value equal", f"{examples:,}"),
        ("per table", f"{1_000 * seconds / examples:.0f} ms"),
    ]
