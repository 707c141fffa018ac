"""`make bench`: refresh, landing and pages, each as a ratio or against its limit, and a thousand tables in random dialects.

`--size full` takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from pathlib import Path

from benchmarks.landing import landing_against_copy
from benchmarks.large_schedule import schedule_page_times
from benchmarks.measuring import machine
from benchmarks.networks import network_times
from benchmarks.pages import page_times
from benchmarks.refreshing import land_scaled, refresh_after_one_upload, refresh_against_by_hand
from benchmarks.round_trips import round_trips

# scale of the sample portfolio (3,000 issues, 15,000 worklogs, 3,000 ledger lines each), rows of the Jira CSV
SIZES = {"tiny": (2, 5_000), "small": (33, 100_000), "full": (333, 1_000_000)}
PARTS = ("refresh", "one_upload", "landing", "pages", "schedule_pages", "networks", "round_trips")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be repeated")
    parser.add_argument("--folder", type=Path, help="where to work; kept afterwards (default: a temporary folder)")
    chosen = parser.parse_args()
    parts = chosen.only or PARTS
    scale, rows = SIZES[chosen.size]

    print(f"{dt.date.today().isoformat()}  size {chosen.size}  {machine()}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        portfolio = folder / "portfolio"
        if {"refresh", "one_upload", "pages"} & set(parts):
            show("portfolio", [("rows", land_scaled(portfolio, scale))])
        if {"refresh", "pages"} & set(parts):
            show("refresh", refresh_against_by_hand(portfolio))
        if "one_upload" in parts:
            show("refresh after one upload", refresh_after_one_upload(portfolio))
        if "pages" in parts:
            show("pages, server side, warm", page_times(portfolio))
        if "landing" in parts:
            (folder / "landing").mkdir(parents=True)
            show("landing", landing_against_copy(folder / "landing", rows))
        if "schedule_pages" in parts:
            show("pages of a schedule of 500 tasks, server side, warm", schedule_page_times(folder / "large_schedule"))
        if "networks" in parts:
            show("critical path", network_times())
        if "round_trips" in parts:
            show("round trips", round_trips())


def show(title: str, lines: list[tuple[str, str]]) -> None:
    print(f"\n{title}")
    width = max(len(name) for name, _ in lines)
    for name, value in lines:
        print(f"  {name:<{width}}  {value}", flush=True)


if __name__ == "__main__":
    main()
