"""Schedules: tasks, milestones and what they depend on."""

from __future__ import annotations

import polars as pl

from models.errors import InputError
from pipeline.ingest.contracts.checks import ComparedList
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin, Sight
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.feeds.schedule.columns import claim_status
from pipeline.ingest.feeds.schedule.readers.primavera_tables import as_schedule, text_as_schedule
from pipeline.ingest.feeds.schedule.reshape import ScheduleReshape
from pipeline.ingest.feeds.schedule.rules import RULES
from pipeline.ingest.mapping.kind_marks import MARK, SURE

_OF_PLANS = frozenset(
    """
    predecessors duration_days planned_hours baseline_start baseline_finish forecast_start forecast_finish actual_start
    actual_finish percent_complete deadline_on
    """.split()  # noqa: SIM905
)


class Schedule(FeedPlugin):
    claim = staticmethod(claim_status)
    tables = staticmethod(as_schedule)
    table = staticmethod(text_as_schedule)
    reshape = ScheduleReshape

    def gives(self, mapping: Mapping) -> set[str]:
        """Without ids tasks are numbered by their rows, as Microsoft Project counts."""
        held = set(mapping.columns.values())
        is_numbered = "name" in held and held & {"predecessors", "duration_days"}
        return ({"task_id"} if is_numbered else set()) | ({"percent_complete"} if "status" in mapping.roles else set())

    def doubts(self, sight: Sight) -> float:
        """A number, a name and a state are no plan."""
        return 0.0 if set(sight.mapping.columns.values()) & _OF_PLANS else SURE + MARK

    def settle_document(self, read: ReadRows, file: str, project: str | None, run: str | None) -> None:
        """The project that was said takes the place of the one in the file."""
        if project:
            read.rows = read.rows.with_columns(project=pl.lit(project))
            read.columns = {header: name for header, name in read.columns.items() if name != "project"}
        elif read.rows["project"].null_count():
            raise InputError(
                "ingest.project_needed",
                "{file} names no project, and {feed} needs one. Say which with --project, or choose it on the upload page.",
                file=file,
                feed=read.feed,
            )


PLUGIN = Schedule(
    "schedule",
    worth_saying=("status_on", "percent_complete"),
    mappable=("phase", "earned_value_rule"),
    rules=RULES,
    plans=frozenset(
        {"baseline_start", "baseline_finish", "forecast_start", "forecast_finish", "constraint_on", "deadline_on"}
    ),
    lasting="task_id",
    volume=ComparedList("task_id", ("planned_hours",), latest="status_on"),
    measures={"finished": "count(*) filter (percent_complete >= 1 or actual_finish is not null)"},
)
