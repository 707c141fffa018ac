"""Earned value by WBS element, layer, module or phase: money or hours, any week or month; a row opens its lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import itemgetter

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.cost import by_grain
from models.cost.by_grain import HOURS, INDICES, JUDGED_BY, MONEY, NO_PART, LinesOf
from models.document import Row
from models.kpis import values, worst
from models.kpis.worst import BAD
from models.vocabulary import Grain, KpiStatus, PeriodKind
from models.words.moments import Moment
from ui.kpis import sections, tables
from ui.kpis.page import KpiPage
from ui.shell import boxes, data
from ui.shell.numbers import date_text, hours_text, index_text, money_text, period_text, unit_for, unit_label
from ui.shell.tables import Column, Columns, day, number, table, text
from ui.shell.wording import STATUS_SIGNS, _, msgid, safe, spoken

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


def parts(page: KpiPage, key: str) -> None:
    """The parts as a table, worst first, an element above what it is made of; below it the chosen part's lines."""
    view, selection, names = page.view, page.selection, page.names
    choice = _choices(view, selection, names, key)
    if choice is None or (rows := _rows(view, choice)).is_empty():
        st.caption(_("No budget, earned value or cost is known for this choice."))
        return
    elements = view.ask(by_grain.element_names, tuple(names))
    ordered = [
        row | {"word": part_word(row, choice.grain, elements, names)}
        for row in worst_first(rows.to_dicts(), choice.grain)
    ]
    st.markdown(f"**{_title(ordered, choice)}**")
    unit = unit_for([row[name] for row in ordered for name in ("planned", "earned", "spent")])
    label = _("h") if choice.in_hours else unit_label(unit, None)
    st.caption(_caption(ordered, choice))
    by_key = {_part_key(row): row for row in ordered}
    clicked = table(
        ordered,
        _columns(choice, label, 1 if choice.in_hours else unit.divisor, names),
        key=f"{key}_table_{choice.grain}_{choice.in_hours}_{choice.until}",
        chosen_by=_part_key,
    )
    tables.download(lambda: rows, f"plimsoll-earned-value-{choice.grain}", choice.stands, key=f"{key}_download")
    asked = next((row for row in ordered if row["part"] == st.session_state.get("subject_part")), ordered[0])
    _lines(view, choice, by_key.get(clicked[0] if clicked else "", asked), key)


def _part_key(row: Row) -> str:
    return f"{row['project_key']}{sections.MEMBER_SEPARATOR}{row['part']}"


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


def index_words(row: Row, index: str) -> str:
    """CPI or SPI with its sign; where there is none, why."""
    status, value = row[f"{index}_status"], row[index]
    if value is not None:
        return f"{STATUS_SIGNS[status]} {index_text(value)}"
    amount = row["spent" if index == "cpi" else "planned"]
    why = _("no data")
    if amount is not None and row["earned"] is not None:
        if row[f"{index}_reason"] == "unplanned" or not row["budget"]:
            why = _("no budget") if index == "cpi" else _("no plan")
        elif not amount:
            why = _("no cost yet") if index == "cpi" else _("not due yet")
    return f"{STATUS_SIGNS[KpiStatus.NO_DATA]} {why}"


# ---- choices and words ----------------------------------------------------------------------------------------------


def _choices(view: data.BuildView, selection: Selection, names: Mapping[str, str], key: str) -> Choice | None:
    words = {
        Grain.WBS: _("WBS elements"),
        Grain.LAYER: _("Layers"),
        Grain.MODULE: _("Modules"),
        Grain.PHASE: _("Phases"),
    }
    if len(names) > 1:
        words = {Grain.PROJECT: _("Projects")} | words
    with st.container(horizontal=True):
        grain = boxes.one_of(_("Parts"), words, default=None, key=_starts_at(f"{key}_grain", words))
        unit = boxes.one_of(_("Unit"), {"money": _("in money"), "hours": _("in hours")}, key=f"{key}_unit")
        kinds = {PeriodKind.MONTH: _("Month"), PeriodKind.WEEK: _("Week")}
        kind = boxes.one_of(_("Period"), kinds, default=selection.period_kind, key=f"{key}_kind")
        of_kind = replace(selection, period_kind=kind, period_end=None)
        ends = view.ask(values.period_ends, of_kind)
        if not ends:
            return None
        until = boxes.selectbox(
            _("At the end of"),
            {end: period_text(kind, end) for end in ends},
            index=ends.index(_usual_end(view, selection, of_kind, ends)),
            key=f"{key}_until_{kind}",
            label_visibility="collapsed",
            width=170,
        )
    return Choice(grain, unit == "hours", of_kind, until)


def _starts_at(key: str, words: Mapping[Grain, str]) -> str:
    """The key of the choice of parts: it stands at the elements of the plan where the address names a part, until another is
    chosen; else at the first that is offered."""
    state, asked = st.session_state, st.session_state.get("subject_part") or ""
    if state.get(key) not in words:
        state[key] = next(iter(words))
    if asked != state.get(f"{key}_asked", ""):
        state[f"{key}_asked"] = asked
        if asked:
            state[key] = Grain.WBS
    return key


def _rows(view: data.BuildView, choice: Choice) -> pl.DataFrame:
    rows = view.ask(by_grain.parts_at, choice.selection, choice.grain, choice.until, choice.in_hours)
    if choice.in_hours and not rows["planned"].sum():
        return rows.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("planned", "earned"))
    return rows


def _usual_end(view: data.BuildView, selection: Selection, of_kind: Selection, ends: list[dt.date]) -> dt.date:
    """The period chosen beside the page; else the one at which cost stands on the cards, the last that is closed."""
    if selection.period_end in ends:
        return selection.period_end
    until = selection.period_end
    if until is None:
        cost = data.kpi_rows(view, of_kind).filter(pl.col("kpi_key") == "cost_performance_index")
        until = cost["period_end"][0] if not cost.is_empty() else None
    return next((end for end in ends if until is not None and end <= until), ends[0])


def _title(rows: list[dict], choice: Choice) -> str:
    """How many are over a level, and which of them is worst; nothing that a level cannot tell."""
    leaves = [row for row in rows if not (choice.grain is Grain.WBS and row["elements"] > 1)]
    bad = [row for row in leaves if {row["cpi_status"], row["spi_status"]} & set(BAD)]
    unit = _("in hours") if choice.in_hours else _("in money")
    if choice.in_hours and all(row["planned"] is None for row in rows):
        return _("Earned value in hours is not known here: no hours are planned up to then")
    if not bad:
        return _("Earned value {unit}: none is over a level", unit=unit)
    row = min(bad, key=_place)
    return _(
        "Earned value {unit}: {count} of {total} over a level; worst is {part}, CPI {cpi}, SPI {spi}",
        unit=unit,
        count=len(bad),
        total=len(leaves),
        part=safe(row["word"]),
        cpi=index_words(row, "cpi"),
        spi=index_words(row, "spi"),
    )


def _caption(rows: list[dict], choice: Choice) -> str:
    stands = max(row["as_of"] for row in rows)
    words = [_("at {date}", date=date_text(stands))]
    words.append(_("hours planned, earned and logged") if choice.in_hours else _("money excluding VAT"))
    if not choice.in_hours and any(row["is_provisional"] for row in rows):
        words.append(_("cost of open periods is provisional"))
    if choice.grain is Grain.WBS:
        words.append(_("an element above others is their sum"))
    words.append(_("a click on a row opens its lines"))
    return " · ".join(words)


def _columns(choice: Choice, label: str, divisor: float, names: Mapping[str, str]) -> Columns:
    """The part, amounts in the unit of the heads, and CPI and SPI with the sign of their status."""

    def amount(name: str, head: str) -> Column:
        def cell(row: Mapping) -> float | None:
            return None if row[name] is None else round(row[name] / divisor, 1 if choice.in_hours else 2)

        return number(f"{head} ({label})", cell, width=92)

    has_projects = len(names) > 1
    project = text(_("Project"), lambda row: names.get(row["project_key"], row["project_key"]), width=90)
    width = 150 if has_projects else 230
    return {
        "part": text(spoken(_HEADS[choice.grain]), lambda row: INDENT * row["depth"] + row["word"], width=width),
        "project": project if has_projects and choice.grain is not Grain.PROJECT else None,
        "planned": amount("planned", "PV"),
        "earned": amount("earned", "EV"),
        "spent": amount("spent", "AC"),
        "cost_variance": amount("cost_variance", "CV"),
        "schedule_variance": amount("schedule_variance", "SV"),
        "cpi": text("CPI", lambda row: index_words(row, "cpi"), value=itemgetter("cpi"), width=96),
        "spi": text("SPI", lambda row: index_words(row, "spi"), value=itemgetter("spi"), width=96),
    }


def _place(row: Row) -> tuple:
    """The part in the one order of worst: by the worse of its two indices. The part itself decides last, by whoever asks."""
    return min(
        worst.place(of_index["status"], worst.row_beyond(of_index))
        for of_index in (
            {"value": row[index]} | {name: row[f"{index}_{name}"] for name in JUDGED_BY} for index in INDICES
        )
    )


# ---- the lines of one part ------------------------------------------------------------------------------------------


def _lines(view: data.BuildView, choice: Choice, row: dict, key: str) -> None:
    """The lines of the files behind one measure of the part, with file and line; all of them in the download."""
    names = {name: spoken(_MEASURES[name]) for name in reversed(HOURS if choice.in_hours else MONEY)}
    st.markdown(f"**{safe(row['word'])}**")
    measure = boxes.one_of(_("Lines of"), names, key=f"{key}_measure_{choice.in_hours}")
    of = LinesOf(row["project_key"], row["part"], measure, tables.ROWS_DOWNLOADED)
    every = view.ask(by_grain.lines_at, choice.selection, choice.grain, choice.until, of)
    if every.is_empty():
        st.caption(_("No line of a file counts here."))
        return
    total = every["amount"].sum()
    said = hours_text(total) if choice.in_hours else money_text(total, None, exact=True)
    st.caption(_("{measure}: {count} lines, {total}", measure=names[measure], count=every.height, total=said))
    table(
        every.head(tables.ROWS_SHOWN),
        {
            "counts_from": day(_("Counts from"), width=96),
            "row_key": text(_("Row"), width=120),
            "row_label": text(_("Text"), width=230),
            "wbs_code": text(_("WBS"), width=60),
            "amount": number(_("Hours") if choice.in_hours else _("Money"), width=110),
            "file_name": text(_("File"), width=180),
            "source_row": number(_("Line"), format="%d", width=56),
        },
        key=f"{key}_lines",
    )
    if every.height > tables.ROWS_SHOWN:
        st.caption(_("The {count} largest lines; the download holds all of them.", count=tables.ROWS_SHOWN))
    tables.download(lambda: every, "plimsoll-earned-value-lines", choice.stands, key=f"{key}_lines_download")
