"""Headers with other separators, a unit, a zone or a word around a known name; what the brackets say is used."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects.names import unit_of_header, zone_of
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.mapping.recognition import recognize
from tests.ingest.exports import codes, landed_rows, load


def columns_of(*header: str, feed: str = "issues") -> dict[str, str]:
    return recognize(RawTable("list.csv", header), PLUGINS, feed).mapping.columns_mapped


@pytest.mark.parametrize(
    ("header", "canonical"),
    [
        ("creation-date", "created_at"),
        ("resolution_date", "resolved_at"),
        ("createdAt", "created_at"),
        ("Created At (UTC)", "created_at"),
        ("Closed.Date", "closed_at"),
        ("Ticket Status", "status"),
        ("Issue Priority", "priority"),
        ("Due-Date", "due_on"),
        ("Updated Date/Time", "updated_at"),
        ("timeSpent (min)", "time_spent_hours"),
        ("time_spent_seconds", "time_spent_hours"),
        ("Time Estimate", "original_estimate_hours"),
        ("缺陷状态", "status"),
        ("创建时间(UTC)", "created_at"),
        ("Parent task", "parent_key"),
    ],
)
def test_a_known_name_is_known_in_other_clothes(header: str, canonical: str) -> None:
    assert columns_of("Issue key", header)[header] == canonical


@pytest.mark.parametrize("key", ["#", "Ticket #", "ticket-id", "issue_key", "IssueKey", "Item ID"])
def test_the_number_of_an_issue_is_its_key(key: str) -> None:
    assert columns_of(key, "Status", "Priority", "Assignee")[key] == "issue_key"


def test_an_exact_name_is_meant_before_one_in_other_clothes() -> None:
    columns = columns_of("Issue key", "Created", "Created (UTC)", "Status", "Issue Status")
    assert columns["Created"] == "created_at" and "Created (UTC)" not in columns
    assert columns["Status"] == "status" and "Issue Status" not in columns


def test_a_bracket_that_says_what_an_amount_counts_is_no_decoration() -> None:
    columns = columns_of("Project", "Category", "Date", "Amount", "Amount (USD)", feed="costs")
    assert columns["Amount"] == "amount" and "Amount (USD)" not in columns
    assert "Duration (ms)" not in columns_of("Test case", "Outcome", "Duration (ms)", feed="test_results")


@pytest.mark.parametrize(
    ("header", "zone"),
    [
        ("Created (UTC)", ("UTC", None)),
        ("created_utc", ("UTC", None)),
        ("Started [GMT+8]", ("Etc/GMT-8", None)),
        ("Started (UTC-05:00)", ("Etc/GMT+5", None)),
        ("Started (Europe/Berlin)", ("Europe/Berlin", None)),
        ("创建时间（北京时间）", ("Asia/Shanghai", None)),
        ("Created (CST)", (None, "CST")),  # China, Chicago or Cuba
        ("Created", (None, None)),
        ("Created (by)", (None, None)),
    ],
)
def test_the_zone_in_a_header(header: str, zone: tuple[str | None, str | None]) -> None:
    assert zone_of(header) == zone


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("time_spent_sec", "seconds"),
        ("Time (ms)", "milliseconds"),
        ("durationMillis", "milliseconds"),
        ("Effort_mins", "minutes"),
        ("工时(分钟)", "minutes"),
        ("Effort (h)", None),
        ("Minutes of meeting taken by", "minutes"),
    ],
)
def test_the_unit_in_a_header(header: str, unit: str | None) -> None:
    assert unit_of_header(header) == unit


def test_instants_are_in_the_zone_that_their_header_names(data_dir) -> None:
    """18:00 UTC on 1 March is 02:00 on 2 March in Shanghai, where the installation stands; `Updated` names no zone."""
    text = "Issue key,Status,Created At (UTC),Updated\nYB-1,Open,2026-03-01 18:00:00,2026-03-01 18:00:00\n"
    row = landed_rows(data_dir, load(data_dir, "list.csv", text)[0]).row(0, named=True)
    assert row["created_at"] == dt.datetime(2026, 3, 1, 18)
    assert row["updated_at"] == dt.datetime(2026, 3, 1, 10)  # 18:00 − 8 h


def test_a_day_counts_where_the_project_is(data_dir) -> None:
    """Two hours begun at 18:00 UTC on 1 March belong to 2 March in Shanghai; a day without a time stays that day."""
    text = "Started (UTC),User,Project,Hours\n2026-03-01 18:00,ada,YB,2\n2026-03-05,ada,YB,3\n"
    rows = landed_rows(data_dir, load(data_dir, "hours.csv", text)[0])
    assert rows["work_date"].to_list() == [dt.date(2026, 3, 2), dt.date(2026, 3, 5)]


def test_a_zone_that_several_countries_use_is_said(data_dir) -> None:
    entry = load(data_dir, "list.csv", "Issue key,Status,Created (CST)\nYB-1,Open,2026-03-01 18:00:00\n")[0]
    assert "ingest.zone_unread" in codes(entry)


def test_minutes_and_milliseconds_in_the_header(data_dir) -> None:
    """90 min = 1.5 h; 5,400,000 ms = 1.5 h."""
    text = "Issue key,Status,time_spent_min,Original Estimate (ms)\nYB-1,Open,90,5400000\n"
    row = landed_rows(data_dir, load(data_dir, "list.csv", text)[0]).row(0, named=True)
    assert (row["time_spent_hours"], row["original_estimate_hours"]) == (1.5, 1.5)
