"""The published values beside those of the second statement (benchmarks/by_hand), row by row."""

from __future__ import annotations

import duckdb

from benchmarks import by_hand
from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.builds.snapshot import Snapshot
from models.kpis.member_weeks import values_at
from models.vocabulary import Grain, PeriodKind

ONE_ROW = "kpi_key, grain, project_key, module, phase, period_kind, period_end"
_SHOWN = f"{ONE_ROW}, value, own_value, numerator, own_numerator, denominator, own_denominator, status, own_status"


def stated_twice(data_dir: DataDir) -> duckdb.DuckDBPyConnection:
    """A connection with kpi_values by hand, the published file, and `told`: each row of it beside the one by hand, own_…."""
    connection = duckdb.connect(config=by_hand.AS_A_REFRESH)
    by_hand.state(connection, data_dir)
    build = current_build(data_dir)
    connection.execute(f"attach '{build.path}' as published (read_only)")
    snapshot = Snapshot(build)
    weeks = snapshot.query(f"select * from {values_at(snapshot, Grain.MODULE, PeriodKind.WEEK)}")
    connection.register("weeks", weeks.to_arrow())
    connection.execute(f"""
        create table told as
        select {ONE_ROW}, unit, theirs.* exclude ({ONE_ROW}), ours.value as own_value, ours.numerator as own_numerator,
            ours.denominator as own_denominator, ours.status as own_status
        from (from published.kpi_values union all by name from weeks) as theirs
        full join kpi_values as ours using ({ONE_ROW})
        join published.dim_kpis using (kpi_key)
    """)
    return connection


def differences(told: duckdb.DuckDBPyConnection, where: str, with_terms: bool = True) -> list[tuple]:
    """The first rows that are not the same, or are there once: value, and with_terms numerator, denominator and verdict too.

    The same is to the cent, of ratios and counts to 1e-9. A verdict that hangs on a word that maps to nothing is not compared.
    """
    same = f"status is not null and own_status is not null and {_same('value')}"
    if with_terms:
        same += f" and {_same('numerator')} and {_same('denominator')}"
        same += " and (status = own_status or coalesce(reason, '') like 'words%')"
    return told.execute(f"select {_SHOWN} from told where {where} and not ({same}) order by all limit 20").fetchall()


def _same(name: str) -> str:
    return f"""(({name} is null) = (own_{name} is null) and coalesce(
        abs({name} - own_{name}) <= case when unit = 'money' then 0.005 else 1e-9 * greatest(1, abs({name})) end, true))"""
