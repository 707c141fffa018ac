"""A full refresh of a scaled portfolio, landed Parquet to published build, against hand-written SQL for the same marts."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.measuring import cost_of

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
    refreshed = cost_of("-m", "pipeline", "refresh", "--json", "--data-dir", str(data_folder))
    report = json.loads(refreshed.output)
    assert report["status"] == "published", report
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
