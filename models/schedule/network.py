"""From the published build to a network: the tasks of one project at one data date, with dates, floats and critical path.

Remaining durations are those that the plan's own forecast leaves: a task that is to finish on a day is as long as that takes.
Days that a project or a site says of its calendar come on top of the statutory ones: where they lie between the dates of a
task, its duration is what the plan states, and those dates give way. A start that the plan states later than its links
require is kept, because a plan knows more than its links say (a delivery date, a season); such tasks are marked
`is_held_by_date`. Shortening a predecessor does not pull them forward.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.builds.snapshot import Snapshot
from models.schedule.calendars import ProjectCalendars, project_calendars
from models.schedule.critical_path import Schedule, floats, schedule, waiting_for_planned_start
from models.schedule.tasks import Network, ends, read_network, starts
from models.schedule.terms import FINISHES_BEFORE, STARTS_AFTER, STARTS_BEFORE
from models.schedule.what_if import Change, WhatIf
from models.schedule.what_if import what_if as changed_schedule
from models.schedule.working_time import WorkingCalendar

# Columns of the facts that builds made before these columns existed do not have; read as unknown.
_LATER_COLUMNS = {
    "duration_days": pl.Float64,
    "site": pl.String,
    "constraint_type": pl.String,
    "constraint_on": pl.Date,
    "deadline_on": pl.Date,
}
_APART = "\x1f"  # between the number of a part and what is its own: no export holds it
_LINK_KIND = r"(FS|SS|FF|SF)([+-].*)?$"
_SHARE_OF_PROJECT = 0.9  # a task of ten per cent less than the whole begins or ends with something
_FEWEST_BESIDE = 3  # a project of one or two tasks has nothing that they could run along with
_COMPUTED = (
    "state",
    "is_summary",
    "is_level_of_effort",
    "is_milestone",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "total_float_days",
    "free_float_days",
    "is_critical",
    "is_near_critical",
    "path_position",
    "driving_predecessor",
    "driven_by",
)


@dataclass(frozen=True, eq=False)
class ProjectSchedule:
    """A project's schedule at one data date.

    tasks: one row per task in the order of the plan: the columns of fct_schedule_tasks, file_name, start and finish (actual,
    else as the plan forecasts, else computed, else baseline), finish_slip_days (calendar days against the baseline, later
    positive; null for a buffer), is_held_by_date, and from the passes state, is_summary, is_milestone, early/late dates,
    total_float_days, free_float_days (working days), is_critical, is_near_critical, path_position, driving_predecessor,
    driven_by. schedule: what they were computed from, with its problems. calendar: the working days behind all of it.
    """

    project_key: str
    status_on: dt.date
    tasks: pl.DataFrame
    schedule: Schedule
    calendar: WorkingCalendar


def task_rows(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """fct_schedule_tasks of a project at all data dates, with file_name, in the order of the baseline."""
    rows = snapshot.query(
        """
        select tasks.*, batches.file_name
        from fct_schedule_tasks as tasks
        left join dim_batches as batches using (batch_id)
        where project_key = $project
        order by status_on, is_buffer, baseline_start nulls last, baseline_finish, source_row
        """,
        {"project": project_key},
    )
    return _with_later_columns(rows)


def last_task_rows(snapshot: Snapshot, project_keys: Sequence[str], dates: int) -> pl.DataFrame:
    """`task_rows` of several projects, each at its last so many data dates.

    has_any_data_date: whether any of all its exports states its data date.
    """
    rows = snapshot.query(
        """
        with dates as (
            select project_key, status_on, bool_or(bool_or(has_data_date)) over (partition by project_key) as has_any_data_date
            from fct_schedule_tasks
            where project_key in (select unnest($projects))
            group by project_key, status_on
            qualify row_number() over (partition by project_key order by status_on desc) <= $dates
        )
        select tasks.*, batches.file_name, has_any_data_date
        from fct_schedule_tasks as tasks
        inner join dates using (project_key, status_on)
        left join dim_batches as batches using (batch_id)
        order by project_key, status_on, is_buffer, baseline_start nulls last, baseline_finish, source_row
        """,
        {"projects": list(project_keys), "dates": dates},
    )
    return _with_later_columns(rows)


def _with_later_columns(rows: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, kind).alias(name) for name, kind in _LATER_COLUMNS.items() if name not in rows.columns]
    return rows.with_columns(absent)


def project_schedule(snapshot: Snapshot, project_key: str, status_on: dt.date | None = None) -> ProjectSchedule | None:
    """The schedule at the latest data date, or the latest up to `status_on`; None where nothing is loaded."""
    rows = task_rows(snapshot, project_key)
    if status_on is not None:
        rows = rows.filter(pl.col("status_on") <= status_on)
    if rows.is_empty():
        return None
    newest = rows.filter(pl.col("status_on") == rows["status_on"].max())
    return scheduled(newest, project_calendars(snapshot, project_key))


def scheduled(rows: pl.DataFrame, calendars: ProjectCalendars | WorkingCalendar) -> ProjectSchedule:
    """Both passes over the rows of one project at one data date, as `task_rows` returns them.

    calendars: those of the project and its sites, or one for all.
    """
    if isinstance(calendars, WorkingCalendar):
        calendars = ProjectCalendars(calendars, calendars)
    calendar = calendars.own
    rows = _with_data_dates(_with_later_columns(rows).with_columns(part=0))
    rows, network = _network(rows, calendars, {0: calendar})
    data_date = rows["data_date"][0]
    found = schedule(network, data_date)
    computed = found.tasks.select("task_id", *_COMPUTED)
    told = rows.drop("part", "data_date").unique("task_id", keep="first", maintain_order=True)
    both = told.join(computed, on="task_id", how="left", maintain_order="left").with_columns(
        start=pl.coalesce("actual_start", "forecast_start", "early_start", "baseline_start"),
        finish=pl.coalesce("actual_finish", "forecast_finish", "early_finish", "baseline_finish"),
    )
    return ProjectSchedule(
        project_key=rows["project_key"][0],
        status_on=rows["status_on"][0],
        tasks=both.with_columns(
            finish_slip_days=pl.when(~pl.col("is_buffer")).then(
                (pl.col("finish") - pl.col("baseline_finish")).dt.total_days()
            )
        ),
        schedule=found,
        calendar=calendar,
    )


def floats_of(rows: pl.DataFrame, calendars: Mapping[str, ProjectCalendars]) -> pl.DataFrame:
    """total_float_days, is_critical and is_near_critical beside the rows of several projects and data dates, as `scheduled` finds
    them for each: all are read as one network of so many parts, which costs little more than one of them.

    rows: as `last_task_rows` returns them; calendars: by project. Returns each task of a project and data date once.
    """
    part = pl.struct("project_key", "status_on").rank("dense").cast(pl.Int64)
    rows = _with_data_dates(_with_later_columns(rows).with_columns(part=part))
    plain = next(iter(calendars.values())).statutory
    at_places = [
        calendars[key].of_sites.get(site, calendars[key].own)
        for key, site in rows.select("project_key", "site").iter_rows()
    ]
    every = [*at_places, *(ours.own for ours in calendars.values())]
    named = {str(id(calendar)): calendar for calendar in every if calendar is not plain}
    parted = pl.concat_str(pl.col("part"), pl.lit(_APART))
    rows = rows.with_row_index("place")
    links = rows.filter(pl.col("predecessors").list.len() > 0).explode("predecessors")
    links = links.group_by("place").agg((parted + pl.col("predecessors").str.strip_chars()).alias("predecessors"))
    apart = rows.drop("predecessors").join(links, on="place", how="left", maintain_order="left")
    apart = apart.with_columns(
        task_id=parted + pl.col("task_id").str.strip_chars(),
        wbs_code=parted + pl.col("wbs_code"),
        site=pl.Series([str(id(calendar)) for calendar in at_places], dtype=pl.String),
    )
    own_of = {part: calendars[key].own for part, key in rows.select("part", "project_key").unique().iter_rows()}
    _told, network = _network(apart, ProjectCalendars(plain, plain, named), own_of)
    found = floats(network).select(
        pl.col("task_id").alias("apart"), "total_float_days", "is_critical", "is_near_critical"
    )
    told = rows.unique(["part", "task_id"], keep="first", maintain_order=True).with_columns(
        apart=parted + pl.col("task_id")
    )
    return told.join(found, on="apart", how="left", maintain_order="left").drop("part", "data_date", "place", "apart")


def _with_data_dates(rows: pl.DataFrame) -> pl.DataFrame:
    """data_date: the status date of a part of which anything has happened, or that states it."""
    happened = pl.any_horizontal(pl.col("actual_start", "actual_finish").is_not_null(), "has_data_date")
    return rows.with_columns(data_date=pl.when(happened.any().over("part")).then("status_on"))


def _network(
    rows: pl.DataFrame, calendars: ProjectCalendars, own_of: Mapping[int, WorkingCalendar]
) -> tuple[pl.DataFrame, Network]:
    """The rows with `is_held_by_date`, and their network, in which the starts of these are held. own_of: calendars of parts."""
    network = _read(rows, calendars, own_of)
    held = waiting_for_planned_start(network)
    if calendars.own is not calendars.statutory or calendars.of_sites:
        # A start that only the days of its own calendar make late is held by nothing either.
        plainly = _read(rows, ProjectCalendars(calendars.statutory, calendars.statutory), {})
        held &= waiting_for_planned_start(plainly)
    is_linked = pl.col("predecessors").list.len().fill_null(0) > 0
    # A start on the first working day after the data date is as early as anything can be: nothing holds it.
    reported = rows.select("part", "data_date").unique().drop_nulls()
    first_start = {part: own_of[part].first_day(own_of[part].end_of(day)) for part, day in reported.iter_rows()}
    first = pl.Series([first_start.get(part, dt.date.min) for part in rows["part"]], dtype=pl.Date)
    is_late = pl.coalesce("forecast_start", "baseline_start") > first
    # What a constraint explains is no date without a reason.
    explains = pl.col("constraint_type").is_in(STARTS_AFTER) & (
        pl.col("constraint_on") >= pl.coalesce("forecast_start", "baseline_start")
    )
    is_held = pl.col("task_id").is_in(list(held)) & is_linked & is_late & ~explains.fill_null(False)
    rows = rows.with_columns(is_held_by_date=is_held)
    is_told = pl.col("task_id").is_in(rows.filter("is_held_by_date")["task_id"].implode())
    tasks = network.tasks.with_columns(start_no_earlier_than=pl.when(is_told).then("planned_start"))
    return rows, network.with_tasks(tasks)


def _read(rows: pl.DataFrame, calendars: ProjectCalendars, own_of: Mapping[int, WorkingCalendar]) -> Network:
    network = read_network(network_tasks(rows, calendars), calendars.own, calendars.of_sites)
    if not (network.knots and own_of):
        return network
    places = {id(calendar): place for place, calendar in enumerate(network.calendars)}
    of_knots = [places[id(own_of[part])] for part in network.part_of[network.tasks.height :].tolist()]
    return replace(network, calendar_of=np.concatenate([network.calendar_of[: network.tasks.height], of_knots]))


def network_tasks(rows: pl.DataFrame, calendars: ProjectCalendars) -> pl.DataFrame:
    """Rows of fct_schedule_tasks in the columns of models.schedule.tasks; `calendar` names a site with days of its own.

    Duration of finished work: as it took. Of started work: until today and from the next day to its forecast finish. Of other
    work: its forecast dates, else the duration the plan states, else its baseline. Forecast dates between which the calendar of
    the project or the site differs from the statutory one do not count where the plan states a duration: nobody knows whether
    they were made with it. A buffer lasts as the plan states and ends by its promised (baseline) finish.
    """
    planned_start = pl.coalesce("forecast_start", "baseline_start")
    named = rows.with_columns(
        planned_start=planned_start,
        planned_finish=pl.coalesce("forecast_finish", "baseline_finish"),
        today=pl.col("status_on"),
        tomorrow=pl.col("status_on") + pl.duration(days=1),
    )

    every = (calendars.own, *calendars.of_sites.values())
    places = {site: place for place, site in enumerate(calendars.of_sites, start=1)}
    of_row = np.array([places.get(site, 0) for site in rows["site"]], dtype=np.int64)

    def in_statutory(first: str, last: str) -> np.ndarray:
        return np.maximum(calendars.statutory.ends_of(named[last]) - calendars.statutory.starts_of(named[first]), 0.0)

    def lasting(first: str, last: str) -> pl.Series:
        days = np.maximum(ends(named[last], every, of_row) - starts(named[first], every, of_row), 0.0)
        # Dates that lie wholly in days off were made without them.
        return pl.Series(np.where(days == 0, in_statutory(first, last), days)).fill_nan(None)

    def is_shifted(first: str, last: str) -> pl.Series:
        """Whether the calendar of the project or the site differs from the statutory one between the two dates."""
        days = ends(named[last], every, of_row) - starts(named[first], every, of_row)
        return pl.Series(~np.isnan(days) & (np.maximum(days, 0.0) != in_statutory(first, last)))

    named = named.with_columns(
        as_it_took=lasting("actual_start", "actual_finish"),
        until_today=lasting("actual_start", "today"),
        from_tomorrow=lasting("tomorrow", "forecast_finish"),
        as_forecast=lasting("forecast_start", "forecast_finish"),
        as_planned=lasting("baseline_start", "baseline_finish"),
        is_rest_shifted=is_shifted("tomorrow", "forecast_finish"),
        is_shifted=is_shifted("forecast_start", "forecast_finish"),
    )
    named = named.with_columns(is_level_of_effort=_runs_along(named))
    is_started = pl.col("actual_start").is_not_null() & pl.col("actual_finish").is_null()
    states_duration = pl.col("duration_days") > 0
    is_forecast = (
        is_started
        & (pl.col("forecast_finish") > pl.col("status_on"))
        & ~(states_duration & pl.col("is_rest_shifted")).fill_null(False)
    )
    as_forecast = pl.when(~(states_duration & pl.col("is_shifted")).fill_null(False)).then("as_forecast")
    one_day = planned_start == pl.coalesce("forecast_finish", "baseline_finish")
    is_named = pl.col("milestone_type").is_not_null() & one_day.fill_null(True)
    is_point = (pl.col("duration_days") == 0).fill_null(False) | is_named
    stated = pl.coalesce("duration_days", "as_planned")
    return named.select(
        "task_id",
        pl.col("task_name").alias("name"),
        pl.when("is_buffer")
        .then(stated)
        .when(is_point)
        .then(0.0)
        .when(pl.col("actual_finish").is_not_null())
        .then(pl.coalesce("as_it_took", stated))
        .when(is_forecast)
        .then(pl.col("until_today") + pl.col("from_tomorrow"))
        .when(is_started)
        .then(stated)
        .otherwise(pl.coalesce(as_forecast, stated))
        .alias("duration_days"),
        pl.when(is_forecast & ~pl.col("is_buffer") & ~is_point).then("from_tomorrow").alias("remaining_days"),
        "predecessors",
        "constraint_type",
        "constraint_on",
        "deadline_on",
        "planned_start",
        "planned_finish",
        "actual_start",
        "actual_finish",
        # A buffer's percentage says what is eaten of it, not what is done.
        pl.when(~pl.col("is_buffer")).then("percent_complete").alias("percent_complete"),
        "is_buffer",
        "is_level_of_effort",
        pl.when("is_buffer").then("baseline_finish").alias("buffer_until"),
        pl.when(pl.col("site").is_in(list(places))).then("site").alias("calendar"),
        "wbs_code",
        "source_row",
        pl.col("file_name").alias("file"),
        "part",
        "data_date",
    )


def _runs_along(rows: pl.DataFrame) -> pl.Series:
    """Level of effort: work without any link that lasts (nearly) as long as the project, such as its management."""
    linked = rows["predecessors"].list.len().fill_null(0) > 0
    followed = rows["predecessors"].explode().drop_nulls().str.replace(_LINK_KIND, "").unique()
    work = pl.when(~pl.col("is_buffer"))
    span = work.then("baseline_finish").max() - work.then("baseline_start").min()
    is_enough = (~pl.col("is_buffer")).sum().over("part") >= _FEWEST_BESIDE
    whole = rows.select(pl.when(is_enough).then(span.dt.total_days().over("part") + 1)).to_series()
    lasts = (rows["baseline_finish"] - rows["baseline_start"]).dt.total_days() + 1
    alone = ~linked & ~rows["task_id"].is_in(followed.implode()) & ~rows["is_buffer"]
    return alone & (lasts >= _SHARE_OF_PROJECT * whole).fill_null(False)


def missed_limits(planned: ProjectSchedule) -> pl.DataFrame:
    """Deadlines and constraints that the computed dates do not keep, the latest first.

    Columns: task_id, task_name, limit (`deadline`, or the constraint), limit_on, days_late (working days of the project).
    """
    open_ones = planned.tasks.filter(pl.col("state") != "finished")
    is_latest_finish = pl.col("constraint_type").is_in(FINISHES_BEFORE)
    is_latest_start = pl.col("constraint_type").is_in(STARTS_BEFORE) & (pl.col("state") == "not_started")
    found = [
        open_ones.filter(condition & (pl.col(reached) > pl.col(limit))).select(
            "task_id",
            "task_name",
            kind.alias("limit"),
            pl.col(limit).alias("limit_on"),
            pl.col(reached).alias("reached"),
        )
        for condition, reached, limit, kind in (
            (pl.lit(True), "early_finish", "deadline_on", pl.lit("deadline")),
            (is_latest_finish, "early_finish", "constraint_on", pl.col("constraint_type")),
            (is_latest_start, "early_start", "constraint_on", pl.col("constraint_type")),
        )
    ]
    every = pl.concat(found)
    late = planned.calendar.ends_of(every["reached"]) - planned.calendar.ends_of(every["limit_on"])
    return (
        every.with_columns(pl.Series("days_late", late, dtype=pl.Float64))
        .drop("reached")
        .sort("days_late", "task_id", descending=[True, False])
    )


def task_history(snapshot: Snapshot, project_key: str, task_id: str) -> pl.DataFrame:
    """The rows of `task_rows` of a task, the newest data date first."""
    rows = task_rows(snapshot, project_key).filter(pl.col("task_id") == task_id)
    return rows.sort("status_on", descending=True, maintain_order=True)


def float_history(snapshot: Snapshot, project_key: str) -> pl.DataFrame:
    """Total float of every task at every data date: how it erodes.

    Columns: status_on, task_id, task_name, phase, is_buffer, state, total_float_days (working days; null once finished),
    is_critical, is_near_critical, early_finish.
    """
    calendars = project_calendars(snapshot, project_key)
    found = [
        scheduled(rows, calendars).tasks.select(
            "status_on", "task_id", "task_name", "phase", "is_buffer", "state", "total_float_days",
            "is_critical", "is_near_critical", "early_finish",
        )
        for rows in task_rows(snapshot, project_key).partition_by("status_on", maintain_order=True)
    ]  # fmt: skip
    return pl.concat(found) if found else pl.DataFrame()


def what_if(planned: ProjectSchedule, changes: Sequence[Change]) -> WhatIf:
    """What the changes would do; see models.schedule.what_if. Nothing is stored."""
    return changed_schedule(planned.schedule, changes)
