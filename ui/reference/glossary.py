"""The glossary on screen: every KPI of the catalogue, the signs, and the words of the trade."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from models.kpis.catalogue import Kpi
from models.vocabulary import Flag, KpiStatus
from models.words.numbers import kpi_value_text
from ui.shell.wording import (
    LANGUAGES,
    STATUS_SIGNS,
    _,
    feed_word,
    flag_word,
    language,
    listed,
    msgid,
    section_word,
    spoken,
    status_word,
)

_STATUS_MEANINGS = {
    KpiStatus.OK: msgid("The value keeps its levels."),
    KpiStatus.WARNING: msgid("The value has passed the warning level: look before it gets worse."),
    KpiStatus.CRITICAL: msgid("The value has passed the critical level: act."),
    KpiStatus.NO_DATA: msgid("A feed is missing; the card says which one and how to load it. Unknown is never zero."),
    KpiStatus.NOT_APPLICABLE: msgid("The delivery profile of the project excludes this KPI."),
    KpiStatus.UNRATED: msgid("There is a value, but no level judges it: none is set, or the card says why."),
    KpiStatus.TOO_EARLY: msgid("There is too little yet to judge by."),
}
_FLAG_MEANINGS = {
    Flag.INCOMPLETE: msgid("The week or month is not over; the value still moves and raises no warning."),
    Flag.PROVISIONAL: msgid("The accounting period is not closed, or the waiting time has not passed."),
    Flag.ESTIMATED: msgid(
        "Cost that the books enter for a whole accounting period is taken to the data date by hours, else by working days."
    ),
    Flag.PRESUMED_CLOSED: msgid(
        "Finance has not said that the accounting period is closed; ten working days after its end it is presumed to be."
    ),
    Flag.STALE: msgid("A feed has not been loaded for too long; the value is older than it looks."),
    Flag.RESTATED: msgid("The value differs from what was reported for this period before."),
    Flag.BETTER_BY_LOSS: msgid(
        "Rows that counted before are gone or smaller, and with them the value would be worse. It stands until the rows are back "
        "or somebody accepts the loss, with a reason; the release gate does not pass on it."
    ),
}
_BETTER = {
    "higher": msgid("higher is better"),
    "lower": msgid("lower is better"),
    "band": msgid("good inside a band"),
    "none": msgid("neither high nor low is good in itself"),
}
_UNITS = {
    "percent": msgid("percent"),
    "index": msgid("index"),
    "ratio": msgid("ratio"),
    "money": msgid("money"),
    "count": msgid("count"),
    "days": msgid("days"),
    "hours": msgid("hours"),
    "months": msgid("months"),
}
_WINDOWS = {
    "to_date": msgid("to date"),
    "latest": msgid("latest"),
    "open": msgid("open at the date"),
    "in_period": msgid("in the period"),
}
_PROFILES = {
    "software": msgid("software projects"),
    "integration": msgid("integration projects"),
    "equipment": msgid("equipment projects"),
    "rollout": msgid("roll-out projects"),
    "roll_out": msgid("roll-out projects"),
}
_TERMS = (
    ("PV", msgid("planned value"), msgid("Budget of the work that was to be done by now, by the frozen baseline.")),
    ("EV", msgid("earned value"), msgid("Budget of the work that is done: budget × progress of each task.")),
    ("AC", msgid("actual cost"), msgid("What the work done has cost, VAT excluded, goods arrived included.")),
    (
        "BAC",
        msgid("budget at completion"),
        msgid("The whole budget with contingency reserve, without management reserve."),
    ),
    ("EAC", msgid("estimate at completion"), msgid("What the whole will cost if it goes on like this: BAC ÷ CPI.")),
    ("VAC", msgid("variance at completion"), msgid("BAC − EAC; below zero the budget will not do.")),
    ("CPI", msgid("cost performance index"), msgid("EV ÷ AC; below 1 each yuan spent earns less than a yuan.")),
    ("SPI", msgid("schedule performance index"), msgid("EV ÷ PV; tends to 1 at the end even of a late project.")),
    ("CV", msgid("cost variance"), msgid("EV − AC; below zero more was spent than earned.")),
    ("KLOC", msgid("thousand lines of code"), msgid("0.5 % of lines = 5 defects per KLOC.")),
    ("UAT", msgid("user acceptance test"), msgid("The customer's own test before acceptance.")),
    ("SIT", msgid("system integration test"), msgid("The test of all systems together, before UAT.")),
    ("P50 / P85", msgid("percentiles"), msgid("Half, or 85 of 100, of the work items took this long or less.")),
)


def search_box() -> str:
    return st.text_input(
        _("Search"),
        placeholder=_("a name, an abbreviation, a word of the definition"),
        key="glossary_search",
        type="search",
        live="300ms",
    ).strip()


def found(kpis: Iterable[Kpi], words: str) -> list[Kpi]:
    """The KPIs in whose names, definition or formula every word occurs, in both languages."""
    wanted = words.casefold().split()
    return [kpi for kpi in kpis if all(word in _searched_text(kpi) for word in wanted)]


def _searched_text(kpi: Kpi) -> str:
    texts = [kpi.kpi_key]
    texts += [part(shown) for part in (kpi.name, kpi.short, kpi.definition, kpi.formula) for shown in LANGUAGES]
    return " ".join(text for text in texts if text).casefold()


def kpi_entries(kpis: list[Kpi], catalogue: dict[str, Kpi]) -> None:
    """One entry per KPI, by section."""
    if not kpis:
        st.info(_("No KPI holds these words."))
    section = None
    for kpi in kpis:
        if kpi.section != section:
            section = kpi.section
            st.subheader(section_word(section, language()))
        with st.expander(_entry_title(kpi), expanded=len(kpis) <= 3):
            _entry(kpi, catalogue)


def _entry_title(kpi: Kpi) -> str:
    shown = language()
    others = dict.fromkeys(kpi.name(spoken_too) for spoken_too in LANGUAGES if spoken_too != shown)
    return " · ".join([f"**{kpi.name(shown)}**", *others])


def _entry(kpi: Kpi, catalogue: dict[str, Kpi]) -> None:
    shown = language()
    st.write(kpi.definition(shown))
    st.code(kpi.formula(shown), language=None, wrap_lines=True)
    facts = [
        f"{_('Unit')}: {spoken(_UNITS.get(kpi.unit, kpi.unit))}",
        spoken(_BETTER.get(kpi.better, kpi.better)),
        f"{_('counted')}: {spoken(_WINDOWS.get(kpi.counts_window, kpi.counts_window))}",
        f"{_('Feeds')}: {listed(feed_word(feed, shown) for feed in kpi.feeds)}",
    ]
    st.caption(" · ".join(facts))
    st.markdown(levels_text(kpi, catalogue))
    if kpi.level_reason(shown):
        st.caption(_("Why these levels: {reason}", reason=kpi.level_reason(shown)))
    if kpi.not_applicable_to:
        profiles = [spoken(_PROFILES.get(profile, profile)) for profile in kpi.not_applicable_to]
        st.caption(_("Not applied to: {profiles}", profiles=profiles))


def levels_text(kpi: Kpi, catalogue: dict[str, Kpi]) -> str:
    """The levels in one sentence, or whose levels this KPI takes."""
    shown = language()
    if kpi.status_from and kpi.status_from in catalogue:
        return _("Takes its status from {name}.", name=catalogue[kpi.status_from].name(shown))
    if kpi.beside in catalogue:
        return _("Not rated; the levels of {name} say what it would be.", name=catalogue[kpi.beside].name(shown))
    if kpi.warning_at is None and kpi.critical_at is None and (kpi.status_sql or kpi.warning_at_sql):
        return _("Judged by a rule of its own, see below.")
    if kpi.warning_at is None and kpi.critical_at is None:
        return _("No level of its own: the project sets one.")
    if kpi.better == "band":
        return _(
            "▲ warning outside {low} to {high}",
            low=_level_text(kpi.low_warning_at, kpi, shown),
            high=_level_text(kpi.warning_at, kpi, shown),
        )
    passed = "<" if kpi.better == "higher" else ">"
    levels = []
    for status, level in ((KpiStatus.WARNING, kpi.warning_at), (KpiStatus.CRITICAL, kpi.critical_at)):
        if level is not None:
            text = _level_text(level, kpi, shown)
            levels.append(f"{STATUS_SIGNS[status]} {status_word(status, shown)} \\{passed} {text}")
    return " · ".join(levels)


def _level_text(level: float | None, kpi: Kpi, shown: str) -> str:
    """85 %, not 85.0 %: a level is a round number that somebody set."""
    return kpi_value_text(level, kpi.unit, shown, exact=kpi.unit == "percent")


def statuses() -> None:
    """The signs and what they say."""
    shown = language()
    lines = [
        f"- {STATUS_SIGNS[s]} **{status_word(s, shown)}** — {spoken(text)}" for s, text in _STATUS_MEANINGS.items()
    ]
    lines += [f"- **{flag_word(flag, shown)}** — {spoken(text)}" for flag, text in _FLAG_MEANINGS.items()]
    st.markdown("\n".join(lines))
    st.caption(
        _(
            "In the mark: the bar is the value, the line with the circle the critical level, the thin tick the warning level, "
            "the fine line beneath the last eight periods."
        )
    )


def terms(words: str) -> None:
    """The abbreviations and what they stand for."""
    wanted = words.casefold().split()
    lines = []
    for short, name, meaning in _TERMS:
        line = f"- **{short}** {spoken(name)} — {spoken(meaning)}"
        if all(word in f"{line} {name} {meaning}".casefold() for word in wanted):
            lines.append(line)
    if lines:
        st.subheader(_("Words"))
        st.markdown("\n".join(lines))
