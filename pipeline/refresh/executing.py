"""Builds one file from the SQL that dbt compiled: every node once, when those that it needs are done, on so many threads.

It keeps to what `dbt build` does: contracts of columns, severities of tests, nothing made of what failed. A file that is always
new needs no transaction, no log and no look at what is there already.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from typing import Any

import duckdb

from pipeline.refresh.graph import Node, filled
from pipeline.refresh.job import DbtJob

FAILED = ("error", "fail")
MEMORY_LIMIT = "2GB"
SETTINGS: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "preserve_insertion_order": False,
}  # as profiles.yml has them


def executed(job: DbtJob, nodes: Iterable[Node], on_node: Callable[[int, int], None]) -> list[dict]:
    """The results, one per node: unique_id, name, resource_type, status, seconds, message, failures, compiled_sql.

    on_node(done, of): after each. The file is whole and closed when this returns.
    """
    run = _Run(job, {node.unique_id: node for node in nodes})
    with duckdb.connect(config=SETTINGS | {"memory_limit": job.memory_limit or MEMORY_LIMIT}) as connection:
        connection.execute("set temp_directory = ?", [f"{job.database}.tmp"])
        path = str(job.database).replace("'", "''")
        connection.execute(f"attach '{path}' as {job.database.stem} (recovery_mode no_wal_writes)")
        results = run.all(connection, on_node)
        connection.execute(f"checkpoint {job.database.stem}")
    return results


class _Run:
    def __init__(self, job: DbtJob, nodes: dict[str, Node]) -> None:
        self._job, self._nodes = job, nodes
        self._sql = filled(nodes.values(), job.variables)
        self._order = list(TopologicalSorter({key: node.needs for key, node in nodes.items()}).static_order())
        self._urgency = self._longest_ways()

    def all(self, connection: duckdb.DuckDBPyConnection, on_node: Callable[[int, int], None]) -> list[dict]:
        waiting = TopologicalSorter({key: node.needs for key, node in self._nodes.items()})
        waiting.prepare()
        results: dict[str, dict] = {}
        ready: list[str] = []
        running: dict[Future, str] = {}
        with ThreadPoolExecutor(self._job.threads, thread_name_prefix="build") as pool:
            while waiting.is_active():
                ready += waiting.get_ready()
                ready.sort(key=self._urgency.__getitem__)
                while ready and len(running) < self._job.threads:
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
                    results[key] = future.result()
                    waiting.done(key)
                    on_node(len(results), len(self._nodes))
        self._skip_what_a_test_forbids(results)
        return [results[key] for key in self._order]

    def _one(self, cursor: duckdb.DuckDBPyConnection, key: str) -> dict:
        node, began = self._nodes[key], time.perf_counter()
        try:
            cursor.execute(f"use {self._job.database.stem}")
            if node.resource_type == "test":
                status, failures, message = _tested(cursor, node, self._sql[key])
            else:
                self._made(cursor, node)
                status, failures, message = "success", None, None
        except duckdb.Error as error:
            status, failures, message = "error", None, str(error)
        finally:
            cursor.close()
        return self._result(key, status, time.perf_counter() - began, message, failures)

    def _made(self, cursor: duckdb.DuckDBPyConnection, node: Node) -> None:
        name, sql = f'"{node.name}"', self._sql[node.unique_id]
        if node.materialized == "seed":
            types = dict(column[:2] for column in node.columns)
            cursor.read_csv(str(self._job.project / sql), header=True, dtype=types or None).create(node.name)
        elif node.materialized == "view":
            cursor.execute(f"create view {name} as ({sql}\n)")
        elif node.columns:
            columns = ", ".join(f'"{column}" {kind}{" not null" * required}' for column, kind, required in node.columns)
            names = ", ".join(f'"{column}"' for column, _, _ in node.columns)
            cursor.execute(f"create table {name} ({columns})")
            cursor.execute(f"insert into {name} by name select {names} from ({sql}\n)")
        else:
            cursor.execute(f"create table {name} as ({sql}\n)")

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
