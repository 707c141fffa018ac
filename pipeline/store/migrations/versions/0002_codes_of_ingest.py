"""Codes in the reports of batches name the subject, ingest; rows that two sources hold are named double counted."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for before, after in (
        ('"code": "door.told_twice"', '"code": "ingest.double_counted"'),
        ('"code": "door.', '"code": "ingest.'),
    ):
        op.get_bind().exec_driver_sql("update batches set report = replace(report, ?, ?)", (before, after))
