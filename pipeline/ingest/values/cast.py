"""Text becomes dates, numbers and words of ours: formats are settled per column over the whole file, then cast by chunk."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from models.feeds import POLARS_TYPES, Column, Feed, Kind
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin, HoursOf
from pipeline.ingest.contracts.raw_table import RejectedRow
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.money_units import FACTORS
from pipeline.ingest.dialects.words import canonical_words, unknown_words
from pipeline.ingest.values import amounts, dates
from pipeline.ingest.values.cleaning import cleaned_text, list_of
from pipeline.ingest.values.formats import Formats, ReadOptions
from pipeline.ingest.values.hour_units import UnitEvidence, settle_units
from pipeline.ingest.values.proved_units import (
    PlainNumbers,
    leave_out_false_points,
    settle_issue_units,
    settle_money_scales,
    settle_shares,
)

DATED = (Kind.DATE, Kind.INSTANT)
NUMERIC = (Kind.MONEY, Kind.NUMBER, Kind.HOURS, Kind.INTEGER, Kind.SHARE)
# An optional column of which less than this share reads as numbers or dates is something else under that name (影響: 高).
READABLE_SHARE = 0.5


def settle_formats(  # noqa: PLR0917 (in the order in which a reader comes to know them)
    plugin: FeedPlugin,
    chunks: Iterable[pl.DataFrame],
    options: ReadOptions | None = None,
    mapping: Mapping | None = None,
    system: str = "generic",
    file: str = "",
) -> Formats:
    """Looks at every value of the dated and numeric columns once.

    chunks: canonical column names, still text. Raises: InputError "ingest.date_order_undecided".
    """
    feed, options = plugin.feed, options or ReadOptions()
    formats = Formats(
        system,
        options,
        headers=mapping.canonical if mapping else {},
        units=dict(mapping.units) if mapping else {},
        defaults=dict(mapping.defaults) if mapping else {},
        zones=dict(mapping.zones) if mapping else {},
    )
    dated = {column.name: dates.DateEvidence() for column in feed.columns if column.kind in DATED}
    numeric = {column.name: amounts.NumberEvidence() for column in feed.columns if column.kind in NUMERIC}
    hour_columns = {column.name for column in feed.columns if column.kind is Kind.HOURS}
    unsure = {name: UnitEvidence() for name in hour_columns} if plugin.hours_of is HoursOf.DAY else {}
    hourly = {name: PlainNumbers() for name in hour_columns} if plugin.hours_of is HoursOf.ITEM else {}
    points = {"story_points": PlainNumbers()} if hourly else {}
    seen: set[str] = set()
    for chunk in chunks:
        seen |= set(chunk.columns)
        for evidence in (dated, numeric, unsure, hourly, points):
            for name, proof in evidence.items():
                if name in chunk.columns:
                    proof.add(cleaned_text(chunk[name], system, feed.column(name)).drop_nulls())
    dated = {name: proof for name, proof in dated.items() if name in seen}
    numeric = {name: proof for name, proof in numeric.items() if name in seen}
    _drop_unreadable(feed, formats, dated, numeric, hour_columns)
    formats.dates, warnings = dates.settle_dates(dated, options.date_order, file, formats.headers)
    formats.warnings += warnings
    _settle_decimals(formats, numeric, options)
    settle_units(formats, {name: seen_values for name, seen_values in unsure.items() if name in seen}, mapping, system)
    if mapping is not None:
        if hourly:
            settle_issue_units(
                formats,
                {name: seen_values for name, seen_values in hourly.items() if name in seen},
                mapping,
                system,
                file,
            )
        if "story_points" in seen:
            leave_out_false_points(formats, points.get("story_points"))
        settle_money_scales(formats, feed, numeric, file)
    for name, proof in numeric.items():
        if feed.column(name).kind is Kind.SHARE:
            formats.percent[name] = proof.largest > 1
            if name == "probability" and proof.plain and proof.levels_only and proof.largest > 1:
                formats.levels.add(name)
    settle_shares(
        formats, feed, {name: seen_values for name, seen_values in numeric.items() if name not in formats.levels}, file
    )
    return formats


def _drop_unreadable(feed: Feed, formats: Formats, dated, numeric, hour_columns) -> None:
    for evidence in (dated, numeric):
        for name in list(evidence):
            one = evidence[name]
            readable = one.total - one.unreadable if evidence is dated else one.readable
            if feed.column(name).required or name in hour_columns or name == "probability" or not one.total:
                continue
            if readable < READABLE_SHARE * one.total:
                formats.unread.add(name)
                del evidence[name]
                formats.warnings.append(
                    (
                        "ingest.column_unreadable",
                        "Column '{column}' was taken for {canonical}, but only {readable} of its {total} values read so; "
                        "it was left out.",
                        {
                            "column": formats.header_of(name),
                            "canonical": name,
                            "readable": readable,
                            "total": one.total,
                        },
                    )
                )


def _settle_decimals(formats: Formats, numeric: dict[str, amounts.NumberEvidence], options: ReadOptions) -> None:
    commas = sum(evidence.comma_decimal for evidence in numeric.values())
    dots = sum(evidence.dot_decimal for evidence in numeric.values())
    for name, evidence in numeric.items():
        if options.decimal is not None:
            formats.decimal_comma[name] = options.decimal == ","
        elif evidence.comma_decimal or evidence.dot_decimal:
            formats.decimal_comma[name] = evidence.comma_decimal > evidence.dot_decimal
        else:
            formats.decimal_comma[name] = commas > dots
        if (
            evidence.comma_unsure
            and options.decimal is None
            and not evidence.comma_decimal
            and not evidence.dot_decimal
        ):
            assumed = _COMMA_AS_DECIMAL if formats.decimal_comma[name] else _COMMA_AS_THOUSANDS
            formats.warnings.append((*assumed, {"column": formats.header_of(name)}))


_COMMA_AS_DECIMAL = (
    "ingest.decimal_assumed",
    "Column '{column}': a comma before three digits was read as the decimal mark, as in the other columns.",
)
_COMMA_AS_THOUSANDS = (
    "ingest.thousands_assumed",
    "Column '{column}': a comma before three digits was read as a thousands separator.",
)
_UNREADABLE = {
    Kind.DATE: ("ingest.bad_date", "Column '{column}': '{value}' is not a date."),
    Kind.INSTANT: ("ingest.bad_date", "Column '{column}': '{value}' is not a date."),
    Kind.MONEY: ("ingest.bad_amount", "Column '{column}': '{value}' is not an amount."),
    Kind.NUMBER: ("ingest.bad_number", "Column '{column}': '{value}' is not a number."),
    Kind.INTEGER: ("ingest.bad_integer", "Column '{column}': '{value}' is not a whole number."),
    Kind.HOURS: ("ingest.bad_hours", "Column '{column}': '{value}' is not a number of hours."),
    Kind.SHARE: ("ingest.bad_share", "Column '{column}': '{value}' is not a percentage."),
    Kind.FLAG: ("ingest.bad_flag", "Column '{column}': '{value}' is neither yes nor no."),
}
_LEFT_OUT_BY_THE_CLOCK = (
    "ingest.hour_left_out",
    "Column '{column}': '{value}' is in an hour that the clocks left out when summer time began. "
    "Say in which time zone the export was made.",
)
_EMPTY = ("ingest.value_missing", "Column '{column}' is empty, and every row needs it.")


def cast_chunk(plugin: FeedPlugin, chunk: pl.DataFrame, formats: Formats) -> tuple[pl.DataFrame, list[RejectedRow]]:
    """(rows typed as feed.schema() without batch_id, rows held back with the first reason of each).

    chunk: canonical names still text, lists as List(String) or text, and source_row. `raw` of a rejected row is empty:
    RawTable.raw_text(lines) gives it.
    """
    feed = plugin.feed
    cast: dict[str, pl.Series] = {}
    held = _Held(chunk["source_row"], formats)
    texts = _texts(feed, chunk, formats)
    for column in feed.columns:
        text = texts.get(column.name)
        if text is None:
            text = pl.Series(column.name, [None] * len(chunk), pl.String)
        series = _cast_column(feed, column, text, formats).cast(POLARS_TYPES[column.kind])
        cast[column.name] = series.alias(column.name)
        if column.kind is Kind.INSTANT and text.dtype == pl.String:
            how = formats.dates.get(column.name)
            held.add(column, text, dates.left_out_by_the_clock(text, series, how), _LEFT_OUT_BY_THE_CLOCK)
        if column.kind in _UNREADABLE:
            held.add(column, text, series.is_null() & text.is_not_null(), _UNREADABLE[column.kind])
        if column.required:
            held.add(column, text, series.is_null(), _EMPTY)
    frame = pl.DataFrame(cast).with_columns(chunk["source_row"])
    _note_unknown_words(plugin, texts, frame, held.mask, formats)
    frame = plugin.finish(frame, formats.system)
    if held.rows:
        frame = frame.filter(~held.mask)
    return frame, sorted(held.rows, key=lambda row: row.source_row)


def _note_unknown_words(
    plugin: FeedPlugin, texts: dict[str, pl.Series], frame: pl.DataFrame, held: pl.Series, formats: Formats
) -> None:
    """Counts the words that no list knows in the rows that stay; of states, only where the export says no category."""
    for name, text in texts.items():
        if vocabulary := dialects().vocabulary(plugin.name, name, formats.system):
            formats.note_unknown(name, unknown_words(text.filter(~held), vocabulary))
    for name, words in plugin.unknown_words(texts, frame, ~held, formats.system).items():
        formats.note_unknown(name, words)


class _Held:
    """Rows held back, each for the first reason found."""

    def __init__(self, lines: pl.Series, formats: Formats) -> None:
        self.lines, self.formats = lines, formats
        self.mask = pl.repeat(False, len(lines), dtype=pl.Boolean, eager=True)
        self.rows: list[RejectedRow] = []

    def add(self, column: Column, text: pl.Series, bad: pl.Series, reason: tuple[str, str]) -> None:
        bad = bad & ~self.mask
        if not bad.any():
            return
        code, template = reason
        header = self.formats.header_of(column.name)
        values = text.filter(bad).to_list() if text.dtype == pl.String else [None] * int(bad.sum())
        for line, value in zip(self.lines.filter(bad).to_list(), values, strict=True):
            shown = value[:200] if value is not None else None
            details = {"column": header, "value": shown or ""}
            self.rows.append(RejectedRow(line, code, template, details, "", column.name, shown))
        self.mask = self.mask | bad


def _texts(feed: Feed, chunk: pl.DataFrame, formats: Formats) -> dict[str, pl.Series]:
    """Cleaned text of every column of the feed that the chunk, the options or the tool's defaults give."""
    texts: dict[str, pl.Series] = {}
    for column in feed.columns:
        name = column.name
        if name in chunk.columns and name not in formats.unread:
            series = chunk[name]
            is_list = isinstance(series.dtype, pl.List)
            texts[name] = series if is_list else cleaned_text(series, formats.system, column)
        given = formats.options.given.get(name) or formats.defaults.get(name)
        if given is not None and column.kind is not Kind.LIST:
            if name in texts:
                texts[name] = texts[name].fill_null(given)
            else:
                texts[name] = pl.repeat(given, len(chunk), dtype=pl.String, eager=True).alias(name)
    return texts


def _cast_column(feed: Feed, column: Column, text: pl.Series, formats: Formats) -> pl.Series:
    comma = formats.decimal_comma.get(column.name, False)
    match column.kind:
        case Kind.TEXT | Kind.CODE:
            vocabulary = dialects().vocabulary(feed.name, column.name, formats.system)
            return canonical_words(text, vocabulary) if vocabulary else text
        case Kind.DATE | Kind.INSTANT:
            how = formats.dates.get(column.name) or dates.DateFormat(("iso", "ymd"))
            zone = formats.zones.get(column.name, formats.options.time_zone)
            if column.kind is Kind.INSTANT:
                return dates.instants(text, how, zone)
            return dates.dates(text, how, formats.options.time_zone, zone)
        case Kind.MONEY:
            factor = FACTORS.get(formats.units.get(column.name, ""), 1)
            series, changed = amounts.money(text, comma, factor)
            if changed:
                formats.rounded[column.name] = formats.rounded.get(column.name, 0) + changed
            return series
        case Kind.NUMBER:
            return amounts.numbers(text, comma)
        case Kind.INTEGER:
            return amounts.integers(text, comma)
        case Kind.HOURS:
            return amounts.hours(text, comma, formats.units.get(column.name))
        case Kind.SHARE:
            if column.name in formats.levels:
                levels = {str(level): share for level, share in amounts.PROBABILITY_LEVELS.items()}
                return (
                    amounts.numbers(text, comma)
                    .cast(pl.Int64)
                    .cast(pl.String)
                    .replace_strict(levels, default=None, return_dtype=pl.Float64)
                )
            words = amounts.PROBABILITY_WORDS if column.name == "probability" else None
            return amounts.shares(text, comma, formats.percent.get(column.name, False), words)
        case Kind.FLAG:
            return amounts.flags(text)
        case Kind.LIST:
            return list_of(text, formats.system, column.name)


def iso_formats(feed: Feed, system: str = "generic", options: ReadOptions | None = None) -> Formats:
    """Formats for readers whose text is ISO dates and plain numbers by construction (REST JSON, XML)."""
    formats = Formats(system, options or ReadOptions())
    formats.dates = {column.name: dates.DateFormat(("iso",)) for column in feed.columns if column.kind in DATED}
    return formats
