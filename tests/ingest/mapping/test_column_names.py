"""A file of unknown columns can be mapped by hand: its names are read as they stand in it."""

from models.builds.data_dir import DataDir
from pipeline.ingest.column_names import column_names


def test_names_are_read_in_any_encoding_and_each_once(data_dir: DataDir):
    assert column_names(data_dir, "工程,类,日,钱,类\nP1,a,2026-06-30,100,b\n".encode("gb18030")) == [
        "工程",
        "类",
        "日",
        "钱",
    ]


def test_what_is_no_table_has_no_names(data_dir: DataDir):
    assert column_names(data_dir, b"") == []
    assert column_names(data_dir, b"<!DOCTYPE html><html><body>Sign in</body></html>") == []


def test_headers_of_tools_of_ones_own_are_found_below_a_title(data_dir: DataDir) -> None:
    """Both rows are words side by side; only that a tool is known to print the second tells which one names the columns."""
    content = b"Quay,North\nBerth,Cargo\nHB-1,Payment fails\n"
    assert column_names(data_dir, content) == ["Quay", "North"]
    data_dir.dialects.mkdir()
    tool = """\
names: {en: Harbor}
key_style: project_and_number
tables:
  - feed: issues
    marks: [Berth, Cargo]
    headers: {en: {issue_key: [Berth], summary: [Cargo]}}
"""
    (data_dir.dialects / "harbor.yml").write_text(tool, encoding="utf-8")
    assert column_names(data_dir, content) == ["Berth", "Cargo"]
