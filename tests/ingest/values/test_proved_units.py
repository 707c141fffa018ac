"""The unit of a column that names none: proved on its values, or asked; what the tool writes is only an expectation."""

from __future__ import annotations

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.values.proved_units import proved_unit
from tests.ingest.exports import codes, landed_rows, load

NOTHING = None


@pytest.mark.parametrize(
    ("values", "expected", "unit"),
    [
        ((28_800, 36_000, 7_200, 3_600), "seconds", "seconds"),  # 8, 10, 2, 1 h
        ((28_800, 36_000, 7_200, 3_600), NOTHING, "seconds"),  # as minutes half of them would take over 300 h
        ((28_800_000, 7_200_000), NOTHING, "milliseconds"),  # 8 and 2 h
        ((480, 960, 240), NOTHING, "minutes"),  # 8, 16, 4 h; as seconds 4 to 16 minutes, no quarters of an hour
        ((480, 960, 240), "seconds", NOTHING),  # what the tool writes and what the values show contradict each other
        ((8, 10), "seconds", NOTHING),  # no tool writes 8 s; hours, but the tool would not
        ((8, 10, 0.5), NOTHING, "hours"),
        ((8, 10, 0.5), "hours", "hours"),
        ((60, 120, 90), NOTHING, NOTHING),  # 1, 2, 1.5 h in minutes, and as well 60, 120, 90 h
        ((5_340, 1_260), "seconds", "seconds"),  # 1 h 29 min and 21 min: odd, but minutes would be 89 and 21 h, odd too
    ],
)
def test_proved_on_the_values(values: tuple, expected: str | None, unit: str | None) -> None:
    assert proved_unit(pl.Series(values, dtype=pl.Float64), expected)[0] == unit


JIRA = (
    "Issue key,Issue id,Issue Type,Status,Original Estimate,Time Spent\nYB-1,1,Task,Done,{},{}\nYB-2,2,Task,Open,{},\n"
)


def test_seconds_of_jira_are_seconds(data_dir: DataDir) -> None:
    entry = load(data_dir, "jira.csv", JIRA.format(28800, 36000, 7200))[0]
    assert landed_rows(data_dir, entry)["original_estimate_hours"].to_list() == [8.0, 2.0]
    assert entry["units"]["time_spent_hours"] == {"unit": "seconds", "from": "tool"}


def test_hours_in_a_file_like_jiras_are_asked_about_and_the_answer_counts(data_dir: DataDir) -> None:
    """8 h must never become 8 s."""
    text = JIRA.format(8, 10, 4)
    entry = load(data_dir, "edited.csv", text)[0]
    assert (entry["status"], codes(entry)) == ("refused", ["ingest.unit_undecided"])
    assert entry["questions"][0]["code"] == "unit" and "hours" in entry["questions"][0]["choices"]
    told = load(data_dir, "edited.csv", text, unit="hours")[0]
    assert landed_rows(data_dir, told)["original_estimate_hours"].to_list() == [8.0, 4.0]
    assert told["units"]["original_estimate_hours"] == {"unit": "hours", "from": "said"}


def test_a_tracker_that_is_not_jira_brings_its_own_unit(data_dir: DataDir) -> None:
    """The words are Jira's, the key is not: 8 and 10 are hours."""
    text = "ID,Work Item Type,State,Assigned To,Original Estimate,Completed Work\n1,Task,Closed,ada,8,10\n2,Bug,New,ben,3,\n"
    rows = landed_rows(data_dir, load(data_dir, "boards.csv", text)[0])
    assert rows["original_estimate_hours"].to_list() == [8.0, 3.0]
    assert rows["time_spent_hours"].to_list() == [10.0, None]


def test_milliseconds_of_worklogs(data_dir: DataDir) -> None:
    """5,400,000 ms = 1.5 h and 7,200,000 ms = 2 h."""
    text = "Project,Date,User,Time\nYB,2026-03-02,ada,5400000\nYB,2026-03-03,ada,7200000\n"
    assert landed_rows(data_dir, load(data_dir, "t.csv", text)[0])["hours"].to_list() == pytest.approx([1.5, 2.0])


def test_seconds_are_no_story_points(data_dir: DataDir) -> None:
    text = "Issue key,Status,Story Points\nYB-1,Open,28800\nYB-2,Open,3600\n"
    entry = load(data_dir, "p.csv", text)[0]
    assert "ingest.points_are_time" in codes(entry)
    assert landed_rows(data_dir, entry)["story_points"].null_count() == 2


PLAN = "Project,Task ID,Task name,Finish,% Complete\nYB,1,a,2026-03-02,{}\nYB,2,b,2026-03-03,{}\nYB,3,c,2026-03-04,{}\n"


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (("0.4", "1", "0"), [0.4, 1.0, 0.0]),
        (("40", "100", "0"), [0.4, 1.0, 0.0]),
        (("12.5", "0.5", "100"), [0.125, 0.005, 1.0]),  # half a percent among percents with decimals
        (("40%", "100%", "0%"), [0.4, 1.0, 0.0]),
    ],
)
def test_shares_and_percents(data_dir: DataDir, cells: tuple, shares: list[float]) -> None:
    entry = load(data_dir, "2026-03-01.csv", PLAN.format(*cells))[0]
    assert landed_rows(data_dir, entry)["percent_complete"].to_list() == pytest.approx(shares)


@pytest.mark.parametrize(
    ("cells", "unit", "read"), [(("0.4", "100", "0"), "percent", [0.004, 1, 0]), (("1", "0", "1"), "share", [1, 0, 1])]
)
def test_shares_that_could_be_percents_are_asked_about(data_dir: DataDir, cells: tuple, unit: str, read: list) -> None:
    text = PLAN.format(*cells)
    assert codes(load(data_dir, "2026-03-01.csv", text)[0]) == ["ingest.unit_undecided"]
    told = load(data_dir, "2026-03-01.csv", text, unit=unit)[0]
    assert landed_rows(data_dir, told)["percent_complete"].to_list() == pytest.approx(read)


def test_an_amount_beside_one_in_ten_thousands(data_dir: DataDir) -> None:
    """106 万元 with tax beside a bare 100: yuan would be a ten-thousandth of it. 1,000,000 beside it is the same in yuan."""
    text = "合同编号,项目编号,合同名称,合同类型,对方单位,签订日期,合同金额(万元),不含税金额\nC1,YB,a,销售,甲,2026-01-02,106,{}\n"
    assert codes(load(data_dir, "c.csv", text.format(100))[0]) == ["ingest.unit_undecided"]
    told = load(data_dir, "c.csv", text.format(100), unit="ten_thousand")[0]
    assert landed_rows(data_dir, told)["amount_excl_tax"].to_list() == [1_000_000]
    plain = load(data_dir, "d.csv", text.format(1000000))[0]
    assert landed_rows(data_dir, plain)["amount_excl_tax"].to_list() == [1_000_000]
