"""Logs: JSON lines under data/logs/ for machines and for later, short lines on standard error for people.

What a person is shown of an unexpected error is a general sentence and an id; the whole of it stands in the log under that id.
"""

from __future__ import annotations

import logging
import logging.handlers
import secrets
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

from models.errors import PlimsollError

_BYTES_PER_FILE = 5_000_000  # a month of refreshes; four older files are kept beside it
_FILES_KEPT = 4


def start_logs(folder: Path, program: str, *, quiet: bool = False) -> None:
    """From now on structlog writes data/logs/<program>.jsonl and, unless quiet, short lines to standard error.

    Quiet is for commands that say themselves what went wrong.
    """
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handlers: list[logging.Handler] = []
    if not quiet:
        people = logging.StreamHandler(sys.stderr)
        people.setLevel(logging.INFO)
        people.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                processors=[_for_people, structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)]
            )
        )
        handlers.append(people)
    file = _LogFile(folder / f"{program}.jsonl")
    file.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.processors.format_exc_info],  # what came by way of logging
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    handlers.append(file)
    for name in ("plimsoll", "pipeline", "models"):
        logger = logging.getLogger(name)
        logger.handlers = handlers
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def note_error(error: BaseException) -> str:
    """Writes the whole error to the log and returns the id to show instead: eight hexadecimal digits."""
    error_id = secrets.token_hex(4)
    structlog.get_logger("plimsoll").error(
        "unexpected_error",
        error_id=error_id,
        kind=type(error).__name__,
        trace="".join(traceback.format_exception(error)),
    )
    return error_id


def unexpected(error: BaseException) -> PlimsollError:
    """What a person reads of an error that nobody foresaw; the whole of it is noted."""
    return PlimsollError(
        "unexpected",
        "Something unexpected happened (error {error_id}). The log in the data folder's logs/ holds the details.",
        error_id=note_error(error),
    )


class _LogFile(logging.handlers.RotatingFileHandler):
    """Made, with its folder, when the first line is written. A folder that cannot be written costs the line, not the command."""

    def __init__(self, path: Path):
        super().__init__(path, maxBytes=_BYTES_PER_FILE, backupCount=_FILES_KEPT, encoding="utf-8", delay=True)

    def _open(self):
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        pass


def _for_people(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """No bookkeeping, no traceback: those are in the file."""
    return {name: value for name, value in event.items() if name not in ("_record", "_from_structlog", "trace")}
