"""What the gate asks of a project, as people set it. Nothing is overwritten: the newest row of a project and name counts."""

from __future__ import annotations

import math

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.gate.verdict import EVERY_PROJECT, SUBJECTS, ConditionKind
from pipeline.store import alert_tables, control

LONGEST_NAME = 100


def gate_edits(data_dir: DataDir, project_key: str | None = None) -> list[dict]:
    """Rows of gate_conditions, oldest first: those of a project and of all projects ('*'), or every one there is."""
    table = alert_tables.gate_conditions
    asked = sa.select(table).order_by(table.c.condition_id)
    if project_key is not None:
        asked = asked.where(table.c.project_key.in_([EVERY_PROJECT, project_key]))
    return control.rows(data_dir, asked)


def set_condition(
    data_dir: DataDir,
    name: str,
    kind: str,
    *,
    project_key: str,
    reason: str,
    approved_by: str,
    level: float | None = None,
    is_off: bool = False,
    is_applicable: bool = True,
) -> None:
    """Sets a condition or an item to sign for a project ('*': for all that set nothing themselves).

    level: as the KPI has it (0.8 is 80 %); None for the usual one. is_off takes it off the list; is_applicable=False declares
    that it does not apply. Raises: InputError where something is blank, no condition of that name is measured, or the level is
    no number from 0 on.
    """
    name, project_key, reason, approved_by = (text.strip() for text in (name, project_key, reason, approved_by))
    if not (name and project_key and reason and approved_by):
        raise InputError(
            "gate.blank",
            "A change of the gate needs the condition, its project, a reason and the person who approved it. Fill them in.",
        )
    if kind == ConditionKind.MEASURED and name not in {str(known) for known in SUBJECTS}:
        raise InputError(
            "gate.unknown_condition",
            "Nothing is measured under the name '{name}'. There are: {known}.",
            name=name,
            known=", ".join(SUBJECTS),
        )
    if len(name) > LONGEST_NAME:
        raise InputError(
            "gate.long_name", "An item to sign has at most {most} characters in its name.", most=LONGEST_NAME
        )
    if level is not None and (kind != ConditionKind.MEASURED or not math.isfinite(level) or level < 0):
        raise InputError("gate.level", "A level is a number from 0 on, not {level}.", level=level)
    values = {
        "level": level,
        "is_off": int(is_off),
        "is_applicable": int(is_applicable),
        "reason": reason,
        "approved_by": approved_by,
    }
    with control.writing(data_dir) as connection:
        connection.execute(
            alert_tables.gate_conditions.insert().values(
                project_key=project_key,
                name=name,
                kind=str(kind),
                changed_at=control.iso(control.now_utc()),
                **values,
            )
        )
        control.note(connection, approved_by, "gate_condition", f"{project_key}: {name}", **values)
