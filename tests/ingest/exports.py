"""Small exports that the tests of the door write by hand, and how they load them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from models.builds.data_dir import DataDir
from pipeline.ingest import LoadOptions, load_bytes
from pipeline.ingest.files.source import SourceFile, source_file

TIMESHEET = "Date,Person,Project,Hours\n2026-03-02,p101,YB,8\n2026-03-03,p101,YB,7.5\n2026-03-03,p102,YB,4\n"


def load(data_dir: DataDir, name: str, content: str | bytes, **options: object) -> list[dict]:
    """Loads content as a file of that name; one report per feed."""
    raw = content.encode() if isinstance(content, str) else content
    return load_bytes(data_dir, name, raw, LoadOptions(**options))


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
