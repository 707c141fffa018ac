"""Exports that nobody on this project wrote; skipped with a plain message where they are not at hand.

The expected numbers are those that the exports' own projects publish, or that were counted apart with other means.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import LoadOptions, batches, quarantined
from tests.ingest.exports import codes, landed_rows, load_bytes, load_paths

pytestmark = pytest.mark.whole  # files through all of ingest


def load_real(data_dir: DataDir, path: Path) -> dict[str, dict]:
    return {entry["feed"]: entry for entry in load_paths(data_dir, [path], LoadOptions())}


def test_jira_rest_folder_and_zip(data_dir: DataDir, real_exports: Path) -> None:
    folder = real_exports / "issues" / "jira-rest-MOD"
    entry = load_real(data_dir, folder)["issues"]
    assert (entry["rows_read"], entry["rows_accepted"]) == (367, 367)  # 368 files, one describes the project
    assert [row["text"] for row in entry["left_out"]] == ["project.json"]
    rows = landed_rows(data_dir, entry)
    # Counted over the raw JSON: 163 of type Bug; Open 75 and Reopened 1; In Review 11, In Progress 2, In QE Test 2; 276 others
    assert rows.filter(pl.col("issue_type") == "defect").height == 163
    counts = dict(rows["status_category"].value_counts().iter_rows())
    assert counts == {"done": 276, "to_do": 76, "in_progress": 15}
    assert rows["assignee"].null_count() == 367 - 305 and rows["resolved_at"].null_count() == 367 - 272
    assert rows["source_row"].to_list() == list(range(1, 368))

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.rglob("*.json"):
            archive.write(path, Path("jira-rest-MOD") / path.relative_to(folder))
    again = load_bytes(data_dir, "MOD.zip", packed.getvalue())[0]
    assert (again["status"], again["batch_id"]) == ("unchanged", entry["batch_id"])
    assert batches(data_dir)[0].is_full_snapshot == 1


def test_jira_cloud_issue_with_its_changelog(data_dir: DataDir, real_exports: Path) -> None:
    feeds = load_real(data_dir, real_exports / "issues" / "jira-rest-with-changelog-SP-10.json")
    issue = landed_rows(data_dir, feeds["issues"]).row(0, named=True)
    assert issue["started_at"].isoformat(timespec="seconds") == "2021-08-29T18:06:55"  # into In Progress, in UTC
    assert issue["reopened_count"] == 0 and issue["status_category"] == "done"
    assert feeds["issue_changes"]["rows_accepted"] == 12  # eleven histories, one of two items


@pytest.mark.parametrize("name", ["disabled", "junit.fail", "junit.gloo.standalone", "latex-utensils"])
def test_junit_totals_are_those_its_project_expects(data_dir: DataDir, real_exports: Path, name: str) -> None:
    entry = load_real(data_dir, real_exports / "junit" / f"{name}.xml")["test_results"]
    rows = landed_rows(data_dir, entry)
    expected = json.loads((real_exports / "junit" / f"{name}.results.json").read_text())["stats"]
    distinct = rows.unique(["suite", "case"])
    assert distinct.height == expected["tests"]
    assert rows.height == {"latex-utensils": 109}.get(name, expected["tests"])
    for outcome, key in (("passed", "succ"), ("skipped", "skip"), ("failed", "fail"), ("error", "error")):
        assert distinct.filter(pl.col("outcome") == outcome).height == expected[f"tests_{key}"], outcome


@pytest.mark.parametrize(
    ("name", "code"), [("corrupt-xml.xml", "ingest.broken_xml"), ("non-junit.xml", "ingest.unknown_xml")]
)
def test_junit_that_is_none_is_refused(data_dir: DataDir, real_exports: Path, name: str, code: str) -> None:
    entry = load_paths(data_dir, [real_exports / "junit" / name])[0]
    assert entry["status"] == "refused" and codes(entry) == [code]


@pytest.mark.parametrize(
    ("name", "covered", "valid"),
    [
        ("Cobertura.xml", 75, 108),
        ("Cobertura_coverlet.xml", 156, 255),
        ("JaCoCo0.8.3.xml", 26, 38),  # LINE counters of two packages: 26 of 35 and 0 of 3
        ("lcov.info", 124, 199),
    ],
)
def test_coverage(data_dir: DataDir, real_exports: Path, name: str, covered: int, valid: int) -> None:
    rows = landed_rows(data_dir, load_real(data_dir, real_exports / "coverage" / name)["coverage"])
    assert (rows["lines_covered"].sum(), rows["lines_valid"].sum()) == (covered, valid)


def test_clockify_month(data_dir: DataDir, real_exports: Path) -> None:
    entry = load_real(data_dir, real_exports / "timesheets" / "clockify-month.csv")["worklogs"]
    assert entry["rows_accepted"] == 99
    assert landed_rows(data_dir, entry)["hours"].sum() == pytest.approx(77.55083, abs=5e-6)  # 279,183 s ÷ 3,600


def test_finished_before_created_is_flagged(data_dir: DataDir, real_exports: Path) -> None:
    entry = load_real(data_dir, real_exports / "issues" / "jira-anonymised-rueedlinger.csv")["issues"]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (4123, 0)
    flagged = next(reason for reason in entry["reasons"] if reason["code"] == "ingest.finished_first")
    assert flagged["details"]["rows"] == 1662


def test_story_points_alone_say_what_is_missing(data_dir: DataDir, real_exports: Path) -> None:
    entry = load_real(data_dir, real_exports / "issues" / "story-points-jirasoftware.csv")["issues"]
    assert entry["rows_accepted"] == 352
    missing = next(reason for reason in entry["reasons"] if reason["code"] == "ingest.columns_absent")
    assert "status" in missing["message"] and "created_at" in missing["message"]
    assert landed_rows(data_dir, entry)["story_points"].null_count() == 0


def test_a_change_history_is_no_list_of_issues(data_dir: DataDir, real_exports: Path) -> None:
    entry = load_real(data_dir, real_exports / "issues" / "jira-change-history-aea.csv")["issue_changes"]
    assert (entry["rows_read"], entry["rows_duplicate"], entry["rows_accepted"]) == (20061, 755, 19306)
    assert landed_rows(data_dir, entry)["issue_key"].n_unique() == 543
    assert quarantined(data_dir).is_empty()
