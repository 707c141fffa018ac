"""Builds one file from the SQL that dbt compiled: every node once, when those that it needs are done, on so many threads.

It keeps to what `dbt build` does: contracts of columns, severities of tests, nothing made of what failed. A file that nobody
else opens needs no transaction and no log. Where it begins as a copy of the build before, only what differs is made again, and
only tests over what differs are run again.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from typing import Any

import duckdb

from pipeline.refresh.changes import ALL, EVERYWHERE, NONE, Change, Changes, difference
from pipeline.refresh.graph import Node, filled, inputs_of
from pipeline.refresh.job import DbtJob

FAILED = ("error", "fail")
_TOLD_BY_PROJECT = (
    "fct_",
    "int_",
    "kpi_",
    "stg_previous_",
    "earned_value_deltas",
)  # what else a node reads, it reads whole
MEMORY_LIMIT = "2GB"
SETTINGS: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "preserve_insertion_order": False,
}  # as profiles.yml has them


def executed(job: DbtJob, nodes: Iterable[Node], on_node: Callable[[int, int], None]) -> list[dict]:
    """The results, one per node: unique_id, name, resource_type, status, seconds, message, failures, compiled_sql, is_kept.

    on_node(done, of): after each. The file is whole and closed when this returns.
    """
    if job.basis:
        shutil.copyfile(job.basis.database, job.database)
    with duckdb.connect(config=SETTINGS | {"memory_limit": job.memory_limit or MEMORY_LIMIT}) as connection:
        connection.execute("set temp_directory = ?", [f"{job.database}.tmp"])
        path = str(job.database).replace("'", "''")
        connection.execute(f"attach '{path}' as {job.database.stem} (recovery_mode no_wal_writes)")
        changes = Changes(job.basis, job.variables, connection, job.database.stem) if job.basis else None
        results = _Run(job, {node.unique_id: node for node in nodes}, changes).all(connection, on_node)
        connection.execute(f"checkpoint {job.database.stem}")
    return results


class _Run:
    def __init__(self, job: DbtJob, nodes: dict[str, Node], changes: Changes | None) -> None:
        self._job, self._nodes, self._changes = job, nodes, changes
        self._sql = filled(nodes.values(), job.variables)
        self._order = list(TopologicalSorter({key: node.needs for key, node in nodes.items()}).static_order())
        self._urgency = self._longest_ways()
        self._alone: set[str] = set()

    def all(self, connection: duckdb.DuckDBPyConnection, on_node: Callable[[int, int], None]) -> list[dict]:
        waiting = TopologicalSorter({key: node.needs for key, node in self._nodes.items()})
        waiting.prepare()
        results: dict[str, dict] = {}
        ready: list[str] = []
        running: dict[Future, str] = {}
        short: list[str] = []  # of memory beside others: made again when nothing else runs
        with ThreadPoolExecutor(self._job.threads, thread_name_prefix="build") as pool:
            while waiting.is_active():
                ready += waiting.get_ready()
                ready.sort(key=self._urgency.__getitem__)
                if short and not running:
                    key = short.pop()
                    self._alone.add(key)
                    running[pool.submit(self._one, connection.cursor(), key)] = key
                while (
                    ready and not short and len(running) < self._job.threads and not self._alone & {*running.values()}
                ):
                    key = ready.pop()
                    if any(results[need]["status"] in (*FAILED, "skipped") for need in self._nodes[key].needs):
                        results[key] = self._result(key, "skipped")
                        waiting.done(key)
                        ready += waiting.get_ready()
                        ready.sort(key=self._urgency.__getitem__)
                        continue
                    running[pool.submit(self._one, connection.cursor(), key)] = key
                for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                    key = running.pop(future)
                    try:
                        results[key] = future.result()
                    except duckdb.OutOfMemoryException:
                        short.append(key)
                        continue
                    waiting.done(key)
                    on_node(len(results), len(self._nodes))
        self._skip_what_a_test_forbids(results)
        return [results[key] for key in self._order]

    def _one(self, cursor: duckdb.DuckDBPyConnection, key: str) -> dict:
        node, began = self._nodes[key], time.perf_counter()
        status, failures, message = "success", None, None
        try:
            cursor.execute(f"use {self._job.database.stem}")
            before = self._changes.before(node) if self._changes else EVERYWHERE
            if not before and not _reads_files(node):
                return self._kept(node)
            if node.resource_type == "test":
                status, failures, message = _tested(cursor, node, self._of(cursor, node, before))
            else:
                self._tell(node, self._made(cursor, node, before))
        except duckdb.Error as error:
            if isinstance(error, duckdb.OutOfMemoryException) and key not in self._alone:
                raise
            status, failures, message = "error", None, str(error)
        finally:
            cursor.close()
        return self._result(key, status, time.perf_counter() - began, message, failures)

    def _kept(self, node: Node) -> dict:
        """What it reads is as it was: so is what it made, or found."""
        self._tell(node, NONE)
        warned = self._job.basis.warned.get(node.unique_id, {}) if self._job.basis else {}
        status = "pass" if node.resource_type == "test" else "success"
        result = self._result(node.unique_id, warned.get("status", status), 0.0, warned.get("message"))
        return result | {"failures": warned.get("failures"), "is_kept": True}

    def _tell(self, node: Node, change: Change) -> None:
        if self._changes:
            self._changes.tell(node, change)

    def _made(self, cursor: duckdb.DuckDBPyConnection, node: Node, before: Change) -> Change:
        """Makes it, and says what differs now."""
        if node.materialized == "view":
            cursor.execute(f'create or replace view "{node.name}" as ({self._sql[node.unique_id]}\n)')
            return before
        if not self._changes:
            self._create(cursor, node, node.name, self._sql[node.unique_id])
            return EVERYWHERE
        anew, standing = f"{node.name}__anew", f'"{node.name}"'
        self._create(cursor, node, anew, self._of(cursor, node, before))
        projects = _projects(node, before)
        whose = f" where project_key in ({_listed(projects)})" if projects else ""
        has_projects = node.name in self._changes.with_projects
        change = difference(cursor, f"(select * from {standing}{whose})", f'"{anew}"', has_projects=has_projects)
        if not change:
            cursor.execute(f'drop table "{anew}"')
        elif projects:
            whose = f"where project_key in ({_listed(change.projects)})"
            cursor.execute(f"delete from {standing} {whose}")
            cursor.execute(f'insert into {standing} select * from "{anew}" {whose}')
            cursor.execute(f'drop table "{anew}"')
        else:
            cursor.execute(f"drop table {standing}")
            cursor.execute(f'alter table "{anew}" rename to {standing}')
        is_batches = node.holds_batches and not before.everywhere
        return Change(in_batches=True) if change and is_batches else change

    def _create(self, cursor: duckdb.DuckDBPyConnection, node: Node, table: str, sql: str) -> None:
        name = f'"{table}"'
        if node.materialized == "seed":
            types = dict(column[:2] for column in node.columns)
            cursor.read_csv(str(self._job.project / sql), header=True, dtype=types or None).create(table)
        elif node.columns:
            columns = ", ".join(f'"{column}" {kind}{" not null" * required}' for column, kind, required in node.columns)
            names = ", ".join(f'"{column}"' for column, _, _ in node.columns)
            cursor.execute(f"create or replace table {name} ({columns})")
            cursor.execute(f"insert into {name} by name select {names} from ({sql}\n)")
        else:
            cursor.execute(f"create or replace table {name} as ({sql}\n)")

    def _of(self, cursor: duckdb.DuckDBPyConnection, node: Node, before: Change) -> str:
        """Its SQL, or the same over the rows of the projects that differ: tables of facts hold no others then."""
        sql, projects = self._sql[node.unique_id], _projects(node, before)
        if not projects or not self._changes:
            return sql
        whose = f"where project_key in ({_listed(projects | {ALL})})"
        stem = self._job.database.stem
        for need in (self._nodes[key] for key in node.needs):
            if need.name.startswith(_TOLD_BY_PROJECT) and need.name in self._changes.with_projects:
                relation = f'"{stem}"."main"."{need.name}"'
                cursor.execute(f'create temp view "{need.name}" as select * from {relation} {whose}')
                sql = sql.replace(relation, f'temp."{need.name}"')
        return (
            sql
            if node.resource_type == "test"
            else f"select * from ({sql}\n) where project_key in ({_listed(projects)})"
        )

    def _result(
        self, key: str, status: str, seconds: float = 0.0, message: str | None = None, failures: int | None = None
    ) -> dict:
        node = self._nodes[key]
        return {
            "unique_id": key,
            "name": node.name,
            "resource_type": node.resource_type,
            "status": status,
            "seconds": round(seconds, 3),
            "message": message,
            "failures": failures,
            "compiled_sql": self._sql[key],
            "is_kept": False,
        }

    def _longest_ways(self) -> dict[str, int]:
        """{node: how many models wait for one another behind it}: the longest way goes first, tests when nothing else can."""
        ways = dict.fromkeys(self._nodes, 0)
        for key in reversed(self._order):
            if self._nodes[key].resource_type != "test":
                ways[key] += 1
                for need in self._nodes[key].needs:
                    ways[need] = max(ways[need], ways[key])
        return ways

    def _skip_what_a_test_forbids(self, results: dict[str, dict]) -> None:
        """As dbt does: what stands on everything that a failed test looked at is not made, nor what stands on that.

        Here it may have been made while the test ran; nothing of it is published, and it counts as skipped.
        """
        behind: dict[str, set[str]] = {}
        for key in self._order:
            needs = self._nodes[key].needs
            behind[key] = set(needs).union(*(behind[need] for need in needs))
        failed = [
            set(self._nodes[key].needs)
            for key, found in results.items()
            if found["status"] in FAILED and self._nodes[key].resource_type == "test"
        ]
        for key in self._order:
            node = self._nodes[key]
            forbidden = node.resource_type != "test" and any(looked_at <= behind[key] for looked_at in failed)
            if forbidden or any(results[need]["status"] == "skipped" for need in node.needs):
                results[key] = self._result(key, "skipped")


def _reads_files(node: Node) -> bool:
    """A view of landed files or frozen tables names them by their paths, which are others in every build."""
    return node.materialized == "view" and any(map(bool, vars(inputs_of(node.sql)).values()))


def _projects(node: Node, before: Change) -> frozenset[str]:
    """Whose rows are to be made again; empty where all are."""
    if not node.by_project or before.everywhere or before.in_batches:
        return frozenset()
    return before.projects - {ALL} | ({ALL} if node.has_portfolio else set())


def _listed(projects: Iterable[str]) -> str:
    return ", ".join("'" + project.replace("'", "''") + "'" for project in sorted(projects))


def _tested(cursor: duckdb.DuckDBPyConnection, node: Node, sql: str) -> tuple[str, int, str | None]:
    """Status, failures and the words for them, as dbt judges the rows that a data test finds."""
    limit = f"limit {node.limit}" if node.limit else ""
    asked = f"""
        select coalesce({node.fail_calc}, 0) as failures, failures {node.warn_if}, failures {node.error_if}
        from (select * from ({sql}
        ) {limit})
    """
    failures, is_warned, is_failed = cursor.execute(asked).fetchone() or (0, False, False)
    if is_failed and node.severity.upper() == "ERROR":
        return "fail", failures, f"Got {failures} results, configured to fail if {node.error_if}"
    if is_warned:
        return "warn", failures, f"Got {failures} results, configured to warn if {node.warn_if}"
    return "pass", failures, None
