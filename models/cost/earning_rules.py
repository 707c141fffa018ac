"""By which rules the value was earned, how much of it only says that hours were spent, and which rules came too late."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.kpis.values import selected_projects


@dataclass(frozen=True)
class EarningRules:
    """What stands behind one selection's earned value, at each project's newest data date up to its period.

    earned: {rule: earned value (money, excl. VAT)}, the most first; '' is percent complete as reported.
    circular: the part of it that hours used have earned. unknown: the budget (money) whose progress nobody can know.
    changed: project_key, task_id, task_name, frozen ('' for none), not_taken: the rules named since the freezing.
    """

    earned: dict[str, float]
    circular: float
    unknown: float
    changed: pl.DataFrame

    @property
    def total(self) -> float:
        return sum(self.earned.values())


def earning_rules(snapshot: Snapshot, selection: Selection) -> EarningRules:
    """The rules behind the earned value of a selection."""
    rows = snapshot.query(
        """
        with chosen as (
            select project_key, least(coalesce($until, status_on), status_on) as as_of
            from dim_projects
            where project_key in (select unnest($projects))
        )
        select
            earned.project_key, task_id, task_name, coalesce(earned_value_rule, '') as rule, is_circular, rule_changed,
            rule_not_taken,
            cast(earned_value as double) as earned_value, cast(budget_at_completion as double) as budget
        from fct_earned_value as earned
        inner join chosen using (project_key)
        where status_on <= as_of and (superseded_on is null or superseded_on > as_of) and ($module = '*' or module = $module)
        """,
        {
            "projects": list(selected_projects(snapshot, selection)),
            "module": selection.module or "*",
            "until": selection.period_end,
        },
    )
    by_rule = rows.group_by("rule").agg(pl.col("earned_value").sum()).filter(pl.col("earned_value") != 0)
    changed = rows.filter("rule_changed").select(
        "project_key", "task_id", "task_name", frozen="rule", not_taken="rule_not_taken"
    )
    return EarningRules(
        earned=dict(by_rule.sort("earned_value", "rule", descending=[True, False]).iter_rows()),
        circular=rows.filter("is_circular").select(pl.sum("earned_value")).item(),
        unknown=rows.filter(pl.col("earned_value").is_null()).select(pl.sum("budget")).item(),
        changed=changed.unique().sort("project_key", "task_id"),
    )
