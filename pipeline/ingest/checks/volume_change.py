"""Totals that jump from one export to the next: what fell may be missing, what rose may be in another unit.

Two kinds of feed are compared in two ways. A list (issues, tasks, contracts) is compared with the last export of the same
list: what it lost on the whole, what rose over the keys in both, because a list may grow. What happens day by day (hours,
vouchers) is compared over the days in both files; hours of different periods by their rate per working day. What fell is
judged by its amount, however few the rows: a project of six lines loses as much by two of them as a large one by a third.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from models.builds.data_dir import DataDir
from models.intake import Batch
from pipeline.ingest.checks.previous_export import SAME_LIST_SHARE, Arriving, file_of, same_source, shares_projects
from pipeline.ingest.contracts.checks import LEAST_ROWS, LOST, ComparedDays, ComparedList
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.feeds import PLUGINS

RISEN = (
    3.0  # minutes read as hours make 60, days as hours 1/8, 元 as 万元 10,000: three is far below all and above growth
)
RATE_FALLEN = (
    1 / 3
)  # between two periods a team halves at a year's end; two thirds of its hours go only when rows are missing
RATE_RISEN = 3.0
LEAST_LOST = {"hours": 8.0, "present_hours": 8.0}  # a day of one person that is put right turns no KPI
LEAST_DAYS = 4  # working days in both periods: a rate of less than a week is chance
MOST_REASONS = 5  # projects and measures that are told one by one
# Not compared: test results (a run of a part of the suites is usual) and reference data (people and rates come and go).
Days = tuple[dt.date, dt.date]  # the first and the last


def totals_jump(data_dir: DataDir, arriving: Arriving, last: Batch | None) -> list[Reason]:
    """last: the last export of the same list, for feeds that are lists."""
    compared = PLUGINS[arriving.feed].volume
    if isinstance(compared, ComparedList):
        return _lists_jump(data_dir, arriving, compared, last) if last else []
    if compared and arriving.about.first:
        return _days_jump(data_dir, arriving, compared)
    return []


# ---- lists ----------------------------------------------------------------------------------------------------------


def _lists_jump(data_dir: DataDir, arriving: Arriving, compared: ComparedList, last: Batch) -> list[Reason]:
    new = _states(arriving.rows(), compared)
    old = _states(pl.scan_parquet(data_dir.landed_file(last.feed, last.batch_id)), compared)
    if not _is_same_list(new, old, compared.key):
        return []
    told = {"file": last.file_name, "landed_at": last.landed_at}
    totals = _side_by_side(new, old, compared.measures)
    keys = ["_project", compared.key]
    in_both = _side_by_side(
        new.join(old.select(keys).unique(), on=keys, how="semi", nulls_equal=True),
        old.join(new.select(keys).unique(), on=keys, how="semi", nulls_equal=True),
        compared.measures,
    )
    reasons = [
        Reason(
            "ingest.total_fell",
            "{canonical} of {project} fell from {before} ({file}, landed on {landed_at}) to {now}: rows may be missing, or the "
            "unit has changed. Compare with the source; accept the batch if it is right, otherwise undo it and export again.",
            told | total.details,
        )
        for total in totals
        if total.old_rows >= compared.least_rows and total.has_lost(compared.fallen)
    ]
    reasons += [
        Reason(
            "ingest.total_rose",
            "{canonical} of {project} rose from {before} ({file}, landed on {landed_at}) to {now}, counting only what is in "
            "both: the unit may have changed, or rows stand there twice. Compare with the source; accept the batch if it is "
            "right, otherwise undo it and export again.",
            told | both.details,
        )
        for both in in_both
        if both.old_rows >= compared.least_rows_to_rise and both.ratio > RISEN
    ]
    return reasons[:MOST_REASONS]


def _states(rows: pl.LazyFrame, compared: ComparedList) -> pl.LazyFrame:
    """The key, project and measures of each row; of a file with several states, the newest of each project."""
    rows = _with_project(rows)
    if compared.latest:
        newest = pl.col(compared.latest).max().over("_project")
        rows = rows.filter(pl.col(compared.latest).eq_missing(newest))
    return rows.select("_project", "_currency", compared.key, *compared.measures)


def _is_same_list(new: pl.LazyFrame, old: pl.LazyFrame, key: str) -> bool:
    here, there = new.select(key).unique().collect(), old.select(key).unique().collect()
    known = here.join(there, on=key, how="semi", nulls_equal=True).height
    return known >= SAME_LIST_SHARE * here.height


# ---- what happens day by day ----------------------------------------------------------------------------------------


def _days_jump(data_dir: DataDir, arriving: Arriving, compared: ComparedDays) -> list[Reason]:
    begins, ends, dated = arriving.about.first, arriving.about.last, arriving.staged.feed.event_on
    if begins is None or ends is None or dated is None:
        return []
    others = [
        (batch, file, (batch.covers_from, batch.covers_to))
        for batch in same_source(data_dir, arriving)
        if batch.covers_from and batch.covers_to and shares_projects(batch, arriving)
        if (file := file_of(data_dir, batch))
    ]
    overlaps = False
    reasons: list[Reason] = []
    told = pl.lit(False)  # rows that a newer batch tells too: the state before this file is that of the newer one
    for batch, file, then in others:
        first, last = max(begins, then[0]), min(ends, then[1])
        days = (first, last)
        if first <= last and (found := _same_days(arriving, batch, file, days, told, compared=compared)) is not None:
            reasons += found
            told = told | _of_batch(dated, batch, first, last)
        overlaps = overlaps or first <= last
    if overlaps:
        return reasons[:MOST_REASONS]
    if others and compared.is_rated:
        batch, file, then = min(others, key=lambda other: _days_between(other[2], (begins, ends)))
        return _rate(arriving, batch, file, (begins, ends), then, column=compared.measures[0])
    return []


def _days_between(first: Days, other: Days) -> int:
    """Days from the first period to the other; the two do not overlap."""
    return (first[0] - other[1]).days if first[0] > other[1] else (other[0] - first[1]).days


def _of_batch(dated: str, batch: Batch, first: dt.date, last: dt.date) -> pl.Expr:
    projects = batch.covers_projects
    held = pl.col("_project").is_in(projects) if projects else pl.col("_project").is_null()
    return held.fill_null(False) & pl.col(dated).cast(pl.Date).is_between(first, last)


def _same_days(
    arriving: Arriving, batch: Batch, before: Path, days: Days, is_told: pl.Expr, *, compared: ComparedDays
) -> list[Reason] | None:
    """What jumped against one batch, over the days in both but for the rows in `is_told`; None if they are two lists."""
    dated = arriving.staged.feed.event_on or ""
    new, old = (
        _with_project(rows).filter(pl.col(dated).is_between(*days), ~is_told)
        for rows in (arriving.rows(), pl.scan_parquet(before))
    )
    if not _are_same_entries(arriving.feed, new, old):
        return None
    told = {
        "first": str(days[0]),
        "last": str(days[1]),
        "file": batch.file_name,
        "landed_at": batch.landed_at,
    }
    return [
        Reason(
            "ingest.total_of_days_jumped",
            "{canonical} of {project} from {first} to {last}: {now} here and {before} in {file} (landed on {landed_at}), for the "
            "same days. Rows may be missing, or the unit has changed. Compare with the source; accept the batch if it is "
            "right, otherwise undo it and export again.",
            told | both.details,
        )
        for both in _side_by_side(new, old, compared.measures)
        if both.has_lost() or (both.old_rows >= LEAST_ROWS and both.ratio > RISEN)
    ][:MOST_REASONS]


def _are_same_entries(feed: str, new: pl.LazyFrame, old: pl.LazyFrame) -> bool:
    """Entries with ids of their own stand beside others of the same days: two files that share few are two lists."""
    key = PLUGINS[feed].source_id
    if key is None:
        return True
    here, there = new.select(key).drop_nulls().unique().collect(), old.select(key).drop_nulls().unique().collect()
    if here.is_empty() or there.is_empty():
        return True
    return here.join(there, on=key, how="semi").height >= SAME_LIST_SHARE * here.height


def _rate(arriving: Arriving, batch: Batch, before: Path, days: Days, then: Days, *, column: str) -> list[Reason]:
    """Hours per working day of all projects in both: of one project months differ, of the whole list they hardly do."""
    here, there = _working_days(*days), _working_days(*then)
    if min(here, there) < LEAST_DAYS:
        return []
    shared = set(arriving.about.projects) & set(batch.covers_projects)
    of_shared = pl.col("_project").is_in(list(shared)) if shared else pl.lit(True)
    new, old = (_with_project(rows).filter(of_shared) for rows in (arriving.rows(), pl.scan_parquet(before)))
    now, (was, rows) = (
        new.select(pl.col(column).sum()).collect().item() / here,
        old.select(pl.col(column).sum() / there, pl.len()).collect().row(0),
    )
    if rows < LEAST_ROWS or not was or RATE_FALLEN <= now / was <= RATE_RISEN:
        return []
    return [
        Reason(
            "ingest.rate_jumped",
            "{canonical} per working day: {now} here ({first} to {last}) and {before} in {file} ({first_before} to "
            "{last_before}, landed on {landed_at}). Rows may be missing, or the unit has changed. Compare with the source; "
            "accept the batch if it is right, otherwise undo it and export again.",
            {
                "canonical": column,
                "now": _shown(now),
                "first": str(days[0]),
                "last": str(days[1]),
                "before": _shown(was),
                "file": batch.file_name,
                "first_before": str(then[0]),
                "last_before": str(then[1]),
                "landed_at": batch.landed_at,
            },
        )
    ]


def _working_days(first: dt.date, last: dt.date) -> int:
    return int(np.busday_count(first, last + dt.timedelta(days=1)))


# ---- sums -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Compared:
    project: str | None
    column: str
    now: float
    before: float
    old_rows: int

    @property
    def ratio(self) -> float:
        return self.now / self.before

    def has_lost(self, level: float = LOST) -> bool:
        return self.ratio < level and self.before - self.now > LEAST_LOST.get(self.column, 0)

    @property
    def details(self) -> dict:
        return {
            "canonical": self.column,
            "project": self.project or "-",
            "now": _shown(self.now),
            "before": _shown(self.before),
        }


def _with_project(rows: pl.LazyFrame) -> pl.LazyFrame:
    has_project = "project" in rows.collect_schema().names()
    return rows.with_columns(
        _project=pl.col("project") if has_project else pl.lit(None, pl.String), _currency=_currency(rows)
    )


def _currency(rows: pl.LazyFrame) -> pl.Expr:
    """The currency of the amounts of a row; what is booked beside a foreign amount, or in a ledger, is the books' own."""
    names = rows.collect_schema().names()
    if "currency" not in names or "voucher_no" in names:
        return pl.lit(None, pl.String)
    foreign = pl.when(pl.col("currency") != "CNY").then(pl.col("currency"))
    return pl.when(pl.col("original_amount").is_null()).then(foreign) if "original_amount" in names else foreign


def _side_by_side(new: pl.LazyFrame, old: pl.LazyFrame, measures: tuple[str, ...]) -> list[_Compared]:
    """Each measure of each project that both have, in absolute amounts: red entries must not cancel what they correct."""
    amounts = [pl.col(name).cast(pl.Float64).abs().sum() for name in measures]
    alike = ["_project", "_currency"]  # amounts in two currencies are no sum
    ours = new.group_by(alike).agg(*amounts).collect()
    theirs = old.group_by(alike).agg(*amounts, pl.len().alias("rows")).collect()
    both = theirs.join(ours, on=alike, suffix="_now", nulls_equal=True).sort(alike)
    return [
        _Compared(
            " ".join(filter(None, (row["_project"], row["_currency"]))) or None,
            name,
            row[f"{name}_now"],
            row[name],
            row["rows"],
        )
        for row in both.iter_rows(named=True)
        for name in measures
        if row[name]
    ]


def _shown(amount: float) -> str:
    return f"{amount:.0f}" if abs(amount) >= 100 else f"{amount:.4g}"
