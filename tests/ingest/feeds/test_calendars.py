"""Working calendars through ingest: yes and no, kinds of day, and headers that ask for days off."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from models.builds.data_dir import DataDir
from tests.ingest.exports import landed_rows, load


def days(data_dir: DataDir, name: str, content: str | bytes) -> list[tuple]:
    rows = landed_rows(data_dir, load(data_dir, name, content)[0])
    return rows.select("project", "site", rows["calendar_date"].dt.strftime("%m-%d"), "is_working_day").rows()


def test_kinds_of_day_in_chinese(data_dir: DataDir) -> None:
    content = "项目编号,站点,日期,日期类型,说明\nP1,S1,2026-03-09,休,停机检修\nP1,S1,2026-03-14,班,补班\nP1,,2026-03-16,节假日,\n"
    assert days(data_dir, "日历.csv", content) == [
        ("P1", "S1", "03-09", False), ("P1", "S1", "03-14", True), ("P1", None, "03-16", False),
    ]  # fmt: skip


def test_yes_and_no_in_english_for_all_projects(data_dir: DataDir) -> None:
    content = "Site,Date,Working day,Note\nS1,2026-03-14,yes,make-up\nS1,2026-03-16,no,\n"
    assert days(data_dir, "calendar.csv", content) == [(None, "S1", "03-14", True), (None, "S1", "03-16", False)]


def test_a_header_that_asks_for_days_off_is_turned_round(data_dir: DataDir) -> None:
    content = "项目,日期,是否节假日\nP1,2026-03-09,是\nP1,2026-03-14,否\n"
    assert [row[3] for row in days(data_dir, "节假日.csv", content)] == [False, True]


def test_a_workbook(data_dir: DataDir) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("calendar")
        for line, cells in enumerate([("Project", "Date", "Day type"), ("P1", "2026-03-14", "Make-up workday"),
                                      ("P1", "2026-03-16", "Public holiday")]):  # fmt: skip
            sheet.write_row(line, 0, cells)
    assert [row[3] for row in days(data_dir, "calendar.xlsx", file.getvalue())] == [True, False]


@pytest.mark.parametrize("word", ["调休", "half day"])
def test_what_may_be_either_is_held_back(data_dir: DataDir, word: str) -> None:
    entry = load(data_dir, "日历.csv", f"项目,日期,日期类型\nP1,2026-03-09,{word}\nP1,2026-03-10,休\n")[0]
    held = entry["held_preview"]
    assert [(row["source_row"], row["column"]) for row in held] == [(2, "is_working_day")]
    assert "is neither yes nor no" in held[0]["reason"]
