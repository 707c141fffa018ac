"""Fault 2: a login page, JSON or a PDF named .csv: refused by content, never read as a table of zero rows."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from tests.faults.contents.ingest_rule import assert_refused_by_the_rule

LOGIN = b"<!DOCTYPE html>\n<html><head><title>Sign in, please</title></head><body>a,b\n1,2</body></html>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LOGIN, "ingest.html_page"),
        (b"\r\n\r\n  " + LOGIN.lower(), "ingest.html_page"),
        (b'{"errorMessages":["Login required"],"errors":{}}', "ingest.error_answer"),
        (b'{"rows": [1, 2, 3]}', "ingest.unknown_json"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "ingest.pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "ingest.image"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(1, 32)) * 20, "ingest.binary"),
    ],
)
def test_refused_by_content(data_dir: DataDir, content: bytes, code: str) -> None:
    assert_refused_by_the_rule(data_dir, "export.csv", content, code)
