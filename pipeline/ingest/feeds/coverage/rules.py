"""What is expected of a module's coverage."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import Expectation
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.feeds.row_rules import not_negative

RULES = (
    *not_negative("lines_covered", "lines_valid", "branches_covered", "branches_valid"),
    Expectation(
        "ingest.more_covered_than_valid",
        "{other} lines are valid and {value} of them covered: that cannot be. Export the report again.",
        "lines_valid",
        Says("No more lines are covered than are valid."),
        at_least="lines_covered",
    ),
    Expectation(
        "ingest.more_branches_covered_than_valid",
        "{other} branches are valid and {value} of them covered: that cannot be. Export the report again.",
        "branches_valid",
        Says("No more branches are covered than are valid."),
        at_least="branches_covered",
    ),
)
