"""What a page of KPIs has read: the build, what the sidebar chooses of it, and the rows of its cards and its grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from models.builds.selection import Selection
from models.document import Row
from models.kpis.catalogue import Kpi
from ui.kpis import readings
from ui.shell import data
from ui.shell.filters import current_filters


@dataclass(frozen=True)
class KpiPage:
    """cards: one row per KPI for the selection as a whole; grid: one per project × KPI. names: {project_key: name}."""

    view: data.BuildView
    selection: Selection
    catalogue: Mapping[str, Kpi]
    projects: pl.DataFrame
    names: Mapping[str, str]
    cards: pl.DataFrame
    grid: pl.DataFrame

    def of_project(self, project: Row) -> KpiPage:
        """The same period and module, for one project alone."""
        selection = data.one_project(self.selection, project["project_key"])
        rows = data.kpi_rows(self.view, selection)
        names = {project["project_key"]: project["project_name"]}
        return replace(self, selection=selection, names=names, cards=rows, grid=rows)


def kpi_page(*sections: str) -> KpiPage:
    """What the sidebar chooses, of the KPIs of these sections in the catalogue's order; of all without one. Ends a page without a
    build."""
    view, selection = data.snapshot_or_stop(), current_filters()
    catalogue, projects = data.catalogue(view), data.chosen_projects(view, selection)
    rows, grid = data.kpi_rows(view, selection), data.kpi_grid(view, selection)
    if sections:
        rows, grid = (readings.of_sections(frame, catalogue, sections) for frame in (rows, grid))
    return KpiPage(view, selection, catalogue, projects, data.project_names(projects), rows, grid)
