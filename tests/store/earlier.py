"""Stores as earlier versions made them: schemas/<schema>.sql, taken from the commits that each file names."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from models.builds.data_dir import DataDir

SCHEMAS = {path.stem: path for path in sorted((Path(__file__).parent / "schemas").glob("*.sql"))}


def store_of_schema(data_dir: DataDir, schema: str) -> sqlite3.Connection:
    """An open connection to a new store of that schema, e.g. "4"; the caller fills and closes it."""
    connection = sqlite3.connect(data_dir.control_store)
    connection.execute("pragma journal_mode = wal")
    # each table stands in one line, as it did
    connection.executescript(SCHEMAS[schema].read_text(encoding="utf-8").replace("\n    ", " "))
    return connection
