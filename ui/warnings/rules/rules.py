"""The rules on screen: the table of levels that is edited in place, what a draft would have done, what is in force and was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TypeGuard

import polars as pl
import streamlit as st

from models import ports
from models.alerts.in_force import day_of, rule_in_force
from models.alerts.preview import Preview, Replay, preview
from models.alerts.signals import Scope
from models.alerts.vocabulary import AlertLevel, RuleKind
from models.errors import PlimsollError
from models.kpis.catalogue import Kpi
from models.kpis.levels import BAD_DIRECTIONS, LEVELS
from models.vocabulary import KpiStatus
from ui.shell import data
from ui.shell.numbers import date_text, local_date_text, month_text
from ui.shell.tables import Column, choice, day, edit, number, table, text
from ui.shell.wording import STATUS_SIGNS, _, language, signed
from ui.warnings.rules import words
from ui.warnings.rules.scope import columns_of

POLICY = ("clear_at", "low_clear_at", "pending_dates", "recovering_dates", "escalate_after_dates")
PATIENCE = {"pending_dates": 1, "recovering_dates": 1, "escalate_after_dates": 3}
STRIP = 12  # months shown as signs: a year
_SIGNS = {
    AlertLevel.OK: STATUS_SIGNS[KpiStatus.OK],
    AlertLevel.WARNING: STATUS_SIGNS[KpiStatus.WARNING],
    AlertLevel.CRITICAL: STATUS_SIGNS[KpiStatus.CRITICAL],
    AlertLevel.NOT_JUDGED: STATUS_SIGNS[KpiStatus.UNRATED],
    AlertLevel.CLOSED: STATUS_SIGNS[KpiStatus.NOT_APPLICABLE],
}


@dataclass(frozen=True)
class RulePageContext:
    """What the page has read: the catalogue, {project_key: name}, the rules in force, the status date, the rules of the build."""

    catalogue: Mapping[str, Kpi]
    names: Mapping[str, str]
    in_force: Sequence[Mapping]
    status_on: dt.date
    built_with: frozenset[int]
    view: data.BuildView
    port: ports.Rules

    def refusal(self, draft: Mapping) -> PlimsollError | None:
        """Why it cannot be set; None where it can."""
        return self.port.refusal(draft, self.catalogue)

    def preview(self, draft: Mapping) -> list[Preview]:
        """What the draft would have said of the past."""
        return self.view.ask(preview, draft, self.in_force)


@dataclass(frozen=True)
class RuleSubmission:
    """What a person asked for: rules to set (the columns of each), or one to retire; why and who."""

    reason: str
    person: str
    drafts: tuple[dict, ...] = ()
    retired: int | None = None


def holding(known: RulePageContext, kpi_key: str, scope: Scope, kind: str = RuleKind.LEVEL) -> Mapping | None:
    """The rule that holds for the scope at the status date. The portfolio also obeys a rule for all projects."""
    found = rule_in_force(known.in_force, kind, (kpi_key,), scope, known.status_on)
    if found is None and scope.grain == "portfolio" and kind == RuleKind.LEVEL:
        return rule_in_force(known.in_force, kind, (kpi_key,), Scope("project"), known.status_on)
    return found


def is_of(rule: Mapping | None, scope: Scope) -> TypeGuard[Mapping]:
    """Whether the rule was written for this very scope."""
    return rule is not None and all(rule[name] == value for name, value in columns_of(scope).items())


def draft_of(kind: RuleKind, name: str, scope: Scope) -> dict[str, object]:
    """A rule of this scope that states nothing yet and is as patient as usual."""
    unsaid = dict.fromkeys(("direction", *LEVELS, *POLICY[:2]))
    return {"kind": kind.value, "name": name, "is_off": False} | columns_of(scope) | unsaid | PATIENCE


def own_levels(kpi: Kpi) -> dict[str, float | None]:
    """The levels of the catalogue; no numbers where a rule of the KPI's own judges it."""
    has_own_rule = bool(kpi.status_sql or kpi.warning_at_sql)
    return {name: None if has_own_rule else getattr(kpi, name, None) for name in LEVELS}


# ---- the table of levels --------------------------------------------------------------------------------------------


def level_rows(kpis: Sequence[Kpi], scope: Scope, known: RulePageContext) -> pl.DataFrame:
    """One row per KPI: the catalogue's levels, those in force as they are typed, and who set them."""
    rows = []
    for kpi in kpis:
        rule = holding(known, kpi.kpi_key, scope)
        is_off = bool(rule and rule["is_off"])
        stated = rule or own_levels(kpi)
        whose = words.scope_word(rule, known.names) if rule else _("catalogue")
        unit = words.unit_word(kpi.unit)
        name = kpi.short(language())
        rows.append(
            {
                "kpi": f"{name} ({unit})" if unit else name,
                "default": words.default_numbers(kpi),
                "bad": words.direction_word((rule or {}).get("direction") or BAD_DIRECTIONS.get(kpi.better)) or None,
                **{level: None if is_off else words.typed(stated[level], kpi.unit) for level in LEVELS},
                "set_for": _("off: {scope}", scope=whose) if is_off else whose,
                "by": rule["changed_by"] if rule else "",
                "since": day_of(rule) if rule else None,
                "why": rule["reason"] if rule else kpi.level_reason(language()) or "",
            }
        )
    schema = {"kpi": pl.String, "default": pl.String, "bad": pl.String, **dict.fromkeys(LEVELS, pl.Float64)}
    told = dict.fromkeys(("set_for", "by"), pl.String) | {"since": pl.Date, "why": pl.String}
    return pl.DataFrame(rows, schema=schema | told)


def level_editor(kpis: Sequence[Kpi], scope: Scope, known: RulePageContext) -> list[dict]:
    """The table. Returns a draft for every KPI whose row was changed."""
    before = level_rows(kpis, scope, known)
    newest = max((rule["rule_id"] for rule in known.in_force), default=0)
    level = partial(number, format="%.6g", is_edited=True)
    after = edit(
        before,
        {
            "kpi": text(_("KPI"), width=150),
            "default": text(_("Catalogue"), width=90),
            "bad": choice(_("Bad"), [*map(words.direction_word, words.DIRECTIONS)], width=102),
            "warning_at": level("▲", width=66, help=_("Warning level")),
            "critical_at": level("■", width=66, help=_("Critical level")),
            "low_warning_at": level(_("▲ low"), width=84, help=_("lower warning level")),
            "low_critical_at": level(_("■ low"), width=84, help=_("lower critical level")),
            "set_for": text(_("Set for"), width=84),
            "by": text(_("By"), width=58),
            "since": day(_("Since"), width=88, format="YYYY-MM-DD"),
            "why": text(_("Why"), width=62),
        },
        key=f"rules_levels_{scope.key}_{newest}_{language()}",  # once saved, the table begins anew
        height=420,
    )
    return changed_drafts(kpis, before, after, scope, known)


def changed_drafts(
    kpis: Sequence[Kpi], before: pl.DataFrame, after: pl.DataFrame, scope: Scope, known: RulePageContext
) -> list[dict]:  # fmt: skip
    """A draft for every row that differs; its patience and clear levels are those of the rule of this very scope."""
    by_word = {words.direction_word(direction): direction for direction in words.DIRECTIONS}
    drafts = []
    for kpi, was, now in zip(kpis, before.iter_rows(named=True), after.iter_rows(named=True), strict=True):
        if all(was[name] == now[name] for name in ("bad", *LEVELS)):
            continue
        direction = by_word.get(now["bad"])
        rule = holding(known, kpi.kpi_key, scope)
        stated: dict[str, object] = {level: words.stated(now[level], kpi.unit) for level in LEVELS}
        stated["direction"] = None if direction == BAD_DIRECTIONS.get(kpi.better) else direction
        kept = {name: rule[name] for name in POLICY} if is_of(rule, scope) else {}
        drafts.append(draft_of(RuleKind.LEVEL, kpi.kpi_key, scope) | stated | kept)
    return drafts


# ---- what a draft would have done -----------------------------------------------------------------------------------


def previews(found: Sequence[Preview], names: Mapping[str, str], key: str) -> None:
    """One line per scope: a year of readings under the draft and under the present levels, and the alerts of all months."""
    drafted = [(seen.draft, seen.present) for seen in found if seen.draft]
    months = [when for draft, _present in drafted for when, _reading in draft.readings]
    if not months:
        st.caption(_("There is no published history to hold this against."))
        return
    st.markdown(
        "**"
        + _(
            "Since {month} it would have raised {count} alerts in {places} of {total} places; the levels so far raised {before}.",
            month=month_text(min(months)),
            count=sum(len(draft.episodes) for draft, _present in drafted),
            places=sum(bool(draft.episodes) for draft, _present in drafted),
            total=len(drafted),
            before=sum(len(present.episodes) for _draft, present in drafted if present),
        )
        + "**"
    )
    table(
        sorted(found, key=_hurts),
        {
            "scope": text(_("For"), lambda seen: words.scope_word(seen.scope, names), width=135),
            "strip": text(
                _("With this rule"),
                lambda seen: _strip(seen.draft) if seen.draft else _("a rule of its own holds there"),
                width=160,
                help=_("The last twelve months, the newest on the right."),
            ),
            "count": number(_("Alerts"), lambda seen: _count(seen.draft), format="%d", width=60),
            "fired": text(
                _("Last one from"),
                lambda seen: _last(seen.draft, "fired"),
                value=lambda seen: _last_day(seen.draft, "fired_on"),
                width=110,
            ),
            "ended": text(
                _("until"),
                lambda seen: _last(seen.draft, "ended"),
                value=lambda seen: _last_day(seen.draft, "ended_on"),
                width=110,
            ),
            "worst": text(_("Worst"), lambda seen: _last(seen.draft, "worst"), width=75),
            "now": text(_("Levels so far"), lambda seen: _strip(seen.present), width=160),
            "before": number(_("Alerts"), lambda seen: _count(seen.present), format="%d", width=60),
        },
        key=key,
    )


def _hurts(seen: Preview) -> tuple:
    if not seen.draft:
        return (2, 0, "")
    still = any(episode.ended_on is None for episode in seen.draft.episodes)
    return (not still, -len(seen.draft.episodes), seen.scope.key)


def _count(replay: Replay | None) -> int | None:
    return len(replay.episodes) if replay else None


def _strip(replay: Replay | None) -> str:
    if replay is None:
        return ""
    unknown = STATUS_SIGNS[KpiStatus.NO_DATA]
    return "".join(_SIGNS.get(reading, unknown) for _when, reading in replay.readings[-STRIP:])


def _last(replay: Replay | None, what: str) -> str:
    if replay is None or not replay.episodes:
        return ""
    episode = replay.episodes[-1]
    if what == "fired":
        return date_text(episode.fired_on)
    if what == "worst":
        severities = {episode.severity for episode in replay.episodes}
        return signed(AlertLevel.CRITICAL if AlertLevel.CRITICAL in severities else AlertLevel.WARNING)
    return date_text(episode.ended_on) if episode.ended_on else _("still open")


def _last_day(replay: Replay | None, what: str) -> dt.date | None:
    return getattr(replay.episodes[-1], what) if replay and replay.episodes else None


# ---- in force, and what was -----------------------------------------------------------------------------------------


def in_force_table(known: RulePageContext) -> None:
    """Every rule that is not retired, and from when it counts."""
    table(
        sorted(known.in_force, key=lambda rule: -rule["rule_id"]),
        _rule_columns(known, what=140, scope=170, levels=170)
        | {
            "patience": text(_("Patience"), lambda rule: words.patience_text(rule, known.catalogue), width=130),
            "counts": text(_("Counts"), lambda rule: _counts(rule, known), value=itemgetter("valid_from"), width=130),
            "by": text(_("By"), lambda rule: rule["changed_by"], width=60),
            "why": text(_("Why"), lambda rule: rule["reason"], width=94),
        },
        key="rules_in_force",
        empty=_("Nobody has set a rule: the levels of the catalogue hold everywhere."),
    )


def _rule_columns(known: RulePageContext, what: int, scope: int, levels: int) -> dict[str, Column]:
    """Which rule it is, of whatever kind; the widths are pixels."""
    return {
        "number": number("#", lambda rule: rule["rule_id"], width=40, format="%d"),
        "what": text(_("What"), lambda rule: words.subject_word(rule, known.catalogue), width=what),
        "scope": text(_("For"), lambda rule: words.scope_word(rule, known.names), width=scope),
        "levels": text(_("Levels"), lambda rule: words.rule_levels_text(rule, known.catalogue), width=levels),
    }


def _counts(rule: Mapping, known: RulePageContext) -> str:
    day = date_text(rule["valid_from"])
    if rule["rule_id"] not in known.built_with:
        return _("{day}, after a refresh", day=day)
    return _("from {day} on", day=day) if day_of(rule) > known.status_on else _("since {day}", day=day)


def history_table(rows: Sequence[Mapping], known: RulePageContext) -> None:
    """The retired rules, the one retired last on top."""
    retired = sorted((rule for rule in rows if rule["retired_at"]), key=lambda rule: rule["retired_at"], reverse=True)
    table(
        retired,
        _rule_columns(known, what=150, scope=110, levels=160)
        | {
            "set": text(
                _("Set"),
                lambda rule: _by(rule["changed_by"], rule["changed_at"]),
                value=itemgetter("changed_at"),
                width=140,
            ),
            "why": text(_("Why"), lambda rule: rule["reason"], width=95),
            "retired": text(
                _("Retired"),
                lambda rule: _by(rule["retired_by"], rule["retired_at"]),
                value=itemgetter("retired_at"),
                width=140,
            ),
            "why_not": text(_("Why"), lambda rule: rule["retired_reason"], width=95),
        },
        key="rules_history",
        empty=_("No rule has been retired or replaced yet."),
    )


def _by(person: str | None, at: str) -> str:
    return _("{person}, {at}", person=person or "", at=local_date_text(at))


def waiting_line(known: RulePageContext) -> None:
    """Says how many rules were set or retired since the build was made."""
    now = {rule["rule_id"] for rule in known.in_force}
    changed = len(now ^ known.built_with)
    if changed:
        st.info(
            _("Rules set or retired since the last refresh: {count}. They count from the next one on.", count=changed),
            icon=":material/pending_actions:",
        )
