"""Small portfolios for page tests, written as exports and loaded through ingest like anybody's.

healthy: one software project whose every level holds. critical: the same project with CPI below 0.9 and coverage
below 80 %. empty_project: a project of which nothing but its name is known. nothing_published: an empty data folder.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from models.builds.data_dir import DataDir
from tests.sample_walk import SampleWalk


def sample_portfolio(data_dir: DataDir) -> None:
    SampleWalk(data_dir).run(0)


def healthy(data_dir: DataDir) -> None:
    _load_and_build(data_dir, _project() | _work(lines_covered=9_000, cost_each_month=95_000))


def critical(data_dir: DataDir) -> None:
    _load_and_build(data_dir, _project() | _work(lines_covered=7_000, cost_each_month=125_000))


def empty_project(data_dir: DataDir) -> None:
    _load_and_build(data_dir, _project())


def nothing_published(data_dir: DataDir) -> None:
    """Nothing to do: the folder is empty."""


WORLDS: dict[str, Callable[[DataDir], None]] = {
    "healthy": healthy,
    "critical": critical,
    "empty_project": empty_project,
    "nothing_published": nothing_published,
}


def _load_and_build(data_dir: DataDir, exports: dict[str, str]) -> None:
    from pipeline.ingest import LoadOptions, load_paths
    from pipeline.refresh.refreshing import refresh

    folder = data_dir.root / "exports"
    folder.mkdir()
    for feed, text in exports.items():
        path = folder / f"{feed}.csv"
        path.write_text(text, encoding="utf-8")
        entries = load_paths(data_dir, [path], LoadOptions(feed=feed))
        assert [entry.status for entry in entries] == ["landed"], entries
    assert refresh(data_dir).status == "published"


def _project() -> dict[str, str]:
    return {
        "projects": (
            "project_key,name,customer,delivery_profile,method,start_on,contract_finish_on,contingency_reserve,currency\n"
            "QT,轻舟项目,建设单位甲,software,waterfall,2026-01-01,2026-12-31,100000,CNY\n"
        )
    }


def _work(lines_covered: int, cost_each_month: int) -> dict[str, str]:
    """Six months of 100,000 planned and earned each; 10,000 lines of code; ten defects, all solved and closed.

    CPI = 600,000 / (6 × cost_each_month): 95,000 gives 1.05, 125,000 gives 0.80.
    Line coverage = lines_covered / 10,000. Code defect rate = 10 / 10,000 = 0.1 %.
    """
    months = [dt.date(2026, month, 1) for month in range(1, 7)]
    ends = [dt.date(2026, month + 1, 1) - dt.timedelta(days=1) for month in range(1, 7)]
    budget = ["project,wbs_code,wbs_name,phase,module,category,period_start,planned_value,planned_hours,baseline"]
    schedule = [
        "project,task_id,wbs_code,name,phase,module,duration_days,planned_hours,baseline_start,baseline_finish,"
        "actual_start,actual_finish,percent_complete,status_on"
    ]
    costs = ["project,wbs_code,phase,module,category,kind,document_no,booked_on,amount,currency"]
    for number, (start, end) in enumerate(zip(months, ends, strict=True), start=1):
        budget.append(f"QT,1.{number},阶段{number},development,core,labor,{start},100000.00,160,B1")
        schedule.append(
            f"QT,T{number},1.{number},阶段{number},development,core,20,160,{start},{end},{start},{end},1,{ends[-1]}"
        )
        costs.append(f"QT,1.{number},development,core,labor,actual,V{number},{end},{cost_each_month}.00,CNY")
    issues = [
        "issue_key,issue_type,summary,status,status_category,resolution,severity,defect_cause,project,module,"
        "found_in_phase,created_at,resolved_at,closed_at,updated_at"
    ]
    for number in range(1, 11):
        issues.append(
            f"QT-{number},defect,缺陷 {number},已关闭,done,fixed,normal,code,QT,core,sit,"
            f"2026-06-{number:02d} 09:00:00,2026-06-{number + 2:02d} 09:00:00,2026-06-{number + 3:02d} 09:00:00,"
            f"2026-06-{number + 3:02d} 09:00:00"
        )
    return {
        "budget": "\n".join(budget) + "\n",
        "schedule": "\n".join(schedule) + "\n",
        "costs": "\n".join(costs) + "\n",
        "issues": "\n".join(issues) + "\n",
        "code_size": "project,module,measured_on,effective_lines\nQT,core,2026-06-30,10000\n",
        "coverage": (
            "project,module,measured_on,lines_valid,lines_covered,run_id\n"
            f"QT,core,2026-06-30,10000,{lines_covered},R1\n"
        ),
        "test_results": (
            "project,module,suite,case,level,round,run_at,outcome,run_id\n"
            + "".join(f"QT,core,回归,用例 {n},system,1,2026-06-30 10:00:00,passed,R1\n" for n in range(1, 21))
        ),
    }
