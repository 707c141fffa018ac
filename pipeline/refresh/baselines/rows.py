"""The rows of baselines: which ones a landed budget brings, their fingerprint, and the copy that is kept of each.

A copy is written once and never again; its fingerprint is looked at whenever it is read for a build.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from models.feeds import FEEDS
from models.vocabulary import BatchStatus
from pipeline.ingest.landing.staging import flush
from pipeline.store import control
from pipeline.store.codes import ProjectCodes

_PLACE = ("batch_id", "source_row")  # where a row stood, not what it says
_GROUP = ("batch_id", "project", "baseline")


@dataclass(frozen=True)
class Version:
    """The rows of one project code and baseline in one landed batch. `rows`: columns of the feed budget."""

    batch: dict
    project_code: str
    baseline: str
    project_key: str
    content_hash: str
    rows: pl.DataFrame

    @property
    def age(self) -> tuple:
        """Sorts the oldest first, as batches of one feed always are."""
        return (self.batch["exported_at"], self.batch["landed_at"], self.batch["batch_id"])


def landed_versions(data_dir: DataDir, connection, codes: ProjectCodes) -> list[Version]:
    """What the landed budgets hold now, oldest first; mended rows belong to the batch that they were held back from."""
    table = control.batches
    landed = sa.select(table).where(table.c.feed == "budget", table.c.status == BatchStatus.LANDED)
    batches = {row["batch_id"]: row for row in control.rows_of(connection, landed)}
    files = [data_dir.landed_file("budget", batch_id) for batch_id in batches]
    frames = [pl.read_parquet(path) for path in files if path.is_file()]  # a lost one is told when inputs are frozen
    if not frames:
        return []
    schema = FEEDS["budget"].schema()
    rows = pl.concat([pl.DataFrame(schema=schema), *frames], how="diagonal_relaxed").select(list(schema))
    versions = []
    for key, part in rows.group_by(pl.col(name).fill_null("") for name in _GROUP):
        batch_id, code, baseline = (str(value) for value in key)
        if batch_id not in batches:
            continue
        batch = batches[batch_id]
        project = codes.project_of(batch["source_system"], code, batch["project_hint"])
        ordered = part.sort(*(name for name in _PLACE if name != "batch_id"), maintain_order=True)
        versions.append(Version(batch, code, baseline, project, content_hash(part), ordered))
    return sorted(versions, key=lambda version: (*version.age, version.project_code, version.baseline))


def content_hash(rows: pl.DataFrame) -> str:
    """SHA-256 of what the rows say, whatever their order and place; an empty cell says nothing."""
    cells = [pl.lit(f"{name}=") + pl.col(name).cast(pl.String) for name in sorted(rows.columns) if name not in _PLACE]
    lines = rows.select(pl.concat_str(cells, separator="\x1f", ignore_nulls=True).alias("line"))["line"].sort()
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def keep(data_dir: DataDir, version: Version) -> None:
    """Writes the copy of these rows, unless it is there."""
    path = data_dir.baseline_file(version.batch["batch_id"], version.content_hash)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".writing")
    version.rows.write_parquet(beside)
    flush(beside)
    os.replace(beside, path)
    flush(path.parent)


def kept_rows(data_dir: DataDir, record: dict) -> pl.DataFrame:
    """The rows of a recorded baseline, columns of the feed budget.

    Raises: PlimsollError 'baselines.rows_missing' or 'baselines.rows_altered' where the copy is gone, or is not what was kept.
    """
    path = data_dir.baseline_file(record["batch_id"], record["content_hash"])
    named = {"path": str(path), "baseline": record["name"], "project": record["project_code"]}
    if not path.is_file():
        raise PlimsollError(
            "baselines.rows_missing",
            "{path} is gone, and with it the rows of baseline {baseline} of {project}. Restore the folder from a backup.",
            **named,
        )
    try:
        rows = pl.read_parquet(path)
        is_the_same = content_hash(rows) == record["content_hash"]
    except pl.exceptions.PolarsError:
        is_the_same = False
    if not is_the_same:
        raise PlimsollError(
            "baselines.rows_altered",
            "{path} is not what was frozen as baseline {baseline} of {project}. Restore the folder from a backup.",
            **named,
        )
    # a column of the feed that came later than the copy says nothing in it
    schema = FEEDS["budget"].schema()
    return rows.with_columns(
        pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in rows.columns
    )


def drop(data_dir: DataDir, record: dict) -> None:
    """Deletes the copy of a proposal that is withdrawn."""
    data_dir.baseline_file(record["batch_id"], record["content_hash"]).unlink(missing_ok=True)


def totals(rows: pl.DataFrame) -> dict:
    """{budget_at_completion (money), planned_hours (h), starts_on, finish_on: first day and end of the last month}."""
    first, last = rows["period_start"].min(), rows["period_start"].max()
    return {
        "budget_at_completion": rows["planned_value"].sum(),
        "planned_hours": rows["planned_hours"].sum() if rows["planned_hours"].is_not_null().any() else None,
        "starts_on": first,
        "finish_on": pl.Series([last], dtype=pl.Date).dt.month_end()[0],
    }


def elements_changed(before: pl.DataFrame, after: pl.DataFrame) -> list[dict]:
    """The WBS elements that differ: wbs_code, wbs_name, before, after (money; None where the element is not there).

    An element differs when any of its lines does: moved in time counts as well as another amount.
    """
    sums = [
        rows.with_columns(pl.col("wbs_code").fill_null("-"))
        .group_by("wbs_code")
        .agg(pl.col("wbs_name").drop_nulls().first(), pl.col("planned_value").sum().alias("value"), _lines())
        for rows in (before, after)
    ]
    joined = sums[0].join(sums[1], on="wbs_code", how="full", coalesce=True, suffix="_after")
    differing = joined.filter(pl.col("lines").ne_missing(pl.col("lines_after"))).sort("wbs_code")
    return [
        {
            "wbs_code": row["wbs_code"],
            "wbs_name": row["wbs_name_after"] or row["wbs_name"],
            "before": row["value"],
            "after": row["value_after"],
        }
        for row in differing.iter_rows(named=True)
    ]


def _lines() -> pl.Expr:
    """What an element plans, one text in the order of its lines."""
    where = ("period_start", "period_end", "category", "phase", "module", "layer")
    planned = pl.col(*where, "planned_value", "planned_hours", "earned_value_rule").cast(pl.String).fill_null("")
    return pl.concat_str(planned, separator="\x1f").sort().str.join("\n").alias("lines")
