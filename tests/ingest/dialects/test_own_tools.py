"""Tools that a project office describes itself: the example of the how-to lands, and a mistake is told with its line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from pipeline.ingest.dialects import broken_dialects, dialects, dialects_of, tool_names
from tests.commands import ran
from tests.conftest import REPOSITORY
from tests.ingest.exports import landed_rows, load

HOW_TO = (REPOSITORY / "docs" / "how-to" / "tool.md").read_text(encoding="utf-8")


def _block(kind: str, number: int = 0) -> str:
    return re.findall(rf"```{kind}\n(.*?)```", HOW_TO, re.DOTALL)[number]


@pytest.fixture
def harbor(data_dir: DataDir) -> DataDir:
    """A data folder with the tool of the how-to."""
    data_dir.dialects.mkdir()
    (data_dir.dialects / "harbor.yml").write_text(_block("yaml"), encoding="utf-8")
    return data_dir


def _pipeline(data_dir: DataDir, *command: str) -> tuple[int, dict]:
    told = ran(*command, "--json", data_dir=data_dir)
    return told.returncode, json.loads(told.stdout)


def test_the_tool_of_the_how_to_lands(harbor: DataDir, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(_block("csv"), encoding="utf-8")
    code, document = _pipeline(harbor, "load", str(file))
    entry = document["files"][0]
    assert (code, entry["status"], entry["system"], entry["unknown_words"]) == (0, "landed", "harbor", {})
    rows = landed_rows(harbor, entry).sort("source_row")
    assert rows.select(
        "issue_key", "project", "issue_type", "status_category", "severity", "time_spent_hours"
    ).rows() == [
        ("HB-1", "HB", "defect", "in_progress", "fatal", 1.5),
        ("HB-2", "HB", "defect", "done", "minor", 6.0),
    ]
    code, document = _pipeline(harbor, "tools")
    told = next(tool for tool in document["tools"] if tool["tool"] == "harbor")
    assert (
        code == 0 and told["name"] == "Harbor" and told["feeds"] == ["issues"] and told["file"].endswith("harbor.yml")
    )


def test_the_report_of_the_how_to_lands(data_dir: DataDir) -> None:
    """The confined reader knows it too. A trial is no case; a leak is worse than what the tide says."""
    data_dir.dialects.mkdir()
    (data_dir.dialects / "inspection.yml").write_text(_block("yaml", 1), encoding="utf-8")
    (entry,) = load(data_dir, "pier.xml", _block("xml"), project="P")
    assert (entry["status"], entry["system"], entry["unknown_words"]) == ("landed", "inspection", {})
    assert landed_rows(data_dir, entry).select("suite", "case", "outcome", "source_row").rows() == [
        ("north", "crane turns", "passed", 3),
        ("north", "gate opens", "error", 4),
    ]
    assert entry["columns_mapped"] == {
        "leak": "outcome",
        "@tide": "outcome",
        "@name": "case",
        "dock@name": "suite",
        "@day": "run_at",
    }


@pytest.mark.parametrize(
    ("wrong", "line", "key"),
    [
        (("roots: [pier]", "root: [pier]"), 8, "reports.0.root"),
        (("roots: [pier]", "child: dock"), 7, "reports.0"),
        (("feed: test_results", "feed: issues"), 7, "reports.0"),
        (("[/@day]", "['//']"), 15, "reports.0.columns.run_at.0"),
        (("leak: error", "leak: sunk"), 16, "reports.0.inside.leak"),
    ],
)
def test_a_mistake_in_a_report_is_told_with_its_line(
    data_dir: DataDir, wrong: tuple[str, str], line: int, key: str
) -> None:
    data_dir.dialects.mkdir()
    (data_dir.dialects / "inspection.yml").write_text(_block("yaml", 1).replace(*wrong), encoding="utf-8")
    (broken,) = broken_dialects(data_dir)
    assert (broken.details["line"], broken.details.get("key", "")) == (line, key)


def test_without_the_file_nobody_knows_it(data_dir: DataDir) -> None:
    entry = load(data_dir, "export.csv", _block("csv"))[0]
    assert entry["status"] == "refused"


def test_screens_call_it_by_its_own_name(harbor: DataDir) -> None:
    from ui.shell.tools import name_tools, system_name

    assert tool_names(harbor)["harbor"] == {"en": "Harbor", "zh": "海港"}
    assert system_name("harbor-not-said") == "Harbor-not-said"
    name_tools(tool_names(harbor))
    assert system_name("harbor") == "Harbor" and system_name("zentao") == "ZenTao"  # a bare test speaks English
    assert system_name("junit") == "JUnit"


def test_it_is_known_within_its_own_data_folder_only(harbor: DataDir) -> None:
    with dialects_of(harbor) as known:
        assert dialects() is known and "harbor" in known.tools
    assert "harbor" not in dialects().tools


NAMED = "names: {en: A}\n"
TABLE = "tables:\n  - feed: issues\n    marks: [Berth]\n"
SOUND = NAMED + TABLE + "    like_generic: true\n"
HEADERS = NAMED + TABLE + "    headers:\n      en:\n        issue_key: [Berth]\n"
WRONG = {  # what is written, the line that is told, a word of what is said
    "no such column": (HEADERS + "        sumary: [Cargo]\n", 8, "sumary"),
    "two meanings of a header": (HEADERS + "        summary: [Cargo, BERTH]\n", 8, "one of them"),
    "no text": (SOUND.replace("[Berth]", "[Berth, 3]"), 4, "quotes"),
    "no YAML": (NAMED + "tables: [\n", 3, "YAML"),
    "no such quirk": (NAMED + "quirks:\n  - flies\n" + TABLE, 3, "years_of_two_digits"),
    "no such key": (SOUND + "color: red\n", 6, "color"),
    "no such feed": (SOUND.replace("issues", "isues"), 3, "worklogs"),
    "no such meaning": (SOUND + "words:\n  issues.severity:\n    awful: [A]\n", 8, "fatal"),
    "no mark": (SOUND.replace("[Berth]", "[]"), 3, "marks"),
    "no English name": (SOUND.replace("en", "zh", 1), 1, "names.en"),
    "a unit of what is no time": (SOUND + "    units: {summary: seconds}\n", 6, "hours"),
    "nothing": ("", 1, "broken"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_with_its_line(data_dir: DataDir, case: str) -> None:
    text, line, word = WRONG[case]
    data_dir.dialects.mkdir()
    (data_dir.dialects / "broken.yml").write_text(text, encoding="utf-8")
    (reason,) = broken_dialects(data_dir)
    assert f"dialects/broken.yml, line {line}" in reason.message and word in reason.message


def test_a_broken_file_breaks_nothing_else(harbor: DataDir) -> None:
    (harbor.dialects / "broken.yml").write_text("names: [", encoding="utf-8")
    (harbor.dialects / "latin.yml").write_bytes("names: {en: Größe}".encode("latin-1"))
    (harbor.dialects / "jira.yml").write_text(_block("yaml"), encoding="utf-8")
    assert [reason.code for reason in broken_dialects(harbor)] == [
        "dialect.not_yaml",
        "dialect.built_in",
        "dialect.not_utf8",
    ]
    assert load(harbor, "export.csv", _block("csv"))[0]["system"] == "harbor"
    code, document = _pipeline(harbor, "tools")
    assert code == 2 and len(document["broken"]) == 3


def test_a_file_that_changes_is_read_anew(harbor: DataDir) -> None:
    (harbor.dialects / "harbor.yml").write_text(_block("yaml").replace("en: Harbor", "en: Port"), encoding="utf-8")
    assert tool_names(harbor)["harbor"]["en"] == "Port"


def test_the_upload_page_tells_a_broken_file(harbor: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    (harbor.dialects / "broken.yml").write_text("names: [", encoding="utf-8")
    monkeypatch.setenv("PLIMSOLL_DATA", str(harbor.root))
    page = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60).run()
    page.switch_page("pages/data/uploads.py").run()
    assert not page.exception
    assert any("broken" in warning.value and "YAML" in warning.value for warning in page.warning)
