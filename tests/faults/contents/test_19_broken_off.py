"""Fault 19: an upload broken off, a process killed in the middle of landing: nothing half-written counts, and the next load
sweeps what lies about."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import batches, load_bytes
from pipeline.ingest.landing import land as landing
from pipeline.ingest.landing import staging
from tests.faults.contents.ingest_rule import hours_landed, leftovers, with_good_numbers
from tests.forked import ended, forked
from tests.ingest.exports import TIMESHEET, load

SECOND = "Date,Person,Project,Hours\n2026-04-01,p101,YB,8\n2026-04-02,p101,YB,8\n2026-04-03,p1,YB,99\n"
PLACES = (
    "before rows are durable",
    "before the original is kept",
    "while the original is written",
    "between the two renames",
    "after the rename, before the control store",
)


def load_until_killed(root: Path, place: str, export: Path) -> None:
    """The second file, in a process of its own that dies at that place."""

    def die(*_args: object, **_named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def half(source: Path, target: Path) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        die()

    def once(source: Path, target: Path, replace: Callable = os.replace) -> None:
        replace(source, target)
        if str(target).endswith(".parquet"):
            die()

    owner, name, instead = {
        "before rows are durable": (staging.Staging, "staged", die),
        "before the original is kept": (landing, "keep_original", die),
        "while the original is written": (landing.shutil, "copyfile", half),
        "between the two renames": (landing.os, "replace", once),
        "after the rename, before the control store": (landing.control, "note", die),
    }[place]
    setattr(owner, name, instead)
    load_bytes(DataDir(root), "second.csv", export.read_bytes())


@pytest.mark.parametrize("place", PLACES)
def test_killed_in_the_middle_of_landing(data_dir: DataDir, tmp_path: Path, place: str) -> None:
    with_good_numbers(data_dir)
    (tmp_path / "second.csv").write_text(SECOND)
    assert ended(forked(load_until_killed, data_dir.root, place, tmp_path / "second.csv")) == -signal.SIGKILL
    assert len(batches(data_dir)) == 1 and hours_landed(data_dir) == 19.5  # the good numbers, and nothing else

    entry = load(data_dir, "second.csv", SECOND)[0]  # handed in again
    assert (entry["status"], entry["rows_accepted"], entry["rows_quarantined"]) == ("landed", 2, 1)
    assert hours_landed(data_dir) == 35.5  # 19.5 + 8 + 8
    landed = {path.stem for path in (data_dir.landing / "worklogs").glob("*.parquet")}
    assert landed == {batch.batch_id for batch in batches(data_dir)}  # what the killed one renamed is swept
    assert leftovers(data_dir) == [] and list((data_dir.landing / "originals").glob(".*")) == []


def test_an_upload_that_broke_off_is_not_taken_for_a_whole_file(data_dir: DataDir) -> None:
    """Cut in the middle of a row: that row is held back with its text, the others are whole."""
    entry = load(data_dir, "cut.csv", TIMESHEET[: TIMESHEET.rindex(",YB")])[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 1)


def test_a_full_disk_is_named_and_leaves_nothing(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    with_good_numbers(data_dir)

    def full(*_args: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(landing.control, "note", full)
    entry = load(data_dir, "second.csv", SECOND)[0]
    assert entry["status"] == "refused" and entry["reasons"][0]["code"] == "ingest.storage"
    assert "No space left on device" in entry["reasons"][0]["message"]
    monkeypatch.undo()
    assert len(batches(data_dir)) == 1 and hours_landed(data_dir) == 19.5
    files = list((data_dir.landing / "worklogs").glob("*.parquet"))
    assert len(files) == 1 and pl.read_parquet(files[0]).height == 3
