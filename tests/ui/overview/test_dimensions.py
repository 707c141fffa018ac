"""Of each dimension the KPI that answers it worst; of a project the eight figures for its meeting."""

from __future__ import annotations

from types import SimpleNamespace

from models.vocabulary import Section
from ui.overview.dimensions import DIMENSIONS, worst_of
from ui.overview.sheet import CARDS, chosen_figures


def row(kpi_key: str, status: str, value: float | None, **more: object) -> dict:
    levels = {"warning_at": 0.4, "critical_at": 0.5, "low_warning_at": None, "low_critical_at": None}
    return {"kpi_key": kpi_key, "status": status, "value": value, "bad_direction": "above", **levels, **more}


KPIS = {
    key: SimpleNamespace(section=Section.QUALITY, has_own_status=key != "follows")
    for key in ("deep", "shallow", "follows", "zero", "near", "unknown", "counted")
}
QUALITY = DIMENSIONS["quality"]


def chosen(*rows: dict) -> str | None:
    found = worst_of(rows, QUALITY, KPIS)
    return found and found["kpi_key"]


def test_what_lies_deepest_beyond_its_level_is_the_worst():
    # 0.8 is 60 % beyond 0.5, 0.55 is 10 % beyond it; what follows another KPI raises no second alarm
    rows = row("shallow", "critical", 0.55), row("deep", "critical", 0.8), row("follows", "critical", 2.0)
    assert chosen(*rows) == "deep"


def test_within_the_levels_the_nearest_to_its_level_is_told_and_a_zero_last():
    rows = row("zero", "ok", 0.0, warning_at=0.0, critical_at=1.0), row("near", "ok", 0.39), row("counted", "ok", 0.1)
    assert chosen(*rows) == "near"
    assert chosen(rows[0]) == "zero"


def test_where_nothing_is_judged_a_value_stands_before_nothing():
    assert chosen(row("unknown", "no_data", None), row("counted", "unrated", 3.0)) == "counted"
    assert chosen(row("unknown", "no_data", None)) == "unknown"
    assert worst_of([], QUALITY, KPIS) is None


def test_eight_figures_by_the_profile_with_what_has_no_value_at_the_end():
    keys = ("cost_performance_index", "variance_at_completion", "schedule_performance_index_time", "rollout_progress")
    rest = (
        "gross_margin_forecast",
        "timesheet_completeness",
        "unapproved_change_rate",
        "open_critical_defects",
        "code_defect_rate",
    )
    rows = {key: row(key, "ok", None if key == "rollout_progress" else 1.0) for key in (*keys, *rest)}
    shown = [found["kpi_key"] for found in chosen_figures(rows, "roll_out")]
    assert len(shown) == CARDS == 8
    # nine are wanted; the roll-out has no value and stands after all others, so that it is the one that is left out
    assert "rollout_progress" not in shown and shown[0] == "cost_performance_index"
    assert [found["kpi_key"] for found in chosen_figures({"rollout_progress": rows["rollout_progress"]}, None)] == []


def test_what_has_no_value_gives_way_to_what_the_exports_can_give():
    rows = {"cost_performance_index": row("cost_performance_index", "no_data", None), "uat": row("uat", "ok", 0.1)}
    assert [found["kpi_key"] for found in chosen_figures(rows, None, ["uat"])] == ["uat", "cost_performance_index"]
