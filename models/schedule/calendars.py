"""Whose working days hold for a task: the statutory ones, those of its project, those of the site that it is done for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from models.builds.snapshot import Snapshot
from models.schedule.working_time import WorkingCalendar

Known = dict[tuple[tuple[dt.date, bool], ...], WorkingCalendar]  # by what is said beside the statutory days
EVERY = "*"  # in dim_calendar_exceptions: every project, or the whole of one


@dataclass(frozen=True, eq=False)
class ProjectCalendars:
    """statutory: weekends, holidays and make-up days. own: with what the project says. of_sites: of sites that say more."""

    statutory: WorkingCalendar
    own: WorkingCalendar
    of_sites: dict[str, WorkingCalendar] = field(default_factory=dict)

    @classmethod
    def of(
        cls, statutory: pl.DataFrame, exceptions: pl.DataFrame, project_key: str, known: Known | None = None
    ) -> ProjectCalendars:
        """statutory: calendar_date, is_working_day. exceptions: rows of dim_calendar_exceptions. known: calendars made from both,
        which projects with the same exceptions share.

        Later ones win over earlier ones: said for all projects, for the project, for a site of any, for a site of the project.
        """
        ours = exceptions.filter(pl.col("project_key").is_in([EVERY, project_key])).sort(
            pl.col("site") != EVERY, pl.col("project_key") != EVERY, maintain_order=True
        )
        known = {} if known is None else known

        def calendar(days: pl.DataFrame) -> WorkingCalendar:
            key = tuple(days.select("calendar_date", "is_working_day").iter_rows())
            return known.get(key) or known.setdefault(key, WorkingCalendar(statutory, days if key else None))

        plain = calendar(ours.clear())
        if ours.is_empty():
            return cls(plain, plain)
        everywhere = ours.filter(pl.col("site") == EVERY)
        sites = ours.filter(pl.col("site") != EVERY)["site"].unique(maintain_order=True).to_list()
        of_sites = {site: calendar(pl.concat([everywhere, ours.filter(pl.col("site") == site)])) for site in sites}
        return cls(plain, calendar(everywhere), of_sites)


def project_calendars(snapshot: Snapshot, project_key: str) -> ProjectCalendars:
    """The published working days of one project and its sites."""
    return calendars_of_projects(snapshot, [project_key])[project_key]


def calendars_of_projects(snapshot: Snapshot, project_keys: Sequence[str]) -> dict[str, ProjectCalendars]:
    """The same of several projects, read once."""
    statutory = snapshot.query("select calendar_date, is_working_day from dim_dates order by calendar_date")
    exceptions = _exceptions(snapshot)
    known: Known = {}
    usual = ProjectCalendars.of(statutory, exceptions.filter(pl.col("project_key") == EVERY), EVERY, known)
    apart = set(exceptions["project_key"])
    return {
        key: ProjectCalendars.of(statutory, exceptions, key, known) if key in apart else usual for key in project_keys
    }


def _exceptions(snapshot: Snapshot) -> pl.DataFrame:
    # Builds made before calendars could be loaded have no such table.
    known = snapshot.query(
        "select 1 as known from duckdb_tables() where table_name = 'dim_calendar_exceptions' "
        "and database_name = current_database()"
    )
    if known.is_empty():
        kinds = {"project_key": pl.String, "site": pl.String, "calendar_date": pl.Date, "is_working_day": pl.Boolean}
        return pl.DataFrame(schema=kinds)
    return snapshot.query(
        "select project_key, site, calendar_date, is_working_day from dim_calendar_exceptions order by calendar_date"
    )
