"""The day a file speaks of, where the file itself does not say."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from models.errors import InputError
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.files.source import SourceFile

_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)")


def day_of_file(source: SourceFile, time_zone: str) -> tuple[dt.date, Reason]:
    """The date in the file's name, else the day (in `time_zone`) on which the file was last changed; and which it was."""
    day = day_in_name(source.name)
    if day:
        return day, Reason(
            "ingest.day_from_name",
            "{file} holds no date of its own; {day} was taken from its name.",
            {"file": source.name, "day": day.isoformat()},
        )
    day = dt.datetime.fromtimestamp(source.path.stat().st_mtime, ZoneInfo(time_zone)).date()
    return day, Reason(
        "ingest.day_from_file",
        "{file} holds no date of its own; {day}, when the file was last changed, was taken. "
        "If that is wrong, put the date (like 2026-01-31) into the file's name and load it again.",
        {"file": source.name, "day": day.isoformat()},
    )


def day_in_name(name: str) -> dt.date | None:
    for found in _DATE_IN_NAME.finditer(name):
        try:
            return dt.date(*map(int, found.groups()))
        except ValueError:  # 2026-02-30
            continue
    return None


def without_status_date(file: str) -> InputError:
    """A schedule that does not say at which day its progress stands: no other day, that of saving least of all, is that day."""
    return InputError(
        "ingest.status_date_needed",
        "{file} has no status date, and its progress stands at no known day. Set the status date (data date) in the project "
        "and export it again, or say the day on the upload page or with --as-of.",
        file=file,
        questions=[{"code": "measured_on"}],
    )
