"""Machines that share a control store: one worker and one refresh among them, known by the server and by no process number."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from models.alerts.vocabulary import AlertLevel
from models.builds.data_dir import DataDir
from models.builds.published import named_build
from models.errors import PlimsollError
from pipeline.alerts.answering import alerts_now, events_of
from pipeline.alerts.open_alerts import open_alerts
from pipeline.refresh.locking import refresh_lock
from pipeline.refresh.refreshing import HEARTBEAT_FACT, ask_for_refresh, pending_request, refresh_state, worker_is_alive
from pipeline.store import control
from pipeline.store.health import store_trouble
from pipeline.store.server import connecting, locks
from pipeline.worker import SeatAmongMachines, _seat
from tests.databases import on_a_server
from tests.faults.app.test_40_alerts import Portfolio
from tests.pipeline.tiny import REPOSITORY, land_cost, runs_of, tiny_refresh

pytestmark = on_a_server

# A worker in the middle of a refresh, with process numbers that mean nothing elsewhere.
OTHER_MACHINE = """
import sys, time
from pathlib import Path
from models.builds.data_dir import DataDir
from pipeline.refresh.locking import refresh_lock
from pipeline.store import control
from pipeline.worker import _seat
folder = DataDir(Path(sys.argv[1]))
with _seat(folder), refresh_lock(folder, "schedule") as note:
    began = {"kind": "refresh", "asked_by": "schedule", "started_at": "2026-11-20T00:00:00Z", "status": "running"}
    with control.writing(folder) as connection:
        connection.execute(
            control.runs.insert().values(
                **began, build_id="b-000002", steps=[], failed_tests=[], process_id=note.process_id
            )
        )
    note.update(step="build", done=40, total=120)
    print("at work", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other_machine(database: str, tmp_path) -> Iterator[subprocess.Popen]:
    """A process that sees no process of ours, over a data folder of its own."""
    apart = ["unshare", "--pid", "--fork", "--kill-child"] + ([] if os.getuid() == 0 else ["--user", "--map-root-user"])
    if not shutil.which("unshare") or subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no process may have process numbers of its own here: unshare --pid is refused")
    (tmp_path / "other").mkdir()
    command = [*apart, sys.executable, "-c", OTHER_MACHINE, str(tmp_path / "other")]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "at work\n"
        yield process
        process.kill()


def told(data_dir: DataDir) -> tuple:
    state = refresh_state(data_dir)
    run = state["last_runs"][0]["status"] if state["last_runs"] else None
    return state["running"], state["step"], state["done"], state["worker_alive"], run


def test_what_runs_on_another_machine_is_seen_here_until_it_is_killed(data_dir: DataDir, other_machine) -> None:
    land_cost(data_dir, "50.00")
    assert told(data_dir) == (True, "build", 40, True, "running")
    with pytest.raises(PlimsollError) as refused:
        tiny_refresh(data_dir)
    assert refused.value.code == "refresh.running"
    assert refused.value.details["process_id"] == 1  # over there; here it is another program
    with pytest.raises(PlimsollError, match="One is enough"), _seat(data_dir):
        pass
    ask_for_refresh(data_dir, "screen")  # its worker takes it: no process is started here
    assert pending_request(data_dir) == "screen" and not (data_dir.logs / "refresh_output.log").exists()

    other_machine.kill()
    other_machine.wait()
    wait_until(lambda: told(data_dir) == (False, None, None, False, "interrupted"))
    assert tiny_refresh(data_dir).build_id == "b-000003"  # b-000002 was given out over there
    assert runs_of(data_dir) == [("b-000002", "interrupted"), ("b-000003", "published")]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = dt.datetime.now() + dt.timedelta(seconds=30)
    while not condition():
        assert dt.datetime.now() < deadline


@contextmanager
def another_session(data_dir: DataDir) -> Iterator[sa.Connection]:
    with control.engine(data_dir).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def end_session_of(data_dir: DataDir, lock: locks.Lock) -> None:
    """As a server does that is started anew, or a network that is gone."""
    with another_session(data_dir) as connection:
        ended = connection.execute(
            sa.text("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = :kind"),
            {"kind": int(lock)},
        ).all()
        assert ended == [(True,)]
        wait_until(lambda: not locks.is_held(connection, lock))


@pytest.mark.parametrize("step", ["build", "pointer"])
def test_a_refresh_that_lost_its_lock_publishes_nothing(data_dir: DataDir, step: str) -> None:
    land_cost(data_dir, "50.00")

    def lose(reached: str, done: int, _total: int) -> None:
        if reached == {"build": "build", "pointer": "manifest"}[step] and done == 0:
            end_session_of(data_dir, locks.Lock.REFRESH)

    lost = tiny_refresh(data_dir, on_step=lose)
    assert (lost.status, lost.error.code) == ("failed", "control.no_server")
    assert named_build(data_dir) is None
    assert not list(data_dir.history.glob("*"))
    assert tiny_refresh(data_dir).status == "published"


def test_a_worker_that_lost_its_lock_takes_it_again_unless_another_was_faster(data_dir: DataDir) -> None:
    with _seat(data_dir) as ours:
        end_session_of(data_dir, locks.Lock.WORKER)
        ours.beat()  # notices it
        ours.beat()
        assert ours.is_ours and worker_is_alive(data_dir)

        end_session_of(data_dir, locks.Lock.WORKER)
        other = SeatAmongMachines(data_dir)
        other.beat()
        for _ in range(2):
            ours.beat()
        assert (ours.is_ours, other.is_ours) == (False, True)
        ours.ask("schedule")
        assert pending_request(data_dir) is None  # it does nothing
        other.leave()
        ours.beat()
        assert ours.is_ours


def test_alive_is_a_beat_by_the_clock_of_the_server(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    with _seat(data_dir) as seat:
        monkeypatch.setattr(control, "clock", lambda: dt.datetime(2019, 1, 1, tzinfo=dt.UTC))
        assert worker_is_alive(data_dir)
        seat.beat()
        assert worker_is_alive(data_dir)
        with control.writing(data_dir) as connection:
            beat = json.loads(control.fact(connection, HEARTBEAT_FACT))
            now = control.seconds(connection)
            assert 0 <= now - beat["at"] < 15
            # the lock is held still: a machine that hangs, or lost its network
            control.write_fact(connection, HEARTBEAT_FACT, json.dumps(beat | {"at": now - 16}))
        assert not worker_is_alive(data_dir)
    assert not worker_is_alive(data_dir)


def test_locks_of_two_stores_in_one_database_are_two(data_dir: DataDir, postgresql, monkeypatch) -> None:
    with refresh_lock(data_dir, "cli"), _seat(data_dir):
        monkeypatch.setenv("PLIMSOLL_CONTROL", postgresql.new_schema())
        elsewhere = DataDir(data_dir.root.with_name("elsewhere"))
        with refresh_lock(elsewhere, "cli"), _seat(elsewhere):
            assert refresh_state(elsewhere)["asked_by"] == "cli"


OPENS = """
import sys
from pathlib import Path
from models.builds.data_dir import DataDir
from pipeline.store import control
with control.reading(DataDir(Path(sys.argv[1]))) as connection:
    print(control.fact(connection, "none"))
"""


def test_machines_may_open_a_new_database_at_once(data_dir: DataDir) -> None:
    command = [sys.executable, "-c", OPENS, str(data_dir.root)]
    processes = [subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    with another_session(data_dir) as connection:
        assert connection.execute(sa.text("select count(*) from alembic_version")).scalar() == 1


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (["create table invoices (n integer)"], "control.foreign_server"),
        (["update alembic_version set version_num = '0999'"], "control.newer_server"),
    ],
)
def test_what_is_not_ours_is_refused_and_left_as_it_is(data_dir, postgresql, monkeypatch, statements, code) -> None:
    address = os.environ["PLIMSOLL_CONTROL"]
    if code == "control.newer_server":
        control.engine(data_dir).dispose()
    monkeypatch.setattr(control, "_engines", {})
    with postgresql.engine(address) as engine:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
            before = sorted(sa.inspect(connection).get_table_names())
        with pytest.raises(PlimsollError) as refused, control.reading(data_dir):
            pass
        assert refused.value.code == store_trouble(data_dir).code == code
        assert sorted(sa.inspect(engine).get_table_names()) == before


def test_pages_go_on_without_alerts_while_the_server_is_silent(data_dir: DataDir, monkeypatch) -> None:
    """A host that takes no connection: each look would last until it is given up."""
    looks: list[str] = []

    def silent() -> sa.Connection:
        looks.append("asked")
        raise sa.exc.OperationalError("", None, TimeoutError("timeout expired"))

    monkeypatch.setenv("PLIMSOLL_CONTROL", "postgresql://plimsoll@db.example/plimsoll")
    monkeypatch.setattr(connecting, "new_engine", lambda _server: SimpleNamespace(connect=silent, dispose=list))
    monkeypatch.setattr(connecting, "_SLOW_SECONDS", -1)  # any answer took longer than that
    assert open_alerts(data_dir) == open_alerts(data_dir) == ()
    assert looks == ["asked"]  # not at every rerun
    assert store_trouble(data_dir).code == "control.no_server"
    monkeypatch.setattr(connecting, "_silent", {})  # some seconds later
    store_trouble(data_dir)
    assert looks == ["asked", "asked"]


SAYS = """
import sys
from pathlib import Path
from models.builds.data_dir import DataDir
from pipeline.alerts.answering import comment
for number in range(20):
    comment(DataDir(Path(sys.argv[1])), sys.argv[2], by=sys.argv[3], text=str(number))
"""


def test_what_people_say_on_two_machines_at_once_is_all_kept(data_dir: DataDir, tmp_path, monkeypatch) -> None:
    """Three times twenty comments on one alert, each an event and a line of the audit, numbered as they were committed."""
    Portfolio(data_dir, monkeypatch).reads(1, AlertLevel.CRITICAL)
    [alert] = alerts_now(data_dir)
    command = [sys.executable, "-c", SAYS, str(tmp_path / "elsewhere"), alert.alert_key]
    processes = [
        subprocess.Popen([*command, person], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) for person in "abc"
    ]
    for process in processes:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    comments = [event for event in reversed(events_of(data_dir, alert.alert_key)) if event.kind == "commented"]
    assert len({event.event_id for event in comments}) == len(comments) == 60
    for person in "abc":
        assert [event.text for event in comments if event.actor == person] == [str(number) for number in range(20)]


def test_a_server_that_is_started_anew_is_taken_up_again(data_dir: DataDir, postgresql) -> None:
    with _seat(data_dir) as seat:
        assert told(data_dir)[3] is True
        postgresql.stop()
        seat.beat()
        assert not seat.is_ours
        with pytest.raises(PlimsollError) as refused, control.writing(data_dir):
            pass
        assert refused.value.code == "control.no_server"
        state = refresh_state(data_dir)  # a page says why, and is drawn
        assert (state["running"], state["worker_alive"]) == (False, False) and "cannot be used" in state["problem"]
        postgresql.start()
        seat.beat()
        assert seat.is_ours and told(data_dir)[3] is True
