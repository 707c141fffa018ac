"""The account mapping edited on screen: as which cost, or as none, an account and those below it count.

Edits count from the next refresh on, before the mapping file and before the words of a name. Every change leaves a line in the
audit. Light to import: pages call these functions.
"""

from __future__ import annotations

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.reference.accounts import ACCOUNT_KINDS, CATEGORIES
from pipeline.store import control

ANY_BOOK = ""


def account_edits(data_dir: DataDir) -> list[dict]:
    """Every account edited on screen, newest first: ledger_book, account_code, account_name, category, kind, edited_at."""
    table = control.account_edits
    return control.rows(data_dir, sa.select(table).order_by(table.c.edited_at.desc(), table.c.account_code))


def set_account(
    data_dir: DataDir,
    account_code: str,
    *,
    category: str,
    kind: str,
    account_name: str | None = None,
    ledger_book: str = ANY_BOOK,
    actor: str = "screen",
) -> None:
    """Says what `account_code`, and all codes that begin with it, count as in `ledger_book` ('': any).

    Raises: InputError where the code is blank, or category or kind are unknown.
    """
    account_code = account_code.strip()
    if not account_code:
        raise InputError("accounts.blank", "An account needs its code. Fill it in.")
    for word, known in ((category, CATEGORIES), (kind, ACCOUNT_KINDS)):
        if word not in known:
            raise InputError(
                "accounts.unknown_word",
                "Account {account} cannot count as '{word}'. It can count as: {known}.",
                account=account_code,
                word=word,
                known=", ".join(known),
            )
    table, same = control.account_edits, _same(account_code, ledger_book)
    values = {"ledger_book": ledger_book, "category": category, "kind": kind}
    names = {"account_code": account_code, "account_name": account_name}
    with control.writing(data_dir) as connection:
        before = control.first_of(connection, sa.select(table.c.category, table.c.kind).where(same))
        connection.execute(table.delete().where(same))
        connection.execute(table.insert().values(**values, **names, edited_at=control.iso(control.now_utc())))
        control.note(connection, actor, "account", account_code, **values, replaced=before)


def remove_account(data_dir: DataDir, account_code: str, ledger_book: str = ANY_BOOK, actor: str = "screen") -> None:
    """Takes one edit away again: the mapping file or the name counts. Raises InputError where it is gone already."""
    table, same = control.account_edits, _same(account_code, ledger_book)
    with control.writing(data_dir) as connection:
        row = control.first_of(connection, sa.select(table).where(same))
        if row is None:
            raise InputError("accounts.gone", "This edit was removed already. Reload the page to see what is left.")
        connection.execute(table.delete().where(same))
        control.note(connection, actor, "account", account_code, removed=row)


def _same(account_code: str, ledger_book: str) -> sa.ColumnElement[bool]:
    table = control.account_edits
    return sa.and_(table.c.ledger_book == ledger_book, table.c.account_code == account_code)
