"""Progress for people, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

OnStep = Callable[[str, int, int | None], None]
_STEPS_OF_A_LOAD = {
    "open": "opening",
    "formats": "looking at every date and number",
    "check": "checking the rows",
    "compare": "comparing with what is loaded",
    "land": "landing",
}


@contextmanager
def load_progress() -> Iterator[OnStep | None]:
    """A bar with rows counted, gone when it is done; None where standard error is no terminal: nothing is written there."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(_STEPS_OF_A_LOAD["open"], total=None)
        yield lambda step, done, total: bars.update(
            task, description=_STEPS_OF_A_LOAD.get(step, step), completed=done, total=total
        )


@contextmanager
def refresh_progress() -> Iterator[OnStep]:
    """A bar that follows on_step(step, done, total); one line per step where standard error is no terminal."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        last: list[str] = []

        def print_step(step: str, _done: int, _total: int | None) -> None:
            if last != [step]:
                last[:] = [step]
                console.print(step, style=None, highlight=False, markup=False)

        yield print_step
        return
    columns = (
        TextColumn("{task.description:12}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task("start", total=None)
        yield lambda step, done, total: bars.update(task, description=step, completed=done, total=total or None)
