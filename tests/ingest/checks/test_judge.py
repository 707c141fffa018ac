"""Great Expectations at ingest: which rules refuse a file, hold back a row, or flag it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import polars as pl
import pytest

from models.errors import InputError
from models.feeds import FEEDS
from pipeline.ingest.checks.expectations import expectations
from pipeline.ingest.checks.judge import checks_for

TODAY = dt.date(2026, 3, 1)


def worklogs(**columns: list) -> pl.DataFrame:
    rows = len(next(iter(columns.values())))
    return pl.DataFrame(
        {"work_date": [dt.date(2026, 1, 5)] * rows, "hours": [1.0] * rows, "source_row": list(range(2, rows + 2))}
        | columns
    )


def test_hours_of_a_row() -> None:
    checked = checks_for("worklogs", TODAY).run(worklogs(hours=[0.0, 0.1, 24.0, 24.5, -3.0]), "w.csv")
    assert [(failure.position, failure.source_row) for failure in checked.held] == [(0, 2), (3, 5), (4, 6)]
    assert checked.held[0].rule.code == "ingest.hours_out_of_range"


def test_dates_from_1990_to_two_years_ahead() -> None:
    days = [dt.date(1989, 12, 31), dt.date(1990, 1, 1), dt.date(2028, 12, 31), dt.date(2029, 1, 1)]
    checked = checks_for("worklogs", TODAY).run(worklogs(work_date=days), "w.csv")
    assert [failure.source_row for failure in checked.held] == [2, 5]


def test_an_instant_late_on_the_last_day_is_still_inside() -> None:
    issues = pl.DataFrame(
        {"issue_key": ["A-1"], "created_at": [dt.datetime(2028, 12, 31, 23, 59, 59)], "source_row": [2]}
    )
    assert not checks_for("issues", TODAY).run(issues, "i.csv").held


def test_plans_may_lie_further_ahead_than_events() -> None:
    rows = pl.DataFrame(
        {
            "contract_no": ["C1", "C2"],
            "project": ["P", "P"],
            "direction": ["sales", "sales"],
            "amount_incl_tax": [1, 1],
            "warranty_end": [dt.date(2036, 1, 1), dt.date(2062, 1, 1)],
            "source_row": [2, 3],
        }
    )
    assert [failure.source_row for failure in checks_for("contracts", TODAY).run(rows, "c.csv").held] == [3]


def test_more_lines_covered_than_there_are() -> None:
    rows = pl.DataFrame(
        {
            "module": ["a", "b"],
            "measured_on": [TODAY, TODAY],
            "lines_valid": [10, 10],
            "lines_covered": [10, 11],
            "source_row": [2, 3],
        }
    )
    held = checks_for("coverage", TODAY).run(rows, "c.csv").held
    assert [(failure.source_row, failure.rule.code) for failure in held] == [(3, "ingest.more_covered_than_valid")]
    assert "10 lines are valid" not in held[0].rule.template  # the numbers are details, so that the sentence translates


def test_finished_before_created_is_flagged_and_stays() -> None:
    rows = pl.DataFrame(
        {
            "issue_key": ["A-1", "A-2"],
            "created_at": [dt.datetime(2026, 1, 2)] * 2,
            "resolved_at": [dt.datetime(2026, 1, 1), None],
            "source_row": [2, 3],
        }
    )
    checked = checks_for("issues", TODAY).run(rows, "i.csv")
    assert not checked.held and [failure.source_row for failure in checked.flagged] == [2]


def test_a_row_is_held_back_once_however_many_rules_it_breaks() -> None:
    rows = worklogs(hours=[99.0], work_date=[dt.date(2062, 1, 1)])
    assert len(checks_for("worklogs", TODAY).run(rows, "w.csv").held) == 1


def test_batch_rules_refuse() -> None:
    with pytest.raises(InputError) as error:
        checks_for("worklogs", TODAY).run(worklogs(hours=[1.0]).drop("hours"), "w.csv")
    assert error.value.code == "ingest.required_column_missing" and error.value.details["column"] == "hours"
    with pytest.raises(InputError) as error:
        checks_for("worklogs", TODAY).run(worklogs(hours=[1.0]).clear(), "w.csv")
    assert error.value.code == "ingest.no_rows"


@pytest.mark.parametrize("feed", FEEDS)
def test_every_rule_names_columns_of_its_feed(feed: str) -> None:
    names = {column.name for column in FEEDS[feed].columns}
    rules = expectations(feed, TODAY)
    assert bool(rules) == (feed != "account_mapping")  # its columns are text, any of which may be said
    for rule in rules:
        judged = set(rule.either) or {rule.column, rule.at_least} - {None}
        assert set() < judged <= names, rule


@pytest.mark.whole  # a process of its own
def test_importing_ingest_is_light_and_checks_send_nothing() -> None:
    script = (
        "import sys, pipeline.ingest\n"
        "assert not {'great_expectations', 'dbt', 'pandas', 'streamlit'} & set(sys.modules)\n"
        "from pipeline.ingest.checks.judge import _library\n"
        "_library()\n"
        "import os\n"
        "assert os.environ['GX_ANALYTICS_ENABLED'] == 'false'\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)
