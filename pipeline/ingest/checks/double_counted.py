"""Rows of a file that an export of another tool tells already: said while loading, with who will count.

What counts in the end the warehouse settles (int_double_counted), by the same columns and with aliases; here codes are compared
as they are written.
"""

from __future__ import annotations

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.intake import Batch
from models.reference.project_settings import leading_source_of
from models.vocabulary import BatchStatus
from pipeline.ingest.checks.previous_export import Arriving, file_of
from pipeline.ingest.contracts.checks import ToldBy
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.landing.batches import batches
from pipeline.ingest.landing.staging import query_files
from pipeline.store import control

MOST_FILES = 200  # newest batches of other tools that a file is laid beside
MOST_REASONS = 3


def double_counted(data_dir: DataDir, arriving: Arriving) -> list[Reason]:
    """One reason per batch of another tool that tells some of these rows: rows, amount, days, and which source leads."""
    told_by = PLUGINS[arriving.feed].told_by
    if told_by is None or not control.exists(data_dir):
        return []
    chosen = _leading(data_dir, told_by.fact)
    settled = {plugin.source for plugin in PLUGINS.values() if plugin.source}
    reasons = []
    for batch in _others(data_dir, arriving, told_by.fact):
        found = _shared(data_dir, arriving, batch, told_by)
        if found is None:
            continue
        theirs, ours = (source_of(batch.feed, batch.source_system), source_of(arriving.feed, arriving.system))
        leading = chosen if chosen in (ours, theirs) else ours if ours in settled else theirs
        reasons.append(
            Reason(
                "ingest.double_counted",
                "{rows} of {of} rows ({amount} in all, {first} to {last}) are told by {other} too ({file}, landed on "
                "{landed_at}). What both tell counts once, from {leading}; the other rows are listed in Data health. If "
                "that is the wrong one, choose there which source leads.",
                found
                | {
                    "other": theirs,
                    "file": batch.file_name,
                    "landed_at": batch.landed_at,
                    "leading": leading,
                },
            )
        )
    return reasons[:MOST_REASONS]


def source_of(feed: str, system: str) -> str:
    """What an export is told apart by: the books are one source, every other one its tool."""
    return PLUGINS[feed].source or system


def _others(data_dir: DataDir, arriving: Arriving, fact: str) -> list[Batch]:
    """Landed batches of the same fact from other sources, newest first."""
    ours = source_of(arriving.feed, arriving.system)
    feeds = [plugin.name for plugin in PLUGINS.values() if plugin.told_by and plugin.told_by.fact == fact]
    table = control.batches
    found = batches(
        data_dir,
        table.c.feed.in_(feeds),
        table.c.status == BatchStatus.LANDED,
        table.c.content_hash != arriving.staged.content_hash,
    )[:MOST_FILES]
    return [
        batch
        for batch in found
        if source_of(batch.feed, batch.source_system) != ours and file_of(data_dir, batch) is not None
    ]


def _shared(data_dir: DataDir, arriving: Arriving, batch: Batch, told_by: ToldBy) -> dict | None:
    for ours, theirs in zip(told_by.keys, other.keys if (other := PLUGINS[batch.feed].told_by) else (), strict=True):
        sql = f"""
            with theirs as (
                select distinct {", ".join(f"cast({column} as varchar) as key_{n}" for n, column in enumerate(theirs))}
                from read_parquet(?)
            ),
            ours as (
                select
                    {told_by.day} as happened_on, {told_by.amount} as amount,
                    {", ".join(f"cast({column} as varchar) as key_{n}" for n, column in enumerate(ours))}
                from read_parquet(?)
            )
            select count(*) as rows, sum(amount) as amount, min(happened_on) as first, max(happened_on) as last
            from ours
            inner join theirs on {" and ".join(f"ours.key_{n} = theirs.key_{n}" for n in range(len(ours)))}
        """
        found = query_files(sql, file_of(data_dir, batch), arriving.staged.rows_file).row(0, named=True)
        if found["rows"]:
            return {
                "rows": found["rows"],
                "of": arriving.staged.accepted,
                "amount": f"{float(found['amount'] or 0):g}",
                "first": str(found["first"]),
                "last": str(found["last"]),
            }
    return None


def _leading(data_dir: DataDir, fact: str) -> str | None:
    """The source that was chosen for all projects, if any; a project's own choice counts in the build."""
    table = control.project_settings
    with control.reading(data_dir) as connection:
        return connection.execute(
            sa.select(table.c.value)
            .where(table.c.name == leading_source_of(fact))
            .order_by(table.c.setting_id.desc())
            .limit(1)
        ).scalar()
