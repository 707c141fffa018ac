"""Dates and instants as text: which layouts a column holds, settled over the whole file, and how each is read."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from models.errors import InputError
from models.intake import Question
from pipeline.ingest.values.month_names import month_numbers
from pipeline.ingest.values.weekdays import WeekdayOrder, has_weekday, undayed

_HALVES = "上午|下午|晚上|早上|清晨|凌晨|中午|午夜|傍晚|午前|午後"
_TIME = (
    rf"(?:(?:[T,\s]*(?P<before>{_HALVES})\s*|[T,\s]+(?:(?i:at|um|à|às|a las|o|в|kl\.?)\s+)?)"
    r"(?P<h>\d{1,2})(?::|\.|时|時|点|點|h)(?P<mi>\d{2})分?"
    r"(?:[:.]?(?P<s>\d{2})秒?(?:[.,](?P<f>\d{1,9}))?)?"
    rf"\s*(?P<after>(?i:[ap]\.?\s?m\.?|{_HALVES}|nachm\.|vorm\.|дп|пп))?"
    r"\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?|UTC|GMT)?(?:\s*\([^()]*\))?(?:\s*Uhr)?)?$"
)
_WEEKDAY = r"^(?:[^\d\s,]+,\s*)?"  # Thu, 04 Dec 2025
_WORD = r"(?P<word>\d{1,2}月|[^\d\s/.,-]+)"
# The layouts, in the order they are tried. d/m/y in digits alone does not say which is the day: "numeric".
LAYOUTS: dict[str, str] = {
    "iso": r"^(?P<y>\d{4})-(?P<mo>\d{1,2})-(?P<d>\d{1,2})" + _TIME,
    "ymd": r"^(?P<y>\d{4})(?:[/.]|\s?年\s?)(?P<mo>\d{1,2})(?:[/.]|\s?月\s?)(?P<d>\d{1,2})\s?日?" + _TIME,
    "compact": r"^(?P<y>(?:19|20)\d{2})(?P<mo>\d{2})(?P<d>\d{2})" + _TIME,
    "dotted": r"^(?P<d>\d{1,2})\.\s?(?P<mo>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})" + _TIME,
    "numeric": r"^(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-](?P<y>\d{4}|\d{2})" + _TIME,
    "day_month_word": _WEEKDAY
    + r"(?P<d>\d{1,2})(?:\.|er|º)?(?:[/-]|\s*(?:de\s+)?)"
    + _WORD
    + r"\.?(?:[/-]|[\s,]+(?:de\s+)?|\.)(?P<y>\d{4}|\d{2})(?:\s?г\.?|\s?r\.)?"
    + _TIME,
    "month_word_day": _WEEKDAY
    + r"(?P<word>[^\d\s/.,-]+)\.?[\s-]+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(?P<y>\d{4})"
    + _TIME,
    "year_month_word": r"^(?P<y>\d{4})[-/.\s](?P<word>[^\d\s/.,-]+)\.?[-/.\s](?P<d>\d{1,2})" + _TIME,
    "year_last": r"^(?P<word>[^\d\s/.,-]+)\s+(?P<d>\d{1,2})\s+(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2}))?"
    r"(?:\s+(?P<zone>UTC|GMT|Z|[+-]\d{4}))?\s+(?P<y>\d{4})$",  # Feb 27 09:00:00 UTC 2026, as C and Java print it
}
LAYOUT_LABELS = {
    "iso": "yyyy-mm-dd",
    "ymd": "yyyy/mm/dd",
    "compact": "yyyymmdd",
    "dotted": "dd.mm.yyyy",
    "day_month_word": "dd/month/yyyy",
    "month_word_day": "month dd, yyyy",
    "year_month_word": "yyyy-month-dd",
    "year_last": "month dd hh:mm:ss yyyy",
    "serial": "Excel day number",
    "epoch_s": "seconds since 1970",
    "epoch_ms": "milliseconds since 1970",
}
FEW = 5_000  # below this, reading each value by itself is fast enough
_AFTERNOON = ("p", "下午", "晚上", "傍晚", "午後", "nachm", "пп")
_PLAIN_NUMBER = r"^\d{5}(\.\d+)?$|^\d{10}(\.\d{1,6})?$|^\d{13}$"
_FAST = (
    ("%Y-%m-%d %H:%M:%S", r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"),
    ("%Y-%m-%dT%H:%M:%S", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"),
)


@dataclass
class DateEvidence:
    """What a column of dates shows, gathered chunk by chunk."""

    counts: dict[str, int] = field(default_factory=dict)
    first_over_12: int = 0
    second_over_12: int = 0
    differing: int = 0  # numeric dates in which day and month are not the same number
    example: str | None = None
    unreadable: int = 0
    weekdays: WeekdayOrder = field(default_factory=WeekdayOrder)

    def add(self, values: pl.Series) -> None:
        """values: text without nulls, trimmed."""
        rest = self._unread(values)
        if len(rest) and (named := has_weekday(rest)).any():
            self.weekdays.add(rest.filter(named))
            rest = pl.concat([self._unread(undayed(rest.filter(named))), rest.filter(~named)])
        self.unreadable += len(rest)

    def _unread(self, values: pl.Series) -> pl.Series:
        """Counts the values by layout; returns those of none."""
        rest = values
        for layout, pattern in LAYOUTS.items():
            if not len(rest):
                return rest
            hit = rest.str.contains(pattern)
            found = int(hit.sum())
            if not found:
                continue
            self.counts[layout] = self.counts.get(layout, 0) + found
            if layout == "numeric":
                self._weigh(rest.filter(hit))
            rest = rest.filter(~hit)
        for layout, low, high in (("serial", 20_000, 80_000), ("epoch_s", 6e8, 4e9), ("epoch_ms", 6e11, 4e12)):
            if not len(rest):
                return rest
            numbers = rest.str.contains(_PLAIN_NUMBER)
            value = rest.cast(pl.Float64, strict=False)
            hit = numbers & value.is_between(low, high).fill_null(False)
            if found := int(hit.sum()):
                self.counts[layout] = self.counts.get(layout, 0) + found
                rest = rest.filter(~hit)
        return rest

    def _weigh(self, values: pl.Series) -> None:
        parts = values.str.extract_groups(LAYOUTS["numeric"]).struct
        first = parts.field("first").cast(pl.Int32)
        second = parts.field("second").cast(pl.Int32)
        self.first_over_12 += int((first > 12).sum())
        self.second_over_12 += int((second > 12).sum())
        self.differing += int((first != second).sum())
        if self.example is None and len(values):
            differing = values.filter(first != second)
            self.example = (differing if len(differing) else values)[0]

    @property
    def total(self) -> int:
        return sum(self.counts.values()) + self.unreadable

    @property
    def order(self) -> str | None:
        """dmy or mdy where the values prove it; None where they do not, or where they contradict each other."""
        if bool(self.first_over_12) == bool(self.second_over_12):
            by_weekday = self.weekdays.order if not self.first_over_12 else None
            return by_weekday if by_weekday in ("dmy", "mdy") else None
        return "dmy" if self.first_over_12 else "mdy"


@dataclass(frozen=True)
class DateFormat:
    """layouts: those accepted, most frequent first. order: dmy or mdy for "numeric"; None holds those rows back."""

    layouts: tuple[str, ...]
    order: str | None = None

    @property
    def label(self) -> str:
        numeric = {"dmy": "dd/mm/yyyy", "mdy": "mm/dd/yyyy"}.get(self.order or "", "day or month first")
        return " + ".join(LAYOUT_LABELS.get(layout, numeric) for layout in self.layouts)


def settle_dates(
    evidence: dict[str, DateEvidence], asked: str | None, file: str, headers: dict[str, str]
) -> tuple[dict[str, DateFormat], list[tuple[str, str, dict]]]:
    """One format per column, over the whole file; columns of one file lend each other the order of day and month.

    asked: the order the user gave (dmy, mdy, ymd). Raises: InputError "ingest.date_order_undecided".
    """
    proved = {proof.order for proof in evidence.values() if proof.order}
    shared = proved.pop() if len(proved) == 1 else None
    formats, warnings = {}, []
    for column, proof in evidence.items():
        layouts = tuple(sorted(proof.counts, key=lambda layout: -proof.counts[layout]))
        numbers = [layout for layout in layouts if layout in ("serial", "epoch_s", "epoch_ms")]
        if numbers and len(layouts) > 1:  # day numbers count only where the whole column is made of them
            layouts = tuple(layout for layout in layouts if layout not in numbers) or layouts[:1]
        order = None
        if "numeric" in layouts:
            order = asked if asked in ("dmy", "mdy") else proof.order or (shared if not proof.first_over_12 else None)
            if order is None and not proof.differing:
                order = "dmy"  # 01/01, 02/02: the same day either way
            if order is None and proof.counts["numeric"] * 2 >= proof.total:
                raise _undecided(file, headers.get(column, column), proof)
        readable = DateFormat(layouts, order)
        formats[column] = readable
        if len(layouts) > 1:
            warnings.append(
                (
                    "ingest.several_date_formats",
                    "Column '{column}' holds dates in several formats: {formats}. Each value was read by its own.",
                    {"column": headers.get(column, column), "formats": readable.label},
                )
            )
    return formats, warnings


def _undecided(file: str, column: str, evidence: DateEvidence) -> InputError:
    if evidence.first_over_12 and evidence.second_over_12:
        return InputError(
            "ingest.date_order_mixed",
            "{file}: column '{column}' holds dates with the day first and dates with the month first, such as {example}. "
            "Mend the file, or say which to read with --date-order dmy or mdy; the others are then held back.",
            file=file,
            column=column,
            example=evidence.example,
            questions=[_question(column, evidence.example or "")],
        )
    return InputError(
        "ingest.date_order_undecided",
        "{file}: column '{column}' does not show whether the day or the month comes first ({example}). "
        "Say it with --date-order dmy or --date-order mdy, or choose it on the upload page.",
        file=file,
        column=column,
        example=evidence.example,
        questions=[_question(column, evidence.example or "")],
    )


def _question(column: str, example: str) -> Question:
    """What the person is asked: the same value of the file read both ways (null where it is no day)."""
    text = pl.Series([example], dtype=pl.String)
    either = {order: dates(text, DateFormat(("numeric",), order), "UTC")[0] for order in ("dmy", "mdy")}
    dmy, mdy = (day.isoformat() if day else None for day in either.values())
    return {"code": "date_order", "column": column, "value": example, "dmy": dmy, "mdy": mdy}


def instants(values: pl.Series, how: DateFormat, time_zone: str) -> pl.Series:
    """Text to naive UTC timestamps; null where a value does not read. Text without an offset is in `time_zone`."""
    return _moments(values, how, time_zone, as_date=False)


def left_out_by_the_clock(values: pl.Series, read: pl.Series, how: DateFormat | None) -> pl.Series:
    """Which values are instants anywhere but in the zone in which `read` found none: summer time began in that hour."""
    unread = read.is_null() & values.is_not_null()
    if how is None or not unread.any():
        return unread & False
    return unread & instants(values, how, "UTC").is_not_null()


def dates(values: pl.Series, how: DateFormat, time_zone: str, written_in: str | None = None) -> pl.Series:
    """Text to dates: as written, or the day in `time_zone` where the text carries an offset, or a time and the column
    another zone (`written_in`)."""
    if written_in is not None and written_in != time_zone:
        moved = instants(values, how, written_in).dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone).dt.date()
        timed = values.str.contains(r"\d\s*[::时]\s*\d\d")
        return pl.select(pl.when(timed).then(moved).otherwise(dates(values, how, time_zone))).to_series()
    if how.layouts == ("iso",):
        fast = values.str.to_date("%Y-%m-%d", strict=False, exact=True)
        if fast.null_count() == values.null_count():
            return fast
    return _moments(values, how, time_zone, as_date=True)


def _moments(values: pl.Series, how: DateFormat, time_zone: str, as_date: bool) -> pl.Series:
    result = pl.Series(values.name, [], pl.Date if as_date else pl.Datetime("us"))
    pieces: list[pl.DataFrame] = []
    index = pl.int_range(len(values), eager=True)
    frame = pl.DataFrame({"i": index, "text": values}).drop_nulls()
    frame = _by_layouts(frame, how, time_zone, as_date, pieces)
    if len(frame) and (named := has_weekday(frame["text"])).any():
        frame = frame.filter(named).with_columns(undayed(frame["text"].filter(named)).alias("text"))
        _by_layouts(frame, how, time_zone, as_date, pieces)
    if not pieces:
        return pl.Series(values.name, [None] * len(values), result.dtype)
    read = pl.concat(pieces)
    whole = pl.DataFrame({"i": index}).join(read, on="i", how="left", maintain_order="left")
    return whole["moment"].cast(result.dtype).alias(values.name)


def _by_layouts(
    frame: pl.DataFrame, how: DateFormat, time_zone: str, as_date: bool, pieces: list[pl.DataFrame]
) -> pl.DataFrame:
    """Adds {i, moment} of the texts that a layout reads to `pieces`; returns the rows of those that none does."""
    for layout in how.layouts:
        if not len(frame):
            break
        if layout in ("serial", "epoch_s", "epoch_ms"):
            hit = frame["text"].str.contains(_PLAIN_NUMBER)
            moments = _from_number(frame.filter(hit)["text"], layout, time_zone, as_date)
        else:
            hit = frame["text"].str.contains(LAYOUTS[layout])
            moments = _from_layout(frame.filter(hit)["text"], layout, how.order, time_zone, as_date)
        pieces.append(pl.DataFrame({"i": frame.filter(hit)["i"], "moment": moments}))
        frame = frame.filter(~hit)
    return frame


def _from_number(text: pl.Series, layout: str, time_zone: str, as_date: bool) -> pl.Series:
    number = text.cast(pl.Float64, strict=False)
    if layout == "serial":  # Excel's day 0 is 1899-12-30 for every day after February 1900
        micros = ((number - 25_569) * 86_400_000_000).round().cast(pl.Int64)
        return _placed(micros.cast(pl.Datetime("us")), None, time_zone, as_date)
    micros = (number * (1_000_000 if layout == "epoch_s" else 1_000)).cast(pl.Int64)
    utc = micros.cast(pl.Datetime("us"))
    return utc.dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone).dt.date() if as_date else utc


def _from_layout(text: pl.Series, layout: str, order: str | None, time_zone: str, as_date: bool) -> pl.Series:
    """Long columns repeat their days and their times of day: each distinct one is read once."""
    if len(text) > FEW:
        halves = text.str.splitn(" ", 2).struct
        days, times = halves.field("field_0"), halves.field("field_1")
        few_days, few_times = days.unique(), times.drop_nulls().unique()
        if len(few_days) + len(few_times) < len(text) / 2 and few_days.str.contains(LAYOUTS[layout]).all():
            day = pl.DataFrame({"key": few_days, "day": _read(few_days, layout, order)[0]})
            noon_less = pl.Series(["1970-01-01 "] * len(few_times), dtype=pl.String) + few_times
            moment, zone = _read(noon_less, "iso", None)
            time = pl.DataFrame({"key": few_times, "time": moment.to_physical(), "zone": zone})
            frame = pl.DataFrame({"days": days, "times": times})
            frame = frame.join(day, left_on="days", right_on="key", how="left", maintain_order="left")
            frame = frame.join(time, left_on="times", right_on="key", how="left", maintain_order="left")
            late = pl.when(pl.col("times").is_null()).then(0).otherwise(pl.col("time"))
            moments = frame.select(pl.col("day") + pl.duration(microseconds=late)).to_series()
            return _placed(moments, frame["zone"], time_zone, as_date)
    moments, zones = _read(text, layout, order)
    return _placed(moments, zones, time_zone, as_date)


def _read(text: pl.Series, layout: str, order: str | None) -> tuple[pl.Series, pl.Series]:
    """(naive moments as written, offsets as written); a moment that no calendar holds is null."""
    if layout == "iso":
        for pattern, shape in _FAST:
            if text.str.contains(shape).all():
                moments = text.str.to_datetime(pattern, strict=False, time_unit="us")
                return moments, pl.Series([None] * len(text), dtype=pl.String)
    parts = text.str.extract_groups(LAYOUTS[layout]).struct.unnest()
    parts = parts.with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("before", "after", "f") if name not in parts.columns
    )

    def number(name: str) -> pl.Expr:
        return pl.col(name).cast(pl.Int32, strict=False)

    year = number("y")
    year = (
        pl.when(pl.col("y").str.len_bytes() == 2)
        .then(pl.when(year < 70).then(year + 2000).otherwise(year + 1900))
        .otherwise(year)
    )
    if layout == "numeric":
        if order not in ("dmy", "mdy"):
            return pl.Series([None] * len(text), dtype=pl.Datetime("us")), pl.Series(
                [None] * len(text), dtype=pl.String
            )
        day, month = (number("first"), number("second")) if order == "dmy" else (number("second"), number("first"))
    elif "word" in parts.columns:
        day = number("d")
        month = (
            pl.col("word")
            .str.to_lowercase()
            .str.strip_chars(".")
            .replace_strict(month_numbers(), default=None, return_dtype=pl.Int32)
        )
    else:
        day, month = number("d"), number("mo")
    noon = pl.coalesce(pl.col("before"), pl.col("after")).str.to_lowercase().str.replace_all(r"[.\s]", "")
    is_pm = pl.any_horizontal([noon.str.starts_with(word) for word in _AFTERNOON]) | (
        (noon == "中午") & (number("h") < 3)
    )
    hour = number("h").fill_null(0)
    hour = (
        pl.when(noon.is_null()).then(hour)
        .when(is_pm & (hour < 12)).then(hour + 12)
        .when(~is_pm & (hour == 12) & (noon != "中午")).then(0)
        .otherwise(hour)
    )  # fmt: skip
    micros = pl.col("f").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int32, strict=False).fill_null(0)
    parts = parts.select(
        year=year, month=month, day=day, hour=hour, minute=number("mi").fill_null(0), second=number("s").fill_null(0),
        micro=micros, zone=pl.col("zone"),
    )  # fmt: skip
    leap = ((pl.col("year") % 4 == 0) & (pl.col("year") % 100 != 0)) | (pl.col("year") % 400 == 0)
    longest = (
        pl.when((pl.col("month") == 2) & leap).then(29).when(pl.col("month") == 2).then(28)
        .when(pl.col("month").is_in([4, 6, 9, 11])).then(30).otherwise(31)
    )  # fmt: skip
    sound = (
        pl.col("month").is_between(1, 12) & pl.col("day").is_between(1, longest) & (pl.col("hour") < 24)
        & (pl.col("minute") < 60) & (pl.col("second") < 60) & pl.col("year").is_between(1, 9999)
    )  # fmt: skip
    parts = parts.with_columns(
        pl.when(sound).then(pl.col(name)).alias(name) for name in ("year", "month", "day", "hour")
    )
    moment = parts.select(
        pl.datetime("year", "month", "day", "hour", "minute", "second", "micro", time_unit="us")
    ).to_series()
    return moment, parts["zone"]


def _placed(moment: pl.Series, zone: pl.Series | None, time_zone: str, as_date: bool) -> pl.Series:
    """Local moments to naive UTC (or to the local date). An hour skipped by daylight saving is null, a repeated one the first."""
    if zone is None or zone.null_count() == len(zone):
        if as_date:
            return moment.dt.date()
        local = moment.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
        return local.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    frame = pl.DataFrame({"moment": moment, "zone": zone})
    sign = pl.when(pl.col("zone").str.contains("-", literal=True)).then(-1).otherwise(1)
    digits = pl.col("zone").str.replace_all(r"\D", "").str.replace(r"^(\d\d)$", "${1}00")
    minutes = (
        pl.when(digits.str.len_bytes() == 4)
        .then(
            digits.str.slice(0, 2).cast(pl.Int32, strict=False) * 60
            + digits.str.slice(2, 2).cast(pl.Int32, strict=False)
        )
        .otherwise(0)
    )
    utc = pl.col("moment") - pl.duration(minutes=sign * minutes)
    if as_date:
        there = utc.dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone).dt.date()
        choice = pl.when(pl.col("zone").is_null()).then(pl.col("moment").dt.date()).otherwise(there)
    else:
        here = pl.col("moment").dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
        here = here.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        choice = pl.when(pl.col("zone").is_null()).then(here).otherwise(utc)
    return frame.select(choice.alias("moment")).to_series()
