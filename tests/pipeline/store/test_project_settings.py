"""Project settings: kept with reason and person, the newest counts, what cannot be is refused, an older store gets the table."""

import datetime as dt
from contextlib import closing

import polars as pl
import pytest
import sqlalchemy as sa

from models.errors import InputError
from pipeline.refresh import building
from pipeline.refresh.freezing import freeze
from pipeline.store import control
from pipeline.store.project_settings import counting_settings, project_settings, set_project_setting
from tests.databases import on_a_file, on_both_databases
from tests.pipeline.tiny import tiny_settings
from tests.store.earlier import store_of_schema

pytestmark = on_both_databases

WHY = {"reason": "the group closes on the 25th", "person": "cost accountant"}


def counting(data_dir) -> list[tuple]:
    with control.reading(data_dir) as connection:
        return [(row["project_key"], row["name"], row["value"]) for row in counting_settings(connection)]


def test_nothing_is_chosen_where_nothing_is_kept(data_dir):
    assert project_settings(data_dir) == []


def test_the_newest_choice_of_a_project_counts_and_the_older_ones_stay(data_dir):
    set_project_setting(data_dir, "period_ends_on", "20", **WHY)
    set_project_setting(data_dir, "period_ends_on", "25", **WHY)
    set_project_setting(data_dir, "actual_cost_source", "books", project_key=" P1 ", **WHY)
    assert counting(data_dir) == [("*", "period_ends_on", "25"), ("P1", "actual_cost_source", "books")]
    set_project_setting(data_dir, "actual_cost_source", None, project_key="P1", **WHY)
    assert counting(data_dir) == [("*", "period_ends_on", "25")]
    history = project_settings(data_dir)
    assert [row["value"] for row in history] == [None, "books", "25", "20"]
    assert history[1].items() >= {"project_key": "P1", "changed_by": "cost accountant"}.items()
    with control.reading(data_dir) as connection:
        audited = connection.execute(sa.select(control.audit.c.details).where(control.audit.c.action == "setting"))
        assert [(row["value"], row["replaced"]) for row in audited.scalars()] == [
            ("20", None),
            ("25", "20"),
            ("books", None),
            (None, "books"),
        ]


def test_a_dated_choice_stands_beside_the_one_before_it_and_is_taken_back_by_itself(data_dir):
    march, april = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
    for value, valid_from in (
        ("development_hours", None),
        ("all_hours", march),
        ("development_hours", april),
        (None, march),
    ):
        set_project_setting(data_dir, "technical_debt_basis", value, project_key="P1", valid_from=valid_from, **WHY)
    with control.reading(data_dir) as connection:
        counts = [(row["value"], row["valid_from"]) for row in counting_settings(connection)]
    assert counts == [("development_hours", None), ("development_hours", "2026-04-01")]


@pytest.mark.parametrize(
    ("name", "value", "changed", "said"),
    [
        ("color", "red", {}, "no project setting"),
        ("period_ends_on", "29", {}, "cannot be chosen"),
        ("accrue_at_arrival", "maybe", {}, "yes, no"),
        ("accrue_at_arrival", "no", {"reason": " "}, "needs its project, a reason"),
        ("accrue_at_arrival", "no", {"person": ""}, "the person who decided"),
        ("accrue_at_arrival", "no", {"project_key": ""}, "needs its project"),
        ("accrue_at_arrival", "no", {"valid_from": dt.date(2026, 3, 1)}, "for the whole history"),
        ("technical_debt_basis", "hours", {}, "all_hours, development_hours"),
    ],
)
def test_what_cannot_be_is_refused(data_dir, name, value, changed, said):
    with pytest.raises(InputError, match=said):
        set_project_setting(data_dir, name, value, **(WHY | changed))
    assert project_settings(data_dir) == []


def test_choices_are_frozen_with_the_build(data_dir):
    set_project_setting(data_dir, "accrue_at_arrival", "no", project_key="P1", **WHY)
    set_project_setting(
        data_dir,
        "technical_debt_basis",
        "development_hours",
        project_key="P1",
        valid_from=dt.date(2026, 3, 1),
        **WHY,
    )
    building.sweep(data_dir)
    inputs = freeze(data_dir, "b-000001", None, tiny_settings())
    told = {"project_key": "P1", "name": "accrue_at_arrival", "value": "no", "valid_from": None}
    dated = {"project_key": "P1", "name": "technical_debt_basis", "value": "development_hours"}
    assert pl.read_parquet(inputs.folder / "project_settings.parquet").to_dicts() == [
        told,
        dated | {"valid_from": dt.date(2026, 3, 1)},
    ]
    assert inputs.manifest["project_settings"] == [told, dated | {"valid_from": "2026-03-01"}]


def test_a_store_of_an_earlier_version_gets_the_table(data_dir):
    store_of_schema(data_dir, "4").close()
    set_project_setting(data_dir, "accrue_at_arrival", "no", **WHY)
    assert counting(data_dir) == [("*", "accrue_at_arrival", "no")]


@on_a_file
def test_a_store_whose_choices_had_no_first_day_keeps_them(data_dir):
    with closing(store_of_schema(data_dir, "6")) as store:
        store.execute(
            "insert into project_settings values (1, '*', 'accrue_at_arrival', 'no', 'r', 'p', '2026-11-22T08:00:00Z')"
        )
        store.commit()
    assert counting(data_dir) == [("*", "accrue_at_arrival", "no")]
    assert project_settings(data_dir)[0]["valid_from"] is None
