"""The release gate on screen: the verdict, what each condition found and what that rests on, and the verdicts before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from operator import itemgetter

import streamlit as st

from models.document import Row
from models.gate import words
from models.gate.verdict import NEXT_RELEASE, ConditionKind, Decision, Finding, GateCondition, Verdict
from models.gate.verdict import ConditionStatus as Status
from ui.kpis import bullet as mark
from ui.kpis import cards as kpi_cards
from ui.shell import boxes
from ui.shell.filters import url_parameters
from ui.shell.numbers import date_text, instant_text
from ui.shell.tables import table, text
from ui.shell.wording import _, language, listed, safe

_ROW = (2.3, 1.7, 1.0, 2.6, 1.5)
_PAGES = {GateCondition.DATA_FRESH: kpi_cards.HEALTH, GateCondition.ROWS_QUARANTINED: kpi_cards.UPLOADS}


def release_word(release: str) -> str:
    return _("the next release") if release == NEXT_RELEASE else release


def release_choice(known: Sequence[str]) -> str:
    """The release that signatures and waivers are of: one that is known, or a new name."""
    if st.session_state.get("gate_release") is None:
        st.session_state["gate_release"] = NEXT_RELEASE
    here = st.session_state["gate_release"]
    return boxes.selectbox(
        _("Release"),
        {release: release_word(release) for release in [*known, here]},
        key="gate_release",
        accept_new_options=True,
        help=_("Signatures and waivers belong to a release. Type a name to begin a new one."),
    )


def nothing_published() -> None:
    """The verdict where there is no build: nothing is known, so it is stop."""
    mark.draw_sign(words.like_kpi_status(Verdict.STOP), words.verdict_word(Verdict.STOP, language()), large=True)


def verdict(decision: Decision) -> None:
    """The verdict, large."""
    mark.draw_sign(
        words.like_kpi_status(decision.verdict), words.verdict_word(decision.verdict, language()), large=True
    )


def sentence(decision: Decision) -> str:
    """Why it is so."""
    stopping = decision.reasons
    if stopping:
        named = [words.condition_word(finding.name, language()) for finding in stopping]
        return _("Conditions that stop it ({count}): {which}", count=len(stopping), which=listed(named))
    if decision.verdict == Verdict.WAIVED:
        named = [words.condition_word(finding.name, language()) for finding in decision.waived]
        return _("Conditions that do not hold and are waived ({count}): {which}", count=len(named), which=listed(named))
    if decision.verdict == Verdict.STOP:
        return _("Nothing is asked of this project: a gate without conditions lets nothing pass.")
    return _("Every condition holds and every item is signed.")


def build_line(build_id: str, build_hash: str, published_at: dt.datetime) -> None:
    """By which build, so that the verdict can be checked later."""
    st.caption(
        _(
            "By build {build}, published {at}, SHA-256 of its manifest {hash}. It is recorded when you ask for that.",
            build=build_id,
            at=instant_text(published_at),
            hash=f"`{build_hash[:16]}…`",
        )
    )


def measured(findings: Sequence[Finding], project_key: str) -> None:
    """One row per measured condition: value against level, status, modules at fault, the way to its evidence."""
    shown = [finding for finding in findings if finding.kind == ConditionKind.MEASURED]
    if not shown:
        st.caption(_("Nothing is measured for this project."))
        return
    with st.container(border=True, gap="xsmall"):
        for finding in sorted(shown, key=lambda finding: not finding.stops):
            _measured_row(finding, project_key)


def _measured_row(finding: Finding, project_key: str) -> None:
    spoken = language()
    name, figure, status, beside, way = st.columns(_ROW, vertical_alignment="center")
    name.markdown(f"**{safe(words.condition_word(finding.name, spoken))}**")
    with figure:
        mark.draw_against_level(_reading(finding), words.value_text(finding, spoken), words.level_text(finding, spoken))
    with status:
        draw_status(finding)
    with beside:
        for line in _beside(finding):
            st.markdown(safe(line))
    page = _PAGES.get(GateCondition(finding.name))
    with way:
        if page:
            st.page_link(page, label=_("Show the data"), query_params=url_parameters())
        elif finding.kpi_key:
            kpi_cards.evidence_link(finding.kpi_key, project_key)


def draw_status(finding: Finding) -> None:
    """The sign and word of a finding; below it that it is waived."""
    mark.draw_sign(words.like_kpi_status(finding.status), words.condition_status_word(finding.status, language()))
    if finding.waiver:
        mark.draw_sign(words.like_kpi_status(Verdict.WAIVED), _("waived"))


def _reading(finding: Finding) -> mark.BulletValue:
    return mark.BulletValue(
        value=finding.value,
        status=words.like_kpi_status(finding.status),
        better=finding.better or "lower",
        critical_at=finding.level,
        is_stale=finding.status == Status.STALE,
    )


def _beside(finding: Finding) -> list[str]:
    spoken = language()
    lines = []
    if finding.modules:
        lines.append(_("Modules at fault: {modules}", modules=words.modules_text(finding, spoken)))
    if finding.as_of:
        lines.append(_("Data as of {date}", date=date_text(finding.as_of)))
    why = words.why_text(finding, spoken)
    if why:
        lines.append(why)
    asked = finding.asked
    if asked and asked.reason and (finding.status == Status.NOT_APPLICABLE or asked.level is not None):
        lines.append(_("{person}: {reason}", person=asked.approved_by, reason=asked.reason))
    return [*lines, waived_line(finding.waiver)] if finding.waiver else lines


def waived_line(waiver: Row) -> str:
    """By whom, until when and why a condition is waived."""
    return _(
        "Waived by {person} until {day}: {reason}",
        person=waiver["approved_by"],
        day=date_text(waiver["expires_on"]),
        reason=waiver["reason"],
    )


def verdict_history(rows: Sequence[Mapping]) -> None:
    """The verdicts that were given, the newest on top, with the build and its hash."""
    spoken = language()
    asked = {"cli": _("command line"), "screen": _("screen")}
    table(
        rows,
        {
            "at": text(_("Day"), lambda row: instant_text(row["at"]), value=itemgetter("at"), width=165),
            "verdict": text(
                _("Verdict"),
                lambda row: f"{words.gate_sign(row['verdict'])} {words.verdict_word(row['verdict'], spoken)}",
                width=120,
            ),
            "release": text(_("Release"), lambda row: release_word(row["release"]), width=105),
            "stopped": text(_("Stopped by"), lambda row: listed(_stopping(row["conditions"])), width=200),
            "build": text(_("Build"), lambda row: row["build_id"], width=80),
            "hash": text(_("SHA-256 of the manifest"), lambda row: row["build_hash"], width=150),
            "asked": text(_("Asked from"), lambda row: asked.get(row["asked_by"], row["asked_by"]), width=105),
        },
        key="gate_history",
        empty=_("No verdict was given yet."),
    )


def _stopping(conditions: Sequence[Mapping]) -> list[str]:
    stops = (Status.NOT_MET, Status.UNKNOWN, Status.STALE, Status.UNSIGNED)
    stopping = [condition for condition in conditions if condition["status"] in stops and not condition.get("waiver")]
    return [words.condition_word(condition["name"], language()) for condition in stopping]
