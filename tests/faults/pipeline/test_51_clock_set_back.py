"""Fault 51: the clock is set back between two files. The order in which they landed stands."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from pipeline.store import control
from tests.ingest.exports import load

_COVERAGE = "Project,Module,Measured on,Lines valid,Lines covered\nYB,core,2026-03-02,100,{covered}\n"


class _Clock:
    """A clock that somebody sets."""

    shown: dt.datetime


@pytest.fixture
def clock(monkeypatch):
    found = _Clock()
    monkeypatch.setattr(control, "clock", lambda: found.shown)
    return found


def _landed(data_dir) -> list[tuple[str, str, str]]:
    """(batch_id, exported_at, landed_at) in the order of landing."""
    table = control.batches
    with control.reading(data_dir) as connection:
        rows = connection.execute(sa.select(table).order_by(sa.text("rowid"))).mappings()
        return [(row["batch_id"], row["exported_at"], row["landed_at"]) for row in rows]


def test_a_corrected_file_stays_the_newer_one_when_the_clock_goes_back(data_dir, clock):
    ten = dt.datetime(2026, 3, 10, 10, tzinfo=dt.UTC)
    for hour, covered in ((ten, 10), (ten - dt.timedelta(days=400), 80), (ten, 81)):
        clock.shown = hour
        assert load(data_dir, "coverage.csv", _COVERAGE.format(covered=covered))[0]["status"] == "landed"
    landed = _landed(data_dir)
    # whatever decides between two batches (export, landing, batch id), it rises with each of them
    assert [column == sorted(set(column)) for column in map(list, zip(*landed, strict=True))] == [True] * 3
    # none lies ahead of the clock by more than the order needs
    assert landed[2][2] == "2026-03-10T10:00:00.000002Z"


def test_two_files_of_one_second_keep_their_order(data_dir, clock):
    clock.shown = dt.datetime(2026, 3, 10, 10, tzinfo=dt.UTC)
    for covered in range(10, 16):
        load(data_dir, "coverage.csv", _COVERAGE.format(covered=covered))
    assert [column == sorted(set(column)) for column in map(list, zip(*_landed(data_dir), strict=True))] == [True] * 3
