"""docs/how-to/kpi.md, done as it stands: the KPI is in everything that is made of the catalogue, and dbt writes its SQL."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models.words import catalog
from pipeline.catalogue.__main__ import main
from pipeline.refresh.freezing import freeze
from pipeline.settings import Settings

pytestmark = pytest.mark.whole  # dbt on a copy of the project

DBT = "import sys; from dbt.cli.main import dbtRunner; r = dbtRunner().invoke(sys.argv[1:]); sys.exit(0 if r.success else 1)"
BLOCK = re.compile(r"<!-- append: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
CACHED = (catalog.catalog, catalog._read)


@pytest.fixture
def translations(house: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Chinese catalog of the copy, which is the one that is read."""
    shutil.copytree(catalog.CATALOGS, house / "locale")
    monkeypatch.setattr(catalog, "CATALOGS", house / "locale")
    yield house / "locale" / "zh" / "LC_MESSAGES" / "plimsoll.po"
    forget()


def run_dbt(house: Path, folder: Path, *words: str) -> subprocess.CompletedProcess:
    environment = os.environ | {
        "PLIMSOLL_BUILD_FILE": str(folder / "unit.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    project = str(house / "dbt_project")
    command = [sys.executable, "-c", DBT, *words, "--project-dir", project, "--profiles-dir", project]
    command += ["--log-path", str(folder / "logs"), "--target-path", str(folder / "target")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=house)


def forget() -> None:
    for cached in CACHED:
        cached.cache_clear()


def append(path: Path, block: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")


def test_a_kpi_is_added_as_the_page_says(repository, house, translations, data_dir, capsys):
    steps = BLOCK.findall((repository / "docs" / "how-to" / "kpi.md").read_text(encoding="utf-8"))
    assert [name.rpartition("/")[2] for name, _ in steps] == ["measures.yml", "quality.yml", "translations"]
    for name, block in steps[:2]:
        append(house / name, block)
    assert main(["check"], house) == 1
    assert "kpi.label: 'test execution rate' has no words in zh." in capsys.readouterr().err

    append(translations, steps[2][1])
    forget()
    assert main(["write"], house) == 0
    assert capsys.readouterr().out.split()[1::2] == [
        "dbt_project/macros/generated/catalogue.sql",
        "dbt_project/models/exposures.yml",
        "README.md",
        "README.zh-CN.md",
    ]
    row = "| `test_execution_rate` | 用例执行率 | 已执行用例 ÷ 最近一轮全部用例 | < 95 % / < 80 %（内定） |"
    assert row in (house / "README.zh-CN.md").read_text(encoding="utf-8").splitlines()

    variables = json.dumps(freeze(data_dir, "b-000001", None, Settings()).dbt_vars)
    chosen = ("--no-introspect", "--select", "dim_kpis", "kpi_values", "--vars", variables)
    ran = run_dbt(house, data_dir.root, "compile", *chosen)
    assert ran.returncode == 0, ran.stdout[-3000:]
    found = {path.name: path for path in (data_dir.root / "target" / "compiled").rglob("*.sql")}
    assert "'test execution rate' as label" in found["dim_kpis.sql"].read_text(encoding="utf-8")
    values = found["kpi_values.sql"].read_text(encoding="utf-8")
    assert "cast(cases_executed as double) / nullif(cast(cases_of_round as double), 0) as value" in values
    assert "when cases_of_round < 10 then 'few:items' end" in values
