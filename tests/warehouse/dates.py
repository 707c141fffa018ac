"""Projects whose reports, books and plans end on different days: what each KPI stands at was worked out by hand.

Summer 2026: June has 21 working days (Dragon Boat Festival on the 19th), 11 of them up to the 15th; July has 23, of them 11
up to the 15th. Everything was exported on 12 August, so that July is closed and August is not.
"""

from __future__ import annotations

import datetime as dt

from models.builds.data_dir import DataDir
from pipeline.refresh.refreshing import refresh
from pipeline.store.project_settings import set_project_setting
from tests.warehouse.edges import defect, land, project

EXPORTED = "2026-08-12T02:00:00Z"
# 100,000 x 11 of 21 working days of June, and of 23 of July, as shares of a budget of 300,000
ON_PLAN = {dt.date(2026, 6, 15): 52_380.95 / 300_000, dt.date(2026, 7, 15): 147_826.09 / 300_000}


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def plan(key: str, **months: float) -> list[dict]:
    """Budget lines of element 1: month name -> planned value."""
    numbers = {"may": 5, "june": 6, "july": 7, "august": 8}
    return [
        {
            "project": key,
            "wbs_code": "1",
            "category": "labor",
            "period_start": day(numbers[name], 1),
            "planned_value": value,
        }
        for name, value in months.items()
    ]


def report(key: str, on: dt.date, share: float, **more) -> dict:
    task = {"project": key, "task_id": "T", "wbs_code": "1", "name": "T", "percent_complete": share, "status_on": on}
    return task | {"baseline_start": day(6, 1), "baseline_finish": day(8, 31)} | more


def cost(key: str, number: int, on: dt.date, category: str, amount: float) -> dict:
    line = {"project": key, "wbs_code": "1", "category": category, "booked_on": on, "amount": amount}
    return line | {"kind": "actual", "document_no": f"{key}-{number}"}


def hours(key: str, on: dt.date, amount: float) -> dict:
    return {"project": key, "person": "A", "work_date": on, "hours": amount}


def make_dates(data_dir: DataDir) -> None:
    budget = plan("PLAN", june=100_000, july=100_000, august=100_000)
    schedule = [report("PLAN", on, share) for on, share in ON_PLAN.items()]
    # nothing but an issue tells of the days after the report
    late = dt.datetime(2026, 7, 28, 2)
    issues = [defect("PLAN-1", "PLAN", created_at=dt.datetime(2026, 6, 2, 2), updated_at=late)]

    # PAY: half of 200,000 is earned on 15 July. Travel of the 10th; a subcontract of the 25th; payroll and overhead of the 31st
    # for all of July, of whose 100 h 60 were worked up to the 15th
    budget += plan("PAY", july=200_000)
    schedule += [report("PAY", day(7, 15), 0.5)]
    costs = [
        cost("PAY", number, on, category, amount)
        for number, (on, category, amount) in enumerate(
            (
                (day(7, 10), "travel", 20_000),
                (day(7, 25), "subcontract", 30_000),
                (day(7, 31), "labor", 100_000),
                (day(7, 31), "indirect", 10_000),
            )
        )
    ]
    worklogs = [hours("PAY", day(7, 8), 60), hours("PAY", day(7, 29), 40)]

    # DAYS: no hours at all: payroll by 11 of 23 working days. FINISH: the data date is the day of the close
    for key, on in (("DAYS", day(7, 15)), ("FINISH", day(7, 31))):
        budget += plan(key, july=1_000)
        schedule += [report(key, on, 0.5)]
        costs += [cost(key, 1, day(7, 31), "labor", 100)]
    # WEEKS books labor as it goes: the line of the 31st is one of them, not the payroll of the month
    budget += plan("WEEKS", july=1_000)
    schedule += [report("WEEKS", day(7, 15), 0.5)]
    costs += [cost("WEEKS", on, day(7, on), "labor", 100) for on in (3, 10, 17, 24, 31)]

    # JUMP: delivered as a whole between two reports, and invoiced on 20 July
    budget += plan("JUMP", july=100_000)
    schedule += [report("JUMP", day(7, 15), 0.0), report("JUMP", day(8, 10), 1.0)]
    costs += [cost("JUMP", 1, day(7, 20), "equipment", 100_000)]

    # OLD: the last report lies more than a period before the close; EVEN: just one
    for key, on in (("OLD", day(6, 29)), ("EVEN", day(6, 30))):
        budget += plan(key, june=1_000)
        schedule += [report(key, on, 0.5)]
        costs += [cost(key, 1, day(6, 20), "travel", 400), cost(key, 2, day(7, 20), "travel", 300)]

    # DONE: all was earned by 30 June, and an invoice came in July
    budget += plan("DONE", june=1_000)
    schedule += [report("DONE", day(6, 30), 1.0)]
    costs += [cost("DONE", 1, day(6, 20), "travel", 400), cost("DONE", 2, day(7, 20), "travel", 400)]

    # plans finer than a month, each with a report of Wednesday 15 July. WEEKLY: four weeks from Monday 6 July; SPAN: a line
    # with its last day; CAL: two days off of its own; BASE: by the baseline dates of its tasks, whatever they forecast
    line = {"wbs_code": "1", "category": "labor"}
    budget += [
        line | {"project": "WEEKLY", "period_start": day(7, on), "planned_value": 1_000} for on in (6, 13, 20, 27)
    ]
    budget.append(
        line | {"project": "SPAN", "period_start": day(7, 6), "period_end": day(7, 17), "planned_value": 1_000}
    )
    budget += plan("CAL", july=2_100) + plan("BASE", july=2_000)
    schedule += [report(key, day(7, 15), 0.5) for key in ("WEEKLY", "SPAN", "CAL")]
    schedule += [
        report("BASE", day(7, 15), 0.5, task_id=name, planned_cost=amount, forecast_finish=day(8, 31))
        | {"baseline_start": day(7, first), "baseline_finish": day(7, last)}
        for name, amount, first, last in (("A", 300.0, 1, 10), ("B", 700.0, 13, 24))
    ]
    off = [{"project": "CAL", "calendar_date": day(7, on), "is_working_day": False} for on in (13, 14)]
    set_project_setting(
        data_dir, "planned_value_source", "schedule", reason="tasks are planned by day", person="PM", project_key="BASE"
    )

    # HOMED: its issue was touched on 10 June last; two days later somebody logged hours on the issue, without a project
    issues += [
        defect("HOMED-1", "HOMED", created_at=dt.datetime(2026, 6, 2, 2), updated_at=dt.datetime(2026, 6, 10, 2))
    ]
    worklogs += [hours("HOMED", day(6, 12), 8) | {"project": None, "issue_key": "HOMED-1", "activity": "development"}]

    rows = {
        "calendars": off,
        "budget": budget,
        "schedule": schedule,
        "issues": issues,
        "costs": costs,
        "worklogs": worklogs,
    }
    rows["projects"] = [project(key) for key in sorted({row["project"] for row in [*budget, *issues]})]
    for feed, lines in rows.items():
        land(data_dir, feed, lines, exported_at=EXPORTED)
    assert refresh(data_dir).status == "published"
