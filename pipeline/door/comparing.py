"""What a new batch does to those landed before: what looks cut off is held, what will be replaced is said."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import sqlalchemy as sa

from models.data_dir import DataDir
from models.feeds import Merge
from models.vocabulary import BatchStatus
from pipeline import control
from pipeline.door.landing import Covers
from pipeline.door.reasons import Reason
from pipeline.door.staging import Staged, query_files

PAGE_SIZES = {"issues": (1000,)}  # Jira exports at most a thousand issues unless an administrator raised the limit
MISSING_SHARE = 0.2  # a fifth of the keys gone at once: a filter or a cut, hardly people deleting
SAME_LIST_SHARE = 0.5  # bugs and tasks of one project come in two files: a list that shares few keys is another list
# Feeds of things that stay in the list once they are in it: a new export of the same list holds the old keys.
LASTING = {
    "issues": "issue_key",
    "risks": "risk_id",
    "change_requests": "change_id",
    "contracts": "contract_no",
    "sites": "site",
}
_SOURCE_ID = {"worklogs": "source_id", "costs": "document_no"}


def looks_cut_off(
    data_dir: DataDir, staged: Staged, about: Covers, system: str, is_full_snapshot: bool
) -> list[Reason]:
    """Why the batch must be confirmed before it counts; empty when nothing speaks against it."""
    reasons = []
    rows = staged.accepted + staged.quarantined + staged.duplicate
    if rows in PAGE_SIZES.get(staged.feed.name, ()):
        reasons.append(
            Reason(
                "door.exactly_one_page",
                "The file holds exactly {rows} rows, the most that the tool exports at once: the rest may be missing. "
                "Compare with the tool; accept the batch if it is whole.",
                {"rows": rows},
            )
        )
    reasons += _keys_gone(data_dir, staged, about, system, is_full_snapshot)
    return reasons


def _keys_gone(data_dir: DataDir, staged: Staged, about: Covers, system: str, is_full_snapshot: bool) -> list[Reason]:
    key = LASTING.get(staged.feed.name)
    if key is None:
        return []
    last = next(
        (
            batch
            for batch in _landed(data_dir, staged.feed.name)
            if batch["source_system"] == system
            and bool(batch["is_full_snapshot"]) == is_full_snapshot
            and sorted(batch["covers_projects"]) == sorted(about.projects)
        ),
        None,
    )
    before = last and data_dir.landed_file(staged.feed.name, last["batch_id"])
    if not before or not before.exists():
        return []
    old = pl.scan_parquet(before).select(key).unique()
    new = pl.scan_parquet(staged.rows_file).select(key).unique()
    gone = old.join(new, on=key, how="anti").sort(key).collect()
    known = new.join(old, on=key, how="semi").select(pl.len()).collect().item()
    is_same_list = known >= SAME_LIST_SHARE * staged.accepted
    if not is_same_list or gone.height <= MISSING_SHARE * last["rows_accepted"]:
        return []
    return [
        Reason(
            "door.keys_gone",
            "{gone} of the {before} keys landed on {landed_at} ({file}) are missing, {first} for one: the export may be "
            "filtered or cut off. Accept the batch if that is right.",
            {
                "gone": gone.height,
                "before": last["rows_accepted"],
                "landed_at": last["landed_at"],
                "file": last["file_name"],
                "first": gone[key][0],
            },
        )
    ]


def what_it_replaces(data_dir: DataDir, staged: Staged, about: Covers, system: str) -> list[Reason]:
    """One reason per earlier batch that the warehouse will no longer count in part or in whole."""
    if staged.feed.merge is Merge.BY_RUN:
        return []
    by_period = staged.feed.merge is Merge.BY_SOURCE_ID_OR_PERIOD and _lacks_ids(staged)
    reasons = []
    for batch in _landed(data_dir, staged.feed.name):
        before = data_dir.landed_file(staged.feed.name, batch["batch_id"])
        if not before.exists():
            continue
        if by_period:
            rows = _in_period(before, staged, about) if batch["source_system"] == system and about.first else 0
        else:
            rows = _same_keys(before, staged)
        if rows:
            reasons.append(_replaces(batch, rows, by_period, about))
    return reasons


def _replaces(batch: dict, rows: int, by_period: bool, about: Covers) -> Reason:
    details = {
        "rows": rows,
        "of": batch["rows_accepted"],
        "file": batch["file_name"],
        "landed_at": batch["landed_at"],
        "batch_id": batch["batch_id"],
    }
    if by_period:
        return Reason(
            "door.replaces_period",
            "Replaces {rows} of {of} rows of {file}, landed on {landed_at} (batch {batch_id}): same source, same projects, "
            "{first} to {last}. Undo this batch to have them back.",
            details | {"first": str(about.first), "last": str(about.last)},
        )
    return Reason(
        "door.same_keys",
        "{rows} of {of} rows of {file}, landed on {landed_at} (batch {batch_id}), are in this file too; of each the newest "
        "counts. Undo this batch to have the old ones back.",
        details,
    )


def _landed(data_dir: DataDir, feed: str) -> list[dict]:
    if not data_dir.control_store.exists():
        return []
    table = control.batches
    with control.reading(data_dir) as connection:
        rows = connection.execute(
            sa.select(table)
            .where(table.c.feed == feed, table.c.status == BatchStatus.LANDED)
            .order_by(table.c.landed_at.desc(), table.c.batch_id.desc())
        )
        return [dict(row) for row in rows.mappings()]


def _lacks_ids(staged: Staged) -> bool:
    column = _SOURCE_ID.get(staged.feed.name)
    if column is None:
        return staged.feed.name != "issue_changes"
    return pl.scan_parquet(staged.rows_file).select(pl.col(column).is_null().any()).collect().item() is not False


def _in_period(before: Path, staged: Staged, about: Covers) -> int:
    """Rows of an earlier batch in the projects and the period of this one."""
    day = pl.col(staged.feed.event_on).cast(pl.Date)
    rows = pl.scan_parquet(before).filter(day.is_between(about.first, about.last))
    if "project" in staged.feed.schema():
        same = pl.col("project").is_in(about.projects) if about.projects else pl.col("project").is_null()
        rows = rows.filter(same)
    return rows.select(pl.len()).collect().item()


def _same_keys(before: Path, staged: Staged) -> int:
    column = _SOURCE_ID.get(staged.feed.name)
    keys = (column,) if column else staged.feed.key
    names = ", ".join(f'"{name}"' for name in keys)
    match = " and ".join(f'old."{name}" is not distinct from new."{name}"' for name in keys)
    sql = f"""
        select count(*) from read_parquet(?) as old
        where exists (select 1 from (select distinct {names} from read_parquet(?)) as new where {match})
    """
    return query_files(sql, before, staged.rows_file).item()
