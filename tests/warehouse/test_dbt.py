"""The dbt project itself: its unit tests hold, and it builds where nothing is landed. (`make test` parses it first.)"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.feeds import FEEDS
from pipeline.refresh.freezing import freeze
from pipeline.settings import Settings

DBT = "import sys; from dbt.cli.main import dbtRunner; r = dbtRunner().invoke(sys.argv[1:]); sys.exit(0 if r.success else 1)"


def run_dbt(repository: Path, folder: Path, *words: str) -> subprocess.CompletedProcess:
    environment = os.environ | {
        "PLIMSOLL_BUILD_FILE": str(folder / "unit.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    project = str(repository / "dbt_project")
    command = [sys.executable, "-c", DBT, *words, "--project-dir", project, "--profiles-dir", project]
    command += ["--log-path", str(folder / "logs"), "--target-path", str(folder / "target")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=repository)


def test_unit_tests_hold_and_a_warehouse_without_exports_builds(repository, data_dir, tmp_path):
    inputs = freeze(data_dir, "b-000001", None, Settings())
    variables = json.dumps(inputs.dbt_vars)
    empty = run_dbt(repository, tmp_path, "build", "--exclude-resource-type", "unit_test", "--vars", variables)
    assert empty.returncode == 0, empty.stdout[-3000:]
    tested = run_dbt(repository, tmp_path, "test", "--select", "test_type:unit", "--vars", variables)
    assert tested.returncode == 0, tested.stdout[-4000:]
    written = sum(path.read_text().count("- name:") for path in (repository / "dbt_project").rglob("*unit_tests.yml"))
    assert f"PASS={written} " in tested.stdout  # none was left out


@pytest.mark.parametrize("feed", list(FEEDS))
def test_every_feed_has_its_staging_model(repository, feed):
    assert (repository / "dbt_project" / "models" / "staging" / f"stg_{feed}.sql").is_file()
