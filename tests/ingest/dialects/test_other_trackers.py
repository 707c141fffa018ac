"""One small export of each tracker that is one YAML file and nothing else, written by hand from public descriptions.

Expected values are worked out in the comments. Times without a zone are of Asia/Shanghai, eight hours ahead of UTC.
"""
# ruff: noqa: E501 (a line of an export is one line)

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

import polars as pl
import pytest
import xlsxwriter

from models.builds.data_dir import DataDir
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.schema import GENERIC
from tests.ingest.exports import codes, landed_rows, load


@dataclass(frozen=True)
class Export:
    """columns: whose landed values are compared, row by row."""

    tool: str
    text: str | bytes
    columns: tuple[str, ...]
    rows: list[tuple]
    feed: str = "issues"
    name: str = "export.csv"


def _at(*moment: int) -> dt.datetime:
    return dt.datetime(*moment)


def _board() -> bytes:
    """A board as a workbook: a title, and of each group its name, the header, items and a row of sums."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Harbor")
        header = [
            "Name",
            "Subitems",
            "Owner",
            "Status",
            "Due date",
            "Item ID (auto generated)",
            "Creation log",
            "Time tracking",
        ]
        rows = [
            ["Harbor board"],
            [],
            ["Sprint 1"],
            header,
            ["Crane stops", "", "Ada", "Stuck", "2026-03-10", "7001", "Ada One Mar 2, 2026 9:00 AM", "1:30:00"],
            ["Gate opens", "", "Ben", "Done", "2026-03-11", "7002", "Ben Two Mar 3, 2026 2:15 PM", "0:45:00"],
            ["", "", "", "", "2026-03-10 to 2026-03-11", "", "", "2:15:00"],
        ]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


EXPORTS = {
    # Hours, not seconds. The title stands under its level: Fix (3) is below Pay (2) below Shop (1), and Old again below Shop.
    # Removed work is cancelled. 9 o'clock in Shanghai is 1 o'clock UTC.
    "Azure DevOps, a tree": Export(
        "azure_devops",
        "ID,Work Item Type,Title 1,Title 2,Title 3,State,Severity,Priority,Original Estimate,Completed Work,Remaining Work,"
        "Created Date,Area Path,Iteration Path\n"
        "11,Epic,Shop,,,New,,2,,,,2026-03-02 09:00:00,Harbor\\Web,Harbor\\R1\\S1\n"
        "12,Product Backlog Item,,Pay,,Committed,,1,,,,2026-03-02 09:00:00,Harbor\\Web,Harbor\\R1\\S1\n"
        "13,Bug,,,Fix,Active,1 - Critical,1,6,2.5,4,2026-03-02 09:00:00,Harbor\\Web,Harbor\\R1\\S1\n"
        "14,Bug,,Old,,Removed,3 - Medium,4,,,,2026-03-02 09:00:00,Harbor,Harbor\n",
        ("issue_key", "parent_key", "summary", "issue_type", "status_category", "severity", "priority", "project", "module", "sprints",
         "original_estimate_hours", "time_spent_hours", "remaining_estimate_hours", "created_at"),
        [
            ("11", None, "Shop", "epic", "to_do", None, "high", "Harbor", "Web", ["R1\\S1"], None, None, None, _at(2026, 3, 2, 1)),
            ("12", "11", "Pay", "requirement", "in_progress", None, "highest", "Harbor", "Web", ["R1\\S1"], None, None, None, _at(2026, 3, 2, 1)),
            ("13", "12", "Fix", "defect", "in_progress", "fatal", "highest", "Harbor", "Web", ["R1\\S1"], 6.0, 2.5, 4.0, _at(2026, 3, 2, 1)),
            ("14", "11", "Old", "defect", "cancelled", "normal", "low", "Harbor", None, None, None, None, None, _at(2026, 3, 2, 1)),
        ],
    ),
    # The same query as a flat list: one title, the parent in a column, times in hours; two values prove no unit.
    "Azure DevOps, a flat list": Export(
        "azure_devops",
        "ID,Work Item Type,Title,State,Parent,Team Project,Original Estimate,Completed Work\n"
        "12,Task,Form,Closed,11,Harbor,8,10\n"
        "13,Bug,Sum,New,,Harbor,3,\n",
        ("issue_key", "parent_key", "summary", "issue_type", "status_category", "project", "original_estimate_hours", "time_spent_hours"),
        [
            ("12", "11", "Form", "task", "done", "Harbor", 8.0, 10.0),
            ("13", None, "Sum", "defect", "to_do", "Harbor", 3.0, None),
        ],
    ),
    # Number 4 of two repositories are two issues; a label that GitHub gives every repository says what an issue is.
    "GitHub, a project's view": Export(
        "github",
        "Title\tURL\tAssignees\tStatus\tLabels\tLinked pull requests\tRepository\tMilestone\tEstimate\n"
        "Crash\thttps://github.com/harbor/web/issues/4\tada\tIn review\tbug, urgent\t\tharbor/web\tM1\t3\n"
        "Export\thttps://github.com/harbor/api/issues/4\tben\tTodo\tenhancement\t\tharbor/api\tM1\t\n",
        ("issue_key", "project", "issue_type", "status_category", "labels", "sprints", "story_points", "assignee"),
        [
            ("web#4", "harbor/web", "defect", "in_progress", ["bug", "urgent"], ["M1"], 3.0, "ada"),
            ("api#4", "harbor/api", "requirement", "to_do", ["enhancement"], ["M1"], None, "ben"),
        ],
        name="view.tsv",
    ),
    # Times are seconds: 14400 s are 4 h, 5400 s are 1.5 h. The zone stands in the header. The project is in the address alone.
    "GitLab issues": Export(
        "gitlab",
        "Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Assignee Username,Confidential,Locked,Due Date,"
        "Created At (UTC),Updated At (UTC),Closed At (UTC),Milestone,Weight,Labels,Time Estimate,Time Spent\n"
        "Crash,,4,https://git.example.org/harbor/web/-/issues/4,Closed,Ada One,ada,Ben Two,ben,No,No,2026-03-31,"
        "2026-03-02 23:30:00,2026-03-05 10:00:00,2026-03-05 10:00:00,M1,3,\"type::bug,web\",14400,5400\n"
        "Page,,5,https://git.example.org/harbor/web/-/issues/5,Open,Ada One,ada,,,No,No,,2026-03-03 08:00:00,"
        "2026-03-03 08:00:00,,M1,,feature,0,0\n",
        ("issue_key", "project", "issue_type", "status_category", "assignee", "reporter", "created_at", "closed_at",
         "original_estimate_hours", "time_spent_hours", "story_points"),
        [
            ("4", "harbor/web", "defect", "done", "ben", "ada", _at(2026, 3, 2, 23, 30), _at(2026, 3, 5, 10), 4.0, 1.5, 3.0),
            ("5", "harbor/web", "requirement", "to_do", None, "ada", _at(2026, 3, 3, 8), None, 0.0, 0.0, None),
        ],
    ),
    # The parent is printed with kind and number; the sum of a parent and its children is not its own time (2.00 of 14.50).
    "Redmine issues": Export(
        "redmine",
        "#,Project,Tracker,Parent task,Status,Priority,Subject,Author,Assignee,Updated,Category,Target version,Start date,Due date,"
        "Estimated time,Total estimated time,Spent time,Total spent time,% Done,Created,Closed,Related issues,Private\n"
        "31,Harbor,Feature,,In Progress,Normal,Pay,Ada,Ben,2026-03-10 09:00,Web,1.0,2026-03-01,2026-03-31,0.00,16.00,2.00,14.50,50,"
        "2026-03-02 09:00,,,No\n"
        "32,Harbor,Bug,Feature #31,Rejected,Urgent,No bug,Ada,Ben,2026-03-10 09:00,Web,1.0,2026-03-01,,8.00,8.00,12.50,12.50,0,"
        "2026-03-02 09:00,2026-03-09 09:00,,No\n",
        ("issue_key", "parent_key", "issue_type", "status_category", "priority", "module", "fix_versions", "time_spent_hours", "closed_at"),
        [
            ("31", None, "requirement", "in_progress", "medium", "Web", ["1.0"], 2.0, None),
            ("32", "31", "defect", "cancelled", "highest", "Web", ["1.0"], 12.5, _at(2026, 3, 9, 1)),
        ],
    ),
    "Redmine issues, in Chinese": Export(
        "redmine",
        "#,项目,跟踪,父任务,状态,优先级,主题,作者,指派给,更新于,类别,目标版本,开始日期,计划完成日期,预期时间,耗时,% 完成,创建于,结束日期\n"
        "31,港口,错误,功能 #30,已解决,紧急,闪退,张三,李四,2026-03-10 09:00,支付,1.0,2026-03-01,2026-03-31,8.00,2.50,50,2026-03-02 09:00,\n",
        ("issue_key", "parent_key", "issue_type", "status_category", "priority", "assignee", "original_estimate_hours", "time_spent_hours", "due_on"),
        [("31", "30", "defect", "done", "highest", "李四", 8.0, 2.5, dt.date(2026, 3, 31))],
    ),
    # A comma is the decimal mark of this server's language.
    "Redmine time entries": Export(
        "redmine",
        "Project,Date,User,Activity,Issue,Comment,Hours\n"
        'Harbor,2026-03-02,Ada,Development,Bug #32: crash,fix,"1,25"\n'
        'Harbor,2026-03-03,Ben,Testing,,check,"7,50"\n',
        ("project", "work_date", "person", "activity", "issue_key", "hours"),
        [
            ("Harbor", dt.date(2026, 3, 2), "Ada", "development", "32", 1.25),
            ("Harbor", dt.date(2026, 3, 3), "Ben", "test", None, 7.5),
        ],
        feed="worklogs",
    ),
    # A day has 8 hours, a week 40: 1w 2d are 56 h. The state says the resolution too.
    "YouTrack": Export(
        "youtrack",
        '"Issue Id","Project","Tags","Summary","Reporter","Created","Updated","Resolved","Priority","Type","State","Assignee",'
        '"Subsystem","Fix versions","Affected versions","Estimation","Spent time"\n'
        '"HB-1","Harbor","","Crash","ada","02 Mar 2026 09:00","10 Mar 2026 09:00","10 Mar 2026 09:00","Show-stopper","Bug",'
        '"Fixed","ben","Web","1.0","","1w 2d","1h 30m"\n'
        '"HB-2","Harbor","","Typo","ada","02 Mar 2026 09:00","10 Mar 2026 09:00","10 Mar 2026 09:00","Minor","Cosmetics",'
        '"Won\'t fix","ben","Web","","","",""\n'
        '"HB-3","Harbor","","Idea","ada","02 Mar 2026 09:00","10 Mar 2026 09:00","","Normal","Feature","To be discussed","","","",'
        '"","",""\n',
        ("issue_key", "issue_type", "status_category", "resolution", "priority", "module", "original_estimate_hours", "time_spent_hours"),
        [
            ("HB-1", "defect", "done", "fixed", "highest", "Web", 56.0, 1.5),
            ("HB-2", "defect", "done", "wont_fix", "low", "Web", None, None),
            ("HB-3", "requirement", "to_do", None, "medium", None, None, None),
        ],
    ),
    # 1н 1д: a week of 40 hours and a day of 8.
    "YouTrack, in Russian": Export(
        "youtrack",
        "ID задачи,Проект,Теги,Заголовок,Автор,Создана,Обновлена,Завершена,Приоритет,Тип,Состояние,Исполнитель,Подсистема,"
        "Версии исправления,Затронутые версии,Оценка,Затраченное время\n"
        "HB-1,Порт,,Сбой,ada,2026-03-02 09:00,2026-03-10 09:00,2026-03-10 09:00,Критическая,Ошибка,Исправлена,ben,Сеть,1.0,,1н 1д,2ч 30м\n"
        "HB-2,Порт,,Идея,ada,2026-03-02 09:00,2026-03-10 09:00,,Обычная,Новая функция,Открыта,,,,,,\n",
        ("issue_key", "issue_type", "status_category", "resolution", "priority", "original_estimate_hours", "time_spent_hours", "resolved_at"),
        [
            ("HB-1", "defect", "done", "fixed", "high", 48.0, 2.5, _at(2026, 3, 10, 1)),
            ("HB-2", "requirement", "to_do", None, "medium", None, None, None),
        ],
    ),
    "Linear": Export(
        "linear",
        '"ID","Team","Title","Description","Status","Estimate","Priority","Project ID","Project","Creator","Assignee","Labels",'
        '"Cycle Number","Cycle Name","Created","Updated","Started","Triaged","Completed","Canceled","Archived","Due Date",'
        '"Parent issue","SLA Status"\n'
        '"HB-1","Harbor","Crash","","Done","2","Urgent","p","Web","ada","ben","Bug","3","Cycle 3",'
        '"Mon Mar 02 2026 09:00:00 GMT+0000 (GMT)","Tue Mar 10 2026 09:00:00 GMT+0000 (GMT)","","",'
        '"Tue Mar 10 2026 09:00:00 GMT+0000 (GMT)","","","2026-03-31","",""\n'
        '"HB-2","Harbor","Idea","","Canceled","","Low","p","Web","ada","","Feature","","",'
        '"Mon Mar 02 2026 09:00:00 GMT+0000 (GMT)","Tue Mar 10 2026 09:00:00 GMT+0000 (GMT)","","","",'
        '"Tue Mar 10 2026 09:00:00 GMT+0000 (GMT)","","","HB-1",""\n',
        ("issue_key", "project", "issue_type", "status_category", "priority", "sprints", "story_points", "parent_key", "created_at", "resolved_at"),
        [
            ("HB-1", "Web", "defect", "done", "highest", ["Cycle 3"], 2.0, None, _at(2026, 3, 2, 9), _at(2026, 3, 10, 9)),
            ("HB-2", "Web", "requirement", "cancelled", "low", None, None, "HB-1", _at(2026, 3, 2, 9), None),
        ],
    ),
    # Moments and times in milliseconds: 1772442000000 ms are 2026-03-02 09:00 UTC, 5400000 ms are 1.5 h.
    "ClickUp tasks": Export(
        "clickup",
        "Task Type,Task ID,Task Custom ID,Task Name,Task Content,Status,Date Created,Date Created Text,Due Date,Due Date Text,"
        "Parent ID,Attachments,Assignees,Tags,Priority,List Name,Folder Name/Path,Space Name,Time Estimated,Time Estimated Text,"
        "Comments,Assigned Comments,Time Spent,Time Spent Text,Rolled Up Time,Rolled Up Time Text\n"
        'Bug,8ab1,HB-1,Crash,x,closed,1772442000000,"3/2/2026, 9:00:00 AM GMT",,,null,[],[Ben],"[web, urgent]",1,Sprint 1,Pay,Harbor,'
        "28800000,8 h,[],[],5400000,1 h 30 m,9000000,2 h 30 m\n"
        'Task,8ab2,HB-2,Menu,x,in progress,1772442000000,"3/2/2026, 9:00:00 AM GMT",,,8ab1,[],[],[],4,Sprint 1,Pay,Harbor,'
        ",,[],[],3600000,1 h,3600000,1 h\n",
        ("issue_key", "issue_type", "status_category", "priority", "project", "module", "sprints", "labels", "assignee", "parent_key",
         "created_at", "original_estimate_hours", "time_spent_hours"),
        [
            ("8ab1", "defect", "done", "highest", "Harbor", "Pay", ["Sprint 1"], ["web", "urgent"], "Ben", None, _at(2026, 3, 2, 9), 8.0, 1.5),
            ("8ab2", "task", "in_progress", "low", "Harbor", "Pay", ["Sprint 1"], None, None, "8ab1", _at(2026, 3, 2, 9), None, 1.0),
        ],
    ),
    # 1772442000000 ms are 2026-03-02 17:00 in Shanghai, the same day; 2700000 ms are 0.75 h.
    "ClickUp time entries": Export(
        "clickup",
        "User ID,Username,Time Entry ID,Description,Billable,Time Labels,Start,Start Text,Stop,Stop Text,Time Tracked,"
        "Time Tracked Text,Space ID,Space Name,Folder Name,List Name,Task ID,Task Name,Task Status\n"
        '7,Ada,t1,fix,false,[development],1772442000000,"03/02/2026, 9:00:00 AM GMT",1772444700000,"03/02/2026, 9:45:00 AM GMT",'
        "2700000,45 m,1,Harbor,Pay,Sprint 1,8ab1,Crash,closed\n",
        ("source_id", "project", "issue_key", "person", "activity", "work_date", "hours", "module"),
        [("t1", "Harbor", "8ab1", "Ada", "development", dt.date(2026, 3, 2), 0.75, "Pay")],
        feed="worklogs",
    ),
    # What is done says the day of completion, not the section; the parent is named by its title.
    "Asana": Export(
        "asana",
        "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,Notes,"
        "Projects,Parent task,Blocked By (Dependencies),Blocking (Dependencies)\n"
        "1201,2026-03-02,2026-03-10,2026-03-10,Crash,Sprint 1,Ada,ada@example.org,,2026-03-31,bug,,Harbor,,,\n"
        "1202,2026-03-03,,2026-03-10,Retest,In Progress,,ben@example.org,,,,,Harbor,Crash,,\n"
        "1203,2026-03-03,,2026-03-10,Manual,Done,,,,,,,Harbor,,,\n",
        ("issue_key", "project", "issue_type", "status_category", "assignee", "parent_key", "resolved_at"),
        [
            ("1201", "Harbor", "defect", "done", "Ada", None, _at(2026, 3, 9, 16)),  # midnight in Shanghai
            ("1202", "Harbor", None, "in_progress", "ben@example.org", "1201", None),
            ("1203", "Harbor", None, "to_do", None, None, None),
        ],
    ),
    # Every row is a defect. Zeros before a number stay: they are the key as people write it.
    "MantisBT": Export(
        "mantis",
        "Id,Project,Reporter,Assigned To,Priority,Severity,Reproducibility,Product Version,Projection,Category,Date Submitted,ETA,OS,"
        "OS Version,Platform,View Status,Updated,Summary,Status,Resolution,Fixed in Version\n"
        "0000041,Harbor,ada,ben,urgent,crash,always,1.0,none,Web,2026-03-02,none,,,,public,2026-03-05,Crash,resolved,fixed,1.1\n"
        "0000042,Harbor,ada,,normal,tweak,have not tried,1.0,none,Web,2026-03-03,none,,,,public,2026-03-03,Color,acknowledged,open,\n",
        ("issue_key", "issue_type", "status_category", "resolution", "severity", "priority", "module", "fix_versions", "created_at"),
        [
            ("0000041", "defect", "done", "fixed", "fatal", "high", "Web", ["1.1"], _at(2026, 3, 1, 16)),
            ("0000042", "defect", "to_do", None, "minor", "medium", "Web", None, _at(2026, 3, 2, 16)),
        ],
    ),
    "MantisBT, in Chinese": Export(
        "mantis",
        "编号,项目,报告员,分派给,优先级,严重性,出现频率,产品版本,分类,报告日期,查看权限,更新日期,摘要,状态,处理状况,修正版本\n"
        "0000041,港口,张三,李四,紧急,宕机,总是,1.0,网页,2026-03-02,公开,2026-03-05,闪退,已解决,已修正,1.1\n",
        ("issue_key", "issue_type", "status_category", "resolution", "severity", "fix_versions", "assignee"),
        [("0000041", "defect", "done", "fixed", "fatal", ["1.1"], "李四")],
    ),
    # --- is no resolution; an enhancement is no defect.
    "Bugzilla": Export(
        "bugzilla",
        '"Bug ID","Product","Component","Assignee","Status","Resolution","Summary","Changed","Severity","BuildView","Priority"\n'
        '51,"Harbor","Web","ben","RESOLVED","FIXED","Crash","2026-03-10 09:00:00","blocker","2026-03-02 09:00:00","P1"\n'
        '52,"Harbor","Web","ben","CONFIRMED","---","Menu","2026-03-10 09:00:00","normal","2026-03-02 09:00:00","P3"\n'
        '53,"Harbor","Web","ben","UNCONFIRMED","---","Idea","2026-03-10 09:00:00","enhancement","2026-03-02 09:00:00","P5"\n',
        ("issue_key", "project", "issue_type", "status_category", "resolution", "severity", "priority", "updated_at"),
        [
            ("51", "Harbor", "defect", "done", "fixed", "fatal", "highest", _at(2026, 3, 10, 1)),
            ("52", "Harbor", "defect", "to_do", None, "normal", "medium", _at(2026, 3, 10, 1)),
            ("53", "Harbor", "requirement", "to_do", None, "suggestion", "lowest", _at(2026, 3, 10, 1)),
        ],
    ),
    # The name of the group, the header and the row of sums are no items. 1:30:00 is 1.5 h. 9:00 in Shanghai is 1:00 UTC.
    "monday.com": Export(
        "monday",
        _board(),
        ("issue_key", "summary", "status_category", "assignee", "time_spent_hours", "due_on", "created_at"),
        [
            ("7001", "Crane stops", "in_progress", "Ada", 1.5, dt.date(2026, 3, 10), _at(2026, 3, 2, 1)),
            ("7002", "Gate opens", "done", "Ben", 0.75, dt.date(2026, 3, 11), _at(2026, 3, 3, 6, 15)),
        ],
        name="board.xlsx",
    ),
    "飞书项目": Export(
        "feishu_project",
        "工作项ID,工作项类型,名称,状态,优先级,严重程度,业务线,规划迭代,规划版本,当前负责人,经办人,报告人,创建时间,解决时间,解决方法,发现阶段,估分\n"
        "9001,缺陷,闪退,已解决,P0,致命,支付,迭代三,1.0,,李四,张三,2026-03-02 09:00,2026-03-03 09:00,已修复,系统测试,\n"
        "9002,需求,导出,进行中,P2,,支付,迭代三,1.0,王五,,张三,2026-03-02 09:00,,,,5\n",
        ("issue_key", "issue_type", "status_category", "priority", "severity", "module", "sprints", "assignee", "reporter", "resolution",
         "found_in_phase", "story_points", "resolved_at"),
        [
            ("9001", "defect", "done", "highest", "fatal", "支付", ["迭代三"], "李四", "张三", "fixed", "sit", None, _at(2026, 3, 3, 1)),
            ("9002", "requirement", "in_progress", "medium", None, "支付", ["迭代三"], "王五", "张三", None, None, 5.0, None),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EXPORTS)
def test_an_export_lands(data_dir: DataDir, case: str) -> None:
    export = EXPORTS[case]
    entry = next(
        report_entry for report_entry in load(data_dir, export.name, export.text) if report_entry["feed"] == export.feed
    )
    assert (entry["system"], entry["status"]) == (export.tool, "landed"), entry["reasons"]
    assert entry["unknown_words"] == {}
    rows = landed_rows(data_dir, entry).sort("source_row").select(export.columns)
    assert (
        rows.with_columns(pl.selectors.float().round(9)).rows() == export.rows
    )  # 28,800,000 ms as a product of floats
    assert "ingest.two_columns" not in codes(entry)


ALIKE = {
    "headers",
    "marks",
    "rank",
    "told_by",
    "defaults",
    "units",
    "page_sizes",
}  # whatever they say, one code reads it


def _columns_beside_the_key() -> dict[str, list[tuple[str, str, list[str]]]]:
    """{tool: (feed, column, its header row)}: each column of each table, once for all tables that are read by the same code."""
    cases, seen = {}, set()
    for name, tool in sorted(dialects().tools.items()):
        if name == GENERIC:
            continue
        cases[name] = []
        for table in tool.tables:
            read_by = (sorted(tool.quirks), table.model_dump_json(exclude=ALIKE))
            named = {column: headers for by_column in table.headers.values() for column, headers in by_column.items()}
            first = next(iter(named.values()), ["Date"])[0]
            others = {column: headers[0] for column, headers in named.items() if headers[0] != first}
            new = [column for column in others if (table.feed, column, str(read_by)) not in seen]
            for column in new or list(others)[:1]:
                seen.add((table.feed, column, str(read_by)))
                cases[name].append((table.feed, column, [first, others[column], *table.marks[:2]]))
    return cases


COLUMNS = _columns_beside_the_key()


@pytest.mark.whole  # four hundred files
@pytest.mark.parametrize("tool", COLUMNS)
def test_a_handful_of_its_columns_is_no_fault_of_ours(data_dir: DataDir, tool: str) -> None:
    """Whoever exports chooses columns: a key and any one other column are read, or refused with a reason."""
    for feed, column, header in COLUMNS[tool]:
        lines = [header, ["HB-1", "x", *["y"] * len(header[2:])]]
        text = "\n".join(";".join(f'"{cell}"' for cell in line) for line in lines)
        entries = load(data_dir, f"{column}.csv", text, feed=feed, dry_run=True)
        assert "ingest.unexpected" not in [code for entry in entries for code in codes(entry)], (feed, column)


def test_every_tracker_of_one_file_has_its_export() -> None:
    """Tools whose words and marks are tested beside their languages, forms and readers stand in files of their own."""
    elsewhere = {
        "clockify", "codearts", "datev", "dingtalk", "feishu", "ganttproject", "generic", "gnucash", "harvest", "jira", "kimai",
        "kingdee", "odoo", "ones", "pingcode", "primavera", "projectlibre", "quickbooks", "sap", "tapd", "tempo", "toggl", "yonyou", "yunxiao",
        "zentao",
    }  # fmt: skip
    elsewhere |= {
        name for name, tool in dialects().tools.items() if tool.reports
    }  # test_run_reports, test_coverage_reports
    assert {export.tool for export in EXPORTS.values()} | elsewhere == set(dialects().tools)


def test_an_address_that_names_no_issue_stays(data_dir: DataDir) -> None:
    text = EXPORTS["GitHub, a project's view"].text.replace("https://github.com/harbor/web/issues/4", "draft")
    entry = load(data_dir, "view.tsv", text)[0]
    assert landed_rows(data_dir, entry).filter(pl.col("summary") == "Crash")["issue_key"].to_list() == ["draft"]
