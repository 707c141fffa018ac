"""Jira's CSV where it is not tidy: lists, links, parents by number, footers, shifted rows, words that nobody knows."""
# ruff: noqa: E501 (a line of an export is one line)

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline.ingest.dialects.links import issue_link
from pipeline.ingest.values.cleaning import list_of
from tests.ingest.exports import landed_rows, load

HEAD = "Issue key,Issue id,Summary,Issue Type,Status,Created"


def issues(data_dir: DataDir, header: str, *rows: str, name: str = "jira.csv") -> tuple[dict, list[dict]]:
    entry = load(data_dir, name, "\n".join([header, *rows]) + "\n")[0]
    return entry, landed_rows(data_dir, entry).sort("source_row").to_dicts()


def test_a_single_comment_column_is_one_element_whatever_it_holds(data_dir: DataDir) -> None:
    _, rows = issues(
        data_dir,
        f"{HEAD},Comment,Attachment,Watchers,Sprint,Fix Version/s",
        'A-1,1,a,Bug,Open,2026-01-05 09:00,"2026-01-06 09:00;p1;one; two, three\n\nfour|five",2026-01-06;p1;a,p7,"Sprint 1, late","1.0, hotfix"'.replace(
            ";a,p7", ";a b.png,p7"
        ),
        'A-2,2,b,Bug,Open,2026-01-05 09:00,"-",,,,',
    )
    assert rows[0]["comments"] == ["2026-01-06 09:00;p1;one; two, three\n\nfour|five"]
    assert rows[0]["attachments"] == ["2026-01-06;p1;a b.png"] and rows[0]["watchers"] == ["p7"]
    assert rows[0]["sprints"] == ["Sprint 1, late"] and rows[0]["fix_versions"] == ["1.0, hotfix"]
    assert rows[1]["comments"] is None and rows[1]["sprints"] is None


def test_two_comments_alike_are_two() -> None:
    cells = pl.Series([["2026-01-06;p1;ping", "2026-01-06;p1;ping"], []])
    assert list_of(cells, "jira", "comments").to_list() == [["2026-01-06;p1;ping"] * 2, None]
    assert list_of(cells, "jira", "labels").to_list() == [["2026-01-06;p1;ping"], None]


def test_links_of_several_types_and_columns(data_dir: DataDir) -> None:
    entry, rows = issues(
        data_dir,
        f"{HEAD},Outward issue link (Blocks),Outward issue link (Blocks),Inward issue link (Cloners),Affects Version/s",
        "A-1,1,a,Bug,Open,2026-01-05 09:00,A-2, A-3 ,A-4,1.0",
        "A-2,2,b,Bug,Open,2026-01-05 09:00,,,,",
    )
    assert rows[0]["links"] == ["Blocks → A-2", "Blocks → A-3", "Cloners ← A-4"] and rows[1]["links"] is None
    assert entry["columns_mapped"]["Outward issue link (Blocks)"] == "links"
    assert entry["columns_unmapped"] == ["Issue id", "Affects Version/s"]  # not read, and said so


@pytest.mark.parametrize(
    ("header", "link"),
    [
        ("Outward issue link (Problem/Incident)", ("Problem/Incident", "→")),
        ("重复ID", ("Duplicate", "→")),  # ZenTao
        ("Duplicate of", ("Duplicate", "→")),
        ("Duplicate", None),  # yes or no
        ("Enlace de incidencia hacia dentro (Relates)", ("Relates", "←")),
        ("Custom field (Link)", None),
        ("Component(s)", None),
        ("External link (URL)", ("URL", "→")),
    ],
)
def test_link_headers(header: str, link: tuple[str, str] | None) -> None:
    assert issue_link(header) == link


def test_a_sprint_as_server_6_prints_it(data_dir: DataDir) -> None:
    _, rows = issues(
        data_dir,
        f"{HEAD},Custom field (Sprint)",
        'A-1,1,a,Bug,Open,2026-01-05 09:00,"com.atlassian.greenhopper.service.sprint.Sprint@1b[id=7,rapidViewId=2,state=CLOSED,name=Sprint 7,startDate=x]"',
    )
    assert rows[0]["sprints"] == ["Sprint 7"]


def test_parents_by_number_by_key_and_by_epic(data_dir: DataDir) -> None:
    _, rows = issues(
        data_dir,
        f"{HEAD},Parent id,Custom field (Epic Link)",
        "A-1,101,epic,Epic,Open,2026-01-05 09:00,,",
        "A-2,102,story,Story,Open,2026-01-05 09:00,,A-1",
        "A-3,103,part,Sub-task,Open,2026-01-05 09:00,102,",
        "A-4,104,part of another export,Sub-task,Open,2026-01-05 09:00,999,",
    )
    assert [row["parent_key"] for row in rows] == [None, "A-1", "A-2", "999"]


def test_footer_shifted_row_and_a_key_with_a_blank(data_dir: DataDir) -> None:
    entry, rows = issues(
        data_dir,
        f"{HEAD},Resolved",
        "A-1,101,a,Bug,Done,04/Dec/25 10:57 AM,",
        "A-1 ,101,a,Bug,Done,04/Dec/25 10:57 AM,",
        "A-2,102,b,Bug,Done,04/Dec/25 10:57 AM,",
        "oops,A-3,103,c,Bug,Done,04/Dec/25 10:57 AM",
        "Generated at Wed Sep 24 10:00:00 UTC 2025 by somebody using Jira 6.3.,,,,,,",
    )
    assert [row["issue_key"] for row in rows] == ["A-1", "A-2"]
    assert (entry["rows_read"], entry["rows_duplicate"], entry["rows_quarantined"]) == (4, 1, 1)
    assert [skipped["rule"] for skipped in entry["left_out"]] == ["footer"]
    assert [(held["source_row"], held["column"]) for held in entry["held_preview"]] == [(5, "issue_key")]
    assert rows[0]["resolved_at"] is None and rows[0]["status_category"] == "done"  # done, and nobody knows when


def test_worklog_cells_in_their_forms(data_dir: DataDir) -> None:
    content = (
        f"{HEAD},Log Work,Log Work,Log Work\n"
        "A-1,1,a,Bug,Open,05/Jan/26 9:00 AM,;06/Jan/26 9:00 AM;5a0:f58131cb-b67d;3600,"
        '"long; and\nwide;07/Jan/26 9:00 AM;p1;1800",08/Jan/26 9:00 AM;p1;900\n'
    )
    worklogs = next(entry for entry in load(data_dir, "jira.csv", content) if entry["feed"] == "worklogs")
    rows = landed_rows(data_dir, worklogs).sort("work_date")
    assert rows.select("person", "work_date", "hours", "description").rows() == [
        ("5a0:f58131cb-b67d", dt.date(2026, 1, 6), 1.0, None),
        ("p1", dt.date(2026, 1, 7), 0.5, "long; and\nwide"),
        ("p1", dt.date(2026, 1, 8), 0.25, None),  # without a place for the comment
    ]


def test_an_export_of_all_fields_is_recognized_whatever_the_others_are_called(data_dir: DataDir) -> None:
    header = HEAD + "," + ",".join(f"Custom field (Team field {n})" for n in range(150))
    header += "," + ",".join(f"Plugin column {n}" for n in range(60))
    entry, rows = issues(data_dir, header, "A-1,1,a,Bug,Open,2026-01-05 09:00" + "," * 210)
    assert entry["feed"] == "issues" and entry["system"] == "jira" and len(rows) == 1
    assert len(entry["columns_unmapped"]) == 211


def test_words_that_no_vocabulary_knows_are_counted(data_dir: DataDir) -> None:
    entry, rows = issues(
        data_dir,
        f"{HEAD},Status Category,Priority,Resolution",
        "A-1,1,a,Spike,Triage,2026-01-05 09:00,,Whenever,Moved",
        "A-2,2,b,spike,Triage,2026-01-05 09:00,To Do,High,",
        "A-3,3,c,Bug,Parked,2026-01-05 09:00,In Progress,,",
    )
    # the state counts only where the export holds no category for it
    assert entry["unknown_words"] == {
        "issue_type": {"Spike": 2},
        "status": {"Triage": 1},
        "priority": {"Whenever": 1},
        "resolution": {"Moved": 1},
    }
    assert [row["status_category"] for row in rows] == [None, "to_do", "in_progress"]
    assert rows[0]["priority"] == "whenever"


def test_closed_is_not_done_where_it_was_cancelled(data_dir: DataDir) -> None:
    _, rows = issues(
        data_dir,
        f"{HEAD},Resolution",
        *(
            f"A-{number},{number},a,Tarefa,Concluído,2026-01-05 09:00,{resolution}"
            for number, resolution in enumerate(
                ("Cancelado", "Duplicado", "Não será feito", "Itens concluídos", "N/A"), 1
            )
        ),
    )
    assert [(row["status_category"], row["resolution"]) for row in rows] == [
        ("cancelled", "cancelled"),
        ("done", "duplicate"),
        ("done", "wont_fix"),
        ("done", "done"),
        ("done", None),
    ]


def test_words_of_rows_held_back_are_not_asked_about(data_dir: DataDir) -> None:
    content = (
        "Issue key,Issue Type,Status,Priority,Project key,Created\n"
        "YB-1,Support Ticket,Open,High,YB,2026-01-05\n"
        "YB-2,Open,High,YB,2026-01-06,someone\n"  # moved one column to the left by a spreadsheet
    )
    entry = load(data_dir, "issues.csv", content)[0]
    assert entry["rows_quarantined"] == 1
    assert entry["unknown_words"] == {"issue_type": {"Support Ticket": 1}}
