"""Fault 10: dates that could be either are asked about, dates that no calendar holds are held back, each with its line."""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import quarantined
from tests.faults.contents.ingest_rule import assert_refused_by_the_rule
from tests.ingest.exports import codes, landed_rows, load


def _hours(*days: str) -> str:
    return "Date;Person;Project;Hours\n" + "".join(f"{day};p101;YB;1\n" for day in days)


def _issues(*moments: str) -> str:
    rows = "".join(f"YB-{number};a;Bug;Open;{moment}\n" for number, moment in enumerate(moments, 1))
    return "Issue key;Summary;Issue Type;Status;Created\n" + rows


def _held(data_dir: DataDir, entry: dict) -> list[tuple]:
    return quarantined(data_dir, entry["batch_id"]).select("source_row", "value").sort("source_row").rows()


def test_undecidable_is_asked_and_never_guessed(data_dir: DataDir) -> None:
    content = _hours("01/02/2026", "03/04/2026").encode()
    entry = assert_refused_by_the_rule(data_dir, "either.csv", content, "ingest.date_order_undecided")
    question = entry["questions"][0]
    assert (question["value"], question["dmy"], question["mdy"]) == ("01/02/2026", "2026-02-01", "2026-01-02")
    for order, first in (("dmy", dt.date(2026, 2, 1)), ("mdy", dt.date(2026, 1, 2))):
        said = load(data_dir, f"{order}.csv", content + order.encode(), date_order=order, dry_run=True)[0]
        assert said["date_order"] == order and said["preview"][0]["work_date"] == first.isoformat()


def test_one_value_decides_for_the_whole_column(data_dir: DataDir) -> None:
    entry = load(data_dir, "dmy.csv", _hours("01/02/2026", "13/02/2026"))[0]
    assert landed_rows(data_dir, entry)["work_date"].to_list() == [dt.date(2026, 2, 1), dt.date(2026, 2, 13)]
    assert (entry["date_order"], entry["date_format"]) == ("dmy", "dd/mm/yyyy")


def test_a_day_that_does_not_exist(data_dir: DataDir) -> None:
    entry = load(data_dir, "feb.csv", _hours("2026-02-28", "2026-02-30", "2026-13-01"))[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (1, 2)
    assert _held(data_dir, entry) == [(3, "2026-02-30"), (4, "2026-13-01")]


def test_excel_day_numbers(data_dir: DataDir) -> None:
    # Excel counts from 1899-12-30: 46,083 days later is 2026-03-02.
    entry = load(data_dir, "serial.csv", _hours("46083", "46084.5"))[0]
    assert landed_rows(data_dir, entry)["work_date"].to_list() == [dt.date(2026, 3, 2), dt.date(2026, 3, 3)]
    assert entry["date_format"] == "Excel day number"


def test_a_day_number_among_dates_is_no_date(data_dir: DataDir) -> None:
    entry = load(data_dir, "mixed.csv", _hours("2026-03-02", "2026-03-03", "46083"))[0]
    assert _held(data_dir, entry) == [(4, "46083")]


def test_a_year_far_ahead_is_not_silent(data_dir: DataDir) -> None:
    entry = load(data_dir, "future.csv", _hours("2026-03-02", "2062-03-02"))[0]
    said = [reason for reason in entry["reasons"] if "2062" in str(reason) or reason["details"].get("line") == 3]
    assert said, entry["reasons"]


def test_hours_that_summer_time_leaves_out(data_dir: DataDir) -> None:
    content = _issues("2026-03-29 01:30:00", "2026-03-29 02:30:00", "2026-10-25 02:30:00")
    entry = load(data_dir, "berlin.csv", content, time_zone="Europe/Berlin")[0]
    # Berlin is an hour ahead of UTC in winter and two in summer; 02:30 did not exist on 29 March
    assert landed_rows(data_dir, entry)["created_at"].to_list() == [
        dt.datetime(2026, 3, 29, 0, 30),
        dt.datetime(2026, 10, 25, 0, 30),
    ]
    assert _held(data_dir, entry) == [(3, "2026-03-29 02:30:00")]
    assert "summer time" in quarantined(data_dir, entry["batch_id"])["reason"][0]
    assert entry["time_zone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    "text", ["1772424000000", "1772424000", "2026-03-02T04:00:00.000000Z", "2026-03-02T12:00:00+0800"]
)
def test_epochs_and_offsets(data_dir: DataDir, text: str) -> None:
    # 1,772,424,000 s after 1970 is 2026-03-02 04:00 UTC (20,514 days and 4 hours)
    entry = load(data_dir, "epoch.csv", _issues(text))[0]
    assert landed_rows(data_dir, entry)["created_at"].to_list() == [dt.datetime(2026, 3, 2, 4)]


def test_two_formats_in_one_column_are_said_and_each_proved(data_dir: DataDir) -> None:
    entry = load(data_dir, "two.csv", _hours("2026-03-02", "2026-03-03", "04.03.2026", "5. März 2026"))[0]
    assert landed_rows(data_dir, entry)["work_date"].to_list() == [dt.date(2026, 3, day) for day in (2, 3, 4, 5)]
    assert "ingest.several_date_formats" in codes(entry)


def test_a_second_format_that_nothing_proves_is_held_back(data_dir: DataDir) -> None:
    entry = load(data_dir, "two.csv", _hours("2026-03-02", "2026-03-03", "2026-03-04", "01/02/2026"))[0]
    assert entry["rows_accepted"] == 3
    assert _held(data_dir, entry) == [(5, "01/02/2026")]


def test_both_orders_in_one_column_are_refused(data_dir: DataDir) -> None:
    content = _hours("13/02/2026", "02/14/2026").encode()
    assert_refused_by_the_rule(data_dir, "both.csv", content, "ingest.date_order_mixed")
    entry = load(data_dir, "both.csv", content, date_order="dmy")[0]
    assert (entry["rows_accepted"], _held(data_dir, entry)) == (1, [(3, "02/14/2026")])


@pytest.mark.parametrize(
    "moment",
    [
        "02/Mar/26 12:00 PM", "02/三月/26 12:00 下午", "02/mar/26 12:00 PM", "02/März/26 12:00 PM", "02/mars/26 12:00 PM",
        "02/мар/26 12:00 PM", "02/3月/26 12:00 午後", "02.03.2026 12:00", "2026/3/2 12:00", "Mar 2, 2026, 12:00 PM",
    ],
)  # fmt: skip
def test_noon_in_ten_languages(data_dir: DataDir, moment: str) -> None:
    entry = load(data_dir, "noon.csv", _issues(moment))[0]
    assert landed_rows(data_dir, entry)["created_at"].to_list() == [dt.datetime(2026, 3, 2, 4)]  # noon in Shanghai
