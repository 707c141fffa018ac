"""Fault 44: a re-export with a tenth of the amounts, or with lines gone, in projects of six lines. Asked about at ingest; where
somebody lets it in all the same, told on the value."""

from __future__ import annotations

from models.builds.published import current_build
from models.builds.snapshot import open_snapshot
from models.evidence.losses import losses_of
from pipeline.ingest import accept_batch
from pipeline.refresh.refreshing import refresh
from tests.ingest.exports import load

_BUDGET = "Project code,WBS,Cost category,Month,Planned value\n" + "".join(
    f"{key},1,Equipment,2026-02-01,1200\n" for key in "AB"
)
_SCHEDULE = "Project,Task ID,WBS,Task name,Baseline start,Baseline finish,% Complete,Data date\n" + "".join(
    f"{key},T,1,Task,2026-02-02,2026-02-27,80%,2026-02-28\n" for key in "AB"
)
_DAYS = (2, 5, 9, 12, 19, 25)


def _costs(each: int, kept: tuple[int, ...]) -> str:
    """A: six numbered documents of this amount. B: lines of 200 without a number, on these days."""
    return (
        "项目编号,WBS编码,成本类别,发生日期,单据号,金额\n"
        + "".join(f"A,1,设备,2026-02-{day:02},A{day},{each}\n" for day in _DAYS)
        + "".join(f"B,1,设备,2026-02-{day:02},,200\n" for day in kept)
    )


def test_rows_that_are_gone_are_asked_about_and_then_told(data_dir):
    for name, content in (("b.csv", _BUDGET), ("s.csv", _SCHEDULE), ("costs.csv", _costs(200, _DAYS))):
        entry = load(data_dir, name, content)[0]
        assert entry["status"] == "landed", entry["reasons"]
    assert refresh(data_dir).status == "published"
    assert losses_of(open_snapshot(current_build(data_dir)), "A") == {}

    fewer = _costs(20, tuple(day for day in _DAYS if day not in (5, 12)))
    entry = load(data_dir, "costs.csv", fewer)[0]
    told = [reason["details"] for reason in entry["reasons"] if reason["code"] == "ingest.total_of_days_jumped"]
    assert entry["status"] == "held"
    assert [(row["project"], row["before"], row["now"]) for row in told] == [("A", "1200", "120"), ("B", "1200", "800")]

    accept_batch(data_dir, entry["batch_id"])
    assert refresh(data_dir).status == "published"
    build = open_snapshot(current_build(data_dir))
    cpi = [losses_of(build, key)["cost_performance_index"] for key in "AB"]
    # earned 80 % of 1,200 = 960: 960 ÷ 120 and 960 ÷ 800 instead of 960 ÷ 1,200
    assert [(row["loss_rows"], row["loss_amount"], round(row["value"], 4)) for row in cpi] == [
        (6, 1080.0, 8.0),
        (2, 400.0, 1.2),
    ]
    assert [round(row["value_with_lost_rows"], 4) for row in cpi] == [0.8, 0.8]
