"""A Jira CSV of any length, as the tool prints it: repeated columns, quoted line breaks, Chinese text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

ROWS_AT_ONCE = 100_000
HEADER = (
    "Summary,Issue key,Issue id,Issue Type,Status,Status Category,Project key,Project name,Priority,Resolution,Assignee,"
    "Reporter,Created,Updated,Resolved,Due Date,Fix Version/s,Fix Version/s,Component/s,Component/s,Labels,Labels,Sprint,"
    "Sprint,Custom field (Story Points),Custom field (Severity),Custom field (Found in phase),Original Estimate,"
    "Time Spent,Description"
)


def write_jira_csv(path: Path, rows: int) -> int:
    """Writes `rows` issues of eight projects, newest last; returns the size in bytes. The same every time."""
    random = np.random.default_rng(20261122)
    with path.open("wb") as output:
        output.write(HEADER.encode() + b"\n")
        for first in range(0, rows, ROWS_AT_ONCE):
            _chunk(random, first, min(ROWS_AT_ONCE, rows - first)).write_csv(output, include_header=False)
    return path.stat().st_size


def _chunk(random: np.random.Generator, first: int, rows: int) -> pl.DataFrame:
    number = pl.Series(np.arange(first + 1, first + rows + 1))
    done = random.random(rows) < 0.7
    created = np.datetime64("2024-01-01T08:00") + (np.arange(first, first + rows) % 1_000_000).astype("timedelta64[m]")
    resolved = created + random.integers(60, 40_000, rows).astype("timedelta64[m]")
    project = pl.Series(random.integers(1, 9, rows)).cast(pl.String)

    def choice(*words: str) -> pl.Series:
        return pl.Series(random.choice(np.array(words, dtype=object), rows), dtype=pl.String)

    def instant(values: np.ndarray) -> pl.Series:
        return pl.Series(values.astype("datetime64[us]")).dt.strftime("%d/%b/%y %I:%M %p")

    when_done = pl.Series(done)
    nothing = pl.Series([None] * rows, dtype=pl.String)
    columns = {
        "summary": "接口联调 no. " + number.cast(pl.String) + ', 返回值 "空"',
        "key": "P" + project + "-" + number.cast(pl.String),
        "id": (number + 100_000).cast(pl.String),
        "type": choice("Bug", "Bug", "Story", "Task"),
        "status": pl.select(pl.when(when_done).then(pl.lit("Closed")).otherwise(pl.lit("In Progress"))).to_series(),
        "category": pl.select(pl.when(when_done).then(pl.lit("Done")).otherwise(pl.lit("In Progress"))).to_series(),
        "project": "P" + project,
        "project_name": "Project " + project,
        "priority": choice("High", "Medium", "Low"),
        "resolution": pl.select(pl.when(when_done).then(choice("Fixed", "Done", "Won't Fix"))).to_series(),
        "assignee": "p" + pl.Series(random.integers(100, 400, rows)).cast(pl.String),
        "reporter": "p" + pl.Series(random.integers(100, 400, rows)).cast(pl.String),
        "created": instant(created),
        "updated": instant(resolved),
        "resolved": pl.select(pl.when(when_done).then(instant(resolved))).to_series(),
        "due": nothing,
        "fix_1": choice("1.0", "1.10", "2.0"),
        "fix_2": nothing,
        "component_1": choice("结算", "接口", "基础设施"),
        "component_2": choice("门户", "网关"),
        "label_1": choice("tech-debt", "third-party", "uat"),
        "label_2": nothing,
        "sprint_1": "Sprint " + pl.Series(random.integers(1, 60, rows)).cast(pl.String),
        "sprint_2": nothing,
        "points": choice("1.0", "2.0", "3.0", "5.0"),
        "severity": choice("致命", "严重", "一般", "轻微"),
        "phase": choice("SIT", "UAT", "试运行"),
        "estimate": choice("3600", "14400", "28800"),
        "spent": choice("3600", "7200", "36000"),
        "description": "第一行\n第二行, with a comma\n" + number.cast(pl.String),
    }
    return pl.DataFrame(columns)
