"""Processes of their own for what must be killed or run twice at once, forked from one that has imported everything.

Great Expectations takes three seconds of processor time to import: a program started anew pays them each time. The fork server
is the one that refreshes use, so that a worker of the tests has one.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.forkserver
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from pipeline.refresh.building import _no_program

IMPORTED = ["pipeline.refresh.child", "pipeline.refresh.refreshing", "pipeline.ingest.load", "great_expectations"]


def warm() -> None:
    """Starts the fork server where there is none yet."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(IMPORTED)
    with _no_program():
        multiprocessing.forkserver.ensure_running()


def forked(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """A process that has begun to run `target`, a function that a module holds; its `exitcode` is there after `join`."""
    warm()
    settings = {name: value for name, value in os.environ.items() if name.startswith("PLIMSOLL_")}
    process = multiprocessing.get_context("forkserver").Process(target=_with, args=(settings, target, *arguments))
    with _no_program():
        process.start()
    return process


def _with(settings: dict[str, str], target: Callable[..., None], *arguments: object) -> None:
    """The fork server knows the environment of the test that started it, not of this one."""
    os.environ.update(settings)
    target(*arguments)


def ended(process: BaseProcess, seconds: float = 120) -> int | None:
    """The exit code, negative for a signal; None, and the process killed, where it takes longer."""
    process.join(seconds)
    exit_code = process.exitcode
    process.kill()
    process.join()
    return exit_code
