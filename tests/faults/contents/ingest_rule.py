"""The common rule of every fault at ingest, as one assertion (FAULTS.md).

The last good numbers stay, the original bytes are kept, the message says what, where and what to do next, and the audit
has a line.
"""

from __future__ import annotations

import hashlib

import polars as pl
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from pipeline.ingest import batches
from pipeline.ingest.contracts.reasons import Reason
from pipeline.store import control
from tests.ingest.exports import TIMESHEET, load


def with_good_numbers(data_dir: DataDir) -> dict:
    """Lands a small timesheet: what must still be there after the fault."""
    return load(data_dir, "good.csv", TIMESHEET)[0]


def landed_state(data_dir: DataDir) -> dict[str, tuple]:
    """What counts now: each landed batch with the bytes of its file."""
    return {
        batch.batch_id: (
            batch.status,
            hashlib.sha256(data_dir.landed_file(batch.feed, batch.batch_id).read_bytes()).hexdigest(),
        )
        for batch in batches(data_dir)
    }


def audit_lines(data_dir: DataDir, action: str) -> list[dict]:
    with control.reading(data_dir) as connection:
        rows = connection.execute(sa.select(control.audit).where(control.audit.c.action == action)).mappings()
        return [dict(row) for row in rows]


def assert_original_kept(data_dir: DataDir, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    assert data_dir.original_file(digest).read_bytes() == content


def assert_refused_by_the_rule(data_dir: DataDir, name: str, content: bytes, code: str, **options: object) -> dict:
    """Loads the content beside good numbers; returns the report of the refusal."""
    with_good_numbers(data_dir)
    before = landed_state(data_dir)
    entry = load(data_dir, name, content, **options)[0]
    assert entry["status"] == "refused", entry
    reason = entry["reasons"][0]
    assert reason["code"] == code, reason
    assert name in reason["message"]  # where
    assert reason["message"].count(".") >= 2 or ":" in reason["message"]  # what, and what to do next
    assert Reason(code, reason["template"], reason["details"]).message == reason["message"]
    assert landed_state(data_dir) == before
    assert_original_kept(data_dir, content)
    assert [line["subject"] for line in audit_lines(data_dir, "refuse")] == [name]
    assert leftovers(data_dir) == []
    return entry


def leftovers(data_dir: DataDir) -> list[str]:
    """Files beside the landing that belong to no batch."""
    return [str(path) for path in (data_dir.landing / "staging").rglob("*") if path.is_file()]


def hours_landed(data_dir: DataDir) -> float:
    """All hours that would count in the next build."""
    files = [
        data_dir.landed_file("worklogs", batch.batch_id)
        for batch in batches(data_dir)
        if batch.feed == "worklogs" and batch.status == "landed"
    ]
    return sum(pl.read_parquet(path)["hours"].sum() for path in files)
