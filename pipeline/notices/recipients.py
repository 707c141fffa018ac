"""Who is told of what, and how it reaches them. The project office's inbox is the record: it hears of everything, always.

Every change leaves a line in the audit, without the address. Light to import: pages call these functions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from models.alerts.vocabulary import AlertLevel, RecipientRole
from models.builds.data_dir import DataDir
from models.errors import InputError
from models.words.locales import LANGUAGES
from pipeline.notices.channels import Channel, checked_address, masked, open_fields
from pipeline.store import alert_tables, control

DEFAULT_NAME = "Project office"  # shown in the reader's language
SEVERITIES = (AlertLevel.WARNING.value, AlertLevel.CRITICAL.value)
_LONGEST_NAME = 100
_table = alert_tables.recipients


@dataclass(frozen=True)
class Wanted:
    """What a form says of a recipient. projects, sites: empty for all. fields: of the channel; a blank secret stays as it was."""

    name: str
    language: str = next(iter(LANGUAGES))
    role: str = RecipientRole.PROJECT_MANAGER
    projects: Sequence[str] = ()
    sites: Sequence[str] = ()
    least_severity: str = AlertLevel.WARNING.value
    channel: str = Channel.INBOX
    fields: Mapping[str, object] = field(default_factory=dict)


def recipients(data_dir: DataDir) -> list[dict]:
    """Everybody, active ones first: the table's columns, but for the address `shown` (masked) and `fields` (without secrets)."""
    if not control.exists(data_dir):
        return []
    with control.writing(data_dir) as connection:
        ensure_default(connection)
        return [_shown(row) for row in all_recipients(connection)]


def all_recipients(connection: sa.Connection) -> list[dict]:
    """Rows with their addresses: not for showing."""
    return control.rows_of(connection, sa.select(_table).order_by(_table.c.is_active.desc(), _table.c.recipient_id))


def ensure_default(connection: sa.Connection) -> None:
    """The project office exists from the start, with an inbox."""
    if connection.execute(sa.select(_table.c.recipient_id).limit(1)).first() is None:
        office = _checked(Wanted(DEFAULT_NAME, role=RecipientRole.PROJECT_OFFICE), "pipeline")
        connection.execute(_table.insert().values(**office, address={}, is_active=1))


def add_recipient(data_dir: DataDir, wanted: Wanted, person: str) -> int:
    """Returns the new recipient_id. Raises: InputError 'notices.*'."""
    values = _checked(wanted, person)
    values["address"] = checked_address(wanted.channel, wanted.fields)
    with control.writing(data_dir) as connection:
        ensure_default(connection)
        _refuse_namesake(connection, values["name"])
        inserted = connection.execute(_table.insert().values(**values, is_active=1))
        recipient_id = inserted.inserted_primary_key[0]
        _note(connection, person, "recipient added", recipient_id, values)
    return recipient_id


def edit_recipient(data_dir: DataDir, recipient_id: int, wanted: Wanted, person: str) -> None:
    """Raises: InputError 'notices.*'."""
    values = _checked(wanted, person)
    with control.reading(data_dir) as connection:
        before = recipient_of(connection, recipient_id)
    kept = before["address"] if before["channel"] == wanted.channel else None
    values["address"] = checked_address(wanted.channel, wanted.fields, kept)
    with control.writing(data_dir) as connection:
        _refuse_namesake(connection, values["name"], recipient_id)
        connection.execute(_table.update().where(_table.c.recipient_id == recipient_id).values(**values))
        _refuse_without_record(connection)
        _note(connection, person, "recipient edited", recipient_id, values)


def retire_recipient(data_dir: DataDir, recipient_id: int, person: str, *, retire: bool = True) -> None:
    """Nothing more is written to a retired recipient; the inbox stays. retire=False brings one back. Raises: InputError."""
    if not person.strip():
        raise _nobody()
    with control.writing(data_dir) as connection:
        before = recipient_of(connection, recipient_id)
        edited_at = control.iso(control.now_utc())
        change = {"is_active": int(not retire), "edited_by": person.strip(), "edited_at": edited_at}
        connection.execute(_table.update().where(_table.c.recipient_id == recipient_id).values(**change))
        _refuse_without_record(connection)
        _note(connection, person, "recipient retired" if retire else "recipient brought back", recipient_id, before)


def recipient_of(connection: sa.Connection, recipient_id: int) -> dict:
    """With its address: not for showing. Raises: InputError 'notices.no_recipient'."""
    row = control.first_of(connection, sa.select(_table).where(_table.c.recipient_id == recipient_id))
    if row is None:
        raise InputError("notices.no_recipient", "There is no such recipient any more. Load the page again.")
    return row


def _checked(wanted: Wanted, person: str) -> dict:
    name = " ".join(wanted.name.split())
    if not name:
        raise InputError("notices.no_name", "A recipient needs a name.")
    if not person.strip():
        raise _nobody()
    _among("language", wanted.language, list(LANGUAGES))
    _among("role", wanted.role, list(RecipientRole))
    _among("least severity", wanted.least_severity, SEVERITIES)
    return {
        "name": name[:_LONGEST_NAME],
        "language": wanted.language,
        "role": str(wanted.role),
        "projects": sorted(set(wanted.projects)),
        "sites": sorted({site.strip() for site in wanted.sites if site.strip()}),
        "least_severity": str(wanted.least_severity),
        "channel": str(wanted.channel),
        "edited_by": person.strip(),
        "edited_at": control.iso(control.now_utc()),
    }


def _among(what: str, value: str, allowed: Collection[str]) -> None:
    if value not in allowed:
        raise InputError("notices.unknown_value", "'{value}' is no {what}.", value=value, what=what)


def _refuse_namesake(connection: sa.Connection, name: str, recipient_id: int | None = None) -> None:
    holder = connection.execute(sa.select(_table.c.recipient_id).where(_table.c.name == name)).scalar()
    if holder is not None and holder != recipient_id:
        raise InputError("notices.name_taken", "There is a recipient called '{name}' already.", name=name)


def _refuse_without_record(connection: sa.Connection) -> None:
    """Raised inside the transaction: the change is taken back."""
    if not any(_is_record(row) for row in all_recipients(connection)):
        raise InputError(
            "notices.no_record",
            "One recipient of the project office must stay that hears of every warning of all projects: its inbox is the record.",
        )


def _is_record(row: Mapping) -> bool:
    return bool(
        row["is_active"]
        and row["role"] == RecipientRole.PROJECT_OFFICE
        and not row["projects"]
        and not row["sites"]
        and row["least_severity"] == AlertLevel.WARNING
    )


def _nobody() -> InputError:
    return InputError("notices.nobody", "Say who makes this change.")


def _shown(row: Mapping) -> dict:
    channel, address = row["channel"], row["address"]
    shown = {"shown": masked(channel, address), "fields": open_fields(channel, address)}
    return {name: value for name, value in row.items() if name != "address"} | shown


def _note(connection: sa.Connection, person: str, action: str, recipient_id: int, values: Mapping) -> None:
    stated = ("name", "language", "role", "projects", "sites", "least_severity", "channel")
    noted = {name: values[name] for name in stated} | {"address": masked(values["channel"], values["address"])}
    control.note(connection, person.strip(), action, f"recipient {recipient_id}", **noted)
