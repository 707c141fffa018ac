"""Fault 49: the control store emptied, cut, of another program, older than what lies beside it → refused with the way back; told
on every page and by every command, never as a raw error, and never taken for a store that holds nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.errors import PlimsollError
from pipeline.alerts.answering import alerts_now
from pipeline.cli import main
from pipeline.refresh.refreshing import refresh_state
from pipeline.store import control
from pipeline.store.health import store_trouble
from pipeline.store.project_settings import project_settings
from tests.pipeline.tiny import REPOSITORY, land_cost, published_once, runs_of, tiny_refresh, total_of


@pytest.fixture
def one_build(made_once, tmp_path: Path) -> DataDir:
    """b-000001 with 50."""
    return DataDir(shutil.copytree(made_once("tiny-once", published_once).root, tmp_path / "data"))


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    """(exit code, the JSON document) of a command, in this process: a dozen processes would take a minute."""

    def ran(data_dir: DataDir, *command: str) -> tuple[int, dict]:
        monkeypatch.setattr(sys, "argv", ["pipeline", *command, "--json", "--data-dir", str(data_dir.root)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, json.loads(capsys.readouterr().out)

    return ran


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def made_anew(path: Path) -> None:
    path.unlink()
    with control.reading(DataDir(path.parent)):
        pass


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def made_text(path: Path) -> None:
    path.write_bytes(b"<html>" + bytes(path.stat().st_size - 6))


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table messages (body text)")
        connection.execute("insert into messages values ('kept')")
        connection.commit()


def of_a_newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 999")


def of_a_later_revision(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("update alembic_version set version_num = '0999'")
        connection.commit()


def without_its_batches(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("drop table batches")
        connection.commit()


@pytest.mark.parametrize("lose", [removed, emptied, made_anew])
def test_a_store_that_does_not_know_what_was_landed_refuses_the_refresh(one_build: DataDir, command_line, lose) -> None:
    lose(one_build.control_store)
    with pytest.raises(PlimsollError) as refused:
        tiny_refresh(one_build)
    assert refused.value.code == "control.lost"
    assert (refused.value.details["files"], refused.value.details["built"]) == (1, 1)
    assert "Restore the whole data folder" in str(refused.value)
    assert total_of(current_build(one_build)) == 50.0  # what was published stays: no empty b-000002
    exit_code, answer = command_line(one_build, "refresh")
    assert (exit_code, answer["error"]["code"]) == (1, "control.lost")
    exit_code, answer = command_line(one_build, "status")
    assert (exit_code, answer["build_id"]) == (0, "b-000001")
    assert any("emptied" in warning for warning in answer["warnings"])


def test_an_older_store_is_not_built_from(one_build: DataDir, tmp_path: Path) -> None:
    """A second file is landed and built; then the store of before comes back: it lacks 1 file, and 1 batch of b-000002."""
    before = shutil.copy(one_build.control_store, tmp_path / "before.db")
    land_cost(one_build, "70.00", 2)
    tiny_refresh(one_build)
    for beside in ("", "-wal", "-shm"):
        one_build.control_store.with_name(f"control.db{beside}").unlink(missing_ok=True)
    shutil.copy(before, one_build.control_store)
    with pytest.raises(PlimsollError) as refused:
        tiny_refresh(one_build)
    assert (refused.value.code, refused.value.details["files"], refused.value.details["built"]) == (
        "control.lost",
        1,
        1,
    )
    assert total_of(current_build(one_build)) == 120.0


def test_a_folder_restored_as_a_whole_refreshes(one_build: DataDir) -> None:
    assert store_trouble(one_build) is None
    assert tiny_refresh(one_build).status == "published"


def test_files_of_a_load_that_is_under_way_or_was_killed_are_no_loss(one_build: DataDir) -> None:
    """Their intent names them; the next load sweeps what no batch was written for."""
    landed = one_build.landed_file("costs", "20260201T000000-costs-ffffffff")
    landed.write_bytes(b"PAR1")
    assert store_trouble(one_build).details["files"] == 1
    intent = one_build.landing / "staging" / f"{landed.stem}.1.intent"
    intent.parent.mkdir()
    intent.write_text(f'{{"{landed.stem}": ["{landed}"]}}', encoding="utf-8")
    assert store_trouble(one_build) is None


DAMAGE = {
    cut: "control.damaged",
    made_text: "control.damaged",
    of_another_program: "control.foreign",
    of_a_newer_version: "control.newer",
    of_a_later_revision: "control.newer",
    without_its_batches: "control.foreign",
}


@pytest.mark.parametrize(("spoil", "code"), DAMAGE.items())
def test_a_damaged_store_is_told_in_words_and_left_as_it_is(one_build: DataDir, spoil, code: str) -> None:
    spoil(one_build.control_store)
    before = one_build.control_store.read_bytes()
    assert store_trouble(one_build).code == code
    for read in (project_settings, runs_of, alerts_now, tiny_refresh):
        with pytest.raises(PlimsollError) as refused:
            read(one_build)
        assert refused.value.code in (code, "control.damaged"), read
    assert refresh_state(one_build)["problem"]
    assert one_build.control_store.read_bytes() == before


COMMANDS = [
    ("batches",), ("status",), ("refresh",), ("kpis",), ("alerts",), ("gate", "YB"), ("undo", "B"), ("rollback", "b-000001"),
    ("explain", "tiny", "--project", "YB"), ("profiles", "list"), ("quarantine",), ("sample", "--if-empty"),
]  # fmt: skip


def test_every_command_says_so(one_build: DataDir, command_line) -> None:
    made_text(one_build.control_store)
    for command in COMMANDS:
        exit_code, answer = command_line(one_build, *command)
        assert (exit_code, answer["error"]["code"]) == (1, "control.damaged"), command
        assert "backup" in answer["error"]["message"]


def test_a_store_that_breaks_while_a_process_has_it_open(one_build: DataDir) -> None:
    assert runs_of(one_build) == [("b-000001", "published")]
    made_text(one_build.control_store)
    control.engine(one_build).dispose()
    with pytest.raises(PlimsollError) as refused:
        runs_of(one_build)
    assert refused.value.code == "control.damaged"


def test_a_store_that_is_restored_is_read_anew(one_build: DataDir, tmp_path: Path) -> None:
    """Another file under the same name: the process does not go on with the one it has open."""
    with control.writing(one_build) as connection:
        connection.execute(control.runs.delete())
    with closing(sqlite3.connect(one_build.control_store)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    spare = Path(shutil.copy(one_build.control_store, tmp_path / "spare.db"))
    with closing(sqlite3.connect(spare)) as connection:
        connection.execute(
            "insert into runs values (9, 'refresh', 'cli', '', null, 'failed', 'b-000009', null, '[]', '[]', null, 1)"
        )
        connection.commit()
    for beside in ("-wal", "-shm"):
        one_build.control_store.with_name(f"control.db{beside}").unlink(missing_ok=True)
    os.replace(spare, one_build.control_store)
    assert runs_of(one_build) == [("b-000009", "failed")]


def test_every_page_says_so(one_build: DataDir, monkeypatch) -> None:
    """Above pages that read the store and pages that do not, in both languages; a store that was lost likewise."""
    shutil.rmtree(one_build.warehouse)  # the tiny build has no pages of its own
    monkeypatch.setenv("PLIMSOLL_DATA", str(one_build.root))
    for spoil, said in (
        (made_text, {"en": "is damaged", "zh": "已损坏"}),
        (removed, {"en": "was emptied", "zh": "被清空"}),
    ):
        spoil(one_build.control_store)
        for language, words in said.items():
            for page in ("pages/overview/welcome.py", "pages/data/settings.py", "pages/help/glossary.py"):
                app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
                app.query_params["lang"] = language
                app.run().switch_page(page).run()
                assert not app.exception
                assert words in app.error[0].value, (page, language)
