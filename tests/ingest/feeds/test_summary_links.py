"""Links to and from summaries, laid between their tasks; every one by hand."""

from __future__ import annotations

from pathlib import Path

from models.builds.data_dir import DataDir
from pipeline.ingest.feeds.schedule.network.summary_links import expanded
from pipeline.ingest.feeds.schedule.readers.ms_project import read_ms_project
from tests.ingest.exports import landed_rows, load, written
from tests.ingest.feeds.test_schedules_files import link, plan, task

# S sums up the chain A, B and, beside it, C; T sums up X and, after it, Y.
CHAIN = {"B": ["AFS"], "Y": ["XFS+1d"]}
MEMBERS = {"S": ["A", "B", "C"], "T": ["X", "Y"]}


def test_who_follows_a_summary_waits_for_its_last_tasks() -> None:
    assert expanded({**CHAIN, "D": ["SFS+2d"]}, MEMBERS)["D"] == ["BFS+2d", "CFS+2d"]
    # B could begin before A is done: A may well be the last to finish.
    assert expanded({"B": ["AFS-3d"], "D": ["SFS"]}, MEMBERS)["D"] == ["AFS", "BFS", "CFS"]


def test_a_link_to_a_summary_holds_its_first_tasks() -> None:
    found = expanded({**CHAIN, "S": ["DFS"]}, MEMBERS)
    assert found == {"A": ["DFS"], "B": ["AFS"], "C": ["DFS"], "Y": ["XFS+1d"]}


def test_between_two_summaries_only_their_ends_meet() -> None:
    found = expanded({**CHAIN, "T": ["SFS"]}, MEMBERS)
    assert found["X"] == ["BFS", "CFS"] and found["Y"] == ["XFS+1d"]


def test_a_summary_begins_with_the_first_of_its_tasks() -> None:
    starts = {"A": "2026-03-09", "C": "2026-03-02"}
    assert expanded({**CHAIN, "D": ["SSS+1d"]}, MEMBERS, starts)["D"] == ["CSS+1d"]
    assert expanded({**CHAIN, "D": ["SSS"]}, MEMBERS)["D"] == ["ASS", "CSS"]
    assert expanded({**CHAIN, "D": ["SFF"]}, MEMBERS)["D"] == ["BFF", "CFF"]


def test_a_task_that_waits_for_the_summary_that_holds_it_keeps_its_fault() -> None:
    assert expanded({"A": ["SFS", "DFS"]}, MEMBERS) == {"A": ["SFS", "DFS"]}
    assert expanded({"S": ["AFS"]}, MEMBERS) == {}


def test_summaries_of_microsoft_project(tmp_path: Path) -> None:
    content = plan(
        task(1, "Build", Summary="1"),
        task(2, "Pumps", 2, Summary="1", more=link(9, 1)),
        task(3, "Order", 3, Start="2026-01-12T08:00:00"),
        task(4, "Mount", 3, Start="2026-01-19T08:00:00", more=link(3, 1)),
        task(5, "Paint", 2, Start="2026-01-12T08:00:00"),
        task(6, "Test", more=link(1, 1, 4800)),
        task(7, "Report", more=link(2, 3)),
        task(9, "Permit"),
    )
    rows = read_ms_project(written(tmp_path, "plan.xml", content)).rows
    assert dict(rows.select("task_id", "predecessors").rows()) == {
        "3": ["9FS"], "4": ["3FS"], "5": None, "6": ["4FS+1d", "5FS+1d"], "7": ["3SS"], "9": None,
    }  # fmt: skip


TABLE = """标识号,大纲级别,任务名称,工期,开始时间,完成时间,前置任务,完成百分比
1,1,建设,10 个工作日,2026年1月5日,2026年1月16日,6,0%
2,2,设计,5 个工作日,2026年1月5日,2026年1月9日,,0%
3,2,开发,5 个工作日,2026年1月12日,2026年1月16日,2,0%
4,1,测试,5 个工作日,2026年1月19日,2026年1月23日,1FS+1 个工作日,0%
6,1,批准,1 个工作日,2026年1月2日,2026年1月2日,,0%
"""


def test_summaries_of_a_table_with_outline_levels(data_dir: DataDir) -> None:
    rows = landed_rows(data_dir, load(data_dir, "计划-2026-01-01.csv", TABLE, project="P1")[0])
    assert dict(rows.select("task_id", "predecessors").rows()) == {
        "2": ["6FS"], "3": ["2FS"], "4": ["3FS+1d"], "6": None,
    }  # fmt: skip


def test_summaries_of_a_table_with_outline_numbers(data_dir: DataDir) -> None:
    numbered = TABLE.replace("大纲级别", "大纲数字")
    for line, number in zip((1, 2, 3, 4, 6), ("1", "1.1", "1.2", "2", "3"), strict=True):
        head = numbered.index(f"\n{line},") + 1
        end = numbered.index(",", numbered.index(",", head) + 1)
        numbered = f"{numbered[:head]}{line},{number}{numbered[end:]}"
    rows = landed_rows(data_dir, load(data_dir, "计划-2026-01-01.csv", numbered, project="P1")[0])
    assert dict(rows.select("task_id", "predecessors").rows())["4"] == ["3FS+1d"]
