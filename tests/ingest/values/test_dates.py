"""Dates as ten languages and their tools write them, each read by its own layout; times are in Shanghai unless they say."""

import datetime as dt

import polars as pl
import pytest

from models.errors import InputError
from pipeline.ingest.values.dates import DateEvidence, instants, settle_dates
from pipeline.ingest.values.month_names import month_numbers

# 10:57 in Shanghai is 02:57 UTC: the zone lies eight hours ahead, all year.
MORNING = dt.datetime(2025, 12, 4, 2, 57)


def _read(*texts: str, asked: str | None = None, zone: str = "Asia/Shanghai") -> list:
    values = pl.Series(texts, dtype=pl.String)
    evidence = DateEvidence()
    evidence.add(values)
    formats, _ = settle_dates({"x": evidence}, asked, "f.csv", {"x": "Created"})
    return instants(values, formats["x"], zone).to_list()


@pytest.mark.parametrize(
    "text",
    [
        "04/Dec/25 10:57 AM", "Dec 4, 2025, 10:57 AM", "Dec 4, 2025 at 10:57\u202fAM", "04-Dec-2025  10:57:00 AM",
        "Thu, 04 Dec 2025 10:57:00 +0800", "Thursday, December 4, 2025 10:57 AM", "2025-Dec-04 10:57",
        "04/十二月/25 10:57 上午", "2025年12月4日 10:57", "2025年12月4日上午10:57", "2025/12/4 10:57", "2025/12/04 上午10:57",
        "04/12月/25 10:57 午前", "2025年12月4日 10時57分",
        "04/dic/25 10:57 AM", "4 de diciembre de 2025 10:57", "04/dic/25 10:57 a. m.",
        "04/dez/25 10:57 AM", "4 de dezembro de 2025 10:57", "4 dez. 2025 10:57",
        "04.12.2025 10:57", "4. Dezember 2025 10:57", "04.12.2025 um 10:57 Uhr", "04/Dez/25 10:57 AM",
        "04/déc./25 10:57 AM", "4 décembre 2025 à 10:57", "04/dec/25 10:57 AM",
        "04/дек/25 10:57 AM", "4 декабря 2025 г. 10:57", "04.12.2025, 10:57",
        "04/gru/25 10:57 AM", "4 grudnia 2025 10:57", "4 gru 2025 10:57",
        "2025-12-04T10:57:00.000000+08:00", "2025-12-04 10:57:00+08", "2025-12-04T02:57:00Z", "1764817020",
        "1764817020000", "2025-12-04 10:57:00 UTC+08:00",
    ],
)  # fmt: skip
def test_one_morning_in_many_tongues(text: str) -> None:
    assert _read(text) == [MORNING]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("17/mai/26 8:40 PM", dt.datetime(2026, 5, 17, 12, 40)),
        ("22/Mar/14 07:59", dt.datetime(2014, 3, 21, 23, 59)),
        ("31/五月/26 7:48 下午", dt.datetime(2026, 5, 31, 11, 48)),
        ("29-Jun-2023  04:00:00 PM", dt.datetime(2023, 6, 29, 8)),
        ("Jan 20, 2023, 6:25 PM", dt.datetime(2023, 1, 20, 10, 25)),
        ("31/Dec/25 12:05 AM", dt.datetime(2025, 12, 30, 16, 5)),
        ("31/Dec/25 12:05 PM", dt.datetime(2025, 12, 31, 4, 5)),
        ("2025-12-04T10:57:00.123456+08:00", dt.datetime(2025, 12, 4, 2, 57, 0, 123456)),
        ("45995.5", dt.datetime(2025, 12, 4, 4)),  # Excel: 45,995 days after 1899-12-30, and half a day
    ],
)
def test_what_real_exports_held(text: str, moment: dt.datetime) -> None:
    assert _read(text) == [moment]


def test_two_digits_of_a_year_turn_with_1970() -> None:
    """As the clocks of most systems begin."""
    assert [moment.year for moment in _read("15.06.69", "15.06.70", "15.06.99", "15.06.00")] == [2069, 1970, 1999, 2000]


def test_every_month_of_every_language() -> None:
    # Genitive as in a sentence and nominative, short and long, from the grammar of each language.
    august = """
        aug august agosto ago août aout авг августа август sie sierpnia sierpień 8月 八月
    """
    november = """
        nov november noviembre novembro novembre нояб ноя ноября lis listopada listopad 11月 十一月
    """
    assert {month_numbers()[name] for name in august.split()} == {8}
    assert {month_numbers()[name] for name in november.split()} == {11}
    assert set(month_numbers().values()) == set(range(1, 13))


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13-01", "31/Jun/26", "04/Foo/25", "2025-12-04 25:00", "30.02.2026"]
)
def test_a_day_that_no_calendar_holds_is_no_date(text: str) -> None:
    assert _read(text) == [None]


def test_one_value_over_twelve_proves_the_column() -> None:
    # 1 February and 13 February: the second says that the day comes first; midnight in Shanghai is 16:00 UTC the day before
    assert _read("01/02/2026", "13/02/2026") == [dt.datetime(2026, 1, 31, 16), dt.datetime(2026, 2, 12, 16)]
    assert _read("02/01/2026", "02/13/2026") == [dt.datetime(2026, 1, 31, 16), dt.datetime(2026, 2, 12, 16)]


def test_an_undecidable_order_is_asked_with_a_value_of_the_file() -> None:
    with pytest.raises(InputError) as caught:
        _read("02/02/2026", "01/02/2026")
    assert caught.value.code == "ingest.date_order_undecided"
    assert caught.value.details["questions"] == [
        {"code": "date_order", "column": "Created", "value": "01/02/2026", "dmy": "2026-02-01", "mdy": "2026-01-02"}
    ]
    assert _read("01/02/2026", asked="mdy") == [dt.datetime(2026, 1, 1, 16)]


def test_both_orders_in_one_column_are_never_mixed() -> None:
    with pytest.raises(InputError) as caught:
        _read("13/02/2026", "02/13/2026")
    assert caught.value.code == "ingest.date_order_mixed"
    assert caught.value.details["questions"][0]["mdy"] is None  # 13/02 is no day with the month first
    assert _read("13/02/2026", "02/13/2026", asked="dmy") == [dt.datetime(2026, 2, 12, 16), None]


def test_hours_that_the_clock_skips_and_repeats() -> None:
    # In Berlin 2026-03-29 02:00 becomes 03:00, and 2026-10-25 03:00 becomes 02:00; of a repeated hour the first is meant.
    assert _read("2026-03-29 02:30", "2026-03-29 03:30", "2026-10-25 02:30", zone="Europe/Berlin") == [
        None,
        dt.datetime(2026, 3, 29, 1, 30),
        dt.datetime(2026, 10, 25, 0, 30),
    ]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("Fri Feb 27 2026 09:00:00 GMT+0000 (GMT)", "2026-02-27T09:00:00"),  # as JavaScript prints a date
        ("Mon Mar 02 2026 09:00:00 GMT+0800 (中国标准时间)", "2026-03-02T01:00:00"),
        ("Fri Feb 27 09:00:00 UTC 2026", "2026-02-27T09:00:00"),  # Java
        ("Tue Mar 10 09:00:00 2026", "2026-03-10T01:00:00"),  # C; 09:00 in Shanghai
        ("周一 2026-03-02 09:00", "2026-03-02T01:00:00"),
        ("2026年3月2日(周一) 09:30", "2026-03-02T01:30:00"),
        ("2026/03/02 星期一", "2026-03-01T16:00:00"),
        ("Monday 27 April 2026", "2026-04-26T16:00:00"),
        ("Montag, 2. März 2026", "2026-03-01T16:00:00"),
        ("Mo 02.03.2026", "2026-03-01T16:00:00"),
        ("Mar 02 2026", "2026-03-01T16:00:00"),  # March, though it is also a Tuesday in Spanish
    ],
)
def test_dates_with_weekdays_and_zones_in_words(text: str, utc: str) -> None:
    assert _read(text)[0].isoformat() == utc


def test_a_zone_of_three_letters_that_nobody_can_place_does_not_read() -> None:
    evidence = DateEvidence()
    evidence.add(pl.Series(["Fri Feb 27 09:00:00 CST 2026"]))
    assert evidence.unreadable == 1


def test_weekdays_prove_the_order() -> None:
    """2 March 2026 was a Monday, 3 February a Tuesday: only the month first fits both."""
    evidence = DateEvidence()
    evidence.add(pl.Series(["Mon 3/2/26", "Tue 3/3/26"]))
    assert (evidence.order, evidence.unreadable) == ("mdy", 0)
