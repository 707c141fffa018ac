"""A value is held against the period before, a year before, the baseline, or an earlier build."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import polars as pl

from models.kpis import comparison

ROWS = pl.DataFrame(
    {
        "project_key": ["A", "A", "B"],
        "module": ["*"] * 3,
        "kpi_key": ["cpi", "rate", "cpi"],
        "period_kind": ["month", "month", "week"],
        "period_end": [dt.date(2026, 2, 28), dt.date(2026, 2, 28), dt.date(2026, 11, 22)],
        "value": [0.9, 0.004, 1.1],
        "status": ["warning", "ok", "ok"],
        "previous_value": [0.95, None, 1.0],
        "previous_status": ["ok", None, "ok"],
        "previous_period_end": [dt.date(2026, 1, 31), None, dt.date(2026, 11, 15)],
    }
)


def told(rows: pl.DataFrame) -> list[tuple]:
    return rows.select("previous_value", "previous_status", "compared_on").rows()


def test_the_period_before_is_the_one_whose_value_the_row_carries():
    assert comparison.with_previous_period(ROWS)["compared_on"].to_list() == ROWS["previous_period_end"].to_list()


def test_a_year_before_a_month_is_its_namesake_and_before_a_week_52_weeks():
    asked = []

    def read(end: dt.date) -> pl.DataFrame:
        asked.append(end)
        known = {
            "project_key": "A",
            "module": "*",
            "kpi_key": "cpi",
            "period_end": end,
            "value": 0.8,
            "status": "critical",
        }
        return pl.DataFrame([known])

    found = comparison.with_year_before(ROWS, read)
    # 2025-02-28; 2026-11-22 less 364 days is 2025-11-23
    assert asked == [dt.date(2025, 2, 28), dt.date(2025, 11, 23)]
    assert told(found) == [
        (0.8, "critical", dt.date(2025, 2, 28)),
        (None, None, dt.date(2025, 2, 28)),  # nothing is known of it: no other period stands in
        (None, None, dt.date(2025, 11, 23)),
    ]


def test_the_baseline_says_one_of_an_index_nothing_of_variances_and_of_others_nothing_at_all():
    kpis = {
        "cpi": SimpleNamespace(kpi_key="cost_performance_index", unit="index"),
        "rate": SimpleNamespace(kpi_key="code_defect_rate", unit="percent"),
    }
    assert told(comparison.with_baseline(ROWS, kpis)) == [(1.0, None, None), (None, None, None), (1.0, None, None)]
    assert comparison.planned_value(SimpleNamespace(kpi_key="cost_variance", unit="money")) == 0.0


def test_an_earlier_build_says_what_it_said_of_its_own_period():
    earlier = ROWS.with_columns(pl.lit(0.5).alias("value"), pl.lit(dt.date(2026, 1, 31)).alias("period_end")).head(1)
    assert told(comparison.with_build(ROWS, earlier))[:2] == [(0.5, "warning", None), (None, None, None)]
