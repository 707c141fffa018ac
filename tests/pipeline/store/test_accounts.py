"""The account mapping edited on screen: kept, replaced, removed, and never without a line in the audit."""

import pytest
import sqlalchemy as sa

from models.errors import InputError
from pipeline.store import control
from pipeline.store.accounts import account_edits, remove_account, set_account
from tests.databases import on_both_databases

pytestmark = on_both_databases


def audited(data_dir) -> list[str]:
    with control.reading(data_dir) as connection:
        actions = sa.select(control.audit.c.subject).where(control.audit.c.action == "account")
        return connection.execute(actions).scalars().all()


def told(data_dir) -> list[tuple]:
    names = ("ledger_book", "account_code", "category", "kind")
    return sorted(tuple(edit[name] for name in names) for edit in account_edits(data_dir))


def test_nothing_is_edited_where_nothing_is_kept(data_dir):
    assert account_edits(data_dir) == []


def test_an_edit_replaces_the_one_of_the_same_book_and_code(data_dir):
    set_account(data_dir, " 5401 ", category="labor", kind="actual", account_name="工程施工")
    set_account(data_dir, "5401", category="excluded", kind="excluded")
    set_account(data_dir, "5401", category="travel", kind="accrual", ledger_book="001")
    assert told(data_dir) == [("", "5401", "excluded", "excluded"), ("001", "5401", "travel", "accrual")]
    assert audited(data_dir) == ["5401"] * 3


def test_a_removed_edit_is_gone_once(data_dir):
    set_account(data_dir, "5401", category="labor", kind="actual")
    remove_account(data_dir, "5401")
    assert account_edits(data_dir) == []
    assert audited(data_dir) == ["5401", "5401"]
    with pytest.raises(InputError, match="removed already"):
        remove_account(data_dir, "5401")


@pytest.mark.parametrize(
    ("code", "category", "kind", "said"),
    [
        ("  ", "labor", "actual", "needs its code"),
        ("1", "food", "actual", "'food'"),
        ("1", "labor", "carry_over", "'carry_over'"),
    ],
)
def test_what_cannot_be_is_refused(data_dir, code, category, kind, said):
    with pytest.raises(InputError, match=said):
        set_account(data_dir, code, category=category, kind=kind)
    assert account_edits(data_dir) == []
