"""Coverage of code by tests."""

from __future__ import annotations

from pipeline.ingest.contracts.checks import FALLEN, LEAST_MODULES, ComparedList, ToldBy
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.feeds.coverage.rules import RULES

PLUGIN = FeedPlugin(
    "coverage",
    takes_folder_as_project=True,
    rules=RULES,
    volume=ComparedList("module", ("lines_valid",), "measured_on", FALLEN, LEAST_MODULES, LEAST_MODULES),
    told_by=ToldBy("coverage", "measured_on", "lines_valid", (("lower(trim(module))", "measured_on"),)),
    measures={"lines_valid": "sum(lines_valid)", "lines_covered": "sum(lines_covered)"},
)
