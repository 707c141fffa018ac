"""The day until which an alert is taken on, and the last event of alerts that a viewer has seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("due_on", sa.String(), nullable=True))
    op.get_bind().exec_driver_sql(
        "update alerts set due_on = acknowledged_until where acknowledged_until is not null and acknowledged_until <> 'next'"
    )
    op.create_table(
        "alert_looks",
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("viewer"),
    )
