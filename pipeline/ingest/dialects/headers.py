"""Whether a name is the header of anything that is read here."""

from __future__ import annotations

from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.header_words import custom_field, normal_header
from pipeline.ingest.dialects.headers_links import issue_link
from pipeline.ingest.dialects.money_units import without_unit
from pipeline.ingest.dialects.period_columns import period_of_column


def is_known_header(name: str) -> bool:
    normal, known = normal_header(name), dialects().known_headers
    return (
        normal in known
        or without_unit(normal) in known
        or custom_field(name) is not None
        or issue_link(name) is not None
        or is_period(name)
    )


def is_period(name: str) -> bool:
    """`2026-01`, `2026年1月`, `Jan 2026`, `一季度`: a period as a column of a wide budget, whatever the year."""
    return period_of_column(name, "2026") is not None
