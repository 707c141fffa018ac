"""Earned value by WBS element, layer, module or phase: money or hours, any week or month; a row opens its lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.cost.by_grain import HOURS, INDICES, JUDGED_BY, MONEY, NO_PART, LinesOf
from models.document import Row
from models.kpis import worst
from models.kpis.worst import BAD
from models.vocabulary import Grain, KpiStatus, PeriodKind
from models.words.moments import Moment
from models.words.numbers import date_text, hours_text, index_text, money_text, period_text, unit_for, unit_label
from ui.kpis import sections, tables
from ui.shell import boxes, data
from ui.shell.wording import STATUS_SIGNS, _, language, msgid, safe, spoken

LINES_SHOWN = 200
LINES_DOWNLOADED = 100_000
INDENT = "\u2003"
LAYERS = {
    "infrastructure": msgid("infrastructure layer"),
    "business": msgid("business layer"),
    "interface": msgid("interface layer"),
}
_HEADS = {Grain.PROJECT: msgid("Project"), Grain.WBS: msgid("WBS element"), Grain.LAYER: msgid("Layer")} | {
    Grain.MODULE: msgid("Module"),
    Grain.PHASE: msgid("Phase"),
}
_MEASURES = {
    "actual_cost": msgid("Cost (AC)"),
    "earned_value": msgid("Earned value (EV)"),
    "planned_value": msgid("Planned value (PV)"),
    "budget_at_completion": msgid("Budget (BAC)"),
    "hours_logged": msgid("Hours logged"),
    "earned_hours": msgid("Earned hours"),
    "planned_hours": msgid("Planned hours"),
}


@dataclass(frozen=True)
class Choice:
    """What is looked at: parts of which kind, in money or hours, at which week's or month's end."""

    grain: Grain
    in_hours: bool
    selection: Selection
    until: dt.date

    @property
    def stands(self) -> Moment:
        return Moment(self.until, self.until, self.selection.period_kind.value)


def parts(opened: data.Opened, selection: Selection, names: Mapping[str, str], key: str) -> None:
    """The parts as a table, worst first, an element above what it is made of; below it the chosen part's lines."""
    choice = _choices(opened, selection, names, key)
    if choice is None:
        st.caption(_("No budget, earned value or cost is known for this choice."))
        return
    rows = data.parts_at(opened, choice.selection, choice.grain, choice.until, choice.in_hours)
    if rows.is_empty():
        st.caption(_("No budget, earned value or cost is known for this choice."))
        return
    if choice.in_hours and not rows["planned"].sum():
        rows = rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("planned", "earned"))
    elements = data.element_names(opened, tuple(names))
    ordered = worst_first(rows.to_dicts(), choice.grain)
    words = [part_word(row, choice.grain, elements, names) for row in ordered]
    st.markdown("**" + _title(ordered, words, choice) + "**")
    unit = unit_for([row[name] for row in ordered for name in ("planned", "earned", "spent")], language())
    label = _("h") if choice.in_hours else unit_label(unit, None, language())
    st.caption(_caption(ordered, choice))
    shown = table(ordered, words, choice, 1 if choice.in_hours else unit.divisor)
    if len(names) > 1 and choice.grain is not Grain.PROJECT:
        project = pl.Series("project", [names.get(row["project_key"], row["project_key"]) for row in ordered])
        shown = shown.insert_column(1, project)
    event = tables.plain_table(
        shown,
        key=f"{key}_table_{choice.grain}_{choice.in_hours}_{choice.until}",
        columns=_columns(choice, label, len(names) > 1),
        on_select="rerun",
        selection_mode="single-row",
    )
    tables.download(lambda: rows, f"plimsoll-earned-value-{choice.grain}", choice.stands, key=f"{key}_download")
    chosen = (event.selection.get("rows") or [0])[0]
    _lines(opened, choice, ordered[chosen], words[chosen], key)


def worst_first(rows: list[dict], grain: Grain) -> list[dict]:
    """The parts by the worse of their CPI and SPI, each under the one it belongs to.

    A part goes as far up as the worst of what is below it, so that one bad element is not hidden under a good sum. Each row gets
    `depth`: how many of the rows are above it.
    """
    by_code = {(row["project_key"], row["part"]): row for row in rows}
    above: dict[tuple, tuple | None] = {}
    for project, part in by_code:
        steps = part.split(".") if grain is Grain.WBS else [part]
        codes = [(project, ".".join(steps[:count])) for count in range(len(steps) - 1, 0, -1)]
        above[project, part] = next((code for code in codes if code in by_code), None)
    places = {code: _place(row) for code, row in by_code.items()}
    for code, row in by_code.items():
        upper = above[code]
        while upper is not None:
            places[upper] = min(places[upper], _place(row))
            upper = above[upper]
    below: dict[tuple | None, list[tuple]] = {}
    for code in sorted(by_code, key=lambda code: (places[code], code)):
        below.setdefault(above[code], []).append(code)
    ordered: list[dict] = []

    def add(codes: list[tuple], depth: int) -> None:
        for code in codes:
            ordered.append(by_code[code] | {"depth": depth})
            add(below.get(code, []), depth + 1)

    add(below.get(None, []), 0)
    return ordered


def part_word(row: Row, grain: Grain, elements: Mapping[tuple[str, str], str], names: Mapping[str, str]) -> str:
    """A part as it is shown."""
    part, project = str(row["part"]), str(row["project_key"])
    if grain is Grain.PROJECT:
        return names.get(project, project)
    if grain is Grain.LAYER:
        return _("no layer") if part == NO_PART else spoken(LAYERS[part]) if part in LAYERS else part
    if grain is not Grain.WBS:
        return sections.member_word(grain.value, part)
    if part == NO_PART:
        return _("without a WBS element")
    if (project, part) in elements:
        return f"{part} {elements[project, part]}".strip()
    if row["elements"] > 1:
        return _("{code}, {count} elements together", code=part, count=row["elements"])
    return _("{code} (not in the plan)", code=part)


def table(rows: list[dict], words: list[str], choice: Choice, divisor: float) -> pl.DataFrame:
    """What is shown: the part, amounts in the unit of the heads, and CPI and SPI with the sign of their status."""

    def amounts(name: str) -> pl.Series:
        values = [None if row[name] is None else row[name] / divisor for row in rows]
        return pl.Series(name, values, dtype=pl.Float64).round(1 if choice.in_hours else 2)

    return pl.DataFrame(
        [
            pl.Series(
                "part", [INDENT * row["depth"] + word for row, word in zip(rows, words, strict=True)], dtype=pl.String
            ),
            *(amounts(name) for name in ("planned", "earned", "spent", "cost_variance", "schedule_variance")),
            pl.Series("cpi", [index_words(row, "cpi") for row in rows], dtype=pl.String),
            pl.Series("spi", [index_words(row, "spi") for row in rows], dtype=pl.String),
        ]
    )


def index_words(row: Row, index: str) -> str:
    """CPI or SPI with its sign; where there is none, why."""
    status, value = row[f"{index}_status"], row[index]
    if value is not None:
        return f"{STATUS_SIGNS[status]} {index_text(value, language())}"
    amount = row["spent" if index == "cpi" else "planned"]
    if amount is None or row["earned"] is None:
        why = _("no data")
    elif row[f"{index}_reason"] == "unplanned" or not row["budget"]:
        why = _("no budget") if index == "cpi" else _("no plan")
    elif not amount:
        why = _("no cost yet") if index == "cpi" else _("not due yet")
    else:
        why = _("no data")
    return f"{STATUS_SIGNS[KpiStatus.NO_DATA]} {why}"


# ---- choices and words ----------------------------------------------------------------------------------------------


def _choices(opened: data.Opened, selection: Selection, names: Mapping[str, str], key: str) -> Choice | None:
    words = {
        Grain.WBS: _("WBS elements"),
        Grain.LAYER: _("Layers"),
        Grain.MODULE: _("Modules"),
        Grain.PHASE: _("Phases"),
    }
    if len(names) > 1:
        words = {Grain.PROJECT: _("Projects")} | words
    with st.container(horizontal=True):
        grain = _one_of(_("Parts"), words, next(iter(words)), f"{key}_grain")
        unit = _one_of(_("Unit"), {"money": _("in money"), "hours": _("in hours")}, "money", f"{key}_unit")
        kinds = {PeriodKind.MONTH: _("Month"), PeriodKind.WEEK: _("Week")}
        kind = _one_of(_("Period"), kinds, selection.period_kind, f"{key}_kind")
        of_kind = replace(selection, period_kind=kind, period_end=None)
        ends = data.period_ends(opened, of_kind)
        if not ends:
            return None
        until = boxes.selectbox(
            _("At the end of"),
            ends,
            index=ends.index(_usual_end(opened, selection, of_kind, ends)),
            format_func=lambda end: period_text(kind, end, language()),
            key=f"{key}_until_{kind}",
            label_visibility="collapsed",
            width=170,
        )
    return Choice(grain, unit == "hours", of_kind, until)


def _one_of(label: str, words: Mapping[object, str], default: object, key: str):
    return st.segmented_control(
        label,
        list(words),
        format_func=words.get,
        default=default,
        key=key,
        required=True,
        label_visibility="collapsed",
    )


def _usual_end(opened: data.Opened, selection: Selection, of_kind: Selection, ends: list[dt.date]) -> dt.date:
    """The period chosen beside the page; else the one at which cost stands on the cards, the last that is closed."""
    if selection.period_end in ends:
        return selection.period_end
    until = selection.period_end
    if until is None:
        cost = data.kpi_rows(opened, of_kind).filter(pl.col("kpi_key") == "cost_performance_index")
        until = cost["period_end"][0] if not cost.is_empty() else None
    return next((end for end in ends if until is not None and end <= until), ends[0])


def _title(rows: list[dict], words: list[str], choice: Choice) -> str:
    """How many are over a level, and which of them is worst; nothing that a level cannot tell."""
    leaves = [
        (row, word)
        for row, word in zip(rows, words, strict=True)
        if not (choice.grain is Grain.WBS and row["elements"] > 1)
    ]
    bad = [(row, word) for row, word in leaves if {row["cpi_status"], row["spi_status"]} & set(BAD)]
    unit = _("in hours") if choice.in_hours else _("in money")
    if choice.in_hours and all(row["planned"] is None for row in rows):
        return _("Earned value in hours is not known here: no hours are planned up to then")
    if not bad:
        return _("Earned value {unit}: none is over a level", unit=unit)
    row, word = min(bad, key=lambda pair: _place(pair[0]))
    return _(
        "Earned value {unit}: {count} of {total} over a level; worst is {part}, CPI {cpi}, SPI {spi}",
        unit=unit,
        count=len(bad),
        total=len(leaves),
        part=safe(word),
        cpi=index_words(row, "cpi"),
        spi=index_words(row, "spi"),
    )


def _caption(rows: list[dict], choice: Choice) -> str:
    stands = max(row["as_of"] for row in rows)
    words = [_("at {date}", date=date_text(stands, language()))]
    words.append(_("hours planned, earned and logged") if choice.in_hours else _("money excluding VAT"))
    if not choice.in_hours and any(row["is_provisional"] for row in rows):
        words.append(_("cost of open periods is provisional"))
    if choice.grain is Grain.WBS:
        words.append(_("an element above others is their sum"))
    words.append(_("a click on a row opens its lines"))
    return " · ".join(words)


def _columns(choice: Choice, label: str, has_projects: bool) -> dict[str, Any]:
    number: Callable = partial(st.column_config.NumberColumn, format="localized", width=92)
    heads = (("planned", "PV"), ("earned", "EV"), ("spent", "AC"), ("cost_variance", "CV"), ("schedule_variance", "SV"))
    amounts = {name: number(f"{head} ({label})") for name, head in heads}
    return (
        {
            "part": st.column_config.TextColumn(spoken(_HEADS[choice.grain]), width=150 if has_projects else 230),
            "project": st.column_config.TextColumn(_("Project"), width=90),
        }
        | amounts
        | {name: st.column_config.TextColumn(name.upper(), width=96) for name in ("cpi", "spi")}
    )


def _place(row: Row) -> tuple:
    """The part in the one order of worst: by the worse of its two indices. The part itself decides last, by whoever asks."""
    return min(
        worst.place(of_index["status"], worst.row_beyond(of_index))
        for of_index in (
            {"value": row[index]} | {name: row[f"{index}_{name}"] for name in JUDGED_BY} for index in INDICES
        )
    )


# ---- the lines of one part ------------------------------------------------------------------------------------------


def _lines(opened: data.Opened, choice: Choice, row: dict, word: str, key: str) -> None:
    """The lines of the files behind one measure of the part, with file and line; all of them in the download."""
    kept = (HOURS if choice.in_hours else MONEY)[::-1]
    names = {name: spoken(_MEASURES[name]) for name in kept}
    st.markdown(f"**{safe(word)}**")
    measure = _one_of(_("Lines of"), names, kept[0], f"{key}_measure_{choice.in_hours}")
    of = LinesOf(row["project_key"], row["part"], measure, LINES_SHOWN)
    lines = data.part_lines(opened, choice.selection, choice.grain, choice.until, of)
    if lines.is_empty():
        st.caption(_("No line of a file counts here."))
        return
    every = data.part_lines(opened, choice.selection, choice.grain, choice.until, replace(of, limit=LINES_DOWNLOADED))
    total = every["amount"].sum()
    said = hours_text(total, language()) if choice.in_hours else money_text(total, None, language(), exact=True)
    st.caption(_("{measure}: {count} lines, {total}", measure=names[measure], count=every.height, total=said))
    tables.plain_table(
        lines.select("counts_from", "row_key", "row_label", "wbs_code", "amount", "file_name", "source_row"),
        key=f"{key}_lines",
        columns={
            "counts_from": st.column_config.DateColumn(_("Counts from"), width=96),
            "row_key": st.column_config.TextColumn(_("Row"), width=120),
            "row_label": st.column_config.TextColumn(_("Text"), width=230),
            "wbs_code": st.column_config.TextColumn(_("WBS"), width=60),
            "amount": st.column_config.NumberColumn(
                _("Hours") if choice.in_hours else _("Money"), format="localized", width=110
            ),
            "file_name": st.column_config.TextColumn(_("File"), width=180),
            "source_row": st.column_config.NumberColumn(_("Line"), format="%d", width=56),
        },
    )
    if every.height > LINES_SHOWN:
        st.caption(_("The {count} largest lines; the download holds all of them.", count=LINES_SHOWN))
    tables.download(lambda: every, "plimsoll-earned-value-lines", choice.stands, key=f"{key}_lines_download")
