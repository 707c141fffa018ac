"""Hours worked."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from pipeline.ingest.contracts.checks import ComparedDays, Expectation, ToldBy
from pipeline.ingest.contracts.plugin import HoursOf, Shaped, Sight
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import squeezed
from pipeline.ingest.feeds.hours.plugin import FeedOfHours
from pipeline.ingest.feeds.hours.reshape import HoursReshape
from pipeline.ingest.feeds.issue_keys import project_from_key
from pipeline.ingest.feeds.row_rules import HOURS_OF_A_DAY, hours_of_a_row
from pipeline.ingest.feeds.worklogs.rules import TOGETHER
from pipeline.ingest.mapping.kind_marks import MARK, SURE

_OF_WORK = frozenset({"project", "issue_key", "activity", "wbs_code", "module", "description"})


class _Reshape(HoursReshape):
    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        return super().apply(raw, project_from_key(rows))


class Worklogs(FeedOfHours):
    reshape = _Reshape

    def spoken_for(self, names: Collection[str]) -> int:
        """A list of worklogs often repeats all that its issues hold; the words of its own decide."""
        own = dialects().registers("worklogs")
        return sum(name in own for name in names)

    def doubts(self, sight: Sight) -> float:
        """A thing has a name, a start and a duration too."""
        is_thing = squeezed(sight.mapping.canonical.get("person", "")) == "name"
        return SURE + MARK if is_thing and not set(sight.mapping.columns.values()) & _OF_WORK else 0.0

    def row_rules(self, most_hours: float | None) -> tuple[Expectation, ...]:
        return (hours_of_a_row(most_hours),) if most_hours else self.rules


PLUGIN = Worklogs(
    "worklogs",
    worth_saying=("person", "project"),
    hours_of=HoursOf.DAY,
    identity=("source_id",),
    mappable=("activity", "labor_type"),
    rules=(HOURS_OF_A_DAY,),
    together=TOGETHER,
    source_id="source_id",
    volume=ComparedDays(("hours",), is_rated=True),
    told_by=ToldBy(
        "worklogs",
        "work_date",
        "hours",
        (
            ("lower(trim(person))", "work_date", "lower(trim(issue_key))", "round(hours, 2)"),
            ("work_date", "lower(trim(issue_key))", "round(hours, 2)"),  # a person may be written in another way
        ),
    ),
    measures={"hours": "sum(hours)", "people": "count(distinct person)"},
)
