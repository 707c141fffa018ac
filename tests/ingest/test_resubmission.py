"""Rejected rows go out as a file, are mended, and come back: they join their batch, and nothing is counted twice."""

from __future__ import annotations

import csv
import io
from functools import partial

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from models.words.wording import reason_text
from pipeline.ingest import accept_batch, batches, mendable_csv, quarantined, redo_batch, undo_batch
from pipeline.ingest.resubmission import MARKS, neutral, original
from tests.ingest.exports import codes, landed_rows, load

pytestmark = pytest.mark.whole  # corrected files through all of ingest

# Without ids: such a file takes the place of its project and period, so that a mended one must not do so.
HOURS = (
    "Date,Person,Project,Hours,Note\n"
    "2026-03-02,p101,YB,8,\n"
    "2026-03-02,p102,YB,99,=cmd()\n"
    "2026-03-03,p101,YB,7.5,\n"
    '2026-03-03,p102,YB,-1,"-5"\n'
)


def rejected(data_dir: DataDir, batch_id: str) -> list[list[str]]:
    content = mendable_csv(data_dir, batch_id)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_file(rows: list[list[str]], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def mended(data_dir: DataDir, batch_id: str, **hours: str) -> bytes:
    """The file with the hours of these people put right."""
    rows = rejected(data_dir, batch_id)
    for row in rows[1:]:
        row[3] = hours.get(row[1], row[3])
    return as_file(rows)


def counting_hours(data_dir: DataDir) -> list[tuple]:
    files = [
        data_dir.landed_file("worklogs", batch.batch_id) for batch in batches(data_dir) if batch.status == "landed"
    ]
    rows = pl.concat([pl.read_parquet(path) for path in files])
    return sorted(rows.select("source_row", "person", "hours").rows())


def test_the_file_has_the_original_cells_and_three_columns_of_ours(data_dir: DataDir) -> None:
    entry = load(data_dir, "hours.csv", HOURS)[0]
    rows = rejected(data_dir, entry["batch_id"])
    assert rows[0] == ["Date", "Person", "Project", "Hours", "Note", *MARKS]
    assert [row[:4] for row in rows[1:]] == [["2026-03-02", "p102", "YB", "99"], ["2026-03-03", "p102", "YB", "-1"]]
    assert [row[4] for row in rows[1:]] == ["'=cmd()", "-5"]  # a formula is neutral, a number stays one
    assert [row[5] for row in rows[1:]] == ["3", "5"]
    assert all(row[6] and row[7] == entry["batch_id"] for row in rows[1:])


def test_reasons_are_in_the_language_of_the_reader_and_in_english_where_an_earlier_version_held_the_rows_back(
    data_dir: DataDir,
) -> None:
    batch_id = load(data_dir, "hours.csv", HOURS)[0]["batch_id"]

    def reasons() -> list[str]:
        text = mendable_csv(data_dir, batch_id, said=partial(reason_text, language="zh")).decode("utf-8-sig")
        return [row[6] for row in list(csv.reader(io.StringIO(text, newline="")))[1:]]

    english = [row[6] for row in rejected(data_dir, batch_id)[1:]]
    assert len(english) == len(reasons()) == 2
    assert all(text.isascii() for text in english) and not any(text.isascii() for text in reasons())
    kept = data_dir.quarantine_file(batch_id)
    pl.read_parquet(kept).drop("message").write_parquet(kept)
    assert reasons() == english
    assert quarantined(data_dir, batch_id)["message"].to_list() == [None, None]


def test_mended_rows_join_their_batch_with_their_old_lines(data_dir: DataDir) -> None:
    first = load(data_dir, "hours.csv", HOURS)[0]
    entry = load(data_dir, "mended.csv", mended(data_dir, first["batch_id"], p102="4"))[0]
    assert (entry["status"], entry["rows_accepted"], entry["rows_quarantined"]) == ("landed", 2, 0)
    assert codes(entry)[0] == "ingest.mends_batch" and "ingest.replaces_period" not in codes(entry)
    assert not any(name in MARKS for name in entry["columns_unmapped"])
    rows = landed_rows(data_dir, entry)
    assert set(rows["batch_id"]) == {first["batch_id"]}
    assert counting_hours(data_dir) == [(2, "p101", 8.0), (3, "p102", 4.0), (4, "p101", 7.5), (5, "p102", 4.0)]
    assert entry["totals_before"]["hours"] == 15.5 and entry["totals_after"]["hours"] == 23.5
    assert quarantined(data_dir).is_empty()


def test_a_file_mended_in_two_steps_counts_every_row_once(data_dir: DataDir) -> None:
    first = load(data_dir, "hours.csv", HOURS)[0]
    rows = rejected(data_dir, first["batch_id"])
    rows[1][3] = "4"  # one of two is put right
    part = load(data_dir, "mended.csv", as_file(rows))[0]
    assert (part["rows_accepted"], part["rows_quarantined"]) == (1, 1)
    # Going on in the same spreadsheet brings the first row again; the rejected row of the mended file knows its old line.
    rows[2][3] = "5"
    whole = load(data_dir, "mended.csv", as_file(rows))[0]
    assert (whole["rows_accepted"], whole["rows_duplicate"]) == (1, 1)
    assert [row[5:] for row in rejected(data_dir, part["batch_id"])[1:]][0][0] == "5"
    assert rejected(data_dir, part["batch_id"])[1][7] == first["batch_id"]
    third = load(data_dir, "again.csv", mended(data_dir, part["batch_id"], p102="6"))[0]
    assert third["status"] == "refused" and codes(third) == ["ingest.mended_before"]
    assert [hours for _line, _person, hours in counting_hours(data_dir)] == [8.0, 4.0, 7.5, 5.0]


def test_what_a_spreadsheet_does_to_a_file_is_read(data_dir: DataDir) -> None:
    first = load(data_dir, "工时.csv", "日期,人员,项目,工时\n2026-03-02,张三,YB,-9\n2026-03-03,张三,YB,8\n")[0]
    rows = rejected(data_dir, first["batch_id"])
    rows[1][0], rows[1][3] = "2026/3/2", "9"  # Excel writes dates its own way, and saves in the machine's code page
    entry = load(data_dir, "mended.csv", as_file(rows, "gb18030"))[0]
    assert landed_rows(data_dir, entry)["work_date"].to_list()[0].isoformat() == "2026-03-02"


def test_a_mended_file_is_read_with_the_mapping_of_its_batch(data_dir: DataDir) -> None:
    mapping = {"Tag": "work_date", "Wer": "person", "Was": "project", "Wieviel": "hours"}
    content = "Tag,Wer,Was,Wieviel\n2026-03-02,p1,YB,8\n2026-03-02,p2,YB,-9\n"
    first = load(data_dir, "zeiten.csv", content, feed="worklogs", mapping=mapping)[0]
    rows = rejected(data_dir, first["batch_id"])
    rows[1][3] = "1"
    entry = load(data_dir, "mended.csv", as_file(rows))[0]
    assert (entry["status"], entry["columns_mapped"]) == ("landed", mapping)


def test_ragged_rows_keep_all_their_cells(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n2026-03-02,p1,YB,8\n2026-03-03,p1,extra,YB,8\n2026-03-04,p1\n"
    first = load(data_dir, "hours.csv", content)[0]
    rows = rejected(data_dir, first["batch_id"])
    assert rows[0] == ["Date", "Person", "Project", "Hours", "", *MARKS]
    assert rows[1][:5] == ["2026-03-03", "p1", "extra", "YB", "8"]
    rows[1][2:5] = ["YB", "8", ""]
    rows[2][2:4] = ["YB", "3"]
    entry = load(data_dir, "mended.csv", as_file(rows))[0]
    assert entry["rows_accepted"] == 2


def test_worklogs_of_issues_are_mended_without_their_issues(data_dir: DataDir) -> None:
    content = (
        "Issue key,Issue Type,Status,Project key,Created,Log Work,Log Work\n"
        "YB-1,Bug,Open,YB,2026-03-01,;02/Mar/26 9:00 AM;p1;28800,;03/Mar/26 9:00 AM;p1;999999\n"
    )
    issues, worklogs = load(data_dir, "issues.csv", content)
    assert (worklogs["rows_accepted"], worklogs["rows_quarantined"]) == (1, 1)
    rows = rejected(data_dir, worklogs["batch_id"])
    hours = rows[0].index("hours")
    for row in rows[1:]:
        row[hours] = "7" if float(row[hours]) > 24 else row[hours]
    entries = load(data_dir, "mended.csv", as_file(rows))
    assert [entry["feed"] for entry in entries] == ["worklogs"]
    assert sorted(landed_rows(data_dir, entries[0])["hours"]) == [7.0]
    assert issues["status"] == "landed"


def test_undoing_a_batch_takes_its_mended_rows_along(data_dir: DataDir) -> None:
    first = load(data_dir, "hours.csv", HOURS)[0]
    content = mended(data_dir, first["batch_id"], p102="4")
    entry = load(data_dir, "mended.csv", content)[0]
    undo_batch(data_dir, first["batch_id"])
    assert {batch.status for batch in batches(data_dir)} == {"undone"}
    with pytest.raises(Exception, match="Redo that one first"):
        redo_batch(data_dir, entry["batch_id"])
    other = load(data_dir, "other.csv", content.replace(b",4,", b",5,"))[0]
    assert codes(other) == ["ingest.mends_not_landed"]
    redo_batch(data_dir, first["batch_id"])
    redo_batch(data_dir, entry["batch_id"])
    assert len(counting_hours(data_dir)) == 4


def test_a_file_of_another_house_or_of_two_batches_is_refused(data_dir: DataDir) -> None:
    first = load(data_dir, "hours.csv", HOURS)[0]
    rows = rejected(data_dir, first["batch_id"])
    rows[1][7] = "20200101T000000-worklogs-00000000"
    assert codes(load(data_dir, "two.csv", as_file(rows))[0]) == ["ingest.mends_several"]
    rows[2][7] = rows[1][7]
    assert codes(load(data_dir, "other.csv", as_file(rows))[0]) == ["ingest.mends_unknown"]


def test_rows_of_a_held_batch_wait_for_it(data_dir: DataDir) -> None:
    first = load(data_dir, "hours.csv", HOURS + "<html><body>502</body></html>\n")[0]
    content = mended(data_dir, first["batch_id"], p102="4")
    assert codes(load(data_dir, "mended.csv", content)[0]) == ["ingest.mends_not_landed"]
    accept_batch(data_dir, first["batch_id"])
    assert load(data_dir, "mended.csv", content)[0]["rows_accepted"] == 2


@pytest.mark.parametrize("text", ["=1+1", "'=1", "''@x", "-5", "- note", "plain", "+49 170", "\t=x", "＝x", "'quoted'"])
def test_neutral_text_comes_back_as_it_was(text: str) -> None:
    out = neutral(text)
    assert out == text or out.startswith("'")
    assert pl.select(original(pl.lit(out))).item() == text


def test_a_batch_read_again_gives_way_in_one_step(data_dir: DataDir) -> None:
    content = "Date,Person,Project,Hours\n01/02/2026,p1,YB,8\n01/02/2026,p2,YB,-9\n"
    first = load(data_dir, "hours.csv", content, date_order="dmy")[0]
    assert load(data_dir, "hours.csv", content, date_order="mdy", dry_run=True)[0]["status"] == "unchanged"
    tried = load(data_dir, "hours.csv", content, date_order="mdy", again=True, dry_run=True)[0]
    assert tried["status"] == "landed" and tried["covers"]["from"] == "2026-01-02"
    assert "ingest.replaces_period" not in codes(tried)
    assert tried["totals_before"]["hours"] == tried["totals_after"]["hours"] == 8
    load(data_dir, "mended.csv", mended(data_dir, first["batch_id"], p2="2"))
    second = load(data_dir, "hours.csv", content, date_order="mdy", again=True)[0]
    status = {batch.batch_id: batch.status for batch in batches(data_dir)}
    assert status[first["batch_id"]] == "undone" and status[second["batch_id"]] == "landed"
    assert sorted(status.values()) == ["landed", "undone", "undone"]  # the mended rows went with the first
