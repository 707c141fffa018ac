"""A small portfolio whose every number was worked out by hand: each project holds one edge of the definitions.

Frames are landed past ingest: what is under test here is the warehouse. March 2026 has 22 working days and no holiday in it
(2 March is a Monday), which keeps the sums short.
"""

from __future__ import annotations

import datetime as dt
import random

import polars as pl

from models.builds.data_dir import DataDir
from models.feeds import FEEDS
from models.vocabulary import BatchStatus
from pipeline.store import control
from tests.worked_project import exports

EXPORTED = "2026-03-14T02:00:00Z"
_DAY = dt.datetime(2026, 3, 1)


def day(number: int, month: int = 3) -> dt.date:
    return dt.date(2026, month, number)


def at(number: int, month: int = 3, hour: int = 2) -> dt.datetime:
    """02:00 UTC is ten in the morning in Shanghai."""
    return dt.datetime(2026, month, number, hour)


def land(  # noqa: PLR0917 - a row of the control store, by name in every call
    data_dir: DataDir,
    feed: str,
    rows: list[dict],
    batch: str = "1",
    system: str = "generic",
    exported_at: str = EXPORTED,
    covers: tuple[dt.date, dt.date] | None = None,
    snapshot_scope: str | None = None,
) -> str:
    """One landed batch of these rows; columns not named are null. Lines count from 2, as under a header."""
    schema = FEEDS[feed].schema()
    batch_id = f"20260314T100000-{feed}-{batch:0>8}"
    full = [
        {name: None for name in schema} | row | {"batch_id": batch_id, "source_row": line}
        for line, row in enumerate(rows, start=2)
    ]
    path = data_dir.landed_file(feed, batch_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(full, schema=schema, orient="row").write_parquet(path)
    first, last = covers or (day(1, 1), day(31, 12))
    with control.writing(data_dir) as connection:
        connection.execute(
            control.batches.insert().values(
                batch_id=batch_id,
                feed=feed,
                status=BatchStatus.LANDED,
                file_name=f"{feed}-{batch}.csv",
                content_hash=batch_id,
                size_bytes=1,
                source_system=system,
                mapping={},
                report={"file": "a.csv", "status": "landed"},
                rows_accepted=len(rows),
                rows_quarantined=0,
                covers_projects=[],
                covers_from=first.isoformat(),
                covers_to=last.isoformat(),
                is_full_snapshot=int(snapshot_scope is not None),
                snapshot_scope=snapshot_scope,
                exported_at=exported_at,
                landed_at=exported_at,
                landed_by="cli",
            )
        )
    return batch_id


def project(key: str, **more) -> dict:
    return {"project_key": key, "name": f"Project {key}", "customer": "C1", "delivery_profile": "software"} | more


def defect(key: str, project_key: str, **more) -> dict:
    return {
        "issue_key": key,
        "issue_type": "defect",
        "summary": f"defect {key}",
        "project": project_key,
        "module": "core",
        "status": "Open",
        "status_category": "to_do",
        "severity": "normal",
        "found_in_phase": "sit",
        "created_at": at(2),
        "updated_at": at(9),
    } | more


DONE = {"status": "Closed", "status_category": "done", "resolution": "fixed"}


def cost_frames() -> dict[str, list[dict]]:
    """COST: an open accounting period, provisional labor, weights by planned hours."""
    task = {"project": "COST", "wbs_code": "1.1", "baseline_start": day(2), "baseline_finish": day(31)}
    return {
        "budget": [
            {"project": "COST", "wbs_code": "1.1", "phase": "development", "category": "labor", "period_start": start}
            | {"planned_value": value, "planned_hours": value / 100}
            for start, value in ((day(1, 2), 10_000), (day(1, 3), 22_000))
        ],
        "schedule": [
            task | {"task_id": name, "name": name, "planned_hours": hours, "percent_complete": done, "status_on": on}
            for on, name, hours, done in (
                (day(28, 2), "A", 80.0, 0.5),
                (day(28, 2), "B", 240.0, 0.0),
                (day(13), "A", 80.0, 1.0),
                (day(13), "B", 240.0, 0.25),
            )
        ],
        "costs": [
            {
                "project": "COST",
                "wbs_code": "1.1",
                "category": category,
                "kind": kind,
                "booked_on": on,
                "amount": amount,
            }
            | {"document_no": f"V{number}", "vendor": "Supplier A" if kind in ("accrual", "commitment") else None}
            for number, (on, category, kind, amount) in enumerate(
                (
                    (day(20, 2), "equipment", "actual", 5_000),
                    (day(25, 2), "equipment", "accrual", 1_000),
                    (day(5), "labor", "actual", 3_000),  # an open period: the timesheets stand for labor
                    (day(6), "equipment", "actual", 2_000),
                    (day(6), "equipment", "commitment", 9_000),  # not a cost yet
                    (day(20, 2), "labor", "forecast", 30_000),  # an estimate of what is left, and the next one
                    (day(10), "labor", "forecast", 21_000),
                )
            )
        ],
        "worklogs": [
            {"source_id": "W1", "project": "COST", "person": "E1", "work_date": day(10, 2), "hours": 8.0},
            {"source_id": "W2", "project": "COST", "person": "E1", "work_date": day(9), "hours": 10.0},
        ],
        "rates": [
            {"person": "E1", "valid_from": day(1, 1), "hourly_rate": 100},
            {"person": "E1", "valid_from": day(1, 3), "hourly_rate": 150},
        ],
    }


def line_frames() -> dict[str, list[dict]]:
    """LINE and EVEN: values exactly on a level. BARE: defects, but neither size nor coverage."""
    return {
        "coverage": [
            {"project": "LINE", "module": "core", "measured_on": day(1), "lines_valid": 5_000, "lines_covered": 500},
            {"project": "LINE", "module": "core", "measured_on": day(10), "lines_valid": 5_000, "lines_covered": 4_000},
            {"project": "EVEN", "module": "core", "measured_on": day(10), "lines_valid": 4_000, "lines_covered": 3_400},
        ],
        "code_size": [
            {"project": "LINE", "module": "core", "measured_on": day(2), "effective_lines": 10_000},
            {"project": "EVEN", "module": "core", "measured_on": day(2), "effective_lines": 20_000},
        ],
        "issues": [defect(f"LINE-{n}", "LINE") for n in range(50)]
        + [defect(f"EVEN-{n}", "EVEN", created_at=at(3)) for n in range(60)]
        + [defect(f"EVEN-{n}", "EVEN", module="new") for n in range(60, 63)]
        + [defect(f"BARE-{n}", "BARE") for n in range(7)],
    }


def defect_frames() -> dict[str, list[dict]]:
    """DEF: which defects are confirmed, which are open, what is solved; work items done."""
    serious = {"severity": "serious"}
    return {
        "issues": [
            defect("DEF-1", "DEF", severity="fatal"),
            # solved is not closed: 2 days
            defect("DEF-2", "DEF", **serious, status="Resolved", status_category="done", resolution="fixed")
            | {"created_at": at(3), "resolved_at": at(5)},
            # closed: 4 days
            defect("DEF-3", "DEF", **serious, **DONE) | {"created_at": at(1), "resolved_at": at(5), "closed_at": at(6)},
            # deferred stays confirmed and open even when closed
            defect("DEF-4", "DEF", **serious, **DONE)
            | {"resolution": "deferred", "closed_at": at(6), "found_in_phase": "uat"},
            # of one that counts and is graver
            defect("DEF-5", "DEF", **serious, **DONE)
            | {"resolution": "duplicate", "closed_at": at(6), "links": ["Duplicate → DEF-1"]},
            defect("DEF-6", "DEF", **serious, resolution="third_party"),
            # closed: 1 day
            defect("DEF-7", "DEF", **DONE, found_in_phase="uat") | {"resolved_at": at(3), "closed_at": at(3)},
            # solved before it was created: not averaged
            defect("DEF-8", "DEF", **DONE, found_in_phase="production")
            | {"created_at": at(8), "resolved_at": at(4), "closed_at": at(9)},
            defect("DEF-9", "DEF", **DONE, issue_type="task", started_at=at(2), resolved_at=at(6)),
            defect("DEF-10", "DEF", **DONE, issue_type="epic", resolved_at=at(6)),
            defect("DEF-11", "DEF", issue_type="task", status="Cancelled", status_category="cancelled"),
        ]
    }


def labor_frames() -> dict[str, list[dict]]:
    """TIME: person-days, leave, the grace of two working days. Status date Tuesday 10 March."""
    return {
        "people": [
            {"person": "T1", "department": "D1", "daily_hours": 8.0, "project": "TIME", "valid_from": day(2)},
            {"person": "T2", "labor_type": "day_labor", "daily_hours": 8.0, "project": "TIME", "valid_from": day(2)},
        ],
        "leaves": [{"person": "T1", "leave_on": day(4), "hours": 4.0}],
        "worklogs": [
            {"source_id": f"T{on}", "project": "TIME", "person": "T1", "work_date": day(on), "hours": hours}
            | {"activity": activity}
            for on, hours, activity in (
                (2, 8.0, "development"),
                (3, 8.0, "test"),
                (4, 4.0, "technical_debt"),
                (5, 10.0, "meeting"),
            )
        ],
        "coverage": [
            {"project": "TIME", "module": "core", "measured_on": day(10), "lines_valid": 10, "lines_covered": 9}
        ],
    }


def rule_frames() -> dict[str, list[dict]]:
    """RULES: each element earns by a rule of its own, and nothing is spent."""
    of_element = {"project": "RULES", "category": "labor", "period_start": day(1, 2)}
    elements = (("1", "issues_done"), ("2", "effort"), ("3", "issues_done"), ("4", None))
    plan = {"project": "RULES", "status_on": day(13), "baseline_start": day(2), "baseline_finish": day(13)}
    tasks = (
        ("T1", "1", 0.9, None, None),  # 1 of 2 issues is done: 500
        ("T2", "2", 0.4, None, None),  # no hours are known: 40 %, as circular
        ("T3", "3", 0.9, None, None),  # no issue says how far it is
        ("T4", "4", 1.0, None, "到货"),  # arrived: 600
        ("T5", "4", 0.95, "60/30/10", None),  # installed, not accepted: 300
    )
    issue = {"issue_type": "task", "severity": None, "found_in_phase": None, "module": None}
    return {
        "budget": [
            of_element | {"wbs_code": code, "planned_value": 1_000, "earned_value_rule": rule}
            for code, rule in elements
        ],
        "schedule": [
            plan
            | {"task_id": key, "name": key, "wbs_code": code, "percent_complete": percent}
            | {"earned_value_rule": rule, "milestone_type": milestone}
            for key, code, percent, rule, milestone in tasks
        ],
        "issues": [
            defect("RULES-1", "RULES", wbs_code="1.7", **issue, **(DONE | {"resolved_at": at(6)})),
            defect("RULES-2", "RULES", wbs_code="1", **issue),
        ],
    }


def ledger_rows() -> list[dict]:
    """BOOK: 1,000 of wages, 200 of them red; a carry-over to cost of sales; two identical lines."""
    cost = {"period": "2026-02", "account_code": "5401.01", "account_name": "合同履约成本-人工", "project": "BOOK"}
    equipment = cost | {"account_code": "5401.02", "account_name": "合同履约成本-设备"}
    return [
        cost | {"voucher_no": "记-1", "booked_on": day(10, 2), "debit": 1_000, "summary": "工资"},
        cost | {"voucher_no": "记-2", "booked_on": day(11, 2), "debit": -200, "summary": "冲减工资"},
        equipment | {"voucher_no": "记-3", "booked_on": day(12, 2), "debit": 300, "summary": "服务器"},
        equipment | {"voucher_no": "记-3", "booked_on": day(12, 2), "debit": 300, "summary": "服务器"},
        cost | {"voucher_no": "记-9", "booked_on": day(28, 2), "credit": 1_400, "summary": "本月成本"},
        cost
        | {"voucher_no": "记-9", "booked_on": day(28, 2), "debit": 1_400, "account_code": "6401"}
        | {"account_name": "主营业务成本", "summary": "本月成本"},
        cost
        | {"voucher_no": "记-3", "booked_on": day(12, 2), "credit": 600, "account_code": "1002"}
        | {"account_name": "银行存款", "summary": "付款"},
    ]


def contract_rows() -> list[dict]:
    """COST sells for 50,000 net and, by a supplement with VAT of 6 %, for 10,000 more; SPENT does not say its rate of tax."""
    sale = {"project": "COST", "direction": "sales", "name": "S", "signed_on": day(5, 1)}
    return [
        sale | {"contract_no": "S1", "amount_incl_tax": 53_000, "amount_excl_tax": 50_000, "tax_rate": 0.06},
        sale | {"contract_no": "S2", "amount_incl_tax": 10_600, "tax_rate": 0.06, "signed_on": day(10, 2)},
        # signed after the closed month, and what is bought: neither counts
        sale | {"contract_no": "S3", "amount_excl_tax": 7_000, "signed_on": day(6)},
        sale | {"contract_no": "P1", "amount_excl_tax": 9_000, "direction": "purchase"},
        sale | {"contract_no": "S4", "project": "SPENT", "amount_excl_tax": 2_000},
        sale | {"contract_no": "S5", "project": "SPENT", "amount_incl_tax": 1_130},
    ]


def name_codes(data_dir: DataDir) -> None:
    """NAMES: one person, one module and one WBS element under other names in the exports, and words of a tool of their own."""
    from pipeline.ingest.mapped_words import map_word
    from pipeline.store.aliases import add_alias

    land(data_dir, "people", [{"person": "N-007", "project": "NAMES"}], batch="20")
    plan = {"project": "NAMES", "wbs_code": "1.10", "module": "payment", "category": "labor", "period_start": day(1)}
    land(data_dir, "budget", [plan | {"planned_value": 100}], batch="20")
    hours = {"project": "NAMES", "work_date": day(3), "hours": 2.0}
    tool = {"system": "tempo", "covers": (day(3), day(3))}
    worklogs = [
        hours | {"person": "wang.wu@corp.example", "module": "支付", "wbs_code": "1.1", "activity": "stabilization"},
        hours | {"person": "nobody", "module": "payment", "wbs_code": "1.10"},
    ]
    land(data_dir, "worklogs", worklogs, batch="21", **tool)
    add_alias(data_dir, "wang.wu@corp.example", "N-007", system="tempo", kind="person")
    add_alias(data_dir, "支付", "payment", kind="module", valid_from=day(1))
    add_alias(data_dir, "1.1", "1.10", kind="wbs")
    map_word(data_dir, "worklogs", "activity", "Stabilization", "technical_debt")
    issue = {"project": "NAMES", "issue_type": "ticket", "created_at": at(2), "updated_at": at(4), "module": "支付"}
    land(
        data_dir,
        "issues",
        [
            issue | {"issue_key": "NAMES-1", "status": "Waiting for CAB", "severity": "p1"},
            issue | {"issue_key": "NAMES-2", "status": "Shelved", "status_category": "done", "resolution": "shelved"},
        ],
        batch="22",
        system="jira",
    )
    map_word(data_dir, "issues", "issue_type", "ticket", "defect")
    map_word(data_dir, "issues", "status", "waiting for cab", "in_progress")
    map_word(data_dir, "issues", "severity", "P1", "fatal")
    map_word(data_dir, "issues", "resolution", "shelved", "cancelled")


def part_frames() -> dict[str, list[dict]]:
    """PARTS: a project drawn by lot, the same each time: nested elements, several modules and phases, rows without an element."""
    lot = random.Random(20260313)
    elements = ("2", "2.1", "2.1.1", "2.2", "2.2.3", "3.1.7")
    modules = ("业务层-订单", "接口层网关", "portal", None)

    def element() -> str | None:
        return lot.choice((*elements, None))

    return {
        "budget": [
            {"project": "PARTS", "wbs_code": code, "phase": lot.choice(("development", "testing", None))}
            | {"module": lot.choice(modules), "category": "labor", "period_start": day(1, month)}
            | {"planned_value": lot.randint(1, 90_000) / 10, "planned_hours": float(lot.randint(0, 90))}
            | {"layer": "展示层" if code == "3.1.7" else None}
            for code in elements
            for month in (3, 4)
        ],
        "schedule": [
            {"project": "PARTS", "task_id": f"{code}-{number}", "wbs_code": code, "name": code, "status_on": day(on)}
            | {"baseline_start": day(2), "baseline_finish": day(lot.randint(3, 30))}
            | {"percent_complete": min(1.0, share * lot.randint(1, 5))}
            for code in elements
            for number in range(2)
            for on, share in ((5, 0.04), (9, 0.11), (13, 0.21))
        ],
        "costs": [
            {"project": "PARTS", "wbs_code": element(), "category": lot.choice(("equipment", "travel")), "kind": kind}
            | {"module": lot.choice(modules), "booked_on": day(lot.randint(2, 13)), "document_no": f"PARTS-{number}"}
            | {"amount": lot.randint(-9_000, 90_000) / 100}
            for number in range(24)
            for kind in [lot.choice(("actual", "actual", "accrual", "commitment"))]
        ],
        "worklogs": [
            {"source_id": f"PARTS-{number}", "project": "PARTS", "wbs_code": element(), "person": "E1"}
            | {"module": lot.choice(modules), "work_date": day(lot.randint(2, 13)), "hours": lot.randint(1, 16) / 2}
            for number in range(16)
        ],
    }


def make_edges(data_dir: DataDir) -> None:
    """Lands every edge and builds. Fills the folder for `made_once`."""
    from pipeline.refresh.refreshing import refresh

    keys = (
        "COST",
        "LINE",
        "EVEN",
        "BARE",
        "DEF",
        "TIME",
        "BOOK",
        "ZERO",
        "MERGE",
        "NAMES",
        "SPENT",
        "DONE",
        "RULES",
        "PARTS",
        "EIGHT",
    )
    land(data_dir, "projects", [project(key) for key in keys])
    rows: dict[str, list[dict]] = {}
    parts = (
        cost_frames(),
        line_frames(),
        defect_frames(),
        labor_frames(),
        rule_frames(),
        part_frames(),
        exports("EIGHT"),
    )
    for frames in parts:
        for feed, more in frames.items():
            rows.setdefault(feed, []).extend(more)
    # ZERO: a budget of one month, cost, nothing earned
    rows["budget"].append(
        {"project": "ZERO", "wbs_code": "1", "category": "labor", "period_start": day(1, 2), "planned_value": 1_000}
    )
    rows["schedule"].append(
        {"project": "ZERO", "task_id": "Z", "wbs_code": "1", "name": "Z", "percent_complete": 0.0}
        | {"status_on": day(28, 2), "baseline_start": day(2, 2), "baseline_finish": day(27, 2)}
    )
    rows["costs"].append(
        {"project": "ZERO", "category": "travel", "booked_on": day(20, 2), "amount": 400, "document_no": "Z1"}
    )
    # SPENT: the budget of two categories is used up at half the work. DONE: all is earned
    for key, progress, spent in (("SPENT", 0.5, (500, 600)), ("DONE", 1.0, (450, 300))):
        plan = {"project": key, "wbs_code": "1", "period_start": day(1, 2)}
        rows["budget"] += [
            plan | {"category": "labor", "planned_value": 600},
            plan | {"category": "equipment", "planned_value": 400},
        ]
        rows["schedule"].append(
            {"project": key, "task_id": "S", "wbs_code": "1", "name": "S", "percent_complete": progress}
            | {"status_on": day(28, 2), "baseline_start": day(2, 2), "baseline_finish": day(27, 2)}
        )
        rows["costs"] += [
            {
                "project": key,
                "category": category,
                "booked_on": day(20, 2),
                "amount": amount,
                "document_no": f"{key}-{category}",
            }
            for category, amount in zip(("labor", "equipment"), spent, strict=True)
        ]
    rows["contracts"] = contract_rows()
    for feed, batch_rows in rows.items():
        land(data_dir, feed, batch_rows)
    land(data_dir, "ledger", ledger_rows(), system="yonyou", covers=(day(1, 2), day(28, 2)))

    # MERGE: a corrected timesheet without ids takes the place of the first; a newer issue export wins; a snapshot deletes
    hours = {"project": "MERGE", "person": "M1", "work_date": day(3)}
    period = (day(1), day(5))
    land(data_dir, "worklogs", [hours | {"hours": 3.0}], batch="2", covers=period, exported_at="2026-03-10T00:00:00Z")
    land(data_dir, "worklogs", [hours | {"hours": 2.0}] * 2, batch="3", covers=period)
    jira = {"system": "jira", "snapshot_scope": "project=MERGE"}
    old = [defect("MERGE-1", "MERGE", severity="fatal"), defect("MERGE-2", "MERGE", severity="fatal")]
    land(data_dir, "issues", old, batch="4", exported_at="2026-03-10T00:00:00Z", **jira)
    land(data_dir, "issues", [defect("MERGE-1", "MERGE", severity="normal", updated_at=at(12))], batch="5", **jira)
    # a document is its own identity: a new one is added, a corrected one counts once, as the newest batch has it
    cost = {"project": "MERGE", "category": "travel", "booked_on": day(20, 2)}
    for batch, document, amount, exported_at in (
        ("7", "D1", 100, "2026-03-01T00:00:00Z"),
        ("8", "D2", 50, "2026-03-02T00:00:00Z"),
        ("9", "D1", 120, "2026-03-03T00:00:00Z"),
    ):
        land(data_dir, "costs", [cost | {"document_no": document, "amount": amount}], batch, exported_at=exported_at)
    name_codes(data_dir)
    # nobody's: matches no project
    land(
        data_dir,
        "costs",
        [{"project": "P-99", "category": "travel", "booked_on": day(20, 2), "amount": 77, "document_no": "N1"}],
        batch="6",
    )
    assert refresh(data_dir).status == "published"
