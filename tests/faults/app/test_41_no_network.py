"""41. No network: everything starts and works, and nothing tries to leave.

Each process of the journey starts with a sitecustomize that refuses every connection and every name look-up that is not this
machine's own, and writes down who tried. The journey: load the sample, refresh (the walk of the README), open the pages, serve.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from tests.offline import Offline
from tests.sample_walk import REPOSITORY, SampleWalk

PATIENCE_SECONDS = 300  # of a machine that is busy with other tests


@pytest.fixture
def offline(tmp_path: Path) -> Offline:
    return Offline(tmp_path / "offline")


def run_python(environment: dict[str, str], *words: str) -> None:
    ran = subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-4000:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_guard_refuses_and_records(offline: Offline) -> None:
    """The tests below would pass with a guard that guards nothing."""
    leaving = "import urllib.request\ntry:\n    urllib.request.urlopen('http://192.0.2.1/')\nexcept OSError: pass"
    run_python(offline.environment, "-c", leaving)
    assert "192.0.2.1" in offline.attempts


PAGES = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
for page in ("overview/portfolio", "cost/cost", "data/uploads", "data/refresh", "warnings/notifications"):
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception and not app.error, (page, app.exception, app.error)
"""


def test_loading_and_refreshing_tried_to_reach_nothing(sample_walk: SampleWalk) -> None:
    assert "published" in sample_walk.printed(0)  # under the guard, it did load and refresh
    assert (sample_walk.offline.folder / "guard" / "sitecustomize.py").exists()
    assert sample_walk.offline.attempts == ""


def test_pages_and_the_server_work_and_nothing_tries_to_leave(
    offline: Offline, sample_copy: DataDir, tmp_path: Path
) -> None:
    environment = offline.environment | {"PLIMSOLL_DATA": str(sample_copy.root)}
    run_python(environment, "-c", PAGES)

    port = free_port()
    log = tmp_path / "serve.log"
    with log.open("w", encoding="utf-8") as output:
        served = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "serve"],
            cwd=REPOSITORY,
            env=environment | {"PLIMSOLL_PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            assert answers(f"http://127.0.0.1:{port}/", served), log.read_text(encoding="utf-8")
            time.sleep(2)  # statistics are sent a moment after the start
        finally:
            served.terminate()
            served.wait(timeout=PATIENCE_SECONDS)
    assert offline.attempts == ""


def answers(address: str, process: subprocess.Popen, seconds: float = PATIENCE_SECONDS) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with opener.open(address, timeout=5) as response:
                return response.status == 200
        except OSError:
            time.sleep(0.3)
    return False
