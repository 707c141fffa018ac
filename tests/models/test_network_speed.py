"""Ten thousand tasks with twenty thousand links, the notation read as well, in less than two seconds of processor."""

import random
import time

import polars as pl

from models.critical_path import network
from tests.models.calendars import china, tasks

TASKS, LINKS = 10_000, 20_000


def large_plan() -> pl.DataFrame:
    drawn = random.Random(4)
    before: list[list[str]] = [[] for _ in range(TASKS)]
    for _ in range(LINKS):
        successor = drawn.randrange(1, TASKS)
        link = drawn.choice(["FS", "FS+3d", "SS+1d", "FF-2d", "FS+2ed", "FS+50%", "SF", ""])
        before[successor].append(f"T{drawn.randrange(max(0, successor - 300), successor)}{link}")
    return tasks(*((f"T{n}", drawn.randint(0, 20), " ".join(links)) for n, links in enumerate(before)))


def test_ten_thousand_tasks_in_two_seconds():
    plan, calendar = large_plan(), china()
    began = time.process_time()
    found = network(plan, calendar)
    assert time.process_time() - began < 2
    assert found.tasks["early_finish"].null_count() == 0
    assert found.critical_path
    assert all(problem.kind.is_information for problem in found.problems)
