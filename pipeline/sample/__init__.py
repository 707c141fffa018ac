"""The sample portfolio: eight invented projects over two years, made by a seeded generator from the stories in stories.yml.

`canonical_frames` (portfolio.py) makes the rows, `write_sample` (export/write.py) writes them as the files that real tools
export, and `load_sample` takes the committed files of data/sample/ through the same ingest as everybody's exports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.intake import LoadReport
from models.reference.project_settings import PERIOD_ENDS_ON
from pipeline.store.closings import close_period, closings
from pipeline.store.project_settings import project_settings, set_project_setting

# the one project that chooses for itself
CHOICE: dict[str, Any] = {
    "name": "technical_debt_basis",
    "value": "development_hours",
    "project_key": "P2025-006",
    "valid_from": dt.date(2026, 9, 1),
    "reason": "2026 年 9 月补充协议：按开发与测试工时的 10 % 预留还债工时",
    "person": "PMO",
}
FINANCE = "E9001"  # who closes the books
CLOSES_MID_MONTH = "P2025-005"  # the hospital's accounting periods end on the 15th, and its own finance closes them
SAMPLE_FOLDER = Path(__file__).parents[2] / "data" / "sample"


def load_sample(data_dir: DataDir, on_step: Callable[[str, int, int], None] | None = None) -> list[LoadReport]:
    """Loads the committed sample files, known to be whole; one report per file and feed.

    What people decide on the pages is no file: a project chooses how its technical debt is counted, and finance says that an
    accounting period in the middle of a month is closed.

    on_step: told the folder about to be loaded, which one it is and of how many. A second call changes nothing ("unchanged").
    Raises: InputError when the files are missing (a checkout without data/sample).
    """
    from pipeline.ingest import LoadOptions, load_paths  # noqa: PLC0415 (the generator works without ingest)

    folders = sorted(path for path in SAMPLE_FOLDER.iterdir() if path.is_dir()) if SAMPLE_FOLDER.is_dir() else []
    if not folders:
        raise InputError(
            "sample.missing",
            "{folder} holds no sample files. Check out the project again, or load your own exports.",
            folder=str(SAMPLE_FOLDER),
        )
    reports: list[LoadReport] = []
    for number, folder in enumerate(folders, start=1):
        if on_step:
            on_step(folder.name, number, len(folders))
        reports += load_paths(data_dir, [folder], LoadOptions(landed_by="sample", accept_held=True))
    if not any(row["name"] == CHOICE["name"] for row in project_settings(data_dir)):
        set_project_setting(data_dir, **CHOICE)
    _close_mid_month(data_dir)
    return reports


def _close_mid_month(data_dir: DataDir) -> None:
    if any(closing["project_key"] == CLOSES_MID_MONTH for closing in closings(data_dir)):
        return
    who: dict[str, Any] = {"project_key": CLOSES_MID_MONTH, "person": FINANCE}
    set_project_setting(data_dir, PERIOD_ENDS_ON, "15", reason="院方财务每月 15 日结账", **who)
    close_period(data_dir, "2026-10", note="10 月 15 日止的成本已核对", **who)
