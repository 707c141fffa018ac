"""Code size, coverage and test results of the stories that have code reports."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from pipeline.sample.calendar import month_end, months
from pipeline.sample.stories import SEED, STATUS_ON, STORIES, Story

VALID_SHARE = {"P2025-006": 0.04}  # executable lines among effective ones; the bot measures its core packages only
HISTORY_FROM = dt.date(2025, 12, 1)
TESTED_FROM = dt.date(2026, 9, 1)
CASES_PER_MODULE = (18, 30)
BRANCHES, BRANCHES_BEHIND = 0.35, 0.08  # branches for a line; how much less of them is covered
WITHOUT_BRANCHES = ("P2025-006",)  # the bot's tool counts lines alone
COUNTED_LAST = {"P2025-007": dt.date(2026, 6, 30)}  # nobody has counted the ERP's own code since


def measured_days(begin: dt.date) -> list[dt.date]:
    """Month ends, and the status date."""
    return [month_end(month) for month in months(begin, STATUS_ON) if month_end(month) < STATUS_ON] + [STATUS_ON]


def _reporting() -> list[Story]:
    return [story for story in STORIES if story.has_code_reports]


def code_size_frame() -> pl.DataFrame:
    """Effective lines by module at month ends; growth ends at the size that the defect rate is told by."""
    rows = []
    for story in _reporting():
        days = measured_days(HISTORY_FROM)
        for module in story.modules:
            for n, day in enumerate(days):
                if day > COUNTED_LAST.get(story.key, day):
                    continue
                grown = 1 - 0.25 * (len(days) - 1 - n) / len(days)
                lines = round(module.effective_lines * (1.0 if story.actual_finish and n > 8 else grown))
                rows.append((story.key, module.name, day, lines))
    return pl.DataFrame(rows, ["project", "module", "measured_on", "effective_lines"], orient="row")


def coverage_frame() -> pl.DataFrame:
    """Lines valid and covered by module at month ends. A module at 0 has no tests, and came in September 2026."""
    rows = []
    for story in _reporting():
        if story.key == "P2025-007":
            continue  # the ERP's own code is measured by nobody
        days = measured_days(HISTORY_FROM)
        for module in story.modules:
            for n, day in enumerate(days):
                if not module.coverage and day < dt.date(2026, 8, 1):
                    continue
                left = len(days) - 1 - n
                share = VALID_SHARE.get(story.key, 0.4)
                valid = round(module.effective_lines * share * (1 - 0.25 * left / len(days)))
                covered = round(valid * (module.coverage - 0.003 * left)) if module.coverage else 0
                rows.append((story.key, module.name, day, valid, covered, *_branches(story, valid, covered)))
    names = ["project", "module", "measured_on", "lines_valid", "lines_covered", "branches_valid", "branches_covered"]
    return pl.DataFrame(rows, names, orient="row", infer_schema_length=None)


def _branches(story: Story, valid: int, covered: int) -> tuple[int | None, int | None]:
    if story.key in WITHOUT_BRANCHES:
        return None, None
    branches = round(valid * BRANCHES)
    return branches, max(round(branches * (covered / valid - BRANCHES_BEHIND)), 0)


def test_results_frame() -> pl.DataFrame:
    """One row per case and monthly run: passed but for the share that the story loses, a few skipped.

    Of a smoke round every third case is there.
    """
    rows = []
    for story in _reporting():
        random = np.random.Generator(np.random.PCG64([SEED, story.number, 6]))
        counts = [int(random.integers(*CASES_PER_MODULE)) for _ in story.modules]
        for n, day in enumerate(measured_days(TESTED_FROM)):
            run_at = dt.datetime.combine(day, dt.time(14, 30))  # 22:30 in Shanghai
            total = sum(counts)
            failing = round(total * (1 - story.pass_rate) * (1 + 0.4 * (2 - n)))
            failed = set(random.choice(total, failing, replace=False).tolist())
            number = 0
            for module, count in zip(story.modules, counts, strict=True):
                for case in range(count):
                    outcome = "failed" if number in failed else "skipped" if case % 29 == 28 else "passed"
                    seconds = round(float(random.random()) * 2, 3)
                    name = f"{module.name}.RegressionTest.case_{case + 1:03d}"
                    if day.replace(day=1) not in story.smoke_rounds or case % 3 == 0:
                        rows.append((story.key, module.name, module.name, name, outcome, run_at, seconds))
                    number += 1
    names = ["project", "module", "suite", "case", "outcome", "run_at", "duration_seconds"]
    return pl.DataFrame(rows, names, orient="row").with_columns(
        pl.col("run_at").dt.strftime("junit-%Y-%m").alias("run_id")
    )
