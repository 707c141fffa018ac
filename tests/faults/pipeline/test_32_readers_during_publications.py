"""Fault 32: sixteen readers during forty publications: no error, no torn read. Only cursors leave the reader.

Four processes of four threads each. Every published file holds its own number in all of its rows, and that many rows:
a reader that saw rows of two builds, or a part of one, would count wrong.
"""

from __future__ import annotations

import subprocess
import sys
import threading

import duckdb
import pytest

from models.builds.data_dir import DataDir
from models.builds.published import build_number, current_build, kept_builds
from models.builds.snapshot import Snapshot, open_snapshot
from pipeline.refresh import building, publishing
from tests.pipeline.tiny import REPOSITORY

PUBLICATIONS = 40
ROWS_PER_NUMBER = 500  # build 7 holds 3,500 rows: several row groups' worth of pages by the end

READ = """
import sys, threading, time
from pathlib import Path
from models.builds.published import build_number, current_build
from models.builds.data_dir import DataDir
from models.builds.snapshot import open_snapshot

data_dir, last, rows_per_number = DataDir(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
problems, seen, deadline = [], set(), time.monotonic() + 120

def read():
    newest = 0
    try:
        while newest < last and time.monotonic() < deadline:
            build = current_build(data_dir)
            number = build_number(build.build_id)
            if number < newest:
                problems.append(f"went back from {newest} to {number}")
            newest = number
            snapshot = open_snapshot(build)
            rows = snapshot.query("select min(value) as low, max(value) as high, count(*) as rows from kpi_values")
            low, high, count = rows.row(0)
            if (snapshot.build_id, low, high, count) != (build.build_id, number, number, number * rows_per_number):
                problems.append(f"{build.build_id}: {snapshot.build_id} {low} {high} {count}")
            seen.add(number)
            time.sleep(0.05)  # whoever only looks again takes the processor from who publishes
    except BaseException as error:
        problems.append(repr(error))
    if newest < last:
        problems.append(f"never saw {last}")

threads = [threading.Thread(target=read) for _ in range(4)]
print("ready", flush=True)
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(seen), problems, flush=True)
"""


def publish_number(data_dir: DataDir, number: int) -> None:
    building.sweep(data_dir)
    with duckdb.connect(str(building.build_database(data_dir))) as database:
        database.execute(
            f"create table kpi_values as select 'project' as grain, {number}::double as value "
            f"from range({number * ROWS_PER_NUMBER})"
        )
    publishing.publish(data_dir, f"b-{number:06d}", {}, lambda *_: None)
    publishing.keep_newest(data_dir, 10)


def test_sixteen_readers_and_forty_publications(data_dir: DataDir) -> None:
    publish_number(data_dir, 1)
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READ, str(data_dir.root), str(PUBLICATIONS), str(ROWS_PER_NUMBER)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    try:
        for reader in readers:
            assert reader.stdout.readline() == "ready\n"
        for number in range(2, PUBLICATIONS + 1):
            publish_number(data_dir, number)
        told = [reader.communicate(timeout=150)[0].strip() for reader in readers]
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
    for line in told:
        builds_seen, problems = line.split(" ", 1)
        assert problems == "[]"
        assert int(builds_seen) >= 2  # it read before and after a publication
    assert [build_number(build.build_id) for build in kept_builds(data_dir)] == list(range(40, 30, -1))


def test_a_reader_keeps_what_it_has_open_when_the_file_goes(data_dir: DataDir) -> None:
    publish_number(data_dir, 3)
    snapshot = open_snapshot(current_build(data_dir))
    for number in range(4, 16):  # twelve more, ten kept: the file of build 3 is deleted
        publish_number(data_dir, number)
    assert not data_dir.build_file("b-000003").exists()
    assert snapshot.query("select count(*) from kpi_values where value = 3").item() == 3 * ROWS_PER_NUMBER


def test_threads_do_not_mix_their_rows(data_dir: DataDir) -> None:
    """One DuckDB connection used by two threads returns the other thread's rows; a snapshot must not."""
    publish_number(data_dir, 1)
    snapshot = open_snapshot(current_build(data_dir))
    wrong: list[tuple[int, list]] = []

    def ask(thread: int) -> None:
        for turn in range(100):
            expected = thread * 1_000 + turn
            found = snapshot.query("select $number + 0 * sum(value) as number from kpi_values", {"number": expected})
            if found["number"].to_list() != [expected]:
                wrong.append((expected, found["number"].to_list()))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_only_cursors_leave_the_reader(data_dir: DataDir) -> None:
    """Nothing public of a snapshot is a connection, and nothing read through it can write or reach outside."""
    publish_number(data_dir, 1)
    snapshot = Snapshot(current_build(data_dir))
    public = [getattr(snapshot, name) for name in dir(snapshot) if not name.startswith("_")]
    assert not any(isinstance(value, duckdb.DuckDBPyConnection) for value in public)
    for forbidden in (
        "delete from kpi_values",
        "create table plimsoll.main.added (a int)",
        "set enable_external_access = true",
        "select * from read_csv('/etc/hostname')",
        "attach '/tmp/elsewhere.duckdb'",
    ):
        with pytest.raises(duckdb.Error):
            snapshot.query(forbidden)
