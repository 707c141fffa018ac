"""Words mapped on screen: listed while nobody explained them, explained once, taken back, each with a line in the audit."""

from __future__ import annotations

import ast
import re

import pytest
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.vocabulary import BatchStatus
from pipeline.ingest.dialects import dialects
from pipeline.ingest.mapped_words import map_word, mapped_words, unknown_words, unmap_word
from pipeline.store import control


def _batch(data_dir: DataDir, number: int, words: dict, status: str = BatchStatus.LANDED, system: str = "jira") -> None:
    with control.writing(data_dir) as connection:
        connection.execute(
            control.batches.insert().values(
                batch_id=f"B{number}",
                feed="issues",
                status=status,
                file_name="issues.csv",
                content_hash=str(number),
                size_bytes=1,
                source_system=system,
                mapping={},
                report={"file": "issues.csv", "status": "landed", "unknown_words": words},
                rows_accepted=1,
                rows_quarantined=0,
                covers_projects=[],
                exported_at="2026-03-14T00:00:00Z",
                landed_at="2026-03-14T00:00:00Z",
                landed_by="cli",
            )
        )


def test_words_of_all_batches_are_listed_until_they_are_mapped(data_dir: DataDir) -> None:
    _batch(data_dir, 1, {"status": {"Waiting for CAB": 12, "Parked": 2}, "labels": {"x": 9}})
    _batch(data_dir, 2, {"status": {"waiting for cab ": 3}}, system="zentao")
    _batch(data_dir, 3, {"status": {"gone": 50}}, status=BatchStatus.UNDONE)
    assert unknown_words(data_dir) == [
        {"feed": "issues", "column": "status", "word": "waiting for cab", "rows": 15, "systems": ["jira", "zentao"]},
        {"feed": "issues", "column": "status", "word": "parked", "rows": 2, "systems": ["jira"]},
    ]
    map_word(data_dir, "issues", "status", "Waiting for CAB", "in_progress")
    map_word(data_dir, "issues", "status", "Waiting for CAB", "to_do")
    assert [row["word"] for row in unknown_words(data_dir)] == ["parked"]
    assert [(row["word"], row["canonical"]) for row in mapped_words(data_dir)] == [("waiting for cab", "to_do")]
    unmap_word(data_dir, "issues", "status", "waiting for cab")
    assert mapped_words(data_dir) == []
    with control.reading(data_dir) as connection:
        notes = connection.execute(sa.select(control.audit.c.details).where(control.audit.c.action == "word")).scalars()
        assert [note.get("replaced", note.get("removed")) for note in notes] == [[], ["in_progress"], True]


def test_a_meaning_that_the_column_does_not_have_is_refused_by_name(data_dir: DataDir) -> None:
    with pytest.raises(InputError, match="to_do, in_progress, done, cancelled"):
        map_word(data_dir, "issues", "status", "Parked", "fatal")
    with pytest.raises(InputError, match="not mapped any more"):
        unmap_word(data_dir, "issues", "status", "Parked")


def test_the_warehouse_calls_unknown_what_the_lists_of_ingest_call_unknown(repository) -> None:
    """Beside the lists it knows words that ingest itself or the warehouse writes, and no others."""
    macro = (repository / "dbt_project" / "macros" / "words.sql").read_text(encoding="utf-8")
    known = {key: ast.literal_eval(words) for key, words in re.findall(r"'(\w+\.\w+)': (\[.*?\])", macro)}
    own = {
        "issues.issue_type": {"bug"},
        "issues.resolution": {"invalid"},
        "costs.kind": {"carry_forward", "drawn", "provisional"},
    }
    assert "issues.severity" in known and "test_results.outcome" in known
    for key, words in known.items():
        feed, column = key.split(".")
        listed = dialects().meanings[feed, "status_category" if key == "issues.status" else column]
        assert set(words) - own.get(key, set()) == set(listed), key
