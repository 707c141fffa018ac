"""What a page says of money in several currencies: what is unconverted or lies unallocated, what the rate alone made of cost."""

from __future__ import annotations

import datetime as dt

import polars as pl

from models.document import Row
from models.kpis.catalogue import Kpi
from models.reference.currencies import exchange_variance, missing_rates, original_text, unconverted
from ui.kpis.page import KpiPage
from ui.shell.numbers import count_text, money_text
from ui.shell.tables import Column, number, text
from ui.shell.wording import _, feed_word, language, listed, safe

MONEY_FEEDS = frozenset({"costs", "budget", "contracts"})


def beside_the_value(row: Row, kpi: Kpi) -> list[str]:
    """Of a KPI of money: what lies unallocated under a code that is nearly the project's own."""
    if not MONEY_FEEDS & set(kpi.feeds):
        return []
    return [
        _(
            "{amount} lies unallocated under {code}",
            amount=money_text(near["amount"], near["currency"], exact=True),
            code=safe(near["code"]),
        )
        for near in row.get("lies_unallocated") or ()
    ]


def money_lines(page: KpiPage, period_end: dt.date | None) -> list[str]:
    """What is in no sum for want of a rate, a line for each currency, and the exchange variance of each project."""
    shown = language()
    keys, names, view = tuple(page.projects["project_key"]), page.names, page.view
    missing: dict[str, list[str]] = {}
    for row in view.ask(unconverted, keys).iter_rows(named=True):
        amount = _(
            "{amount} of {project} ({feed}, {rows} rows)",
            amount=original_text(row["amount"], row["currency"], shown),
            project=safe(names.get(row["project_key"], row["project_key"])),
            feed=feed_word(row["feed"]),
            rows=count_text(row["rows"]),
        )
        missing.setdefault(missing_rates(row["currency"], shown), []).append(amount)
    lines = [
        _(
            "Unconverted, and in no sum, for want of a rate of {currency}: {which}",
            currency=currency,
            which=listed(amounts),
        )
        for currency, amounts in missing.items()
    ]
    if period_end is None:
        return lines
    for row in view.ask(exchange_variance, keys, period_end).iter_rows(named=True):
        project = safe(names.get(row["project_key"], row["project_key"]))
        if row["exchange_variance"] is not None:
            lines.append(
                _(
                    "Exchange variance of {project}: {amount} of its cost comes from rates having left the budget's",
                    project=project,
                    amount=money_text(row["exchange_variance"], row["currency"], exact=True, signed=True),
                )
            )
        if row["without_budget_rate"]:
            lines.append(
                _(
                    "Exchange variance of {project} is not known for {count} lines: no budget rate is loaded",
                    project=project,
                    count=count_text(row["without_budget_rate"]),
                )
            )
    return lines


def original_columns(lines: pl.DataFrame) -> dict[str, Column]:
    """Of lines that were foreign: the amount before, its currency, the rate, and the line the rate stands in."""
    if lines["original_currency"].is_null().all():
        return {}
    columns = {
        "original_amount": number(_("Original amount"), width=104),
        "original_currency": text(_("Original currency"), width=64),
        "exchange_rate": number(_("Exchange rate"), format="%.6f", width=80),
        "rate_file": text(_("File of the rate"), width=120),
        "rate_row": number(_("Line of the rate"), format="%d", width=56),
    }
    return {name: column for name, column in columns.items() if name in lines.columns}
