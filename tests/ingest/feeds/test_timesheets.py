"""Timesheets of the tools in use: which tool it is, what maps to what, and sums worked out by hand."""
# ruff: noqa: E501 (a row of an export stands on one line)

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter

from models.builds.data_dir import DataDir
from pipeline.ingest import LoadOptions
from tests.ingest.exports import codes, landed_rows, load, load_paths

pytestmark = pytest.mark.whole  # each tool and form through all of ingest


def workbook(rows: list[list], sheet: str = "Sheet1", merged: tuple = ()) -> bytes:
    """A workbook of one sheet; dates and times of day as Excel stores them."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "[h]:mm:ss"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    page.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, dt.timedelta):
                    page.write_datetime(number, column, cell, clock)
                elif cell is not None:
                    page.write(number, column, cell)
        for first_row, first_column, last_row, last_column in merged:
            page.merge_range(first_row, first_column, last_row, last_column, rows[first_row][first_column])
    return buffer.getvalue()


def csv_of(rows: list[list]) -> str:
    return "".join(",".join("" if cell is None else f'"{cell}"' for cell in row) + "\n" for row in rows)


TEMPO = [
    ["Issue Key", "Issue summary", "Hours", "Work date", "Username", "Full name", "Period", "Account Key", "Account Name", "Activity Name", "Component", "All Components", "Version Name", "Issue Type", "Issue Status", "Project Key", "Project Name", "Epic", "Work Description", "Parent Key", "Billed Hours", "Issue Original Estimate"],
    ["YB-17", "Pay", "7.5", "2026-03-02 09:00", "p101", "Ann Example", "0326", "ACC", "Account", "Development", "pay", "pay", "", "Task", "Open", "YB", "Yibin", "", "coding", "", "6", "40"],
    ["YB-18", "Ship", "1.25", "2026-03-03 09:00", "p102", "Bob Example", "0326", "ACC", "Account", "Testing", "", "", "", "Task", "Open", "YB", "Yibin", "", "tests", "", "1.25", "8"],
]  # fmt: skip
CLOCKIFY_DETAILED = [
    ["Project", "Client", "Description", "Task", "User", "Group", "Email", "Tags", "Billable", "Start Date", "Start Time", "End Date", "End Time", "Duration (h)", "Duration (decimal)", "Billable Rate (USD)", "Billable Amount (USD)", "Date of creation"],
    ["YB", "Acme", "coding", "dev", "p101", "", "a@example.com", "", "Yes", "02/03/2026", "09:00:00", "02/03/2026", "10:40:00", "01:40:00", "1.67", "0.00", "0.00", "13/03/2026"],
    ["YB", "Acme", "tests", "test", "p102", "", "b@example.com", "", "No", "13/03/2026", "09:00:00", "13/03/2026", "09:20:00", "00:20:00", "0.33", "0.00", "0.00", "13/03/2026"],
]  # fmt: skip
TOGGL_DETAILED = [
    ["User", "Email", "Client", "Project", "Task", "Description", "Billable", "Start date", "Start time", "End date", "End time", "Duration", "Tags", "Amount ()"],
    ["p101", "a@example.com", "Acme", "YB", "", "coding", "No", "2026-03-02", "09:00:00", "2026-03-02", "11:15:36", "02:15:36", "", ""],
    ["p101", "a@example.com", "Acme", "YB", "", "coding", "No", "2026-03-03", "23:00:00", "2026-03-04", "00:44:24", "01:44:24", "", ""],
]  # fmt: skip
TOGGL_NEW = [
    ["Description", "Billable", "Duration", "Member", "Email", "Project", "Tags", "Start date", "Start time", "Stop date", "Stop time"],
    ["coding", "No", "2:15:36", "p101", "a@example.com", "YB", "", "2026-03-02", "09:00:00", "2026-03-02", "11:15:36"],
    ["coding", "No", "1:44:24", "p101", "a@example.com", "YB", "", "2026-03-03", "23:00:00", "2026-03-04", "00:44:24"],
]  # fmt: skip
HARVEST = [
    ["Date", "Client", "Project", "Project Code", "Task", "Notes", "Hours", "Hours Rounded", "Billable?", "Invoiced?", "Approved?", "First Name", "Last Name", "Roles", "Employee?", "Billable Rate", "Billable Amount", "Cost Rate", "Cost Amount", "Currency", "External Reference URL"],
    ["2026-03-02", "Acme", "Yibin", "YB", "Design", "layout", "1.20", "1.25", "Yes", "No", "Yes", "Ada", "Sample", "", "Yes", "100", "125", "0", "0", "Euro - EUR", ""],
    ["2026-03-03", "Acme", "Yibin", "YB", "Design", "layout", "3.5", "3.5", "Yes", "No", "No", "Ben", "Sample", "", "Yes", "100", "350", "0", "0", "Euro - EUR", ""],
]  # fmt: skip
KIMAI = [
    ["Date", "Begin", "End", "Duration", "Currency", "Internal price", "Total price", "Username", "Name", "Customer", "Project", "Activity", "Description", "Billable", "Tags", "Hourly rate", "Fixed rate", "Exported", "Project number"],
    ["2026-03-02", "09:00", "12:30", "3:30", "EUR", "0", "0", "p101", "", "Acme", "Yibin", "Development", "coding", "1", "", "0", "0", "0", "YB"],
    ["2026-03-03", "13:00", "13:45", "0:45", "EUR", "0", "0", "p102", "", "Acme", "Yibin", "Testing", "tests", "1", "", "0", "0", "0", "YB"],
]  # fmt: skip
JIRA_SECONDS = [
    ["Issue Key", "Summary", "Project Key", "Worklog ID", "Worklog Author", "Worklog Started", "Time Spent", "Σ Time Spent", "Worklog Comment"],
    ["YB-17", "Pay", "YB", "9001", "p101", "2026-03-02 09:00", "5400", "12600", "coding"],
    ["YB-17", "Pay", "YB", "9002", "p102", "2026-03-03 09:00", "7200", "12600", ""],
    ["YB-18", "Ship", "YB", "9003", "p101", "2026-03-03 14:00", "900", "900", ""],
]  # fmt: skip
JIRA_WRITTEN = [
    ["Project", "Issue Key", "Summary", "User", "Date", "Time Spent", "Comment"],
    ["YB", "YB-17", "Pay", "p101", "2026-03-02", "1h 30m", "coding"],
    ["YB", "YB-17", "Pay", "p102", "2026-03-03", "1d 4h", "all day"],
    ["Total", "", "", "", "", "1d 5h 30m", ""],
]  # fmt: skip
ZENTAO = [
    ["编号", "日期", "登记人", "工作内容", "耗时", "剩余", "对象", "所属产品", "所属项目", "所属执行"],
    ["1", "2026-03-02", "p101", "接口", "3.5", "4", "接口开发(#12)", "", "一期(#3)", "迭代一(#5)"],
    ["2", "2026-03-03", "p102", "测试", "2", "0", "接口开发(#12)", "", "一期(#3)", "迭代一(#5)"],
]  # fmt: skip
TAPD = [
    ["花费日期", "花费人", "花费工时", "剩余工时", "花费描述", "对象类型", "标题", "所属项目"],
    ["2026-03-02", "p101;", "6", "2", "开发", "需求", "支付", "YB"],
    ["2026-03-03", "p102;", "1.5", "0", "测试", "缺陷", "漏单", "YB"],
]  # fmt: skip
PINGCODE = [
    ["日期", "成员", "工作项编号", "工作项标题", "所属项目", "工作类别", "登记工时(小时)", "描述"],
    ["2026-03-02", "p101", "YB-17", "支付", "YB", "研发", "4", ""],
    ["2026-03-03", "p102", "YB-18", "发货", "YB", "测试", "2.5", ""],
]  # fmt: skip
YUNXIAO = [
    ["工作项编号", "标题", "所属项目", "登记人", "实际工时", "工作类型", "开始时间", "结束时间", "描述"],
    ["YB-17", "支付", "YB", "p101", "4", "开发", "2026-03-02 09:00", "2026-03-02 18:00", ""],
    ["YB-18", "发货", "YB", "p102", "2.5", "测试", "2026-03-03 09:00", "2026-03-03 18:00", ""],
]  # fmt: skip
CODEARTS = [
    ["工作项编号", "标题", "所属项目", "处理人", "日期", "工时(人天)", "工时类型", "描述"],
    ["YB-17", "支付", "YB", "p101", "2026-03-02", "1", "后端开发", ""],
    ["YB-18", "发货", "YB", "p102", "2026-03-03", "0.5", "测试验证", ""],
]  # fmt: skip
ONES = [
    ["工作项编号", "标题", "所属项目", "工时登记人", "工时登记时间", "登记工时", "工时描述"],
    ["YB-17", "支付", "YB", "p101", "2026-03-02 18:00", "4", ""],
    ["YB-18", "发货", "YB", "p102", "2026-03-03 18:00", "2.5", ""],
]  # fmt: skip
PLAIN_ENGLISH = [
    ["Date", "Employee", "Project", "Task", "Hours", "Description"],
    ["2026-03-02", "p101", "YB", "Development", "8", "coding"],
    ["2026-03-03", "p102", "YB", "Testing", "2.75", "tests"],
    ["Total", "", "", "", "10.75", ""],
]
PLAIN_CHINESE = [
    ["日期", "姓名", "工号", "项目编号", "项目名称", "工作内容", "工时(小时)", "审批状态"],
    ["2026-03-02", "甲", "p101", "YB", "一期", "开发", "8", "已通过"],
    ["2026-03-03", "乙", "p102", "YB", "一期", "测试", "2.75", "审批中"],
    ["合计", "", "", "", "", "", "10.75", ""],
]
SLIPS = [
    ["日期", "姓名", "供应商", "项目编号", "WBS编码", "工作内容", "人天", "单价", "金额", "签单号", "现场负责人"],
    ["2026-03-02", "p901", "Supplier A", "YB", "1.10", "布线", "1", "600", "600", "Q-001", "p1"],
    ["2026-03-03", "p901", "Supplier A", "YB", "1.10", "布线", "0.5", "600", "300", "Q-002", "p1"],
]

# tool, rows, hours by hand, the first row's person and project, the unit and where it was found
TOOLS = [
    ("tempo", TEMPO, 7.5 + 1.25, ("p101", "YB"), ("hours", "header")),
    ("clockify", CLOCKIFY_DETAILED, 2.0, ("p101", "YB"), ("hours", "header")),  # 1:40 and 0:20, and not 1.67 + 0.33
    ("toggl", TOGGL_DETAILED, 4.0, ("p101", "YB"), ("hours", "values")),  # 2:15:36 and 1:44:24
    ("toggl", TOGGL_NEW, 4.0, ("p101", "YB"), ("hours", "values")),
    ("harvest", HARVEST, 4.7, ("Ada Sample", "YB"), ("hours", "header")),  # 1.20 and 3.5; not the rounded 1.25
    ("kimai", KIMAI, 4.25, ("p101", "YB"), ("hours", "values")),  # 3:30 and 0:45
    ("jira", JIRA_SECONDS, 3.75, ("p101", "YB"), ("seconds", "values")),  # 5,400 + 7,200 + 900 s = 13,500 s
    ("jira", JIRA_WRITTEN, 13.5, ("p101", "YB"), ("hours", "values")),  # 1.5 and 8 + 4
    ("zentao", ZENTAO, 5.5, ("p101", "一期"), ("hours", "tool")),
    ("tapd", TAPD, 7.5, ("p101", "YB"), ("hours", "tool")),
    ("pingcode", PINGCODE, 6.5, ("p101", "YB"), ("hours", "header")),
    ("yunxiao", YUNXIAO, 6.5, ("p101", "YB"), ("hours", "header")),
    ("codearts", CODEARTS, 12.0, ("p101", "YB"), ("days", "header")),  # 1 and 0.5 person-days of 8 hours
    ("ones", ONES, 6.5, ("p101", "YB"), ("hours", "tool")),
    ("generic", PLAIN_ENGLISH, 10.75, ("p101", "YB"), ("hours", "header")),
    ("generic", PLAIN_CHINESE, 10.75, ("p101", "YB"), ("hours", "header")),
    ("generic", SLIPS, 12.0, ("p901", "YB"), ("days", "header")),
]


@pytest.mark.parametrize(("tool", "rows", "total", "first", "unit"), TOOLS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_timesheet_of_each_tool(  # noqa: PLR0917 (the columns of the table above)
    data_dir: DataDir, kind: str, tool: str, rows: list[list], total: float, first: tuple, unit: tuple
) -> None:
    content = workbook(rows) if kind == "xlsx" else csv_of(rows)
    entry = load(data_dir, f"hours.{kind}", content, date_order="dmy")[0]
    landed = landed_rows(data_dir, entry)
    assert (entry["feed"], entry["system"]) == ("worklogs", tool)
    assert landed["hours"].sum() == pytest.approx(total)
    assert landed.select("person", "project").row(0) == first
    assert landed["work_date"].to_list()[0] == dt.date(2026, 3, 2)
    assert entry["units"]["hours"] == {"unit": unit[0], "from": unit[1]}
    totals = sum(row[0] in ("Total", "合计") for row in rows)
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (len(rows) - 1 - totals, 0)
    assert [skipped["rule"] for skipped in entry["left_out"]] == ["total_row"] * totals


def test_durations_of_a_workbook_are_read_to_the_second(data_dir: DataDir) -> None:
    rows = [
        ["User", "Project", "Description", "Start date", "Start time", "End date", "End time", "Duration"],
        ["p101", "YB", "coding", dt.date(2026, 3, 2), None, None, None, dt.timedelta(hours=2, minutes=15, seconds=36)],
        ["p101", "YB", "coding", dt.date(2026, 3, 3), None, None, None, dt.timedelta(hours=1, minutes=44, seconds=24)],
    ]
    entry = load(data_dir, "toggl.xlsx", workbook(rows))[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == pytest.approx([2.26, 1.74])  # 8,136 s and 6,264 s


def test_both_columns_of_clockify_agree_and_the_exact_one_counts(data_dir: DataDir, real_exports: Path) -> None:
    entry = load_paths(data_dir, [real_exports / "timesheets" / "clockify-month.csv"], LoadOptions())[0]
    assert landed_rows(data_dir, entry)["hours"].sum() == pytest.approx(77.55083, abs=5e-6)  # not 77.5505
    said = next(reason for reason in entry["reasons"] if reason["code"] == "ingest.exact_of_two")
    assert said["details"] == {"used": "Time (h)", "other": "Time (decimal)"}
    assert "ingest.columns_absent" in codes(entry)  # nobody is named in it


@pytest.mark.parametrize(
    ("name", "rows", "code"),
    [
        ("clockify", [["Project", "Client", "Description", "Time (h)", "Time (decimal)", "Amount (USD)"], ["YB", "Acme", "x", "12:30:00", "12.50", "0"]], "ingest.summary_of_tool"),
        ("toggl", [["Project", "Client", "Title", "Duration", "Billable", "Amount (USD)"], ["YB", "Acme", "x", "12:30:00", "No", "0"]], "ingest.summary_of_tool"),
        ("form", [["项目编号", "姓名", "工时"], ["YB", "甲", "120"]], "ingest.hours_without_a_day"),
    ],
)  # fmt: skip
def test_a_summary_without_days_is_refused_with_the_report_to_take(
    data_dir: DataDir, name: str, rows: list, code: str
) -> None:
    entry = load(data_dir, f"{name}.csv", csv_of(rows))[0]
    assert (entry["status"], codes(entry)) == ("refused", [code])


def test_first_and_last_name_stand_in_where_no_number_is_given(data_dir: DataDir) -> None:
    rows = [[*HARVEST[0], "Employee Id"], [*HARVEST[1], "p7"], [*HARVEST[2], ""]]
    landed = landed_rows(data_dir, load(data_dir, "harvest.csv", csv_of(rows))[0])
    assert landed["person"].to_list() == ["p7", "Ben Sample"]
    assert landed["approved"].to_list() == [True, False]


def test_a_total_repeated_per_issue_is_not_taken_for_hours(data_dir: DataDir) -> None:
    header = ["Issue Key", "Worklog Author", "Worklog Started", "Time Spent", "Worklog Time Spent (h)"]
    rows = [
        ["YB-1", "p1", "2026-03-02", "3", "1"], ["YB-1", "p2", "2026-03-03", "3", "2"],
        ["YB-2", "p1", "2026-03-02", "5", "4"], ["YB-2", "p2", "2026-03-03", "5", "1"],
        ["YB-3", "p1", "2026-03-02", "7", "3.5"], ["YB-3", "p2", "2026-03-03", "7", "3.5"],
    ]  # fmt: skip
    entry = load(data_dir, "worklogs.csv", csv_of([header, *rows]))[0]
    assert landed_rows(data_dir, entry)["hours"].sum() == pytest.approx(15)  # 3 + 5 + 7, and not 30
    # With nothing but the totals the file waits for a person.
    alone = [[cell for place, cell in enumerate(row) if place != 4] for row in [header, *rows]]
    entry = load(data_dir, "totals.csv", csv_of(alone))[0]
    assert entry["status"] == "held" and "ingest.only_totals" in codes(entry)


def test_sums_of_people_between_the_rows_are_left_out(data_dir: DataDir) -> None:
    rows = [
        ["姓名", "项目", "日期", "工时", "工作内容"],
        ["甲", "YB", "2026-03-02", "8", "合计表整理"],
        ["甲", "YB", "2026-03-03", "7", ""],
        ["甲 小计", "", "", "15", ""],
        ["乙", "YB", "2026-03-02", "4", ""],
        ["Total for 乙", "", "", "4", ""],
        ["", "总计", "", "19", ""],
    ]
    entry = load(data_dir, "sheet.csv", csv_of(rows))[0]
    assert landed_rows(data_dir, entry)["hours"].sum() == 19
    assert sorted((row["line"], row["rule"]) for row in entry["left_out"]) == [(4, "total_row"), (6, "total_row"), (7, "total_row")]  # fmt: skip
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (3, 0)


def test_hours_from_start_and_end_over_midnight_and_less_the_break(data_dir: DataDir) -> None:
    rows = [
        ["Date", "Name", "Project", "Start", "End", "Break (minutes)"],
        ["2026-03-02", "p1", "YB", "09:00", "17:30", "30"],
        ["2026-03-02", "p2", "YB", "22:00", "06:00", ""],
        ["2026-03-03", "p2", "YB", "9:15 AM", "1:00 PM", ""],
        ["2026-03-03", "p3", "YB", "09:00", "", ""],
    ]
    entry = load(data_dir, "clock.csv", csv_of(rows))[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == pytest.approx([8.0, 8.0, 3.75])
    assert (entry["rows_quarantined"], "ingest.hours_from_clock" in codes(entry)) == (1, True)


def test_hours_between_two_moments(data_dir: DataDir) -> None:
    rows = [
        ["姓名", "项目编号", "工作内容", "开始时间", "结束时间"],
        ["p1", "YB", "割接", "2026-03-02 20:00", "2026-03-03 02:30"],
        ["p1", "YB", "值守", "2026-03-04 09:00", "2026-03-04 09:45"],
    ]
    landed = landed_rows(data_dir, load(data_dir, "moments.csv", csv_of(rows))[0])
    assert landed.select("work_date", "hours").rows() == [(dt.date(2026, 3, 2), 6.5), (dt.date(2026, 3, 4), 0.75)]


@pytest.mark.parametrize(
    "rows",
    [
        HARVEST,
        PLAIN_CHINESE,
        [["Date", "Name", "Project", "Start", "End"], ["2026-03-02", "p1", "YB", "09:00", "17:30"]],
        [["Timesheet 2026-03"], ["Name", "Project", *map(str, range(1, 32))], ["p1", "YB", "8", "7.5", *[""] * 29]],
    ],
)
def test_a_mapping_taken_from_a_report_reads_the_same_rows(data_dir: DataDir, rows: list[list]) -> None:
    """A saved profile is the mapping of a report: what several columns make together is found anew."""
    first = load(data_dir, "once.csv", csv_of(rows))[0]
    again = load(data_dir, "again.csv", csv_of(rows) + "\n", mapping=first["columns_mapped"])[0]
    assert again["columns_mapped"] == first["columns_mapped"]
    assert landed_rows(data_dir, again).drop("batch_id").equals(landed_rows(data_dir, first).drop("batch_id"))
