"""A list with numbers, names and states is not a list of issues because of them: its own feed, or a question, or refused."""
# ruff: noqa: E501 (a list stands on one line)

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from tests.ingest.exports import codes, landed_rows, load

OTHER_LISTS = {
    "people.csv": "编号,姓名,部门,职位,入职日期,状态\n1,甲,研发,工程师,2024-01-02,在职\n2,乙,研发,工程师,2024-01-02,在职\n",
    "members.csv": "ID,姓名,邮箱,角色,创建时间,更新时间\n1,甲,a@example.org,成员,2026-01-02,2026-01-02\n",
    "users.csv": "id,name,email,status,created_at\n1,Ada,a@example.org,active,2026-01-02\n2,Ben,b@example.org,active,2026-01-02\n",
    "resources.csv": "标识号,资源名称,类型,最大单位,标准费率,加班费率\n1,甲,工时,100%,0,0\n2,乙,工时,100%,0,0\n",
    "pool.csv": "ID,Name,Default role,e-mail,Phone,Standard rate,Total cost\n0,Ada,Default:0,,,0,0\n1,Ben,Default:0,,,0,0\n",
    "clock.csv": "编号,姓名,日期,上班时间,下班时间,状态\n1,甲,2026-03-02,09:00,18:00,正常\n2,乙,2026-03-02,09:00,18:00,迟到\n",
    "meetings.csv": "编号,会议主题,会议日期,主持人,参会人员,决议,责任人,状态,截止日期\n1,周会,2026-03-02,甲,乙,修改,乙,进行中,2026-03-09\n",
    "assets.csv": "编号,名称,型号,数量,状态,责任人,购置日期\nA-1,服务器,X,1,在用,甲,2025-01-01\nA-2,交换机,Y,2,在用,甲,2025-01-01\n",
    "machines.csv": "Asset tag,Name,Serial number,Status,Owner,Location\nA-1,web,X1,in use,ada,rack 1\nA-2,db,X2,in use,ada,rack 2\n",
    "suppliers.csv": "编号,供应商名称,联系人,电话,状态\n1,甲,张,1,合作\n2,乙,李,2,合作\n",
    "documents.csv": "编号,文档名称,版本,状态,作者,更新时间\n1,需求说明,1.0,已发布,甲,2026-01-02\n2,设计,1.0,草稿,乙,2026-01-02\n",
    "deals.csv": "ID,Name,Status,Owner,Amount,Created\n1,Alpha,won,ada,100,2026-01-02\n2,Beta,lost,ada,200,2026-01-02\n",
    "customers.csv": "id,name,status,owner,created\n1,Alpha,active,ada,2026-01-02\n2,Beta,active,ada,2026-01-02\n",
    "board.csv": "Name,Status,Date,Owner\nAlpha,Done,2026-01-02,ada\nBeta,Stuck,2026-01-03,ada\n",
    "builds.csv": "Run ID,Name,Status,Started,Duration\n1,build,success,2026-01-02,10\n2,deploy,failed,2026-01-03,10\n",
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_LISTS)
def test_no_other_register_lands_as_issues_or_tests(data_dir: DataDir, name: str) -> None:
    for entry in load(data_dir, name, OTHER_LISTS[name]):
        assert entry["status"] == "refused" or entry["feed"] in ("people", "attendance"), entry["feed"]
        if entry["status"] == "refused":
            assert codes(entry) in (["ingest.kind_unsure"], ["ingest.not_recognized"], ["ingest.several_feeds"])


def test_who_is_asked_sees_the_candidates_and_the_answer_lands_it(data_dir: DataDir) -> None:
    asked = load(data_dir, "customers.csv", OTHER_LISTS["customers.csv"])[0]
    assert asked["status"] == "refused" and asked["questions"][0]["code"] == "feed"
    assert "issues" in asked["questions"][0]["choices"]
    told = load(data_dir, "customers.csv", OTHER_LISTS["customers.csv"], feed="issues")[0]
    assert (told["status"], told["rows_accepted"]) == ("landed", 2)


PLAIN_ISSUES = {
    "tracker.csv": "id,title,status,priority,assignee,created\n1,a,open,high,ada,2026-01-02\n2,b,closed,low,ben,2026-01-02\n",
    "问题.csv": "编号,标题,状态,优先级,负责人,创建时间\n1,a,进行中,高,甲,2026-01-02\n2,b,已完成,低,乙,2026-01-02\n",
    "缺陷.csv": "编号,缺陷描述,严重程度,状态,责任人,提出日期\n1,a,严重,打开,甲,2026-01-02\n2,b,一般,已关闭,乙,2026-01-02\n",
    "flow.csv": "id,project,created_date,finished_date\nYB-1,YB,2026-01-02,2026-01-05\nYB-2,YB,2026-01-02,\n",
    "points.csv": "issuekey,title,storypoint\nYB-1,a,3\nYB-2,b,5\n",
    "#.csv": "#,Project,Tracker,Status,Priority,Subject,Author,Created\n7,YB,Bug,New,Normal,a,ada,2026-01-02\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PLAIN_ISSUES)
def test_plain_lists_of_issues_still_are(data_dir: DataDir, name: str) -> None:
    entry = load(data_dir, name, PLAIN_ISSUES[name])[0]
    assert (entry["status"], entry["feed"], entry["rows_quarantined"]) == ("landed", "issues", 0), entry["reasons"]


def test_worklogs_with_all_that_their_issues_hold_are_worklogs(data_dir: DataDir) -> None:
    """5,400 + 1,800 + 7,200 s = 14,400 s = 4 h; the row of nothing but that sum is no worklog."""
    text = (
        "Worklog id,Author,Summary,Work description,Issue,Parent,Project,Started,Assignee,Status,Issue type,Time spent\n"
        "901,Ada,Login,,YB-1,_,YB,2026-03-02T09:00:00.000+0100,Ben,In Progress,Bug,5400\n"
        "902,Ada,Login,,YB-1,_,YB,2026-03-03T09:00:00.000+0100,Ben,In Progress,Bug,1800\n"
        "903,Ben,Menu,,YB-2,_,YB,2026-03-03T10:00:00.000+0100,Ben,Done,Task,7200\n"
        ",_,_,_,_,_,_,_,_,_,_,14400\n"
    )
    entry = load(data_dir, "worklogs.csv", text)[0]
    assert (entry["feed"], entry["rows_accepted"], entry["rows_quarantined"]) == ("worklogs", 3, 0)
    assert landed_rows(data_dir, entry)["hours"].sum() == 4.0
    assert [row["rule"] for row in entry["left_out"]] == ["total_row"]


def test_test_executions_are_test_results(data_dir: DataDir) -> None:
    text = (
        "Issue Key,Test Key,Summary,Status,Executed By,Started On,Finished On\n"
        "YB-50,YB-11,pays,PASS,ada,2026-03-02 09:00,2026-03-02 09:05\n"
        "YB-50,YB-12,refunds,FAIL,ada,2026-03-02 09:10,2026-03-02 09:15\n"
        "YB-50,YB-13,later,TODO,,,\n"
    )
    rows = landed_rows(data_dir, load(data_dir, "run.csv", text)[0])
    assert dict(rows.select("case", "outcome").iter_rows()) == {
        "YB-11": "passed",
        "YB-12": "failed",
        "YB-13": "not_run",
    }


def test_a_table_whose_keys_repeat_is_asked_about(data_dir: DataDir) -> None:
    """An issue has one row: the same key again and again is a list of what was done on it."""
    text = "Issue,Type,Status,Author,Started,Hours\n" + "".join(
        f"YB-{n % 2},Bug,Open,ada,2026-03-0{n},1\n" for n in range(1, 7)
    )
    entry = load(data_dir, "report.csv", text)[0]
    assert entry["feed"] == "worklogs" or codes(entry) == ["ingest.kind_unsure"]
