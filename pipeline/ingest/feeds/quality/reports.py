"""XML and LCOV reports, whichever they are, read in the confined child; here also what takes its result in again.

A reader of a new kind of XML is one more case in `_read`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from pathlib import Path

import polars as pl

from models.errors import InputError
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.feeds.quality.coverage import read_coverage
from pipeline.ingest.feeds.quality.junit import ROOTS, read_junit
from pipeline.ingest.feeds.schedule.ms_project import ROOT as PROJECT_ROOT
from pipeline.ingest.feeds.schedule.ms_project import is_ms_project, read_ms_project
from pipeline.ingest.files.sandbox.sandbox import Limits, confined
from pipeline.ingest.files.source import ContentKind, SourceFile
from pipeline.ingest.files.xml_events import root_element

_COVERAGE_ROOTS = ("coverage", "report")


def read_report(
    source: SourceFile,
    feed: str | None = None,
    measured_on: dt.date | None = None,
    time_zone: str = "Asia/Shanghai",
    limits: Limits | None = None,
) -> list[ReadRows]:
    """The feeds of one report. feed: what the person said it is; measured_on: the day of a report that holds none.

    Raises: InputError for XML of another kind, damage, entities, a size beyond the limits.
    """
    arguments = {
        "feed": feed,
        "measured_on": measured_on.isoformat() if measured_on else None,
        "time_zone": time_zone,
    }
    answer = confined("pipeline.ingest.feeds.quality.reports:report_in_child", source, arguments, limits)
    found = []
    for left in answer.document["feeds"]:
        known = {one.name for one in fields(ReadRows)}
        values = {name: value for name, value in left.items() if name in known}
        values["rows"] = pl.read_parquet(answer.file(left["rows"]))
        values["reasons"] = [Reason(**one) for one in left["reasons"]]
        values["cut"] = [Reason(**one) for one in left["cut"]]
        instant = left["exported_at"]
        values["exported_at"] = dt.datetime.fromisoformat(instant) if instant else None
        found.append(ReadRows(**values))
    return found


def report_in_child(
    source: SourceFile, folder: Path, feed: str | None, measured_on: str | None, time_zone: str
) -> dict:
    """{"feeds": [the fields of a ReadRows, "rows" as the name of a Parquet file in `folder`…]}."""
    day = dt.date.fromisoformat(measured_on) if measured_on else None
    left = []
    for number, read in enumerate(_read(source, feed, day, time_zone)):
        rows = f"rows_{number}.parquet"
        read.rows.write_parquet(folder / rows, compression="lz4")
        values = {one.name: getattr(read, one.name) for one in fields(ReadRows)}
        values |= {
            "rows": rows,
            "reasons": [vars(reason) for reason in read.reasons],
            "cut": [vars(reason) for reason in read.cut],
            "exported_at": read.exported_at.isoformat() if read.exported_at else None,
        }
        left.append(values)
    return {"feeds": left}


def _read(source: SourceFile, feed: str | None, measured_on: dt.date | None, time_zone: str) -> list[ReadRows]:
    if source.kind is ContentKind.LCOV:
        return [read_coverage(source, measured_on, time_zone)]
    root, attributes = root_element(source)
    if root == PROJECT_ROOT and is_ms_project(attributes):
        return [read_ms_project(source, measured_on, time_zone)]
    if root in ROOTS or feed == "test_results":
        return [read_junit(source, time_zone)]
    if root in _COVERAGE_ROOTS:
        return [read_coverage(source, measured_on, time_zone)]
    raise InputError(
        "door.unknown_xml",
        "{file} is XML, but neither a JUnit report (<testsuites>), a coverage report (Cobertura, JaCoCo, Clover) nor a project "
        "(Microsoft Project, Primavera): it opens with <{root}>. Nothing was loaded; export it in one of these forms, or as CSV.",
        file=source.name,
        root=root[:60],
    )
