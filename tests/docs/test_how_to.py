"""The pages of docs/how-to: their steps, followed word for word in a copy of the tree, give what they promise."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_architecture import tracked_files

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted((REPOSITORY / "docs" / "how-to").glob("*.md"))
STEP = re.compile(
    r"^(?P<verb>New file|In|At the end of) `(?P<path>[^`]+)`(?:, below `(?P<anchor>[^`]+)`)?:\n\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
NAMES_A_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|py|toml|yml|txt))`")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what runs."""
    for name in ("pages", "ui", "models", "pipeline"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "dbt_project" / "catalogue", tmp_path / "dbt_project" / "catalogue")
    shutil.copy(REPOSITORY / "app.py", tmp_path)
    return tmp_path


def follow(page: str, tree: Path) -> None:
    """Does in `tree` what each step of docs/how-to/<page>.md says. An anchor must begin exactly one line of its file."""
    steps = list(STEP.finditer((REPOSITORY / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")))
    assert len(steps) >= 3
    for step in steps:
        path = tree / step["path"]
        if step["verb"] == "New file":
            assert not path.exists(), path
            path.write_text(step["text"], encoding="utf-8")
            continue
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = len(lines)
        if step["anchor"]:
            (found,) = (n for n, line in enumerate(lines) if line.lstrip().startswith(step["anchor"].lstrip()))
            at = found + 1
        lines.insert(at, step["text"])
        path.write_text("".join(lines), encoding="utf-8")


def answer(program: str, tree: Path, **environment: str) -> dict:
    """What a program that runs in the copy prints: one JSON document on the last line."""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tree,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout.splitlines()[-1])


OPENS_THE_PAGE = """
import json
from streamlit.testing.v1 import AppTest
from models.words.wording import translate

shown = {}
for language in ("en", "zh"):
    app = AppTest.from_file("app.py", default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    app.switch_page("pages/labor/hours.py").run()
    words = " ".join(element.proto.body for element in app.get("html"))
    shown[language] = {"words": words, "errors": len(app.exception) + len(app.error)}
shown["menu"] = translate("Hours by activity", {}, "zh")
print(json.dumps(shown))
"""


def test_a_page(tree: Path, world) -> None:
    follow("page", tree)
    shown = answer(OPENS_THE_PAGE, tree, PLIMSOLL_DATA=str(world("healthy").root))
    assert "What the hours went into" in shown["en"]["words"]
    assert "工时用在了哪里" in shown["zh"]["words"]
    assert shown["menu"] == "工时去向"
    assert (shown["en"]["errors"], shown["zh"]["errors"]) == (0, 0)


LOOKS_AT_THE_CHANNEL = """
import json
from models.errors import InputError
from models.words.wording import translate
from pipeline.notices import FIELDS, Channel
from pipeline.notices.channels import CHANNEL_NAMES, checked_address, masked, robot_request

address = checked_address("serverchan", {"token": "SCT0123456789abcd"})
url, document = robot_request(Channel.SERVERCHAN, address, "a title", "what changed")
try:
    checked_address("serverchan", {"token": ""})
    refused = ""
except InputError as error:
    refused = error.code
print(json.dumps({
    "name": CHANNEL_NAMES[Channel.SERVERCHAN],
    "shown": masked("serverchan", address),
    "url": url,
    "document": document,
    "label": translate(FIELDS[Channel.SERVERCHAN][0].label, {}, "zh"),
    "refused": refused,
}))
"""


def test_a_channel(tree: Path) -> None:
    follow("channel", tree)
    assert answer(LOOKS_AT_THE_CHANNEL, tree) == {
        "name": "ServerChan",
        "shown": "••••abcd",
        "url": "https://sctapi.ftqq.com/SCT0123456789abcd.send",
        "document": {"title": "a title", "desp": "what changed"},
        "label": "Server酱的 SendKey",
        "refused": "notices.blank",
    }


def test_without_its_steps_there_is_no_such_channel(tree: Path) -> None:
    """What the test above asserts comes from the steps alone."""
    with pytest.raises(AssertionError, match="SERVERCHAN|serverchan"):
        answer(LOOKS_AT_THE_CHANNEL, tree)


# What a page names without making it: files of whoever follows it.
FOR_EXAMPLE = {
    "database-change": {"0003_contact_of_recipients.py"},
    "feed": {"pipeline/ingest/feeds/reviews/"},
    "tool": {"data/dialects/harbor.yml", "dialects/", "section/name"},
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_files_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    made = {step["path"] for step in STEP.finditer(text) if step["verb"] == "New file"}
    named = set(NAMES_A_FILE.findall(text)) - made
    assert named
    everywhere = {path.name for path in tracked_files()}  # a name without a folder may lie anywhere
    gone = [name for name in named if not (name in everywhere or (REPOSITORY / name).exists())]
    assert set(gone) == FOR_EXAMPLE.get(page.stem, set())
