"""What the tests share: empty data folders, the sample portfolio built once per run, small worlds, real exports.

Anything costly is made once per test run and shared between xdist's workers through a lock file. What is shared is read
only: a test that writes takes `sample_copy`.
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from filelock import FileLock

from models.builds.data_dir import DataDir
from pipeline.refresh import building
from pipeline.store import control
from tests import databases, forked
from tests import worlds as small_worlds
from tests.kept_worlds import code_hash
from tests.sample_walk import SampleWalk

REPOSITORY = Path(__file__).resolve().parents[1]
BROWSER_TESTS = "tests/browser/"


@pytest.fixture(autouse=True)
def _no_data_folder_but_the_tests_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory):
    """Whatever forgets to say where its data lies meets a folder that does not exist, and no server but the tests' own."""
    monkeypatch.setenv("PLIMSOLL_DATA", str(tmp_path_factory.getbasetemp() / "nowhere"))
    monkeypatch.setenv("PLIMSOLL_CONTROL", "")


@pytest.fixture(scope="session", autouse=True)
def _one_parsed_project_for_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    """dbt parses the project once per test run, not once per data folder: it is the same for each."""
    shared = os.environ.get("PLIMSOLL_TEST_WORLDS") or _shared_base(tmp_path_factory)
    os.environ["PLIMSOLL_PARSED_DIR"] = str(Path(shared) / "parsed")


@pytest.fixture(scope="session", autouse=True)
def _one_fork_server_for_all() -> None:
    """With what builds and killed processes need imported, started by the first of them."""
    building.warm = forked.warm


@pytest.fixture(scope="session", autouse=True)
def _room_for_open_files() -> None:
    """One process holds four or five files open per data folder, of which a run has a thousand and a server one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def postgresql() -> Iterator[databases.Server]:
    """A PostgreSQL server of this run's own."""
    with databases.running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The test runs twice: with the control store in its data folder, and on a server."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        monkeypatch.setenv("PLIMSOLL_CONTROL", server.new_schema())
    yield request.param
    if request.param == "postgresql":
        for address in [known for known in control._engines if isinstance(known, str)]:
            control._engines.pop(address)[1].dispose()


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    """An empty data folder of this test's own."""
    root = tmp_path / "data"
    root.mkdir()
    return DataDir(root)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[DataDir], None]], DataDir]:
    """made_once(name, make): the data folder of that name, filled by make(data_dir) in the first worker that asks.

    Where PLIMSOLL_TEST_WORLDS names a folder, it is kept there for further runs of the same code on the same day.
    """
    kept = os.environ.get("PLIMSOLL_TEST_WORLDS")

    def made(name: str, make: Callable[[DataDir], None]) -> DataDir:
        shared = Path(kept) / code_hash(make) if kept else _shared_base(tmp_path_factory)
        shared.mkdir(parents=True, exist_ok=True)
        root = shared / f"shared-{name}"
        with FileLock(f"{root}.lock"):
            if not Path(f"{root}.done").exists():
                shutil.rmtree(root, ignore_errors=True)
                root.mkdir()
                with patch.dict(os.environ, PLIMSOLL_CONTROL=""):  # whatever the database of the test that asks first
                    make(DataDir(root))
                _at_rest(DataDir(root))
                Path(f"{root}.done").touch()
        return DataDir(root)

    return made


@pytest.fixture(scope="session")
def sample_data_dir(made_once) -> DataDir:
    """The sample portfolio, loaded through ingest and refreshed once per test run. Read only."""
    return made_once("sample", small_worlds.sample_portfolio)


@pytest.fixture(scope="session")
def sample_walk(sample_data_dir: DataDir) -> SampleWalk:
    """How the sample portfolio was made: by the commands of the README, offline."""
    return SampleWalk(sample_data_dir)


@pytest.fixture
def sample_copy(sample_data_dir: DataDir, tmp_path: Path) -> DataDir:
    """The sample portfolio, loaded and built, to write in."""
    shutil.copytree(sample_data_dir.root, tmp_path / "sample")
    return databases.at_home(DataDir(tmp_path / "sample"))


@pytest.fixture(scope="session")
def small_warehouse(sample_data_dir: DataDir):
    """A Snapshot of the sample portfolio's published build."""
    from models.builds.published import current_build
    from models.builds.snapshot import open_snapshot

    return open_snapshot(current_build(sample_data_dir))


@pytest.fixture(scope="session")
def world(made_once) -> Callable[[str], DataDir]:
    """world(name): a published data folder, one of small_worlds.WORLDS. Read only."""
    return lambda name: made_once(f"world-{name}", small_worlds.WORLDS[name])


@pytest.fixture(scope="session")
def real_exports() -> Path:
    """The folder of exports that nobody on this project wrote."""
    folder = Path(os.environ.get("PLIMSOLL_REAL") or REPOSITORY.parent / "shared" / "real")
    if not folder.is_dir():
        pytest.skip("no real exports here: set PLIMSOLL_REAL to a folder of them")
    return folder


def _at_rest(data_dir: DataDir) -> None:
    """All of the control store in its one file: copying the folder closes files under the feet of whoever reads its log."""
    if data_dir.control_store.exists():
        with closing(sqlite3.connect(data_dir.control_store)) as store:
            store.execute("pragma wal_checkpoint(truncate)")


def _shared_base(factory: pytest.TempPathFactory) -> Path:
    """The folder that every worker of this test run sees."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What reads a published build is no part of the fast half: the sample portfolio alone takes a minute to make."""
    for item in items:
        if "made_once" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.whole)


def _browser_outcomes(terminalreporter) -> dict[str, int]:
    return {
        outcome: sum(report.nodeid.startswith(BROWSER_TESTS) for report in terminalreporter.stats.get(outcome, []))
        for outcome in ("passed", "failed", "error", "skipped")
    }


def _lacks_required_browser(outcomes: dict[str, int]) -> bool:
    required = os.environ.get("PLIMSOLL_REQUIRE_BROWSER") == "1"
    return required and bool(outcomes["skipped"] or not outcomes["passed"])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Under PLIMSOLL_REQUIRE_BROWSER=1, browser tests that did not run fail the whole run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    if exitstatus == pytest.ExitCode.OK and _lacks_required_browser(_browser_outcomes(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter) -> None:
    outcomes = _browser_outcomes(terminalreporter)
    if outcomes["skipped"]:
        terminalreporter.write_line(
            f"{outcomes['skipped']} browser tests were SKIPPED: install Chromium or Chrome, then run make test again.",
            yellow=True,
            bold=True,
        )
    if _lacks_required_browser(outcomes):
        terminalreporter.write_line(
            "PLIMSOLL_REQUIRE_BROWSER=1, and not all browser tests ran: this run fails.", red=True
        )
