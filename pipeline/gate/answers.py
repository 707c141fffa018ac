"""What people say to the gate: signatures and waivers of a release. Every act, and its withdrawal, leaves a line in the audit."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.gate.verdict import NEXT_RELEASE
from pipeline.store import alert_tables, control

LONGEST_RELEASE = 100


def gate_signatures(data_dir: DataDir, project_key: str, release: str | None = None) -> list[dict]:
    """Rows of gate_signatures of a project (and release), oldest first, withdrawn ones among them."""
    return _rows(data_dir, alert_tables.gate_signatures, project_key, release)


def gate_waivers(data_dir: DataDir, project_key: str, release: str | None = None) -> list[dict]:
    """Rows of gate_waivers of a project (and release), oldest first, withdrawn and expired ones among them."""
    return _rows(data_dir, alert_tables.gate_waivers, project_key, release)


def sign(
    data_dir: DataDir, name: str, *, project_key: str, signed_by: str, release: str = NEXT_RELEASE, note: str = ""
) -> None:
    """Signs an item for a release. Raises: InputError where the item, the person or the release is blank, or signed already."""
    name, release, signed_by = named(name), release_named(release), signed_by.strip()
    if not signed_by:
        raise InputError("gate.unsigned", "A signature needs the name of the person who signs. Fill it in.")
    table = alert_tables.gate_signatures
    with control.writing(data_dir) as connection:
        there = sa.and_(
            table.c.project_key == project_key,
            table.c.release == release,
            table.c.name == name,
            table.c.withdrawn_at.is_(None),
        )
        if connection.execute(sa.select(table.c.signature_id).where(there)).first():
            raise InputError(
                "gate.signed_already",
                "{item} is signed already for release {release}. Withdraw that signature first.",
                item=name,
                release=release,
            )
        values = {"project_key": project_key, "release": release, "name": name, "signed_by": signed_by}
        signed_at = control.iso(control.now_utc())
        connection.execute(table.insert().values(**values, signed_at=signed_at, note=note.strip() or None))
        control.note(connection, signed_by, "gate_sign", f"{project_key}: {name}", release=release, remark=note.strip())


def withdraw_signature(data_dir: DataDir, signature_id: int, *, person: str) -> None:
    """Raises: InputError where the person is blank, or no such signature holds."""
    _withdraw(data_dir, alert_tables.gate_signatures.c.signature_id, signature_id, person, "gate_unsign")


def waive(
    data_dir: DataDir,
    name: str,
    *,
    project_key: str,
    approved_by: str,
    reason: str,
    expires_on: dt.date,
    today: dt.date,
    release: str = NEXT_RELEASE,
) -> None:
    """Lets a release pass although this condition does not hold, up to and with `expires_on`.

    Raises: InputError where approver or reason is blank, or the last day has passed.
    """
    name, release = named(name), release_named(release)
    approved_by, reason = approved_by.strip(), reason.strip()
    if not (approved_by and reason):
        raise InputError("gate.waiver_blank", "A waiver needs the person who approved it and a reason. Fill them in.")
    if expires_on < today:
        raise InputError(
            "gate.waiver_expired", "A waiver cannot have expired already: {day} has passed.", day=expires_on.isoformat()
        )
    values = {"release": release, "reason": reason, "expires_on": expires_on.isoformat()}
    row = values | {"project_key": project_key, "name": name, "approved_by": approved_by}
    with control.writing(data_dir) as connection:
        connection.execute(alert_tables.gate_waivers.insert().values(**row, granted_at=control.iso(control.now_utc())))
        control.note(connection, approved_by, "gate_waive", f"{project_key}: {name}", **values)


def withdraw_waiver(data_dir: DataDir, waiver_id: int, *, person: str) -> None:
    """Raises: InputError where the person is blank, or no such waiver holds."""
    _withdraw(data_dir, alert_tables.gate_waivers.c.waiver_id, waiver_id, person, "gate_unwaive")


def release_named(release: str) -> str:
    """The release as it is kept. Raises: InputError where it is blank or far too long for a name."""
    release = release.strip()
    if not release or len(release) > LONGEST_RELEASE:
        raise InputError("gate.release", "A release needs a name of 1 to {most} characters.", most=LONGEST_RELEASE)
    return release


def named(name: str) -> str:
    if not name.strip():
        raise InputError("gate.no_condition", "Say which condition or item of the gate is meant.")
    return name.strip()


def _rows(data_dir: DataDir, table: sa.Table, project_key: str, release: str | None) -> list[dict]:
    asked = sa.select(table).where(table.c.project_key == project_key).order_by(*table.primary_key.columns)
    if release is not None:
        asked = asked.where(table.c.release == release)
    return control.rows(data_dir, asked)


def _withdraw(data_dir: DataDir, key: sa.Column, number: int, person: str, action: str) -> None:
    if not person.strip():
        raise InputError("gate.withdrawn_by", "A withdrawal needs the name of the person who withdraws. Fill it in.")
    table = key.table
    with control.writing(data_dir) as connection:
        row = control.first_of(connection, sa.select(table).where(key == number, table.c.withdrawn_at.is_(None)))
        if row is None:
            raise InputError("gate.nothing_to_withdraw", "There is nothing to withdraw: it was withdrawn already.")
        connection.execute(table.update().where(key == number).values(withdrawn_at=control.iso(control.now_utc())))
        control.note(connection, person.strip(), action, f"{row['project_key']}: {row['name']}", release=row["release"])
