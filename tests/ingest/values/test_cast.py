"""Text becomes dates, numbers and words: settled per column over the whole file, held back row by row, never guessed."""
# ruff: noqa: E501 (a case stands on one line)

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from models.errors import InputError
from models.feeds import FEEDS
from pipeline.ingest.dialects import dialects
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.values import dates
from pipeline.ingest.values.amounts import hours_of, number_of
from pipeline.ingest.values.cast import cast_chunk, iso_formats, settle_formats
from pipeline.ingest.values.formats import ReadOptions

UTC8 = ReadOptions()  # Asia/Shanghai, eight hours ahead of UTC all year


def _cast(feed: str, options: ReadOptions | None = None, system: str = "generic", **columns):
    """Canonical text columns (a list of cells each) through settle and cast, as one chunk."""
    height = len(next(iter(columns.values())))
    frame = pl.DataFrame({name: pl.Series(cells, dtype=pl.String) for name, cells in columns.items()})
    frame = frame.with_columns(pl.int_range(2, height + 2, dtype=pl.Int64).alias("source_row"))
    formats = settle_formats(PLUGINS[feed], [frame], options, system=system, file="x.csv")
    rows, rejected = cast_chunk(PLUGINS[feed], frame, formats)
    assert rows.schema == {name: kind for name, kind in FEEDS[feed].schema().items() if name != "batch_id"}
    assert len(rows) + len(rejected) == height
    return rows, rejected, formats


def _created(*cells: str, **options) -> list:
    keys = [f"A-{number}" for number in range(len(cells))]
    rows, rejected, _ = _cast("issues", ReadOptions(**options), issue_key=keys, created_at=list(cells))
    held = {row.source_row - 2 for row in rejected}
    read = iter(rows["created_at"].to_list())
    return ["held" if index in held else next(read) for index in range(len(cells))]


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2026-01-31", (2026, 1, 31)),
        ("2026-01-31 19:48", (2026, 1, 31, 19, 48)),
        ("2026-01-31T19:48:05", (2026, 1, 31, 19, 48, 5)),
        ("2026-01-31T19:48:05.123456", (2026, 1, 31, 19, 48, 5, 123456)),
        ("2026-01-31T19:48:05.12+0800", (2026, 1, 31, 19, 48, 5, 120000)),
        ("2026-01-31T11:48:05Z", (2026, 1, 31, 19, 48, 5)),
        ("2026-01-31T06:48:05-05:00", (2026, 1, 31, 19, 48, 5)),
        ("2026/1/31", (2026, 1, 31)),
        ("2026.01.31", (2026, 1, 31)),
        ("2026年1月31日", (2026, 1, 31)),
        ("2026年1月31日 19:48", (2026, 1, 31, 19, 48)),
        ("2026/1/31 下午7:48", (2026, 1, 31, 19, 48)),
        ("20260131", (2026, 1, 31)),
        ("31/五月/26 7:48 下午", (2026, 5, 31, 19, 48)),
        ("31/十二月/26 12:05 上午", (2026, 12, 31, 0, 5)),
        ("31/5月/26 12:05 下午", (2026, 5, 31, 12, 5)),
        ("26/八月/19", (2019, 8, 26)),
        ("04/dic/25 10:57 AM", (2025, 12, 4, 10, 57)),
        ("17/mai/26 8:40 PM", (2026, 5, 17, 20, 40)),
        ("22/Mar/14 07:59", (2014, 3, 22, 7, 59)),
        ("29-Jun-2023  04:00:00 PM", (2023, 6, 29, 16)),
        ("Jan 20, 2023, 6:25 PM", (2023, 1, 20, 18, 25)),
        ("05/мая/26 10:00", (2026, 5, 5, 10)),
        ("31.01.2026 08:00", (2026, 1, 31, 8)),
        ("31/01/2026", (2026, 1, 31)),
        ("1/31/2026", (2026, 1, 31)),
        ("46053", (2026, 1, 31)),  # Excel counts days: 2026-01-31 is day 46,053
        ("46053.825", (2026, 1, 31, 19, 48)),  # 0.825 of a day is 19.8 hours
        ("1769860085", (2026, 1, 31, 19, 48, 5)),  # seconds since 1970 of 2026-01-31 11:48:05 UTC
        ("1769860085000", (2026, 1, 31, 19, 48, 5)),
    ],
)
def test_instants_are_stored_in_utc(text, local):
    assert _created(text) == [dt.datetime(*local) - dt.timedelta(hours=8)]


@pytest.mark.parametrize("many", [1, 6_000])
def test_days_and_times_read_once_give_the_same(many):
    """Above 5,000 rows each distinct day and time is read once; the result must not depend on it."""
    cells = ["31/五月/26 7:48 下午", "01/一月/26 12:05 上午", "15/三月/25"] * many
    assert _created(*cells)[:3] == [
        dt.datetime(2026, 5, 31, 11, 48),
        dt.datetime(2025, 12, 31, 16, 5),
        dt.datetime(2025, 3, 14, 16),
    ]


def test_dates_keep_the_day_as_written():
    rows, _, _ = _cast(
        "worklogs", work_date=["2026-01-31", "2026-01-30T23:30:00Z", "2026/1/29 08:00"], hours=["1", "2", "3"]
    )
    # The one with an offset is the 31st in Shanghai.
    assert rows["work_date"].to_list() == [dt.date(2026, 1, 31), dt.date(2026, 1, 31), dt.date(2026, 1, 29)]


def test_impossible_dates_hold_their_row_back_with_column_and_value():
    rows, rejected, _ = _cast("worklogs", work_date=["2026-02-28", "2026-02-30", "29/02/2026"], hours=["1", "2", "3"])
    assert rows["work_date"].to_list() == [dt.date(2026, 2, 28)]
    assert [(row.source_row, row.column, row.value) for row in rejected] == [
        (3, "work_date", "2026-02-30"),
        (4, "work_date", "29/02/2026"),
    ]
    assert rejected[0].reason == "Column 'work_date': '2026-02-30' is not a date."


def test_leap_years():
    assert _created("2024-02-29", "2023-02-29", "2000-02-29", "1900-02-29")[1::2] == ["held", "held"]


def test_undecidable_order_is_asked_for_never_guessed():
    with pytest.raises(InputError) as caught:
        _created("01/02/2026", "03/04/2026")
    assert caught.value.code == "ingest.date_order_undecided"
    assert "--date-order" in str(caught.value)
    assert _created("01/02/2026", date_order="dmy") == [
        dt.datetime(2026, 1, 31, 16)
    ]  # 1 February, midnight in Shanghai
    assert _created("01/02/2026", date_order="mdy") == [dt.datetime(2026, 1, 1, 16)]


def test_one_value_proves_the_whole_column():
    assert _created("01/02/2026", "13/02/2026")[0] == dt.datetime(2026, 1, 31, 16)
    assert _created("01/02/2026", "02/13/2026")[0] == dt.datetime(2026, 1, 1, 16)


def test_another_column_of_the_file_proves_it():
    rows, _, _ = _cast("issues", issue_key=["A-1"], created_at=["01/02/2026"], updated_at=["13/02/2026"])
    assert rows["created_at"].to_list() == [dt.datetime(2026, 1, 31, 16)]


def test_contradicting_orders_are_refused():
    with pytest.raises(InputError) as caught:
        _created("13/02/2026", "02/13/2026")
    assert caught.value.code == "ingest.date_order_mixed"
    assert _created("13/02/2026", "02/13/2026", date_order="dmy") == [dt.datetime(2026, 2, 12, 16), "held"]


def test_same_day_and_month_need_no_order():
    assert _created("01/01/2026", "02/02/2026") == [dt.datetime(2025, 12, 31, 16), dt.datetime(2026, 2, 1, 16)]


def test_two_formats_in_one_column_are_read_and_reported():
    rows, rejected, formats = _cast(
        "worklogs", work_date=["2026-01-31", "2026-01-30", "29/01/2026"], hours=["1", "2", "3"]
    )
    assert (len(rows), rejected) == (3, [])
    assert formats.date_format == "yyyy-mm-dd + dd/mm/yyyy"
    assert [warning[0] for warning in formats.all_warnings()] == ["ingest.several_date_formats"]


def test_an_undecidable_minority_is_held_back():
    rows, rejected, _ = _cast("worklogs", work_date=["2026-01-31", "2026-01-30", "01/02/2026"], hours=["1", "2", "3"])
    assert (len(rows), [row.value for row in rejected]) == (2, ["01/02/2026"])


def test_day_numbers_only_where_the_whole_column_is_made_of_them():
    rows, rejected, _ = _cast("worklogs", work_date=["2026-01-31", "46053", "2026-01-30"], hours=["1", "2", "3"])
    assert (len(rows), [row.value for row in rejected]) == (2, ["46053"])


def test_zero_dates_and_words_for_nothing_are_null():
    cells = ["0000-00-00", "", "-", "_", "N/A", "null", "None", "2026-01-31"]
    rows, rejected, _ = _cast("issues", issue_key=list("abcdefgh"), due_on=cells)
    assert (rejected, rows["due_on"].to_list()) == ([], [None] * 7 + [dt.date(2026, 1, 31)])


def test_daylight_saving():
    # In New York 02:30 on 8 March 2026 does not exist; 01:30 on 1 November comes twice and the first (UTC−4) is taken.
    read = _created("2026-03-08 02:30", "2026-11-01 01:30", time_zone="America/New_York")
    assert read == ["held", dt.datetime(2026, 11, 1, 5, 30)]


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("1,234.50", False, "1234.50"), ("1.234,50", True, "1234.50"), ("2.000,0", True, "2000.0"), ("12,5", True, "12.5"),
        ("1 234,5", True, "1234.5"), ("１２３．５", False, "123.5"), ("￥1,234.00", False, "1234.00"), ("1234元", False, "1234"),
        ("(1,234)", False, "-1234"), ("-5", False, "-5"), ("1,234-", False, "-1234"), ("−7", False, "-7"), ("1.2E+05", False, "1.2E+5"),
        ("3万", False, "30000"), ("12,34,567", False, "1234567"), (".5", False, "0.5"),
        ("NaN", False, None), ("inf", False, None), ("1.234.5", False, None), ("abc", False, None), ("1,2,3", False, None),
        ("1.5", True, None), ("", False, None), ("1e999999", False, None),
    ],
)  # fmt: skip
def test_numbers(text, comma, value):
    assert number_of(text, comma) == (None if value is None else Decimal(value))


def _amounts(*cells: str):
    rows, rejected, formats = _cast(
        "costs",
        project=["P"] * len(cells),
        category=["labor"] * len(cells),
        booked_on=["2026-01-31"] * len(cells),
        amount=list(cells),
    )
    return rows["amount"].to_list(), [row.value for row in rejected], [warning[0] for warning in formats.all_warnings()]


def test_decimal_mark_is_settled_over_the_column():
    assert _amounts("1.234", "12,50", "7")[0] == [Decimal("1234"), Decimal("12.5"), Decimal("7")]
    assert _amounts("1,234", "12.50")[0] == [Decimal("1234"), Decimal("12.5")]
    assert _amounts("1,234") == ([Decimal("1234")], [], ["ingest.thousands_assumed"])


def test_money_is_exact_and_rounded_half_to_even():
    # 0.125 → 0.12 and 0.375 → 0.38: half to even; a float would turn 1.005 into 1.00499…
    amounts, held, warned = _amounts("0.125", "0.375", "1.005", "12345678901234.56", "100")
    assert amounts == [Decimal("0.12"), Decimal("0.38"), Decimal("1.00"), Decimal("12345678901234.56"), Decimal("100")]
    assert (held, warned) == ([], ["ingest.amounts_rounded"])


def test_a_bad_amount_holds_its_row_back_alone():
    assert _amounts("1", "12a", "NaN", "3")[:2] == ([Decimal("1"), Decimal("3")], ["12a", "NaN"])
    assert _amounts("1", "99999999999999999999")[1] == ["99999999999999999999"]  # more than 18 digits


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8h 30m", 8.5), ("00:38:20", 38 / 60 + 20 / 3600), ("1:30", 1.5), ("26:15", 26.25), ("7.5", 7.5), ("2 人天", 16), ("1w 2d", 56),
        ("2 周, 2 天, 30 分", 96.5), ("30分钟", 0.5), ("PT8H30M", 8.5), ("1.5h", 1.5), ("-0:30", -0.5), ("8 小时 30 分钟", 8.5),
        ("1人月", 174), ("abc", None), ("8x", None), ("1:75", None), ("NaN", None),
    ],
)  # fmt: skip
def test_hours(text, hours):
    # A day has 8 hours, a week 5 days, a person-month 21.75 days.
    assert hours_of(text, False) == (None if hours is None else pytest.approx(hours))


def test_hours_in_other_units():
    frame = pl.DataFrame({"work_date": ["2026-01-31"] * 2, "hours": ["3600", "1:30"], "source_row": [2, 3]})
    for unit, expected in (("seconds", 1.0), ("minutes", 60.0), ("days", 28_800.0)):
        formats = settle_formats(PLUGINS["worklogs"], [frame])
        formats.units["hours"] = unit
        rows, _ = cast_chunk(PLUGINS["worklogs"], frame, formats)
        assert rows["hours"].to_list() == pytest.approx([expected, 1.5])  # a clock time says its unit itself


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (["20%", "100\u00a0%", "5.5 %"], [0.2, 1.0, 0.055]),
        (["0.2", "1", "0"], [0.2, 1.0, 0.0]),
        (["20", "1", "0"], [0.2, 0.01, 0.0]),
        (["13%", "0.13"], [0.13, 0.13]),
    ],
)
def test_shares(cells, shares):
    rows, _, _ = _cast(
        "payment_terms", contract_no=["C"] * len(cells), node=[f"n{i}" for i in range(len(cells))], share=cells
    )
    assert rows["share"].to_list() == pytest.approx(shares)


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (["高", "中", "低"], [0.7, 0.5, 0.3]),
        (["1", "5", "3"], [0.1, 0.9, 0.5]),
        (["30%", "高"], [0.3, 0.7]),
        (["30", "5"], [0.3, 0.05]),
    ],
)
def test_probabilities(cells, shares):
    count = len(cells)
    rows, _, _ = _cast(
        "risks",
        project=["P"] * count,
        risk_id=[str(i) for i in range(count)],
        status=["打开"] * count,
        probability=cells,
    )
    assert rows["probability"].to_list() == pytest.approx(shares)
    assert rows["status"].to_list() == ["open"] * count


def test_required_and_unreadable_values_are_held_back_once_each():
    rows, rejected, _ = _cast("worklogs", work_date=["2026-01-31", None, "bad"], hours=[None, "8", "x"])
    assert len(rows) == 0
    assert [(row.source_row, row.code, row.column) for row in rejected] == [
        (2, "ingest.value_missing", "hours"),
        (3, "ingest.value_missing", "work_date"),
        (4, "ingest.bad_date", "work_date"),
    ]


def test_a_bad_value_deep_in_a_file_is_that_row_only():
    count = 50_010
    dates_ = ["2026-01-31"] * count
    dates_[50_000] = "soon"  # line 50,002 of the file: the header is line 1
    rows, rejected, _ = _cast("worklogs", work_date=dates_, hours=["8"] * count)
    assert (len(rows), [(row.source_row, row.value) for row in rejected]) == (count - 1, [(50_002, "soon")])


def test_an_optional_column_of_something_else_is_left_out_with_a_warning():
    rows, rejected, formats = _cast(
        "risks", project=["P"] * 2, risk_id=["1", "2"], status=["open"] * 2, impact_cost=["高", "中"]
    )
    assert (rejected, rows["impact_cost"].to_list()) == ([], [None, None])
    assert [warning[0] for warning in formats.all_warnings()] == ["ingest.column_unreadable"]


def test_codes_stay_text():
    codes = ["007", "12345678901234567890", "1.2E+05", "1.0", "1.10", " A-1\u00a0"]
    rows, _, _ = _cast("issues", issue_key=codes)
    assert rows["issue_key"].to_list() == ["007", "12345678901234567890", "1.2E+05", "1.0", "1.10", "A-1"]


def test_months_stand_for_their_first_day():
    rows, _, _ = _cast(
        "budget",
        project=["P"] * 4,
        wbs_code=["1.10"] * 4,
        period_start=["2026-01", "2026年3月", "202611", "2026/4"],
        planned_value=["1"] * 4,
    )
    assert rows["period_start"].to_list() == [dt.date(2026, month, 1) for month in (1, 3, 11, 4)]


def test_account_codes_lose_what_excel_added():
    rows, _, _ = _cast(
        "ledger",
        period=["2026-01"] * 2,
        voucher_no=["记-1"] * 2,
        booked_on=["2026.01.31"] * 2,
        account_code=["1002.0", "5401.01"],
        debit=["1", "2"],
    )
    assert rows["account_code"].to_list() == ["1002", "5401.01"]


def test_zentao_words():
    rows, _, _ = _cast(
        "issues", system="zentao", issue_key=["1"], project=["医保结算(#12)"], module=["/支付(#3)"], severity=["1"], status=["已解决"],
        resolution=["延期处理"], defect_cause=["代码错误"], assignee=["Closed"], summary=["失败(#5)"],
    )  # fmt: skip
    assert rows.select("project", "module", "severity", "status_category", "resolution", "defect_cause", "assignee", "summary").row(0) == (
        "医保结算", "/支付", "fatal", "done", "deferred", "code", None, "失败(#5)",
    )  # fmt: skip


def test_tapd_people_and_labels():
    rows, _, _ = _cast("issues", system="tapd", issue_key=["1"], assignee=["张三;"], labels=["支付|接口"])
    assert rows.select("assignee", "labels").row(0) == ("张三", ["支付", "接口"])


def test_unknown_words_are_kept_never_guessed():
    rows, _, _ = _cast(
        "issues", issue_key=["1"], issue_type=["Spike "], resolution=["Moved elsewhere"], status=["待商务确认"]
    )
    assert rows.select("issue_type", "resolution", "status", "status_category").row(0) == (
        "spike",
        "moved elsewhere",
        "待商务确认",
        None,
    )


def test_cancelled_is_not_done():
    rows, _, _ = _cast("issues", issue_key=["1", "2"], status=["Closed", "Closed"], resolution=["Cancelled", "Fixed"])
    assert rows["status_category"].to_list() == ["cancelled", "done"]


@pytest.mark.parametrize(
    ("column", "word", "canonical"),
    [
        ("issues.severity", "致命", "fatal"), ("issues.severity", "4", "minor"), ("issues.severity", "建议", "suggestion"), ("issues.severity", "提示", "minor"),
        ("issues.resolution", "设计如此", "as_designed"), ("issues.resolution", "重复bug", "duplicate"), ("issues.resolution", "外部原因", "third_party"),
        ("issues.resolution", "已解决", "fixed"), ("issues.resolution", "无法重现", "cannot_reproduce"), ("issues.resolution", "不予解决", "wont_fix"),
        ("issues.resolution", "转为需求", "to_requirement"), ("issues.resolution", "won't do", "wont_fix"), ("issues.issue_type", "缺陷", "defect"),
        ("issues.issue_type", "bug", "defect"), ("issues.issue_type", "子任务", "sub_task"), ("test_results.outcome", "阻塞", "blocked"), ("test_results.outcome", "忽略", "skipped"),
        ("issues.status", "激活", "to_do"), ("issues.status", "进行中", "in_progress"), ("issues.status", "已关闭", "done"), ("issues.status", "已取消", "cancelled"),
    ],
)  # fmt: skip
def test_words_of_the_tools(column, word, canonical):
    assert dialects().words(column)[word] == canonical


def test_vocabularies_name_columns_that_exist():
    assert len(dialects().meanings) == 31  # 30 columns of words, and the states
    assert all(FEEDS[feed].column(column) for feed, column in dialects().meanings)


def test_given_values_fill_empty_cells_only():
    options = ReadOptions(given={"project": "P9"})
    rows, _, _ = _cast("worklogs", options, work_date=["2026-01-31"] * 2, hours=["1", "2"], project=["P1", None])
    assert rows["project"].to_list() == ["P1", "P9"]


def test_flags():
    rows, rejected, _ = _cast(
        "worklogs", work_date=["2026-01-31"] * 4, hours=["1"] * 4, approved=["是", "No", None, "maybe"]
    )
    assert rows["approved"].to_list() == [True, False, None]
    assert [row.value for row in rejected] == ["maybe"]


def test_readers_with_iso_text_need_no_settling():
    frame = pl.DataFrame({"issue_key": ["A-1"], "created_at": ["2021-05-04T10:11:12.000+0000"], "source_row": [1]})
    rows, rejected = cast_chunk(PLUGINS["issues"], frame, iso_formats(FEEDS["issues"]))
    assert (rows["created_at"].to_list(), rejected) == ([dt.datetime(2021, 5, 4, 10, 11, 12)], [])


def test_labels_of_formats_are_words():
    assert dates.DateFormat(("numeric",), "dmy").label == "dd/mm/yyyy"
