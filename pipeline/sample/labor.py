"""Timesheets: who worked how long on what, day by day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from pipeline.sample.calendar import month_start, working_dates
from pipeline.sample.people import timesheets_from
from pipeline.sample.stories import SEED, STORIES, Story

OTHER_ACTIVITIES = ("requirements", "project_management", "deployment", "meeting")
OTHER_SHARES = (0.10, 0.06, 0.08, 0.04)
TEST_SHARE = 0.24  # of what is left for development and test
STRAY_PROJECT = "临时支持"
SPLIT_DAYS = 0.22  # share of days with two lines, 6 + 2 hours


def story_worklogs(story: Story, people: pl.DataFrame, leaves: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """One row per person, day and activity; missing days make the completeness that the story tells."""
    random = np.random.Generator(np.random.PCG64([SEED, story.number, 4]))
    days = working_dates(timesheets_from(story), story.status_on)
    members = people.filter(pl.col("project") == story.key).select(
        "person", "vendor", "labor_type", "allocation_share", "valid_to"
    )
    base = (
        members.join(pl.DataFrame({"work_date": days}), how="cross")
        .join(leaves.rename({"leave_on": "work_date", "hours": "away"}), on=["person", "work_date"], how="left")
        .with_columns(((8.0 - pl.col("away").fill_null(0.0)) * pl.col("allocation_share")).alias("hours"))
        .filter((pl.col("hours") > 0) & (pl.col("valid_to").is_null() | (pl.col("work_date") <= pl.col("valid_to"))))
        .sort("work_date", "person")
    )
    base = base.with_columns(pl.col("hours") * _kept(story, random, base)).filter(pl.col("hours") > 0)
    return _with_issues(story, random, _with_activities(story, random, _split(random, base)), issues)


def _kept(story: Story, random: np.random.Generator, base: pl.DataFrame) -> pl.Series:
    """0, 0.5 or 1 for each person-day: in every month the missing hours are the story's share, to half a day."""
    kept = np.ones(base.height)
    months, hours = base["work_date"].dt.truncate("1mo"), base["hours"].to_numpy()
    for month in months.unique().sort():
        rows = np.flatnonzero((months == month).to_numpy())
        random.shuffle(rows)
        left = (1 - story.completeness) * hours[rows].sum()
        for row in rows:
            if left < hours[row] / 2:
                break
            kept[row] = 0.0 if left >= hours[row] else 0.5
            left -= hours[row] * (1 - kept[row])
    return pl.Series(kept)


def _split(random: np.random.Generator, base: pl.DataFrame) -> pl.DataFrame:
    """Some full days are logged as 6 + 2 hours."""
    two = pl.Series(random.random(base.height) < SPLIT_DAYS) & (base["hours"] == 8.0)
    parts = [
        base.filter(~two),
        base.filter(two).with_columns(pl.lit(6.0).alias("hours")),
        base.filter(two).with_columns(pl.lit(2.0).alias("hours")),
    ]
    return pl.concat(parts).sort("work_date", "person", "hours", maintain_order=True)


def _with_activities(story: Story, random: np.random.Generator, base: pl.DataFrame) -> pl.DataFrame:
    months = base["work_date"].dt.truncate("1mo")
    stretch = max((month_start(story.status_on) - months[0]).days, 1)
    kinds = np.empty(base.height, dtype=object)
    hours = base["hours"].to_numpy()
    for month in months.unique().sort():
        rows = np.flatnonzero((months == month).to_numpy())
        time = min((month - months[0]).days / stretch, 1.0)
        upkeep, debt = (_between(pair, time) for pair in (story.upkeep_share, story.debt_share))
        random.shuffle(rows)
        built = 1 - upkeep - sum(OTHER_SHARES)
        edges = np.cumsum([upkeep, *OTHER_SHARES, built * TEST_SHARE])
        names = np.array(["upkeep", *OTHER_ACTIVITIES, "test", "development"], dtype=object)
        reached = (np.cumsum(hours[rows]) - hours[rows] / 2) / hours[rows].sum()
        kinds[rows] = names[np.searchsorted(edges, reached, side="right")]
        _tag_debt(random, rows, kinds, hours, debt)
    drawn = random.choice(story.module_names, base.height, p=story.module_shares)
    own_code = np.isin(kinds.astype(str), ("development", "test", "technical_debt", "upkeep"))
    return base.with_columns(
        pl.Series("activity", kinds.tolist(), dtype=pl.String),
        pl.when(pl.Series(own_code)).then(pl.Series(drawn)).otherwise(None).alias("module"),
    )


def _tag_debt(
    random: np.random.Generator, rows: np.ndarray, kinds: np.ndarray, hours: np.ndarray, share: float
) -> None:
    """Turns development lines into technical debt until it is `share` of development, test and debt, to the nearest line."""
    built = np.isin(kinds[rows].astype(str), ("development", "test"))
    target = share * hours[rows][built].sum()
    candidates = rows[kinds[rows] == "development"]
    candidates = candidates[np.argsort(-hours[candidates], kind="stable")]
    left = target
    for row in candidates:
        if hours[row] <= left + 1:
            kinds[row] = "technical_debt"
            left -= hours[row]


def _between(pair: tuple[float, float], time: float) -> float:
    return pair[0] + (pair[1] - pair[0]) * time


def _with_issues(story: Story, random: np.random.Generator, base: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """Adds what the story's tool knows of a line beside person, day and hours."""
    named = base.with_columns(
        pl.lit(story.timesheet_project).alias("project"), pl.lit(None, pl.String).alias("issue_key")
    )
    if story.timesheet_name is None:
        return _logged_on_issues(named, issues)
    if not story.tracks_in_tempo:
        return named
    keys = issues.sort("created_at")
    born = keys["created_at"].dt.date().to_numpy()
    known = np.searchsorted(born, base["work_date"].to_numpy(), side="right")
    chosen = np.maximum(known - 1 - random.integers(0, 40, base.height), 0)  # one of the forty newest at its day
    return named.with_columns(
        keys["issue_key"].gather(chosen).alias("issue_key"),
        *[pl.lit(None, pl.String).alias(name) for name in ("vendor", "labor_type")],
    )


def _logged_on_issues(lines: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """Log Work of a tracker: only issue, person, day and hours; the module is the issue's own."""
    late = issues.filter(pl.col("resolved_at").dt.date() >= lines["work_date"].min()).sort("resolved_at", "issue_key")
    chosen = np.arange(lines.height) * late.height // lines.height
    return lines.select("work_date", "person", "hours", "project").with_columns(
        late["issue_key"].gather(chosen), late["module"].gather(chosen)
    )


def stray_worklogs() -> pl.DataFrame:
    """Lines under a project name that nothing matches: they stay unallocated, 60 hours in all."""
    days = working_dates(dt.date(2026, 9, 7), dt.date(2026, 9, 22))[:10]
    worker = {"project": STRAY_PROJECT, "person": "E0109", "vendor": "V-07", "labor_type": "outsourced_month"}
    return pl.DataFrame([worker | {"work_date": day, "hours": 6.0, "activity": "deployment"} for day in days])


def day_labor_worklogs() -> pl.DataFrame:
    """Crews paid by the day, installing at ten hospitals: a slip a day and site, those of the last week not signed yet."""
    days = working_dates(dt.date(2026, 3, 9), dt.date(2026, 9, 15))[::6]
    crew = {
        "project": STORIES[0].timesheet_project,
        "vendor": "V-31",
        "labor_type": "day_labor",
        "activity": "deployment",
    }
    rows = []
    for n, day in enumerate(days):
        site = n % 10
        hospital = f"H{site * 29 + 5:03d}"
        slip = crew | {
            "site": hospital,
            "work_date": day,
            "hours": 8.0 if n % 4 else 4.0,
            "slip_no": f"DG-{day:%Y%m}-{n + 1:03d}",
            "signed_by": None if n >= len(days) - 2 else f"{hospital}-01",
        }
        for worker in range(2 + n % 2):
            rows.append(slip | {"person": f"E31{site % 5 * 3 + worker + 1:02d}"})
    return pl.DataFrame(rows, infer_schema_length=None)


def worklogs_frame(people: pl.DataFrame, leaves: pl.DataFrame, issues: dict[int, pl.DataFrame]) -> pl.DataFrame:
    frames = [story_worklogs(story, people, leaves, issues[story.number]) for story in STORIES]
    return pl.concat([*frames, stray_worklogs(), day_labor_worklogs()], how="diagonal_relaxed")
