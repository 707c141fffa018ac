"""Which tasks a Gantt chart shows: found by what they are, grouped where they are many, one page of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

from models.document import Row
from models.schedule.network import ProjectSchedule
from models.vocabulary import UNALLOCATED, Phase
from ui.shell import boxes
from ui.shell.markup import addresses
from ui.shell.wording import _, phase_word, safe

LINES_SHOWN = (
    60  # at 17 pixels a line: three screens of a laptop, and as many bars as Plotly draws within a page's time
)
ALL, CRITICAL, LATE, OPEN = "all", "critical", "late", "open"
BY_PHASE, BY_WBS = "phase", "wbs"
_PHASES = [phase.value for phase in Phase]


def found_tasks(tasks: pl.DataFrame, kind: str = ALL, phases: Sequence[str] = (), search: str = "") -> pl.DataFrame:
    """The tasks of that kind (all; critical and near-critical; late; not finished), of these phases, whose name, number or WBS
    code holds `search`. Summary rows of the plan are left out: groups stand for them."""
    found = tasks.filter(~pl.col("is_summary").fill_null(False))
    if kind == CRITICAL:
        found = found.filter(pl.col("is_critical").fill_null(False) | pl.col("is_near_critical").fill_null(False))
    elif kind == LATE:
        found = found.filter((pl.col("finish_slip_days") > 0) & ~pl.col("is_buffer"))
    elif kind == OPEN:
        found = found.filter(pl.col("actual_finish").is_null())
    if phases:
        found = found.filter(pl.col("phase").is_in(list(phases)))
    if search.strip():
        needle = search.strip().lower()
        texts = pl.concat_str(pl.col("task_id", "task_name", "wbs_code").fill_null(""), separator=" ")
        found = found.filter(texts.str.to_lowercase().str.contains(needle, literal=True))
    return found


def group_of(tasks: pl.DataFrame, by: str) -> pl.Series:
    """The group of each task: its phase, or the first parts of its WBS code, as many as tell at least two groups apart."""
    if by == BY_PHASE:
        return tasks["phase"].fill_null(UNALLOCATED)
    codes = tasks["wbs_code"].fill_null("–")
    for parts in (1, 2, 3):
        cut = codes.str.split(".").list.head(parts).list.join(".")
        if cut.n_unique() > 1:
            return cut
    return codes


def group_lines(tasks: pl.DataFrame, by: str) -> pl.DataFrame:
    """One line per group, over all its tasks: first start, last finish, days of baseline done, largest slip, least float."""
    weight = pl.col("baseline_days").fill_null(1.0)
    plain = tasks.filter(~pl.col("is_buffer"))
    grouped = plain.with_columns(group_of(plain, by).alias("group")).group_by("group", maintain_order=True)
    return grouped.agg(
        pl.col("baseline_start", "start").min(),
        pl.col("baseline_finish", "finish", "late_finish").max(),
        ((pl.col("progress") * weight).sum() / weight.sum()).alias("progress"),
        pl.col("total_float_days").min(),
        pl.col("is_critical", "is_near_critical").any(),
        pl.when(pl.col("actual_finish").is_not_null().all()).then(pl.col("actual_finish").max()).alias("actual_finish"),
        pl.len().alias("tasks"),
    ).with_columns(
        finish_slip_days=(pl.col("finish") - pl.col("baseline_finish")).dt.total_days(),
        is_group=pl.lit(True),
        is_buffer=pl.lit(False),
        is_milestone=pl.lit(False),
        task_id="group",
    )


def lines_of(found: pl.DataFrame, everything: pl.DataFrame, by: str, view: Sequence[str]) -> pl.DataFrame:
    """Groups with the found tasks of those that are opened below them; the groups in the order of delivery.

    Columns of `found`, is_group and group.
    """
    heads = group_lines(everything, by)
    members = found.with_columns(group_of(everything, by).gather(_places(found, everything)).alias("group"))
    members = members.with_columns(is_group=pl.lit(False))
    heads = heads.filter(pl.col("group").is_in(members["group"].unique().implode()))
    heads = heads.with_columns(task_name=pl.struct("group", "tasks").map_elements(_head_word, return_dtype=pl.String))
    order = {group: place for place, group in enumerate(_in_order(heads["group"].to_list(), by))}
    shown = members.filter(pl.col("group").is_in(list(view)) | ~pl.col("group").is_in(heads["group"].implode()))
    lines = pl.concat([heads.select(pl.all().exclude("tasks")), shown], how="diagonal_relaxed")
    place = pl.col("group").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    return lines.sort(place, ~pl.col("is_group"), maintain_order=True)


def _places(found: pl.DataFrame, everything: pl.DataFrame) -> pl.Series:
    numbered = everything.select("task_id").with_row_index("place")
    return found.select("task_id").join(numbered, on="task_id", how="left", maintain_order="left")["place"]


def _in_order(groups: list[str], by: str) -> list[str]:
    if by == BY_PHASE:
        return sorted(groups, key=lambda group: _PHASES.index(group) if group in _PHASES else len(_PHASES))
    return groups


def _head_word(head: dict) -> str:
    name = phase_word(head["group"]) if head["group"] in _PHASES else head["group"]
    name = _("Unallocated") if name == UNALLOCATED else name
    return f"{name} ({head['tasks']})"


def page_of(lines: pl.DataFrame, page: int) -> pl.DataFrame:
    """The page with that number, from 0; the last one where there are fewer."""
    pages = max(-(-lines.height // LINES_SHOWN), 1)
    return lines.slice(min(max(page, 0), pages - 1) * LINES_SHOWN, LINES_SHOWN)


def opens_of(project_key: str) -> Callable[[Row], str | None]:
    """The address of a task's rows on the schedule page, or of those of a phase; a group by WBS has none."""
    to = addresses("schedule/schedule", project=project_key)

    def opened(row: Row) -> str | None:
        if not row.get("is_group"):
            return to(task=row["task_id"])
        return to(phase=row["group"]) if row["group"] in (*_PHASES, UNALLOCATED) else None

    return opened


def narrowed(tasks: pl.DataFrame) -> tuple[pl.DataFrame, str] | None:
    """The tasks that the address of the page names, one or those of a phase, and their words; None where it names none."""
    state = st.session_state
    if task_id := state.get("subject_task"):
        found = tasks.filter(pl.col("task_id") == task_id)
        if found.height:
            return found, f"{task_id} {found['task_name'][0] or ''}".strip()
    if phase := state.get("subject_phase"):
        plain = tasks.filter(~pl.col("is_buffer")).with_columns(pl.col("phase").fill_null(UNALLOCATED))
        found = found_tasks(plain, phases=[phase])
        if found.height:
            return found, phase_word(phase) if phase in _PHASES else _("Unallocated")
    return None


def _widen() -> None:
    st.session_state["subject_task"] = st.session_state["subject_phase"] = ""


def task_filter(planned: ProjectSchedule, key: str) -> pl.DataFrame:
    """The row of filters above the chart; returns the tasks they leave. Of many tasks those that are not finished come first.

    Where the address names a task or a phase: what is shown, and the way back to all.
    """
    tasks = planned.tasks
    if (asked := narrowed(tasks)) is not None:
        found, words = asked
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                _("Only **{what}**: {count} of {total} tasks", what=safe(words), count=found.height, total=tasks.height)
            )
            st.button(
                _("All tasks"),
                icon=":material/filter_alt_off:",
                key=f"{key}_all_tasks",
                on_click=_widen,
                type="tertiary",
            )
        return found
    are_many = tasks.height > LINES_SHOWN and tasks["actual_finish"].is_null().any()
    kinds = {
        ALL: _("All"),
        CRITICAL: _("Critical and near-critical"),
        LATE: _("Late"),
        OPEN: _("Not finished"),
    }
    phases = {phase: phase_word(phase) for phase in _PHASES if phase in set(tasks["phase"])}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = boxes.one_of(
            _("Tasks"),
            kinds,
            default=OPEN if are_many else ALL,
            key=f"{key}_kind_of_many" if are_many else f"{key}_kind",
            width="content",
        )
        chosen = boxes.multiselect(
            _("Phase"), phases, key=f"{key}_phases", placeholder=_("All phases"), label_visibility="collapsed"
        )
        search = st.text_input(
            _("Search"), key=f"{key}_search", placeholder=_("Name, number or WBS code"), label_visibility="collapsed"
        )
    return found_tasks(tasks, kind, chosen, search)


def shown_lines(found: pl.DataFrame, planned: ProjectSchedule, key: str) -> pl.DataFrame:
    """The lines of the chart: the found tasks as they are, or by group where they are many; one page of them."""
    if found.height <= LINES_SHOWN:
        return found.with_columns(is_group=pl.lit(False))
    ways = {BY_PHASE: _("By phase"), BY_WBS: _("By WBS")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = boxes.one_of(_("Group"), ways, key=f"{key}_by", width="content")
        groups = group_lines(planned.tasks, by)
        names = {row["group"]: _head_word(row) for row in groups.iter_rows(named=True)}
        held = groups.filter("is_critical")["group"].to_list()[:1]
        view = boxes.multiselect(
            _("Open groups"),
            {group: names[group] for group in _in_order(list(names), by)},
            default=held,
            key=f"{key}_opened_{by}",
            placeholder=_("Open groups"),
            label_visibility="collapsed",
        )
        lines = lines_of(found, planned.tasks, by, view)
        pages = max(-(-lines.height // LINES_SHOWN), 1)
        page = 1
        if pages > 1:
            page = st.number_input(
                _("Page (of {pages})", pages=pages), min_value=1, max_value=pages, value=1, key=f"{key}_page", width=120
            )
    return page_of(lines, page - 1)
