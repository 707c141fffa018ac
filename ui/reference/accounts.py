"""The account mapping on screen: what every account of the ledgers counts as, edited in the table, and the edits themselves."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from models.reference.accounts import ACCOUNT_KINDS, CATEGORIES, account_list
from ui.kpis.meanings import meaning_word
from ui.shell import data
from ui.shell.wording import _, language, msgid, translate

_MAPPED_BY = {
    "screen": msgid("screen"),
    "file": msgid("mapping file"),
    "name": msgid("its name"),
    "nothing": msgid("nothing: not counted"),
}
ANY_BOOK = ""


def accounts_editor(opened: data.Opened, edits: Sequence[dict]) -> list[dict]:
    """Every account with its category and kind, both to be chosen. Returns set_account's arguments once somebody saved.

    edits: as account_edits gives them; an edit that no refresh has counted yet shows already.
    """
    rows = account_list(opened.snapshot)
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
    words = {key: translate(_MAPPED_BY[key], None, shown) for key in _MAPPED_BY}
    table = rows.select(
        *(["ledger_book"] if several_books else []),
        "account_code",
        "account_name",
        pl.col("debit").cast(pl.Float64),
        "lines",
        "category",
        "kind",
        pl.col("mapped_by").replace(words),
    )
    edited = st.data_editor(
        table,
        key="accounts_editor",
        hide_index=True,
        width="stretch",
        placeholder="",
        column_config={
            "ledger_book": st.column_config.TextColumn(_("Ledger book")),
            "account_code": st.column_config.TextColumn(_("Account"), width="small"),
            "account_name": st.column_config.TextColumn(_("Name")),
            "debit": st.column_config.NumberColumn(_("Debits"), format="localized"),
            "lines": st.column_config.NumberColumn(_("Entries"), format="localized", width="small"),
            "category": _choice(_("Category"), CATEGORIES, shown),
            "kind": _choice(_("Counts as"), (*ACCOUNT_KINDS, "carry_over"), shown),
            "mapped_by": st.column_config.TextColumn(_("Basis"), width="small"),
        },
        disabled=["ledger_book", "account_code", "account_name", "debit", "lines", "mapped_by"],
    )
    if not st.button(_("Save the accounts"), key="accounts_save", type="primary"):
        return []
    changed = changed_accounts(rows, edited)
    if not changed:
        st.warning(_("Choose both the category and what the account counts as, for at least one account."))
    return changed


def _choice(label: str, options: Sequence[str], shown: str):
    return st.column_config.SelectboxColumn(
        label, options=list(options), format_func=lambda word: meaning_word(str(word), shown)
    )


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
    ticked = st.data_editor(
        pl.DataFrame(
            {
                "tick": [False] * len(edits),
                "account": [edit["account_code"] for edit in edits],
                "name": [edit["account_name"] or "" for edit in edits],
                "book": [edit["ledger_book"] or _("any") for edit in edits],
                "category": [meaning_word(edit["category"], shown) for edit in edits],
                "kind": [meaning_word(edit["kind"], shown) for edit in edits],
            }
        ),
        key="accounts_edits",
        hide_index=True,
        width="stretch",
        column_config={
            "tick": st.column_config.CheckboxColumn(_("Remove"), width="small"),
            "account": st.column_config.TextColumn(_("Account"), width="small"),
            "name": st.column_config.TextColumn(_("Name")),
            "book": st.column_config.TextColumn(_("Ledger book")),
            "category": st.column_config.TextColumn(_("Category")),
            "kind": st.column_config.TextColumn(_("Counts as")),
        },
        disabled=["account", "name", "book", "category", "kind"],
    )
    if not st.button(_("Remove the ticked rows"), key="accounts_remove"):
        return []
    return [
        {"account_code": edit["account_code"], "ledger_book": edit["ledger_book"]}
        for edit, row in zip(edits, ticked.iter_rows(named=True), strict=True)
        if row["tick"]
    ]
