"""One fact told by two sources, on the data health page: what was left out, and where to choose the source that leads."""

from __future__ import annotations

import polars as pl
import streamlit as st

from models.evidence.told_twice import TOLD_COLUMNS, told_twice
from models.words.numbers import count_text
from ui.kpis.tables import plain_table
from ui.shell import data
from ui.shell.tools import system_name
from ui.shell.wording import _, feed_word, language


def section(opened: data.Opened) -> None:
    """Rows of one fact from two sources; nothing where there are none."""
    rows = told_twice(opened.snapshot)
    if rows.is_empty():
        return
    shown = language()
    st.subheader(_("Told by two sources"))
    left_out = rows.filter(pl.col("is_left_out")).height
    st.warning(
        _("{rows} rows do not count, because a source that leads tells them too.", rows=count_text(left_out, shown)),
        icon=":material/content_copy:",
    )
    if left_out < rows.height:
        st.caption(
            _(
                "{rows} more may be the same under other names of persons, and count: tie the names under Codes and words.",
                rows=count_text(rows.height - left_out, shown),
            )
        )
    table(rows, key="told_twice_rows")
    st.page_link("pages/data/settings.py", label=_("Choose which source leads"), icon=":material/tune:")


def table(rows: pl.DataFrame, key: str) -> None:
    """What two sources tell, with file and line of both."""
    shown = language()
    facts = {fact: feed_word(fact, shown) for fact in rows["fact"].unique().sort()}
    plain_table(
        rows.with_columns(
            fact=pl.col("fact").replace(facts),
            source=pl.Series([source_name(name) for name in rows["source"]], dtype=pl.String),
            leading_source=pl.Series([source_name(name) for name in rows["leading_source"]], dtype=pl.String),
        ).select(TOLD_COLUMNS),
        key=key,
        columns={
            "fact": st.column_config.TextColumn(_("Feed")),
            "project_key": st.column_config.TextColumn(_("Project")),
            "happened_on": st.column_config.DateColumn(_("Day")),
            "amount": st.column_config.NumberColumn(_("Amount"), format="localized"),
            "source": st.column_config.TextColumn(_("Told by")),
            "file": st.column_config.TextColumn(_("File")),
            "line": st.column_config.NumberColumn(_("Line"), format="%d"),
            "leading_source": st.column_config.TextColumn(_("Source that counts")),
            "leading_file": st.column_config.TextColumn(_("File that counts")),
            "leading_line": st.column_config.NumberColumn(_("Line there"), format="%d"),
        },
    )


def source_name(source: str) -> str:
    return _("the books") if source == "ledger" else system_name(source)
