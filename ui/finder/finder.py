"""Ctrl-K: a project, KPI, page, issue, voucher, contract or file by a piece of its name, and the way there.

Pages, projects and KPIs go to the browser as one list, with their names in every language. Issues, vouchers, contracts and files
are asked of the build while somebody types: one rerun of this fragment, of no page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from models.builds.snapshot import Snapshot
from models.evidence import finding
from models.kpis.catalogue import catalogue
from models.kpis.values import projects
from models.words.catalog import reads_as
from ui.shell import data
from ui.shell.filters import url_parameters
from ui.shell.wording import LANGUAGES, _, language, spoken, translate

_KEY = "frame_finder"


_finder = st.components.v2.component(
    "plimsoll_finder",
    html=Path(__file__).with_suffix(".html").read_text(encoding="utf-8"),
    css=Path(__file__).with_suffix(".css").read_text(encoding="utf-8"),
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


@st.fragment
def finder(view: data.BuildView | None, pages: Sequence[tuple[str, str]]) -> None:
    """The field that opens it, where this is called, once in every run.

    pages: (path, name) of each, the name in English or as the menu has it; the path of the first may be empty.
    """
    asked = str((st.session_state.get(_KEY) or {}).get("asked") or "")
    _finder(
        key=_KEY,
        data={
            "words": {
                "field": _("Find"),
                "title": _("Project, KPI, page, issue, voucher, contract or file"),
                "looking": _("Looking …"),
                "nothing": _("Nothing of that name"),
                "shortest": _("Issues, vouchers, contracts and files from two letters on"),
            },
            "session": urlencode(url_parameters(), doseq=True),
            "shortest": finding.SHORTEST,
            "things": [*_pages(pages), *(view.ask(_of_build, language()) if view else ())],
            "asked": asked,
            "found": _found(view, asked) if view and asked else [],
        },
        on_asked_change=lambda: None,
    )


def _pages(pages: Iterable[tuple[str, str]]) -> Iterable[dict[str, Any]]:
    for path, title in pages:
        names = {translate(source, None, other) for source in reads_as(title, language()) for other in LANGUAGES}
        yield _thing(_("Page"), spoken(title), "", path.rpartition("/")[2] or "./", names)


def _of_build(snapshot: Snapshot, told_in: str) -> list[dict[str, Any]]:
    """Projects and KPIs; made once for a build and a language."""
    found = []
    for project in projects(snapshot).iter_rows(named=True):
        beside = [project["project_key"], project["customer"], project["manager"]]
        detail = " · ".join(filter(None, beside))
        of = project["project_key"]
        found.append(_thing(_("Project"), project["project_name"], detail, "project", beside, of=of))
    for key, kpi in catalogue(snapshot).items():
        names = [key, *(name(other) for name in (kpi.name, kpi.short) for other in LANGUAGES)]
        found.append(_thing(_("KPI"), kpi.name(told_in), kpi.short(told_in), "evidence", names, kpi=key))
    return found


def _found(view: data.BuildView, text: str) -> list[dict[str, Any]]:
    names = data.project_names(data.projects(view))
    return [
        _thing(_("File"), row["label"], row["key"], "uploads", (), batch=row["key"])
        if row["kind"] == "file"
        else _thing(
            spoken(finding.KINDS[row["kind"]]),
            row["key"],
            " · ".join(filter(None, (row["label"], names.get(row["project_key"])))),
            "evidence",
            (),
            row=row["key"],
            of=row["project_key"],
        )
        for row in view.ask(finding.found, text).iter_rows(named=True)
    ]


def _thing(
    kind: str, words: str, detail: str, page: str, names: Iterable[str | None], **own: str | None
) -> dict[str, Any]:
    """One line of the list. names: what it is found by; own: the query parameters that lead to it."""
    return {
        "kind": kind,
        "words": words,
        "detail": "" if detail == words else detail,
        "page": page,
        "names": sorted({name.lower() for name in (words, *names) if name}),
        "own": urlencode({name: value for name, value in own.items() if value}),
    }
