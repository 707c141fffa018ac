"""CPI, SPI and the identities of earned value, computed here from the canonical rows alone."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipeline.sample.calendar import month_end, working_days
from pipeline.sample.stories import STORIES, Story

BY_KEY = {story.key: story for story in STORIES}
# BAC in CNY, CPI at the last closed month, SPI at the status date
EXPECTED = {
    "P2025-001": (28_600_000, 1.05, 1.004),
    "P2025-002": (18_000_000, 0.99, 0.985),
    "P2025-003": (8_600_000, 0.97, 0.930),
    "P2025-004": (30_000_000, 0.975, 0.920),
    "P2025-005": (7_200_000, 1.01, 1.000),
    "P2025-006": (4_800_000, 1.03, 1.010),
    "P2025-007": (16_000_000, 0.87, 0.970),
    "P2025-008": (4_800_000, 1.02, 1.000),
}
# the newest data date before the close, and the end of the accounting period before the closed one
BETWEEN_REPORTS = {
    "P2025-002": (dt.date(2026, 10, 20), dt.date(2026, 9, 30)),
    "P2025-005": (dt.date(2026, 9, 30), dt.date(2026, 9, 15)),
}
STAGES = {"到货": 0.6, "安装": 0.3, "初验": 0.1}


def earned_value(frames: dict[str, pl.DataFrame], story: Story) -> dict[dt.date, float]:
    """BAC × Σ(weight × progress) by status date; progress by the task's rule, weight the milestone's where it has one."""
    budget = frames["budget"].filter(pl.col("project") == story.key)
    elements = budget.group_by("wbs_code").agg(pl.col("planned_value").sum().cast(pl.Float64).alias("budget"))
    tasks = frames["schedule"].filter((pl.col("project") == story.key) & pl.col("is_buffer").is_null())
    rule, percent = pl.col("earned_value_rule"), pl.col("percent_complete")
    # devices with typed milestones: 60 % at arrival, 30 % installed, 10 % accepted, each when it is reached
    staged = (rule == "60/30/10") & pl.col("milestone_type").is_not_null()
    progress = (
        pl.when(staged | rule.is_in(["0/100", "weighted_milestones"]))
        .then((percent >= 1).cast(pl.Float64))
        .when(rule == "50/50")
        .then(pl.when(percent >= 1).then(1.0).when(pl.col("actual_start").is_not_null()).then(0.5).otherwise(0.0))
        .otherwise(percent)
    )
    stage = pl.when(staged).then(pl.col("milestone_type").replace_strict(STAGES, default=None, return_dtype=pl.Float64))
    weight = pl.coalesce(stage, "milestone_weight", "planned_hours", "duration_days")
    shares = tasks.group_by("status_on", "wbs_code").agg(((progress * weight).sum() / weight.sum()).alias("share"))
    earned = shares.join(elements, on="wbs_code").group_by("status_on").agg((pl.col("share") * pl.col("budget")).sum())
    return dict(earned.iter_rows())


def planned_value(frames: dict[str, pl.DataFrame], story: Story, day: dt.date) -> float:
    """Linear over the working days of a month."""
    total = 0.0
    budget = frames["budget"].filter(pl.col("project") == story.key)
    for start, value in budget.select("period_start", pl.col("planned_value").cast(pl.Float64)).iter_rows():
        if start <= day:
            whole = working_days(start, month_end(start))
            total += value * working_days(start, min(day, month_end(start))) / whole
    return total


def cost_lines(frames: dict[str, pl.DataFrame], story: Story) -> pl.DataFrame:
    """Debit less credit of the accounts mapped to cost; vouchers that carry cost over are left out."""
    mapping = frames["account_mapping"].filter(pl.col("kind").is_in(["actual", "accrual"]))
    return (
        frames["ledger"]
        .filter((pl.col("project") == story.ledger_code) & ~pl.col("summary").str.contains("结转"))
        .join(mapping.select("account_code", "category", "kind"), on="account_code")
        .with_columns((pl.col("debit").fill_null(0) - pl.col("credit").fill_null(0)).cast(pl.Float64).alias("amount"))
    )


@pytest.mark.parametrize("key", EXPECTED)
def test_the_budget_is_the_budget_at_completion(frames, key):
    budget = frames["budget"].filter(pl.col("project") == key)
    assert budget["planned_value"].sum() == EXPECTED[key][0]


@pytest.mark.parametrize("key", sorted(EXPECTED.keys() - BETWEEN_REPORTS))
def test_cost_performance_at_the_last_closed_month(frames, key):
    story = BY_KEY[key]
    lines = cost_lines(frames, story)
    assert lines["booked_on"].max() <= story.cost_closed_on
    index = earned_value(frames, story)[story.cost_closed_on] / lines["amount"].sum()
    assert index == pytest.approx(EXPECTED[key][1], abs=0.001)


@pytest.mark.parametrize(("key", "reported"), BETWEEN_REPORTS.items())
def test_cost_performance_where_books_and_reports_end_on_different_days(frames, key, reported):
    """The data date lies inside the last closed period: its cost lies between those without this one and with it."""
    story = BY_KEY[key]
    day, period_before = reported
    earned = earned_value(frames, story)
    assert max(date for date in earned if date <= story.cost_closed_on) == day
    lines = cost_lines(frames, story)
    before = lines.filter(pl.col("booked_on") <= period_before)["amount"].sum()
    assert earned[day] / lines["amount"].sum() < EXPECTED[key][1] < earned[day] / before


@pytest.mark.parametrize("key", EXPECTED)
def test_schedule_performance_at_the_status_date(frames, key):
    story = BY_KEY[key]
    index = earned_value(frames, story)[story.status_on] / planned_value(frames, story, story.status_on)
    assert index == pytest.approx(EXPECTED[key][2], abs=0.002)


@pytest.mark.parametrize("key", EXPECTED)
def test_earned_value_never_falls_nor_exceeds_the_budget(frames, key):
    story = BY_KEY[key]
    earned = [value for _, value in sorted(earned_value(frames, story).items())]
    assert all(before <= after + 1e-6 for before, after in zip(earned, earned[1:], strict=False))
    assert earned[-1] <= story.budget + 1e-6


def test_the_erp_project_will_cost_more_than_its_budget(frames):
    # EAC = BAC ÷ CPI = 16,000,000 ÷ 0.87 = 18,390,805; VAC = −2,390,805
    story = BY_KEY["P2025-007"]
    index = earned_value(frames, story)[story.cost_closed_on] / cost_lines(frames, story)["amount"].sum()
    assert story.budget / index == pytest.approx(18_390_805, abs=5_000)


@pytest.mark.parametrize("key", ["P2025-001", "P2025-008"])
def test_finished_projects_have_earned_everything(frames, key):
    story = BY_KEY[key]
    earned = earned_value(frames, story)
    assert earned[max(day for day in earned if day <= story.status_on)] == pytest.approx(story.budget)
    assert story.actual_finish <= story.contract_finish


def test_carry_over_empties_the_cost_accounts_and_balances(frames):
    carried = frames["ledger"].filter(pl.col("summary").str.contains("结转"))
    assert carried["debit"].sum() == carried["credit"].sum() > 0
    # a voucher that carries cost over holds nothing else
    vouchers = carried.select("period", "voucher_no").unique()
    assert frames["ledger"].join(vouchers, on=["period", "voucher_no"], how="semi").height == carried.height


def test_accruals_are_reversed_in_the_following_month(frames):
    accrued = frames["ledger"].filter((pl.col("account_code") == "148108") & ~pl.col("summary").str.contains("结转"))
    assert accrued.filter(pl.col("debit") < 0).height > 10
    left = accrued.group_by("project").agg(pl.col("debit").sum())
    assert left["debit"].to_list() == [0] * left.height  # all invoiced by the last closed month


def test_the_buffer_burns_faster_than_the_chain(frames):
    story = BY_KEY["P2025-004"]
    tasks = frames["schedule"].filter((pl.col("project") == story.key) & (pl.col("status_on") == story.status_on))
    buffer = tasks.filter(pl.col("is_buffer").fill_null(False)).row(0, named=True)
    chain = tasks.filter(pl.col("is_buffer").is_null() & (pl.col("duration_days") > 0))
    done = (chain["duration_days"] * chain["percent_complete"]).sum() / chain["duration_days"].sum()
    assert buffer["percent_complete"] == 0.68
    assert done == pytest.approx(0.49, abs=0.01)
    # 20 % of the chain's 741 working days
    assert buffer["duration_days"] == 148
    assert chain["forecast_finish"].max() < buffer["forecast_start"] <= buffer["baseline_finish"]
