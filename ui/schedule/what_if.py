"""What-if on a schedule: durations and starts changed in a small table, before and after side by side. Nothing is stored."""

from __future__ import annotations

import polars as pl
import streamlit as st

from models.document import Row
from models.errors import PlimsollError
from models.schedule import network as schedule_network
from models.schedule.network import ProjectSchedule
from models.schedule.series import TimeForecast, time_index_if
from models.schedule.what_if import Change, WhatIf
from ui.schedule.gantt import CRITICAL_SIGN
from ui.shell import boxes
from ui.shell.numbers import date_text, index_text, percent_text
from ui.shell.tables import day, edit, number, table, text
from ui.shell.wording import _, error_text, safe

MOVED_SHOWN = 40  # lines of the chart with ghosts


def change_editor(planned: ProjectSchedule, key: str) -> list[Change]:
    """Choose tasks, type new durations or starts; returns what differs from the plan."""
    tasks = planned.schedule.tasks.filter(
        (pl.col("state") != "finished")
        & ~pl.col("is_summary")
        & ~pl.col("is_buffer")
        & pl.col("early_start").is_not_null()
    )
    names = {row["task_id"]: f"{row['task_id']} {row['name'] or ''}" for row in tasks.iter_rows(named=True)}
    if not names:
        st.info(_("Every task is finished: nothing is left to change."))
        return []
    run = st.session_state.setdefault(f"{key}_run", 0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        path = [task_id for task_id in planned.schedule.critical_path if task_id in names]
        label, key_of_run = _("Tasks to change"), f"{key}_tasks_{run}"
        chosen = boxes.multiselect(label, names, default=path[:1], key=key_of_run, placeholder=_("Choose tasks"))
        if st.button(_("Reset"), key=f"{key}_reset", icon=":material/restart_alt:"):
            st.session_state[f"{key}_run"] = run + 1
            st.rerun()
    st.caption(_("Choose a task, then type another duration or an earliest start. Nothing is stored."))
    if not chosen:
        return []
    # In the order of choice, so that a further task does not move the lines that were typed into.
    planned_now = pl.DataFrame({"task_id": chosen}).join(tasks, on="task_id", how="left", maintain_order="left")
    planned_now = planned_now.select(
        "task_id",
        "name",
        pl.col("remaining_days", "duration_days").round(1),
        pl.when(pl.col("state") == "not_started").then("early_start").alias("early_start"),
    )
    edited = edit(
        planned_now,
        {
            "task_id": text(_("Task"), width=80),
            "name": text(_("Name")),
            "remaining_days": number(_("Left, working days"), format=None, width=130),
            "duration_days": number(_("Duration, working days"), format=None, is_edited=True, min_value=0.0, width=170),
            "early_start": day(_("Earliest start"), is_edited=True, width=130),
        },
        key=f"{key}_editor_{run}_{'|'.join(chosen)}",
        placeholder=None,
    )
    return changes_between(planned_now, edited.with_columns(pl.col("early_start").cast(pl.Date)))


def changes_between(before: pl.DataFrame, after: pl.DataFrame) -> list[Change]:
    """What was typed. Both: task_id, duration_days, early_start, in the same order. An emptied cell changes nothing."""
    found = []
    for old, new in zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=True):
        days = new["duration_days"] if new["duration_days"] != old["duration_days"] else None
        start = new["early_start"] if new["early_start"] != old["early_start"] else None
        if days is not None or start is not None:
            found.append(Change(old["task_id"], duration_days=days, start_no_earlier_than=start))
    return found


def outcome(planned: ProjectSchedule, changes: list[Change]) -> WhatIf | None:
    """The two schedules; None where nothing is changed or the change cannot be computed, which is said."""
    if not changes:
        return None
    try:
        found = schedule_network.what_if(planned, changes)
    except PlimsollError as error:
        st.error(safe(error_text(error)), icon=":material/error:")
        return None
    if found.without_effect:
        which = safe(", ".join(found.without_effect))
        st.caption(_("Without effect, because the start has happened or the task is finished: {which}", which=which))
    return found


def verdict(found: WhatIf | None) -> None:
    """What moves, in one sentence."""
    if found is None:
        return
    work = _work_slip(found)
    eaten = found.buffers["eaten_days"].sum() if found.buffers.height else 0.0
    words = [
        _("The work ends {days} working days later", days=f"{work:g}")
        if work > 0
        else _("The work ends {days} working days earlier", days=f"{-work:g}")
        if work < 0
        else _("The work ends on the same day")
    ]
    if eaten > 0:
        words.append(_("the buffer loses {days} working days", days=f"{eaten:g}"))
    elif eaten < 0:
        words.append(_("the buffer regains {days} working days", days=f"{-eaten:g}"))
    words.append(_("{count} tasks move", count=found.moved.height))
    st.markdown("#### " + _(", ").join(words), anchors=False)


def _work_slip(found: WhatIf) -> float:
    calendar = found.before.network.calendars[0]
    before, after = found.before.finish_without_buffer, found.after.finish_without_buffer
    return 0.0 if before is None or after is None else calendar.end_of(after) - calendar.end_of(before)


def comparison(found: WhatIf | None, forecast: TimeForecast | None, project: Row, key: str) -> None:
    """Finish, critical path, buffer, contract and SPI(t), before and after."""
    if found is None:
        return
    table(
        comparison_frame(found, forecast, project),
        {
            "what": text(_("What")),
            "before": text(_("Before"), alignment="right", width=160),
            "after": text(_("After"), alignment="right", width=160),
            "change": text(_("Change"), alignment="right", width=160),
        },
        key=key,
    )


def comparison_frame(found: WhatIf, forecast: TimeForecast | None, project: Row) -> pl.DataFrame:
    """Columns: what, before, after, change; all in words."""
    before, after = found.before, found.after
    rows = [
        (
            _("Finish of the work"),
            _day(before.finish_without_buffer),
            _day(after.finish_without_buffer),
            _days(_work_slip(found)),
        ),
        (_("Finish with buffer"), _day(before.finish), _day(after.finish), _days(found.finish_slip_days)),
        (
            _("Critical path, working days"),
            _number(before.length_days),
            _number(after.length_days),
            _days((after.length_days or 0) - (before.length_days or 0)),
        ),
    ]
    for buffer in found.buffers.iter_rows(named=True):
        name = safe(buffer["name"] or buffer["task_id"]) if found.buffers.height > 1 else ""
        used, then = buffer["used_share_before"], buffer["used_share_after"]
        if used is not None and then is not None:
            words = (percent_text(used), percent_text(then))
            rows.append((f"{_('Buffer used')} {name}".strip(), *words, percent_text(then - used, signed=True)))
    contract = project["contract_finish_on"]
    if contract is not None and before.finish_without_buffer and after.finish_without_buffer:
        spare = [(contract - finish).days for finish in (before.finish_without_buffer, after.finish_without_buffer)]
        rows.append((_("Days before the contract finish"), f"{spare[0]}", f"{spare[1]}", f"{spare[1] - spare[0]:+d}"))
    was, is_now = (time_index_if(forecast, of.finish_without_buffer) for of in (before, after))
    if was is not None and is_now is not None:
        rows.append((_("SPI(t) at completion"), index_text(was), index_text(is_now), f"{is_now - was:+.2f}"))
    return pl.DataFrame(rows, schema=["what", "before", "after", "change"], orient="row")


def moved_table(found: WhatIf | None, key: str) -> None:
    """The tasks that move, the farthest first, with their float before and after."""
    if found is None or found.moved.is_empty():
        return
    st.markdown("**" + _("Tasks that move") + "**")
    signs = {True: CRITICAL_SIGN, False: "–", None: "–"}
    table(
        found.moved.sort("slip_days", descending=True, nulls_last=True),
        {
            "task_id": text(_("Task"), width=70),
            "name": text(_("Name"), width=170),
            "finish_before": day(_("Finish before"), width=110),
            "finish_after": day(_("Finish after"), width=110),
            "slip_days": number(_("Working days"), width=100, format="%+.0f"),
            "total_float_before": number(_("Float before"), width=100, format="%.0f"),
            "total_float_after": number(_("Float after"), width=100, format="%.0f"),
            "critical": text(
                _("Critical"),
                lambda row: f"{signs[row['is_critical_before']]} → {signs[row['is_critical_after']]}",
                width=130,
            ),
        },
        key=key,
    )


def ghost_lines(planned: ProjectSchedule, found: WhatIf | None) -> pl.DataFrame:
    """Lines for the Gantt chart: the tasks that move, or the critical path, with where they stood before."""
    if found is None:
        path = planned.schedule.critical_path
        return (
            planned.tasks.filter(pl.col("task_id").is_in(path)).head(MOVED_SHOWN).with_columns(is_group=pl.lit(False))
        )
    far = found.moved.with_columns(pl.col("slip_days").abs()).sort("slip_days", descending=True, nulls_last=True)
    ids = far["task_id"].head(MOVED_SHOWN).to_list()
    after = found.after.tasks.select(
        "task_id", "early_start", "early_finish", "late_finish", "total_float_days", "is_critical", "is_near_critical"
    )
    before = found.before.tasks.select("task_id", before_start="early_start", before_finish="early_finish")
    kept = planned.tasks.filter(pl.col("task_id").is_in(ids)).drop(set(after.columns) - {"task_id"})
    lines = kept.join(after, on="task_id", maintain_order="left").join(before, on="task_id", maintain_order="left")
    return lines.with_columns(
        start=pl.coalesce("actual_start", "early_start"), finish="early_finish", is_group=pl.lit(False)
    ).with_columns(finish_slip_days=(pl.col("finish") - pl.col("baseline_finish")).dt.total_days())


def _day(day: object) -> str:
    return date_text(day) if day else "–"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _days(days: float) -> str:
    return _("{days} working days", days=f"{days:+.0f}") if round(days) else "0"
