"""When the next refresh comes by itself, for a page to tell. Light to import: the scheduler is imported on asking."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from models.errors import PlimsollError
from pipeline.settings import Settings


def next_scheduled_refresh(now: dt.datetime, settings: Settings | None = None) -> dict:
    """{schedule: the cron expression or "", next_run: an aware datetime or None} by the settings of this installation.

    A cron expression that cannot be read gives no next run: the worker says so when it starts.
    """
    from pipeline.worker import refresh_schedule  # noqa: PLC0415 (pages that only upload do without a scheduler)

    settings = settings or Settings()
    try:
        schedule = refresh_schedule(settings)
    except PlimsollError:
        schedule = None
    zone = ZoneInfo(settings.time_zone)
    due = schedule.get_next_fire_time(None, now.astimezone(zone)) if schedule else None
    return {"schedule": settings.refresh_cron.strip(), "next_run": due}
