"""Release gate: may this project be released, and what stands in the way?"""

import datetime as dt

import streamlit as st

import pipeline.gate as asked_gate
from models.errors import PlimsollError
from models.gate.verdict import asked_of
from ui.kpis import sections
from ui.shell import boxes, data
from ui.shell.filters import current_filters
from ui.shell.wording import _, error_text, language, safe
from ui.warnings.gate import forms
from ui.warnings.gate import verdict as shown

folder = data.data_dir()
now = dt.datetime.now(dt.UTC)
st.title(_("Release gate"))
if data.opened_build() is None:
    shown.nothing_published()
opened = data.snapshot_or_stop()
subject, of = st.columns([3, 2], vertical_alignment="bottom")
with subject:
    project = sections.project_choice(opened, current_filters(), key="subject_project")
key = project["project_key"]
with of:
    release = shown.release_choice(asked_gate.releases(folder, key))

asking = asked_gate.ask(folder, opened.build, opened.snapshot, key, now=now, release=release)
decision, today = asking.decision, asked_gate.local_day(opened.build, now)
edits = asked_gate.gate_edits(folder, key)

shown.verdict(decision, project["project_name"], release)
shown.build_line(asking.build_id, asking.build_hash, opened.build.published_at)
if st.button(_("Record this verdict"), key="gate_record", icon=":material/gavel:"):  # opening the page records nothing
    asked_gate.record(folder, asking, "screen", only_if_new=True)
    st.toast(_("Saved."))
refused = st.container()
st.subheader(_("Measured"))
shown.measured(decision.findings, key)
st.subheader(_("To be signed"))
acts = [forms.items(decision.findings, asked_gate.gate_signatures(folder, key, release), release)]
waiving, changing = boxes.tabs([_("Waive"), _("Change the conditions")], key="gate_tabs")
with waiving:
    acts.append(forms.waiver_form(decision.reasons, release, today))
    acts.append(forms.waivers(asked_gate.gate_waivers(folder, key, release), today))
with changing:
    acts.append(forms.condition_form(asked_of(edits, key), key))
    forms.edits_table(edits)
st.subheader(_("Verdicts so far"))
shown.verdict_history(asked_gate.gate_verdicts(folder, key))

for act in filter(None, acts):
    whose = {} if "project_key" in act.words or act.name.startswith("withdraw") else {"project_key": key}
    try:
        getattr(asked_gate, act.name)(folder, **whose, **act.words)
    except PlimsollError as error:
        refused.error(safe(error_text(error, language())))
    else:
        st.toast(_("Saved."))
        st.rerun()
