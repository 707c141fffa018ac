"""Accounting periods: finance closes and reopens them, by name and since when; the newest word is frozen into a build."""

from __future__ import annotations

import datetime as dt
import json
import sys

import polars as pl
import pytest
import sqlalchemy as sa

from models.errors import InputError
from pipeline.cli import main
from pipeline.refresh.freezing import freeze
from pipeline.store import control
from pipeline.store.closings import close_period, closings, reopen_period
from tests.databases import on_both_databases
from tests.pipeline.tiny import land_cost, tiny_settings

pytestmark = on_both_databases


def test_what_finance_said_stays_and_the_newest_word_counts(data_dir):
    close_period(data_dir, "2026-01", person="Zhou", note="monthly")
    close_period(data_dir, "2026-01", person="Zhou", project_key="YB")
    reopen_period(data_dir, "2026-01", person="Wu", reason="an invoice was missing", project_key="YB")
    said = [(row["project_key"], row["is_closed"], row["person"], row["reason"]) for row in closings(data_dir)]
    assert said == [
        ("YB", False, "Wu", "an invoice was missing"),
        ("YB", True, "Zhou", None),
        ("*", True, "Zhou", "monthly"),
    ]
    with control.reading(data_dir) as connection:
        noted = connection.execute(
            sa.select(control.audit.c.actor, control.audit.c.action, control.audit.c.subject)
        ).all()
    assert noted == [("Zhou", "close", "*: 2026-01"), ("Zhou", "close", "YB: 2026-01"), ("Wu", "reopen", "YB: 2026-01")]

    land_cost(data_dir, "50.00")
    inputs = freeze(data_dir, "b-000001", dt.date(2026, 2, 3), tiny_settings())
    frozen = [
        {"closing_id": 1, "project_key": "*", "period": "2026-01", "is_closed": True},
        {"closing_id": 2, "project_key": "YB", "period": "2026-01", "is_closed": True},
        {"closing_id": 3, "project_key": "YB", "period": "2026-01", "is_closed": False},
    ]
    assert pl.read_parquet(inputs.folder / "closings.parquet").to_dicts() == frozen
    assert inputs.manifest["closings"] == frozen  # the build can be made again
    assert inputs.dbt_vars["today"] == inputs.manifest["today"] == "2026-02-03"


@pytest.mark.parametrize(
    ("period", "words", "code"),
    [
        ("2026-13", {"person": "Zhou"}, "closings.period"),
        ("October", {"person": "Zhou"}, "closings.period"),
        ("2199-01", {"person": "Zhou"}, "closings.future"),
        ("2026-01", {"person": " "}, "closings.blank"),
        ("2026-01", {"person": "Zhou", "project_key": ""}, "closings.blank"),
        ("2025-12", {"person": "Zhou"}, "closings.said"),
    ],
)
def test_a_word_that_says_nothing_is_refused(data_dir, period, words, code):
    close_period(data_dir, "2025-12", person="Zhou")
    with pytest.raises(InputError) as refused:
        close_period(data_dir, period, **words)
    assert refused.value.code == code
    with pytest.raises(InputError) as refused:
        reopen_period(data_dir, "2025-12", person="Zhou", reason=" ")
    assert refused.value.code == "closings.no_reason"
    assert len(closings(data_dir)) == 1


def test_the_commands(data_dir, monkeypatch, capsys):
    def ran(*command: str) -> tuple[int, dict]:
        monkeypatch.setattr(sys, "argv", ["pipeline", *command, "--json", "--data-dir", str(data_dir.root)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, json.loads(capsys.readouterr().out)

    exit_code, said = ran("close", "2026-01", "--project", "YB", "--by", "Zhou")
    assert (exit_code, said["project_key"], said["is_closed"], said["person"]) == (0, "YB", True, "Zhou")
    exit_code, said = ran("reopen", "2026-01", "--project", "YB", "--by", "Wu", "--reason", "an invoice was missing")
    assert (exit_code, said["is_closed"], said["reason"]) == (0, False, "an invoice was missing")
    exit_code, said = ran("close", "26-1", "--by", "Zhou")
    assert (exit_code, said["error"]["code"]) == (2, "closings.period")


def test_without_an_as_of_date_the_youngest_export_tells_the_day(data_dir):
    """A clock that was set back does not open what was presumed closed: an export of 2199 has seen that day."""
    land_cost(data_dir, "50.00")
    with control.writing(data_dir) as connection:
        connection.execute(control.batches.update().values(exported_at="2199-02-28T16:30:00Z"))
    inputs = freeze(data_dir, "b-000001", None, tiny_settings())
    assert inputs.dbt_vars["today"] == "2199-03-01"  # 00:30 in Shanghai


def test_a_period_that_has_begun_nowhere_is_not_closed(data_dir, monkeypatch):
    """At 23:00 UTC on 30 October it is the 31st at most; at 11:00 UTC on the 31st November begins in Auckland."""
    monkeypatch.setattr(control, "now_utc", lambda: dt.datetime(2026, 10, 30, 23, tzinfo=dt.UTC))
    with pytest.raises(InputError) as refused:
        close_period(data_dir, "2026-11", person="Zhou")
    assert refused.value.code == "closings.future"
    monkeypatch.setattr(control, "now_utc", lambda: dt.datetime(2026, 10, 31, 11, tzinfo=dt.UTC))
    assert close_period(data_dir, "2026-11", person="Zhou")["is_closed"] is True
