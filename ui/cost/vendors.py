"""What was paid to whom: suppliers as bars, each of which narrows the lines of cost below to its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from models.cost import cells as model
from models.document import Row
from models.vocabulary import UNALLOCATED
from models.words.moments import Moment
from ui.cost import cells
from ui.kpis.page import KpiPage
from ui.shell import data, figures
from ui.shell.figures import Chart, drawn, plain, plotly_text, rows_axis
from ui.shell.markup import addresses
from ui.shell.numbers import money_text, percent_text, unit_for, unit_label
from ui.shell.theme import ink
from ui.shell.wording import _, safe

BARS_SHOWN = 12
_OTHERS = "\x1f"  # the bar of the suppliers that have none of their own: a sign that no export holds


def by_vendor(page: KpiPage, key: str) -> None:
    """The bars, then the lines of cost: of the supplier that the address names, else all of them."""
    rows = page.view.ask(model.cost_by_vendor, page.selection)
    to = addresses("cost/cost", view="vendors")
    stands = data.stands(page.view, page.selection, cells.STANDS_LIKE)
    figures.show(vendor_chart(rows, stands, lambda vendor: to(vendor=vendor)), key=key)
    if rows.is_empty():
        return
    vendor = str(st.session_state.get("subject_vendor"))
    is_narrowed = vendor in rows["vendor"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{safe(vendor_word(vendor)) if is_narrowed else _('All suppliers')}**")
        if is_narrowed:
            st.button(
                _("All suppliers"), icon=":material/grid_view:", key=f"{key}_all", on_click=_widen, type="tertiary"
            )
    cells.cost_lines(page, {model.VENDOR: vendor} if is_narrowed else {}, key)


def _widen() -> None:
    st.session_state["subject_vendor"] = ""


def vendor_word(vendor: str) -> str:
    """A supplier as it is shown."""
    return _("no supplier named") if vendor == UNALLOCATED else vendor


def vendor_chart(rows: pl.DataFrame, stands: Moment | None, opens: Callable[[str], str]) -> Chart:
    """Cost as solid bars, what was signed outlined around them, both in one unit; what names no supplier is the last bar.

    rows: models.cost.cells.cost_by_vendor. opens: the address of the page narrowed to a supplier. Suppliers beyond BARS_SHOWN are
    one bar, so that the bars add up to the cost of the page.
    """
    if rows.is_empty():
        return Chart.empty(_("No cost and no commitment are known for this choice."))
    paper = ink()
    shown = _bars(rows)
    upwards = shown[::-1]  # Plotly counts from the bottom
    has_signed = rows["signed"].is_not_null().any()
    unit = unit_for([amount for name in ("actual", "signed") for amount in rows[name].drop_nulls()])
    amount = partial(money_text, currency=None, unit=unit)
    labels = [f"{plotly_text(row['name'])}  <b>{amount(row['actual'])}</b>" for row in upwards]
    words = [
        f"{plotly_text(row['name'], 60)}<br>{_('Cost')} {amount(row['actual'])}"
        + (f"<br>{_('Signed')} {amount(row['signed'])}" if has_signed else "")
        for row in upwards
    ]
    ways = [None if row["vendor"] == _OTHERS else opens(row["vendor"]) for row in upwards]
    places = list(range(len(upwards)))

    def bars(column: str, name: str, look: dict[str, Any], width: float) -> dict:
        lengths = [float(row[column] or 0) / unit.divisor for row in upwards]
        return {
            "type": "bar",
            "orientation": "h",
            "x": lengths,
            "y": places,
            "width": width,
            "name": name,
            "marker": look,
            "text": words,
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
            "customdata": ways,
        }

    outlined = {"color": "rgba(0,0,0,0)", "line": {"color": paper.text, "width": 1.2}}
    cost = bars("actual", _("Cost"), {"color": paper.text}, 0.42)
    figure = drawn(
        paper,
        [bars("signed", _("Signed"), outlined, 0.7), cost] if has_signed else [cost],
        yaxis=rows_axis(places, labels, paper, tickfont={"color": paper.text, "size": 13}),
        barmode="overlay",
        height=max(160, 30 * len(labels) + 60),
        margin={"r": 16},
    )
    units = [_("{unit}, excluding VAT", unit=unit_label(unit, None))]
    if has_signed:
        units.append(_("solid: cost · outlined: signed"))
    units.append(_("a bar shows its lines below"))
    menu = [(plain(said), way) for said, way in zip(words, ways, strict=True) if way][::-1]
    return Chart(_title(rows), " · ".join(units), figure, stands, menu)


def _bars(rows: pl.DataFrame) -> list[Row]:
    """vendor, name, actual, signed of each bar from the top: the suppliers with most cost, the others as one, no supplier."""
    named, loose = rows.filter(pl.col("vendor") != UNALLOCATED), rows.filter(pl.col("vendor") == UNALLOCATED)
    head, tail = named.head(BARS_SHOWN), named.slice(BARS_SHOWN)
    found = [row | {"name": vendor_word(row["vendor"])} for row in head.iter_rows(named=True)]
    if tail.height:
        sums = tail.select(pl.col("actual", "signed").sum()).row(0, named=True)
        found.append(sums | {"vendor": _OTHERS, "name": _("others ({count})", count=tail.height)})
    return found + [row | {"name": vendor_word(row["vendor"])} for row in loose.iter_rows(named=True)]


def _title(rows: pl.DataFrame) -> str:
    """Who has most of the cost, and how much of it names nobody."""
    total = float(rows["actual"].sum())
    named = rows.filter(pl.col("vendor") != UNALLOCATED)
    loose = total - float(named["actual"].sum())
    if total <= 0 or named.is_empty():
        return _("No cost names a supplier yet")
    first = named.row(0, named=True)
    return _(
        "{vendor} has most of the cost that names a supplier: {amount}; {share} of all cost names none",
        vendor=safe(first["vendor"]),
        amount=money_text(first["actual"], None),
        share=percent_text(loose / total),
    )
