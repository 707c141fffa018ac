"""The frozen inputs: what they hold, and that nothing but landed batches is in them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from models.feeds import FEEDS
from pipeline.refresh import building
from pipeline.refresh.freezing import FrozenInputs, calendar, catalogue_hash, freeze
from pipeline.store import control
from pipeline.store.rules import Rule, set_rule
from tests.ingest.exports import load
from tests.pipeline.tiny import copy_of_project, land_cost, tiny_settings


def frozen(data_dir: DataDir, as_of: dt.date | None = None) -> FrozenInputs:
    building.sweep(data_dir)
    return freeze(data_dir, "b-000001", as_of, tiny_settings())


def test_only_landed_batches_are_frozen(data_dir: DataDir) -> None:
    landed, undone, held = (land_cost(data_dir, "50.00", number) for number in (1, 2, 3))
    with control.writing(data_dir) as connection:
        for batch_id, status in ((undone, "undone"), (held, "held")):
            connection.execute(
                control.batches.update().where(control.batches.c.batch_id == batch_id).values(status=status)
            )
    inputs = frozen(data_dir, dt.date(2026, 2, 28))

    assert inputs.dbt_vars["landed"]["costs"] == [str(data_dir.landed_file("costs", landed))]
    assert set(inputs.dbt_vars["landed"]) == set(FEEDS)
    assert inputs.dbt_vars["as_of"] == "2026-02-28"
    assert inputs.manifest["rows_per_feed"] == {"costs": 1}
    batches = pl.read_parquet(inputs.folder / "batches.parquet")
    assert batches.height == 1
    assert (
        batches.row(0, named=True).items()
        >= {
            "batch_id": landed,
            "feed": "costs",
            "file_name": "costs-1.csv",
            "source_system": "generic",
            "content_hash": f"{1:064x}",
            "exported_at": dt.datetime(2026, 2, 1),
            "landed_at": dt.datetime(2026, 2, 1, 0, 0, 1),
            "covers_from": dt.date(2026, 1, 31),
            "covers_to": dt.date(2026, 1, 31),
            "is_full_snapshot": False,
            "snapshot_scope": None,
        }.items()
    )


def test_the_manifest_names_no_path_of_this_machine(data_dir: DataDir) -> None:
    """A data folder restored elsewhere must give the same build."""
    land_cost(data_dir, "50.00")
    inputs = frozen(data_dir)
    text = (inputs.folder / "manifest.json").read_text(encoding="utf-8")
    assert str(data_dir.root) not in text
    manifest = json.loads(text)
    assert manifest["batches"][0]["content_hash"] == f"{1:064x}"
    assert manifest["batches"][0]["mapping"] == {"amount": "amount"}


def test_aliases_and_rules_are_frozen(data_dir: DataDir) -> None:
    with control.writing(data_dir) as connection:
        connection.execute(
            control.aliases.insert().values(
                external_code="P-17", project_key="YB", valid_from="2026-01-01", edited_at="2026-01-01T00:00:00Z"
            )
        )
    rule = Rule("level", "test_coverage", dt.date(2026, 1, 1), warning_at=0.9, critical_at=0.8)
    set_rule(data_dir, rule, reason="contract", person="PMO")
    inputs = frozen(data_dir)
    assert pl.read_parquet(inputs.folder / "aliases.parquet").row(0) == (
        "*",
        "project",
        "P-17",
        "YB",
        dt.date(2026, 1, 1),
    )
    row = pl.read_parquet(inputs.folder / "rules.parquet").row(0, named=True)
    assert (row["name"], row["project_key"], row["warning_at"], row["critical_at"]) == ("test_coverage", "*", 0.9, 0.8)
    assert row["valid_from"] == dt.date(2026, 1, 1)
    assert json.loads((inputs.folder / "manifest.json").read_text(encoding="utf-8"))["rules"][0]["reason"] == "contract"


def test_every_feed_has_a_typed_file_without_rows(data_dir: DataDir) -> None:
    inputs = frozen(data_dir)
    for feed in FEEDS.values():
        empty = pl.read_parquet(inputs.folder / "empty" / f"{feed.name}.parquet")
        assert (empty.height, dict(empty.schema)) == (0, feed.schema())


def test_a_landed_batch_without_its_file_stops_the_build(data_dir: DataDir) -> None:
    batch_id = land_cost(data_dir, "50.00")
    data_dir.landed_file("costs", batch_id).unlink()
    with pytest.raises(PlimsollError) as refused:
        frozen(data_dir)
    assert refused.value.code == "build.landed_file_missing"
    assert batch_id in str(refused.value) and "costs-1.csv" in str(refused.value)


def test_calendar_knows_holidays_and_make_up_days() -> None:
    days = {row["calendar_date"]: row for row in calendar(2024, 2035).iter_rows(named=True)}
    # General Office of the State Council, arrangement of holidays for 2024: Spring Festival 10 to 17 February,
    # 4 February (Sunday) and 18 February (Sunday) are worked.
    assert not days[dt.date(2024, 2, 12)]["is_working_day"]  # a Monday
    assert days[dt.date(2024, 2, 4)]["is_working_day"]
    assert days[dt.date(2024, 2, 18)]["is_working_day"]
    assert days[dt.date(2024, 2, 19)]["is_working_day"]
    assert days[dt.date(2024, 2, 12)]["is_published"]
    # Nobody has published 2035: Monday to Friday, and it says so. 1 January 2035 is a Monday.
    assert days[dt.date(2035, 1, 1)] == {
        "calendar_date": dt.date(2035, 1, 1),
        "is_working_day": True,
        "is_published": False,
    }
    assert not days[dt.date(2035, 1, 6)]["is_working_day"]
    assert len(days) == 12 * 365 + 3  # leap days of 2024, 2028, 2032


def calendar_file(*days: tuple[str, str], project: str = "") -> str:
    return "项目编号,站点,日期,日期类型,说明\n" + "".join(f"{project},,{day},{kind},\n" for day, kind in days)


ELEVEN = [
    (day, "休")
    for day in (
        "2035-01-01",
        *(f"2035-02-{day:02}" for day in range(8, 15)),
        *(f"2035-10-0{day}" for day in (1, 2, 3)),
    )
]


def test_a_year_that_the_library_does_not_know_is_taken_from_working_calendars_of_all_projects(
    data_dir: DataDir,
) -> None:
    """2035 with eleven days off, as many as the law has at least, and a Sunday that is worked; 2036 with one: no arrangement."""
    load(data_dir, "2035.csv", calendar_file(*ELEVEN, ("2035-02-04", "班"), ("2036-01-02", "休"), ("2024-02-19", "休")))
    load(data_dir, "2035 again.csv", calendar_file(("2035-02-08", "班"), ("2035-10-04", "休")))  # the newer word counts
    load(data_dir, "of one.csv", calendar_file(*((f"2037-01-{day:02}", "休") for day in range(1, 15)), project="P1"))
    days = pl.read_parquet(frozen(data_dir).folder / "calendar.parquet")
    told = {day: (works, known) for day, works, known in days.iter_rows()}
    assert told[dt.date(2035, 1, 1)] == (False, True)  # a Monday
    assert told[dt.date(2035, 2, 4)] == (True, True)
    assert told[dt.date(2035, 2, 8)] == (True, True)
    assert told[dt.date(2035, 10, 4)] == (False, True)
    assert told[dt.date(2035, 3, 3)] == (False, True)  # a Saturday that nothing is said of
    assert told[dt.date(2036, 1, 2)] == (True, False)  # a Wednesday
    assert told[dt.date(2037, 1, 1)] == (True, False)  # a Thursday, off in one project only
    assert told[dt.date(2024, 2, 19)] == (True, True)  # the library knows 2024


def test_the_catalogue_version_follows_the_project_s_files(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    before = catalogue_hash(project)
    (project / "target").mkdir()
    (project / "target" / "manifest.json").write_text("{}")
    assert catalogue_hash(project) == before
    (project / "models" / "kpi_values.sql").open("a").write("\n")
    assert catalogue_hash(project) != before
