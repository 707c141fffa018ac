"""Levels that persons set, on the projects of dates.py: narrow and broad, for the portfolio, from a day on, switched off."""

from __future__ import annotations

import datetime as dt

from models.builds.data_dir import DataDir
from pipeline.refresh.refreshing import refresh
from pipeline.store.rules import Rule, set_rule
from tests.warehouse.dates import day, make_dates

START = dt.date(2026, 1, 1)
RULES = (
    # those that take their verdict from CPI are judged anew with it
    Rule("level", "cost_performance_index", START, warning_at=2.0, critical_at=1.5),
    Rule("level", "cost_performance_index", START, project_key="DONE", warning_at=0.5, critical_at=0.4),
    Rule("level", "cost_performance_index", START, project_key="FINISH", is_off=True),
    Rule("level", "cost_performance_index", START, is_portfolio=True, warning_at=0.3),
    # SPI stands apart from July on; that of a project goes before that of all, also where it is older
    Rule("level", "schedule_performance_index", day(7, 1), warning_at=1.2, critical_at=1.1),
    Rule("level", "schedule_performance_index", START, project_key="CAL", warning_at=0.2),
    # KPIs without a level of their own, one of them money
    Rule("level", "budget_consumption", START, direction="above", warning_at=0.3, critical_at=0.5),
    Rule("level", "cost_without_budget_of_its_kind", START, direction="above", warning_at=300.0),
    # a band on both sides
    Rule(
        "level", "percent_complete", START, direction="outside", low_critical_at=0.2, low_warning_at=0.6, warning_at=0.9
    ),
)


def make_levels(data_dir: DataDir) -> None:
    make_dates(data_dir)
    for rule in RULES:
        set_rule(data_dir, rule, reason="agreed with the project", person="PMO")
    assert refresh(data_dir).status == "published"
