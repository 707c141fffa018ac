"""Words of exports that no list of ours knows, each with a choice of what it stands for; and the ones that were chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from models.intake import LoadReport
from models.words.columns import column_word
from ui.kpis.meanings import meaning_word
from ui.shell.tools import system_name
from ui.shell.wording import _, feed_word, language, safe

Meanings = Mapping[tuple[str, str], Sequence[str]]
MOST_WORDS = 200  # of one column; a column with more different words is no list of words


def words_of(entry: LoadReport, meanings: Meanings, mapped: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The words of one file's report that can be mapped and are not yet: feed, column, word, rows, systems."""
    known = {(row["feed"], row["column"], row["word"]) for row in mapped}
    return [
        {"feed": entry.feed, "column": column, "word": word, "rows": rows, "systems": [entry.system or ""]}
        for column, words in entry.unknown_words.items()
        if (entry.feed, column) in meanings
        for word, rows in words.items()
        if (entry.feed, column, word.strip().casefold()) not in known
    ]


def word_editor(unknown: Sequence[dict[str, Any]], meanings: Meanings, key: str) -> list[dict[str, Any]]:
    """One table per column of a feed: word, how many rows have it, what it stands for. Returns map_word's arguments once saved.

    unknown: as `unknown_words` gives them. meanings: (feed, column) → canonical words it can stand for.
    """
    shown = language()
    chosen: list[dict[str, Any]] = []
    by_column: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in unknown:
        by_column.setdefault((row["feed"], row["column"]), []).append(row)
    for (feed, column), every in by_column.items():
        rows = every[:MOST_WORDS]
        st.markdown(f"**{safe(column_word(column, shown))}** ({safe(feed_word(feed, shown))})")
        edited = st.data_editor(
            pl.DataFrame(
                {
                    "word": [row["word"] for row in rows],
                    "rows": [row["rows"] for row in rows],
                    "systems": [", ".join(system_name(one) for one in row["systems"] if one) for row in rows],
                    "canonical": pl.Series([None] * len(rows), dtype=pl.String),
                }
            ),
            key=f"{key}_{feed}_{column}",
            hide_index=True,
            placeholder="",
            width="stretch",
            column_config={
                "word": st.column_config.TextColumn(_("Word in the file")),
                "rows": st.column_config.NumberColumn(_("Rows"), format="localized", width="small"),
                "systems": st.column_config.TextColumn(_("System"), width="small"),
                "canonical": st.column_config.SelectboxColumn(
                    _("stands for"),
                    options=list(meanings[feed, column]),
                    format_func=lambda canonical: meaning_word(str(canonical), shown),
                ),
            },
            disabled=["word", "rows", "systems"],
        )
        chosen += [
            {"feed": feed, "column": column, "word": row["word"], "canonical": row["canonical"]}
            for row in edited.iter_rows(named=True)
            if row["canonical"]
        ]
    if not by_column or not st.button(_("Save the words"), key=f"{key}_save", type="primary"):
        return []
    if not chosen:
        st.warning(_("Choose what at least one word stands for."))
    return chosen


def mapped_table(mapped: Sequence[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """The words mapped so far; returns unmap_word's arguments of those somebody wants taken back."""
    shown = language()
    if not mapped:
        return []
    edited = st.data_editor(
        pl.DataFrame(
            {
                "tick": [False] * len(mapped),
                "word": [row["word"] for row in mapped],
                "column": [f"{column_word(row['column'], shown)} ({feed_word(row['feed'], shown)})" for row in mapped],
                "canonical": [meaning_word(row["canonical"], shown) for row in mapped],
            }
        ),
        key=key,
        hide_index=True,
        width="stretch",
        column_config={
            "tick": st.column_config.CheckboxColumn(_("Remove"), width="small"),
            "word": st.column_config.TextColumn(_("Word in the file")),
            "column": st.column_config.TextColumn(_("Column")),
            "canonical": st.column_config.TextColumn(_("stands for")),
        },
        disabled=["word", "column", "canonical"],
    )
    if not st.button(_("Remove the ticked rows"), key=f"{key}_remove"):
        return []
    return [
        {name: row[name] for name in ("feed", "column", "word")}
        for row, ticked in zip(mapped, edited["tick"], strict=True)
        if ticked
    ]
