"""What stands under the S-curve: where actual cost comes from, and every estimate at completion with what it assumes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from models.cost.estimates import ASSUMPTIONS, BAND, Method
from models.cost.series import EarnedValue
from models.words.numbers import date_text, money_text
from ui.cost import charts as cost_charts
from ui.kpis.tables import plain_table
from ui.shell.wording import _, clauses, language, msgid, spoken, translate

_SOURCES = {
    "ledger": msgid("the books up to {date}, the end of the last closed period; after it labor from hours × rates"),
    "timesheets": msgid("labor from hours × rates throughout, the rest from the books (closed up to {date})"),
    "books": msgid("only what is booked (closed up to {date}), nothing provisional"),
}
_SHORT = {
    "ledger": msgid("books, then hours × rates"),
    "timesheets": msgid("hours × rates for labor"),
    "books": msgid("books alone"),
}


def actual_cost_line(basis: pl.DataFrame) -> str:
    """Where actual cost comes from, what is provisional and what is accrued; of several projects, how many for each source."""
    if basis.is_empty():
        return ""
    if basis.height == 1:
        return _of_one(basis.row(0, named=True))
    counts = basis["actual_cost_source"].value_counts(sort=True).rows()
    sources = clauses(
        _("{count} projects: {source}", count=count, source=spoken(_SHORT[source])) for source, count in counts
    )
    return _(
        "AC by project: {sources}. Provisional {provisional}, accrued at arrival {accrued}",
        sources=sources,
        provisional=money_text(basis["provisional"].sum(), None, language()),
        accrued=money_text(basis["accrued"].sum(), None, language()),
    )


def _of_one(row: Mapping) -> str:
    shown = language()
    source = translate(_SOURCES[row["actual_cost_source"]], {"date": date_text(row["booked_until"], shown)}, shown)
    words = [_("AC: {source}", source=source)]
    if row["provisional"]:
        words.append(
            _(
                "{amount} of it is provisional by {date}",
                amount=money_text(row["provisional"], None, shown),
                date=date_text(row["stands_on"], shown),
            )
        )
    if row["accrue_at_arrival"] == "no":
        words.append(_("what has arrived counts once it is booked"))
    elif row["accrued"]:
        words.append(
            _(
                "{amount} has arrived and is accrued until its invoice comes",
                amount=money_text(row["accrued"], None, shown),
            )
        )
    else:
        words.append(
            _("nothing is accrued at arrival: no commitment of equipment or software is ahead of its bookings")
        )
    if row.get("planned_value_source") == "schedule":
        words.append(_("PV: the budget over the baseline dates of the schedule's tasks"))
    return " · ".join(words)


def details(told: EarnedValue, basis: pl.DataFrame, names: Mapping[str, str], key: str) -> None:
    """Two tables, folded: all estimates at completion, and what the cost of each project rests on."""
    if told.at_completion is not None:
        with st.expander(_("All estimates at completion, and what each assumes")):
            estimates_table(told, key=f"{key}_estimates")
    if basis.height > 1 and not told.in_hours:
        with st.expander(_("What the actual cost of each project rests on")):
            _basis_table(basis, names, key=f"{key}_basis")


def estimates_table(told: EarnedValue, key: str) -> None:
    """One row per method, the least first: estimate and what it leaves of the budget; those without a number last, and why."""
    found, shown = told.at_completion, language()
    known = {method: figure.value for method, figure in found.estimate_at_completion.items()}
    methods = sorted(Method, key=lambda method: (known[method] is None, known[method] or 0.0))
    rows = [
        {
            "formula": cost_charts.FORMULAS[method],
            "estimate": cost_charts.amount_text(known[method], told),
            "variance": cost_charts.amount_text(found.variance_at_completion[method].value, told),
            "band": "●" if method in BAND else "",
            "words": _assumption(method, told),
        }
        for method in methods
    ]
    plain_table(
        pl.DataFrame(rows),
        key=key,
        columns={
            "formula": st.column_config.TextColumn(_("Formula"), width=250),
            "estimate": st.column_config.TextColumn(_("EAC"), width=100, alignment="right"),
            "variance": st.column_config.TextColumn(_("VAC"), width=100, alignment="right"),
            "band": st.column_config.TextColumn(_("In the band"), width=80),
            "words": st.column_config.TextColumn(_("What it assumes"), width=560),
        },
    )
    if told.stands_on is not None:
        st.caption(
            _("At {date}, the newest data date up to the last closed period.", date=date_text(told.stands_on, shown))
        )


def _assumption(method: Method, told: EarnedValue) -> str:
    figure = told.at_completion.estimate_at_completion[method]
    return spoken(figure.template or ASSUMPTIONS[method]["template"])


def _basis_table(basis: pl.DataFrame, names: Mapping[str, str], key: str) -> None:
    shown = language()
    plain_table(
        pl.DataFrame(
            {
                "project": [names.get(project, project) for project in basis["project_key"]],
                "source": [spoken(_SHORT[source]) for source in basis["actual_cost_source"]],
                "until": [date_text(day, shown) for day in basis["booked_until"]],
                "provisional": [money_text(amount, None, shown) for amount in basis["provisional"]],
                "accrued": [
                    money_text(amount, None, shown) if accrues == "yes" else _("once booked")
                    for amount, accrues in basis.select("accrued", "accrue_at_arrival").iter_rows()
                ],
            }
        ),
        key=key,
        columns={
            "project": st.column_config.TextColumn(_("Project"), width=200),
            "source": st.column_config.TextColumn(_("Source of actual cost"), width=240),
            "until": st.column_config.TextColumn(_("Closed up to"), width=110),
            "provisional": st.column_config.TextColumn(_("Provisional"), width=110, alignment="right"),
            "accrued": st.column_config.TextColumn(_("Accrued at arrival"), width=140, alignment="right"),
        },
    )
