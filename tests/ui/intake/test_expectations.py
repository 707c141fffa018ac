"""Rules in words, and what asks for a hand first."""

from __future__ import annotations

import datetime as dt

import pytest

from models.feeds import FEEDS
from models.intake import Batch
from pipeline.ingest.checks.expectations import feed_rules
from tests.ingest.exports import a_batch
from ui.intake.expectations import last_batches, sentence


def batch(feed: str, status: str = "landed", held: int = 0, mends: str | None = None, **failed: int) -> Batch:
    checks = [
        {
            "code": f"ingest.{name}",
            "column": "",
            "severity": name,
            "rows_checked": 9,
            "rows_failed": rows,
            "first_line": 2,
        }
        for name, rows in failed.items()
    ]
    report = {"file": "a.csv", "status": "landed", "checks": checks}
    return a_batch("b", status, feed=feed, rows_quarantined=held, mends_batch=mends, report=report)


def test_what_asks_for_a_hand_comes_first() -> None:
    known = [
        batch("issues", hold=0),
        batch("ledger", flag=2),
        batch("schedule", held=1, hold=1),
        batch("risks", "held"),
        batch("budget"),
    ]
    assert list(last_batches(known)) == ["risks", "schedule", "ledger", "budget", "issues"]


def test_the_newest_batch_that_counts_or_waits() -> None:
    known = [batch("issues", "undone"), batch("issues", mends="x"), batch("issues", "held"), batch("issues")]
    assert last_batches(known) == {"issues": known[2]}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("feed", FEEDS)
def test_every_rule_reads_as_a_sentence(feed: str, language: str) -> None:
    for rule in feed_rules(feed, dt.date(2026, 3, 1)):
        told = sentence(rule, language)
        assert "{" not in told and "_" not in told and told.endswith("." if language == "en" else "。"), told


def test_words_of_a_rule() -> None:
    rules = {(rule.code, rule.column): rule for rule in feed_rules("worklogs", dt.date(2026, 3, 1))}
    hours = rules["ingest.hours_out_of_range", "hours"]
    dates = rules["ingest.date_out_of_range", "work_date"]

    def told(rule, language: str) -> str:
        return sentence(rule, language)

    assert told(hours, "en") == "Hours are more than 0 and at most 24."
    assert told(hours, "zh") == "工时大于 0 且不超过 24。"
    assert told(dates, "en") == "Work date must lie between 1 Jan 1990 and 31 Dec 2028."
