"""Which reader or which table stands behind a file, decided by its content."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.feeds import FEEDS
from models.words.number_tokens import clause
from pipeline.ingest.apply_profile import recognized_table, text_table
from pipeline.ingest.contracts.options import LoadOptions
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.header_words import custom_field, normal_header
from pipeline.ingest.feed_reader import FeedRows, LogWorkRows, ReaderRows, TableRows
from pipeline.ingest.feeds.issues.reshape import log_work_indices
from pipeline.ingest.feeds.issues.rest.pages import JsonFile, whose_issues
from pipeline.ingest.feeds.issues.rest.rest import json_file, read_rest_issues
from pipeline.ingest.feeds.quality.reports import read_report
from pipeline.ingest.feeds.schedule.files import name_project
from pipeline.ingest.feeds.schedule.mpxj import CONVERTED, readable
from pipeline.ingest.feeds.schedule.primavera_tables import as_schedule
from pipeline.ingest.feeds.schedule.primavera_xer import read_primavera_xer
from pipeline.ingest.files.archives import Handed, bundle_members
from pipeline.ingest.files.file_dates import day_of_file
from pipeline.ingest.files.source import ContentKind, SourceFile, refusal
from pipeline.ingest.files.tables import RawTable
from pipeline.ingest.files.workbooks.workbooks import read_workbook
from pipeline.ingest.mapping.columns import CUSTOM_FIELDS
from pipeline.ingest.mapping.recognition import Recognition
from pipeline.ingest.resubmission import MARKS, MendedTable, is_mended, mend, parent_batch
from pipeline.ingest.values.formats import ReadOptions

MOST_JSON_BYTES = 200 << 20  # a parsed document takes about six times its size, and 2 GB is what a load may take
REPORT_KINDS = (ContentKind.XML, ContentKind.LCOV, ContentKind.XER, *CONVERTED)
REPORTS = ("coverage", "test_results", "code_size")  # feeds whose files name no project: the folder's name stands in


def opened(data_dir: DataDir, source: SourceFile, handed: Handed, options: LoadOptions) -> list[FeedRows]:
    """The feeds of one file, none of them read through yet. Raises: InputError where the file must be refused."""
    if source.kind is ContentKind.JSON or handed.is_bundle:
        feeds = _from_json(source, handed, options)
    elif source.kind in REPORT_KINDS:
        feeds = _from_report(source, handed, options)
    elif source.kind in (ContentKind.TEXT_TABLE, ContentKind.XLSX):
        return _from_tables(data_dir, source, handed, options)
    else:
        raise refusal(source)
    if options.feed and options.feed not in [rows.feed for rows in feeds]:
        raise InputError(
            "door.other_feed",
            "{file} holds {found}, not {feed}. Leave the kind of export to be recognized.",
            file=source.name,
            found=", ".join(rows.feed for rows in feeds),
            feed=options.feed,
        )
    return feeds


def _from_json(source: SourceFile, handed: Handed, options: LoadOptions) -> list[FeedRows]:
    if handed.is_bundle:
        files = (JsonFile(name, lambda content=content: content) for name, content in bundle_members(source.path))
    elif source.size_bytes > MOST_JSON_BYTES:
        raise InputError(
            "door.json_too_large",
            "{file} is a JSON document of {megabytes} MB; at most {most} MB are read at once. "
            "Export in pages, and load the folder of them.",
            file=source.name,
            megabytes=source.size_bytes >> 20,
            most=MOST_JSON_BYTES >> 20,
        )
    else:
        files = iter([json_file(source.path, source.name)])
    read = read_rest_issues(files, source.name, _custom_column, options.zone(), handed.is_bundle)
    given = {"project": options.project} if options.project else {}
    settings = ReadOptions(time_zone=options.zone(), given=given)
    return [ReaderRows(one, source.name, settings) for one in read]


def _custom_column(name: str) -> str | None:
    """The canonical column of a custom field, by the name that the tool shows for it."""
    tool, _ = whose_issues()
    names = next(
        found for found in dialects().header_sets if (found.system, found.feed) == (tool, "issues")
    ).canonical()
    found = names.get(normal_header(custom_field(name) or name))
    return found[0] if found and found[0] in CUSTOM_FIELDS else None


def _from_report(source: SourceFile, handed: Handed, options: LoadOptions) -> list[FeedRows]:
    project = options.project or handed.folder_name
    settings = ReadOptions(time_zone=options.zone(), given={"project": project} if project else {})
    with readable(source) as plain:
        if plain.kind is ContentKind.XER:  # plain text, which needs no confinement
            read = [read_primavera_xer(plain, options.measured_on, options.zone(), options.encoding)]
        else:
            read = read_report(plain, options.feed, options.measured_on, options.zone())
    for one in read:
        if one.feed == "schedule":
            name_project(one, source, options.project)
        elif one.feed == "test_results" and handed.run_id:
            one.rows = one.rows.with_columns(run_id=pl.lit(handed.run_id))
    return [ReaderRows(one, source.name, settings) for one in read]


def _from_tables(data_dir: DataDir, source: SourceFile, handed: Handed, options: LoadOptions) -> list[FeedRows]:
    sheets, skipped = _sheets(data_dir, source, options)
    if is_mended(sheets[0][0].header):
        return [_mended_rows(data_dir, source, handed, options, sheets[0])]
    by_feed: dict[str, list[tuple[RawTable, Recognition]]] = {}
    for table, recognized in sheets:
        by_feed.setdefault(recognized.feed, []).append((table, recognized))
    feeds: list[FeedRows] = []
    for feed, held in by_feed.items():
        mappings = [recognized.mapping for _, recognized in held]
        settings, reasons = _read_options(source, handed, options, [recognized for _, recognized in held])
        try:
            rows = TableRows(
                [(table, recognized.mapping) for table, recognized in held],
                feed,
                held[0][1].system,
                settings,
                told=options.told,
            )
        except InputError as error:
            for question in error.details.get("questions", ()):  # what the answer is to be kept for
                question |= {"feed": feed, "header": list(held[0][0].header)}
            raise
        rows.reasons = reasons + rows.reasons
        rows.questions += [question for _, recognized in held for question in recognized.questions]
        feeds.append(rows)
        logged = log_work_indices(held[0][0], mappings[0]) if feed == "issues" else []
        if logged:
            worklogs = LogWorkRows(held[0][0], mappings[0], held[0][1].system, settings, logged)
            if not worklogs.is_empty():
                feeds.append(worklogs)
                rows.columns_unmapped = [name for name in rows.columns_unmapped if name not in worklogs.columns_mapped]
    feeds[0].reasons += skipped
    return feeds


def _mended_rows(
    data_dir: DataDir, source: SourceFile, handed: Handed, options: LoadOptions, sheet: tuple[RawTable, Recognition]
) -> FeedRows:
    """Rows that come back mended: read as those of the batch they belong to, and of its feed only."""
    table, recognized = sheet
    parent = parent_batch(data_dir, table)
    options = replace(options, project=options.project or parent["project_hint"])
    settings, reasons = _read_options(source, handed, options, [recognized])
    restored = [(MendedTable(table), recognized.mapping)]
    try:
        rows = TableRows(restored, recognized.feed, recognized.system, settings)
    except InputError:
        order = parent["report"].get("date_order")  # a few rows may leave open what the whole file decided
        if settings.date_order or not order:
            raise
        rows = TableRows(restored, recognized.feed, recognized.system, replace(settings, date_order=order))
    rows.mend = mend(data_dir, table, parent)
    rows.columns_unmapped = [name for name in rows.columns_unmapped if name not in MARKS]
    rows.reasons = reasons + rows.reasons
    return rows


def _sheets(
    data_dir: DataDir, source: SourceFile, options: LoadOptions
) -> tuple[list[tuple[RawTable, Recognition]], list[Reason]]:
    """The tables that are known; of a workbook, sheets that are not are said to be left out, unless none is known."""
    if source.kind is ContentKind.TEXT_TABLE:
        return [text_table(data_dir, source, options)], []
    workbook = read_workbook(source)
    found, skipped, errors = [], [Reason(*note) for note in workbook.notes], []
    for sheet, table in as_schedule(workbook.sheets, source.name):
        try:
            if isinstance(table, InputError):
                raise table
            found.append((table, recognized_table(data_dir, table, options)))
        except InputError as error:
            errors.append(error)
            skipped.append(
                Reason(
                    "door.sheet_left_out",
                    "{file}: the sheet '{sheet}' was left out. {reason}",
                    {"file": source.name, "sheet": sheet, "reason": clause(error.template, **error.details)},
                )
            )
    if not found:
        if not errors:
            raise InputError("door.no_sheet", "{file} has no visible sheet with a table.", file=source.name)
        raise errors[0]
    return found, skipped


def _read_options(
    source: SourceFile, handed: Handed, options: LoadOptions, recognized: list[Recognition]
) -> tuple[ReadOptions, list[Reason]]:
    """What was said of the dates and numbers, now or in the profile, and what fills empty cells: the project that was named,
    the day a report without a date speaks of."""
    feed, said = recognized[0].feed, recognized[0].said
    given: dict[str, str] = {}
    reasons: list[Reason] = []
    columns = {column.name: column for column in FEEDS[feed].columns}
    mapped = {name for one in recognized for name in one.mapping.columns.values()}
    project = options.project or (handed.folder_name if feed in REPORTS else None)
    if "project" in columns and project:
        given["project"] = project
    elif "project" in columns and columns["project"].required and "project" not in mapped:
        raise InputError(
            "door.project_needed",
            "{file} names no project, and {feed} needs one. Say which with --project, or choose it on the upload page.",
            file=source.name,
            feed=feed,
        )
    for day_column in ("measured_on", "status_on"):
        if day_column in columns and day_column not in mapped:
            if options.measured_on:
                given[day_column] = options.measured_on.isoformat()
                continue
            day, reason = day_of_file(source, options.zone())
            given[day_column] = day.isoformat()
            reasons.append(reason)
    settings = ReadOptions(
        date_order=options.date_order or said.get("date_order"),
        decimal=options.decimal or said.get("decimal"),
        time_zone=options.time_zone or said.get("time_zone") or options.zone(),
        given=given,
        unit=options.unit or said.get("unit"),
    )
    return settings, reasons
