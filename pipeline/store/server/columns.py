"""Types of column that hold the same on SQLite and on PostgreSQL, in the same order.

Text is sorted by its code points on both, whatever language the server sorts by. PostgreSQL keeps no NUL in a text: one that
a file name or a message brings becomes U+FFFD there. JSON keeps the order of its keys; one that is compared is DistinctJSON.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB


class _ServerText(sa.TypeDecorator):
    impl = sa.Text(collation="C")
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value


String = sa.String().with_variant(_ServerText(), "postgresql")
Text = sa.Text().with_variant(_ServerText(), "postgresql")
LargeInteger = sa.Integer().with_variant(sa.BigInteger(), "postgresql")  # an integer there ends at 2 GB
DistinctJSON = sa.JSON().with_variant(JSONB(), "postgresql")  # its json has no equality
