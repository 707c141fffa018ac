"""What is expected of each feed, in words, and how its last batch came out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from models import ports
from models.feeds import FEEDS
from models.intake import Batch, Check, FeedRule, RuleSeverity
from models.vocabulary import BatchStatus
from models.words.columns import column_word
from models.words.numbers import count_text, date_text, instant_text
from ui.kpis.tables import plain_table
from ui.shell import boxes
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

    batches: newest first, as the door lists them.
    """
    shown = language()
    last = last_batches(batches)
    if last:
        _overview(last, shown)
    else:
        st.info(_("Nothing has been loaded yet. The rules below are what every file will be checked against."))
    feeds = [*last, *(feed for feed in FEEDS if feed not in last)]
    feed = boxes.selectbox(
        _("Rules of"),
        feeds,
        format_func=lambda feed: _chosen(feed, last.get(feed), shown),
        key="health_expectations_feed",
    )
    batch = last.get(feed)
    if batch is not None:
        told = f"{batch.file_name} · {instant_text(batch.landed_at, shown)}"
        st.caption(_("Last batch: {told}", told=safe(told)))
        _held_for(batch, shown)
    _rules(port.expected_of(feed), checks_of(batch), shown)


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


def _chosen(feed: str, batch: Batch | None, shown: str) -> str:
    sign = f"{_RESULTS[outcome(batch)][0]} " if batch else ""
    return sign + feed_word(feed, shown)


def _held_for(batch: Batch, shown: str) -> None:
    """Why a batch waits for a word from somebody, and where to give it."""
    reason = next(iter(batch.report.reasons), None)
    if batch.status == BatchStatus.HELD and reason:
        st.warning(safe(translate(reason.template, reason.details, shown)))
        st.page_link("pages/data/uploads.py", label=_("Accept or undo it on the upload page"))


def _overview(last: Mapping[str, Batch], shown: str) -> None:
    rows = []
    for feed, batch in last.items():
        sign, word = _RESULTS[outcome(batch)]
        failed = [check for check in checks_of(batch).values() if check.rows_failed]
        rows.append(
            {
                "result": f"{sign} {spoken(word)}",
                "feed": feed_word(feed, shown),
                "file": batch.file_name,
                "landed_at": instant_text(batch.landed_at, shown),
                "rows": batch.rows_accepted,
                "held": batch.rows_quarantined,
                "rules": len(failed),
            }
        )
    plain_table(
        pl.DataFrame(rows),
        key="health_expectations_overview",
        columns={
            "result": st.column_config.TextColumn(_("Last result")),
            "feed": st.column_config.TextColumn(_("Feed")),
            "file": st.column_config.TextColumn(_("File")),
            "landed_at": st.column_config.TextColumn(_("Landed at")),
            "rows": st.column_config.NumberColumn(_("Rows"), format="localized"),
            "held": st.column_config.NumberColumn(_("Rows held back"), format="localized"),
            "rules": st.column_config.NumberColumn(_("Rules broken"), format="localized"),
        },
    )


def _rules(rules: Sequence[FeedRule], checks: Mapping[tuple[str, str], Check], shown: str) -> None:
    told = [_told(rule, checks.get((rule.code, rule.column)), shown) for rule in rules]
    plain_table(
        pl.DataFrame(sorted(told, key=lambda row: row.pop("place"))),
        key="health_expectations_rules",
        columns={
            "result": st.column_config.TextColumn(_("Last result"), width=105),
            "rule": st.column_config.TextColumn(_("What must hold"), width=370),
            "severity": st.column_config.TextColumn(_("Where it does not"), width=190),
            "checked": st.column_config.TextColumn(_("Checked"), width=75, alignment="right"),
            "failed": st.column_config.TextColumn(_("Broken"), width=70, alignment="right"),
            "line": st.column_config.TextColumn(_("First line"), width=75, alignment="right"),
        },
    )


def _told(rule: FeedRule, check: Check | None, shown: str) -> dict[str, Any]:
    result, place = _result(rule, check)
    return {
        "place": place,
        "result": result,
        "rule": sentence(rule, shown),
        "severity": spoken(_SEVERITIES[rule.severity]),
        "checked": count_text(check.rows_checked, shown) if check else "",
        "failed": count_text(check.rows_failed, shown) if check else "",
        "line": str(check.first_line) if check and check.first_line is not None else "",
    }


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
            details[name] = date_text(value, shown) if _DAY.fullmatch(value) else value
        else:
            words = [column_word(word, shown) for word in value.split(", ")]
            details[name] = words if len(words) > 1 else words[0]
    text = translate(rule.template, details, shown)
    return text[:1].upper() + text[1:]
