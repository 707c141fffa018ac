"""Stores of earlier versions go forwards with their rows; the revisions and the declared tables make the same store."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from pipeline.store import control, migrating
from pipeline.store.health import store_trouble
from tests.store.earlier import SCHEMAS, store_of_schema

REPOSITORY = Path(__file__).resolve().parents[2]
EARLIER = sorted(SCHEMAS)
NEWEST = migrating.revisions()[-1]
NEXT = f"{int(NEWEST) + 1:04}"
DECLARED = control.DECLARED


def rows_of(path: Path) -> dict[str, list[dict]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {table: [dict(row) for row in connection.execute(f"select * from {table}")] for table in tables}


def columns_of(path: Path) -> set[tuple]:
    """(table, column, type, not null, place in the primary key), whatever the order of columns."""
    with closing(sqlite3.connect(path)) as connection:
        return set(
            connection.execute(
                "select t.name, c.name, upper(c.type), c.'notnull', c.pk"
                " from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table'"
            )
        )


def earlier_store(data_dir: DataDir, schema: str) -> Path:
    """A store of that schema with one row in every table, each value of its column's type and telling its column."""
    values = {"VARCHAR": "'{}'", "TEXT": "'{} 载'", "INTEGER": "7", "FLOAT": "0.25", "JSON": "'{{\"{}\": [1]}}'"}
    with closing(store_of_schema(data_dir, schema)) as connection:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            columns = connection.execute(f"select name, type from pragma_table_info('{table}')").fetchall()
            row = ", ".join(values[kind].format(name) for name, kind in columns)
            connection.execute(f"insert into {table} values ({row})")
        connection.commit()
    return data_dir.control_store


def missing_operations(path: Path) -> str:
    """What a revision must still do until the store at `path` has the declared tables, as its code; "" where it has them."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, DECLARED)
        code = render_python_code(produce_migrations(context, DECLARED).upgrade_ops)
    engine.dispose()
    return code if differences else ""


def by_revisions(path: Path) -> Path:
    """An empty database, and every revision from the first on."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrating.MIGRATIONS))
        command.upgrade(config, "head")
    engine.dispose()
    return path


def opened(data_dir: DataDir) -> Path:
    with control.reading(data_dir):
        return data_dir.control_store


def test_the_revisions_make_the_declared_tables(tmp_path: Path, data_dir: DataDir) -> None:
    made = by_revisions(tmp_path / "by_revisions.db")
    missing = missing_operations(made)
    assert not missing, f"write a revision (docs/how-to/database-change.md) that does\n    {missing}"
    new = opened(data_dir)
    assert columns_of(new) == columns_of(made)
    assert missing_operations(new) == ""
    assert rows_of(new)["alembic_version"] == rows_of(made)["alembic_version"]


def test_the_revisions_are_one_chain_named_by_their_numbers() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrating.MIGRATIONS))
    chain = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert chain[::-1] == migrating.revisions()


def test_a_difference_is_told_as_the_code_of_a_revision(tmp_path: Path) -> None:
    made = by_revisions(tmp_path / "less.db")
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("alter table recipients drop column address")
    assert "op.add_column('recipients', sa.Column('address', sa.JSON(), nullable=True))" in missing_operations(made)


@pytest.mark.parametrize("schema", EARLIER)
def test_a_store_of_an_earlier_version_goes_forwards_with_its_rows(data_dir: DataDir, schema: str) -> None:
    store = earlier_store(data_dir, schema)
    before = rows_of(store)
    assert before["batches"][0]["file_name"] == "file_name"
    opened(data_dir)
    after = rows_of(store)
    assert missing_operations(store) == ""
    [levels] = before.pop("thresholds", [None])
    rules = after["rules"]
    if levels:  # a table of levels became rules, beside those there were
        rule = rules.pop()
        assert (rule["kind"], rule["name"], rule["project_key"], rule["valid_from"]) == (
            "level",
            "kpi_key",
            "project_key",
            "1990-01-01",
        )
        assert (rule["warning_at"], rule["critical_at"], rule["reason"]) == (0.25, 0.25, "reason 载")
        assert "thresholds" not in after
    for table, rows in before.items():
        assert [{name: row[name] for name in rows[0]} for row in after[table]] == rows, table
    assert after["alembic_version"] == [{"version_num": NEWEST}]
    with closing(sqlite3.connect(store)) as connection:  # what a version before refuses as newer than itself
        assert connection.execute("pragma user_version").fetchone() == (8,)
    assert store_trouble(data_dir) is None


def test_codes_of_reports_name_ingest(data_dir: DataDir) -> None:
    store = earlier_store(data_dir, EARLIER[-1])
    before = '{"reasons": [{"code": "door.told_twice"}, {"code": "door.same_keys"}], "file": "door.csv"}'
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("update batches set report = ?", (before,))
        connection.commit()
    opened(data_dir)
    assert json.loads(rows_of(store)["batches"][0]["report"]) == {
        "reasons": [{"code": "ingest.double_counted"}, {"code": "ingest.same_keys"}],
        "file": "door.csv",
    }


@pytest.fixture
def with_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """with_a_revision(code): as if this version had that revision too, after its newest one, whatever numbers it states."""

    def added(code: str) -> Path:
        folder = Path(shutil.copytree(migrating.MIGRATIONS, tmp_path / "migrations"))
        numbers = {"down_revision": NEWEST, "revision": NEXT}
        numbered = re.sub(
            r"^(\w+) = \"\d{4}\"$", lambda line: f'{line[1]} = "{numbers[line[1]]}"', code, flags=re.MULTILINE
        )
        (folder / "versions" / f"{NEXT}_more.py").write_text(numbered, encoding="utf-8")
        monkeypatch.setattr(migrating, "MIGRATIONS", folder)
        return folder

    return added


def test_the_revision_of_the_instructions_runs(data_dir: DataDir, with_a_revision, monkeypatch) -> None:
    text = (REPOSITORY / "docs" / "how-to" / "database-change.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    store = opened(data_dir)
    with control.writing(data_dir) as connection:
        connection.execute(control.facts.insert().values(name="kept", value="yes"))
    with_a_revision(re.sub(r"^   ", "", code, flags=re.MULTILINE))
    monkeypatch.setattr(control, "_engines", {})  # another process opens it next
    opened(data_dir)
    assert ("recipients", "contact", "VARCHAR", 0, 0) in columns_of(store)
    assert rows_of(store)["facts"] == [{"name": "kept", "value": "yes"}]
    assert rows_of(store)["alembic_version"] == [{"version_num": NEXT}]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_revision_of_the_instructions_runs_on_a_server(data_dir: DataDir, with_a_revision, monkeypatch) -> None:
    text = (REPOSITORY / "docs" / "how-to" / "database-change.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    with control.writing(data_dir) as connection:
        control.write_fact(connection, "kept", "yes")
    folder = with_a_revision(re.sub(r"^   ", "", code, flags=re.MULTILINE) + "    raise OSError\n")
    monkeypatch.setattr(control, "_engines", {})  # another process opens it next
    with pytest.raises(OSError), control.reading(data_dir):
        pass
    stopped = folder / "versions" / f"{NEXT}_more.py"
    assert "contact" not in columns_on_server(data_dir)  # taken back with the transaction
    stopped.write_text(stopped.read_text(encoding="utf-8").replace("    raise OSError\n", ""), encoding="utf-8")
    with control.reading(data_dir) as connection:
        assert control.fact(connection, "kept") == "yes"
        assert connection.scalar(sa.text("select version_num from alembic_version")) == NEXT
    assert "contact" in columns_on_server(data_dir)


def columns_on_server(data_dir: DataDir) -> set[str]:
    with control.looking(os.environ["PLIMSOLL_CONTROL"]) as connection:
        return {column["name"] for column in sa.inspect(connection).get_columns("recipients")}


OPENS = """
import sys
from pathlib import Path
from models.builds.data_dir import DataDir
from pipeline.store import control
from pipeline.store import migrating
migrating.MIGRATIONS = Path(sys.argv[2])
with control.reading(DataDir(Path(sys.argv[1]))):
    print("alembic" in sys.modules)
"""


def process_that_opens(data_dir: DataDir, migrations: Path = migrating.MIGRATIONS) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", OPENS, str(data_dir.root), str(migrations)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_process_that_dies_between_two_steps_leaves_the_store_as_it_was(data_dir: DataDir, with_a_revision) -> None:
    store = earlier_store(data_dir, EARLIER[-1])
    before, columns = rows_of(store), columns_of(store)
    dies = with_a_revision("""
import os
from alembic import op
revision = "0002"
down_revision = "0001"

def upgrade():
    op.execute("delete from rules")
    op.drop_column("facts", "value")
    os._exit(9)
""")
    died = process_that_opens(data_dir, dies)
    died.communicate()
    assert died.returncode == 9
    assert (rows_of(store), columns_of(store)) == (before, columns)
    (dies / "versions" / f"{NEXT}_more.py").unlink()
    opened(data_dir)
    assert rows_of(store)["rules"] == before["rules"]


def test_a_reader_keeps_what_it_reads_while_the_store_goes_forwards(data_dir: DataDir) -> None:
    store = earlier_store(data_dir, EARLIER[0])
    with closing(sqlite3.connect(store, isolation_level=None)) as reader:
        reader.execute("begin")
        assert reader.execute("select count(*) from thresholds").fetchone() == (1,)
        opened(data_dir)
        assert reader.execute("select count(*) from thresholds").fetchone() == (1,)
        reader.execute("commit")
        assert reader.execute("select name from rules").fetchall() == [("kpi_key",)]


def test_two_processes_may_open_an_earlier_store_at_once(data_dir: DataDir) -> None:
    store = earlier_store(data_dir, EARLIER[0])
    both = [process_that_opens(data_dir) for _ in range(2)]
    for process in both:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    assert len(rows_of(store)["rules"]) == 1  # its one level, once


def test_alembic_is_read_only_where_a_revision_must_run(data_dir: DataDir) -> None:
    """Half a second of every command, else: a new store, then one at the newest revision."""
    for _ in range(2):
        told, errors = process_that_opens(data_dir).communicate()
        assert told.strip() == "False", errors
    assert os.path.exists(data_dir.control_store)


def test_a_store_of_a_later_revision_is_refused_and_left_as_it_is(data_dir: DataDir, monkeypatch) -> None:
    store = opened(data_dir)
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("update alembic_version set version_num = '0999'")
        connection.commit()
    monkeypatch.setattr(control, "_engines", {})
    before = rows_of(store)
    with pytest.raises(PlimsollError, match=rf"newer Plimsoll \(schema 0999, this one knows {NEWEST}\)") as refused:
        opened(data_dir)
    assert refused.value.code == store_trouble(data_dir).code == "control.newer"
    assert rows_of(store) == before


def test_a_day_until_which_an_alert_was_acknowledged_is_the_day_it_is_due(data_dir: DataDir) -> None:
    with closing(store_of_schema(data_dir, EARLIER[-1])) as connection:
        columns = [
            (name, kind) for name, kind in connection.execute("select name, type from pragma_table_info('alerts')")
        ]
        for key, until in (("on a day", "2026-12-04"), ("at the next data date", "next"), ("unanswered", None)):
            filled = {"alert_key": key, "acknowledged_until": until}
            row = [filled.get(name, "{}") for name, _kind in columns]
            connection.execute(f"insert into alerts values ({', '.join('?' * len(row))})", row)
        connection.commit()
    due = {row["alert_key"]: row["due_on"] for row in rows_of(opened(data_dir))["alerts"]}
    assert due == {"on a day": "2026-12-04", "at the next data date": None, "unanswered": None}
