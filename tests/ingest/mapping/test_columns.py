"""Which column of the file becomes which canonical column, and the frame that results."""

import datetime as dt

import polars as pl
import pytest

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.header_set import HeaderSet
from pipeline.ingest.dialects.period_columns import period_of_column
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.mapping.columns import canonical_chunk, header_fingerprint, map_columns


def _set(system: str, feed: str):
    return next(
        header_set for header_set in dialects().header_sets if (header_set.system, header_set.feed) == (system, feed)
    )


JIRA = _set("jira", "issues")


def _mapped(header: tuple[str, ...], tool: HeaderSet, profile: dict[str, str] | None = None) -> Mapping:
    return map_columns(header, tool, PLUGINS[tool.feed], profile)


def test_repeated_list_columns_come_together_and_others_take_the_first():
    header = (
        "Issue key",
        "Sprint",
        "Sprint",
        "Labels",
        "Component/s",
        "Component/s",
        "Σ Time Spent",
        "Time Spent",
        "Comment",
    )
    mapping = _mapped(header, JIRA)
    assert mapping.columns == {
        0: "issue_key", 1: "sprints", 2: "sprints", 3: "labels", 4: "module", 7: "time_spent_hours",
        8: "comments",
    }  # fmt: skip
    assert mapping.units == {"time_spent_hours": "seconds"}
    assert mapping.unmapped == ["Σ Time Spent"]
    assert mapping.warnings == []  # a second component is no rival of the first
    raw = pl.DataFrame(
        {
            "c0": ["A-1", "A-2"], "c1": ["S1", None], "c2": ["S2", None], "c3": ["x", None], "c4": ["pay", None],
            "c7": ["3600", None], "c8": ["2026-01-05;p1;a;b", None], "source_row": [2, 3],
        }
    )  # fmt: skip
    frame = canonical_chunk(raw, mapping, PLUGINS["issues"])
    assert frame["sprints"].to_list() == [["S1", "S2"], []]
    assert frame["module"].to_list() == ["pay", None]


def test_two_names_for_one_column_are_reported():
    mapping = _mapped(("Date", "Project", "Time (decimal)", "Time (h)"), _set("clockify", "worklogs"))
    assert mapping.canonical["hours"] == "Time (h)"  # exact to the second, while the decimal one is rounded
    assert mapping.warnings[0][2] == {"canonical": "hours", "used": "Time (h)", "others": "'Time (decimal)'"}


def test_names_that_differ_in_case_only_and_a_profile():
    mapping = _mapped(("ISSUE KEY", "status", "Bemerkung"), JIRA, {"bemerkung": "summary", "status": None})
    assert mapping.columns == {0: "issue_key", 2: "summary"}
    assert mapping.unmapped == ["status"]


def test_custom_fields_never_give_key_dates_or_resolution():
    header = (
        "Issue key",
        "自定义字段(解决方案)",
        "自定义字段(严重程度)",
        "Custom field (Created)",
        "自定义字段(发现阶段)",
    )
    assert _mapped(header, JIRA).columns == {0: "issue_key", 2: "severity", 4: "found_in_phase"}


def test_same_word_other_tool():
    """解决方案 is the resolution in ZenTao; in Jira the resolution is 解决结果."""
    assert _mapped(("Bug编号", "解决方案"), _set("zentao", "issues")).columns == {
        0: "issue_key",
        1: "resolution",
    }
    assert _mapped(("问题关键字", "解决结果"), JIRA).columns == {0: "issue_key", 1: "resolution"}


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("工时", None),
        ("人天", "days"),
        ("工时(分钟)", "minutes"),
        ("工时(人天)", "days"),
        ("Hours", None),
        ("Minutes", "minutes"),
    ],
)
def test_units_by_header(header, unit):
    assert _mapped(("日期", header), _set("generic", "worklogs")).units.get("hours") == unit


def test_money_in_ten_thousands():
    mapping = _mapped(("合同编号", "合同金额（万元）"), _set("generic", "contracts"))
    assert mapping.units == {"amount_incl_tax": "ten_thousand"}


@pytest.mark.parametrize(
    "name", ["2026-01", "2026/1", "2026年1月", "202601", "Jan 2026", "2026-01-01", "January-26", "2026.01"]
)
def test_month_of(name):
    assert period_of_column(name).first == dt.date(2026, 1, 1)


@pytest.mark.parametrize("name", ["2026", "2026-13", "Jan", "合计", "20260115", "1.10"])
def test_no_month(name):
    assert period_of_column(name) is None


def test_wide_budget_names_its_months():
    mapping = _mapped(("项目编号", "WBS编码", "WBS名称", "2026-01", "2026-02", "合计"), _set("generic", "budget"))
    assert mapping.period_columns == {3: dt.date(2026, 1, 1), 4: dt.date(2026, 2, 1)}
    assert mapping.unmapped == ["合计"]
    assert mapping.columns_mapped["2026-02"] == "planned_value"


def test_a_budget_names_its_layer_and_never_takes_an_outline_level_for_one():
    mapping = _mapped(("项目编号", "WBS编码", "架构层", "层级", "月份", "预算金额"), _set("generic", "budget"))
    assert mapping.columns_mapped["架构层"] == "layer"
    assert "层级" in mapping.unmapped
    assert "layer" not in _mapped(("WBS编码", "层级"), _set("generic", "budget")).columns_mapped.values()


def test_direction_and_amount_become_debit_and_credit():
    mapping = _mapped(("日期", "凭证号数", "科目编码", "方向", "金额"), _set("yonyou", "ledger"))
    raw = pl.DataFrame({"c3": ["借", "贷"], "c4": ["5.00", "7.00"], "source_row": [2, 3]})
    frame = canonical_chunk(raw, mapping, PLUGINS["ledger"])
    assert frame["debit"].to_list() == ["5.00", None]
    assert frame["credit"].to_list() == [None, "7.00"]


def test_year_over_month_and_day():
    mapping = _mapped(("2026年月", "2026年日", "凭证号数", "摘要", "借方", "贷方"), _set("yonyou", "ledger"))
    raw = pl.DataFrame({"c0": ["1"], "c1": ["31"], "source_row": [3]})
    assert canonical_chunk(raw, mapping, PLUGINS["ledger"])["booked_on"].to_list() == ["2026-01-31"]


def test_fingerprint_ignores_order_blanks_and_case():
    assert header_fingerprint(("Issue key", "Status")) == header_fingerprint((" status", "ISSUE  KEY"))
    assert header_fingerprint(("Issue key",)) != header_fingerprint(("Issue key", "Status"))
