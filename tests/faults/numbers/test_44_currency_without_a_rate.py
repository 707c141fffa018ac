"""Fault 44: costs in a currency of which no rate is loaded, or only an old one. Unknown and told, never added up as they are."""

from __future__ import annotations

import datetime as dt

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import open_snapshot
from models.kpis.values import kpi_row
from models.reference.currencies import unconverted
from pipeline.refresh.refreshing import refresh
from tests.ingest.exports import load

_BUDGET = "Project code,WBS,Cost category,Month,Planned value\n" + "".join(
    f"{key},1,Equipment,2026-02-01,1000\n" for key in "ABC"
)
_SCHEDULE = "Project,Task ID,WBS,Task name,Baseline start,Baseline finish,% Complete,Data date\n" + "".join(
    f"{key},T,1,Task,2026-02-02,2026-02-27,50%,2026-02-28\n" for key in "ABC"
)
_COSTS = (
    "项目编号,WBS编码,成本类别,发生日期,单据号,币种,金额\n"
    "A,1,设备,2026-02-20,A1,,300\nA,1,设备,2026-02-25,A2,英镑,200\n"  # nothing is known of pounds
    "B,1,设备,2026-02-20,B1,,300\nB,1,设备,2026-02-25,B2,欧元,200\n"  # the rate is fifteen days old
    "C,1,设备,2026-02-20,C1,,300\nC,1,设备,2026-02-25,C2,美元,10\n"
    "C,1,设备,2026-03-02,C3,,1\n"
)
_RATES = "币种,单位,中间价,日期\n欧元,100,800,2026-02-10\n美元,100,710,2026-02-24\n"


def test_what_no_rate_converts_is_unknown_and_told(data_dir):
    for name, content in (("b.csv", _BUDGET), ("s.csv", _SCHEDULE), ("c.csv", _COSTS), ("fx.csv", _RATES)):
        entry = load(data_dir, name, content)[0]
        assert entry["status"] == "landed", entry["reasons"]
    assert refresh(data_dir).status == "published"
    snapshot = open_snapshot(current_build(data_dir))

    def cpi(*projects: str) -> dict:
        return kpi_row(
            snapshot, Selection(projects=projects, period_end=dt.date(2026, 2, 28)), "cost_performance_index"
        )

    assert [(cpi(key)["value"], cpi(key)["reason"]) for key in "AB"] == [
        (None, "rate_missing:GBP"),
        (None, "rate_missing:EUR"),
    ]
    assert cpi("C")["denominator"] == 371  # 300 + 10 x 7.10
    assert cpi("A", "B", "C")["denominator"] == 371 and cpi("A", "B", "C")["left_out"] == ["A", "B"]
    told = unconverted(snapshot).select("project_key", "currency", "amount").rows()
    assert [(project, currency, float(amount)) for project, currency, amount in told] == [
        ("A", "GBP", 200.0),
        ("B", "EUR", 200.0),
    ]
