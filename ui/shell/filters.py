"""The shared filters: boxes in the bar under the menu, values in the session, the same values in the URL.

A URL is what a stranger typed: each parameter is compared with what the build knows, and what it does not know is
ignored. Widgets are unbound and seeded here, because bound ones lose URL and value when a page is left by the menu.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from models.builds.selection import Selection
from models.kpis import comparison, values
from models.vocabulary import PeriodKind
from models.words import moments
from models.words.moments import Moment
from ui.shell import boxes, data
from ui.shell.numbers import period_text
from ui.shell.wording import LANGUAGES, _, first_of, language, settle_language

_LAST_URL = "filters_last_url"
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
    "task": ("subject_task", ("schedule",)),
    "phase": ("subject_phase", ("schedule",)),
    "view": ("cost_view", ("cost",)),
    "part": ("subject_part", ("cost", "pace")),
    "week": ("subject_week", ("pace",)),
    "wave": ("subject_wave", ("pace",)),
    "vendor": ("subject_vendor", ("cost",)),
}
# what the queue of warnings is narrowed to and sorted by: an address that names one of these names them all
_QUEUE = {
    "order": "alerts_sort",
    "show": "alerts_view",
    "owner": "alerts_owner",
    "whose": "alerts_project",
    "what": "alerts_kpi",
    "state": "alerts_state",
    "age": "alerts_age",
}
_QUEUE_PAGE = "warnings"
EVERY = "*"  # a chip of the queue that narrows nothing
# what an address does not name, its page does not narrow to
_OF_ADDRESS = ("task", "phase", "view", "part", "week", "wave", "vendor")
_PARAMETERS = ("lang", "period", "compare", *_OF_SESSION, *_SUBJECTS, *_QUEUE)
_FORGOTTEN = ("row", "batch", *_OF_ADDRESS)  # once another page is opened
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
    if url.get("compare"):
        asked[data.COMPARISON] = url["compare"][0]
    return asked


def seed_language() -> None:
    """The language of a link goes first: everything else on the page is worded in it."""
    _read.set((None, {}))
    asked = known_one(st.query_params.get_all("lang"), list(LANGUAGES), None)
    settle_language(asked if _url() != st.session_state.get(_LAST_URL) else None)


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
        state.update(
            {_SUBJECTS[name][0]: url.get(name, [""])[0] for name in _OF_ADDRESS}
        )  # looked up where it is shown
        if any(name in url for name in _QUEUE):  # looked up where they are shown
            for name, key in _QUEUE.items():
                if name in url:
                    state[key] = url[name][0]
                else:
                    state.pop(key, None)
        if "filter_projects" in asked and "filter_customers" not in asked:
            state["filter_customers"] = []
    state["filter_customers"] = known(state.get("filter_customers") or [], known_values["customer"])
    choices = project_choices(frame, state["filter_customers"])
    state["filter_projects"] = known(state.get("filter_projects") or [], choices)
    state["filter_period_kind"] = state.get("filter_period_kind") or PeriodKind.MONTH.value


@dataclass(frozen=True)
class Choices:
    """What can be chosen on this build, {key: how it reads}, and what the period in force is called."""

    customers: list[str]
    projects: dict[str, str]
    modules: dict[str, str]
    ends: dict[str, str]
    comparisons: dict[str, str]


def choices_of(view: data.BuildView) -> Choices:
    """What the boxes offer; what is chosen and no longer offered goes. Call after `seed_filters`."""
    state = st.session_state
    frame = data.projects(view)
    chosen = Selection(projects=tuple(state["filter_projects"]), period_kind=PeriodKind(state["filter_period_kind"]))
    modules = {module: module or _("All modules") for module in [ALL_MODULES, *view.ask(values.modules, chosen)]}
    ends = {end.isoformat(): period_text(chosen.period_kind, end) for end in view.ask(values.period_ends, chosen)}
    newest = _("Latest") if not ends else _("Latest ({period})", period=next(iter(ends.values())))
    ends = {LATEST: newest} | ends
    for key, offered in (("filter_module", modules), ("filter_period_end", ends)):
        if state.get(key) not in offered:
            state[key] = ALL_MODULES
    comparisons = {kind: data.comparison_words(kind) for kind in [*comparison.KINDS, *data.earlier_builds(view)]}
    if state.get(data.COMPARISON) not in comparisons:
        state[data.COMPARISON] = comparison.PREVIOUS
    _read.set((None, {}))
    return Choices(_customers(frame), project_choices(frame, state["filter_customers"]), modules, ends, comparisons)


def customer_words(choices: Choices) -> str:
    chosen = st.session_state["filter_customers"]
    return first_of(chosen, 1) if chosen else _("All")


def customer_box(choices: Choices) -> None:
    boxes.multiselect(
        _("Customer"), choices.customers, key="filter_customers", placeholder=_("All"), persist_state="session"
    )


def project_words(choices: Choices) -> str:
    """The projects chosen, how many there are without a choice, and the module."""
    state = st.session_state
    names = [choices.projects[key] for key in state["filter_projects"]]
    words = first_of(names, 1) if names else _("all {count}", count=len(choices.projects))
    return f"{words} · {state['filter_module']}" if state["filter_module"] else words


def project_box(choices: Choices) -> None:
    boxes.multiselect(
        _("Project"), choices.projects, key="filter_projects", placeholder=_("All projects"), persist_state="session"
    )


def module_box(choices: Choices) -> None:
    boxes.selectbox(_("Module"), choices.modules, key="filter_module", persist_state="session")


def period_words(choices: Choices) -> str:
    return choices.ends[st.session_state["filter_period_end"]]


def period_box(choices: Choices) -> None:
    """Week or month, and which."""
    kinds = {PeriodKind.WEEK.value: _("Week"), PeriodKind.MONTH.value: _("Month")}
    boxes.one_of(_("Week or month"), kinds, default=None, key="filter_period_kind", persist_state="session")
    boxes.selectbox(_("As of"), choices.ends, key="filter_period_end", persist_state="session")


def newest_end(choices: Choices) -> dt.date | None:
    """The end of the latest period of what is chosen; None without one."""
    return next((_date(end) for end in choices.ends if end != LATEST), None)


def comparison_words(choices: Choices) -> str:
    return choices.comparisons[st.session_state[data.COMPARISON]]


def comparison_box(choices: Choices) -> None:
    boxes.selectbox(_("Compare with"), choices.comparisons, key=data.COMPARISON, persist_state="session")


def project_choices(frame: pl.DataFrame, customers: Sequence[str]) -> dict[str, str]:
    """{project_key: name} of the customers chosen, of all without a choice."""
    shown = frame.filter(pl.col("customer").is_in(list(customers))) if customers else frame
    return data.project_names(shown)


def current_filters() -> Selection:
    """What the bar stands at."""
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
    run = get_script_run_ctx(suppress_warning=True)
    read_in, parameters = _read.get()
    if run is None or read_in is not run:
        parameters = _parameters()
        _read.set((run, parameters))
    return parameters | more


_read: ContextVar[tuple[object, dict[str, str | list[str]]]] = ContextVar("url_parameters", default=(None, {}))


def _parameters() -> dict[str, str | list[str]]:
    state = st.session_state
    parameters = {"lang": language()} | {name: state[key] for name, key in _OF_SESSION.items() if state.get(key)}
    if state.get("filter_period_kind") == PeriodKind.WEEK:
        parameters["period"] = PeriodKind.WEEK.value
    if data.chosen_comparison() != comparison.PREVIOUS:
        parameters["compare"] = data.chosen_comparison()
    return parameters


def write_url(page: str) -> None:
    """Rewrites the address so that it shows what the session sees; the subject only where a page has one."""
    state = st.session_state
    _read.set((None, {}))
    more = {name: state[key] for name, (key, pages) in _SUBJECTS.items() if page in pages and state.get(key)}
    if page == _QUEUE_PAGE:
        shown = {name: state.get(key) for name, key in _QUEUE.items()} | {"order": state.get("alerts_sort") or "worst"}
        more |= {name: value for name, value in shown.items() if value not in (None, EVERY)}
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
