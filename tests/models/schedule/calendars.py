"""Calendars and networks that the tests of the calculations share."""

import datetime as dt

import polars as pl

from models.schedule.working_time import WorkingCalendar

# Around the National Day of 2025 as the State Council set it: 1 to 8 October off, Sunday 28 September and Saturday
# 11 October are worked instead.
OFF = [dt.date(2025, 10, day) for day in range(1, 9)]
MAKE_UP = [dt.date(2025, 9, 28), dt.date(2025, 10, 11)]


def monday_to_friday(first: dt.date, last: dt.date) -> pl.DataFrame:
    """calendar_date, is_working_day by the plain rule, for a calendar of which nothing else is known."""
    days = pl.date_range(first, last, eager=True)
    return pl.DataFrame({"calendar_date": days, "is_working_day": days.dt.weekday() <= 5})


def march() -> WorkingCalendar:
    """Monday to Friday; 3 March 2025 is a Monday, position 0 of the worked examples."""
    return WorkingCalendar(monday_to_friday(dt.date(2025, 1, 1), dt.date(2026, 12, 31)))


def china() -> WorkingCalendar:
    exceptions = pl.DataFrame(
        {"calendar_date": OFF + MAKE_UP, "is_working_day": [False] * len(OFF) + [True] * len(MAKE_UP)}
    )
    return WorkingCalendar(monday_to_friday(dt.date(2025, 1, 1), dt.date(2026, 12, 31)), exceptions)


def tasks(*rows: tuple, **columns: list) -> pl.DataFrame:
    """rows: (task_id, duration_days, "predecessor predecessor"); columns: whatever else the network reads."""
    return pl.DataFrame(
        {
            "task_id": [row[0] for row in rows],
            "name": [f"Task {row[0]}" for row in rows],
            "duration_days": [row[1] for row in rows],
            "predecessors": [row[2].split() for row in rows],
            "file": ["plan.csv"] * len(rows),
            "source_row": list(range(2, len(rows) + 2)),
            **columns,
        },
        schema_overrides={"duration_days": pl.Float64, "predecessors": pl.List(pl.String)},
    )
