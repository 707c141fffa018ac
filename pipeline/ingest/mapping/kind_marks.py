"""What speaks for a table being of one feed, and what against it, beside the columns that it maps.

Any register has a number, a name and a status: people, assets, meetings, test runs. So that none of them lands as issues or
as test results, a feed needs words of its own, and words of another kind count against it. Below the line a person is asked.
"""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import SURE, Evidence, FeedPlugin, Sight
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects.names import squeezed
from pipeline.ingest.values.cleaning import cleaned_text

MARK = 2.0  # a header that only one tool or one kind prints


# Registers of other kinds, as generic.words.yml lists their headers: neither issues nor results of tests have any of them.
OTHER_REGISTERS = ("people", "resources", "assets", "meetings", "money", "documents")

HALF = 0.5
FEW_ROWS = 3
_LOOKED_AT = 2_000


def evidence_of(table: RawTable, plugin: FeedPlugin, mapping: Mapping, marks: int, sample: pl.DataFrame) -> Evidence:
    """How well the table fits the feed beyond its mapped columns. marks: headers that only the tool prints.

    sample: the first rows, as sample_of gives them.
    """
    sight = Sight(table, mapping, squeezed_names(table.header), marks, sample)
    return plugin.evidence(sight) or _weighed(sight, plugin)


def spoken_for(plugin: FeedPlugin, header: tuple[str, ...]) -> int:
    """How many headers speak for this feed, less those that do against it: what is at home in registers of another kind."""
    return plugin.spoken_for(squeezed_names(header).values())


def squeezed_names(header: tuple[str, ...]) -> dict[int, str]:
    return {index: squeezed(name) for index, name in enumerate(header) if name.strip()}


def _weighed(sight: Sight, plugin: FeedPlugin) -> Evidence:
    """In general: words that only the tool prints, or most columns of the table known, three of them at least."""
    layout = sight.mapping.layout
    known = len({*sight.mapping.indices, *(layout.indices if layout else ())} & set(sight.names))
    points = MARK * sight.marks + (layout.score if layout and layout.score > 0 else 0)
    points += SURE * (known >= FEW_ROWS and known >= HALF * len(sight.names))
    return Evidence(points - plugin.doubts(sight))


def sample_of(table: RawTable) -> pl.DataFrame:
    """The first rows of a table, each that stands there twice but once; empty where nothing is to be read."""
    frame = next(iter(table.chunks()), None) if table.records else None
    return pl.DataFrame() if frame is None else frame.head(_LOOKED_AT).drop("source_row").unique(maintain_order=True)


def cells_of(sample: pl.DataFrame, index: int) -> pl.Series:
    if f"c{index}" not in sample.columns:
        return pl.Series(dtype=pl.String)
    return cleaned_text(sample[f"c{index}"]).drop_nulls()
