"""Projects that lose rows between two exports, each by hand; see test_losses.py.

Of every cost project 800 of 1,000 is earned at the end of February, and cost stands in ten lines, five a month.
"""

from __future__ import annotations

from models.builds.data_dir import DataDir
from pipeline.ingest import undo_batch
from pipeline.refresh.refreshing import refresh
from pipeline.store.closings import reopen_period
from pipeline.store.losses import accept_loss
from tests.warehouse.cost.cost_edges import cost, element, task
from tests.warehouse.edges import DONE, at, day, defect, land, project

DAYS = [day(number, month) for month in (1, 2) for number in (5, 8, 13, 20, 23)]
COSTS = ("TENTH", "FIFTH", "GROWN", "RENAMED", "PUTRIGHT", "ACROSS", "UNDONE")
KEYS = (*COSTS, "DELETED", "CLOSED")


def lines(key: str, each: float = 100, *, numbered: bool = True, **more) -> list[dict]:
    return [
        cost(key, each, booked_on=on, document_no=f"{key}-{place}" if numbered else None, **more)
        for place, on in enumerate(DAYS)
    ]


def _without_second_and_fourth(rows: list[dict]) -> list[dict]:
    return [row for place, row in enumerate(rows) if place % 5 not in (1, 3)]


def land_before(data_dir: DataDir) -> None:
    land(data_dir, "projects", [project(key) for key in KEYS])
    land(data_dir, "budget", [element(key, 1_000) for key in COSTS])
    land(data_dir, "schedule", [task(key, 0.8) for key in COSTS])
    across = lines("ACROSS", 89)  # 890 in all: 800 ÷ 890 = 0.8989
    costs = [*lines("TENTH"), *lines("GROWN"), *lines("PUTRIGHT"), *across, *lines("UNDONE", 50)]
    costs += lines("FIFTH", numbered=False) + lines("RENAMED", numbered=False, vendor="Alpha Ltd")
    land(data_dir, "costs", costs)
    # a second file of the same project: it is undone later
    land(data_dir, "costs", [cost("UNDONE", 500, document_no="UNDONE-X")], batch="2", system="erp")
    issues = [defect(f"{key}-1", key, severity="fatal") for key in ("DELETED", "CLOSED")]
    land(data_dir, "issues", [*issues, defect("DELETED-2", "DELETED")], snapshot_scope="all")


def land_after(data_dir: DataDir) -> None:
    costs = lines("TENTH", 10)
    costs += _without_second_and_fourth(lines("FIFTH", numbered=False))
    costs += [*lines("GROWN"), cost("GROWN", 100, document_no="GROWN-N")]
    costs += lines("RENAMED", numbered=False, vendor="Alpha Limited")
    costs += [cost("PUTRIGHT", 95, document_no="PUTRIGHT-3", booked_on=DAYS[3])]
    costs += [cost("ACROSS", 87, document_no="ACROSS-3", booked_on=DAYS[3])]  # 888 in all: 800 ÷ 888 = 0.9009
    land(data_dir, "costs", costs, batch="3", exported_at="2026-03-15T02:00:00Z")
    closed = DONE | {"resolved_at": at(13), "closed_at": at(13), "updated_at": at(13)}
    land(
        data_dir,
        "issues",
        [defect("CLOSED-1", "CLOSED", severity="fatal", **closed), defect("DELETED-2", "DELETED")],
        batch="3",
        exported_at="2026-03-15T02:00:00Z",
        snapshot_scope="all",
    )


def land_again(data_dir: DataDir) -> None:
    """All lines of FIFTH, after all."""
    land(data_dir, "costs", lines("FIFTH", numbered=False), batch="4", exported_at="2026-03-16T02:00:00Z")


def make_losses(data_dir: DataDir) -> None:
    """Five builds: before, after, the same once more, with TENTH accepted, with the lines of FIFTH back.

    With the last one February is reopened for GROWN.
    """
    land_before(data_dir)
    _publish(data_dir)
    land_after(data_dir)
    undo_batch(data_dir, "20260314T100000-costs-00000002")
    _publish(data_dir)
    _publish(data_dir)
    accept_loss(data_dir, "TENTH", "cost_performance_index", person="Zhou", reason="booked in thousands before")
    _publish(data_dir)
    land_again(data_dir)
    reopen_period(data_dir, "2026-02", person="Wu", reason="an invoice was missing", project_key="GROWN")
    _publish(data_dir)


def _publish(data_dir: DataDir) -> None:
    told = refresh(data_dir)
    assert told.status == "published", told
