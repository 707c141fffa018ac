"""Fault 8: repeated, case-only different, renamed, missing, extra and re-ordered columns give a mapping report."""

from __future__ import annotations

import datetime as dt

from models.builds.data_dir import DataDir
from tests.faults.contents.ingest_rule import assert_refused_by_the_rule
from tests.ingest.exports import codes, landed_rows, load


def test_reordered_and_extra_columns(data_dir: DataDir) -> None:
    content = "Weather,Hours,Project,Date,Person\nrain,8,YB,2026-03-02,p101\n"
    entry = load(data_dir, "hours.csv", content)[0]
    assert entry["columns_mapped"] == {"Hours": "hours", "Project": "project", "Date": "work_date", "Person": "person"}
    assert entry["columns_unmapped"] == ["Weather"]
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert (row["work_date"], row["hours"], row["person"]) == (dt.date(2026, 3, 2), 8.0, "p101")


def test_repeated_list_columns_are_joined(data_dir: DataDir) -> None:
    content = (
        "Summary,Issue key,Issue Type,Status,Created,Labels,Labels,Sprint,Sprint,Component/s,Component/s\n"
        "a,YB-1,Bug,Open,2026-01-05,x,y,S1,S2,pay,user\n"
    )
    row = landed_rows(data_dir, load(data_dir, "jira.csv", content)[0]).row(0, named=True)
    assert row["labels"] == ["x", "y"] and row["sprints"] == ["S1", "S2"]
    assert row["module"] == "pay"  # the first component


def test_repeated_columns_of_one_value_keep_the_first(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours,Hours\n2026-03-02,p101,YB,8,1\n"
    entry = load(data_dir, "hours.csv", content)[0]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [8.0]


def test_columns_that_differ_in_case_only(data_dir: DataDir) -> None:
    content = "date,PERSON,Project,hours,HOURS\n2026-03-02,p101,YB,8,1\n"
    entry = load(data_dir, "hours.csv", content)[0]
    assert entry["status"] == "landed"
    assert landed_rows(data_dir, entry)["hours"].to_list() == [8.0]


def test_a_required_column_that_is_missing(data_dir: DataDir) -> None:
    content = b"Date,Person,Project\n2026-03-02,p101,YB\n"
    entry = assert_refused_by_the_rule(data_dir, "hours.csv", content, "ingest.column_missing", feed="worklogs")
    message = entry["reasons"][0]["message"]
    assert "hours" in message and "Found: Date, Person, Project" in message


def test_a_renamed_column_is_guessed_at_in_words_only(data_dir: DataDir) -> None:
    content = b"Date,Person,Project,Hourz\n2026-03-02,p101,YB,8\n"
    entry = assert_refused_by_the_rule(data_dir, "hours.csv", content, "ingest.column_missing_near", feed="worklogs")
    assert entry["reasons"][0]["message"].endswith("Did you mean 'Hourz'?")


def test_a_renamed_column_is_read_once_somebody_maps_it(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hourz\n2026-03-02,p101,YB,8\n"
    entry = load(data_dir, "hours.csv", content, feed="worklogs", mapping={"Hourz": "hours"})[0]
    assert entry["status"] == "landed" and entry["columns_mapped"]["Hourz"] == "hours"


def test_two_columns_that_could_be_one_are_said(data_dir: DataDir) -> None:
    content = "Date,Project,Description,Time (h),Time (decimal)\n2026-03-02,YB,a,00:38:20,0.6389\n"
    entry = load(data_dir, "clockify.csv", content)[0]
    assert "ingest.exact_of_two" in codes(entry)  # two columns of hours agree: the one in seconds is used
    # 38 min 20 s = 2,300 s ÷ 3,600; the decimal column is rounded
    assert abs(landed_rows(data_dir, entry)["hours"][0] - 2300 / 3600) < 1e-12


def test_no_project_where_one_is_needed(data_dir: DataDir) -> None:
    content = b"Risk id,Title,Status,Probability\nR1,a,open,0.5\n"
    entry = assert_refused_by_the_rule(data_dir, "risks.csv", content, "ingest.project_needed", feed="risks")
    assert "--project" in entry["reasons"][0]["message"]
