"""The shared filters: widgets in the sidebar, values in the session, the same values in the URL.

A URL is what a stranger typed: each parameter is compared with what the build knows, and what it does not know is
ignored. Widgets are unbound and seeded here, because bound ones lose URL and value when a page is left by the menu.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.kpis import values
from models.vocabulary import PeriodKind
from models.words import moments
from models.words.moments import Moment
from ui.shell import boxes, data
from ui.shell.numbers import period_text
from ui.shell.wording import LANGUAGES, _, language

_LAST_URL = "filters_last_url"
_PARAMETERS = ("lang", "customer", "project", "module", "period", "at", "kpi", "of", "alert", "row", "batch")
# {parameter: where the session holds it}; the subject of a page in the address of that page alone
_OF_SESSION = {
    "customer": "filter_customers",
    "project": "filter_projects",
    "module": "filter_module",
    "at": "filter_period_end",
}
_SUBJECTS = {
    "of": ("subject_project", ("evidence", "project", "gate")),
    "kpi": ("subject_kpi", ("evidence",)),
    "alert": ("alerts_open", ("warnings",)),
    "row": ("subject_row", ("evidence",)),
    "batch": ("subject_batch", ("uploads",)),
}
_FORGOTTEN = ("row", "batch")  # once another page is opened
ALL_MODULES = ""
LATEST = ""


def known(texts: Iterable[str], allowed: Iterable[str]) -> list[str]:
    """The texts that are allowed ones, in their own order, each once."""
    allowed = set(allowed)
    return list(dict.fromkeys(text for text in texts if text in allowed))


def known_one(texts: Sequence[str], allowed: Iterable[str], otherwise: str | None) -> str | None:
    """The first text, if it is an allowed one."""
    return texts[0] if texts and texts[0] in set(allowed) else otherwise


def state_of_url(url: Mapping[str, Sequence[str]], known_values: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The session values that a URL asks for; a parameter that is absent or unknown asks for nothing.

    url: {parameter: its texts}. known_values: {parameter: allowed texts} for customer, project and kpi. Modules and
    periods depend on the projects chosen: they are checked against these when their widgets are drawn.
    """
    asked: dict[str, Any] = {}
    for parameter, key, allowed in (
        ("lang", "language", list(LANGUAGES)),
        ("period", "filter_period_kind", [kind.value for kind in PeriodKind]),
        ("kpi", "subject_kpi", known_values.get("kpi", ())),
        ("of", "subject_project", known_values.get("project", ())),
    ):
        chosen = known_one(url.get(parameter, ()), allowed, None)
        if chosen is not None:
            asked[key] = chosen
    if "subject_kpi" in asked:
        asked.setdefault("subject_project", "")  # a link to a KPI of no project means the whole selection
    for parameter, key in (("customer", "filter_customers"), ("project", "filter_projects")):
        several = known(url.get(parameter, ()), known_values.get(parameter, ()))
        if several:
            asked[key] = several
    # a key of a row or a file is looked up where it is shown; a subject without one is the whole of it
    if url.get("row") or "subject_project" in asked:
        asked["subject_row"] = url["row"][0] if url.get("row") else ""
    if url.get("row"):
        asked.setdefault("subject_kpi", "")  # chosen from those that count it
    if url.get("batch"):
        asked["subject_batch"] = url["batch"][0]
    if url.get("alert"):
        asked |= {"alerts_open": url["alert"][0], "alerts_linked": url["alert"][0]}  # looked up where it is shown
    if url.get("module"):
        asked["filter_module"] = url["module"][0]
    if url.get("at") and _date(url["at"][0]):
        asked["filter_period_end"] = url["at"][0]
    return asked


def seed_language() -> None:
    """The language of a link goes first: everything else on the page is worded in it."""
    asked = known_one(st.query_params.get_all("lang"), list(LANGUAGES), None)
    if _url() != st.session_state.get(_LAST_URL) and asked:
        st.session_state["language"] = asked
    st.session_state.setdefault("language", language())


def seed_filters(view: data.BuildView) -> None:
    """Takes over what the URL asks for, once per URL; drops from the session what this build does not know."""
    state = st.session_state
    frame = data.projects(view)
    known_values = {
        "customer": _customers(frame),
        "project": frame["project_key"].to_list(),
        "kpi": list(data.catalogue(view)),
    }
    url = _url()
    if url and url != state.get(_LAST_URL):
        asked = state_of_url(url, known_values)
        state.update(asked)
        if "filter_projects" in asked and "filter_customers" not in asked:
            state["filter_customers"] = []
    state["filter_customers"] = known(state.get("filter_customers") or [], known_values["customer"])
    choices = project_choices(frame, state["filter_customers"])
    state["filter_projects"] = known(state.get("filter_projects") or [], choices)
    state["filter_period_kind"] = state.get("filter_period_kind") or PeriodKind.MONTH.value


def filter_sidebar(view: data.BuildView) -> None:
    """Customer, projects, module and period. Call inside the sidebar, after `seed_filters`."""
    state = st.session_state
    frame = data.projects(view)
    boxes.multiselect(
        _("Customer"), _customers(frame), key="filter_customers", placeholder=_("All"), persist_state="session"
    )
    names = project_choices(frame, state["filter_customers"])
    boxes.multiselect(
        _("Project"), names, key="filter_projects", placeholder=_("All projects"), persist_state="session"
    )
    module_choices = [ALL_MODULES, *view.ask(values.modules, Selection(projects=tuple(state["filter_projects"])))]
    if state.get("filter_module") not in module_choices:
        state["filter_module"] = ALL_MODULES
    modules = {module: module or _("All modules") for module in module_choices}
    boxes.selectbox(_("Module"), modules, key="filter_module", persist_state="session")
    kinds = {PeriodKind.WEEK.value: _("Week"), PeriodKind.MONTH.value: _("Month")}
    boxes.one_of(
        _("Period"), kinds, default=None, key="filter_period_kind", label_visibility="visible", persist_state="session"
    )
    kind = PeriodKind(state["filter_period_kind"])
    ends = view.ask(values.period_ends, Selection(projects=tuple(state["filter_projects"]), period_kind=kind))
    choices = {LATEST: _("Latest")} | {end.isoformat(): period_text(kind, end) for end in ends}
    if state.get("filter_period_end") not in choices:
        state["filter_period_end"] = LATEST
    boxes.selectbox(_("As of"), choices, key="filter_period_end", label_visibility="collapsed", persist_state="session")


def language_switch() -> None:
    names = {code: locale.name for code, locale in LANGUAGES.items()}
    boxes.one_of(_("Language"), names, default=None, key="language", persist_state="session")


def project_choices(frame: pl.DataFrame, customers: Sequence[str]) -> dict[str, str]:
    """{project_key: name} of the customers chosen, of all without a choice."""
    shown = frame.filter(pl.col("customer").is_in(list(customers))) if customers else frame
    return data.project_names(shown)


def current_filters() -> Selection:
    """What the sidebar stands at."""
    state = st.session_state
    return Selection(
        customers=tuple(state.get("filter_customers") or ()),
        projects=tuple(state.get("filter_projects") or ()),
        module=state.get("filter_module") or None,
        period_kind=PeriodKind(state.get("filter_period_kind") or PeriodKind.MONTH),
        period_end=_date(state.get("filter_period_end")),
    )


def stands_words(stands: Moment | None) -> str:
    """For which period, or at which day, numbers are; also that it is not the period chosen. Empty where there are none."""
    if stands is None:
        return ""
    chosen = current_filters()
    is_another = stands.kind not in (moments.DAY, chosen.period_kind)
    if not is_another and (chosen.period_end is None or stands.last <= chosen.period_end):
        return stands.words(language())
    words = {"stands": stands.words(language()), "period": _("Latest")}
    if chosen.period_end is not None:
        words["period"] = period_text(chosen.period_kind, chosen.period_end)
    elif is_another:
        words["period"] = _("Week") if chosen.period_kind == PeriodKind.WEEK else _("Month")
    return _("{stands} (not the period chosen: {period})", **words)


def url_parameters(**more: str) -> dict[str, str | list[str]]:
    """The query parameters of a link that shows what this session sees, and `more`."""
    state = st.session_state
    parameters = {"lang": language()} | {name: state[key] for name, key in _OF_SESSION.items() if state.get(key)}
    if state.get("filter_period_kind") == PeriodKind.WEEK:
        parameters["period"] = PeriodKind.WEEK.value
    return parameters | more


def write_url(page: str) -> None:
    """Rewrites the address so that it shows what the session sees; the subject only where a page has one."""
    state = st.session_state
    more = {name: state[key] for name, (key, pages) in _SUBJECTS.items() if page in pages and state.get(key)}
    for name in _FORGOTTEN:
        key, pages = _SUBJECTS[name]
        if page not in pages:
            state.pop(key, None)
    wanted = url_parameters(**more)
    if {key: _texts(value) for key, value in wanted.items()} != _url():
        st.query_params.from_dict(wanted)
    st.session_state[_LAST_URL] = _url()


def _url() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params if name in _PARAMETERS}


def _texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _customers(frame: pl.DataFrame) -> list[str]:
    return frame["customer"].drop_nulls().unique(maintain_order=True).to_list()


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
