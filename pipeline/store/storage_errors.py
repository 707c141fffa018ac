"""When the machine refuses (a read-only folder, a full disk, a locked store): a sentence, not a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import OperationalError

from models.builds.data_dir import DataDir
from models.errors import PlimsollError

REFUSALS = (OSError, OperationalError)


@contextmanager
def in_sentences(data_dir: DataDir) -> Iterator[None]:
    """Raises: PlimsollError 'folder.refuses' in place of what the operating system or SQLite raised inside the block."""
    try:
        yield
    except REFUSALS as error:
        raise as_sentence(error, str(data_dir.root)) from error


def as_sentence(error: Exception, folder: str) -> PlimsollError:
    """The sentence for one of REFUSALS; `folder` where the error names no file."""
    structlog.get_logger("plimsoll").warning("folder_refuses", reason=repr(error))
    return PlimsollError(
        "folder.refuses",
        "{path} cannot be read or written: {reason}. What was published stays as it is. "
        "Make the folder writable, or make room on its disk, then try again.",
        path=getattr(error, "filename", None) or folder,
        reason=getattr(error, "strerror", None) or str(getattr(error, "orig", None) or error),
    )
