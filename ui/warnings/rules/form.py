"""Forms of rules: one KPI's levels in full, changes against a reference, early warnings, and the end of a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from models.alerts.kinds.defaults import PARAMETERS
from models.alerts.signals import Scope
from models.alerts.vocabulary import EarlyRule, RuleKind
from models.alerts.words import early_rule_word
from models.kpis.catalogue import Kpi
from models.kpis.levels import BAD_DIRECTIONS, LEVELS
from ui.kpis.cards import slug
from ui.shell import boxes
from ui.shell.wording import _, error_text, language, safe
from ui.warnings.rules import words
from ui.warnings.rules.rules import (
    PATIENCE,
    POLICY,
    RulePageContext,
    RuleSubmission,
    draft_of,
    holding,
    is_of,
    own_levels,
    previews,
)

_RELATIVE = (RuleKind.LAST_PERIOD, RuleKind.OWN_MEAN, RuleKind.BASELINE)
_AS_THE_KPI = "own"
_LEVELS, _OFF = "levels", "off"


# ---- who, why, from when --------------------------------------------------------------------------------------------


def save_box(drafts: Sequence[dict], known: RulePageContext, key: str) -> RuleSubmission | None:
    """First day, reason, person and the button, once there is something to save; the preview stands above it."""
    if not drafts:
        return None
    day = known.status_on.replace(day=1)
    with st.container(border=True):
        when, why, who = st.columns([1, 2, 1])
        valid_from = when.date_input(_("Holds from"), value=day, key=f"{key}_from", format="YYYY-MM-DD")
        reason = why.text_input(_("Reason"), key=f"{key}_reason", max_chars=500)
        person = who.text_input(_("Set by"), key=f"{key}_person", max_chars=100)
        st.caption(
            _(
                "A month is judged by the rule that counts at its end, so earlier months and past builds keep their statuses. "
                "Cost KPIs stand at the last closed month."
            )
        )
        if not st.button(_("Save"), key=f"{key}_save", type="primary"):
            return None
    return RuleSubmission(reason, person, tuple(draft | {"valid_from": valid_from or day} for draft in drafts))


def preview_of(drafts: Sequence[dict], known: RulePageContext, key: str) -> None:
    """What the drafts would have done on the history; of several one at a time. Says what is wrong with one instead."""
    if not drafts:
        return
    draft = drafts[0]
    if len(drafts) > 1:
        by_name = {draft["name"]: draft for draft in drafts}
        names = {name: known.catalogue[name].short(language()) for name in by_name}
        draft = by_name[boxes.one_of(_("Preview"), names, key=f"{key}_preview_of", label_visibility="visible")]
    problem = known.refusal(draft | {"valid_from": known.status_on})
    if problem:
        st.warning(safe(error_text(problem)), icon=":material/rule:")
    else:
        previews(known.preview(draft | {"valid_from": known.status_on}), known.names, key=f"{key}_previewed")


# ---- one KPI in full ------------------------------------------------------------------------------------------------


def full_form(kpis: Sequence[Kpi], scope: Scope, known: RulePageContext) -> list[dict]:
    """Everything a rule can say of one KPI. Returns its draft, once it differs from what holds."""
    by_key = {kpi.kpi_key: kpi for kpi in kpis}
    names = {key: kpi.short(language()) for key, kpi in by_key.items()}
    chosen = boxes.selectbox(_("KPI"), names, key=f"rules_kpi_{scope.grain}")
    if chosen is None:
        return []
    kpi = by_key[chosen]
    rule = holding(known, chosen, scope)
    place = f"rules_full_{slug(scope.key)}_{chosen}_{rule['rule_id'] if rule else 0}"
    st.caption(_("Catalogue: {levels}", levels=words.default_text(kpi)))
    off, side = st.columns(2)
    way = boxes.one_of(
        _("How it is judged"),
        {_LEVELS: _("by levels"), _OFF: _("not judged")},
        default=_OFF if rule and rule["is_off"] else _LEVELS,
        key=f"{place}_way",
        label_visibility="visible",
        at=off,
    )
    own = BAD_DIRECTIONS.get(kpi.better)
    ways = {_AS_THE_KPI: _("{direction} (as the KPI)", direction=words.direction_word(own))} if own else {}
    ways |= {direction: words.direction_word(direction) for direction in words.DIRECTIONS}
    standing = (rule or {}).get("direction") or next(iter(ways))
    direction = boxes.selectbox(
        _("Bad"),
        ways,
        index=list(ways).index(standing),
        key=f"{place}_direction",
        disabled=way == _OFF,
        at=side,
    )
    direction = None if direction == _AS_THE_KPI else direction
    levels = _level_fields(kpi, rule, direction or own, place) if way == _LEVELS else {}
    patience = _patience_fields(rule, place)
    stated = {"direction": direction, "is_off": way == _OFF} | levels | patience
    draft = draft_of(RuleKind.LEVEL, chosen, scope) | stated
    return [draft] if _differs(draft, rule, kpi, scope) else []


def _level_fields(kpi: Kpi, rule: Mapping | None, direction: str | None, place: str) -> dict[str, float | None]:
    unit = words.unit_word(kpi.unit)
    labels = {
        "warning_at": _("Warning level"),
        "critical_at": _("Critical level"),
        "clear_at": _("Ends only beyond"),
        "low_warning_at": _("lower warning level"),
        "low_critical_at": _("lower critical level"),
        "low_clear_at": _("and above"),
    }
    shown = list(labels) if direction == "outside" else list(labels)[:3]
    standing = rule or own_levels(kpi)
    told = {}
    for first in range(0, len(shown), 3):
        for column, name in zip(st.columns(3), shown[first : first + 3], strict=True):
            typed = column.number_input(
                f"{labels[name]} ({unit})" if unit else labels[name],
                value=words.typed(standing.get(name), kpi.unit),
                format="%.6g",
                step=None,
                placeholder=_("at the warning level") if name.endswith("clear_at") else _("none"),
                key=f"{place}_{direction}_{name}",
            )
            told[name] = words.stated(typed, kpi.unit)
    return told


def _patience_fields(rule: Mapping | None, place: str) -> dict[str, int]:
    labels = {
        "pending_dates": _("Data dates beyond until it fires"),
        "recovering_dates": _("Data dates within until it has recovered"),
        "escalate_after_dates": _("Unanswered data dates until it is escalated"),
    }
    return {
        name: int(
            column.number_input(
                labels[name], min_value=1, max_value=99, value=(rule or PATIENCE)[name], key=f"{place}_{name}"
            )
        )
        for column, name in zip(st.columns(3), labels, strict=True)
    }


def _differs(draft: Mapping, rule: Mapping | None, kpi: Kpi, scope: Scope) -> bool:
    """Whether the draft says anything that does not hold already; a rule of a wider scope may be repeated for this one."""
    if rule is not None:
        stated = (*LEVELS, *POLICY, "direction")
        return any(draft[name] != rule[name] for name in stated) or bool(draft["is_off"]) != bool(rule["is_off"])
    own = own_levels(kpi) | PATIENCE
    return draft["is_off"] or draft["clear_at"] is not None or any(draft[name] != own[name] for name in own)


# ---- changes against a reference ------------------------------------------------------------------------------------


def relative_form(scope: Scope, known: RulePageContext) -> list[dict]:
    """A KPI's change against the month before, its own mean or the baseline: how far it may move."""
    if scope.grain == "site":
        st.caption(_("Changes are told of projects, modules, phases and the portfolio, not of sites."))
        return []
    against, what, side = st.columns(3)
    kinds = {kind.value: words.kind_word(kind) for kind in _RELATIVE}
    kind = boxes.selectbox(_("Held against"), kinds, key="rules_relative_kind", at=against)
    kpis = {
        key: kpi.short(language())
        for key, kpi in known.catalogue.items()
        if scope.grain == "customer" or scope.grain in kpi.grains
    }
    name = boxes.selectbox(_("KPI"), kpis, key="rules_relative_kpi", at=what)
    labels = {
        _AS_THE_KPI: _("worse, as the KPI says"),
        "above": _("more"),
        "below": _("less"),
        "outside": _("either way"),
    }
    direction = boxes.selectbox(_("Bad"), labels, key="rules_relative_direction", at=side)
    rule = holding(known, name, scope, kind) if name else None
    place = f"rules_relative_{slug(scope.key)}_{kind}_{name}_{rule['rule_id'] if rule else 0}"
    sign = -1 if direction == "below" else 1
    fields = {"warning_at": _("Warning at a change of (%)"), "critical_at": _("Critical at a change of (%)")}
    told = {}
    for column, level in zip(st.columns(2), fields, strict=True):
        held = rule[level] if rule else None
        typed = column.number_input(
            fields[level],
            min_value=0.0,
            value=None if held is None else words.typed(abs(held), "percent"),
            format="%.6g",
            step=None,
            placeholder=_("none"),
            key=f"{place}_{level}",
        )
        told[level] = words.stated(None if typed is None else sign * typed, "percent")
    patience = _patience_fields(rule, place)
    if name is None or all(level is None for level in told.values()):
        return []
    is_either = direction == "outside"
    low = {f"low_{level}": -size if is_either and size is not None else None for level, size in told.items()}
    stated = {"direction": None if direction == _AS_THE_KPI else direction} | told | low | patience
    draft = draft_of(RuleKind(kind), name, scope) | stated
    unchanged = is_of(rule, scope) and all(draft[name] == rule[name] for name in (*LEVELS, *PATIENCE, "direction"))
    problem = None if unchanged else known.refusal(draft | {"valid_from": known.status_on})
    if problem:
        st.warning(safe(error_text(problem)), icon=":material/rule:")
    return [] if unchanged else [draft]


# ---- early warnings -------------------------------------------------------------------------------------------------


def early_form(scope: Scope, known: RulePageContext) -> list[dict]:
    """Every early warning with its switch and its number. Returns a draft for each that was changed."""
    if scope.grain not in ("project", "customer"):
        st.caption(_("Early warnings are told of projects: choose all projects, a customer or one project."))
        return []
    drafts = []
    with st.container(border=True, gap="xsmall"):
        for early in EarlyRule:
            rule = holding(known, early, scope, RuleKind.EARLY)
            key = f"rules_early_{slug(scope.key)}_{early}_{rule['rule_id'] if rule else 0}"
            name, number, switch, who = st.columns([2.6, 1.6, 0.9, 2], vertical_alignment="center")
            name.markdown(f"**{safe(early_rule_word(early, language()))}**")
            standing = PARAMETERS[early] if rule is None or rule["warning_at"] is None else rule["warning_at"]
            typed = number.number_input(
                words.spoken(words.PARAMETER_WORDS[early]),
                min_value=0.0,
                value=float(standing),
                step=None,
                format="%.6g",
                key=f"{key}_number",
            )
            is_on = switch.toggle(_("on"), value=not (rule and rule["is_off"]), key=f"{key}_on")
            who.caption(
                safe(_("{person}: {reason}", person=rule["changed_by"], reason=rule["reason"]))
                if rule
                else _("as usual")
            )
            if typed is None or (typed == standing and is_on != bool(rule and rule["is_off"])):
                continue
            stated = {"warning_at": None if typed == PARAMETERS[early] else typed, "is_off": not is_on}
            drafts.append(draft_of(RuleKind.EARLY, early.value, scope) | stated)
    return drafts


# ---- the end of a rule ----------------------------------------------------------------------------------------------


def retire_form(known: RulePageContext) -> RuleSubmission | None:
    """Takes one rule out of force."""
    if not known.in_force:
        return None
    by_id = {rule["rule_id"]: rule for rule in sorted(known.in_force, key=lambda rule: -rule["rule_id"])}
    with st.expander(_("Retire a rule"), icon=":material/block:"):
        rules = {number: _retired_word(rule, known) for number, rule in by_id.items()}
        chosen = boxes.selectbox(_("Rule"), rules, key="rules_retire_which")
        reason, person = boxes.reason_and_person("rules_retire", _("Set by"), widths=[2, 1])
        st.caption(_("From the next refresh on the next wider rule holds again, else the catalogue."))
        if not st.button(_("Retire"), key="rules_retire"):
            return None
    return RuleSubmission(reason, person, retired=chosen)


def _retired_word(rule: Mapping, known: RulePageContext) -> str:
    return f"#{rule['rule_id']} · " + " · ".join(
        (
            words.subject_word(rule, known.catalogue),
            words.scope_word(rule, known.names),
            words.rule_levels_text(rule, known.catalogue),
        )
    )
