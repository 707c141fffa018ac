"""In which unit hours are written, how each spelling reads, and what is said of it."""
# ruff: noqa: E501 (spellings stand side by side)

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.values.amounts import hours_of
from tests.ingest.exports import codes, landed_rows, load
from tests.ingest.feeds.test_timesheets import csv_of

pytestmark = pytest.mark.whole  # each spelling through all of ingest

# A day has 8 hours, a week 5 days, a person-month 21.75 days of 8 hours: 174.
SPELLINGS = [
    ("7.5", 7.5), ("7,5", None), ("0.25", 0.25), ("8h", 8.0), ("8 h", 8.0), ("1h 30m", 1.5), ("1h30m", 1.5), ("1h30", 1.5), ("1.5h", 1.5),
    ("1,5h", 1.5), ("90m", 1.5), ("90 min", 1.5), ("45 min.", 0.75), ("5400s", 1.5), ("30 sec", 30 / 3600), ("1d", 8.0), ("1d 4h", 12.0),
    ("1w 2d", 56.0), ("2 周 3 天 4 小时", 108.0), ("2 周, 2 天, 30 分", 96.5), ("1天4小时", 12.0), ("半天", 4.0), ("半小时", 0.5), ("8小时30分钟", 8.5),
    ("2人天", 16.0), ("0.5 人日", 4.0), ("1人月", 174.0), ("3工日", 24.0), ("00:38:20", 2300 / 3600), ("1:30", 1.5), ("8:30 h", 8.5), ("26:15", 26.25),
    ("120:00:00", 120.0), ("PT8H30M", 8.5), ("PT90M", 1.5), ("-0:30", -0.5), ("-1h 30m", -1.5), ("1 Std. 30 Min.", 1.5), ("2 horas", 2.0),
    ("1 heure 30 minutes", 1.5), ("1 ч 30 мин", 1.5), ("8 godz", 8.0), ("1 時間 30 分", 1.5), ("８：３０", 8.5), ("1 day 2 hours", 10.0),
    ("", None), ("abc", None), ("8x", None), ("1:75", None), ("NaN", None), ("h", None), ("1h x", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "hours"), SPELLINGS)
def test_every_spelling_of_a_duration(text: str, hours: float | None) -> None:
    assert hours_of(text, False) == (None if hours is None else pytest.approx(hours))


def _sheet(header: str, *values: str, **more: tuple) -> str:
    """A form with one row per value, one person and day each."""
    names = ["Date", "Person", "Project", header, *more]
    rows = [
        [f"2026-03-{1 + place % 28:02}", f"p{place}", "YB", value, *(column[place] for column in more.values())]
        for place, value in enumerate(values)
    ]
    return csv_of([names, *rows])


# header, values, total in hours by hand, unit, where it was found, what is said beside it
COLUMNS = [
    ("Hours", ("8", "7.5", "4"), 19.5, "hours", "header", None),
    ("工时", ("8", "7.5", "4"), 19.5, "hours", "header", None),
    ("Duration", ("8", "7.5", "4"), 19.5, "hours", "values", "ingest.unit_from_values"),
    ("Duration", ("8:00", "7:30", "4:00"), 19.5, "hours", "values", None),
    ("Duration", ("28800", "27000", "14400"), 19.5, "seconds", "values", "ingest.unit_from_values"),
    ("Duration", ("480", "450", "240"), 19.5, "minutes", "values", "ingest.unit_from_values"),
    ("工时", ("480", "450", "240"), 19.5, "minutes", "values", "ingest.unit_from_values"),
    ("时长(分钟)", ("480", "450", "240"), 19.5, "minutes", "header", None),
    ("Minutes", ("480", "450", "240"), 19.5, "minutes", "header", None),
    ("人天", ("1", "0.5", "1"), 20.0, "days", "header", None),
    ("Person-days", ("1", "0.5", "1"), 20.0, "days", "header", None),
    ("工时(人天)", ("1", "0.5", "1"), 20.0, "days", "header", None),
    ("工时", ("1", "0.5", "1", "1", "1"), 4.5, "hours", "values", "ingest.hours_or_days"),
    ("Hours", ("1", "0.5", "1", "1", "1"), 4.5, "hours", "header", None),
    ("Time", ("1h 30m", "2h", "0.5"), 4.0, "hours", "values", "ingest.unit_from_values"),
]


@pytest.mark.parametrize(("header", "values", "total", "unit", "source", "said"), COLUMNS)
def test_the_unit_is_settled_on_the_whole_column(  # noqa: PLR0917 (the columns of the table above)
    data_dir: DataDir, header: str, values: tuple, total: float, unit: str, source: str, said: str | None
) -> None:
    entry = load(data_dir, "form.csv", _sheet(header, *values))[0]
    assert landed_rows(data_dir, entry)["hours"].sum() == pytest.approx(total)
    assert entry["units"] == {"hours": {"unit": unit, "from": source}}
    spoken = [code for code in codes(entry) if code in ("ingest.unit_from_values", "ingest.hours_or_days")]
    assert spoken == ([said] if said else [])


def test_jira_prints_seconds_even_for_short_work(data_dir: DataDir) -> None:
    rows = [
        ["Issue Key", "User", "Date", "Time Spent"],
        ["YB-1", "p1", "2026-03-02", "900"],
        ["YB-1", "p1", "2026-03-03", "1200"],
    ]
    entry = load(data_dir, "worklogs.csv", csv_of(rows))[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == pytest.approx(
        [0.25, 1 / 3]
    )  # 900 s and 1,200 s, no minutes
    assert entry["units"]["hours"] == {"unit": "seconds", "from": "values"}


def test_hours_beside_person_days_show_the_unit_and_fill_each_other(data_dir: DataDir) -> None:
    eight = _sheet("工时", "8", "4", "", 人天=("1", "0.5", "2"))
    entry = load(data_dir, "both.csv", eight)[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [8.0, 4.0, 16.0]  # the third from 2 person-days
    same = _sheet("工时", "1", "0.5", 人天=("1", "0.5"))
    entry = load(data_dir, "same.csv", same)[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [8.0, 4.0]  # both columns are days
    assert entry["units"]["hours"] == {"unit": "days", "from": "values"} and "ingest.unit_from_values" in codes(entry)


def test_the_unit_may_stand_in_a_title_or_in_a_column(data_dir: DataDir) -> None:
    titled = "项目工时表,单位:人天,,\n" + _sheet("工时", "1", "0.5")
    entry = load(data_dir, "titled.csv", titled)[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [8.0, 4.0]
    assert entry["units"]["hours"] == {"unit": "days", "from": "header"}
    by_row = _sheet("数量工时", "1", "4").replace("数量工时", "工时").replace("\n", ",单位\n", 1)
    by_row = by_row.replace('"1"\n', '"1","人天"\n').replace('"4"\n', '"4","小时"\n')
    entry = load(data_dir, "by-row.csv", by_row)[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [8.0, 4.0]


def test_the_exact_one_of_two_columns_counts(data_dir: DataDir) -> None:
    rows = [
        ["Date", "User", "Project", "Duration (decimal)", "Duration (h)"],
        ["2026-03-02", "p1", "YB", "0.6389", "00:38"],  # 0.6389 h is 2,300 s; 38 minutes are 2,280
        ["2026-03-03", "p1", "YB", "1.5975", "01:36"],
    ]
    entry = load(data_dir, "clockify.csv", csv_of(rows))[0]
    assert landed_rows(data_dir, entry)["hours"].sum() == pytest.approx(0.6389 + 1.5975)
    assert entry["columns_mapped"]["Duration (decimal)"] == "hours"


def test_more_than_a_day_is_held_back_and_a_month_is_not(data_dir: DataDir) -> None:
    entry = load(data_dir, "days.csv", _sheet("Hours", "8", "25"))[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (1, 1)
    rows = [["月份", "姓名", "项目编号", "人月"], ["2026-03", "p1", "YB", "1"], ["2026年4月", "p2", "YB", "0.5"]]
    entry = load(data_dir, "months.csv", csv_of(rows))[0]
    landed = landed_rows(data_dir, entry)
    assert landed["hours"].to_list() == [174.0, 87.0]  # 21.75 days of 8 hours
    assert [str(day) for day in landed["work_date"]] == ["2026-03-01", "2026-04-01"]
    assert entry["units"]["hours"] == {"unit": "person_months", "from": "header"}
    assert "ingest.rows_of_months" in codes(entry)
    in_hours = [
        ["月份", "姓名", "项目编号", "工时"],
        ["2026-03", "p1", "YB", "168"],
        ["2026-04", "p1", "YB", "8"],
        ["2026-05", "p1", "YB", "16"],
    ]
    assert landed_rows(data_dir, load(data_dir, "by-month.csv", csv_of(in_hours))[0])["hours"].sum() == 192


def test_a_slip_for_several_people_may_hold_more_than_a_day(data_dir: DataDir) -> None:
    rows = [
        ["日期", "供应商", "项目编号", "签单号", "人数", "人天"],
        ["2026-03-02", "A", "YB", "Q1", "6", "6"],
        ["2026-03-03", "A", "YB", "Q2", "2", "2"],
    ]
    entry = load(data_dir, "slips.csv", csv_of(rows))[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [48.0, 16.0]  # six people for a day, then two


def test_a_row_may_stand_for_several_days(data_dir: DataDir) -> None:
    rows = [
        ["工作项编号", "所属项目", "处理人", "开始日期", "结束日期", "工时(人天)", "工时类型"],
        ["YB-1", "YB", "p1", "2026-03-02", "2026-03-06", "5", "后端开发"],
        ["YB-2", "YB", "p1", "2026-03-09", "2026-03-09", "0.5", "测试验证"],
    ]
    entry = load(data_dir, "codearts.csv", csv_of(rows))[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [40.0, 4.0]
    assert (entry["rows_quarantined"], "ingest.rows_of_several_days" in codes(entry)) == (0, True)


def test_decimal_commas_and_minutes_of_other_languages(data_dir: DataDir) -> None:
    rows = [["Datum;Person;Projekt;Dauer"], ["02.03.2026;p1;YB;7,5"], ["03.03.2026;p1;YB;0,25"]]
    text = (
        "\n".join(row[0] for row in rows)
        .replace("Datum", "Date")
        .replace("Projekt", "Project")
        .replace("Dauer", "Hours")
    )
    entry = load(data_dir, "stunden.csv", text + "\n")[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [7.5, 0.25]


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-02T09:00:00Z", "2026-03-02T10:30:00Z", 1.5),
        ("2026-03-02T09:00:00.000Z", "2026-03-02T13:00:00.000+02:00", 2.0),  # 13:00 there is 11:00 UTC
        ("1772442000000", "1772445600000", 1.0),  # 3,600,000 ms apart
        ("1772442000", "1772449200", 2.0),
        ("2026-03-02T23:00:00Z", "2026-03-03T01:00:00Z", 2.0),
        ("Mon Mar 02 2026 09:00:00 GMT+0000 (GMT)", "Mon Mar 02 2026 09:45:00 GMT+0000 (GMT)", 0.75),
    ],
)
def test_a_span_of_whole_moments(data_dir: DataDir, start: str, end: str, hours: float) -> None:
    text = f"description,project,start,end,user_name\nwork,YB,{start},{end},ada\n"
    entry = load(data_dir, "entries.csv", text)[0]
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert (entry["feed"], row["hours"], row["person"]) == ("worklogs", pytest.approx(hours), "ada")


def test_minutes_and_seconds_with_their_unit(data_dir: DataDir) -> None:
    """18:25 min = 1,105 s; 1:05:30 = 3,930 s; 40 sec; 47:06 min = 2,826 s: 7,901 s ÷ 3,600 = 2.1947 h."""
    cells = ("18:25 min", "1:05:30", "40 sec", "47:06 min")
    text = "User,Project,Date,Duration\n" + "".join(f"ada,YB,2026-03-0{n},{cell}\n" for n, cell in enumerate(cells, 1))
    rows = landed_rows(data_dir, load(data_dir, "toggl.csv", text)[0])
    assert rows["hours"].sum() == pytest.approx(7901 / 3600)


def test_a_reference_gives_its_key(data_dir: DataDir) -> None:
    """What the tracker prints beside the key is no part of it: a worklog meets its issue only by the key alone."""
    issues = ("Bug #4711: login fails", "YB-12: menu", "[YB-13] page", "https://jira.example.org/browse/YB-14", "#15")
    rows = "".join(f"YB,2026-03-02,ada,{issue},1\n" for issue in issues)
    text = "Project,Date,User,Issue,Hours\n" + rows
    landed = landed_rows(data_dir, load(data_dir, "time.csv", text)[0])
    assert landed["issue_key"].to_list() == ["4711", "YB-12", "YB-13", "YB-14", "15"]
