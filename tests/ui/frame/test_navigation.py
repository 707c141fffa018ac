"""The menu leads to every page, in six sections of nine lines at most."""

from __future__ import annotations

from collections import Counter

from streamlit.testing.v1 import AppTest

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


def menu(is_published: bool, firing: int) -> dict[str, list[tuple[str, bool]]]:
    """{section: (title, whether it is the first page) of its pages}, as a run of the app has it."""

    def run(is_published: bool, firing: int) -> None:
        import streamlit as st

        from ui.frame import navigation

        made = navigation.menu(is_published, firing)
        st.session_state["made"] = {
            name: [(page.title, page._default) for page in pages] for name, pages in made.items()
        }

    app = AppTest.from_function(run, args=(is_published, firing), default_timeout=60).run()
    assert not app.exception
    return app.session_state["made"]


def test_the_count_stands_beside_the_warnings_and_the_first_page_is_what_leads_on():
    made = menu(is_published=True, firing=3)
    assert [name for name in made if "[3]" in name] == ["Warnings :red-badge[3]"]
    assert [title for pages in made.values() for title, is_first in pages if is_first] == ["Portfolio"]
    empty = menu(is_published=False, firing=0)
    assert [title for pages in empty.values() for title, is_first in pages if is_first] == ["Start here"]
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
