"""The tables of the schedule pages: all tasks with dates and floats, and what is wrong with the network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from operator import itemgetter

import polars as pl
import streamlit as st

from models.document import Row
from models.kpis import series as kpi_series
from models.kpis.worst import RANKS
from models.schedule import network, series
from models.schedule.network import ProjectSchedule
from models.schedule.problems import Problem, ProblemKind
from models.schedule.series import WHOLE_PROJECT
from models.vocabulary import PeriodKind
from models.words import moments
from ui.kpis import cards as kpi_cards
from ui.kpis import tables
from ui.kpis.meanings import meaning_word
from ui.shell.data import BuildView
from ui.shell.numbers import date_text, percent_text
from ui.shell.tables import Column, day, figure, number, table, text
from ui.shell.wording import _, language, msgid, phase_word, safe, signed, translate

_KIND_WORDS: dict[str, str] = {
    ProblemKind.CYCLE: msgid("circle of links"),
    ProblemKind.AFTER_CYCLE: msgid("behind a circle"),
    ProblemKind.DANGLING_LINK: msgid("link to nothing"),
    ProblemKind.UNREADABLE_LINK: msgid("unreadable link"),
    ProblemKind.SELF_LINK: msgid("link to itself"),
    ProblemKind.DUPLICATE_TASK: msgid("repeated number"),
    ProblemKind.NEGATIVE_DURATION: msgid("negative duration"),
    ProblemKind.MISSING_DURATION: msgid("no duration"),
    ProblemKind.UNKNOWN_CONSTRAINT: msgid("unknown constraint"),
    ProblemKind.CONSTRAINT_WITHOUT_DATE: msgid("constraint without date"),
    ProblemKind.UNKNOWN_CALENDAR: msgid("unknown calendar"),
    ProblemKind.BEYOND_CALENDAR: msgid("beyond the calendar"),
    ProblemKind.FINISH_BEFORE_START: msgid("finish before start"),
    ProblemKind.ACTUAL_AFTER_DATA_DATE: msgid("actual in the future"),
    ProblemKind.FINISHED_WITHOUT_DATE: msgid("finished without date"),
    ProblemKind.STARTED_WITHOUT_DATE: msgid("started without date"),
    ProblemKind.PROGRESS_UNKNOWN: msgid("progress unknown"),
    ProblemKind.SUMMARY_TASK: msgid("summary"),
    ProblemKind.OPEN_START: msgid("no predecessor"),
    ProblemKind.OPEN_END: msgid("no successor"),
}


def task_table(found: pl.DataFrame, project: Row, planned: ProjectSchedule, key: str) -> None:
    """The found tasks, the latest against the baseline first; the download holds all tasks and all columns."""
    if found.is_empty():
        return

    def critical(row: Mapping) -> str:
        return _("critical task") if row["is_critical"] else _("near-critical") if row["is_near_critical"] else ""

    has_limits = not (found["constraint_on"].is_null().all() and found["deadline_on"].is_null().all())
    limits = text(_("Constraint"), _limits, width=130, help=_("What holds it beside its links; deadline"))
    before_finish, before_next = (
        _("Working days it can slip before the project's finish moves"),
        _("Working days a task can slip before its successors move"),
    )
    total = number(_("Total float"), width=88, format="%.0f", help=before_finish)
    free = number(_("Free float"), width=100, format="%.0f", help=before_next)
    table(
        found.sort("finish_slip_days", descending=True, nulls_last=True, maintain_order=True),
        {
            "task_id": text(_("Task"), width=62),
            "task_name": text(_("Name"), width=140),
            "phase": text(_("Phase"), lambda row: row["phase"] and phase_word(row["phase"]), width=92),
            "baseline_finish": day(_("Baseline finish"), width=90),
            "finish": day(_("Finish"), width=88, help=_("Finish, actual or forecast")),
            "finish_slip_days": number(_("Days late"), width=66, format=None),
            "total_float_days": total,
            "free_float_days": free,
            "critical": text(_("Critical"), critical, width=86),
            "progress": figure(
                _("Complete"), lambda row: percent_text(row["progress"]), value=itemgetter("progress"), width=84
            ),
            "limits": limits if has_limits else None,
            "predecessors": text(_("Predecessors"), lambda row: ", ".join(row["predecessors"] or []), width=90),
        },
        key=key,
    )
    name = kpi_cards.slug(project["project_key"])
    tables.download(
        lambda: download_frame(planned), f"plimsoll-tasks-{name}", moments.at(planned.status_on), key=f"{key}_download"
    )


def task_history(view: BuildView, planned: ProjectSchedule, key: str) -> None:
    """Of the task that the address names, what each data date says of it, with file and line; nothing without one."""
    task_id = st.session_state.get("subject_task")
    if not task_id or planned.tasks.filter(pl.col("task_id") == task_id).is_empty():
        return
    rows = view.ask(network.task_history, planned.project_key, task_id)
    st.markdown("**" + _("At each data date") + "**")
    table(
        rows,
        {
            "status_on": day(_("Data date"), width=100),
            "baseline_finish": day(_("Baseline finish"), width=110),
            "forecast_finish": day(_("Forecast finish"), width=110),
            "actual_finish": day(_("Actual finish"), width=110),
            "progress": figure(
                _("Complete"), lambda row: percent_text(row["progress"]), value=itemgetter("progress"), width=84
            ),
            "file_name": text(_("File"), width=220),
            "source_row": number(_("Line"), format="%d", width=56),
        },
        key=key,
    )


def burn_up_items(view: BuildView, project_key: str, key: str) -> None:
    """The items behind the point of the burn-up that the address names, with file and line; nothing without one."""
    state = st.session_state
    try:
        week = dt.date.fromisoformat(state.get("subject_week") or "")
    except ValueError:
        return
    only_done = state.get("subject_part") == "done"
    items = view.ask(series.burn_up_items, project_key, week, only_done)
    said = {"count": items.height, "date": date_text(week)}
    words = _("{count} items done by {date}", **said) if only_done else _("{count} items in scope on {date}", **said)
    _headed(words, key)
    table(
        items.head(tables.ROWS_SHOWN),
        {
            "issue_key": text(_("Key"), width=88),
            "summary": text(_("What"), width=240),
            "created_on": day(_("Raised"), width=92),
            "done_on": day(_("Done"), width=92),
            "estimated_days": number(_("Person-days"), width=98),
            "file_name": text(_("File"), width=200),
            "source_row": number(_("Line"), format="%d", width=56),
        },
        key=key,
    )
    st.caption(_("{shown} of {count} rows", shown=min(items.height, tables.ROWS_SHOWN), count=items.height))
    tables.download(lambda: items, "plimsoll-burn-up", moments.over(PeriodKind.WEEK, [week]), key=f"{key}_download")


def wave_sites(view: BuildView, project: Row, key: str) -> None:
    """The sites of the wave that the address names, with file and line; nothing without one."""
    wave = st.session_state.get("subject_wave")
    sites = view.ask(kpi_series.sites_of_wave, project["project_key"], wave) if wave else pl.DataFrame()
    if sites.is_empty():
        return
    said = {"wave": safe(wave), "count": sites.height, "live": sites["actual_live_on"].count()}
    _headed(_("Wave {wave}: {live} of {count} sites are live", **said), key)
    table(
        sites,
        {
            "site": text(_("Site"), width=100),
            "site_name": text(_("Name"), width=200),
            "planned_live_on": day(_("Planned go-live"), width=120),
            "actual_live_on": day(_("Live"), width=100),
            "accepted_on": day(_("Accepted"), width=100),
            "defects_at_acceptance": number(_("Defects at acceptance"), format="%d", width=150),
            "file_name": text(_("File"), width=200),
            "source_row": number(_("Line"), format="%d", width=56),
        },
        key=key,
    )
    tables.download(lambda: sites, "plimsoll-sites", moments.at(project["status_on"]), key=f"{key}_download")


def _headed(words: str, key: str) -> None:
    """The head of the rows that an address opened, and the way to close them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{words}**")
        st.button(_("Close"), icon=":material/close:", key=f"{key}_close", on_click=_close, type="tertiary")


def _close() -> None:
    st.session_state.update(subject_week="", subject_part="", subject_wave="")


def _limits(row: Mapping) -> str:
    """The constraint and the deadline of a task in words."""
    told = []
    if row["constraint_type"] and row["constraint_on"]:
        told.append(f"{meaning_word(row['constraint_type'], language())} {row['constraint_on']}")
    if row["deadline_on"]:
        told.append(f"{_('deadline')} {row['deadline_on']}")
    return " · ".join(told)


def download_frame(planned: ProjectSchedule) -> pl.DataFrame:
    """Every task with baseline, forecast, computed dates and floats (working days), where it was read included."""
    return planned.tasks.select(
        "task_id", "wbs_code", "task_name", "phase", "module", "status_on", "state",
        "baseline_start", "baseline_finish", "forecast_start", "forecast_finish", "actual_start", "actual_finish",
        "finish_slip_days", "early_start", "early_finish", "late_start", "late_finish", "total_float_days",
        "free_float_days", "is_critical", "is_near_critical", "progress", "predecessors", "driving_predecessor",
        "driven_by", "is_held_by_date", "constraint_type", "constraint_on", "deadline_on", "site", "milestone_type",
        "is_buffer", "file_name", "source_row",
    )  # fmt: skip


def wave_table(history: pl.DataFrame, key: str) -> None:
    """The buffer of each wave at its newest data date, the worst first. history: schedule_series.buffer_history."""
    waves = history.filter(pl.col("part") != WHOLE_PROJECT)
    if waves.is_empty():
        return
    newest = waves.sort("status_on").group_by("part", maintain_order=True).last()
    newest = newest.sort(pl.col("buffer_share") - pl.col("chain_share"), descending=True, maintain_order=True)

    def share(head: str, name: str) -> Column:
        return figure(head, lambda row: percent_text(row[name]), value=itemgetter(name), width=110)

    table(
        newest,
        {
            "part": text(_("Wave")),
            "status": text(
                _("Status"), lambda row: signed(row["status"]), value=lambda row: RANKS.get(row["status"]), width=110
            ),
            "chain": share(_("Chain done"), "chain_share"),
            "buffer": share(_("Buffer used"), "buffer_share"),
            "left": number(
                _("Left"),
                lambda row: max(row["buffer_days"] - row["buffer_days_used"], 0.0),
                width=80,
                format="%.0f",
                help=_("Working days of the buffer that are left"),
            ),
            "buffer_days": number(_("Buffer, days"), width=100, format="%.0f"),
            "status_on": day(_("Data date"), width=110),
        },
        key=key,
    )


def problem_list(planned: ProjectSchedule, key: str) -> None:
    """What is wrong with the network, faults first, each with its task, file and line."""
    problems = planned.schedule.problems
    faults = [problem for problem in problems if not problem.kind.is_information]
    notes = [problem for problem in problems if problem.kind.is_information]
    if not problems:
        st.caption(_("The network has no fault: every link leads somewhere and no circle was found."))
        return
    title = _(
        "Faults of the network: {faults} · open ends and summaries: {notes}", faults=len(faults), notes=len(notes)
    )
    with st.expander(title, expanded=bool(faults), key=f"{key}_box"):
        table(
            problem_frame([*faults, *notes], language()),
            {
                "kind": text(_("What"), width=110),
                "task_id": text(_("Task"), width=70),
                "file": text(_("File"), width=150),
                "line": number(_("Line"), width=60, format="%d"),
                "sentence": text(_("In words")),
            },
            key=key,
        )


def problem_frame(problems: list[Problem], spoken: str) -> pl.DataFrame:
    """Columns: kind, task_id, file, line, sentence; in the order given."""
    return pl.DataFrame(
        [
            {
                "kind": translate(_KIND_WORDS[problem.kind], None, spoken),
                "task_id": problem.task_id,
                "file": problem.file,
                "line": problem.source_row,
                "sentence": translate(problem.template, problem.details, spoken),
            }
            for problem in problems
        ],
        schema={"kind": pl.String, "task_id": pl.String, "file": pl.String, "line": pl.Int64, "sentence": pl.String},
    )
