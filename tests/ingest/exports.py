"""Small exports that the tests of ingest write by hand, and how they load them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from models.builds.data_dir import DataDir
from models.intake import Batch
from pipeline import ingest
from pipeline.cli.output.answers import LoadAnswer
from pipeline.ingest import LoadOptions
from pipeline.ingest.files.source import SourceFile, source_file

TIMESHEET = "Date,Person,Project,Hours\n2026-03-02,p101,YB,8\n2026-03-03,p101,YB,7.5\n2026-03-03,p102,YB,4\n"


def load(data_dir: DataDir, name: str, content: str | bytes, **options: object) -> list[dict]:
    """Loads content as a file of that name; one report per feed, as `load --json` prints it."""
    raw = content.encode() if isinstance(content, str) else content
    return load_bytes(data_dir, name, raw, LoadOptions(**options))


def load_bytes(data_dir: DataDir, *given: object) -> list[dict]:
    return LoadAnswer(files=ingest.load_bytes(data_dir, *given)).as_json()["files"]


def load_paths(data_dir: DataDir, *given: object) -> list[dict]:
    return LoadAnswer(files=ingest.load_paths(data_dir, *given)).as_json()["files"]


def a_batch(batch_id: str, status: str = "landed", **columns: object) -> Batch:
    """A batch as the control store holds it, of nothing but what is given."""
    row = {
        "batch_id": batch_id, "feed": "worklogs", "status": status, "file_name": "a.csv", "content_hash": "0", "size_bytes": 1,
        "source_system": "generic", "project_hint": None, "mapping": {}, "report": {"file": "a.csv", "status": "landed"},
        "rows_accepted": 1, "rows_quarantined": 0, "covers_projects": [], "covers_from": None, "covers_to": None,
        "is_full_snapshot": 0, "snapshot_scope": None, "exported_at": "2026-03-01T00:00:00Z",
        "landed_at": "2026-03-01T00:00:00Z", "landed_by": "cli", "mends_batch": None, "landed_hash": None,
    }  # fmt: skip
    return Batch.model_validate(row | columns)


def written(folder: Path, name: str, content: str | bytes) -> SourceFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return source_file(path)


def landed_rows(data_dir: DataDir, entry: dict) -> pl.DataFrame:
    assert entry["status"] in ("landed", "held"), entry["reasons"]
    return pl.read_parquet(data_dir.landed_file(entry["feed"], entry["batch_id"]))


def codes(entry: dict) -> list[str]:
    return [reason["code"] for reason in entry["reasons"]]


def jira_issue(key: str, **fields: object) -> dict:
    """A Jira REST issue with the fields that every one has."""
    return {
        "key": key,
        "fields": {
            "summary": f"Issue {key}",
            "issuetype": {"name": "Bug"},
            "status": {"name": "Open", "statusCategory": {"key": "new"}},
            "project": {"key": key.partition("-")[0]},
            "created": "2026-01-05T09:00:00.000+0800",
            "updated": "2026-01-06T09:00:00.000+0800",
        }
        | fields,
    }


def as_json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()
