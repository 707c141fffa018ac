"""Which of several columns of hours counts: the exact one of two that agree, never a total that repeats per issue."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects.names import unit_of_header
from pipeline.ingest.values.amounts import hours
from pipeline.ingest.values.cleaning import cleaned_text

_AGREES = 0.02  # hours; a duration to the minute and its two decimals differ by less
FEWEST_ISSUES = 3  # issues with several worklogs that a column must repeat itself on to be taken for their totals
_COMPARED = 200_000  # rows looked at


@dataclass
class ColumnChoice:
    """column: the one that counts. spare: one in person-days for rows where it is empty. unit: what comparing showed."""

    column: int
    spare: int | None = None
    unit: str | None = None
    warnings: list[tuple[str, str, dict]] = field(default_factory=list)
    is_repeated: bool = False


def chosen_column(table: RawTable, used: int, rivals: list[int], issue: int | None) -> ColumnChoice:
    """Compares the values of all columns that could be the hours; `used` is the one that its name speaks for."""
    choice = ColumnChoice(used)
    if not rivals and issue is None:
        return choice
    wanted = [used, *rivals] + ([issue] if issue is not None else [])
    frame = next(iter(table.chunks(sorted(set(wanted)))), None)
    if frame is None or frame.is_empty():
        return choice
    frame = frame.head(_COMPARED)
    units = {index: unit_of_header(table.header[index]) for index in [used, *rivals]}
    days = {index: unit == "days" for index, unit in units.items()}
    texts = {index: cleaned_text(frame[f"c{index}"]) for index in [used, *rivals]}
    values = {index: hours(text, _has_comma(text), units[index]).fill_nan(None) for index, text in texts.items()}
    totals = {index for index in [used, *rivals] if issue is not None and _repeats(frame[f"c{issue}"], values[index])}
    for rival in rivals:
        if days[rival] and not days[choice.column]:
            choice.spare = rival
            choice.unit = _unit_beside_days(values[choice.column], values[rival])
        elif choice.column in totals and rival not in totals and values[rival].count():
            choice.warnings.append(_said(table, rival, choice.column, _REPEATED))
            choice.column = rival
        elif rival not in totals and _same(values[choice.column], values[rival]):
            finer = _step(texts[rival], units[rival]) < _step(texts[choice.column], units[choice.column])
            kept, dropped = (rival, choice.column) if finer else (choice.column, rival)
            choice.column = kept
            choice.warnings.append(_said(table, kept, dropped, _EXACT))
    choice.is_repeated = choice.column in totals
    return choice


def _said(table: RawTable, used: int, other: int, what: tuple[str, str]) -> tuple[str, str, dict]:
    return (*what, {"used": table.header[used], "other": table.header[other]})


_EXACT = ("ingest.exact_of_two", "'{used}' and '{other}' hold the same hours; '{used}' is the exact one and is used.")
_REPEATED = (
    "ingest.repeated_totals",
    "'{other}' repeats one number on every row of an issue: it is the issue's total. '{used}' is used.",
)


def _has_comma(text: pl.Series) -> bool:
    return bool(text.str.contains(r"^\d+,\d{1,2}$").any())


def _same(left: pl.Series, other: pl.Series) -> bool:
    both = pl.DataFrame({"one": left, "other": other}).drop_nulls()
    if both.is_empty():
        return False
    return bool(both.select(((pl.col("one") - pl.col("other")).abs() <= _AGREES).mean() > 0.98).item())


def _step(text: pl.Series, unit: str | None) -> float:
    """Seconds that rounding took from the texts of a column at most: nothing where they show the seconds themselves."""
    filled = text.drop_nulls()
    if unit == "seconds" or filled.str.contains(r"^\d+:\d\d:\d\d").any():
        return 0.0
    if filled.str.contains(r"^\d+:\d\d$").any():
        return 60.0
    decimals = filled.str.extract(r"[.,](\d+)$").str.len_bytes().drop_nulls().to_numpy().max(initial=0)
    return (60.0 if unit == "minutes" else 3600.0) / 10 ** int(decimals)


def _unit_beside_days(values: pl.Series, days_as_hours: pl.Series) -> str | None:
    """Beside person-days a column is hours where it is about eight times as much, days where it is the same."""
    both = pl.DataFrame({"value": values, "days": days_as_hours / 8.0}).drop_nulls().filter(pl.col("days") > 0)
    if both.is_empty():
        return None
    ratio = both.select((pl.col("value") / pl.col("days")).median()).item()
    if 0.99 <= ratio <= 1.01:
        return "days"
    return "hours" if 5 <= ratio <= 12 else None


def _repeats(issues: pl.Series, values: pl.Series) -> bool:
    """Whether the column is one number per issue, on every one of its rows, and other numbers on other issues."""
    frame = pl.DataFrame({"issue": issues, "value": values}).drop_nulls()
    by_issue = frame.group_by("issue").agg(
        rows=pl.len(), values=pl.col("value").n_unique(), value=pl.col("value").first()
    )
    several = by_issue.filter(pl.col("rows") > 1)
    return (
        several.height >= FEWEST_ISSUES
        and bool((several["values"] == 1).all())
        and several["value"].n_unique() >= FEWEST_ISSUES
    )
