"""dbt writes the SQL of a build once per test run; every further small world executes what it wrote.

What dbt executes is the same for every data folder but for the paths of its inputs, its build id and today: rendering it takes
three quarters of the processor time of a small build. So the first build of the warehouse in a test run is dbt's own, its
statements are kept, and later ones execute them in their order, data tests included. Whatever they do not settle (a statement
or a data test that fails, another currency, an `as_of`) is built by dbt as ever. `test_recorded_builds` holds the two against
each other, table by table.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb

from models.builds.data_dir import DataDir
from pipeline.refresh import building
from pipeline.refresh.building import BuildResult, OnStep
from pipeline.refresh.entry import run_in_child
from pipeline.refresh.freezing import FrozenInputs
from pipeline.refresh.job import DbtJob
from pipeline.settings import Settings
from tests import forked

TINY_PROJECT = Path(__file__).parent / "pipeline" / "tiny_project"
KEPT = "statements.json"
AS_DBT = {
    "threads": 1,
    "preserve_insertion_order": False,
    "autoinstall_known_extensions": False,
    "wal_autocheckpoint": "1GB",  # else each statement waits for the disk
}  # profiles.yml; few rows
PASSED_OVER = (
    "begin",
    "commit",
    "rollback",
    "select",
    "describe",
)  # of one node's transaction; what only looks something up
_COMMENT = re.compile(r"\A\s*/\*.*?\*/", re.DOTALL)

_built = building.build


def warm() -> None:
    """The fork server is started by the build that needs one."""


def build(data_dir: DataDir, inputs: FrozenInputs, settings: Settings, on_step: OnStep) -> BuildResult:
    """As `pipeline.refresh.building.build`: by the statements of an earlier build; without them by dbt, recorded."""
    if not _is_ordinary(inputs, settings):
        return by_dbt(data_dir, inputs, settings, on_step, run_in_child)
    kept = building._parsed_project(data_dir, settings, inputs.manifest["catalogue_hash"]) / KEPT
    if not kept.exists():
        return by_dbt(data_dir, inputs, settings, on_step, run_and_record)
    return executed(kept, data_dir, inputs, on_step) or by_dbt(data_dir, inputs, settings, on_step, run_in_child)


def executed(kept: Path, data_dir: DataDir, inputs: FrozenInputs, on_step: OnStep) -> BuildResult | None:
    """building/plimsoll.duckdb made by the kept statements; None, and no file, where one fails or a data test finds a row."""
    record = json.loads(kept.read_text(encoding="utf-8"))
    on_step("parse", 0, 0)
    on_step("build", 0, 0)
    database = building.build_database(data_dir)
    into = _filled_in(inputs.dbt_vars)
    nodes = {node["unique_id"]: node for node in record["nodes"]}
    done: set[str] = set()
    try:
        with duckdb.connect(str(database), config=AS_DBT) as connection:
            for unique_id, sql, bindings in record["statements"]:
                found = connection.execute(into(sql), bindings)
                if unique_id in nodes and nodes[unique_id]["resource_type"] == "test" and found.fetchone()[0]:
                    raise _UnsettledError(unique_id)
                if unique_id in nodes and unique_id not in done:
                    done.add(unique_id)
                    on_step("build", len(done), len(nodes))
    except (duckdb.Error, _UnsettledError):
        for path in database.parent.glob(f"{database.name}*"):
            path.unlink()
        return None
    return BuildResult([node | {"compiled_sql": None} for node in nodes.values()])


def run_and_record(job: DbtJob, pipe: Connection) -> None:
    """The target of the child process: builds as ever, and keeps each statement with its node beside the parsed project."""
    from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
    from dbt.adapters.sql.connections import get_node_info

    statements: list[tuple] = []
    execute = DuckDBCursorWrapper.execute

    def recorded(self, sql: str, bindings=None):
        statements.append((get_node_info().get("unique_id"), sql, bindings))  # of two threads, but parents end first
        return execute(self, sql, bindings)

    DuckDBCursorWrapper.execute = recorded
    told = _Listening(pipe)
    run_in_child(job, told)
    if told.nodes and {node["status"] for node in told.nodes} == {"success", "pass"}:
        _keep(job, told.nodes, statements)


class _UnsettledError(Exception):
    """What dbt has to say itself."""


class _Listening:
    """The pipe to the parent, with the results of the nodes kept."""

    def __init__(self, pipe: Connection):
        self._pipe = pipe
        self.nodes: list[dict] = []

    def send(self, message: tuple) -> None:
        if message[0] == "results":
            self.nodes = message[1]
        self._pipe.send(message)


def by_dbt(data_dir, inputs, settings, on_step, in_child: Callable[[DbtJob, Connection], None]) -> BuildResult:
    building.run_in_child = in_child
    forked.warm()
    return _built(data_dir, inputs, settings, on_step)


def _is_ordinary(inputs: FrozenInputs, settings: Settings) -> bool:
    """The warehouse's own project or the tiny one, with nothing chosen that their SQL depends on but what is filled in."""
    return (
        not inputs.dbt_vars["as_of"]
        and settings.dbt_project in (Settings.model_fields["dbt_project"].default, TINY_PROJECT)
        and all(
            getattr(settings, name) == Settings.model_fields[name].default
            for name in ("time_zone", "reporting_currency", "memory_limit")
        )
    )


def _keep(job: DbtJob, nodes: list[dict], statements: list[tuple]) -> None:
    tests = {node["unique_id"] for node in nodes if node["resource_type"] == "test"}
    blank = _blanked(job.variables)
    bare = [(unique_id, _COMMENT.sub("", sql).strip(), bindings) for unique_id, sql, bindings in statements]
    asked = {unique_id: number for number, (unique_id, _, _) in enumerate(bare) if unique_id in tests}  # a test's last
    kept = [
        (unique_id, blank(sql), bindings)
        for number, (unique_id, sql, bindings) in enumerate(bare)
        if asked.get(unique_id) == number or not (unique_id in tests or sql.lower().startswith(PASSED_OVER))
    ]
    record = {
        "nodes": [{name: node[name] for name in node if name != "compiled_sql"} for node in nodes],
        "statements": kept,
    }
    path = job.parsed / KEPT
    beside = path.with_name(f"{KEPT}.{os.getpid()}-{time.time_ns()}")
    beside.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    os.replace(beside, path)


def _values(variables: dict) -> dict[str, str]:
    """{sign in the kept SQL: text of this build}, the longest first."""
    inputs = variables["inputs_dir"]
    files = {
        f"<landed {feed}>": ", ".join(f"'{path}'" for path in (f"{inputs}/empty/{feed}.parquet", *paths))
        for feed, paths in variables["landed"].items()
    }
    return files | {
        "<inputs>": f"'{inputs}/",
        "<build>": f"'{variables['build_id']}'",
        "<today>": f"'{variables['today']}'",
    }


def _blanked(variables: dict) -> Callable[[str], str]:
    values = _values(variables)

    def blank(sql: str) -> str:
        for sign, text in values.items():
            sql = sql.replace(text, sign)
        return sql

    return blank


def _filled_in(variables: dict) -> Callable[[str], str]:
    values = _values(variables)
    signs = re.compile("|".join(map(re.escape, values)))
    return lambda sql: signs.sub(lambda sign: values[sign[0]], sql)
