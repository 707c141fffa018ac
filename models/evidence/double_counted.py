"""Rows that do not count because a source that goes before their own tells them too, each with file and line of both."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from models.builds.snapshot import Snapshot
from models.kpis.catalogue import Kpi
from models.reference.project_settings import leading_source_of

TOLD_COLUMNS = (
    "fact",
    "project_key",
    "happened_on",
    "amount",
    "source",
    "file",
    "line",
    "leading_source",
    "leading_file",
    "leading_line",
)
_TOLD = """
    select
        twice.project_key, twice.fact, twice.source, batches.file_name as file, twice.source_row as line, twice.happened_on,
        cast(twice.amount as double) as amount, twice.told_by, twice.leading_source, leading_batches.file_name as leading_file,
        twice.leading_row as leading_line, twice.led_by, twice.is_left_out
    from int_double_counted as twice
    left join dim_batches as batches on twice.batch_id = batches.batch_id
    left join dim_batches as leading_batches on twice.leading_batch_id = leading_batches.batch_id
"""
_SOURCES = """
    select distinct fact, source
    from (select fact, source from int_double_counted union all select fact, leading_source from int_double_counted)
    order by fact, source
"""
_FACT_OF_FEED = {"worklogs": "worklogs", "costs": "costs", "issues": "issues"}


def double_counted(snapshot: Snapshot) -> pl.DataFrame:
    """project_key, fact, source, file, line, happened_on, amount (h, money or items), told_by, leading_source, leading_file,
    leading_line, led_by, is_left_out (False: they may be the same, and both count); no rows in a build of an older version."""
    if snapshot.query("select 1 from information_schema.tables where table_name = 'int_double_counted'").is_empty():
        return pl.DataFrame(schema=dict.fromkeys((*TOLD_COLUMNS, "told_by", "led_by"), pl.String)).with_columns(
            is_left_out=pl.lit(True)
        )
    return snapshot.query(
        _TOLD + " order by twice.fact, twice.project_key, twice.happened_on, twice.batch_id, twice.source_row"
    )


def choices_of_source(snapshot: Snapshot | None) -> dict[str, tuple[str, ...]]:
    """{setting that says which source of a fact leads: the sources that tell it twice in this build}."""
    if snapshot is None or double_counted(snapshot).is_empty():
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for fact, source in snapshot.query(_SOURCES).iter_rows():
        name = leading_source_of(fact)
        found[name] = (*found.get(name, ()), source)
    return found


def double_counted_of_kpi(
    snapshot: Snapshot, kpi: Kpi, projects: tuple[str, ...], until: dt.date
) -> list[dict[str, Any]]:
    """The rows left out of what one KPI is counted from, up to a day: TOLD_COLUMNS."""
    facts = [_FACT_OF_FEED[feed] for feed in kpi.feeds if feed in _FACT_OF_FEED]
    rows = double_counted(snapshot).filter(
        pl.col("is_left_out"), pl.col("fact").is_in(facts), pl.col("project_key").is_in(list(projects))
    )
    return rows.filter(pl.col("happened_on") <= until).select(TOLD_COLUMNS).to_dicts()
