"""A copy of what the catalogue is read from and made into, to write in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.catalogue.files import READMES


@pytest.fixture(scope="module")
def house(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of the copy; whoever changes it puts it back."""
    root = tmp_path_factory.mktemp("house")
    no_build = shutil.ignore_patterns("target", "logs", ".user.yml")
    shutil.copytree(repository / "dbt_project", root / "dbt_project", ignore=no_build)
    for name in READMES.values():
        shutil.copy(repository / name, root / name)
    (root / "pages").symlink_to(repository / "pages")
    return root
