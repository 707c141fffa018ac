"""The YAML files of tools: sound, complete, told apart from code; and the schema that editors read."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.reading import FOLDER, _lacks
from pipeline.ingest.dialects.schema import GENERIC, Quirk, schema_text
from tests.conftest import REPOSITORY

# Where names of tools may stand beside the dialects: the sample writes files as tools export them, a by-hand statement and a
# benchmark are of the sample, and what notices are sent to is no dialect of a file.
EXEMPT = ("pipeline/ingest/dialects/", "pipeline/sample/", "benchmarks/", "data/", "docs/", "tests/", ".")
CHANNELS = ("pipeline/notices/", "models/words/locale/", "models/words/locale/")
# Names that are words of the language: only the name as the tool writes it, or the quoted key, names the tool.
WORDS_TOO = {"ones", "linear", "harvest", "tempo", "monday", "mantis"}


def test_the_schema_is_what_the_model_says():
    assert (FOLDER / "schema.json").read_text(encoding="utf-8") == schema_text(), (
        "python -m pipeline.ingest.dialects.schema"
    )


@pytest.mark.parametrize("name", sorted(set(dialects().tools) - {GENERIC}))
def test_a_built_in_tool_says_all_that_one_of_your_own_must(name):
    assert list(_lacks(dialects().tools[name], dialects())) == []


def test_no_mark_is_a_mark_of_every_list():
    """What generic.yml knows as a mark of the feed tells no tool from another."""
    generic = {found.feed: found.marks for found in dialects().header_sets if found.system == GENERIC}
    plain = [
        (found.system, found.feed)
        for found in dialects().header_sets
        if found.system != GENERIC and not found.marks - generic[found.feed]
    ]
    assert plain == []


def test_every_quirk_is_some_tools():
    assert {quirk for tool in dialects().tools.values() for quirk in tool.quirks} == set(Quirk)


def test_of_one_feed_no_two_tools_have_one_rank():
    ranks = [(t.feed, t.rank) for tool in dialects().tools.values() for t in tool.tables if t.rank != 1000]
    assert len(ranks) == len(set(ranks))


def test_importing_the_dialects_reads_no_yaml():
    heavy = ["yaml", "pipeline.ingest.dialects.schema"]
    program = f"import sys, pipeline.ingest.dialects; print([m for m in {heavy} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def _named(name: str) -> re.Pattern[str]:
    """A tool as code names it: by its key, as a part of an identifier or in quotes, or as its users write it."""
    shown = [re.escape(text) for text in dialects().tools[name].names.values()]
    key = rf"""(?i:["']{name}["'])""" if name in WORDS_TOO else rf"(?i:(?<![a-z]){name}(?![a-z]))"
    return re.compile("|".join([key, *(rf"(?<![A-Za-z]){text}(?![A-Za-z])" for text in shown)]))


def _lines_naming(names: list[str]) -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    patterns = {name: _named(name) for name in names}
    found = []
    for path in listed.stdout.splitlines():
        if path.startswith(EXEMPT) or not path.endswith((".py", ".sql", ".yml", ".po")):
            continue
        text = (REPOSITORY / path).read_text(encoding="utf-8")
        for name, pattern in patterns.items():
            if path.startswith(CHANNELS) and re.search("robot|Channel", text):
                text_of = re.sub(r"(?i)dingtalk|feishu|钉钉|飞书", "", text)
            else:
                text_of = text
            found += [
                f"{path}:{text_of.count(chr(10), 0, match.start()) + 1} names {name}"
                for match in pattern.finditer(text_of)
            ]
    return found


@pytest.mark.whole  # every file of the project against every name
def test_no_tool_is_named_outside_its_file():
    """Python, SQL and sentences alike; formats that a reader of ours speaks of (XER and its sheets) may be named."""
    tools = [name for name, tool in dialects().tools.items() if name != GENERIC and not tool.is_format]
    assert _lines_naming(tools) == []


def test_the_search_for_names_finds_them():
    assert _named("jira").search("from x import jira_rest") and _named("zentao").search("system = 'zentao'")
    assert _named("ones").search('== "ones"') and _named("ones").search("ONES writes")
    assert not _named("ones").search("late ones") and not _named("tempo").search("temporary")
