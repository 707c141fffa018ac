"""What a project chooses for itself, with a reason and by a person: where its actual cost comes from, and when its periods end.

A choice counts from the next refresh on. Nothing is overwritten: the newest row of a project and name counts, the older ones
say what was chosen before; every change leaves a line in the audit. Light to import: pages call these functions.
"""

from __future__ import annotations

import sqlalchemy as sa

from models.data_dir import DataDir
from models.errors import InputError
from models.project_settings import CHOICES, EVERY_PROJECT, FACTS_OF_SEVERAL_SOURCES, leading_source_of
from pipeline import control


def project_settings(data_dir: DataDir) -> list[dict]:
    """Every choice ever made, newest first: project_key ('*': all), name, value (None: taken back), reason, changed_by,
    changed_at."""
    if not data_dir.control_store.exists():
        return []
    table = control.project_settings
    with control.reading(data_dir) as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.setting_id.desc()))
        return [{name: value for name, value in row.items() if name != "setting_id"} for row in rows.mappings()]


def counting_settings(connection: sa.Connection) -> list[dict]:
    """The choices that count: of each project and name the newest, unless it was taken back. project_key, name, value."""
    table = control.project_settings
    newest = sa.select(sa.func.max(table.c.setting_id)).group_by(table.c.project_key, table.c.name)
    rows = connection.execute(
        sa.select(table.c.project_key, table.c.name, table.c.value)
        .where(table.c.setting_id.in_(newest), table.c.value.is_not(None))
        .order_by(table.c.project_key, table.c.name)
    )
    return [dict(row) for row in rows.mappings()]


def set_project_setting(
    data_dir: DataDir,
    name: str,
    value: str | None,
    *,
    reason: str,
    person: str,
    project_key: str = EVERY_PROJECT,
) -> None:
    """Chooses `value` of `name` for a project ('*': all that choose nothing themselves); None takes the choice back.

    Raises: InputError where name or value are unknown, or the project, the reason or the person is blank.
    """
    project_key, reason, person = project_key.strip(), reason.strip(), person.strip()
    is_free = name in map(leading_source_of, FACTS_OF_SEVERAL_SOURCES)
    if name not in CHOICES and not is_free:
        raise InputError(
            "settings.unknown_name",
            "'{name}' is no project setting. There are: {known}.",
            name=name,
            known=", ".join(CHOICES),
        )
    if value is not None and not is_free and value not in CHOICES[name]:
        raise InputError(
            "settings.unknown_value",
            "'{value}' cannot be chosen for {name}. It can be: {known}.",
            value=value,
            name=name,
            known=", ".join(CHOICES[name]),
        )
    if not (project_key and reason and person):
        raise InputError(
            "settings.blank",
            "A project setting needs its project, a reason and the person who decided it. Fill them in.",
        )
    table = control.project_settings
    with control.writing(data_dir) as connection:
        before = connection.execute(
            sa.select(table.c.value)
            .where(table.c.project_key == project_key, table.c.name == name)
            .order_by(table.c.setting_id.desc())
            .limit(1)
        ).scalar()
        connection.execute(
            table.insert().values(
                project_key=project_key,
                name=name,
                value=value,
                reason=reason,
                changed_by=person,
                changed_at=control.iso(control.now_utc()),
            )
        )
        control.note(
            connection, person, "setting", f"{project_key}: {name}", value=value, reason=reason, replaced=before
        )
