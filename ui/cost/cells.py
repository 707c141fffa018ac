"""Budget, cost, commitments and what is left, module (or project) × phase or category; every cell opens the lines behind it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from models.cost import cells as model
from models.document import Row
from models.vocabulary import UNALLOCATED, KpiStatus, Phase
from models.words.locales import MoneyUnit
from ui.grid.cells import Cell, Column, Kind
from ui.kpis import bullet as mark
from ui.kpis import currencies, sections, tables
from ui.kpis.meanings import derived_words, meaning_word
from ui.kpis.page import KpiPage
from ui.shell import boxes, data
from ui.shell.filters import stands_words
from ui.shell.numbers import decimal_text, money_text, percent_text, unit_for, unit_label
from ui.shell.tables import day, grid, number, table, text
from ui.shell.wording import _, language, safe

STANDS_LIKE = "budget_consumption"  # the KPI whose period these figures share
TOTAL = "\x1f"  # the row or column of totals: a sign that no export holds


def budget_and_cost(page: KpiPage, key: str) -> None:
    """The cells as a grid, one figure at a time; below it the cell chosen with all its figures and its lines."""
    view, selection, names = page.view, page.selection, page.names
    rows = "module" if len(names) == 1 else "project_key"
    across, shown = _choices(key)
    cells = view.ask(model.budget_and_cost, selection, rows, across)
    if cells.is_empty():
        st.caption(_("No budget and no cost are known for this choice."))
        return
    sums = with_totals(cells, rows, across)
    unit = unit_for(cells["actual"].to_list() + cells["budget"].to_list())
    by_cell = {(cell[rows], cell[across]): cell for cell in sums.iter_rows(named=True)}
    heads = _members(sums, rows, names), _members(sums, across, names)
    st.markdown(f"**{_title(by_cell[TOTAL, TOTAL])}**")
    st.caption(f"{stands_words(data.stands(view, selection, STANDS_LIKE))} · {_caption(shown, unit, sums)}")
    label = _("Project") if rows == "project_key" else _("Module")
    clicked = _grid(by_cell, heads, shown, unit, label=label, key=f"{key}_grid_{rows}_{across}_{shown}")
    row, column = clicked or worst_cell(cells, rows, across)
    st.markdown(f"**{safe(heads[0][row])} × {safe(heads[1][column])}**")
    chosen = {name: member for name, member in ((rows, row), (across, column)) if member != TOTAL}
    _lines(page, by_cell[row, column], chosen, key)


def with_totals(cells: pl.DataFrame, rows: str, across: str) -> pl.DataFrame:
    """The cells and their sums by row, by column and in all, under TOTAL."""
    money = ("budget", "actual", "committed", "left")

    def summed(*by: str) -> pl.DataFrame:
        sums = [
            pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).cast(pl.Decimal(18, 2)).alias(name)
            for name in money
        ]
        frame = cells.group_by(*by).agg(sums) if by else cells.select(sums)
        absent = [pl.lit(TOTAL).alias(name) for name in (rows, across) if name not in by]
        share = pl.col("actual").cast(pl.Float64) / pl.col("budget").cast(pl.Float64)
        return frame.with_columns(*absent, pl.when(pl.col("budget") != 0).then(share).alias("spent_share")).select(
            cells.columns
        )

    return pl.concat([cells, summed(rows), summed(across), summed()], how="vertical_relaxed")


def worst_cell(cells: pl.DataFrame, rows: str, across: str) -> tuple[str, str]:
    """The cell that is opened to begin with: the one furthest beyond its budget, before all those without a budget."""
    ranked = cells.sort(pl.col("budget") == 0, pl.col("budget") - pl.col("actual"))
    return ranked[rows][0], ranked[across][0]


def _choices(key: str) -> tuple[str, str]:
    with st.container(horizontal=True):
        across = boxes.one_of(
            _("Across"), {"phase": _("by phase"), "category": _("by kind of cost")}, key=f"{key}_across"
        )
        figures = {
            "spent_share": _("% of budget"),
            "actual": _("Cost"),
            "budget": _("Budget"),
            "committed": _("Committed"),
            "left": _("Left"),
        }
        shown = boxes.one_of(_("Figure"), figures, key=f"{key}_figure")
    return across, shown


def _members(sums: pl.DataFrame, dimension: str, names: Mapping[str, str]) -> dict[str, str]:
    """{member: name shown}: phases in the order of delivery, all others those with most cost first; the total last."""
    totals = sums.group_by(dimension).agg(pl.col("actual").max(), pl.col("budget").max())
    found = totals.sort("actual", "budget", descending=True)[dimension].to_list()
    order = {phase.value: place for place, phase in enumerate(Phase)}
    if dimension == "phase":
        found.sort(key=lambda phase: order.get(phase, len(order)))
    found = [member for member in found if member not in (TOTAL, UNALLOCATED)] + [
        member for member in (UNALLOCATED, TOTAL) if member in found
    ]
    return {member: _member_word(dimension, member, names) for member in found}


def _member_word(dimension: str, member: str, names: Mapping[str, str]) -> str:
    if member == TOTAL:
        return _("Total")
    if dimension == "project_key":
        return names.get(member, member)
    if dimension == "category" and member != UNALLOCATED:
        return meaning_word(member, language())
    return sections.member_word(dimension, member)


def _title(whole: Mapping[str, object]) -> str:
    words = {
        "actual": money_text(whole["actual"], None),
        "budget": money_text(whole["budget"], None),
    }
    if whole["spent_share"] is None:
        return _("{actual} spent; no budget is known", **words)
    return _("{actual} of a budget of {budget} is spent: {share}", share=percent_text(whole["spent_share"]), **words)


def _caption(shown: str, unit: MoneyUnit, sums: pl.DataFrame) -> str:
    label = unit_label(unit, None)
    words = [_("% of budget spent") if shown == "spent_share" else _("{unit}, excluding VAT", unit=label)]
    if sums["committed"].is_null().all():
        words.append(_("no commitments are recorded here: what is left is budget − cost"))
    words.append(_("a click on a cell opens its lines"))
    return " · ".join(words)


def _grid(
    by_cell: Mapping[tuple[str, str], Mapping],
    heads: tuple[Mapping[str, str], Mapping[str, str]],
    shown: str,
    unit: MoneyUnit,
    *,
    label: str,
    key: str,
) -> tuple[str, str] | None:
    """Rows × columns with one figure per cell. heads: {member: name} of both. Returns the cell clicked."""
    row_names, column_names = heads

    def cell(row: str, name: str) -> Cell:
        found = by_cell.get((row, name))
        return (
            _share(found, unit) if shown == "spent_share" else Cell(_amount(found, shown, unit), _value(found, shown))
        )

    # what a file names is no name of a column
    names = {f"c{place}": name for place, name in enumerate(column_names)}
    kind = Kind.MARK if shown == "spent_share" else Kind.FIGURE
    columns = {
        place: Column(column_names[name], [cell(row, name) for row in row_names], kind) for place, name in names.items()
    }
    clicked = grid(
        list(row_names),
        {"_member": Column(label, list(row_names.values()))} | columns,
        key=key,
        label=label,
        chosen_by=lambda row: row,
        look=lambda row: "strong" if row == TOTAL else "",
    )
    found = (clicked[0], names.get(clicked[1], TOTAL)) if clicked else None
    return found if found in by_cell else None


def _share(cell: Row | None, unit: MoneyUnit) -> Cell:
    """The share of the budget spent against the line of 100 %; a cost without a budget is an amount instead."""
    if cell is None:
        return Cell()
    share = cell["spent_share"]
    if share is None:
        return Cell(money_text(cell["actual"], None, unit=unit))
    status = KpiStatus.CRITICAL if cell["actual"] > cell["budget"] else KpiStatus.OK
    reading = mark.BulletValue(value=share, status=status, better="lower", critical_at=1.0)
    text, exact, drawn = mark.cell_face(reading, "percent", language())
    return Cell(text, share, status, mark=drawn, hover=exact)


def _value(cell: Row | None, shown: str) -> float | None:
    return None if cell is None or cell[shown] is None else float(cell[shown])


def _amount(cell: Row | None, shown: str, unit: MoneyUnit) -> str:
    """The amount in the unit that the caption names."""
    return "" if cell is None or cell[shown] is None else decimal_text(cell[shown] / unit.divisor, 2)


def _lines(page: KpiPage, cell: Mapping[str, object], chosen: dict[str, str], key: str) -> None:
    """All figures of the cell, then its lines."""
    told = {
        name: "–" if cell[name] is None and name == "committed" else money_text(cell[name], None, exact=True)
        for name in ("budget", "actual", "committed", "left")
    }
    told["share"] = "–" if cell["spent_share"] is None else percent_text(cell["spent_share"])
    st.caption(
        _("budget {budget} · cost {actual} · committed {committed} · left {left} · {share} of the budget", **told)
    )
    cost_lines(page, chosen, key)


def cost_lines(page: KpiPage, chosen: dict[str, str], key: str) -> None:
    """The lines of what is chosen (models.cost.cells.cost_lines) with document, text, file and line; all in the download."""
    view, selection = page.view, page.selection
    lines = view.ask(model.cost_lines, selection, chosen, tables.ROWS_SHOWN)
    if lines.is_empty():
        st.caption(_("No cost is booked here."))
        return
    spoken = language()
    derived = derived_words(spoken)
    columns = {
        "booked_on": day(_("Booked on"), width=90),
        "document_no": text(_("Document"), width=136),
        "description": text(_("Text"), lambda line: derived.get(line["description"], line["description"]), width=104),
        "amount": number(_("Booked amount"), width=114),
        "kind": text(_("Kind"), lambda line: meaning_word(line["kind"], spoken), width=128),
        "category": text(_("Category"), lambda line: meaning_word(line["category"] or "", spoken), width=134),
        "wbs_code": text(_("WBS"), width=48),
        "vendor": text(_("Supplier"), width=70),
        "file_name": text(_("File"), width=64),
        "source_row": number(_("Line"), format="%d", width=46),
    }
    table(lines, columns | currencies.original_columns(lines), key=f"{key}_lines")
    if lines.height == tables.ROWS_SHOWN:
        st.caption(_("The {count} largest lines; the download holds all of them.", count=tables.ROWS_SHOWN))
    tables.download(
        lambda: view.ask(model.cost_lines, selection, chosen, tables.ROWS_DOWNLOADED),
        "plimsoll-cost-lines",
        data.stands(view, selection, STANDS_LIKE),
        key=f"{key}_download",
    )
