"""The page of warnings: what fires in one line, the views, and one row per alert; the one that is open stands in its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import streamlit as st

from models import ports
from models.alerts.alert import AlertToday
from models.alerts.vocabulary import ChangeKind
from models.alerts.words import change_word, severity_sign, severity_word
from models.vocabulary import KpiStatus
from ui.frame.head import page_head
from ui.kpis import bullet as mark
from ui.kpis import cards as kpi_cards
from ui.shell import boxes, data
from ui.shell.filters import current_filters
from ui.shell.numbers import date_text, instant_text
from ui.shell.wording import STATUS_SIGNS, _, language, listed, msgid, safe, spoken
from ui.warnings import detail as alerts_open
from ui.warnings import rows as alerts_rows
from ui.warnings import words as alerts_words
from ui.warnings.answer_forms import AlertResponse
from ui.warnings.rows import Group, View
from ui.warnings.words import Names

SHOWN_AT_ONCE = 25
_ROW = (1.25, 2.9, 2.1, 2.3, 1.15, 0.9)
_VIEWS = {
    View.FIRING: msgid("Firing"),
    View.EARLY: msgid("Early warnings"),
    View.DATA: msgid("Data alerts"),
    View.RECOVERED: msgid("Recovered lately"),
    View.ALL: msgid("All of them"),
}
_SIGNS_OF_ENDS = {ChangeKind.RECOVERED: KpiStatus.OK, ChangeKind.EASED: KpiStatus.WARNING}
_GROUPS = {
    Group.CRITICAL: msgid("Over the critical level"),
    Group.WARNING: msgid("Over the warning level"),
    Group.RECOVERING: msgid("Within the level again, being watched"),
    Group.PENDING: msgid("Beyond the level, to be confirmed by the next data date"),
    Group.UNKNOWN: msgid("Not judged now"),
    Group.OVER: msgid("Over"),
}
_CALM = {
    View.FIRING: msgid("Nothing fires: what was judged lies within its levels."),
    View.EARLY: msgid("No early warning: no sign points beyond a level."),
    View.DATA: msgid("No data alert: every feed is as young as it should be."),
    View.RECOVERED: msgid("Nothing has recovered lately."),
    View.ALL: msgid("There is no alert."),
}


def headline(rows: Sequence[AlertToday], over: Sequence[AlertToday]) -> None:
    """Bad news first: how many alerts fire, how bad, how many unanswered, how long the oldest has been, of which data dates."""
    stands = alerts_words.dates_of(rows)
    firing, early, late = (
        alerts_rows.counted(shown_view, rows, over) for shown_view in (View.FIRING, View.EARLY, View.DATA)
    )
    if firing:
        counts = alerts_rows.by_severity(firing)
        worst = next(iter(counts), KpiStatus.NO_DATA)
        counted = [f"{severity_word(severity, language())} {count}" for severity, count in counts.items()]
        line = _(
            "Alerts that fire: {count} ({which}); unanswered: {waiting}",
            count=len(firing),
            which=listed(counted),
            waiting=sum(alerts_rows.is_waiting(row) for row in firing),
        )
        oldest = max(row.days or 0 for row in firing)
        if oldest:
            line = _("{line}; the oldest for {days} days", line=line, days=oldest)
    elif early or late:
        worst = next(iter(alerts_rows.by_severity(late)), KpiStatus.WARNING)
        line = _("Nothing fires; early warnings: {count}", count=len(early)) if early else _("Nothing fires")
    elif any(row.standing == "pending" for row in rows):
        worst, line = None, _("Nothing fires; what lies beyond its level waits for another data date")
    else:
        worst, line = None, _("Nothing fires")
    if late:
        line = _("{line}; data alerts: {count}", line=line, count=len(late))
    page_head(f"{severity_sign(worst)} {line}" if worst else line, periods=[stands] if stands else [])


def evaluated_line(evaluation: Mapping | None, view: data.BuildView) -> None:
    """By which build, what could not be evaluated, and what of the sidebar does not count here."""
    if evaluation is None or evaluation["build_id"] != view.build.build_id:
        st.warning(
            _(
                "Build {build} has not been evaluated yet: refresh to evaluate it. What is shown is older.",
                build=view.build.build_id,
            ),
            icon=":material/hourglass_empty:",
        )
    if evaluation is None:
        return
    if evaluation["problems"]:
        st.error(
            _(
                "What could not be evaluated: {count}. {first}",
                count=len(evaluation["problems"]),
                first=safe(evaluation["problems"][0]["message"]),
            ),
            icon=":material/error:",
        )
    words = [
        _(
            "Evaluated with build {build}, {at}",
            build=evaluation["build_id"],
            at=instant_text(evaluation["evaluated_at"]),
        )
    ]
    selection = current_filters()
    if selection.period_end:
        words.append(_("as of the newest build, whatever period is chosen"))
    if selection.module:
        words.append(_("alerts of whole projects are shown whatever the module"))
    st.caption(" · ".join(words))


def view_choice(rows: Sequence[AlertToday], over: Sequence[AlertToday]) -> View:
    """Which alerts are listed; each view says how many it holds."""
    labels = {
        shown_view.value: f"{spoken(word)} {len(alerts_rows.counted(shown_view, rows, over))}"
        for shown_view, word in _VIEWS.items()
    }
    return View(boxes.one_of(_("Which alerts"), labels, key="alerts_view"))


def linked(port: ports.Alerts, names: Names, now: dt.datetime) -> AlertResponse | None:
    """The alert that a link led to, above the list, whatever the sidebar leaves. Returns what somebody answers."""
    key = st.session_state.get("alerts_linked")
    if not key:
        return None
    row = port.one(key)
    if row is None:
        st.info(_("The link leads to an alert that this data folder does not hold."), icon=":material/link_off:")
        return None
    with st.container(border=True, gap="small", key="alerts_linked_box"):
        _row(row, names, place="linked")
        return alerts_open.opened_alert(row, names, port.story(key), now)


def alert_list(
    shown_view: View, rows: Sequence[AlertToday], names: Names, port: ports.Alerts, now: dt.datetime
) -> AlertResponse | None:
    """One row per alert under its group, the opened one with all there is to it. Returns what somebody answers."""
    if not rows:
        st.markdown(f"{STATUS_SIGNS[KpiStatus.OK]} {spoken(_CALM[shown_view])}")
        return None
    room = SHOWN_AT_ONCE + st.session_state.get(f"alerts_more_{shown_view}", 0)
    left_out, act = 0, None
    for group, members in alerts_rows.grouped(rows).items():
        shown = members[: max(room, 0)]
        room -= len(members)
        left_out += len(members) - len(shown)
        if not shown:
            continue
        with st.container(border=True, gap="xsmall", key=f"alerts_group_{group}"):
            st.markdown(f"**{spoken(_GROUPS[group])}** ({len(members)})")
            for row in shown:
                _row(row, names, place="list")
                if _is_open(row):
                    act = alerts_open.opened_alert(row, names, port.story(row.alert_key), now) or act
    if left_out:
        st.button(
            _("Show {count} more", count=left_out),
            key=f"alerts_show_more_{shown_view}",
            on_click=_more,
            args=(shown_view,),
        )
    return act


def _row(row: AlertToday, names: Names, place: str) -> None:
    sign, what, figure, since, owner, way = st.columns(_ROW, vertical_alignment="center")
    over = row.ended_by
    with sign:
        if over:
            mark.draw_sign(_SIGNS_OF_ENDS.get(over, KpiStatus.NO_DATA), change_word(over, language()))
        else:
            mark.draw_sign(row.severity or KpiStatus.NO_DATA, alerts_words.severity_words(row))
    lines = [f"**{safe(alerts_words.subject(row, names))}**", safe(alerts_words.whose(row, names))]
    named_rule = alerts_words.rule(row)
    if named_rule:
        lines.append(f":small[{safe(named_rule)}]")
    what.markdown("  \n".join(lines))
    with figure:
        _figure(row, names)
    told = (
        [_ended(row, over)]
        if over
        else [f"{alerts_words.state(row)} · {alerts_words.answer(row)}", alerts_words.since(row)]
    )
    since.markdown("  \n".join(f":small[{safe(line)}]" for line in told if line))
    owner.markdown(safe(row.owner or _("no owner")))
    open_here = _is_open(row) or place == "linked"
    way.button(
        _("Close") if open_here else _("Open"),
        key=f"alerts_{place}_{kpi_cards.slug(row.alert_key)}",
        on_click=_close if open_here else _open,
        args=() if open_here else (row.alert_key,),
        width="stretch",
    )


def _figure(row: AlertToday, names: Names) -> None:
    value, level = alerts_words.value_and_level(row, names)
    if not value:
        stated = alerts_words.sentence(row.sentence) if row.kind in alerts_words.STATED else ""
        st.markdown(f":small[{safe(stated)} · {date_text(row.data_date)}]" if stated else "")
        return
    kpi = names.catalogue[row.kpi_key or ""]
    warning_at, critical_at = row.warning_at, row.critical_at
    if warning_at is None and critical_at is None:
        critical_at = row.level
    reading = mark.BulletValue(
        value=row.value,
        status=row.severity or KpiStatus.UNRATED,
        better=kpi.better,
        warning_at=warning_at,
        critical_at=critical_at,
        low_warning_at=kpi.low_warning_at,
        is_stale=row.state == "stale",
    )
    stands = date_text(row.data_date)
    mark.draw_against_level(reading, value, " · ".join([*([_("level {level}", level=level)] if level else []), stands]))
    if beside := alerts_words.beside(row):
        st.caption(safe(beside))


def _ended(row: AlertToday, by: ChangeKind) -> str:
    return f"{change_word(by, language(), row.lasted_days)}, {date_text(row.ended_on)}"


def _is_open(row: AlertToday) -> bool:
    state = st.session_state
    return state.get("alerts_open") == row.alert_key and state.get("alerts_linked") != row.alert_key


def _open(alert_key: str) -> None:
    st.session_state["alerts_open"] = alert_key
    st.session_state["alerts_linked"] = None


def _close() -> None:
    st.session_state["alerts_open"] = None
    st.session_state["alerts_linked"] = None


def _more(shown_view: View) -> None:
    key = f"alerts_more_{shown_view}"
    st.session_state[key] = st.session_state.get(key, 0) + SHOWN_AT_ONCE
