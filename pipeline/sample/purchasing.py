"""What the projects buy: what is signed with suppliers, what these are owed, and what the rest is thought to cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from pipeline.sample.calendar import nth_working_day
from pipeline.sample.documents import document
from pipeline.sample.ledger import SUPPLIERS, contract_price
from pipeline.sample.plan import Plan, Window, earned_value
from pipeline.sample.stories import EQUIPMENT, SOFTWARE, SUBCONTRACT

PRICE = {EQUIPMENT: 0.97, SOFTWARE: 0.97, SUBCONTRACT: 0.98}  # as a share of what was budgeted
ACCEPTED_AFTER, WARRANTY, INVOICED_AFTER, PAID_AFTER = 30, 182, 15, 45  # days


@dataclass(frozen=True)
class Order:
    """One WBS element's part of a contract with a supplier, without VAT."""

    contract_no: str
    window: Window
    category: str
    signed_on: dt.date
    amount: int
    currency: str = "CNY"

    @property
    def direction(self) -> str:
        return "subcontract" if self.category == SUBCONTRACT else "purchase"


def orders(plan: Plan) -> list[Order]:
    """By element: at its contract's price where the story tells one, else a little under its budget."""
    story = plan.story
    usual = nth_working_day(story.starts + dt.timedelta(days=45), 1)
    found = []
    for window in plan.windows:
        element = window.element
        if element.category not in PRICE:
            continue
        if element.contract:
            number, signed_on, _ = element.contract
            found.append(Order(number, window, element.category, signed_on, contract_price(window)))
            continue
        left = window.budgets[0][1]
        if element.abroad:
            abroad = element.abroad
            signed = (abroad.signed_on, abroad.amount, abroad.currency)
            found.append(Order(abroad.number, window, element.category, *signed))
            left -= abroad.in_yuan
        if left:
            number = f"HT-{story.key}-{'F01' if element.category == SUBCONTRACT else 'P01'}"
            amount = round(left * PRICE[element.category] / 1000) * 1000
            found.append(Order(number, window, element.category, usual, amount))
    return found


def costs_frame(plans: dict[int, Plan]) -> pl.DataFrame:
    """Cost lines beside the ledger: orders on the day they were signed, and bottom-up estimates of what is left."""
    rows = []
    for plan in plans.values():
        for order in orders(plan) if plan.story.orders else ():
            money = {"amount": order.amount, "currency": order.currency, "vendor": SUPPLIERS[order.category]}
            rows.append(_cost(plan, order.window, "commitment", order.contract_no, order.signed_on, **money))
    for plan in plans.values():
        for day, factor in plan.story.estimates:
            earned = earned_value(plan, [day])[day]
            for window in plan.windows:
                code = window.element.code
                amount = round((window.element.budget - earned[code]) * factor / 100) * 100
                number = f"ETC-{plan.story.key}-{day:%Y%m}-{code}"
                if amount:
                    rows.append(_cost(plan, window, "forecast", number, day, amount=amount))
    return pl.DataFrame(rows, infer_schema_length=None)


def _cost(plan: Plan, window: Window, kind: str, number: str, day: dt.date, **more) -> dict:
    return {
        "project": plan.story.key,
        "wbs_code": window.element.code,
        "phase": window.element.phase,
        "module": window.element.module,
        "category": window.element.category,
        "kind": kind,
        "document_no": number,
        "booked_on": day,
        "currency": "CNY",
    } | more


def payables(plan: Plan, contracts: pl.DataFrame) -> list[dict]:
    """Four nodes of each contract with a supplier; those of devices with dates of their own follow these."""
    order_of = {order.contract_no: order for order in orders(plan)}
    usual = {"invoiced_after": INVOICED_AFTER, "paid_after": PAID_AFTER}
    rows = []
    for number, order in order_of.items():
        total = contracts.filter(pl.col("contract_no") == number)["amount_incl_tax"].item()
        nodes = document("lists")["payable_nodes"][order.direction]
        for (node, share, condition), (planned, met) in zip(nodes, _days(plan, order), strict=True):
            amount = round(total * share, 2)
            owed = {"contract_no": number, "node": node, "share": share, "amount": amount, "condition": condition}
            rows.append(owed | {"planned_on": planned} | paid(amount, met, plan.story.status_on, **usual))
    return rows


def _days(plan: Plan, order: Order) -> list[tuple[dt.date, dt.date | None]]:
    """(planned, met) of each node; where nothing has been told, what is planned is met, or a month late as its project is."""
    window = order.window
    late = dt.timedelta(days=30 if plan.story.spi < 0.95 else 0)
    advance, soonest = (order.signed_on + dt.timedelta(days=days) for days in (10, 60))
    if window.element.steps:
        arrival, _, acceptance = window.element.steps
        ends = [(step.planned[1], step.actual[1] if step.actual else None) for step in (arrival, acceptance)]
    else:
        plans = (max(window.ends + dt.timedelta(days=days), soonest) for days in (0, ACCEPTED_AFTER))
        ends = [(planned, planned + late) for planned in plans]
    planned, met = ends[1]
    warranty = dt.timedelta(days=WARRANTY)
    return [(advance, advance), *ends, (planned + warranty, met + warranty if met else None)]


def paid(amount: float, met: dt.date | None, today: dt.date, *, invoiced_after: int, paid_after: int) -> dict:
    """What has happened by today of a node whose condition is met on that day; days to the invoice and to its payment."""
    days = [met + dt.timedelta(days=after) if met else None for after in (0, invoiced_after, paid_after)]
    reached, invoiced, received = (day if day and day <= today else None for day in days)
    return {
        "condition_met_on": reached,
        "invoiced_on": invoiced,
        "invoiced_amount": amount if invoiced else None,
        "received_on": received,
        "received_amount": amount if received else None,
        "instrument": "银行转账" if received else None,
        "cash_on": received,
    }
