"""For which period, or at which day, numbers stand: in words and in the names of files."""

from __future__ import annotations

import datetime as dt

import pytest

from models.words.moments import Moment, at, of_rows, over

JUNE, OCTOBER = dt.date(2026, 6, 30), dt.date(2026, 10, 31)


@pytest.mark.parametrize(
    ("moment", "en", "zh", "mark"),
    [
        (over("month", [JUNE]), "Jun 2026", "2026年6月", "2026-06"),
        (over("month", [OCTOBER, None, JUNE]), "Jun 2026 – Oct 2026", "2026年6月 – 2026年10月", "2026-06_2026-10"),
        # 3 January 2027 is the Sunday of the 53rd week of 2026
        (over("week", [dt.date(2027, 1, 3)]), "W53 2026", "2026年第53周", "2026-W53"),
        (at(JUNE), "data as of 30 Jun 2026", "数据截至 2026年6月30日", "2026-06-30"),
    ],
)
def test_words_and_mark(moment, en, zh, mark):
    assert (moment.words("en"), moment.words("zh"), moment.mark) == (en, zh, mark)


def test_of_nothing_there_is_no_moment():
    assert at(None) is None
    assert over("month", []) is None
    assert of_rows([{"period_kind": "month", "period_end": None}]) is None
    rows = [{"period_kind": "month", "period_end": end} for end in (OCTOBER, None, JUNE)]
    assert of_rows(rows) == Moment(JUNE, OCTOBER, "month")
