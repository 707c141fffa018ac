"""The rules of each feed: readable, told apart, judged, and reported with how they came out."""

from __future__ import annotations

import datetime as dt
import string

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from models.feeds import FEEDS
from pipeline import ingest
from pipeline.ingest.checks.cross_row_rules import judged_together
from pipeline.ingest.checks.expectations import RuleSeverity, expectations, feed_rules
from pipeline.ingest.checks.judge import checks_for
from tests.ingest.exports import TIMESHEET, codes, load

TODAY = dt.date(2026, 3, 1)
BLANKS = {"column", "columns", "other_column", "key", "low", "high"}


def check(entry: dict, code: str, column: str) -> dict:
    return next(told for told in entry["checks"] if (told["code"], told["column"]) == (code, column))


def flagged(feed: str, **columns: list) -> list[tuple[str, int]]:
    rows = pl.DataFrame(columns)
    rows = rows.with_columns(source_row=pl.int_range(2, rows.height + 2, dtype=pl.Int64))
    checked = checks_for(feed, TODAY).run(rows, "file.csv")
    return [(failure.rule.code, failure.source_row) for failure in checked.flagged]


@pytest.mark.parametrize("feed", FEEDS)
def test_rules_are_told_apart_and_read_without_values(feed: str) -> None:
    rules = feed_rules(feed, TODAY)
    assert len({(rule.code, rule.column) for rule in rules}) == len(rules)
    assert {rule.severity for rule in rules} >= {RuleSeverity.REFUSES, RuleSeverity.HOLDS}
    for rule in rules:
        blanks = {name for _, name, _, _ in string.Formatter().parse(rule.template) if name}
        assert blanks <= BLANKS and blanks <= set(rule.details), rule
        assert rule.template.endswith(".")


@pytest.mark.parametrize("feed", FEEDS)
def test_every_judged_rule_is_one_that_is_shown(feed: str) -> None:
    shown = {(rule.code, rule.column) for rule in ingest.expected_of(feed)}
    judged = {(rule.code, rule.column) for rule in expectations(feed, TODAY)}
    assert judged <= shown
    assert bool(judged) == (feed != "account_mapping")  # its columns are text, any of which may be said


def test_the_report_says_how_each_rule_came_out(data_dir: DataDir) -> None:
    content = TIMESHEET + "2026-03-04,p101,YB,25\n2026-03-04,p101,YB,\n2026-03-04,p101\nsoon,p101,YB,8\n"
    entry = load(data_dir, "hours.csv", content)[0]
    assert [(told["code"], told["column"]) for told in entry["checks"]] == [
        (told.code, told.column) for told in ingest.expected_of("worklogs")
    ]
    hours = check(entry, "ingest.hours_out_of_range", "hours")  # four rows came so far, one of them too long
    assert hours == {
        "code": "ingest.hours_out_of_range",
        "column": "hours",
        "severity": "hold",
        "rows_checked": 4,
        "rows_failed": 1,
        "first_line": 5,
    }
    assert check(entry, "ingest.value_missing", "hours")["first_line"] == 6
    assert check(entry, "ingest.ragged_row", "")["first_line"] == 7
    assert check(entry, "ingest.unreadable_cell", "")["first_line"] == 8
    assert check(entry, "ingest.no_rows", "")["rows_checked"] == 7
    assert ingest.batches(data_dir)[0].as_json()["report"]["checks"] == entry["checks"]


def test_rows_that_contradict_each_other(data_dir: DataDir) -> None:
    content = "Person,From,Hourly rate\np1,2026-01-01,100\np1,2026-01-01,120\n"
    entry = load(
        data_dir,
        "rates.csv",
        content,
        feed="rates",
        mapping={"Person": "person", "From": "valid_from", "Hourly rate": "hourly_rate"},
    )[0]
    assert check(entry, "ingest.repeated_key", "person, role, vendor, valid_from")["rows_failed"] == 1


# ---- rules about a row ----------------------------------------------------------------------------------------------


def test_today_is_not_the_future_and_an_instant_of_today_in_any_zone() -> None:
    days = [dt.date(2026, 3, 1), dt.date(2026, 3, 2)]
    assert flagged("worklogs", work_date=days, hours=[8.0, 8.0]) == [("ingest.in_the_future", 3)]
    # 1 March ends at 12:00 UTC of 2 March on the last island.
    moments = [dt.datetime(2026, 3, 2, 11, 59), dt.datetime(2026, 3, 2, 12)]
    assert flagged("issues", issue_key=["A-1", "A-2"], created_at=moments) == [("ingest.in_the_future", 3)]


def test_the_reason_names_the_column_that_lies_ahead() -> None:
    rows = pl.DataFrame(
        {
            "issue_key": ["A-1"],
            "created_at": [dt.datetime(2026, 1, 1)],
            "closed_at": [dt.datetime(2026, 5, 1)],
            "source_row": [2],
        }
    )
    failure = checks_for("issues", TODAY).run(rows, "i.csv").flagged[0]
    assert (failure.details["column"], failure.details["value"]) == ("closed_at", "2026-05-01 00:00")


def test_debit_and_credit_in_one_line() -> None:
    found = flagged(
        "ledger",
        period=["2026-01"] * 3,
        voucher_no=["1"] * 3,
        booked_on=[dt.date(2026, 1, 31)] * 3,
        account_code=["5401"] * 3,
        debit=[100, 100, 0],
        credit=[None, 100, 50],
    )
    assert found == [("ingest.both_sides", 3)]


def test_a_finished_task_is_complete() -> None:
    found = flagged(
        "schedule",
        project=["YB"] * 4,
        task_id=["1", "2", "3", "4"],
        name=["a", "b", "c", "d"],
        percent_complete=[1.0, 0.9, 0.9, None],
        actual_finish=[dt.date(2026, 2, 1), dt.date(2026, 2, 1), None, dt.date(2026, 2, 1)],
    )
    assert found == [("ingest.finished_incomplete", 3)]


def test_amounts_that_are_taken_back_are_said() -> None:
    found = flagged(
        "budget",
        project=["YB"] * 2,
        wbs_code=["1", "2"],
        period_start=[dt.date(2026, 1, 1)] * 2,
        planned_value=[100, -20],
    )
    assert found == [("ingest.below_zero", 3)]


def test_tax_cannot_be_negative() -> None:
    rows = pl.DataFrame(
        {
            "contract_no": ["C1", "C2"],
            "project": ["P", "P"],
            "direction": ["sales", "sales"],
            "amount_incl_tax": [106, 100],
            "amount_excl_tax": [100, 106],
            "source_row": [2, 3],
        }
    )
    held = checks_for("contracts", TODAY).run(rows, "c.csv").held
    assert [(failure.source_row, failure.rule.code) for failure in held] == [(3, "ingest.tax_below_zero")]


def test_balances_close() -> None:
    found = flagged(
        "account_balances",
        period=["2026-01"] * 3,
        account_code=["1001", "2202", "5401"],
        opening_debit=[100, None, 0],
        opening_credit=[None, 80, 0],
        debit=[50, 30, 10],
        credit=[20, 10, 0],
        closing_debit=[130, None, 12],  # 100 + 50 - 20; 0 + 10 - 0 is 10
        closing_credit=[None, 60, None],  # 80 - 30 + 10
    )
    assert found == [("ingest.balance_does_not_close", 4)]


# ---- rules about rows together --------------------------------------------------------------------------------------


def together(tmp_path, feed: str, rows: list[dict]) -> dict[str, tuple]:
    """{code: (checked, failed, first line)}"""
    frame = pl.DataFrame(
        [row | {"source_row": line} for line, row in enumerate(rows, start=2)], schema_overrides=FEEDS[feed].schema()
    )
    absent = [
        pl.lit(None, kind).alias(name) for name, kind in FEEDS[feed].schema().items() if name not in frame.columns
    ]
    path = tmp_path / "rows.parquet"
    frame.with_columns(absent).write_parquet(path)
    return {
        told.rule.code: (told.checked, told.failed, told.first["line"] if told.failed else None)
        for told in judged_together(feed, path)
    }


def test_nobody_has_more_than_a_day(tmp_path) -> None:
    day, next_day = dt.date(2026, 3, 2), dt.date(2026, 3, 3)
    rows = [
        {"person": "p1", "work_date": day, "hours": 16.0},
        {"person": "p2", "work_date": day, "hours": 12.0},
        {"person": "p1", "work_date": day, "hours": 9.0},  # 25 h
        {"person": "p2", "work_date": day, "hours": 12.0},  # 24 h
        {"person": "p1", "work_date": next_day, "hours": 9.0},
    ]
    assert together(tmp_path, "worklogs", rows) == {"ingest.more_than_a_day": (3, 1, 2)}


def test_shares_of_a_contract_are_whole(tmp_path) -> None:
    rows = [{"contract_no": "C1", "share": share} for share in (0.3, 0.6, 0.1)]
    rows += [{"contract_no": "C2", "share": share} for share in (0.3, 0.6)]
    rows += [{"contract_no": "C3", "share": share} for share in (0.3, None)]  # partly in amounts: nothing to add up
    assert together(tmp_path, "payment_terms", rows) == {"ingest.shares_not_whole": (2, 1, 5)}


def test_allocations_at_one_time(tmp_path) -> None:
    def at(person: str, share: float, first: str, last: str | None) -> dict:
        day = dt.date.fromisoformat
        valid = {"valid_from": day(first), "valid_to": day(last) if last else None}
        return {"person": person, "allocation_share": share, **valid}

    rows = [
        at("p1", 0.6, "2026-01-01", "2026-03-31"),
        at("p1", 0.6, "2026-04-01", None),
        at("p2", 0.6, "2026-01-01", None),
        at("p2", 0.5, "2026-02-01", None),  # 110 % from February on
    ]
    assert together(tmp_path, "people", rows) == {"ingest.over_allocated": (2, 1, 5)}


def test_one_rate_at_a_time(tmp_path) -> None:
    day = dt.date(2026, 1, 1)
    rows = [
        {"person": "p1", "role": "dev", "valid_from": day, "hourly_rate": 100},
        {"person": "p1", "role": "test", "valid_from": day, "hourly_rate": 120},
        {"person": None, "role": "dev", "valid_from": day, "hourly_rate": 100},
        {"person": None, "role": "test", "valid_from": day, "hourly_rate": 120},
    ]
    assert together(tmp_path, "rates", rows) == {"ingest.two_rates": (3, 1, 2)}


def test_hours_that_were_entered_twice_are_said(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n" + "2026-03-02,p1,YB,9\n" * 3
    entry = load(data_dir, "hours.csv", content)[0]
    assert entry["status"] == "landed" and "ingest.more_than_a_day" in codes(entry)
    reason = next(told for told in entry["reasons"] if told["code"] == "ingest.more_than_a_day")
    assert (reason["details"]["value"], reason["details"]["person"], reason["details"]["line"]) == ("27", "p1", 2)
    assert check(entry, "ingest.more_than_a_day", "hours")["rows_failed"] == 1
