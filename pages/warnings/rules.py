"""Rules: which levels hold for whom, who set them and why, and what would another level have done?"""

import streamlit as st

from pipeline import offers
from ui.frame.head import page_head
from ui.operations import refreshing
from ui.shell import boxes, data
from ui.shell.saving import saving
from ui.shell.viewer import current_viewer
from ui.shell.wording import _
from ui.warnings.rules import form as rule_form
from ui.warnings.rules import rules as shown
from ui.warnings.rules import scope as rule_scope

port = offers.Rules(data.data_dir(), current_viewer())
view = data.snapshot_or_stop()
catalogue, projects = data.catalogue(view), data.projects(view)
every = port.every()
in_force = [rule for rule in every if not rule["retired_at"]]
known = shown.RulePageContext(
    catalogue=catalogue,
    names=data.project_names(projects),
    in_force=in_force,
    status_on=projects.select("status_on").max().item() or offers.now().date(),
    built_with=frozenset(rule["rule_id"] for rule in view.build.manifest.get("rules") or []),
    view=view,
    port=port,
)
page_head(
    _("Rules in force beside the levels of the catalogue: {count}", count=len(in_force))
    if in_force
    else _("The levels of the catalogue hold for all: nobody has set others")
)
st.caption(
    _(
        "The levels of the catalogue hold until somebody sets others. The most specific rule goes first: module, phase or site, "
        "then project, customer, all projects. A rule counts from the next refresh on; past builds keep their statuses."
    )
)
refreshing.refresh_bar(offers.Refreshes(port.folder, port.viewer), key="rules_refresh")
shown.waiting_line(known)
refused = st.container()

scope = rule_scope.choice(view, known.names)
acts: list[shown.RuleSubmission | None] = []
levels, in_full, relative, early, standing = boxes.tabs(
    [
        _("Levels"),
        _("One KPI in full"),
        _("Change against a reference"),
        _("Early warnings"),
        _("In force and history"),
    ],
    key="rules_tabs",
)
if scope is not None:
    kpis = rule_scope.judged_kpis(view, catalogue, scope)
    with levels:
        st.caption(
            _(
                "▲ warning, ■ critical. Type a level in its own unit, 80 for 80 %. Changed rows are previewed below and saved "
                "together."
            )
        )
        drafts = shown.level_editor(kpis, scope, known)
        rule_form.preview_of(drafts, known, "rules_table")
        acts.append(rule_form.save_box(drafts, known, "rules_table"))
    with in_full:
        drafts = rule_form.full_form(kpis, scope, known)
        rule_form.preview_of(drafts, known, "rules_full")
        acts.append(rule_form.save_box(drafts, known, "rules_full"))
    with relative:
        acts.append(rule_form.save_box(rule_form.relative_form(scope, known), known, "rules_relative"))
    with early:
        acts.append(rule_form.save_box(rule_form.early_form(scope, known), known, "rules_early"))
with standing:
    shown.in_force_table(known)
    acts.append(rule_form.retire_form(known))
    st.subheader(_("Retired and replaced"))
    shown.history_table(every, known)

for act in filter(None, acts):
    with saving(act, refused=refused, told=_("Saved. It counts from the next refresh on.")):
        port.set(act.drafts, reason=act.reason, person=act.person, known_kpis=catalogue)
        if act.retired is not None:
            port.retire(act.retired, reason=act.reason, person=act.person)
