"""A build of a few rows that a test writes down: what asks a snapshot asks this."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl


class InMemory:
    """tables: {name: SQL of its rows}."""

    def __init__(self, **tables: str) -> None:
        self._connection = duckdb.connect()
        for name, rows in tables.items():
            self._connection.execute(f"create table {name} as {rows}")

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> pl.DataFrame:
        used = {name: value for name, value in (parameters or {}).items() if f"${name}" in sql}
        return self._connection.execute(sql, used).pl()
