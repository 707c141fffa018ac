"""What speaks for a table being a list of issues, and what against it."""

from __future__ import annotations

import re

import polars as pl

from pipeline.ingest.contracts.plugin import Evidence, Sight
from pipeline.ingest.dialects import dialects
from pipeline.ingest.mapping.kind_marks import FEW_ROWS, HALF, MARK, OTHER_REGISTERS, cells_of

NO_ISSUES = (*OTHER_REGISTERS, "worklogs", "time", "tests")  # registers whose headers no list of issues has
# What a list of issues alone has, and what other registers have too.
_OF_ISSUES = frozenset(
    """
    severity resolution story_points sprints parent_key reporter fix_versions found_in_phase reopened_count defect_cause
    status_category original_estimate_hours remaining_estimate_hours time_spent_hours resolved_at closed_at watchers links
    """.split()  # noqa: SIM905
)
_OF_REGISTERS = frozenset("status priority assignee issue_type due_on labels module summary".split())  # noqa: SIM905
_ISSUE_WORDS = (
    "backlog|issue|ticket|bug|defect|story|工单|缺陷|问题|需求|工作项|任务|事务|議題|課題|incidencia|vorgang|задач"
)
_KEY_SHAPE = r"^[A-Za-z][A-Za-z0-9_]*-\d+$"
_REPEATED = 2 / 3  # so few different keys in a column, and its rows are events, not issues


def evidence(sight: Sight) -> Evidence:
    table, mapping, names = sight.table, sight.mapping, sight.names
    held = set(mapping.columns.values())
    points = MARK * sight.marks + len(held & _OF_ISSUES) + HALF * len(held & _OF_REGISTERS)
    points += HALF * sum(names.get(index) in dialects().registers("issues") for index in mapping.columns)
    points += HALF * ("created_at" in held and bool(held & {"resolved_at", "closed_at"}))  # the life of an item
    key, repeats = next((index for index, name in mapping.columns.items() if name == "issue_key"), None), False
    if key is not None:
        said = pl.Series([table.header[key], table.file, table.sheet or ""])
        named = said.str.contains("(?i)" + "|".join([_ISSUE_WORDS, *map(re.escape, dialects().trackers)]))
        points += HALF * bool(named.any()) + HALF * bool(named[0])
        keys = cells_of(sight.sample, key)
        if len(keys):
            points += keys.str.contains(_KEY_SHAPE).sum() > HALF * len(keys)
        repeats = len(keys) >= FEW_ROWS and keys.n_unique() <= _REPEATED * len(keys)
    against, common = dialects().registers(*NO_ISSUES), dialects().registers("of_many")
    strangers = tuple(table.header[index] for index, name in names.items() if name in against)
    some = sum(name in common for name in names.values())
    return Evidence(points - MARK * len(strangers) - HALF * some, strangers, repeats)
