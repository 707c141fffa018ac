"""A project of 500 tasks, reported twelve times, and what a click costs on the pages that show its schedule."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path

import polars as pl

from benchmarks.measuring import cost_of
from benchmarks.pages import page_times
from models.builds.data_dir import DataDir
from pipeline.sample.calendar import nth_working_day
from pipeline.sample.portfolio import land_frames, typed

PROJECT = "LARGE"
CHAINS, TASKS_OF_A_CHAIN = 10, 50  # 500: each chain 48 tasks, a milestone and a buffer of its own wave
DAYS_OF_A_TASK = 10  # half of the work is done at the last report
BEGINS = dt.date(2025, 11, 3)
REPORTED_ON = (dt.date(2025, 12, 20), *(dt.date(2026, month, 20) for month in range(1, 12)))
PAGES = ("schedule.py", "milestones.py", "pace.py", "what_if.py")
MILESTONES = ("到货", "安装", "初验", "试运行", "终验")


def schedule_page_times(folder: Path) -> list[tuple[str, str]]:
    """Lines of the report: the four schedule pages on a build of this project alone."""
    folder.mkdir(parents=True)
    land_frames(DataDir(folder), frames())
    refreshed = json.loads(cost_of("-m", "pipeline", "refresh", "--json", "--data-dir", str(folder)).output)
    assert refreshed["status"] == "published", refreshed
    return page_times(folder, tuple(f"pages/schedule/{page}" for page in PAGES))


def frames() -> dict[str, pl.DataFrame]:
    """projects, project_aliases, budget and schedule in canonical columns."""
    plan = _plan()
    months = pl.date_range(BEGINS.replace(day=1), dt.date(2027, 12, 1), "1mo", eager=True)
    budget = [
        {"project": PROJECT, "wbs_code": f"1.{chain}", "wbs_name": f"Package {chain}", "category": "subcontract"}
        | {"period_start": month, "planned_value": 10_000}
        for chain in range(1, CHAINS + 1)
        for month in months
    ]
    project = {"project_key": PROJECT, "name": "Five hundred tasks", "start_on": BEGINS, "time_zone": "Asia/Shanghai"}
    aliases = {"system": "generic", "kind": "project", "external_code": PROJECT, "project_key": PROJECT}
    rows = {
        "projects": [project | {"contract_finish_on": dt.date(2027, 12, 31)}],
        "project_aliases": [aliases | {"valid_from": dt.date(2025, 1, 1)}],
        "budget": budget,
        "schedule": [_reported(task, day) for day in REPORTED_ON for task in plan],
    }
    return {feed: typed(feed, pl.DataFrame(lines, infer_schema_length=None)) for feed, lines in rows.items()}


def _plan() -> list[dict]:
    """Chains of finish-to-start links, every fifth task linked to one before it in another chain as well."""
    drawn = random.Random(500)
    tasks = []
    for chain in range(1, CHAINS + 1):
        for place in range(1, TASKS_OF_A_CHAIN + 1):
            before = [f"T{chain}-{place - 1}FS"] if place > 1 else []
            if place % 5 == 0 and chain > 1:
                before.append(f"T{drawn.randrange(1, chain)}-{place - 2}{drawn.choice(('FS', 'SS+3d', 'FF'))}")
            tasks.append(
                {
                    "task_id": f"T{chain}-{place}",
                    "wbs_code": f"1.{chain}",
                    "name": f"Package {chain}, step {place}",
                    "module": f"Wave {chain}",
                    "predecessors": before or None,
                    "begins": (place - 1) * DAYS_OF_A_TASK + 1,
                    "late_by": chain if place > TASKS_OF_A_CHAIN // 3 else 0,  # working days
                    "milestone_type": MILESTONES[chain % len(MILESTONES)] if place == TASKS_OF_A_CHAIN - 1 else None,
                    "is_buffer": place == TASKS_OF_A_CHAIN,
                }
            )
    return tasks


def _reported(task: dict, day: dt.date) -> dict:
    begins, ends = task["begins"], task["begins"] + DAYS_OF_A_TASK - 1
    started, finished = (nth_working_day(BEGINS, when + task["late_by"]) for when in (begins, ends))
    passed = (day - started).days / max((finished - started).days, 1)
    is_point = task["milestone_type"] is not None
    return {
        name: task[name] for name in ("task_id", "wbs_code", "name", "module", "predecessors", "milestone_type")
    } | {
        "project": PROJECT,
        "is_buffer": task["is_buffer"],
        "duration_days": 0.0 if is_point else float(DAYS_OF_A_TASK),
        "baseline_start": nth_working_day(BEGINS, ends if is_point else begins),
        "baseline_finish": nth_working_day(BEGINS, ends),
        "forecast_start": finished if is_point else started,
        "forecast_finish": finished,
        "actual_start": started if started <= day and not task["is_buffer"] else None,
        "actual_finish": finished if finished <= day and not task["is_buffer"] else None,
        "percent_complete": min(max(passed, 0.0), 1.0),
        "status_on": day,
    }
