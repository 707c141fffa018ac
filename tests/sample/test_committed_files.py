"""data/sample holds what the generator writes."""

from __future__ import annotations

import io
import zipfile

import pytest

from pipeline.sample import SAMPLE_FOLDER
from pipeline.sample.export.write import sample_files, write_sample

THREE_MEGABYTES = 3_000_000


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return dict(sample_files())


def parts(content: bytes) -> dict[str, bytes] | bytes:
    """What a workbook holds, unpacked: how well it is packed depends on the machine's zlib."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_committed_files_are_what_the_generator_writes(made):
    committed = {
        path.relative_to(SAMPLE_FOLDER).as_posix(): path.read_bytes()
        for path in SAMPLE_FOLDER.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert sorted(committed) == sorted(made)
    for name, content in made.items():
        assert parts(content) == parts(committed[name]), (
            f"{name}: write the sample anew with pipeline.sample.export.write"
        )


def test_all_of_it_is_small():
    assert sum(path.stat().st_size for path in SAMPLE_FOLDER.rglob("*") if path.is_file()) < THREE_MEGABYTES


def test_writing_twice_gives_the_same_bytes(made, tmp_path):
    written = write_sample(tmp_path)
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in written} == made


def test_the_files_are_as_the_tools_write_them(made):
    assert made["issues/jira-YB.csv"].startswith(b"\xef\xbb\xbf")
    assert "下午" in made["issues/jira-YB.csv"].decode("utf-8-sig")
    assert made["issues/jira-EC.csv"].splitlines()[0].count(b"Log Work") > 2
    bugs = made["issues/zentao-bugs.csv"].decode("gb18030")
    assert "0000-00-00" in bugs and "影像存储(#31)" in bugs
    with pytest.raises(UnicodeDecodeError):
        made["issues/zentao-bugs.csv"].decode("utf-8")
    for name in ("hours/timesheet-P2025-001.xlsx", "money/yonyou-ledger.xlsx", "money/budget.xlsx"):
        assert zipfile.is_zipfile(io.BytesIO(made[name]))


def test_no_file_is_exactly_one_page_long(made):
    # a thousand rows is what a cut-off export looks like, and would be held
    for name, content in made.items():
        if name.endswith(".csv"):
            assert content.count(b"\r\n") - 1 != 1000, name
