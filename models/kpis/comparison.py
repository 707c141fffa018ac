"""What a value is held against: the period before, the one a year before, the baseline, or what an earlier build said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import polars as pl

from models.kpis.catalogue import Kpi
from models.vocabulary import PeriodKind
from models.words.catalog import msgid

PREVIOUS, YEAR, BASELINE = "previous", "year", "baseline"
KINDS = {PREVIOUS: msgid("Previous period"), YEAR: msgid("A year before"), BASELINE: msgid("Baseline")}
_KEYS = ("project_key", "module", "kpi_key")


def with_previous_period(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` of kpi_values with `compared_on`, the end of the period whose value they carry as previous_value."""
    return rows.with_columns(pl.col("previous_period_end").alias("compared_on"))


def with_year_before(rows: pl.DataFrame, read: Callable[[dt.date], pl.DataFrame]) -> pl.DataFrame:
    """`rows` held against the same month a year before, or the week 52 weeks before. read: the rows of one period by its end."""
    wanted = rows.with_columns(_earlier("-12mo", "-52w").alias("compared_on"))
    ends = wanted["compared_on"].drop_nulls().unique().sort().to_list()
    found = [read(end) for end in ends]
    return _held_against(wanted, pl.concat(found) if found else rows.clear(), [*_KEYS, "compared_on"])


def with_build(rows: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """`rows` held against those of an earlier build, of whatever period these are."""
    return _held_against(rows.with_columns(pl.lit(None, pl.Date).alias("compared_on")), earlier, list(_KEYS))


def with_baseline(rows: pl.DataFrame, kpis: Mapping[str, Kpi]) -> pl.DataFrame:
    """`rows` held against what the baseline says: an index stands at 1 there, a variance at 0; of others it says nothing."""
    planned = {key: planned_value(kpi) for key, kpi in kpis.items()}
    return rows.with_columns(
        pl.col("kpi_key").replace_strict(planned, default=None, return_dtype=pl.Float64).alias("previous_value"),
        pl.lit(None, pl.String).alias("previous_status"),
        pl.lit(None, pl.Date).alias("compared_on"),
    )


def planned_value(kpi: Kpi) -> float | None:
    """What a KPI is when all goes by the baseline."""
    if kpi.unit == "index":
        return 1.0
    return 0.0 if "variance" in kpi.kpi_key else None


def _earlier(months: str, weeks: str) -> pl.Expr:
    end = pl.col("period_end")
    is_month = pl.col("period_kind") == PeriodKind.MONTH.value
    return pl.when(is_month).then(end.dt.offset_by(months).dt.month_end()).otherwise(end.dt.offset_by(weeks))


def _held_against(rows: pl.DataFrame, earlier: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    was = earlier.select(
        *(pl.col("period_end").alias(key) if key == "compared_on" else pl.col(key) for key in keys),
        pl.col("value").alias("previous_value"),
        pl.col("status").alias("previous_status"),
    )
    return (
        rows.drop("previous_value", "previous_status")
        .join(was, on=keys, how="left", maintain_order="left")
        .select(*rows.columns)
    )
