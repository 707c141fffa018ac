"""The sample portfolio: eight invented projects over two years, made by a seeded generator.

`canonical_frames` (portfolio.py) makes the rows, `write_sample` (exports.py) writes them as the files that real tools
export, and `load_sample` takes the committed files of data/sample/ through the same door as everybody's exports.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from models.data_dir import DataDir
from models.errors import InputError

SAMPLE_FOLDER = Path(__file__).parents[2] / "data" / "sample"


def load_sample(data_dir: DataDir, on_step: Callable[[str, int, int], None] | None = None) -> list[dict]:
    """Loads the committed sample files, known to be whole; one dict per file and feed, as `load --json` prints them.

    on_step: told the folder about to be loaded, which one it is and of how many. A second call changes nothing ("unchanged").
    Raises: InputError when the files are missing (a checkout without data/sample).
    """
    from pipeline.door import LoadOptions, load_paths  # noqa: PLC0415 (the generator works without the door)

    folders = sorted(path for path in SAMPLE_FOLDER.iterdir() if path.is_dir()) if SAMPLE_FOLDER.is_dir() else []
    if not folders:
        raise InputError(
            "sample.missing",
            "{folder} holds no sample files. Check out the project again, or load your own exports.",
            folder=str(SAMPLE_FOLDER),
        )
    reports = []
    for number, folder in enumerate(folders, start=1):
        if on_step:
            on_step(folder.name, number, len(folders))
        reports += load_paths(data_dir, [folder], LoadOptions(landed_by="sample", accept_held=True))
    return reports
