"""Exported text is never a formula, and a negative number stays a number."""

import polars as pl
import pytest

from ui.exporting import csv_bytes


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|x", "'+cmd|x"),
        ("-2+3", "'-2+3"),
        ("-5", "-5"),
        ("+1234.50", "+1234.50"),
        ("-76.2 %", "-76.2 %"),
        ("接口=1", "接口=1"),
    ],
)
def test_formulas_are_neutral(cell, written):
    lines = csv_bytes(pl.DataFrame({"x": [cell]})).decode("utf-8-sig").splitlines()
    assert lines == ["x", written]


def test_lists_are_joined_and_a_byte_order_mark_stands_first():
    exported = csv_bytes(pl.DataFrame({"labels": [["=a", "b"]], "n": [3]}))
    assert exported.startswith(b"\xef\xbb\xbf")
    assert exported.decode("utf-8-sig").splitlines() == ["labels,n", "'=a; b,3"]
