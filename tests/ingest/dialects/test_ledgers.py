"""One small export of each accounting system that is one YAML file, written by hand from public descriptions.

Expected values are worked out in the comments.
"""
# ruff: noqa: E501 (a line of an export is one line)

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.feeds.ledger.lines.shares import lines_of_shares
from tests.ingest.exports import codes, landed_rows, load

_LINE = ("source_row", "booked_on", "voucher_no", "account_code", "project", "debit", "credit")


def _march(day: int) -> dt.date:
    return dt.date(2026, 3, day)


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _lines(data_dir: DataDir, tool: str, text: str | bytes, columns: tuple[str, ...] = _LINE) -> list[tuple]:
    entry = load(data_dir, "export.csv", text)[0]
    rows = landed_rows(data_dir, entry).sort("source_row", maintain_order=True)
    assert (entry["system"], entry["feed"], entry["rows_quarantined"]) == (tool, "ledger", 0), entry["reasons"]
    return rows.select(columns).rows()


_EXTF = '"EXTF";700;21;"Buchungsstapel";12;20260405120000000;;"RE";"";"";10001;20001;{begins};4;20260301;20260331;"März";"AB";1;0;0;"EUR";;"";;;"{chart}";;;"";""\n'
_POSTINGS = (
    "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ Basis-Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;"
    "Belegfeld 1;Belegfeld 2;Skonto;Buchungstext;KOST1 - Kostenstelle;KOST2 - Kostenstelle\n"
    '1190,00;"H";"EUR";;;"";70001;4900;"9";0507;"R1";"";;"Entwurf";"Vertrieb";"YB"\n'
    '250,00;"S";"EUR";;;"";4900;1200;"";0103;"";"";;"Gebühr";"YB";""\n'
    '300,00;"S";"EUR";;;"";4900;4120;"";3006;"U1";"";;"Umbuchung";"";"YB"\n'
    '220,00;"H";"USD";1,1;200,00;"EUR";4900;1200;"";1503;"G1";"";;"Gutschrift";"";"YB"\n'
)


def test_datev(data_dir: DataDir) -> None:
    """The fiscal year begins on 1 July 2025, so July is of 2025 and March of 2026; 03 is the chart in which 1200 is the bank."""
    text = (_EXTF.format(begins=20250701, chart="03") + _POSTINGS).encode("cp1252")
    assert _lines(data_dir, "datev", text) == [
        # the supplier's account has five digits, so the cost account of the row counts: 1190 / 1.19 = 1000 on its other side
        (3, dt.date(2025, 7, 5), "R1", "4900", "YB", _money("1000.00"), None),
        # no number: the text stands for it; no second cost center: the first is the project
        (4, dt.date(2026, 3, 1), "Gebühr", "4900", "YB", _money("250.00"), None),
        # moved from one cost account to another: a line of each
        (5, dt.date(2026, 6, 30), "U1", "4900", "YB", _money("300.00"), None),
        (5, dt.date(2026, 6, 30), "U1", "4120", "YB", None, _money("300.00")),
        # 220 dollars are 200 euros, the currency of the books
        (6, dt.date(2026, 3, 15), "G1", "4900", "YB", None, _money("200.00")),
    ]
    entry = load(data_dir, "again.csv", text + b"\n")[0]
    assert {reason["code"]: reason["details"] for reason in entry["reasons"]}["ingest.tax_taken_out"] == {"rows": 1}


def test_datev_of_another_chart(data_dir: DataDir) -> None:
    """No chart is named: only accounts of persons are known to bear no cost, so the bank has a line too; the mapping decides."""
    text = (_EXTF.format(begins=20260101, chart="").replace("EXTF", "DTVF") + _POSTINGS).encode("cp1252")
    lines = [(line[0], line[3]) for line in _lines(data_dir, "datev", text)]
    assert lines == [(3, "4900"), (4, "4900"), (4, "1200"), (5, "4900"), (5, "4120"), (6, "4900"), (6, "1200")]


def test_datev_without_the_line_that_names_the_year(data_dir: DataDir) -> None:
    entry = load(data_dir, "export.csv", _POSTINGS.encode("cp1252"))[0]
    assert codes(entry) == ["ingest.days_without_year"]
    assert (
        entry["reasons"][0]["details"] | {"column": "Belegdatum", "opens_with": "EXTF / DTVF"}
        == entry["reasons"][0]["details"]
    )


_ACCOUNTS = """Line item display

|CoCd|G/L Account|Document Number|Posting Date|Posting Key|Amount in Local Currency|Local Currency|Text|WBS Element|Cost Center|
|1000|476000|1900000001|02.03.2026|40|1.234,56 |EUR|Consulting|P-100.1|4711|
|1000|476000|1700000002|13.03.2026|50|500,00-|EUR|Credit memo|P-100.1|4711|
|*|476000||||734,56 |EUR||||
"""
_PROJECTS = """Kostenart;Kostenartenbezeichn.;Belegnummer;Buchungsdatum;Wert/KWähr;Projektdefinition;PSP-Element;Bezeichnung;Periode;Geschäftsjahr
476000;Beratung;100001;31.03.2026;2.000,00;P-100;P-100.1;Beratung März;3;2026
476000;Beratung;100002;31.03.2026;250,50-;P-100;P-100.1;Storno;3;2026
;;;;1.749,50;;;;;
"""


def test_sap_line_items_of_accounts(data_dir: DataDir) -> None:
    """A minus behind the number is a credit; the row of the sum names an account and no document."""
    assert _lines(data_dir, "sap", _ACCOUNTS, (*_LINE, "wbs_code", "currency")) == [
        (4, _march(2), "1900000001", "476000", None, _money("1234.56"), None, "P-100.1", "EUR"),
        (5, _march(13), "1700000002", "476000", None, None, _money("500.00"), "P-100.1", "EUR"),
    ]


def test_sap_line_items_of_projects_in_german(data_dir: DataDir) -> None:
    assert _lines(data_dir, "sap", _PROJECTS.encode("cp1252"), (*_LINE, "account_name")) == [
        (2, _march(31), "100001", "476000", "P-100", _money("2000.00"), None, "Beratung"),
        (3, _march(31), "100002", "476000", "P-100", None, _money("250.50"), "Beratung"),
    ]


_ITEMS = """Date,Journal Entry,Account,Partner,Label,Analytic Distribution,Debit,Credit,Balance
2026-03-02,BILL/0001,600000 Subcontracting,Ada One,Design,"{""12"": 60.0, ""14"": 30.0}",1000.01,0.00,1000.01
2026-03-02,BILL/0001,400000 Payables,Ada One,,,0.00,1000.01,-1000.01
2026-03-13,BILL/0002,600000 Subcontracting,Ben Two,Build,"{""12"": 100.0}",99.99,0.00,99.99
"""
_FIELDS = """date,move_name,account_id,partner_id,name,analytic_distribution,balance
2026-03-13,BILL/0002,600000 Subcontracting,Ben Two,Build,,-99.99
"""


def test_odoo(data_dir: DataDir) -> None:
    """60 percent of 1000.01 are 600.01; 90 percent 900.01, so that 300.00 are the second's; nobody's are the other 100.00."""
    zero = _money("0.00")
    assert _lines(data_dir, "odoo", _ITEMS) == [
        (2, _march(2), "BILL/0001", "600000", "12", _money("600.01"), zero),
        (2, _march(2), "BILL/0001", "600000", "14", _money("300.00"), zero),
        (2, _march(2), "BILL/0001", "600000", None, _money("100.00"), zero),
        (3, _march(2), "BILL/0001", "400000", None, zero, _money("1000.01")),
        (4, _march(13), "BILL/0002", "600000", "12", _money("99.99"), zero),
    ]


def test_odoo_with_the_names_of_fields(data_dir: DataDir) -> None:
    assert _lines(data_dir, "odoo", _FIELDS) == [(2, _march(13), "BILL/0002", "600000", None, None, _money("99.99"))]


@pytest.mark.parametrize("cell", ["{x}", '{"12": 0}', '{"12": 70, "14": 40}', "{}"])
def test_shares_that_are_none_stay_one_line(cell: str) -> None:
    rows = pl.DataFrame({"project": [cell], "debit": ["10"], "source_row": [2]})
    assert lines_of_shares(rows).rows() == [(cell, "10", 2)]


_GENERAL_LEDGER = """Harbor LLC,,,,,,,,
General Ledger,,,,,,,,
"March 1 - 31, 2026",,,,,,,,

,Date,Transaction Type,Num,Name,Memo/Description,Split,Amount,Balance
5012 Subcontractors,,,,,,,,
,Beginning Balance,,,,,,,"5,000.00"
,03/02/2026,Bill,91,Ada One,Design,Accounts Payable,"1,200.00","6,200.00"
,03/13/2026,Vendor Credit,,Ada One,Return,Accounts Payable,-200.00,"6,000.00"
Total for 5012 Subcontractors,,,,,,,"$1,000.00",
Travel,,,,,,,,
,03/20/2026,Expense,,Ben Two,Train,Checking,80.50,80.50
Total for Travel,,,,,,,$80.50,
TOTAL,,,,,,,"$1,080.50",
"""
_JOURNAL = """Journal,,,,,,,
Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit
03/02/2026,Bill,91,Ada One,Design,Subcontractors,"1,200.00",
,,,,,Accounts Payable,,"1,200.00"
,,,,,,"$1,200.00","$1,200.00"
03/20/2026,Expense,,Ben Two,Train,Travel,80.50,
,,,,,Checking,,80.50
,,,,,,$80.50,$80.50
"""


def test_quickbooks_general_ledger(data_dir: DataDir) -> None:
    assert _lines(data_dir, "quickbooks", _GENERAL_LEDGER, (*_LINE, "account_name")) == [
        (8, _march(2), "91", "5012", None, _money("1200.00"), None, "Subcontractors"),
        (9, _march(13), "Vendor Credit", "5012", None, None, _money("200.00"), "Subcontractors"),
        (12, _march(20), "Expense", "Travel", None, _money("80.50"), None, "Travel"),
    ]
    entry = load(data_dir, "again.csv", _GENERAL_LEDGER + "\n")[0]
    rules = {row["line"]: row["rule"] for row in entry["left_out"] if row["line"] > 5}
    assert rules == {
        6: "account_line", 7: "ledger_total", 10: "ledger_total", 11: "account_line", 13: "ledger_total", 14: "total_row",
    }  # fmt: skip


def test_quickbooks_journal(data_dir: DataDir) -> None:
    """Day and number stand on a voucher's first line; its sums name no account."""
    assert _lines(data_dir, "quickbooks", _JOURNAL) == [
        (3, _march(2), "91", "Subcontractors", None, _money("1200.00"), None),
        (4, _march(2), "91", "Accounts Payable", None, None, _money("1200.00")),
        (6, _march(20), "Expense", "Travel", None, _money("80.50"), None),
        (7, _march(20), "Expense", "Checking", None, None, _money("80.50")),
    ]


@pytest.mark.parametrize(
    ("text", "feed"),
    [
        (",Date,Document no,Project code,Cost category,Amount\n0,2026-03-02,17,YB,travel,80.50\n", "costs"),
        (",Date,Voucher no,Account,Debit,Credit\n0,2026-03-02,17,5401,80.50,\n1,2026-03-02,17,1002,,80.50\n", "ledger"),
    ],
)
def test_a_column_without_a_name_is_no_account_of_other_lists(data_dir: DataDir, text: str, feed: str) -> None:
    entry = load(data_dir, "list.csv", text)[0]
    assert (entry["feed"], entry["rows_left_out"]) == (feed, 0) and entry["system"] != "quickbooks"
    assert "" not in entry["columns_mapped"]


_SPLITS = """Date,Transaction ID,Number,Description,Notes,Commodity/Currency,Void Reason,Action,Memo,Full Account Name,Account Name,Amount With Sym,Amount Num.,Value With Sym,Value Num.,Reconcile,Reconcile Date,Rate/Price
2026-03-02,3dda6469,,Train,,CURRENCY::EUR,,,,Expenses:Travel,Travel,€80.50,80.50,€80.50,80.50,n,,1.00
,,,,,,,,,Assets:Bank,Bank,€-80.50,-80.50,€-80.50,-80.50,n,,1.00
2026-03-13,0682292e,17,Refund,,CURRENCY::EUR,,,,Expenses:Travel,Travel,€-20.00,-20.00,€-20.00,-20.00,n,,1.00
,,,,,,,,,Assets:Bank,Bank,€20.00,20.00,€20.00,20.00,n,,1.00
"""


def test_gnucash(data_dir: DataDir) -> None:
    assert _lines(data_dir, "gnucash", _SPLITS) == [
        (2, _march(2), "3dda6469", "Expenses:Travel", None, _money("80.50"), None),
        (3, _march(2), "3dda6469", "Assets:Bank", None, None, _money("80.50")),
        (4, _march(13), "17", "Expenses:Travel", None, None, _money("20.00")),
        (5, _march(13), "17", "Assets:Bank", None, _money("20.00"), None),
    ]


_PLAN = """ID,Name,Begin date,End date,Duration,Completion,Coordinator,Predecessors,Outline number,Resources,Assignments,Task color,Web Link,Notes,Cost
0,Design,02/03/2026,13/03/2026,10,100,,,1,Ada One,0:100.00,#8cb6ce,,,1200
1,Build,16/03/2026,27/03/2026,10,40,,0-FS=P2D,2,Ben Two,1:100.00,#8cb6ce,,,0

ID,Name,Default role,e-mail,Phone,Standard rate,Total cost,Total load
0,Ada One,Default:0,,,0,0,10.00
1,Ben Two,Default:0,,,0,0,10.00
"""


def test_ganttproject(data_dir: DataDir) -> None:
    entry = load(data_dir, "plan.csv", _PLAN, project="YB")[0]
    rows = landed_rows(data_dir, entry).sort("source_row")
    columns = ("task_id", "wbs_code", "forecast_start", "forecast_finish", "percent_complete", "planned_cost")
    assert (entry["system"], entry["feed"]) == ("ganttproject", "schedule")
    assert rows.select(columns).rows() == [
        ("0", "1", _march(2), _march(13), 1.0, _money("1200.00")),
        ("1", "2", _march(16), _march(27), 0.4, _money("0.00")),
    ]
    assert rows["predecessors"].to_list()[1] == ["0FS+2d"]
    assert {row["rule"] for row in entry["left_out"]} == {"second_table"}
