"""Adjustments: what exports say of accounting periods after finance closed them."""

from __future__ import annotations

import polars as pl

from models.builds.snapshot import Snapshot

_COLUMNS = {
    "project_key": pl.String,
    "document_no": pl.String,
    "description": pl.String,
    "stated_on": pl.Date,
    "booked_on": pl.Date,
    "amount": pl.Float64,
    "currency": pl.String,
    "file_name": pl.String,
    "source_row": pl.Int64,
}
_ADJUSTMENTS = """
    select
        costs.project_key, costs.document_no, costs.description, costs.stated_on, costs.booked_on,
        cast(costs.amount as double) as amount, costs.currency, batches.file_name, costs.source_row
    from fct_costs as costs
    left join dim_batches as batches on costs.batch_id = batches.batch_id
    where costs.is_adjustment
    order by costs.project_key, costs.stated_on, costs.document_no, costs.amount
"""


def adjustments(snapshot: Snapshot) -> pl.DataFrame:
    """One row per line that changes closed books: project_key, document_no, description, stated_on (the day of the document),
    booked_on (the open day on which it counts), amount (money excluding VAT; negative: taken back), currency, file_name and
    source_row. No rows in a build of an older version, which kept no books.
    """
    found = "select 1 from information_schema.columns where table_name = 'fct_costs' and column_name = 'is_adjustment'"
    if snapshot.query(found).is_empty():
        return pl.DataFrame(schema=_COLUMNS)
    return snapshot.query(_ADJUSTMENTS)
