"""Parts that pages are put together from: grids, choices, stories, breakdowns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.builds.selection import Selection
from models.intake import UndoneFile
from models.kpis import values
from models.kpis.catalogue import Kpi
from models.kpis.worst import place_of
from models.vocabulary import NO_MODULE, UNALLOCATED, Flag, Grain, KpiStatus, Phase
from models.words import moments
from ui.kpis import cards as kpi_cards
from ui.kpis import charts, events, readings, tables
from ui.kpis.page import KpiPage
from ui.shell import boxes, data, figures
from ui.shell.markup import address, addresses
from ui.shell.numbers import date_text, month_text
from ui.shell.wording import _, flag_word, language, phase_word, safe

# One figure for each question of a Monday morning; the other KPIs are one click away in their section.
KEY_FIGURES = (
    "test_coverage",
    "code_defect_rate",
    "escaped_defect_rate",
    "cost_performance_index",
    "schedule_performance_index",
    "buffer_consumption",
    "technical_debt_share",
    "timesheet_completeness",
)
COLUMNS_IN_GRID = 8  # as many marks as stay readable side by side at 1366 pixels
CHANGES_SHOWN = 8
MEMBERS_SHOWN = 20
LEAST_COMPARED = 2  # bars: fewer compare nothing
MEMBER_SEPARATOR = "\x1f"  # between project and module: a sign that no export holds
_SILENT = [KpiStatus.NO_DATA.value, KpiStatus.NOT_APPLICABLE.value]
_ALL = "key"


# ---- choices --------------------------------------------------------------------------------------------------------


def project_choice(
    view: data.BuildView, selection: Selection, key: str, worst_of: pl.DataFrame | None = None
) -> dict[str, Any]:
    """One project out of those that the sidebar leaves, as a dim_projects row. Starts at the worst of `worst_of`."""
    frame = data.chosen_projects(view, selection)
    if frame.is_empty():
        st.info(_("No project matches what is chosen."))
        st.stop()
    names = data.project_names(frame)
    grid = data.kpi_grid(view, selection) if worst_of is None else worst_of
    ordered = _worst_first(grid, data.catalogue(view), names)
    if st.session_state.get(key) not in ordered:
        st.session_state[key] = next(iter(ordered))
    chosen = boxes.selectbox(_("Project"), ordered, key=key, label_visibility="collapsed", persist_state="session")
    return frame.filter(pl.col("project_key") == chosen).row(0, named=True)


def one_project(
    view: data.BuildView, selection: Selection, key: str, worst_of: pl.DataFrame | None = None
) -> tuple[dict[str, Any], DeltaGenerator]:
    """The project of `project_choice`, its box at the right of the page's head; and where that head stands."""
    head, choice = st.columns([5, 1], vertical_alignment="bottom")
    with choice:
        return project_choice(view, selection, key=key, worst_of=worst_of), head


def _worst_first(grid: pl.DataFrame, catalogue: Mapping[str, Kpi], names: Mapping[str, str]) -> dict[str, str]:
    ranked = readings.projects_worst_first(grid, catalogue)
    return {project: names[project] for project in [*ranked, *names] if project in names}


def project_in_scope(projects: pl.DataFrame) -> dict[str, object] | None:
    """The dim_projects row of the only project that is chosen: the page is then that project's. None where it is of several."""
    return projects.row(0, named=True) if projects.height == 1 else None


def project_line(view: data.BuildView, selection: Selection, rows: pl.DataFrame, key: str) -> None:
    """The way from a page of several projects to that of one, chosen as in the sidebar, the worst of `rows` first."""
    names = data.project_names(data.chosen_projects(view, selection))
    ordered, label = _worst_first(rows, data.catalogue(view), names), _("Choose a project")
    boxes.selectbox(label, ordered, index=None, key=key, placeholder=label, on_change=_narrow, args=(key,))


def all_projects_button(view: data.BuildView, key: str) -> None:
    """The way back from one project that was chosen to all of them; nothing where there is no other."""
    if data.projects(view).height > 1:
        st.button(_("All projects"), icon=":material/grid_view:", key=key, on_click=_widen, type="tertiary")


def _narrow(key: str) -> None:
    st.session_state["filter_projects"] = [st.session_state[key]] if st.session_state[key] else []


def _widen() -> None:
    st.session_state["filter_projects"], st.session_state["filter_customers"] = [], []


def kpi_choice(page: KpiPage, key: str, first: str) -> Kpi:
    """The KPI that the page's chart shows; starts at the worst one, else at `first`."""
    keys = page.cards["kpi_key"].to_list()
    worst = readings.worst_first(page.cards, page.catalogue)
    if st.session_state.get(key) not in keys:
        st.session_state[key] = worst[0]["kpi_key"] if worst else first if first in keys else keys[0]
    words = {kpi_key: page.catalogue[kpi_key].short(language()) for kpi_key in keys}
    return page.catalogue[boxes.one_of(_("KPI"), words, default=None, key=key, persist_state="session")]


# ---- grids ----------------------------------------------------------------------------------------------------------


def member_grid(page: KpiPage, key: str) -> None:
    """Projects × the KPIs that the rows hold."""
    kpi_keys = page.grid["kpi_key"].unique(maintain_order=True).to_list()
    st.markdown("**" + _("Projects side by side, worst first") + "**")
    parts = max(-(-len(kpi_keys) // COLUMNS_IN_GRID), 1)
    size = max(-(-len(kpi_keys) // parts), 1)
    for start in range(0, len(kpi_keys), size):
        _linked_grid(page, kpi_keys[start : start + size], key=f"{key}_{start}")


def _linked_grid(page: KpiPage, kpi_keys: list[str], key: str) -> None:
    rows = page.grid.filter(pl.col("kpi_key").is_in(kpi_keys))
    ordered = _worst_first(page.grid, page.catalogue, page.names)
    tables.kpi_grid(
        rows,
        kpi_keys,
        page.catalogue,
        members=ordered,
        member_column="project_key",
        label=_("Project"),
        key=key,
        leads=_leads(),
    )
    st.caption(kpi_cards.periods_line(page, rows, kpi_keys))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_("A value opens its evidence, a project's name the project."))
        worded = partial(tables.kpi_value_table, rows, page.catalogue, ordered, language())
        tables.download(worded, "plimsoll-kpis", moments.of_rows(rows.iter_rows(named=True)), key=f"{key}_download")


def _leads() -> Callable[[str, str], str]:
    evidence, project = addresses("overview/evidence"), addresses("overview/project")
    return lambda key, kpi_key: evidence(kpi=kpi_key, of=key) if kpi_key else project(of=key)


def breakdowns(page: KpiPage, key: str, section: str | None = None) -> None:
    """Modules × KPIs and, for one project, phases × KPIs: those KPIs that are counted that finely.

    Modules of several projects carry their project's name, the worst first.
    """
    for grain, read, column, title, label in (
        (Grain.MODULE, values.kpi_by_module, "module", _("By module"), _("Module")),
        (Grain.PHASE, values.kpi_by_phase, "phase", _("By phase"), _("Phase")),
    ):
        kpi_keys = [
            kpi.kpi_key
            for kpi in page.catalogue.values()
            if grain in kpi.grains and (kpi.section == section if section else kpi.kpi_key in KEY_FIGURES)
        ][:COLUMNS_IN_GRID]
        if grain == Grain.PHASE and len(page.names) > 1:
            continue
        frames = [page.view.ask(read, kpi_key, page.selection) for kpi_key in kpi_keys]
        frames = [frame for frame in frames if not frame.is_empty()]
        if not frames:
            continue
        rows = pl.concat(frames, how="diagonal_relaxed").with_columns(
            pl.concat_str("project_key", column, separator=MEMBER_SEPARATOR).alias("member")
        )
        members = _members(rows.filter(~pl.col("status").is_in(_SILENT)), column, page.names)
        if not members:
            continue
        st.markdown(f"**{title}**")
        st.caption(kpi_cards.periods_line(page, rows, kpi_keys))
        tables.kpi_grid(
            rows,
            kpi_keys,
            page.catalogue,
            members=members,
            member_column="member",
            label=label,
            key=f"{key}_{grain}",
        )
        worded = partial(tables.kpi_value_table, rows, page.catalogue, members, language(), "member")
        stands = moments.of_rows(rows.iter_rows(named=True))
        tables.download(worded, f"plimsoll-{grain}", stands, key=f"{key}_{grain}_download")


def member_word(column: str, member: str) -> str:
    """A module or phase as it is shown."""
    if member == NO_MODULE:
        return _("no module")
    if member == UNALLOCATED:
        return _("Unallocated")
    return phase_word(member) if column == "phase" else member


def _members(rows: pl.DataFrame, column: str, names: Mapping[str, str]) -> dict[str, str]:
    """{member: name shown}. Modules with the worst first; the phases of one project in the order of delivery."""
    order = {phase.value: place for place, phase in enumerate(Phase)}
    found: dict[str, tuple] = {}
    for row in rows.iter_rows(named=True):
        place = place_of(row)
        if row["member"] not in found or place < found[row["member"]][0]:
            found[row["member"]] = (place, row["project_key"], row[column])
    ordered = sorted(found, key=lambda member: found[member][0])[:MEMBERS_SHOWN]
    if column == "phase":
        ordered.sort(key=lambda member: order.get(found[member][2], len(order)))
    shown = {}
    for member in ordered:
        _place, project_key, name = found[member]
        word = member_word(column, name)
        shown[member] = word if len(names) == 1 else f"{word} · {names.get(project_key, project_key)}"
    return shown


# ---- what a page says beside its numbers ----------------------------------------------------------------------------


def closed_line(page: KpiPage) -> None:
    """To which month costs are closed, and whose are provisional."""
    days = page.projects["cost_closed_on"].drop_nulls()
    if not len(days):
        return
    oldest, newest = month_text(days.min()), month_text(days.max())
    words = [_("Costs closed to {month}", month=newest if oldest == newest else f"{oldest} – {newest}")]
    provisional = page.grid.filter(pl.col("is_provisional"))["project_key"].unique(maintain_order=True).to_list()
    if provisional:
        which = ", ".join(safe(page.names.get(project, project)) for project in provisional)
        words.append(f"{flag_word(Flag.PROVISIONAL)}: {which}")
    st.caption(" · ".join(words))


def trend(page: KpiPage, kpi: Kpi, undone: Sequence[UndoneFile] = ()) -> figures.Chart:
    """The KPI of the selection as a whole over time; of one project with its events, files undone among them."""
    history = page.view.ask(values.kpi_history, kpi.kpi_key, page.selection)
    chosen = page.selection.projects
    of = {"of": chosen[0]} if len(chosen) == 1 else {}
    return charts.kpi_trend(
        history,
        kpi,
        page.selection.period_kind,
        lambda row: address("overview/evidence", kpi=kpi.kpi_key, at=row["period_end"].isoformat(), **of),
        events.happened(page.view, next(iter(page.names)), undone) if len(page.names) == 1 else None,
    )


def narrowing(page: KpiPage, kpi: Kpi, path: str, key: str) -> None:
    """The KPI of several projects, or of the modules of one, as bars that narrow the page to what they stand for; what is
    narrowed, and the ways back. Nothing where there are no two to compare.

    path: of the page in `pages/`.
    """
    _ways_back(page, key)
    if len(page.names) > 1:
        rows = page.grid.filter(pl.col("kpi_key") == kpi.kpi_key)
        chart = charts.bars_by_member(
            rows, "project_key", page.names, kpi, lambda row: address(path, project=row["project_key"])
        )
    elif Grain.MODULE in kpi.grains and page.selection.module is None:
        rows = page.view.ask(values.kpi_by_module, kpi.kpi_key, page.selection)
        offered = set(page.view.ask(values.modules, page.selection))
        if rows.drop_nulls("value").height < LEAST_COMPARED:
            return
        chart = charts.bars_by_member(
            rows,
            "module",
            {module: member_word("module", module) for module in rows["module"]},
            kpi,
            lambda row: address(path, module=row["module"]) if row["module"] in offered else None,
        )
    else:
        return
    figures.show(chart, key=key)


def _ways_back(page: KpiPage, key: str) -> None:
    if page.selection.module is None and not page.selection.projects:
        return
    with st.container(horizontal=True):
        if page.selection.module is not None:
            st.button(
                _("All modules"),
                icon=":material/grid_view:",
                key=f"{key}_modules",
                on_click=_all_modules,
                type="tertiary",
            )
        if page.selection.projects:
            all_projects_button(page.view, key=f"{key}_all")


def _all_modules() -> None:
    st.session_state["filter_module"] = ""


def _day(day: object) -> str:
    return date_text(day) if day else ""
