"""Codes in the reports of batches name the subject, ingest; rows that two sources hold are named double counted."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
RENAMED = """
    update batches set report = replace(
        replace(report, '"code": "door.told_twice"', '"code": "ingest.double_counted"'), '"code": "door.', '"code": "ingest.'
    )
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(RENAMED)
