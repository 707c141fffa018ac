"""The list of the queue: an entry is two lines of HTML, its parts folded beneath; the alert that is open stands in its place."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import streamlit as st

from models import ports
from models.alerts.alert import AlertToday
from models.alerts.news import News
from models.alerts.vocabulary import ChangeKind, SignalKind
from models.alerts.words import change_word, event_word
from models.vocabulary import KpiStatus
from ui.kpis import bullet as mark
from ui.shell import data
from ui.shell.markup import Markup, address, joined, link, put, style
from ui.shell.numbers import date_text
from ui.shell.theme import NO_DATA, Ink, ink, sign_color
from ui.shell.wording import STATUS_SIGNS, _, language, listed, msgid, spoken
from ui.warnings import detail
from ui.warnings import words as alerts_words
from ui.warnings.answer_forms import AlertResponse
from ui.warnings.entries import Entry
from ui.warnings.rows import Group
from ui.warnings.words import Names

SHOWN_AT_ONCE = 40
_RULES = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_WARNINGS, _EVIDENCE, _HEALTH = "warnings/warnings", "overview/evidence", "data/health"
_SIGNS_OF_ENDS = {ChangeKind.RECOVERED: KpiStatus.OK, ChangeKind.EASED: KpiStatus.WARNING}
_GROUPS = {
    Group.NEWS: msgid("Changed since you last looked"),
    Group.CRITICAL: msgid("Over the critical level"),
    Group.WARNING: msgid("Over the warning level"),
    Group.EARLY: msgid("Early warnings"),
    Group.DATA: msgid("Data alerts"),
    Group.RECOVERING: msgid("Within the level again, being watched"),
    Group.PENDING: msgid("Beyond the level, to be confirmed by the next data date"),
    Group.UNKNOWN: msgid("Not judged now"),
    Group.OVER: msgid("Over"),
}


def queue(
    groups: Mapping[Group | None, Sequence[Entry]],
    names: Names,
    news: News,
    port: ports.Alerts,
    now: dt.datetime,
    *,
    can_answer: bool,
) -> AlertResponse | None:
    """The entries under their headings. Returns what somebody answers to the one that is open.

    can_answer: not while several are being answered together.
    """
    style(f"{_RULES} .alerts-queue a {{ color: {ink().accent}; }}")
    state, room, act = st.session_state, SHOWN_AT_ONCE + st.session_state.get("alerts_more", 0), None
    opened = _opened(groups, room)
    if opened is None and state.get("alerts_linked"):
        act = _linked(port, names, news, now, can_answer=can_answer)
    drawn: list[Markup] = []
    for group, members in groups.items():
        shown = members[: max(room, 0)]
        room -= len(members)
        if not shown:
            continue
        if group is not None:
            drawn.append(
                Markup('<li class="alerts-heading"><h4>{} ({})</h4></li>').format(spoken(_GROUPS[group]), len(members))
            )
        for entry in shown:
            drawn.append(_entry(entry, names, news, opened))
            if opened in entry.rows:
                _put(drawn)
                drawn = []
                act = detail.opened_alert(
                    opened,
                    names,
                    port.story(opened.alert_key),
                    now,
                    of_cause=entry.rows,
                    can_answer=can_answer,
                )
    _put(drawn)
    if room < 0:
        st.button(_("Show {count} more", count=-room), key="alerts_show_more", on_click=_more)
    return act


def _opened(groups: Mapping[Group | None, Sequence[Entry]], room: int) -> AlertToday | None:
    """The alert that is open, if the list shows it: from then on it is in its place."""
    state = st.session_state
    within = [entry for members in groups.values() for entry in members][:room]
    found = [row for entry in within for row in entry.rows if row.alert_key == state.get("alerts_open")]
    if found:
        state["alerts_linked"] = None
    return found[0] if found else None


def _linked(
    port: ports.Alerts, names: Names, news: News, now: dt.datetime, *, can_answer: bool
) -> AlertResponse | None:
    """The alert that a link led to, above the list, whatever is chosen."""
    key = st.session_state["alerts_linked"]
    row = port.one(key)
    if row is None:
        st.info(_("The link leads to an alert that this data folder does not hold."), icon=":material/link_off:")
        return None
    with st.container(border=True, gap="small", key="alerts_linked_box"):
        _put([_entry(Entry((row,)), names, news, row)])
        return detail.opened_alert(row, names, port.story(key), now, of_cause=(row,), can_answer=can_answer)


def _put(drawn: Sequence[Markup]) -> None:
    if drawn:
        put(Markup('<div class="alerts-queue"><ul>{}</ul></div>').format(joined(drawn)))


def _entry(entry: Entry, names: Names, news: News, opened: AlertToday | None) -> Markup:
    leader = _row(entry.leader, names, news, opened, keys=[row.alert_key for row in entry.rows])
    if not entry.parts:
        return Markup("<li>{}</li>").format(leader)
    within = [
        f"{alerts_words.subject(row, names, short=True)} {alerts_words.measured(row, names)}" for row in entry.parts
    ]
    parts = joined(_row(row, names, news, opened, keys=[row.alert_key], is_part=True) for row in entry.parts)
    return Markup('<li>{}<details class="alerts-parts"{}><summary>{}</summary>{}</details></li>').format(
        leader,
        Markup(" open") if opened in entry.parts else "",
        _("of the same cause: {which}", which=listed(word.strip() for word in within)),
        parts,
    )


def _row(
    row: AlertToday,
    names: Names,
    news: News,
    opened: AlertToday | None,
    *,
    keys: Sequence[str],
    is_part: bool = False,
) -> Markup:
    what = alerts_words.subject(row, names, short=True)
    whose = alerts_words.whose(row, names)
    return Markup(
        '<div class="alerts-row{look}"><input type="checkbox" class="alerts-tick" data-keys="{keys}" aria-label="{tick}">'
        '<span class="alerts-sign">{sign}</span>'
        '<span class="alerts-what">'
        '<a class="in-app alerts-open" href="{href}" title="{name}" data-alert="{key}"{is_open}>{what}</a>'
        "<br><small>{whose}</small></span>"
        '<span class="alerts-figure">{figure}</span><span class="alerts-mark">{mark}</span>'
        '<span class="alerts-stands">{stands}</span><span class="alerts-ways">{ways}</span></div>'
    ).format(
        look=(" is-open" if row is opened else "") + (" is-stated" if row.kind in alerts_words.STATED else ""),
        keys=json.dumps(keys),
        tick=_("tick {what}", what=f"{what}, {whose}"),
        sign=_sign(row, is_quiet=is_part),
        href=address(_WARNINGS, alert=row.alert_key),
        name=alerts_words.subject(row, names),
        key=row.alert_key,
        is_open=Markup(' data-is-open="1" aria-expanded="true"') if row is opened else "",
        what=what,
        whose=" · ".join(filter(None, [whose, alerts_words.rule(row)])),
        figure=_figure(row, names),
        mark=_mark(row, names, is_quiet=is_part),
        stands=_stands(row, news),
        ways=_ways(row, names),
    )


def _sign(row: AlertToday, *, is_quiet: bool) -> Markup:
    """One fact is one red: only what leads has the color of its severity."""
    ended = row.ended_by if not row.is_open or row.ended_by == ChangeKind.EASED else None
    status = _SIGNS_OF_ENDS.get(ended, KpiStatus.NO_DATA) if ended else row.severity or KpiStatus.NO_DATA
    word = change_word(ended, language()) if ended else alerts_words.severity_words(row)
    return Markup('<span style="color:{}" aria-hidden="true">{}</span> <small>{}</small>').format(
        NO_DATA if is_quiet else sign_color(status), STATUS_SIGNS[status], word
    )


def _figure(row: AlertToday, names: Names) -> Markup:
    value, level = alerts_words.value_and_level(row, names)
    if not value:
        stated = alerts_words.sentence(row.sentence) if row.kind in alerts_words.STATED else ""
        return Markup("<small>{}</small>").format(stated)
    lines = [Markup("<b>{}</b>").format(value)]
    if level:
        lines.append(Markup(" <small>{}</small>").format(_("level {level}", level=level)))
    if beside := alerts_words.beside(row):
        lines.append(Markup("<br><small>{}</small>").format(beside))
    return joined(lines)


def _mark(row: AlertToday, names: Names, *, is_quiet: bool) -> Markup:
    kpi = names.catalogue.get(row.kpi_key or "")
    if kpi is None or row.value is None or row.kind in alerts_words.STATED:
        return Markup()
    warning_at, critical_at = row.warning_at, row.critical_at
    if warning_at is None and critical_at is None:
        critical_at = row.level
    if warning_at is None and critical_at is None:
        return Markup()
    reading = mark.BulletValue(
        value=row.value,
        status=KpiStatus.UNRATED if is_quiet else row.severity or KpiStatus.UNRATED,
        better=kpi.better,
        warning_at=warning_at,
        critical_at=critical_at,
        low_warning_at=kpi.low_warning_at,
        is_stale=row.state == "stale",
        unit=kpi.unit,
    )
    return Markup('<img alt="" src="{}">').format(_picture(reading, ink()))


@lru_cache(maxsize=2048)
def _picture(reading: mark.BulletValue, drawn_in: Ink) -> str:
    """The bullet as a data-URI: 92 × 16 pixels."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="184" height="32" viewBox="0 0 92 16">'
        f"{mark.bullet(reading, mark.Box(1, 5, 90, 7), drawn_in)}</svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _stands(row: AlertToday, news: News) -> Markup:
    """What is new; how it stands, how far it is answered and when it is due; whose it is and since when."""
    first = []
    if event := news.events.get(row.alert_key):
        is_deeper = event.kind == ChangeKind.DEEPENED
        hover = _("By more than a tenth of the level since it was last told") if is_deeper else ""
        first.append(Markup('<em title="{}">{}</em>').format(hover, event_word(event, language())))
    if row.ended_by and not event:
        first.append(
            Markup("{}, {}").format(change_word(row.ended_by, language(), row.lasted_days), date_text(row.ended_on))
        )
    if not row.ended_by:
        first.append(Markup("{} · {}").format(alerts_words.state(row), alerts_words.answer(row)))
    due = alerts_words.due(row)
    if due:
        first.append(Markup("<em>{}</em>").format(due) if row.is_overdue else Markup("{}").format(due))
    second = [row.owner or _("no owner"), alerts_words.since(row) or date_text(row.data_date)]
    return Markup("{}<br><small>{}</small>").format(joined(first, " · "), " · ".join(second))


def _ways(row: AlertToday, names: Names) -> Markup:
    narrowed = {} if row.project_key == data.WHOLE else {"of": row.project_key}
    answer = link(_("answer"), _WARNINGS, alert=row.alert_key)
    if row.kind == SignalKind.DATA:
        return joined([link(_("data"), _HEALTH), answer])
    if row.kpi_key not in names.catalogue:
        return answer
    if row.module != data.WHOLE:
        narrowed["module"] = row.module
    return joined([link(_("see rows"), _EVIDENCE, kpi=row.kpi_key or "", **narrowed), answer])


def _more() -> None:
    st.session_state["alerts_more"] = st.session_state.get("alerts_more", 0) + SHOWN_AT_ONCE
