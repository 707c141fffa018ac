"""The browser and the dashboards that the tests in this folder look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from models.builds.data_dir import DataDir
from tests.browser.dashboards import QUIET_FLAGS, browser_executable, serving


@pytest.fixture(scope="session")
def browser(tmp_path_factory) -> Iterator:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.skip("playwright is not installed: pip install -r requirements-dev.txt")
    with sync_playwright() as playwright:
        executable = browser_executable(playwright)
        if executable is None:
            pytest.skip("no Chromium or Chrome here: install one, or name one in PLIMSOLL_CHROMIUM")
        launched = playwright.chromium.launch(executable_path=executable, args=list(QUIET_FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def own_healthy_folder(world, tmp_path) -> DataDir:
    """The healthy project, published, to write in."""
    shutil.copytree(world("healthy").root, tmp_path / "healthy")
    return DataDir(tmp_path / "healthy")


@pytest.fixture(scope="session")
def sample_dashboard(sample_data_dir, tmp_path_factory) -> Iterator[str]:
    """The address of a dashboard over the sample portfolio."""
    copy = tmp_path_factory.mktemp("browser") / "sample"
    shutil.copytree(sample_data_dir.root, copy)
    with serving(DataDir(copy)) as address:
        yield address
