"""A full refresh of a scaled portfolio, landed Parquet to published build, against hand-written SQL for the same marts; and one
after a single upload, against a whole one."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from benchmarks.measuring import Cost, cost_of

LAND = """
import sys
from pathlib import Path
from models.builds.data_dir import DataDir
from pipeline.sample.portfolio import canonical_frames, land_frames
frames = canonical_frames(int(sys.argv[2]))
land_frames(DataDir(Path(sys.argv[1])), frames)
print({feed: frames[feed].height for feed in ("projects", "issues", "worklogs", "ledger")})
"""


def land_scaled(data_folder: Path, scale: int) -> str:
    """Lands the sample portfolio `scale` times; returns its size in words."""
    data_folder.mkdir(parents=True)
    return cost_of("-c", LAND, str(data_folder), str(scale)).output.strip()


def refresh_against_by_hand(data_folder: Path) -> list[tuple[str, str]]:
    """Lines of the report: both times, and the ratio of processor times with the six seconds that dbt and publishing may cost."""
    refreshed = _refreshed(data_folder)
    report = json.loads(refreshed.output)
    words = (str(data_folder), str(data_folder.parent / "by_hand.duckdb"))
    by_hand = cost_of("-m", "benchmarks.by_hand", *words)
    compared = cost_of("-m", "benchmarks.stated_twice", *words)
    ratio = (refreshed.processor_seconds - 6) / by_hand.processor_seconds
    steps = report["seconds"]
    return [
        ("refresh, data tests included", f"{refreshed.seconds:.1f} s"),
        ("of which", ", ".join(f"{step} {seconds:.1f}" for step, seconds in steps.items() if seconds >= 0.1)),
        ("hand-written SQL", f"{by_hand.seconds:.1f} s"),
        ("processor time of both", f"{refreshed.processor_seconds:.1f} s, {by_hand.processor_seconds:.1f} s"),
        ("(refresh − 6 s) ÷ hand-written, processor time (≤ 1.3)", f"{ratio:.2f}"),
        ("peak memory of the refresh", f"{refreshed.peak_mb:,.0f} MB"),
        ("peak memory of the hand-written SQL", f"{by_hand.peak_mb:,.0f} MB"),
        ("hand-written against published", "; ".join(compared.output.strip().splitlines())),
    ]


def refresh_after_one_upload(data_folder: Path) -> list[tuple[str, str]]:
    """Lines of the report: a timesheet of one project, with some hours otherwise, and what the refresh after it costs beside a
    whole one of the same portfolio."""
    _refreshed(data_folder)  # so that both look for what a build before them has counted
    whole = _refreshed(data_folder, "--whole")
    hours = pl.concat(pl.read_parquet(path) for path in (data_folder / "landing" / "worklogs").glob("*.parquet"))
    project = hours["project"].drop_nulls().sort()[0]
    some = pl.int_range(pl.len()) % 50 == 0
    timesheet = hours.filter(pl.col("project") == project).select(
        "project", "issue_key", "person", "work_date", "module", "hours"
    )
    export = data_folder.parent / "timesheet.csv"
    timesheet.with_columns(hours=pl.when(some).then(pl.col("hours") + 1).otherwise("hours")).write_csv(export)
    loaded = cost_of(
        "-m", "pipeline", "load", str(export), "--feed", "worklogs", "--json", "--data-dir", str(data_folder)
    )
    after = _refreshed(data_folder)
    kept = json.loads(after.output)["nodes_kept"]
    assert kept, "nothing was kept of the build before"
    return [
        (
            "rows of the upload, and their landing",
            f"{timesheet.height:,}, {loaded.processor_seconds:.1f} s of processor time",
        ),
        ("whole refresh, refresh after the upload", f"{whole.seconds:.1f} s, {after.seconds:.1f} s; {kept} nodes kept"),
        ("processor time of both", f"{whole.processor_seconds:.1f} s, {after.processor_seconds:.1f} s"),
        (
            "after ÷ whole, processor time (≤ 0.25, on the sample ≤ 0.5)",
            f"{after.processor_seconds / whole.processor_seconds:.2f}",
        ),
    ]


def _refreshed(data_folder: Path, *more: str) -> Cost:
    cost = cost_of("-m", "pipeline", "refresh", "--json", "--data-dir", str(data_folder), *more)
    assert json.loads(cost.output)["status"] == "published", cost.output
    return cost
