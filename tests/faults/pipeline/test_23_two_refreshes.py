"""Fault 23: two refreshes at once (two clicks and the timer): exactly one runs, the other says since when."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from models.builds.data_dir import DataDir
from pipeline.refresh import refreshing
from pipeline.refresh.refreshing import ask_for_refresh, pending_request, refresh_state, serve_requests
from pipeline.refresh.result import RefreshResult
from pipeline.store import control
from tests.databases import on_both_databases
from tests.pipeline.tiny import REPOSITORY, TINY_PROJECT, land_cost, runs_of, tiny_refresh, tiny_settings

pytestmark = on_both_databases


def test_the_second_one_says_since_when(data_dir: DataDir) -> None:
    land_cost(data_dir, "50.00")
    second: list[subprocess.CompletedProcess] = []
    states: list[dict] = []

    def click_again(step: str, _done: int, _total: int) -> None:
        if step == "parse":
            second.append(
                subprocess.run(
                    [sys.executable, "-m", "pipeline", "refresh", "--json", "--data-dir", str(data_dir.root)],
                    cwd=REPOSITORY,
                    env=os.environ | {"PLIMSOLL_DBT_PROJECT": str(TINY_PROJECT)},
                    capture_output=True,
                    text=True,
                    check=False,
                )
            )
            states.append(refresh_state(data_dir))

    assert tiny_refresh(data_dir, asked_by="schedule", on_step=click_again).status == "published"

    assert second[0].returncode == 1
    error = json.loads(second[0].stdout)["error"]
    assert error["code"] == "refresh.running"
    assert error["details"]["process_id"] == os.getpid()
    assert states[0]["running"] and states[0]["step"] == "parse" and states[0]["asked_by"] == "schedule"
    assert f"since {states[0]['since']} (asked by schedule" in error["message"]
    assert runs_of(data_dir) == [("b-000001", "published")]
    assert refresh_state(data_dir)["running"] is False


def test_requests_that_wait_become_one_run(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clicks, the timer and the inbox, served by whoever comes first; the others find nothing left to do."""
    land_cost(data_dir, "50.00")
    with control.writing(data_dir) as connection:
        for asked_by in ("screen", "screen", "schedule", "inbox"):
            connection.execute(
                control.requests.insert().values(asked_by=asked_by, asked_at=control.iso(control.now_utc()))
            )
    runs: list[list[RefreshResult]] = []
    servers = [
        threading.Thread(target=lambda: runs.append(serve_requests(data_dir, tiny_settings()))) for _ in range(3)
    ]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert sorted(len(served) for served in runs) == [0, 0, 1]
    assert runs_of(data_dir) == [("b-000001", "published")]
    assert pending_request(data_dir) is None


def test_asked_while_one_runs_is_done_afterwards(data_dir: DataDir) -> None:
    """The inputs of the running one are frozen already: what landed since needs another run."""
    land_cost(data_dir, "50.00")

    def ask_once(step: str, _done: int, _total: int) -> None:
        if step == "parse":
            land_cost(data_dir, "70.00", 2)
            with control.writing(data_dir) as connection:
                connection.execute(
                    control.requests.insert().values(asked_by="screen", asked_at=control.iso(control.now_utc()))
                )

    tiny_refresh(data_dir, on_step=ask_once)
    assert pending_request(data_dir) == "screen"
    assert [run.status for run in serve_requests(data_dir, tiny_settings())] == ["published"]
    assert runs_of(data_dir) == [("b-000001", "published"), ("b-000002", "published")]


def test_asking_without_a_worker_starts_a_process(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    land_cost(data_dir, "50.00")
    monkeypatch.setenv("PLIMSOLL_DBT_PROJECT", str(TINY_PROJECT))
    ask_for_refresh(data_dir, "screen")
    ask_for_refresh(data_dir, "screen")
    assert ("b-000001", "published") not in runs_of(data_dir)  # a page waits for the asking, not for the run
    deadline = time.monotonic() + 60
    while runs_of(data_dir) != [("b-000001", "published")]:
        assert time.monotonic() < deadline, (data_dir.logs / "refresh_output.log").read_text()
        time.sleep(0.2)
    assert refreshing.worker_is_alive(data_dir) is False
