"""What pages read: the current build, opened once, and every question put to it, cached by build and selection.

A cached answer carries the build file in its key, so a new build is a new key and two data folders never mix. Nothing is
caught in here: an error leaves the cached function and is never stored as an empty answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import streamlit as st

from models.builds.answers import Answers, plain
from models.builds.data_dir import DataDir
from models.builds.published import Build, kept_builds
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_current, open_snapshot
from models.builds.viewer import OWNER, Viewer
from models.kpis import catalogue as published
from models.kpis import comparison, other_basis, series
from models.kpis import values as kpis
from models.reference import currencies, matching
from models.vocabulary import Flag, KpiStatus
from models.words import moments
from models.words.moments import Moment
from models.words.numbers import PAGE_CURRENCY
from ui.shell.numbers import period_text
from ui.shell.viewer import current_viewer
from ui.shell.wording import _, language, reason_text, spoken

_NEAR = pl.List(pl.Struct({"code": pl.String, "currency": pl.String, "rows": pl.Int64, "amount": pl.Float64}))
SHOWS = "frame_shows"  # where the session holds what the page would show
COMPARISON = "filter_compare"  # where the session holds what values are held against
WHOLE = "*"  # an absent dimension of kpi_values


@dataclass(frozen=True)
class BuildView:
    """A published build, the reader on it, and who looks at it."""

    build: Build
    snapshot: Snapshot
    viewer: Viewer = OWNER

    @property
    def cache_key(self) -> str:
        """The build's file and what its viewer may see of it."""
        seen = self.viewer.projects
        return str(self.build.path) if seen is None else f"{self.build.path}|{','.join(sorted(seen))}"

    def ask(self, question: Callable, *arguments: object):
        """What question(snapshot, *arguments) says of this build: asked once and shared, never changed where it stands."""
        key = (self.cache_key, question.__module__, question.__qualname__, plain(arguments))
        return _answers.of(key, lambda: question(self.snapshot, *arguments))

    def kept(self, name: str, key: Hashable, make: Callable[[], Any]):
        """What `make` makes of this build alone and of all that `key` names, kept likewise under this name."""
        return _answers.of((self.cache_key, name, key), make)


_answers = Answers(most=1024)


def data_dir() -> DataDir:
    return DataDir.chosen()


def opened_build() -> BuildView | None:
    """The build that CURRENT names, or None while nothing is published. Asked anew on each rerun."""
    found = open_current(data_dir())
    return None if found is None else BuildView(*found, current_viewer())


def snapshot_or_stop() -> BuildView:
    """The current build; with none, says so, offers the way to one and ends the page."""
    view = opened_build()
    if view is None:
        st.markdown(f"### {_('Nothing is published yet')}")
        if shows := st.session_state.get(SHOWS):
            st.caption(_("This page will show: {what}", what=shows))
        st.write(_("Load the sample portfolio, or upload exports of your own: both end on a working dashboard."))
        st.page_link("pages/overview/welcome.py", label=_("Start here"), icon=":material/anchor:")
        st.stop()
    return view


# ---- the catalogue and what can be chosen ---------------------------------------------------------------------------


def catalogue(view: BuildView) -> dict:
    """{kpi_key: Kpi} in the catalogue's order."""
    return view.ask(published.catalogue)


def projects(view: BuildView) -> pl.DataFrame:
    """dim_projects without the unallocated one."""
    return view.ask(kpis.projects)


def chosen_projects(view: BuildView, selection: Selection) -> pl.DataFrame:
    """dim_projects rows that the customers and projects of the selection leave."""
    frame = projects(view)
    if selection.customers:
        frame = frame.filter(pl.col("customer").is_in(list(selection.customers)))
    if selection.projects:
        frame = frame.filter(pl.col("project_key").is_in(list(selection.projects)))
    return frame


def project_names(projects: pl.DataFrame) -> dict[str, str]:
    """{project_key: name}. projects: dim_projects rows."""
    return dict(projects.select("project_key", "project_name").iter_rows())


def one_project(selection: Selection, project_key: str) -> Selection:
    """The same period and module, for one project."""
    return replace(selection, customers=(), projects=(project_key,))


# ---- values ---------------------------------------------------------------------------------------------------------


def kpi_rows(view: BuildView, selection: Selection) -> pl.DataFrame:
    """One row per KPI for the selection as a whole; a KPI that the build has no row of is there without data."""
    whose = selection.projects[0] if len(selection.projects) == 1 else WHOLE
    return _compared(view, kpis.kpi_values, selection, (whose,))


def kpi_grid(view: BuildView, selection: Selection) -> pl.DataFrame:
    """One row per project × KPI; what the build has no row of is there without data."""
    return _compared(view, kpis.kpi_grid, selection, tuple(chosen_projects(view, selection)["project_key"]))


def chosen_comparison() -> str:
    """One of the kinds of `comparison`, or the id of an earlier build."""
    return st.session_state.get(COMPARISON) or comparison.PREVIOUS


def comparison_words(kind: str) -> str:
    return spoken(comparison.KINDS[kind]) if kind in comparison.KINDS else _("build {build}", build=kind)


def _compared(view: BuildView, question: Callable, selection: Selection, whose: tuple[str, ...]) -> pl.DataFrame:
    """The rows of these projects as pages show them, in the language of the session.

    Amounts of the page that name no currency are in that of the selection from here on.
    """
    chosen = tuple(chosen_projects(view, selection)["project_key"])
    PAGE_CURRENCY.set(view.ask(currencies.currency_of, chosen))
    kind = chosen_comparison()
    if kind not in comparison.KINDS and kind not in earlier_builds(view):
        kind = comparison.PREVIOUS

    def make() -> pl.DataFrame:
        rows = _with_words(view, view.ask(question, selection), chosen)
        return with_unknown(_held_against(view, question, selection, rows, kind), catalogue(view), whose, selection)

    return view.kept("compared", (question.__qualname__, selection, kind, language()), make)


def _held_against(
    view: BuildView, question: Callable, selection: Selection, rows: pl.DataFrame, kind: str
) -> pl.DataFrame:
    """The rows with the value they are held against as previous_value; `compared_on`, the end of its period where that is another
    one, and `compared_with`, the words for what it is."""
    if kind == comparison.YEAR:

        def read(end: dt.date) -> pl.DataFrame:
            return view.ask(question, replace(selection, period_end=end))

        rows = comparison.with_year_before(rows, read)
    elif kind == comparison.BASELINE:
        rows = comparison.with_baseline(rows, catalogue(view))
    elif kind == comparison.PREVIOUS:
        rows = comparison.with_previous_period(rows)
    else:
        rows = comparison.with_build(rows, earlier_build(view, kind).ask(question, selection))
    words = [
        period_text(period, on)
        if on
        else None
        if kind in (comparison.PREVIOUS, comparison.YEAR)
        else comparison_words(kind)
        for period, on in rows.select("period_kind", "compared_on").iter_rows()
    ]
    return rows.with_columns(pl.Series("compared_with", words, pl.String))


def earlier_builds(view: BuildView) -> list[str]:
    """Ids of the kept builds before the one that is shown, the newest first."""
    older = [build.build_id for build in kept_builds(data_dir()) if build.build_id < view.build.build_id]
    return sorted(older, reverse=True)


def earlier_build(view: BuildView, build_id: str) -> BuildView:
    build = next(build for build in kept_builds(data_dir()) if build.build_id == build_id)
    return BuildView(build, open_snapshot(build), view.viewer)


def _with_words(view: BuildView, frame: pl.DataFrame, chosen: tuple[str, ...]) -> pl.DataFrame:
    """`frame` with what stands beside a value: of a KPI of two bases `other_basis`, a sentence; and `lies_unallocated`, what lies
    unallocated under a code that is nearly the project's own, a list of {code, amount, currency, rows}.
    """
    near = view.ask(matching.near_unallocated)
    said = other_basis.other_readings(view.snapshot, frame.iter_rows(named=True), chosen)
    return frame.with_columns(
        pl.Series("lies_unallocated", [near.get(key, []) for key in frame["project_key"]], _NEAR),
        pl.Series("other_basis", [told and reason_text(told) for told in said], pl.String),
    )


def stands(view: BuildView, selection: Selection, kpi_key: str) -> Moment | None:
    """For which periods the projects of the selection have a value of this KPI; what is counted like it stands there too."""
    rows = kpi_grid(view, selection).filter(pl.col("kpi_key") == kpi_key)
    return moments.of_rows(rows.iter_rows(named=True))


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
            **{f"is_{flag}": False for flag in Flag},
            "left_out": [],
            "history": [],
            "reason": "missing:" + ",".join(kpi.feeds),
        }
        for project_key in project_keys
        for kpi in catalogue.values()
        if (project_key, kpi.kpi_key) not in there
    ]
    return pl.concat([frame, pl.DataFrame(absent, schema=frame.schema)]) if absent else frame


def loaded_feeds(view: BuildView) -> set[tuple[str, str]]:
    """(project_key, feed) of everything the build has rows of; `*` stands for any project."""
    frame = view.ask(series.feed_freshness)
    pairs = set(frame.select("project_key", "feed").iter_rows())
    return pairs | {(WHOLE, feed) for _project_key, feed in pairs}
