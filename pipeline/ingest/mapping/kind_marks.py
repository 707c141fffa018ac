"""What speaks for a table being of one feed, and what against it, beside the columns that it maps.

Any register has a number, a name and a status: people, assets, meetings, test runs. So that none of them lands as issues or
as test results, a feed needs words of its own, and words of another kind count against it. Below the line a person is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.header_words import normal_header, normal_word, squeezed
from pipeline.ingest.files.tables import RawTable
from pipeline.ingest.mapping.columns import Mapping
from pipeline.ingest.values.cleaning import cleaned_text

SURE = 1.75
MARK = 2.0  # a header that only one tool or one kind prints


# Registers of other kinds, as generic.words.yml lists their headers: a list of issues has none of them.
_NO_TESTS = ("people", "resources", "assets", "meetings", "money", "documents")
_NO_ISSUES = (*_NO_TESTS, "worklogs", "time", "tests")

# What a list of issues alone has, and what other registers have too.
_OF_ISSUES = frozenset(
    """
    severity resolution story_points sprints parent_key reporter fix_versions found_in_phase reopened_count defect_cause
    status_category original_estimate_hours remaining_estimate_hours time_spent_hours resolved_at closed_at watchers links
    """.split()  # noqa: SIM905
)
_OF_REGISTERS = frozenset("status priority assignee issue_type due_on labels module summary".split())  # noqa: SIM905
_OF_WORK = frozenset({"project", "issue_key", "activity", "wbs_code", "module", "description"})
_OF_PLANS = frozenset(
    """
    predecessors duration_days planned_hours baseline_start baseline_finish forecast_start forecast_finish actual_start
    actual_finish percent_complete deadline_on
    """.split()  # noqa: SIM905
)
_HALF = 0.5
_ISSUE_WORDS = (
    "backlog|issue|ticket|bug|defect|story|工单|缺陷|问题|需求|工作项|任务|事务|議題|課題|incidencia|vorgang|задач"
)
_KEY_SHAPE = r"^[A-Za-z][A-Za-z0-9_]*-\d+$"
_FEW_ROWS = 3
_REPEATED = 2 / 3  # so few different keys in a column, and its rows are events, not issues
_MOST = 0.8  # of the outcomes are words of tests: what else would pass and fail
_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Evidence:
    """points: for, less against. against: the headers that speak against it. repeats: whether its keys name no row."""

    points: float
    against: tuple[str, ...] = ()
    repeats: bool = False

    @property
    def is_enough(self) -> bool:
        return self.points >= SURE

    @property
    def is_excluded(self) -> bool:
        return bool(self.against) and self.points <= 0


def evidence_of(table: RawTable, feed: str, mapping: Mapping, marks: int, sample: pl.DataFrame) -> Evidence:
    """How well the table fits the feed beyond its mapped columns. marks: headers that only the tool prints.

    sample: the first rows, as sample_of gives them.
    """
    names = _squeezed(table.header)
    if feed == "issues":
        return _issues(table, mapping, names, marks, sample)
    if feed == "test_results":
        return _tests(table, mapping, names, marks, sample)
    return _any(feed, mapping, names, marks)


def spoken_for(feed: str, header: tuple[str, ...]) -> int:
    """How many headers speak for this feed, less those that do against it: what is at home in registers of another kind.

    A list of worklogs often repeats all that its issues hold; the words of its own decide.
    """
    names, known = _squeezed(header).values(), dialects()
    if feed == "worklogs":
        return sum(name in known.registers("worklogs") for name in names)
    words = {"issues": _NO_ISSUES, "test_results": (*_NO_TESTS, "planned_work")}.get(feed, ())
    return -sum(name in known.registers(*words) for name in names)


def _squeezed(header: tuple[str, ...]) -> dict[int, str]:
    return {index: squeezed(name) for index, name in enumerate(header) if name.strip()}


def _issues(table: RawTable, mapping: Mapping, names: dict[int, str], marks: int, sample: pl.DataFrame) -> Evidence:
    held = set(mapping.columns.values())
    points = MARK * marks + len(held & _OF_ISSUES) + _HALF * len(held & _OF_REGISTERS)
    points += _HALF * sum(names.get(index) in dialects().registers("issues") for index in mapping.columns)
    points += _HALF * ("created_at" in held and bool(held & {"resolved_at", "closed_at"}))  # the life of an item
    key, repeats = next((index for index, name in mapping.columns.items() if name == "issue_key"), None), False
    if key is not None:
        said = pl.Series([table.header[key], table.file, table.sheet or ""])
        named = said.str.contains("(?i)" + "|".join([_ISSUE_WORDS, *map(re.escape, dialects().trackers)]))
        points += _HALF * bool(named.any()) + _HALF * bool(named[0])
        keys = _cells(sample, key)
        if len(keys):
            points += bool(keys.str.contains(_KEY_SHAPE).mean() > _HALF)
        repeats = len(keys) >= _FEW_ROWS and keys.n_unique() <= _REPEATED * len(keys)
    against, common = dialects().registers(*_NO_ISSUES), dialects().registers("of_many")
    strangers = tuple(table.header[index] for index, name in names.items() if name in against)
    some = sum(name in common for name in names.values())
    return Evidence(points - MARK * len(strangers) - _HALF * some, strangers, repeats)


def _tests(table: RawTable, mapping: Mapping, names: dict[int, str], marks: int, sample: pl.DataFrame) -> Evidence:
    by_name = {canonical: index for index, canonical in sorted(mapping.columns.items(), reverse=True)}
    own = [name for name in ("suite", "level", "round", "run_id", "requirement", "duration_seconds") if name in by_name]
    points = MARK * marks + _HALF * len(own)
    if "case" in by_name:
        points += "test" in names[by_name["case"]] or "用例" in names[by_name["case"]]
    if "outcome" in by_name:
        index = by_name["outcome"]
        points += _HALF * (normal_header(table.header[index]) not in ("status", "状态"))
        outcomes = dialects().words("test_results.outcome")
        words = _cells(sample, index).map_elements(lambda word: normal_word(word) in outcomes, return_dtype=pl.Boolean)
        if len(words):
            points += MARK if words.mean() > _MOST else -1 if words.mean() <= _HALF else 0
    against = dialects().registers(*_NO_TESTS, "planned_work")
    strangers = tuple(table.header[index] for index, name in names.items() if name in against)
    return Evidence(points - len(strangers), strangers)


def _any(feed: str, mapping: Mapping, names: dict[int, str], marks: int) -> Evidence:
    """Other feeds: words that only they print, or most columns of the table known to them, three of them at least."""
    read = {*mapping.indices, *(mapping.hours.indices if mapping.hours else ())}
    known = len(read & set(names))
    points = MARK * marks + (mapping.hours.score if mapping.hours and mapping.hours.score > 0 else 0)
    points += SURE * (known >= _FEW_ROWS and known >= _HALF * len(names))
    person = squeezed(mapping.canonical.get("person", ""))
    if feed == "worklogs" and person == "name" and not set(mapping.columns.values()) & _OF_WORK:
        points -= SURE + MARK  # a thing has a name, a start and a duration too
    if feed == "schedule" and not set(mapping.columns.values()) & _OF_PLANS:
        points -= SURE + MARK  # a number, a name and a state are no plan
    if feed == "people":
        others = dialects().registers("resources", "assets", "meetings")
        points -= MARK * sum(name in others for name in names.values())
    return Evidence(points)


def sample_of(table: RawTable) -> pl.DataFrame:
    """The first rows of a table, each that stands there twice but once; empty where nothing is to be read."""
    frame = next(iter(table.chunks()), None) if table.records else None
    return pl.DataFrame() if frame is None else frame.head(_LOOKED_AT).drop("source_row").unique(maintain_order=True)


def _cells(sample: pl.DataFrame, index: int) -> pl.Series:
    if f"c{index}" not in sample.columns:
        return pl.Series(dtype=pl.String)
    return cleaned_text(sample[f"c{index}"]).drop_nulls()
