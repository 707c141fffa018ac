"""What an unknown code may stand for: one candidate and the reason, or nothing."""

from __future__ import annotations

import pytest

from models.reference.proposals import Candidate, Proposal, Why, bare, proposal

PROJECTS = [
    Candidate("P2025-001", "省级医保结算集成", also=("HT-2025-0113",)),
    Candidate("P2025-018", "银行 CRM 升级"),
    Candidate("P2025-019", "ERP 迁移"),
]
MODULES = [Candidate("支付"), Candidate("payment services"), Candidate("报表中心")]
WBS = [Candidate("1.10"), Candidate("1.2"), Candidate("02.03"), Candidate("1.10.1")]


@pytest.mark.parametrize(
    ("kind", "code", "candidates", "expected"),
    [
        ("project", "p2025018", PROJECTS, Proposal("P2025-018", Why.SAME_CODE)),
        ("project", "P2025_018 ", PROJECTS, Proposal("P2025-018", Why.SAME_CODE)),
        ("project", "银行CRM升级(#12)", PROJECTS, Proposal("P2025-018", Why.SAME_CODE)),
        ("project", "ERP迁移项目", PROJECTS, Proposal("P2025-019", Why.SAME_CODE)),
        ("project", "HT-2025-0113 二期", PROJECTS, Proposal("P2025-001", Why.CONTRACT)),
        ("project", "P2025-018-03", PROJECTS, Proposal("P2025-018", Why.PREFIX)),
        ("project", "P2025", PROJECTS, None),  # opens three codes, and is opened by none
        ("project", "食堂", PROJECTS, None),
        ("module", "支付模块", MODULES, Proposal("支付", Why.SAME_CODE)),
        ("module", "payment-service", MODULES, Proposal("payment services", Why.CLOSE_NAME)),  # 14 of 15 letters
        ("module", "门户", MODULES, None),
        ("wbs", "1.1", WBS, Proposal("1.10", Why.LOST_ZERO)),
        ("wbs", "2.3", WBS, Proposal("02.03", Why.LOST_ZERO)),
        ("wbs", "7.4", WBS, None),
        (
            "person",
            "ZHANG.SAN@corp.example",
            [Candidate("zhangsan"), Candidate("lisi")],
            Proposal("zhangsan", Why.SAME_CODE),
        ),
        ("person", "e001", [Candidate("E001"), Candidate("E-001")], None),  # two people are written so
    ],
)
def test_a_code_is_proposed_with_its_reason_or_not_at_all(kind, code, candidates, expected):
    assert proposal(kind, code, candidates) == expected


def test_a_number_with_the_zero_of_a_spreadsheet_is_the_number():
    assert bare("1002.0") == "1002"
    assert bare("1.0") == "10"  # a version stays one: only numbers of four digits and more lose it
