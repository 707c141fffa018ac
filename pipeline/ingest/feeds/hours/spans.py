"""Hours from a start and an end: times of a day, over midnight too, or moments with their dates."""

from __future__ import annotations

import polars as pl

from models.errors import InputError
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.values import dates
from pipeline.ingest.values.amounts import hours

MINUTES_IN_A_DAY = 1440
_TIME = r"(?i)(上午|下午|晚上|凌晨|中午)?\s*(\d{1,2})\s*[::时点]\s*(\d{2})\s*分?(?::(\d{2}))?\s*([ap])?\.?m?\.?\s*(?:次日)?\s*$"
# A day and a time with its offset, or seconds and milliseconds since 1970: nothing beside it is needed to place it.
_WHOLE = r"(?i)\d:\d\d.*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})(?:\s*\([^()]*\))?$|^\d{10}(?:\.\d{1,6})?$|^\d{13}$"
_DATED = r"\d{1,4}[-/.年]\d{1,2}"


def hours_between(raw: pl.DataFrame, roles: dict[str, int], headers: dict[int, str]) -> pl.Series:
    """Decimal hours as text per row; where start or end does not read, both of them, so that the row says what it lacks."""
    start, end = _text(raw, roles["start"]), _text(raw, roles["end"])
    if "start_date" in roles and roles["start_date"] != roles["start"]:
        start = _with_date(_text(raw, roles["start_date"]), start)
        other = roles.get("end_date", roles["start_date"])
        end = _with_date(_text(raw, other), end) if "end_date" in roles else end
    minutes = _minutes(end) - _minutes(start)
    days = _days_between(start, end)
    over_midnight = pl.select(pl.when(minutes < 0).then(minutes + MINUTES_IN_A_DAY).otherwise(minutes)).to_series()
    total = pl.select(
        pl.coalesce(_minutes_between(start, end), days * MINUTES_IN_A_DAY + minutes, over_midnight)
    ).to_series()
    total = total / 60.0 - _pause(raw, roles, headers)
    said = start.fill_null("") + " – " + end.fill_null("")
    both = (start.fill_null("") + end.fill_null("")) != ""
    return pl.select(
        pl.when(total.is_not_null()).then(total.round(6).cast(pl.String)).when(both).then(said)
    ).to_series()


def days_covered(raw: pl.DataFrame, first: int, last: int) -> pl.Series:
    """How many days each row stands for, both ends included; null where a date does not read."""
    return _days_between(_text(raw, first), _text(raw, last)) + 1


def _text(raw: pl.DataFrame, index: int) -> pl.Series:
    return raw[f"c{index}"].str.strip_chars()


def _with_date(day: pl.Series, time: pl.Series) -> pl.Series:
    return pl.select(pl.when(time.str.contains(_DATED)).then(time).otherwise(day + " " + time)).to_series()


def _minutes(text: pl.Series) -> pl.Series:
    parts = text.str.extract_groups(_TIME).struct.unnest()
    before, hour, minute, second, after = (parts.to_series(number) for number in range(5))
    late = before.is_in(["下午", "晚上"]).fill_null(False) | (after.str.to_lowercase() == "p").fill_null(False)
    clock = hour.cast(pl.Float64)
    early = (after.str.to_lowercase() == "a").fill_null(False) | before.is_in(["上午", "凌晨"]).fill_null(False)
    clock = pl.select(
        pl.when(late & (clock < 12)).then(clock + 12).when(early & (clock == 12)).then(0.0).otherwise(clock)
    ).to_series()
    return clock * 60 + minute.cast(pl.Float64) + second.cast(pl.Float64).fill_null(0) / 60


def _minutes_between(start: pl.Series, end: pl.Series) -> pl.Series:
    """Minutes between two whole moments (2026-03-02T09:00:00Z, epoch milliseconds); null where either is none."""
    is_whole = (start.str.contains(_WHOLE) & end.str.contains(_WHOLE)).fill_null(False)
    nothing = pl.Series([None] * len(start), dtype=pl.Float64)
    if not is_whole.any():
        return nothing
    moments = []
    for text in (start, end):
        whole = pl.select(pl.when(is_whole).then(text)).to_series()
        evidence = dates.DateEvidence()
        evidence.add(whole.drop_nulls())
        layouts = tuple(layout for layout in evidence.counts if layout not in ("serial", "numeric"))
        moments.append(dates.instants(whole, dates.DateFormat(layouts), "UTC"))
    return (moments[1] - moments[0]).dt.total_microseconds() / 60_000_000


def _days_between(start: pl.Series, end: pl.Series) -> pl.Series:
    """Whole days from the date of the start to that of the end; null where either has none."""
    nothing = pl.Series([None] * len(start), dtype=pl.Float64)
    if not (start.str.contains(_DATED).any() and end.str.contains(_DATED).any()):
        return nothing
    first, last = (text.str.replace(_TIME, "").str.strip_chars(" T,") for text in (start, end))
    evidence = {"start": dates.DateEvidence(), "end": dates.DateEvidence()}
    evidence["start"].add(first.drop_nulls())
    evidence["end"].add(last.drop_nulls())
    try:
        formats, _ = dates.settle_dates(evidence, None, "", {})
    except InputError:  # the same day needs no order of day and month
        same = first == last
        return pl.select(pl.when(same).then(0.0)).to_series()
    days = dates.dates(last, formats["end"], "UTC") - dates.dates(first, formats["start"], "UTC")
    return days.dt.total_days().cast(pl.Float64)


def _pause(raw: pl.DataFrame, roles: dict[str, int], headers: dict[int, str]) -> pl.Series:
    if "pause" not in roles:
        return pl.repeat(0.0, len(raw), eager=True)
    text = _text(raw, roles["pause"])
    read = hours(text, False, None).fill_null(0.0)
    in_minutes = "分" in headers[roles["pause"]] or "min" in normal_header(headers[roles["pause"]])
    plain = text.str.contains(r"^\d+([.]\d+)?$").fill_null(False)
    return pl.select(pl.when(plain & (pl.lit(in_minutes) | (read > 8))).then(read / 60).otherwise(read)).to_series()
