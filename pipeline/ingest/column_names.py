"""The column names of a file that the door did not recognize, so that a person can map them. Light to import."""

from __future__ import annotations

import tempfile
from pathlib import Path

from models.errors import PlimsollError


def column_names(content: bytes, encoding: str | None = None) -> list[str]:
    """Names in the header of a text table or of the first sheet of a workbook, each once; none where there is no table.

    encoding: of the text, where a person has said it.
    """
    from pipeline.ingest.files.read import read_table  # noqa: PLC0415
    from pipeline.ingest.files.source import source_file  # noqa: PLC0415 (pages that map nothing do without)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "handed-in"
        path.write_bytes(content)
        try:
            header = read_table(source_file(path), encoding=encoding).header
        except PlimsollError:
            return []
    return [name for name in dict.fromkeys(header) if name.strip()]
