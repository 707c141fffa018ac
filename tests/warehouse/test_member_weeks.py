"""Modules and phases by week are put together when they are read: the same SQL, asked for months, gives what the build keeps."""

from __future__ import annotations

import datetime as dt

import pytest

from models.builds.published import current_build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot, open_snapshot
from models.kpis import member_weeks, values
from models.kpis.catalogue import catalogue
from models.kpis.member_weeks import values_at
from models.vocabulary import Grain, PeriodKind
from pipeline.published_values import stated_values
from tests.warehouse.edges import make_edges

WEEK, MONTH = PeriodKind.WEEK, PeriodKind.MONTH
PARTS = "grain in ('module', 'phase')"


@pytest.fixture(scope="module")
def edges(made_once) -> Snapshot:
    return open_snapshot(current_build(made_once("edges", make_edges)))


def asked_for_months(sql: str) -> str:
    assert sql.count("period_kind = 'week'") >= 1
    return sql.replace("period_kind = 'week'", "period_kind = 'month'")


@pytest.mark.parametrize("build", ["edges", "small_warehouse"])
def test_every_column_is_what_the_build_keeps_by_month(build, request):
    snapshot = request.getfixturevalue(build)
    kept = f"select * from kpi_values where {PARTS}"
    read = f"select * from {asked_for_months(values_at(snapshot, Grain.MODULE, WEEK))}"
    both = "select * from ({}) except all select * from ({})"
    names = ", ".join(snapshot.query(kept).columns)
    read = f"select {names} from ({read})"
    assert snapshot.query(kept).height > 100
    assert snapshot.query(both.format(kept, read)).is_empty()
    assert snapshot.query(both.format(read, kept)).is_empty()


def test_nothing_of_them_is_kept(small_warehouse):
    kept = small_warehouse.query(f"select period_kind, count(*) as rows from kpi_values where {PARTS} group by 1")
    assert dict(kept.iter_rows()).keys() == {"month"}
    weeks = small_warehouse.query(
        f"select grain, count(*) as rows from {values_at(small_warehouse, Grain.PHASE, WEEK)} group by 1"
    )
    assert all(rows > 10_000 for _, rows in weeks.iter_rows()) and weeks.height == 2


@pytest.mark.parametrize(("grain", "kind"), [(Grain.PROJECT, WEEK), (Grain.PORTFOLIO, WEEK), (Grain.MODULE, MONTH)])
def test_all_else_is_read_where_it_is_kept(small_warehouse, grain, kind):
    assert values_at(small_warehouse, grain, kind) == "kpi_values"


def test_one_kpi_alone_is_what_it_is_among_all(small_warehouse):
    keys = [key for key, kpi in catalogue(small_warehouse).items() if {"module", "phase"} & {*kpi.grains}]
    every = values_at(small_warehouse, Grain.MODULE, WEEK)
    for key in keys:
        alone = values_at(small_warehouse, Grain.MODULE, WEEK, key)
        sql = f"select kpi_key, count(*) as rows, sum(value) as total from {{}} where kpi_key = '{key}' group by 1"
        assert len(alone) * 5 < len(every)
        (one,), (among,) = (small_warehouse.query(sql.format(source)).rows() for source in (alone, every))
        assert one[:2] == among[:2] and one[2] == pytest.approx(among[2], rel=1e-9)


def test_a_kpi_that_no_module_has_is_asked_of_none(small_warehouse):
    assert values_at(small_warehouse, Grain.MODULE, WEEK, "schedule_variance_time") == "kpi_values"
    assert values.kpi_by_module(small_warehouse, "schedule_variance_time", Selection(period_kind=WEEK)).is_empty()


def test_pages_and_the_command_line_read_them(small_warehouse):
    """Last week but one of P2025-003 in a module: cards, table, history and command line say the same."""
    project = "P2025-003"
    (last,) = small_warehouse.query(
        f"select max(period_end) from dim_periods where project_key = '{project}' and period_kind = 'week'"
    ).row(0)
    at = last - dt.timedelta(days=7)
    whole = Selection(projects=(project,), period_kind=WEEK, period_end=at)
    module = values.kpi_by_module(small_warehouse, "test_coverage", whole)["module"][0]
    part = Selection(projects=(project,), module=module, period_kind=WEEK, period_end=at)

    cards = {row["kpi_key"]: row for row in values.kpi_values(small_warehouse, part).iter_rows(named=True)}
    stated = {
        row.kpi_key: row.value
        for row in stated_values(small_warehouse, project, Grain.MODULE, WEEK, at)
        if row.module == module
    }
    assert len(cards) > 15
    assert {key: card["value"] for key, card in cards.items()} == pytest.approx(stated, nan_ok=True)
    for key in ("cost_performance_index", "test_coverage"):
        row = values.kpi_row(small_warehouse, part, key)
        (among,) = values.kpi_by_module(small_warehouse, key, whole).filter(module=module).to_dicts()
        history = values.kpi_history(small_warehouse, key, part)
        assert row["value"] == cards[key]["value"] == among["value"] == history["value"][-1] == row["history"][-1]
        assert row["previous_value"] == history["value"][-2]
        assert (row["status"], among["status"], history["status"][-1]) == (cards[key]["status"],) * 3


def test_a_build_that_keeps_them_is_read_as_it_is(small_warehouse, monkeypatch):
    """A build of an older version has no table kpi_member_weeks, and its weeks in kpi_values."""
    monkeypatch.setattr(member_weeks, "_IS_KEPT", "select 1 where false")
    assert values_at(small_warehouse, Grain.MODULE, WEEK) == "kpi_values"
