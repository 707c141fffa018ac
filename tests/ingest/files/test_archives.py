"""Folders, archives and hostile names: what is taken as one export, and what is never used as a path."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import LoadOptions, batches
from pipeline.ingest.files.source import shown_name
from tests.ingest.exports import TIMESHEET, as_json, codes, jira_issue, landed_rows, load, load_bytes, load_paths


def json_folder(folder: Path) -> Path:
    for key in ("YB-1", "YB-2", "YB-10"):
        path = folder / "yb" / key[:4] / f"{key}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_json(jira_issue(key)))
    (folder / "yb" / "project.json").write_bytes(as_json({"key": "YB", "issueTypes": []}))
    return folder / "yb"


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_folder_of_issues_and_a_zip_of_it_are_the_same_export(data_dir: DataDir, tmp_path: Path) -> None:
    folder = json_folder(tmp_path)
    entry = load_paths(data_dir, [folder])[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["status"]) == (3, 3, "landed")
    assert batches(data_dir)[0].is_full_snapshot == 1 and batches(data_dir)[0].snapshot_scope == "project=YB"
    members = {f"yb/{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*.json")}
    again = load_bytes(data_dir, "yb.zip", zipped(members))[0]
    assert (again["status"], again["batch_id"]) == ("unchanged", entry["batch_id"])
    assert landed_rows(data_dir, entry)["source_row"].to_list() == [1, 2, 3]


def test_a_mixed_folder_is_walked_and_reports_take_their_folders_name(data_dir: DataDir, tmp_path: Path) -> None:
    (tmp_path / "in" / "P7").mkdir(parents=True)
    (tmp_path / "in" / "hours.csv").write_text(TIMESHEET)
    (tmp_path / "in" / "readme.md").write_text("not an export")
    (tmp_path / "in" / ".hidden.csv").write_text(TIMESHEET)
    (tmp_path / "in" / "P7" / "junit.xml").write_text(
        "<testsuite name='a' timestamp='2026-03-01T10:00:00'><testcase name='b'/></testsuite>"
    )
    (tmp_path / "in" / "P7" / "issue.json").write_bytes(as_json(jira_issue("YB-1")))
    entries = {entry["feed"]: entry for entry in load_paths(data_dir, [tmp_path / "in"])}
    assert set(entries) == {"worklogs", "test_results", "issues"}
    assert landed_rows(data_dir, entries["test_results"])["project"].to_list() == ["P7"]
    assert landed_rows(data_dir, entries["issues"])["project"].to_list() == ["YB"]


def test_each_member_of_an_archive_is_a_file(data_dir: DataDir) -> None:
    content = zipped({"a/hours.csv": TIMESHEET.encode(), "a/bad.csv": b"<html></html>"})
    entries = {entry["file"]: entry["status"] for entry in load_bytes(data_dir, "all.zip", content)}
    assert entries == {"hours.csv": "landed", "bad.csv": "refused"}


@pytest.mark.parametrize(
    "name",
    ["../../escape.csv", "/etc/cron.d/x.csv", "a" * 300 + ".csv", "=cmd()|x.csv", "\u202egnp.csv", "结算 表.csv"],
)
def test_names_are_never_paths(data_dir: DataDir, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.rglob("*") if "data" not in path.relative_to(tmp_path).parts}
    entry = load(data_dir, name, TIMESHEET)[0]
    assert entry["status"] == "landed" and entry["file"] == shown_name(name)
    members = load_bytes(data_dir, "names.zip", zipped({name: TIMESHEET.encode() + b"2026-03-09,p1,YB,1\n"}))
    assert members[0]["status"] == "landed"
    assert {path for path in tmp_path.rglob("*") if "data" not in path.relative_to(tmp_path).parts} == before
    inside = [path.name for path in data_dir.root.rglob("*") if path.is_file()]
    assert not any("escape" in member or "cmd" in member or "结算" in member for member in inside)


def test_an_archive_bomb_is_refused(data_dir: DataDir) -> None:
    entry = load_bytes(data_dir, "bomb.zip", zipped({"x.csv": b"0" * (200 << 20)}))[0]
    assert entry["status"] == "refused" and codes(entry) == ["ingest.archive_too_large"]


def test_a_damaged_archive_is_refused(data_dir: DataDir) -> None:
    content = zipped({"x.csv": TIMESHEET.encode()})
    entry = load_bytes(data_dir, "cut.zip", content[: len(content) // 2])[0]
    assert entry["status"] == "refused" and "cut.zip" in entry["reasons"][0]["message"]


def test_missing_and_empty_paths_are_named(data_dir: DataDir, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    entries = load_paths(data_dir, [tmp_path / "nothing", tmp_path / "gone.csv"], LoadOptions())
    assert [codes(entry) for entry in entries] == [["ingest.empty_folder"], ["ingest.unreadable_file"]]


def test_a_dry_run_leaves_no_trace(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.csv", TIMESHEET, dry_run=True)[0]
    assert entry["status"] == "landed" and entry["batch_id"] is None and entry["rows_accepted"] == 3
    refused = load(data_dir, "bad.csv", "<html>", dry_run=True)[0]
    assert refused["status"] == "refused"
    assert batches(data_dir) == []
    assert [path for path in data_dir.root.rglob("*") if path.is_file()] == []
