"""The kinds of export Plimsoll reads, and the canonical columns each one lands with.

Every landed row also carries `batch_id` (text) and `source_row` (int, the line as the user sees it in the file).
Money is decimal(18,2) excluding or including VAT as KPIS says; hours and days are doubles; shares are 0..1; instants are
naive UTC timestamps; codes are text for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Kind(StrEnum):
    """How a column is read and stored."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    INSTANT = "instant"
    MONEY = "money"
    NUMBER = "number"
    HOURS = "hours"
    INTEGER = "integer"
    SHARE = "share"
    FLAG = "flag"
    LIST = "list"


POLARS_TYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.CODE: pl.String(),
    Kind.DATE: pl.Date(),
    Kind.INSTANT: pl.Datetime("us"),
    Kind.MONEY: pl.Decimal(18, 2),
    Kind.NUMBER: pl.Float64(),
    Kind.HOURS: pl.Float64(),
    Kind.INTEGER: pl.Int64(),
    Kind.SHARE: pl.Float64(),
    Kind.FLAG: pl.Boolean(),
    Kind.LIST: pl.List(pl.String()),
}


class Merge(StrEnum):
    """How the batches of one feed come together (KPIS, "Merging batches")."""

    BY_KEY = "by_key"  # the newest updated_at, else export date, wins for each key
    BY_SOURCE_ID_OR_PERIOD = (
        "by_source_id_or_period"  # the source's own id, else a batch replaces source × project × period
    )
    BY_RUN = "by_run"  # each run or report stands by itself


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind
    required: bool = False


@dataclass(frozen=True)
class Feed:
    """One kind of export. `key` names the columns that identify a row; `event_on` the column that dates it.

    parts: columns that tell apart the rows of one key in one file, where each holds a part of it: a payment node that is
    received in several sums. The newest file that holds the key counts, with all of its parts.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    merge: Merge
    event_on: str | None = None
    reference: bool = False
    parts: tuple[str, ...] = ()

    @property
    def row_key(self) -> tuple[str, ...]:
        return (*self.key, *self.parts)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def schema(self) -> dict[str, pl.DataType]:
        """The landed Parquet schema, batch_id and source_row included."""
        return {c.name: POLARS_TYPES[c.kind] for c in self.columns} | {
            "batch_id": pl.String(),
            "source_row": pl.Int64(),
        }


def _columns(kind_of: str) -> tuple[Column, ...]:
    """Reads `name:kind` words; a trailing `!` marks a required column."""
    columns = []
    for word in kind_of.split():
        name, kind = word.split(":")
        columns.append(Column(name, Kind(kind.rstrip("!")), required=kind.endswith("!")))
    return tuple(columns)


def _register(name: str, columns: str, *key: str) -> Feed:
    """What others refer to: the newest row of each key counts."""
    return Feed(name, _columns(columns), key=key, merge=Merge.BY_KEY, reference=True)


_FEEDS = (
    Feed(
        "issues",
        _columns(
            """issue_key:code! issue_type:text summary:text status:text status_category:text resolution:text priority:text
            severity:text defect_cause:text project:code module:text site:code wbs_code:code parent_key:code sprints:list
            labels:list fix_versions:list story_points:number original_estimate_hours:hours remaining_estimate_hours:hours
            time_spent_hours:hours assignee:code reporter:code found_in_phase:text reopened_count:integer created_at:instant
            started_at:instant resolved_at:instant closed_at:instant due_on:date updated_at:instant comments:list links:list
            attachments:list watchers:list"""
        ),
        key=("issue_key",),
        merge=Merge.BY_KEY,
        event_on="created_at",
    ),
    Feed(
        "issue_changes",
        _columns(
            "issue_key:code! field:text! from_value:text to_value:text changed_at:instant! author:code project:code"
        ),
        key=("issue_key", "field", "from_value", "to_value", "changed_at"),
        merge=Merge.BY_SOURCE_ID_OR_PERIOD,
        event_on="changed_at",
    ),
    Feed(
        "worklogs",
        _columns(
            """source_id:code project:code issue_key:code wbs_code:code person:code vendor:text site:code activity:text
            work_date:date! hours:hours! labor_type:text overtime_kind:text slip_no:code signed_by:code approved:flag
            module:text description:text"""
        ),
        key=("source_id",),
        merge=Merge.BY_SOURCE_ID_OR_PERIOD,
        event_on="work_date",
    ),
    Feed(
        "ledger",
        _columns(
            """ledger_book:code period:code! voucher_no:code! line_no:integer booked_on:date! account_code:code!
            account_name:text debit:money credit:money project:code wbs_code:code supplier:text department:text person:code
            summary:text currency:code original_amount:money exchange_rate:number"""
        ),
        key=("ledger_book", "period", "voucher_no", "line_no"),
        merge=Merge.BY_SOURCE_ID_OR_PERIOD,
        event_on="booked_on",
    ),
    Feed(
        "account_balances",
        _columns(
            """ledger_book:code period:code! account_code:code! account_name:text project:code opening_debit:money
            opening_credit:money debit:money credit:money closing_debit:money closing_credit:money currency:code"""
        ),
        key=("ledger_book", "period", "account_code", "project"),
        merge=Merge.BY_KEY,
    ),
    Feed(
        "costs",
        _columns(
            """project:code! wbs_code:code phase:text module:text category:text! kind:text vendor:text document_no:code
            booked_on:date! amount:money! currency:code original_amount:money exchange_rate:number"""
        ),
        key=("document_no",),
        merge=Merge.BY_SOURCE_ID_OR_PERIOD,
        event_on="booked_on",
    ),
    Feed(
        "budget",
        _columns(
            """project:code! wbs_code:code! wbs_name:text phase:text module:text category:text period_start:date!
            planned_value:money! planned_hours:hours earned_value_rule:text baseline:code layer:text period_end:date"""
        ),
        key=("project", "wbs_code", "category", "period_start", "baseline"),
        merge=Merge.BY_KEY,
        event_on="period_start",
    ),
    Feed(
        "schedule",
        _columns(
            """project:code! task_id:code! wbs_code:code name:text! phase:text module:text site:code predecessors:list
            duration_days:number planned_hours:hours baseline_start:date baseline_finish:date forecast_start:date
            forecast_finish:date actual_start:date actual_finish:date percent_complete:share status_on:date
            milestone_type:text milestone_weight:number earned_value_rule:text is_buffer:flag planned_cost:money actual_cost:money
            constraint_type:text constraint_on:date deadline_on:date"""
        ),
        key=("project", "task_id", "status_on"),
        merge=Merge.BY_KEY,
        event_on="status_on",
    ),
    Feed(
        "coverage",
        _columns(
            "project:code module:text! measured_on:date! lines_valid:integer! lines_covered:integer! "
            "branches_valid:integer branches_covered:integer run_id:code"
        ),
        key=("project", "module", "measured_on", "run_id"),
        merge=Merge.BY_RUN,
        event_on="measured_on",
    ),
    Feed(
        "code_size",
        _columns("project:code module:text! measured_on:date! effective_lines:integer!"),
        key=("project", "module", "measured_on"),
        merge=Merge.BY_KEY,
        event_on="measured_on",
    ),
    Feed(
        "test_results",
        _columns(
            """project:code module:text suite:text case:text! level:text round:code run_at:instant outcome:text!
            requirement:code duration_seconds:number run_id:code"""
        ),
        key=("project", "suite", "case", "run_id"),
        merge=Merge.BY_RUN,
        event_on="run_at",
    ),
    Feed(
        "contracts",
        _columns(
            """contract_no:code! project:code! name:text direction:text! counterparty:text signed_on:date
            amount_incl_tax:money! amount_excl_tax:money tax_rate:share retention_rate:share warranty_end:date
            parent_contract:code currency:code"""
        ),
        key=("contract_no",),
        merge=Merge.BY_KEY,
        event_on="signed_on",
    ),
    Feed(
        "payment_terms",
        _columns(
            """contract_no:code! node:text! share:share amount:money condition:text planned_on:date condition_met_on:date
            invoiced_on:date invoiced_amount:money received_on:date received_amount:money instrument:text cash_on:date"""
        ),
        key=("contract_no", "node"),
        merge=Merge.BY_KEY,
        event_on="planned_on",
        parts=("received_on",),
    ),
    Feed(
        "change_requests",
        _columns(
            """project:code! change_id:code! title:text change_type:text raised_on:date! decided_on:date decision:text
            approver:code started_on:date customer_signed_on:date supervisor_signed_on:date claimed_amount:money
            confirmed_amount:money scope_days:number days_delta:number baseline:code linked_keys:list"""
        ),
        key=("project", "change_id"),
        merge=Merge.BY_KEY,
        event_on="raised_on",
    ),
    Feed(
        "risks",
        _columns(
            """project:code! risk_id:code! title:text kind:text probability:share impact_cost:money impact_days:number
            response:text owner:code raised_on:date review_on:date closed_on:date status:text!"""
        ),
        key=("project", "risk_id"),
        merge=Merge.BY_KEY,
        event_on="raised_on",
    ),
    Feed(
        "sites",
        _columns(
            """project:code! site:code! name:text region:text wave:code stage:text planned_live_on:date actual_live_on:date
            accepted_on:date defects_at_acceptance:integer hours:hours"""
        ),
        key=("project", "site"),
        merge=Merge.BY_KEY,
        event_on="planned_live_on",
    ),
    _register(
        "projects",
        """project_key:code! name:text! customer:text delivery_profile:text method:text start_on:date freeze_on:date
            contract_finish_on:date actual_finish_on:date contingency_reserve:money currency:code time_zone:text
            manager:code""",
        "project_key",
    ),
    _register(
        "project_aliases",
        "system:code kind:text external_code:code! project_key:code! valid_from:date",
        "system",
        "kind",
        "external_code",
        "valid_from",
    ),
    _register(
        "people",
        """person:code! role:text vendor:text department:text labor_type:text daily_hours:hours project:code
            allocation_share:share valid_from:date valid_to:date""",
        "person",
        "project",
        "valid_from",
    ),
    _register("leaves", "person:code! leave_on:date! hours:hours!", "person", "leave_on"),
    _register(
        "calendars",
        "project:code site:code calendar_date:date! is_working_day:flag! note:text",
        "project",
        "site",
        "calendar_date",
    ),
    Feed(
        "attendance",
        _columns(
            """person:code! work_date:date! present_hours:hours overtime_hours:hours overtime_kind:text department:text"""
        ),
        key=("person", "work_date"),
        merge=Merge.BY_KEY,
        event_on="work_date",
    ),
    _register(
        "rates",
        "person:code role:text vendor:text valid_from:date! hourly_rate:money! currency:code",
        "person",
        "role",
        "vendor",
        "valid_from",
    ),
    _register(
        "fx_rates",
        "from_currency:code! to_currency:code per:integer kind:text valid_from:date! rate:number! source:text",
        "from_currency",
        "to_currency",
        "kind",
        "valid_from",
    ),
    _register(
        "account_mapping",
        "ledger_book:code account_code:code! account_name:text category:text! kind:text!",
        "ledger_book",
        "account_code",
    ),
)

FEEDS: dict[str, Feed] = {feed.name: feed for feed in _FEEDS}
