"""The sample shows every branch: each KPI has a value; each status, flag, edge and reason of the catalogue stands somewhere."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl
import pytest

from models.kpis.judging import judging_reason
from models.vocabulary import KpiStatus
from pipeline.catalogue.reading import read
from ui.kpis.readings import reason_words

# What a sensible sample cannot show, and why. What is named here and appears all the same fails.
KPIS_WITHOUT_VALUE: dict[str, str] = {}
_BUILT_ONCE = "compares with the build before, and the sample is built once"
FLAGS_NOT_SHOWN = {"is_restated": _BUILT_ONCE, "is_better_by_loss": _BUILT_ONCE}
EDGES_NOT_SHOWN: dict[tuple[str, str], str] = {}
REASONS_NOT_SHOWN: dict[str, str] = {}
# reasons that the models add to those of the catalogue, by what stands before the colon
OF_THE_MODELS = {"missing", "words", "rate_missing", "finished", "profile", "zero", "outdated", "other_basis"}
SEVERAL = 5


@pytest.fixture(scope="module")
def values(small_warehouse) -> pl.DataFrame:
    return small_warehouse.query("select * from kpi_values")


def test_every_kpi_has_a_value_in_some_project(small_warehouse, values):
    told = values.filter((pl.col("grain") == "project") & pl.col("value").is_not_null())["kpi_key"].unique()
    every = small_warehouse.query("select kpi_key from dim_kpis")["kpi_key"]
    assert set(every) - set(told) == set(KPIS_WITHOUT_VALUE)


def test_every_status_stands_in_some_project(values):
    assert set(values.filter(pl.col("grain") == "project")["status"].unique()) == {str(status) for status in KpiStatus}


def test_every_flag_is_raised_in_some_project(values):
    of_projects = values.filter(pl.col("grain") == "project")
    flags = [name for name, kind in values.schema.items() if kind == pl.Boolean]
    assert {"is_estimated", "is_provisional", "is_presumed_closed", "is_stale", "is_incomplete", "is_restated"} < set(
        flags
    )
    assert {name for name in flags if not of_projects[name].any()} == set(FLAGS_NOT_SHOWN)
    # and those that are no yes or no: rows finished before they start, members left out
    assert of_projects["reversed_items"].max() > 0
    assert of_projects["left_out"].list.len().max() > 0


@pytest.fixture(scope="module")
def reasons(small_warehouse, repository) -> dict[str, set]:
    """What the catalogue can give as a reason: (status, reason) of its edges, and the others by themselves."""
    edges, others = set(), set()
    for edge, *judging in small_warehouse.query(
        "select edge_sql, too_early_sql, unrated_sql from dim_kpis"
    ).iter_rows():
        edges |= {tuple(text.split(":")) for text in re.findall(r"then '([a-z_]+:[a-z_]+)'", edge or "")}
        others |= {text for sql in judging for text in re.findall(r"then '([a-z_]+:[a-z_]+)'", sql or "")}
    for kpi in read(repository / "dbt_project" / "catalogue").kpis.values():  # the only place of unknown_because
        others |= set(re.findall(r"then '([a-z_]+)'", kpi.unknown_because or ""))
    assert {"no_data", "not_applicable", "critical", "unrated"} == {status for status, _ in edges}
    assert {"mixed_element", "no_budget_of_kind", "negative_estimate", "net_amount", "few:items"} < others
    return {"edges": edges, "others": others}


def test_every_edge_of_the_catalogue_stands_somewhere(values, reasons):
    seen = set(values.select("status", "reason").unique().iter_rows())
    assert reasons["edges"] - seen == set(EDGES_NOT_SHOWN)


def test_every_other_reason_stands_somewhere(values, reasons):
    seen = set(values["reason"].drop_nulls().unique())
    heads = {reason.partition(":")[0] for reason in seen}
    every = reasons["others"] | OF_THE_MODELS
    assert every - seen - heads == set(REASONS_NOT_SHOWN)
    # and the other way round: nothing is given as a reason that nobody has named
    named = every | {reason for _, reason in reasons["edges"]}
    assert {reason for reason in seen if not {reason, reason.partition(":")[0]} & named} == set()


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_every_reason_of_the_sample_has_words(values, spoken):
    rows = values.filter(pl.col("reason").is_not_null()).unique("reason", keep="any")
    silent = {
        row["reason"]
        for row in rows.iter_rows(named=True)
        if not (reason_words(row, spoken) or judging_reason(row["reason"], spoken))
    }
    assert silent == {"zero:denominator"}  # the card says "no data" and shows the two terms


# ---- the branches of the files --------------------------------------------------------------------------------------


def test_one_budget_holds_hours(frames):
    """AI 客服: labor was budgeted at 197 CNY an hour, and 79 % of 4,800,000 is labor: 3,792,000 ÷ 197 = 19,249 h."""
    hours = frames["budget"].filter(pl.col("planned_hours").is_not_null())
    assert hours["project"].unique().to_list() == ["P2025-006"]
    assert hours["planned_value"].sum() == 3_792_000
    assert hours["planned_hours"].sum() == pytest.approx(3_792_000 / 197, abs=5)


def test_a_device_is_bought_in_dollars(frames, small_warehouse):
    """120,000 USD booked at 7.1958 = 863,496.00; budgeted at 7.18 = 861,600.00: 1,896.00 of exchange variance."""
    line = frames["ledger"].filter(pl.col("original_amount").is_not_null()).row(0, named=True)
    assert (line["currency"], float(line["original_amount"]), float(line["debit"])) == ("USD", 120_000, 863_496.00)
    variance = small_warehouse.query(
        "select exchange_variance from fct_costs where original_currency = 'USD' and kind = 'actual'"
    )
    assert float(variance.item()) == 1_896.00
    order = small_warehouse.query(
        "select amount from fct_costs where original_currency = 'USD' and kind = 'commitment'"
    )
    assert float(order.item()) == 120_000 * 7.2234  # the rate of Monday 11 August 2025, the day it was signed


def test_an_order_in_euros_waits_for_a_rate(small_warehouse):
    rows = small_warehouse.query("select project_key, amount, first_on from unconverted_totals where feed = 'costs'")
    assert [(key, float(amount), day) for key, amount, day in rows.rows()] == [
        ("P2025-006", 12_000, dt.date(2026, 11, 9))
    ]
    # the closed month is told, the month of the order is not
    found = small_warehouse.query(
        "select period_end, reason from kpi_values where kpi_key = 'cost_performance_index' and grain = 'project' "
        "and project_key = 'P2025-006' and period_kind = 'month' and period_end >= '2026-10-31' order by 1"
    )
    assert found["reason"].to_list() == [None, "rate_missing:EUR"]


def test_crews_are_paid_by_slips(frames):
    slips = frames["worklogs"].filter(pl.col("labor_type") == "day_labor")
    assert slips["slip_no"].null_count() == 0 and slips["slip_no"].n_unique() > 15
    assert slips["site"].n_unique() == 10
    unsigned = slips.filter(pl.col("signed_by").is_null())
    assert unsigned["slip_no"].n_unique() == 2
    assert unsigned["work_date"].min() > slips.filter(pl.col("signed_by").is_not_null())["work_date"].max()


def test_payables_receipts_in_parts_and_retention(frames):
    terms = frames["payment_terms"].join(frames["contracts"].select("contract_no", "direction"), on="contract_no")
    assert set(terms["direction"]) == {"sales", "purchase", "subcontract"}
    parts = terms.filter(pl.col("contract_no") == "HT-P2025-002-S01", pl.col("node") == "到货")
    # 30 % of 23,277,600.00 in three parts: half, three tenths, a fifth
    assert [float(amount) for amount in parts["received_amount"]] == [3_491_640.00, 2_094_984.00, 1_396_656.00]
    half_paid = terms.filter(pl.col("contract_no") == "HT-P2025-003-S01", pl.col("node") == "初验")
    assert half_paid["received_on"].is_null().to_list() == [False, True]
    totals = terms.group_by("contract_no").agg(pl.col("amount").sum(), pl.col("share").sum().round(6))
    told = totals.join(frames["contracts"], on="contract_no").filter(pl.col("amount") != pl.col("amount_incl_tax"))
    assert told.is_empty() and totals["share"].unique().to_list() == [1.0]
    retention = terms.filter(pl.col("node") == "质保")
    today = dt.date(2026, 11, 20)
    assert retention.filter(pl.col("received_on").is_not_null()).height > 0  # released
    assert retention.filter(pl.col("planned_on") > today).height > SEVERAL  # not due yet


def test_defects_are_reopened(frames):
    defects = frames["issues"].filter(pl.col("issue_type") == "defect")
    assert defects.filter(pl.col("reopened_count") > 0)["project"].n_unique() == 8
    assert set(defects.filter(pl.col("status").is_in(["Reopened", "重新打开"]))["project"]) >= {"GOV", "CRM", "ERP"}
    steps = frames["issue_changes"]
    again = steps.filter(pl.col("to_value") == "Reopened")
    told = defects.filter((pl.col("project") == "AIS") & (pl.col("reopened_count") > 0))
    assert sorted(again["issue_key"]) == sorted(told["issue_key"])
    moved = steps.join(defects, on="issue_key")
    assert moved.height > again.height
    assert moved.filter(pl.col("changed_at") > pl.col("updated_at")).is_empty()


def test_bottom_up_estimates(frames):
    estimates = frames["costs"].filter(pl.col("kind") == "forecast")
    assert set(estimates["project"]) == {"P2025-003", "P2025-007"}
    by_day = dict(
        estimates.filter(pl.col("project") == "P2025-003").group_by("booked_on").agg(pl.col("amount").sum()).iter_rows()
    )
    assert by_day[dt.date(2026, 6, 30)] < 0 < by_day[dt.date(2026, 7, 31)]


def test_a_half_month_close_a_data_date_in_mid_month_and_months_without_one(small_warehouse, frames):
    closed = small_warehouse.query(
        "select cost_closed_on, finance_closed_on from dim_projects where project_key = 'P2025-005'"
    )
    assert closed.row(0) == (dt.date(2026, 10, 15), dt.date(2026, 10, 15))
    days = frames["schedule"].filter(pl.col("project") == "P2025-002")["status_on"].unique()
    assert set(days.dt.day()) == {20}
    told = frames["schedule"].filter(pl.col("project") == "P2025-005")["status_on"].unique()
    assert told.filter(told.is_between(dt.date(2025, 12, 1), dt.date(2026, 3, 31))).sort().to_list() == [
        dt.date(2025, 12, 31),
        dt.date(2026, 3, 31),
    ]
    cpi = small_warehouse.query(
        "select project_key, value, valued_on from kpi_values where kpi_key = 'cost_performance_index' and is_current "
        "and period_kind = 'month' and grain = 'project' and is_estimated order by 1"
    )
    assert cpi["valued_on"].to_list() == [dt.date(2026, 10, 20), dt.date(2026, 9, 30)]
    # EV ÷ cost stays at the story's CPI, whatever day it is told at: 0.99 and 1.01
    assert cpi["value"].to_list() == [pytest.approx(0.99, abs=0.002), pytest.approx(1.01, abs=0.002)]


def test_a_plan_has_a_month_without_a_value(frames):
    """The shop freezes its systems for 11 November: nothing is planned in that month, and something in every other one."""
    planned = frames["budget"].filter(pl.col("project") == "P2025-008")["period_start"].unique()
    every = pl.date_range(dt.date(2024, 11, 1), dt.date(2026, 6, 1), "1mo", eager=True)
    assert set(every) - set(planned) == {dt.date(2025, 11, 1)}


def test_most_projects_tell_what_they_have_signed(small_warehouse):
    told = small_warehouse.query(
        "select count(distinct project_key) from kpi_values where kpi_key = 'commitment_rate' and value is not null "
        "and grain = 'project'"
    )
    assert told.item() >= SEVERAL
