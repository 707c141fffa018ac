"""Fault 11: decimal commas, thousands, full-width digits, spelled hours, negatives, long days, NaN: right, said or held."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import quarantined
from tests.ingest.exports import codes, landed_rows, load


def _costs(*amounts: str, delimiter: str = ",") -> str:
    head = delimiter.join(("Project", "Date", "Category", "Amount"))
    rows = [delimiter.join(("YB", "2026-03-02", "labor", f'"{amount}"')) for amount in amounts]
    return "\n".join([head, *rows]) + "\n"


def _amounts(data_dir: DataDir, content: str, **options) -> list[Decimal]:
    entry = load(data_dir, "costs.csv", content, feed="costs", **options)[0]
    assert entry["rows_quarantined"] == 0, entry["reasons"]
    return landed_rows(data_dir, entry).sort("source_row")["amount"].to_list()


def test_decimal_comma_in_a_comma_delimited_file(data_dir: DataDir) -> None:
    assert _amounts(data_dir, _costs("2.000,0", "1,5", "-3,25", "1.234.567,89")) == [
        Decimal("2000.00"), Decimal("1.50"), Decimal("-3.25"), Decimal("1234567.89"),
    ]  # fmt: skip


def test_thousands_separators(data_dir: DataDir) -> None:
    content = _costs("1,234.50", "12 345.00", "1'234.00", "1,234,567.8", "(1,234.50)", "100.00-", "￥1,000.00")
    assert _amounts(data_dir, content) == [
        Decimal("1234.50"), Decimal("12345.00"), Decimal("1234.00"), Decimal("1234567.80"), Decimal("-1234.50"),
        Decimal("-100.00"), Decimal("1000.00"),
    ]  # fmt: skip


def test_a_comma_before_three_digits_is_said_and_can_be_corrected(data_dir: DataDir) -> None:
    content = _costs("1,234", "5,678")
    entry = load(data_dir, "costs.csv", content, feed="costs", dry_run=True)[0]
    assert "ingest.thousands_assumed" in codes(entry)
    assert _amounts(data_dir, content, decimal=",") == [Decimal("1.23"), Decimal("5.68")]


def test_full_width_digits(data_dir: DataDir) -> None:
    assert _amounts(data_dir, _costs("１２３．５０", "－７", "１，０００．００")) == [
        Decimal("123.50"), Decimal("-7.00"), Decimal("1000.00"),
    ]  # fmt: skip


def test_hours_as_people_write_them(data_dir: DataDir) -> None:
    rows = ["8h 30m", "1:30", "2.5", "0:20:00", "8 小时 15 分钟", "1d"]
    content = "Date,Person,Project,Hours\n" + "".join(
        f"2026-03-{n:02},p101,YB,{text}\n" for n, text in enumerate(rows, 1)
    )
    entry = load(data_dir, "hours.csv", content)[0]
    assert entry["rows_quarantined"] == 0, entry["reasons"]
    assert landed_rows(data_dir, entry)["hours"].to_list() == [8.5, 1.5, 2.5, 20 / 60, 8.25, 8.0]


def test_more_than_a_day_and_less_than_nothing(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n2026-03-02,p101,YB,25\n2026-03-03,p101,YB,-1\n2026-03-04,p101,YB,24\n"
    entry = load(data_dir, "hours.csv", content)[0]
    held = quarantined(data_dir, entry["batch_id"])
    assert 2 in held["source_row"].to_list() or any("25" in str(reason) for reason in entry["reasons"])
    assert 3 in held["source_row"].to_list() or any("-1" in str(reason) for reason in entry["reasons"])
    assert 24.0 in landed_rows(data_dir, entry)["hours"].to_list()


@pytest.mark.parametrize(
    "text", ["NaN", "nan", "inf", "-Infinity", "1e999", "#REF!", "#DIV/0!", "twelve", "1.2.3", "1,2,3"]
)
def test_no_number_is_never_a_null(data_dir: DataDir, text: str) -> None:
    entry = load(data_dir, "costs.csv", _costs("10.00", text, "20.00"), feed="costs")[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 1)
    held = quarantined(data_dir, entry["batch_id"])
    assert held.select("source_row", "value").rows() == [(3, text)]
    assert landed_rows(data_dir, entry)["amount"].sum() == Decimal("30.00")


def test_percent_with_a_no_break_space(data_dir: DataDir) -> None:
    content = "Risk id,Project,Title,Status,Probability\nR1,YB,a,open,100\u00a0%\nR2,YB,b,open,12.5%\n"
    entry = load(data_dir, "risks.csv", content)[0]
    assert landed_rows(data_dir, entry)["probability"].to_list() == [1.0, 0.125]
