"""Baselines: against which plan is each project held, who allowed it, and what waits for approval?"""

import datetime as dt
from functools import partial

import streamlit as st

from models.errors import PlimsollError
from pipeline.refresh.baselines.baselines import approve, baselines, differences, reject
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from ui.kpis import sections
from ui.operations import refreshing
from ui.schedule import baselines as shown_baselines
from ui.schedule import variance as baseline_variance
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.wording import _, error_text, language

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
opened = data.opened_build()
filters = current_filters()
state = refresh_state(folder)
records = shown_baselines.of_projects(baselines(folder), opened, filters.projects)

st.title(_("Baselines"))
st.caption(
    _(
        "The first budget of a project is frozen with the first build that uses it. Any other budget is a proposal: "
        "it counts from its approval on, and what was frozen is never altered."
    )
)
if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
elif st.button(_("Refresh now"), icon=":material/refresh:", key="baselines_refresh"):
    refreshing.ask(partial(ask_for_refresh, folder, "screen"), now)
    st.rerun()

decision = shown_baselines.waiting(records, partial(differences, folder), opened)
try:
    if decision is not None:
        {"approve": approve, "reject": reject}[decision.act](folder, decision.baseline_id, **decision.words)
except PlimsollError as error:
    st.error(error_text(error, language()))
else:
    if decision is not None:
        st.toast(_("Saved. It counts from the next refresh on."))
        st.rerun()

st.subheader(_("Frozen baselines"))
shown_baselines.frozen(records)
if opened is not None:
    st.subheader(_("Variance against any baseline"))
    project = sections.project_in_scope(data.chosen_projects(opened, filters))
    if project is None:
        sections.project_line(opened, filters, data.kpi_grid(opened, filters), key="baselines_project_line")
    else:
        sections.all_projects_button(opened, key="baselines_all")
        baseline_variance.section(opened, project)
