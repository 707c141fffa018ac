"""The next refresh by schedule, as the refresh page tells it."""

import datetime as dt

from pipeline.scheduled import next_scheduled_refresh
from pipeline.settings import Settings

SUNDAY_NOON_UTC = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def test_the_next_run_is_told_in_the_set_zone():
    # 12:00 UTC on Sunday is 20:00 in Shanghai; half past six on the next weekday is Monday the 23rd, 06:30 there.
    told = next_scheduled_refresh(SUNDAY_NOON_UTC, Settings(refresh_cron="30 6 * * 1-5", time_zone="Asia/Shanghai"))
    assert told["next_run"].isoformat() == "2026-11-23T06:30:00+08:00"
    assert told["schedule"] == "30 6 * * 1-5"


def test_no_schedule_and_a_broken_one_give_no_next_run():
    assert next_scheduled_refresh(SUNDAY_NOON_UTC, Settings(refresh_cron=""))["next_run"] is None
    assert next_scheduled_refresh(SUNDAY_NOON_UTC, Settings(refresh_cron="every day"))["next_run"] is None
