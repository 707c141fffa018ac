"""Small inputs that went wrong once, each with the right values beside it; skipped plainly where they are not at hand.

The folder is PLIMSOLL_CASES, else `../shared/cases` beside the repository. Each folder holds an input and `expected.json`, whose
`right` names what must come out. The keys are people's words, so each case says here which of its values are compared.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import LoadOptions
from tests.conftest import REPOSITORY
from tests.ingest.exports import landed_rows, load_paths

pytestmark = pytest.mark.whole  # files through all of ingest


@dataclass
class Loaded:
    """feeds: the reports by feed. rows: the landed rows by feed. right: what expected.json says."""

    feeds: dict[str, dict]
    rows: dict[str, pl.DataFrame]
    right: dict

    def only(self, feed: str) -> pl.DataFrame:
        assert list(self.feeds) == [feed], [feed_report["reasons"] for feed_report in self.feeds.values()]
        assert self.right.get("rows", self.rows[feed].height) == self.rows[feed].height
        return self.rows[feed]

    def of(self, feed: str, key: str, value: str, column: str) -> object:
        named = self.rows[feed].filter(pl.col(key) == value)
        assert named.height == 1
        return named[column][0]


def _ado_tree(it: Loaded) -> None:
    it.only("issues")
    for column in ("original_estimate_hours", "time_spent_hours", "remaining_estimate_hours"):
        assert it.of("issues", "issue_key", "103", column) == it.right[f"issue 103 {column}"]
    assert it.of("issues", "issue_key", "104", "summary") == it.right["summary of 104"]
    assert it.of("issues", "issue_key", "103", "parent_key") == it.right["parent of 103"]
    # its severities have four levels, ours five: critical is our gravest
    assert [it.of("issues", "issue_key", key, "severity") for key in ("104", "106")] == ["fatal", "serious"]
    assert it.of("issues", "issue_key", "105", "status_category") == "cancelled"  # removed, so no defect


def _bugzilla(it: Loaded) -> None:
    """Every row is a defect, an enhancement is none; copies and what is as designed are told by their resolution."""
    rows = it.only("issues").sort("issue_key")
    assert rows.select("issue_type", "resolution").rows() == [
        ("defect", "fixed"),
        ("defect", None),
        ("defect", "duplicate"),
        ("requirement", "as_designed"),
    ]
    absent = next(feed for feed in it.feeds["issues"]["reasons"] if feed["code"] == "ingest.columns_absent")
    assert "resolved_at" in absent["details"]["columns"]


def _clickup(it: Loaded) -> None:
    rows = it.only("issues")
    spent = it.of("issues", "issue_key", "8abc1", "time_spent_hours")
    assert spent == pytest.approx(it.right["time_spent_hours of 8abc1"])
    assert (rows["status_category"] == "done").sum() == it.right["closed"]


def _lines(it: Loaded) -> None:
    assert it.only("coverage").select("lines_covered", "lines_valid").sum().row(0, named=True) == it.right


def _double_source(it: Loaded) -> None:
    """The second load says that all of its three rows are there already; a build counts them once (test_double_counted.py)."""
    told = [
        reason["details"] for reason in it.feeds["worklogs"]["reasons"] if reason["code"] == "ingest.double_counted"
    ]
    hours = it.right["hours of ALPHA in March 2026"]
    assert [(row["rows"], row["of"], float(row["amount"])) for row in told] == [(3, 3, hours)]


def _datev(it: Loaded) -> None:
    rows = it.only("ledger").sort("source_row")
    of_4900 = rows.filter(pl.col("account_code") == "4900")
    assert float(of_4900["debit"].sum() - of_4900["credit"].sum()) == it.right["sum of 4900"]
    assert [day.isoformat() for day in rows["booked_on"]] == it.right["booked_on"]


def _ganttproject(it: Loaded) -> None:
    it.only("schedule")
    assert it.of("schedule", "task_id", "1", "percent_complete") == it.right["percent_complete of 1"]
    assert it.of("schedule", "task_id", "1", "forecast_start").isoformat() == it.right["forecast_start of 1"]
    assert it.of("schedule", "task_id", "1", "predecessors").to_list() == ["0FS"]
    assert {feed["rule"] for feed in it.feeds["schedule"]["left_out"]} == {"second_table"}


def _gitlab(it: Loaded) -> None:
    it.only("issues")
    assert it.of("issues", "issue_key", "8", "created_at") == dt.datetime(2026, 3, 1, 18)
    assert it.of("issues", "issue_key", "7", "closed_at") == dt.datetime(2026, 3, 10, 9)
    assert it.of("issues", "issue_key", "7", "original_estimate_hours") == it.right["original_estimate_hours of 7"]
    assert it.of("issues", "issue_key", "7", "time_spent_hours") == it.right["time_spent_hours of 7"]


def _dash_headers(it: Loaded) -> None:
    rows = it.only("issues")
    for column in ("created_at", "resolved_at"):
        assert rows[column].count() == it.right[column]
    assert it.feeds["issues"]["totals"]["open"] == it.right["open"]


def _spanish_worklogs(it: Loaded) -> None:
    assert it.rows["issues"].height == it.right["issues"]
    assert it.rows["worklogs"].height == it.right["worklogs rows"]
    assert it.rows["worklogs"]["hours"].sum() == it.right["worklogs hours"]


def _worklog_report(it: Loaded) -> None:
    assert it.only("worklogs")["hours"].sum() == it.right["hours"]
    assert [feed["rule"] for feed in it.feeds["worklogs"]["left_out"]] == ["total_row"]


def _same_name(it: Loaded) -> None:
    """Every run is kept, and the report says how a build counts them: failed once is failed (unit tests of the fact)."""
    runs = it.only("test_results").group_by("case").agg(failed=(pl.col("outcome") == "failed").any())
    assert (runs.height, runs["failed"].sum()) == (it.right["tests"], it.right["failed"])
    reasons = {reason["code"]: reason["details"] for reason in it.feeds["test_results"]["reasons"]}
    assert reasons["ingest.repeated_cases"]["tests"] == it.right["tests"]


def _linear(it: Loaded) -> None:
    rows = it.only("issues")
    assert rows["created_at"].count() == it.right["created_at"]
    assert it.of("issues", "issue_key", "ALP-1", "resolved_at").date().isoformat() == it.right["resolved_at of ALP-1"]
    assert it.of("issues", "issue_key", "ALP-2", "status_category") == "cancelled"


def _members(it: Loaded) -> None:
    assert it.feeds and not it.rows  # refused, or asked


def _monday(it: Loaded) -> None:
    assert it.only("issues").height == it.right["rows"]


def _primavera(it: Loaded) -> None:
    rows = it.only("schedule")
    finished = rows.filter((pl.col("percent_complete") >= 1) | pl.col("actual_finish").is_not_null())
    assert finished["task_id"].to_list() == it.right["finished"]
    assert it.of("schedule", "task_id", "A-30", "predecessors").to_list() == it.right["links of A-30"]
    assert [feed["rule"] for feed in it.feeds["schedule"]["left_out"]] == ["second_header"]


def _redmine_issues(it: Loaded) -> None:
    rows = it.only("issues")
    assert it.feeds["issues"]["columns_mapped"][it.right["key column"]] == "issue_key"
    assert rows["time_spent_hours"].sum() == it.right["time_spent_hours total"]
    assert it.of("issues", "issue_key", "102", "parent_key") == it.right["parent of 102"]
    assert it.of("issues", "issue_key", "103", "status_category") == "cancelled"


def _redmine_time(it: Loaded) -> None:
    rows = it.only("worklogs")
    assert rows["hours"].sum() == it.right["hours"]
    assert rows["issue_key"].to_list() == it.right["issue_key"]


def _hours(it: Loaded) -> None:
    assert it.only("worklogs")["hours"].sum() == pytest.approx(it.right["hours"])


def _nunit(it: Loaded) -> None:
    counts = dict(it.only("test_results")["outcome"].value_counts().iter_rows())
    assert counts == {name: it.right[name] for name in ("passed", "failed", "skipped")}


def _with_some_not_run(it: Loaded) -> None:
    counts = dict(it.only("test_results")["outcome"].value_counts().iter_rows())
    assert counts == {"passed": it.right["passed"], "failed": it.right["failed"], "not_run": it.right["not run"]}


def _youtrack(it: Loaded) -> None:
    assert it.only("issues")["time_spent_hours"].to_list() == it.right["time_spent_hours"]


CASES: dict[str, Callable[[Loaded], None]] = {
    "ado-tree": _ado_tree,
    "bugzilla": _bugzilla,
    "clickup-tasks": _clickup,
    "cobertura-methods": _lines,
    "cobertura-nested": _lines,
    "datev": _datev,
    "double-source": _double_source,
    "ganttproject-csv": _ganttproject,
    "gitlab-issues": _gitlab,
    "jacoco-default-package": _lines,
    "jira-dash-headers": _dash_headers,
    "jira-es-worklog": _spanish_worklogs,
    "jira-html-xls": lambda it: it.only("issues"),
    "jira-worklog-report": _worklog_report,
    "junit-params-same-name": _same_name,
    "linear": _linear,
    "members-list": _members,
    "monday": _monday,
    "nunit3": _nunit,
    "p6-spreadsheet": _primavera,
    "redmine-issues": _redmine_issues,
    "redmine-time": _redmine_time,
    "start-end-z": _hours,
    "toggl-min": _hours,
    "trx": _with_some_not_run,
    "xray-csv": _with_some_not_run,
    "youtrack-en": _youtrack,
}


@pytest.fixture(scope="module")
def cases() -> Path:
    folder = Path(os.environ.get("PLIMSOLL_CASES") or REPOSITORY.parent / "shared" / "cases")
    if not folder.is_dir():
        pytest.skip("no cases here: set PLIMSOLL_CASES to a folder of them")
    return folder


def test_every_case_is_compared(cases: Path) -> None:
    assert {path.name for path in cases.iterdir() if path.is_dir()} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_case(cases: Path, data_dir: DataDir, name: str) -> None:
    expected = json.loads((cases / name / "expected.json").read_text())
    files = sorted(path for path in (cases / name).iterdir() if path.name != "expected.json")
    entries = load_paths(data_dir, files, LoadOptions(**expected.get("load_options", {})))
    landed = {entry["feed"]: landed_rows(data_dir, entry) for entry in entries if entry["status"] == "landed"}
    CASES[name](Loaded({entry["feed"]: entry for entry in entries}, landed, expected["right"]))
