"""What the totals of a feed are now and what a file would make of them: the rule of merging, over Parquet files.

The same rules that the warehouse merges by (KPIS, "Merging batches"), without aliases: project codes are compared as
they are written. Everything runs in DuckDB, over files that no longer change, in bounded memory.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from models.builds.data_dir import DataDir
from models.feeds import Feed, Merge
from models.intake import Batch, Covers, Totals
from models.vocabulary import BatchStatus
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.landing.batches import batches
from pipeline.ingest.landing.staging import Staged, query_files
from pipeline.store import control

Scope = tuple[str, str, dt.date | None, dt.date | None, int]  # batch, source system, first and last day, place in time
MOST_FILES = 2000  # landed files of one feed that are looked at; with more the comparison is left out


def totals_around(data_dir: DataDir, staged: Staged, about: Covers, system: str) -> tuple[Totals, Totals, Totals]:
    """Of the new rows, of what counts now for their projects, and of both together.

    The latter two are empty where nothing is landed for these projects yet.
    """
    feed, table = staged.feed, control.batches
    new = _summed(feed, [staged.rows_file])
    landed = [
        batch
        for batch in batches(data_dir, table.c.feed == feed.name, table.c.status == BatchStatus.LANDED)
        if data_dir.landed_file(feed.name, batch.batch_id).exists()
    ]
    if not landed or len(landed) > MOST_FILES:
        return new, {}, {}
    files, scopes = _counted(data_dir, landed)
    before = _merged(feed, files, scopes, about.projects)
    if not before["rows"]:
        return new, {}, {}
    files, scopes = _without_same_bytes(data_dir, landed, staged)
    if staged.mends_batch is None:
        scopes.append((staged.batch_id, system, about.first, about.last, len(landed)))
    after = _merged(feed, [*files, staged.rows_file], scopes, about.projects)
    return new, before, after


def _counted(data_dir: DataDir, landed: Sequence[Batch]) -> tuple[list[Path], list[Scope]]:
    return [data_dir.landed_file(batch.feed, batch.batch_id) for batch in landed], _scopes(landed)


def _without_same_bytes(data_dir: DataDir, landed: Sequence[Batch], staged: Staged) -> tuple[list[Path], list[Scope]]:
    """What counts when a file that is landed already is read again: its batch gives way, with the rows mended for it."""
    gone = {batch.batch_id for batch in landed if batch.content_hash == staged.content_hash}
    kept = [batch for batch in landed if batch.batch_id not in gone and batch.mends_batch not in gone]
    return _counted(data_dir, kept)


def _scopes(landed: Sequence[Batch]) -> list[Scope]:
    """The oldest first. What mended rows cover, the batch they joined covers."""
    days: dict[str, list[dt.date]] = {batch.batch_id: [] for batch in landed}
    for batch in landed:
        for batch_id in {batch.batch_id, batch.mends_batch or ""} & days.keys():
            days[batch_id] += [day for day in (batch.covers_from, batch.covers_to) if day]
    ordered = sorted(landed, key=lambda batch: (batch.exported_at, batch.landed_at, batch.batch_id))
    covered = [(batch, days[batch.batch_id]) for batch in ordered]
    return [
        (batch.batch_id, batch.source_system, min(known, default=None), max(known, default=None), place)
        for place, (batch, known) in enumerate(covered)
    ]


def _measures(feed: Feed) -> str:
    return ", ".join(f"{expression} as {name}" for name, expression in PLUGINS[feed.name].measures.items())


def _currency(feed: Feed, files: list[Path]) -> str:
    """SQL for the currency that the amounts of a row are in; null for the usual one, and where the feed does not say."""
    if not PLUGINS[feed.name].in_currencies:
        return "null"
    foreign = "nullif(currency, 'CNY')"
    # files landed before there was such a column lack it
    if "original_amount" in feed.schema() and any(
        "original_amount" in pl.read_parquet_schema(file) for file in files[::-1]
    ):
        return f"case when original_amount is null then {foreign} end"
    return foreign


def _by_currency(feed: Feed, rows: pl.DataFrame) -> dict[str, Any]:
    """One total of rows, and of amounts one in each currency: never a sum of two."""
    found = {"rows": rows["rows"].sum()}
    for row in rows.sort("currency", nulls_last=False).iter_rows(named=True):
        suffix = f" {row['currency']}" if row["currency"] else ""
        found |= {f"{name}{suffix}": row[name] for name in PLUGINS[feed.name].measures}
    return found if rows.height else found | dict.fromkeys(PLUGINS[feed.name].measures)


def _summed(feed: Feed, files: list[Path]) -> Totals:
    selected = ", ".join(part for part in ("count(*) as rows", _measures(feed)) if part)
    sql = f"select {_currency(feed, files)} as currency, {selected} from read_parquet(?) group by 1"
    return _plain(_by_currency(feed, query_files(sql, *files)))


def _merged(feed: Feed, files: list[Path], scopes: list[Scope], projects: list[str]) -> Totals:
    """The totals over the rows that count, of these projects (as written); all rows where the feed names none."""
    known = feed.schema()
    project = next((name for name in ("project", "project_key") if name in known), None)
    places = ", ".join("(?, ?, cast(? as date), cast(? as date), cast(? as bigint))" for _ in scopes)
    of_projects = f"where {project} in ({', '.join('?' for _ in projects)})" if project and projects else ""
    given = [*(value for scope in scopes for value in scope), *files, *(projects if of_projects else ())]
    selected = ", ".join(part for part in ("count(*) as rows", _measures(feed)) if part)
    sql = f"""
        with
        batches (batch_id, system, covers_from, covers_to, place) as (values {places}),
        entries as (
            select held.*, batches.system, batches.place
            from read_parquet([{", ".join("?" for _ in files)}], union_by_name = true) as held
            inner join batches on held.batch_id = batches.batch_id
            {of_projects}
        ),
        {_counting(feed, project)}
        select {_currency(feed, files)} as currency, {selected} from counting group by 1
    """
    return _plain(_by_currency(feed, query_files(sql, *given)))


def _counting(feed: Feed, project: str | None) -> str:
    """The step `counting`: the entries that no other row or batch takes the place of."""
    if feed.merge is Merge.BY_RUN:
        return "counting as (select * from entries)"
    if feed.merge is Merge.BY_KEY:
        newest = "updated_at desc nulls last, " if "updated_at" in feed.schema() else ""
        keys = ", ".join(f'"{name}"' for name in feed.key)
        parts = "".join(f', "{name}"' for name in feed.parts)
        of_newest = f"place = max(place) over (partition by {keys}) and " if parts else ""
        return f"""counting as (
            select * from entries
            qualify {of_newest}row_number() over (partition by {keys}{parts} order by {newest}place desc, source_row desc) = 1
        )"""
    if PLUGINS[feed.name].once:
        keys = ", ".join(f'"{name}"' for name in feed.key)
        return f"counting as (select distinct on ({keys}) * from entries)"
    source_id = PLUGINS[feed.name].source_id
    same_project = f"scopes.project is not distinct from entries.{project} and " if project else ""
    named = f"entries.{project}" if project else "null"
    by_id = f"{source_id} is null and" if source_id else ""
    of_id = (
        f"""select * from entries where {source_id} is not null
            qualify place = max(place) over (partition by system, {source_id})
            union all"""
        if source_id
        else ""
    )
    return f"""scopes as (
            select distinct {named} as project, batches.* from entries
            inner join batches on entries.batch_id = batches.batch_id
        ),
        counting as (
            {of_id}
            select * from entries where {by_id} not exists (
                select 1 from scopes
                where {same_project}scopes.system = entries.system and scopes.place > entries.place
                    and cast(entries.{feed.event_on} as date) between scopes.covers_from and scopes.covers_to
            )
        )"""


def _plain(row: dict[str, Any]) -> Totals:
    """Numbers that JSON knows; a sum over nothing stays null."""
    return {
        name: round(float(value), 2) if isinstance(value, Decimal | float) else value for name, value in row.items()
    }
