"""Control totals on the data health page: what the ledger's entries add up to, beside what the balance tables state."""

from __future__ import annotations

import polars as pl
import streamlit as st

from models.reference.accounts import control_totals
from ui.shell import data
from ui.shell.tables import number, table, text
from ui.shell.wording import _


def section(view: data.BuildView) -> None:
    """Accounts and periods that a ledger and a balance table (科目余额表) both hold, differences first; nothing without them."""
    rows = control_totals(view.snapshot)
    if rows.is_empty():
        return
    st.subheader(_("Control totals"))
    apart = rows.filter((pl.col("debit_difference") != 0) | (pl.col("credit_difference") != 0)).height
    if apart:
        st.warning(
            _(
                "{apart} of {count} accounts and periods differ from the balance table: entries are missing or there twice.",
                apart=apart,
                count=rows.height,
            ),
            icon=":material/warning:",
        )
    else:
        st.success(_("The ledger agrees with the balance tables."), icon=":material/check:")
    several_books = rows["ledger_book"].n_unique() > 1
    table(
        rows,
        {
            "ledger_book": text(_("Ledger book")) if several_books else None,
            "period": text(_("Period")),
            "account_code": text(_("Account")),
            "account_name": text(_("Name")),
            "debit": number(_("Debits of the entries")),
            "control_debit": number(_("Debits stated")),
            "debit_difference": number(_("Difference")),
            "credit": number(_("Credits of the entries")),
            "control_credit": number(_("Credits stated")),
            "credit_difference": number(_("Difference")),
        },
        key="health_control_totals",
    )
