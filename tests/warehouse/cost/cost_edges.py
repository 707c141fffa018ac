"""Projects whose cost stands at an edge of its definition, each with the least that shows it; see test_cost_edges.py.

One element planned over February 2026, one task, one line of cost at 20 February, unless a project says otherwise. Exported on
14 March: the month of February is closed.
"""

from __future__ import annotations

import datetime as dt

from models.builds.data_dir import DataDir
from tests.warehouse.edges import at, day, defect, land, project

# project: (earned of a budget of 1,000, spent)
NEARLY_DONE = {
    "NEAR": (900, 909),  # CPI 0.990, EAC 1,010
    "LINE": (900, 927),  # EAC 1,030: exactly 3 % over
    "OVER": (900, 945),  # EAC 1,050
    "LESS": (840, 848.4),  # EAC 1,010, 84 % complete
    "LAST": (990, 1_000),  # the money is gone with 1 % of the work left
}
# project: (budget, earned, spent, estimate of what is left)
COSTS = {
    "NOTHING": (1_000, 100, 0, None),
    "CREDIT": (1_000, 400, -20, None),  # a credit note before any cost
    "FREE": (0, 0, 50, None),  # a plan of zeros
    "MINUS": (1_000, 400, 500, -50),  # somebody wrote the estimate with the wrong sign
}
ZONES = {"PAST": "America/New_York"}


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


def local_frames() -> dict[str, list[dict]]:
    """DAWN: what happened in the night to its newest day, 13 March, in UTC still the 12th. PAST: in New York 03:00 UTC of the
    13th is eleven at night of the 12th."""
    done = {
        "status": "Closed",
        "status_category": "done",
        "resolution": "fixed",
        "issue_type": "task",
        "severity": None,
    }
    midnight = dt.datetime(2026, 3, 12, 16)  # 13 March 00:00 in Shanghai: an export of dates without times
    run = {"suite": "nightly", "module": "core", "outcome": "passed", "case": "C"}
    return {
        "issues": [
            defect("DAWN-1", "DAWN", **done) | {"created_at": at(2), "resolved_at": midnight, "updated_at": midnight},
            defect("PAST-1", "PAST") | {"created_at": at(2), "updated_at": at(13, hour=3)},
        ],
        "test_results": [
            run | {"project": "DAWN", "run_at": dt.datetime(2026, 3, 12, 18)},  # two in the morning of the 13th
            run | {"project": "PAST", "run_at": at(13, hour=3)},
        ],
    }


def week_one_frames() -> dict[str, list[dict]]:
    """A year planned by 0/100, 40 spent in February and nothing earned. WEEK1 plans 90 of 1,000 by then, TENTH 100; DUE plans 50,
    and an element of 10 is over; EARNED plans 90 and has earned 100. In hours the same as in money."""

    def both(key: str, amount: float, **more) -> dict:
        return element(key, amount, planned_hours=float(amount), **more)

    plans = {"WEEK1": (90, 0), "TENTH": (100, 0), "DUE": (40, 0), "EARNED": (90, 0.1)}
    frames: dict[str, list[dict]] = {"budget": [], "schedule": [], "costs": [], "worklogs": []}
    for key, (february, done) in plans.items():
        due = 10 if key == "DUE" else 0
        frames["budget"] += [both(key, february), both(key, 1_000 - february - due, period_start=day(1, 9))]
        frames["schedule"].append(task(key, done))
        frames["costs"].append(cost(key, 40))
        frames["worklogs"].append(
            {"source_id": key, "project": key, "person": "P", "work_date": day(20, 2), "hours": 40.0, "wbs_code": "1"}
        )
        if due:
            frames["budget"].append(both(key, due, wbs_code="2"))
    return frames


def unplanned_frames() -> dict[str, list[dict]]:
    """Work done for 100 before any of it was to be done, of 1,000 planned for March: SOONER a fifth of it, SOONEST all."""
    frames: dict[str, list[dict]] = {"budget": [], "schedule": [], "costs": []}
    for key, done in {"SOONER": 0.2, "SOONEST": 1.0}.items():
        frames["budget"] += [element(key, 0), element(key, 1_000, period_start=day(1))]
        frames["schedule"].append(task(key, done))
        frames["costs"].append(cost(key, 100))
    return frames


def buffer_frames() -> dict[str, list[dict]]:
    """BUFFER: 12 of 10 days of buffer used, with half of the chain done."""
    buffer = {"task_id": "B", "name": "buffer", "is_buffer": True, "wbs_code": None, "earned_value_rule": "0/100"}
    days = {"baseline_start": day(2), "baseline_finish": day(13)}  # ten working days
    return {"schedule": [task("BUFFER", 0.5, **days), task("BUFFER", 1.2, **buffer, **days)]}


def kind_frames() -> dict[str, list[dict]]:
    """KINDS: an element of 600 of labor (half done) and one of 400 of travel (done); 250 of labor, 380 of travel, 30 of a
    subcontract that no budget holds. LOOSE: the same with 60 of it. NONE: a budget without categories. MIXED: labor and equipment
    in one element."""
    frames: dict[str, list[dict]] = {"budget": [], "schedule": [], "costs": []}
    for key, loose in (("KINDS", 30), ("LOOSE", 60)):
        frames["budget"] += [element(key, 600), element(key, 400, wbs_code="2", category="travel")]
        frames["schedule"] += [task(key, 0.5), task(key, 1.0, task_id="U", wbs_code="2")]
        frames["costs"] += [
            cost(key, 250),
            cost(key, 380, wbs_code="2", category="travel"),
            cost(key, loose, category="subcontract"),
        ]
    frames["budget"] += [
        element("NONE", 1_000, category=None),
        element("MIXED", 600),
        element("MIXED", 400, category="equipment"),
    ]
    frames["schedule"] += [task("NONE", 0.5), task("MIXED", 0.5)]
    frames["costs"] += [cost("NONE", 250), cost("MIXED", 300), cost("MIXED", 150, category="equipment")]
    return frames


def apart_frames() -> dict[str, list[dict]]:
    """AHEAD: planned into 2027, whose holidays nobody has published. ELSEWHERE: a task of an element that the budget does not
    have. UNDATED: a task without any date."""
    no_dates = {"baseline_start": None, "baseline_finish": None}
    return {
        "budget": [
            element("AHEAD", 500),
            element("AHEAD", 500, period_start=dt.date(2027, 2, 1)),
            element("ELSEWHERE", 1_000),
        ],
        "schedule": [
            task("AHEAD", 0.5),
            task("ELSEWHERE", 0.5, wbs_code="9.9"),
            task("UNDATED", 0.5, **no_dates),
        ],
    }


def make_cost_edges(data_dir: DataDir) -> None:
    """Lands every project and builds. Fills the folder for `made_once`."""
    from pipeline.refresh.refreshing import refresh

    rows: dict[str, list[dict]] = {"budget": [], "schedule": [], "costs": []}
    for key, (earned, spent) in NEARLY_DONE.items():
        rows["budget"].append(element(key, 1_000))
        rows["schedule"].append(task(key, earned / 1_000))
        rows["costs"].append(cost(key, spent))
    for key, (budget, earned, spent, left) in COSTS.items():
        rows["budget"].append(element(key, budget))
        rows["schedule"].append(task(key, earned / 1_000))
        rows["costs"].append(cost(key, spent))
        if left is not None:
            rows["costs"].append(cost(key, left, kind="forecast"))
    # UNPLANNED: a fifth of the work is done before any of it is planned
    rows["budget"] += [element("UNPLANNED", 0), element("UNPLANNED", 1_000, period_start=day(1, 9))]
    rows["schedule"].append(task("UNPLANNED", 0.2))
    rows["costs"].append(cost("UNPLANNED", 100))
    rows["contracts"] = [
        {
            "project": key,
            "contract_no": key,
            "name": key,
            "direction": "sales",
            "signed_on": day(1, 2),
            "amount_excl_tax": 2_000,
        }
        for key in COSTS
    ]
    for feed, lines in (
        *local_frames().items(),
        *week_one_frames().items(),
        *unplanned_frames().items(),
        *buffer_frames().items(),
        *kind_frames().items(),
        *apart_frames().items(),
    ):
        rows.setdefault(feed, []).extend(lines)
    keys = {row["project"] for frame in rows.values() for row in frame}
    land(data_dir, "projects", [project(key, time_zone=ZONES.get(key)) for key in sorted(keys)])
    for feed, lines in rows.items():
        land(data_dir, feed, lines)
    assert refresh(data_dir).status == "published"
