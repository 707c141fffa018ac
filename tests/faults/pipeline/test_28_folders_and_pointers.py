"""Fault 28: read-only folder, missing data folder, CURRENT missing or naming a missing or damaged file.

Readers see the last good build, or a plain "nothing published yet".
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build, kept_builds
from models.errors import InputError
from pipeline.refresh.publishing import roll_back
from pipeline.refresh.refreshing import refresh_state
from pipeline.settings import Settings
from pipeline.worker import made_by_another_version
from tests.pipeline.tiny import REPOSITORY, TINY_PROJECT, published_twice, tiny_refresh, tiny_settings, total_of


@pytest.fixture
def two_builds(made_once, tmp_path: Path) -> DataDir:
    """b-000001 with 50, b-000002 with 50 + 70 = 120."""
    return DataDir(shutil.copytree(made_once("tiny-twice", published_twice).root, tmp_path / "data"))


def pipeline_json(data_dir: DataDir, *command: str, **options) -> tuple[int, dict]:
    ran = subprocess.run(
        [sys.executable, "-m", "pipeline", *command, "--json", "--data-dir", str(data_dir.root)],
        cwd=REPOSITORY,
        env=os.environ | {"PLIMSOLL_DBT_PROJECT": str(TINY_PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    return ran.returncode, json.loads(ran.stdout)


def test_the_pointer_is_followed(two_builds: DataDir) -> None:
    assert current_build(two_builds).build_id == "b-000002"
    assert total_of(current_build(two_builds)) == 120.0
    assert [build.build_id for build in kept_builds(two_builds)] == ["b-000002", "b-000001"]


@pytest.mark.parametrize(
    "damage", [None, b"", b"\0\0\0", b"\xff\xfe", b"b-000099\n", b"../../etc/passwd\n", b"b-000002 b-000001"]
)
def test_current_missing_or_damaged_gives_the_newest_whole_build(two_builds: DataDir, damage: bytes | None) -> None:
    if damage is None:
        two_builds.current_pointer.unlink()
    else:
        two_builds.current_pointer.write_bytes(damage)
    assert current_build(two_builds).build_id == "b-000002"


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def made_text(path: Path) -> None:
    path.write_bytes(b"<html>" + bytes(path.stat().st_size - 6))


@pytest.mark.parametrize("damage", [Path.unlink, cut_short, made_text, lambda path: path.write_bytes(b"")])
def test_current_names_a_missing_or_damaged_file(two_builds: DataDir, damage) -> None:
    damage(two_builds.build_file("b-000002"))
    assert current_build(two_builds).build_id == "b-000001"
    assert total_of(current_build(two_builds)) == 50.0


def test_no_good_build_at_all_is_nothing_published(two_builds: DataDir) -> None:
    for build in kept_builds(two_builds):
        cut_short(build.path)
    assert current_build(two_builds) is None
    exit_code, answer = pipeline_json(two_builds, "kpis")
    assert exit_code == 1
    assert answer["error"]["code"] == "nothing_published"


def test_the_next_refresh_mends_a_damaged_current(two_builds: DataDir) -> None:
    cut_short(two_builds.build_file("b-000002"))
    two_builds.current_pointer.write_bytes(b"\0")
    assert tiny_refresh(two_builds).build_id == "b-000003"  # ids never go back
    assert total_of(current_build(two_builds)) == 120.0


def test_a_build_of_another_version_is_said_and_made_anew(two_builds: DataDir) -> None:
    """The tiny project stands for a version whose warehouse has other tables."""
    exit_code, answer = pipeline_json(two_builds, "kpis")
    assert (exit_code, answer["error"]["code"]) == (1, "snapshot.other_version")
    assert "b-000002" in answer["error"]["message"] and "Refresh" in answer["error"]["message"]
    assert made_by_another_version(two_builds, Settings())
    assert not made_by_another_version(two_builds, tiny_settings())


def test_missing_data_folder(tmp_path: Path) -> None:
    nowhere = DataDir(tmp_path / "nowhere")
    assert current_build(nowhere) is None
    assert kept_builds(nowhere) == []
    assert refresh_state(nowhere)["running"] is False
    for command, exit_code, code in (("kpis", 1, "nothing_published"), ("refresh", 2, "refresh.nothing_landed")):
        ran = pipeline_json(nowhere, command)
        assert (ran[0], ran[1]["error"]["code"]) == (exit_code, code)
    assert not nowhere.root.exists()  # asking makes no folder


def test_folder_that_cannot_be_written(two_builds: DataDir) -> None:
    """Readers go on; a refresh says what and where, and leaves everything as it was."""
    folders = [two_builds.root, *(path for path in two_builds.root.rglob("*") if path.is_dir())]
    before = two_builds.current_pointer.read_bytes()
    for folder in folders:
        folder.chmod(0o555)
    try:
        exit_code, answer = pipeline_json(two_builds, "refresh", preexec_fn=_obey_permissions)
        assert exit_code == 1
        assert answer["error"]["code"] == "folder.refuses"
        assert str(two_builds.root) in answer["error"]["message"]
        exit_code, answer = pipeline_json(two_builds, "status", preexec_fn=_obey_permissions)
        assert (exit_code, answer["build_id"]) == (0, "b-000002")
        assert current_build(two_builds).build_id == "b-000002"
        assert refresh_state(two_builds)["running"] is False
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert two_builds.current_pointer.read_bytes() == before
    assert tiny_refresh(two_builds).status == "published"


def test_rollback_points_to_a_kept_build_and_refresh_moves_on(two_builds: DataDir) -> None:
    assert roll_back(two_builds, "b-000001").build_id == "b-000001"
    assert total_of(current_build(two_builds)) == 50.0
    with pytest.raises(InputError) as refused:
        roll_back(two_builds, "b-000077")
    assert "b-000002, b-000001" in str(refused.value)
    assert tiny_refresh(two_builds).build_id == "b-000003"


def _obey_permissions() -> None:
    """Root writes anywhere: give up the right to (capability 1, CAP_DAC_OVERRIDE) in the process about to be started."""
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot give up root's right to write anywhere")
