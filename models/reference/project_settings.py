"""What a project chooses for itself about how it is counted: the names, what each may be, and what a build was made with."""

from __future__ import annotations

import polars as pl

from models.builds.snapshot import Snapshot

EVERY_PROJECT = "*"
ACTUAL_COST_SOURCE = "actual_cost_source"
ACCRUE_AT_ARRIVAL = "accrue_at_arrival"
PERIOD_ENDS_ON = "period_ends_on"
PLANNED_VALUE_SOURCE = "planned_value_source"
TECHNICAL_DEBT_BASIS = "technical_debt_basis"

# name: what it may be; the first is the usual one, which counts where nothing was chosen.
CHOICES = {
    # the books, and after the last closed period hours × rates for labor · labor always hours × rates · only what is booked
    ACTUAL_COST_SOURCE: ("ledger", "timesheets", "books"),
    # equipment and software that has come and is not booked yet, from commitment × progress
    ACCRUE_AT_ARRIVAL: ("yes", "no"),
    # the last day of an accounting period; to the 28th, for every month has it
    PERIOD_ENDS_ON: ("month_end", *(str(day) for day in range(1, 29))),
    # by the periods of the budget · each element's budget over the baseline dates of its tasks, by their planned cost
    PLANNED_VALUE_SOURCE: ("budget", "schedule"),
    # hours on technical debt ÷ all hours of the month · ÷ development and test hours of modules with own code
    TECHNICAL_DEBT_BASIS: ("all_hours", "development_hours"),
}
# Counted from the month of a day on; without a day for the whole history, as all others are.
DATED = (TECHNICAL_DEBT_BASIS,)
# Which of several sources of one fact goes before the others: any tool that an export came from, or the ledger.
FACTS_OF_SEVERAL_SOURCES = ("worklogs", "costs", "issues")


def leading_source_of(fact: str) -> str:
    """The name of the setting that says which source of a fact leads; its value is free."""
    return f"leading_source_of_{fact}"


USUAL = {name: values[0] for name, values in CHOICES.items()}


def settings_in_use(snapshot: Snapshot, projects: list[str]) -> pl.DataFrame:
    """project_key and the choices of these projects, as the build was made with them.

    Of what is dated, the choice that counts last. No rows in a build of an older version, which knew no choice.
    """
    tables = "select 1 from information_schema.tables where table_name = 'int_technical_debt_bases'"
    if snapshot.query(tables).is_empty():
        return pl.DataFrame(schema=dict.fromkeys(("project_key", *CHOICES), pl.String))
    return snapshot.query(
        """
        select project_key, actual_cost_source, accrue_at_arrival, period_ends_on, planned_value_source, technical_debt_basis
        from int_project_settings
        inner join int_technical_debt_bases as bases using (project_key)
        where project_key in (select unnest($projects)) and bases.counts_until is null
        order by project_key
        """,
        {"projects": projects},
    )
