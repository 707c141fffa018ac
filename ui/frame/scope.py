"""The bar under the menu: what is chosen, as chips that open; and on which data the page stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from models import ports
from models.errors import PlimsollError
from ui.frame import exporting
from ui.shell import boxes, data, filters
from ui.shell.markup import Markup, address, joined, put
from ui.shell.numbers import age_text, date_text, week_text
from ui.shell.saving import saving
from ui.shell.wording import LANGUAGES, _, error_text, language, safe


def bar(view: data.BuildView, now: dt.datetime, views: ports.SavedViews, exports: ports.Exports) -> None:
    """Customer, project, period, comparison, kept views and export, always in sight. Call after `filters.seed_filters`."""
    choices = filters.choices_of(view)
    with st.container(key="frame_bar", horizontal=True, vertical_alignment="center", gap="xsmall"):
        with _chip(_("Customer"), filters.customer_words(choices), key="frame_customer"):
            filters.customer_box(choices)
        with _chip(_("Project"), filters.project_words(choices), key="frame_project"):
            filters.project_box(choices)
            filters.module_box(choices)
        with _chip(_("Period"), filters.period_words(choices), key="frame_period"):
            filters.period_box(choices)
        with _chip(_("Compare with"), filters.comparison_words(choices), key="frame_compare"):
            filters.comparison_box(choices)
        with st.popover(f"☆ {_('Views')}", key="frame_views", width="content"):
            _saved_views(views)
        exporting.menu(view, filters.newest_end(choices), exports)
        put(_stands(view, now), width="stretch")


def _saved_views(port: ports.SavedViews) -> None:
    """Those that are kept, as links; what is on screen under a name; one that goes."""
    try:
        kept = port.every()
    except PlimsollError as error:  # a store in trouble is told above the page, which goes on
        st.caption(safe(error_text(error)))
        return
    if kept:
        rows = (
            Markup('<li><a class="in-app" href="{}?{}">{}</a></li>').format(
                view["page"] or "./", view["query"], view["name"]
            )
            for view in kept
        )
        put(Markup('<ul class="frame-kept">{}</ul>').format(joined(rows)))
    else:
        st.caption(_("A view is this page with all that is chosen, under a name."))
    name = st.text_input(_("Name of this view"), key="frame_view_name", max_chars=80)
    asked = st.button(_("Keep this view"), key="frame_view_keep", disabled=not name.strip())
    with saving(asked):
        if asked:
            query = urlencode({key: st.query_params.get_all(key) for key in st.query_params}, doseq=True)
            port.save(name, st.session_state.get("frame_page", ""), query)
    if kept:
        gone = boxes.selectbox(_("Remove a view"), [view["name"] for view in kept], index=None, key="frame_view_gone")
        with saving(gone):
            if gone:
                port.remove(gone)


def _chip(label: str, chosen: str, key: str):
    return st.popover(f"{label} **{safe(chosen)}**", key=key, width="content")


def _stands(view: data.BuildView, now: dt.datetime) -> Markup:
    """Data dates, build and its age."""
    days = data.chosen_projects(view, filters.current_filters())["status_on"].drop_nulls()
    words = []
    if len(days):
        words.append(
            _("Data as of {date} ({week})", date=date_text(days.max(), short=True), week=week_text(days.max()))
        )
    words += [view.build.build_id, age_text(view.build.published_at, now)]
    hover = _days_hover(days) + _("build {build}", build=view.build.build_id)
    share = Markup('<button type="button" class="frame-share" title="{}" data-done="{}">{}</button>').format(
        _("Copy the address of this view"), _("Copied"), _("Share link")
    )
    more = Markup('<label class="frame-more"><input type="checkbox" aria-label="{}">⋯</label>').format(
        _("More choices")
    )
    return Markup('<div class="frame-stands">{} <span title="{}">{}</span>{}</div>').format(
        share, hover, " · ".join(words), more
    )


def _days_hover(days) -> str:
    if not len(days) or days.min() == days.max():
        return ""
    return f"{date_text(days.min())} – {date_text(days.max())} · "


def corner(paths: Sequence[str]) -> None:
    """The languages and the switch of the theme, at the right end of the menu. paths: addresses of all pages."""
    others = [
        Markup('<a class="in-app" href="{}" lang="{}">{}</a>').format(
            address(st.session_state.get("frame_page", ""), lang=code), code, locale.name
        )
        for code, locale in LANGUAGES.items()
        if code != language()
    ]
    theme = Markup(
        '<button type="button" class="frame-theme" data-paths="{}" title="{}" aria-label="{}">◐</button>'
    ).format(" ".join(paths), _("Light or dark"), _("Light or dark"))
    put(joined([*others, theme]))
