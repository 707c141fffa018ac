"""The menu on top: six sections, and pages of one topic as tabs."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ui.shell.markup import Markup, joined, link, put
from ui.shell.wording import _, msgid, spoken

FIRST = "overview/portfolio"


@dataclass(frozen=True)
class Topic:
    """A line of the menu: the page it leads to, and the pages beside it, which are its tabs. words: {page: its name}."""

    words: dict[str, str]
    is_hidden: bool = False


@dataclass(frozen=True)
class Section:
    name: str
    topics: tuple[Topic, ...]


SECTIONS = (
    Section("", (Topic({FIRST: msgid("Portfolio")}),)),
    Section(
        msgid("Project"),
        (
            Topic({"overview/project": msgid("Project overview")}),
            Topic({"quality/quality": msgid("Quality")}),
            Topic({"cost/cost": msgid("Cost centre")}),
            Topic(
                {
                    "schedule/schedule": msgid("Schedule centre"),
                    "schedule/milestones": msgid("Milestones"),
                    "schedule/pace": msgid("Buffer and pace"),
                    "schedule/what_if": msgid("What-if"),
                    "schedule/baselines": msgid("Baselines"),
                }
            ),
            Topic({"labor/labor": msgid("Labor centre")}),
            Topic({"overview/evidence": msgid("Evidence")}, is_hidden=True),
        ),
    ),
    Section(
        msgid("Warnings"),
        (
            Topic({"warnings/warnings": msgid("Warnings")}),
            Topic({"warnings/gate": msgid("Release gate")}),
            Topic({"warnings/rules": msgid("Rules"), "warnings/notifications": msgid("Notifications")}),
        ),
    ),
    Section(msgid("Reports"), (Topic({"reports/wall": msgid("Wall")}),)),
    Section(
        msgid("Data"),
        (
            Topic({"data/uploads": msgid("Uploads")}),
            Topic(
                {
                    "data/matching": msgid("Codes and words"),
                    "data/profiles": msgid("Mapping profiles"),
                    "data/accounts": msgid("Accounts"),
                }
            ),
            Topic({"data/settings": msgid("Project settings"), "data/periods": msgid("Accounting periods")}),
            Topic({"data/refresh": msgid("Refresh")}),
            Topic({"data/health": msgid("Data health")}),
        ),
    ),
    Section(
        msgid("Help"), (Topic({"overview/welcome": msgid("Start here")}), Topic({"help/glossary": msgid("Glossary")}))
    ),
)

# What a page would show, where nothing is published yet.
_SHOWS = {
    "portfolio": msgid("Every project in one row: quality, cost, schedule, payments, and what changed."),
    "project": msgid(
        "One project for its meeting: eight figures, cost curve, phases, warnings, what is done, late and next."
    ),
    "quality": msgid("Defects, coverage and tests, by project and module."),
    "cost": msgid("Earned value, estimates at completion, and budget against cost by phase and kind."),
    "schedule": msgid("When the work ends and what holds it up: critical path, baseline and forecast, tasks."),
    "milestones": msgid("Which dates slip, and how fast."),
    "pace": msgid("Whether the buffer lasts, and when the work ends at this pace."),
    "what_if": msgid("What another duration or another start would do to the finish."),
    "labor": msgid("Where the hours go, and whether all of them are booked."),
    "evidence": msgid("The rows behind a number, with file and line."),
    "warnings": msgid("What lies beyond its level, why, and who answers it by when."),
    "gate": msgid("Whether a project may be released, and what stands in the way."),
    "rules": msgid("Which levels hold for whom, and what others would have done."),
    "wall": msgid("Chosen pages full screen, one after the other."),
}


def shows(page: str) -> str:
    """What the page with this address would show, in one sentence; empty where it needs no published build."""
    return spoken(_SHOWS[page]) if page in _SHOWS else ""


def all_pages() -> list[tuple[str, str]]:
    """(page, its name in English) of every page that the menu or a tab leads to; the path of the first is empty."""
    topics = [topic for section in SECTIONS for topic in section.topics if not topic.is_hidden]
    return [("" if page == FIRST else page, words) for topic in topics for page, words in topic.words.items()]


def menu(is_published: bool, firing: int) -> dict[str, list]:
    """The pages by section, as st.navigation takes them. firing: the count that stands beside the warnings.

    With nothing published, the first page is the one that leads to a first build.
    """
    first = FIRST if is_published else "overview/welcome"
    found: dict[str, list] = {}
    for section in SECTIONS:
        name = spoken(section.name) if section.name else ""
        if firing and section.name == "Warnings":
            name = f"{name} :red-badge[{firing}]"
        found[name] = [
            _page(page, spoken(words), is_first=page == first, is_hidden=topic.is_hidden or place > 0)
            for topic in section.topics
            for place, (page, words) in enumerate(topic.words.items())
        ]
    return found


def _page(page: str, title: str, *, is_first: bool, is_hidden: bool):
    return st.Page(
        f"pages/{page}.py",
        title=title,
        url_path=page.rpartition("/")[2],
        default=is_first,
        visibility="hidden" if is_hidden else "visible",
    )


def addresses() -> list[str]:
    """The path of every page, the first page's among them."""
    return [f"/{path.rpartition('/')[2]}" for path, _words in [*all_pages(), ("evidence", "")]]


def section_of(page: str) -> int:
    """At which place of the menu the section of a page stands. page: the last part of its path."""
    for place, section in enumerate(SECTIONS):
        if any(path.rpartition("/")[2] == page for topic in section.topics for path in topic.words):
            return place
    return 0


def topic_tabs(page: str) -> None:
    """The pages of one topic side by side, the one that is open marked; nothing where a topic is one page."""
    topics = [topic for section in SECTIONS for topic in section.topics if len(topic.words) > 1]
    for topic in topics:
        names = {path.rpartition("/")[2]: path for path in topic.words}
        if page not in names:
            continue
        current = Markup(' class="current" aria-current="page"')
        tabs = (
            Markup("<li{}>{}</li>").format(current if name == page else "", link(spoken(topic.words[path]), path))
            for name, path in names.items()
        )
        label = _("Pages of this topic")
        put(Markup('<nav class="page-tabs" aria-label="{}"><ul>{}</ul></nav>').format(label, joined(tabs)))
