"""What is known of the tools that exports come from: one YAML file per tool here, and those of one's own in data/dialects/.

Importing this reads no file; the first question reads them all, once per process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from models.builds.data_dir import DataDir
from pipeline.ingest.contracts.reasons import Reason

if TYPE_CHECKING:
    from pipeline.ingest.dialects.known import Dialects

_in_use: ContextVar[Dialects | None] = ContextVar("dialects", default=None)


def dialects() -> Dialects:
    """Those of the data folder that `dialects_of` chose around this call, else the built-in ones."""
    if (chosen := _in_use.get()) is not None:
        return chosen
    from pipeline.ingest.dialects.reading import built_in  # noqa: PLC0415 (pydantic and YAML: only where tools are asked for)

    return built_in()


@contextmanager
def dialects_of(data_dir: DataDir) -> Iterator[Dialects]:
    """Within it, `dialects()` knows the tools of data/dialects/ too."""
    from pipeline.ingest.dialects.reading import read_dialects  # noqa: PLC0415

    chosen = read_dialects(data_dir.dialects)
    token = _in_use.set(chosen)
    try:
        yield chosen
    finally:
        _in_use.reset(token)


def tool_names(data_dir: DataDir) -> dict[str, dict[str, str]]:
    """{tool as batches name it: {language: what its users call it}}."""
    with dialects_of(data_dir) as known:
        return known.names


def known_tools(data_dir: DataDir) -> dict:
    """tools: [{tool, name, feeds, file}], file where it is the project office's own; broken: as `broken_dialects` says."""
    with dialects_of(data_dir) as known:
        listed = [
            {
                "tool": name,
                "name": tool.names["en"],
                "feeds": list(dict.fromkeys(part.feed for part in (*tool.tables, *tool.reports))),
                "file": str(known.own[name]) if name in known.own else None,
            }
            for name, tool in sorted(known.tools.items())
        ]
    return {"tools": listed, "broken": [reason.as_json() for reason in broken_dialects(data_dir)]}


def broken_dialects(data_dir: DataDir) -> list[Reason]:
    """Files of data/dialects/ that could not be read: {code, message, template, details}; their tools are not known."""
    with dialects_of(data_dir) as known:
        return list(known.broken)
