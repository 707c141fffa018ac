"""When projects end against what was agreed, in which phase they are, and how the forecast moved."""

from __future__ import annotations

import datetime as dt

import pytest

from models.overview.outlook import finish_course, outlooks
from tests.models.overview.in_memory import InMemory

PROJECTS = """
    select * from (values
        ('LATE', date '2027-01-31', null::date), ('EARLY', date '2026-06-30', null),
        ('DONE', date '2026-03-31', date '2026-03-20'),
        ('BARE', null, null)
    ) as rows(project_key, contract_finish_on, actual_finish_on)
"""
TASKS = """
    select * from (values
        -- an earlier data date: its finish of 2027-02-10 is 10 days after the contract
        ('LATE', date '2026-10-31', 'testing', false, date '2026-09-01', date '2026-09-01', null::date, date '2027-02-10',
            null::date, date '2027-01-29'),
        ('LATE', date '2026-11-20', 'initiation', false, date '2026-01-05', date '2026-01-05', null, date '2027-02-20', null,
            date '2027-01-29'),
        ('LATE', date '2026-11-20', 'testing', false, date '2026-09-01', date '2026-09-01', null, date '2027-02-20', null,
            date '2027-01-29'),
        -- the reserve is no work: its end counts for nothing
        ('LATE', date '2026-11-20', 'unallocated', true, date '2027-02-20', date '2027-02-20', null, date '2027-06-30', null,
            date '2027-03-31'),
        ('EARLY', date '2026-11-20', 'development', false, date '2026-12-01', null, null, date '2026-06-25', null,
            date '2026-06-30'),
        ('DONE', date '2026-03-20', 'final_acceptance', false, date '2026-01-01', date '2026-01-01', null, null,
            date '2026-03-20', date '2026-03-31')
    ) as rows(project_key, status_on, phase, is_buffer, baseline_start, actual_start, forecast_start, forecast_finish,
        actual_finish, baseline_finish)
"""
CHANGES = """
    select * from (values
        ('LATE', 'approved', date '2026-08-01', 5.0), ('LATE', 'approved', null, 30.0), ('LATE', 'pending', null, 9.0),
        ('LATE', 'approved', date '2026-11-25', 2.0)
    ) as rows(project_key, decision, customer_signed_on, days_delta)
"""


@pytest.fixture
def build() -> InMemory:
    return InMemory(dim_projects=PROJECTS, fct_schedule_tasks=TASKS, fct_change_requests=CHANGES)


def by_key(build: InMemory, until: dt.date | None = None) -> dict[str, dict]:
    rows = outlooks(build, ["LATE", "EARLY", "DONE", "BARE"], until)
    return {row["project_key"]: row for row in rows.iter_rows(named=True)}


def test_extensions_that_the_customer_signed_move_what_was_agreed(build):
    late = by_key(build)["LATE"]
    # 2027-01-31 and 5 + 2 days is 2027-02-07; the work ends on 2027-02-20, 13 days after it. Unsigned 30 and pending 9 count not
    assert (late["granted_days"], late["agreed_on"], late["days_late"]) == (7, dt.date(2027, 2, 7), 13)


def test_of_a_day_in_the_past_only_what_was_known_then(build):
    then = by_key(build, dt.date(2026, 10, 31))["LATE"]
    # signed by then: 5 days, agreed on 2027-02-05; the schedule of that day ends on 2027-02-10, 5 days after it
    assert (then["schedule_on"], then["agreed_on"], then["days_late"]) == (
        dt.date(2026, 10, 31),
        dt.date(2027, 2, 5),
        5,
    )


def test_early_done_and_unknown(build):
    rows = by_key(build)
    assert (rows["EARLY"]["days_late"], rows["EARLY"]["is_finished"]) == (-5, False)  # 06-25 before 06-30
    assert (rows["DONE"]["days_late"], rows["DONE"]["is_finished"]) == (-11, True)  # 03-20 before 03-31
    assert (rows["BARE"]["finish_on"], rows["BARE"]["days_late"]) == (None, None)


def test_the_phase_is_that_of_the_work_that_began_last(build):
    rows = by_key(build)
    assert [rows[key]["phase"] for key in ("LATE", "EARLY", "DONE", "BARE")] == [
        "testing",  # not the project management that runs all along
        "development",  # nothing has begun: the next
        "final_acceptance",
        None,
    ]


def test_the_course_is_days_after_what_was_agreed_by_data_date(build):
    agreed = dt.date(2027, 2, 7)
    assert finish_course(build, "LATE", agreed) == (
        3.0,
        13.0,
    )  # 2027-02-10 and 2027-02-20: it ends where the tile stands
    assert finish_course(build, "LATE", agreed, dt.date(2026, 10, 31)) == (3.0,)
