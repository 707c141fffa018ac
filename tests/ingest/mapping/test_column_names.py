"""A file of unknown columns can be mapped by hand: its names are read as they stand in it."""

from pipeline.ingest.column_names import column_names


def test_names_are_read_in_any_encoding_and_each_once():
    assert column_names("工程,类,日,钱,类\nP1,a,2026-06-30,100,b\n".encode("gb18030")) == ["工程", "类", "日", "钱"]


def test_what_is_no_table_has_no_names():
    assert column_names(b"") == []
    assert column_names(b"<!DOCTYPE html><html><body>Sign in</body></html>") == []
