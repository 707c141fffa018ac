"""What the recorded statements make of a portfolio of edges is what dbt makes of it, table by table."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from models.builds.data_dir import DataDir
from pipeline.refresh import building
from pipeline.refresh.entry import run_in_child
from pipeline.refresh.freezing import freeze
from pipeline.settings import Settings
from tests import recorded_builds
from tests.warehouse.edges import make_edges


def built_twice(data_dir: DataDir, folder: Path) -> tuple[dict[str, Path], list[building.BuildResult]]:
    """{by dbt, executed: the database made of the same frozen inputs}, and the results."""
    building.sweep(data_dir)
    inputs = freeze(data_dir, "b-000042", None, Settings())
    kept = building._parsed_project(data_dir, Settings(), inputs.manifest["catalogue_hash"]) / recorded_builds.KEPT
    in_child = run_in_child if kept.exists() else recorded_builds.run_and_record
    made, results = {}, []
    for name in ("by dbt", "executed"):
        if name == "by dbt":
            results.append(recorded_builds.by_dbt(data_dir, inputs, Settings(), nobody, in_child))
        else:
            results.append(recorded_builds.executed(kept, data_dir, inputs, nobody))
        with duckdb.connect(str(building.build_database(data_dir))) as database:
            database.execute("force checkpoint")  # dbt leaves its log beside the file
        made[name] = folder / name / "plimsoll.duckdb"  # the views know the database by this name
        made[name].parent.mkdir()
        shutil.move(building.build_database(data_dir), made[name])
    return made, results


def nobody(*_told: object) -> None:
    """Who is told of the steps."""


def test_every_table_is_the_one_that_dbt_makes(made_once, tmp_path: Path) -> None:
    data_dir = DataDir(shutil.copytree(made_once("edges", make_edges).root, tmp_path / "edges"))
    made, (by_dbt, executed) = built_twice(data_dir, tmp_path)
    named = [sorted((node["unique_id"], node["status"]) for node in result.nodes) for result in (by_dbt, executed)]
    assert named[0] == named[1]
    tables = {name: prints_of_tables(path) for name, path in made.items()}
    assert {"kpi_values", "stg_costs", "account_words"} <= tables["by dbt"].keys()
    assert tables["by dbt"]["kpi_values"][0] > 1_000
    differing = {name for name, found in tables["by dbt"].items() if tables["executed"].get(name) != found}
    assert (differing, tables["executed"].keys() - tables["by dbt"].keys()) == (set(), set())


def prints_of_tables(path: Path) -> dict[str, tuple]:
    """{table or view: (rows, sum of the hashes of its rows, columns with their types)}."""
    with duckdb.connect(str(path), read_only=True) as database:
        columns = database.execute("""
            select table_name, list((column_name, data_type, is_nullable) order by ordinal_position)
            from information_schema.columns group by all
        """).fetchall()
        return {
            name: (
                *database.execute(
                    f'select count(*), sum(cast(hash(counted) as hugeint)) from "{name}" as counted'
                ).fetchone(),
                described,
            )
            for name, described in columns
        }


def test_a_statement_that_fails_leaves_the_build_to_dbt(data_dir: DataDir, tmp_path: Path) -> None:
    """Neither a broken statement nor a data test that finds a row is settled by what was kept."""
    inputs = freeze(data_dir, "b-000001", None, Settings(), tmp_path / "inputs")
    data_dir.building.mkdir(parents=True)
    node = '{"nodes": [{"unique_id": "test.t", "resource_type": "test"}], "statements": [["test.t", "%s", null]]}'
    for number, sql in enumerate(("select 1 as failures", "select nothing from nowhere")):
        kept = tmp_path / f"{number}.json"
        kept.write_text(node % sql)
        assert recorded_builds.executed(kept, data_dir, inputs, nobody) is None
        assert not building.build_database(data_dir).exists()
    kept.write_text(node % "select 0 as failures")
    assert recorded_builds.executed(kept, data_dir, inputs, nobody) is not None


@pytest.mark.parametrize("chosen", [{"reporting_currency": "EUR"}, {"time_zone": "UTC"}, {"as_of": "2026-06-30"}])
def test_what_the_sql_depends_on_is_left_to_dbt(data_dir: DataDir, tmp_path: Path, chosen: dict) -> None:
    inputs = freeze(data_dir, "b-000001", None, Settings(), tmp_path / "inputs")
    assert recorded_builds._is_ordinary(inputs, Settings())
    inputs.dbt_vars["as_of"] = chosen.pop("as_of", "")
    assert not recorded_builds._is_ordinary(inputs, Settings(**chosen))
