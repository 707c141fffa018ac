"""Which reader or which table stands behind a file, decided by its content."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.feeds import FEEDS
from models.intake import Batch
from models.words.number_tokens import clause
from pipeline.ingest.apply_profile import recognized_table, text_table
from pipeline.ingest.contracts.options import LoadOptions
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects import dialects
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.feeds.documents import DOCUMENT_KINDS, read_json, read_report
from pipeline.ingest.files.archives import IncomingFile
from pipeline.ingest.files.file_dates import day_of_file
from pipeline.ingest.files.source import WORKBOOKS, ContentKind, SourceFile, refusal
from pipeline.ingest.files.workbooks.workbooks import read_workbook
from pipeline.ingest.mapping.readable_exports import naming_exports
from pipeline.ingest.mapping.recognition import Recognition
from pipeline.ingest.reader import DocumentFeed, FeedOfCells, FeedRows, TableFeed
from pipeline.ingest.resubmission import MARKS, MendedTable, mend, parent_batch
from pipeline.ingest.values.formats import ReadOptions


def opened(data_dir: DataDir, source: SourceFile, incoming: IncomingFile, options: LoadOptions) -> list[FeedRows]:
    """The feeds of one file, none of them read through yet. Raises: InputError where the file must be refused, with what is
    read of its tool where the file shows which one it is."""
    try:
        return _opened(data_dir, source, incoming, options)
    except InputError as error:
        is_told_by_name = source.kind not in (ContentKind.TEXT_TABLE, ContentKind.XLSX, ContentKind.XLS)
        tool = dialects().tool_of_file(source.name, by_ending_only=not is_told_by_name)
        named = naming_exports(error, tool)
        if named is error:
            raise
        raise named from error


def _opened(data_dir: DataDir, source: SourceFile, incoming: IncomingFile, options: LoadOptions) -> list[FeedRows]:
    if source.kind in (ContentKind.TEXT_TABLE, *WORKBOOKS) and not incoming.is_bundle:
        return _from_tables(data_dir, source, incoming, options)
    if source.kind not in DOCUMENT_KINDS and not incoming.is_bundle:
        raise refusal(source)
    feeds = _from_document(source, incoming, options)
    if options.feed and options.feed not in [rows.feed for rows in feeds]:
        raise InputError(
            "ingest.other_feed",
            "{file} holds {found}, not {feed}. Leave the kind of export to be recognized.",
            file=source.name,
            found=", ".join(rows.feed for rows in feeds),
            feed=options.feed,
        )
    return feeds


def _from_document(source: SourceFile, incoming: IncomingFile, options: LoadOptions) -> list[FeedRows]:
    is_json = source.kind is ContentKind.JSON or incoming.is_bundle
    read = read_json(source, options, is_folder=incoming.is_bundle) if is_json else read_report(source, options)
    names_none = not is_json or PLUGINS[read[0].feed].takes_folder_as_project
    project = options.project or (incoming.folder_name if names_none else None)
    settings = ReadOptions(time_zone=options.zone(), given={"project": project} if project else {})
    for document in read:
        PLUGINS[document.feed].settle_document(document, source.name, options.project, incoming.run_id)
    return [DocumentFeed(document, source.name, settings) for document in read]


def _from_tables(data_dir: DataDir, source: SourceFile, incoming: IncomingFile, options: LoadOptions) -> list[FeedRows]:
    sheets, skipped = _sheets(data_dir, source, options)
    if parent := parent_batch(data_dir, sheets[0][0]):
        return [_mended_rows(data_dir, source, incoming, options, sheets[0], parent=parent)]
    by_feed: dict[str, list[tuple[RawTable, Recognition]]] = {}
    for table, recognized in sheets:
        by_feed.setdefault(recognized.feed, []).append((table, recognized))
    feeds: list[FeedRows] = []
    for feed, held in by_feed.items():
        settings, reasons = _read_options(source, incoming, options, [recognized for _, recognized in held])
        try:
            rows = TableFeed(
                [(table, recognized.mapping) for table, recognized in held],
                feed,
                held[0][1].system,
                settings,
                on_progress=options.on_progress,
            )
        except InputError as error:
            for question in Reason.of(error).details.get("questions", ()):  # what the answer is to be kept for
                question |= {"feed": feed, "header": list(held[0][0].header)}
            raise
        rows.reasons = reasons + rows.reasons
        rows.questions += [question for _, recognized in held for question in recognized.questions]
        feeds.append(rows)
        table, first = held[0]
        if cells := PLUGINS[feed].in_cells(table, first.mapping):
            inner = FeedOfCells(table, first.mapping, first.system, settings, holder=PLUGINS[feed], cells=cells)
            if not inner.is_empty():
                feeds.append(inner)
                rows.columns_unmapped = [name for name in rows.columns_unmapped if name not in inner.columns_mapped]
    feeds[0].reasons += skipped
    return feeds


def _mended_rows(
    data_dir: DataDir,
    source: SourceFile,
    incoming: IncomingFile,
    options: LoadOptions,
    sheet: tuple[RawTable, Recognition],
    *,
    parent: Batch,
) -> FeedRows:
    """Rows that come back mended: read as those of the batch they belong to, and of its feed only."""
    table, recognized = sheet
    options = replace(options, project=options.project or parent.project_hint)
    settings, reasons = _read_options(source, incoming, options, [recognized])
    restored: list[Any] = [(MendedTable(table), recognized.mapping)]  # it stands in for the table that it wraps
    try:
        rows = TableFeed(restored, recognized.feed, recognized.system, settings)
    except InputError:
        order = parent.report.date_order  # a few rows may leave open what the whole file decided
        if settings.date_order or not order:
            raise
        rows = TableFeed(restored, recognized.feed, recognized.system, replace(settings, date_order=order))
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
    found: list[tuple[RawTable, Recognition]] = []
    skipped, errors = [Reason(*note) for note in workbook.notes], []
    sheets = workbook.sheets
    for plugin in PLUGINS.values():
        sheets = plugin.tables(sheets, source.name)
    for sheet, table in sheets:
        try:
            if isinstance(table, InputError):
                raise table
            found.append((table, recognized_table(data_dir, table, options)))
        except InputError as error:
            errors.append(error)
            skipped.append(
                Reason(
                    "ingest.sheet_left_out",
                    "{file}: the sheet '{sheet}' was left out. {reason}",
                    {"file": source.name, "sheet": sheet, "reason": clause(error.template, **error.details)},
                )
            )
    if not found:
        if not errors:
            raise InputError("ingest.no_sheet", "{file} has no visible sheet with a table.", file=source.name)
        raise errors[0]
    return found, skipped


def _read_options(
    source: SourceFile, incoming: IncomingFile, options: LoadOptions, recognized: list[Recognition]
) -> tuple[ReadOptions, list[Reason]]:
    """What was said of the dates and numbers, now or in the profile, and what fills empty cells: the project that was named,
    the day a report without a date speaks of."""
    feed, said = recognized[0].feed, recognized[0].said
    given: dict[str, str] = {}
    reasons: list[Reason] = []
    columns = {column.name: column for column in FEEDS[feed].columns}
    mapped = {name for sheet in recognized for name in sheet.mapping.columns.values()}
    project = options.project or (incoming.folder_name if PLUGINS[feed].takes_folder_as_project else None)
    if "project" in columns and project:
        given["project"] = project
    elif "project" in columns and columns["project"].required and "project" not in mapped:
        raise InputError(
            "ingest.project_needed",
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
