"""What the two READMEs promise: every KPI is explained, every command and flag exists, the marked commands work."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from models.builds.data_dir import DataDir
from models.builds.published import Build, current_build
from tests.commands import ran
from tests.sample_walk import REPOSITORY, SampleWalk, marked_blocks

READMES = ("README.md", "README.zh-CN.md")
ON_EVERY_COMMAND = {"--data-dir", "--json", "--help"}
ONLY_INSIDE = {"--install-completion", "--show-completion"}


def text_of(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def pipeline_help(*command: str) -> str:
    told = ran(*command, "--help", COLUMNS="200", NO_COLOR="1", TERM="dumb")
    assert told.returncode == 0, told.stderr
    return told.stdout


def command_table(name: str) -> dict[str, set[str]]:
    """{command: its flags} of the table between the markers."""
    table = text_of(name).split("<!-- commands -->")[1].split("<!-- end of commands -->")[0]
    calls = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    return {call.split()[0]: {word for word in call.split() if word.startswith("--")} for call in calls}


def commands_of_help() -> set[str]:
    listed = pipeline_help().split("Commands")[1]
    return set(re.findall(r"^[│|]?\s+([a-z][a-z-]*)\s{2,}", listed, re.MULTILINE))


def test_both_readmes_show_the_same_commands() -> None:
    assert command_table("README.md") == command_table("README.zh-CN.md")


def test_the_command_table_is_what_the_program_offers() -> None:
    table = command_table("README.md")
    assert set(table) == commands_of_help()
    for command, flags in table.items():
        offered = set(re.findall(r"--[a-z][a-z-]+", pipeline_help(command)))
        assert offered - ON_EVERY_COMMAND - ONLY_INSIDE == flags, f"python -m pipeline {command}"
        assert {"--data-dir", "--json"} <= offered, f"python -m pipeline {command}"


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)\)", text_of(name))
    assert targets
    assert [target for target in targets if not (REPOSITORY / target).exists()] == []


def test_both_readmes_show_the_same_tested_commands() -> None:
    blocks = marked_blocks()
    assert len(blocks) == 2
    assert [block for block in blocks if block not in text_of("README.zh-CN.md")] == []


def test_the_marked_walk_through_the_sample_works(sample_walk: SampleWalk) -> None:
    """It is the walk that made the sample portfolio of all tests."""
    printed = sample_walk.printed(0)
    assert printed.index("b-000001") < printed.index('"kpi_key": "cost_performance_index"') < printed.index("landed")


def published_values(build: Build) -> list[tuple]:
    with duckdb.connect(str(build.path), read_only=True) as database:
        return database.execute(
            """
            select kpi_key, grain, project_key, module, phase, period_kind, period_end, value, status
            from kpi_values order by all
            """
        ).fetchall()


def test_the_marked_backup_can_be_restored(sample_walk: SampleWalk, tmp_path: Path) -> None:
    """The backup is taken of the folder of the walk, which it only reads."""
    sample_walk.run(1, inside=tmp_path)
    restored = DataDir(tmp_path / "restored")
    assert current_build(restored).build_id == "b-000002"  # of the same batches, made again
    values = published_values(current_build(sample_walk.data_dir))
    assert len(values) > 1_000
    assert published_values(current_build(restored)) == values
