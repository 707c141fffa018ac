"""Budget, cost, commitments and what is left, module (or project) × phase or category; every cell opens the lines behind it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.document import Row
from models.vocabulary import UNALLOCATED, KpiStatus, Phase
from models.words.locales import MoneyUnit
from models.words.numbers import decimal_text, money_text, percent_text, unit_for, unit_label
from ui.kpis import bullet as mark
from ui.kpis import currencies, sections, tables
from ui.kpis.meanings import derived_words, meaning_word
from ui.shell import data
from ui.shell.filters import stands_words
from ui.shell.theme import ink
from ui.shell.wording import _, language, safe

STANDS_LIKE = "budget_consumption"  # the KPI whose period these figures share
LINES_SHOWN = 200
LINES_DOWNLOADED = 100_000
TOTAL = "\x1f"  # the row or column of totals: a sign that no export holds
ROW_WIDTH = 130
FIGURES = ("spent_share", "actual", "budget", "committed", "left")


def budget_and_cost(opened: data.Opened, selection: Selection, names: Mapping[str, str], key: str) -> None:
    """The cells as a grid, one figure at a time; below it the cell chosen with all its figures and its lines."""
    rows = "module" if len(names) == 1 else "project_key"
    across, shown = _choices(key)
    cells = data.budget_and_cost(opened, selection, rows, across)
    if cells.is_empty():
        st.caption(_("No budget and no cost are known for this choice."))
        return
    sums = with_totals(cells, rows, across)
    row_names, column_names = _members(sums, rows, names), _members(sums, across, names)
    unit = unit_for(cells["actual"].to_list() + cells["budget"].to_list(), language())
    st.markdown("**" + _title(sums, rows, across) + "**")
    st.caption(f"{stands_words(data.stands(opened, selection, STANDS_LIKE))} · {_caption(shown, unit, sums)}")
    clicked = _grid(sums, rows, across, shown=shown, unit=unit, row_names=row_names, column_names=column_names, key=key)
    row, column = clicked or worst_cell(cells, rows, across)
    _lines(
        opened, selection, sums, (rows, row), (across, column), words=(row_names[row], column_names[column]), key=key
    )


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
        across = st.segmented_control(
            _("Across"),
            ["phase", "category"],
            format_func={"phase": _("by phase"), "category": _("by kind of cost")}.get,
            default="phase",
            key=f"{key}_across",
            required=True,
            label_visibility="collapsed",
        )
        shown = st.segmented_control(
            _("Figure"),
            FIGURES,
            format_func={
                "spent_share": _("% of budget"),
                "actual": _("Cost"),
                "budget": _("Budget"),
                "committed": _("Committed"),
                "left": _("Left"),
            }.get,
            default="spent_share",
            key=f"{key}_figure",
            required=True,
            label_visibility="collapsed",
        )
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


def _title(sums: pl.DataFrame, rows: str, across: str) -> str:
    whole = sums.filter((pl.col(rows) == TOTAL) & (pl.col(across) == TOTAL)).row(0, named=True)
    words = {
        "actual": money_text(whole["actual"], None, language()),
        "budget": money_text(whole["budget"], None, language()),
    }
    if whole["spent_share"] is None:
        return _("{actual} spent; no budget is known", **words)
    return _(
        "{actual} of a budget of {budget} is spent: {share}",
        share=percent_text(whole["spent_share"], language()),
        **words,
    )


def _caption(shown: str, unit: MoneyUnit, sums: pl.DataFrame) -> str:
    label = unit_label(unit, None, language())
    words = [_("% of budget spent") if shown == "spent_share" else _("{unit}, excluding VAT", unit=label)]
    if sums["committed"].is_null().all():
        words.append(_("no commitments are recorded here: what is left is budget − cost"))
    words.append(_("a click on a cell opens its lines"))
    return " · ".join(words)


def _grid(
    sums: pl.DataFrame,
    rows: str,
    across: str,
    *,
    shown: str,
    unit: MoneyUnit,
    row_names: Mapping[str, str],
    column_names: Mapping[str, str],
    key: str,
) -> tuple[str, str] | None:
    """Rows × columns with one figure per cell. Returns the cell clicked."""
    by_cell = {(cell[rows], cell[across]): cell for cell in sums.iter_rows(named=True)}
    width = min(110, (tables.GRID_WIDTH - ROW_WIDTH) // max(len(column_names), 1))
    is_share = shown == "spent_share"
    order = tables.head_order(f"{key}_grid_{rows}_{across}_{shown}")
    if order.column is not None:
        column = list(column_names)[int(order.column[1:])]
        values = {row: (by_cell.get((row, column)) or {}).get(shown) for row in row_names}
        row_names = {row: row_names[row] for row in order.sorted(list(row_names), values)}
    table: dict[str, list] = {"_row": list(row_names.values())}
    config = {
        "_row": st.column_config.TextColumn(_("Project") if rows == "project_key" else _("Module"), width=ROW_WIDTH)
    }
    for number, (column, word) in enumerate(column_names.items()):
        cells = [by_cell.get((row, column)) for row in row_names]
        name = f"c{number}"
        if is_share:
            table[name] = [_picture(cell, unit, width) for cell in cells]
            config[name] = st.column_config.ImageColumn(word + order.sign(name), width=width)
        else:
            table[name] = [_amount(cell, shown, unit) for cell in cells]
            config[name] = st.column_config.TextColumn(word + order.sign(name), width=width, alignment="right")
    event = st.dataframe(
        pl.DataFrame(table),
        width="content",
        hide_index=True,
        row_height=tables.GRID_ROW if is_share else None,
        height=min(
            tables.TALLEST, (tables.GRID_ROW if is_share else tables.TABLE_ROW) * len(row_names) + tables.TABLE_ROW + 4
        ),
        column_config=config,
        key=order.widget_key,
        on_select="rerun",
        selection_mode=["single-cell", "single-column"],
    )
    order.take(event)
    chosen = event.selection.get("cells") or []
    if not chosen:
        return None
    row, name = chosen[0]
    column = TOTAL if name == "_row" else list(column_names)[int(name[1:])]
    cell = (list(row_names)[row], column)
    return cell if cell in by_cell else None


def _picture(cell: Row | None, unit: MoneyUnit, width: int) -> str:
    """The share of the budget spent against the line of 100 %; a cost without a budget is an amount instead."""
    if cell is None:
        return mark.NOTHING
    share = cell["spent_share"]
    if share is None:
        amount = money_text(cell["actual"], None, language(), unit=unit)
        reading = mark.BulletValue(value=None, status=KpiStatus.UNRATED, instead=amount)
    else:
        status = KpiStatus.CRITICAL if cell["actual"] > cell["budget"] else KpiStatus.OK
        reading = mark.BulletValue(value=share, status=status, better="lower", critical_at=1.0)
    return mark.cell_picture(reading, "percent", language(), ink(), width=width - tables.CELL_PADDING)


def _amount(cell: Row | None, shown: str, unit: MoneyUnit) -> str:
    """The amount in the unit that the caption names."""
    return "" if cell is None or cell[shown] is None else decimal_text(cell[shown] / unit.divisor, 2, language())


def _lines(
    opened: data.Opened,
    selection: Selection,
    sums: pl.DataFrame,
    row: tuple[str, str],
    column: tuple[str, str],
    *,
    words: tuple[str, str],
    key: str,
) -> None:
    """All figures of the cell, then its lines with document, text, file and line; every one of them in the download."""
    figures = sums.filter((pl.col(row[0]) == row[1]) & (pl.col(column[0]) == column[1])).row(0, named=True)
    exact = {name: money_text(figures[name], None, language(), exact=True) for name in FIGURES[1:]}
    st.markdown(f"**{safe(words[0])} × {safe(words[1])}**")
    share = "–" if figures["spent_share"] is None else percent_text(figures["spent_share"], language())
    committed = exact["committed"] if figures["committed"] is not None else "–"
    st.caption(
        _(
            "budget {budget} · cost {actual} · committed {committed} · left {left} · {share} of the budget",
            budget=exact["budget"],
            actual=exact["actual"],
            committed=committed,
            left=exact["left"],
            share=share,
        )
    )
    cell = {name: member for name, member in (row, column) if member != TOTAL}
    lines = data.cost_lines(opened, selection, cell, LINES_SHOWN)
    if lines.is_empty():
        st.caption(_("No cost is booked here."))
        return
    told = language()
    shown = lines.with_columns(
        pl.Series("kind", [meaning_word(kind, told) for kind in lines["kind"]], dtype=pl.String),
        pl.Series("category", [meaning_word(name or "", told) for name in lines["category"]], dtype=pl.String),
        pl.col("description").replace(derived_words(told)),
        pl.col("amount").cast(pl.Float64),
    ).select(
        "booked_on",
        "document_no",
        "description",
        "amount",
        "kind",
        "category",
        "wbs_code",
        "vendor",
        "file_name",
        "source_row",
        pl.col("original_amount").cast(pl.Float64),
        "original_currency",
        pl.col("exchange_rate").cast(pl.Float64),
    )
    if shown["original_currency"].null_count() == len(shown):
        shown = shown.drop("original_amount", "original_currency", "exchange_rate")
    tables.plain_table(
        shown,
        key=f"{key}_lines",
        columns={
            "booked_on": st.column_config.DateColumn(_("Booked on"), width=90),
            "document_no": st.column_config.TextColumn(_("Document"), width=136),
            "description": st.column_config.TextColumn(_("Text"), width=104),
            "amount": st.column_config.NumberColumn(_("Booked amount"), format="localized", width=114),
            "kind": st.column_config.TextColumn(_("Kind"), width=128),
            "category": st.column_config.TextColumn(_("Category"), width=134),
            "wbs_code": st.column_config.TextColumn(_("WBS"), width=48),
            "vendor": st.column_config.TextColumn(_("Supplier"), width=70),
            "file_name": st.column_config.TextColumn(_("File"), width=64),
            "source_row": st.column_config.NumberColumn(_("Line"), format="%d", width=46),
            **currencies.original_columns(),
        },
    )
    if lines.height == LINES_SHOWN:
        st.caption(_("The {count} largest lines; the download holds all of them.", count=LINES_SHOWN))
    tables.download(
        lambda: data.cost_lines(opened, selection, cell, LINES_DOWNLOADED),
        "plimsoll-cost-lines",
        data.stands(opened, selection, STANDS_LIKE),
        key=f"{key}_download",
    )
