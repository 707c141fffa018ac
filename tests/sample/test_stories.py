"""What a reader is meant to find on the screens is in the rows."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipeline.sample.calendar import working_dates
from pipeline.sample.people import timesheets_from
from pipeline.sample.stories import STATUS_ON, STORIES

BY_KEY = {story.key: story for story in STORIES}
IN_CODE = ["code", "interface", "performance", "security", "standard"]
NOT_CONFIRMED = ["as_designed", "duplicate", "cannot_reproduce", "to_requirement", "third_party"]


def confirmed(frames: dict[str, pl.DataFrame], key: str) -> pl.DataFrame:
    issues = frames["issues"].filter(pl.col("project") == BY_KEY[key].tracker_project)
    defects = issues.filter(pl.col("issue_type") == "defect")
    return defects.filter(pl.col("resolution").is_null() | ~pl.col("resolution").is_in(NOT_CONFIRMED))


@pytest.mark.parametrize(
    ("key", "defects", "lines", "percent"),
    [
        ("P2025-001", 186, 88_000, 0.211),
        ("P2025-002", 267, 62_000, 0.431),  # over the warning line of 0.4 %
        ("P2025-005", 195, 68_000, 0.287),
        ("P2025-006", 82, 34_000, 0.241),
    ],
)
def test_code_defect_rate(frames, key, defects, lines, percent):
    found = confirmed(frames, key).filter(pl.col("defect_cause").is_in(IN_CODE)).height
    size = frames["code_size"].filter((pl.col("project") == key) & (pl.col("measured_on") == STATUS_ON))
    assert (found, size["effective_lines"].sum()) == (defects, lines)
    assert 100 * found / lines == pytest.approx(percent, abs=0.001)


def test_one_module_without_tests_stops_the_release_of_the_imaging_system(frames):
    latest = frames["coverage"].filter((pl.col("project") == "P2025-005") & (pl.col("measured_on") == STATUS_ON))
    assert latest.filter(pl.col("lines_covered") == 0)["module"].to_list() == ["三维重建"]
    # (0.95 × 19.4 + 0.94 × 21.6 + 0.93 × 14.2 + 0) ÷ 68 = 51.94 ÷ 68 = 76.4 %
    assert latest["lines_covered"].sum() / latest["lines_valid"].sum() == pytest.approx(0.764, abs=0.001)


def test_every_other_measured_project_is_covered_well(frames):
    latest = frames["coverage"].filter((pl.col("project") != "P2025-005") & (pl.col("measured_on") == STATUS_ON))
    shares = latest.group_by("project").agg(pl.col("lines_covered").sum() / pl.col("lines_valid").sum())
    assert shares.height == 5
    assert shares["lines_covered"].min() > 0.85


def test_the_shop_has_no_code_reports(frames):
    for feed in ("coverage", "code_size", "test_results"):
        assert frames[feed].filter(pl.col("project") == "P2025-008").is_empty()


@pytest.mark.parametrize(("key", "open_ones"), [("P2025-007", 1), ("P2025-001", 0), ("P2025-003", 0), ("P2025-008", 0)])
def test_open_serious_defects(frames, key, open_ones):
    grave = confirmed(frames, key).filter(
        pl.col("severity").is_in(["fatal", "serious"]) & pl.col("closed_at").is_null()
    )
    assert grave["severity"].to_list() == ["serious"] * open_ones


@pytest.mark.parametrize("key", BY_KEY)
def test_few_defects_escape(frames, key):
    defects = confirmed(frames, key)
    escaped = defects.filter(pl.col("found_in_phase").is_in(["trial_run", "production"])).height / defects.height
    in_uat = defects.filter(pl.col("found_in_phase") == "uat").height / defects.height
    assert escaped < 0.05
    assert in_uat < 0.15


@pytest.mark.parametrize("key", [key for key, story in BY_KEY.items() if story.has_code_reports])
def test_the_latest_round_passes(frames, key):
    latest = frames["test_results"].filter((pl.col("project") == key) & (pl.col("run_id") == "junit-2026-11"))
    passed, failed = (latest.filter(pl.col("outcome") == outcome).height for outcome in ("passed", "failed"))
    assert passed / (passed + failed) >= 0.98


def test_debt_hours_of_the_cloud_platform_lie_under_the_reserve_and_upkeep_rises(frames):
    hours = frames["worklogs"].filter(pl.col("project") == "GOV")
    months = (
        hours.group_by(pl.col("work_date").dt.truncate("1mo").alias("month"))
        .agg(
            pl.col("hours").filter(pl.col("activity") == "technical_debt").sum().alias("debt"),
            pl.col("hours").filter(pl.col("activity").is_in(["development", "test"])).sum().alias("built"),
            (pl.col("hours").filter(pl.col("activity") == "upkeep").sum() / pl.col("hours").sum()).alias("upkeep"),
        )
        .sort("month")
    )
    shares = (months["debt"] / (months["built"] + months["debt"])).to_list()
    assert max(shares) < 0.08
    assert 0.05 < shares[-1] < 0.06
    upkeep = months["upkeep"].to_list()
    assert all(before < after for before, after in zip(upkeep, upkeep[1:], strict=False))


def test_scope_of_the_bank_grows_by_an_eighth_after_the_freeze(frames):
    story = BY_KEY["P2025-003"]
    requirements = frames["issues"].filter((pl.col("project") == "CRM") & (pl.col("issue_type") == "requirement"))
    frozen = requirements.filter(pl.col("created_at").dt.date() <= story.freeze_on)
    changes = frames["change_requests"].filter(pl.col("project") == story.key)
    # 82.5 person-days of changes on a frozen baseline of 687 = 12.0 %
    assert frozen["original_estimate_hours"].sum() / 8 == 687
    assert changes["scope_days"].sum() == 82.5
    added = requirements.filter(pl.col("created_at").dt.date() > story.freeze_on)
    assert sorted(changes["linked_keys"].explode()) == sorted(added["issue_key"])
    started = changes.filter(pl.col("started_on").is_not_null())
    early = started.filter(pl.col("decided_on").is_null() | (pl.col("started_on") < pl.col("decided_on")))
    assert (early.height, started.height) == (2, 12)
    assert changes.filter(pl.col("decision") == "pending").height == 3


@pytest.mark.parametrize(("key", "share"), [("P2025-006", 0.91), ("P2025-002", 0.985), ("P2025-005", 0.985)])
def test_timesheet_completeness(frames, key, share):
    """Σ min(logged, required) ÷ required over all person-days up to two working days before the status date."""
    story = BY_KEY[key]
    days = pl.DataFrame({"work_date": working_dates(timesheets_from(story), dt.date(2026, 11, 18))})
    away = frames["leaves"].rename({"leave_on": "work_date", "hours": "away"})
    required = (
        frames["people"]
        .filter(pl.col("project") == key)
        .join(days, how="cross")
        .join(away, on=["person", "work_date"], how="left")
        .with_columns(((8 - pl.col("away").fill_null(0)) * pl.col("allocation_share")).alias("required"))
    )
    logged = frames["worklogs"].filter(pl.col("project") == story.timesheet_project)
    logged = logged.group_by("person", "work_date").agg(pl.col("hours").sum())
    both = required.join(logged, on=["person", "work_date"], how="left")
    counted = both.select(pl.min_horizontal(pl.col("hours").fill_null(0), "required").sum()).item()
    assert counted / both["required"].sum() == pytest.approx(share, abs=0.005)


def test_the_roll_out_brings_sixty_percent_fewer_defects_than_the_pilot(frames):
    sites = frames["sites"]
    assert (sites.height, sites["region"].n_unique()) == (300, 10)
    pilot, others = sites.filter(pl.col("wave") == "W0"), sites.filter(pl.col("wave") != "W0")
    # pilot (11 + 9 + 10) ÷ 3 = 10; roll-out 1,188 ÷ 297 = 4
    assert pilot["defects_at_acceptance"].mean() == 10
    assert others["defects_at_acceptance"].mean() == 4
    assert sites["accepted_on"].max() <= BY_KEY["P2025-001"].actual_finish


def test_something_stays_unallocated(frames):
    known = set(frames["project_aliases"]["external_code"])
    stray = frames["ledger"].filter(~pl.col("project").is_in(known))
    assert (stray["project"].unique().to_list(), float(stray["debit"].sum())) == (["P2025099"], 86_400.00)
    hours = frames["worklogs"].filter(~pl.col("project").is_in(known))
    assert (hours["project"].unique().to_list(), hours["hours"].sum()) == (["临时支持"], 60.0)
    assert frames["issues"].filter(~pl.col("project").is_in(known)).is_empty()


def test_people_are_codes(frames):
    for feed, column, form in (
        ("people", "person", r"^E\d{4}$"),
        ("people", "vendor", r"^V-\d\d$"),
        ("worklogs", "signed_by", r"^H\d{3}-\d\d$"),
        ("worklogs", "person", r"^E\d{4}$"),
    ):
        codes = frames[feed][column].drop_nulls()
        assert codes.len() > 0, column
        assert codes.filter(~codes.str.contains(form)).to_list() == []


def test_sprints_last_two_weeks(frames):
    sprints = frames["issues"].filter(pl.col("project") == "AIS")["sprints"].explode().unique()
    # 1 July 2025 to 20 November 2026 are 508 days: 37 sprints, and one more for what is carried over
    numbers = sprints.str.extract(r"(\d+)").cast(pl.Int64)
    assert numbers.max() <= 38
    assert numbers.n_unique() > 30
