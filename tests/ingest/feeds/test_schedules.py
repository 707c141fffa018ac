"""Schedules as tables: durations, dates with weekdays, predecessors in one notation, roll-ups, Primavera's two header rows."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from models.builds.data_dir import DataDir
from pipeline.ingest.feeds.schedule.network.predecessors import read_predecessors
from pipeline.ingest.values.durations import working_days
from tests.ingest.exports import codes, landed_rows, load


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("5 days", 5), ("5d", 5), ("5 个工作日", 5), ("5 Tage", 5), ("5 jours", 5), ("5 días", 5), ("0.5d?", 0.5),
        ("40h", 5), ("40 hrs", 5), ("40 Std.", 5), ("8 工时", 1), ("30 min", 1 / 16),
        ("2w", 10), ("2 wks", 10), ("2 周工时", 10), ("1 mon", 20), ("1,5 mois", 30), ("1,000 days", 1000),
        ("7 ed", 5), ("1 ewk", 5), ("14 edays", 10), ("168 eh", 5), ("7 fTage", 5), ("7 jé", 5),
    ],
)  # fmt: skip
def test_durations_in_working_days(text: str, days: float) -> None:
    """A day of 8 hours, a week of 5, a month of 20 days; seven elapsed days hold five working days."""
    assert working_days(text)[0] == pytest.approx(days)


@pytest.mark.parametrize("text", ["5", "", "5 apples", "days", "5-6 days"])
def test_what_has_no_unit_is_no_duration_of_ours(text: str) -> None:
    assert working_days(text) is None


@pytest.mark.parametrize(
    ("cell", "links"),
    [
        ("12FS+3d,14SS-2 days;15", ["12FS+3d", "14SS-2d", "15FS"]),
        ("10FS+3 个工作日", ["10FS+3d"]),
        ("12EA+3t", ["12FS+3d"]),  # German: from end to start
        ("12EA+1,5t;14AA;15EE;16AE", ["12FS+1.5d", "14SS", "15FF", "16SF"]),
        ("3FD+2 jours;4DD", ["3FS+2d", "4SS"]),  # French
        ("3FC+2 días;4CC;5CF", ["3FS+2d", "4SS", "5SF"]),  # Spanish
        ("3TI;4II;5TT;6IT", ["3FS", "4SS", "5FF", "6SF"]),  # Portuguese
        ("12FS+4h", ["12FS+0.5d"]),
        ("12FS+1w", ["12FS+5d"]),
        ("12FF+50%", ["12FF+50%"]),
        ("12FS+3ed", ["12FS+3ed"]),
        ("12FS-1 day?", ["12FS-1d"]),
        ("12+3d", ["12FS+3d"]),
        ("A1000: FS 5, A1010: SS", ["A1000FS+5d", "A1010SS"]),
        ("T-5, T-6FF", ["T-5FS", "T-6FF"]),
        ("12、13;13", ["12FS", "13FS"]),
    ],
)
def test_predecessors_in_one_notation(cell: str, links: list[str]) -> None:
    found = read_predecessors(cell)
    assert (found.links, found.unread) == (links, [])


def test_a_task_whose_id_ends_like_a_kind_of_link_is_a_task() -> None:
    assert read_predecessors("DIFF", frozenset({"DIFF"})).links == ["DIFFFS"]


def test_predecessors_that_do_not_read_are_kept_apart() -> None:
    found = read_predecessors("12FS; 13FS+soon; C:\\plans\\other.mpp\\12")
    assert found.links == ["12FS"] and found.unread == ["13FS+soon", "C:\\plans\\other.mpp\\12"]


CHINESE = """大纲级别,大纲数字,任务名称,工期,开始时间,完成时间,前置任务,资源名称,完成百分比,比较基准开始时间,比较基准完成时间
1,1,实施,10 个工作日,2026年1月5日,2026年1月16日,,,50%,2026年1月5日,2026年1月16日
2,1.1,设计,5 个工作日,2026年1月5日,2026年1月9日,,甲,100%,2026年1月5日,2026年1月9日
2,1.2,开发,40 工时,2026年1月12日,2026年1月16日,2FS+3 个工作日,乙,0%,2026年1月12日,NA
"""


CONSTRAINED = """标识号,任务名称,工期,限制类型,限制日期,最后期限,完成百分比
1,设计,5 个工作日,越早越好,NA,NA,0%
2,采购,5 个工作日,不得早于...开始,2026年2月2日,NA,0%
3,安装,5 个工作日,必须完成于,2026年2月20日,2026年2月27日,0%
4,验收,5 个工作日,神秘约束,2026年2月20日,,0%
"""


def test_constraints_and_deadlines_of_a_table(data_dir: DataDir) -> None:
    rows = landed_rows(data_dir, load(data_dir, "计划-2026-01-31.csv", CONSTRAINED, project="P1")[0])
    assert rows["constraint_type"].to_list() == [
        "as_soon_as_possible", "start_no_earlier_than", "must_finish_on", "神秘约束",
    ]  # fmt: skip
    assert [str(day) for day in rows["constraint_on"]] == ["None", "2026-02-02", "2026-02-20", "2026-02-20"]
    assert [str(day) for day in rows["deadline_on"]] == ["None", "None", "2026-02-27", "None"]


def test_chinese_table_of_microsoft_project(data_dir: DataDir) -> None:
    entry = load(data_dir, "计划-2026-01-31.csv", CHINESE, project="P1")[0]
    rows = landed_rows(data_dir, entry)
    assert rows["task_id"].to_list() == ["2", "3"]  # by their rows, which is what the predecessors speak of
    assert rows["duration_days"].to_list() == [5, 5] and rows["percent_complete"].to_list() == [1, 0]
    assert rows["predecessors"].to_list() == [None, ["2FS+3d"]]
    assert [str(day) for day in rows["baseline_finish"]] == ["2026-01-09", "None"]
    assert entry["left_out"] == [{"line": 2, "rule": "summary_task", "text": "实施"}]
    assert {"ingest.summary_tasks_left_out", "ingest.task_numbers_from_rows"} <= set(codes(entry))


ENGLISH = """ID,Outline Level,Task Name,Duration,Start,Finish,Baseline Start,Baseline Finish,% Complete,Predecessors,Milestone,Work,Active
1,1,Build,10 days,Mon 6/1/26,Fri 6/12/26,Mon 6/1/26,Fri 6/12/26,50%,,No,80 hrs,Yes
2,2,Design,40h,Mon 6/1/26,Fri 6/5/26,Mon 6/1/26,NA,100%,,No,40 hrs,Yes
3,2,Code,1w,Mon 6/8/26,Fri 6/12/26,Mon 6/8/26,Fri 6/12/26,0%,"2FS+3d,1SS-2 days;x+y",No,5 days,Yes
4,1,Done,0 days,Fri 6/12/26,Fri 6/12/26,Fri 6/12/26,Fri 6/12/26,0%,3,Yes,0 hrs,Yes
5,1,Cure,7 ed,Fri 6/12/26,Fri 6/19/26,,,0%,4,No,0 hrs,Yes
6,1,Dropped,9 days,Fri 6/12/26,Fri 6/19/26,,,0%,4,No,72 hrs,No
"""  # noqa: E501


def test_weekdays_prove_the_order_and_hours_count_once(data_dir: DataDir) -> None:
    entry = load(data_dir, "plan-2026-06-05.csv", ENGLISH, project="P1")[0]
    rows = landed_rows(data_dir, entry)
    # 1 June 2026 is a Monday, 6 January a Tuesday: month first, although no number is above 12 but the year's.
    assert str(rows["forecast_start"][0]) == "2026-06-01"
    assert (
        rows["planned_hours"].sum() == 80
    )  # 40 + 5 days of 8 hours; not 240, with the roll-up and the task switched off
    assert rows["duration_days"].to_list() == [5, 5, 0, 5]
    assert rows["milestone_type"].to_list() == [None, None, "milestone", None]
    assert rows["predecessors"].to_list() == [None, ["2FS+3d", "1SS-2d"], ["3FS"], ["4FS"]]
    assert [(row["line"], row["rule"]) for row in entry["left_out"]] == [(2, "summary_task"), (7, "inactive_task")]
    unread = next(reason for reason in entry["reasons"] if reason["code"] == "ingest.predecessors_unread")
    assert (unread["details"]["line"], unread["details"]["value"]) == (4, "x+y")
    assert "ingest.elapsed_durations" in codes(entry)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Nr.;Vorgangsname;Dauer;Anfang;Ende;Vorgänger;% Abgeschlossen;Geplanter Anfang;Geplantes Ende",
            "2;Entwurf;1,5 Tage;Mo 05.01.26;Di 06.01.26;1EA+3t;25%;Mo 05.01.26;NV",
        ),
        (
            "N°;Nom de la tâche;Durée;Début;Fin;Prédécesseurs;% achevé;Début planifié;Fin planifiée",
            "2;Conception;1,5 jour;Lun 05/01/26;Mar 06/01/26;1FD+3 jours;25%;Lun 05/01/26;NC",
        ),
        (
            "Id;Nombre de tarea;Duración;Comienzo;Fin;Predecesoras;% completado;Comienzo de línea base;Fin de línea base",
            "2;Diseño;1,5 días;lun 05/01/26;mar 06/01/26;1FC+3 días;25%;lun 05/01/26;NOD",
        ),
    ],
)
def test_german_french_and_spanish_tables(data_dir: DataDir, header: str, row: str) -> None:
    entry = load(data_dir, "plan-2026-01-31.csv", f"{header}\n{row}\n", project="P1")[0]
    one = landed_rows(data_dir, entry).row(0, named=True)
    assert (one["task_id"], one["duration_days"], one["percent_complete"]) == ("2", 1.5, 0.25)
    assert (str(one["forecast_start"]), str(one["forecast_finish"])) == ("2026-01-05", "2026-01-06")
    assert (str(one["baseline_start"]), one["baseline_finish"]) == ("2026-01-05", None)
    assert one["predecessors"] == ["1FS+3d"]


def test_a_unit_in_the_header_counts_for_bare_numbers(data_dir: DataDir) -> None:
    entry = load(
        data_dir, "plan-2026-01-31.csv", "ID,Task Name,Duration (hours),Predecessors\n1,A,12,\n2,B,40,1\n", project="P1"
    )[0]
    assert landed_rows(data_dir, entry)["duration_days"].to_list() == [1.5, 5]
    assert entry["units"]["duration_days"] == {"unit": "hours", "from": "header"}


PLANS = "project,task_id,wbs_code,name,baseline_start,baseline_finish,planned_hours,status_on\n"


def test_a_wbs_code_makes_a_roll_up_only_where_the_dates_are_rolled_up(data_dir: DataDir) -> None:
    """1 spans 1.1 and 1.2 and sums their hours up; in the second plan 1 is work of its own, before that of its parts."""
    parts = "P,2,1.1,A,2026-01-05,2026-01-09,40,2026-01-31\nP,3,1.2,B,2026-01-12,2026-01-16,40,2026-01-31\n"
    rolled = load(data_dir, "a.csv", PLANS + "P,1,1,All,2026-01-05,2026-01-16,80,2026-01-31\n" + parts)[0]
    assert landed_rows(data_dir, rolled)["planned_hours"].sum() == 80 and rolled["rows_left_out"] == 1
    own = load(data_dir, "b.csv", PLANS + "P,1,1,First,2025-12-01,2025-12-05,16,2026-01-31\n" + parts)[0]
    assert landed_rows(data_dir, own)["planned_hours"].sum() == 96 and own["rows_left_out"] == 0


def test_tasks_that_share_a_wbs_code_are_no_outline(data_dir: DataDir) -> None:
    rows = "P,1,1,A,,,8,2026-01-31\nP,2,1.1,B,,,8,2026-01-31\nP,3,1.1,C,,,8,2026-01-31\n"
    assert landed_rows(data_dir, load(data_dir, "a.csv", PLANS + rows)[0])["planned_hours"].sum() == 24


TASK = [
    ["task_code", "status_code", "wbs_id", "task_name", "task_type", "target_drtn_hr_cnt", "start_date", "end_date",
     "act_start_date", "act_end_date", "complete_pct", "target_work_qty", "delete_record_flag"],
    ["Activity ID", "Activity Status", "WBS Code", "Activity Name", "Activity Type", "Original Duration(d)", "(*)Start",
     "(*)Finish", "Actual Start", "Actual Finish", "Activity % Complete(%)", "Budgeted Labor Units(h)", "Delete This Row"],
    ["A1000", "Completed", "P7.1.1", "Design", "Task Dependent", 5, "2026-01-05 08:00", "2026-01-09 17:00",
     "2026-01-05 08:00", "2026-01-09 17:00", 100, 40, ""],
    ["A1010", "In Progress", "P7.1.2", "Code", "Task Dependent", 10, "2026-01-12 08:00", "2026-01-23 17:00",
     "2026-01-12 08:00", "", 1, 80, ""],
    ["A1020", "Not Started", "P7.1.2", "Old", "Task Dependent", 3, "2026-01-12 08:00", "2026-01-23 17:00", "", "", 0, 8, "D"],
    ["A1030", "Not Started", "P7.1", "Live", "Finish Milestone", 0, "", "2026-01-26 17:00", "", "", 0, 0, ""],
    ["A1040", "Not Started", "P7.1", "Sum", "WBS Summary", 15, "", "2026-01-26 17:00", "", "", 0, 120, ""],
]  # fmt: skip
TASKPRED = [
    ["pred_task_id", "task_id", "pred_type", "pred_proj_id", "proj_id", "lag_hr_cnt", "delete_record_flag"],
    [
        "Predecessor",
        "Successor",
        "Relationship Type",
        "Predecessor Project",
        "Successor Project",
        "Lag(d)",
        "Delete This Row",
    ],
    ["A1000", "A1010", "FS", "P7", "P7", 2, ""],
    ["A1010", "A1030", "FF", "P7", "P7", 0, ""],
    ["A1000", "A1030", "SS", "P7", "P7", -1, ""],
    ["A1020", "A1030", "FS", "P7", "P7", 0, "D"],
]
USERDATA = [["user_data"], ["UserSettings Do Not Edit"], ["DurationQtyType=QT_Day"]]


def workbook(sheets: dict[str, list[list]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


def test_primavera_sheets(data_dir: DataDir) -> None:
    content = workbook({"TASK": TASK, "TASKPRED": TASKPRED, "USERDATA": USERDATA})
    entry = load(data_dir, "p6-2026-01-31.xlsx", content)[0]
    rows = landed_rows(data_dir, entry)
    assert rows["task_id"].to_list() == ["A1000", "A1010", "A1030"]
    assert rows["project"].unique().to_list() == ["P7"] and rows["wbs_code"].to_list() == ["1.1", "1.2", "1"]
    assert rows["duration_days"].to_list() == [5, 10, 0]  # days, as the second header row says, not hours
    assert rows["planned_hours"].sum() == 120
    assert rows["percent_complete"].to_list() == [1, 0.01, 0]  # 100 %, 1 %, 0 %
    assert rows["predecessors"].to_list() == [None, ["A1000FS+2d"], ["A1010FF", "A1000SS-1d"]]
    assert rows["milestone_type"].to_list() == [None, None, "milestone"]
    left = {(row["line"], row["rule"]) for row in entry["left_out"]}
    assert left == {(2, "second_header"), (5, "deleted_row"), (7, "summary_task")}
    assert codes(entry).count("ingest.sheet_left_out") == 1  # USERDATA; TASKPRED was read
