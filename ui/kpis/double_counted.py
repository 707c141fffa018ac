"""One fact told by two sources, on the data health page: what was left out, and where to choose the source that leads."""

from __future__ import annotations

import polars as pl
import streamlit as st

from models.evidence.double_counted import double_counted
from ui.shell import data
from ui.shell.numbers import count_text
from ui.shell.tables import day, number, table, text
from ui.shell.tools import system_name
from ui.shell.wording import _, feed_word


def section(view: data.BuildView) -> None:
    """Rows of one fact from two sources; nothing where there are none."""
    rows = double_counted(view.snapshot)
    if rows.is_empty():
        return
    st.subheader(_("Told by two sources"))
    left_out = rows.filter(pl.col("is_left_out")).height
    st.warning(
        _("{rows} rows do not count, because a source that leads tells them too.", rows=count_text(left_out)),
        icon=":material/content_copy:",
    )
    if left_out < rows.height:
        st.caption(
            _(
                "{rows} more may be the same under other names of persons, and count: tie the names under Codes and words.",
                rows=count_text(rows.height - left_out),
            )
        )
    told_table(rows, key="double_counted_rows")
    st.page_link("pages/data/settings.py", label=_("Choose which source leads"), icon=":material/tune:")


def told_table(rows: pl.DataFrame, key: str) -> None:
    """What two sources tell, with file and line of both."""
    table(
        rows,
        {
            "fact": text(_("Feed"), lambda row: feed_word(row["fact"])),
            "project_key": text(_("Project")),
            "happened_on": day(_("Day")),
            "amount": number(_("Amount")),
            "source": text(_("Told by"), lambda row: source_name(row["source"])),
            "file": text(_("File")),
            "line": number(_("Line"), format="%d"),
            "leading_source": text(_("Source that counts"), lambda row: source_name(row["leading_source"])),
            "leading_file": text(_("File that counts")),
            "leading_line": number(_("Line there"), format="%d"),
        },
        key=key,
    )


def source_name(source: str) -> str:
    return _("the books") if source == "ledger" else system_name(source)
