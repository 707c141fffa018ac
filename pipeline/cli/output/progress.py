"""Progress for people, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def refresh_progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar that follows on_step(step, done, total); one line per step where standard error is no terminal."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        last: list[str] = []

        def say(step: str, _done: int, _total: int) -> None:
            if last != [step]:
                last[:] = [step]
                console.print(step, style=None, highlight=False, markup=False)

        yield say
        return
    with Progress(
        TextColumn("{task.description:12}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        task = progress.add_task("start", total=None)

        def follow(step: str, done: int, total: int) -> None:
            progress.update(task, description=step, completed=done, total=total or None)

        yield follow
