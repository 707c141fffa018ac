"""A machine that follows: whole builds or none, whatever is cut off, altered or gone, and nothing landed or built there."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from pyarrow import fs

from models.builds.data_dir import DataDir
from models.builds.published import current_build, kept_builds, named_build
from models.builds.snapshot import open_snapshot
from models.errors import InputError, PlimsollError
from pipeline import gate
from pipeline.alerts.open_alerts import open_alerts
from pipeline.ingest import LoadOptions, load_bytes, mendable_csv, quarantined, redo_batch, undo_batch
from pipeline.machines import following
from pipeline.machines.following import Place, copy_build, follow, place_of
from pipeline.refresh.baselines.baselines import baselines
from pipeline.refresh.publishing import roll_back
from pipeline.refresh.refreshing import ask_for_refresh, pending_request, worker_is_alive
from pipeline.settings import Settings
from pipeline.store.health import store_trouble
from pipeline.worker import work
from tests.commands import ran
from tests.databases import at_home
from tests.pipeline.tiny import REPOSITORY, land_cost, published_twice, tiny_refresh, total_of

B1, B2 = "b-000001", "b-000002"  # of which the first sums up 50, the second 50 + 70 = 120


@pytest.fixture
def source(made_once, tmp_path: Path) -> DataDir:
    """Two builds, with files that pages read beside builds."""
    copied = DataDir(shutil.copytree(made_once("tiny-twice", published_twice).root, tmp_path / "source"))
    for name in ("baselines/b.parquet", "landing/quarantine/q.parquet"):
        put(copied, name)
    return copied


def put(data_dir: DataDir, name: str) -> None:
    (data_dir.root / name).parent.mkdir(parents=True, exist_ok=True)
    (data_dir.root / name).write_bytes(name.encode())


@pytest.fixture
def here(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "here")


@pytest.fixture
def copy(source: DataDir, here: DataDir) -> Callable[[], str | None]:
    """The copying itself, without what a follower must have."""
    return lambda: copy_build(place_of(str(source.root)), place_of(str(here.root)))


def shown(data_dir: DataDir) -> tuple[str, float] | None:
    build = current_build(data_dir)
    return (build.build_id, total_of(build)) if build else None


def files_of(data_dir: DataDir) -> set[str]:
    return {path.relative_to(data_dir.root).as_posix() for path in data_dir.root.rglob("*") if path.is_file()}


def test_the_build_is_copied_with_what_pages_read_beside_it_and_no_landed_file(source, here, copy) -> None:
    put(source, "landing/projects/p.parquet")
    assert copy() == B2
    assert shown(here) == (B2, 120.0)
    assert files_of(here) == {
        "baselines/b.parquet",
        "landing/projects/p.parquet",
        "landing/quarantine/q.parquet",
        "warehouse/CURRENT",
        f"warehouse/plimsoll_{B2}.duckdb",
        *(f"warehouse/history/{build}.{kind}" for build in (B1, B2) for kind in ("json", "parquet")),
    }
    assert copy() is None
    assert (here.history / f"{B1}.parquet").read_bytes() == (source.history / f"{B1}.parquet").read_bytes()


def test_the_manifest_states_the_hash_of_its_file(source: DataDir) -> None:
    build = current_build(source)
    assert build.manifest["file_sha256"] == hashlib.sha256(build.path.read_bytes()).hexdigest()


def test_a_build_that_was_rolled_back_is_followed_back_and_forwards(source, here, copy) -> None:
    copy()
    roll_back(source, B1)
    assert copy() == B1
    assert shown(here) == (B1, 50.0)
    roll_back(source, B2)
    assert copy() == B2
    assert [build.build_id for build in kept_builds(here)] == [B2, B1]
    source.build_file(B1).unlink()  # the source keeps it no more
    land_cost(source, "1.00", 3)
    assert tiny_refresh(source).status == "published"
    assert copy() == "b-000003"
    assert [build.build_id for build in kept_builds(here)] == ["b-000003", B2]


def test_what_comes_after_the_pointer_is_not_copied(source, here, copy) -> None:
    """A refresh that is about to publish has written values and manifest of a build that may never be."""
    roll_back(source, B1)
    (source.history / "b-000003.parquet").write_bytes(b"unfinished")
    (source.history / "b-000004.json.writing").write_bytes(b"{")
    copy()
    assert {path.name for path in here.history.iterdir()} == {f"{B1}.json", f"{B1}.parquet"}


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("spoil", [cut_off, flip, Path.unlink])
def test_a_file_that_is_not_what_was_published_is_not_shown(source, here, copy, spoil) -> None:
    roll_back(source, B1)
    copy()
    roll_back(source, B2)
    spoil(source.build_file(B2))
    with pytest.raises(PlimsollError) as refused:
        copy()
    assert refused.value.code == ("follow.not_now" if spoil is Path.unlink else "follow.differs")
    assert shown(here) == (B1, 50.0)
    assert named_build(here) == B1
    assert not [name for name in files_of(here) if name.endswith(".writing") or B2 + ".duckdb" in name]


def test_a_build_without_a_hash_or_without_a_pointer_is_not_followed(source, here, copy) -> None:
    manifest = source.history / f"{B2}.json"
    kept = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({name: value for name, value in kept.items() if name != "file_sha256"}))
    with pytest.raises(PlimsollError, match="Refresh there once"):
        copy()
    source.current_pointer.unlink()
    with pytest.raises(InputError) as refused:
        copy()
    assert refused.value.code == "follow.nothing"
    assert current_build(here) is None


ENDS_AT = """
import os, sys
from pipeline.machines import following
left = int(sys.argv[3])
def counted(event, arguments):
    global left
    if event == "os.rename":
        left -= 1
        if left < 0:
            os._exit(9)
sys.addaudithook(counted)
following.copy_build(following.place_of(sys.argv[1]), following.place_of(sys.argv[2]))
"""


def test_killed_before_any_file_is_in_place_the_build_before_is_shown_and_the_next_copy_ends_it(source, here) -> None:
    """A file is in place once it is renamed; `renames` of them are before the kill."""
    roll_back(source, B1)
    copy_build(place_of(str(source.root)), place_of(str(here.root)))
    first = Path(shutil.copytree(here.root, here.root.with_name("first")))
    roll_back(source, B2)
    ended = []
    for renames in range(6):
        shutil.rmtree(here.root)
        shutil.copytree(first, here.root)
        killed = subprocess.run(
            [sys.executable, "-c", ENDS_AT, str(source.root), str(here.root), str(renames)], cwd=REPOSITORY, check=False
        )
        ended.append(killed.returncode)
        assert shown(here) == ((B1, 50.0) if killed.returncode else (B2, 120.0))
        copy_build(place_of(str(source.root)), place_of(str(here.root)))
        assert shown(here) == (B2, 120.0)
        assert not [name for name in files_of(here) if name.endswith(".writing")]
    # what B1 had is there already: the values of B2, its file, its manifest and the pointer are new
    assert ended == [9, 9, 9, 9, 0, 0]


def test_a_reader_sees_one_build_or_the_other_while_it_is_followed(source, here, copy) -> None:
    copy()
    seen, done = set(), threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(shown(here))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(6):
        roll_back(source, B1)
        copy()
        roll_back(source, B2)
        copy()
    done.set()
    reader.join()
    assert seen <= {(B1, 50.0), (B2, 120.0)} and seen


def test_an_object_store_is_written_and_read_in_the_same_layout(source, here, monkeypatch) -> None:
    """Of an object store that pyarrow offers without a network: nothing is renamed there, and folders are names."""
    files, _ = fs.FileSystem.from_uri("mock://")
    files.create_dir("bucket/plimsoll/warehouse/history")
    for folder in ("baselines", "landing/quarantine", "landing/projects"):
        files.create_dir(f"bucket/plimsoll/{folder}")
    store = Place(files, "bucket/plimsoll", "s3://bucket/plimsoll")
    assert copy_build(place_of(str(source.root)), store) == B2
    assert copy_build(place_of(str(source.root)), store) is None
    assert copy_build(store, place_of(str(here.root))) == B2
    assert shown(here) == (B2, 120.0)
    flip(source.build_file(B1))
    roll_back(source, B1)
    with pytest.raises(PlimsollError, match="not what was published"):
        copy_build(place_of(str(source.root)), store)
    assert store.build_id == B2 and f"warehouse/plimsoll_{B1}.duckdb" not in store.sizes("warehouse")


def test_addresses_are_those_of_pyarrow_and_hold_no_key() -> None:
    place = place_of("s3://bucket/plimsoll?region=cn-north-1&endpoint_override=http://127.0.0.1:1")
    assert (place.base, isinstance(place.files, fs.S3FileSystem)) == ("bucket/plimsoll", True)
    for address, code in (("s3://AK:SECRET@bucket/x", "follow.secret"), ("gopher://x/y", "follow.address")):
        with pytest.raises(InputError) as refused:
            place_of(address)
        assert refused.value.code == code and ":SECRET" not in str(refused.value)


# ---- the machine that follows -----------------------------------------------------------------------------------------


@pytest.fixture
def follower(database: str, source: DataDir, here: DataDir) -> DataDir:
    assert follow(here, str(at_home(source).root)) == B2
    return here


on_a_server = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@on_a_server
def test_a_follower_lands_builds_and_rolls_back_nothing(follower: DataDir) -> None:
    for act in (
        lambda: tiny_refresh(follower),
        lambda: roll_back(follower, B1),
        lambda: load_bytes(follower, "a.csv", b"a,b\n1,2\n", LoadOptions()),
        lambda: work(follower, Settings()),
    ):
        with pytest.raises(InputError) as refused:
            act()
        assert refused.value.code == "follow.only_reads"
    assert not (follower.landing / "originals").exists()
    ask_for_refresh(follower, "screen")  # waits for the worker, wherever it runs
    assert pending_request(follower) == "screen" and not (follower.logs / "refresh_output.log").exists()


@on_a_server
def test_the_source_is_remembered(follower: DataDir, source: DataDir) -> None:
    land_cost(source, "1.00", 3)
    assert tiny_refresh(source).status == "published"
    told = ran("follow", "--json", data_dir=follower)
    assert json.loads(told.stdout) == {"build_id": "b-000003"}, told.stderr
    assert json.loads(ran("follow", "--json", data_dir=follower).stdout) == {"build_id": None}


def test_who_follows_shares_the_control_store_and_has_no_data_of_its_own(source, here, data_dir, monkeypatch) -> None:
    def refusal(folder: DataDir, place: str | None) -> str:
        with pytest.raises(PlimsollError) as refused:
            follow(folder, place)
        return refused.value.code

    assert refusal(here, None) == "follow.no_source"
    assert refusal(here, str(source.root)) == "follow.no_control"
    assert not here.root.exists()
    monkeypatch.setenv("PLIMSOLL_CONTROL", "postgresql://a@127.0.0.1:1/c")  # which copying does not ask
    assert refusal(source, str(data_dir.root)) == "follow.own_data"
    assert follow(here, str(source.root)) == B2
    with FileLock(here.root / "follow.lock"):
        assert refusal(here, None) == "follow.running"


def test_following_on_goes_over_what_is_not_whole_and_says_it_once(source: DataDir, here: DataDir) -> None:
    kept = source.build_file(B2).rename(source.root / "aside")
    command = [sys.executable, "-m", "pipeline", "follow", "--from", str(source.root), "--every", "0.1"]
    environment = os.environ | {"PLIMSOLL_CONTROL": "postgresql://a@127.0.0.1:1/c"}
    with subprocess.Popen(
        [*command, "--data-dir", str(here.root)], cwd=REPOSITORY, env=environment, stderr=subprocess.PIPE, text=True
    ) as follower:
        try:
            assert "could not be copied" in follower.stderr.readline()
            time.sleep(0.5)  # some more looks
            kept.rename(source.build_file(B2))
            assert follower.stderr.readline() == f"{B2} is here.\n"
        finally:
            follower.kill()
    assert shown(here) == (B2, 120.0)
    assert following.place_of(str(here.root)).build_id == B2


@on_a_server
def test_rows_that_came_back_mended_are_held_back_no_more_and_own_tools_have_names(database, sample_copy, here) -> None:
    """Of two work logs one has no day: held back, mended, and landed as the line it was."""
    content = "project,person,work_date,hours\nP2025-005,张三,2026-11-02,8\nP2025-005,李四,nonsense,7\n"
    [first] = load_bytes(sample_copy, "hours.csv", content.encode(), LoadOptions(feed="worklogs"))
    assert (first.status, first.rows_quarantined) == ("landed", 1)
    follow(here, str(sample_copy.root))
    assert quarantined(here).height == 1
    mended = mendable_csv(sample_copy, first.batch_id).replace(b"nonsense", b"2026-11-03")
    [second] = load_bytes(sample_copy, "mended.csv", mended, LoadOptions())
    assert second.status == "landed", second
    assert quarantined(sample_copy).height == 0
    sample_copy.dialects.mkdir()
    for text in ("names: [", "name: broken"):
        (sample_copy.dialects / "own.yml").write_text(text, encoding="utf-8")
        follow(here, None)
        assert (here.dialects / "own.yml").read_text(encoding="utf-8") == text
    assert quarantined(here).height == 0
    (sample_copy.dialects / "own.yml").unlink()
    follow(here, None)
    assert list(here.dialects.iterdir()) == []
    undo_batch(here, second.batch_id)  # a word in the store: it counts everywhere
    assert quarantined(sample_copy).height == 1
    with pytest.raises(InputError) as refused:  # whether the file of the first is there, only the other machine knows
        undo_batch(here, first.batch_id)
        redo_batch(here, first.batch_id)
    assert refused.value.code == "follow.only_reads"


@on_a_server
def test_pages_read_the_same_on_a_follower(database: str, sample_copy: DataDir, here: DataDir) -> None:
    """All that pages ask of files beside the build: verdicts of every project, baselines, rows held back; and the alerts."""

    def read(data_dir: DataDir) -> dict[str, object]:
        build = current_build(data_dir)
        snapshot = open_snapshot(build)
        projects = snapshot.query("select project_key from dim_projects order by 1")["project_key"].to_list()
        now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
        return {
            "verdicts": {
                project: gate.ask(data_dir, build, snapshot, project, now=now, release="next") for project in projects
            },
            "baselines": baselines(data_dir),
            "quarantined": quarantined(data_dir).to_dicts(),
            "alerts": open_alerts(data_dir),
            "trouble": store_trouble(data_dir),
        }

    follow(here, str(sample_copy.root))
    expected, found = read(sample_copy), read(here)
    assert len(expected["verdicts"]) >= 8 and expected["baselines"] and expected["alerts"]
    assert found == expected
    landed = {path.parent.name for path in here.landing.rglob("*.parquet")}
    assert landed <= {"quarantine", "projects", "project_aliases"}


@on_a_server
def test_serve_follows_on_in_place_of_a_worker(follower: DataDir, source: DataDir) -> None:
    command = [sys.executable, "-m", "pipeline", "serve", "--data-dir", str(follower.root)]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as serving:
        try:
            told = []
            for line in serving.stderr:
                told.append(line)
                if "open at" in line:
                    break
            assert f"This folder follows the builds of {source.root}.\n" in told
            land_cost(source, "1.00", 3)
            assert tiny_refresh(source).status == "published"
            for line in serving.stderr:
                if line == "b-000003 is here.\n":
                    break
            assert named_build(follower) == "b-000003"
            assert not worker_is_alive(follower)
        finally:
            serving.terminate()
            assert serving.wait(60) == 0
