"""Ways to install: the wheel with its command, the bundle for networks without internet, the container's recipe."""

from __future__ import annotations

import json
import os
import re
import shutil
import site
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PACKED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
TOOLS = ("cat", "cp", "date", "dirname", "git", "gzip", "id", "mkdir", "mktemp", "rm", "sh", "tar", "touch")


def run(*command: str | Path, **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)


def succeeded(ran: subprocess.CompletedProcess) -> str:
    assert ran.returncode == 0, f"{ran.args}\n{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}"
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ("--no-build-isolation", "--no-deps", "--no-index")
    succeeded(run(sys.executable, "-m", "pip", "wheel", "-q", *offline, "-w", folder, REPOSITORY))
    (built,) = folder.glob("*.whl")
    return built


def pinned(name: str) -> set[str]:
    lines = [line.split("#")[0].strip() for line in (REPOSITORY / name).read_text(encoding="utf-8").splitlines()]
    return {line.lower() for line in lines if line and not line.startswith("-r")}


def test_the_wheel_holds_the_tree_in_one_package(wheel: Path) -> None:
    tracked = succeeded(run("git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKED, cwd=REPOSITORY))
    expected = {f"plimsoll/{name}" for name in tracked.splitlines() if (REPOSITORY / name).is_file()}
    expected |= {"plimsoll/__init__.py", "plimsoll/py.typed"}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected
    assert {"plimsoll/app.py", "plimsoll/dbt_project/dbt_project.yml", "plimsoll/.streamlit/config.toml"} <= held


def test_the_wheel_needs_what_the_requirements_files_pin_and_nothing_else(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    text = archive.read(metadata).decode()
    assert "License-Expression: Apache-2.0\n" in text
    needed: dict[str, set[str]] = {"": set(), "mpxj": set(), "postgresql": set(), "dev": set()}
    for line in re.findall(r"^Requires-Dist: (.+)$", text, re.MULTILINE):
        requirement, _, extra = line.partition(";")
        needed["".join(re.findall(r"extra == '(\w+)'", extra))].add(requirement.strip().lower())
    files = {"": "requirements.txt"} | {extra: f"requirements-{extra}.txt" for extra in needed if extra}
    assert needed == {extra: pinned(name) for extra, name in files.items()}


def test_what_builds_the_wheel_is_pinned_for_the_tests_too() -> None:
    assert set(PROJECT["build-system"]["requires"]) <= pinned("requirements-dev.txt")


def test_the_installed_command_works_anywhere(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own that sees the packages of this one, from an empty folder, without index or network."""
    succeeded(run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"))
    python, (packages,) = tmp_path / "venv/bin/python", (tmp_path / "venv/lib").glob("*/site-packages")
    others = {*site.getsitepackages(), *(path for path in sys.path if path.endswith("site-packages"))}
    (packages / "others.pth").write_text("\n".join(others), encoding="utf-8")
    installing = ("install", "-q", "--no-deps", "--no-index", wheel)
    succeeded(run(sys.executable, "-m", "pip", "--python", python, *installing))

    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PLIMSOLL_DATA")}
    command, options = tmp_path / "venv/bin/plimsoll", {"cwd": tmp_path, "env": environment | {"COLUMNS": "120"}}
    assert "accept-loss" in succeeded(run(command, "--help", **options))
    projects = packages / "plimsoll/data/sample/reference/projects.csv"
    report = json.loads(succeeded(run(command, "load", projects, "--dry-run", "--json", **options)))
    assert [(entry["feed"], entry["status"]) for entry in report["files"]] == [("projects", "landed")]
    # Its own data folder, where it was started; nothing of the checkout.
    assert (tmp_path / "data" / "landing").is_dir()
    where = "import plimsoll, pathlib; print(pathlib.Path(plimsoll.__file__).parent)"
    assert succeeded(run(python, "-c", where, **options)).strip() == str(packages / "plimsoll")


# --- the bundle ---------------------------------------------------------------------------------------------------------


def tiny_wheel(folder: Path) -> None:
    """A package `tiny` 1.0 that needs nothing, in place of the real ones, which are 300 MB."""
    folder.mkdir()
    described = {
        "tiny.py": "",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in (*described, "tiny-1.0.dist-info/RECORD"))
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as archive:
        for name, text in (described | {"tiny-1.0.dist-info/RECORD": record}).items():
            archive.writestr(name, text)


@pytest.fixture(scope="module")
def without_index(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which only this Python and the plain tools are found, and any index is out of reach."""
    tools = tmp_path_factory.mktemp("tools")
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or "missing")
    (tools / f"python3.{sys.version_info.minor}").symlink_to(Path(sys.executable).resolve())
    nobody = {
        f"GIT_{role}_{part}": "nobody@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    return {"PATH": str(tools), "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", **nobody}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, without_index: dict[str, str]) -> Path:
    """The archive that bin/bundle makes of a checkout which needs `tiny` alone."""
    house = tmp_path_factory.mktemp("checkout")
    shutil.copytree(REPOSITORY / "bin", house / "bin")
    shutil.copy(REPOSITORY / "pyproject.toml", house)
    (house / "requirements.txt").write_text("tiny==1.0\n", encoding="utf-8")
    tiny_wheel(house.parent / "wheels-of-tiny")
    for words in (["init", "-q"], ["add", "bin", "pyproject.toml", "requirements.txt"], ["commit", "-q", "-m", "tiny"]):
        succeeded(run("git", *words, cwd=house, env=without_index))
    (house / ".venv" / "bin").mkdir(parents=True)
    (house / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    (house / ".venv" / "bin" / "python").chmod(0o755)
    found = without_index | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(house.parent / "wheels-of-tiny")}
    return house / succeeded(run("bin/bundle", cwd=house, env=found)).strip()


def test_a_bundle_names_its_platform_and_python(bundle: Path) -> None:
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert re.fullmatch(rf"plimsoll-{PROJECT['project']['version']}-[a-z0-9_]+-{python}\.tar\.gz", bundle.name)


def test_a_bundle_installs_without_an_index(bundle: Path, without_index: dict[str, str], tmp_path: Path) -> None:
    with tarfile.open(bundle) as archive:
        archive.extractall(tmp_path, filter="data")
    house = tmp_path / bundle.name.removesuffix(".tar.gz")
    assert {path.name for path in (house / "wheels").iterdir()} == {"PYTHON", "tiny-1.0-py3-none-any.whl"}
    succeeded(run("bin/install", cwd=house, env=without_index))
    assert succeeded(run(".venv/bin/python", "-m", "pip", "freeze", cwd=house)).strip() == "tiny==1.0"
    # `make run` finds everything done: its stamp is not older than what it depends on.
    stamp = (house / ".venv" / "installed").stat().st_mtime
    assert all(stamp >= (house / name).stat().st_mtime for name in ("requirements.txt", "bin/environment"))


def test_a_bundle_for_another_python_says_which(bundle: Path, without_index: dict[str, str], tmp_path: Path) -> None:
    with tarfile.open(bundle) as archive:
        archive.extractall(tmp_path, filter="data")
    house = tmp_path / bundle.name.removesuffix(".tar.gz")
    (house / "wheels" / "PYTHON").write_text("3.99\n", encoding="utf-8")
    ran = run("bin/install", cwd=house, env=without_index)
    assert ran.returncode == 1
    assert "Plimsoll needs Python 3.99 and found none" in ran.stderr
    assert not (house / ".venv").exists()


def test_a_checkout_is_no_bundle(bundle: Path, without_index: dict[str, str]) -> None:
    ran = run("bin/install", cwd=bundle.parents[1], env=without_index)
    assert (ran.returncode, "make bundle" in ran.stderr) == (1, True)


# --- the container ------------------------------------------------------------------------------------------------------


def test_the_container_copies_what_there_is_and_runs_as_an_ordinary_user() -> None:
    text = (REPOSITORY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    copied = [source for step, words in steps if step == "COPY" for source in words.split()[:-1]]
    assert [source for source in copied if not (REPOSITORY / source).exists()] == []
    assert set(PACKED) <= set(copied)
    users = [words for step, words in steps if step == "USER"]
    assert users == ["plimsoll"]
    assert [step for step, _ in steps][-2:] == ["USER", "CMD"]
    # Loopback only: nothing is published, and no other address is listened on.
    assert "EXPOSE" not in {step for step, _ in steps}
    assert "0.0.0.0" not in text
