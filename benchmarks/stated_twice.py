"""What a build publishes beside the second statement (by_hand), row by row.

`python -m benchmarks.stated_twice DATA_FOLDER OUT.duckdb`, after by_hand with the same words, says how many rows differ.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks import by_hand
from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.builds.snapshot import Snapshot
from models.kpis.member_weeks import values_at
from models.vocabulary import Grain, PeriodKind

TABLES = ("fct_baselines", "reference_codes")  # compared in every column, beside kpi_values
CELL = "kpi_key, grain, project_key, module, phase, period_kind, period_end"
_SHOWN = f"{CELL}, value, own_value, numerator, own_numerator, denominator, own_denominator, status, own_status"


def main() -> None:
    connection = duckdb.connect(sys.argv[2], config=by_hand.AS_A_REFRESH)
    put_beside(connection, DataDir(Path(sys.argv[1]).resolve()))
    wrong = {"kpi_values": differences(connection)} | {table: differing_rows(connection, table) for table in TABLES}
    for table, rows in wrong.items():
        whole = connection.execute(f"select count(*) from published.{table}").fetchone()
        print(f"{table} {'differs' if rows else 'the same'} ({whole[0]:,} rows)", *rows, sep="\n  ")


def stated_twice(data_dir: DataDir) -> duckdb.DuckDBPyConnection:
    """A connection with the second statement, what was published of the current build, and both beside each other (told)."""
    connection = duckdb.connect(config=by_hand.AS_A_REFRESH)
    by_hand.state(connection, data_dir)
    put_beside(connection, data_dir)
    return connection


def put_beside(connection: duckdb.DuckDBPyConnection, data_dir: DataDir) -> None:
    """To a connection with the second statement: published.…, and the view told: each KPI value beside the other's, own_…."""
    build = current_build(data_dir)
    connection.execute(f"attach '{build.path}' as published (read_only)")
    snapshot = Snapshot(build)
    weeks = snapshot.query(f"select * from {values_at(snapshot, Grain.MODULE, PeriodKind.WEEK)}")
    connection.register("weeks", weeks.to_arrow())  # put together on reading
    connection.execute(f"""
        create temp view told as
        select
            {CELL}, theirs.* exclude ({CELL}), ours.period_start as own_period_start, ours.as_of as own_as_of,
            ours.value as own_value, ours.numerator as own_numerator, ours.denominator as own_denominator,
            ours.status as own_status
        from (from published.kpi_values union all by name from weeks) as theirs
        full join kpi_values as ours using ({CELL})
    """)


def differences(connection: duckdb.DuckDBPyConnection, where: str = "true") -> list[tuple]:
    """The first KPI values that are not the same, or are there once: value and terms to 1e-9 (relative, below 1 absolute),
    period, day and verdict exactly.

    A verdict that hangs on a word that maps to nothing is not compared.
    """
    same = " and ".join(
        [
            "status is not null and own_status is not null",
            *map(_same, ("value", "numerator", "denominator")),
            "period_start = own_period_start and as_of is not distinct from own_as_of",
            "(status = own_status or coalesce(reason, '') like 'words%')",
        ]
    )
    return connection.execute(
        f"select {_SHOWN} from told where {where} and not ({same}) order by all limit 20"
    ).fetchall()


def differing_rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple]:
    """The first rows of one of TABLES that are not the same in every column, or are there once."""
    columns = [name for name, *_ in connection.execute(f"describe published.{table}").fetchall()]
    names = ", ".join(columns)
    return connection.execute(f"""
        select 'published', * from (select {names} from published.{table} except all select {names} from {table})
        union all
        select 'by hand', * from (select {names} from {table} except all select {names} from published.{table})
        order by {", ".join(columns)} limit 20
    """).fetchall()


def _same(name: str) -> str:
    return f"""(({name} is null) = (own_{name} is null)
        and coalesce(abs({name} - own_{name}) <= 1e-9 * greatest(1, abs({name})), true))"""


if __name__ == "__main__":
    main()
