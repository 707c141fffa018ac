"""What stands around every page: the menu, the notice of a newer build, and the net for what goes wrong."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from models.builds.published import build_number, current_build, named_build
from models.errors import PlimsollError
from ui.shell import data
from ui.shell.numbers import date_text
from ui.shell.wording import _, error_text, safe

LOOK_FOR_BUILD_EVERY = dt.timedelta(seconds=15)  # a build takes seconds to minutes; a look costs one small file read
_log = logging.getLogger("plimsoll.app")


def navigation(view: data.BuildView | None) -> dict[str, list]:
    """The menu by section. With nothing published, the first page is the one that leads to a first build."""
    published = view is not None
    return {
        "": [
            _page("overview/welcome", _("Start here"), "anchor", default=not published, hidden=published),
            _page("overview/portfolio", _("Portfolio"), "grid_view", default=published),
            _page("overview/project", _("Project overview"), "folder_open"),
            _page("overview/evidence", _("Evidence"), "fact_check", hidden=True),
            _page("quality/quality", _("Quality"), "bug_report"),
            _page("cost/cost", _("Cost centre"), "payments"),
            _page("schedule/schedule", _("Schedule centre"), "calendar_month"),
            _page("schedule/milestones", _("Milestones"), "flag"),
            _page("schedule/pace", _("Buffer and pace"), "speed"),
            _page("schedule/what_if", _("What-if"), "alt_route"),
            _page("schedule/baselines", _("Baselines"), "rule"),
            _page("labor/labor", _("Labor centre"), "engineering"),
        ],
        _("Warnings"): [
            _page("warnings/warnings", _("Warnings"), "notifications_active"),
            _page("warnings/rules", _("Rules"), "straighten"),
            _page("warnings/gate", _("Release gate"), "front_hand"),
            _page("warnings/notifications", _("Notifications"), "mark_email_unread"),
        ],
        _("Reports"): [_page("reports/wall", _("Wall"), "tv")],
        _("Data"): [
            _page("data/uploads", _("Uploads"), "upload_file"),
            _page("data/matching", _("Codes and words"), "join"),
            _page("data/profiles", _("Mapping profiles"), "view_column"),
            _page("data/accounts", _("Accounts"), "account_tree"),
            _page("data/settings", _("Project settings"), "tune"),
            _page("data/periods", _("Accounting periods"), "event_available"),
            _page("data/refresh", _("Refresh"), "refresh"),
            _page("data/health", _("Data health"), "health_and_safety"),
        ],
        _("Help"): [_page("help/glossary", _("Glossary"), "menu_book")],
    }


def visible_pages(sections: dict[str, list]) -> list[tuple[str, str]]:
    """(path, name) of each page of the menu."""
    return [
        (page.url_path, page.title) for pages in sections.values() for page in pages if page.visibility == "visible"
    ]


def _page(path: str, title: str, icon: str, default: bool = False, hidden: bool = False):
    return st.Page(
        f"pages/{path}.py",
        title=title,
        icon=f":material/{icon}:",
        url_path=path.rpartition("/")[2],
        default=default,
        visibility="hidden" if hidden else "visible",
    )


@st.fragment(run_every=LOOK_FOR_BUILD_EVERY)
def newer_build_notice(view: data.BuildView | None) -> None:
    """Looks at CURRENT now and then; says so when what is on screen is no longer the newest.

    Where nothing was published there is nothing on screen to keep: the first build is opened at once.
    """
    newest = current_build(data.data_dir())
    shown = None if view is None else view.build.build_id
    if newest is None or newest.build_id == shown:
        return
    if view is None:
        st.rerun()
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(_("A newer build is published: {build}", build=newest.build_id))
        if st.button(_("Show it"), key="frame_show_newer"):
            st.rerun()


def store_notice(trouble: PlimsollError | None) -> None:
    """Above every page while the control store cannot be trusted: no banner of alerts then means nothing."""
    if trouble is not None:
        st.error(safe(error_text(trouble)), icon=":material/error:")
        st.caption(_("Alerts, answers and settings are not shown or may be missing until it is put right."))


def damaged_build_notice(view: data.BuildView | None) -> None:
    """Says so when what is on screen is not the newest build because that one's file is gone or damaged."""
    named = named_build(data.data_dir())
    if view is not None and named is not None and build_number(named) > build_number(view.build.build_id):
        st.warning(
            _(
                "Build {named} cannot be read: its file is missing or damaged. Shown is {build}, of {day}. "
                "Refresh to make it anew.",
                named=named,
                build=view.build.build_id,
                day=date_text(view.build.published_at.date()),
            ),
            icon=":material/warning:",
        )


@contextmanager
def safety_net() -> Iterator[None]:
    """Around everything a rerun does. A known error is shown in words; of an unknown one only its id: the log has the rest."""
    try:
        yield
    except PlimsollError as error:
        _log.warning("%s: %s", error.code, error)
        st.error(safe(error_text(error)), icon=":material/error:")
    except Exception:
        error_id = secrets.token_hex(4)
        _log.exception("error %s", error_id)
        st.error(
            _("Something went wrong on this page. Error id: {error_id}. The log holds the details.", error_id=error_id),
            icon=":material/error:",
        )
