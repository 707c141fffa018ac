"""Bars that narrow their page: to a project among several, to a module of one, and the ways back."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from models.builds.selection import Selection
from models.kpis import values as kpi_values
from models.vocabulary import NO_MODULE, Grain, KpiStatus, PeriodKind
from tests.ui.kpis.test_charts import values
from ui.kpis import sections
from ui.kpis.page import KpiPage

KPI: Any = SimpleNamespace(
    kpi_key="test_coverage", unit="index", better="higher", grains=[Grain.MODULE], short=lambda language: "Coverage"
)


def rows_of(**columns: list) -> pl.DataFrame:
    count = len(next(iter(columns.values())))
    when: dict[str, list] = {"period_kind": [PeriodKind.MONTH] * count, "period_end": [dt.date(2026, 10, 31)] * count}
    when |= {
        "as_of": when["period_end"],
        "status": [KpiStatus.OK, KpiStatus.CRITICAL, KpiStatus.OK][:count],
        "value": [1.0, 0.8, 1.0][:count],
    }
    return values(**when).with_columns(
        **{name: pl.Series(told) for name, told in columns.items()}, kpi_key=pl.lit("test_coverage")
    )


def page_of(names: list[str], modules: list[str] = [], **chosen: Any) -> KpiPage:  # noqa: B006
    answers = {kpi_values.kpi_by_module: rows_of(module=modules) if modules else None, kpi_values.modules: ["M1", "M2"]}
    page = SimpleNamespace(
        names={name: name for name in names},
        grid=rows_of(project_key=names),
        selection=Selection(period_kind=PeriodKind.MONTH, **chosen),
        view=SimpleNamespace(ask=lambda question, *rest: answers[question]),
    )
    return cast(KpiPage, page)


@pytest.fixture
def shown(monkeypatch) -> dict[str, list]:
    """The charts that a page shows, and the words of its buttons."""
    seen: dict[str, list] = {"charts": [], "buttons": []}
    monkeypatch.setattr(sections.figures, "show", lambda chart, key: seen["charts"].append(chart))
    monkeypatch.setattr(sections.st, "button", lambda words, **look: seen["buttons"].append(words))
    monkeypatch.setattr(sections.data, "projects", lambda view: pl.DataFrame({"project_key": ["P1", "P2"]}))
    return seen


def asked(way: str) -> dict[str, list[str]]:
    url = urlsplit(way)
    return {"path": [url.path]} | {name: told for name, told in parse_qs(url.query).items() if name != "lang"}


def test_of_several_projects_a_bar_narrows_the_page_to_its_own(shown):
    sections.narrowing(page_of(["P1", "P2"]), KPI, "labor/labor", key="labor")
    (chart,) = shown["charts"]
    # the worst on top: P2 is over its level
    assert [asked(way) for _words, way in chart.opens] == [
        {"path": ["labor"], "project": ["P2"]},
        {"path": ["labor"], "project": ["P1"]},
    ]
    assert shown["buttons"] == []


def test_of_one_project_a_bar_narrows_to_its_module_and_what_is_in_none_to_nothing(shown):
    page = page_of(["P1"], ["M1", "M2", NO_MODULE], projects=("P1",))
    sections.narrowing(page, KPI, "quality/quality", key="quality")
    (chart,) = shown["charts"]
    assert list(chart.figure.data[0].customdata).count(None) == 1
    assert [asked(way)["module"] for _words, way in chart.opens] == [["M2"], ["M1"]]
    assert shown["buttons"] == ["All projects"]


def test_one_module_is_compared_with_nothing_and_leads_back(shown):
    sections.narrowing(page_of(["P1"], ["M1"], projects=("P1",), module="M1"), KPI, "quality/quality", key="quality")
    sections.narrowing(page_of(["P1"], ["M1"]), KPI, "quality/quality", key="quality")
    assert shown == {"charts": [], "buttons": ["All modules", "All projects"]}
