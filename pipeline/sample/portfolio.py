"""The sample portfolio as canonical frames: one per feed, the columns and types of models.feeds."""

from __future__ import annotations

import datetime as dt
import hashlib

import polars as pl

from models.builds.data_dir import DataDir
from models.feeds import FEEDS
from models.intake import LoadReport
from models.vocabulary import BatchStatus, FileStatus
from pipeline.sample import exchange, labor, ledger, people, purchasing, quality, registers
from pipeline.sample import issues as issue_book
from pipeline.sample.plan import budget_frame, plan_of, schedule_frame
from pipeline.sample.scaling import scaled
from pipeline.sample.stories import STORIES
from pipeline.store import control

LANDED_AT = "2026-11-20T12:00:00Z"


def typed(feed: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with exactly the feed's own columns, in order and type; what it lacks is null."""
    schema = {name: kind for name, kind in FEEDS[feed].schema().items() if name not in ("batch_id", "source_row")}
    lacking = [pl.lit(None).alias(name) for name in schema if name not in frame.columns]
    return frame.with_columns(lacking).select(list(schema)).cast(pl.Schema(schema))


def canonical_frames(scale: int = 1) -> dict[str, pl.DataFrame]:
    """Every feed of the sample as ingest would land it, without batch_id and source_row.

    `scale` multiplies projects and volumes (about 3,000 issues, 15,000 worklogs and 3,000 ledger lines each), so that
    scale 333 holds a million issues. Project codes are the source systems' own; project_aliases ties them together.
    """
    laid = {story.number: plan_of(story) for story in STORIES}
    issues = issue_book.all_issues()
    crew = people.people_frame()
    leaves = people.leaves_frame(crew)
    with_history = [story for story in STORIES if story.tracker == "jira_rest"]
    contracts = registers.contracts_frame(laid)
    frames = {
        "projects": registers.projects_frame(),
        "project_aliases": registers.project_aliases_frame(),
        "people": crew,
        "leaves": leaves,
        "rates": people.rates_frame(),
        "account_mapping": ledger.account_mapping_frame(),
        "issues": pl.concat(issues.values(), how="diagonal_relaxed"),
        "issue_changes": pl.concat(issue_book.issue_changes(story, issues[story.number]) for story in with_history),
        "worklogs": labor.worklogs_frame(crew, leaves, issues),
        "ledger": ledger.ledger_frame(laid),
        "costs": purchasing.costs_frame(laid),
        "budget": pl.concat(map(budget_frame, laid.values()), how="vertical_relaxed"),
        "schedule": pl.concat(map(schedule_frame, laid.values()), how="diagonal_relaxed"),
        "coverage": quality.coverage_frame(),
        "code_size": quality.code_size_frame(),
        "test_results": quality.test_results_frame(),
        "contracts": contracts,
        "payment_terms": registers.payment_terms_frame(laid, contracts),
        "change_requests": registers.change_requests_frame(issues),
        "risks": registers.risks_frame(),
        "sites": registers.sites_frame(),
        "calendars": registers.calendars_frame(),
        "fx_rates": exchange.fx_rates_frame(),
    }
    canonical = {feed: typed(feed, frame) for feed, frame in frames.items()}
    return scaled(canonical, scale) if scale > 1 else canonical


def land_frames(data_dir: DataDir, frames: dict[str, pl.DataFrame]) -> list[str]:
    """Writes frames straight to landed Parquet with their control-store rows, past ingest; returns the batch ids.

    For benchmarks and development: one batch per feed and source system, nothing checked, no original bytes kept.
    """
    system_of = {
        code: system
        for system, code in frames["project_aliases"].select("system", "external_code").iter_rows()
        if system != "tempo"
    }
    landed = []
    with control.writing(data_dir) as connection:
        for feed, frame in frames.items():
            for system, part in _by_system(feed, frame, system_of):
                landed.append(_land(data_dir, connection, feed, system, part))
    return landed


def _by_system(feed: str, frame: pl.DataFrame, system_of: dict[str, str]) -> list[tuple[str, pl.DataFrame]]:
    if feed in ("issues", "issue_changes"):
        system = pl.col("project").replace_strict(system_of, default="generic")
    elif feed == "worklogs":
        logged = pl.when(pl.col("activity").is_null()).then(pl.lit("jira")).otherwise(pl.lit("tempo"))
        system = pl.when(pl.col("issue_key").is_not_null()).then(logged).otherwise(pl.lit("generic"))
    else:
        return [({"ledger": "yonyou"}.get(feed, "generic"), frame)]
    parts = frame.with_columns(system.alias("_system")).partition_by("_system", as_dict=True, include_key=False)
    return [(key[0], part) for key, part in sorted(parts.items())]


def _land(data_dir: DataDir, connection, feed: str, system: str, frame: pl.DataFrame) -> str:
    content = hashlib.sha256(f"{feed}/{system}/{frame.height}".encode()).hexdigest()
    batch_id = f"20261120T120000-{feed}-{content[:8]}"
    path = data_dir.landed_file(feed, batch_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    numbered = frame.with_columns(
        pl.lit(batch_id).alias("batch_id"), pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("source_row")
    )
    numbered.write_parquet(path)
    event_on = FEEDS[feed].event_on
    days = frame[event_on].cast(pl.Date) if event_on else pl.Series(dtype=pl.Date)
    connection.execute(control.batches.delete().where(control.batches.c.batch_id == batch_id))
    connection.execute(
        control.batches.insert().values(
            batch_id=batch_id,
            feed=feed,
            status=BatchStatus.LANDED,
            file_name=f"{system}-{feed}.parquet",
            content_hash=content,
            size_bytes=path.stat().st_size,
            source_system=system,
            mapping={name: name for name in frame.columns},
            report=LoadReport(
                file=f"{system}-{feed}.parquet",
                feed=feed,
                batch_id=batch_id,
                status=FileStatus.LANDED,
                rows_read=frame.height,
                rows_accepted=frame.height,
            ).as_json(),
            rows_accepted=frame.height,
            rows_quarantined=0,
            covers_projects=sorted(frame["project"].drop_nulls().unique()) if "project" in frame.columns else [],
            covers_from=_iso(days.min()),
            covers_to=_iso(days.max()),
            is_full_snapshot=0,
            exported_at=LANDED_AT,
            landed_at=LANDED_AT,
            landed_by="sample",
        )
    )
    return batch_id


def _iso(day: object) -> str | None:
    return day.isoformat() if isinstance(day, dt.date) else None
