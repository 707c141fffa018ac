"""What each feed gives, by the catalogue as it is written: known before anything is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pipeline.catalogue import reading, resolved

FOLDER = Path(__file__).resolve().parents[2] / "dbt_project" / "catalogue"


@cache
def kpis_of_feeds() -> Mapping[str, Sequence[str]]:
    """{feed: short names, in English, of the KPIs that count its rows}, in the order of the catalogue. Raises: CatalogueError."""
    found: dict[str, list[str]] = {}
    for kpi in resolved.kpis(reading.read(FOLDER)).values():
        for feed in kpi["feeds"]:
            found.setdefault(feed, []).append(kpi["short_label"])
    return found
