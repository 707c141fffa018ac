"""The watched folder: only complete files are taken, and each goes where its fate can be seen."""

from __future__ import annotations

import os
import time
from pathlib import Path

from models.builds.data_dir import DataDir
from pipeline.ingest import batches
from pipeline.ingest.inbox import pick_up
from tests.ingest.exports import TIMESHEET, landed_rows


def lay(data_dir: DataDir, name: str, content: str, seconds_ago: float = 60) -> Path:
    path = data_dir.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


def test_loaded_files_are_moved_and_sub_folders_name_the_project(data_dir: DataDir) -> None:
    lay(data_dir, "P7/hours.csv", TIMESHEET.replace("Project,", "").replace("YB,", ""))
    entry = pick_up(data_dir)[0]
    assert entry.status == "landed" and landed_rows(data_dir, entry.model_dump())["project"].unique().to_list() == [
        "P7"
    ]
    assert (data_dir.inbox / ".done" / "P7" / "hours.csv").exists() and not (
        data_dir.inbox / "P7" / "hours.csv"
    ).exists()
    assert batches(data_dir)[0].landed_by == "inbox"
    assert pick_up(data_dir) == []


def test_refused_files_lie_beside_their_reason(data_dir: DataDir) -> None:
    lay(data_dir, "page.csv", "<html><body>Sign in</body></html>")
    assert pick_up(data_dir)[0].status == "refused"
    reason = (data_dir.inbox / ".refused" / "page.csv.reason.txt").read_text(encoding="utf-8")
    assert "page.csv" in reason and "web page" in reason


def test_unfinished_files_are_left_alone(data_dir: DataDir) -> None:
    lay(data_dir, "a.csv.part", TIMESHEET)
    lay(data_dir, "b.tmp", TIMESHEET)
    lay(data_dir, ".c.csv", TIMESHEET)
    growing = lay(data_dir, "d.csv", TIMESHEET, seconds_ago=0)

    def still_written(_seconds: float) -> None:
        growing.write_text(TIMESHEET + "2026-03-09,p1,YB,1\n", encoding="utf-8")

    assert pick_up(data_dir, wait=still_written) == []
    assert sorted(path.name for path in data_dir.inbox.iterdir()) == [".c.csv", "a.csv.part", "b.tmp", "d.csv"]


def test_two_files_of_one_name_are_both_kept(data_dir: DataDir) -> None:
    lay(data_dir, "hours.csv", TIMESHEET)
    pick_up(data_dir)
    lay(data_dir, "hours.csv", TIMESHEET + "2026-03-09,p1,YB,1\n")
    pick_up(data_dir)
    assert sorted(path.name for path in (data_dir.inbox / ".done").iterdir()) == ["hours (2).csv", "hours.csv"]
