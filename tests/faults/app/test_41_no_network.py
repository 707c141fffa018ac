"""41. No network: everything starts and works, and nothing tries to leave.

Each process of the journey starts with a sitecustomize that refuses every connection and every name look-up that is not this
machine's own, and writes down who tried. The journey: load the sample, refresh, serve, open the pages.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
GUARD = """
import os, socket, traceback

_record = os.environ["PLIMSOLL_TEST_ATTEMPTS"]
_here = ("127.", "::1", "localhost", "0.0.0.0")
_connect, _connect_ex, _sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
_getaddrinfo = socket.getaddrinfo


def _is_here(address):
    if not isinstance(address, tuple):
        return True
    host = address[0].decode() if isinstance(address[0], bytes) else str(address[0])
    return host == "" or host.startswith(_here)


def _refuse(what, address):
    with open(_record, "a", encoding="utf-8") as record:
        record.write(f"{what} {address!r}\\n{''.join(traceback.format_stack(limit=12))}\\n")
    raise OSError(101, "Network is unreachable")


def connect(self, address):
    return _connect(self, address) if _is_here(address) else _refuse("connect", address)


def connect_ex(self, address):
    return _connect_ex(self, address) if _is_here(address) else _refuse("connect_ex", address)


def sendto(self, data, *rest):
    return _sendto(self, data, *rest) if _is_here(rest[-1]) else _refuse("sendto", rest[-1])


def getaddrinfo(host, *rest, **named):
    here = host is None or _is_here((host,)) or host in (socket.gethostname(), b"localhost")
    return _getaddrinfo(host, *rest, **named) if here else _refuse("getaddrinfo", host)


socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto = connect, connect_ex, sendto
socket.getaddrinfo = getaddrinfo
"""


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """An environment whose Python processes cannot reach anything but this machine."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
    return inherited | {
        "PYTHONPATH": str(tmp_path / "guard"),
        "PLIMSOLL_TEST_ATTEMPTS": str(tmp_path / "attempts.txt"),
        "PLIMSOLL_DATA": str(tmp_path / "data"),
        "HOME": str(tmp_path),  # no opt-out file of the developer's helps
    }


def attempts(offline: dict[str, str]) -> str:
    record = Path(offline["PLIMSOLL_TEST_ATTEMPTS"])
    return record.read_text(encoding="utf-8") if record.exists() else ""


def run_python(offline: dict[str, str], *words: str) -> None:
    ran = subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, env=offline, capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stderr[-4000:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_guard_refuses_and_records(offline: dict[str, str]) -> None:
    """The test below would pass with a guard that guards nothing."""
    leaving = "import urllib.request\ntry:\n    urllib.request.urlopen('http://192.0.2.1/')\nexcept OSError: pass"
    run_python(offline, "-c", leaving)
    assert "192.0.2.1" in attempts(offline)


PAGES = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
for page in ("overview/portfolio", "cost/cost", "data/uploads", "data/refresh", "warnings/notifications"):
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception and not app.error, (page, app.exception, app.error)
"""


def test_load_refresh_and_serve_work_and_nothing_tries_to_leave(offline: dict[str, str], tmp_path: Path) -> None:
    run_python(offline, "-m", "pipeline", "sample")
    run_python(offline, "-m", "pipeline", "refresh")
    run_python(offline, "-c", PAGES)

    port = free_port()
    log = tmp_path / "serve.log"
    with log.open("w", encoding="utf-8") as output:
        served = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "serve"],
            cwd=REPOSITORY,
            env=offline | {"PLIMSOLL_PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            assert answers(f"http://127.0.0.1:{port}/", served), log.read_text(encoding="utf-8")
            time.sleep(2)  # statistics are sent a moment after the start
        finally:
            served.terminate()
            served.wait(timeout=30)
    assert attempts(offline) == ""


def answers(address: str, process: subprocess.Popen, seconds: float = 60) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with opener.open(address, timeout=5) as response:
                return response.status == 200
        except OSError:
            time.sleep(0.3)
    return False
