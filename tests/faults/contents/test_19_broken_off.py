"""Fault 19: an upload broken off, a process killed in the middle of landing: nothing half-written counts, and the next load
sweeps what lies about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import batches
from tests.faults.contents.ingest_rule import hours_landed, leftovers, with_good_numbers
from tests.ingest.exports import TIMESHEET, load

REPOSITORY = Path(__file__).resolve().parents[3]
SECOND = "Date,Person,Project,Hours\n2026-04-01,p101,YB,8\n2026-04-02,p101,YB,8\n2026-04-03,p1,YB,99\n"
KILLED = """
import os, signal, sys
from pathlib import Path
from models.builds.data_dir import DataDir
from pipeline.store import control
from pipeline.ingest import load_bytes
from pipeline.ingest.landing import land as landing
from pipeline.ingest.landing import staging

die = lambda *_args, **_named: os.kill(os.getpid(), signal.SIGKILL)
place = sys.argv[2]
if place == "before rows are durable":
    staging.Staging.staged = die
elif place == "before the original is kept":
    landing.keep_original = die
elif place == "while the original is written":
    import shutil
    def half(source, target):
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        die()
    landing.shutil.copyfile = half
elif place == "after the rename, before the control store":
    landing.control.note = die
elif place == "between the two renames":
    real = os.replace
    def once(source, target):
        real(source, target)
        if str(target).endswith(".parquet"):
            die()
    landing.os.replace = once
load_bytes(DataDir(Path(sys.argv[1])), "second.csv", Path(sys.argv[3]).read_bytes())
"""
PLACES = (
    "before rows are durable",
    "before the original is kept",
    "while the original is written",
    "between the two renames",
    "after the rename, before the control store",
)


@pytest.mark.parametrize("place", PLACES)
def test_killed_in_the_middle_of_landing(data_dir: DataDir, tmp_path: Path, place: str) -> None:
    with_good_numbers(data_dir)
    (tmp_path / "second.csv").write_text(SECOND)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(data_dir.root), place, str(tmp_path / "second.csv")],
        cwd=REPOSITORY,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -9
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
    from pipeline.ingest.landing import land as landing

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
