"""Column mapping on a sheet: what each column of the file is read as, with examples; corrected by hand, kept as a profile."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import streamlit as st

from models.feeds import FEEDS
from models.intake import LoadReport
from ui.intake.uploading import UploadedFile, answers, feed_words
from ui.intake.words import unit_words
from ui.shell import boxes
from ui.shell.tables import Column, choice, edit, table, text
from ui.shell.wording import _, column_word, safe

MOST_BOXES = 45  # an export with more columns than fit three screens is edited as a table


def columns_title(entry: LoadReport) -> str:
    return _(
        "Columns: {mapped} read, {unmapped} not",
        mapped=len(entry.columns_mapped),
        unmapped=len(entry.columns_unmapped),
    )


def to_be_mapped(entry: LoadReport, file: UploadedFile, names: list[str], key: str) -> LoadReport | None:
    """An entry with all columns of a refused file unmapped, of the feed ingest found or a person chooses here."""
    feed = entry.feed or answers(file).get("feed")
    if feed not in FEEDS:
        feed = boxes.selectbox(
            _("Map the columns by hand: what kind of data is this?"), feed_words(_("choose")), key=f"{key}_kind"
        )
    if feed not in FEEDS:
        return None
    return entry.model_copy(update={"feed": feed, "columns_mapped": {}, "columns_unmapped": names})


def mapping_editor(entry: LoadReport, key: str) -> dict[str, Any]:
    """Which column of the file is read as which of ours. What was corrected, once it is to be read so: {feed, mapping}."""
    feed = FEEDS[entry.feed or ""]
    mapped = entry.columns_mapped
    unmapped = [header for header in entry.columns_unmapped if header not in mapped]
    missing = [name for name in feed.required if name not in mapped.values()]
    if missing and not mapped:
        st.warning(_("Still needed: {columns}. Choose which columns of the file they are.", columns=missing))
    if mapped:
        mapped_table(entry, key)
    edited: dict[str, str | None] = dict(mapped)
    columns = {column.name: column_word(column.name) for column in feed.columns}
    if unmapped:
        st.markdown(
            _("**Not read.** Nothing of these columns is lost, the original is kept; map here what should count.")
        )
        edited |= _edited(dict.fromkeys(unmapped), columns, entry, f"{key}_unmapped")
    if mapped and st.toggle(_("Correct the columns that are read"), key=f"{key}_correct"):
        edited |= _edited(mapped, columns, entry, f"{key}_mapped")
    if edited == mapped | dict.fromkeys(unmapped):
        return {}
    chosen = {header: column for header, column in edited.items() if column or header in mapped}
    if st.button(_("Read again with this mapping"), type="primary", key=f"{key}_again"):
        return {"feed": feed.name, "mapping": chosen}
    return {}


def mapped_table(entry: LoadReport, key: str) -> None:
    """Header → what it is read as, with two values of the file and the unit."""
    units = entry.units
    unit = text(
        _("Unit"), lambda row: unit_words(units[row["column"]]) if row["column"] in units else "", width="medium"
    )
    table(
        [{"header": header, "column": column} for header, column in entry.columns_mapped.items()],
        {
            "header": text(_("Column in the file"), width="medium"),
            "column": text(_("is read as"), lambda row: column_word(row["column"]), width="medium"),
            "examples": _examples(entry.examples),
            "unit": unit if units else None,
        },
        key=f"{key}_table",
    )


def _examples(examples: Mapping[str, list[str]]) -> Column:
    return text(_("for example"), lambda row: " · ".join(examples.get(row["header"], [])), width="large")


def _edited(
    mapping: Mapping[str, str | None], columns: Mapping[str, str], entry: LoadReport, key: str
) -> dict[str, str | None]:
    edit = _edited_in_boxes if len(mapping) <= MOST_BOXES else _edited_in_table
    return edit(dict(mapping), columns, entry.examples, key)


def _edited_in_boxes(
    mapping: dict[str, str | None], columns: Mapping[str, str], examples: dict[str, list[str]], key: str
) -> dict[str, str | None]:
    """One box per column of the file with its examples below, three in a row."""
    edited = {}
    for start in range(0, len(mapping), 3):
        places = st.columns(3)
        for place, header in zip(places, list(mapping)[start : start + 3], strict=False):
            column = mapping[header]
            edited[header] = boxes.selectbox(
                safe(header),
                columns,
                index=list(columns).index(column) if column and column in columns else None,
                placeholder=_("not read"),
                key=f"{key}_{hashlib.sha256(header.encode()).hexdigest()[:12]}",
                at=place,
            )
            if examples.get(header):
                place.caption(safe(" · ".join(text[:40] for text in examples[header])))
            if column is not None and column not in columns and edited[header] is None:
                edited[header] = column  # read as two of ours together, such as debit / credit: left as it is
    return edited


def _edited_in_table(
    mapping: dict[str, str | None], columns: Mapping[str, str], examples: dict[str, list[str]], key: str
) -> dict[str, str | None]:
    """A table to edit, for exports of hundreds of columns."""
    edited = edit(
        [{"header": header, "column": column} for header, column in mapping.items()],
        {
            "header": text(_("Column in the file")),
            "column": choice(_("is read as"), list(columns), words=column_word),
            "examples": _examples(examples),
        },
        placeholder=_("not read"),
        key=key,
    )
    return dict(edited.select("header", "column").iter_rows())


def profile_name(file: UploadedFile, key: str) -> str | None:
    """The name under which the corrected mapping of this file is to be kept, once somebody has asked for it."""
    if not answers(file).get("mapping"):
        return None
    with st.form(f"{key}_profile", border=False):
        name = st.text_input(
            _("Mapping profile"),
            max_chars=60,
            help=_("Files with the same columns are read with this mapping from now on."),
        )
        asked = st.form_submit_button(_("Save mapping profile"))
    return name.strip() or None if asked else None
