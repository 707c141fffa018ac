"""Release gate: may this project be released, and what stands in the way?"""

import datetime as dt

import streamlit as st

from models.gate.verdict import asked_of
from pipeline import offers
from ui.frame.head import page_head
from ui.kpis import sections
from ui.shell import boxes, data
from ui.shell.filters import current_filters
from ui.shell.numbers import date_text
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _
from ui.warnings.gate import forms
from ui.warnings.gate import verdict as shown

port = offers.Gate(data.data_dir(), current_viewer())
now = dt.datetime.now(dt.UTC)
if data.opened_build() is None:
    shown.nothing_published()
view = data.snapshot_or_stop()
project, head = sections.one_project(view, current_filters(), key="subject_project")
key = project["project_key"]
release = shown.release_choice(port.releases(key))

asking = port.ask(view.build, view.snapshot, key, at=now, release=release)
decision, today = asking.decision, port.local_day(view.build, now)
edits = port.edits(key)

stands = _("data as of {date}", date=date_text(project["status_on"])) if project["status_on"] else ""
with head:
    page_head(
        shown.sentence(decision),
        scope=project["project_name"],
        periods=[shown.release_word(release)],
        beside=stands,
    )
shown.verdict(decision)
shown.build_line(asking.build_id, asking.build_hash, view.build.published_at)
if st.button(_("Record this verdict"), key="gate_record", icon=":material/gavel:"):  # opening the page records nothing
    port.record(asking)
    st.toast(_("Saved."))
refused = st.container()
st.subheader(_("Measured"))
shown.measured(decision.findings, key)
st.subheader(_("To be signed"))
acts = [forms.items(decision.findings, port.signatures(key, release), release)]
waiving, changing = boxes.tabs([_("Waive"), _("Change the conditions")], key="gate_tabs")
with waiving:
    acts.append(forms.waiver_form(decision.reasons, release, today))
    acts.append(forms.waivers(port.waivers(key, release), today))
with changing:
    acts.append(forms.condition_form(asked_of(edits, key), key))
    forms.edits_table(edits)
st.subheader(_("Verdicts so far"))
shown.verdict_history(port.verdicts(key))

for act in filter(None, acts):
    with saving(act, refused=refused):
        port.act(act.name, key, **act.words)
