"""The sample portfolio as files: what each tool of the eight projects would export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipeline.sample.export import reports, trackers
from pipeline.sample.export.book import ledger_workbook
from pipeline.sample.export.rest import search_answer
from pipeline.sample.export.sheets import sheets
from pipeline.sample.labor import STRAY_PROJECT
from pipeline.sample.portfolio import canonical_frames
from pipeline.sample.stories import STORIES, Story

REPORTS_FROM = dt.date(2026, 11, 1)  # from here on the build server's XML is kept; before, what the tools keep as CSV
LONG_BUDGET = "P2025-006"  # its budget holds hours, and comes in the form that has a column for them
COBERTURA = "jira_rest"  # the bot is written in Python, the others in Java


def sample_files(frames: dict[str, pl.DataFrame] | None = None) -> Iterator[tuple[str, bytes]]:
    """(path inside the folder, content) of every file, in a fixed order."""
    frames = frames or canonical_frames()
    links = pl.col("predecessors").list.eval(pl.element().str.strip_suffix("FS"))  # as the tool prints them
    frames = frames | {"schedule": frames["schedule"].with_columns(links)}
    for name, sheet in sheets().items():
        if sheet.feed:
            yield name, sheet.content(frames[sheet.feed].filter(pl.sql_expr(sheet.where or "true")))
    yield "money/yonyou-ledger.xlsx", ledger_workbook(frames["ledger"])
    yield "money/budget.xlsx", _budget(frames["budget"].filter(pl.col("project") != LONG_BUDGET))
    for story in STORIES:
        yield from _issues(story, frames)
        if story.timesheet_name and not story.tracks_in_tempo:
            yield f"hours/timesheet-{story.key}.xlsx", _timesheet(story, frames["worklogs"])
        if story.has_code_reports:
            yield from _build_server(story, frames)


def write_sample(folder: Path) -> list[Path]:
    """Writes all files below `folder`, the same bytes every time; returns their paths."""
    written = []
    for name, content in sample_files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def _issues(story: Story, frames: dict[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    own = pl.col("project") == story.tracker_project
    issues = frames["issues"].filter(own)
    path = f"issues/jira-{story.tracker_project}"
    if story.tracker == "jira_zh":
        yield f"{path}.csv", trackers.jira_chinese_csv(story, issues)
    elif story.tracker == "jira_rest":
        yield f"{path}.json", search_answer(story, issues, frames["issue_changes"].filter(own))
    elif story.tracker == "zentao":
        yield "issues/zentao-bugs.csv", trackers.zentao_bug_csv(story, issues)
        yield "issues/zentao-tasks.csv", trackers.zentao_task_csv(story, issues)
    else:
        logged = None if story.timesheet_name else frames["worklogs"].filter(own)
        yield f"{path}.csv", trackers.jira_english_csv(story, issues, logged)


def _timesheet(story: Story, worklogs: pl.DataFrame) -> bytes:
    """The story's lines; the first one's timesheet also holds those of the name that nothing matches."""
    names = [story.timesheet_project, STRAY_PROJECT] if story.number == 1 else [story.timesheet_project]
    own = worklogs.filter(pl.col("project").is_in(names) & pl.col("slip_no").is_null())
    return sheets()["hours/timesheet.xlsx"].content(own)


def _budget(budget: pl.DataFrame) -> bytes:
    """One column per month beside those of the sheet."""
    sheet = sheets()["money/budget.xlsx"]
    months = budget["period_start"].dt.strftime("%Y-%m").unique().sort()
    wide = budget.with_columns(pl.col("period_start").dt.strftime("%Y-%m"), pl.col("planned_value").cast(pl.Float64))
    wide = wide.pivot("period_start", index=list(sheet.columns), values="planned_value")
    return sheet.model_copy(update={"columns": sheet.columns | {month: month for month in months}}).content(wide)


def _build_server(story: Story, frames: dict[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    own = pl.col("project") == story.key
    coverage = frames["coverage"].filter(own & (pl.col("measured_on") >= REPORTS_FROM))
    for (day,), part in coverage.partition_by("measured_on", as_dict=True, maintain_order=True).items():
        is_python = story.tracker == COBERTURA
        content = reports.cobertura_xml(day, part) if is_python else reports.jacoco_xml(story.name, day, part)
        yield f"{story.key}/coverage-{day:%Y-%m}.xml", content
    results = frames["test_results"].filter(own & (pl.col("run_at").dt.date() >= REPORTS_FROM))
    for (run_id,), part in results.partition_by("run_id", as_dict=True, maintain_order=True).items():
        yield f"{story.key}/{run_id}.xml", reports.junit_xml(story.name, part)
