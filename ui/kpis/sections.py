"""Parts that pages are put together from: grids, choices, stories, breakdowns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.document import Row
from models.kpis.catalogue import Kpi
from models.kpis.worst import place_of
from models.vocabulary import NO_MODULE, UNALLOCATED, Flag, Grain, KpiStatus, Phase, Section
from models.words import moments
from models.words.numbers import date_text, kpi_value_text, month_text
from ui.kpis import cards as kpi_cards
from ui.kpis import charts, readings, tables
from ui.shell import boxes, data, figures
from ui.shell.filters import url_parameters
from ui.shell.wording import STATUS_SIGNS, _, flag_word, language, phase_word, safe, section_word, status_word

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
MEMBER_SEPARATOR = "\x1f"  # between project and module: a sign that no export holds
_SILENT = [KpiStatus.NO_DATA.value, KpiStatus.NOT_APPLICABLE.value]
_ALL = "key"


# ---- choices --------------------------------------------------------------------------------------------------------


def project_choice(
    opened: data.Opened, selection: Selection, key: str, worst_of: pl.DataFrame | None = None
) -> dict[str, Any]:
    """One project out of those that the sidebar leaves, as a dim_projects row. Starts at the worst of `worst_of`."""
    frame = data.chosen_projects(opened, selection)
    if frame.is_empty():
        st.info(_("No project matches what is chosen on the left."))
        st.stop()
    names = kpi_cards.project_names(frame)
    grid = data.kpi_grid(opened, selection) if worst_of is None else worst_of
    ranked = readings.projects_worst_first(grid, data.catalogue(opened))
    ordered = [name for name in ranked if name in names]
    ordered += [name for name in names if name not in ordered]
    if st.session_state.get(key) not in ordered:
        st.session_state[key] = ordered[0]
    chosen = boxes.selectbox(
        _("Project"),
        ordered,
        format_func=names.get,
        key=key,
        label_visibility="collapsed",
        persist_state="session",
    )
    return frame.filter(pl.col("project_key") == chosen).row(0, named=True)


def project_in_scope(projects: pl.DataFrame) -> dict[str, Any] | None:
    """The dim_projects row of the only project that is chosen: the page is then that project's. None where it is of several."""
    return projects.row(0, named=True) if projects.height == 1 else None


def project_line(opened: data.Opened, selection: Selection, rows: pl.DataFrame, key: str) -> None:
    """The way from a page of several projects to that of one, chosen as in the sidebar, the worst of `rows` first."""
    names = kpi_cards.project_names(data.chosen_projects(opened, selection))
    ranked = readings.projects_worst_first(rows, data.catalogue(opened))
    ordered = list(dict.fromkeys([*(name for name in ranked if name in names), *names]))
    boxes.selectbox(
        _("Choose a project"),
        ordered,
        index=None,
        format_func=names.get,
        key=key,
        placeholder=_("Choose a project"),
        on_change=_narrow,
        args=(key,),
    )


def all_projects_button(opened: data.Opened, key: str) -> None:
    """The way back from one project that was chosen to all of them; nothing where there is no other."""
    if data.projects(opened).height > 1:
        st.button(_("All projects"), icon=":material/grid_view:", key=key, on_click=_widen, type="tertiary")


def _narrow(key: str) -> None:
    st.session_state["filter_projects"] = [st.session_state[key]] if st.session_state[key] else []


def _widen() -> None:
    st.session_state["filter_projects"], st.session_state["filter_customers"] = [], []


def kpi_choice(rows: pl.DataFrame, catalogue: Mapping[str, Kpi], key: str, first: str) -> Kpi:
    """The KPI that the page's chart shows; starts at the worst one, else at `first`."""
    keys = rows["kpi_key"].to_list()
    worst = readings.worst_first(rows, catalogue)
    if st.session_state.get(key) not in keys:
        st.session_state[key] = worst[0]["kpi_key"] if worst else first if first in keys else keys[0]
    chosen = st.segmented_control(
        _("KPI"),
        keys,
        format_func={kpi_key: catalogue[kpi_key].short(language()) for kpi_key in keys}.get,
        key=key,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return catalogue[chosen]


def rows_of(frame: pl.DataFrame, catalogue: Mapping[str, Kpi], *sections: str) -> pl.DataFrame:
    """The rows of the KPIs of these sections, in the catalogue's order."""
    return readings.of_sections(frame, catalogue, sections)


def section_headline(
    cards: pl.DataFrame, grid: pl.DataFrame, catalogue: Mapping[str, Kpi], names: Mapping[str, str]
) -> str:
    """Several projects: which of them are over a level. One: which of its KPIs are."""
    if len(names) == 1:
        return kpi_cards.kpi_headline(cards, catalogue)
    return kpi_cards.portfolio_headline(grid, catalogue, names)


# ---- grids ----------------------------------------------------------------------------------------------------------


def section_grid(grid: pl.DataFrame, catalogue: Mapping[str, Kpi], names: Mapping[str, str], key: str) -> None:
    """Projects × KPIs for one section at a time, worst projects first; key figures to begin with."""
    groups = {_ALL: [kpi_key for kpi_key in KEY_FIGURES if kpi_key in catalogue]}
    for section in Section:
        kpi_keys = [kpi.kpi_key for kpi in catalogue.values() if kpi.section == section]
        if kpi_keys:
            groups[section.value] = kpi_keys
    chosen = st.segmented_control(
        _("KPIs"),
        list(groups),
        format_func={
            group: _("Key figures") if group == _ALL else section_word(group, language()) for group in groups
        }.get,
        default=_ALL,
        key=f"{key}_section",
        required=True,
        label_visibility="collapsed",
    )
    shown = grid.filter(pl.col("kpi_key").is_in(groups[chosen]))
    _linked_grid(shown, groups[chosen], catalogue, names=names, ranked=grid, key=f"{key}_{chosen}")


def member_grid(grid: pl.DataFrame, catalogue: Mapping[str, Kpi], names: Mapping[str, str], key: str) -> None:
    """Projects × the KPIs that the rows hold."""
    kpi_keys = grid["kpi_key"].unique(maintain_order=True).to_list()
    st.markdown("**" + _("Projects side by side, worst first") + "**")
    parts = max(-(-len(kpi_keys) // COLUMNS_IN_GRID), 1)
    size = max(-(-len(kpi_keys) // parts), 1)
    for start in range(0, len(kpi_keys), size):
        part = kpi_keys[start : start + size]
        shown = grid.filter(pl.col("kpi_key").is_in(part))
        _linked_grid(shown, part, catalogue, names=names, ranked=grid, key=f"{key}_{start}")


def _linked_grid(
    rows: pl.DataFrame,
    kpi_keys: list[str],
    catalogue: Mapping[str, Kpi],
    *,
    names: Mapping[str, str],
    ranked: pl.DataFrame,
    key: str,
) -> None:
    worst = readings.projects_worst_first(ranked, catalogue)
    ordered = {project: names[project] for project in worst if project in names}
    clicked = tables.kpi_heat_grid(
        rows, kpi_keys, catalogue, members=ordered, member_column="project_key", label=_("Project"), key=key
    )
    st.caption(kpi_cards.periods_line(rows, catalogue, names, kpi_keys))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_("A click on a value opens its evidence, on a project the project."))
        worded = partial(tables.kpi_value_table, rows, catalogue, ordered, language())
        tables.download(worded, "plimsoll-kpis", moments.of_rows(rows.iter_rows(named=True)), key=f"{key}_download")
    if clicked is not None:
        project_key, kpi_key = clicked
        if kpi_key:
            st.switch_page(kpi_cards.EVIDENCE, query_params=url_parameters(kpi=kpi_key, of=project_key))
        st.switch_page(kpi_cards.PROJECT, query_params=url_parameters(of=project_key))


def breakdowns(
    opened: data.Opened,
    selection: Selection,
    catalogue: Mapping[str, Kpi],
    *,
    names: Mapping[str, str],
    key: str,
    section: str | None = None,
) -> None:
    """Modules × KPIs and, for one project, phases × KPIs: those KPIs that are counted that finely.

    names: {project_key: name} of what is chosen. Modules of several projects carry their project's name, the worst first.
    """
    for grain, read, column, title, label in (
        (Grain.MODULE, data.kpi_by_module, "module", _("By module"), _("Module")),
        (Grain.PHASE, data.kpi_by_phase, "phase", _("By phase"), _("Phase")),
    ):
        kpi_keys = [
            kpi.kpi_key
            for kpi in catalogue.values()
            if grain in kpi.grains and (kpi.section == section if section else kpi.kpi_key in KEY_FIGURES)
        ][:COLUMNS_IN_GRID]
        if grain == Grain.PHASE and len(names) > 1:
            continue
        frames = [read(opened, kpi_key, selection) for kpi_key in kpi_keys]
        frames = [frame for frame in frames if not frame.is_empty()]
        if not frames:
            continue
        rows = pl.concat(frames, how="diagonal_relaxed").with_columns(
            pl.concat_str("project_key", column, separator=MEMBER_SEPARATOR).alias("member")
        )
        members = _members(rows.filter(~pl.col("status").is_in(_SILENT)), column, names)
        if not members:
            continue
        st.markdown(f"**{title}**")
        st.caption(kpi_cards.periods_line(rows, catalogue, names, kpi_keys))
        tables.kpi_heat_grid(
            rows,
            kpi_keys,
            catalogue,
            members=members,
            member_column="member",
            label=label,
            key=f"{key}_{grain}",
            clickable=False,
        )
        worded = partial(tables.kpi_value_table, rows, catalogue, members, language(), "member")
        stands = moments.of_rows(rows.iter_rows(named=True))
        tables.download(worded, f"plimsoll-{grain}", stands, key=f"{key}_{grain}_download")


def member_word(column: str, member: str) -> str:
    """A module or phase as it is shown."""
    if member == NO_MODULE:
        return _("no module")
    if member == UNALLOCATED:
        return _("Unallocated")
    return phase_word(member, language()) if column == "phase" else member


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


def changes(
    opened: data.Opened, selection: Selection, catalogue: Mapping[str, Kpi], names: Mapping[str, str], key: str
) -> None:
    """What changed since the build before this one."""
    st.markdown("**" + _("What changed since the last build") + "**")
    frame = data.changes_since_last_build(opened, selection)
    if frame is None:
        st.caption(_("This is the first build: there is nothing to compare it with."))
        return
    rows = [row for row in frame.iter_rows(named=True) if row["kpi_key"] in catalogue and row["project_key"] in names]
    rows = [row for row in rows if catalogue[row["kpi_key"]].has_own_status]
    rows = [row for row in rows if row["status"] != row["previous_status"] or row["value"] is not None]
    rows.sort(key=lambda row: (row["status"] == row["previous_status"], place_of(row)))
    if not rows:
        st.caption(_("Nothing changed."))
        return
    shown = rows[:CHANGES_SHOWN]
    table = pl.DataFrame(
        {
            "project": [names[row["project_key"]] for row in shown],
            "kpi": [catalogue[row["kpi_key"]].short(language()) for row in shown],
            "period": [readings.period_words(row, language()) for row in shown],
            "before": [_cell(catalogue, row, "previous_value", "previous_status") for row in shown],
            "now": [_cell(catalogue, row, "value", "status") for row in shown],
        }
    )
    tables.plain_table(
        table,
        key=key,
        columns={
            "project": st.column_config.TextColumn(_("Project"), width=108),
            "kpi": st.column_config.TextColumn(_("KPI"), width=104),
            "period": st.column_config.TextColumn(_("Period"), width=82),
            "before": st.column_config.TextColumn(_("Before"), alignment="right", width=82),
            "now": st.column_config.TextColumn(_("Now"), alignment="right", width=82),
        },
    )
    if len(rows) > CHANGES_SHOWN:
        st.caption(_("{count} more changes", count=len(rows) - CHANGES_SHOWN))


def project_story(project: Row) -> None:
    """Who it is for, how it is delivered, and the dates that its numbers stand at."""
    words = [
        (_("Customer"), project["customer"]),
        (_("Start"), _day(project["start_on"])),
        (_("Requirements frozen"), _day(project["freeze_on"])),
        (_("Contract finish"), _day(project["contract_finish_on"])),
        (_("Finished"), _day(project["actual_finish_on"])),
        (_("Data as of"), _day(project["status_on"])),
        (_("Costs closed to"), _day(project["cost_closed_on"])),
    ]
    st.caption(" · ".join(f"{label} {safe(text)}" for label, text in words if text))


def closed_line(projects: pl.DataFrame, grid: pl.DataFrame) -> None:
    """To which month costs are closed, and whose are provisional."""
    days = projects["cost_closed_on"].drop_nulls()
    if not len(days):
        return
    oldest, newest = month_text(days.min(), language()), month_text(days.max(), language())
    words = [_("Costs closed to {month}", month=newest if oldest == newest else f"{oldest} – {newest}")]
    names = kpi_cards.project_names(projects)
    provisional = grid.filter(pl.col("is_provisional"))["project_key"].unique(maintain_order=True).to_list()
    if provisional:
        which = ", ".join(safe(names.get(project, project)) for project in provisional)
        words.append(f"{flag_word(Flag.PROVISIONAL, language())}: {which}")
    st.caption(" · ".join(words))


def warnings_list(rows: pl.DataFrame, catalogue: Mapping[str, Kpi], names: Mapping[str, str]) -> None:
    """Every value over a level as one line with its level and the way to its evidence."""
    worst = readings.worst_first(rows, catalogue)
    if not worst:
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown("**" + _("Warnings") + "**")
        for row in worst:
            kpi = catalogue[row["kpi_key"]]
            level = readings.level_crossed(row)
            words = _(
                "{sign} {status}: {kpi} {value} ({period}), level {level}",
                period=readings.period_words(row, language()),
                sign=STATUS_SIGNS[row["status"]],
                status=status_word(row["status"], language()),
                kpi=safe(kpi.name(language())),
                value=readings.value_words(row, kpi, language()),
                level="–" if level is None else kpi_value_text(level, kpi.unit, language()),
            )
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(words, width="content")
                st.page_link(
                    kpi_cards.EVIDENCE,
                    label=_("Why this number?"),
                    query_params=url_parameters(kpi=row["kpi_key"], of=next(iter(names))),
                )


def cards_by_section(rows: pl.DataFrame, catalogue: Mapping[str, Kpi], names: Mapping[str, str], key: str) -> None:
    """All cards of one project, a heading for each section."""
    for section in Section:
        shown = readings.of_sections(rows, catalogue, [section])
        if shown.is_empty():
            continue
        st.markdown(f"**{section_word(section, language())}**")
        kpi_cards.kpi_row(shown.iter_rows(named=True), catalogue, names, key=f"{key}_{section}")


def trend_or_members(
    opened: data.Opened, kpi: Kpi, selection: Selection, catalogue: Mapping[str, Kpi], names: Mapping[str, str]
) -> figures.Chart:
    """Several projects side by side; one project over time."""
    if len(names) == 1:
        return charts.kpi_trend(data.kpi_history(opened, kpi.kpi_key, selection), kpi, selection.period_kind)
    rows = data.kpi_grid(opened, selection).filter(pl.col("kpi_key") == kpi.kpi_key)
    return charts.bars_by_member(rows, "project_key", names, kpi)


def _cell(catalogue: Mapping[str, Kpi], row: Row, value: str, status: str) -> str:
    told = row[status] or KpiStatus.NO_DATA
    text = kpi_value_text(
        row[value], catalogue[row["kpi_key"]].unit, language(), status=told, currency=row.get("currency")
    )
    return f"{STATUS_SIGNS[told]} {text}"


def _day(day: object) -> str:
    return date_text(day, language()) if day else ""
