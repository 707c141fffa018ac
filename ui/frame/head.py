"""The head of a page: its title with scope and period, and one sentence of what its data say."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui.frame import navigation
from ui.shell import data, filters
from ui.shell.markup import Markup, put
from ui.shell.wording import _

TITLE, PAGE = "frame_title", "frame_page"


def at_page(page) -> None:
    """Remembers where this run is: its title and its address. page: what st.navigation returned."""
    st.session_state[TITLE], st.session_state[PAGE] = page.title, page.url_path
    st.session_state[data.SHOWS] = navigation.shows(page.url_path or "portfolio")


def page_head(
    sentence: str | Markup = "",
    *,
    title: str = "",
    scope: str = "",
    beside: str = "",
    periods: Sequence[str] = (),
    is_compared: bool = False,
) -> None:
    """Draws the head and, where pages share a topic, their tabs.

    title: of the page itself by default. scope: whose numbers these are, of all projects by default. beside: quiet words after
    the title. periods: for which period they are, that of most first, then those of others with whose they are. is_compared:
    whether the page tells changes.
    """
    first, *others = periods or [""]
    if not scope and not title:
        beside = beside or _("all projects")
    heading = " · ".join(word for word in (title or st.session_state.get(TITLE, ""), scope, first) if word)
    if is_compared:
        against = _("compared with: {what}", what=data.comparison_words(data.chosen_comparison()))
        beside = f"{beside} · {against}" if beside else against
    navigation.topic_tabs(st.session_state.get(PAGE, ""))
    put(
        Markup(
            '<header class="page-head"><h1 class="page-title">{}</h1> <span class="page-scope">{}</span> {}'
            '<p class="page-sentence">{}</p></header>'
        ).format(heading, beside, _other_periods(others), sentence)
    )


def _other_periods(others: Sequence[str]) -> Markup:
    if not others:
        return Markup()
    unfolded = Markup('<details class="page-periods"><summary>{}</summary>{}</details>')
    return unfolded.format(_("some numbers are of other periods"), " · ".join(others))


def scope_words(names: Sequence[str]) -> str:
    """Whose numbers a page shows: the one project by its name, else how many; and the module where one is chosen."""
    words = names[0] if len(names) == 1 else _("{count} projects", count=len(names))
    module = filters.current_filters().module
    return f"{words} · {module}" if module else words
