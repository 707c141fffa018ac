"""What the cost page says of the rules behind earned value: one line, in either language."""

from __future__ import annotations

import polars as pl
import pytest

from models.cost.earning_rules import EarningRules
from ui.cost import rules as cost_rules
from ui.shell import wording

CHANGED = pl.DataFrame(
    {"project_key": ["P", "P"], "task_id": ["A", "B"], "task_name": ["Build", None], "frozen": ["0/100", ""]}
    | {"not_taken": ["physical", "0/100"]}
)
TOLD = EarningRules({"0/100": 600.0, "effort": 300.0, "": 100.0}, 300.0, 500.0, CHANGED)


def test_one_line_says_it_all():
    assert cost_rules.rules_line(TOLD, "CNY").replace("\u00a0", " ") == (
        "EV by rule: 0/100 60.0 %, hours used 30.0 %, percent as reported 10.0 %"
        " · 30.0 % of EV is circular: hours used earn it, so its CPI proves nothing"
        " · the progress of CNY 500 of the budget is not known, as it has no issues; none of it is earned"
        " · changed after the baseline was frozen, and not taken:"
        " Build: 0/100, not physical progress; B: percent as reported, not 0/100"
    )


@pytest.fixture
def in_chinese(monkeypatch):
    for module in (cost_rules, wording):
        monkeypatch.setattr(module, "language", lambda: "zh")


def test_it_is_said_in_chinese(in_chinese):
    line = cost_rules.rules_line(TOLD, "CNY").replace("\u00a0", " ")
    assert line.startswith(
        "挣值按规则构成：0/100 60.0 %、已用工时 30.0 %、填报的完成百分比 10.0 % · 其中 30.0 % 为循环论证"
    )
    assert line.endswith("未采用：Build：按0/100，不按实际完成百分比；B：按填报的完成百分比，不按0/100")


def test_nothing_earned_says_nothing():
    assert not cost_rules.rules_line(EarningRules({}, 0.0, 0.0, CHANGED.clear()), "CNY")
