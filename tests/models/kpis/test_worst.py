"""One order of "worst": status, then the share by which a value lies beyond its level, then the key."""

from __future__ import annotations

import pytest

from models.kpis.worst import place_of, row_beyond
from tests.models.alerts.builds import alert

CPI = {"warning_at": 0.95, "critical_at": 0.90, "bad_direction": "below"}
RATE = {"warning_at": 0.05, "critical_at": 0.10, "bad_direction": "above"}
BAND = {
    "warning_at": 0.9,
    "critical_at": 1.0,
    "low_warning_at": 0.5,
    "low_critical_at": 0.4,
    "bad_direction": "outside",
}


def row(key: str, status: str, value: float | None, levels: dict) -> dict:
    return {"kpi_key": key, "project_key": "P", "module": "*", "phase": "*", "status": status, "value": value, **levels}


@pytest.mark.parametrize(
    ("status", "value", "levels", "share"),
    [
        ("critical", 0.81, CPI, 0.1),  # (0.90 - 0.81) / 0.90
        ("warning", 0.912, CPI, 0.04),  # beyond the level it has crossed, that of warning: (0.95 - 0.912) / 0.95
        ("ok", 1.045, CPI, -0.1),  # within it: (0.95 - 1.045) / 0.95
        ("critical", 0.15, RATE, 0.5),  # (0.15 - 0.10) / 0.10
        ("ok", 0.04, RATE, -0.2),  # (0.04 - 0.05) / 0.05
        ("critical", 0.3, BAND, 0.25),  # on the low side: (0.4 - 0.3) / 0.4
        ("critical", 1.3, BAND, 0.3),  # on the high side: (1.3 - 1.0) / 1.0
        ("critical", 3.0, {"critical_at": 0.0, "bad_direction": "above"}, 3.0),  # no share of nothing: the value itself
        ("critical", 0.81, {**CPI, "bad_direction": None}, 0.1),  # judged bad: its own side is the bad one
        ("critical", None, CPI, 0.0),
        ("unrated", 0.5, CPI, 0.0),
    ],
)
def test_how_far_beyond_its_level_a_value_lies(status, value, levels, share):
    assert row_beyond(row("k", status, value, levels)) == pytest.approx(share)


def test_status_goes_before_depth_and_the_key_decides_last():
    rows = [
        row("within", "ok", 0.96, CPI),
        row("calm", "ok", 1.2, CPI),
        row("no data", "no_data", None, CPI),
        row("deep warning", "warning", 0.91, CPI),  # 4.2 % beyond 0.95
        row("light warning", "warning", 0.94, CPI),  # 1.1 %
        row("b", "critical", 0.81, CPI),
        row("a", "critical", 0.11, RATE),  # 10 % beyond 0.10, as is b of 0.90
        row("far", "critical", 0.20, RATE),  # 100 %
    ]
    named = [found["kpi_key"] for found in sorted(rows, key=place_of)]
    assert named == ["far", "a", "b", "deep warning", "light warning", "no data", "within", "calm"]


def test_an_alert_stands_where_its_value_stands():
    deep = alert("b", severity="critical", value=0.2, level=0.1)
    light = alert("a", severity="critical", value=0.81, level=0.9)
    warned = alert("c", severity="warning", value=9.0, level=0.1)
    assert sorted([warned, light, deep], key=lambda found: found.place) == [deep, light, warned]
    assert deep.place[:2] == place_of(row("k", "critical", 0.2, RATE))[:2]
