"""The tables of the schedule pages: all tasks with dates and floats, and what is wrong with the network."""

from __future__ import annotations

import polars as pl
import streamlit as st

from models.document import Row
from models.schedule.network import ProjectSchedule
from models.schedule.problems import Problem, ProblemKind
from models.schedule.series import WHOLE_PROJECT
from models.words import moments
from models.words.numbers import percent_text
from ui.kpis import cards as kpi_cards
from ui.kpis import tables
from ui.kpis.meanings import meaning_word
from ui.shell.wording import STATUS_SIGNS, _, language, msgid, phase_word, status_word, translate

PROBLEM_ROW = 58  # pixels: a sentence wraps into three lines

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
    spoken = language()
    phases = {phase: phase_word(phase, spoken) for phase in found["phase"].drop_nulls().unique()}
    shares = {share: percent_text(share, spoken) for share in found["progress"].unique()}
    sign = (
        pl.when("is_critical")
        .then(pl.lit(_("critical task")))
        .when("is_near_critical")
        .then(pl.lit(_("near-critical")))
    )
    table = found.select(
        "task_id",
        "task_name",
        pl.col("phase").replace_strict(phases, default="", return_dtype=pl.String),
        "baseline_finish",
        "finish",
        "finish_slip_days",
        "total_float_days",
        "free_float_days",
        sign.otherwise(pl.lit("")).alias("critical"),
        pl.col("progress").replace_strict(shares, default="", return_dtype=pl.String),
        *_limits(found),
        pl.col("predecessors").list.join(", "),
    ).sort("finish_slip_days", descending=True, nulls_last=True, maintain_order=True)
    tables.plain_table(
        table,
        key=key,
        columns={
            "task_id": st.column_config.TextColumn(_("Task"), width=62),
            "task_name": st.column_config.TextColumn(_("Name"), width=140),
            "phase": st.column_config.TextColumn(_("Phase"), width=92),
            "baseline_finish": st.column_config.DateColumn(_("Baseline finish"), width=90),
            "finish": st.column_config.DateColumn(_("Finish"), width=88, help=_("Finish, actual or forecast")),
            "finish_slip_days": st.column_config.NumberColumn(_("Days late"), width=66),
            "total_float_days": st.column_config.NumberColumn(
                _("Total float"), width=88, format="%.0f", help=_("Working days it can slip before the project's finish moves")
            ),
            "free_float_days": st.column_config.NumberColumn(
                _("Free float"), width=100, format="%.0f", help=_("Working days a task can slip before its successors move")
            ),
            "critical": st.column_config.TextColumn(_("Critical"), width=86),
            "progress": st.column_config.TextColumn(_("Complete"), alignment="right", width=84),
            "predecessors": st.column_config.TextColumn(_("Predecessors"), width=90),
            "limits": st.column_config.TextColumn(_("Constraint"), width=130, help=_("What holds it beside its links; deadline")),
        },
    )  # fmt: skip
    name = kpi_cards.slug(project["project_key"])
    tables.download(
        lambda: download_frame(planned), f"plimsoll-tasks-{name}", moments.at(planned.status_on), key=f"{key}_download"
    )


def _limits(found: pl.DataFrame) -> list[pl.Expr]:
    """The constraint and the deadline of each task in words; no column where no task has one."""
    if found["constraint_on"].is_null().all() and found["deadline_on"].is_null().all():
        return []
    spoken = language()
    kinds = {kind: meaning_word(kind, spoken) for kind in found["constraint_type"].drop_nulls().unique()}
    constraint = pl.concat_str(
        pl.col("constraint_type").replace_strict(kinds, default=None, return_dtype=pl.String),
        pl.lit(" "),
        pl.col("constraint_on").cast(pl.String),
    )
    deadline = pl.concat_str(pl.lit(_("deadline") + " "), pl.col("deadline_on").cast(pl.String))
    return [pl.concat_str(constraint, deadline, separator=" · ", ignore_nulls=True).alias("limits")]


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
    spoken = language()
    shown = pl.DataFrame(
        [
            {
                "wave": row["part"],
                "status": f"{STATUS_SIGNS[row['status']]} {status_word(row['status'], spoken)}",
                "chain": percent_text(row["chain_share"], spoken),
                "buffer": percent_text(row["buffer_share"], spoken),
                "left": max(row["buffer_days"] - row["buffer_days_used"], 0.0),
                "days": row["buffer_days"],
                "status_on": row["status_on"],
            }
            for row in newest.iter_rows(named=True)
        ]
    )
    tables.plain_table(
        shown,
        key=key,
        columns={
            "wave": st.column_config.TextColumn(_("Wave")),
            "status": st.column_config.TextColumn(_("Status"), width=110),
            "chain": st.column_config.TextColumn(_("Chain done"), alignment="right", width=110),
            "buffer": st.column_config.TextColumn(_("Buffer used"), alignment="right", width=110),
            "left": st.column_config.NumberColumn(
                _("Left"), width=80, format="%.0f", help=_("Working days of the buffer that are left")
            ),
            "days": st.column_config.NumberColumn(_("Buffer, days"), width=100, format="%.0f"),
            "status_on": st.column_config.DateColumn(_("Data date"), width=110),
        },
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
        frame = problem_frame([*faults, *notes], language())
        st.dataframe(
            frame,
            hide_index=True,
            row_height=PROBLEM_ROW,
            height=min(tables.TALLEST, PROBLEM_ROW * frame.height + tables.TABLE_ROW + 2),
            key=key,
            column_config={
                "kind": st.column_config.TextColumn(_("What"), width=110),
                "task_id": st.column_config.TextColumn(_("Task"), width=70),
                "file": st.column_config.TextColumn(_("File"), width=150),
                "line": st.column_config.NumberColumn(_("Line"), width=60, format="%d"),
                "sentence": st.column_config.TextColumn(_("In words")),
            },
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
