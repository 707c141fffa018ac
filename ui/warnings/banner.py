"""What is critical now, in one line above every page, and how many alerts are open where a page asks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import streamlit as st

from models.alerts.alert import AlertToday
from models.alerts.vocabulary import SignalKind
from models.alerts.words import severity_sign, severity_word
from models.vocabulary import KpiStatus
from ui.kpis import bullet as mark
from ui.shell import data
from ui.shell.filters import current_filters, url_parameters
from ui.shell.numbers import date_text
from ui.shell.wording import _, language, safe
from ui.warnings import rows as alerts_rows
from ui.warnings import words as alerts_words

WARNINGS = "pages/warnings/warnings.py"
NAMED = 3
_log = logging.getLogger("plimsoll.app")


def banner(view: data.BuildView | None, rows: Sequence[AlertToday]) -> None:
    """Count and the worst three of what is critical in the current filter; nothing where nothing is.

    rows: every open alert, as pipeline.alerts.open_alerts has them. The page goes on whatever goes wrong here.
    """
    if view is None or not rows:
        return
    try:
        _banner(view, rows)
    except Exception:
        _log.exception("the banner could not be drawn")


def _banner(view: data.BuildView, rows: Sequence[AlertToday]) -> None:
    selection = current_filters()
    critical = alerts_rows.critical_now(alerts_rows.matching(rows, data.chosen_projects(view, selection), selection))
    if not critical:
        return
    names = alerts_words.names_of(view)
    waiting = sum(alerts_rows.is_waiting(row) for row in critical)
    more = len(critical) - NAMED
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="left",
        vertical_alignment="center",
        gap="small",
        key="frame_banner",
    ):
        mark.draw_sign(
            KpiStatus.CRITICAL,
            _("{count} critical, {waiting} unanswered", count=len(critical), waiting=waiting),
            small=True,
        )
        st.caption(alerts_words.banner_dates(critical, selection), width="content")
        for row in critical[:NAMED]:
            whose, what = alerts_words.whose(row, names), alerts_words.subject(row, names, short=True)
            value, level = alerts_words.value_and_level(row, names)
            hover = [
                f"{whose}: {what} {value}",
                _("level {level}", level=level) if level else "",
                _("data as of {date}", date=date_text(row.data_date)),
            ]
            st.page_link(
                WARNINGS,
                label=safe(f"{whose} {what} {value} ({date_text(row.data_date, short=True)})"),
                help=safe(", ".join(word for word in hover if word)),
                query_params=url_parameters(alert=row.alert_key),
                width="content",
            )
        if more > 0:
            st.page_link(WARNINGS, label=_("{count} more", count=more), query_params=url_parameters(), width="content")


def counted(rows: Sequence[AlertToday]) -> int:
    """How many alerts are critical now, of all projects: the count beside the menu's word."""
    return len(alerts_rows.critical_now(rows))


def open_line(rows: Sequence[AlertToday], project_keys: Sequence[str], **narrowed: Any) -> None:
    """How many alerts of these projects are open, as a link to them; nothing where none is.

    narrowed: query parameters of the link, where it is to show fewer than the sidebar chooses.
    """
    own = alerts_rows.of_project(rows, set(project_keys))
    firing = [row for row in own if row.kind != SignalKind.EARLY]
    parts = [
        f"{severity_sign(severity)} {severity_word(severity, language())} {count}"
        for severity, count in alerts_rows.by_severity(firing).items()
    ]
    early = len(own) - len(firing)
    if early:
        parts.append(_("early warnings {count}", count=early))
    if parts:
        parts.append(alerts_words.banner_dates(own, current_filters()))
        st.page_link(
            WARNINGS,
            label=_("Open alerts: {count}", count=len(own)) + " · " + " · ".join(parts),
            icon=":material/notifications_active:",
            query_params=url_parameters(**narrowed),
        )
