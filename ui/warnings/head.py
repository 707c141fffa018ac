"""The head of the page of warnings: what fires in one sentence, by which build it was evaluated, and the views."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from models.alerts.alert import AlertToday
from models.alerts.news import NEWS, News, NewsKind
from models.alerts.words import severity_sign, severity_word
from models.kpis.catalogue import Kpi
from models.vocabulary import KpiStatus
from ui.frame.head import page_head
from ui.shell import boxes, data
from ui.shell.filters import current_filters
from ui.shell.numbers import instant_text
from ui.shell.wording import STATUS_SIGNS, _, language, listed, msgid, safe, spoken
from ui.warnings import rows as alerts_rows
from ui.warnings import words as alerts_words
from ui.warnings.entries import Entry, entries
from ui.warnings.rows import View

_VIEWS = {
    View.FIRING: msgid("Firing"),
    View.EARLY: msgid("Early warnings"),
    View.DATA: msgid("Data alerts"),
    View.RECOVERED: msgid("Recovered lately"),
    View.ALL: msgid("All of them"),
}
_CALM = {
    View.FIRING: msgid("Nothing fires: what was judged lies within its levels."),
    View.EARLY: msgid("No early warning: no sign points beyond a level."),
    View.DATA: msgid("No data alert: every feed is as young as it should be."),
    View.RECOVERED: msgid("Nothing has recovered lately."),
    View.ALL: msgid("There is no alert."),
}
_NEWS = {
    NewsKind.NEW: msgid("new"),
    NewsKind.WORSE: msgid("worse"),
    NewsKind.BETTER: msgid("better"),
    NewsKind.OVER: msgid("over"),
    NewsKind.ANSWERED: msgid("answered"),
}


def counted(
    rows: Sequence[AlertToday], over: Sequence[AlertToday], catalogue: Mapping[str, Kpi]
) -> dict[View, list[Entry]]:
    """What each view counts: alerts of one cause as one."""
    return {view: entries(alerts_rows.counted(view, rows, over), catalogue) for view in View}


def headline(
    found: Mapping[View, Sequence[Entry]],
    rows: Sequence[AlertToday],
    news: News,
    narrowed: Sequence[str],
    evaluated: str,
) -> None:
    """Bad news first: how many causes fire, how bad, how many unanswered and overdue, how old, what has changed since this viewer
    last looked. narrowed: the filters in words. evaluated: stands below, with the data dates."""
    firing, late, early = found[View.FIRING], found[View.DATA], found[View.EARLY]
    alerts = sum(len(entry.rows) for entry in firing)
    if firing:
        counts = Counter(str(entry.leader.severity) for entry in firing)
        worst: str | None = firing[0].leader.severity
        which = [f"{severity_word(word, language())} {counts[word]}" for word in alerts_rows.SEVERITIES if counts[word]]
        line = _(
            "Alerts that fire: {count} ({which}); unanswered: {waiting}",
            count=len(firing),
            which=listed(which),
            waiting=sum(entry.is_waiting for entry in firing),
        )
        if overdue := sum(entry.is_overdue for entry in firing):
            line = _("{line}; overdue: {count}", line=line, count=overdue)
        if oldest := max(row.days or 0 for entry in firing for row in entry.rows):
            line = _("{line}; the oldest for {days} days", line=line, days=oldest)
    elif early or late:
        worst = late[0].leader.severity if late else KpiStatus.WARNING
        line = _("Nothing fires; early warnings: {count}", count=len(early)) if early else _("Nothing fires")
    elif any(row.standing == "pending" for row in rows):
        worst, line = None, _("Nothing fires; what lies beyond its level waits for another data date")
    else:
        worst, line = None, _("Nothing fires")
    if late:
        line = _("{line}; data alerts: {count}", line=line, count=len(late))
    if said := _changed(news):
        line = _("{line}; since you last looked: {which}", line=line, which=said)
    if narrowed:
        line = _("{line} (only {which})", line=line, which=listed(narrowed))
    below = [alerts_words.dates_of(rows), evaluated]
    if alerts > len(firing):
        below.insert(0, _("causes: {causes}, alerts: {alerts}", causes=len(firing), alerts=alerts))
    page_head(f"{severity_sign(worst)} {line}" if worst else line, beside=" · ".join(filter(None, below)))


def _changed(news: News) -> str:
    counts = Counter(NEWS[event.kind] for event in news.events.values())
    return listed([f"{spoken(word)} {counts[kind]}" for kind, word in _NEWS.items() if counts[kind]])


def evaluated_line(evaluation: Mapping | None, view: data.BuildView) -> str:
    """By which build, what could not be evaluated, and what of the selection does not count here."""
    if evaluation is None or evaluation["build_id"] != view.build.build_id:
        st.warning(
            _(
                "Build {build} has not been evaluated yet: refresh to evaluate it. What is shown is older.",
                build=view.build.build_id,
            ),
            icon=":material/hourglass_empty:",
        )
    if evaluation is None:
        return ""
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
    return " · ".join(words)


def view_choice(found: Mapping[View, Sequence[Entry]]) -> View:
    """Which alerts are listed; each view says how many it holds."""
    labels = {shown_view.value: f"{spoken(word)} {len(found[shown_view])}" for shown_view, word in _VIEWS.items()}
    if st.session_state.get("alerts_view") not in labels:  # the first visit, or an address that somebody typed
        st.session_state["alerts_view"] = View.FIRING.value
    return View(boxes.one_of(_("Which alerts"), labels, default=None, key="alerts_view", width="content"))


def seen(news: News, see: Callable[[int], None]) -> None:
    """The button with which a viewer says that what is on screen has been seen."""
    st.button(
        _("Seen"),
        key="alerts_seen",
        icon=":material/done_all:",
        help=_("From now on, what changes after this moment stands first.")
        if news.seen is None
        else _("What has changed is no news any more; what changes from now on stands first."),
        disabled=news.seen is not None and news.seen >= news.newest,
        on_click=see,
        args=(news.newest,),
    )


def calm(shown_view: View, narrowed: Sequence[str]) -> None:
    """Instead of a list that holds nothing."""
    if narrowed:
        st.markdown(_("No alert of this view is {which}.", which=listed(narrowed)))
    else:
        st.markdown(f"{STATUS_SIGNS[KpiStatus.OK]} {spoken(_CALM[shown_view])}")
