"""The landed files on screen: those held for an answer, all of them with undo and redo, and the rows they left out."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Literal

import polars as pl
import streamlit as st

from models import ports
from models.intake import Batch
from models.vocabulary import BatchStatus
from models.words import columns, terms, wording
from ui.intake import uploading
from ui.intake.after import rejected_button
from ui.intake.words import reason_words
from ui.shell import boxes
from ui.shell.numbers import count_text, date_text, instant_text, local_date_text
from ui.shell.tables import neutral_csv, number, save_button, table, text
from ui.shell.wording import _, feed_word, file_status_word, language, safe

PER_PAGE = 10
MOST_ROWS_SHOWN = 200
_WIDTHS = [3.6, 2, 1.6, 3.7, 1.8, 1.8, 2.1]
_SIGNS = {BatchStatus.LANDED: "●", BatchStatus.HELD: "▲", BatchStatus.UNDONE: "–"}

Act = tuple[Literal["accept", "undo", "redo", "again"], str]  # what to do with which batch


def sentence(landed: Sequence[Batch]) -> str:
    """How many files are loaded, held, and how many of their rows wait to be mended."""
    loaded = [batch for batch in landed if batch.status == BatchStatus.LANDED]
    if not loaded:
        return _("Nothing has been loaded yet.")
    return _(
        "Loaded: {count} files, the newest {day}; held until you confirm: {held}; quarantined rows: {rows}",
        count=len({batch.content_hash for batch in loaded}),
        day=local_date_text(max(batch.landed_at for batch in loaded)),
        held=sum(batch.status == BatchStatus.HELD for batch in landed),
        rows=sum(batch.rows_quarantined for batch in loaded),
    )


def held_batches(batches: Sequence[Batch]) -> Act | None:
    """The batches that wait for a word from somebody, each with why; what was asked for."""
    asked: Act | None = None
    for batch in batches:
        if batch.status != BatchStatus.HELD:
            continue
        with st.container(border=True):
            st.markdown(f"▲ **{safe(batch.file_name)}** — {feed_word(batch.feed)}")
            for reason in batch.report.reasons:
                st.warning(safe(reason_words(reason)))
            with st.container(horizontal=True):
                if st.button(_("Accept"), type="primary", key=f"uploads_accept_{batch.batch_id}"):
                    asked = ("accept", batch.batch_id)
                if st.button(_("Undo"), key=f"uploads_drop_{batch.batch_id}"):
                    asked = ("undo", batch.batch_id)
    return asked


def batch_asked(batches: Sequence[Batch]) -> Act | None:
    """The one file that a link asks for, above all others; what was asked for."""
    batch_id = st.session_state.get("subject_batch")
    wanted = next((batch for batch in batches if batch.batch_id == batch_id), None)
    if wanted is None:
        return None
    with st.container(border=True):
        return _batch_row(wanted, key="uploads_asked")


def batch_list(batches: Sequence[Batch]) -> Act | None:
    """Every batch, newest first, ten at a time; what was asked for."""
    if not batches:
        st.info(_("Nothing has been loaded yet."))
        return None
    pages = math.ceil(len(batches) / PER_PAGE)
    page = 1
    if pages > 1:
        page = st.number_input(
            _("Page {page} of {pages}", page=st.session_state.get("uploads_page", 1), pages=pages),
            min_value=1,
            max_value=pages,
            key="uploads_page",
            width=160,
        )
    heads = (_("File"), _("Feed"), _("Rows"), _("Landed at"), _("Status"), "", "")
    for column, head in zip(st.columns(_WIDTHS), heads, strict=True):
        column.caption(head)
    asked = None
    for batch in batches[(page - 1) * PER_PAGE : page * PER_PAGE]:
        asked = _batch_row(batch) or asked
    return asked


def _batch_row(batch: Batch, key: str = "uploads") -> Act | None:
    row = st.columns(_WIDTHS, vertical_alignment="center")
    row[0].markdown(safe(batch.file_name), help=_("batch {batch_id}", batch_id=batch.batch_id) + _covers(batch))
    row[1].write(feed_word(batch.feed))
    rows = count_text(batch.rows_accepted)
    if batch.rows_quarantined:
        rows += " " + _("(+{count} held back)", count=count_text(batch.rows_quarantined))
    row[2].write(rows)
    row[3].write(instant_text(batch.landed_at))
    row[4].write(f"{_SIGNS.get(batch.status, '')} {file_status_word(batch.status)}")
    if batch.status == BatchStatus.UNDONE:
        if row[5].button(_("Redo"), key=f"{key}_redo_{batch.batch_id}"):
            return "redo", batch.batch_id
        return None
    if row[5].button(_("Undo"), key=f"{key}_undo_{batch.batch_id}"):
        return "undo", batch.batch_id
    if not batch.mends_batch and row[6].button(
        _("Read again"),
        key=f"{key}_again_{batch.batch_id}",
        help=_("Reads the kept original once more, with another mapping, project or order of dates."),
    ):
        return "again", batch.batch_id
    return None


def _covers(batch: Batch) -> str:
    if not batch.covers_from:
        return ""
    return " · " + _("covers {first} to {last}", first=date_text(batch.covers_from), last=date_text(batch.covers_to))


def quarantined_rows(rows: pl.DataFrame, key: str, port: ports.Intake | None = None) -> None:
    """The rows held back, with line and reason; of one batch a file to mend and load again, of all of them a list.

    port: makes that file.
    """
    shown = language()
    if port is not None and not rows.is_empty():
        names = {
            batch_id: f"{file_name} ({batch_id})"
            for batch_id, file_name in rows.select("batch_id", "file_name").unique(maintain_order=True).iter_rows()
        }
        with st.container(horizontal=True, vertical_alignment="bottom"):
            batch_id = boxes.selectbox(_("Rejected rows of"), names, key=f"{key}_batch")
            rejected_button(batch_id, port, f"{key}_mend")
        rows = rows.filter(pl.col("batch_id") == batch_id)
    if rows.is_empty():
        st.info(_("No row is held back."))
        return
    table(
        _said(rows.head(MOST_ROWS_SHOWN), shown),
        {
            "feed": text(_("Feed")),
            "file_name": text(_("File"), width="small"),
            "source_row": number(_("Line"), format="%d", width=70),
            "column": text(_("Column"), width="small"),
            "reason": text(_("Reason"), width="large"),
            "value": text(_("Value"), width="small"),
            "raw": text(_("Row as in the file"), width="medium"),
        },
        key=f"{key}_table",
    )
    if rows.height > MOST_ROWS_SHOWN:
        st.caption(
            _(
                "The first {shown} of {count} rows; the file holds all of them.",
                shown=MOST_ROWS_SHOWN,
                count=count_text(rows.height),
            )
        )
    if port is None:
        name = "plimsoll-quarantined.csv"
        save_button(_("Download rejected rows"), lambda: neutral_csv(_said(rows, shown)), name, key=f"{key}_download")


def _said(rows: pl.DataFrame, shown: str) -> pl.DataFrame:
    """The rows with feed and reason in the language of the screen; in English what an earlier version held back."""
    reasons = {told: wording.reason_text(json.loads(told), shown) for told in rows["message"].drop_nulls().unique()}
    feeds = {feed: terms.feed_word(feed, shown) for feed in rows["feed"].drop_nulls().unique()}
    heads = {column: columns.column_word(column, shown) for column in rows["column"].drop_nulls().unique()}
    return rows.with_columns(
        pl.coalesce(pl.col("message").replace(reasons), "reason").alias("reason"),
        pl.col("feed").replace(feeds),
        pl.col("column").replace(heads),
    ).drop("message")


def carry_out(asked: Act | None, port: ports.Intake, landed: Sequence[Batch]) -> None:
    """Does what was asked for: accept, undo or redo a batch, or read its file again."""
    if asked is None:
        return
    verb, batch_id = asked
    if verb == "again":
        uploading.read_again(landed, batch_id)
    else:
        {"accept": port.accept, "undo": port.undo, "redo": port.redo}[verb](batch_id)
