"""A dbt project of seven nodes and cost lines landed by hand: refreshes in seconds, without the real warehouse.

kpi_values holds one row per project: the sum of its landed costs, critical over 100.
"""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from models.builds.data_dir import DataDir
from models.builds.published import Build
from models.feeds import FEEDS
from pipeline.refresh.refreshing import refresh
from pipeline.refresh.result import RefreshResult
from pipeline.settings import Settings
from pipeline.store import control

TINY_PROJECT = Path(__file__).parent / "tiny_project"
REPOSITORY = TINY_PROJECT.parents[2]
NODES = 7  # three models, one seed, three data tests


def tiny_settings(project: Path = TINY_PROJECT, **changed: object) -> Settings:
    return Settings(dbt_project=project, **changed)


def copy_of_project(folder: Path) -> Path:
    return shutil.copytree(TINY_PROJECT, folder / "tiny_project")


def land_cost(data_dir: DataDir, amount: str, number: int = 1) -> str:
    """Lands one batch with one cost line of project YB; returns its batch id."""
    batch_id = f"20260131T00000{number}-costs-0000000{number}"
    path = data_dir.landed_file("costs", batch_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {
        "project": "YB",
        "category": "labor",
        "document_no": f"V{number}",
        "booked_on": dt.date(2026, 1, 31),
        "amount": Decimal(amount),
        "batch_id": batch_id,
        "source_row": 2,
    }
    pl.DataFrame([line], schema=FEEDS["costs"].schema()).write_parquet(path)
    with control.writing(data_dir) as connection:
        connection.execute(
            control.batches.insert().values(
                batch_id=batch_id,
                feed="costs",
                status="landed",
                file_name=f"costs-{number}.csv",
                content_hash=f"{number:064x}",
                size_bytes=1,
                source_system="generic",
                mapping={"amount": "amount"},
                report={"file": "a.csv", "status": "landed"},
                rows_accepted=1,
                rows_quarantined=0,
                covers_projects=["YB"],
                covers_from="2026-01-31",
                covers_to="2026-01-31",
                exported_at="2026-02-01T00:00:00Z",
                landed_at=f"2026-02-01T00:00:0{number}Z",
                landed_by="cli",
            )
        )
    return batch_id


def tiny_refresh(data_dir: DataDir, **options: object) -> RefreshResult:
    return refresh(data_dir, settings=options.pop("settings", tiny_settings()), **options)


def published_once(data_dir: DataDir) -> None:
    """b-000001 with 50. For `made_once`, as the next one."""
    land_cost(data_dir, "50.00", 1)
    assert tiny_refresh(data_dir).status == "published"


def published_twice(data_dir: DataDir) -> None:
    """b-000001 with 50, b-000002 with 50 + 70 = 120."""
    published_once(data_dir)
    land_cost(data_dir, "70.00", 2)
    assert tiny_refresh(data_dir).status == "published"


def total_of(build: Build) -> float:
    """The sum of costs that a build publishes for YB."""
    with duckdb.connect(str(build.path), read_only=True) as database:
        return database.sql("select value from kpi_values where project_key = 'YB'").fetchone()[0]


def runs_of(data_dir: DataDir) -> list[tuple[str, str]]:
    """(build id, status) of every run, oldest first."""
    with control.reading(data_dir) as connection:
        rows = connection.execute(control.runs.select().order_by(control.runs.c.run_id))
        return [(row.build_id, row.status) for row in rows]
