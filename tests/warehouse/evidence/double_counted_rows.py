"""One fact told by two sources, in every way that is known: see test_double_counted.py."""

from __future__ import annotations

from models.builds.data_dir import DataDir
from tests.warehouse.edges import at, day, land, project


def hours(person: str | None, number: int, issue: str | None, of: float, key: str = "H", **more) -> dict:
    line = {"project": key, "person": person, "work_date": day(number), "issue_key": issue, "hours": of}
    return line | {"activity": "development"} | more


def cost(key: str, number: str | None, amount: float, category: str = "equipment", on: int = 10) -> dict:
    line = {"project": key, "category": category, "kind": "actual", "document_no": number, "amount": amount}
    return line | {"booked_on": day(on)}


def make_double_counted(data_dir: DataDir) -> None:
    from pipeline.refresh.refreshing import refresh
    from pipeline.store.project_settings import set_project_setting

    keys = ("H", "N", "D", "S", "W", "C", "M", "I", "L")
    land(data_dir, "projects", [project(key) for key in keys])
    jira = [
        hours("ada", 2, "H-1", 3), hours("ben", 3, "H-1", 7), hours("ada", 4, "H-2", 1), hours("ada", 5, "H-2", 2),
        # two equal entries of one day here, three in Tempo
        hours("ada", 6, "H-3", 1, description="a"), hours("ada", 6, "H-3", 1, description="b"),
        # N: persons written in another way
        hours("5b10a2:ada", 2, "N-1", 4, "N"), hours("5b10a2:ben", 2, "N-1", 4, "N"), hours("5b10a2:ben", 3, "N-2", 6, "N"),
        # D: three days in parts that an hour sheet tells as one each
        *(hours("cai", number, f"D-{part}", 4, "D") for number in (9, 10, 11) for part in (1, 2)),
        # S: one equal day is chance: half a day here, half a day there
        hours("dan", 9, "S-1", 4, "S"),
        # L: Tempo was chosen to lead
        hours("eve", 9, "L-1", 5, "L"),
        hours("eve", 10, "L-1", 2.5, "L"),
    ]  # fmt: skip
    tempo = [
        hours("Ada ", 2, "h-1", 3, description="again"), hours("ben", 3, "H-1", 7),
        hours("ada", 4, "H-2", 1.5), hours("cai", 5, "H-2", 2),
        hours("ada", 6, "H-3", 1), hours("ada", 6, "H-3", 1), hours("ada", 6, "H-3", 1),
        hours("Ada One", 2, "N-1", 4, "N"), hours("Ben Two", 2, "N-1", 4, "N"), hours("Ben Two", 3, "N-2", 6, "N"),
        hours("eve", 9, "L-1", 5, "L"),
    ]  # fmt: skip
    sheet = [*(hours("cai", number, None, 8, "D") for number in (9, 10, 11)), hours("dan", 9, None, 4, "S")]
    land(data_dir, "worklogs", jira, "1", "jira", exported_at="2026-03-14T01:00:00Z")
    land(data_dir, "worklogs", tempo, "2", "tempo", exported_at="2026-03-14T02:00:00Z")
    land(data_dir, "worklogs", sheet, "3", "dingtalk", exported_at="2026-03-14T03:00:00Z")
    oa = [
        cost("C", "P-1", 1_000), cost("C", "P-2", 200), cost("C", "P-3", 30, "travel"),
        cost("M", "a", 600, "software"), cost("M", "b", 400, "software"), cost("M", "c", 70, "travel"),
    ]  # fmt: skip
    books = [
        ledger("C", "P-1", 1_000), ledger("C", "P-9", 250),
        ledger("M", "7", 1_000, "software"),
    ]  # fmt: skip
    land(data_dir, "costs", oa, "1", "generic", exported_at="2026-03-14T01:00:00Z")
    land(data_dir, "ledger", books, "1", "yonyou", exported_at="2026-03-14T02:00:00Z")
    accounts = [("8001", "equipment"), ("8002", "software")]
    land(
        data_dir,
        "account_mapping",
        [{"account_code": code, "category": kind, "kind": "actual"} for code, kind in accounts],
    )
    land(
        data_dir, "issues", [issue("I-1", "Login fails"), issue("I-2", "Menu wrong"), issue("I-3", "Slow")], "1", "jira"
    )
    second = [
        issue("I-1", "Login fails"),
        issue("77", "Menu wrong"),
        issue("I-3", "Another", number=9),
        issue("I-9", "New"),
    ]
    land(data_dir, "issues", second, "2", "pingcode", exported_at="2026-03-14T11:00:00Z")
    set_project_setting(
        data_dir, "leading_source_of_worklogs", "tempo", reason="payroll", person="Ada", project_key="L"
    )
    assert refresh(data_dir).status == "published"


def ledger(key: str, voucher: str, amount: float, category: str = "equipment") -> dict:
    code = {"equipment": "8001", "software": "8002"}[category]
    line = {"project": key, "voucher_no": voucher, "period": "2026-03", "account_code": code, "debit": amount}
    return line | {"booked_on": day(10), "account_name": category}


def issue(key: str, summary: str, number: int = 2) -> dict:
    line = {"issue_key": key, "summary": summary, "project": "I", "issue_type": "defect", "status": "open"}
    return line | {"created_at": at(number), "updated_at": at(number), "severity": "general", "status_category": "todo"}
