"""The order in which builds were evaluated, as a number of its own: another database has no rowid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("evaluations", sa.Column("evaluation_no", sa.Integer(), nullable=False, server_default="0"))
    op.execute("update evaluations set evaluation_no = rowid")
