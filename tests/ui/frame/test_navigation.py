"""The menu leads to every page, in six sections of nine lines at most."""

from __future__ import annotations

import re
from collections import Counter

from ui.frame import navigation


def test_every_page_stands_in_the_menu_or_behind_a_tab_once(repository):
    there = {
        path.relative_to(repository / "pages").with_suffix("").as_posix()
        for path in (repository / "pages").rglob("*.py")
    }
    named = [page for section in navigation.SECTIONS for topic in section.topics for page in topic.words]
    assert set(named) == there
    assert [page for page, count in Counter(named).items() if count > 1] == []


def test_six_sections_of_at_most_nine_lines():
    assert len(navigation.SECTIONS) == 6
    assert max(len(section.topics) for section in navigation.SECTIONS) <= 9


def test_the_count_stands_beside_the_warnings_and_the_first_page_is_what_leads_on(monkeypatch):
    def stated(page: str, title: str, *, is_first: bool, is_hidden: bool) -> tuple:
        return page, title, is_first, is_hidden

    monkeypatch.setattr(navigation, "_page", stated)
    made = navigation.menu(is_published=True, firing=3)
    assert [name for name in made if "[3]" in name] == ["Warnings :red-badge[3]"]
    every = [page for pages in made.values() for page in pages]
    assert [title for _page, title, is_first, _hidden in every if is_first] == ["Portfolio"]
    hidden = {page for page, _title, _first, is_hidden in every if is_hidden}
    assert {"overview/evidence", "schedule/milestones", "data/periods"} <= hidden and "schedule/schedule" not in hidden
    empty = navigation.menu(is_published=False, firing=0)
    assert [title for pages in empty.values() for _page, title, is_first, _hidden in pages if is_first] == [
        "Start here"
    ]
    assert not any("[" in name for name in empty)


def test_a_page_behind_a_tab_belongs_to_the_section_of_its_topic():
    names = [section.name for section in navigation.SECTIONS]
    assert names[navigation.section_of("milestones")] == "Project"
    assert names[navigation.section_of("notifications")] == "Warnings"
    assert navigation.section_of("") == 0


def test_links_to_the_first_page_have_no_name_in_their_path():
    pages = dict(navigation.all_pages())
    assert pages[""] == "Portfolio" and "overview/portfolio" not in pages and "overview/evidence" not in pages
    assert {"/", "/cost", "/evidence"} <= set(navigation.addresses())


def test_every_page_that_ends_without_a_build_says_what_it_would_show(repository):
    ends = re.compile(r"snapshot_or_stop\(|kpi_page\(")
    pages = [path for path in (repository / "pages").rglob("*.py") if ends.search(path.read_text(encoding="utf-8"))]
    assert len(pages) > 10
    assert [path.stem for path in pages if not navigation.shows(path.stem)] == []
    assert navigation.shows("uploads") == ""
