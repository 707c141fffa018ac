"""What is expected of a task."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.checks import Expectation
from pipeline.ingest.contracts.reasons import Says
from pipeline.ingest.feeds.row_rules import finished_first, not_negative

WHOLE = 0.9995  # percent complete as the tools round it: 99.95 % and more is shown as 100 %

RULES = (
    *not_negative("duration_days", "planned_hours"),
    finished_first("baseline_finish", "baseline_start"),
    finished_first("actual_finish", "actual_start"),
    Expectation(
        "ingest.share_out_of_range",
        "{column} is {value}, and lies between 0 and 1 (0 % and 100 %) but of a buffer, of which more may be used.",
        "percent_complete",
        Says("{column} must lie between 0 % and 100 %; of a buffer more may be used."),
        broken=(pl.col("percent_complete") < 0)
        | ((pl.col("percent_complete") > 1) & ~pl.col("is_buffer").fill_null(False)),
        beside=("is_buffer",),
    ),
    Expectation(
        "ingest.finished_incomplete",
        "{rows} tasks are finished and less than 100 % complete, the first in line {line} ({value}, finished on "
        "{other}). They count as they stand: set them to 100 %, or take the date away.",
        "percent_complete",
        Says("A task with an actual finish is 100 % complete."),
        broken=pl.col("actual_finish").is_not_null() & (pl.col("percent_complete") < WHOLE),
        beside=("actual_finish",),
        flag=True,
    ),
)
