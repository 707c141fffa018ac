"""Sentences in both languages, and text from files that stays text."""

import json

import pytest

from models.errors import InputError, kept_message
from models.feeds import FEEDS
from models.vocabulary import BatchStatus, FileStatus, Flag, KpiStatus, Phase, Section
from models.words import terms, wording
from models.words.columns import column_word
from models.words.locales import LANGUAGES
from ui.shell.wording import language, safe


def test_every_word_of_the_closed_lists_is_chinese():
    words = [wording.status_word(status, "zh") for status in KpiStatus]
    words += [terms.flag_word(flag, "zh") for flag in Flag]
    words += [terms.file_status_word(status, "zh") for status in (*FileStatus, *BatchStatus)]
    words += [terms.section_word(section, "zh") for section in Section]
    words += [terms.phase_word(phase, "zh") for phase in Phase]
    words += [wording.feed_word(feed, "zh") for feed in FEEDS]
    assert not [word for word in words if word.isascii()]


def test_statuses_use_the_words_of_the_glossary():
    assert [wording.status_word(status, "zh") for status in ("ok", "warning", "critical", "no_data")] == [
        "正常",
        "预警",
        "超限",
        "无数据",
    ]
    assert wording.status_word("too_early", "zh") == "数据不足，暂不评价"
    assert [wording.STATUS_SIGNS[status] for status in KpiStatus][:5] == ["●", "▲", "■", "○", "–"]


@pytest.mark.parametrize(
    ("words", "glossary"),
    [
        ([terms.flag_word(flag, "zh") for flag in ("provisional", "stale")], ["暂定(未结账)", "数据过期"]),
        (
            [terms.file_status_word(status, "zh") for status in ("landed", "unchanged", "refused")],
            ["已入库", "内容未变", "校验未通过"],
        ),
        ([wording.translate(word, None, "zh") for word in ("Decided by", "Basis")], ["决定人", "依据"]),
        (
            [wording.translate(word, None, "zh") for word in ("Total float", "Free float", "commitment")],
            ["总浮动时间", "自由浮动时间", "已承诺未发生"],
        ),
        (
            [wording.translate(word, None, "zh") for word in ("Acknowledge", "Snooze", "Waive", "Assign")],
            ["认领", "暂停提醒", "豁免", "指派"],
        ),
        (
            [wording.translate(word, None, "zh") for word in ("Dry run", "Undo", "Redo", "Quarantined rows")],
            ["预检(不入库)", "撤销入库", "恢复入库", "待处理数据(隔离)"],
        ),
    ],
)
def test_words_are_those_of_the_glossary(words, glossary):
    assert words == glossary


def test_blanks_are_filled_and_missing_ones_stay_visible():
    assert wording.translate("{file}, line {line}: {what}", {"file": "a.csv", "line": 3}, "en") == (
        "a.csv, line 3: {what}"
    )
    assert wording.translate("Found: {names}", {"names": ["日期", "人员"]}, "zh") == "Found: 日期、人员"


def test_a_blank_cannot_reach_into_what_fills_it():
    # A template may only be ours, but what fills it is text from a file: braces in it are left alone.
    assert wording.translate("{name}", {"name": "{name.__class__}"}, "en") == "{name.__class__}"


def test_only_our_own_errors_speak_on_screen():
    assert wording.error_text(InputError("ingest.x", "{file} is empty.", file="a.csv"), "en") == "a.csv is empty."
    assert "secret" not in wording.error_text(RuntimeError("secret"), "en")


def test_an_old_reason_without_a_template_is_still_shown():
    assert wording.reason_text({"code": "ingest.old", "message": "too many rows"}, "zh") == "too many rows"


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "![x](http://a/b.png)", "[x](javascript:1)", ":red[x]", "$a$", "# head", "- item"],
)
def test_text_from_a_file_holds_no_markup(text):
    escaped = safe(text)
    for mark in "<>![]()$#:-":
        assert escaped.count(mark) == escaped.count(f"\\{mark}")


def test_names_of_icons_are_broken_up():
    assert ":material/home:" not in safe(":material/home:").replace("\\", "")


def test_outside_a_session_the_language_is_english():
    assert language() == "en"


def test_a_message_within_a_message_is_worded_with_it():
    held = {"template": "Column '{column}': '{value}' is not a date.", "details": {"column": "due_on", "value": "soon"}}
    row = "{file}: the sheet '{sheet}' was left out. {reason}"
    error = InputError("x", row, file="a.xlsx", sheet="b", reason=held)
    assert str(error) == "a.xlsx: the sheet 'b' was left out. Column 'due_on': 'soon' is not a date."
    assert wording.error_text(error, "zh").endswith("列“到期日”：“soon”不是日期。")


def test_a_stored_message_is_read_in_every_language_and_an_old_sentence_as_it_stands():
    error = InputError("x", "{file} is empty. Export it again; nothing was loaded.", file="a.csv")
    kept = kept_message(json.dumps(error.as_json()))
    assert wording.reason_text(kept, "en") == "a.csv is empty. Export it again; nothing was loaded."
    assert wording.reason_text(kept, "zh") == wording.error_text(error, "zh") != str(error)
    assert str(InputError.of(kept)) == str(error)
    # An earlier version stored the sentence whole: it is not looked for in the catalog.
    assert wording.reason_text(kept_message(str(error)), "zh") == str(error)
    assert kept_message(None) is None


def test_several_members_are_listed_as_the_language_lists_them():
    error = InputError("x", "Names: {names}.", names=["a", "b"])
    assert str(error) == "Names: a, b."
    assert wording.error_text(error, "zh") == "Names: a、b."


def test_every_canonical_column_has_its_words_and_no_feed_has_two_alike():
    for feed in FEEDS.values():
        for spoken in LANGUAGES:
            words = [column_word(column.name, spoken) for column in feed.columns]
            assert len(set(words)) == len(words), feed.name
        assert not [c.name for c in feed.columns if c.name not in ("wbs_code",) and "_" in column_word(c.name, "en")]
        assert not [c.name for c in feed.columns if column_word(c.name, "zh").isascii()]


def test_stored_instants_and_feeds_are_said_in_words():
    details = {"feed": "worklogs", "landed_at": "2026-11-22T17:28:42Z"}  # 17:28 UTC is 01:28 the next day in Shanghai
    assert wording.translate("{feed}, {landed_at}", details, "zh") == "工时单, 2026年11月23日 01:28"


def test_canonical_names_are_said_in_words_and_heads_of_the_file_are_not():
    assert wording.translate(
        "{canonical}: {columns}", {"canonical": "issue_key", "columns": "found_in_phase, module"}, "zh"
    ) == ("工作项编号: 发现阶段、模块")
    assert wording.translate("{column}", {"column": "status"}, "zh") == "status"
    assert wording.translate("{column}", {"column": "booked_on"}, "zh") == "记账日期"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (1, "1 day later than the baseline"),
        ("1", "1 day later than the baseline"),
        (0, "0 days later than the baseline"),
        ("1,001", "1,001 days later than the baseline"),  # one thousand and one
        ("1.0", "1.0 days later than the baseline"),  # a fraction takes the form of two
        (1.5, "1.5 days later than the baseline"),
    ],
)
def test_a_sentence_counts_what_its_first_number_says(days, told):
    assert wording.translate("{days} days later than the baseline", {"days": days}, "en") == told


def test_a_sentence_without_its_number_reads_as_of_many():
    template = "{feed} to {day}, landed {days} days ago"
    assert wording.translate(template, {"feed": "costs", "day": "22 Nov 2026"}, "en").endswith("landed {days} days ago")
    assert wording.translate(template, {"feed": "costs", "day": "22 Nov 2026", "days": 1}, "en").endswith(
        "landed 1 day ago"
    )
    assert wording.translate("", None, "zh") == ""  # under it gettext keeps the head of the catalog
