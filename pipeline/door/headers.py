"""The dictionary of header names: which tool prints which name for which canonical column."""

from __future__ import annotations

import re
from functools import cache

from pipeline.door import headers_hours, headers_issues, headers_money, headers_office
from pipeline.door.header_set import HeaderSet, custom_field, normal_header
from pipeline.door.headers_links import issue_link

_MONTH_WORD = re.compile(r"^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ '\-](19|20)?\d\d$")


def header_sets() -> tuple[HeaderSet, ...]:
    """All sets, the special tools before the generic ones."""
    return (*headers_issues.SETS, *headers_hours.SETS, *headers_money.SETS, *headers_office.SETS)


@cache
def known_headers() -> frozenset[str]:
    return frozenset(name for one in header_sets() for name in one.canonical())


def is_known_header(name: str) -> bool:
    normal = normal_header(name)
    return (
        normal in known_headers() or custom_field(name) is not None or issue_link(name) is not None or is_period(normal)
    )


def is_period(normal: str) -> bool:
    """`2026-01`, `2026年1月`, `jan 2026`: a month as a column of a wide budget."""
    return bool(re.match(r"^(19|20)\d\d(-|/|\.|年)(0?[1-9]|1[0-2])月?$", normal)) or bool(_MONTH_WORD.match(normal))
