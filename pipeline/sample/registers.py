"""The lists that the project office keeps: projects, aliases, contracts, payments, changes, risks and sites."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from pipeline.sample import purchasing
from pipeline.sample.calendar import nth_working_day
from pipeline.sample.documents import document
from pipeline.sample.plan import Plan
from pipeline.sample.stories import SEED, STATUS_ON, STORIES, Story

TAX_RATE = 0.06
RETENTION = 0.05
CITIES = "甲乙丙丁戊己庚辛壬癸"
ROLL_OUT_DEFECTS = 4  # at acceptance of a site, on average; 10 in the pilot


def projects_frame() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "project_key": story.key,
                "name": story.name,
                "customer": story.customer,
                "delivery_profile": story.profile,
                "method": story.method,
                "start_on": story.starts,
                "freeze_on": story.freeze_on,
                "contract_finish_on": story.contract_finish,
                "actual_finish_on": story.actual_finish,
                "contingency_reserve": round(story.budget * 0.05),
                "currency": "CNY",
                "time_zone": "Asia/Shanghai",
                "manager": story.team[0],
            }
            for story in STORIES
        ]
    )


def project_aliases_frame() -> pl.DataFrame:
    """How each tool names the project. P2025099 and 临时支持 are left out on purpose: they show as unallocated."""
    rows = []
    for story in STORIES:
        tracker = "zentao" if story.tracker == "zentao" else "jira"
        rows.append((tracker, story.tracker_project, story.key))
        rows.append(("yonyou", story.ledger_code, story.key))
        if story.tracks_in_tempo:
            rows.append(("tempo", story.tracker_project, story.key))
        if story.timesheet_name:
            rows.append(("*", story.timesheet_name, story.key))
    return pl.DataFrame(rows, ["system", "external_code", "project_key"], orient="row").with_columns(
        pl.lit("project").alias("kind"), pl.lit(dt.date(2024, 11, 1)).alias("valid_from")
    )


def _date_at(story: Story, share: float) -> dt.date:
    days = (story.contract_finish - story.starts).days
    return nth_working_day(story.starts + dt.timedelta(days=round(days * share)), 1)


def contracts_frame(laid: dict[int, Plan]) -> pl.DataFrame:
    """A sales contract per project, and under it what its orders have signed with suppliers.

    The shop's supplement states neither an amount without VAT nor a tax rate: nobody has asked the customer yet.
    """
    rows = []
    for story in STORIES:
        sales = f"HT-{story.key}-S01"
        rows.append(_contract(story, sales, "sales", story.budget * 1.22, None))
        if story.key == "P2025-008":
            named = {"project": story.key, "counterparty": story.customer, "parent_contract": sales}
            rows.append(document("lists")["supplement"] | named)
        bought: dict[str, list[purchasing.Order]] = {}
        for order in purchasing.orders(laid[story.number]):
            bought.setdefault(order.contract_no, []).append(order)
        for number, parts in bought.items():
            order = parts[0]
            signed = _contract(story, number, order.direction, sum(part.amount for part in parts), sales)
            stated = {"signed_on": order.signed_on, "currency": order.currency}
            if order.window.element.contract:
                stated["name"] = f"{story.name} {order.window.element.name}采购合同"
            rows.append(signed | stated)
    return pl.DataFrame(rows, infer_schema_length=None)


def _contract(story: Story, number: str, direction: str, amount: float, parent: str | None) -> dict:
    without_tax = round(amount / 1000) * 1000
    party = {"sales": story.customer, "purchase": "供应商甲", "subcontract": "分包商丙"}[direction]
    return {
        "contract_no": number,
        "project": story.key,
        "name": f"{story.name}{'项目' if direction == 'sales' else '采购' if direction == 'purchase' else '分包'}合同",
        "direction": direction,
        "counterparty": party,
        "signed_on": nth_working_day(story.starts, 1),
        "amount_incl_tax": round(without_tax * 1.06, 2),
        "amount_excl_tax": float(without_tax),
        "tax_rate": TAX_RATE,
        "retention_rate": RETENTION,
        "warranty_end": _warranty_end(story) if direction == "sales" else None,
        "parent_contract": parent,
        "currency": "CNY",
    }


def _warranty_end(story: Story) -> dt.date:
    return story.contract_finish + dt.timedelta(days=730)


def payment_terms_frame(laid: dict[int, Plan], contracts: pl.DataFrame) -> pl.DataFrame:
    """Five nodes of each sales contract, then what suppliers are owed; a node that is paid in several parts has a line for each.

    Conditions met on time are invoiced in a week and paid in a month; retention is due when the warranty ends.
    """
    rows = []
    for story in STORIES:
        number = f"HT-{story.key}-S01"
        total = contracts.filter(pl.col("contract_no") == number)["amount_incl_tax"].item()
        for position, (node, share, condition, at) in enumerate(document("lists")["payment_nodes"]):
            planned = _date_at(story, at) if at else _warranty_end(story)
            late = 30 if story.spi < 0.95 and at else 0
            met = planned + dt.timedelta(days=late)
            if story.actual_finish and at:
                met = min(met, story.actual_finish)
            left = round(total * share, 2)
            parts = document("lists")["paid_in_parts"].get(story.key, {}).get(node, [(1.0, 0)])
            for part, (part_share, more_days) in enumerate(parts):
                amount = left if part == len(parts) - 1 else round(total * share * part_share, 2)
                left = round(left - amount, 2)
                owed = {"contract_no": number, "node": node, "share": round(share * part_share, 4), "amount": amount}
                paid = purchasing.paid(amount, met, story.status_on, invoiced_after=7, paid_after=40 + more_days)
                if not position and paid["received_on"]:  # the advance comes as a bill of three months
                    cash = paid["received_on"] + dt.timedelta(days=90)
                    paid |= {"instrument": "银行承兑汇票", "cash_on": cash if cash <= STATUS_ON else None}
                rows.append(owed | {"condition": condition, "planned_on": planned} | paid)
    for plan in laid.values():
        rows += purchasing.payables(plan, contracts)
    return pl.DataFrame(rows, infer_schema_length=None)


def change_requests_frame(issues: dict[int, pl.DataFrame]) -> pl.DataFrame:
    """One change per requirement added after the freeze, with its person-days.

    In the story of the CRM every fourth change is undecided, and two of them had been started before the decision.
    """
    rows = []
    for story in STORIES:
        if not story.freeze_on:
            continue
        is_late = pl.col("created_at").dt.date() > story.freeze_on
        late = issues[story.number].filter((pl.col("issue_type") == "requirement") & is_late)
        growing = story.growth > 0.05
        for n, row in enumerate(late.sort("created_at").iter_rows(named=True)):
            raised = row["created_at"].date()
            undecided = growing and n % 4 == 2
            decided = None if undecided else nth_working_day(raised + dt.timedelta(days=6), 1)
            early = undecided and n in (2, 6)
            begun = raised + dt.timedelta(days=4) if early else decided + dt.timedelta(days=5) if decided else None
            begun = begun if begun and begun <= story.status_on else None
            signed = decided + dt.timedelta(days=20) if decided and n % 3 else None
            days = row["original_estimate_hours"] / 8
            rows.append(
                {
                    "project": story.key,
                    "change_id": f"CR-{story.number}{n + 1:02d}",
                    "title": f"新增需求 {row['summary']}",
                    "change_type": "scope",
                    "raised_on": raised,
                    "decided_on": decided,
                    "decision": "approved" if decided else "pending",
                    "approver": story.team[0] if decided else None,
                    "started_on": begun,
                    "customer_signed_on": signed if signed and signed <= story.status_on else None,
                    "claimed_amount": round(days * 1600),
                    "confirmed_amount": round(days * 1500) if signed and signed <= story.status_on else None,
                    "scope_days": days,
                    "days_delta": float(round(days / 4)),
                    "baseline": "B1",
                    "linked_keys": [row["issue_key"]],
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def risks_frame() -> pl.DataFrame:
    rows = []
    for story in STORIES:
        for n, (title, probability, impact, days, response) in enumerate(document("lists")["risks"]):
            over = story.actual_finish is not None or n == 4
            raised = nth_working_day(story.starts + dt.timedelta(days=30 + 40 * n), 1)
            rows.append(
                {
                    "project": story.key,
                    "risk_id": f"R-{story.number}{n + 1:02d}",
                    "title": title,
                    "kind": "threat",
                    "probability": probability,
                    "impact_cost": round(story.budget * impact / 1000) * 1000,
                    "impact_days": days,
                    "response": response,
                    "owner": story.team[n % story.people],
                    "raised_on": raised,
                    "review_on": None if over else dt.date(2026, 11, 30),
                    "closed_on": nth_working_day(raised + dt.timedelta(days=150), 1) if over else None,
                    "status": "closed" if over else "open",
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def sites_frame() -> pl.DataFrame:
    """300 hospitals in ten cities: a pilot wave of three, then nine waves of thirty-three, all live and accepted."""
    random = np.random.Generator(np.random.PCG64([SEED, 7]))
    roll_out = _around(random, 297, ROLL_OUT_DEFECTS, 2)
    rows = []
    for n in range(300):
        pilot = n < 3
        wave = 0 if pilot else (n - 3) // 33 + 1
        planned = dt.date(2025, 12, 15) if pilot else dt.date(2026, 1, 20) + dt.timedelta(days=34 * wave)
        live = nth_working_day(planned - dt.timedelta(days=0 if pilot else 6 * wave - n % 7), 1)
        accepted = min(nth_working_day(live + dt.timedelta(days=28), 1), dt.date(2026, 9, 30))
        rows.append(
            {
                "project": "P2025-001",
                "site": f"H{n + 1:03d}",
                "name": f"{CITIES[n % 10]}市第{n // 10 + 1}医院",
                "region": f"{CITIES[n % 10]}市",
                "wave": f"W{wave}",
                "stage": "验收",
                "planned_live_on": planned,
                "actual_live_on": min(live, dt.date(2026, 9, 18)),
                "accepted_on": max(accepted, dt.date(2025, 12, 31)),
                "defects_at_acceptance": (11, 9, 10)[n] if pilot else int(roll_out[n - 3]),
                "hours": float(120 - n % 5 * 4) if pilot else float(40 + n % 9 * 2),
            }
        )
    return pl.DataFrame(rows)


def _around(random: np.random.Generator, count: int, mean: int, spread: int) -> np.ndarray:
    """Whole numbers around `mean` whose sum is exactly count × mean."""
    found = random.integers(mean - spread, mean + spread + 1, count)
    while found.sum() != count * mean:
        step = 1 if found.sum() < count * mean else -1
        found[int(random.integers(count))] += step
    return found


def calendars_frame() -> pl.DataFrame:
    """Days on which the bank lets nobody work on its systems: the closing of its books at the end of each year."""
    days = (dt.date(2025, 12, 30), dt.date(2025, 12, 31), dt.date(2026, 12, 30), dt.date(2026, 12, 31))
    rows = [("P2025-003", day, False, "年终决算封网") for day in days]
    return pl.DataFrame(rows, ["project", "calendar_date", "is_working_day", "note"], orient="row")
