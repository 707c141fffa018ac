"""What a meeting goes through: done, late, next; changes and risks."""

from __future__ import annotations

import datetime as dt

from models.overview import agenda
from tests.models.overview.in_memory import InMemory

DAY = dt.date(2026, 11, 20)
TASKS = """
    select *, 'A' as project_key, true as is_latest, 'testing' as phase, 'b' as batch_id, 1 as source_row,
        0.5 as percent_complete
    from (values
        ('done in time', null, false, date '2026-11-01', date '2026-11-07', date '2026-11-10', date '2026-11-07'),
        ('done before', null, false, date '2026-10-01', date '2026-11-06', date '2026-11-06', date '2026-11-06'),
        ('late', '初验', false, date '2026-10-01', date '2026-10-30', date '2026-12-11', null),
        ('next', null, false, date '2026-12-04', date '2026-12-31', date '2026-12-31', null),
        ('ends next', null, false, date '2026-11-01', date '2026-12-01', date '2026-12-01', null),
        ('later', null, false, date '2026-12-05', date '2026-12-31', date '2026-12-31', null),
        ('reserve', null, true, date '2026-10-01', date '2026-10-30', date '2026-12-11', null)
    ) as rows(task_name, milestone_type, is_buffer, baseline_start, baseline_finish, forecast_finish, actual_finish)
"""


def test_tasks_of_two_weeks_either_side():
    tasks = f"select *, task_name as task_id, null::date as actual_start, null::date as forecast_start from ({TASKS})"
    rows = agenda.agenda(InMemory(fct_schedule_tasks=tasks), "A", DAY).to_dicts()
    # 11-07 is the first of the last 14 days, 12-04 the last of the next 14
    assert {row["task_name"]: row["kind"] for row in rows} == {
        "done in time": "done",
        "late": "late",
        "next": "next",
        "ends next": "next",
    }
    assert rows[0]["task_name"] == "late"  # a milestone leads
    assert rows[0]["days_late"] == 42  # 12-11 after 10-30


def test_risks_by_what_they_would_cost():
    risks = """
        select *, 'A' as project_key, null::date as closed_on, '' as owner, '' as response, null::date as review_on,
            1.0 as impact_days, risk_id as title
        from (values
            ('R1', 'open', 0.5, 100.0), ('R2', 'open', 0.2, 400.0), ('R3', 'closed', 0.9, 900.0), ('R4', null, null, 5.0))
            as rows(risk_id, status, probability, impact_cost)
    """
    build = InMemory(fct_risks=risks)
    rows = agenda.open_risks(build, "A")
    assert agenda.open_risks(build, "B") is None  # nobody has loaded a risk of it: that is not none
    # 0.2 × 400 = 80, 0.5 × 100 = 50, unknown last; closed ones not
    assert [(row["risk_id"], row["exposure"]) for row in rows] == [("R2", 80.0), ("R1", 50.0), ("R4", None)]


def test_changes_that_wait_for_somebody():
    changes = """
        select *, 'A' as project_key, change_id as title, date '2026-11-01' as raised_on, 1.0 as days_delta
        from (values
            ('C1', 'approved', null::date, 10.0), ('C2', 'pending', null, 1.0), ('C3', 'approved', date '2026-11-02', 9.0),
            ('C4', 'rejected', null, 7.0), ('C5', 'approved', null, 30.0)
        ) as rows(change_id, decision, customer_signed_on, claimed_amount)
    """
    rows = agenda.open_changes(InMemory(fct_change_requests=changes), "A")
    assert [(row["change_id"], row["kind"]) for row in rows] == [
        ("C2", "undecided"),
        ("C5", "unsigned"),
        ("C1", "unsigned"),
    ]
