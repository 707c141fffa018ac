"""The command line without a process for each command: the same entry, `pipeline.cli.main`, with words, streams and exit code.

That a program of its own answers the same is seen where `python -m pipeline` is run: by the README's walk, `serve`, `work`, and
`explain` in any terminal.
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch

import structlog

from models.builds.data_dir import DataDir
from pipeline.cli import main


@dataclass(frozen=True)
class Ran:
    returncode: int
    stdout: str
    stderr: str


def ran(*words: str, data_dir: DataDir | None = None, **environment: str) -> Ran:
    """What `python -m pipeline WORDS` prints and how it ends, over a data folder, with these environment variables."""
    command = ["pipeline", *words, *(["--data-dir", str(data_dir.root)] if data_dir else [])]
    with (
        patch("sys.argv", command),
        patch.dict(os.environ, environment),
        redirect_stdout(io.StringIO()) as stdout,
        redirect_stderr(io.StringIO()) as stderr,
        _logs_as_before(),
    ):
        try:
            main()
        except SystemExit as ended:
            return Ran(int(ended.code or 0), stdout.getvalue(), stderr.getvalue())
    raise AssertionError("a command ends with an exit code")


@contextmanager
def _logs_as_before() -> Iterator[None]:
    """A command starts the log of its data folder; the process of the tests goes on with its own."""
    loggers = [logging.getLogger(name) for name in ("plimsoll", "pipeline", "models")]
    kept = [(logger.handlers, logger.level, logger.propagate) for logger in loggers]
    was_configured, configured = structlog.is_configured(), structlog.get_config()
    structlog.reset_defaults()
    try:
        yield
    finally:
        for logger, (handlers, level, propagate) in zip(loggers, kept, strict=True):
            for handler in logger.handlers:
                if handler not in handlers:
                    handler.close()
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(level)
        structlog.reset_defaults()
        if was_configured:
            structlog.configure(**configured)
