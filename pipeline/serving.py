"""Worker and dashboard together, on this machine only, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from models.builds.data_dir import DataDir
from models.builds.placement import followed_source
from models.errors import PlimsollError
from pipeline import proxy
from pipeline.refresh.refreshing import worker_is_alive
from pipeline.settings import HOUSE, Settings

ADDRESS = "127.0.0.1"  # anything wider needs sign-in
# glibc keeps what was freed in blocks below 32 MB once it has seen larger ones: a tab's uploads would stay in the process
_GIVEN_BACK = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_ARENA_MAX": "2"}
_PORTS_TRIED = 50
_READY_WITHIN_SECONDS = 60  # a cold disk; a warm one takes two
_FOLLOWED_EVERY_SECONDS = 5  # one small read where nothing is new
_STOPPED_WITHIN_SECONDS = 15


def serve(data_dir: DataDir, settings: Settings, say: Callable[[str], None]) -> None:
    """Runs dashboard and worker as child processes, in a folder that follows another's builds the follower in its place; says
    the address once a page can be opened.

    Several dashboards stand behind one address; one of them that ends is started again.

    Returns after Ctrl-C or SIGTERM, with all stopped.
    Raises: PlimsollError 'serve.no_port', 'serve.not_ready', 'serve.ended' (a child ended by itself), 'serve.no_proxy'.
    """
    port = free_port(settings.port)
    if port != settings.port:
        say(f"Port {settings.port} is taken; using {port}.")
    ports = [port] if settings.processes == 1 else _free_ports(port + 1, settings.processes)
    in_front = settings.processes > 1 and proxy.command(data_dir, ADDRESS, port, ports, settings.upload_limit_mb)
    environment = os.environ | {
        "PLIMSOLL_DATA": str(data_dir.root),
        "PLIMSOLL_UPLOADS_PER_TAB_MB": str(settings.uploads_per_tab_mb),
        "PLIMSOLL_UPLOADS_IN_ALL_MB": str(settings.uploads_in_all_mb),
        "STREAMLIT_SERVER_COOKIE_SECRET": proxy.cookie_secret(data_dir),
        **{name: value for name, value in _GIVEN_BACK.items() if name not in os.environ},
    }
    signal.signal(signal.SIGTERM, _as_interrupt)
    commands = {f"dashboard {each}": _dashboard_command(each, settings) for each in ports}
    children: dict[str, subprocess.Popen] = {}
    try:
        for name, command in commands.items():
            children[name] = _start(command, environment)
        for each in ports:
            _wait_until_ready(f"http://{ADDRESS}:{each}", children)
        if in_front:
            children["proxy"] = _start(in_front, environment)
            _wait_until_ready(f"http://{ADDRESS}:{port}", children)
        if source := followed_source(data_dir):
            say(f"This folder follows the builds of {source}.")
            children["follower"] = _start(
                [sys.executable, "-m", "pipeline", "follow", "--every", str(_FOLLOWED_EVERY_SECONDS)], environment
            )
        elif worker_is_alive(data_dir):
            say("A worker works on this data folder already; it goes on.")
        else:  # after the page: the worker's imports would slow its first run down
            children["worker"] = _start([sys.executable, "-m", "pipeline", "work"], environment)
        say(f"Plimsoll is open at http://{ADDRESS}:{port}")
        while True:
            for name in [name for name in commands if in_front and children[name].poll() is not None]:
                say(f"The {name} ended with code {children[name].returncode}; it is started again.")
                children[name] = _start(commands[name], environment)
            _none_ended(children)
            time.sleep(1)
    except KeyboardInterrupt:
        say("Stopping.")
    finally:
        stop(children)


def _free_ports(first: int, count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        found.append(free_port(found[-1] + 1 if found else first))
    return found


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on. Raises: PlimsollError 'serve.no_port'."""
    for port in range(first, min(first + _PORTS_TRIED, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return port
    raise PlimsollError(
        "serve.no_port",
        "The ports {first} to {last} are all taken. Set PLIMSOLL_PORT to a free one.",
        first=first,
        last=min(first + _PORTS_TRIED, 65_536) - 1,
    )


def stop(children: dict[str, subprocess.Popen]) -> None:
    """Ends the children: asks first, insists after 15 seconds."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(_STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen:
    # a session of its own: Ctrl-C reaches us alone, and we stop the children in order
    return subprocess.Popen(
        command, cwd=HOUSE, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True
    )


def _dashboard_command(port: int, settings: Settings) -> list[str]:
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(HOUSE / "app.py"),
        f"--server.port={port}",
        f"--server.address={ADDRESS}",
        f"--server.maxUploadSize={settings.upload_limit_mb}",
        "--server.headless=true",
        "--server.scriptHealthCheckEnabled=true",  # /_stcore/health says ok while every page raises
        "--browser.gatherUsageStats=false",
    ]


def _wait_until_ready(address: str, children: dict[str, subprocess.Popen]) -> None:
    """Ready is: the first page runs to its end without an error."""
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        _none_ended(children)
        match _answer(f"{address}/_stcore/script-health-check"):
            case 200:
                return
            case 503:
                raise PlimsollError(
                    "serve.first_page_fails",
                    "The first page of the dashboard ends with an error. The output above says why; "
                    "`python -m pipeline status` shows what the data folder holds.",
                )
        time.sleep(0.1)
    raise PlimsollError(
        "serve.not_ready",
        "The dashboard does not answer at {address} after {seconds} seconds. Its output above says why.",
        address=address,
        seconds=_READY_WITHIN_SECONDS,
    )


def _answer(url: str) -> int | None:
    """The HTTP status; None while nobody answers. No proxy: it is this machine."""
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=_READY_WITHIN_SECONDS) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def _none_ended(children: dict[str, subprocess.Popen]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise PlimsollError(
                "serve.ended",
                "The {name} ended by itself with code {exit_code}. Its output above says why.",
                name=name,
                exit_code=child.returncode,
            )


def _as_interrupt(_signal_number, _frame) -> None:
    raise KeyboardInterrupt
