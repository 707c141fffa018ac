"""What changed most against the chosen comparison, and which of its terms made it so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from itertools import islice

import streamlit as st

from models.document import Row
from models.kpis import comparison
from models.kpis.catalogue import Kpi, measure_names, money_measures
from models.kpis.worst import place_of
from models.overview.moved import Place, Term, moved, terms
from models.vocabulary import KpiStatus
from ui.grid.cells import Cell, Column, Kind
from ui.kpis import readings
from ui.kpis.page import KpiPage
from ui.kpis.tables import head_word
from ui.shell import data
from ui.shell.markup import address
from ui.shell.numbers import count_text, money_text
from ui.shell.tables import grid
from ui.shell.wording import _, clauses, language

SHOWN = 8
TERMS_NAMED = 2
EVIDENCE = "overview/evidence"
_SEEN = (KpiStatus.CRITICAL, KpiStatus.WARNING, KpiStatus.OK)


def movements(page: KpiPage, key: str) -> None:
    """Draws the largest changes: what became worse in status first, then by share of the level."""
    against = data.comparison_words(data.chosen_comparison())
    st.markdown("**" + _("What changed most against: {what}", what=against) + "**")
    rows = largest(page)
    if not rows:
        st.caption(_("Nothing changed."))
        return
    causes = _causes(page, rows)

    def project(row: Row) -> Cell:
        name = page.names[row["project_key"]]
        return Cell(name, name, label=readings.period_words(row, language()))

    def change(row: Row) -> Cell:
        kpi = page.catalogue[row["kpi_key"]]
        before = {**row, "value": row["previous_value"], "status": row["previous_status"] or ""}
        then, now = (readings.value_words(at, kpi, language()) for at in (before, row))
        hover = _(
            "{now} ({period}) against {then} ({against})",
            now=now,
            then=then,
            period=readings.period_words(row, language()),
            against=row["compared_with"] or against,
        )
        return Cell(
            f"{then} → {now}",
            _weight(row),
            row["status"],
            head_word(kpi.short(language())),
            hover=hover,
            address=address(EVIDENCE, kpi=row["kpi_key"], of=row["project_key"]),
        )

    grid(
        rows,
        {
            "project": Column(_("Project"), project, width=140),
            "change": Column(_("Change"), change, Kind.FIGURE, width=150),
            "cause": Column(_("Cause"), lambda row: causes[_key(row)], width=260),
        },
        key=key,
        label=_("The largest changes"),
    )


def largest(page: KpiPage) -> list[Row]:
    """Rows of the grid whose value moved, those first that moved into a worse status, then by how far."""
    rows: list[Row] = [
        row
        for row in page.grid.iter_rows(named=True)
        if row["project_key"] in page.names
        and row["status"] in _SEEN
        and row["value"] is not None
        and row["previous_value"] is not None
        and row["value"] != row["previous_value"]
        and page.catalogue[row["kpi_key"]].has_own_status
    ]
    rows.sort(key=lambda row: (-_worse_by(row), -_weight(row), place_of(row)))
    seen = (row for row in rows if not _rounds_to_nothing(row, page.catalogue[row["kpi_key"]]))
    return list(islice(seen, SHOWN))


def _worse_by(row: Row) -> int:
    """By how many steps its status is worse than it was; of better ones 0."""
    before = row["previous_status"]
    if before not in _SEEN:
        return 0
    return max(_SEEN.index(before) - _SEEN.index(row["status"]), 0)


def _weight(row: Row) -> float:
    """How far a value moved, as a share of its level, else of what it was."""
    level = row["critical_at"] or row["warning_at"] or row["previous_value"] or 1.0
    return abs(row["value"] - row["previous_value"]) / abs(level)


def _rounds_to_nothing(row: Row, kpi: Kpi) -> bool:
    then = {**row, "value": row["previous_value"]}
    return readings.value_words(row, kpi, language()) == readings.value_words(then, kpi, language())


def _causes(page: KpiPage, rows: list[Row]) -> dict[tuple[str, str], str]:
    """{(project, KPI): which of its terms moved, and by how much}; empty where they are not known at both moments."""
    kind = data.chosen_comparison()
    now = {_key(row): _place(row, row["period_end"]) for row in rows}
    if kind == comparison.BASELINE:
        return dict.fromkeys(now, "")
    then = {_key(row): _place(row, row["compared_on"] or row["period_end"]) for row in rows}
    sums = page.view.ask(terms, tuple(now.values()))
    is_build = kind not in comparison.KINDS
    earlier = data.earlier_build(page.view, kind) if is_build else page.view
    sums_then = earlier.ask(terms, tuple(then.values()))
    labels = page.view.ask(measure_names, language())
    money = page.view.ask(money_measures)
    found = {}
    for row in rows:
        kpi = page.catalogue[row["kpi_key"]]
        formula = f"{kpi.numerator_sql} {kpi.denominator_sql or ''}"
        counted = [name for name in kpi.measures if re.search(rf"\b{name}\b", formula)]
        changes = moved(sums.get(now[_key(row)], {}), sums_then.get(then[_key(row)], {}), counted)
        found[_key(row)] = clauses(
            f"{labels[term.measure_key]} {_amount(term, money, row.get('currency'))}" for term in changes[:TERMS_NAMED]
        )
    return found


def _key(row: Row) -> tuple[str, str]:
    return row["project_key"], row["kpi_key"]


def _place(row: Row, end: dt.date) -> Place:
    return row["project_key"], row["kpi_key"], row["period_kind"], end


def _amount(term: Term, money: Collection[str], currency: str | None) -> str:
    if term.measure_key in money:
        return money_text(term.change, currency, signed=True)
    return ("+" if term.change > 0 else "−") + count_text(abs(term.change))
