"""The account mapping on screen: what every account of the ledgers counts as, edited in the table, and the edits themselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import polars as pl
import streamlit as st

from models.reference.accounts import ACCOUNT_KINDS, CATEGORIES, account_list
from ui.kpis.meanings import meaning_word
from ui.shell import data
from ui.shell.tables import choice, edit, number, removed, text
from ui.shell.wording import _, language, msgid, spoken

_MAPPED_BY = {
    "screen": msgid("screen"),
    "file": msgid("mapping file"),
    "name": msgid("its name"),
    "nothing": msgid("nothing: not counted"),
}
ANY_BOOK = ""


def accounts_editor(view: data.BuildView, edits: Sequence[dict]) -> list[dict]:
    """Every account with its category and kind, both to be chosen. Returns set_account's arguments once somebody saved.

    edits: as account_edits gives them; an edit that no refresh has counted yet shows already.
    """
    rows = account_list(view.snapshot)
    if rows.is_empty():
        st.info(_("No ledger has been loaded yet. Upload one, refresh, and its accounts stand here."))
        return []
    shown = language()
    rows = _with_edits(rows, edits)
    waiting = rows.filter(pl.col("is_cost_like") & (pl.col("mapped_by") == "nothing")).height
    if waiting:
        st.warning(
            _("{count} accounts look like costs and count as nothing. They stand first.", count=waiting),
            icon=":material/warning:",
        )
    several_books = rows["ledger_book"].n_unique() > 1
    word = partial(meaning_word, language=shown)
    edited = edit(
        rows,
        {
            "ledger_book": text(_("Ledger book")) if several_books else None,
            "account_code": text(_("Account"), width="small"),
            "account_name": text(_("Name")),
            "debit": number(_("Debits")),
            "lines": number(_("Entries"), width="small"),
            "category": choice(_("Category"), CATEGORIES, words=word),
            "kind": choice(_("Counts as"), (*ACCOUNT_KINDS, "carry_over"), words=word),
            "mapped_by": text(_("Basis"), lambda row: spoken(_MAPPED_BY[row["mapped_by"]]), width="small"),
        },
        key="accounts_editor",
    )
    if not st.button(_("Save the accounts"), key="accounts_save", type="primary"):
        return []
    changed = changed_accounts(rows, edited)
    if not changed:
        st.warning(_("Choose both the category and what the account counts as, for at least one account."))
    return changed


def _with_edits(rows: pl.DataFrame, edits: Sequence[dict]) -> pl.DataFrame:
    """The accounts as they will count after the next refresh: of each, the edit with the longest code that it begins with."""
    told = []
    for row in rows.iter_rows(named=True):
        fits = [
            edit
            for edit in edits
            if row["account_code"].startswith(edit["account_code"])
            and edit["ledger_book"] in (ANY_BOOK, row["ledger_book"])
        ]
        best = max(fits, key=lambda edit: (len(edit["account_code"]), edit["ledger_book"] != ANY_BOOK), default=None)
        if best:
            row |= {"category": best["category"], "kind": best["kind"], "mapped_by": "screen"}
        told.append(row)
    return pl.DataFrame(told, schema=rows.schema)


def changed_accounts(rows: pl.DataFrame, edited: pl.DataFrame) -> list[dict]:
    """set_account's arguments of the rows whose category or kind was changed and that have both."""
    asked = []
    for before, after in zip(rows.iter_rows(named=True), edited.iter_rows(named=True), strict=True):
        if (before["category"], before["kind"]) == (after["category"], after["kind"]):
            continue
        kind, category = after["kind"], after["category"]
        if "excluded" in (kind, category):  # one word says it: such an account is no cost
            kind = category = "excluded"
        if kind in ACCOUNT_KINDS and category:
            asked.append(
                {
                    "account_code": before["account_code"],
                    "account_name": before["account_name"],
                    "ledger_book": before["ledger_book"],
                    "category": category,
                    "kind": kind,
                }
            )
    return asked


def edits_table(edits: Sequence[dict]) -> list[dict]:
    """The accounts edited on screen, each to be ticked. Returns remove_account's arguments once somebody asked."""
    if not edits:
        return []
    shown = language()
    st.subheader(_("Edited on screen"))
    ticked = removed(
        edits,
        {
            "account": text(_("Account"), lambda edit: edit["account_code"], width="small"),
            "name": text(_("Name"), lambda edit: edit["account_name"] or ""),
            "book": text(_("Ledger book"), lambda edit: edit["ledger_book"] or _("any")),
            "category": text(_("Category"), lambda edit: meaning_word(edit["category"], shown)),
            "kind": text(_("Counts as"), lambda edit: meaning_word(edit["kind"], shown)),
        },
        key="accounts_edits",
        button_key="accounts_remove",
    )
    return [{"account_code": edit["account_code"], "ledger_book": edit["ledger_book"]} for edit in ticked]
