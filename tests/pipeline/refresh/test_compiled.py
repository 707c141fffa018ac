"""A refresh runs what dbt compiled: every table, view and verdict is the one that `dbt build` makes of the same inputs."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from models.builds.data_dir import DataDir
from pipeline.refresh import building
from pipeline.refresh.freezing import freeze
from pipeline.settings import Settings
from tests.warehouse.edges import make_edges

BUILD_BY_HAND = """
import json, os, sys
from dbt.cli.main import dbtRunner
variables, results = json.loads(sys.argv[1]), sys.argv[2]
options = {"project_dir": os.getcwd(), "profiles_dir": os.getcwd(), "write_json": False}
options |= {"log_path": results, "target_path": results}
built = dbtRunner().invoke(
    ["build", "--exclude", "tag:long"], exclude_resource_types=("unit_test", "exposure"), vars=variables, **options
)
nodes = sorted((result.node.unique_id, str(result.status)) for result in built.result)
open(os.path.join(results, "nodes.json"), "w").write(json.dumps(nodes))
"""


@pytest.mark.parametrize("as_of", [None, dt.date(2026, 4, 30)])
def test_every_table_is_the_one_that_dbt_build_makes(made_once, repository, tmp_path: Path, as_of) -> None:
    data_dir = DataDir(shutil.copytree(made_once("edges", make_edges).root, tmp_path / "edges"))
    building.sweep(data_dir)
    inputs = freeze(data_dir, "b-000042", as_of, Settings())
    executed = building.build(data_dir, inputs, Settings(), lambda *_: None)
    by_hand = tmp_path / "by hand" / "plimsoll.duckdb"  # the views know the database by this name
    by_hand.parent.mkdir()
    subprocess.run(
        [sys.executable, "-c", BUILD_BY_HAND, json.dumps(inputs.dbt_vars), str(by_hand.parent)],
        env=os.environ | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "PLIMSOLL_BUILD_FILE": str(by_hand)},
        cwd=repository / "dbt_project",
        capture_output=True,
        check=True,
    )
    nodes = sorted([node["unique_id"], node["status"]] for node in executed.nodes)
    assert nodes == json.loads((by_hand.parent / "nodes.json").read_text())
    tables, by_dbt = prints_of_tables(building.build_database(data_dir)), prints_of_tables(by_hand)
    assert {"kpi_values", "stg_costs", "account_words"} <= by_dbt.keys()
    assert by_dbt["kpi_values"][0] > 1_000
    assert {name for name, found in by_dbt.items() if tables.get(name) != found} == set()
    assert tables.keys() == by_dbt.keys()


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
                    f'select count(*), sum(cast(hash(whole_row) as hugeint)) from "{name}" as whole_row'
                ).fetchone(),
                described,
            )
            for name, described in columns
        }
