"""Columns of a schedule that stand for another one."""

from __future__ import annotations

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.dialects.names import normal_header

_STATUS = frozenset(
    map(
        normal_header,
        (
            "status_code",
            "Activity Status",
            "Task status",
            "Status",
            "State",
            "作业状态",
            "活动状态",
            "任务状态",
            "状态",
        ),
    )
)


def claim_status(mapping: Mapping) -> None:
    """Whether a task is completed, where a column prints it."""
    found = next((index for index, name in mapping.headers.items() if normal_header(name) in _STATUS), None)
    if found is not None:
        mapping.roles["status"], mapping.role_names["status"] = found, "percent_complete"
