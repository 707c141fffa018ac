"""The sample portfolio as files: what each tool of the eight projects would export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipeline.sample.export import book as ledger_book
from pipeline.sample.export import office, reports, trackers
from pipeline.sample.export import rest as jira_rest
from pipeline.sample.portfolio import canonical_frames
from pipeline.sample.stories import STORIES, Story

REPORTS_FROM = dt.date(2026, 11, 1)  # from here on the build server's XML is kept; before, what the tools keep as CSV
LONG_BUDGET = ["P2025-006"]  # its budget holds hours, and comes in the form that has a column for them
COBERTURA = "jira_rest"  # the bot is written in Python, the others in Java


def sample_files(frames: dict[str, pl.DataFrame] | None = None) -> Iterator[tuple[str, bytes]]:
    """(path inside the folder, content) of every file, in a fixed order."""
    frames = frames or canonical_frames()
    yield from _reference(frames)
    for story in STORIES:
        yield from _issues(story, frames)
    yield from _hours(frames)
    yield from _money_and_plan(frames)
    for story in STORIES:
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


def _reference(frames: dict[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    yield "reference/projects.csv", office.projects_csv(frames["projects"])
    yield "reference/project-aliases.csv", office.project_aliases_csv(frames["project_aliases"])
    yield "reference/people.csv", office.people_csv(frames["people"])
    yield "reference/leaves.csv", office.leaves_csv(frames["leaves"])
    yield "reference/rates.csv", office.rates_csv(frames["rates"])
    yield "reference/fx-rates.csv", office.fx_rates_csv(frames["fx_rates"])
    yield "reference/account-mapping.csv", office.account_mapping_csv(frames["account_mapping"])


def _issues(story: Story, frames: dict[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    issues = frames["issues"].filter(pl.col("project") == story.tracker_project)
    if story.tracker == "jira_zh":
        yield f"issues/jira-{story.tracker_project}.csv", trackers.jira_chinese_csv(story, issues)
    elif story.tracker == "jira_rest":
        changes = frames["issue_changes"].filter(pl.col("project") == story.tracker_project)
        yield f"issues/jira-{story.tracker_project}.json", jira_rest.search_answer(story, issues, changes)
    elif story.tracker == "zentao":
        yield "issues/zentao-bugs.csv", trackers.zentao_bug_csv(story, issues)
        yield "issues/zentao-tasks.csv", trackers.zentao_task_csv(story, issues)
    else:
        logged = frames["worklogs"].filter(pl.col("project") == story.tracker_project)
        content = trackers.jira_english_csv(story, issues, None if story.timesheet_name else logged)
        yield f"issues/jira-{story.tracker_project}.csv", content


def _hours(frames: dict[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    worklogs = frames["worklogs"]
    in_tempo = [story.tracker_project for story in STORIES if story.tracks_in_tempo]
    yield "hours/tempo.csv", office.tempo_csv(worklogs.filter(pl.col("project").is_in(in_tempo)))
    for story in STORIES:
        if story.timesheet_name and not story.tracks_in_tempo:
            own = office.stray_or_own(worklogs, story)
            yield f"hours/timesheet-{story.key}.xlsx", office.timesheet_workbook(own)
    slips = worklogs.filter(pl.col("slip_no").is_not_null())
    yield f"hours/day-labor-{STORIES[0].key}.xlsx", office.day_labor_workbook(slips)


def _money_and_plan(frames: dict[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    yield "money/yonyou-ledger.xlsx", ledger_book.ledger_workbook(frames["ledger"])
    is_signed = pl.col("kind") == "commitment"
    yield "money/commitments.csv", office.commitments_csv(frames["costs"].filter(is_signed))
    yield "money/estimates.csv", office.estimates_csv(frames["costs"].filter(~is_signed))
    in_hours = pl.col("project").is_in(LONG_BUDGET)
    yield "money/budget.xlsx", office.budget_workbook(frames["budget"].filter(~in_hours))
    for key in LONG_BUDGET:
        yield f"money/budget-{key}.csv", office.long_budget_csv(frames["budget"].filter(pl.col("project") == key))
    yield "money/contracts.xlsx", office.contracts_workbook(frames["contracts"])
    yield "money/payment-terms.csv", office.payment_terms_csv(frames["payment_terms"])
    in_csv = pl.col("project").is_in(["P2025-004"])
    yield "plan/schedule-P2025-004.csv", office.schedule_csv(frames["schedule"].filter(in_csv))
    yield "plan/schedule.xlsx", office.schedule_workbook(frames["schedule"].filter(~in_csv))
    yield "plan/change-requests.csv", office.change_requests_csv(frames["change_requests"])
    yield "plan/risks.csv", office.risks_csv(frames["risks"])
    yield "plan/sites.csv", office.sites_csv(frames["sites"])
    yield "plan/calendars.csv", office.calendars_csv(frames["calendars"])
    yield "quality/code-size.csv", office.code_size_csv(frames["code_size"])
    before = frames["coverage"].filter(pl.col("measured_on") < REPORTS_FROM)
    yield "quality/coverage-to-2026-10.csv", office.coverage_csv(before)
    before = frames["test_results"].filter(pl.col("run_at").dt.date() < REPORTS_FROM)
    yield "quality/test-results-to-2026-10.xlsx", office.test_results_workbook(before)


def _build_server(story: Story, frames: dict[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    coverage = frames["coverage"].filter((pl.col("project") == story.key) & (pl.col("measured_on") >= REPORTS_FROM))
    for (day,), part in coverage.partition_by("measured_on", as_dict=True, maintain_order=True).items():
        is_python = story.tracker == COBERTURA
        content = reports.cobertura_xml(day, part) if is_python else reports.jacoco_xml(story.name, day, part)
        yield f"{story.key}/coverage-{day:%Y-%m}.xml", content
    results = frames["test_results"].filter(
        (pl.col("project") == story.key) & (pl.col("run_at").dt.date() >= REPORTS_FROM)
    )
    for (run_id,), part in results.partition_by("run_id", as_dict=True, maintain_order=True).items():
        yield f"{story.key}/{run_id}.xml", reports.junit_xml(story.name, part)
