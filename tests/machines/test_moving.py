"""The control store goes to a server and comes back with every row; nothing is moved over something, or under a worker."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from filelock import FileLock

from models.builds.data_dir import DataDir
from models.errors import InputError, PlimsollError
from pipeline.machines.moving import move
from pipeline.refresh.locking import NOTE_FACT
from pipeline.refresh.refreshing import HEARTBEAT_FACT
from pipeline.store import control
from pipeline.store.alert_tables import notices, recipients
from pipeline.store.health import store_trouble
from pipeline.store.server import locks
from tests.commands import ran
from tests.pipeline.tiny import land_cost

TABLES = [table for metadata in control.DECLARED for table in metadata.sorted_tables]


@pytest.fixture
def server(postgresql) -> str:
    """The address of an empty store, not yet in PLIMSOLL_CONTROL."""
    return postgresql.new_schema()


@pytest.fixture
def moved(data_dir: DataDir, server: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A filled store of `data_dir` on the server, and {table: rows}."""
    fill(data_dir)
    monkeypatch.setenv("PLIMSOLL_CONTROL", server)
    return move(data_dir)[1]


def fill(data_dir: DataDir) -> None:
    """A batch, two facts of processes and one that stays, a recipient and three notices of whom the first is deleted."""
    land_cost(data_dir, "50.00")
    report = {"z": 1, "a": {"路径": "c:\\export\\'x'.csv", "nul": "\0", "emoji": "🚢"}, "big": 12345678901234567890}
    with control.writing(data_dir) as connection:
        for name in (HEARTBEAT_FACT, NOTE_FACT, "kept"):
            control.write_fact(connection, name, "yes")
        connection.execute(control.batches.update().values(report=report, size_bytes=3_000_000_000, file_name="a\0b"))
        person = {
            "name": "陈",
            "language": "zh",
            "role": "pmo",
            "projects": [],
            "sites": [],
            "least_severity": "warning",
        }
        rest = {"channel": "inbox", "edited_by": "x", "edited_at": "2026-11-20T00:00:00Z"}
        connection.execute(recipients.insert().values(**person, **rest, is_active=True))
        for number in range(3):
            words = {"build_id": f"b-{number}", "kind": "changes", "language": "zh", "subject": "s", "body": "b"}
            stated = words | {"event_ids": [number], "created_at": "2026-11-20T00:00:00Z"}
            connection.execute(notices.insert().values(recipient_id=1, **stated))
        connection.execute(notices.delete().where(notices.c.notice_id == 1))


def all_rows(data_dir: DataDir) -> dict[str, list[dict]]:
    with control.reading(data_dir) as connection:
        return {
            table.name: control.rows_of(connection, sa.select(table).order_by(*table.primary_key.columns))
            for table in TABLES
        }


def test_every_row_goes_there_and_back(data_dir: DataDir, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(data_dir)
    before = all_rows(data_dir)
    before["facts"] = [row for row in before["facts"] if row["name"] == "kept"]  # no process is moved
    before["batches"][0]["file_name"] = "a\N{REPLACEMENT CHARACTER}b"  # PostgreSQL holds no NUL in a text
    monkeypatch.setenv("PLIMSOLL_CONTROL", server)
    assert store_trouble(data_dir).code == "control.not_moved"  # nobody works with an empty one by mistake

    where, counted = move(data_dir)
    assert "host=" in where and sum(counted.values()) == sum(map(len, before.values()))
    assert all_rows(data_dir) == before
    assert list(before["batches"][0]["report"]) == ["z", "a", "big"]
    assert list(all_rows(data_dir)["batches"][0]["report"]) == ["z", "a", "big"]  # keys in their order
    assert store_trouble(data_dir) is None
    assert not data_dir.control_store.exists() and data_dir.control_store.with_name("control.db.moved").exists()

    with pytest.raises(InputError, match="nothing to move"):
        move(data_dir)
    assert move(data_dir, back=True)[0] == str(data_dir.control_store)
    monkeypatch.setenv("PLIMSOLL_CONTROL", "")
    assert all_rows(data_dir) == before
    assert store_trouble(data_dir) is None


def test_numbers_go_on_after_the_highest(data_dir: DataDir, moved: dict[str, int]) -> None:
    """Notices 2 and 3 were moved, and no request: the next ones are notice 4 and request 1."""
    with control.writing(data_dir) as connection:
        values = all_rows(data_dir)["notices"][0] | {"build_id": "b-9"}
        values.pop("notice_id")
        assert connection.execute(notices.insert().values(**values)).inserted_primary_key[0] == 4
        asked = control.requests.insert().values(asked_by="cli", asked_at="2026-11-20T00:00:00Z")
        assert connection.execute(asked).inserted_primary_key[0] == 1


def test_without_a_setting_there_is_nowhere_to_move(data_dir: DataDir) -> None:
    fill(data_dir)
    with pytest.raises(InputError) as refused:
        move(data_dir)
    assert refused.value.code == "control.no_setting"


def test_a_full_server_and_a_file_that_is_there_are_left_alone(data_dir: DataDir, moved, server, monkeypatch) -> None:
    before = all_rows(data_dir)
    monkeypatch.setenv("PLIMSOLL_CONTROL", "")
    with control.writing(data_dir) as connection:
        control.write_fact(connection, "another", "store")
    monkeypatch.setenv("PLIMSOLL_CONTROL", server)
    for back in (False, True):
        with pytest.raises(InputError) as refused:
            move(data_dir, back=back)
        assert refused.value.code == "control.not_empty"
    assert all_rows(data_dir) == before
    with closing(sqlite3.connect(data_dir.control_store)) as file:
        assert file.execute("select value from facts").fetchall() == [("store",)]


@pytest.mark.parametrize("at_work", ["worker.lock", "refresh.lock", locks.Lock.WORKER, locks.Lock.REFRESH])
def test_nothing_is_moved_under_a_worker_or_a_refresh(data_dir: DataDir, server: str, monkeypatch, at_work) -> None:
    fill(data_dir)
    monkeypatch.setenv("PLIMSOLL_CONTROL", server)
    beside = FileLock(data_dir.root / str(at_work))
    holding = (
        beside if isinstance(at_work, str) else locks.held(control.engine(data_dir), at_work)
    )  # of another machine
    with holding, pytest.raises(InputError) as refused:
        move(data_dir)
    assert refused.value.code == "control.in_use"
    assert data_dir.control_store.exists()
    move(data_dir)  # free again


def test_the_command_says_where_the_rows_are(data_dir: DataDir, server: str) -> None:
    fill(data_dir)
    with_password = server.replace("plimsoll@", "plimsoll:secret@")
    told = ran("control", "move", "--json", data_dir=data_dir, PLIMSOLL_CONTROL=with_password)
    assert told.returncode == 0, told.stderr
    document = json.loads(told.stdout)
    assert (document["rows"]["batches"], document["rows"]["notices"]) == (1, 2)
    assert "secret" not in told.stdout + told.stderr and "***" in document["store"]
    logged = "".join(path.read_text(encoding="utf-8") for path in Path(data_dir.logs).glob("*"))
    assert "secret" not in logged


@pytest.mark.parametrize("named", ["mysql://a@b/c", "not an address", "sqlite:///x.db"])
def test_a_setting_that_names_no_database_is_refused_in_words(data_dir: DataDir, monkeypatch, named: str) -> None:
    monkeypatch.setenv("PLIMSOLL_CONTROL", named)
    with pytest.raises(InputError) as refused, control.reading(data_dir):
        pass
    assert refused.value.code == "control.setting"


def test_without_the_driver_the_way_to_it_is_said(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLIMSOLL_CONTROL", "postgresql://plimsoll@db.example/plimsoll")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    told = ran("status", data_dir=data_dir)
    assert (told.returncode, "requirements-postgresql.txt" in told.stderr) == (2, True)


def test_a_server_that_does_not_answer_is_one_sentence(data_dir: DataDir, postgresql, monkeypatch) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setenv("PLIMSOLL_CONTROL", "postgresql://plimsoll:secret@127.0.0.1:1/none")
    with pytest.raises(PlimsollError) as refused, control.reading(data_dir):
        pass
    assert refused.value.code == "control.no_server" and "secret" not in str(refused.value)
    assert store_trouble(data_dir).code == "control.no_server"
