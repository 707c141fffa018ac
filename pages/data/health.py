"""Data health: is everything here that should be, and where did the rest go?"""

import streamlit as st

from models.builds.published import current_build
from pipeline import offers
from ui.cost import control_totals
from ui.frame.head import page_head
from ui.intake import batches
from ui.intake import expectations as expectations_view
from ui.kpis import double_counted
from ui.operations import health, refreshing
from ui.schedule import baselines as shown_baselines
from ui.shell import caveats, data
from ui.shell.viewer import current_viewer
from ui.shell.wording import _

folder = data.data_dir()
refreshes = offers.Refreshes(folder, current_viewer())
intake = offers.Intake(folder, current_viewer())
now = offers.now()
state = refreshes.state()
view = data.opened_build()

page_head(health.sentence(view, intake.quarantined()))
refreshing.last_run_banner(state["last_runs"])
if refreshing.is_busy(state, now):
    refreshing.progress(refreshes)
refreshing.failed_tests(state["last_runs"], folder.root)
if shown_baselines.waiting_notice(offers.Baselines(folder).waiting()):
    st.page_link("pages/schedule/baselines.py", label=_("Look at them and decide"), icon=":material/flag:")

if view is not None:
    health.stands_line(view)
    st.subheader(_("Unallocated"))
    st.caption(_("Rows whose code belongs to no project. They are counted apart until an alias ties the code to one."))
    if health.unallocated(view):
        st.page_link("pages/data/matching.py", label=_("Tie these codes to projects"), icon=":material/join:")
    for line in health.written_alike(view):
        st.caption(line)
    st.subheader(_("Unconverted"))
    st.caption(
        _(
            "Foreign amounts without an exchange rate of their day (at most ten days old). They are in no sum until one "
            "is loaded."
        )
    )
    if not health.unconverted(view):
        st.success(_("Every amount is in the currency of its project, or converted to it."))

st.subheader(_("Quarantined rows"))
st.caption(_("Mend these rows in the file and load it again; the rest of the file counts already."))
batches.quarantined_rows(intake.quarantined(), key="health_quarantined")

st.subheader(_("Expectations"))
st.caption(_("What every file is checked against when it is loaded, and how the last one of each feed came out."))
expectations_view.expectations(intake.batches(), intake)

if view is not None:
    st.subheader(_("How fresh each feed is"))
    caveats.of_build(view)
    health.holidays_line(view)
    health.freshness(view, now.date())
    control_totals.section(view)
    double_counted.section(view)

st.subheader(_("Last runs"))
refreshing.runs_table(state["last_runs"])
st.subheader(_("Versions"))
health.versions(current_build(folder), now)
