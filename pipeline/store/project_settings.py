"""What a project chooses for itself, with a reason and by a person: where its actual cost comes from, when its periods end, …

A choice counts from the next refresh on, for the whole history or, of what is dated, from the month of a day on. Nothing is
overwritten: the newest row of a project, name and first day counts, the older ones say what was chosen before; every change
leaves a line in the audit. Light to import: pages call these functions.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.reference.project_settings import CHOICES, DATED, EVERY_PROJECT, FACTS_OF_SEVERAL_SOURCES, leading_source_of
from pipeline.store import control


def project_settings(data_dir: DataDir) -> list[dict]:
    """Every choice ever made, newest first: project_key ('*': all), name, value (None: taken back), valid_from (ISO;
    None: the whole history), reason, changed_by, changed_at."""
    table = control.project_settings
    columns = [column for column in table.c if column is not table.c.setting_id]
    return control.rows(data_dir, sa.select(*columns).order_by(table.c.setting_id.desc()))


def counting_settings(connection: sa.Connection) -> list[dict]:
    """The choices that count: of each project, name and first day the newest, unless it was taken back.

    project_key, name, value, valid_from (ISO; None: the whole history).
    """
    table = control.project_settings
    newest = sa.select(sa.func.max(table.c.setting_id)).group_by(table.c.project_key, table.c.name, table.c.valid_from)
    return control.rows_of(
        connection,
        sa.select(table.c.project_key, table.c.name, table.c.value, table.c.valid_from)
        .where(table.c.setting_id.in_(newest), table.c.value.is_not(None))
        .order_by(table.c.project_key, table.c.name, table.c.valid_from.nulls_first()),
    )


def set_project_setting(
    data_dir: DataDir,
    name: str,
    value: str | None,
    *,
    reason: str,
    person: str,
    project_key: str = EVERY_PROJECT,
    valid_from: dt.date | None = None,
) -> None:
    """Chooses `value` of `name` for a project ('*': all that choose nothing themselves); None takes the choice back.

    valid_from: of what is dated, a day of the first month that it counts for; None for the whole history.
    Raises: InputError where name or value are unknown, the project, the reason or the person is blank, or a first day is given
    to what is not dated.
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
    if valid_from is not None and name not in DATED:
        raise InputError(
            "settings.not_dated",
            "{name} is chosen for the whole history of a project: leave its first day empty.",
            name=name,
        )
    day = None if valid_from is None else valid_from.isoformat()
    table = control.project_settings
    own = (table.c.project_key == project_key, table.c.name == name, table.c.valid_from.is_not_distinct_from(day))
    values = {"value": value, "reason": reason}
    row = values | {"project_key": project_key, "name": name, "valid_from": day, "changed_by": person}
    with control.writing(data_dir) as connection:
        newest_first = sa.select(table.c.value).where(*own).order_by(table.c.setting_id.desc())
        before = connection.execute(newest_first.limit(1)).scalar()
        connection.execute(table.insert().values(**row, changed_at=control.iso(control.now_utc())))
        dated = {} if day is None else {"valid_from": day}
        control.note(connection, person, "setting", f"{project_key}: {name}", **values, replaced=before, **dated)
