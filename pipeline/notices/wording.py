"""Subject and body of a notice: plain text in the reader's language, bad news first, each change with a link to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from models.alerts.alert import Alert, AlertEvent
from models.alerts.signals import ABSENT
from models.alerts.vocabulary import ChangeKind, SignalKind
from models.alerts.words import change_word, early_rule_word, severity_sign, severity_word
from models.words.catalog import msgid
from models.words.locales import listed
from models.words.numbers import date_text, kpi_value_text
from models.words.terms import edge_word, feed_word, phase_word
from models.words.wording import reason_text, translate
from pipeline.notices.naming import Names, plain

ENDINGS = frozenset(
    (ChangeKind.RECOVERED, ChangeKind.WITHDRAWN, ChangeKind.CLOSED, ChangeKind.GONE, ChangeKind.RULE_CHANGED)
)
_BLANK_LINE = "\n\n"  # between the head, the changes and the foot: `fitted` takes a body apart there
_OPENED = (ChangeKind.FIRED, ChangeKind.WORSENED, ChangeKind.ESCALATED, ChangeKind.ACKNOWLEDGEMENT_EXPIRED)


def worded(
    changes: Sequence[tuple[AlertEvent, Alert]], names: Names, language: str, *, build_id: str, link_base: str
) -> tuple[str, str]:
    """(subject, body) of one notice. changes: what happened to which alert, at least one."""
    ordered = sorted(changes, key=_urgency)
    subject = "[Plimsoll] " + (
        _headline(*ordered[0], names, language) if len(ordered) == 1 else _summary(ordered, names, language)
    )
    day = max(event.data_date or alert.data_date for event, alert in ordered)
    head = translate(
        msgid("Build {build}, data of {day}. Changes: {count}."),
        {"build": build_id, "day": date_text(day, language), "count": len(ordered)},
        language,
    )
    items = [_item(event, alert, names, language, link_base) for event, alert in ordered]
    foot = translate(msgid("All warnings: {link}"), {"link": _link(link_base, "warnings", lang=language)}, language)
    return subject, _BLANK_LINE.join([head, *items, foot])


def fitted(body: str, most_bytes: int | None, language: str) -> str:
    """The body within so many bytes of UTF-8: whole changes are left out from the end, and said to be."""
    if most_bytes is None or len(body.encode()) <= most_bytes:
        return body
    head, *items, foot = body.split(_BLANK_LINE)
    for kept in range(len(items) - 1, -1, -1):
        left_out = translate(msgid("{count} more: see the inbox."), {"count": len(items) - kept}, language)
        shorter = _BLANK_LINE.join([head, *items[:kept], left_out, foot])
        if len(shorter.encode()) <= most_bytes:
            return shorter
    return (head + _BLANK_LINE + foot).encode()[:most_bytes].decode(errors="ignore")


def trial_message(name: str, language: str, link_base: str) -> tuple[str, str]:
    """(subject, body) of what the test button sends."""
    subject = "[Plimsoll] " + translate(msgid("Test message"), None, language)
    body = translate(
        msgid("This is a test for {name}. Warnings will arrive this way: {link}"),
        {"name": plain(name), "link": _link(link_base, "warnings", lang=language)},
        language,
    )
    return subject, body


def project_name(alert: Alert, names: Names, language: str) -> str:
    """The project with module, phase or site where the alert has one; all projects where it stands for them."""
    parts = [_project(alert.project_key, names, language)]
    if alert.module != ABSENT:
        parts.append(plain(alert.module))
    if alert.phase != ABSENT:
        parts.append(phase_word(alert.phase, language))
    if alert.site != ABSENT:
        parts.append(plain(alert.site))
    return " / ".join(parts)


def _project(key: str, names: Names, language: str) -> str:
    return translate(msgid("all projects"), None, language) if key == ABSENT else plain(names.projects.get(key, key))


# ---- one change -----------------------------------------------------------------------------------------------------


def _item(event: AlertEvent, alert: Alert, names: Names, language: str, link_base: str) -> str:
    lines = [_headline(event, alert, names, language), _what_happened(event, alert, language)]
    sentence = alert.sentence
    if sentence.get("template") and alert.kind != SignalKind.LEVEL:
        lines.append(_sentence(sentence, language))
    if beside := alert.details.get("beside"):  # of a KPI of two bases: which counts
        lines.append(_sentence(beside, language))
    mending = alert.cause.get("mending") or {}
    if mending.get("template") and event.kind not in ENDINGS:
        lines.append(translate(msgid("To mend it: {what}"), {"what": _sentence(mending, language)}, language))
    if alert.owner and event.kind not in ENDINGS:
        lines.append(translate(msgid("Owner: {name}"), {"name": plain(alert.owner)}, language))
    return "\n".join([*lines, _page_of(alert, language, link_base)])


def _headline(event: AlertEvent, alert: Alert, names: Names, language: str) -> str:
    if event.kind in ENDINGS:
        sign, word = "●", translate(msgid("ended"), None, language)
    else:
        sign, word = severity_sign(event.severity), severity_word(event.severity, language)
    parts = [f"{sign} {word}".strip(), project_name(alert, names, language), _value(event, alert, names, language)]
    return " · ".join([*parts, date_text(event.data_date or alert.data_date, language)])


def _value(event: AlertEvent, alert: Alert, names: Names, language: str) -> str:
    """'Line coverage: 76 % (level 80 %)'."""
    name = alert.name
    kpi = names.kpis.get(alert.kpi_key or name)
    if alert.kind == SignalKind.EARLY:
        rule = plain(early_rule_word(name, language))
        if kpi is None:
            return rule
        return translate(msgid("{kpi}: {value}"), {"kpi": kpi.name(language), "value": rule}, language)
    if kpi is None:
        return feed_word(name, language) if alert.kind == SignalKind.DATA else plain(name)
    value, level = event.value, event.level
    edge = edge_word(alert.details.get("edge"), language) if value is None else ""
    if edge:
        return translate(msgid("{kpi}: {value}"), {"kpi": kpi.name(language), "value": edge}, language)
    if value is None or alert.kind == SignalKind.RELATIVE:
        return kpi.name(language)  # a change is not in the unit of the KPI: the sentence says it
    currency = names.currencies.get(alert.project_key, "CNY")
    texts = [kpi_value_text(number, kpi.unit, language, currency=currency) for number in (value, level)]
    if texts[0] == texts[1]:
        texts = [kpi_value_text(number, kpi.unit, language, exact=True, currency=currency) for number in (value, level)]
    if level is None:
        return translate(msgid("{kpi}: {value}"), {"kpi": kpi.name(language), "value": texts[0]}, language)
    return translate(
        msgid("{kpi}: {value} (level {level})"),
        {"kpi": kpi.name(language), "value": texts[0], "level": texts[1]},
        language,
    )


def _what_happened(event: AlertEvent, alert: Alert, language: str) -> str:
    happened = change_word(event.kind, language, event.duration_days)
    happened = happened[:1].upper() + happened[1:]
    since = alert.since_on
    if since and event.kind not in ENDINGS:
        return translate(
            msgid("{happened}, since {day}"), {"happened": happened, "day": date_text(since, language)}, language
        )
    return happened


def _sentence(reason: Mapping, language: str) -> str:
    details = {name: _harmless(value) for name, value in (reason.get("details") or {}).items()}
    return reason_text({"template": reason["template"], "details": details}, language)


def _harmless(value: object) -> object:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_harmless(member) for member in value]
    if isinstance(value, Mapping):  # a blank with a unit, or a sentence within the sentence: its template is ours
        return {name: part if name == "template" else _harmless(part) for name, part in value.items()}
    return value


def _page_of(alert: Alert, language: str, link_base: str) -> str:
    """The page of warnings with this alert open: ui.shell.filters reads the same parameter."""
    return _link(link_base, "warnings", lang=language, alert=alert.alert_key)


def _link(link_base: str, page: str, **parameters: str) -> str:
    return f"{link_base}/{page}?{urlencode(parameters)}"


# ---- all of them ----------------------------------------------------------------------------------------------------


def _summary(changes: Sequence[tuple[AlertEvent, Alert]], names: Names, language: str) -> str:
    """'critical 2, warning 1, ended 1 · 医疗影像系统'."""
    counts: dict[str, int] = {}
    for event, _alert in changes:
        word = (
            translate(msgid("ended"), None, language)
            if event.kind in ENDINGS
            else severity_word(event.severity, language) or change_word(event.kind, language)
        )
        counts[word] = counts.get(word, 0) + 1
    counted = listed((f"{word} {count}" for word, count in counts.items()), language)
    projects = {alert.project_key for _event, alert in changes}
    if len(projects) == 1:
        where = _project(projects.pop(), names, language)
    else:
        where = translate(msgid("{count} projects"), {"count": len(projects)}, language)
    return f"{counted} · {where}"


def _urgency(change: tuple[AlertEvent, Alert]) -> tuple:
    event, alert = change
    severity = {"critical": 0, "warning": 1}.get(event.severity or "", 2)
    place = 3 if event.kind in ENDINGS else severity
    return (place, event.kind not in _OPENED, alert.at(event).place)
