"""What customers were to pay by the data date, what has come, and what is overdue."""

from __future__ import annotations

import datetime as dt

import pytest

from models.overview.payments import payments, received_course
from tests.models.overview.in_memory import InMemory

PROJECTS = "select 'A' as project_key, date '2026-11-20' as status_on"
CONTRACTS = """
    select * from (values ('S', 'A', 'sales'), ('P', 'A', 'purchase')) as rows(contract_no, project_key, direction)
"""
TERMS = """
    select * from (values
        ('S', 'A', 'advance', date '2026-01-10', date '2026-01-20', 300.0, 300.0),
        ('S', 'A', 'delivery', date '2026-10-12', date '2026-11-02', 400.0, 150.0),
        ('S', 'A', 'acceptance', date '2026-11-25', null, 200.0, null),
        ('P', 'A', 'bought', date '2026-01-10', null, 900.0, null)
    ) as rows(contract_no, project_key, node, planned_on, received_on, project_amount, project_received_amount)
"""


@pytest.fixture
def build() -> InMemory:
    terms = f"select *, 'CNY' as project_currency from ({TERMS})"
    return InMemory(dim_projects=PROJECTS, fct_contracts=CONTRACTS, fct_payment_terms=terms)


def test_due_received_and_overdue(build):
    (row,) = payments(build, ["A"]).to_dicts()
    # due by 11-20: 300 + 400; received: 300 + 150; overdue: 400 − 150 = 250 of one term. Not: bought, due later
    assert (row["due"], row["received"], row["overdue"], row["overdue_terms"]) == (700.0, 450.0, 250.0, 1)
    assert (row["overdue_node"], row["overdue_since"]) == ("delivery", dt.date(2026, 10, 12))


def test_at_an_earlier_day_money_that_came_later_had_not_come(build):
    (row,) = payments(build, ["A"], dt.date(2026, 10, 31)).to_dicts()
    assert (row["received"], row["overdue"]) == (300.0, 400.0)


def test_the_course_is_the_share_that_had_come_and_ends_at_the_data_date(build):
    # April to September: 300 of 300; October: 300 of 700; at the data date, 11-20, and not at the end of its month: 450 of 700
    assert received_course(build, ("A",)) == (1.0,) * 6 + (300 / 700, 450 / 700)
    assert received_course(build, ("A",), dt.date(2026, 10, 31))[-1] == 300 / 700


def test_money_that_came_without_an_amount_is_unknown_and_neither_overdue_nor_fine():
    unsaid = TERMS.replace("date '2026-11-02', 400.0, 150.0", "date '2026-11-02', 400.0, null")
    terms = f"select *, 'CNY' as project_currency from ({unsaid})"
    (row,) = payments(
        InMemory(dim_projects=PROJECTS, fct_contracts=CONTRACTS, fct_payment_terms=terms), ["A"]
    ).to_dicts()
    assert (row["overdue_terms"], row["unknown_terms"]) == (0, 1)
