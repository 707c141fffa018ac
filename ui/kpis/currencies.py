"""What a page says of money in several currencies: what is unconverted or lies unallocated, what the rate alone made of cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import streamlit as st

from models.document import Row
from models.kpis.catalogue import Kpi
from models.reference.currencies import missing_rates, original_text
from models.words.numbers import count_text, money_text
from ui.shell import data
from ui.shell.wording import _, feed_word, language, safe

MONEY_FEEDS = frozenset({"costs", "budget", "contracts"})
ORIGINALS = ("original_amount", "original_currency", "exchange_rate", "rate_file", "rate_row")


def beside_the_value(row: Row, kpi: Kpi) -> list[str]:
    """Of a KPI of money: what lies unallocated under a code that is nearly the project's own."""
    if not MONEY_FEEDS & set(kpi.feeds):
        return []
    return [
        _(
            "{amount} lies unallocated under {code}",
            amount=money_text(one["amount"], one["currency"], language(), exact=True),
            code=safe(one["code"]),
        )
        for one in row.get("lies_unallocated") or ()
    ]


def money_lines(
    opened: data.Opened, selection: data.Selection, period_end: dt.date | None, names: Mapping
) -> list[str]:
    """What is in no sum for want of a rate, by project and currency, and the exchange variance of each project."""
    shown = language()
    lines = [
        _(
            "Unconverted, and in no sum: {amount} of {project} ({feed}, {rows} rows), for want of a rate of {currency}",
            amount=original_text(row["amount"], row["currency"], shown),
            project=safe(names.get(row["project_key"], row["project_key"])),
            feed=feed_word(row["feed"], shown),
            rows=count_text(row["rows"], shown),
            currency=missing_rates(row["currency"], shown),
        )
        for row in data.unconverted(opened, selection).iter_rows(named=True)
    ]
    if period_end is None:
        return lines
    for row in data.exchange_variance(opened, selection, period_end).iter_rows(named=True):
        project = safe(names.get(row["project_key"], row["project_key"]))
        if row["exchange_variance"] is not None:
            lines.append(
                _(
                    "Exchange variance of {project}: {amount} of its cost comes from rates having left the budget's",
                    project=project,
                    amount=money_text(row["exchange_variance"], row["currency"], shown, exact=True, signed=True),
                )
            )
        if row["without_budget_rate"]:
            lines.append(
                _(
                    "Exchange variance of {project} is not known for {count} lines: no budget rate is loaded",
                    project=project,
                    count=count_text(row["without_budget_rate"], shown),
                )
            )
    return lines


def original_columns() -> dict[str, Any]:
    """Of lines that were foreign: the amount before, its currency, the rate, and the line the rate stands in."""
    return {
        "original_amount": st.column_config.NumberColumn(_("Original amount"), format="localized", width=104),
        "original_currency": st.column_config.TextColumn(_("Original currency"), width=64),
        "exchange_rate": st.column_config.NumberColumn(_("Exchange rate"), format="%.6f", width=80),
        "rate_file": st.column_config.TextColumn(_("File of the rate"), width=120),
        "rate_row": st.column_config.NumberColumn(_("Line of the rate"), format="%d", width=56),
    }
