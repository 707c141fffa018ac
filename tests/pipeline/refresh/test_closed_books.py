"""Books that finance closed stand as they were reported: what exports say of them later is an adjustment of the first open day.

January 2026: A1 100 and A2 50 are booked; February: F1 30. Every sum was worked out by hand.
"""

from __future__ import annotations

import shutil

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.builds.snapshot import open_snapshot
from models.errors import PlimsollError
from models.reference.closed_books import adjustments
from pipeline.refresh.closed_books import closed_books, kept_lines
from pipeline.refresh.refreshing import refresh
from pipeline.store import control
from pipeline.store.closings import reopen_period
from tests.pipeline.refresh.closed_books import adjusted_once
from tests.warehouse.edges import day


def _months(data_dir: DataDir) -> tuple[float, float]:
    """Actual cost of January and of February in the newest build."""
    told = open_snapshot(current_build(data_dir)).query(
        "select counts_on < date '2026-02-01' as is_january, sum(amount)::double as amount from fct_costs group by 1"
    )
    by_month = dict(told.iter_rows())
    return by_month[True], by_month[False]


@pytest.fixture
def closed(made_once, tmp_path) -> DataDir:
    shutil.copytree(made_once("adjusted-books", adjusted_once).root, tmp_path / "data")
    return DataDir(tmp_path / "data")


def test_later_lines_are_adjustments_until_finance_reopens_the_period(closed: DataDir) -> None:
    with control.reading(closed) as connection:
        (book,) = closed_books(connection)
    assert (book["project_key"], book["closed_from"], book["closed_to"], book["closing_id"]) == (
        "P",
        None,
        "2026-01-31",
        1,
    )
    assert kept_lines(closed, [book]).select("document_no", "amount", "booked_on").rows() == [
        ("A1", 100, day(15, 1)),
        ("A2", 50, day(20, 1)),
    ]

    assert _months(closed) == (150, 30 + 110 - 100 + 7)
    told = adjustments(open_snapshot(current_build(closed)))
    assert told.select("document_no", "stated_on", "booked_on", "amount", "file_name", "source_row").rows() == [
        ("A1", day(15, 1), day(1, 2), -100, "costs-1.csv", 2),
        ("A1", day(15, 1), day(1, 2), 110, "costs-2.csv", 2),
        ("A3", day(25, 1), day(1, 2), 7, "costs-2.csv", 3),
    ]

    # a document is one thing wherever its adjustment counts, so that rows that go from closed books are missed like others
    things = open_snapshot(current_build(closed)).query(
        "select identity, cast(sum(amount) as double) from kpi_things where measure_key = 'actual_cost' group by 1 order by 1"
    )
    assert things.rows() == [("A1|2026-01", 110), ("A2|2026-01", 50), ("A3|2026-01", 7), ("F1|2026-02", 30)]

    # reopened, the month says what its exports say: 110 + 50 + 7
    reopen_period(closed, "2026-01", person="Wu", reason="an invoice was missing")
    assert refresh(closed).status == "published"
    assert _months(closed) == (167, 30)
    assert adjustments(open_snapshot(current_build(closed))).is_empty()


def test_a_copy_that_is_gone_or_altered_stops_the_refresh(closed: DataDir) -> None:
    with control.reading(closed) as connection:
        (book,) = closed_books(connection)
    path = closed.closed_books_file(book["content_hash"])
    pl.read_parquet(path).with_columns(amount=pl.col("amount") * 2).write_parquet(path)
    with pytest.raises(PlimsollError) as refused:
        kept_lines(closed, [book])
    assert refused.value.code == "closed_books.altered"
    path.unlink()
    stopped = refresh(closed)
    assert (stopped.status, stopped.error.code) == ("failed", "closed_books.missing")
