"""Forms with days as columns, two header rows, approvals and attendance: what becomes a row, and what does not."""
# ruff: noqa: E501 (a row of a form stands on one line)

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.dialects.day_headers import dated_days, day_run, joined_days, period_in
from tests.ingest.exports import codes, landed_rows, load
from tests.ingest.feeds.test_timesheets import csv_of, workbook

pytestmark = pytest.mark.whole  # each form through all of ingest

DAYS = [str(day) for day in range(1, 32)]
# 1 March 2026 was a Sunday.
WEEKDAYS = ["日一二三四五六"[(day - 1) % 7] for day in range(1, 32)]


def month(**cells: object) -> list:
    """The 31 cells of a row; d2=8 fills the second."""
    return [cells.get(f"d{day}") for day in range(1, 32)]


MATRIX = [
    ["2026年3月项目工时表"],
    ["姓名", "工号", "项目编号", *DAYS, "合计"],
    [None, None, None, *WEEKDAYS, None],
    ["甲", "p1", "YB", *month(d2="8", d3="7.5", d31="4"), "19.5"],
    ["乙", "p2", "YB", *month(d2="8", d3="休", d4="1h 30m", d5="0"), "17"],
    ["合计", None, None, *month(d2="16", d3="7.5", d4="1.5", d31="4"), "29"],
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_month_of_days_as_columns(data_dir: DataDir, kind: str) -> None:
    entry = load(data_dir, f"march.{kind}", workbook(MATRIX) if kind == "xlsx" else csv_of(MATRIX))[0]
    rows = landed_rows(data_dir, entry).select("person", "project", "work_date", "hours").rows()
    assert rows == [
        ("p1", "YB", dt.date(2026, 3, 2), 8.0),
        ("p1", "YB", dt.date(2026, 3, 3), 7.5),
        ("p1", "YB", dt.date(2026, 3, 31), 4.0),
        ("p2", "YB", dt.date(2026, 3, 2), 8.0),
        ("p2", "YB", dt.date(2026, 3, 4), 1.5),
    ]
    assert (entry["feed"], entry["rows_accepted"], entry["rows_quarantined"]) == ("worklogs", 5, 0)
    assert [row["rule"] for row in entry["left_out"]] == ["preamble", "total_row", "second_header", "day_off"]
    differs = next(reason for reason in entry["reasons"] if reason["code"] == "ingest.row_sum_differs")
    assert (differs["details"]["line"], differs["details"]["stated"], differs["details"]["days"]) == (5, "17", "9.5")
    assert "ingest.days_as_columns" in codes(entry)


def test_days_without_a_month_are_asked_for(data_dir: DataDir) -> None:
    rows = MATRIX[1:]
    entry = load(data_dir, "sheet.csv", csv_of(rows))[0]
    assert (entry["status"], codes(entry)) == ("refused", ["ingest.month_unknown"])
    entry = load(data_dir, "工时 2026-03.csv", csv_of(rows))[0]  # the file's name says it
    assert entry["rows_accepted"] == 5
    entry = load(data_dir, "book.xlsx", workbook(rows, sheet="2026年3月"))[0]  # or the sheet's
    assert entry["rows_accepted"] == 5


def test_a_week_with_dates_as_headers(data_dir: DataDir) -> None:
    days = [dt.date(2026, 3, day) for day in range(2, 7)]
    rows = [
        ["Person", "Project", *days, "Total"],
        ["p1", "YB", 8, 7.5, None, 4, 2.5, 22],
        [None, "ZZ", None, None, 8, 4, None, 12],
    ]
    entry = load(data_dir, "week.xlsx", workbook(rows))[0]
    landed = landed_rows(data_dir, entry)
    assert landed.group_by("project").agg(hours=landed["hours"].sum()).height == 2
    assert landed["hours"].sum() == 34  # 22 and 12
    assert landed["person"].unique().to_list() == ["p1"]  # the cell of the name is merged over both rows
    assert entry["covers"]["from"] == "2026-03-02" and "ingest.row_sum_differs" not in codes(entry)


def test_a_month_in_a_column_of_its_own(data_dir: DataDir) -> None:
    rows = [
        ["姓名", "项目编号", "月份", *DAYS],
        ["甲", "YB", "2026-02", *month(d27="8", d28="8")],
        ["甲", "YB", "2026-03", *month(d2="4")],
        ["乙", "YB", "2026-02", *month(d2="4", d30="8")],
    ]
    entry = load(data_dir, "half-year.csv", csv_of(rows))[0]
    landed = landed_rows(data_dir, entry)
    assert landed["work_date"].to_list() == [
        dt.date(2026, 2, 27),
        dt.date(2026, 2, 28),
        dt.date(2026, 3, 2),
        dt.date(2026, 2, 2),
    ]
    assert entry["rows_quarantined"] == 1  # 30 February


def test_day_labor_by_days_under_two_header_rows(data_dir: DataDir) -> None:
    rows = [
        ["点工汇总表"],
        ["姓名", "供应商", "项目编号", "2026年3月", None, None, None, None, "合计(人天)"],
        [None, None, None, 1, 2, 3, 4, 5, None],
        ["丙", "A", "YB", None, "√", 0.5, None, 1, 2.5],
        ["丁", "A", "YB", None, 1, None, None, None, 1],
    ]
    entry = load(data_dir, "slips.xlsx", workbook(rows))[0]
    landed = landed_rows(data_dir, entry)
    assert landed.select("person", "work_date", "hours").rows() == [
        ("丙", dt.date(2026, 3, 2), 8.0), ("丙", dt.date(2026, 3, 3), 4.0), ("丙", dt.date(2026, 3, 5), 8.0), ("丁", dt.date(2026, 3, 2), 8.0),
    ]  # fmt: skip
    assert entry["units"]["hours"] == {"unit": "days", "from": "header"}
    assert "ingest.ticks_as_days" in codes(entry) and "ingest.row_sum_differs" not in codes(entry)


APPROVALS = [
    ["审批数据导出"],
    ["导出时间:2026-04-01 09:00"],
    ["审批编号", "标题", "审批状态", "审批结果", "发起时间", "完成时间", "发起人工号", "发起人姓名", "发起人部门", "历史审批人姓名", "审批记录", "工时明细", None, None, None],
    [None] * 11 + ["工作日期", "项目名称", "工时", "工作内容"],
    ["1001", "甲的工时", "完成", "同意", "2026-03-02 18:00", "2026-03-02 19:00", "p1", "甲", "研发", "戊", "", "2026-03-02", "YB", "8", "开发"],
    [None] * 11 + ["2026-03-03", "YB", "7.5", "开发"],
    ["1002", "乙的工时", "审批中", "", "2026-03-02 18:00", "", "p2", "乙", "研发", "", "", "2026-03-02", "YB", "6", "测试"],
    ["1003", "丙的工时", "完成", "拒绝", "2026-03-02 18:00", "2026-03-02 19:00", "p3", "丙", "研发", "戊", "", "2026-03-02", "YB", "8", "测试"],
    [None] * 11 + ["2026-03-03", "YB", "8", "测试"],
    ["1004", "丁的工时", "撤销", "", "2026-03-02 18:00", "", "p4", "丁", "研发", "", "", "2026-03-02", "YB", "8", "测试"],
]  # fmt: skip


def test_approvals_of_dingtalk(data_dir: DataDir) -> None:
    entry = load(data_dir, "dingtalk.xlsx", workbook(APPROVALS))[0]
    landed = landed_rows(data_dir, entry)
    assert (entry["feed"], entry["system"]) == ("worklogs", "dingtalk")
    assert landed.select("source_id", "person", "work_date", "hours", "approved").rows() == [
        ("1001", "p1", dt.date(2026, 3, 2), 8.0, True),
        ("1001-2", "p1", dt.date(2026, 3, 3), 7.5, True),  # the second line of the form
        ("1002", "p2", dt.date(2026, 3, 2), 6.0, False),  # still under way
    ]
    refused = [row["line"] for row in entry["left_out"] if row["rule"] == "refused"]
    assert refused == [8, 9, 10] and "ingest.refused_left_out" in codes(entry)


def test_approvals_of_feishu(data_dir: DataDir) -> None:
    header = [
        "申请编号",
        "审批状态",
        "发起人",
        "发起人部门",
        "发起时间",
        "完成时间",
        "工作日期",
        "项目名称",
        "工时(h)",
        "工作内容",
    ]
    states = ["已通过", "审批中", "已拒绝", "已撤回"]
    rows = [
        [f"A{n}", state, "甲", "研发", "2026-03-02 18:00", "", f"2026-03-0{n + 2}", "YB", "8", ""]
        for n, state in enumerate(states)
    ]
    entry = load(data_dir, "feishu.csv", csv_of([header, *rows]))[0]
    landed = landed_rows(data_dir, entry)
    assert (entry["system"], landed["approved"].to_list()) == ("feishu", [True, False])
    assert sum(row["rule"] == "refused" for row in entry["left_out"]) == 2


DAILY = [
    ["每日统计 统计日期:2026-03-01 至 2026-03-31"],
    ["报表生成时间:2026-04-01 09:00"],
    ["姓名", "考勤组", "部门", "工号", "日期", "班次", "上班1打卡时间", "上班1打卡结果", "下班1打卡时间", "下班1打卡结果", "关联的审批单", "工作时长(分钟)", "加班总时长", "工作日加班", "休息日加班", "节假日加班"],
    ["甲", "A组", "研发", "p1", "26-03-02 星期一", "白班", "08:58", "正常", "18:05", "正常", "", "486", "", "", "", ""],
    ["甲", "A组", "研发", "p1", "26-03-07 星期六", "休息", "09:00", "正常", "12:00", "正常", "加班", "180", "3", "", "3", ""],
    ["乙", "A组", "研发", "", "2026-03-02", "白班", "", "缺卡", "", "缺卡", "", "", "", "", "", ""],
]  # fmt: skip


def test_attendance_by_day(data_dir: DataDir) -> None:
    entry = load(data_dir, "daily.xlsx", workbook(DAILY))[0]
    assert (entry["feed"], entry["system"]) == ("attendance", "dingtalk")
    rows = landed_rows(data_dir, entry).select(
        "person", "work_date", "present_hours", "overtime_hours", "overtime_kind", "department"
    )
    assert rows.rows() == [
        ("p1", dt.date(2026, 3, 2), 8.1, None, None, "研发"),  # 486 minutes
        ("p1", dt.date(2026, 3, 7), 3.0, 3.0, "rest_day", "研发"),
        ("乙", dt.date(2026, 3, 2), None, None, None, "研发"),  # no number: the name stands in
    ]
    assert entry["units"]["present_hours"] == {"unit": "minutes", "from": "header"}


def test_a_month_of_attendance(data_dir: DataDir) -> None:
    # As the tool prints it: Saturdays and Sundays by their names, the other days by number.
    days = [WEEKDAYS[day - 1] if WEEKDAYS[day - 1] in "六日" else str(day) for day in range(1, 32)]
    words = ["休息" if WEEKDAYS[day - 1] in "六日" else "正常" for day in range(1, 32)]
    head = [
        "姓名",
        "考勤组",
        "部门",
        "工号",
        "职位",
        "UserId",
        "出勤天数",
        "休息天数",
        "工作时长(分钟)",
        "迟到次数",
        "加班总时长",
        "考勤结果",
    ]
    rows = [
        ["月度汇总 统计日期:2026-03-01 至 2026-03-31"],
        ["报表生成时间:2026-04-01 09:00"],
        head + [None] * 30,
        [None] * 11 + days,
        ["甲", "A组", "研发", "p1", "", "u1", "22", "9", "10560", "0", "3", *words],
        ["乙", "A组", "研发", "p2", "", "u2", "22", "9", "10560", "0", "0", *words[:2], "08:58\n18:04", *words[3:]],
    ]
    entry = load(data_dir, "monthly.xlsx", workbook(rows))[0]
    landed = landed_rows(data_dir, entry)
    assert entry["feed"] == "attendance" and landed.height == 62  # two people, 31 days
    filled = landed.filter(landed["present_hours"].is_not_null()).select("person", "work_date", "present_hours").rows()
    assert filled == [("p2", dt.date(2026, 3, 3), pytest.approx(9.1))]  # from 8:58 to 18:04; words say no hours
    assert landed["overtime_hours"].null_count() == 62  # a month's total is no day's
    assert {"ingest.words_of_presence", "ingest.days_as_columns"} <= set(codes(entry))


PRESENCE = [
    [["姓名", "工号", "部门", "日期", "班次名称", "应出勤时长(小时)", "实际出勤时长(小时)"], ["甲", "p1", "研发", "2026-03-02", "白班", "8", "7.5"]],
    [["工号", "日期", "上班时间", "下班时间", "迟到"], ["p1", "2026-03-02", "09:00", "16:30", ""]],
    [["Employee ID", "Date", "Clock in", "Clock out"], ["p1", "2026-03-02", "09:00", "16:30"]],
    [["2026年3月考勤表"], ["姓名", *DAYS], ["p1", *month(d2="7.5")]],
    [["person", "work_date", "present_hours"], ["p1", "2026-03-02", "7.5"]],
]  # fmt: skip
WORK = [
    [["日期", "姓名", "项目", "工时"], ["2026-03-02", "p1", "YB", "7.5"]],
    [
        ["工号", "日期", "项目编号", "上班时间", "下班时间", "工作内容"],
        ["p1", "2026-03-02", "YB", "09:00", "16:30", "x"],
    ],
    [["2026年3月工时表"], ["姓名", *DAYS], ["p1", *month(d2="7.5")]],
    [["person", "work_date", "hours"], ["p1", "2026-03-02", "7.5"]],
]


@pytest.mark.parametrize(
    ("rows", "feed"), [(rows, "attendance") for rows in PRESENCE] + [(rows, "worklogs") for rows in WORK]
)
def test_presence_is_never_taken_for_work_nor_work_for_presence(data_dir: DataDir, rows: list, feed: str) -> None:
    entry = load(data_dir, "table.csv", csv_of(rows))[0]
    landed = landed_rows(data_dir, entry)
    assert entry["feed"] == feed
    column = "hours" if feed == "worklogs" else "present_hours"
    assert landed.select("person", "work_date", column).rows() == [("p1", dt.date(2026, 3, 2), 7.5)]


def test_attendance_is_refused_where_worklogs_are_asked_for(data_dir: DataDir) -> None:
    entry = load(data_dir, "daily.xlsx", workbook(DAILY), feed="worklogs")[0]
    assert entry["status"] == "refused"


@pytest.mark.parametrize(
    ("names", "title", "first", "last", "count"),
    [
        (DAYS, "2026年2月", (2026, 2, 1), (2026, 2, 28), 28),  # the form has 31 columns in every month
        ([*map(str, range(26, 32)), *map(str, range(1, 26))], "2026-02-26 至 2026-03-25", (2026, 2, 26), (2026, 3, 25), 28),
        (["3/2", "3/3", "3/4", "3/5", "3/6"], "2026年3月", (2026, 3, 2), (2026, 3, 6), 5),
        (["2/3", "3/3", "4/3", "5/3", "6/3"], "March 2026", (2026, 3, 2), (2026, 3, 6), 5),  # the day first
        (["12/29/25", "12/30/25", "12/31/25", "1/1/26", "1/2/26"], "", (2025, 12, 29), (2026, 1, 2), 5),
        (["Mon 2", "Tue 3", "Wed 4", "Thu 5", "Fri 6"], "Timesheet March 2026", (2026, 3, 2), (2026, 3, 6), 5),
        (["周一", "周二", "周三", "周四", "周五", "周六", "周日"], "2026-03-02 至 2026-03-08", (2026, 3, 2), (2026, 3, 8), 7),
        (["3月2日(一)", "3月3日(二)", "3月4日(三)", "3月5日(四)", "3月6日(五)"], "2026-03", (2026, 3, 2), (2026, 3, 6), 5),
        (["2-Mar-26", "3-Mar-26", "4-Mar-26", "5-Mar-26", "6-Mar-26"], "", (2026, 3, 2), (2026, 3, 6), 5),
    ],
)  # fmt: skip
def test_names_of_days(names: list[str], title: str, first: tuple, last: tuple, count: int) -> None:
    dates = dated_days(day_run(["Name", *names]), period_in([title]))
    assert (min(dates.values()), max(dates.values()), len(dates)) == (dt.date(*first), dt.date(*last), count)
    assert min(dates) == 1


def test_numbers_that_are_no_days() -> None:
    assert day_run(["Name", "1", "2", "3", "Total"]) == {}
    assert day_run(["项目编号", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]) == {}  # months of a budget
    assert day_run(["Q1", "Q2", "Q3", "Q4", "10", "7", "3", "9", "20"]) == {}
    assert (
        joined_days(["姓名", "项目", "", "", "", "", ""], ["甲", "YB", "1", "2", "3", "4", "5"]) is None
    )  # a row of data


def test_groups_that_only_hold_columns_together(data_dir: DataDir) -> None:
    rows = [
        ["工时汇总表"],
        ["统计周期:2026-03-01~2026-03-31"],
        ["序号", "姓名", "部门", "项目信息", None, "工时", None, "备注"],
        [None, None, None, "项目编号", "项目名称", "日期", "工时", None],
        [1, "甲", "研发", "YB", "一期", "2026-03-02", 8, ""],
        [2, "乙", "研发", "", "二期", "2026-03-02", 7.5, ""],
        ["合计", None, None, None, None, None, 15.5, None],
    ]
    landed = landed_rows(data_dir, load(data_dir, "sheet.xlsx", workbook(rows))[0])
    assert landed.select("person", "project", "hours").rows() == [("甲", "YB", 8.0), ("乙", "二期", 7.5)]


@pytest.mark.parametrize(
    ("header", "day", "hours", "activity"),
    [
        ("Projekt;Mitarbeiter;Datum;Stunden;Tätigkeit", "13.03.2026", "1,5", "Entwicklung"),
        ("Proyecto;Empleado;Fecha;Horas;Actividad", "13/03/2026", "1,5", "Desarrollo"),
        ("Projeto;Colaborador;Data;Horas;Atividade", "13/03/2026", "1,5", "Desenvolvimento"),
        ("Projet;Collaborateur;Jour;Heures;Activité", "13/03/2026", "1,5", "Développement"),
        ("Проект;Сотрудник;Дата;Часы;Вид работ", "13.03.2026", "1,5", "Разработка"),
        ("Nazwa projektu;Pracownik;Dzień;Godziny;Czynność", "13.03.2026", "1,5", "Programowanie"),
        ("プロジェクト;担当者;日付;工数;作業区分", "2026/03/13", "1.5", "開発"),
    ],
)
def test_a_plain_form_is_read_in_other_languages(data_dir, header, day, hours, activity):
    content = f"{header}\nYB;p1;{day};{hours};{activity}\nYB;p2;{day};8;{activity}\n"
    entry = load(data_dir, "hours.csv", content)[0]
    assert entry["status"] == "landed", entry["reasons"]
    assert landed_rows(data_dir, entry).select("project", "person", "hours", "activity").rows() == [
        ("YB", "p1", 1.5, "development"),
        ("YB", "p2", 8.0, "development"),
    ]
