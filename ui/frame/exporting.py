"""What leaves the screen: the page on paper or with its tables, the KPI values of what is chosen as a file."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial

import streamlit as st

from models import ports
from models.builds.selection import Selection
from models.words import moments
from ui.grid import component
from ui.shell import data
from ui.shell.filters import current_filters
from ui.shell.markup import Markup, put
from ui.shell.tables import neutral_csv, save_button
from ui.shell.wording import _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_NAMED = 3  # projects or customers in the name of a file; of more, how many
_NOT_IN_A_NAME = re.compile(r"[^\w.+-]+")


def menu(view: data.BuildView, newest: dt.date | None, exports: ports.Exports) -> None:
    """The popover of the bar; a file is made when it is asked for. Call before the page draws.

    newest: the end of the latest period.
    """
    drawn: dict[str, bytes] = {}
    st.session_state[component.DRAWN] = drawn  # filled by the page that follows
    chosen = current_filters()
    about = file_words(chosen, newest, view.build.build_id)
    with st.popover(f"↓ {_('Export')}", key="frame_export", width="content"):
        put(
            Markup('<button type="button" class="frame-print" title="{}">{}</button>').format(
                _("The browser prints it, or saves it as PDF"), _("Print this page, or save it as PDF")
            )
        )
        look = {"type": "tertiary"}
        rows = partial(exports.kpis, view.snapshot, chosen)
        save_button(
            _("KPI values as CSV"),
            lambda: neutral_csv(rows()),
            f"plimsoll-kpis_{about}.csv",
            key="frame_export_csv",
            **look,
        )
        save_button(
            _("KPI values as Excel"),
            lambda: exports.workbook({"kpis": [(frame := rows()).columns, *frame.rows()]}),
            f"plimsoll-kpis_{about}.xlsx",
            key="frame_export_xlsx",
            mime=XLSX,
            **look,
        )
        save_button(
            _("All tables of this page as Excel"),
            lambda: exports.workbook(component.tables_of(drawn) or {"-": []}),
            f"plimsoll-{st.session_state.get('frame_page') or 'portfolio'}_{about}.xlsx",
            key="frame_export_page",
            mime=XLSX,
            **look,
        )


def file_words(chosen: Selection, newest: dt.date | None, build_id: str) -> str:
    """Scope, period and build as the name of a file says them: 'P2025-001_2026-11_b-000042'."""
    named = chosen.projects or chosen.customers
    scope = "+".join(named) if len(named) <= _MOST_NAMED else str(len(named))
    stands = moments.over(chosen.period_kind, [chosen.period_end or newest])
    words = (scope or "all", chosen.module, stands and stands.mark, build_id)
    return "_".join(_NOT_IN_A_NAME.sub("-", word) for word in words if word)
