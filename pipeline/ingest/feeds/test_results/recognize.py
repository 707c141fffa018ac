"""What speaks for a table being one of test results, and what against it."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.plugin import Evidence, Sight
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import normal_header, normal_word
from pipeline.ingest.mapping.kind_marks import HALF, MARK, OTHER_REGISTERS, cells_of

NO_TESTS = (*OTHER_REGISTERS, "planned_work")  # registers whose headers no list of results has
_MOST = 0.8  # of the outcomes are words of tests: what else would pass and fail


def evidence(sight: Sight) -> Evidence:
    table, mapping, names = sight.table, sight.mapping, sight.names
    by_name = {canonical: index for index, canonical in sorted(mapping.columns.items(), reverse=True)}
    own = [name for name in ("suite", "level", "round", "run_id", "requirement", "duration_seconds") if name in by_name]
    points = MARK * sight.marks + HALF * len(own)
    if "case" in by_name:
        points += "test" in names[by_name["case"]] or "用例" in names[by_name["case"]]
    if "outcome" in by_name:
        index = by_name["outcome"]
        points += HALF * (normal_header(table.header[index]) not in ("status", "状态"))
        outcomes = dialects().words("test_results.outcome") or {}
        words = cells_of(sight.sample, index).map_elements(
            lambda word: normal_word(word) in outcomes, return_dtype=pl.Boolean
        )
        if len(words):
            share = words.sum() / len(words)
            points += MARK if share > _MOST else -1 if share <= HALF else 0
    against = dialects().registers(*NO_TESTS)
    strangers = tuple(table.header[index] for index, name in names.items() if name in against)
    return Evidence(points - len(strangers), strangers)
