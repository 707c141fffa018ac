"""Projects whose cost stands at an edge of its definition, each with the least that shows it; see test_cost_edges.py.

One element planned over February 2026, one task, one line of cost at 20 February, unless a project says otherwise. Exported on
14 March: the month of February is closed.
"""

from __future__ import annotations

from models.data_dir import DataDir
from tests.warehouse.edges import day, land, project

# project: (earned of a budget of 1,000, spent)
NEARLY_DONE = {
    "NEAR": (900, 909),  # CPI 0.990, EAC 1,010
    "LINE": (900, 927),  # EAC 1,030: exactly 3 % over
    "OVER": (900, 945),  # EAC 1,050
    "LESS": (840, 848.4),  # EAC 1,010, 84 % complete
    "LAST": (990, 1_000),  # the money is gone with 1 % of the work left
}


def element(key: str, planned: float, **more) -> dict:
    return {
        "project": key,
        "wbs_code": "1",
        "category": "labor",
        "period_start": day(1, 2),
        "planned_value": planned,
    } | more


def task(key: str, done: float, **more) -> dict:
    return {
        "project": key, "task_id": "T", "wbs_code": "1", "name": "T", "percent_complete": done, "status_on": day(28, 2),
        "baseline_start": day(2, 2), "baseline_finish": day(27, 2),
    } | more  # fmt: skip


def cost(key: str, amount: float, **more) -> dict:
    line = {
        "project": key,
        "wbs_code": "1",
        "category": "labor",
        "kind": "actual",
        "booked_on": day(20, 2),
        "amount": amount,
    }
    return line | {"document_no": f"{key}-{amount}"} | more


def make_cost_edges(data_dir: DataDir) -> None:
    """Lands every project and builds. Fills the folder for `made_once`."""
    from pipeline.refreshing import refresh

    rows: dict[str, list[dict]] = {"budget": [], "schedule": [], "costs": []}
    for key, (earned, spent) in NEARLY_DONE.items():
        rows["budget"].append(element(key, 1_000))
        rows["schedule"].append(task(key, earned / 1_000))
        rows["costs"].append(cost(key, spent))
    keys = {row["project"] for frame in rows.values() for row in frame}
    land(data_dir, "projects", [project(key) for key in sorted(keys)])
    for feed, lines in rows.items():
        land(data_dir, feed, lines)
    assert refresh(data_dir)["status"] == "published"
