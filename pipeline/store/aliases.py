"""Aliases edited on screen: which of our projects a code in somebody's system stands for.

They count from the next refresh on, before the aliases that came in files. Every change leaves a line in the audit.
Light to import: pages call these functions.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.store import control

ANY_SYSTEM = "*"


def aliases(data_dir: DataDir) -> list[dict]:
    """Every alias edited on screen, newest first: alias_id, system, kind, external_code, project_key, valid_from, edited_at."""
    return control.rows(data_dir, sa.select(control.aliases).order_by(control.aliases.c.alias_id.desc()))


def add_alias(
    data_dir: DataDir,
    external_code: str,
    project_key: str,
    *,
    system: str = ANY_SYSTEM,
    kind: str = "project",
    valid_from: dt.date | None = None,
    actor: str = "screen",
) -> None:
    """Ties `external_code`, as `system` ('*': any) writes it, to `project_key` from `valid_from` on (None: always).

    An alias for the same system, kind, code and date is replaced. Raises InputError where a code is blank.
    """
    external_code, project_key = external_code.strip(), project_key.strip()
    if not external_code or not project_key:
        raise InputError(
            "aliases.blank", "An alias needs both the code from the file and the project it stands for. Fill in both."
        )
    table = control.aliases
    day = valid_from.isoformat() if valid_from else None
    values = {"system": system, "kind": kind, "project_key": project_key, "valid_from": day}
    same = sa.and_(
        table.c.system == system,
        table.c.kind == kind,
        table.c.external_code == external_code,
        table.c.valid_from.is_not_distinct_from(day),
    )
    edited_at = control.iso(control.now_utc())
    with control.writing(data_dir) as connection:
        replaced = connection.execute(sa.select(table.c.project_key).where(same)).scalars().all()
        connection.execute(table.delete().where(same))
        connection.execute(table.insert().values(**values, external_code=external_code, edited_at=edited_at))
        control.note(connection, actor, "alias", external_code, **values, replaced=replaced)


def remove_alias(data_dir: DataDir, alias_id: int, actor: str = "screen") -> None:
    """Takes one alias away again. Raises InputError where it is gone already."""
    table = control.aliases
    with control.writing(data_dir) as connection:
        row = control.first_of(connection, sa.select(table).where(table.c.alias_id == alias_id))
        if row is None:
            raise InputError("aliases.gone", "This alias was removed already. Reload the page to see what is left.")
        connection.execute(table.delete().where(table.c.alias_id == alias_id))
        control.note(connection, actor, "alias", row["external_code"], removed=row)
