"""What differs from the build before: of every node the projects whose rows may be others now, so that only these are made again.

A project is told by the column project_key. '*' stands for all projects in what people set, and for the portfolio in the tables
of KPIs that hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipeline.refresh.basis import Basis
from pipeline.refresh.graph import Node, inputs_of

ALL = "*"
_OF_EVERY_BUILD = {
    "inputs_dir",
    "build_id",
    "built_at",
}  # a row that is newly lost takes the id: its project differs in any case
_BATCHES = "batches"


@dataclass(frozen=True)
class Change:
    """projects: their rows differ. everywhere: any row may. in_batches: batches came or went, which other tables name."""

    projects: frozenset[str] = frozenset()
    everywhere: bool = False
    in_batches: bool = False

    def __bool__(self) -> bool:
        return bool(self.projects) or self.everywhere or self.in_batches

    def __or__(self, other: Change) -> Change:
        return Change(
            self.projects | other.projects, self.everywhere or other.everywhere, self.in_batches or other.in_batches
        )


NONE, EVERYWHERE = Change(), Change(everywhere=True)


class Changes:
    """What is known so far of every node of one build; a node is told before those that need it are asked for.

    with_projects: names of the tables and views whose rows name a project.
    """

    def __init__(self, basis: Basis, variables: Mapping, connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
        self._basis, self._variables, self._connection = basis, variables, connection
        self._other = {name for name, value in variables.items() if basis.variables.get(name) != value}
        self._told: dict[str, Change] = {}
        named = "select table_name from duckdb_columns() where column_name = 'project_key' and database_name = ?"
        self.with_projects = {name for (name,) in connection.execute(named, [catalog]).fetchall()}

    def before(self, node: Node) -> Change:
        """What the node is made of differs like this. Raises: KeyError where a node that it needs was not told."""
        change = self._own(node)
        for need in node.needs:
            change |= self._told[need]
        return replace(change, in_batches=False) if node.joins_batches else change

    def tell(self, node: Node, change: Change) -> None:
        """After it was made: whose rows differ."""
        of_all = ALL in change.projects and not node.has_portfolio
        self._told[node.unique_id] = EVERYWHERE if of_all else change

    def _own(self, node: Node) -> Change:
        if node.resource_type == "seed":
            return NONE  # of the same catalogue
        found = inputs_of(node.sql)
        if found.variables & self._other - _OF_EVERY_BUILD:
            return EVERYWHERE
        change = NONE
        for feed in found.landed:
            if names(self._variables["landed"].get(feed, ())) != names(self._basis.variables["landed"].get(feed, ())):
                change |= EVERYWHERE
        for name in found.frozen:
            change |= self._of_frozen(name)
        return change

    def _of_frozen(self, name: str) -> Change:
        before, now = (
            Path(folder) / f"{name}.parquet" for folder in (self._basis.inputs, self._variables["inputs_dir"])
        )
        if before.read_bytes() == now.read_bytes():
            return NONE
        tables = [f"read_parquet('{_quoted(path)}')" for path in (before, now)]
        with self._connection.cursor() as cursor:
            columns = [cursor.execute(f"select * from {table} limit 0").description for table in tables]
            if columns[0] != columns[1]:
                return EVERYWHERE
            if name == _BATCHES:
                return _of_batches(cursor, *tables)
            return difference(cursor, *tables, has_projects="project_key" in {column[0] for column in columns[0]})


def names(paths: Iterable[str]) -> list[str]:
    """The files without their folder: a landed file is named by its batch, and never written again."""
    return sorted(Path(path).name for path in paths)


def difference(cursor: duckdb.DuckDBPyConnection, before: str, now: str, *, has_projects: bool) -> Change:
    """Whose rows differ between two tables of the same columns, in any order; a row of no project is one of all."""
    key = f"coalesce(project_key, '{ALL}')" if has_projects else f"'{ALL}'"
    # whole_row is no column of any table: hash() would take that one
    sums = """
        select {} as project_key, count(*) as rows, sum(cast(hash(whole_row) as hugeint)) as print
        from {} as whole_row group by 1
    """
    found = cursor.execute(f"""
        select project_key
        from ({sums.format(key, before)}) as before
        full join ({sums.format(key, now)}) as now using (project_key)
        where before.rows is distinct from now.rows or before.print is distinct from now.print
    """).fetchall()
    if not has_projects:
        return EVERYWHERE if found else NONE
    return Change(frozenset(project for (project,) in found))


def _of_batches(cursor: duckdb.DuckDBPyConnection, before: str, now: str) -> Change:
    rewritten = cursor.execute(f"""
        select 1 from {before} as before inner join {now} as now using (batch_id) where hash(before) <> hash(now) limit 1
    """).fetchone()
    if rewritten:
        return EVERYWHERE
    return Change(in_batches=bool(difference(cursor, before, now, has_projects=False)))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
