"""Undo, redo, accept, held back: what is landed, and what can be done with it."""

from __future__ import annotations

import polars as pl
import pytest
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.ingest import accept_batch, batches, quarantined, redo_batch, save_mapping_profile, undo_batch, undone
from pipeline.store import control
from tests.ingest.exports import TIMESHEET, codes, landed_rows, load


def actions(data_dir: DataDir) -> list[tuple[str, str]]:
    with control.reading(data_dir) as connection:
        rows = connection.execute(
            sa.select(control.audit.c.action, control.audit.c.actor).order_by(control.audit.c.audit_id)
        )
        return [tuple(row) for row in rows]


def test_undo_and_redo_leave_a_line_each(data_dir: DataDir) -> None:
    batch = load(data_dir, "hours.csv", TIMESHEET)[0]["batch_id"]
    undo_batch(data_dir, batch, "screen")
    assert [listed.status for listed in batches(data_dir)] == ["undone"]
    redo_batch(data_dir, batch, "cli")
    assert [listed.status for listed in batches(data_dir)] == ["landed"]
    assert actions(data_dir) == [("load", "cli"), ("undo", "screen"), ("redo", "cli")]


def test_a_file_undone_is_told_with_its_day_and_projects_until_it_is_redone(data_dir: DataDir) -> None:
    batch = load(data_dir, "hours.csv", TIMESHEET, project="A")[0]["batch_id"]
    assert undone(data_dir) == []
    undo_batch(data_dir, batch, "screen")
    redo_batch(data_dir, batch, "cli")
    undo_batch(data_dir, batch, "screen")
    with control.reading(data_dir) as connection:
        last = connection.execute(sa.select(sa.func.max(control.audit.c.at))).scalar_one()  # of the second undoing
    (file,) = undone(data_dir)
    assert (file.file_name, file.undone_at, "A" in file.projects) == ("hours.csv", last, True)
    redo_batch(data_dir, batch, "cli")
    assert undone(data_dir) == []


def test_what_cannot_be_done_says_why(data_dir: DataDir) -> None:
    batch = load(data_dir, "hours.csv", TIMESHEET)[0]["batch_id"]
    for verb in (redo_batch, accept_batch):
        with pytest.raises(InputError) as error:
            verb(data_dir, batch, "cli")
        assert error.value.code == "ingest.batch_cannot_move" and "hours.csv" in str(error.value)
    with pytest.raises(InputError, match="There is no batch nonsense"):
        undo_batch(data_dir, "nonsense", "cli")


def test_redo_never_counts_a_file_twice(data_dir: DataDir) -> None:
    first = load(data_dir, "hours.csv", TIMESHEET, project="A")[0]["batch_id"]
    undo_batch(data_dir, first, "cli")
    second = load(data_dir, "hours.csv", TIMESHEET, project="B")[0][
        "batch_id"
    ]  # the same bytes, read for another project
    assert first != second
    with pytest.raises(InputError) as error:
        redo_batch(data_dir, first, "cli")
    assert error.value.code == "ingest.already_landed_as" and error.value.details["other"] == second


def test_redo_needs_the_landed_file(data_dir: DataDir) -> None:
    batch = load(data_dir, "hours.csv", TIMESHEET)[0]["batch_id"]
    undo_batch(data_dir, batch, "cli")
    data_dir.landed_file("worklogs", batch).unlink()
    with pytest.raises(InputError) as error:
        redo_batch(data_dir, batch, "cli")
    assert error.value.code == "ingest.landed_file_gone"


def test_quarantined_rows_with_their_text(data_dir: DataDir) -> None:
    content = TIMESHEET + "2026-03-04,p103,YB,25\nyesterday,p104,YB,8\n"
    entry = load(data_dir, "hours.csv", content)[0]
    rows = quarantined(data_dir, entry["batch_id"])
    told = ["batch_id", "feed", "file_name", "source_row", "column", "reason", "value", "raw", "message"]
    assert rows.columns == told
    assert sorted(rows.select("source_row", "column", "value", "raw").rows()) == [
        (5, "hours", "25", "2026-03-04,p103,YB,25"),
        (6, "work_date", "yesterday", "yesterday,p104,YB,8"),
    ]
    undo_batch(data_dir, entry["batch_id"], "cli")
    assert quarantined(data_dir).is_empty()


def test_nothing_loaded_yet(data_dir: DataDir) -> None:
    assert batches(data_dir) == [] and quarantined(data_dir).is_empty()


def test_a_saved_profile_reads_the_same_headers_again(data_dir: DataDir) -> None:
    odd = "Qa,Qb,Qc,Qd\n2026-03-02,p101,YB,8\n"
    assert load(data_dir, "odd.csv", odd, feed="worklogs")[0]["status"] == "refused"
    mapping = {"Qa": "work_date", "Qb": "person", "Qc": "project", "Qd": "hours"}
    assert load(data_dir, "odd.csv", odd, feed="worklogs", mapping=mapping, dry_run=True)[0]["status"] == "landed"
    save_mapping_profile(data_dir, "odd tool", feed="worklogs", mapping=mapping)
    entry = load(data_dir, "odd.csv", odd)[0]
    assert entry["status"] == "landed" and "ingest.profile_used" in codes(entry)
    assert landed_rows(data_dir, entry).select("person", "project", "hours").row(0) == ("p101", "YB", 8.0)
    by_name = load(data_dir, "more.csv", odd + "2026-03-03,p101,YB,4\n", mapping="odd tool")[0]
    assert by_name["rows_accepted"] == 2
    assert load(data_dir, "x.csv", odd, mapping="no such")[0]["reasons"][0]["code"] == "ingest.already_loaded"
    assert codes(load(data_dir, "x.csv", odd + "\n2026-03-05,p1,YB,1\n", mapping="no such")[0]) == [
        "ingest.unknown_profile"
    ]


def issues(*keys: int, updated: str = "2026-01-06") -> str:
    rows = "".join(f"YB-{key},a,Bug,Open,2026-01-05,{updated}\n" for key in keys)
    return "Issue key,Summary,Issue Type,Status,Created,Updated\n" + rows


def test_exactly_a_thousand_issues_are_held_until_accepted(data_dir: DataDir) -> None:
    entry = load(data_dir, "issues.csv", issues(*range(1, 1001)))[0]
    assert entry["status"] == "held" and codes(entry)[0] == "ingest.exactly_one_page"
    assert batches(data_dir)[0].status == "held"
    again = load(data_dir, "issues.csv", issues(*range(1, 1001)))[0]
    assert again["status"] == "unchanged" and again["batch_id"] == entry["batch_id"]
    accept_batch(data_dir, entry["batch_id"], "cli")
    assert batches(data_dir)[0].status == "landed"


def test_keys_gone_since_the_last_export_are_held(data_dir: DataDir) -> None:
    load(data_dir, "issues.csv", issues(*range(1, 11)))
    fewer = load(data_dir, "issues.csv", issues(*range(1, 8)))[0]  # 3 of 10 are gone: more than a fifth
    assert fewer["status"] == "held" and codes(fewer)[0] == "ingest.keys_gone"
    assert fewer["reasons"][0]["details"]["first"] == "YB-10"
    enough = load(data_dir, "issues.csv", issues(*range(1, 9)))[0]  # 2 of 10: a fifth
    assert enough["status"] == "landed"


def test_the_rows_that_a_corrected_timesheet_replaces_are_said(data_dir: DataDir) -> None:
    first = load(data_dir, "march.csv", TIMESHEET)[0]
    corrected = load(data_dir, "march.csv", TIMESHEET.replace("7.5", "6"))[0]
    reason = next(told for told in corrected["reasons"] if told["code"] == "ingest.replaces_period")
    assert (reason["details"]["rows"], reason["details"]["of"], reason["details"]["batch_id"]) == (
        3,
        3,
        first["batch_id"],
    )


def test_newer_rows_of_the_same_keys_are_said(data_dir: DataDir) -> None:
    load(data_dir, "issues.csv", issues(1, 2, 3))
    entry = load(data_dir, "issues.csv", issues(2, 3, 4, 1, updated="2026-01-09"))[0]
    reason = next(told for told in entry["reasons"] if told["code"] == "ingest.same_keys")
    assert reason["details"]["rows"] == 3


def test_of_repeated_keys_the_newest_counts(data_dir: DataDir) -> None:
    header = "Issue key,Summary,Issue Type,Status,Created,Updated\n"
    content = header + (
        "A-1,old,Bug,Open,2026-01-05,2026-01-06\n"
        "A-1,new,Bug,Closed,2026-01-05,2026-01-08\n"
        "A-2,same,Bug,Open,2026-01-05,2026-01-06\n"
        "A-2,same,Bug,Open,2026-01-05,2026-01-06\n"
        "A-3,one way,Bug,Open,2026-01-05,2026-01-06\n"
        "A-3,another,Bug,Open,2026-01-05,2026-01-06\n"
    )
    entry = load(data_dir, "issues.csv", content)[0]
    # A-1 old and one A-2 are repetitions; of A-3 nobody can tell which is right: the last counts, the other is shown.
    assert (entry["rows_read"], entry["rows_accepted"], entry["rows_duplicate"], entry["rows_quarantined"]) == (
        6,
        3,
        2,
        1,
    )
    rows = landed_rows(data_dir, entry).sort("issue_key")
    assert rows["summary"].to_list() == ["new", "same", "another"]
    assert quarantined(data_dir)["raw"].to_list() == ["A-3,one way,Bug,Open,2026-01-05,2026-01-06"]


def test_landed_files_have_exactly_the_columns_of_their_feed(data_dir: DataDir) -> None:
    from models.feeds import FEEDS

    entry = load(data_dir, "hours.csv", TIMESHEET)[0]
    assert dict(landed_rows(data_dir, entry).schema) == FEEDS["worklogs"].schema()
    assert landed_rows(data_dir, entry)["batch_id"].unique().to_list() == [entry["batch_id"]]
    assert pl.read_parquet_schema(data_dir.landed_file("worklogs", entry["batch_id"]))["source_row"] == pl.Int64


def test_a_report_of_another_version_is_read_as_far_as_it_goes(data_dir: DataDir) -> None:
    """A key that this version does not know is passed over; one that is absent has its usual value, and stays absent."""
    load(data_dir, "hours.csv", TIMESHEET)
    said = {"code": "ingest.x", "message": "2 rows", "template": "{rows} rows", "details": {"rows": 2}}
    report = {"file": "hours.csv", "status": "landed", "reasons": [said], "mood": "good"}
    with control.writing(data_dir) as connection:
        connection.execute(control.batches.update().values(report=report))
    (batch,) = batches(data_dir)
    assert (batch.report.reasons[0].message, batch.report.checks, batch.report.projects) == ("2 rows", [], [])
    assert batch.as_json()["report"] == {"file": "hours.csv", "status": "landed", "reasons": [said]}
