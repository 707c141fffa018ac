"""Several dashboards behind one address: each browser keeps its process, a process that is killed takes no other one along."""

from __future__ import annotations

import http.client
import shutil
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from pipeline import proxy
from pipeline.serving import free_port

ANSWERS_WITH_ITS_PORT = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(sys.argv[1].encode())
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def test_the_configuration_names_every_process_and_no_sign_is_left(tmp_path: Path) -> None:
    text = proxy.configuration(tmp_path, "127.0.0.1", 8501, [8502, 8503], 250)
    assert "@" not in text
    assert [line.split()[1] for line in text.splitlines() if line.strip().startswith("server 127")] == [
        "127.0.0.1:8502",
        "127.0.0.1:8503",
    ]
    assert "listen 127.0.0.1:8501;" in text and "client_max_body_size 250m;" in text


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PlimsollError) as refused:
        proxy.configuration(tmp_path / "a b", "127.0.0.1", 1, [2], 3)
    assert refused.value.code == "serve.folder_name"
    monkeypatch.setattr(shutil, "which", lambda *_args, **_named: None)
    with pytest.raises(PlimsollError) as refused:
        proxy.command(DataDir(tmp_path), "127.0.0.1", 1, [2], 3)
    assert refused.value.code == "serve.no_proxy" and "apt-get install" in str(refused.value)


def test_one_secret_for_all_processes_and_for_its_owner(tmp_path: Path) -> None:
    secret = proxy.cookie_secret(DataDir(tmp_path))
    assert secret == proxy.cookie_secret(DataDir(tmp_path)) and len(secret) == 64
    assert stat.S_IMODE((tmp_path / "cookie_secret").stat().st_mode) == 0o600


@pytest.mark.skipif(
    not shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin"), reason="nginx is not installed"
)
def test_a_seat_stays_with_its_process_and_moves_on_when_that_is_killed(tmp_path: Path) -> None:
    ports = []
    while len(ports) < 4:
        ports.append(free_port(ports[-1] + 1 if ports else 18_000))
    front, *behind = ports
    programs = {each: subprocess.Popen([sys.executable, "-c", ANSWERS_WITH_ITS_PORT, str(each)]) for each in behind}
    for each in behind:
        answering(each)  # one that is found dead gets no seats for ten seconds
    programs[front] = subprocess.Popen(proxy.command(DataDir(tmp_path), "127.0.0.1", front, behind, 10))
    try:
        seats = [sat_down(front) for _ in range(12)]
        assert (
            len({port for _seat, port in seats}) > 1
        )  # of twelve seats by their hash; all at one process: 1 in 177,147
        for seat, port in seats:
            assert {asked(front, seat)[1] for _ in range(3)} == {port}
        gone = seats[0][1]
        programs[int(gone)].kill()
        programs[int(gone)].wait()
        for seat, port in seats:
            found = asked(front, seat)[1]
            assert found == port if port != gone else found in {str(each) for each in behind} - {gone}
    finally:
        for program in programs.values():
            program.terminate()
            program.wait()


def answering(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except ConnectionError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers at {port}")


def sat_down(front: int) -> tuple[str, str]:
    """(seat, port) of somebody who comes without a cookie, once the front answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            return asked(front, "")
        except (ConnectionError, AssertionError):
            time.sleep(0.05)
    raise AssertionError("the proxy does not answer")


def asked(front: int, seat: str) -> tuple[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", front, timeout=60)
    connection.request("GET", "/", headers={"Cookie": f"plimsoll_seat={seat}"} if seat else {})
    answer = connection.getresponse()
    assert answer.status == 200
    given = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    return given, answer.read().decode()
