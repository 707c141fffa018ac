"""Who works on what: people (codes, never names), their leave and their rates."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from pipeline.sample.calendar import working_dates
from pipeline.sample.documents import document
from pipeline.sample.stories import SEED, STORIES, TIMESHEETS_FROM, Story

LOG_WORK_FROM = dt.date(2025, 9, 1)
WARRANTY_TEAM = 3  # who stays when a project is finished and not yet closed
OUTSOURCED_FROM = 5  # from the sixth member of a team on, people come from vendors


def timesheets_from(story: Story) -> dt.date:
    """Where hours come with the issues, or a budget in hours asks for them, they go back further than the group's timesheets."""
    return story.hours_from or _usual_hours_from(story)


def _usual_hours_from(story: Story) -> dt.date:
    return LOG_WORK_FROM if story.timesheet_name is None else max(TIMESHEETS_FROM, story.starts)


def people_frame() -> pl.DataFrame:
    """One row per person and project with the share of the day given to it; one architect serves two projects."""
    rows = []
    for story in STORIES:
        for n, person in enumerate(story.team):
            role, _ = document("lists")["roles"][n]
            vendor = None if n < OUTSOURCED_FROM else ("V-07" if story.number % 2 else "V-12")
            rows.append(
                {
                    "person": person,
                    "role": role,
                    "vendor": vendor,
                    "department": story.department,
                    "labor_type": "own" if vendor is None else "outsourced_month",
                    "daily_hours": 8.0,
                    "project": story.key,
                    "allocation_share": 1.0,
                    "valid_from": timesheets_from(story),
                    "valid_to": None if story.is_in_warranty and n < WARRANTY_TEAM else story.actual_finish,
                }
            )
    shared = next(row for row in rows if row["person"] == "E0202")  # the cloud architect: half a day on the ERP
    shared["allocation_share"] = 0.5
    rows.append(shared | {"project": "P2025-007"})
    return pl.DataFrame(rows, infer_schema_length=None)


def leaves_frame(people: pl.DataFrame) -> pl.DataFrame:
    """About ten days a year for each person, one in five of them half a day."""
    random, earlier = (np.random.Generator(np.random.PCG64([SEED, subject])) for subject in (1, 9))
    rows = []
    stories = {story.key: story for story in STORIES}
    first_rows = people.unique("person", keep="first", maintain_order=True)
    for person, project, begins, leaves in first_rows.select("person", "project", "valid_from", "valid_to").iter_rows():
        story = stories[project]
        usual = _usual_hours_from(story)
        if begins < usual:
            rows += _leaves_of(earlier, person, working_dates(begins, usual - dt.timedelta(days=1)))
        rows += _leaves_of(random, person, working_dates(usual, leaves or story.status_on))
    return pl.DataFrame(rows)


def _leaves_of(random: np.random.Generator, person: str, days: list[dt.date]) -> list[dict]:
    rows = []
    for position in np.sort(random.choice(len(days), size=max(len(days) // 25, 1), replace=False)):
        hours = 4.0 if random.random() < 0.2 else 8.0
        rows.append({"person": person, "leave_on": days[int(position)], "hours": hours})
    return rows


def rates_frame() -> pl.DataFrame:
    """By role for own people, by vendor for the others; own rates rose on 1 January 2026."""
    first, second = dt.date(2024, 1, 1), dt.date(2026, 1, 1)
    own = dict(document("lists")["roles"])
    rows = [row for role, rate in own.items() for row in ((role, None, first, rate), (role, None, second, rate + 10))]
    rows += [(None, vendor, first, rate) for vendor, rate in document("lists")["vendor_rates"].items()]
    columns = ["role", "vendor", "valid_from", "hourly_rate"]
    rates = pl.DataFrame(rows, columns, orient="row", infer_schema_length=None)
    return rates.with_columns(pl.lit("CNY").alias("currency"))
