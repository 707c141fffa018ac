"""Worker and dashboard together: the address is told when a page can be opened, and both end with Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil

from models.builds.data_dir import DataDir
from pipeline.serving import free_port
from tests.pipeline.tiny import REPOSITORY


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_serve_says_the_address_and_stops_both(data_dir: DataDir) -> None:
    serving = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "serve", "--data-dir", str(data_dir.root)],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    children: list[psutil.Process] = []
    try:
        told = []
        for line in serving.stderr:
            told.append(line)
            if found := re.search(r"open at (http://127\.0\.0\.1:\d+)", line):
                break
        else:
            raise AssertionError("".join(told))
        with urllib.request.urlopen(f"{found[1]}/_stcore/health", timeout=120) as health:
            assert health.status == 200
        children = _children_by_command(serving.pid, "pipeline work", "streamlit run")
        listening = [
            connection.laddr.ip
            for child in children
            for connection in child.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        ]
        assert listening == ["127.0.0.1"]
        serving.send_signal(signal.SIGINT)
        assert serving.wait(120) == 0
        assert psutil.wait_procs(children, timeout=120)[1] == []
    finally:
        for process in [*children, serving]:
            if process.is_running() if isinstance(process, psutil.Process) else process.poll() is None:
                process.kill()
        serving.wait()
        serving.stdout.close()
        serving.stderr.close()


def _children_by_command(process_id: int, *commands: str) -> list[psutil.Process]:
    """The children whose command lines hold these words; waits, as a child just started has no command line yet."""
    deadline = time.monotonic() + 120
    while True:
        children = psutil.Process(process_id).children()
        running = [" ".join(child.cmdline()) for child in children]
        if all(any(command in line for line in running) for command in commands):
            return children
        assert time.monotonic() < deadline, f"{commands} are not all among {running}"
        time.sleep(0.05)
