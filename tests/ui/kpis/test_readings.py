"""What hurts most comes first, what is unknown is said, and one fact raises one alarm."""

from __future__ import annotations

from types import SimpleNamespace

import polars as pl
import pytest

from models.kpis.crossed_level import level_told
from models.kpis.worst import row_beyond
from models.vocabulary import KpiStatus
from ui.kpis import cards as kpi_cards
from ui.kpis import readings

CATALOGUE = {
    key: SimpleNamespace(
        kpi_key=key,
        status_from=status_from,
        has_own_status=status_from is None,
        is_gate=is_gate,
        section="cost",
        unit="index",
        short=lambda _language, k=key: k,
    )
    for key, status_from, is_gate in (
        ("cpi", None, False),
        ("cv", "cpi", False),
        ("coverage", None, True),
        ("rate", None, False),
    )
}


def grid(*rows: tuple) -> pl.DataFrame:
    """(project, KPI, value, status, warning_at, critical_at[, reason])."""
    names = ("project_key", "kpi_key", "value", "status", "warning_at", "critical_at", "reason")
    return pl.DataFrame(
        [dict(zip(names, (*row, None)[:7], strict=False)) for row in rows],
        schema_overrides={"reason": pl.String, "value": pl.Float64},
    )


ROWS = grid(
    ("A", "rate", 0.20, KpiStatus.CRITICAL, 0.05, 0.10),  # (0.20 - 0.10) / 0.10: 100 % beyond
    ("B", "cpi", 0.81, KpiStatus.CRITICAL, 0.95, 0.90),  # (0.90 - 0.81) / 0.90: 10 % beyond
    ("B", "cv", -9.0, KpiStatus.CRITICAL, None, None),  # takes its status from cpi
    ("C", "coverage", 0.79, KpiStatus.CRITICAL, 0.85, 0.80),  # stops the release; (0.80 - 0.79) / 0.80: 1.25 % beyond
    ("D", "rate", 0.06, KpiStatus.WARNING, 0.05, 0.10),
    ("E", "rate", 0.01, KpiStatus.OK, 0.05, 0.10),
)


def test_the_farthest_beyond_its_level_leads_and_one_fact_raises_one_alarm():
    worst = readings.worst_first(ROWS, CATALOGUE)
    assert [(row["project_key"], row["kpi_key"]) for row in worst] == [
        ("A", "rate"),
        ("B", "cpi"),
        ("C", "coverage"),
        ("D", "rate"),
    ]


def test_the_headline_counts_projects_and_names_three():
    names = {key: f"*{key}*" for key in "ABCDE"}
    told = kpi_cards.portfolio_headline(ROWS, CATALOGUE, names)
    assert told.striptags() == (
        "■ 3 of 5 projects over a critical level, 1 over a warning level: *A* rate, *B* cpi, *C* coverage"
    )
    assert "project?" in told and "of=A" in told
    alone = kpi_cards.portfolio_headline(ROWS, CATALOGUE, names, with_kpis=False)
    assert alone.striptags().endswith(": *A*, *B*, *C*")
    hostile = kpi_cards.portfolio_headline(ROWS, CATALOGUE, names | {"A": "<b>{which}"})
    assert "&lt;b&gt;{which}</a> rate" in hostile
    calm = ROWS.filter(pl.col("status") == KpiStatus.OK)
    assert kpi_cards.portfolio_headline(calm, CATALOGUE, {"E": "E"}) == "● The project is within its levels"
    unknown = grid(("A", "cpi", None, KpiStatus.NO_DATA, None, None, "missing:costs"))
    assert kpi_cards.portfolio_headline(unknown, CATALOGUE, names).startswith("○ ")


def test_projects_stand_in_the_order_in_which_the_worst_values_name_them():
    assert readings.projects_worst_first(ROWS, CATALOGUE) == ["A", "B", "C", "D", "E"]
    unknown = grid(("Z", "cpi", None, KpiStatus.NO_DATA, None, None), ("Y", "cv", -1.0, KpiStatus.CRITICAL, None, None))
    every = pl.concat([unknown, ROWS], how="vertical_relaxed")
    assert readings.projects_worst_first(every, CATALOGUE) == ["A", "B", "C", "D", "Z", "E", "Y"]


def test_only_feeds_that_are_not_loaded_there_are_missing():
    rows = grid(
        ("A", "cpi", None, KpiStatus.NO_DATA, None, None, "missing:costs,budget"),
        ("B", "cpi", None, KpiStatus.NO_DATA, None, None, "missing:costs"),
        ("B", "rate", None, KpiStatus.TOO_EARLY, None, None, "small:phase"),
    )
    missing = readings.missing_feeds(rows, loaded={("B", "costs")})
    assert {feed: (list(waiting.projects), list(waiting.kpi_keys)) for feed, waiting in missing.items()} == {
        "costs": (["A"], ["cpi"]),
        "budget": (["A"], ["cpi"]),
    }


def test_reasons_are_sentences_in_both_languages():
    reason = {"reason": "missing:coverage,code_size"}
    assert readings.reason_words(reason, "en") == "No data to count from: coverage reports, code size"
    assert "、" in readings.reason_words(reason, "zh")
    assert readings.reason_words({"reason": None}, "en") == ""


def test_a_rule_with_a_direction_of_its_own_is_drawn_and_told_with_it():
    """Percent complete is neither better high nor low; a rule says that it is bad below 50 %."""
    kpi = SimpleNamespace(better="none", low_warning_at=None, unit="percent", is_gate=False)
    levels = {"warning_at": 0.6, "critical_at": 0.5, "low_warning_at": None, "low_critical_at": None}
    row = {"value": 0.4, "status": KpiStatus.CRITICAL, "reason": None, "bad_direction": "below", **levels}
    assert readings.reading_of(row, kpi).better == "higher"
    assert level_told(row, is_critical=row["status"] == KpiStatus.CRITICAL) == 0.5
    assert row_beyond(row) == pytest.approx(0.2)  # 0.1 beyond 0.5
    assert readings.reading_of({**row, "bad_direction": None}, kpi).better == "none"
    band = {**row, "bad_direction": "outside", "critical_at": 0.9, "low_warning_at": 0.5, "low_critical_at": 0.45}
    assert level_told(band, is_critical=band["status"] == KpiStatus.CRITICAL) == 0.45
