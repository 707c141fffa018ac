"""Landing a Jira CSV, checks included, against DuckDB's own copy of the same file to Parquet."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.jira_csv import write_jira_csv
from benchmarks.measuring import Cost, cost_of

COPY = """
import sys, duckdb
source, target = sys.argv[1:]
duckdb.execute("SET threads = 2")
duckdb.execute("copy (from read_csv(?, all_varchar = true)) to '" + target + "' (format parquet)", [source])
"""


def landing_against_copy(folder: Path, rows: int) -> list[tuple[str, str]]:
    """Lines of the report: wall time of both, their ratio (must be at most 10), peak memory (must be at most 2 GB)."""
    source = folder / "jira.csv"
    size = write_jira_csv(source, rows)
    copied = min((cost_of("-c", COPY, str(source), str(folder / "copy.parquet")) for _ in range(3)), key=_seconds)
    landed = cost_of("-m", "pipeline", "load", str(source), "--data-dir", str(folder / "data"), "--json")
    entries = [entry for entry in json.loads(landed.output)["files"] if entry["feed"] == "issues"]
    assert [entry["rows_read"] for entry in entries] == [rows], entries
    return [
        ("Jira CSV", f"{rows:,} rows, {size / 1e6:,.0f} MB"),
        ("landed, checks included", f"{landed.seconds:.1f} s"),
        ("DuckDB's own copy to Parquet", f"{copied.seconds:.1f} s"),
        ("ratio (≤ 10)", f"{landed.seconds / copied.seconds:.1f}"),
        ("peak memory of landing (≤ 2,000 MB)", f"{landed.peak_mb:,.0f} MB"),
    ]


def _seconds(cost: Cost) -> float:
    return cost.seconds
