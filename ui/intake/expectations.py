"""What is expected of each feed, in words, and how its last batch came out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from models import ports
from models.feeds import FEEDS
from models.intake import Batch, Check, FeedRule, RuleSeverity
from models.vocabulary import BatchStatus
from models.words import columns, numbers
from ui.intake.words import reason_words
from ui.shell import boxes
from ui.shell.numbers import count_text, instant_text
from ui.shell.tables import figure, number, table, text
from ui.shell.wording import _, feed_word, language, msgid, safe, spoken, translate

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# From what asks for a hand to what is in order.
_HELD, _ROWS_HELD, _FLAGGED, _UNKNOWN, _PASSED = range(5)
_RESULTS = {
    _HELD: ("■", msgid("held")),
    _ROWS_HELD: ("■", msgid("rows held back")),
    _FLAGGED: ("▲", msgid("rows flagged")),
    _UNKNOWN: ("○", msgid("not recorded")),
    _PASSED: ("●", msgid("passed")),
}
_SEVERITIES = {
    "refuse": msgid("the file is refused"),
    "hold": msgid("the row is held back"),
    "flag": msgid("the row stays and is flagged"),
}
_BROKEN = {"refuse": "■", "hold": "■", "flag": "▲"}


def expectations(batches: Sequence[Batch], port: ports.Intake) -> None:
    """The last batch of each feed, then the rules of the feed that is chosen with their last result.

    batches: newest first, as ingest lists them.
    """
    last = last_batches(batches)
    if last:
        _overview(last)
    else:
        st.info(_("Nothing has been loaded yet. The rules below are what every file will be checked against."))
    feeds = [*last, *(feed for feed in FEEDS if feed not in last)]
    words = {feed: _chosen(feed, last.get(feed)) for feed in feeds}
    feed = boxes.selectbox(_("Rules of"), words, key="health_expectations_feed")
    batch = last.get(feed)
    if batch is not None:
        told = f"{batch.file_name} · {instant_text(batch.landed_at)}"
        st.caption(_("Last batch: {told}", told=safe(told)))
        _held_for(batch)
    _rules(port.expected_of(feed), checks_of(batch))


def last_batches(batches: Sequence[Batch]) -> dict[str, Batch]:
    """The newest batch of each feed that is landed or held, those that ask for a hand first."""
    newest: dict[str, Batch] = {}
    for batch in batches:
        if batch.status != BatchStatus.UNDONE and not batch.mends_batch:
            newest.setdefault(batch.feed, batch)
    return dict(sorted(newest.items(), key=lambda item: (outcome(item[1]), list(FEEDS).index(item[0]))))


def checks_of(batch: Batch | None) -> dict[tuple[str, str], Check]:
    """How each rule came out: {(code, column): check}."""
    return {(check.code, check.column): check for check in (batch.report.checks if batch else [])}


def outcome(batch: Batch) -> int:
    """How a batch came out as a whole."""
    if batch.status == BatchStatus.HELD:
        return _HELD
    checks = checks_of(batch).values()
    if batch.rows_quarantined or any(check.rows_failed and check.severity != RuleSeverity.FLAGS for check in checks):
        return _ROWS_HELD
    if any(check.rows_failed for check in checks):
        return _FLAGGED
    return _PASSED if checks else _UNKNOWN


def _chosen(feed: str, batch: Batch | None) -> str:
    sign = f"{_RESULTS[outcome(batch)][0]} " if batch else ""
    return sign + feed_word(feed)


def _held_for(batch: Batch) -> None:
    """Why a batch waits for a word from somebody, and where to give it."""
    if batch.status == BatchStatus.HELD and batch.report.reasons:
        st.warning(safe(reason_words(batch.report.reasons[0])))
        st.page_link("pages/data/uploads.py", label=_("Accept or undo it on the upload page"))


def _overview(last: Mapping[str, Batch]) -> None:
    def broken(batch: Batch) -> int:
        return sum(bool(check.rows_failed) for check in checks_of(batch).values())

    table(
        list(last.values()),
        {
            "result": text(_("Last result"), _result_of_batch),
            "feed": text(_("Feed"), lambda batch: feed_word(batch.feed)),
            "file": text(_("File"), lambda batch: batch.file_name),
            "landed_at": text(
                _("Landed at"), lambda batch: instant_text(batch.landed_at), value=lambda batch: batch.landed_at
            ),
            "rows": number(_("Rows"), lambda batch: batch.rows_accepted),
            "held": number(_("Rows held back"), lambda batch: batch.rows_quarantined),
            "rules": number(_("Rules broken"), broken),
        },
        key="health_expectations_overview",
    )


def _result_of_batch(batch: Batch) -> str:
    sign, word = _RESULTS[outcome(batch)]
    return f"{sign} {spoken(word)}"


def _rules(rules: Sequence[FeedRule], checks: Mapping[tuple[str, str], Check]) -> None:
    def check_of(rule: FeedRule) -> Check | None:
        return checks.get((rule.code, rule.column))

    def told(say: Callable[[Check], object]) -> Callable[[FeedRule], object]:
        return lambda rule: say(check) if (check := check_of(rule)) else None

    table(
        sorted(rules, key=lambda rule: _result(rule, check_of(rule))[1]),
        {
            "result": text(
                _("Last result"),
                lambda rule: _result(rule, check_of(rule))[0],
                value=lambda rule: _result(rule, check_of(rule))[1],
                width=105,
            ),
            "rule": text(_("What must hold"), lambda rule: sentence(rule, language()), width=370),
            "severity": text(_("Where it does not"), lambda rule: spoken(_SEVERITIES[rule.severity]), width=190),
            "checked": figure(
                _("Checked"),
                told(lambda check: count_text(check.rows_checked)),
                value=told(lambda check: check.rows_checked),
                width=75,
            ),
            "failed": figure(
                _("Broken"),
                told(lambda check: count_text(check.rows_failed)),
                value=told(lambda check: check.rows_failed),
                width=70,
            ),
            "line": number(_("First line"), told(lambda check: check.first_line), format="%d", width=75),
        },
        key="health_expectations_rules",
    )


def _result(rule: FeedRule, check: Check | None) -> tuple[str, int]:
    """The sign and word of one rule, and where it stands in the table: broken ones first."""
    if check is None:
        return f"○ {_('not recorded')}", 2
    if check.rows_failed:
        return f"{_BROKEN[rule.severity]} {_('broken')}", 0 if rule.severity != RuleSeverity.FLAGS else 1
    if not check.rows_checked:
        return f"– {_('no value')}", 2
    return f"● {_('passed')}", 2


def sentence(rule: FeedRule, shown: str) -> str:
    """What must hold, with columns and dates in words."""
    details: dict[str, str | list[str]] = {}
    for name, value in rule.details.items():
        if name in ("low", "high"):
            details[name] = numbers.date_text(value, shown) if _DAY.fullmatch(value) else value
        else:
            words = [columns.column_word(word, shown) for word in value.split(", ")]
            details[name] = words if len(words) > 1 else words[0]
    told = translate(rule.template, details, shown)
    return told[:1].upper() + told[1:]
