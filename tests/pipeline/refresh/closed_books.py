"""A project whose January was closed by finance and told differently afterwards."""

from __future__ import annotations

import datetime as dt

from models.builds.data_dir import DataDir
from pipeline.refresh.refreshing import refresh
from pipeline.store.closings import close_period
from tests.warehouse.edges import day, land, project


def _line(document: str, on: dt.date, amount: float) -> dict:
    return {"project": "P", "category": "travel", "document_no": document, "booked_on": on, "amount": amount}


def adjusted_once(data_dir: DataDir) -> None:
    """January is closed and published. Then A1 is 110 and A3 of 7 is new in January; A2 of the first export stays."""
    land(data_dir, "projects", [project("P")])
    land(data_dir, "costs", [_line("A1", day(15, 1), 100), _line("A2", day(20, 1), 50), _line("F1", day(10, 2), 30)])
    close_period(data_dir, "2026-01", person="Zhou")
    assert refresh(data_dir).status == "published"
    later = [_line("A1", day(15, 1), 110), _line("A3", day(25, 1), 7)]
    land(data_dir, "costs", later, batch="2", exported_at="2026-03-15T02:00:00Z")
    assert refresh(data_dir).status == "published"
