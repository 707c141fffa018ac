"""What the two READMEs promise: every KPI is explained, every command and flag exists, the marked commands work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
ON_EVERY_COMMAND = {"--data-dir", "--json", "--help"}
ONLY_INSIDE = {"--install-completion", "--show-completion"}


def text_of(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def pipeline_help(*command: str) -> str:
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    ran = subprocess.run(
        [sys.executable, "-m", "pipeline", *command, "--help"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


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


def marked_blocks() -> list[str]:
    blocks = re.findall(r"<!-- tested -->\n```sh\n(.*?)```", text_of("README.md"), re.DOTALL)
    assert len(blocks) >= 2
    return blocks


def test_both_readmes_show_the_same_tested_commands() -> None:
    chinese = text_of("README.zh-CN.md")
    assert [block for block in marked_blocks() if block not in chinese] == []


def test_the_marked_commands_work(tmp_path: Path) -> None:
    """The walk through the sample, then backup and restore, as one shell session in a folder of its own."""
    shim = tmp_path / "bin" / "python"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "PLIMSOLL_DATA": str(tmp_path / "data"),
        "PLIMSOLL_LANGUAGE": "en",
    }
    for block in marked_blocks():
        ran = subprocess.run(
            ["sh", "-eu", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, f"{block}\n{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}"
    assert (tmp_path / "restored" / "warehouse" / "CURRENT").exists()
