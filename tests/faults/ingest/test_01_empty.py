"""Fault 1: an empty file, or a header and nothing else: named; nothing changes."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from tests.faults.contents.ingest_rule import assert_refused_by_the_rule


@pytest.mark.parametrize("content", [b"", b"   \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_empty_file(data_dir: DataDir, content: bytes) -> None:
    assert_refused_by_the_rule(data_dir, "empty.csv", content, "ingest.empty_file")


@pytest.mark.parametrize(
    "content", [b"Date,Person,Project,Hours\n", b"Date,Person,Project,Hours", b"Date,Person,Project,Hours\n\n"]
)
def test_header_only(data_dir: DataDir, content: bytes) -> None:
    entry = assert_refused_by_the_rule(data_dir, "filtered.csv", content, "ingest.header_only")
    assert entry["reasons"][0]["details"]["line"] == 1
