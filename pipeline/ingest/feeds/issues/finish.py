"""What can only be said of an issue once its values are typed: whether it is open, under way or done."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.known import STATES
from pipeline.ingest.dialects.words import category_of_status, unknown_words


def unknown_states(
    texts: dict[str, pl.Series], rows: pl.DataFrame, kept: pl.Series, system: str
) -> dict[str, dict[str, int]]:
    """States that no list knows, where the export says no category."""
    if "status" not in texts:
        return {}
    unsaid, states = rows["status_category"].is_null() & kept, dialects().words(STATES, system) or {}
    return {"status": unknown_words(texts["status"].filter(unsaid), states)}


def with_category(rows: pl.DataFrame, system: str) -> pl.DataFrame:
    """status_category from the state's name where the export holds none; cancelled and duplicate are not done.

    An issue without a state, but with a resolution or the day of one, is done; without either nobody knows.
    """
    guessed = category_of_status(rows["status"], dialects().words(STATES, system) or {})
    is_over = pl.any_horizontal(pl.col("resolution", "resolved_at", "closed_at").is_not_null())
    by_end = rows.select(pl.when(pl.col("status").is_null() & is_over).then(pl.lit("done"))).to_series()
    category = pl.select(pl.coalesce(rows["status_category"], guessed, by_end)).to_series()
    rows = rows.with_columns(category.alias("status_category"))
    not_done = (pl.col("status_category") == "done") & pl.col("resolution").is_in(["cancelled"])
    return rows.with_columns(
        pl.when(not_done.fill_null(False))
        .then(pl.lit("cancelled"))
        .otherwise(pl.col("status_category"))
        .alias("status_category")
    )
