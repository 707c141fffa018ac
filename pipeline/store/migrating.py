"""The revision of a control store, and the way of an older one to the newest: the files of migrations/versions, run by alembic.

Alembic is imported only where a revision must run: a store at the newest one is recognized by the table alembic_version,
and a new store is made from the tables as they are declared, which a test holds equal to what the revisions make.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
# The last schema number that the first versions counted by. Such a version refuses a store with a higher one as newer
# than itself, so that none of them ever writes to tables that it does not know.
COUNTED_BY_ALEMBIC = 8


def revisions() -> list[str]:
    """Of this version, oldest first: the number before the file's name, e.g. 0001."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def revision_of(connection: sqlite3.Connection) -> str | None:
    """e.g. 0001; None of a store that is empty, or was written before revisions were counted."""
    if not connection.execute("select 1 from sqlite_master where name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("select version_num from alembic_version").fetchone()
    return row[0] if row else None


def revision_on_server(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("select version_num from alembic_version"))


def newer_than_known(connection: sqlite3.Connection) -> str | None:
    """The revision or schema number of a store that a newer version wrote; None where this version may work with it."""
    revision = revision_of(connection)
    if revision and revision not in revisions():
        return revision
    counted = connection.execute("pragma user_version").fetchone()[0]
    return str(counted) if counted > COUNTED_BY_ALEMBIC else None


def bring_to_newest(connection: Connection, declared: list[MetaData]) -> None:
    """Tables of a new store, revisions of an older one, in the transaction that the caller began and commits.

    declared: the tables of this version.
    """
    if inspect(connection).get_table_names():
        _run_revisions(connection)
        return
    for metadata in declared:
        metadata.create_all(connection)
    connection.exec_driver_sql(
        "create table alembic_version (version_num varchar(32) not null constraint alembic_version_pkc primary key)"
    )
    connection.execute(text("insert into alembic_version values (:revision)"), {"revision": revisions()[-1]})
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"pragma user_version = {COUNTED_BY_ALEMBIC}")


def _run_revisions(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - costs half a second, and only a store of an earlier version needs it
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
