"""The child process that opens workbooks and XML: what it may, what it may not, and what is said when it does."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from models.errors import InputError
from pipeline.ingest.files.sandbox.sandbox import Limits, confined
from tests.conftest import REPOSITORY
from tests.ingest.exports import written

TASKS = "tests.ingest.files.sandbox_tasks:"


@pytest.fixture
def source(tmp_path: Path):
    return written(tmp_path, "a.xlsx", b"PK what the file holds")


def _refused(task: str, source, arguments: dict | None = None, **limits: int) -> InputError:
    with pytest.raises(InputError) as caught:
        confined(TASKS + task, source, arguments or {}, Limits(**limits))
    assert "a.xlsx" in str(caught.value)
    return caught.value


def test_the_child_answers_with_a_document_and_files_that_go_with_the_answer(source) -> None:
    answer = confined(TASKS + "tells", source, {"sheet": "工时"})
    assert (answer.document["name"], answer.document["arguments"]) == ("a.xlsx", {"sheet": "工时"})
    left = answer.file("left.txt")
    assert left.read_bytes() == b"PK what the file holds"
    assert answer.file("../../left.txt") == left  # a name from the child leads nowhere else
    del answer
    assert not left.parent.exists()


def test_the_child_inherits_nothing_that_matters(source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "1")
    document = confined(TASKS + "tells", source, {}).document
    assert document["environment"] == ["POLARS_MAX_THREADS"]
    assert len(document["files"]) <= 6  # its three streams, the end of its pipe, the folder just listed


def test_each_file_has_a_child_of_its_own_and_the_helper_stays(source) -> None:
    first, second = (confined(TASKS + "tells", source, {}).document for _ in range(2))
    assert first["child"] != second["child"] and first["helper"] == second["helper"]


def test_a_refusal_of_the_reader_arrives_as_it_is(source) -> None:
    error = _refused("refuses", source)
    assert (error.code, error.details) == ("ingest.example", {"file": "a.xlsx", "why": "an example"})


def test_memory_ends_at_the_limit_and_the_parent_does_not_grow(source) -> None:
    before = psutil.Process().memory_info().rss
    error = _refused("eats_memory", source, memory_megabytes=300)
    assert (error.code, error.details["megabytes"]) == ("ingest.opening_took_memory", 300)
    assert psutil.Process().memory_info().rss - before < 30 << 20


def test_processor_time_and_the_clock_end_it(source) -> None:
    error = _refused("burns_time", source, cpu_seconds=1)
    assert (error.code, error.details["seconds"]) == ("ingest.opening_took_time", 1)
    begin = time.monotonic()
    error = _refused("sleeps", source, wall_seconds=1)
    assert (error.code, error.details["seconds"]) == ("ingest.opening_took_time", 1)
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("task", ["falls_over", "is_shot", "breaks_off", "writes_nonsense"])
def test_a_child_that_breaks_is_a_refused_file_and_the_next_one_is_read(source, task: str) -> None:
    assert _refused(task, source).code == "ingest.opening_broke_off"
    assert confined(TASKS + "tells", source, {}).document["name"] == "a.xlsx"


def test_an_endless_answer_is_not_read(source) -> None:
    assert _refused("answers_at_length", source).code == "ingest.opening_took_memory"


def test_a_child_reaches_no_network_starts_nothing_and_writes_nowhere_else(source, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        assert "is not for a reader" in str(_refused("reaches_out", source, {"host": host, "port": port}))
    assert "is not for a reader" in str(_refused("starts_a_program", source))
    elsewhere = tmp_path / "elsewhere.txt"
    assert "in its folder only" in str(_refused("writes_elsewhere", source, {"where": str(elsewhere)}))
    assert not elsewhere.exists()


def test_threads_open_files_side_by_side(source) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: confined(TASKS + "tells", source, {"number": number}), range(16)))
    assert [answer.document["arguments"]["number"] for answer in found] == list(range(16))


def test_a_helper_that_was_killed_is_replaced(source) -> None:
    helper = confined(TASKS + "tells", source, {}).document["helper"]
    os.kill(helper, signal.SIGKILL)
    assert confined(TASKS + "tells", source, {}).document["helper"] != helper


def test_a_process_that_has_a_thousand_files_open_reads_on(source) -> None:
    """A server with many connections: select() knows no file numbered above 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 2_000), hard), hard))
    helper = confined(TASKS + "tells", source, {}).document["helper"]
    with contextlib.ExitStack() as opened:
        for _ in range(1_100):
            opened.enter_context(open(os.devnull, "rb"))
        os.kill(helper, signal.SIGKILL)  # the next one's pipes have the next numbers
        assert confined(TASKS + "tells", source, {}).document["helper"] != helper
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_nothing_is_left_of_a_parent_that_was_killed(source) -> None:
    """The helper and the child at work end with it."""
    program = textwrap.dedent(
        f"""
        import threading, sys, time
        from pipeline.ingest.files.sandbox.sandbox import confined
        from pipeline.ingest.files.source import source_file
        source = source_file({str(source.path)!r})
        print(confined({TASKS + "tells"!r}, source, {{}}).document["helper"], flush=True)
        confined({TASKS + "sleeps"!r}, source, {{}})
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    helper = psutil.Process(int(parent.stdout.readline()))
    _until(helper.children)
    family = [helper, *helper.children()]
    parent.kill()
    parent.communicate()
    _until(lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family))


def _until(holds, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_one_server_serves_every_file(source) -> None:
    confined(TASKS + "tells", source, {})
    serving = {child.pid for child in psutil.Process().children()}
    for _ in range(10):
        confined(TASKS + "tells", source, {})
    assert {child.pid for child in psutil.Process().children()} == serving
    assert threading.active_count() < 50
