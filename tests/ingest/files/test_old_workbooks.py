"""Workbooks of before 2007, and web pages with a table that were named like them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.ingest.files.read import read_table
from pipeline.ingest.files.source import ContentKind
from tests.ingest.exports import codes, landed_rows, load, written
from tests.ingest.files.old_workbooks import xls

SHEET = [
    ["日期", "工号", "项目编号", "工时"],
    [dt.date(2026, 3, 2), "p1", "YB", 7.5],
    [dt.date(2026, 3, 3), "p1", "YB", 8],
    ["合计", None, None, 15.5],
]


def test_an_old_workbook_is_read_like_a_new_one(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.xls", xls({"工时": SHEET, "草稿": SHEET}, hidden=("草稿",)))[0]
    rows = landed_rows(data_dir, entry).sort("source_row")
    assert rows.select("source_row", "work_date", "person", "project", "hours").rows() == [
        (2, dt.date(2026, 3, 2), "p1", "YB", 7.5),
        (3, dt.date(2026, 3, 3), "p1", "YB", 8.0),
    ]
    assert entry["sheet"] == "工时" and "ingest.hidden_sheets" in codes(entry)
    assert [(row["line"], row["rule"]) for row in entry["left_out"]] == [(4, "total_row")]


def test_an_old_workbook_that_is_cut_off_is_said_to_be_damaged(tmp_path: Path) -> None:
    source = written(tmp_path, "hours.xls", xls({"S": SHEET})[:3000])
    assert source.kind is ContentKind.XLS
    with pytest.raises(InputError) as caught:
        read_table(source)
    assert caught.value.code == "ingest.damaged_workbook"


@pytest.mark.parametrize("stream", ["WordDocument", "PowerPoint Document"])
def test_an_old_document_is_no_workbook(tmp_path: Path, stream: str) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024 + stream.encode("utf-16-le") + b"\0" * 100
    assert written(tmp_path, "plan.doc", content).kind is ContentKind.DOCUMENT


PAGE = """<html><head><style>td {color: red}</style><meta charset="UTF-8"></head><body><h1>Harbor</h1>
<table>
<tr><td colspan="4">Issues &amp; tasks</td></tr>
<tr><th>Key</th><th>Summary</th>
  <th>Status</th><th>Created</th></tr>
<tr><td><a href="https://harbor.example/HB-1">HB-1</a></td><td>Login<br>fails &lt;again&gt;<script>x()</script></td>
<td rowspan="2">Open</td><td>2026-03-02</td></tr>
<tr><td>HB-2</td><td><table><tr><td>inner</td></tr></table></td><td>2026-03-03
</table></body></html>"""


def test_a_page_is_read_as_a_spreadsheet_program_shows_it(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "issues.xls", PAGE))
    assert table.header == ("Key", "Summary", "Status", "Created") and table.header_line == 2
    assert [row.text for row in table.left_out] == ["Issues & tasks"]
    assert [row for chunk in table.chunks() for row in chunk.rows()] == [
        ("HB-1", "Login\nfails <again>", "Open", "2026-03-02", 3),
        ("HB-2", "inner", None, "2026-03-03", 4),  # what spans two rows stands in the first of them
    ]


def test_jiras_page_of_issues(data_dir: DataDir) -> None:
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><table id="issuetable">'
        '<tr><td colspan="6">Harbor Jira</td></tr>'
        '<tr><td colspan="6">Displaying 2 issues at 12/Mar/26 9:00 AM.</td></tr>'
        "<tr><th>Project</th><th>Key</th><th>Issue Type</th><th>Status</th><th>Resolution</th><th>Created</th></tr>"
        "<tr><td>Harbor</td><td>HB-1</td><td>Bug</td><td>Done</td><td>Fixed</td><td>27/Feb/26</td></tr>"
        "<tr><td>Harbor</td><td>HB-2</td><td>Task</td><td>Open</td><td>Unresolved</td><td>28/Feb/26</td></tr>"
        '<tr><td colspan="6">Generated at Thu Mar 12 09:00:00 UTC 2026 by Ada One using Jira 9.4.</td></tr>'
        "</table></body></html>"
    )
    entry = load(data_dir, "jira.xls", page)[0]
    rows = landed_rows(data_dir, entry).sort("issue_key")
    assert (entry["system"], entry["rows_accepted"]) == ("jira", 2)
    assert rows.select("issue_key", "issue_type", "status_category", "resolution", "source_row").rows() == [
        ("HB-1", "defect", "done", "fixed", 4),
        ("HB-2", "task", "to_do", None, 5),
    ]
    # 27 February begins at 16:00 of the day before in UTC, for the file's zone is Shanghai's, eight hours ahead
    assert rows["created_at"].to_list() == [dt.datetime(2026, 2, 26, 16), dt.datetime(2026, 2, 27, 16)]
    assert {row["rule"] for row in entry["left_out"]} == {"preamble", "footer"}


def test_a_page_in_a_code_page_is_read_as_it_declares(tmp_path: Path) -> None:
    page = '<html><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><table><tr><td>编号</td><td>标题</td>'
    page += "<td>状态</td></tr><tr><td>7</td><td>登录失败</td><td>激活</td></tr></table></html>"
    table = read_table(written(tmp_path, "bugs.xls", page.encode("gb18030")))
    assert next(table.chunks()).row(0) == ("7", "登录失败", "激活", 2)


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>Sign in</body></html>",
        "<html><table><tr><td>User name</td><td><input></td></tr><tr><td>Password</td><td></td></tr></table></html>",
    ],
)
def test_the_page_that_asks_to_sign_in_is_no_table(data_dir: DataDir, page: str) -> None:
    entry = load(data_dir, "issues.xls", page)[0]
    assert codes(entry) == ["ingest.html_page"]


def test_a_page_of_too_many_columns_is_refused(data_dir: DataDir) -> None:
    page = '<html><table><tr><td colspan="5000">Key</td></tr></table></html>'  # 4,096 are read at most
    assert codes(load(data_dir, "wide.xls", page)[0]) == ["ingest.page_too_large"]
