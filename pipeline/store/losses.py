"""Values that got better by losing rows, and the people who accepted that: who, when, why. Nothing is overwritten.

A value carries its loss from build to build until the rows are back or somebody accepts it; the release gate does not pass on it.
What is accepted counts from the next refresh on, for these rows in every KPI that they count in; a later loss is told anew.
Light to import: pages call these functions.
"""

from __future__ import annotations

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.builds.snapshot import open_current
from models.errors import InputError
from models.evidence.losses import losses_of
from pipeline.store import control


def acceptances(data_dir: DataDir) -> list[dict]:
    """Everything ever accepted, newest first.

    Of each: project_key, kpi_key, build_id, loss_rows, loss_amount, person, reason, accepted_at.
    """
    table = control.loss_acceptances
    return control.rows(data_dir, sa.select(table).order_by(table.c.acceptance_id.desc()))


def counting_acceptances(connection: sa.Connection) -> list[dict]:
    """The newest of each project and KPI: project_key, kpi_key, build_id."""
    table = control.loss_acceptances
    own = (table.c.project_key, table.c.kpi_key)
    newest = sa.select(*own, sa.func.max(table.c.build_id).label("build_id"))
    return control.rows_of(connection, newest.group_by(*own).order_by(*own))


def accept_loss(data_dir: DataDir, project_key: str, kpi_key: str, *, person: str, reason: str) -> dict:
    """Somebody answers for it that the rows are rightly gone. Returns what was written; it counts from the next refresh on.

    Raises: InputError where person or reason is blank, or the published value has lost nothing that is not accepted yet.
    """
    person, reason = person.strip(), reason.strip()
    if not (person and reason):
        raise InputError(
            "losses.blank", "Accepting a loss needs the person who answers for it and a reason. Fill them in."
        )
    found = open_current(data_dir)
    loss = losses_of(found[1], project_key).get(kpi_key) if found else None
    if found is None or loss is None:
        raise InputError(
            "losses.none",
            "{kpi_key} of {project} has lost no rows, or what it lost is accepted already.",
            kpi_key=kpi_key,
            project=project_key,
        )
    row = {
        "project_key": project_key,
        "kpi_key": kpi_key,
        "build_id": found[1].build_id,
        "loss_rows": loss["loss_rows"],
        "loss_amount": loss["loss_amount"],
        "person": person,
        "reason": reason,
        "accepted_at": control.iso(control.now_utc()),
    }
    with control.writing(data_dir) as connection:
        connection.execute(control.loss_acceptances.insert().values(**row))
        noted = {name: row[name] for name in ("build_id", "loss_rows", "loss_amount", "reason")}
        control.note(connection, person, "accept loss", f"{project_key}: {kpi_key}", **noted)
    return row
