"""Project files: Microsoft Project XML, Primavera XER, and what mpxj converts, with sums worked out by hand."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.ingest.feeds.schedule.readers import mpxj as mpxj_schedules
from pipeline.ingest.feeds.schedule.readers.ms_project import read_ms_project
from pipeline.ingest.feeds.schedule.readers.xer import read_primavera_xer
from tests.ingest.exports import codes, landed_rows, load, written


def task(uid: int, name: str, level: int = 1, **elements: str) -> str:
    inner = "".join(f"<{tag}>{value}</{tag}>" for tag, value in elements.items() if tag != "more")
    more = elements.get("more", "")
    return f"<Task><UID>{uid}</UID><Name>{name}</Name><OutlineLevel>{level}</OutlineLevel>{inner}{more}</Task>\n"


def plan(*tasks: str, head: str = "<Title>P7</Title><StatusDate>2026-01-31T17:00:00</StatusDate>") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="http://schemas.microsoft.com/project">'
        f"{head}<LastSaved>2026-02-02T09:00:00</LastSaved><MinutesPerDay>480</MinutesPerDay><Tasks>\n{''.join(tasks)}</Tasks>"
        "<Resources><Resource><UID>1</UID><Baseline><Work>PT1H0M0S</Work></Baseline></Resource></Resources></Project>"
    )


def link(uid: int, kind: int, lag: int = 0, how: int = 7, **more: str) -> str:
    inner = "".join(f"<{tag}>{value}</{tag}>" for tag, value in more.items())
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type>{inner}"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{how}</LagFormat></PredecessorLink>"
    )


DESIGN = task(
    2,
    "Design",
    2,
    WBS="1.1",
    Start="2026-01-05T08:00:00",
    Finish="2026-01-09T17:00:00",
    Duration="PT40H0M0S",
    DurationFormat="7",
    Work="PT48H0M0S",
    Cost="120050",
    ActualCost="60025",
    ActualStart="2026-01-05T08:00:00",
    PercentComplete="60",
    Summary="0",
    more=(
        "<Baseline><Number>0</Number><Start>2026-01-05T08:00:00</Start><Finish>2026-01-08T17:00:00</Finish>"
        "<Work>PT32H0M0S</Work><Cost>100000</Cost></Baseline><Baseline><Number>1</Number><Work>PT99H0M0S</Work></Baseline>"
    ),
)
CODE = task(
    5,
    "Code",
    2,
    WBS="1.2",
    Duration="PT36H0M0S",
    DurationFormat="39",
    Work="PT32H0M0S",
    Cost="200000",
    PercentComplete="0",
    PhysicalPercentComplete="10",
    EarnedValueMethod="1",
    Summary="0",
    more=link(2, 1, 14400)
    + link(1, 3, -9600)
    + link(9, 0, 50, 19)
    + link(8, 2, 2400, 5)
    + link(7, 1, 43200, 8)
    + link(3, 1, CrossProject="1"),
)
WHOLE = plan(
    task(0, "P7", 0, Duration="PT76H0M0S", Work="PT80H0M0S", Cost="320050", Summary="1"),
    task(1, "Build", 1, Duration="PT76H0M0S", Work="PT80H0M0S", Cost="320050", Summary="1"),
    DESIGN,
    CODE,
    task(6, "Off", Active="0", Work="PT8H0M0S"),
    "<Task><UID>7</UID><IsNull>1</IsNull></Task>",
    task(8, "Live", Duration="PT0H0M0S", Milestone="1"),
    task(9, "Cure", Duration="PT168H0M0S", DurationFormat="8"),
)


def test_microsoft_project_xml(tmp_path: Path) -> None:
    read = read_ms_project(written(tmp_path, "plan.xml", WHOLE))
    rows = {row["task_id"]: row for row in read.rows.to_dicts()}
    assert list(rows) == ["2", "5", "8", "9"] and read.records == 4
    design, code = rows["2"], rows["5"]
    # The baseline of number 0 is the plan: 32 hours and 1,000.00; costs are in hundredths.
    assert (design["planned_hours"], design["planned_cost"], design["actual_cost"]) == ("32", "1000", "600.25")
    assert (design["baseline_start"], design["baseline_finish"]) == ("2026-01-05", "2026-01-08")
    assert (design["forecast_finish"], design["actual_start"]) == ("2026-01-09", "2026-01-05")
    assert (design["duration_days"], design["percent_complete"]) == ("5", "0.6")
    # 36 hours ÷ 8; no baseline, so its own work; its progress is the physical one.
    assert (code["duration_days"], code["planned_hours"], code["percent_complete"]) == ("4.5", "32", "0.1")
    assert code["earned_value_rule"] == "physical" and code["baseline_start"] is None
    # 14,400 tenths of minutes = 24 h = 3 d; −16 h; half of the predecessor; 4 h; 4,320 minutes of the clock = 3 days.
    assert code["predecessors"] == ["2FS+3d", "1SS-2d", "9FF+50%", "8SF+0.5d", "7FS+3ed"]
    assert rows["8"]["milestone_type"] == "milestone" and rows["8"]["duration_days"] == "0"
    assert rows["9"]["duration_days"] == "5"  # 168 h of the clock are 7 days, of which 5 are worked
    assert {(row["project"], row["status_on"]) for row in rows.values()} == {("P7", "2026-01-31")}
    assert [skipped["rule"] for skipped in read.left_out] == [
        "summary_task",
        "summary_task",
        "inactive_task",
        "empty_row",
    ]
    assert {"ingest.links_to_other_projects", "ingest.elapsed_durations"} <= {reason.code for reason in read.reasons}
    assert str(read.exported_at) == "2026-02-02 01:00:00"  # nine in Shanghai


def test_roll_ups_are_known_by_their_level_where_nothing_says_summary(tmp_path: Path) -> None:
    source = written(tmp_path, "plan.xml", plan(task(1, "Build"), task(2, "A", 2), task(3, "B", 2), task(4, "C")))
    read = read_ms_project(source)
    assert read.rows["name"].to_list() == ["A", "B", "C"]


def test_constraints_and_deadlines_of_microsoft_project(tmp_path: Path) -> None:
    kinds = {
        0: None, 1: "as_late_as_possible", 2: "must_start_on", 3: "must_finish_on", 4: "start_no_earlier_than",
        5: "start_no_later_than", 6: "finish_no_earlier_than", 7: "finish_no_later_than",
    }  # fmt: skip
    tasks = [
        task(
            uid + 1,
            f"T{uid}",
            ConstraintType=str(uid),
            ConstraintDate="2026-02-02T08:00:00",
            Deadline="2026-02-06T17:00:00",
        )
        for uid in kinds
    ]
    rows = read_ms_project(written(tmp_path, "plan.xml", plan(*tasks))).rows
    assert rows["constraint_type"].to_list() == list(kinds.values())
    assert rows["constraint_on"].to_list() == [None] + ["2026-02-02"] * 7
    assert set(rows["deadline_on"]) == {"2026-02-06"}


def test_a_project_without_a_status_date_asks_for_one(data_dir: DataDir) -> None:
    text = plan(DESIGN, head="<Name>P7.mpp</Name>")  # saved on 2 February: that is no status date
    entry = load(data_dir, "plan.xml", text)[0]
    assert (entry["status"], entry["reasons"][0]["code"]) == ("refused", "ingest.status_date_needed")
    assert [question["code"] for question in entry["questions"]] == ["measured_on"]  # as the upload sheet asks it
    assert "--as-of" in entry["reasons"][0]["message"]
    said = load(data_dir, "plan.xml", text, measured_on=dt.date(2026, 1, 31))[0]
    assert set(landed_rows(data_dir, said)["status_on"]) == {dt.date(2026, 1, 31)}


def test_a_project_file_through_ingest(data_dir: DataDir) -> None:
    entry = load(data_dir, "plan.xml", WHOLE, project="QT")[0]
    rows = landed_rows(data_dir, entry)
    assert (entry["feed"], entry["system"], entry["rows_accepted"]) == ("schedule", "ms_project", 4)
    assert rows["project"].unique().to_list() == ["QT"]  # what the person said goes before the file's title
    assert rows["planned_hours"].sum() == 64 and float(rows["planned_cost"].sum()) == 3000.00
    assert rows["percent_complete"].to_list() == [0.6, 0.1, None, None]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (plan(), "ingest.no_tasks"),
        (plan(task(0, "P7", 0, Summary="1")), "ingest.only_summary_tasks"),
        (plan(DESIGN, head="<StatusDate>2026-01-31T08:00:00</StatusDate>"), "ingest.project_needed"),
        (WHOLE[:-40], "ingest.broken_xml"),
        ('<Project Sdk="Microsoft.NET.Sdk"><ItemGroup/></Project>', "ingest.unknown_xml"),
        ('<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"/>', "ingest.unknown_xml"),
    ],
)
def test_project_files_that_are_refused(data_dir: DataDir, content: str, code: str) -> None:
    entry = load(data_dir, "plan.xml", content)[0]
    assert entry["status"] == "refused" and codes(entry) == [code]


TASK_FIELDS = (
    "task_id proj_id wbs_id clndr_id phys_complete_pct complete_pct_type task_type status_code task_code task_name "
    "remain_drtn_hr_cnt target_drtn_hr_cnt target_work_qty target_start_date target_end_date early_start_date early_end_date "
    "act_start_date act_end_date"
)
TASKS = (
    "1 100 11 1 0 CP_Drtn TT_Task TK_Complete A1000 Design 0 40 80 2026-01-05 2026-01-09 - - 2026-01-05 2026-01-08",
    "2 100 12 2 30 CP_Phys TT_Task TK_Active A1010 Code 25 50 100 2026-01-12 2026-01-16 2026-01-12 2026-01-20 2026-01-12 -",
    "3 100 12 1 0 CP_Drtn TT_Task TK_Active A1020 Test 30 40 10 2026-01-19 2026-01-23 2026-01-21 2026-01-27 2026-01-21 -",
    "4 100 11 1 0 CP_Drtn TT_WBS TK_Active A1030 All 30 40 190 - - - - - -",
    "5 100 11 1 0 CP_Drtn TT_FinMile TK_NotStart A1040 Live 0 0 0 2026-01-23 2026-01-23 - - - -",
    "9 101 11 1 0 CP_Drtn TT_Task TK_NotStart X1 Other 8 8 8 - - - - - -",
)


def table(name: str, fields: str, *rows: str) -> list[str]:
    def cells(row: str) -> str:
        return "\t".join("" if cell == "-" else cell for cell in row.split())

    return [f"%T\t{name}", f"%F\t{cells(fields)}", *(f"%R\t{cells(row)}" for row in rows)]


XER = "\r\n".join(
    [
        "ERMHDR\t19.12\t2026-02-02\tProject\tadmin",
        *table("CALENDAR", "clndr_id clndr_name day_hr_cnt", "1 Std 8", "2 Long 10"),
        *table(
            "PROJECT",
            "proj_id proj_short_name last_recalc_date export_flag",
            "100 P7 2026-01-31 Y",
            "101 OTHER 2026-01-31 N",
        ),
        *table("PROJWBS", "wbs_id proj_node_flag wbs_short_name parent_wbs_id", "10 Y P7 -", "11 N 1 10", "12 N 2 11"),
        *table("TASK", TASK_FIELDS, *TASKS),
        *table(
            "TASKPRED",
            "task_id pred_task_id pred_type lag_hr_cnt",
            "2 1 PR_FS 16",
            "3 2 PR_SS -5",
            "3 9 PR_FS 0",
            "5 3 PR_FF 0",
        ),
        *table("TASKRSRC", "task_id target_cost act_reg_cost act_ot_cost", "1 1000.50 900 10", "1 99.50 0 0"),
        *table("RISK", "risk_id risk_name", "1 Rain"),
        "%E",
        "",
    ]
)


def test_primavera_xer(tmp_path: Path) -> None:
    read = read_primavera_xer(written(tmp_path, "plan.xer", XER))
    rows = {row["task_id"]: row for row in read.rows.to_dicts()}
    assert list(rows) == ["A1000", "A1010", "A1020", "A1040"]
    assert [row["wbs_code"] for row in rows.values()] == ["1", "1.2", "1.2", "1"]
    # 40 h of 8, 50 h of 10, 40 h of 8 hours a day
    assert [row["duration_days"] for row in rows.values()] == ["5", "5", "5", "0"]
    # complete; physical 30 %; duration (40 − 30) ÷ 40; not started
    assert [row["percent_complete"] for row in rows.values()] == ["1", "0.3", "0.25", "0"]
    # 16 h of A1000's days of 8; −5 h of A1010's days of 10; the link to another project is told
    assert [row["predecessors"] for row in rows.values()] == [None, ["A1000FS+2d"], ["A1010SS-0.5d"], ["A1020FF"]]
    assert (rows["A1000"]["planned_cost"], rows["A1000"]["actual_cost"]) == ("1100.00", "910")
    assert rows["A1010"]["forecast_finish"] == "2026-01-20" and rows["A1010"]["baseline_finish"] == "2026-01-16"
    assert sum(float(row["planned_hours"]) for row in rows.values()) == 190
    assert {(row["project"], row["status_on"]) for row in rows.values()} == {("P7", "2026-01-31")}
    assert sorted(skipped["rule"] for skipped in read.left_out) == ["external_task", "summary_task"]
    assert [reason.code for reason in read.reasons] == ["ingest.links_to_other_projects"] and not read.cut


def test_constraints_of_primavera(tmp_path: Path) -> None:
    said = (
        "CS_MSOA 2026-01-05 CS_MEOB 2026-01-09",
        "CS_MANDFIN 2026-01-16 - -",
        "- - CS_MEOB 2026-01-23",
        "CS_ALAP - CS_MSOB 2026-01-20",
    )
    tasks = [f"{task} {constraint}" for task, constraint in zip((*TASKS[:3], TASKS[4]), said, strict=True)]
    fields = f"{TASK_FIELDS} cstr_type cstr_date cstr_type2 cstr_date2"
    own = "\r\n".join(table("TASK", fields, *tasks))
    rows = read_primavera_xer(
        written(tmp_path, "plan.xer", XER.replace("\r\n".join(table("TASK", TASK_FIELDS, *TASKS)), own))
    ).rows
    assert rows.select("constraint_type", "constraint_on", "deadline_on").rows() == [
        ("start_no_earlier_than", "2026-01-05", "2026-01-09"),
        ("must_finish_on", "2026-01-16", None),
        ("finish_no_later_than", "2026-01-23", None),
        ("as_late_as_possible", None, None),
    ]


def test_an_xer_that_broke_off_is_held(data_dir: DataDir) -> None:
    entry = load(data_dir, "plan.xer", XER.replace("%E", ""))[0]
    assert entry["status"] == "held" and "ingest.cut_off_xer" in codes(entry)


def test_an_xer_in_gbk(data_dir: DataDir) -> None:
    names = {"Design": "需求分析与概要设计", "Code": "编码、单元测试与联调", "Test": "系统测试与用户验收测试"}
    content = XER
    for english, chinese in names.items():
        content = content.replace(f"\t{english}\t", f"\t{chinese}\t")
    entry = load(data_dir, "plan.xer", content.encode("gbk"))[0]
    assert landed_rows(data_dir, entry)["name"].to_list()[:3] == list(names.values())


MPP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000) + b"MSProject.MPP14\0" + bytes(200)
PMXML = (
    '<?xml version="1.0"?><APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V19.12/API/BusinessObjects"/>'
)


@pytest.mark.parametrize(
    ("name", "content"), [("plan.mpp", MPP), ("plan.xml", PMXML), ("plan.mpx", "MPX,Microsoft Project,4.0")]
)
def test_without_mpxj_the_way_to_it_is_told(
    data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, name: str, content: str | bytes
) -> None:
    monkeypatch.setattr(mpxj_schedules, "is_installed", lambda: False)
    entry = load(data_dir, name, content)[0]
    assert entry["status"] == "refused" and codes(entry) == ["ingest.mpxj_needed"]
    message = entry["reasons"][0]["message"]
    assert "requirements-mpxj.txt" in message and "Java" in message and "XML" in message


def test_mpxj_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpxj_schedules, "is_installed", lambda: True)
    monkeypatch.setattr(mpxj_schedules, "_CONVERT", "import time; time.sleep(60)")
    monkeypatch.setattr(mpxj_schedules, "CONVERSION_SECONDS", 1)
    with pytest.raises(InputError) as error, mpxj_schedules.readable(written(tmp_path, "plan.mpp", MPP)):
        pass
    assert error.value.code == "ingest.mpxj_slow"


@pytest.mark.parametrize("form", ["MPX", "PMXML"])
def test_through_mpxj(data_dir: DataDir, tmp_path: Path, form: str) -> None:
    """mpxj itself writes the files here; it can read MPP but not write it."""
    if not mpxj_schedules.is_installed():
        pytest.skip("mpxj is not installed here: pip install -r requirements-mpxj.txt, and a Java runtime")
    (tmp_path / "plan.xml").write_text(WHOLE)
    command = [sys.executable, "-c", mpxj_schedules._CONVERT, "plan.xml", "plan.out", "512", form]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    content = (tmp_path / "plan.out").read_bytes()
    rows = landed_rows(data_dir, load(data_dir, "plan-2026-01-31.x", content, project="P7")[0])
    days = dict(rows.select("name", "duration_days").iter_rows())
    assert (days["Design"], days["Code"], days["Live"]) == (5, 4.5, 0)
    links = rows.filter(pl.col("name") == "Code")["predecessors"][0].to_list()
    design = rows.filter(pl.col("name") == "Design")["task_id"][0]
    assert f"{design}FS+3d" in links
    assert str(rows.filter(pl.col("name") == "Design")["actual_start"][0]) == "2026-01-05"


def test_what_mpxj_cannot_read_says_so(data_dir: DataDir) -> None:
    if not mpxj_schedules.is_installed():
        pytest.skip("mpxj is not installed here: pip install -r requirements-mpxj.txt, and a Java runtime")
    assert codes(load(data_dir, "plan.mpp", MPP)[0]) == ["ingest.mpxj_failed"]
