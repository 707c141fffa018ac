"""Real exports, made by nobody on this project, read from where they lie; never copied. Skipped where they are absent."""

import datetime as dt
import os
from pathlib import Path

import polars as pl
import pytest

from models.feeds import FEEDS
from pipeline.door.recognition import recognize
from pipeline.door.source import ContentKind, source_file
from pipeline.door.tables import read_table
from pipeline.door.values import canonical_chunks, cast_chunk, table_formats

REAL = Path(os.environ.get("PLIMSOLL_REAL") or Path(__file__).resolve().parents[3] / "shared" / "real")
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"no real exports at {REAL}: set PLIMSOLL_REAL to try them")


def _read(name: str):
    table = read_table(source_file(REAL / name))
    found = recognize(table)
    feed = FEEDS[found.feed]
    formats = table_formats(table, feed, found.mapping, found.system)
    rows, rejected = [], []
    for chunk in canonical_chunks(table, feed, found.mapping):
        cast, held = cast_chunk(feed, chunk, formats)
        rows.append(cast)
        rejected += held
    frame = pl.concat(rows)
    assert len(frame) + len(rejected) + len(table.ragged) == table.records
    return table, found, frame, rejected


def test_jira_of_several_projects():
    table, found, rows, rejected = _read("issues/jira-anonymised-rueedlinger.csv")
    assert (found.feed, table.records, rejected) == ("issues", 4123, [])
    # 1,662 rows finish before they were created, as the README beside the file counts them.
    assert rows.filter(pl.col("resolved_at") < pl.col("created_at")).height == 1662


def test_change_history_is_no_list_of_issues():
    table, found, rows, _ = _read("issues/jira-change-history-aea.csv")
    assert (found.feed, table.records) == ("issue_changes", 20_061)
    assert rows["issue_key"].n_unique() == 543
    assert table.header[0] == ""


def test_story_points_say_what_is_missing():
    _, found, rows, _ = _read("issues/story-points-jirasoftware.csv")
    assert (found.feed, len(rows)) == ("issues", 352)
    assert {"status", "created_at", "resolved_at"} <= set(found.mapping.missing)
    assert rows["story_points"].null_count() == 0


def test_clockify_month():
    table, found, rows, _ = _read("timesheets/clockify-month.csv")
    assert (found.feed, found.system, table.records) == ("worklogs", "clockify", 99)
    assert found.mapping.canonical["hours"] == "Time (h)"
    assert rows["hours"].sum() == pytest.approx(77.55083, abs=0.00001)
    assert rows["work_date"].min() == dt.date(2024, 1, 3)
    assert "person" in found.mapping.missing


@pytest.mark.parametrize(
    ("folder", "pattern", "kind"),
    [
        ("coverage", "*.xml", ContentKind.XML),
        ("coverage", "*.info", ContentKind.LCOV),
        ("junit", "*.xml", ContentKind.XML),
        ("junit", "*.json", ContentKind.JSON),
        ("issues", "*.json", ContentKind.JSON),
        ("issues/jira-rest-MOD", "**/*.json", ContentKind.JSON),
    ],
)
def test_kinds(folder, pattern, kind):
    paths = sorted((REAL / folder).glob(pattern))
    assert paths
    assert {path.name for path in paths if source_file(path).kind is not kind} == set()
