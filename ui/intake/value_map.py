"""Words of exports that no list of ours knows, each with a choice of what it stands for; and the ones that were chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from models.intake import LoadReport
from ui.kpis.meanings import meaning_word
from ui.shell.tables import choice, edit, number, removed, text
from ui.shell.tools import system_name
from ui.shell.wording import _, column_word, feed_word, language, safe

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
        st.markdown(f"**{safe(column_word(column))}** ({safe(feed_word(feed))})")
        edited = edit(
            rows,
            {
                "word": text(_("Word in the file")),
                "rows": number(_("Rows"), width="small"),
                "systems": text(
                    _("System"), lambda row: ", ".join(map(system_name, filter(None, row["systems"]))), width="small"
                ),
                "canonical": choice(
                    _("stands for"),
                    meanings[feed, column],
                    lambda _row: None,
                    words=lambda canonical: meaning_word(canonical, shown),
                ),
            },
            key=f"{key}_{feed}_{column}",
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
    ticked = removed(
        mapped,
        {
            "word": text(_("Word in the file")),
            "column": text(_("Column"), lambda row: f"{column_word(row['column'])} ({feed_word(row['feed'])})"),
            "canonical": text(_("stands for"), lambda row: meaning_word(row["canonical"], shown)),
        },
        key=key,
        button_key=f"{key}_remove",
    )
    return [{name: row[name] for name in ("feed", "column", "word")} for row in ticked]
