"""The worker: schedule, requests, heartbeat, a clean end."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.errors import InputError
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state, worker_is_alive
from pipeline.store import control
from pipeline.worker import ask, missed_run, refresh_schedule
from tests.databases import on_both_databases
from tests.pipeline.tiny import REPOSITORY, TINY_PROJECT, land_cost, runs_of, tiny_settings, total_of

pytestmark = on_both_databases

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("cron", "after", "due"),
    [
        ("30 6 * * *", "2026-11-20 12:00", "2026-11-21 06:30"),
        # 20 November 2026 is a Friday: weekdays go on with Monday, the 23rd, as cron counts (1 = Monday)
        ("30 6 * * 1-5", "2026-11-20 12:00", "2026-11-23 06:30"),
        ("0 8 * * 0", "2026-11-20 12:00", "2026-11-22 08:00"),  # 0 is Sunday
        ("0 8 * * 7", "2026-11-20 12:00", "2026-11-22 08:00"),  # and so is 7
    ],
)
def test_the_schedule_is_read_as_cron_reads_it(cron: str, after: str, due: str) -> None:
    schedule = refresh_schedule(tiny_settings(refresh_cron=cron))
    assert schedule.get_next_fire_time(None, at(after)) == at(due)


def test_an_empty_schedule_is_none_and_a_wrong_one_is_said() -> None:
    assert refresh_schedule(tiny_settings(refresh_cron=" ")) is None
    with pytest.raises(InputError) as refused:
        refresh_schedule(tiny_settings(refresh_cron="every morning"))
    assert "every morning" in str(refused.value)


def test_a_missed_run_is_noticed_once(data_dir: DataDir) -> None:
    schedule = refresh_schedule(tiny_settings(refresh_cron="30 6 * * *"))
    assert missed_run(data_dir, schedule, at("2026-11-20 12:00")) is False  # nothing is loaded
    land_cost(data_dir, "50.00")
    assert missed_run(data_dir, schedule, at("2026-11-20 12:00")) is True  # loaded, and never built
    with control.writing(data_dir) as connection:
        connection.execute(
            control.runs.insert().values(
                kind="refresh",
                asked_by="schedule",
                started_at="2026-11-19T22:30:00Z",
                status="published",
                build_id="b-000001",
                steps=[],
                failed_tests=[],
            )  # fmt: skip
        )
    # 22:30 UTC is 06:30 of the 20th in Shanghai
    assert missed_run(data_dir, schedule, at("2026-11-20 12:00")) is False
    assert missed_run(data_dir, schedule, at("2026-11-21 06:29")) is False
    assert missed_run(data_dir, schedule, at("2026-11-24 09:00")) is True  # four missed: one request
    assert missed_run(data_dir, None, at("2026-11-24 09:00")) is False
    ask(data_dir, "schedule")
    ask(data_dir, "schedule")
    with control.reading(data_dir) as connection:
        assert len(connection.execute(control.requests.select()).all()) == 1


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until the condition held."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


def test_a_worker_serves_requests_and_ends_when_told(data_dir: DataDir) -> None:
    land_cost(data_dir, "50.00", 1)
    environment = os.environ | {"PLIMSOLL_DBT_PROJECT": str(TINY_PROJECT)}
    command = [sys.executable, "-m", "pipeline", "work", "--data-dir", str(data_dir.root)]
    output = (data_dir.root / "output").open("w+")
    worker = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=output, stderr=output)
    try:
        # loaded and never built: caught up at the start, without being asked
        wait_for(lambda: current_build(data_dir) is not None, 60, "first build")
        wait_for(lambda: runs_of(data_dir) == [("b-000001", "published")], 10, "first run")
        assert worker_is_alive(data_dir)

        land_cost(data_dir, "70.00", 2)
        ask_for_refresh(data_dir, "screen")
        taken = wait_for(lambda: refresh_state(data_dir)["running"], 20, "request taken")
        assert taken < 10  # half a second by itself; the rest is a busy machine
        wait_for(lambda: len(runs_of(data_dir)) == 2 and runs_of(data_dir)[1][1] == "published", 60, "second run")
        assert total_of(current_build(data_dir)) == 120.0
        assert refresh_state(data_dir)["last_runs"][0]["asked_by"] == "screen"

        second = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert "One is enough" in second.stderr

        # told to end in the middle of a refresh: the run is marked, the old build stays
        ask_for_refresh(data_dir, "screen")
        wait_for(lambda: len(runs_of(data_dir)) == 3, 20, "third run")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    finally:
        worker.kill()
        worker.wait()
        output.close()
    assert not worker_is_alive(data_dir)
    assert runs_of(data_dir)[2][1] == "interrupted"
    assert total_of(current_build(data_dir)) == 120.0
