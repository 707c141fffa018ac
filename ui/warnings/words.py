"""What an alert is about, in the words of this session. Names from files are made safe for markdown by whoever shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.alerts.alert import AlertToday
from models.alerts.vocabulary import AnswerState, SignalKind
from models.alerts.words import alert_status_word, answer_word, early_rule_word, severity_word
from models.kpis.catalogue import Kpi
from models.reference.currencies import reporting_currency
from models.words import moments
from ui.shell import data
from ui.shell.numbers import date_text, kpi_value_text
from ui.shell.wording import _, edge_word, feed_word, language, phase_word, reason_text

STATED = (
    SignalKind.EARLY,
    SignalKind.RELATIVE,
    SignalKind.DATA,
)  # what their sentence says is not a value and its level


@dataclass(frozen=True)
class Names:
    """What the build calls things. projects, currencies: by project key."""

    catalogue: Mapping[str, Kpi]
    projects: Mapping[str, str]
    currencies: Mapping[str, str]


def names_of(view: data.BuildView) -> Names:
    frame = data.projects(view)
    return Names(
        data.catalogue(view),
        data.project_names(frame),
        {key: currency for key, currency in frame.select("project_key", "currency").iter_rows() if currency}
        | {data.WHOLE: view.ask(reporting_currency)},
    )


def severity_words(row: AlertToday) -> str:
    """预警 / 超限, 早期预警 of its own kind; of neither, how the alert stands."""
    if row.kind == SignalKind.EARLY and row.severity:
        return _("early warning")
    return severity_word(row.severity, language()) or alert_status_word(row.state, language())


def subject(row: AlertToday, names: Names, *, short: bool = False) -> str:
    """The KPI; of an early warning its rule, of data the feed."""
    spoken = language()
    kpi = names.catalogue.get(row.kpi_key or row.name)
    if row.kind == SignalKind.DATA:
        return _("Data: {feed}", feed=feed_word(row.name))
    if kpi is None:
        return early_rule_word(row.name, spoken)
    return kpi.short(spoken) if short else kpi.name(spoken)


def rule(row: AlertToday) -> str:
    """The rule that an early warning about a KPI names; empty for all others: there the subject says it."""
    named = row.kind == SignalKind.EARLY and row.kpi_key
    return early_rule_word(row.name, language()) if named else ""


def project(row: AlertToday, names: Names) -> str:
    """Its name; the customer or the portfolio where the alert stands for them."""
    if row.project_key != data.WHOLE:
        return names.projects.get(row.project_key, row.project_key)
    return _("Portfolio") if row.customer == data.WHOLE else row.customer


def whose(row: AlertToday, names: Names) -> str:
    """Project (module, phase or site)."""
    name = project(row, names)
    parts = [
        row.module,
        row.phase if row.phase == data.WHOLE else phase_word(row.phase),
        row.site,
    ]
    within = [part for part in parts if part != data.WHOLE]
    return f"{name} ({' / '.join(within)})" if within else name


def value_and_level(row: AlertToday, names: Names) -> tuple[str, str]:
    """Both as the KPI's unit has them, exact where they would read the same; empty where the sentence says it instead.

    A value that is not there reads as the word for it.
    """
    kpi = names.catalogue.get(row.kpi_key or "")
    if kpi is None or row.kind in STATED:
        return "", ""
    currency = names.currencies.get(row.project_key, "CNY")
    both = (row.value, row.level)
    if row.value is None and (edge := edge_word(row.details.get("edge"))):
        return edge, ""
    for exact in (False, True):
        told = [kpi_value_text(number, kpi.unit, exact=exact, currency=currency) for number in both]
        if told[0] != told[1]:
            break
    return told[0], "" if row.level is None else told[1]


def measured(row: AlertToday, names: Names) -> str:
    """Value and level in one cell: "76.4 % (80.0 %)"."""
    value, level = value_and_level(row, names)
    return f"{value} ({level})" if value and level else value


def sentence(told: Mapping | None) -> str:
    """{template, details} in words; empty where there is none."""
    return reason_text(told) if told and told.get("template") else ""


def beside(row: AlertToday) -> str:
    """Of a KPI of two bases: which one counts, and what the other says."""
    return sentence(row.details.get("beside"))


def state(row: AlertToday) -> str:
    """How it stands, and what it stood at when its data ran out."""
    spoken = language()
    word = alert_status_word(row.state, spoken)
    if row.standing != row.state and row.is_open:
        return _("{state} (before: {standing})", state=word, standing=alert_status_word(row.standing, spoken))
    return word


def answer(row: AlertToday) -> str:
    """How far it is answered, until when and by whom."""
    spoken = language()
    word = answer_word(row.answer, spoken)
    if row.answer == AnswerState.SNOOZED:
        return _("{answer} until {day}", answer=word, day=date_text(row.snoozed_until))
    if row.answer == AnswerState.ACKNOWLEDGED:
        by = row.acknowledged_by
        if row.acknowledged_until == "next":
            return _("{answer} by {person} until the next data date", answer=word, person=by)
        return _("{answer} by {person} until {day}", answer=word, person=by, day=date_text(row.acknowledged_until))
    return word


def due(row: AlertToday) -> str:
    """Until when somebody took it on, where the answer does not say it; empty where nobody has."""
    if row.is_overdue:
        return _("overdue: was due on {day}", day=date_text(row.due_on))
    is_said = row.answer == AnswerState.ACKNOWLEDGED and row.acknowledged_until == str(row.due_on)
    return _("due on {day}", day=date_text(row.due_on)) if row.due_on and row.is_open and not is_said else ""


def dates_of(rows: Iterable[AlertToday]) -> str:
    """At which data dates these alerts were read; empty where there is none."""
    stands = moments.over(moments.DAY, [row.data_date for row in rows])
    return stands.words(language()) if stands else ""


def since(row: AlertToday) -> str:
    """Since which data date, and for how many days."""
    if not row.since_on:
        return ""
    day = date_text(row.since_on)
    if not row.days:
        return _("since {day} · new", day=day)
    return _("since {day} · {days} days", day=day, days=row.days)
