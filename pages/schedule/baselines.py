"""Baselines: against which plan is each project held, who allowed it, and what waits for approval?"""

import streamlit as st

from pipeline import offers
from ui.frame.head import page_head
from ui.kpis import events, sections
from ui.operations import refreshing
from ui.schedule import baselines as shown_baselines
from ui.schedule import variance as baseline_variance
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

port = offers.Baselines(data.data_dir(), current_viewer())
refreshes = offers.Refreshes(port.folder, port.viewer)
view = data.opened_build()
filters = current_filters()
records = shown_baselines.of_projects(port.records(), view, filters.projects)

page_head(
    _("Frozen baselines: {count}; waiting for approval: {waiting}", count=len(records), waiting=len(port.waiting()))
)
st.caption(
    _(
        "The first budget of a project is frozen with the first build that uses it. Any other budget is a proposal: "
        "it counts from its approval on, and what was frozen is never altered."
    )
)
refreshing.refresh_bar(refreshes, key="baselines_refresh")

decision = shown_baselines.waiting(records, port, view)
with saving(decision, told=_("Saved. It counts from the next refresh on.")):
    if decision is not None:
        port.decide(decision.act, decision.baseline_id, **decision.words)

st.subheader(_("Frozen baselines"))
shown_baselines.frozen(records)
if view is not None:
    st.subheader(_("Variance against any baseline"))
    project = sections.project_in_scope(data.chosen_projects(view, filters))
    if project is None:
        sections.project_line(view, filters, data.kpi_grid(view, filters), key="baselines_project_line")
    else:
        sections.all_projects_button(view, key="baselines_all")
        undone = offers.Intake(port.folder, port.viewer).undone()
        baseline_variance.section(view, project, events.happened(view, str(project["project_key"]), undone))
