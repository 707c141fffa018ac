"""The canonical frames: their shape, their sameness, their growth, and landing them without ingest."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import select

from models.builds.data_dir import DataDir
from models.feeds import FEEDS
from pipeline.sample.portfolio import canonical_frames, land_frames
from pipeline.store import control

# Nobody in the sample hands in balances or attendance.
FEEDS_OF_THE_SAMPLE = set(FEEDS) - {"account_balances", "attendance"}


def test_every_feed_has_the_columns_and_types_of_its_definition(frames):
    assert set(frames) == FEEDS_OF_THE_SAMPLE
    for feed, frame in frames.items():
        expected = {name: kind for name, kind in FEEDS[feed].schema().items() if name not in ("batch_id", "source_row")}
        assert dict(frame.schema) == expected, feed
        for name in FEEDS[feed].required:
            assert frame[name].null_count() == 0, (feed, name)


def test_keys_are_unique(frames):
    for feed, columns in {
        "issues": ["issue_key"],
        "ledger": ["period", "voucher_no", "line_no"],
        "budget": ["project", "wbs_code", "category", "period_start"],
        "payment_terms": ["contract_no", "node", "received_on"],
        "schedule": ["project", "task_id", "status_on"],
        "test_results": ["project", "suite", "case", "run_id"],
        "people": ["person", "project"],
        "leaves": ["person", "leave_on"],
        "change_requests": ["project", "change_id"],
    }.items():
        assert frames[feed].select(columns).is_duplicated().sum() == 0, feed


def test_the_generator_is_deterministic(frames):
    again = canonical_frames()
    for feed, frame in frames.items():
        assert_frame_equal(frame, again[feed])


@pytest.mark.parametrize("scale", [3, 80])
def test_scaled_frames_keep_the_ratios(frames, scale):
    grown = canonical_frames(scale)
    assert grown["issues"].height == scale * frames["issues"].height
    assert grown["worklogs"].height == scale * frames["worklogs"].height
    copies = min(scale, 40)
    assert grown["projects"].height == 8 * copies
    assert grown["issues"]["issue_key"].n_unique() == grown["issues"].height
    # the ledger of each copy of a project adds up to the one it was copied from, but for the cents of its parts
    before, after = (
        float(part["ledger"].filter(pl.col("project") == "P2025007")["debit"].sum()) for part in (frames, grown)
    )
    assert after == pytest.approx(before, rel=1e-6)
    lines = grown["code_size"].filter(pl.col("project") == "P2025-002")["effective_lines"].max()
    assert lines == 27_500 * scale // copies


def test_frames_land_past_ingest(frames, tmp_path):
    data_dir = DataDir(tmp_path)
    batches = land_frames(data_dir, frames)
    assert len(batches) == len(set(batches))
    with control.reading(data_dir) as connection:
        rows = connection.execute(select(control.batches)).mappings().all()
    assert {row["batch_id"] for row in rows} == set(batches)
    for feed, frame in frames.items():
        landed = [pl.read_parquet(data_dir.landed_file(feed, row["batch_id"])) for row in rows if row["feed"] == feed]
        assert sum(part.height for part in landed) == frame.height
        assert dict(landed[0].schema) == FEEDS[feed].schema()
    systems = {(row["feed"], row["source_system"]) for row in rows}
    assert {("issues", "jira"), ("issues", "zentao"), ("worklogs", "tempo"), ("ledger", "yonyou")} <= systems
