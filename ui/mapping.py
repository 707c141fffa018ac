"""Column mapping on the upload page: what the door understood of the columns, corrected by hand, kept as a profile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import polars as pl
import streamlit as st

from models.feeds import FEEDS
from models.vocabulary import FileStatus
from ui.columns import column_word
from ui.uploading import CORRECTED, FOUND_OUT, Handed, entry_report
from ui.wording import _, feed_word, language, safe

MOST_BOXES = 45  # an export with more columns than fit three screens is edited as a table


def file_reports(
    file: Handed, entries: list[dict], column_names: Callable[[bytes], list[str]]
) -> tuple[str, dict[str, str]] | None:
    """The dry run of one file: its entries, and the editor of its columns.

    column_names: reads the header of a file that was refused because its columns say nothing to the door.
    Returns: (feed, {header: canonical column}) when somebody has corrected the mapping and wants the file read again.
    """
    for entry in entries:
        entry_report(entry, is_dry_run=True)
    key = file.content_hash[:12]
    main = next((entry for entry in entries if entry.get("columns_mapped") or entry.get("columns_unmapped")), None)
    if main is None:
        main = _to_be_mapped(entries[0], file, column_names, key) if entries else None
    if main is None or main.get("feed") not in FEEDS:
        return None
    mapping = _mapping_editor(main, key=f"uploads_mapping_{key}_{main['feed']}")
    if mapping is None:
        return None
    if st.button(_("Read again with this mapping"), key=f"uploads_again_{key}"):
        return main["feed"], mapping
    return None


def _to_be_mapped(entry: dict, file: Handed, column_names: Callable[[bytes], list[str]], key: str) -> dict | None:
    """An entry with all columns of a refused file unmapped, of the feed the door found or a person chooses here."""
    names = column_names(file.content) if entry.get("status") == FileStatus.REFUSED else []
    if not names:
        return None
    feed = entry.get("feed")
    if feed not in FEEDS:
        shown = language()
        feed = st.selectbox(
            _("Map the columns by hand: what kind of data is this?"),
            [FOUND_OUT, *FEEDS],
            format_func=lambda name: _("choose") if name == FOUND_OUT else feed_word(name, shown),
            key=f"uploads_kind_{key}",
        )
    return {"feed": feed, "columns_mapped": {}, "columns_unmapped": names}


def profile_name(file: Handed) -> str | None:
    """The name under which the corrected mapping of this file is to be kept, once somebody has asked for it."""
    if file.content_hash not in st.session_state.get(CORRECTED, {}):
        return None
    with st.form(f"uploads_profile_{file.content_hash[:12]}", border=False):
        name = st.text_input(
            _("Mapping profile"),
            max_chars=60,
            help=_("Files with the same columns are read with this mapping from now on."),
        )
        asked = st.form_submit_button(_("Save mapping profile"))
    return name.strip() or None if asked else None


def corrected_mapping(file: Handed) -> dict:
    """{feed, mapping} as corrected in this session."""
    return st.session_state[CORRECTED][file.content_hash]


def correct_mapping(file: Handed, feed: str, mapping: dict[str, str]) -> None:
    """From now on this file is read with `mapping`, {header: canonical column}."""
    st.session_state.setdefault(CORRECTED, {})[file.content_hash] = {"feed": feed, "mapping": mapping}


def _mapping_editor(entry: dict, key: str) -> dict[str, str] | None:
    """Which column of the file is read as which of ours; the changed mapping, or None if it is as the door reported it."""
    shown = language()
    feed = FEEDS[entry["feed"]]
    mapped: dict[str, str] = dict(entry.get("columns_mapped") or {})
    unmapped = [header for header in entry.get("columns_unmapped") or [] if header not in mapped]
    missing = [name for name in feed.required if name not in mapped.values()]
    title = _(
        "Column mapping: {mapped} columns are read, {unmapped} are not", mapped=len(mapped), unmapped=len(unmapped)
    )
    with st.expander(title, expanded=bool(missing)):
        if missing:
            st.warning(_("Still needed: {columns}. Choose which columns of the file they are.", columns=missing))
        shown_mapping = {header: mapped.get(header) for header in [*unmapped, *mapped]}
        edit = _edited_in_boxes if len(shown_mapping) <= MOST_BOXES else _edited_in_table
        edited = edit(shown_mapping, [column.name for column in feed.columns], shown, key)
    chosen = {header: column for header, column in edited.items() if column}
    return chosen if chosen != mapped else None


def _edited_in_boxes(mapping: dict[str, str | None], columns: list[str], shown: str, key: str) -> dict[str, str | None]:
    """One box per column of the file, three in a row."""
    edited = {}
    for start in range(0, len(mapping), 3):
        places = st.columns(3)
        for place, header in zip(places, list(mapping)[start : start + 3], strict=False):
            column = mapping[header]
            edited[header] = place.selectbox(
                safe(header),
                columns,
                index=columns.index(column) if column in columns else None,
                format_func=lambda name: column_word(name, shown),
                placeholder=_("not read"),
                key=f"{key}_{hashlib.sha256(header.encode()).hexdigest()[:12]}",
            )
    return edited


def _edited_in_table(mapping: dict[str, str | None], columns: list[str], shown: str, key: str) -> dict[str, str | None]:
    """A table to edit, for exports of hundreds of columns."""
    edited = st.data_editor(
        pl.DataFrame(
            {"header": list(mapping), "column": list(mapping.values())},
            schema={"header": pl.String, "column": pl.String},
        ),
        column_config={
            "header": st.column_config.TextColumn(_("Column in the file"), disabled=True),
            "column": st.column_config.SelectboxColumn(
                _("is read as"), options=columns, format_func=lambda name: column_word(name, shown)
            ),
        },
        hide_index=True,
        placeholder=_("not read"),
        key=key,
    )
    return dict(edited.select("header", "column").iter_rows())
