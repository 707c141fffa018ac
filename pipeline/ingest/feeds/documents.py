"""Files that are no tables, each by its reader. XML is read in the confined child; here also what takes its result in again.

A kind of report is a tool's YAML file; a reader of another kind of XML is one more case in `_read`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path

import polars as pl

from models.errors import InputError
from pipeline.ingest.contracts.options import LoadOptions
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.known import KnownReport
from pipeline.ingest.dialects.names import custom_field, normal_header
from pipeline.ingest.dialects.reports import CoverageReport
from pipeline.ingest.feeds.coverage.reader import read_coverage
from pipeline.ingest.feeds.issues.rest.pages import JsonFile, whose_issues
from pipeline.ingest.feeds.issues.rest.rest import json_file, read_rest_issues
from pipeline.ingest.feeds.schedule.readers.mpxj import CONVERTED, readable
from pipeline.ingest.feeds.schedule.readers.ms_project import ROOT as PROJECT_ROOT
from pipeline.ingest.feeds.schedule.readers.ms_project import is_ms_project, read_ms_project
from pipeline.ingest.feeds.schedule.readers.xer import read_primavera_xer
from pipeline.ingest.feeds.test_results.reader import read_tests
from pipeline.ingest.files.archives import bundle_members
from pipeline.ingest.files.elements import kind_of, recognized
from pipeline.ingest.files.sandbox.sandbox import Limits, confined
from pipeline.ingest.files.source import ContentKind, SourceFile
from pipeline.ingest.files.xml_events import opening
from pipeline.ingest.mapping.columns import CUSTOM_FIELDS

MOST_JSON_BYTES = 200 << 20  # a parsed document takes about six times its size, and 2 GB is what a load may take
DOCUMENT_KINDS = (ContentKind.JSON, ContentKind.XML, ContentKind.PROFILE, ContentKind.XER, *CONVERTED)


def read_json(source: SourceFile, options: LoadOptions, *, is_folder: bool) -> list[ReadRows]:
    """A report, or issues as a tracker's REST interface answers them: in one document or in a folder of pages."""
    if is_folder:
        files: Iterator[JsonFile] = (
            JsonFile(name, partial(bytes, content)) for name, content in bundle_members(source.path)
        )
    elif source.size_bytes > MOST_JSON_BYTES:
        raise InputError(
            "ingest.json_too_large",
            "{file} is a JSON document of {megabytes} MB; at most {most} MB are read at once. "
            "Export in pages, and load the folder of them.",
            file=source.name,
            megabytes=source.size_bytes >> 20,
            most=MOST_JSON_BYTES >> 20,
        )
    elif kind := recognized(source, dialects().reports):
        return [_of_kind(kind, source, options.measured_on, options.zone())]
    else:
        files = iter([json_file(source.path, source.name)])
    return read_rest_issues(files, source.name, _custom_column, options.zone(), is_folder)


def _custom_column(name: str) -> str | None:
    """The canonical column of a custom field, by the name that the tool shows for it."""
    tool, _ = whose_issues()
    names = next(
        found for found in dialects().header_sets if (found.system, found.feed) == (tool, "issues")
    ).canonical()
    found = names.get(normal_header(custom_field(name) or name))
    return found[0] if found and found[0] in CUSTOM_FIELDS else None


def read_report(source: SourceFile, options: LoadOptions) -> list[ReadRows]:
    """A report, or the file of a planning tool."""
    with readable(source) as plain:
        if plain.kind is ContentKind.XER:  # plain text, which needs no confinement
            return [read_primavera_xer(plain, options.measured_on, options.zone(), options.encoding)]
        return _read_confined(plain, options.measured_on, options.zone())


def _read_confined(
    source: SourceFile,
    measured_on: dt.date | None = None,
    time_zone: str = "Asia/Shanghai",
    limits: Limits | None = None,
) -> list[ReadRows]:
    """The feeds of one report. measured_on: the day of a report that holds none.

    Raises: InputError for XML of another kind, damage, entities, a size beyond the limits.
    """
    arguments = {
        "known": [kind.as_json() for kind in dialects().reports],  # the child knows nothing of the data folder
        "measured_on": measured_on.isoformat() if measured_on else None,
        "time_zone": time_zone,
    }
    answer = confined("pipeline.ingest.feeds.documents:report_in_child", source, arguments, limits)
    found = []
    for left in answer.document["feeds"]:
        known = {kept.name for kept in fields(ReadRows)}
        values = {name: value for name, value in left.items() if name in known}
        values["rows"] = pl.read_parquet(answer.file(left["rows"]))
        values["reasons"] = [Reason(**reason) for reason in left["reasons"]]
        values["cut"] = [Reason(**reason) for reason in left["cut"]]
        instant = left["exported_at"]
        values["exported_at"] = dt.datetime.fromisoformat(instant) if instant else None
        found.append(ReadRows(**values))
    return found


def report_in_child(
    source: SourceFile, folder: Path, known: list[dict], measured_on: str | None, time_zone: str
) -> dict:
    """{"feeds": [the fields of a ReadRows, "rows" as the name of a Parquet file in `folder`…]}."""
    day = dt.date.fromisoformat(measured_on) if measured_on else None
    left = []
    kinds = [KnownReport.of_json(kind) for kind in known]
    for number, read in enumerate(_read(source, kinds, day, time_zone)):
        rows = f"rows_{number}.parquet"
        read.rows.write_parquet(folder / rows, compression="lz4")
        values = {kept.name: getattr(read, kept.name) for kept in fields(ReadRows)}
        values |= {
            "rows": rows,
            "reasons": [vars(reason) for reason in read.reasons],
            "cut": [vars(reason) for reason in read.cut],
            "exported_at": read.exported_at.isoformat() if read.exported_at else None,
        }
        left.append(values)
    return {"feeds": left}


def _read(source: SourceFile, known: list[KnownReport], measured_on: dt.date | None, time_zone: str) -> list[ReadRows]:
    if source.kind is ContentKind.XML:
        root, attributes, _ = opening(source)
        if root == PROJECT_ROOT and is_ms_project(attributes):
            return [read_ms_project(source, measured_on, time_zone)]
    return [_of_kind(kind_of(source, known), source, measured_on, time_zone)]


def _of_kind(kind: KnownReport, source: SourceFile, measured_on: dt.date | None, time_zone: str) -> ReadRows:
    if isinstance(kind.report, CoverageReport):
        return read_coverage(source, measured_on, time_zone, kind)
    return read_tests(source, time_zone, kind)
