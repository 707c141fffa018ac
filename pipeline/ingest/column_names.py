"""The column names of a file that was not recognized, so that a person can map them. Light to import."""

from __future__ import annotations

import tempfile
from pathlib import Path

from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from pipeline.ingest.dialects import dialects_of


def column_names(data_dir: DataDir, content: bytes, encoding: str | None = None) -> list[str]:
    """Names in the header of a text table or of the first sheet of a workbook, each once; none where there is no table.

    encoding: of the text, where a person has said it.
    """
    from pipeline.ingest.files.read import read_table  # noqa: PLC0415
    from pipeline.ingest.files.source import source_file  # noqa: PLC0415 (pages that map nothing do without)

    with dialects_of(data_dir), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "incoming"
        path.write_bytes(content)
        try:
            header = read_table(source_file(path), encoding=encoding).header
        except PlimsollError:
            return []
    return [name for name in dict.fromkeys(header) if name.strip()]
