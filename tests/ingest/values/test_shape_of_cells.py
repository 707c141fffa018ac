"""Columns and rows known by what stands in them: worklog cells in any language, a second table, a second header, states of tasks."""
# ruff: noqa: E501 (an export stands as it is)

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.feeds.schedule.network.predecessors import read_predecessors
from tests.ingest.exports import codes, landed_rows, load


def test_worklog_cells_are_known_by_their_shape(data_dir: DataDir) -> None:
    """10,800 + 25,200 s = 36,000 s = 10 h, under a name that no list holds; a comment's cell ends in no seconds."""
    text = (
        "Issue key,Issue id,Issue Type,Status,Loggad tid,Loggad tid,Kommentar\n"
        "YB-1,1,Bug,Done,;02/Mar/26 9:00 AM;u1;10800,fix; two parts;03/Mar/26 9:00 AM;u2;25200,02/Mar/26 9:00 AM;u1;seen\n"
        "YB-2,2,Bug,Open,,,\n"
    )
    feeds = {entry["feed"]: entry for entry in load(data_dir, "jira.csv", text)}
    rows = landed_rows(data_dir, feeds["worklogs"])
    assert rows["hours"].to_list() == [3.0, 7.0] and rows["person"].to_list() == ["u1", "u2"]
    assert "Loggad tid" not in feeds["issues"]["columns_unmapped"]


def test_cells_that_only_look_a_little_so_are_none(data_dir: DataDir) -> None:
    text = "Issue key,Issue id,Issue Type,Status,Notes\nYB-1,1,Bug,Done,a;b;3\nYB-2,2,Bug,Open,02/Mar/26;u1;text\n"
    assert [entry["feed"] for entry in load(data_dir, "jira.csv", text)] == ["issues"]


GANTT = (
    "ID,Name,Begin date,End date,Duration,Completion,Predecessors,Notes\n"
    "0,Design,02/03/2026,13/03/2026,10,100,,\n1,Build,16/03/2026,27/03/2026,10,40,0-FS=P0D,\n"
    "\nID,Name,Default role\n0,Ada,Default:0\n1,Ben,Default:0\n"
)


def test_a_second_table_below_an_empty_line_is_left_out(data_dir: DataDir) -> None:
    entry = load(data_dir, "2026-03-20.csv", GANTT, project="YB")[0]
    rows = landed_rows(data_dir, entry)
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 0)
    assert rows["percent_complete"].to_list() == [1.0, 0.4] and rows["predecessors"].to_list() == [None, ["0FS"]]
    assert rows["forecast_start"].to_list() == [dt.date(2026, 3, 2), dt.date(2026, 3, 16)]
    assert [(row["line"], row["rule"]) for row in entry["left_out"]] == [
        (5, "second_table"),
        (6, "second_table"),
        (7, "second_table"),
    ]
    assert "ingest.second_table" in codes(entry)


def test_a_torn_row_among_others_is_no_second_table(data_dir: DataDir) -> None:
    text = "Date,Person,Project,Hours\n2026-03-02,p1,YB,8\n\n2026-03-03,p1\n2026-03-04,p1\n2026-03-05,p1,YB,8\n"
    entry = load(data_dir, "hours.csv", text)[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 2)


@pytest.mark.parametrize(
    ("cell", "links"),
    [
        ("0-FS=P0D", ["0FS"]),
        ("1-SS=P2D;2-FF=-P1D", ["1SS+2d", "2FF-1d"]),
        ("3-FS=PT4H", ["3FS+0.5d"]),  # 4 of 8 hours
        ("T-5-FS=P1W", ["T-5FS+5d"]),
    ],
)
def test_links_of_ganttproject(cell: str, links: list[str]) -> None:
    assert read_predecessors(cell).links == links


def test_primavera_as_text_has_two_header_rows_and_a_state(data_dir: DataDir) -> None:
    """A task that is completed is at 100 % where no percentage says less, one not started at 0; one under way is unknown."""
    text = (
        "task_code,status_code,wbs_id,task_name,pred_list,start_date,end_date,act_end_date,delete_record_flag\n"
        "Activity ID,Activity Status,WBS Code,Activity Name,(*)Predecessors,Start,Finish,Actual Finish,Delete This Row\n"
        "A-1,Completed,YB.1,Design,,,3/13/2026 5:00:00 PM,,\n"
        'A-2,In Progress,YB.1,Build,"A-1: FS 2d",3/16/2026 8:00:00 AM,3/27/2026 5:00:00 PM,,\n'
        "A-3,Not Started,YB.2,Test,A-2,,4/3/2026 5:00:00 PM,,\n"
    )
    entry = load(data_dir, "2026-03-20.csv", text)[0]
    rows = landed_rows(data_dir, entry)
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (3, 0)
    assert rows["percent_complete"].to_list() == [1.0, None, 0.0]
    assert rows["predecessors"].to_list() == [None, ["A-1FS+2d"], ["A-2FS"]]
    assert [row["rule"] for row in entry["left_out"]] == ["second_header"]
    assert entry["columns_mapped"]["status_code"] == "percent_complete"


def test_a_state_fills_an_empty_percentage_only(data_dir: DataDir) -> None:
    text = "标识号,任务名称,完成时间,完成百分比,状态\n1,a,2026-03-02,30%,已完成\n2,b,2026-03-03,,已完成\n3,c,2026-03-04,,进行中\n"
    rows = landed_rows(data_dir, load(data_dir, "2026-03-05.csv", text, project="YB", feed="schedule")[0])
    assert rows["percent_complete"].to_list() == [0.3, 1.0, None]
