"""The first step of a refresh: what the build will read, fixed in files, so that it can be made again.

`building/inputs/` gets batches, aliases, rules, what was mapped or chosen on screen (words, accounts, project settings), the
lines of the frozen baselines and of closed books, the values and the rows of the build before, and the calendar as Parquet, a
typed file without rows for every feed, and manifest.json. Nothing that changes during the build is read after this.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import select

from models.alerts.rule import RULE_TYPES
from models.builds.data_dir import DataDir
from models.builds.published import Build, current_build
from models.builds.snapshot import Columns
from models.errors import PlimsollError
from models.feeds import FEEDS
from models.vocabulary import BatchStatus, Grain
from pipeline.ingest.dialects import dialects_of
from pipeline.ingest.dialects.schema import Quirk
from pipeline.refresh.baselines.baselines import frozen_baselines
from pipeline.refresh.baselines.rows import kept_rows
from pipeline.refresh.closed_books import BOOK_SCHEMA, book_rows, closed_books, kept_lines
from pipeline.refresh.previous_things import keep_things
from pipeline.settings import HOUSE, Settings
from pipeline.store import control
from pipeline.store.closings import words_of_finance
from pipeline.store.losses import counting_acceptances
from pipeline.store.project_settings import counting_settings
from pipeline.store.rules import rules_in_force

STATUTORY_DAYS_OFF = 11  # of a year until 2024, 13 since: a list with fewer is not the arrangement of its year
CALENDAR_YEARS = (1990, 2060)  # ingest takes no date before 1990; warranty and plans end well before 2060
_BATCH_SCHEMA = {
    "batch_id": pl.String,
    "feed": pl.String,
    "file_name": pl.String,
    "source_system": pl.String,
    "project_hint": pl.String,
    "content_hash": pl.String,
    "exported_at": pl.Datetime("us"),
    "landed_at": pl.Datetime("us"),
    "covers_from": pl.Date,
    "covers_to": pl.Date,
    "is_full_snapshot": pl.Boolean,
    "snapshot_scope": pl.String,
}
_BATCH_FACTS = ("batch_id", "feed", "file_name", "content_hash", "mapping", "rows_accepted")
_ALIAS_SCHEMA = dict.fromkeys(("system", "kind", "external_code", "project_key"), pl.String) | {"valid_from": pl.Date}
_WORD_SCHEMA = dict.fromkeys(("feed", "column", "word", "canonical"), pl.String)
_ACCOUNT_SCHEMA = dict.fromkeys(("ledger_book", "account_code", "account_name", "category", "kind"), pl.String)
_KINDS = {str: pl.String, dt.date: pl.Date, float: pl.Float64, int: pl.Int64, bool: pl.Boolean}
_RULE_SCHEMA = {"rule_id": pl.Int64} | {name: _KINDS[kind] for name, kind in RULE_TYPES.items()}
_CLOSING_SCHEMA = {"closing_id": pl.Int64, "project_key": pl.String, "period": pl.String, "is_closed": pl.Boolean}
_SETTING_SCHEMA = {"project_key": pl.String, "name": pl.String, "value": pl.String, "valid_from": pl.Date}
_BASELINE_SCHEMA: Columns = {
    **FEEDS["budget"].schema(),
    "baseline_id": pl.Int64,
    "baseline_name": pl.String,
    "is_active": pl.Boolean,
    "frozen_at": pl.Datetime("us"),
    "is_undone": pl.Boolean,
}
_BASELINE_FACTS = (
    *("baseline_id", "project_code", "source_system", "baseline", "name", "batch_id", "content_hash"),
    *("is_active", "frozen_at", "reason", "change_id", "approved_by"),
)
_ACCEPTANCE_SCHEMA = dict.fromkeys(("project_key", "kpi_key", "build_id"), pl.String)
_PREVIOUS_SCHEMA = dict.fromkeys(("kpi_key", "grain", "project_key", "period_kind"), pl.String) | {
    "period_end": pl.Date,
    "value": pl.Float64,
}


@dataclass(frozen=True)
class FrozenInputs:
    """`dbt_vars`: what dbt is given; `manifest`: the same without paths of this machine, and all that makes the build again."""

    folder: Path
    dbt_vars: dict
    manifest: dict


def freeze(
    data_dir: DataDir, build_id: str, as_of: dt.date | None, settings: Settings, folder: Path | None = None
) -> FrozenInputs:
    """Writes building/inputs/, or another folder that is not there yet, from the control store and the landed files.

    Raises: PlimsollError 'build.landed_file_missing' if a landed batch has lost its file.
    """
    folder = folder or data_dir.building / "inputs"
    folder.mkdir(parents=True)
    with control.reading(data_dir) as connection:
        batches = control.rows_of(connection, _landed_batches())
        aliases = control.rows_of(connection, select(control.aliases))
        rules = rules_in_force(connection)
        words = control.rows_of(connection, select(control.word_mappings))
        accounts = control.rows_of(connection, select(control.account_edits))
        chosen = counting_settings(connection)
        closings = words_of_finance(connection)
        books = closed_books(connection)
        accepted = counting_acceptances(connection)
        baselines = frozen_baselines(data_dir, connection)
        closed_lines = kept_lines(data_dir, books)
        undone = control.rows_of(connection, _undone_but_kept(baselines, closed_lines))
    landed: dict[str, list[str]] = {feed: [] for feed in FEEDS}
    for batch in batches:
        landed.setdefault(batch["feed"], []).append(str(_landed_file(data_dir, batch)))

    named = [_batch_row(batch) for batch in _with_mended(batches)]
    named += [_batch_row(batch) | {"project_hint": None} for batch in undone]
    _write(folder / "batches.parquet", named, _BATCH_SCHEMA)
    _baseline_lines(data_dir, baselines).write_parquet(folder / "baselines.parquet")
    _write(folder / "aliases.parquet", [_alias_row(alias) for alias in aliases], _ALIAS_SCHEMA)
    _write(folder / "rules.parquet", [_rule_row(rule) for rule in rules], _RULE_SCHEMA)
    _write(folder / "words.parquet", words, _WORD_SCHEMA)
    _write(folder / "account_edits.parquet", accounts, _ACCOUNT_SCHEMA)
    settings_rows = [row | {"valid_from": _date(row["valid_from"])} for row in chosen]
    _write(folder / "project_settings.parquet", settings_rows, _SETTING_SCHEMA)
    _write(folder / "closings.parquet", closings, _CLOSING_SCHEMA)
    _write(folder / "closed_books.parquet", book_rows(books), BOOK_SCHEMA)
    closed_lines.write_parquet(folder / "closed_costs.parquet")
    _write(folder / "loss_acceptances.parquet", accepted, _ACCEPTANCE_SCHEMA)
    before = current_build(data_dir)
    definitions = catalogue_hash(settings.dbt_project)
    keep_things(before, folder / "previous_things.parquet", is_alike=_is_alike(before, definitions))
    _previous_values(data_dir, before).write_parquet(folder / "previous_values.parquet")
    calendar(*CALENDAR_YEARS, _days_of_all_projects(data_dir, batches)).write_parquet(folder / "calendar.parquet")
    (folder / "empty").mkdir()
    for feed in FEEDS.values():
        pl.DataFrame(schema=feed.schema()).write_parquet(folder / "empty" / f"{feed.name}.parquet")

    with dialects_of(data_dir) as known:
        apart = known.with_quirk(Quirk.DEFECTS_NUMBERED_APART)
    stated = {
        "build_id": build_id,
        "built_at": control.iso(control.now_utc()),
        "as_of": as_of.isoformat() if as_of else "",
        "today": _today(batches, as_of, settings).isoformat(),
        "reporting_currency": settings.reporting_currency,
        "numbers_defects_apart": apart,
    }
    dbt_vars = stated | {"inputs_dir": str(folder), "landed": landed, "default_time_zone": settings.time_zone}
    manifest = stated | {
        "time_zone": settings.time_zone,
        "code_version": code_version(),
        "catalogue_hash": definitions,
        "previous_build": before.build_id if before else None,
        "rows_per_feed": _rows_per_feed(batches),
        "batches": [{name: batch[name] for name in _BATCH_FACTS} for batch in batches],
        "aliases": [_alias_row(alias) | {"valid_from": alias["valid_from"]} for alias in aliases],
        "rules": rules,
        "words": [{name: row[name] for name in _WORD_SCHEMA} for row in words],
        "account_edits": [{name: row[name] for name in _ACCOUNT_SCHEMA} for row in accounts],
        "project_settings": [{name: row[name] for name in _SETTING_SCHEMA} for row in chosen],
        "closings": closings,
        "closed_books": [record["book_id"] for record in books],
        "loss_acceptances": accepted,
        "baselines": [{name: record[name] for name in _BASELINE_FACTS} for record in baselines],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return FrozenInputs(folder, dbt_vars, manifest)


def calendar(first_year: int, last_year: int, loaded: pl.DataFrame | None = None) -> pl.DataFrame:
    """calendar_date, is_working_day, is_published: mainland China's working days, make-up days (调休) included.

    loaded: calendar_date, is_working_day, from working calendars of all projects: the second source, for years that the
    library of holidays does not know. A year that neither knows follows the rule Monday to Friday, with is_published false.
    """
    import chinese_calendar  # noqa: PLC0415 - its tables are read only when inputs are frozen

    published = {day.year for day in chinese_calendar.holidays}
    loaded_days = dict(loaded.iter_rows()) if loaded is not None else {}
    days_off = Counter(day.year for day, is_working_day in loaded_days.items() if not is_working_day)
    listed = {year for year, count in days_off.items() if count >= STATUTORY_DAYS_OFF} - published

    def is_working_day(day: dt.date) -> bool:
        if day.year in published:
            # as is_workday, which looks for the first and the last holiday of all at every day asked
            return day in chinese_calendar.workdays or (day.weekday() < 5 and day not in chinese_calendar.holidays)
        return loaded_days[day] if day.year in listed and day in loaded_days else day.weekday() < 5

    days = pl.date_range(dt.date(first_year, 1, 1), dt.date(last_year, 12, 31), eager=True)
    return pl.DataFrame(
        {
            "calendar_date": days,
            "is_working_day": [is_working_day(day) for day in days],
            "is_published": [day.year in published | listed for day in days],
        }
    )


def _days_of_all_projects(data_dir: DataDir, batches: list[dict]) -> pl.DataFrame:
    """calendar_date, is_working_day of the landed working calendars that name no project and no site; the newest export wins."""
    frames = [pl.DataFrame(schema={"calendar_date": pl.Date, "is_working_day": pl.Boolean})]
    for batch in sorted(batches, key=lambda batch: batch["exported_at"]):  # in the order of landing before
        if batch["feed"] == "calendars" and not batch["project_hint"]:
            unnamed = pl.col("project").is_null() & (pl.col("site").fill_null("").str.strip_chars() == "")
            rows = pl.read_parquet(_landed_file(data_dir, batch)).filter(unnamed)
            frames.append(rows.select("calendar_date", "is_working_day"))
    return pl.concat(frames).unique("calendar_date", keep="last", maintain_order=True)


def catalogue_hash(project: Path) -> str:
    """SHA-256 over the dbt project's own files, names and bytes, in order: the version of every definition in a build."""
    digest = hashlib.sha256()
    for path in sorted(project.rglob("*")):
        parts = path.relative_to(project).parts
        if path.is_file() and parts[0] not in ("target", "logs", "dbt_packages") and not path.name.startswith("."):
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def code_version() -> str:
    """The version in pyproject.toml, e.g. 0.1.0."""
    import tomllib  # noqa: PLC0415

    return tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def _today(batches: list[dict], as_of: dt.date | None, settings: Settings) -> dt.date:
    """The day that waiting times count to: the as-of date, else that of the build, or of an export which is younger."""
    if as_of:
        return as_of
    zone = ZoneInfo(settings.time_zone)
    instants = [control.now_utc(), *(_instant(batch["exported_at"]).replace(tzinfo=dt.UTC) for batch in batches)]
    return max(instants).astimezone(zone).date()


def _previous_values(data_dir: DataDir, build: Build | None) -> pl.DataFrame:
    """What the current build had settled for projects and portfolio, from the history kept for ever: see `restated`."""
    kept = data_dir.history / f"{build.build_id}.parquet" if build else None
    if kept is None or not kept.is_file():
        return pl.DataFrame(schema=_PREVIOUS_SCHEMA)
    values = pl.read_parquet(kept)
    if not {*_PREVIOUS_SCHEMA, "is_incomplete", "is_provisional"} <= set(values.columns):
        return pl.DataFrame(schema=_PREVIOUS_SCHEMA)  # a build of an older catalogue
    is_settled = ~pl.col("is_incomplete") & ~pl.col("is_provisional")
    settled = values.filter(pl.col("grain").is_in([Grain.PORTFOLIO, Grain.PROJECT]) & is_settled)
    return settled.select(list(_PREVIOUS_SCHEMA)).cast(pl.Schema(_PREVIOUS_SCHEMA))


def _is_alike(build: Build | None, definitions: str) -> bool:
    """Whether the build was made by the definitions of today: where they changed, a row that no longer counts is no loss."""
    return build is not None and build.manifest.get("catalogue_hash") == definitions


def _rows_per_feed(batches: list[dict]) -> dict[str, int]:
    """Rows that the landed batches of each feed hold, before batches are merged."""
    rows: Counter[str] = Counter()
    for batch in batches:
        rows[batch["feed"]] += batch["rows_accepted"]
    return dict(sorted(rows.items()))


def _landed_batches():
    return (
        select(control.batches)
        .where(control.batches.c.status == BatchStatus.LANDED)
        .order_by(control.batches.c.landed_at, control.batches.c.batch_id)
    )


def _undone_but_kept(baselines: list[dict], closed_lines: pl.DataFrame):
    """Batches that were undone, or replaced, after a baseline or closed books took lines of theirs: these still name them."""
    named = {record["batch_id"] for record in baselines if record["batch_is_undone"]}
    named |= {*closed_lines["batch_id"], *closed_lines["rate_batch_id"].drop_nulls()}
    table = control.batches
    return select(table).where(table.c.batch_id.in_(named), table.c.status != BatchStatus.LANDED)


def _baseline_lines(data_dir: DataDir, baselines: list[dict]) -> pl.DataFrame:
    """The lines of every frozen baseline. Of an undone batch, the project that was named for it stands where no code does."""
    frames = [pl.DataFrame(schema=_BASELINE_SCHEMA)]
    for record in baselines:
        hint = record["project_hint"] if record["batch_is_undone"] else None
        lines = kept_rows(data_dir, record).with_columns(
            pl.col("project").fill_null(pl.lit(hint, pl.String)),
            baseline_id=pl.lit(record["baseline_id"], pl.Int64),
            baseline_name=pl.lit(record["name"], pl.String),
            is_active=pl.lit(bool(record["is_active"])),
            frozen_at=pl.lit(_instant(record["frozen_at"]), pl.Datetime("us")),
            is_undone=pl.lit(record["batch_is_undone"]),
        )
        frames.append(lines.select(list(_BASELINE_SCHEMA)))
    return pl.concat(frames)


def _with_mended(batches: list[dict]) -> list[dict]:
    """The batches, each covering what its mended rows cover too: these land with its id, in a file of their own."""
    found = {batch["batch_id"]: dict(batch) for batch in batches}
    for batch in batches:
        parent = found.get(batch["mends_batch"])
        if parent is None:
            continue
        for name, widest in (("covers_from", min), ("covers_to", max)):
            days = [day for day in (parent[name], batch[name]) if day]
            parent[name] = widest(days) if days else None
    return list(found.values())


def _landed_file(data_dir: DataDir, batch: dict) -> Path:
    path = data_dir.landed_file(batch["feed"], batch["batch_id"])
    if not path.is_file():
        raise PlimsollError(
            "build.landed_file_missing",
            "{path} is gone, and batch {batch_id} ({file_name}) with it. Restore the folder from a backup, "
            "or run `python -m pipeline undo {batch_id}` and load the file again.",
            path=str(path),
            batch_id=batch["batch_id"],
            file_name=batch["file_name"],
        )
    return path


def _batch_row(batch: dict) -> dict:
    return {name: batch[name] for name in _BATCH_SCHEMA} | {
        "exported_at": _instant(batch["exported_at"]),
        "landed_at": _instant(batch["landed_at"]),
        "covers_from": _date(batch["covers_from"]),
        "covers_to": _date(batch["covers_to"]),
        "is_full_snapshot": bool(batch["is_full_snapshot"]),
    }


def _rule_row(rule: dict) -> dict:
    flags = {name: bool(rule[name]) for name, kind in RULE_TYPES.items() if kind is bool}
    return rule | flags | {"valid_from": _date(rule["valid_from"])}


def _alias_row(alias: dict) -> dict:
    return {name: alias[name] for name in _ALIAS_SCHEMA} | {"valid_from": _date(alias["valid_from"])}


def _write(path: Path, rows: list[dict], schema: dict) -> None:
    rows = [{name: row[name] for name in schema} for row in rows]
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(path)


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(text)
    return instant.astimezone(dt.UTC).replace(tzinfo=None) if instant.tzinfo else instant


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text else None
