"""The document behind `status`: what is shown, how fresh it is, what ran, which versions."""

from __future__ import annotations

import platform
from importlib.metadata import version

from models.builds.data_dir import DataDir
from models.builds.published import Build, kept_builds, named_build
from models.builds.snapshot import Snapshot, open_current
from pipeline.cli.output.answers import Freshness, KeptBuild, RefreshState, StatusAnswer
from pipeline.cli.output.tables import table_in_words
from pipeline.refresh.freezing import code_version
from pipeline.refresh.refreshing import refresh_state
from pipeline.store.health import store_trouble

_LIBRARIES = ("duckdb", "dbt-core", "dbt-duckdb", "polars", "streamlit", "great-expectations")


def standing(data_dir: DataDir) -> StatusAnswer:
    found = open_current(data_dir)
    build = found[0] if found else None
    return StatusAnswer(
        data_dir=str(data_dir.root),
        build_id=build.build_id if build else None,
        published_at=build.published_at.isoformat() if build else None,
        as_of=build.manifest.get("as_of") or None if build else None,
        warnings=_warnings(data_dir, build),
        kept_builds=[
            KeptBuild(build_id=kept.build_id, published_at=kept.published_at.isoformat())
            for kept in kept_builds(data_dir)
        ],
        freshness=_freshness(found[1] if found else None),
        refresh=RefreshState(**refresh_state(data_dir)),
        versions={"plimsoll": code_version(), "python": platform.python_version()}
        | {library: version(library) for library in _LIBRARIES},
    )


def standing_in_words(document: dict) -> str:
    """The same for a terminal."""
    refresh = document["refresh"]
    head = (
        f"Build {document['build_id']}, published {document['published_at']}"
        if document["build_id"]
        else "Nothing is published yet."
    )
    lines = [head, *(f"Warning: {warning}" for warning in document["warnings"])]
    if refresh["running"]:
        progress = f" {refresh['done']}/{refresh['total']}" if refresh["total"] else ""
        lines.append(f"A refresh runs since {refresh['since']}: {refresh['step']}{progress}")
    lines.append("The worker is running." if refresh["worker_alive"] else "No worker is running.")
    lines += ["", "Freshness", table_in_words(document["freshness"], _FRESHNESS, "  nothing")]
    runs = [run | {"error": (run["error"] or {}).get("message")} for run in refresh["last_runs"]]
    lines += ["", "Last runs", table_in_words(runs, _RUNS, "  none")]
    versions = ", ".join(f"{name} {number}" for name, number in document["versions"].items())
    return "\n".join([*lines, "", versions])


_FRESHNESS = ("project_key", "feed", "covers_from", "covers_to", "rows")
_RUNS = ("run_id", "started_at", "ended_at", "asked_by", "status", "build_id", "error")


def _warnings(data_dir: DataDir, build: Build | None) -> list[str]:
    trouble = store_trouble(data_dir)
    return [*([str(trouble)] if trouble else []), *_pointer_warnings(data_dir, build)]


def _pointer_warnings(data_dir: DataDir, build: Build | None) -> list[str]:
    named = named_build(data_dir)
    if build is None or named == build.build_id:
        return []
    if named is None:
        return [
            f"CURRENT is missing or damaged; readers see the newest whole build, {build.build_id}. Refresh to mend it."
        ]
    return [
        f"CURRENT names {named}, whose file is missing or damaged; readers see {build.build_id}. Refresh to mend it."
    ]


def _freshness(snapshot: Snapshot | None) -> list[Freshness]:
    if snapshot is None:
        return []
    rows = snapshot.query(
        "select project_key, feed, covers_from, covers_to, rows from feed_freshness order by project_key, feed"
    )
    return [Freshness(**row) for row in rows.to_dicts()]
