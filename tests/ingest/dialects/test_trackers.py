"""Exports of ZenTao, TAPD and PingCode, in UTF-8 and in GBK, with their own states, severities and resolutions."""
# ruff: noqa: E501 (a line of an export is one line)

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.data_dir import DataDir
from tests.ingest.exports import landed_rows, load

ZENTAO_BUGS = (
    "Bug编号,所属产品,所属模块,所属项目,所属执行,Bug标题,关键词,严重程度,优先级,Bug类型,重现步骤,Bug状态,激活次数,抄送给,由谁创建,创建日期,"
    "指派给,解决者,解决方案,解决版本,解决日期,关闭日期,相关Bug,最后修改日期,附件\n"
    '5,影像平台(#3),/支付(#31),医保项目(#12),迭代一(#7),登录失败(#5),登录,1,1,代码错误,"<p>[步骤]</p>,<br/>点击",已关闭,1,"p1,p2",p9,'
    "2026-01-05 09:00:00,Closed,p8,已解决,v1.0,2026-01-06 10:00:00,2026-01-07 11:00:00,别的(#4),2026-01-07 11:00:00,\n"
    "6,影像平台(#3),/支付(#31),医保项目(#12),,慢,,2,3,性能问题,,已解决,0,,p9,2026-01-05 09:00:00,p7,p8,延期处理,,2026-01-06 10:00:00,"
    "0000-00-00 00:00:00,,2026-01-06 10:00:00,\n"
    "7,影像平台(#3),/,医保项目(#12),,第三方,,3,2,其他,,激活,0,,p9,2026-01-05 09:00:00,p7,,外部原因,,0000-00-00 00:00:00,"
    "0000-00-00 00:00:00,,2026-01-05 09:00:00,\n"
    "8,影像平台(#3),/,医保项目(#12),,不改,,4,4,其他,,已关闭,0,,p9,2026-01-05 09:00:00,Closed,p8,不予解决,,2026-01-06 10:00:00,"
    "2026-01-07 11:00:00,,2026-01-07 11:00:00,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_zentao_bugs(data_dir: DataDir, encoding: str) -> None:
    entry = load(data_dir, "bug.csv", ZENTAO_BUGS.encode(encoding))[0]
    assert (entry["system"], entry["rows_accepted"], entry["unknown_words"]) == ("zentao", 4, {})
    rows = landed_rows(data_dir, entry).sort("source_row").to_dicts()
    first = rows[0]
    assert first["project"] == "医保项目" and first["module"] == "/支付" and first["sprints"] == ["迭代一"]
    assert first["summary"] == "登录失败(#5)"  # a title keeps its brackets
    assert [row["assignee"] for row in rows] == ["p8", "p7", "p7", "p8"]  # of a closed one, who solved it
    assert first["links"] == ["4"] and first["watchers"] == ["p1", "p2"] and first["fix_versions"] == ["v1.0"]
    assert [row["severity"] for row in rows] == ["fatal", "serious", "normal", "minor"]
    assert [row["priority"] for row in rows] == ["highest", "medium", "high", "low"]
    assert [row["resolution"] for row in rows] == ["fixed", "deferred", "third_party", "wont_fix"]
    assert [row["status_category"] for row in rows] == ["done", "done", "to_do", "done"]
    assert [row["defect_cause"] for row in rows] == ["code", "performance", "other", "other"]
    assert {row["issue_type"] for row in rows} == {"defect"}
    assert first["closed_at"] == dt.datetime(2026, 1, 7, 3) and rows[1]["closed_at"] is None  # 0000-00-00 is no date


def test_zentao_tasks(data_dir: DataDir) -> None:
    tasks = (
        "编号,所属项目,所属执行,所属模块,相关需求,任务名称,任务类型,优先级,实际开始,截止日期,任务状态,最初预计,总计消耗,预计剩余,进度,由谁创建,"
        "创建日期,指派给,由谁完成,实际完成,关闭原因,最后修改日期,父任务\n"
        "10,医保项目(#12),迭代一(#7),/(#1),需求(#9),总,开发,1,0000-00-00,2026-02-01,进行中,8,6,2,75%,p1,2026-01-05,p2,,0000-00-00,,2026-01-06,0\n"
        "11,医保项目(#12),迭代一(#7),/(#1),,>甲,开发,2,2026-01-05,2026-02-01,已完成,4,4,0,100%,p1,2026-01-05,p1,p3,2026-01-06,已完成,2026-01-06,总(#10)\n"
        "12,医保项目(#12),迭代一(#7),/(#1),,>乙,事务,3,0000-00-00,0000-00-00,已取消,4,2,2,50%,p1,2026-01-05,p4,,0000-00-00,已取消,2026-01-06,总(#10)\n"
    )
    entry = load(data_dir, "task.csv", tasks.encode("gb18030"))[0]
    rows = landed_rows(data_dir, entry).sort("source_row").to_dicts()
    assert [row["parent_key"] for row in rows] == [None, "10", "10"]
    assert [row["time_spent_hours"] for row in rows] == [None, 4.0, 2.0]  # the parent's 6 are the children's
    assert [row["assignee"] for row in rows] == ["p2", "p3", "p4"]  # who finished it, else whose it is
    assert [row["status_category"] for row in rows] == ["in_progress", "done", "cancelled"]
    assert rows[1]["summary"] == "甲" and rows[1]["project"] == "医保项目"
    assert "进度" in entry["columns_unmapped"]  # spent effort over its own sum says nothing of what was earned


def test_tapd_bugs(data_dir: DataDir) -> None:
    bugs = (
        "ID,标题,优先级,严重程度,状态,迭代,模块,发现版本,合入版本,处理人,抄送人,创建人,修复人,创建时间,接受处理时间 ,解决时间,关闭时间,最后修改时间,"
        "发现阶段,引入阶段,缺陷根源,解决方法,标签\n"
        "1010,闪退,紧急,致命,已关闭,迭代 3,支付,1.0,1.1,,张三;李四;,王五;,赵六;,2026-01-05 09:00,2026-01-05 10:00,2026-01-06 09:00,2026-01-07 09:00,"
        "2026-01-07 09:00,系统测试,编码,代码错误,延期解决,支付|接口\n"
        "1011,建议,无关紧要,建议,新,,,,,孙七;,,王五;,,2026-01-05 09:00,,,,2026-01-05 09:00,,,,,\n"
    )
    entry = load(data_dir, "tapd.csv", bugs)[0]
    first, second = landed_rows(data_dir, entry).sort("source_row").to_dicts()
    assert entry["system"] == "tapd"
    assert (first["assignee"], second["assignee"], first["reporter"]) == ("赵六", "孙七", "王五")
    assert (
        first["watchers"] == ["张三", "李四"] and first["labels"] == ["支付", "接口"] and first["sprints"] == ["迭代 3"]
    )
    assert (first["severity"], second["severity"]) == ("fatal", "suggestion")
    assert (first["priority"], second["priority"]) == ("highest", "lowest")
    assert first["found_in_phase"] == "sit" and "引入阶段" in entry["columns_unmapped"]
    assert first["resolution"] == "deferred" and first["status_category"] == "done"
    assert first["started_at"] == dt.datetime(2026, 1, 5, 2)


def test_tapd_stories(data_dir: DataDir) -> None:
    stories = (
        "ID,标题,优先级,业务价值,状态,版本,模块,规模,处理人,创建人,预计结束,创建时间,完成时间,迭代,预估工时,完成工时,剩余工时,需求分类,父需求,子需求,进度\n"
        "2010,支付,High,5,已实现,1.0,支付,3,张三;,李四;,2026-02-01,2026-01-05 09:00,2026-01-20 09:00,迭代 3,16,12,4,产品需求,,2011,75%\n"
    )
    entry = load(data_dir, "story.csv", stories)[0]
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert entry["system"] == "tapd" and row["issue_type"] == "requirement" and row["story_points"] == 3.0
    assert (row["original_estimate_hours"], row["time_spent_hours"], row["remaining_estimate_hours"]) == (
        16.0,
        12.0,
        4.0,
    )
    assert row["status_category"] == "done" and "进度" in entry["columns_unmapped"]


def test_pingcode(data_dir: DataDir) -> None:
    items = (
        "编号,标题,类型,状态,优先级,严重程度,负责人,创建人,截止时间,完成时间,创建时间,更新时间,所属项目,迭代,父工作项,故事点,预估工时,已登记工时,剩余工时,标签,"
        "缺陷类别,复现版本,解决方案\n"
        "YB-7,闪退,缺陷,已关闭,最高,严重,张三,李四,2026-02-01,2026-01-08 09:00,2026-01-05 09:00,2026-01-08 09:00,医保,迭代 1,YB-1,,8,6,2,支付,代码错误,1.0,不予解决\n"
    )
    entry = load(data_dir, "pingcode.csv", items)[0]
    row = landed_rows(data_dir, entry).row(0, named=True)
    assert entry["system"] == "pingcode" and row["parent_key"] == "YB-1" and row["project"] == "医保"
    assert (row["issue_type"], row["severity"], row["priority"], row["resolution"]) == (
        "defect",
        "serious",
        "highest",
        "wont_fix",
    )
    assert (row["original_estimate_hours"], row["time_spent_hours"]) == (8.0, 6.0)
