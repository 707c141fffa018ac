"""What stands under the S-curve: where actual cost comes from, and every estimate at completion with what it assumes."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

import polars as pl
import streamlit as st

from models.cost.estimates import ASSUMPTIONS, BAND, Estimates, Method
from models.cost.series import EarnedValue
from ui.cost import charts as cost_charts
from ui.shell.numbers import date_text, money_text
from ui.shell.tables import figure, table, text
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
        provisional=money_text(basis["provisional"].sum(), None),
        accrued=money_text(basis["accrued"].sum(), None),
    )


def _of_one(row: Mapping) -> str:
    shown = language()
    source = translate(_SOURCES[row["actual_cost_source"]], {"date": date_text(row["booked_until"])}, shown)
    words = [_("AC: {source}", source=source)]
    if row["provisional"]:
        words.append(
            _(
                "{amount} of it is provisional by {date}",
                amount=money_text(row["provisional"], None),
                date=date_text(row["stands_on"]),
            )
        )
    if row["accrue_at_arrival"] == "no":
        words.append(_("what has arrived counts once it is booked"))
    elif row["accrued"]:
        words.append(
            _("{amount} has arrived and is accrued until its invoice comes", amount=money_text(row["accrued"], None))
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
            estimates_table(told, told.at_completion, key=f"{key}_estimates")
    if basis.height > 1 and not told.in_hours:
        with st.expander(_("What the actual cost of each project rests on")):
            _basis_table(basis, names, key=f"{key}_basis")


def estimates_table(told: EarnedValue, found: Estimates, key: str) -> None:
    """One row per method, the least first: estimate and what it leaves of the budget; those without a number last, and why."""
    known = {method: figure.value for method, figure in found.estimate_at_completion.items()}
    methods = sorted(Method, key=lambda method: (known[method] is None, known[method] or 0.0))
    table(
        [{"method": method} for method in methods],
        {
            "formula": text(_("Formula"), lambda row: cost_charts.FORMULAS[row["method"]], width=250),
            "estimate": figure(
                _("EAC"),
                lambda row: cost_charts.amount_text(known[row["method"]], told),
                value=lambda row: known[row["method"]],
                width=100,
            ),
            "variance": figure(
                _("VAC"),
                lambda row: cost_charts.amount_text(found.variance_at_completion[row["method"]].value, told),
                value=lambda row: found.variance_at_completion[row["method"]].value,
                width=100,
            ),
            "band": text(_("In the band"), lambda row: "●" if row["method"] in BAND else "", width=80),
            "words": text(_("What it assumes"), lambda row: _assumption(row["method"], found), width=560),
        },
        key=key,
    )
    if told.stands_on is not None:
        st.caption(_("At {date}, the newest data date up to the last closed period.", date=date_text(told.stands_on)))


def _assumption(method: Method, found: Estimates) -> str:
    figure = found.estimate_at_completion[method]
    return spoken(figure.template or ASSUMPTIONS[method]["template"])


def _basis_table(basis: pl.DataFrame, names: Mapping[str, str], key: str) -> None:
    table(
        basis,
        {
            "project": text(_("Project"), lambda row: names.get(row["project_key"], row["project_key"]), width=200),
            "source": text(
                _("Source of actual cost"), lambda row: spoken(_SHORT[row["actual_cost_source"]]), width=240
            ),
            "until": text(
                _("Closed up to"),
                lambda row: date_text(row["booked_until"]),
                value=itemgetter("booked_until"),
                width=110,
            ),
            "provisional": figure(
                _("Provisional"),
                lambda row: money_text(row["provisional"], None),
                value=itemgetter("provisional"),
                width=110,
            ),
            "accrued": figure(
                _("Accrued at arrival"),
                lambda row: money_text(row["accrued"], None) if row["accrue_at_arrival"] == "yes" else _("once booked"),
                value=lambda row: row["accrued"] if row["accrue_at_arrival"] == "yes" else None,
                width=140,
            ),
        },
        key=key,
    )
