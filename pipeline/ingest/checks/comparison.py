"""What a new batch does to those landed before: what looks wrong beside them is held, what will be replaced is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from models.builds.data_dir import DataDir
from models.feeds import Merge
from models.intake import Batch, Covers
from pipeline.ingest.checks.cut_off import answers_held_back, one_full_page
from pipeline.ingest.checks.previous_export import (
    SAME_LIST_SHARE,
    Arriving,
    file_of,
    landed,
    last_of_same_list,
    same_source,
    shares_projects,
    stem,
)
from pipeline.ingest.checks.volume_change import totals_jump
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.files.file_dates import day_in_name
from pipeline.ingest.landing.staging import Staged, query_files
from pipeline.store import control

MISSING_SHARE = 0.2  # a fifth of the keys gone at once: a filter or a cut, hardly people deleting
FEWEST_ROWS = 5  # of the people who are gone: the week of one person is as many
EXAMPLES = 5  # keys that a reason names


def looks_cut_off(data_dir: DataDir, arriving: Arriving) -> list[Reason]:
    """Why the batch must be confirmed before it counts; empty when nothing speaks against it.

    A first export of its kind is compared with nothing.
    """
    reasons = one_full_page(arriving.staged, arriving.system, arriving.file)
    reasons += answers_held_back(arriving.staged, arriving.file)
    last = last_of_same_list(data_dir, arriving)
    if last is not None:
        gone = _keys_gone(data_dir, arriving, last)
        reasons += gone + _older(data_dir, arriving, last)
    reasons += _people_gone(data_dir, arriving)
    return reasons + totals_jump(data_dir, arriving, last)


def _keys_gone(data_dir: DataDir, arriving: Arriving, last: Batch) -> list[Reason]:
    key = PLUGINS[arriving.feed].lasting
    if key is None:
        return []
    old = pl.scan_parquet(data_dir.landed_file(last.feed, last.batch_id)).select(key).unique()
    new = arriving.rows().select(key).unique()
    gone = old.join(new, on=key, how="anti").sort(key).collect()
    known = new.join(old, on=key, how="semi").select(pl.len()).collect().item()
    before, now = (keys.select(pl.len()).collect().item() for keys in (old, new))
    if known < SAME_LIST_SHARE * now or gone.height <= MISSING_SHARE * before:
        return []
    examples = gone[key].head(EXAMPLES).to_list()
    return [
        Reason(
            "ingest.keys_gone",
            "{gone} of the {before} keys landed on {landed_at} ({file}) are missing here, among them {examples}; this file "
            "has {now}. It may be filtered or cut off. Accept the batch if that is right; what is missing stays as it is.",
            {
                "gone": gone.height,
                "before": before,
                "now": now,
                "landed_at": last.landed_at,
                "file": last.file_name,
                "first": examples[0],
                "examples": examples,
            },
        )
    ]


# ---- older than what is landed --------------------------------------------------------------------------------------


def _older(data_dir: DataDir, arriving: Arriving, last: Batch) -> list[Reason]:
    """By what the rows say of themselves, else by what the file says of its export, else by the dates in the names."""
    if arriving.staged.feed.merge is not Merge.BY_KEY:
        return []
    before = data_dir.landed_file(last.feed, last.batch_id)
    told = {"file": last.file_name, "landed_at": last.landed_at}
    if "updated_at" in arriving.staged.feed.schema() and (found := _updated_before(arriving, before)):
        return [
            Reason(
                "ingest.older_export",
                "This export is older than {file}, landed on {landed_at}: {older} of the {shared} issues in both were "
                "changed since, the last time on {theirs} (here: {ours}), and none is newer here. Of each issue the newest "
                "state counts, so that accepting it adds only the {added} issues that are not there yet.",
                told | found,
            )
        ]
    if "status_on" in arriving.staged.feed.schema() and (found := _status_before(arriving, before)):
        return [
            Reason(
                "ingest.older_status_date",
                "The data date of this schedule, {ours}, lies before that of {file}, {theirs} (landed on {landed_at}). The "
                "newest data date counts as the state of today; accepting this one adds it to the history.",
                told | found,
            )
        ]
    knows = last.exported_at != last.landed_at  # a file that does not say is dated by its landing
    if arriving.exported_at and knows and _instant(arriving.exported_at) < last.exported_at:
        return [
            Reason(
                "ingest.older_by_export_date",
                "This file was exported on {ours}, before {file} ({theirs}, landed on {landed_at}). Of the same keys the "
                "newest export counts; accepting this one adds only what is not there yet.",
                told | {"ours": _instant(arriving.exported_at), "theirs": last.exported_at},
            )
        ]
    return _older_by_name(arriving, last, told) if _lacks_dates_of_change(arriving) else []


def _updated_before(arriving: Arriving, before: Path) -> dict | None:
    sql = """
        select
            count(*) filter (where new.updated_at < old.updated_at) as older,
            count(*) filter (where new.updated_at > old.updated_at) as newer,
            count(*) filter (where old.issue_key is not null) as shared,
            count(*) as keys,
            max(new.updated_at) as ours,
            max(old.updated_at) as theirs
        from read_parquet(?) as new
        left join read_parquet(?) as old on new.issue_key = old.issue_key
    """
    found = query_files(sql, arriving.staged.rows_file, before).row(0, named=True)
    if not found["older"] or found["newer"] or found["shared"] < SAME_LIST_SHARE * found["keys"]:
        return None
    return {
        "older": found["older"],
        "shared": found["shared"],
        "added": found["keys"] - found["shared"],
        "ours": _instant(found["ours"]),
        "theirs": _instant(found["theirs"]),
    }


def _instant(moment: dt.datetime) -> str:
    """Naive UTC as the control store writes it, which screens show in the words of the reader."""
    return control.iso(moment.replace(tzinfo=dt.UTC))


def _status_before(arriving: Arriving, before: Path) -> dict | None:
    """Every project of this file has a later data date in the other one."""
    latest = pl.col("status_on").max()
    new = arriving.rows().group_by("project").agg(latest.alias("ours"))
    old = pl.scan_parquet(before).group_by("project").agg(latest.alias("theirs"))
    both = new.join(old, on="project").drop_nulls().collect()
    if both.is_empty() or not (both["ours"] < both["theirs"]).all():
        return None
    return {"ours": str(both["ours"].max()), "theirs": str(both["theirs"].max())}


def _lacks_dates_of_change(arriving: Arriving) -> bool:
    schema = arriving.staged.feed.schema()
    if "updated_at" not in schema:
        return "status_on" not in schema
    return arriving.rows().select(pl.col("updated_at").is_null().all()).collect().item()


def _older_by_name(arriving: Arriving, last: Batch, told: dict) -> list[Reason]:
    ours, theirs = day_in_name(arriving.file), day_in_name(last.file_name)
    if not ours or not theirs or ours >= theirs or stem(arriving.file) != stem(last.file_name):
        return []
    return [
        Reason(
            "ingest.older_by_name",
            "By its name this file is of {ours} and older than {file} ({theirs}, landed on {landed_at}). Its rows do not say "
            "when they were changed, so that accepting it lets the older state count. Undo it unless you want to go back.",
            told | {"ours": str(ours), "theirs": str(theirs)},
        )
    ]


# ---- people whose hours a timesheet would replace -------------------------------------------------------------------


def _people_gone(data_dir: DataDir, arriving: Arriving) -> list[Reason]:
    """A timesheet without ids replaces its project and period; one of other people must not do so without a word."""
    of_people = {"person", "work_date", "hours"} <= arriving.staged.feed.schema().keys()
    if not of_people or not arriving.about.first or not _lacks_ids(arriving.staged):
        return []
    about = arriving.about
    now = arriving.rows().select("person").drop_nulls().unique()
    for batch in same_source(data_dir, arriving):
        before = file_of(data_dir, batch)
        if not before or not shares_projects(batch, arriving):
            continue
        old = pl.scan_parquet(before).filter(
            _of_projects(about), pl.col("work_date").is_between(about.first, about.last), pl.col("person").is_not_null()
        )
        everybody = old.group_by("person").agg(pl.len().alias("rows"), pl.col("hours").sum()).collect()
        if everybody.is_empty():
            continue
        gone = everybody.join(now.collect(), on="person", how="anti").sort("person")
        lost = float(gone.select(pl.sum("hours")).item())
        if gone["rows"].sum() < FEWEST_ROWS or lost <= MISSING_SHARE * everybody.select(pl.sum("hours")).item():
            return []
        return [
            Reason(
                "ingest.people_gone",
                "{gone} of the {before} people who have hours from {first} to {last} in {file} (landed on {landed_at}) are "
                "missing here, among them {examples}. This file would replace their {hours} hours. Load the hours of all of "
                "them in one file, or accept the batch if they are to go.",
                {
                    "gone": gone.height,
                    "before": everybody.height,
                    "first": str(about.first),
                    "last": str(about.last),
                    "file": batch.file_name,
                    "landed_at": batch.landed_at,
                    "examples": gone["person"].head(EXAMPLES).to_list(),
                    "hours": f"{lost:g}",
                },
            )
        ]
    return []


# ---- what it replaces -----------------------------------------------------------------------------------------------


def what_it_replaces(data_dir: DataDir, staged: Staged, about: Covers, system: str) -> list[Reason]:
    """One reason per earlier batch that the warehouse will no longer count in part or in whole."""
    if staged.feed.merge is Merge.BY_RUN:
        return []
    by_period = staged.feed.merge is Merge.BY_SOURCE_ID_OR_PERIOD and _lacks_ids(staged)
    reasons = []
    for batch in landed(data_dir, staged):
        before = file_of(data_dir, batch)
        if before is None:
            continue
        if by_period:
            rows = _in_period(before, staged, about) if batch.source_system == system and about.first else 0
        else:
            rows = _same_keys(before, staged)
        if rows:
            reasons.append(_replaces(batch, rows, by_period, about))
    return reasons


def _replaces(batch: Batch, rows: int, by_period: bool, about: Covers) -> Reason:
    details = {
        "rows": rows,
        "of": batch.rows_accepted,
        "file": batch.file_name,
        "landed_at": batch.landed_at,
        "batch_id": batch.batch_id,
    }
    if by_period:
        return Reason(
            "ingest.replaces_period",
            "Replaces {rows} of {of} rows of {file}, landed on {landed_at} (batch {batch_id}): same source, same projects, "
            "{first} to {last}. Undo this batch to have them back.",
            details | {"first": str(about.first), "last": str(about.last)},
        )
    if PLUGINS[batch.feed].is_baseline:
        return Reason(
            "ingest.same_budget",
            "{rows} of {of} rows of {file}, landed on {landed_at} (batch {batch_id}), are in this file too. A budget that a "
            "build has used stays frozen as its baseline: this one counts once it is approved as a new one.",
            details,
        )
    return Reason(
        "ingest.same_keys",
        "{rows} of {of} rows of {file}, landed on {landed_at} (batch {batch_id}), are in this file too; of each the newest "
        "counts. Undo this batch to have the old ones back.",
        details,
    )


def _lacks_ids(staged: Staged) -> bool:
    plugin = PLUGINS[staged.feed.name]
    column = plugin.source_id
    if column is None:
        return not plugin.once
    return pl.scan_parquet(staged.rows_file).select(pl.col(column).is_null().any()).collect().item() is not False


def _of_projects(about: Covers) -> pl.Expr:
    return pl.col("project").is_in(about.projects) if about.projects else pl.col("project").is_null()


def _in_period(before: Path, staged: Staged, about: Covers) -> int:
    """Rows of an earlier batch in the projects and the period of this one."""
    day = pl.col(staged.feed.event_on or "").cast(pl.Date)
    rows = pl.scan_parquet(before).filter(day.is_between(about.first, about.last))
    if "project" in staged.feed.schema():
        rows = rows.filter(_of_projects(about))
    return rows.select(pl.len()).collect().item()


def _same_keys(before: Path, staged: Staged) -> int:
    column = PLUGINS[staged.feed.name].source_id
    keys = (column,) if column else staged.feed.key
    names = ", ".join(f'"{name}"' for name in keys)
    match = " and ".join(f'old."{name}" is not distinct from new."{name}"' for name in keys)
    sql = f"""
        select count(*) from read_parquet(?) as old
        where exists (select 1 from (select distinct {names} from read_parquet(?)) as new where {match})
    """
    return query_files(sql, before, staged.rows_file).item()
