"""A small portfolio of several currencies, and of codes as people write them: every number was worked out by hand.

March 2026: exports of the 14th, February is the last closed month.
"""

from __future__ import annotations

from models.builds.data_dir import DataDir
from tests.warehouse.edges import day, land, project


def _planned(key: str, budget: float, done: float, **more) -> tuple[dict, dict]:
    """A plan of one element and one task, all of it in February."""
    of = {"project": key, "wbs_code": "1"}
    return (
        of | {"category": "labor", "period_start": day(1, 2), "planned_value": budget} | more,
        of
        | {"task_id": "T", "name": "T", "percent_complete": done, "status_on": day(28, 2)}
        | {"baseline_start": day(2, 2), "baseline_finish": day(27, 2)},
    )


def _cost(key: str, document: str, on: int, amount: float, currency: str | None = None, **more) -> dict:
    return {"project": key, "wbs_code": "1", "category": "equipment", "booked_on": day(on, 2)} | {
        "amount": amount,
        "currency": currency,
        "document_no": document,
        **more,
    }


def rate(currency: str, on, value: float, **more) -> dict:
    return {"from_currency": currency, "to_currency": "CNY", "valid_from": on, "rate": value, "source": "SAFE"} | more


# USD as the state prints it, for a hundred; EUR for one; a budget rate; a month's average of GBP; nothing at all of CHF.
RATES = [
    rate("USD", day(24, 2), 710.0, per=100),
    rate("USD", day(2), 720.0, per=100),
    rate("USD", day(1, 1), 6.90, kind="budget"),
    rate("USD", day(1, 1), 7.77, kind="closing"),
    rate("EUR", day(10, 2), 8.0),
    rate("GBP", day(1, 2), 9.5, kind="month_average"),
]
# Over the 16,650,000 spent in yuan, 16,486,830 is earned: half of 32,973,660.
HAND_BUDGET, HAND_COST = 32_973_660, 16_650_000


def costs() -> list[dict]:
    return [
        _cost("HAND", "H1", 20, HAND_COST),
        _cost("HAND", "H2", 25, 150_000, "USD"),
        _cost("OLD", "O1", 20, 100.01, "EUR"),  # the rate is ten days old
        _cost("OLD", "O2", 21, 200.00, "EUR"),  # eleven
        _cost("MEAN", "M1", 26, 100, "GBP"),
        _cost("MEAN", "M2", 26, 100, "USD", exchange_rate=7.0),  # the invoice states its own
        _cost("MEAN", "M3", 26, 650, "USD", original_amount=100),  # booked in yuan, the dollars beside it
        _cost("DOLLAR", "D1", 20, 400, "USD"),
        _cost("DOLLAR", "D2", 25, 710, "CNY"),
        _cost("FRANC", "F1", 20, 500),
        _cost("FOLD", "L1", 20, 10) | {"project": "Ｆold ", "wbs_code": "w 15", "module": "core"},
        _cost("FOLD", "L2", 20, 20) | {"wbs_code": "a 1", "module": "CORE "},
        _cost("P2025018", "N1", 20, 12_000),
        _cost("P2025018", "N2", 20, 300, "USD"),
    ]


def ledger() -> list[dict]:
    """BOOKS: the books' own amount counts, the dollars stand beside it."""
    line = {"period": "2026-02", "account_code": "5401.02", "account_name": "合同履约成本-设备", "project": "BOOKS"}
    line |= {"wbs_code": "1", "currency": "USD", "summary": "服务器", "booked_on": day(25, 2)}
    return [
        line | {"voucher_no": "记-1", "debit": 7_150, "original_amount": 1_000, "exchange_rate": 7.15},
        line | {"voucher_no": "记-2", "credit": 715, "original_amount": 100},  # a part goes back
    ]


def make_money(data_dir: DataDir) -> None:
    """Lands them and builds. Fills the folder for `made_once`."""
    from pipeline.refresh.refreshing import refresh

    keys = ("HAND", "OLD", "MEAN", "BOOKS", "FOLD", "P2025-018")
    listed = [project(key) for key in keys]
    land(data_dir, "projects", [*listed, project("DOLLAR", currency="USD"), project("FRANC", currency="CHF")])
    plans = [
        _planned("HAND", HAND_BUDGET, 0.5),
        _planned("OLD", 10_000, 0.5),
        _planned("MEAN", 4_000, 0.5),
        _planned("BOOKS", 12_870, 0.5),
        _planned("DOLLAR", 1_000, 0.5),
        _planned("FRANC", 1_000, 0.5),
        _planned("P2025-018", 1_000, 0.5),
    ]
    fold = {"project": "FOLD", "category": "labor", "period_start": day(1, 2), "planned_value": 100}
    budget = [plan for plan, _task in plans] + [
        fold | {"wbs_code": code, "module": module}
        for code, module in (("W-15", "Core"), ("A-1", "Core"), ("A1", "CORE"), ("1-1", "edge"), ("11", "edge"))
    ]
    land(data_dir, "budget", budget)
    land(data_dir, "schedule", [task for _plan, task in plans])
    land(data_dir, "costs", costs())
    land(data_dir, "ledger", ledger(), system="kingdee", covers=(day(1, 2), day(28, 2)))
    land(data_dir, "fx_rates", RATES)
    land(data_dir, "people", [{"person": "E-001", "project": "FOLD", "role": "dev"}])
    land(
        data_dir,
        "rates",
        [
            {"person": "E1", "valid_from": day(1, 1), "hourly_rate": 10, "currency": "USD"},
            {"person": "e001", "valid_from": day(1, 1), "hourly_rate": 50},
        ],
    )
    hours = {"project": "HAND", "person": "E1", "work_date": day(5), "hours": 8.0}
    land(
        data_dir,
        "worklogs",
        [
            hours | {"source_id": "W1"},
            hours | {"source_id": "W2", "project": "fold", "person": "Ｅ001", "wbs_code": "Ｗ１５", "module": "CORE "},
            hours | {"source_id": "W3", "project": "FOLD", "person": "E_001", "wbs_code": "1_1", "module": "Edge"},
        ],
    )
    contract = {"project": "HAND", "direction": "sales", "currency": "USD", "signed_on": day(26, 2)}
    supply = contract | {"contract_no": "C2", "direction": "purchase", "currency": "CNY", "amount_incl_tax": 1_000}
    sale = contract | {"contract_no": "C1", "amount_incl_tax": 1_130, "amount_excl_tax": 1_000}
    land(data_dir, "contracts", [sale, supply])
    node = {"contract_no": "C2", "node": "final", "planned_on": day(5)}
    land(data_dir, "payment_terms", [node | {"amount": 1_000}], batch="2")
    parts = [
        node | {"amount": amount, "received_on": day(on), "received_amount": amount}
        for amount, on in ((600, 6), (300, 7))
    ]
    land(data_dir, "payment_terms", [*parts, node | {"amount": 100}], batch="3")
    land(
        data_dir,
        "payment_terms",
        [{"contract_no": "C1", "node": "advance", "amount": 500, "planned_on": day(5), "received_on": day(20, 1)}
         | {"received_amount": 500}],
    )  # fmt: skip
    assert refresh(data_dir).status == "published"
