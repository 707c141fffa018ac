"""The tables of the first versions, whose stores were counted by a number from 1 to 7, as they were when alembic came."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import op

revision = "0001"
down_revision: str | None = None
# SQLAlchemy reads constraints out of the text of a table, which therefore stands in one line.
TABLES = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").replace("\n    ", " ")


def upgrade() -> None:
    connection = op.get_bind()
    for statement in TABLES.split(";\n"):
        connection.exec_driver_sql(statement)
    _add_missing_columns(connection)
    _levels_to_rules(connection)
    connection.exec_driver_sql("pragma user_version = 8")  # the versions before refuse it as newer than themselves


def _add_missing_columns(connection) -> None:
    """All that came since may be empty."""

    def columns_of(table: str) -> str:
        return f"select name, type from pragma_table_info('{table}')"

    with closing(sqlite3.connect(":memory:")) as baseline:
        baseline.executescript(TABLES)
        for (table,) in baseline.execute("select name from sqlite_master where type = 'table'").fetchall():
            there = {name for name, _ in connection.exec_driver_sql(columns_of(table)).all()}
            for name, kind in baseline.execute(columns_of(table)):
                if name not in there:
                    connection.exec_driver_sql(f'alter table {table} add column "{name}" {kind}')


def _levels_to_rules(connection) -> None:
    """Levels had a table of their own, without a first day: as rules they hold from the first day on."""
    if not connection.exec_driver_sql("select 1 from sqlite_master where name = 'thresholds'").first():
        return
    connection.exec_driver_sql("""
        insert into rules (
            kind, name, customer, project_key, module, phase, site, is_portfolio, warning_at, critical_at, pending_dates,
            recovering_dates, escalate_after_dates, is_off, valid_from, reason, changed_by, changed_at
        )
        select
            'level', kpi_key, '*', project_key, '*', '*', '*', 0, warning_at, critical_at, 1,
            1, 3, 0, '1990-01-01', coalesce(nullif(reason, ''), '-'), '-', edited_at
        from thresholds
        order by rowid
    """)
    connection.exec_driver_sql("drop table thresholds")
