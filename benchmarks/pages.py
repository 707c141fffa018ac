"""Time of a page's rerun on the server, page by page, on a published build: `python -m benchmarks.pages` with PLIMSOLL_DATA set.

A rerun is what one click costs: the whole of app.py and the page, cached answers included, as AppTest runs it; its own work
of building the element tree is in the figures (about 5 ms).
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from benchmarks.measuring import REPOSITORY, cost_of

WARM_RERUNS = 20
NOT_OF_A_PUBLISHED_BUILD = {"pages/overview/welcome.py"}


def page_times(data_folder: Path, pages: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Lines of the report: per page median and p95 of wall time, median of processor time, and the first run's wall time.

    pages: paths from the repository; all of them where none is given.
    """
    environment = {"PLIMSOLL_DATA": str(data_folder)}
    measured = json.loads(cost_of("-m", "benchmarks.pages", *pages, environment=environment).output)
    lines = [
        (
            page["page"],
            f"median {page['median_ms']:.0f} ms, p95 {page['p95_ms']:.0f} ms, processor {page['processor_ms']:.0f} ms, "
            f"first {page['first_ms']:.0f} ms",
        )
        for page in measured
    ]
    worst = max(page["median_ms"] for page in measured), max(page["p95_ms"] for page in measured)
    return [
        *lines,
        ("slowest page (≤ 100 ms median, ≤ 250 ms p95)", f"median {worst[0]:.0f} ms, p95 {worst[1]:.0f} ms"),
    ]


def main() -> None:
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415  imports the whole of Streamlit, which only the child needs

    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=300).run()
    print(json.dumps([_times_of(app, page) for page in sys.argv[1:] or _pages()]))


def _pages() -> list[str]:
    found = sorted(path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "pages").rglob("*.py"))
    return [page for page in found if page not in NOT_OF_A_PUBLISHED_BUILD]


def _times_of(app, page: str) -> dict:
    app.switch_page(page)
    first, _ = _rerun(app, page)
    reruns = [_rerun(app, page) for _ in range(WARM_RERUNS)]
    wall = sorted(milliseconds for milliseconds, _ in reruns)
    return {
        "page": page,
        "first_ms": first,
        "median_ms": statistics.median(wall),
        "p95_ms": wall[int(0.95 * len(wall)) - 1],
        "processor_ms": statistics.median(processor for _, processor in reruns),
    }


def _rerun(app, page: str) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    app.run()
    spent = (time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000
    assert not app.exception and not app.error, f"{page}: {app.exception} {app.error}"
    return spent


if __name__ == "__main__":
    main()
