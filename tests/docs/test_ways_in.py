"""What leads into the repository from outside: ten lines, license, templates, hooks, the public run."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
FORMS = sorted((REPOSITORY / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def text_of(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def project() -> dict:
    return tomllib.loads(text_of("pyproject.toml"))


def test_contributing_begins_with_ten_lines() -> None:
    lines = text_of("CONTRIBUTING.md").splitlines()
    assert [line.split(".")[0] for line in lines[2:12]] == [str(n) for n in range(1, 11)]
    assert lines[12] == ""


def test_the_license_is_named_and_not_copied() -> None:
    assert project()["project"]["license"] == "Apache-2.0"
    text = text_of("LICENSE")
    assert "SPDX-License-Identifier: Apache-2.0\n" in text
    assert "https://www.apache.org/licenses/LICENSE-2.0" in text
    assert len(text) < 1_500  # the license itself has eleven thousand letters


def test_hooks_fetch_nothing_and_call_pinned_tools() -> None:
    (local,) = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"]
    assert local["repo"] == "local"
    pinned = re.findall(r"^([a-z-]+)==", text_of("requirements.txt") + text_of("requirements-dev.txt"), re.MULTILINE)
    called = {}
    for hook in local["hooks"]:
        assert hook["language"] == "system", hook["id"]
        program = hook["entry"].split()[0]
        assert program.startswith(".venv/bin/"), hook["id"]
        called[hook["id"]] = program.removeprefix(".venv/bin/")
    assert set(called.values()) == {"ruff", "mypy", "sqlfluff", "python"}
    assert set(called.values()) - {"python"} <= set(pinned)  # the check of the catalogue is our own


def test_what_mypy_reads_exists() -> None:
    assert [name for name in project()["tool"]["mypy"]["files"] if not (REPOSITORY / name).exists()] == []


def test_the_public_run_holds_what_ours_holds() -> None:
    workflow = yaml.safe_load(text_of(".github/workflows/ci.yml"))
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert runs[0] == ".ci/run" and (REPOSITORY / ".ci" / "run").exists()
    oldest = project()["project"]["requires-python"].removeprefix(">=")
    assert job["strategy"]["matrix"]["python"][0] == oldest


@pytest.mark.parametrize("form", [form for form in FORMS if form.name != "config.yml"], ids=lambda form: form.stem)
def test_issue_forms_ask_something_and_never_for_an_export(form: Path) -> None:
    asked = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert asked["name"] and asked["description"]
    fields = [field for field in asked["body"] if field["type"] in ("textarea", "input")]
    assert len({field["id"] for field in fields}) == len(fields) >= 2
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_make_the_tests_and_the_hook_lint_the_same_sql() -> None:
    calls = re.findall(
        r"sqlfluff lint --disable-progress-bar (.+)$", text_of("Makefile") + text_of("bin/test"), re.MULTILINE
    )
    assert len(calls) == 2 and len(set(calls)) == 1
    hooks = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    (pattern,) = (hook["files"] for hook in hooks if hook["id"] == "sqlfluff")
    for folder in calls[0].split():
        assert list((REPOSITORY / folder).rglob("*.sql"))
        assert re.search(pattern, f"{folder}/any.sql")


def test_the_changelog_names_the_version_that_stands_in_the_project() -> None:
    headings = re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    versions = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) \((\d{4}-\d{2}-\d{2})\): .+", heading) for heading in headings[1:]]
    assert all(versions), headings
    numbers = [tuple(int(part) for part in found.groups()[:3]) for found in versions]
    assert numbers == sorted(set(numbers), reverse=True)
    assert [found[4] for found in versions] == sorted((found[4] for found in versions), reverse=True)
    assert project()["project"]["version"] == ".".join(map(str, numbers[0]))
