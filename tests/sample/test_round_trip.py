"""The committed files, through ingest, are the canonical frames again."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import select

from models.builds.data_dir import DataDir
from models.feeds import FEEDS
from pipeline.sample import load_sample
from pipeline.store import control

# columns that order the rows of feeds without a natural key in the file
ORDER = {
    "worklogs": ["project", "person", "work_date", "hours", "activity", "module", "issue_key", "slip_no"],
    "ledger": ["period", "voucher_no", "line_no"],
    "coverage": ["project", "module", "measured_on"],
    "test_results": ["project", "suite", "case", "run_at"],
    "rates": ["role", "vendor", "valid_from"],
}
BY_CONTENT = {"coverage": ["run_id"], "test_results": ["run_id"]}  # reports are named by their content


def batches(data_dir: DataDir) -> list:
    with control.reading(data_dir) as connection:
        return connection.execute(select(control.batches).order_by(control.batches.c.batch_id)).all()


def test_every_file_lands_whole(sample_data_dir):
    landed = batches(sample_data_dir)
    assert {batch.status for batch in landed} == {"landed"}
    assert sum(batch.rows_accepted for batch in landed) > 10_000
    assert sum(batch.rows_quarantined + batch.report["rows_duplicate"] for batch in landed) == 0


# Nobody in the sample hands in balances or attendance.
NOT_IN_THE_SAMPLE = {"account_balances", "attendance"} & set(FEEDS)


def test_the_sample_holds_every_other_feed(frames):
    assert set(FEEDS) - {feed for feed, frame in frames.items() if frame.height} == NOT_IN_THE_SAMPLE


@pytest.mark.parametrize("feed", sorted(set(FEEDS) - NOT_IN_THE_SAMPLE))
def test_ingest_gives_the_canonical_rows_back(sample_data_dir, frames, feed):
    found = [batch.batch_id for batch in batches(sample_data_dir) if batch.feed == feed]
    landed = pl.concat([pl.read_parquet(sample_data_dir.landed_file(feed, batch_id)) for batch_id in found])
    columns = [name for name in frames[feed].columns if name not in BY_CONTENT.get(feed, ())]
    order = ORDER.get(feed, list(FEEDS[feed].row_key))
    given, expected = (frame.select(columns).sort(order, nulls_last=True) for frame in (landed, frames[feed]))
    assert_frame_equal(given, expected, check_exact=False, abs_tol=1e-6)


def test_a_second_load_changes_nothing(sample_copy):
    """Every file is one that landed: none was refused the first time."""
    again = load_sample(sample_copy)
    assert {report.status for report in again} == {"unchanged"}
    assert sorted(report.batch_id for report in again) == [batch.batch_id for batch in batches(sample_copy)]
