"""Aliases edited on screen: replaced, removed, and never without a line in the audit."""

import datetime as dt

import pytest
import sqlalchemy as sa

from models.errors import InputError
from pipeline.store import control
from pipeline.store.aliases import add_alias, aliases, remove_alias
from tests.databases import on_both_databases

pytestmark = on_both_databases


def audited(data_dir) -> list[str]:
    with control.reading(data_dir) as connection:
        return (
            connection.execute(sa.select(control.audit.c.action).where(control.audit.c.action == "alias"))
            .scalars()
            .all()
        )


def test_an_alias_is_kept_and_noted(data_dir):
    add_alias(data_dir, " 20-YB ", "YB", system="yonyou")
    assert [(a["system"], a["external_code"], a["project_key"]) for a in aliases(data_dir)] == [
        ("yonyou", "20-YB", "YB")
    ]
    assert audited(data_dir) == ["alias"]


def test_the_same_code_is_replaced_and_another_date_stands_beside(data_dir):
    add_alias(data_dir, "X", "A")
    add_alias(data_dir, "X", "B")
    add_alias(data_dir, "X", "C", valid_from=dt.date(2026, 7, 1))
    assert [(a["project_key"], a["valid_from"]) for a in aliases(data_dir)] == [("C", "2026-07-01"), ("B", None)]


def test_a_removed_alias_is_gone_once(data_dir):
    add_alias(data_dir, "X", "A")
    [alias] = aliases(data_dir)
    remove_alias(data_dir, alias["alias_id"])
    assert aliases(data_dir) == []
    assert audited(data_dir) == ["alias", "alias"]
    with pytest.raises(InputError, match="removed already"):
        remove_alias(data_dir, alias["alias_id"])


def test_blank_codes_are_refused(data_dir):
    with pytest.raises(InputError, match="needs both"):
        add_alias(data_dir, "  ", "A")
    assert aliases(data_dir) == []


def test_reading_makes_no_control_store(data_dir):
    assert aliases(data_dir) == []
    assert not data_dir.control_store.exists()
