"""Fault 22: kill -9 at every step of a refresh leaves readers with the old build or the new one, and the next one succeeds."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import psutil
import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build, kept_builds, named_build
from pipeline.refresh import building
from pipeline.refresh.refreshing import refresh
from tests.databases import at_home, on_both_databases
from tests.forked import ended, forked
from tests.pipeline.tiny import (
    NODES,
    land_cost,
    published_once,
    published_twice,
    runs_of,
    tiny_refresh,
    tiny_settings,
    total_of,
)

pytestmark = on_both_databases

# 50 published, then 70 more landed: a reader may see 50 or 120, nothing else.
OLD, NEW = 50.0, 120.0


def refresh_until_killed(root: Path, step_to_die_at: str, nodes_done: int, finished: Path | None) -> None:
    """In a process of its own. finished: what dbt made before; then only what comes after it is killed."""

    def die(step: str, done: int, _total: int) -> None:
        if step == step_to_die_at and done >= nodes_done:
            os.kill(os.getpid(), signal.SIGKILL)

    def copied(data_dir: DataDir, *_args: object) -> building.BuildResult:
        shutil.copy(finished, building.build_database(data_dir))
        return building.BuildResult([])

    if finished:
        building.build, building.warm = copied, lambda: None
    refresh(DataDir(root), on_step=die, settings=tiny_settings())


@pytest.fixture
def finished_build(made_once) -> Path:
    """The file that dbt makes of both batches."""
    return current_build(made_once("tiny-twice", published_twice)).path


@pytest.fixture
def data_dir(made_once, tmp_path: Path) -> DataDir:
    copied = at_home(DataDir(shutil.copytree(made_once("tiny-once", published_once).root, tmp_path / "data")))
    land_cost(copied, "70.00", 2)
    return copied


def refresh_and_die(data_dir: DataDir, step: str, nodes_done: int = 0, finished: Path | None = None) -> None:
    died = forked(refresh_until_killed, data_dir.root, step, nodes_done, finished)
    assert ended(died) == -signal.SIGKILL


def assert_mended_by_the_next_refresh(data_dir: DataDir, killed_status: str) -> None:
    result = tiny_refresh(data_dir)
    assert result.status == "published", result
    assert result.build_id == "b-000003"  # the killed run's id is not given out again
    assert total_of(current_build(data_dir)) == NEW
    assert runs_of(data_dir) == [
        ("b-000001", "published"),
        ("b-000002", killed_status),
        ("b-000003", "published"),
    ]
    assert list(data_dir.root.rglob("*.writing")) == []
    kept = {"b-000001", "b-000003"} | ({"b-000002"} if killed_status == "published" else set())
    assert {build.build_id for build in kept_builds(data_dir)} == kept
    assert {path.name for path in data_dir.history.iterdir()} == {
        f"{build}.{kind}" for build in kept for kind in ("json", "parquet")
    }


@pytest.mark.parametrize(("step", "nodes_done"), [("parse", 0), ("build", 2), ("build", NODES)])
def test_killed_while_dbt_runs(data_dir: DataDir, step: str, nodes_done: int) -> None:
    refresh_and_die(data_dir, step, nodes_done)
    assert named_build(data_dir) == "b-000001"
    assert total_of(current_build(data_dir)) == OLD
    assert_mended_by_the_next_refresh(data_dir, "interrupted")


@pytest.mark.parametrize("step", ["freeze", "checkpoint", "values", "rename", "manifest", "pointer"])
def test_killed_before_the_pointer_is_replaced(data_dir: DataDir, finished_build: Path, step: str) -> None:
    refresh_and_die(data_dir, step, finished=finished_build)
    assert named_build(data_dir) == "b-000001"
    assert total_of(current_build(data_dir)) == OLD
    assert_mended_by_the_next_refresh(data_dir, "interrupted")


def test_killed_after_the_pointer_was_replaced(data_dir: DataDir, finished_build: Path) -> None:
    refresh_and_die(data_dir, "compare", finished=finished_build)
    assert named_build(data_dir) == "b-000002"
    assert total_of(current_build(data_dir)) == NEW
    assert_mended_by_the_next_refresh(data_dir, "published")


def test_killed_child_is_a_failed_run(data_dir: DataDir) -> None:
    """The system kills the process that holds the memory: the child that builds."""

    def kill_child(step: str, _done: int, _total: int) -> None:
        if step == "build":
            children = psutil.Process().children(recursive=True)
            for process in [child for child in children if _has_open(child, data_dir)]:
                process.kill()

    result = tiny_refresh(data_dir, on_step=kill_child)
    assert result.status == "failed"
    assert result.error.code == "build.child_killed"
    assert total_of(current_build(data_dir)) == OLD
    assert_mended_by_the_next_refresh(data_dir, "failed")


def test_child_of_a_killed_refresh_ends(data_dir: DataDir) -> None:
    refresh_and_die(data_dir, "build")
    deadline = time.monotonic() + 300
    while orphans := [process for process in psutil.process_iter() if _has_open(process, data_dir)]:
        assert time.monotonic() < deadline, orphans
        time.sleep(0.05)


def _has_open(process: psutil.Process, data_dir: DataDir) -> bool:
    try:
        return any(file.path.startswith(str(data_dir.building)) for file in process.open_files())
    except psutil.Error:
        return False
