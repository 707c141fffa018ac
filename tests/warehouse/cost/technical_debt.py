"""Projects whose hours on technical debt are divided by one basis or the other; every number worked out by hand."""

from __future__ import annotations

import datetime as dt

from models.builds.data_dir import DataDir
from pipeline.store.project_settings import set_project_setting
from pipeline.store.rules import Rule, set_rule
from tests.warehouse.edges import day, land, project

# a month of ALL, DEV, RULED and PAST: 13 on debt + 100 + 30 development and test = 143; with 57 of meetings 200
MONTH = (("technical_debt", 13.0), ("development", 100.0), ("test", 30.0), ("meeting", 57.0))
SPLIT = dt.date(2026, 3, 1)  # a Sunday: its week began in February


def _hours(key: str, on: dt.date, *by_activity: tuple[str, float]) -> list[dict]:
    return [
        {"source_id": f"{key}-{on}-{activity}", "project": key, "person": f"{key}-1", "work_date": on}
        | {"activity": activity, "hours": hours, "module": "core"}
        for activity, hours in by_activity
    ]


def make_technical_debt(data_dir: DataDir) -> None:
    """Lands and builds. Fills the folder for `made_once`."""
    from pipeline.refresh.refreshing import refresh

    worklogs = [row for key in ("ALL", "DEV", "RULED") for row in _hours(key, day(3), *MONTH)]
    # TURN: its choice of 10 March counts from the month of March on
    worklogs += _hours("TURN", day(27, 2), ("technical_debt", 2.0), ("meeting", 8.0))
    worklogs += _hours("TURN", SPLIT, ("technical_debt", 2.0), ("development", 8.0), ("meeting", 10.0))
    # equipment: BOX is installed and nothing is developed, MADE is developed too; IDLE is software nobody works on
    worklogs += _hours("BOX", day(3), ("deployment", 40.0))
    worklogs += _hours("MADE", day(3), ("technical_debt", 5.0), ("development", 15.0), ("deployment", 30.0))
    worklogs += _hours("IDLE", day(3), ("meeting", 40.0))
    # WORDS: 70 hours under a word that nobody mapped
    worklogs += _hours("WORDS", day(3), ("technical_debt", 10.0), ("development", 20.0), ("stabilization", 70.0))
    # PAST: all of it in February, and an hour in March, so that February is over
    worklogs += _hours("PAST", day(3, 2), *MONTH) + _hours("PAST", day(10), ("meeting", 1.0))
    equipment = ("BOX", "MADE")
    land(
        data_dir,
        "projects",
        [
            project(key, delivery_profile="equipment" if key in equipment else "software")
            for key in dict.fromkeys(row["project"] for row in worklogs)
        ],
    )
    land(data_dir, "worklogs", worklogs)
    why = {"reason": "the reserve of the contract is of development hours", "person": "PMO"}
    set_project_setting(data_dir, "technical_debt_basis", "development_hours", project_key="DEV", **why)
    set_project_setting(
        data_dir, "technical_debt_basis", "development_hours", project_key="TURN", valid_from=day(10), **why
    )
    band = Rule("level", "technical_debt_share", day(1, 1), project_key="RULED", low_warning_at=0.05, warning_at=0.07)
    set_rule(data_dir, band, reason="a smaller reserve", person="PMO")
    assert refresh(data_dir).status == "published"
