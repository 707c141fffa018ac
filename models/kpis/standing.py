"""At which day of a period a KPI stands: its end or the status date, or the data date that all of its terms share.

The dating of a KPI is a column of dim_kpis; the days are columns of dim_periods, in kpi_cells as well.
"""

from __future__ import annotations

from models.vocabulary import PeriodKind

STANDS_ON = {"schedule": "schedule_on", "cost": "cost_on"}  # the column of dim_periods, of a dating


def day_of_period(dated: str | None) -> str:
    """The column of dim_periods and kpi_cells at which a KPI of this dating stands."""
    return STANDS_ON.get(dated or "", "as_of")


def cell_column(measure: str, dated: str | None) -> str:
    """The column of kpi_cells that holds the measure at that day."""
    return f"{measure}__{dated}" if dated else measure


def day_of(dated: str | None, kind: PeriodKind, project: str = "projects", column: str | None = None) -> str:
    """SQL, of a row of dim_projects: that day (or another column of dim_periods) in the period that ends at $period_end.

    Where the project has ended before, in its last period.
    """
    if not dated:
        return f"least($period_end, {project}.status_on)"
    return (
        f"(select arg_max(periods.{column or day_of_period(dated)}, periods.period_end) from dim_periods as periods "
        f"where periods.project_key = {project}.project_key and periods.period_kind = '{kind.value}' "
        "and periods.period_end <= $period_end)"
    )
