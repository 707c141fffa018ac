"""Small builds made by hand: the few tables that alerts read, in memory, asked as `models.builds.snapshot.Snapshot` is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import duckdb
import polars as pl

from models.alerts.alert import AlertToday
from models.alerts.state import AlertState, Course
from models.alerts.vocabulary import AlertStatus
from models.kpis.catalogue import Kpi
from models.words.wording import translate

STATUS_ON = dt.date(2026, 6, 30)
PROJECT = {
    "project_key": "P",
    "customer": "C",
    "status_on": STATUS_ON,
    "actual_finish_on": None,
    "freeze_on": None,
    "currency": "CNY",
    "time_zone": "Asia/Shanghai",
    "is_unallocated": False,
}
VALUE = {
    "grain": "project",
    "project_key": "P",
    "module": "*",
    "phase": "*",
    "period_kind": "month",
    "value": 1.0,
    "numerator": None,
    "denominator": None,
    "status": "ok",
    "is_stale": False,
    "is_current": False,
    "is_incomplete": False,
    "is_provisional": False,
    "warning_at": None,
    "critical_at": None,
    "low_warning_at": None,
    "low_critical_at": None,
    "bad_direction": "below",
    "rule_id": None,
    "left_out": [],
}
RULE = {
    "rule_id": 1,
    "customer": "*",
    "project_key": "*",
    "module": "*",
    "phase": "*",
    "site": "*",
    "is_portfolio": 0,
    "direction": None,
    "warning_at": None,
    "critical_at": None,
    "low_warning_at": None,
    "low_critical_at": None,
    "clear_at": None,
    "low_clear_at": None,
    "pending_dates": 1,
    "recovering_dates": 1,
    "escalate_after_dates": 3,
    "is_off": 0,
    "valid_from": "2026-01-01",
}
BATCH = {"batch_id": "B", "file_name": "file.csv", "source_system": "generic", "landed_at": dt.datetime(2026, 7, 1)}
BATCH |= {"exported_at": dt.datetime(2026, 7, 1), "covers_to": STATUS_ON}


class Build:
    """Build(table=[rows]): tables as given; dim_projects and dim_batches as they usually are."""

    def __init__(self, **tables: list[dict]) -> None:
        self.connection = duckdb.connect()
        for name, rows in ({"dim_projects": [PROJECT], "dim_batches": [BATCH]} | tables).items():
            self.connection.register("rows", pl.DataFrame(rows, infer_schema_length=None))
            self.connection.execute(f"create table {name} as select * from rows")
            self.connection.unregister("rows")
        for table, column, kind in (
            ("dim_projects", "actual_finish_on", "date"),
            ("dim_projects", "freeze_on", "date"),
        ):
            self.connection.execute(f"alter table {table} alter column {column} type {kind}")
        if "kpi_values" in tables:
            for column in (
                "numerator",
                "denominator",
                "warning_at",
                "critical_at",
                "low_warning_at",
                "low_critical_at",
            ):
                self.connection.execute(f"alter table kpi_values alter column {column} type double")
            self.connection.execute("alter table kpi_values alter column left_out type varchar[]")

    def query(self, sql: str, params: dict | None = None) -> pl.DataFrame:
        return self.connection.execute(sql, params or {}).pl()


def month_ends(count: int, last: dt.date = STATUS_ON) -> list[dt.date]:
    """The last so many month ends, oldest first."""
    whole = last.year * 12 + last.month
    return [
        dt.date(month // 12, month % 12 + 1, 1) - dt.timedelta(days=1) for month in range(whole - count + 1, whole + 1)
    ]


def kpi(kpi_key: str, measures: tuple[str, ...] = (), **facts: object) -> dict:
    """A row of dim_kpis."""
    row: dict = {field.name: None for field in dataclasses.fields(Kpi)}
    row |= {"kpi_key": kpi_key, "label": kpi_key, "unit": "percent", "better": "higher"}
    row |= {"counts_window": "latest", "is_cost": False, "measures": list(measures), "feeds": [""], "grains": [""]}
    row |= {"not_applicable_to": [""], "numerator_sql": f"cast({measures[0]} as double)" if measures else ""}
    return row | {"sort_order": 1} | facts


def months(kpi_key: str, values: list[float | None], **facts: object) -> list[dict]:
    """Rows of kpi_values, one per finished month up to the status date, the last one current; None: no data."""
    rows = []
    for end, value in zip(month_ends(len(values)), values, strict=True):
        row = VALUE | {"kpi_key": kpi_key, "period_start": end.replace(day=1), "period_end": end, "as_of": end}
        row |= {"value": value, "status": "no_data" if value is None else "ok"}
        rows.append(row | facts)
    rows[-1] = rows[-1] | {"is_current": True}
    return rows


def alert(name: str, *, customer: str = "*", standing: str = "firing", **values: Any) -> AlertToday:
    """One that fires at its critical level and that nobody has answered."""
    given: dict[str, Any] = {
        "alert_key": f"{name}|project|{customer}|A|*|*|*", "kind": "level", "name": name, "grain": "project",
        "project_key": "A", "module": "*", "phase": "*", "site": "*", "state": "firing", "severity": "critical",
        "value": 0.7, "level": 0.8, "sentence": {}, "since_on": "2026-06-30", "data_date": "2026-06-30",
        "last_build": "b-000001", "today": "2026-06-30",
    } | values  # fmt: skip
    return AlertToday(**given, machine=AlertState(Course(standing=AlertStatus(standing))))


def said(signal_or_mending: object) -> str:
    """Its sentence in English, with plain spaces."""
    told = signal_or_mending if isinstance(signal_or_mending, dict) else vars(signal_or_mending)
    return translate(told["template"], told["details"], "en").replace("\u00a0", " ")
