"""Exports: what a spreadsheet would run is made text, what is a number stays one."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from ui.kpis.tables import head_word
from ui.shell.tables import neutral_csv


def lines(frame: pl.DataFrame) -> list[str]:
    content = neutral_csv(frame)
    assert content.startswith(b"\xef\xbb\xbf")
    return content[3:].decode("utf-8").splitlines()


@pytest.mark.parametrize(
    ("text", "exported"),
    [
        ('=HYPERLINK("http://example.org")', '"\'=HYPERLINK(""http://example.org"")"'),
        ("=cmd()", "'=cmd()"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30 1234 ext", "'+49 30 1234 ext"),
        ("-rm", "'-rm"),
        (" =1+1", "' =1+1"),
        ("＝1+1", "'＝1+1"),
        ("-5", "-5"),
        ("+5.25", "+5.25"),
        ("-1,234.50", '"-1,234.50"'),
        ("普通文字", "普通文字"),
        ("<script>", "<script>"),
    ],
)
def test_text_that_would_run_gets_an_apostrophe(text, exported):
    assert lines(pl.DataFrame({"what": [text]})) == ["what", exported]


def test_numbers_dates_and_nulls_stay_what_they_are():
    frame = pl.DataFrame({"amount": [-5.5, None], "on": [dt.date(2026, 11, 22), None], "text": ["a", None]})
    assert lines(frame) == ["amount,on,text", "-5.5,2026-11-22,a", ",,"]


def test_lists_become_text_and_are_neutral_too():
    assert lines(pl.DataFrame({"sprints": [["=a", "b"]]})) == ["sprints", "'=a; b"]


def test_heads_from_files_are_neutral_and_an_empty_frame_has_its_heads():
    assert lines(pl.DataFrame({"=1+1": ["x"]})) == ["'=1+1", "x"]
    assert lines(pl.DataFrame({"a": [], "b": []})) == ["a,b"]


def test_a_narrow_head_is_the_abbreviation_alone():
    assert head_word("成本绩效指数 (CPI)") == "CPI"
    assert head_word("行覆盖率") == "行覆盖率"
