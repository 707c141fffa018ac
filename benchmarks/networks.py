"""The critical path of ten thousand tasks with twenty thousand links, the notation read as well."""

from __future__ import annotations

import random
import time

import polars as pl

from models.schedule.critical_path import network
from models.schedule.working_time import WorkingCalendar
from pipeline.refresh.freezing import calendar

TASKS, LINKS = 10_000, 20_000
_KINDS = ("FS", "FS+3d", "SS+1d", "FF-2d", "FS+2ed", "FS+50%", "SF", "")


def large_plan() -> pl.DataFrame:
    """Tasks in the columns of models.schedule.tasks: task_id, duration_days (0 to 20), predecessors; no circle."""
    drawn = random.Random(4)
    before: list[list[str]] = [[] for _ in range(TASKS)]
    for _ in range(LINKS):
        successor = drawn.randrange(1, TASKS)
        before[successor].append(f"T{drawn.randrange(max(0, successor - 300), successor)}{drawn.choice(_KINDS)}")
    return pl.DataFrame(
        {
            "task_id": [f"T{number}" for number in range(TASKS)],
            "duration_days": [float(drawn.randint(0, 20)) for _ in range(TASKS)],
            "predecessors": before,
        },
        schema={"task_id": pl.String, "duration_days": pl.Float64, "predecessors": pl.List(pl.String)},
    )


def network_times() -> list[tuple[str, str]]:
    """Lines of the report."""
    plan, days = large_plan(), WorkingCalendar(calendar(2025, 2060))
    began, processor = time.perf_counter(), time.process_time()
    network(plan, days)
    return [
        ("10,000 tasks, 20,000 links", f"{time.perf_counter() - began:.2f} s"),
        ("of which processor", f"{time.process_time() - processor:.2f} s (limit 2 s)"),
    ]
