"""The dictionary of header names: which tool prints which name for which canonical column."""

from __future__ import annotations

from functools import cache

from pipeline.ingest.dialects import headers_hours, headers_issues, headers_money, headers_office
from pipeline.ingest.dialects.header_set import HeaderSet, custom_field, normal_header
from pipeline.ingest.dialects.headers_links import issue_link
from pipeline.ingest.dialects.money_units import without_unit
from pipeline.ingest.dialects.period_columns import period_of_column


def header_sets() -> tuple[HeaderSet, ...]:
    """All sets, the special tools before the generic ones."""
    return (*headers_issues.SETS, *headers_hours.SETS, *headers_money.SETS, *headers_office.SETS)


@cache
def known_headers() -> frozenset[str]:
    return frozenset(name for one in header_sets() for name in one.canonical())


def is_known_header(name: str) -> bool:
    normal = normal_header(name)
    return (
        normal in known_headers()
        or without_unit(normal) in known_headers()
        or custom_field(name) is not None
        or issue_link(name) is not None
        or is_period(name)
    )


def is_period(name: str) -> bool:
    """`2026-01`, `2026年1月`, `Jan 2026`, `一季度`: a period as a column of a wide budget, whatever the year."""
    return period_of_column(name, "2026") is not None
