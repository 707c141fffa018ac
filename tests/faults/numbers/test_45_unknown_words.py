"""Fault 45: words that nobody knows for severity, type, state or outcome → too early, the gate stops, the words are named."""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.gate.measures import findings
from models.gate.verdict import asked_of
from models.kpis import combined
from models.kpis.catalogue import catalogue
from models.kpis.values import kpi_row
from tests.faults.numbers.silently_wrong import make_silently_wrong


@pytest.fixture(scope="module")
def build(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("silently-wrong", make_silently_wrong)))


def test_an_unknown_severity_is_not_harmless(build):
    """None is known to be fatal or serious, one may be: it was shown as 0, ok."""
    row = kpi_row(build, Selection(projects=("WORDS",)), "open_critical_defects")
    assert (row["value"], row["status"], row["reason"]) == (0, "too_early", "words:severity=1 - kritisk")
    kpi = catalogue(build)["open_critical_defects"]
    read = combined.history(build, kpi, ("WORDS",), Selection()).row(-1, named=True)
    assert read["status"] == "too_early"


def test_the_gate_stops_and_names_the_word(build):
    found = findings(build, "WORDS", asked_of([], "WORDS"), None, dt.datetime(2026, 7, 29, tzinfo=dt.UTC))
    one = next(finding for finding in found if finding.name == "open_fatal_defects")
    assert one.status == "unknown" and one.stops and "1 - kritisk" in one.why
