"""The pages of docs/: their links lead somewhere, what is drawn is as the code has it, what comments cite is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.drawn_docs import DOCS, PARTS, drawn
from tests.test_architecture import REPOSITORY, relative, tracked_files

PAGES = sorted(
    [*DOCS.rglob("*.md"), *(REPOSITORY / name for name in ("CONTRIBUTING.md", "SECURITY.md", "DECISIONS.md"))]
)
CITED = ("DESIGN", "KPIS", "LOOK", "FAULTS", "GLOSSARY", "HEADERS", "STYLE")


@pytest.mark.parametrize(("page", "part"), PARTS)
def test_what_is_drawn_from_the_code_is_as_the_code_has_it(page: str, part: str) -> None:
    stands, should = drawn(page, part)
    assert stands == should, f"docs/{page}: run python -m tests.docs.drawn_docs"


def test_the_picture_shows_what_the_rule_says() -> None:
    picture = (DOCS / "architecture.md").read_text(encoding="utf-8").split("```mermaid")[1].split("```")[0]
    arrows = set(re.findall(r"(\w+) --> (\w+)", picture))
    assert ("ui", "models") in arrows and ("pipeline", "models") in arrows
    assert not {source for source, _ in arrows if source == "models"}  # models/ imports nothing of ours
    assert ("pages", "pipeline") not in arrows  # dotted: only what it offers


def test_every_feed_says_what_one_row_is() -> None:
    table = (DOCS / "kpis.md").read_text(encoding="utf-8").split("<!-- feeds")[1].split("<!-- end of feeds")[0]
    rows = re.findall(r"^\| (\w+) \| ([^|]*) \| ([^|]*) \|$", table, re.MULTILINE)
    assert len(rows) >= 25
    assert [feed for feed, says, _ in rows if feed != "feed" and len(says.strip()) < 5] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|mailto:)([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in DOCS.glob("*.md") if page.name != "README.md" and f"({page.name})" not in index] == []


def test_what_comments_cite_is_there() -> None:
    """(KPIS, "Merging batches"): the page docs/kpis.md has that title, or a passage that begins so."""
    citation = re.compile(rf"\(({'|'.join(CITED)}), \"([^\"…]+)")
    found = {
        (name, words.strip())
        for path in tracked_files()
        if path.suffix in (".py", ".sql", ".yml") and not relative(path).startswith("tests/")
        for name, words in citation.findall(path.read_text(encoding="utf-8"))
    }
    assert {name for name, _ in found} >= {"KPIS", "LOOK"}
    missing = [
        (name, words)
        for name, words in sorted(found)
        if words.lower() not in (DOCS / f"{name.lower()}.md").read_text(encoding="utf-8").lower()
    ]
    assert missing == []


def test_every_fault_has_its_test_or_says_where_it_is_tested() -> None:
    text = (DOCS / "faults.md").read_text(encoding="utf-8")
    numbers = {int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)}
    assert numbers == set(range(1, max(numbers) + 1))
    tested = {int(path.name[5:7]) for path in (REPOSITORY / "tests" / "faults").rglob("test_[0-9][0-9]_*.py")}
    elsewhere: set[int] = set()
    for first, last in re.findall(r"^\| (\d+)(?:–(\d+))? \|", text, re.MULTILINE):
        elsewhere |= set(range(int(first), int(last or first) + 1))
    assert sorted(numbers - tested - elsewhere) == []
    assert sorted(tested - numbers) == []
    assert sorted(tested & elsewhere) == []  # a fault that has got its own file leaves the table
    named = set(re.findall(r"`(\w+\.py)`", text.partition("## Tested elsewhere")[2]))
    assert len(named) >= 5
    assert sorted(named - {path.name for path in tracked_files()}) == []


def test_decisions_stand_by_subject_with_their_day() -> None:
    index, pages = (REPOSITORY / "DECISIONS.md").read_text(encoding="utf-8"), sorted((DOCS / "decisions").glob("*.md"))
    assert len(pages) >= 6
    assert [page.name for page in pages if f"(docs/decisions/{page.name})" not in index] == []
    assert not re.search(r"^- ", index, re.MULTILINE), "an entry goes to its subject's page"
    for page in pages:
        entries = re.findall(r"^- (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        days = [re.match(r"(\d{4}-\d{2}-\d{2}) · \*\*", entry) for entry in entries]
        assert entries and all(days), page.name
        assert [day[1] for day in days] == sorted(day[1] for day in days), page.name
