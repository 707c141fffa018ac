"""Fault 9: a preamble, a second header row, total rows and a footer are left out by rule, counted and shown."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import quarantined
from tests.faults.contents.ingest_rule import hours_landed
from tests.ingest.exports import landed_rows, load

ROWS = "2026-03-02,张三,医保,8\n2026-03-03,李四,医保,4\n"


def _rules(entry: dict) -> list[tuple[int, str]]:
    return [(row["line"], row["rule"]) for row in entry["left_out"]]


def test_preamble_totals_and_footer(data_dir: DataDir) -> None:
    content = (
        "工时统计表\n统计期间:2026-03-01 至 2026-03-31,,,\n\n日期,姓名,项目,工时\n" + ROWS
        + "小计,,,12\n合 计,,,12\n\n制表人:王五,,,\n"
    )  # fmt: skip
    entry = load(data_dir, "hours.csv", content)[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (2, 2, 0)
    assert _rules(entry) == [(1, "preamble"), (2, "preamble"), (7, "total_row"), (8, "total_row"), (10, "footer")]
    assert entry["rows_left_out"] == 5
    assert entry["left_out"][3]["text"] == "合 计,,,12"
    assert hours_landed(data_dir) == 12.0  # and not 24 or 36


@pytest.mark.parametrize(
    ("last", "rule"),
    [
        ("Total,,,12", "total_row"), ("Grand Total,,,12", "total_row"), ("Summe;;;12", "total_row"),
        ("Total general,,,12", "total_row"), ("Итого,,,12", "total_row"), ("Razem,,,12", "total_row"),
        ("總計,,,12", "total_row"), ("合計,,,12", "total_row"),
        ("Generated at 2026-04-01 10:00 by Jira,,,", "footer"), ("Exported by p101 on 2026-04-01", "footer"),
        ("Report generated 2026-04-01,,,", "footer"), ("导出时间:2026-04-01,,,", "footer"), (",,,", "empty_row"),
        ("Generado el 01/04/2026,,,", "footer"), ("Gerado em 01/04/2026", "footer"), ("Erstellt am 01.04.2026", "footer"),
        ("Exporté le 01/04/2026", "footer"), ("Сформировано 01.04.2026", "footer"), ("Wygenerowano 2026-04-01", "footer"),
        ("匯出時間:2026-04-01,,,", "footer"), ("出力日時:2026-04-01,,,", "footer"),
    ],
)  # fmt: skip
def test_last_rows_that_are_no_data(data_dir: DataDir, last: str, rule: str) -> None:
    entry = load(data_dir, "hours.csv", "Date,Person,Project,Hours\n" + ROWS + last.replace(";", ",") + "\n")[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (2, 2, 0), entry["reasons"]
    assert _rules(entry) == [(4, rule)]
    assert hours_landed(data_dir) == 12.0


def test_a_second_header_row(data_dir: DataDir) -> None:
    content = (
        "凭证日期,凭证号,科目编码,科目名称,摘要,本币金额,\n,,,,,借方,贷方\n2026-03-02,记-1,5001,成本,采购,100.00,\n"
        "2026-03-02,记-1,1002,银行,采购,,100.00\n"
    )
    entry = load(data_dir, "ledger.csv", content, feed="ledger", project="YB")[0]
    assert entry["status"] == "landed", entry["reasons"]
    assert _rules(entry) == [(2, "second_header")]
    rows = landed_rows(data_dir, entry)
    assert (float(rows["debit"].sum()), float(rows["credit"].sum())) == (100.0, 100.0)


def test_data_that_looks_like_a_total_is_kept(data_dir: DataDir) -> None:
    content = "Project,Date,Person,Hours\nTotal,2026-03-02,p101,8\n合计,2026-03-03,p102,4\n"
    entry = load(data_dir, "hours.csv", content)[0]
    assert (entry["rows_accepted"], entry["left_out"]) == (
        2,
        [],
    )  # a project may be named so: the row has everything else


def test_nameless_trailing_columns(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours,,,\n2026-03-02,p101,YB,8,,,\n2026-03-03,p101,YB,4,,,\n"
    entry = load(data_dir, "hours.csv", content)[0]
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 0)


def test_rows_that_an_edit_has_shifted_are_held_back(data_dir: DataDir) -> None:
    content = (
        "Issue key,Summary,Issue Type,Status,Created,Resolved,Time Spent\n"
        "YB-1,a,Bug,Done,2026-03-02,2026-03-04,3600\n"
        "YB-2,b,Bug,,Done,2026-03-02,2026-03-04\n"  # one cell to the right from Status on; the last fell off
        "YB-3,c,Bug,Done,2026-03-02,2026-03-04,\n"
    )
    entry = load(data_dir, "jira.csv", content)[0]
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_quarantined"]) == (3, 2, 1)
    assert landed_rows(data_dir, entry)["issue_key"].to_list() == ["YB-1", "YB-3"]
    held = quarantined(data_dir, entry["batch_id"])
    assert held.select("source_row", "value").rows() == [(3, "2026-03-04")]  # a day among the hours
