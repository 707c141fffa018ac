"""Fault 29 and 50: bits that turn in a build, a landed file or the control store → noticed, the build before is used, said."""

from __future__ import annotations

import random
import shutil
import stat
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build, mark_unreadable
from models.builds.snapshot import open_current, open_snapshot
from models.errors import PlimsollError
from pipeline.store import control
from tests.pipeline.tiny import published_twice, tiny_refresh, total_of

FLIPS = 60


@pytest.fixture
def two_builds(made_once) -> DataDir:
    """b-000001 with 50, b-000002 with 50 + 70 = 120; read only."""
    return made_once("tiny-twice", published_twice)


def flip(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def everything(snapshot) -> dict[str, list]:
    """Every row of every table of a build."""
    tables = snapshot.query("select table_name from information_schema.tables order by 1")["table_name"]
    return {table: sorted(map(str, snapshot.query(f'select * from "{table}"').rows())) for table in tables}


def test_a_build_with_a_turned_bit_shows_its_own_rows_or_gives_way(two_builds: DataDir, tmp_path: Path) -> None:
    """Wherever the bit lies: the same rows, or the build before; never other rows, and never a raw error."""
    right = everything(open_snapshot(current_build(two_builds)))
    size = current_build(two_builds).path.stat().st_size
    given_way = 0
    for number, bit in enumerate(random.Random(29).sample(range(size * 8), FLIPS)):
        copy = DataDir(shutil.copytree(two_builds.root, tmp_path / str(number)))
        flip(copy.build_file("b-000002"), bit)
        build, snapshot = open_current(copy)
        if build.build_id == "b-000002":
            try:
                assert everything(snapshot) == right
                continue
            except PlimsollError as error:
                assert error.code == "snapshot.damaged", error
        given_way += 1
        build, snapshot = open_current(copy)
        assert build.build_id == "b-000001" and total_of(build) == 50.0
        shutil.rmtree(copy.root)
    assert given_way  # a flip that never hurts would prove nothing


def test_every_turned_bit_of_a_landed_file_stops_the_build(two_builds: DataDir, tmp_path: Path) -> None:
    copy = DataDir(shutil.copytree(two_builds.root, tmp_path / "data"))
    [landed, _] = sorted((copy.landing / "costs").glob("*.parquet"))
    whole = landed.read_bytes()
    for bit in random.Random(50).sample(range(len(whole) * 8), 3):
        flip(landed, bit)
        told = tiny_refresh(copy)
        assert (told.status, told.error.code) == ("failed", "build.landed_file_changed")
        assert landed.name in told.error.message and "costs-1.csv" in told.error.message
        assert current_build(copy).build_id == "b-000002"
        landed.write_bytes(whole)
    assert tiny_refresh(copy).status == "published"


def test_a_batch_of_an_earlier_version_is_watched_from_its_first_build_on(two_builds: DataDir) -> None:
    with control.reading(two_builds) as connection:  # land_cost writes no hash
        hashes = [row.landed_hash for row in connection.execute(control.batches.select())]
    assert [len(found) for found in hashes] == [64, 64]


def test_a_build_that_no_process_can_read_is_said(two_builds: DataDir, tmp_path: Path) -> None:
    copy = DataDir(shutil.copytree(two_builds.root, tmp_path / "data"))
    for build_id in ("b-000001", "b-000002"):
        path = copy.build_file(build_id)
        path.write_bytes(path.read_bytes()[:12] + bytes(path.stat().st_size - 12))
    with pytest.raises(PlimsollError) as error:
        open_current(copy)
    assert error.value.code == "snapshot.unreadable"


def test_a_build_written_anew_is_read_again(two_builds: DataDir, tmp_path: Path) -> None:
    copy = DataDir(shutil.copytree(two_builds.root, tmp_path / "data"))
    path = copy.build_file("b-000002")
    mark_unreadable(path)
    assert current_build(copy).build_id == "b-000001"
    content = path.read_bytes()
    path.write_bytes(content)
    assert current_build(copy).build_id == "b-000002"


def test_the_store_is_for_its_owner_alone(two_builds: DataDir) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in two_builds.root.glob("control.db*")}
    assert "control.db" in modes
    assert set(modes.values()) == {0o600}
