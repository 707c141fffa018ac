"""The browser and the dashboards that the tests in this folder look at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from models.builds.data_dir import DataDir
from tests.browser.dashboards import QUIET_FLAGS, browser_executable, serving
from tests.browser.reading import PATIENCE_MS


@pytest.fixture(scope="session")
def browser(tmp_path_factory) -> Iterator:
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        pytest.skip("playwright is not installed: pip install -r requirements-dev.txt")
    with sync_playwright() as playwright:
        executable = browser_executable(playwright)
        if executable is None:
            pytest.skip("no Chromium or Chrome here: install one, or name one in PLIMSOLL_CHROMIUM")
        expect.set_options(timeout=PATIENCE_MS)
        launched = playwright.chromium.launch(executable_path=executable, args=list(QUIET_FLAGS), timeout=PATIENCE_MS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def visitor(browser) -> Iterator[Callable]:
    """visitor(height, locale): the tab of somebody who has never been here."""
    contexts = []

    def arrived(height: int = 768, locale: str = "en-US"):
        contexts.append(browser.new_context(viewport={"width": 1366, "height": height}, locale=locale))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        return contexts[-1].new_page()

    yield arrived
    for context in contexts:
        context.close()


def copied(source: DataDir, factory: pytest.TempPathFactory) -> DataDir:
    """A world to write in."""
    return DataDir(shutil.copytree(source.root, factory.mktemp("browser") / "data"))


@pytest.fixture
def fresh_dashboard(world, tmp_path_factory) -> Iterator[str]:
    """The address of a dashboard over the healthy project that nobody has looked at."""
    with serving(copied(world("healthy"), tmp_path_factory)) as address:
        yield address


@pytest.fixture(scope="session")
def healthy_dashboard(world, tmp_path_factory) -> Iterator[str]:
    """The address of a dashboard over the healthy project: one test loads and undoes there."""
    with serving(copied(world("healthy"), tmp_path_factory)) as address:
        yield address


@pytest.fixture(scope="session")
def sample_dashboard(sample_data_dir, tmp_path_factory) -> Iterator[str]:
    """The address of a dashboard over the sample portfolio."""
    with serving(copied(sample_data_dir, tmp_path_factory)) as address:
        yield address
