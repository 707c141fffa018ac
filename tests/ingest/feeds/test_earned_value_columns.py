"""The rules of earned value and the weights of milestones, as plans and budgets print them in both languages."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import normal_word
from pipeline.ingest.mapped_words import mappable
from tests.ingest.exports import landed_rows, load

RULES = ("0/100", "50/50", "weighted_milestones", "physical", "issues_done", "60/30/10", "effort")


@pytest.mark.parametrize(
    ("word", "rule"),
    [
        ("0-100", "0/100"), ("０／１００", "0/100"), ("0%/100%", "0/100"), ("50-50", "50/50"), ("50/50法", "50/50"),
        ("加权里程碑", "weighted_milestones"), ("Weighted Milestones", "weighted_milestones"),
        ("实际完成百分比", "physical"), ("形象进度", "physical"), ("Physical % Complete", "physical"),
        ("缺陷/工作项完成", "issues_done"), ("工作项", "issues_done"), ("Issues done", "issues_done"),
        ("60-30-10", "60/30/10"), ("到货60%/安装30%/初验10%", "60/30/10"), ("按工时", "effort"), ("Effort based", "effort"),
    ],
)  # fmt: skip
def test_rules_by_their_spellings(word: str, rule: str) -> None:
    assert dialects().words("schedule.earned_value_rule")[normal_word(word)] == rule


def test_what_earns_as_time_passes_is_no_rule_of_ours() -> None:
    assert normal_word("Level of effort") not in dialects().words("schedule.earned_value_rule")
    assert mappable()["budget", "earned_value_rule"] == mappable()["schedule", "earned_value_rule"] == RULES


CHINESE_PLAN = """项目编号,任务编号,任务名称,WBS编码,工期,计划开始,计划完成,完成百分比,数据日期,里程碑类型,里程碑权重,挣值规则
P1,T1,演练,1.4,5,2026-03-02,2026-03-06,100%,2026-03-13,,40,加权里程碑
P1,T2,上线,1.4,5,2026-03-09,2026-03-13,20%,2026-03-13,,60.5,里程碑加权
P1,T3,到货,1.2,0,2026-03-13,2026-03-13,0%,2026-03-13,到货,,按感觉
"""
ENGLISH_PLAN = """Project,Task ID,Task name,WBS,Baseline start,Baseline finish,% Complete,Data date,Milestone weight,EV method
P1,T1,Rehearsal,1.4,2026-03-02,2026-03-06,100%,2026-03-13,40,50-50
"""


def test_a_plan_brings_rules_and_weights(data_dir: DataDir) -> None:
    entry = load(data_dir, "plan.csv", CHINESE_PLAN)[0]
    rows = landed_rows(data_dir, entry)
    assert rows["milestone_weight"].to_list() == [40.0, 60.5, None]
    assert rows["earned_value_rule"].to_list() == ["weighted_milestones", "weighted_milestones", "按感觉"]
    assert entry["unknown_words"] == {"earned_value_rule": {"按感觉": 1}}
    assert rows["milestone_type"].to_list() == [None, None, "到货"]


def test_an_english_plan_too(data_dir: DataDir) -> None:
    rows = landed_rows(data_dir, load(data_dir, "plan.csv", ENGLISH_PLAN)[0])
    assert (rows["milestone_weight"][0], rows["earned_value_rule"][0]) == (40.0, "50/50")


@pytest.mark.parametrize(
    "budget",
    [
        "项目编号,WBS编码,WBS名称,成本类别,挣值规则,2026-03,2026-04\nP1,1.4,迁移,人工,按工时,100,200\n",
        "Project,WBS,WBS name,Category,Earned value rule,Period,Planned value\n"
        "P1,1.4,Migration,labor,effort,2026-03,100\nP1,1.4,Migration,labor,Effort-based,2026-04,200\n",
    ],
)
def test_a_budget_brings_the_rule_of_its_elements(data_dir: DataDir, budget: str) -> None:
    rows = landed_rows(data_dir, load(data_dir, "budget.csv", budget)[0])
    assert rows["earned_value_rule"].to_list() == ["effort", "effort"]
    assert [float(value) for value in rows["planned_value"]] == [100.0, 200.0]
