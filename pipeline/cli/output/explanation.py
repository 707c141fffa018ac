"""What `explain` answers: one value, its definition, and the rows that add up to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from models.document import Document
from models.vocabulary import Flag, KpiStatus

Worded = dict[str, str]  # {language: text}


class EvidenceLine(Document):
    """A row of a measure, with its file and line. amount: in the unit of the measure; original_amount: of a foreign one."""

    row_key: str | None
    row_label: str | None
    module: str | None
    phase: str | None
    counts_from: dt.date | None
    amount: float | None
    batch_id: str | None
    file: str | None
    line: int | None
    original_amount: float | None = None
    original_currency: str | None = None
    exchange_rate: float | None = None
    rate_file: str | None = None
    rate_line: int | None = None


class ExplainedMeasure(Document):
    """A measure of the value: all its rows, their sum, and the first of them."""

    measure_key: str
    label_en: str
    label_zh: str
    rows: int
    amount: float | None
    evidence: list[EvidenceLine]


class Levels(Document):
    warning_at: float | None
    critical_at: float | None


class CostBridge(Document):
    """From the actual cost at stands_on to that at cost_until, money excluding VAT (models.evidence.rows.cost_bridge)."""

    stands_on: dt.date
    cost_until: dt.date
    at_data_date: float
    rest_of_estimated: float
    booked_after: float
    accruals: float
    at_close: float


class RowDoubleCounted(Document):
    """A row that does not count because another source tells it too. amount: hours, money or items."""

    fact: str
    project_key: str
    happened_on: dt.date | None
    amount: float | None
    source: str
    file: str | None
    line: int | None
    leading_source: str
    leading_file: str | None
    leading_line: int | None


class LostRow(Document):
    """A row that is gone, or smaller by lost_amount than the amount it had before."""

    row_key: str | None
    row_label: str | None
    module: str | None
    counts_from: dt.date | None
    amount: float | None
    lost_amount: float | None
    is_gone: bool
    file_name: str | None
    source_row: int | None
    lost_on: dt.date | None


class ExplainedLoss(Document):
    """What the value is better by, and what it would be with the rows."""

    loss_rows: int | None
    loss_amount: float | None
    value_with_lost_rows: float | None
    rows: list[LostRow]


class UnconvertedTotal(Document):
    """Foreign amounts without a rate of their day (in that currency), or hours without an hourly rate: in no sum."""

    feed: str
    currency: str
    rows: int
    amount: Decimal | None
    first_on: dt.date | None
    last_on: dt.date | None


class NearUnallocated(Document):
    """Money that lies unallocated under a code nearly the project's own."""

    code: str
    currency: str
    rows: int
    amount: float


class Explanation(Document):
    """The value of one KPI of one project, and what it is made of.

    valued_on: the day at which it stands. counted, counted_of: of how many items it is made, of how many there are.
    other_basis: of a KPI of two bases. formula: by language, and sql. bridge: of actual cost to the close. loss: of a value that
    is better by rows gone or smaller. duplicates_counted: keys of issues that count for want of an original.
    rows_left_out: how many rows of the measures are not listed.
    """

    build_id: str
    kpi_key: str
    project_key: str
    period_start: dt.date
    period_end: dt.date
    valued_on: dt.date | None
    value: float | None
    numerator: float | None
    denominator: float | None
    counted: int | None
    counted_of: int | None
    reversed_items: int | None
    status: KpiStatus
    reason: str | None
    flags: list[Flag]
    other_basis: Worded | None
    name: Worded
    definition: Worded
    formula: Worded
    unit: str
    better: str
    levels: Levels
    measures: list[ExplainedMeasure]
    bridge: CostBridge | None
    double_counted: list[RowDoubleCounted]
    loss: ExplainedLoss | None
    duplicates_counted: list[str]
    rows_left_out: int
    currency: str | None
    unconverted: list[UnconvertedTotal]
    near_unallocated: list[NearUnallocated]
