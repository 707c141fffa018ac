"""What pages read: the current build, opened once, and every question put to it, cached by build and selection.

A cached answer carries the build file in its key, so a new build is a new key and two data folders never mix. Nothing is
caught in here: an error leaves the cached function and is never stored as an empty answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from models.alerts import preview
from models.alerts.causes import cause
from models.builds.data_dir import DataDir
from models.builds.published import Build, kept_builds
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_current, open_snapshot
from models.builds.viewer import OWNER, Viewer
from models.cost import basis as cost_bases
from models.cost import by_grain as earned_value_grains
from models.cost import cells as cost_cells
from models.cost import earning_rules as earned_value_rules
from models.cost import series as cost_series
from models.evidence import rows as evidence
from models.kpis import catalogue as published
from models.kpis import caveats as told_beside
from models.kpis import other_basis, series, site_values
from models.kpis import values as kpis
from models.reference import currencies, matching
from models.vocabulary import Grain, KpiStatus
from models.words import moments
from models.words.moments import Moment
from models.words.numbers import PAGE_CURRENCY
from ui.shell.viewer import current_viewer
from ui.shell.wording import _, language, reason_text

_NEAR = pl.List(pl.Struct({"code": pl.String, "currency": pl.String, "rows": pl.Int64, "amount": pl.Float64}))
WHOLE = "*"  # an absent dimension of kpi_values


@dataclass(frozen=True)
class Opened:
    """A published build, the reader on it, and who looks at it."""

    build: Build
    snapshot: Snapshot
    viewer: Viewer = OWNER

    @property
    def cache_key(self) -> str:
        """The build's file and what its viewer may see of it."""
        seen = self.viewer.projects
        return str(self.build.path) if seen is None else f"{self.build.path}|{','.join(sorted(seen))}"


def data_dir() -> DataDir:
    return DataDir.chosen()


def opened_build() -> Opened | None:
    """The build that CURRENT names, or None while nothing is published. Asked anew on each rerun."""
    found = open_current(data_dir())
    return None if found is None else Opened(*found, current_viewer())


def snapshot_or_stop() -> Opened:
    """The current build; with none, says so, offers the way to one and ends the page."""
    opened = opened_build()
    if opened is None:
        st.header(_("Nothing is published yet"))
        st.write(_("Load the sample portfolio, or upload exports of your own: both end on a working dashboard."))
        st.page_link("pages/overview/welcome.py", label=_("Start here"), icon=":material/anchor:")
        st.stop()
    return opened


def previous_build(opened: Opened) -> Opened | None:
    """The newest kept build older than this one."""
    older = [build for build in kept_builds(data_dir()) if build.build_id < opened.build.build_id]
    if not older:
        return None
    newest = max(older, key=lambda build: build.build_id)
    return Opened(newest, open_snapshot(newest), opened.viewer)


_OF_CAUSE = (
    "kind", "name", "kpi_key", "grain", "project_key", "module", "phase", "site", "customer", "severity", "data_date", "value",
    "level", "sentence",
)  # fmt: skip


@st.cache_data(max_entries=1024, show_spinner=False)
def _answer(build_file: str, question: str, _ask: Callable, _snapshot: Snapshot, *arguments: object):
    return _ask(_snapshot, *arguments)


def _asked(opened: Opened, ask: Callable, *arguments: object):
    question = f"{ask.__module__}.{ask.__qualname__}"
    return _answer(opened.cache_key, question, ask, opened.snapshot, *arguments)


# ---- the catalogue and what can be chosen ---------------------------------------------------------------------------


def catalogue(opened: Opened) -> dict:
    """{kpi_key: Kpi} in the catalogue's order."""
    return _asked(opened, published.catalogue)


def projects(opened: Opened) -> pl.DataFrame:
    """dim_projects without the unallocated one."""
    return _asked(opened, kpis.projects)


def chosen_projects(opened: Opened, selection: Selection) -> pl.DataFrame:
    """dim_projects rows that the customers and projects of the selection leave."""
    frame = projects(opened)
    if selection.customers:
        frame = frame.filter(pl.col("customer").is_in(list(selection.customers)))
    if selection.projects:
        frame = frame.filter(pl.col("project_key").is_in(list(selection.projects)))
    return frame


def modules(opened: Opened, selection: Selection) -> list[str]:
    return _asked(opened, kpis.modules, selection)


def period_ends(opened: Opened, selection: Selection) -> list:
    """Newest first."""
    return _asked(opened, kpis.period_ends, selection)


# ---- values ---------------------------------------------------------------------------------------------------------


def kpi_rows(opened: Opened, selection: Selection) -> pl.DataFrame:
    """One row per KPI for the selection as a whole; a KPI that the build has no row of is there without data."""
    frame = _with_words(opened, _asked(opened, kpis.kpi_values, selection), selection)
    one = selection.projects[0] if len(selection.projects) == 1 else WHOLE
    return with_unknown(frame, catalogue(opened), [one], selection)


def kpi_grid(opened: Opened, selection: Selection) -> pl.DataFrame:
    """One row per project × KPI; what the build has no row of is there without data."""
    frame = _with_words(opened, _asked(opened, kpis.kpi_grid, selection), selection)
    return with_unknown(frame, catalogue(opened), chosen_projects(opened, selection)["project_key"], selection)


def _with_words(opened: Opened, frame: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """`frame` with what stands beside a value: `lies_unallocated` and, of a KPI of two bases, `other_basis`, a sentence."""
    frame = currencies_of(opened, frame, selection)
    chosen = chosen_projects(opened, selection)["project_key"].to_list()
    said = other_basis.other_readings(opened.snapshot, frame.iter_rows(named=True), chosen)
    words = [None if told is None else reason_text(told, language()) for told in said]
    return frame.with_columns(pl.Series("other_basis", words, pl.String))


def stands(opened: Opened, selection: Selection, kpi_key: str) -> Moment | None:
    """For which periods the projects of the selection have a value of this KPI; what is counted like it stands there too."""
    rows = kpi_grid(opened, selection).filter(pl.col("kpi_key") == kpi_key)
    return moments.of_rows(rows.iter_rows(named=True))


def currencies_of(opened: Opened, frame: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """`frame` with what lies unallocated under a code that is nearly the project's own, as `lies_unallocated`: a list of
    {code, amount, currency, rows}. Amounts of the page that name no currency are in that of the selection from here on."""
    chosen = chosen_projects(opened, selection)["project_key"].to_list()
    PAGE_CURRENCY.set(_asked(opened, currencies.currency_of, tuple(chosen)))
    near = _asked(opened, matching.near_unallocated)
    told = [near.get(key, []) for key in frame["project_key"]] if "project_key" in frame.columns else []
    return frame.with_columns(pl.Series("lies_unallocated", told, _NEAR))


def currency_of_all(opened: Opened) -> str:
    """The reporting currency."""
    return _asked(opened, currencies.reporting_currency)


def unconverted(opened: Opened, selection: Selection) -> pl.DataFrame:
    keys = chosen_projects(opened, selection)["project_key"].to_list()
    return _asked(opened, currencies.unconverted, tuple(keys))


def exchange_variance(opened: Opened, selection: Selection, period_end: dt.date) -> pl.DataFrame:
    keys = chosen_projects(opened, selection)["project_key"].to_list()
    return _asked(opened, currencies.exchange_variance, tuple(keys), period_end)


def with_unknown(
    frame: pl.DataFrame, catalogue: Mapping[str, published.Kpi], project_keys: Iterable[str], selection: Selection
) -> pl.DataFrame:
    """`frame` and a row without data for every project × KPI that it lacks: unknown is said, not left out.

    A project of which nothing but its name is loaded has no row at all in the build.
    """
    project_keys = list(project_keys)
    if frame.height >= len(project_keys) * len(catalogue):
        return frame
    there = set(frame.select("project_key", "kpi_key").iter_rows())
    absent: list[dict[str, Any]] = [
        {
            "kpi_key": kpi.kpi_key,
            "project_key": project_key,
            "module": selection.module or WHOLE,
            "phase": WHOLE,
            "period_kind": selection.period_kind.value,
            "status": KpiStatus.NO_DATA.value,
            "is_incomplete": False,
            "is_provisional": False,
            "is_presumed_closed": False,
            "is_stale": False,
            "is_restated": False,
            "is_better_by_loss": False,
            "left_out": [],
            "history": [],
            "reason": "missing:" + ",".join(kpi.feeds),
        }
        for project_key in project_keys
        for kpi in catalogue.values()
        if (project_key, kpi.kpi_key) not in there
    ]
    return pl.concat([frame, pl.DataFrame(absent, schema=frame.schema)]) if absent else frame


def kpi_by_module(opened: Opened, kpi_key: str, selection: Selection) -> pl.DataFrame:
    return _asked(opened, kpis.kpi_by_module, kpi_key, selection)


def kpi_by_phase(opened: Opened, kpi_key: str, selection: Selection) -> pl.DataFrame:
    return _asked(opened, kpis.kpi_by_phase, kpi_key, selection)


def kpi_history(opened: Opened, kpi_key: str, selection: Selection) -> pl.DataFrame:
    return _asked(opened, kpis.kpi_history, kpi_key, selection)


def changes_since_last_build(opened: Opened, selection: Selection) -> pl.DataFrame | None:
    """What differs from the build before this one; None when there is none."""
    previous = previous_build(opened)
    if previous is None:
        return None
    return _changes(opened.cache_key, previous.cache_key, opened.snapshot, previous.snapshot, selection)


@st.cache_data(max_entries=256, show_spinner=False)
def _changes(build_file: str, previous_file: str, _snapshot: Snapshot, _previous: Snapshot, selection: Selection):
    return kpis.changes_since(_snapshot, _previous, selection)


# ---- evidence and series --------------------------------------------------------------------------------------------


def evidence_rows(opened: Opened, kpi_key: str, selection: Selection, limit: int, offset: int) -> pl.DataFrame:
    return _asked(opened, evidence.evidence, kpi_key, selection, limit, offset)


def cost_bridge(opened: Opened, kpi_key: str, selection: Selection) -> dict | None:
    return _asked(opened, evidence.cost_bridge, kpi_key, selection)


def evidence_totals(opened: Opened, kpi_key: str, selection: Selection) -> pl.DataFrame:
    return _asked(opened, evidence.evidence_totals, kpi_key, selection)


def earned_value(opened: Opened, selection: Selection, in_hours: bool = False) -> cost_series.EarnedValue:
    return _asked(opened, cost_series.earned_value, selection, in_hours)


def years_told(opened: Opened, selection: Selection) -> dict | None:
    return _asked(opened, told_beside.years_told, selection)


def holidays_known_until(opened: Opened) -> dt.date | None:
    return _asked(opened, told_beside.holidays_known_until)


def caveats(opened: Opened) -> list[dict]:
    return _asked(opened, told_beside.of_build)


def cost_basis(opened: Opened, selection: Selection) -> pl.DataFrame:
    return _asked(opened, cost_bases.cost_basis, selection)


def earning_rules(opened: Opened, selection: Selection) -> earned_value_rules.EarningRules:
    return _asked(opened, earned_value_rules.earning_rules, selection)


def budget_and_cost(opened: Opened, selection: Selection, rows: str, across: str) -> pl.DataFrame:
    return _asked(opened, cost_cells.budget_and_cost, selection, rows, across)


def cost_lines(opened: Opened, selection: Selection, cell: dict[str, str], limit: int) -> pl.DataFrame:
    return _asked(opened, cost_cells.cost_lines, selection, cell, limit)


def overruns(opened: Opened, selection: Selection, by: str) -> pl.DataFrame:
    return _asked(opened, cost_cells.overruns, selection, by)


def parts_at(opened: Opened, selection: Selection, grain: Grain, until: dt.date, in_hours: bool) -> pl.DataFrame:
    return _asked(opened, earned_value_grains.parts_at, selection, grain, until, in_hours)


def part_lines(
    opened: Opened, selection: Selection, grain: Grain, until: dt.date, of: earned_value_grains.LinesOf
) -> pl.DataFrame:
    return _asked(opened, earned_value_grains.lines_at, selection, grain, until, of)


def element_names(opened: Opened, project_keys: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """{(project_key, wbs_code): name} of the elements of the plan; '' where one has no name."""
    return _asked(opened, earned_value_grains.element_names, project_keys)


def loaded_feeds(opened: Opened) -> set[tuple[str, str]]:
    """(project_key, feed) of everything the build has rows of; `*` stands for any project."""
    frame = _asked(opened, series.feed_freshness)
    pairs = set(frame.select("project_key", "feed").iter_rows())
    return pairs | {(WHOLE, feed) for _project_key, feed in pairs}


def sites_by_wave(opened: Opened, project_key: str) -> pl.DataFrame:
    return _asked(opened, series.sites_by_wave, project_key)


def hours_by_activity(opened: Opened, selection: Selection) -> pl.DataFrame:
    return _asked(opened, series.hours_by_activity, selection)


# ---- alerts and rules ----------------------------------------------------------------------------------------------------------


def sites(opened: Opened, project_key: str) -> list[str]:
    """Every site that a row of the project names."""
    return _asked(opened, site_values.sites, project_key)


def cause_of_alert(alert: Mapping) -> dict:
    """The rows behind an alert that the evaluation did not look for; nothing where there is no build to ask."""
    opened = opened_build()
    return {} if opened is None else _asked(opened, cause.cause_of_alert, {name: alert[name] for name in _OF_CAUSE})


def rule_preview(opened: Opened, draft: dict, rules: list[dict]) -> list[preview.Preview]:
    """What a draft rule would have done on the published history."""
    return _asked(opened, preview.preview, draft, rules)
