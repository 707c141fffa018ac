"""Fault 26: dbt ends with 0 but ran nothing, or fewer nodes than planned: a failure, and nothing is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.errors import PlimsollError
from pipeline.refresh import building, graph
from tests.pipeline.tiny import NODES, copy_of_project, land_cost, runs_of, tiny_refresh, tiny_settings


def test_a_project_without_nodes(data_dir: DataDir, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    for path in [*project.glob("models/*"), *project.glob("tests/*"), *project.glob("seeds/*")]:
        path.unlink()
    land_cost(data_dir, "50.00")
    result = tiny_refresh(data_dir, settings=tiny_settings(project))
    assert result.status == "failed"
    assert result.error.code == "build.nothing_built"
    assert current_build(data_dir) is None
    assert runs_of(data_dir) == [("b-000001", "failed")]


def test_a_default_selector_narrows_no_build(data_dir: DataDir, tmp_path: Path) -> None:
    """It would narrow `dbt build` without a word: dbt would end with 0 after 1 of 7 nodes."""
    project = copy_of_project(tmp_path)
    (project / "selectors.yml").write_text(
        "selectors:\n  - name: only_words\n    default: true\n    definition: 'resource_type:seed'\n"
    )
    land_cost(data_dir, "50.00")
    result = tiny_refresh(data_dir, settings=tiny_settings(project))
    assert (result.status, result.nodes) == ("published", NODES)


def test_fewer_nodes_than_planned() -> None:
    """Neither what dbt compiled nor what was made of it may be less than what was planned."""
    planned = ["model.tiny.a", "model.tiny.b", "test.tiny.of_a"]
    with pytest.raises(PlimsollError) as stopped:
        graph.check_whole(planned, planned[:1])
    assert stopped.value.code == "build.nodes_missing"
    assert "left out 2 of 3 nodes: b, of_a" in str(stopped.value)
    with pytest.raises(PlimsollError):
        building._counted(planned, [{"unique_id": planned[0]}])


def test_a_project_that_does_not_parse(data_dir: DataDir, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    (project / "models" / "broken.sql").write_text("select * from {{ ref('no_such_model') }}")
    land_cost(data_dir, "50.00")
    result = tiny_refresh(data_dir, settings=tiny_settings(project))
    assert result.status == "failed"
    assert result.error.code == "build.dbt_broken"
    assert "no_such_model" in result.error.message


def test_a_build_without_values(data_dir: DataDir, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    (project / "models" / "kpi_values.sql").unlink()
    (project / "models" / "tiny.yml").unlink()
    land_cost(data_dir, "50.00")
    result = tiny_refresh(data_dir, settings=tiny_settings(project))
    assert result.error.code == "publish.no_values"
    assert current_build(data_dir) is None
