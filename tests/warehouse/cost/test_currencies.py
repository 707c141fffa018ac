"""Money of several currencies, worked out by hand (see tests/warehouse/cost/money.py)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.cost.cells import budget_and_cost, cost_by_vendor, cost_lines
from models.cost.series import earned_value
from models.evidence.rows import evidence
from models.kpis.values import kpi_row
from models.reference.currencies import currency_of, exchange_variance, unconverted
from models.reference.matching import near_unallocated, written_alike
from pipeline.cli.explaining import explanation, explanation_in_words
from tests.warehouse.cost.money import make_money

FEBRUARY = dt.date(2026, 2, 28)
CPI = "cost_performance_index"


@pytest.fixture(scope="module")
def money(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("money", make_money)))


def _value(money: Snapshot, *projects: str, kpi: str = CPI) -> dict:
    return kpi_row(money, Selection(projects=projects, period_end=FEBRUARY), kpi)


def _lines(money: Snapshot, project: str) -> dict[str, tuple]:
    rows = money.query(
        "select document_no, amount, currency, original_amount, original_currency, exchange_rate, exchange_variance "
        "from fct_costs where project_key = $project and document_no is not null",
        {"project": project},
    )
    return {row[0]: row[1:] for row in rows.iter_rows()}


def test_a_foreign_cost_counts_at_the_rate_of_its_day(money):
    # added up as if it were yuan: 16,486,830 / 16,800,000 = 0.981, and nobody notices
    # at 7.10 it is 16,486,830 / (16,650,000 + 150,000 x 7.10) = 16,486,830 / 17,715,000 = 0.9307: a warning
    value = _value(money, "HAND")
    assert (round(value["value"], 4), value["status"], value["denominator"]) == (0.9307, "warning", 17_715_000)
    assert round(16_486_830 / 16_650_000, 3) == 0.990  # what it was before the line came


def test_each_line_is_rounded_once_and_carries_what_it_was(money):
    lines = _lines(money, "OLD")
    # 100.01 x 8.00 = 800.08, at a rate that is ten days old; one more day, and it is unknown
    assert lines["O1"][:5] == (Decimal("800.08"), "CNY", Decimal("100.01"), "EUR", Decimal(8))
    assert lines["O2"][:5] == (None, "CNY", Decimal("200.00"), "EUR", None)
    mean = _lines(money, "MEAN")
    assert mean["M1"][0] == Decimal("950.00")  # no spot rate: the average of its month, 100 x 9.50
    assert mean["M2"][0] == Decimal("700.00")  # the invoice's own 7.00 goes before any list
    assert mean["M3"][0] == Decimal("650.00")  # booked beside the dollars: never converted again


def test_without_a_rate_the_line_is_in_no_sum_and_money_kpis_name_the_currency(money):
    for kpi in (CPI, "cost_variance", "estimate_at_completion", "budget_consumption"):
        value = _value(money, "OLD", kpi=kpi)
        assert (value["value"], value["status"], value["reason"]) == (None, "no_data", "rate_missing:EUR")
    assert _value(money, "OLD", kpi="percent_complete")["value"] == 0.5  # no cost in it: 5,000 of 10,000
    # before its day everything is known: the week to 15 February has no cost at all, so CPI has none either
    told = unconverted(money, ["OLD"]).select("feed", "currency", "rows", "amount", "first_on").rows()
    assert told == [("costs", "EUR", 1, Decimal("200.00"), dt.date(2026, 2, 21))]
    together = _value(money, "HAND", "OLD")
    assert together["left_out"] == ["OLD"] and round(together["value"], 4) == 0.9307
    assert earned_value(money, Selection(projects=("OLD",))).at_completion is None


def test_a_ledger_counts_as_booked_and_the_rate_has_a_line_of_its_own(money):
    # 7,150 - 715 = 6,435 as booked, and 12,870 x 50 % earned: 1.00
    assert _value(money, "BOOKS")["value"] == 1.0
    assert _lines(money, "BOOKS")["记-2"] == (
        Decimal("-715.00"),
        "CNY",
        Decimal("-100.00"),
        "USD",
        Decimal("7.15"),
        -25,
    )
    rows = exchange_variance(money, ["BOOKS", "HAND", "MEAN"], FEBRUARY)
    assert rows.select("project_key", "exchange_variance", "lines", "without_budget_rate").rows() == [
        ("BOOKS", 225.0, 2, 0),  # 6,435 - 900 x 6.90
        ("HAND", 30_000.0, 1, 0),  # 150,000 x (7.10 - 6.90)
        ("MEAN", -30.0, 2, 1),  # 700 - 690 and 650 - 690; nobody planned with pounds
    ]


def test_budget_stays_where_it_was_frozen(money):
    assert _value(money, "HAND", kpi="percent_complete")["denominator"] == 32_973_660


def test_hours_at_a_foreign_rate_are_converted_on_their_day(money):
    row = money.query("select amount, original_amount, exchange_rate from fct_costs where cost_source = 'timesheets' "
                      "and project_key = 'HAND'").row(0)  # fmt: skip
    assert row == (Decimal("576.00"), Decimal("80.00"), Decimal("7.2"))  # 8 h x 10 USD at 720 for a hundred


def test_contracts_and_payment_terms_are_put_in_the_projects_currency(money):
    contract = money.query("select currency, amount_excl_tax, net_amount, exchange_rate from fct_contracts "
                           "where contract_no = 'C1'").row(0)  # fmt: skip
    assert contract == ("USD", Decimal("1000.00"), Decimal("7100.00"), Decimal("7.1"))
    term = money.query("select amount, project_amount, received_amount, project_received_amount from fct_payment_terms "
                       "where contract_no = 'C1'")  # fmt: skip
    # 500 x 7.20 planned in March; what came in January has no rate, and is named
    assert term.row(0) == (500, Decimal("3600.00"), 500, None)
    assert unconverted(money, ["HAND"]).select("feed", "currency", "amount").rows() == [("payment_terms", "USD", 500)]


def test_a_payment_node_in_parts_counts_as_its_newest_batch_tells_it(money):
    """1,000 planned in the older batch; the newer one splits them into 600 and 300 received, and 100 open."""
    parts = money.query(
        "select amount, received_on, received_amount from fct_payment_terms where contract_no = 'C2' order by 1"
    )
    assert parts["amount"].to_list() == [100, 300, 600]
    assert parts["received_amount"].to_list() == [None, 300, 600]


def test_each_project_in_its_own_and_the_portfolio_in_the_reporting_currency(money):
    dollar = _value(money, "DOLLAR")
    # 400 USD + 710 CNY / 7.10 = 500 USD, and 500 of 1,000 earned
    assert (dollar["value"], dollar["denominator"], dollar["currency"]) == (1.0, 500, "USD")
    whole = kpi_row(money, Selection(period_end=FEBRUARY), CPI)
    # HAND 17,715,000, MEAN 2,300, BOOKS 6,435, DOLLAR 500 x 7.10 = 3,550; no rate of CHF, no rate for OLD
    assert (whole["denominator"], whole["currency"]) == (17_727_285, "CNY")
    assert whole["numerator"] == 16_486_830 + 2_000 + 6_435 + 3_550
    assert {"FRANC", "OLD"} <= set(whole["left_out"]) and "DOLLAR" not in whole["left_out"]


def test_a_choice_never_mixes_currencies_in_one_ratio(money):
    both = _value(money, "DOLLAR", "BOOKS")
    assert (both["numerator"], both["denominator"], both["currency"]) == (9_985, 9_985, "CNY")  # 6,435 + 3,550
    alone = _value(money, "DOLLAR", "FRANC")
    assert (alone["denominator"], alone["left_out"]) == (3_550, ["FRANC"])
    chosen = Selection(projects=("DOLLAR", "BOOKS"), period_end=FEBRUARY)
    cells = budget_and_cost(money, chosen, "project_key", "phase").select("project_key", "budget", "actual").rows()
    assert cells == [("BOOKS", 12_870, 6_435), ("DOLLAR", 7_100, 3_550)]
    assert cost_by_vendor(money, chosen)["actual"].sum() == 9_985  # 6,435 + 3,550
    curve = earned_value(money, chosen)
    # BAC 12,870 + 7,100, half of it earned, and as much spent
    assert (curve.currency, curve.budget) == ("CNY", pytest.approx(19_970))
    assert curve.at_completion.cost_performance_index.value == pytest.approx(1.0)
    assert currency_of(money, ["DOLLAR"]) == "USD"
    assert earned_value(money, Selection(projects=("DOLLAR",), period_end=FEBRUARY)).currency == "USD"


def test_evidence_shows_the_original_amount_and_the_line_of_the_rate(money):
    rows = evidence(money, CPI, Selection(projects=("HAND",), period_end=FEBRUARY)).filter(
        measure_key="actual_cost", row_key="H2"
    )
    columns = ("amount", "original_amount", "original_currency", "exchange_rate", "rate_file", "rate_row", "source_row")
    assert rows.select(columns).rows() == [(1_065_000, 150_000, "USD", 7.1, "fx_rates-1.csv", 2, 3)]
    lines = cost_lines(money, Selection(projects=("OLD",), period_end=FEBRUARY), {})
    assert lines.select("document_no", "amount", "original_amount").rows() == [
        ("O2", None, 200),
        ("O1", Decimal("800.08"), Decimal("100.01")),
    ]


def test_explain_names_what_is_unconverted(money):
    told = explanation(money, CPI, "OLD", FEBRUARY, rows=10)
    assert (told.value, told.reason) == (None, "rate_missing:EUR")
    assert "unconverted: 200.00 EUR (costs, 1 rows), rate of EUR missing" in explanation_in_words(told, 10)


def test_what_lies_unallocated_stays_in_its_currency_and_is_told_on_the_project_it_may_belong_to(money):
    rows = money.query("select external_code, rows, amount, unit from unallocated_totals order by unit").rows()
    assert rows == [("P2025018", 1, 12_000.0, "CNY"), ("P2025018", 1, 300.0, "USD")]
    near = near_unallocated(money)
    assert [(cost["code"], cost["amount"], cost["currency"]) for cost in near["P2025-018"]] == [
        ("P2025018", 12_000.0, "CNY"),
        ("P2025018", 300.0, "USD"),
    ]
    assert list(near) == ["P2025-018"]
    words = explanation_in_words(explanation(money, CPI, "P2025-018", FEBRUARY, rows=10), 10)
    assert "12,000.00 CNY lies unallocated under P2025018" in words


def test_codes_modules_and_people_meet_as_people_write_them(money):
    costs = money.query("select document_no, wbs_code, module from fct_costs where document_no like 'L%' order by 1")
    # w 15 is the budget's W-15; `a 1` could be A-1 or A1, and the budget has both: it stays itself
    assert costs.rows() == [("L1", "W-15", "Core"), ("L2", "a 1", "Core")]
    hours = money.query("select row_key, project_key, wbs_code, module, person from fct_worklogs order by 1").rows()
    assert hours[1:] == [("W2", "FOLD", "W-15", "Core", "E-001"), ("W3", "FOLD", "1-1", "edge", "E-001")]
    # the rate of e001 is that of E-001: 8 h x 50
    sums = money.query("select amount from fct_costs where project_key = 'FOLD' and cost_source = 'timesheets'")
    assert sums["amount"].to_list() == [400, 400]
    unknown = money.query("select external_code from unmatched_codes where project_key = 'FOLD'")
    assert unknown["external_code"].to_list() == ["a 1"]
    assert written_alike(money) == [("wbs", "FOLD", ("A-1", "A1"))]
