"""A batch beside the last one of its kind: keys and people gone, totals that jump, older exports."""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest import accept_batch
from pipeline.ingest.checks.previous_export import stem
from pipeline.ingest.contracts.reasons import Reason
from tests.ingest.exports import codes, load

pytestmark = pytest.mark.whole  # pairs of exports through all of ingest

DAYS = [dt.date(2026, 3, 2) + dt.timedelta(days=day) for day in (0, 1, 2, 3, 4)]  # a week, Monday to Friday


def hours(people: int, each: float = 8, *, start: dt.date = DAYS[0], days: int = 5, project: str = "YB") -> str:
    """Days of a week × people, each with the same hours."""
    rows = [
        f"{start + dt.timedelta(days=day)},p{person},{project},{each}\n"
        for day in range(days)
        for person in range(people)
    ]
    return "Date,Person,Project,Hours\n" + "".join(rows)


def issues(keys: range, updated: str = "2026-03-06", estimate: str = "") -> str:
    rows = "".join(f"YB-{key},a,Bug,Open,2026-01-05,{updated},{estimate}\n" for key in keys)
    return "Issue key,Summary,Issue Type,Status,Created,Updated,Original Estimate\n" + rows


def schedule(tasks: range, status_on: str, planned: float = 40) -> str:
    rows = "".join(f"YB,{task},1.{task},Task {task},{planned},2026-01-05,2026-02-05,{status_on}\n" for task in tasks)
    return "project,task_id,wbs_code,name,planned_hours,baseline_start,baseline_finish,status_on\n" + rows


def held(data_dir: DataDir, name: str, content: str, **options: object) -> list[str]:
    """The codes for which the file is held; none when it landed."""
    entry = load(data_dir, name, content, **options)[0]
    assert entry["status"] in ("held", "landed"), entry["reasons"]
    return codes(entry) if entry["status"] == "held" else []


# ---- totals ---------------------------------------------------------------------------------------------------------


def test_the_same_days_with_fewer_hours(data_dir: DataDir) -> None:
    assert held(data_dir, "a.csv", hours(6)) == []  # 5 days × 6 people × 8 h = 240 h, 30 rows
    entry = load(data_dir, "b.csv", hours(6, 3.9))[0]  # 117 h: 48.75 %
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.total_of_days_jumped"
    details = entry["reasons"][0]["details"]
    assert (details["canonical"], details["project"], details["now"], details["before"]) == (
        "hours",
        "YB",
        "117",
        "240",
    )
    assert (details["first"], details["last"], details["file"]) == ("2026-03-02", "2026-03-06", "a.csv")
    assert "accept" in entry["reasons"][0]["message"]


def test_a_fifth_less_is_a_correction(data_dir: DataDir) -> None:
    load(data_dir, "a.csv", hours(6))
    assert held(data_dir, "b.csv", hours(6, 6.4)) == []  # 192 of 240 h: exactly four fifths


def test_one_of_five_people_may_be_gone(data_dir: DataDir) -> None:
    load(data_dir, "a.csv", hours(5))  # 5 people x 40 h
    assert held(data_dir, "b.csv", hours(4)) == []  # 40 of 200 h are gone: exactly a fifth


def test_two_of_ten_keys_may_be_gone(data_dir: DataDir) -> None:
    load(data_dir, "a.csv", issues(range(10)))
    assert held(data_dir, "b.csv", issues(range(8), "2026-03-07")) == []  # exactly a fifth


def test_minutes_that_were_read_as_hours(data_dir: DataDir) -> None:
    load(data_dir, "a.csv", hours(6, 0.2))
    assert held(data_dir, "b.csv", hours(6, 12))[0] == "ingest.total_of_days_jumped"  # sixty times as many


def test_few_rows_lose_as_much_as_many(data_dir: DataDir) -> None:
    load(data_dir, "a.csv", hours(3))  # 15 rows: 120 h
    assert held(data_dir, "b.csv", hours(3, 1))[0] == "ingest.total_of_days_jumped"  # 15 h


def test_few_rows_may_grow(data_dir: DataDir) -> None:
    load(data_dir, "a.csv", hours(1, 1))  # five rows: 5 h
    assert held(data_dir, "b.csv", hours(3, 8)) == []  # 120 h: two more people, and the week filled in


# Five lines of 100 a month, January and February: 1,000 in all.
COST_LINES = [(f"2026-0{month}-{day:02}", f"D{month}{day}", 100) for month in (1, 2) for day in (3, 8, 13, 18, 23)]


def cost_list(lines: list[tuple], with_numbers: bool = True) -> str:
    return "项目编号,WBS编码,成本类别,发生日期,单据号,金额\n" + "".join(
        f"YB,1,设备,{day},{number if with_numbers else ''},{amount}\n" for day, number, amount in lines
    )


def test_the_same_documents_with_a_tenth_of_their_amounts(data_dir: DataDir) -> None:
    load(data_dir, "costs.csv", cost_list(COST_LINES))
    entry = load(data_dir, "costs2.csv", cost_list([(day, number, 10) for day, number, _amount in COST_LINES]))[0]
    details = entry["reasons"][0]["details"]
    assert (entry["status"], codes(entry)[0]) == ("held", "ingest.total_of_days_jumped")
    assert (details["project"], details["before"], details["now"]) == ("YB", "1000", "100")


@pytest.mark.parametrize("with_numbers", [True, False])
def test_two_of_five_lines_a_month(data_dir: DataDir, with_numbers: bool) -> None:
    load(data_dir, "costs.csv", cost_list(COST_LINES, with_numbers))
    left = [line for line in COST_LINES if line[0][-2:] not in ("08", "18")]  # 600
    entry = load(data_dir, "costs2.csv", cost_list(left, with_numbers))[0]
    details = entry["reasons"][0]["details"]
    assert (entry["status"], codes(entry)[0]) == ("held", "ingest.total_of_days_jumped")
    assert (details["before"], details["now"]) == ("1000", "600")


def test_a_loss_in_an_older_month_is_told_of_its_own_file(data_dir: DataDir) -> None:
    """January and February came in two files; one of both months takes the place of each."""
    load(data_dir, "january.csv", cost_list(COST_LINES[:5], with_numbers=False))
    load(data_dir, "february.csv", cost_list(COST_LINES[5:], with_numbers=False))
    entry = load(data_dir, "both.csv", cost_list(COST_LINES[:1] + COST_LINES[5:] + [("2026-01-23", "", 100)], False))[0]
    told = [reason["details"] for reason in entry["reasons"] if reason["code"] == "ingest.total_of_days_jumped"]
    assert entry["status"] == "held"
    assert [(row["file"], row["before"], row["now"]) for row in told] == [("january.csv", "500", "200")]


def test_what_was_accepted_once_is_not_asked_again(data_dir: DataDir) -> None:
    """The newest batch of the same days is what counts: an older and larger one is no measure any more."""
    load(data_dir, "costs.csv", cost_list(COST_LINES, with_numbers=False))
    left = cost_list([line for line in COST_LINES if line[0][-2:] not in ("08", "18")], with_numbers=False)
    load(data_dir, "costs2.csv", left, accept_held=True)
    assert held(data_dir, "costs3.csv", left + "YB,1,设备,2026-02-23,,1\n") == []


def test_months_of_different_length_are_compared_by_their_rate(data_dir: DataDir) -> None:
    load(
        data_dir, "february.csv", hours(6, start=dt.date(2026, 2, 2), days=26)
    )  # 1248 h in 20 working days: 62.4 a day
    assert held(data_dir, "week.csv", hours(6)) == []  # 240 h in five working days: 48 a day
    entry = load(data_dir, "march.csv", hours(1, start=dt.date(2026, 3, 9), days=19))[0]  # 152 h in 15: 10.1 a day
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.rate_jumped"
    assert (entry["reasons"][0]["details"]["now"], entry["reasons"][0]["details"]["before"]) == ("10.13", "48")


def test_another_project_is_compared_with_nothing(data_dir: DataDir) -> None:
    load(data_dir, "a.csv", hours(6))
    assert held(data_dir, "b.csv", hours(1, 1, project="YC")) == []


def test_a_list_is_compared_over_what_is_in_both(data_dir: DataDir) -> None:
    load(data_dir, "plan.csv", schedule(range(30), "2026-03-01"))  # 30 × 40 h
    assert held(data_dir, "grown.csv", schedule(range(200), "2026-03-08")) == []  # growth is no fault
    days = load(data_dir, "days.csv", schedule(range(200), "2026-03-15", planned=5))[0]
    assert (
        days["status"] == "held" and codes(days)[0] == "ingest.total_fell"
    )  # person-days instead of hours: 1000 of 8000
    assert (days["reasons"][0]["details"]["now"], days["reasons"][0]["details"]["before"]) == ("1000", "8000")
    back = load(data_dir, "seconds.csv", schedule(range(200), "2026-03-22", planned=144000))[0]
    assert codes(back)[0] == "ingest.total_rose"


def test_only_the_newest_state_of_a_file_counts(data_dir: DataDir) -> None:
    three = schedule(range(30), "2026-03-01") + "".join(
        schedule(range(30), day).split("\n", 1)[1] for day in ("2026-03-08", "2026-03-15")
    )
    load(data_dir, "history.csv", three)
    assert held(data_dir, "plan.csv", schedule(range(30), "2026-03-22")) == []


def test_a_budget_of_three_lines_that_falls(data_dir: DataDir) -> None:
    header = "project,wbs_code,category,period_start,planned_value\n"
    load(data_dir, "budget.csv", header + "".join(f"YB,{row},labor,2026-01-01,1000\n" for row in "123"))
    fewer = header + "".join(
        f"YB,{row},labor,2026-01-01,{amount}\n" for row, amount in zip("123", (1000, 1000, 300), strict=True)
    )
    assert held(data_dir, "budget2.csv", fewer)[0] == "ingest.total_fell"  # 2,300 of 3,000: 76.7 %


def test_budgets_in_ten_thousands(data_dir: DataDir) -> None:
    header = "project,wbs_code,category,period_start,planned_value\n"
    rows = [f"YB,1.{row},labor,2026-0{1 + row % 9}-01," for row in range(24)]
    load(data_dir, "budget.csv", header + "".join(f"{row}120000\n" for row in rows))
    entry = load(data_dir, "budget2.csv", header + "".join(f"{row}12\n" for row in rows))[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.total_fell"


def test_lines_of_code_that_go_missing(data_dir: DataDir) -> None:
    header = "project,module,measured_on,lines_valid,lines_covered\n"
    load(data_dir, "c1.csv", header + "".join(f"YB,m{number},2026-03-01,1000,800\n" for number in range(6)))
    fewer = header + "".join(f"YB,m{number},2026-03-08,1000,800\n" for number in range(2))
    assert held(data_dir, "c2.csv", fewer) == ["ingest.total_fell"]  # 2000 of 6000 lines


# ---- keys and people ------------------------------------------------------------------------------------------------


def test_keys_gone_are_counted_and_named(data_dir: DataDir) -> None:
    load(data_dir, "issues.csv", issues(range(10, 20)))
    entry = load(data_dir, "issues.csv", issues(range(10, 17)))[0]
    details = entry["reasons"][0]["details"]
    assert (entry["status"], codes(entry)[0]) == ("held", "ingest.keys_gone")
    assert (details["gone"], details["before"], details["now"]) == (3, 10, 7)
    assert details["examples"] == ["YB-17", "YB-18", "YB-19"]


def test_a_project_gone_from_the_file_of_the_same_name(data_dir: DataDir) -> None:
    both = issues(range(10)) + issues(range(10)).split("\n", 1)[1].replace("YB-", "YC-")
    load(data_dir, "portfolio-2026-03-01.csv", both)
    assert held(data_dir, "yb only.csv", issues(range(10), "2026-03-07")) == []  # an export of one project
    assert held(data_dir, "portfolio-2026-03-08.csv", issues(range(9), "2026-03-08"))[0] == "ingest.keys_gone"


def test_another_list_of_the_same_project_is_no_loss(data_dir: DataDir) -> None:
    load(data_dir, "bugs.csv", issues(range(30)))
    assert held(data_dir, "tasks.csv", issues(range(100, 110))) == []


def test_a_timesheet_of_other_people_replaces_nobody_silently(data_dir: DataDir) -> None:
    load(data_dir, "team a.csv", hours(2))  # p0 and p1: 80 h
    other = hours(2).replace(",p0,", ",p8,").replace(",p1,", ",p9,")
    entry = load(data_dir, "team b.csv", other)[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.people_gone"
    details = entry["reasons"][0]["details"]
    assert (details["gone"], details["before"], details["hours"], details["examples"]) == (2, 2, "80", ["p0", "p1"])
    together = hours(2) + other.split("\n", 1)[1]
    assert held(data_dir, "both.csv", together) == []


# ---- older exports --------------------------------------------------------------------------------------------------


def test_issues_that_were_changed_since(data_dir: DataDir) -> None:
    load(data_dir, "new.csv", issues(range(10), "2026-03-20"))
    entry = load(data_dir, "old.csv", issues(range(11), "2026-03-06"))[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.older_export"
    details = entry["reasons"][0]["details"]
    assert (details["older"], details["shared"], details["added"], details["file"]) == (10, 10, 1, "new.csv")
    accept_batch(data_dir, entry["batch_id"])


def test_a_filtered_export_of_the_same_day_is_not_older(data_dir: DataDir) -> None:
    """The bugs alone were changed before the newest task was: each key is as new as it was."""
    load(data_dir, "all.csv", issues(range(10), "2026-03-06") + "YB-99,a,Task,Open,2026-01-05,2026-03-20,\n")
    assert held(data_dir, "bugs.csv", issues(range(10), "2026-03-06")) == []


def test_a_schedule_of_an_earlier_data_date(data_dir: DataDir) -> None:
    load(data_dir, "march.csv", schedule(range(5), "2026-03-31"))
    entry = load(data_dir, "february.csv", schedule(range(5), "2026-02-28"))[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.older_status_date"
    assert "2026-02-28" in entry["reasons"][0]["message"] and "2026-03-31" in entry["reasons"][0]["message"]


def test_lists_without_dates_of_change_go_by_their_names(data_dir: DataDir) -> None:
    header = "project,risk_id,title,kind,probability,raised_on,status\n"
    new, old = (header + f"YB,R1,late delivery,threat,{chance},2026-01-05,open\n" for chance in ("60%", "30%"))
    load(data_dir, "risks_2026-03-31.csv", new)
    entry = load(data_dir, "risks_2026-02-28.csv", old)[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.older_by_name"
    assert held(data_dir, "risks_2026-04-30.csv", old + "YB,R2,b,threat,10%,2026-01-05,open\n") == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [("issues-2026-03-31.csv", "issues"), ("工时 2026年3月.xlsx", "工时"), ("a/b/Export (2).csv", "export")],
)
def test_the_stem_of_a_name(name: str, expected: str) -> None:
    assert stem(name) == expected


def test_what_is_accepted_on_the_command_line_lands(data_dir: DataDir) -> None:
    load(data_dir, "a.csv", hours(6))
    entry = load(data_dir, "b.csv", hours(6, 1), accept_held=True)[0]
    assert entry["status"] == "landed" and codes(entry)[0] == "ingest.total_of_days_jumped"


def test_a_batch_that_was_undone_is_compared_with_nothing(data_dir: DataDir) -> None:
    from pipeline.ingest import undo_batch

    first = load(data_dir, "a.csv", hours(6))[0]
    undo_batch(data_dir, first["batch_id"])
    assert held(data_dir, "b.csv", hours(6, 1)) == []


def test_several_examples_are_listed_as_a_sentence_lists_them() -> None:
    assert Reason("x", "among them {examples}.", {"examples": ["p1", "p2"]}).message == "among them p1, p2."
