"""Accounting periods as finance closes and reopens (反结账) them: who, when, why. Nothing is overwritten; the newest word counts.

Until finance has spoken a period is presumed closed from the tenth working day after its end; see int_close_dates. What is said
counts from the next refresh on. Light to import: pages call these functions.
"""

from __future__ import annotations

import datetime as dt
import re

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.reference.project_settings import EVERY_PROJECT
from pipeline.store import control

_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def closings(data_dir: DataDir) -> list[dict]:
    """Everything ever said, newest first: period (YYYY-MM), project_key ('*': all), is_closed, person, reason, said_at."""
    table = control.closings
    rows = control.rows(data_dir, sa.select(table).order_by(table.c.closing_id.desc()))
    return [row | {"is_closed": bool(row["is_closed"])} for row in rows]


def words_of_finance(connection: sa.Connection) -> list[dict]:
    """Every closing and reopening, oldest first: closing_id, project_key, period, is_closed. The newest of a period counts."""
    table = control.closings
    columns = (table.c.closing_id, table.c.project_key, table.c.period, table.c.is_closed)
    rows = control.rows_of(connection, sa.select(*columns).order_by(table.c.closing_id))
    return [row | {"is_closed": bool(row["is_closed"])} for row in rows]


def close_period(
    data_dir: DataDir, period: str, *, person: str, project_key: str = EVERY_PROJECT, note: str = ""
) -> dict:
    """Finance has closed the accounting period that ends in this month, of one project or of all. Returns what was written.

    Raises: InputError where the period is none or lies ahead, the project or the person is blank, or it is closed already.
    """
    return _say(data_dir, period, project_key, person, note, is_closed=True)


def reopen_period(
    data_dir: DataDir, period: str, *, person: str, reason: str, project_key: str = EVERY_PROJECT
) -> dict:
    """Finance has reopened the period (反结账): it is open, and with it all later ones, until it is closed again.

    A period that was only presumed closed may be reopened too: then it is not presumed any more. Raises: InputError as above, or
    where the reason is blank.
    """
    if not reason.strip():
        raise InputError("closings.no_reason", "Reopening an accounting period needs a reason. Say why.")
    return _say(data_dir, period, project_key, person, reason, is_closed=False)


def _say(data_dir: DataDir, period: str, project_key: str, person: str, reason: str, *, is_closed: bool) -> dict:
    period, project_key, person, reason = (text.strip() for text in (period, project_key, person, reason))
    now = control.now_utc()
    if not _PERIOD.fullmatch(period):
        raise InputError(
            "closings.period",
            "'{period}' is no accounting period. Write its year and month, like 2026-10.",
            period=period,
        )
    if dt.date.fromisoformat(f"{period}-01") > now.date() + dt.timedelta(days=1):  # a zone east of UTC is a day ahead
        raise InputError(
            "closings.future",
            "The accounting period {period} has not begun. Only a period that ends can be closed.",
            period=period,
        )
    if not (project_key and person):
        raise InputError(
            "closings.blank", "Closing a period needs its project and the person who says so. Fill them in."
        )
    table = control.closings
    own = sa.and_(table.c.period == period, table.c.project_key.in_((project_key, EVERY_PROJECT)))
    row = {
        "period": period,
        "project_key": project_key,
        "is_closed": int(is_closed),
        "person": person,
        "reason": reason or None,
        "said_at": control.iso(now),
    }
    with control.writing(data_dir) as connection:
        last = control.first_of(connection, sa.select(table).where(own).order_by(table.c.closing_id.desc()))
        if last and last["is_closed"] == is_closed and last["project_key"] == project_key:
            raise InputError(
                "closings.said",
                "{period} of {project} is {state} already, by {person} on {day}.",
                period=period,
                project=project_key,
                state="closed" if is_closed else "reopened",
                person=last["person"],
                day=last["said_at"][:10],
            )
        connection.execute(table.insert().values(**row))
        control.note(connection, person, "close" if is_closed else "reopen", f"{project_key}: {period}", reason=reason)
    return row | {"is_closed": is_closed}
