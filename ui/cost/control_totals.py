"""Control totals on the data health page: what the ledger's entries add up to, beside what the balance tables state."""

from __future__ import annotations

import polars as pl
import streamlit as st

from models.reference.accounts import control_totals
from ui.kpis.tables import plain_table
from ui.shell import data
from ui.shell.wording import _

_MONEY = ("debit", "control_debit", "debit_difference", "credit", "control_credit", "credit_difference")


def section(opened: data.Opened) -> None:
    """Accounts and periods that a ledger and a balance table (科目余额表) both hold, differences first; nothing without them."""
    rows = control_totals(opened.snapshot)
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
    heads = {
        "debit": _("Debits of the entries"),
        "control_debit": _("Debits stated"),
        "debit_difference": _("Difference"),
        "credit": _("Credits of the entries"),
        "control_credit": _("Credits stated"),
        "credit_difference": _("Difference"),
    }
    several_books = rows["ledger_book"].n_unique() > 1
    plain_table(
        rows.select(
            *(["ledger_book"] if several_books else []),
            "period",
            "account_code",
            "account_name",
            *(pl.col(name).cast(pl.Float64) for name in _MONEY),
        ),
        key="health_control_totals",
        columns={
            "ledger_book": st.column_config.TextColumn(_("Ledger book")),
            "period": st.column_config.TextColumn(_("Period")),
            "account_code": st.column_config.TextColumn(_("Account")),
            "account_name": st.column_config.TextColumn(_("Name")),
        }
        | {name: st.column_config.NumberColumn(head, format="localized") for name, head in heads.items()},
    )
