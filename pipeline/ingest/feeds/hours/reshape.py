"""What is special about tables of hours: days as columns, start and end, names in two columns, approvals, totals in between.

All values are still text; what a row lacks is written so that the ordinary reading of
hours and dates understands it (`1人天`, `2026-03-02`).
"""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import Reshape, Shaped
from pipeline.ingest.contracts.raw_table import RejectedRow
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.day_headers import WEEKDAYS
from pipeline.ingest.dialects.schema import Quirk
from pipeline.ingest.feeds.hours import words as words_of
from pipeline.ingest.feeds.hours.layouts import layout_of
from pipeline.ingest.feeds.hours.notes import Counted, reading_notes
from pipeline.ingest.feeds.hours.spans import hours_between
from pipeline.ingest.values.amounts import HOURS_PER_DAY, PLAIN, hours
from pipeline.ingest.values.cleaning import cleaned_text

_ROUNDED = 0.051  # totals are shown with one decimal
_FILLED_DOWN = ("person", "project", "vendor", "site", "wbs_code", "module", "issue_key", "department")


class HoursReshape(Reshape):
    """What is counted starts anew with `begin`."""

    def __init__(self, mapping: Mapping, system: str) -> None:
        super().__init__(mapping, system)
        self.has_details_below = dialects().has(system, Quirk.DETAILS_BELOW_THE_FORM)
        self.has_short_years = dialects().has(system, Quirk.YEARS_OF_TWO_DIGITS)
        self.layout = layout_of(mapping)
        self.column = self.layout.column
        self.begin()

    def begin(self) -> None:
        self.left_out = []
        self.counted = Counted()

    @property
    def indices(self) -> list[int]:
        return self.layout.indices

    # ---- the rows ---------------------------------------------------------------------------------------------------

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        rows = self._with_names(raw, rows)
        rows = self._with_approval(raw, rows)
        if self.layout.is_matrix or self.has_details_below:
            rows = self._filled_down(raw, rows)
        if self.has_details_below and "source_id" in rows.columns:
            number = pl.int_range(1, pl.len() + 1).over("source_id")
            numbered = pl.concat_str("source_id", pl.lit("-"), number.cast(pl.String))
            rows = rows.with_columns(source_id=pl.when(number > 1).then(numbered).otherwise(pl.col("source_id")))
        if not self.layout.is_matrix:
            rows = self._with_days(raw, self._with_hours(raw, rows))
        kept = self._without_what_is_no_row(raw, rows)
        raw, rows = raw.filter(kept), rows.filter(kept)
        return self._unpivoted(raw, rows) if self.layout.is_matrix else Shaped(rows)

    def _with_names(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        for name, indices in self.layout.several.items():
            named = [_filled(f"c{index}") for index in indices if f"c{index}" in raw.columns]
            rows = rows.with_columns(raw.select(pl.coalesce(named).alias(name))[name]) if named else rows
        roles = self.layout.roles
        if "last_name" in roles and f"c{roles['last_name']}" in raw.columns:
            parts = [roles[part] for part in ("first_name", "last_name") if part in roles]
            both = pl.concat_str([_filled(f"c{index}") for index in parts], separator=" ", ignore_nulls=True)
            joined = raw.select(pl.when(both != "").then(both).alias("person"))["person"]
            number = pl.col("person") if "person" in rows.columns else pl.lit(None, pl.String)
            rows = rows.with_columns(
                pl.coalesce(pl.when(number.str.strip_chars() != "").then(number), joined).alias("person")
            )
        return rows

    def _with_approval(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        """Approved is what ended in consent; what still waits is not; what was refused is left out elsewhere."""
        places = [self.layout.roles[role] for role in ("result", "status") if role in self.layout.roles]
        said = [f"c{index}" for index in places if f"c{index}" in raw.columns]
        if not said or self.layout.is_presence:
            return rows
        text = [_filled(name) for name in said]
        words = pl.coalesce([pl.when(~cells.str.contains(r"^[-—]+$")).then(cells) for cells in text])
        approved = (
            pl.when(words.str.contains(words_of.WAITING)).then(pl.lit("no"))
            .when(words.str.contains(words_of.REFUSED)).then(pl.lit("rejected"))
            .when(words.str.contains(words_of.AGREED)).then(pl.lit("yes"))
        )  # fmt: skip
        return rows.with_columns(raw.select(approved.alias("approved"))["approved"])

    def _filled_down(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        """A merged cell counts for the rows below it: an empty label with a filled one to its right takes the one above."""
        labels = [index for index, name in sorted(self.mapping.columns.items()) if name in _FILLED_DOWN]
        if self.has_details_below:
            labels = [index for index, name in sorted(self.mapping.columns.items()) if name != "hours"]
            empty = _filled(f"c{labels[0]}").is_null() if labels else pl.lit(False)
            detail = raw.select(
                (empty & pl.any_horizontal(_filled(f"c{i}").is_not_null() for i in labels[1:])).alias("x")
            )["x"]
            if not detail.any():
                return rows
            names = [name for name in rows.columns if name not in ("hours", "source_row", "work_date")]
            filled = [
                pl.when(detail).then(pl.col(name).forward_fill()).otherwise(pl.col(name)).alias(name) for name in names
            ]
            return rows.with_columns(filled)
        for position, index in enumerate(labels[:-1]):
            name, right = self.mapping.columns[index], labels[position + 1 :]
            if name not in rows.columns:
                continue
            blank = (
                raw.select(
                    (
                        _filled(f"c{index}").is_null()
                        & pl.any_horizontal(_filled(f"c{other}").is_not_null() for other in right)
                        & ~pl.any_horizontal(
                            pl.col(f"c{other}").str.contains(words_of.TOTAL).fill_null(False) for other in right
                        )
                    ).alias("x")
                )["x"]
                & rows[name].is_null()
            )
            if blank.any():
                self.counted.from_above += int(blank.sum())
                above = pl.col(name).forward_fill()
                rows = rows.with_columns(pl.when(blank).then(above).otherwise(pl.col(name)).alias(name))
        return rows

    def _with_hours(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        """Hours from start and end, from person-days where the hours are empty, with the unit that the row names."""
        layout, name = self.layout, self.column
        if layout.has_span and name not in rows.columns:
            spans = hours_between(raw, layout.roles, self.mapping.headers)
            self.counted.spans += spans.count()
            rows = rows.with_columns(spans.alias(name))
        if name not in rows.columns:
            return self._with_overtime(raw, rows)
        text = pl.col(name).str.strip_chars()
        if layout.spare is not None:
            days = raw[f"c{layout.spare}"].str.strip_chars()
            plain = days.str.contains(r"^\d+([.]\d+)?$").fill_null(False)
            words = pl.select(pl.when(plain).then(days + "人天").otherwise(days)).to_series()
            rows = rows.with_columns(pl.when(text.fill_null("") != "").then(pl.col(name)).otherwise(words).alias(name))
        if "unit" in layout.roles:
            unit = raw[f"c{layout.roles['unit']}"].str.strip_chars().str.to_lowercase()
            known = unit.str.contains(words_of.UNIT_WORD).fill_null(False)
            bare = text.str.contains(r"^\d+([.]\d+)?$").fill_null(False)
            rows = rows.with_columns(pl.when(known & bare).then(text + unit).otherwise(pl.col(name)).alias(name))
        return self._with_overtime(raw, rows)

    def _with_overtime(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        if not self.layout.is_presence:
            return rows
        kinds = {
            role.removeprefix("overtime_"): index
            for role, index in self.layout.roles.items()
            if role[:9] == "overtime_"
        }
        if not kinds:
            return rows
        amounts = pl.DataFrame(
            {kind: hours(_cells(raw, index), False, None).fill_null(0) for kind, index in kinds.items()}
        )
        most = amounts.max_horizontal()
        kind = amounts.select(
            pl.coalesce(pl.when((pl.col(name) == most) & (most > 0)).then(pl.lit(name)) for name in amounts.columns)
        ).to_series()
        rows = rows.with_columns(kind.alias("overtime_kind"))
        if "overtime_hours" not in rows.columns:
            rows = rows.with_columns(amounts.sum_horizontal().cast(pl.String).alias("overtime_hours"))
        return rows

    def _with_days(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        roles = self.layout.roles
        if "work_date" not in rows.columns:
            source = next((roles[role] for role in ("start_date", "month", "start") if role in roles), None)
            if source is None:
                return rows
            rows = rows.with_columns(raw[f"c{source}"].alias("work_date"))
        day = pl.col("work_date").str.strip_chars()
        day = day.str.replace(r"[\s(]*(星期|周|礼拜)[一二三四五六日天]\)?$", "")
        day = day.str.replace(words_of.MONTH, "${1}-${2}-01").str.replace(r"^(\d{4})-(\d)-01$", "${1}-0${2}-01")
        if self.has_short_years:  # 26-03-02
            day = day.str.replace(r"^(\d\d)-(\d\d)-(\d\d)$", "20${1}-${2}-${3}")
        return rows.with_columns(day.alias("work_date"))

    # ---- rows that are none -----------------------------------------------------------------------------------------

    def _without_what_is_no_row(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
        labels = [f"c{index}" for index in self.layout.labels if f"c{index}" in raw.columns]
        keep = pl.repeat(True, len(raw), eager=True)
        if labels:
            says_total = raw.select(
                pl.any_horizontal(pl.col(name).str.contains(words_of.TOTAL).fill_null(False) for name in labels)
            )
            is_total = says_total.to_series() | self._is_bare_sum(raw, rows)
            if not self.layout.is_matrix and "work_date" in rows.columns:
                dated = rows["work_date"].str.contains(r"\d").fill_null(False) & ~rows["work_date"].str.contains(
                    words_of.TOTAL
                ).fill_null(False)
                is_total &= ~dated
            keep &= self._dropped(raw, is_total & keep, "total_row")
        if self.layout.is_matrix:
            cells = [f"c{index}" for index in self.layout.run]
            words = [_filled(name).str.to_lowercase().is_in(list(WEEKDAYS)) for name in cells]
            filled = [_filled(name).is_not_null() for name in cells]
            weekdays = raw.select(
                (pl.sum_horizontal(words) == pl.sum_horizontal(filled)) & (pl.sum_horizontal(filled) >= 5)
            ).to_series()
            keep &= self._dropped(raw, weekdays.fill_null(False) & keep, "second_header")
        if not self.layout.is_presence:
            keep &= self._dropped(raw, self._refused(rows) & keep, "refused")
        return keep

    def _is_bare_sum(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
        """Rows that name nobody, nothing and no day, and hold as much as all the rows before them."""
        if self.layout.is_matrix or self.column not in rows.columns:
            return pl.repeat(False, len(rows), eager=True)
        named = [
            cleaned_text(rows[name]).is_not_null()
            for name in rows.columns
            if rows[name].dtype == pl.String and name != self.column
        ]
        amount = hours(cleaned_text(rows[self.column]), False, None)
        before = amount.fill_null(0).cum_sum().shift(1, fill_value=0)
        is_sum = ((amount - before).abs() <= _ROUNDED).fill_null(False) & (before > 0)
        return (
            is_sum & ~pl.DataFrame(named).select(pl.any_horizontal(pl.all())).to_series() if named else is_sum & False
        )

    def _refused(self, rows: pl.DataFrame) -> pl.Series:
        """Looked up where the labels of an approval with several lines are filled down already."""
        if "approved" not in rows.columns:
            return pl.repeat(False, len(rows), eager=True)
        word = rows["approved"]
        return word.str.contains(words_of.REFUSED).fill_null(False) & ~word.str.contains(words_of.WAITING).fill_null(
            False
        )

    def _dropped(self, raw: pl.DataFrame, which: pl.Series, rule: str) -> pl.Series:
        """Notes these rows as left out; returns what stays."""
        if which.any():
            for row in raw.filter(which).iter_rows(named=True):
                text = "\t".join(cell for name, cell in row.items() if name != "source_row" and cell)
                self.left_out.append(_left_out(row["source_row"], rule, text))
        return ~which

    # ---- days as columns --------------------------------------------------------------------------------------------

    def _unpivoted(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        layout = self.layout
        kept = [name for name in rows.columns if name not in ("work_date", self.column)]
        if self.layout.is_presence:
            kept = [name for name in kept if name != "overtime_hours"]  # a month's total is no day's
        self._compare_sums(raw)
        cells = [f"c{index}" for index in layout.run]
        wide = rows.select(kept).with_columns(raw.select(cells))
        if layout.month_by_row:
            wide = wide.with_columns(raw[f"c{layout.roles['month']}"].alias("month"))
            kept = [*kept, "month"]
        long = (
            wide.unpivot(cells, index=kept, variable_name="day", value_name=self.column)
            .filter(pl.col(self.column).str.strip_chars().fill_null("") != "")
            .with_columns(position=pl.col("day").str.slice(1).cast(pl.Int64))
            .sort("source_row", "position", maintain_order=True)
        )
        long = self._dated(long)
        rejected = [self._no_such_day(line, position, cell) for line, position, cell in
                    long.filter(pl.col("work_date").is_null() & ~pl.col(self.column).str.contains(words_of.NO_HOURS))
                    .select("source_row", "position", self.column).iter_rows()]  # fmt: skip
        long = long.filter(pl.col("work_date").is_not_null()).drop(
            "day", "position", *(["month"] if layout.month_by_row else [])
        )
        return Shaped(self._present(long) if self.layout.is_presence else self._worked(long), rejected)

    def _dated(self, long: pl.DataFrame) -> pl.DataFrame:
        layout = self.layout
        if not layout.month_by_row:
            dates = {index: day.isoformat() for index, day in layout.days.items()}
            named = pl.col("position").replace_strict(dates, default=None, return_dtype=pl.String)
            return long.with_columns(work_date=named)
        days = {index: column.readings[0][2] for index, column in layout.run.items() if column.readings}
        day = pl.col("position").replace_strict(days, default=None, return_dtype=pl.String).str.zfill(2)
        first = pl.col("month").str.strip_chars()
        month = (
            first.str.extract(r"^((?:19|20)\d\d)")
            + "-"
            + first.str.extract(r"^(?:19|20)\d\d\D{0,2}(\d{1,2})").str.zfill(2)
        )
        text = month + "-" + day
        return long.with_columns(work_date=text.str.to_date("%Y-%m-%d", strict=False).cast(pl.String))

    def _no_such_day(self, line: int, position: int, cell: str) -> RejectedRow:
        header = self.mapping.headers[position]
        shown = {"column": header, "value": cell[:200]}
        return RejectedRow(line, "ingest.no_such_day", _NO_SUCH_DAY, shown, "", header, cell[:200])

    def _worked(self, long: pl.DataFrame) -> pl.DataFrame:
        cell = pl.col(self.column)
        off = long.filter(cell.str.contains(words_of.DAY_OFF))
        self.left_out += [
            _left_out(line, "day_off", f"{day} {text}")
            for line, day, text in off.select("source_row", "work_date", self.column).iter_rows()
        ]
        long = long.filter(~cell.str.contains(words_of.DAY_OFF) & ~cell.str.contains(words_of.NO_HOURS))
        ticks = long[self.column].str.contains(words_of.TICK)
        self.counted.ticks += int(ticks.sum())
        return long.with_columns(
            pl.when(cell.str.contains(words_of.TICK)).then(pl.lit("1人天")).otherwise(cell).alias(self.column)
        )

    def _present(self, long: pl.DataFrame) -> pl.DataFrame:
        """Hours, or the time from the first to the last stamp of the clock; words say that somebody was there, not how long."""
        cell = pl.col(self.column).str.strip_chars()
        stamps = cell.str.extract_all(r"\d{1,2}:\d{2}")
        minutes = stamps.list.eval(
            pl.element().str.extract(r"^(\d+)").cast(pl.Int64) * 60
            + pl.element().str.extract(r":(\d+)$").cast(pl.Int64)
        )
        span = (minutes.list.last() - minutes.list.first()) % 1440 / 60.0
        number = cell.str.contains(r"^\d+([.,]\d+)?\s*(h|小时|分钟|min)?$")
        present = (
            pl.when(minutes.list.len() >= 2).then(span.cast(pl.String)).when(number).then(cell).otherwise(pl.lit(None))
        )
        long = long.with_columns(present.alias("read"))
        wordy = long.filter(pl.col("read").is_null())
        self.counted.words += wordy.height
        if wordy.height and self.counted.first_word is None:
            self.counted.first_word = wordy[self.column][0]
        return long.with_columns(pl.col("read").alias(self.column)).drop("read")

    def _compare_sums(self, raw: pl.DataFrame) -> None:
        """The column of totals is no day; where it disagrees with the days of its row, that is said."""
        if not self.layout.totals or self.layout.is_presence:
            return
        plain = pl.repeat(0.0, len(raw), eager=True)  # numbers in the unit of the column, whichever it is
        written = pl.repeat(0.0, len(raw), eager=True)  # hours by their own words
        for index in self.layout.run:
            text = _cells(raw, index)
            read = hours(text, False, None).fill_null(0.0)
            is_plain = text.str.contains(PLAIN).fill_null(False)
            ticked = text.str.contains(words_of.TICK).fill_null(False).cast(pl.Float64) * HOURS_PER_DAY
            plain += read * is_plain.cast(pl.Float64)
            written += read * (~is_plain).cast(pl.Float64) + ticked
        stated = [hours(_cells(raw, index), False, None) for index in self.layout.totals]
        for place, line in enumerate(raw["source_row"].to_list()):
            said = [totals[place] for totals in stated if totals[place] is not None]
            days, words = plain[place], written[place]
            sums = (days + words, days + words / HOURS_PER_DAY, (days + words) / HOURS_PER_DAY)
            if said and not any(abs(part - total) < _ROUNDED for part in said for total in sums):
                self.counted.sums.append((line, said[0], days + words))

    def closing_warnings(self) -> list[tuple[str, str, dict]]:
        """What reading all rows showed; call it after the last chunk."""
        refused = sum(row["rule"] == "refused" for row in self.left_out)
        return reading_notes(self.counted, self.layout, self.mapping.headers, refused)


_NO_SUCH_DAY = "Column '{column}' is a day that this month does not have, and it holds {value}."


def _left_out(line: int, rule: str, text: str) -> dict:
    return {"line": line, "rule": rule, "text": text[:500]}


def _filled(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text)


def _cells(raw: pl.DataFrame, index: int) -> pl.Series:
    return raw[f"c{index}"].str.strip_chars()
