"""How far a load is, on a terminal: a bar with rows counted, on stderr, gone when it is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.ingest.contracts.options import Progress

_WORDS = {
    "open": "opening",
    "formats": "looking at every date and number",
    "check": "checking the rows",
    "compare": "comparing with what is loaded",
    "land": "landing",
}


@contextmanager
def load_progress() -> Iterator[Progress | None]:
    """What LoadOptions.progress is to be; None where stderr is no terminal, so that nothing is written there."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415 (tenths of a second, which `--help` need not wait for)

    columns = (
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(_WORDS["open"], total=None)

        def update(step: str, done: int, expected: int | None) -> None:
            bars.update(task, description=_WORDS.get(step, step), completed=done, total=expected)

        yield update
