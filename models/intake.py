"""What comes of an export: the report of its load, and the batch that it became. Written once, for pages and the command line."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from enum import StrEnum
from typing import Any

from pydantic import Field, computed_field
from pydantic.dataclasses import dataclass

from models.document import Document
from models.errors import PlimsollError, english
from models.vocabulary import BatchStatus, FileStatus

# What only a person can say of a file: {"code": date_order, encoding, unit, project, feed, measured_on or profile_alike, and what
# that question names: the column, a value, the days it may be (dmy, mdy), the choices, …}.
Question = dict[str, Any]
Totals = dict[str, int | float | None]  # {"rows", measure: its sum; null where nothing was added up}


@dataclass(frozen=True)
class Reason:
    """What is said of a file. `template`: the English sentence with {blanks}, the msgid of the catalogs; `details` fills them."""

    code: str
    template: str
    details: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: PlimsollError) -> Reason:
        return cls(error.code, error.template, error.details)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorator above a property
    @property
    def message(self) -> str:
        """The sentence in English."""
        return english(self.template, self.details)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "template": self.template, "details": self.details}


class RuleSeverity(StrEnum):
    """What happens where a rule is broken."""

    REFUSES = "refuse"  # the file
    HOLDS = "hold"  # the row
    FLAGS = "flag"  # the row stays


class Check(Document):
    """How a rule came out; a rule about rows together counts groups. rows_checked is 0 where there is no value to judge."""

    code: str
    column: str
    severity: RuleSeverity
    rows_checked: int
    rows_failed: int
    first_line: int | None


class HeldRow(Document):
    """A row held back, as it stands in the file; reason: the template with its details, in English."""

    source_row: int
    column: str | None
    reason: str
    template: str
    details: dict[str, Any]
    raw: str


class LeftOutRow(Document):
    """A row that is no data, and the rule that says so."""

    line: int
    rule: str
    text: str


class ColumnUnit(Document):
    """What a column counts in. source: how that is known (header, tool, values, said)."""

    unit: str
    source: str = Field(validation_alias="from", serialization_alias="from")


class DateExample(Document):
    """A date of the file, and the day that it was read as (ISO)."""

    header: str
    column: str
    text: str
    read: str


class Covers(Document):
    """What a batch is about: project codes as written, first and last day of what happened."""

    projects: list[str]
    first: dt.date | None = Field(validation_alias="from", serialization_alias="from")
    last: dt.date | None = Field(validation_alias="to", serialization_alias="to")


class LoadReport(Document):
    """What became of one feed of one file.

    columns_mapped: {name in the file: canonical column}. rows_read = accepted + quarantined + duplicate.
    encoding_confidence: 1 when the bytes prove it, null where there is no encoding. time_zone: of instants that name
    none. date_order: dmy, mdy or ymd.
    preview: the first rows as {canonical column: text}. examples: {name in the file: at most two of its values}.
    units: by canonical column. unknown_words: {canonical column: {word that no vocabulary knows: rows}}.
    totals: of the new rows; before, after: of what counts for their projects without and with them, empty where nothing did.
    rows_left_out: all of them, of which left_out lists a thousand.
    """

    file: str
    feed: str | None = None
    system: str | None = None
    sheet: str | None = None
    batch_id: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    date_format: str | None = None
    columns_mapped: dict[str, str] = {}
    columns_unmapped: list[str] = []
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    status: FileStatus
    reasons: list[Reason] = []
    encoding_confidence: float | None = None
    units: dict[str, ColumnUnit] = {}
    unknown_words: dict[str, dict[str, int]] = {}
    checks: list[Check] = []
    time_zone: str | None = None
    date_order: str | None = None
    preview: list[dict[str, str]] = []
    held_preview: list[HeldRow] = []
    examples: dict[str, list[str]] = {}
    date_example: DateExample | None = None
    totals: Totals = {}
    totals_before: Totals = {}
    totals_after: Totals = {}
    questions: list[Question] = []
    left_out: list[LeftOutRow] = []
    rows_left_out: int | None = Field(default=None, exclude_if=lambda rows: rows is None)
    covers: Covers | None = Field(default=None, exclude_if=lambda covers: covers is None)
    dry_run: bool = False

    @property
    def projects(self) -> list[str]:
        """The project codes that its rows name."""
        return self.covers.projects if self.covers else []


class Batch(Document):
    """One feed of one landed file, as the control store holds it; instants are ISO UTC.

    content_hash, landed_hash: SHA-256 of the original bytes, of the landed file (null until a build has met an old one).
    project_hint: of rows that name none. mapping: {name in the file: canonical column}. snapshot_scope: what it is complete for.
    exported_at: from the file where it says so, else when it was landed. landed_by: cli, upload, inbox, sample.
    mends_batch: the batch whose rejected rows this file brings back.
    """

    batch_id: str
    feed: str
    status: BatchStatus
    file_name: str
    content_hash: str
    size_bytes: int
    source_system: str
    project_hint: str | None
    mapping: dict[str, str]
    report: LoadReport
    rows_accepted: int
    rows_quarantined: int
    covers_projects: list[str]
    covers_from: dt.date | None
    covers_to: dt.date | None
    is_full_snapshot: int
    snapshot_scope: str | None
    exported_at: str
    landed_at: str
    landed_by: str
    mends_batch: str | None
    landed_hash: str | None


@dataclass(frozen=True)
class UndoneFile:
    """A file out of the build since `undone_at`, ISO UTC. projects: keys of those it told of; empty where it named none."""

    file_name: str
    undone_at: str
    projects: frozenset[str]


class Profile(Document):
    """A mapping profile. columns: names in the file. mapping: {name: canonical column, or null for not read}.

    options: what was said beside the columns: date_order, decimal, time_zone, encoding, unit. saved_at: ISO UTC.
    """

    name: str
    feed: str
    mapping: dict[str, str | None]
    options: dict[str, str]
    header_fingerprint: str
    saved_at: str
    columns: list[str]


@dataclass(frozen=True)
class FeedRule:
    """A rule as a person reads it: what must hold (`template` and its blanks), and what happens where it does not."""

    code: str
    column: str
    severity: RuleSeverity
    template: str
    details: dict[str, str] = field(default_factory=dict)
