"""The dbt project itself: its unit tests hold, and it builds where nothing is landed. (`make test` parses it first.)"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from models.feeds import FEEDS
from pipeline.refresh import building
from pipeline.refresh.freezing import freeze
from pipeline.settings import Settings

UNIT_TESTS = """
import os, sys
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner

parsed, database, target, variables = sys.argv[1:]
options = {"project_dir": os.getcwd(), "profiles_dir": os.getcwd(), "log_path": target, "write_json": False}
os.environ["PLIMSOLL_BUILD_FILE"] = os.path.join(parsed, "plimsoll.duckdb")  # as pipeline/refresh/child.py parses it
parse = dbtRunner().invoke(["parse"], target_path=parsed, vars={}, **options)
reset_adapters()
os.environ["PLIMSOLL_BUILD_FILE"] = database
runner = dbtRunner(manifest=parse.result)
tested = runner.invoke(["test", "--select", "test_type:unit", "--vars", variables], target_path=target, **options)
sys.exit(0 if tested.success else 1)
"""


def test_unit_tests_hold_and_a_warehouse_without_exports_builds(repository, data_dir, tmp_path):
    building.sweep(data_dir)
    inputs = freeze(data_dir, "b-000001", None, Settings())
    built = building.build(data_dir, inputs, Settings(), lambda *_: None)
    assert {node["status"] for node in built.nodes} == {"success", "pass"}
    parsed = building._parsed_project(data_dir, Settings(), inputs.manifest["catalogue_hash"])
    folders = [str(parsed), str(building.build_database(data_dir)), str(tmp_path / "target")]
    tested = subprocess.run(
        [sys.executable, "-c", UNIT_TESTS, *folders, json.dumps(inputs.dbt_vars)],
        env=os.environ | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        capture_output=True,
        text=True,
        check=False,
        cwd=repository / "dbt_project",
    )
    assert tested.returncode == 0, tested.stdout[-4000:]
    written = sum(path.read_text().count("- name:") for path in (repository / "dbt_project").rglob("*unit_tests.yml"))
    assert f"PASS={written} " in tested.stdout  # none was left out


@pytest.mark.parametrize("feed", list(FEEDS))
def test_every_feed_has_its_staging_model(repository, feed):
    assert list((repository / "dbt_project" / "models" / "staging").glob(f"*/stg_{feed}.sql"))
