"""A dashboard of its own for a test, as `serve` starts it, on a free port of this machine; and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FIRST_ANSWER_SECONDS = 600  # a cold start takes three; a busy machine may take its time


def browser_executable(playwright) -> str | None:
    """PLIMSOLL_CHROMIUM, else an installed Chromium or Chrome, else the one playwright brought; None without any."""
    named = os.environ.get("PLIMSOLL_CHROMIUM")
    if named:
        return named
    for name in NAMES:
        found = shutil.which(name) or (f"/usr/bin/{name}" if Path(f"/usr/bin/{name}").exists() else None)
        if found:
            return found
    own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


@contextmanager
def serving(data_dir: DataDir, script: str = "app.py") -> Iterator[str]:
    """The address of a dashboard over `data_dir`, ended with the block. script: another page than all of it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data_dir.root.parent / f"dashboard-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"],
            cwd=REPOSITORY,
            env=os.environ | {"PLIMSOLL_DATA": str(data_dir.root)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=FIRST_ANSWER_SECONDS)


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    give_up = time.monotonic() + FIRST_ANSWER_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            pytest.fail(f"the dashboard ended by itself:\n{log.read_text(errors='replace')[-3000:]}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=30):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the dashboard did not answer in {FIRST_ANSWER_SECONDS} s:\n{log.read_text(errors='replace')[-3000:]}")
