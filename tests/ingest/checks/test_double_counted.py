"""A file whose rows another tool told already: said while it is loaded, with who leads."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from pipeline.store.project_settings import set_project_setting
from tests.ingest.exports import codes, load

JIRA = "Issue key,Summary,Issue Type,Status,Created,Updated,Log Work,Log Work\n" + (
    "AL-1,Login,Bug,Open,2026-02-27,2026-03-10,fix;02/Mar/26 9:00 AM;ada;10800,fix;03/Mar/26 9:00 AM;ben;25200\n"
    "AL-2,Menu,Bug,Open,2026-02-28,2026-03-10,fix;04/Mar/26 9:00 AM;ada;3600,\n"
)
TEMPO = "Issue Key,Issue summary,Hours,Work date,Username,Period,Account Key,Project Key,Work Description\n" + (
    "AL-1,Login,3,2026-03-02 09:00,{ada},0326,ACC,AL,fix\n"
    "AL-1,Login,7,2026-03-03 09:00,{ben},0326,ACC,AL,fix\n"
    "AL-2,Menu,2,2026-03-04 09:00,{ada},0326,ACC,AL,\n"
)


def told(data_dir: DataDir, ada: str, ben: str) -> list[dict]:
    entry = load(data_dir, "tempo.csv", TEMPO.format(ada=ada, ben=ben))[0]
    return [reason["details"] for reason in entry["reasons"] if reason["code"] == "ingest.double_counted"]


@pytest.mark.parametrize("people", [("ada", "ben"), ("Ada One", "Ben Two")])
def test_hours_that_another_tool_told_are_named_with_days_and_the_source_that_leads(data_dir, people):
    assert {code for entry in load(data_dir, "jira.csv", JIRA, date_order="dmy") for code in codes(entry)} & {
        "ingest.double_counted"
    } == set()
    (details,) = told(data_dir, *people)
    # 3 h and 7 h are in both; of AL-2 Jira has 1 h and Tempo 2
    assert {name: details[name] for name in ("rows", "of", "amount", "first", "last", "other", "leading")} == {
        "rows": 2, "of": 3, "amount": "10", "first": "2026-03-02", "last": "2026-03-03", "other": "jira", "leading": "jira",
    }  # fmt: skip


def test_the_source_that_was_chosen_is_named(data_dir):
    set_project_setting(data_dir, "leading_source_of_worklogs", "tempo", reason="payroll", person="Ada")
    load(data_dir, "jira.csv", JIRA, date_order="dmy")
    assert told(data_dir, "ada", "ben")[0]["leading"] == "tempo"


def test_a_cost_list_beside_the_books_is_named(data_dir):
    ledger = "period,voucher_no,booked_on,account_code,debit,credit,project\n2026-03,P-1,2026-03-10,8001,1000,,AL\n"
    load(data_dir, "ledger.csv", ledger, feed="ledger")
    costs = "project,category,kind,document_no,booked_on,amount\n" + (
        "AL,equipment,actual,P-1,2026-03-10,1000\nAL,travel,actual,P-2,2026-03-11,5\n"
    )
    (entry,) = load(data_dir, "costs.csv", costs, feed="costs")
    (reason,) = [told for told in entry["reasons"] if told["code"] == "ingest.double_counted"]
    assert (reason["details"]["rows"], reason["details"]["leading"]) == (1, "ledger")
