"""Fault 20: names of files that climb, run, turn the writing around, or fit on no line.

Inside, a file has a name of ours; outside, its own is shown spelled out and bounded, whichever way it came in.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import LoadOptions, batches
from pipeline.ingest.files.source import shown_name
from pipeline.ingest.inbox import pick_up
from tests.commands import ran
from tests.faults.contents.ingest_rule import audit_lines, leftovers
from tests.ingest.exports import TIMESHEET, load, load_bytes, load_paths

NAMES = {
    "climbing": "../../escape.csv",
    "absolute": "/etc/cron.d/escape.csv",
    "windows": "..\\..\\escape.csv",
    "long": "长" * 300 + ".csv",
    "formula": "=cmd()|' -C calc'!A0.csv",
    "turned": "invoice\u202egnp.csv",
    "invisible": "a\u200bb\ufeff.csv",
    "nul": "a\0b.csv",
    "terminal": "\x1b[2J\x1b]0;owned\x07.csv",
    "lines": "a\nb\r.csv",
    "device": "CON",
    "markup": "<script>alert(1)</script>![x](https://evil.example/x.png).csv",
    "no utf-8": "\udcff\udcfe.csv",
    "dots": "..",
}
ON_DISK = [kind for kind in NAMES if kind not in ("climbing", "absolute", "windows", "nul", "dots", "long", "markup")]


def _files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


def _assert_nothing_strange_inside(data_dir: DataDir) -> None:
    """Below the landing every name is one of ours: letters, digits and a few marks."""
    inside = [path.name for folder in (data_dir.landing, data_dir.root / "logs") for path in folder.rglob("*")]
    assert inside
    assert [name for name in inside if not re.fullmatch(r"[A-Za-z0-9_.-]+", name)] == []


def _is_plain(text: str) -> bool:
    return text.isprintable() and len(text) <= 160


@pytest.mark.parametrize("kind", NAMES)
def test_by_upload(data_dir: DataDir, tmp_path: Path, kind: str) -> None:
    outside = _files(tmp_path) - _files(data_dir.root)
    entry = load(data_dir, NAMES[kind], TIMESHEET)[0]
    assert entry["status"] == "landed"
    assert entry["file"] == shown_name(NAMES[kind]) and _is_plain(entry["file"])
    assert batches(data_dir)[0].file_name == entry["file"]
    json.dumps(entry).encode()
    refused = load(data_dir, NAMES[kind], "<html>")[0]
    assert refused["status"] == "refused" and _is_plain(refused["reasons"][0]["details"]["file"])
    assert audit_lines(data_dir, "refuse")[0]["subject"] == entry["file"]
    _assert_nothing_strange_inside(data_dir)
    assert leftovers(data_dir) == []
    assert {path for path in _files(tmp_path) if not path.startswith("data")} == {
        path for path in outside if not path.startswith("data")
    }


@pytest.mark.parametrize("kind", [kind for kind in NAMES if kind not in ("dots", "no utf-8")])
def test_as_a_member_of_an_archive(data_dir: DataDir, tmp_path: Path, kind: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(NAMES[kind], TIMESHEET)
        archive.writestr("plain.csv", TIMESHEET + "2026-03-09,p1,YB,1\n")
    entries = load_bytes(data_dir, "all.zip", stream.getvalue())
    assert [entry["status"] for entry in entries] == ["landed", "landed"]
    assert all(_is_plain(entry["file"]) for entry in entries)
    _assert_nothing_strange_inside(data_dir)
    assert not any("escape" in path for path in _files(tmp_path))


@pytest.mark.parametrize("kind", ON_DISK)
def test_by_path_and_by_the_watched_folder(data_dir: DataDir, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / NAMES[kind]).write_text(TIMESHEET)
    entry = load_paths(data_dir, [folder / NAMES[kind]], LoadOptions(dry_run=True))[0]
    assert entry["status"] == "landed" and _is_plain(entry["file"])
    data_dir.inbox.mkdir(exist_ok=True)
    os.replace(folder / NAMES[kind], data_dir.inbox / NAMES[kind])
    assert [report.status for report in pick_up(data_dir, wait=lambda seconds: None)] == ["landed"]
    assert [path.name for path in (data_dir.inbox / ".done").iterdir()] == [NAMES[kind]]
    _assert_nothing_strange_inside(data_dir)


def test_a_refused_file_whose_name_leaves_no_room_for_its_reason(data_dir: DataDir) -> None:
    data_dir.inbox.mkdir(exist_ok=True)
    name = "长" * 83 + ".csv"  # 253 bytes of the 255 that a file system allows
    (data_dir.inbox / name).write_text("<html>")
    assert [report.status for report in pick_up(data_dir, wait=lambda seconds: None)] == ["refused"]
    kept = sorted(path.name for path in (data_dir.inbox / ".refused").iterdir())
    assert len(kept) == 2 and kept[1] == kept[0] + ".reason.txt" and kept[0].endswith(".csv")


def test_a_path_that_no_file_can_have(data_dir: DataDir) -> None:
    entries = load_paths(data_dir, [Path("a\0b.csv"), Path("x" * 5000)])
    assert [entry["reasons"][0]["code"] for entry in entries] == ["ingest.unreadable_file", "ingest.unreadable_file"]


def test_on_the_command_line_nothing_moves_the_cursor(data_dir: DataDir, tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31mred[bold]\u202e.csv"
    path.write_text(TIMESHEET + "2026-13-45,\x1b]0;owned\x07,YB,8\n")
    said = ran("load", str(path), data_dir=data_dir)
    assert "\x1b" not in said.stdout + said.stderr and "\u202e" not in said.stdout
    assert r"\x1b[31mred[bold]\u202e.csv" in said.stdout
    said = ran("quarantine", data_dir=data_dir)
    assert "\x1b" not in said.stdout and r"\x1b[31mred" in said.stdout
    told = ran("quarantine", "--json", data_dir=data_dir)
    assert "\x1b]0;owned\x07" in json.loads(told.stdout)["rows"][0]["raw"]  # as it stands in the file
