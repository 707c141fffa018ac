"""Rules: which levels hold for whom, who set them and why, and what would another level have done?"""

from functools import partial

import streamlit as st

from models.errors import PlimsollError
from pipeline.refresh.refreshing import ask_for_refresh, refresh_state
from pipeline.settings import Settings
from pipeline.store import rules as kept
from ui.kpis import cards as kpi_cards
from ui.operations import refreshing
from ui.shell import boxes, data
from ui.shell.wording import _, error_text, language, safe
from ui.warnings.rules import form as rule_form
from ui.warnings.rules import rules as shown
from ui.warnings.rules import scope as rule_scope

folder = data.data_dir()
now = Settings().now()
st.title(_("Rules"))
opened = data.snapshot_or_stop()
catalogue, projects = data.catalogue(opened), data.projects(opened)
every = kept.rules(folder)
in_force = [rule for rule in every if not rule["retired_at"]]
known = shown.Known(
    catalogue=catalogue,
    names=kpi_cards.project_names(projects),
    in_force=in_force,
    status_on=projects["status_on"].drop_nulls().max() or now.date(),
    built_with=frozenset(rule["rule_id"] for rule in opened.build.manifest.get("rules") or []),
    refusal=partial(kept.refusal, known_kpis=catalogue),
    preview=partial(data.rule_preview, opened, rules=in_force),
)
st.caption(
    _(
        "The levels of the catalogue hold until somebody sets others. The most specific rule goes first: module, phase or site, "
        "then project, customer, all projects. A rule counts from the next refresh on; past builds keep their statuses."
    )
)
state = refresh_state(folder)
if refreshing.is_busy(state, now):
    refreshing.progress(partial(refresh_state, folder))
elif st.button(_("Refresh now"), icon=":material/refresh:", key="rules_refresh"):
    refreshing.ask(partial(ask_for_refresh, folder, "screen"), now)
    st.rerun()
shown.waiting_line(known)
refused = st.container()

scope = rule_scope.choice(opened, known.names)
acts: list[shown.Act | None] = []
levels, one, relative, early, standing = boxes.tabs(
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
    kpis = rule_scope.judged_kpis(opened, catalogue, scope)
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
    with one:
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
    try:
        drafted = [kept.Rule(**draft) for draft in act.drafts]
        for rule in drafted:
            kept.check(rule, catalogue)
        for rule in drafted:
            kept.set_rule(folder, rule, reason=act.reason, person=act.person, known_kpis=catalogue)
        if act.retired is not None:
            kept.retire_rule(folder, act.retired, reason=act.reason, person=act.person)
    except PlimsollError as error:
        refused.error(safe(error_text(error, language())), icon=":material/error:")
    else:
        st.toast(_("Saved. It counts from the next refresh on."))
        st.rerun()
