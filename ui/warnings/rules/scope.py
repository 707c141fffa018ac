"""Whom a rule is written for: the choice at the top of the page, and which KPIs can be judged there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from models.alerts.signals import ABSENT, Scope
from models.builds.selection import Selection
from models.kpis import site_values, values
from models.kpis.catalogue import Kpi
from models.vocabulary import Phase
from ui.shell import boxes, data
from ui.shell.wording import _, phase_word


def choice(view: data.BuildView, names: Mapping[str, str]) -> Scope | None:
    """The scope chosen: grain is that of the alerts it gives. None where a part is still to be chosen."""
    words = {
        "all": _("all projects"),
        "portfolio": _("the portfolio itself"),
        "customer": _("Customer"),
        "project": _("Project"),
        "module": _("Module"),
        "phase": _("Phase"),
        "site": _("Site"),
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = boxes.selectbox(_("Rules for"), words, key="rules_scope", width=190)
        return _narrowed(kind, view, names)


def _narrowed(kind: str, view: data.BuildView, names: Mapping[str, str]) -> Scope | None:
    if kind in ("all", "portfolio"):
        return Scope("project" if kind == "all" else kind)
    if kind == "customer":
        customers = data.projects(view)["customer"].drop_nulls().unique(maintain_order=True).to_list()
        customer = boxes.selectbox(_("Customer"), customers, key="rules_customer", width=240)
        return Scope("customer", customer=customer) if customer else None
    every = {ABSENT: _("all projects")} if kind == "phase" else {}
    project = boxes.selectbox(_("Project"), every | dict(names), key=f"rules_project_{kind == 'phase'}", width=240)
    if project is None:
        return None
    if kind == "project":
        return Scope("project", project, customer=_customer(view, project))
    if kind == "phase":
        phases = {phase.value: phase_word(phase) for phase in Phase}
        phase = boxes.selectbox(_("Phase"), phases, key="rules_phase", width=220)
        return Scope("phase", project, phase=phase, customer=_customer(view, project))
    known = (
        view.ask(values.modules, Selection(projects=(project,)))
        if kind == "module"
        else view.ask(site_values.sites, project)
    )
    if not known:
        st.caption(_("No row of this project names a site.") if kind == "site" else _("This project has no modules."))
        return None
    part = boxes.selectbox(_("Module") if kind == "module" else _("Site"), known, key=f"rules_{kind}", width=220)
    return Scope(kind, project, **{kind: part}, customer=_customer(view, project))


def _customer(view: data.BuildView, project_key: str) -> str:
    rows = data.projects(view).filter(pl.col("project_key") == project_key)["customer"].to_list()
    return rows[0] if rows and rows[0] else ABSENT


def columns_of(scope: Scope) -> dict[str, Any]:
    """The columns of a rule that is written for this scope."""
    places = {name: getattr(scope, name) for name in ("project_key", "module", "phase", "site")}
    customer = scope.customer if scope.grain == "customer" else ABSENT
    return places | {"customer": customer, "is_portfolio": scope.grain == "portfolio"}


def judged_kpis(view: data.BuildView, catalogue: Mapping[str, Kpi], scope: Scope) -> list[Kpi]:
    """The KPIs that a level can be set for here: those with a status of their own that are counted that finely."""
    own = [kpi for kpi in catalogue.values() if kpi.has_own_status]
    if scope.grain == "site":
        return [kpi for kpi in own if site_values.has_sites(view.snapshot, kpi)]
    return [kpi for kpi in own if scope.grain == "customer" or scope.grain in kpi.grains]
