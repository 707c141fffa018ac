"""A refresh from end to end on a tiny dbt project: results, kept builds, failed tests, asking, telling."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
from pathlib import Path

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build, kept_builds
from models.errors import InputError
from models.words.wording import reason_text
from pipeline.refresh import building, publishing
from pipeline.refresh.refreshing import refresh_state
from pipeline.refresh.result import StatusChanges
from pipeline.store import control
from tests.pipeline.tiny import NODES, copy_of_project, land_cost, runs_of, tiny_refresh, tiny_settings, total_of


def test_a_refresh_publishes_and_says_what_it_did(data_dir: DataDir) -> None:
    land_cost(data_dir, "50.00")
    told: list[tuple[str, int, int]] = []
    result = tiny_refresh(data_dir, on_step=lambda *step: told.append(step), as_of=dt.date(2026, 1, 31))

    assert (result.build_id, result.status, result.nodes) == ("b-000001", "published", NODES)
    assert list(result.seconds) == [
        "freeze", "parse", "build", "checkpoint", "values", "rename", "manifest", "pointer", "compare",
        "alerts",
    ]  # fmt: skip
    # the tiny project has no catalogue to judge by: that is a problem told, not a build withheld
    assert "level:evaluation" in {problem.alert_key for problem in result.alerts.problems}
    assert ("build", NODES, NODES) in told
    assert result.rows_per_feed == {"costs": 1}
    build = current_build(data_dir)
    assert total_of(build) == 50.0
    assert build.manifest["as_of"] == "2026-01-31"
    assert build.manifest["nodes"] == NODES
    assert pl.read_parquet(data_dir.history / "b-000001.parquet")["value"].to_list() == [50.0]

    state = refresh_state(data_dir)
    assert (state["running"], state["pending"], state["worker_alive"]) == (False, False, False)
    assert state["last_runs"][0]["status"] == "published"
    assert [step["step"] for step in state["last_runs"][0]["steps"]] == list(result.seconds)
    with control.reading(data_dir) as connection:
        actions = [row.action for row in connection.execute(control.audit.select())]
    assert actions == ["refresh", "publish"]


def test_changes_against_the_build_before_are_counted(data_dir: DataDir) -> None:
    """50 is ok, 120 is critical (over 100), then 50 again."""
    land_cost(data_dir, "50.00", 1)
    assert tiny_refresh(data_dir).changes == StatusChanges(new_critical=0, new_warning=0, cleared=0)
    second = land_cost(data_dir, "70.00", 2)
    assert tiny_refresh(data_dir).changes == StatusChanges(new_critical=1, new_warning=0, cleared=0)
    with control.writing(data_dir) as connection:
        connection.execute(control.batches.update().where(control.batches.c.batch_id == second).values(status="undone"))
    assert tiny_refresh(data_dir).changes == StatusChanges(new_critical=0, new_warning=0, cleared=1)
    assert total_of(current_build(data_dir)) == 50.0


def test_a_failed_test_stops_the_build_and_its_rows_can_be_read(data_dir: DataDir) -> None:
    land_cost(data_dir, "50.00", 1)
    tiny_refresh(data_dir)
    land_cost(data_dir, "-7.00", 2)  # assert_no_negative_costs
    result = tiny_refresh(data_dir)

    assert result.status == "failed"
    assert result.error.code == "refresh.tests_failed"
    failed = {test.name: test for test in result.failed_tests}
    assert failed["assert_no_negative_costs"].status == "fail"
    assert failed["assert_no_negative_costs"].failures == 1
    rows = pl.read_parquet(data_dir.root / failed["assert_no_negative_costs"].rows_file)
    assert rows.select("project", "document_no").rows() == [("YB", "V2")]
    assert {test.status for name, test in failed.items() if name != "assert_no_negative_costs"} == {"skipped"}
    assert total_of(current_build(data_dir)) == 50.0
    run = refresh_state(data_dir)["last_runs"][0]
    assert run["failed_tests"] == result.as_json()["failed_tests"]
    # What the run store holds is worded where it is read.
    assert run["error"] == result.as_json()["error"]
    assert result.error.message.endswith("Nothing was published; the last good build stays.")
    assert reason_text(run["error"], "zh").endswith("未发布，保留上一个可用的数据版本。")


def test_a_test_that_only_warns_does_not_stop_the_build(data_dir: DataDir, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path)
    test = project / "tests" / "assert_no_negative_costs.sql"
    test.write_text("{{ config(severity='warn') }}\n" + test.read_text())
    land_cost(data_dir, "-7.00")
    result = tiny_refresh(data_dir, settings=tiny_settings(project))
    assert (result.status, result.warned_tests) == ("published", ["assert_no_negative_costs"])


@pytest.mark.parametrize("stopped_at", ["checkpoint", "rename", "manifest", "pointer"])
def test_ctrl_c_while_publishing_leaves_nothing_behind(
    data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    land_cost(data_dir, "50.00")
    publish_without_dbt(monkeypatch)

    def stop(step: str, _done: int, _total: int) -> None:
        if step == stopped_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tiny_refresh(data_dir, on_step=stop)
    assert runs_of(data_dir) == [("b-000001", "interrupted")]
    assert kept_builds(data_dir) == []
    assert list(data_dir.history.iterdir()) == []


def test_a_full_disk_while_publishing_is_a_failed_run(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    land_cost(data_dir, "50.00")
    publish_without_dbt(monkeypatch)

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "history")

    with monkeypatch.context() as full:
        full.setattr(publishing, "replace_text", no_room)
        result = tiny_refresh(data_dir)
    assert (result.status, result.error.code) == ("failed", "publish.cannot_write")
    assert "No space left on device" in result.error.message
    assert (kept_builds(data_dir), list(data_dir.history.iterdir())) == ([], [])
    assert tiny_refresh(data_dir).build_id == "b-000002"
    assert current_build(data_dir).build_id == "b-000002"


def test_an_unexpected_error_is_a_failed_run_with_an_id(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    land_cost(data_dir, "50.00")

    def broken(*_: object) -> None:
        raise ZeroDivisionError("the secret is 42")

    monkeypatch.setattr(building, "build", broken)
    result = tiny_refresh(data_dir)
    assert (result.status, result.error.code) == ("failed", "unexpected")
    assert "secret" not in result.error.message


def publish_without_dbt(monkeypatch: pytest.MonkeyPatch) -> None:
    """dbt's part takes seconds and is not what these tests are about."""

    def build(data_dir: DataDir, *_: object) -> building.BuildResult:
        with building.duckdb.connect(str(building.build_database(data_dir))) as database:
            database.execute("create table kpi_values as select 'project' as grain, 1 as value")
        return building.BuildResult([])

    monkeypatch.setattr(building, "build", build)


def test_nothing_landed_is_an_input_error(data_dir: DataDir) -> None:
    with pytest.raises(InputError) as refused:
        tiny_refresh(data_dir)
    assert refused.value.code == "refresh.nothing_landed"
    assert runs_of(data_dir) == []


def test_the_last_ten_files_are_kept_and_all_values(data_dir: DataDir) -> None:
    for number in range(1, 13):
        building.sweep(data_dir)
        with building.duckdb.connect(str(building.build_database(data_dir))) as database:
            database.execute(f"create table kpi_values as select 'project' as grain, {number} as value")
        publishing.publish(data_dir, f"b-{number:06d}", {}, lambda *_: None)
    publishing.roll_back(data_dir, "b-000001")
    assert publishing.keep_newest(data_dir, 10) == ["b-000002"]  # not b-000001: it is the one that is shown
    assert [build.build_id for build in kept_builds(data_dir)][:2] == ["b-000012", "b-000011"]
    assert len(kept_builds(data_dir)) == 11
    assert len(list(data_dir.history.glob("*.parquet"))) == 12
    assert publishing.next_build_id(data_dir) == "b-000013"


def test_build_ids_never_go_back(data_dir: DataDir) -> None:
    """Whatever is left of an old build, in files, pointer or store, its number is not given out again."""
    assert publishing.next_build_id(data_dir) == "b-000001"
    data_dir.history.mkdir(parents=True)
    (data_dir.history / "b-000004.json").write_text("{}")
    assert publishing.next_build_id(data_dir) == "b-000005"
    data_dir.current_pointer.write_text("b-000011\n")
    assert publishing.next_build_id(data_dir) == "b-000012"
    with control.writing(data_dir) as connection:
        connection.execute(
            control.runs.insert().values(
                kind="refresh",
                asked_by="cli",
                started_at="2026-01-01T00:00:00Z",
                status="failed",
                build_id="b-000020",
                steps=[],
                failed_tests=[],
            )  # fmt: skip
        )
    assert publishing.next_build_id(data_dir) == "b-000021"


def test_the_published_file_has_no_open_log(data_dir: DataDir) -> None:
    land_cost(data_dir, "50.00")
    tiny_refresh(data_dir)
    build = current_build(data_dir)
    assert not build.path.with_name(build.path.name + ".wal").exists()
    assert json.loads((data_dir.history / "b-000001.json").read_text())["file_bytes"] == build.path.stat().st_size
