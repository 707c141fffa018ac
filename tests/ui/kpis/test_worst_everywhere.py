"""Every list of the sample that says "worst" names its members in one order."""

from __future__ import annotations

import re

import polars as pl
import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import open_snapshot
from models.cost import by_grain
from models.kpis import values
from models.kpis.worst import place_of
from models.vocabulary import Grain
from ui.cost import parts as cost_parts
from ui.kpis import cards as kpi_cards
from ui.kpis import charts, readings
from ui.shell import data
from ui.warnings import rows as alerts_rows

EVERYTHING = Selection()


@pytest.fixture(scope="module")
def sample(sample_data_dir):
    build = current_build(sample_data_dir)
    return data.BuildView(build, open_snapshot(build))


def test_headline_grid_and_alerts_name_the_same_projects_first(sample, sample_data_dir):
    from pipeline.alerts.open_alerts import open_alerts

    catalogue, grid = data.catalogue(sample), data.kpi_grid(sample, EVERYTHING)
    names = {key: key for key in grid["project_key"]}
    values = readings.worst_first(grid, catalogue)
    assert len(values) > 10 and values == sorted(values, key=place_of)
    named = list(dict.fromkeys(row["project_key"] for row in values))
    assert readings.projects_worst_first(grid, catalogue)[: len(named)] == named
    headline = kpi_cards.portfolio_headline(grid, catalogue, names).striptags()
    assert re.findall(r"[:,] (\S+) ", headline.partition(": ")[1] + headline.partition(": ")[2])[:3] == named[:3]

    # the alerts: the same values, as far as their alerts fire (those of modules and of rules that compare stand between)
    there = {(row["project_key"], row["kpi_key"]): row for row in values if row["status"] == "critical"}
    fired = [
        (row.project_key, row.name)
        for row in alerts_rows.critical_now(open_alerts(sample_data_dir))
        if row.kind == "level" and row.grain == Grain.PROJECT
        if (row.project_key, row.name) in there and there[row.project_key, row.name]["value"] == row.value
    ]
    assert len(fired) > 3
    assert fired == [cell for cell in there if cell in set(fired)]


def test_bars_of_one_kpi_stand_in_that_order(sample):
    catalogue = data.catalogue(sample)
    for kpi_key in ("cost_performance_index", "test_coverage", "code_defect_rate", "technical_debt_share"):
        rows = data.kpi_grid(sample, EVERYTHING).filter(pl.col("kpi_key") == kpi_key)
        chart = charts.bars_by_member(
            rows, "project_key", {key: key for key in rows["project_key"]}, catalogue[kpi_key]
        )
        # after the sign; Plotly counts from the bottom
        shown = [text.split()[1] for text in chart.figure["data"][0]["text"]][::-1]
        known = [row for row in sorted(rows.iter_rows(named=True), key=place_of) if row["value"] is not None]
        assert len(shown) > 3, kpi_key
        assert shown == [row["project_key"] for row in known], kpi_key


@pytest.mark.parametrize("grain", [Grain.PROJECT, Grain.MODULE])
def test_parts_stand_in_that_order(sample, grain):
    until = sample.ask(values.period_ends, EVERYTHING)[2]
    rows = sample.ask(by_grain.parts_at, EVERYTHING, grain, until, False).to_dicts()

    def place(row):
        both = [
            {"kpi_key": "", "project_key": "", "status": row[f"{index}_status"], "value": row[index]}
            | {level: row[f"{index}_{level}"] for level in ("warning_at", "critical_at", "bad_direction")}
            for index in ("cpi", "spi")
        ]
        return min(place_of(status)[:2] for status in both), row["project_key"], row["part"]

    ordered = cost_parts.worst_first(rows, grain)
    assert len({row["cpi_status"] for row in rows}) > 1
    assert [(row["project_key"], row["part"]) for row in ordered] == [
        (row["project_key"], row["part"]) for row in sorted(rows, key=place)
    ]
