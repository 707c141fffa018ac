"""Which feed a table is, and which tool wrote it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from itertools import zip_longest

from models.errors import InputError
from models.intake import Question
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.header_set import HeaderSet
from pipeline.ingest.dialects.links import typed_link
from pipeline.ingest.dialects.names import custom_field, is_roll_up, normal_header
from pipeline.ingest.dialects.schema import GENERIC, KeyStyle, Quirk
from pipeline.ingest.mapping.columns import map_columns
from pipeline.ingest.mapping.kind_marks import evidence_of, sample_of, spoken_for
from pipeline.ingest.mapping.outside_rows import given_outside
from pipeline.ingest.mapping.preamble import read_preamble
from pipeline.ingest.mapping.readable_exports import naming_exports

# What may be absent from the file because --project, the folder's name or the report itself gives it.
GIVEN_ELSEWHERE = frozenset({"project", "measured_on", "status_on"})
REQUIRED_LACKS = 2.0  # what a missing required column takes from the score
SCORE_NEEDED = 2.0  # fewer known columns say nothing
STRANGER = 2.0  # what a header at home in this kind of register gives, and one of another kind takes: as much as a mark
OTHER_KEY = 3.0  # what a key under another name takes from a tool that calls it by one of its own
NEAR, MOST_CHOICES = 4.0, 4  # which other feeds are offered where somebody is asked


@dataclass
class Recognition:
    """score: known columns, required ones counting double, marks of the tool trebly, less the required that lack.

    marks: how many headers of the table only this tool prints.
    said: what a saved profile answers beside the columns (date_order, decimal, time_zone, encoding).
    questions: what a person should look at.
    """

    plugin: FeedPlugin
    system: str
    mapping: Mapping
    score: float
    marks: int = 0
    said: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    @property
    def feed(self) -> str:
        return self.plugin.name


def recognize(
    table: RawTable,
    plugins: dict[str, FeedPlugin],
    feed: str | None = None,
    profile: dict[str, str | None] | None = None,
) -> Recognition:
    """The feed whose known headers fit best; `feed` names it, a saved profile (header → canonical) settles columns first.

    Raises: InputError when nothing fits, when two feeds fit equally, or when a required column is missing (with what was
    found and the nearest name).
    """
    if feed is not None and feed not in plugins:
        raise InputError(
            "ingest.unknown_feed",
            "There is no feed named '{feed}'. The feeds are: {feeds}.",
            feed=feed,
            feeds=", ".join(plugins),
        )
    told = read_preamble(table)
    names = {normal_header(name) for name in table.header}
    if feed is None and profile is None and (tool := dialects().unread_table(names)):
        raise naming_exports(_holds_too_little(table), tool)
    candidates = [
        _candidate(table, told, tool, plugins[tool.feed], profile)
        for tool in dialects().header_sets
        if tool.feed == feed or (feed is None and plugins[tool.feed].may_be(names))
    ]
    marked = _marked(candidates)
    best_by_feed: dict[str, Recognition] = {}
    for candidate in candidates:
        held = best_by_feed.get(candidate.feed)
        if held is None or candidate.score > held.score:
            best_by_feed[candidate.feed] = candidate
    ranked = sorted(
        best_by_feed.values(), key=lambda candidate: (not missing_required(candidate), candidate.score), reverse=True
    )
    is_open = feed is None and profile is None
    if is_open:
        ranked = _without_strangers(table, ranked, marked)
        ranked = _as_titled(table, ranked)
    best = ranked[0]
    if feed is None and best.score < SCORE_NEEDED:
        raise naming_exports(_not_recognized(table), marked)
    for other, lacking in best.plugin.instead.items() if feed is None else ():
        rather = best_by_feed[other]
        if missing_required(rather) == lacking and rather.score + REQUIRED_LACKS > best.score:
            raise naming_exports(_missing_error(table, rather), marked)
    if missing_required(best):
        best = max(ranked, key=lambda candidate: candidate.score)
        raise naming_exports(_missing_error(table, best), marked)
    equals = [
        candidate for candidate in ranked[1:] if candidate.score == best.score and not missing_required(candidate)
    ]
    if feed is None and equals:
        raise InputError(
            "ingest.several_feeds",
            "{file} could be {feeds}. Say which with --feed, or choose it on the upload page.",
            file=table.file,
            feeds=" or ".join([best.feed, *(equal.feed for equal in equals)]),
            questions=[{"code": "feed", "choices": [best.feed, *(equal.feed for equal in equals)]}],
        )
    if is_open:
        _ask_where_unsure(table, ranked)
    try:
        best.plugin.refuse(table, best.mapping)
    except InputError as error:
        raise naming_exports(error, marked) from error
    filled = {*best.mapping.columns.values(), *given_outside(best.mapping), *best.plugin.gives(best.mapping)}
    filled |= {column for column, source in best.mapping.told_by.items() if source in filled}
    if dialects().key_style(best.system) is KeyStyle.PROJECT_AND_NUMBER and "issue_key" in filled:
        filled.add("project")
    absent = [name for name in best.plugin.worth_saying if name not in filled]
    best.mapping.missing = absent
    if absent:
        best.mapping.warnings.append(
            (
                "ingest.columns_absent",
                "The file has no column for {columns}; what is counted from them stays unknown.",
                {"columns": ", ".join(absent)},
            )
        )
    return best


def missing_required(recognition: Recognition) -> list[str]:
    """Required canonical columns that neither the file nor the command can give."""
    mapping, plugin = recognition.mapping, recognition.plugin
    mapped = {*mapping.columns.values(), *GIVEN_ELSEWHERE, *given_outside(mapping), *plugin.gives(mapping)}
    return [name for name in plugin.feed.required if name not in mapped]


def _candidate(
    table: RawTable, told: Preamble, tool: HeaderSet, plugin: FeedPlugin, profile: dict[str, str | None] | None
) -> Recognition:
    header = table.header
    mapping = map_columns(header, tool, plugin, profile)
    normals = {normal_header(name) for name in header if name}
    marks = len(normals & tool.marks)
    plugin.complete(mapping, table, told, is_marked=bool(marks or not tool.marks))
    mapped = set(mapping.columns.values())
    required = set(plugin.feed.required)
    own = tool.canonical()
    known = sum(name in own for name in normals)
    exact = sum("_" in name and own.get(name, ("", 0))[1] == -1 for name in normals)
    score = len(mapped) + 0.5 * len(mapped & required) + 0.2 * known + 2.0 * marks + 0.5 * exact
    mapping.defaults |= tool.defaults
    mapping.told_by = dict(tool.told_by)
    one = Recognition(plugin, tool.system, mapping, score, marks)
    if mapping.period_columns:  # side by side, they are more often planned than booked
        one.score += plugin.periods_score
    if mapping.layout:
        one.score += mapping.layout.score
    one.score -= REQUIRED_LACKS * len(missing_required(one))
    one.score += STRANGER * spoken_for(plugin, header)
    known_tools = dialects()
    is_of_keys = plugin.lasting == "issue_key" and known_tools.has(tool.system, Quirk.KEY_UNDER_ITS_OWN_NAME)
    if is_of_keys and not _prints_its_key(mapping, own):
        one.score -= OTHER_KEY
        one.marks = 0
    # Names that this feed does not know speak against it, a little: they are at home elsewhere. An export of all fields has
    # two hundred that nobody knows, custom fields and links among them: they never outweigh what is known.
    laid_out = {normal_header(header[index]) for index in mapping.period_columns}
    has_fields = known_tools.has(tool.system, Quirk.CUSTOM_FIELD_HEADERS)
    foreign = [name for name in normals - laid_out - set(own) if not (has_fields and _is_custom(name))]
    one.score -= min(0.3 * len(foreign), 0.5 * max(one.score, 0))
    return one


def _prints_its_key(mapping: Mapping, own: dict[str, tuple[str, int]]) -> bool:
    """Other trackers share many of a tool's words, never the name of its key."""
    key = mapping.canonical.get("issue_key")
    return key is None or own.get(normal_header(key), ("", 0))[0] == "issue_key"


def _marked(candidates: list[Recognition]) -> str | None:
    """The tool whose own headers the table prints the most of, where it prints any."""
    best = max(candidates, key=lambda candidate: candidate.marks, default=None)
    return best.system if best is not None and best.marks and best.system != GENERIC else None


def _without_strangers(table: RawTable, ranked: list[Recognition], marked: str | None) -> list[Recognition]:
    """Without the feeds that the table's words exclude; all of them where nothing else is left to complain about."""
    if not any(candidate.plugin.of_common_words for candidate in ranked[:2]):
        return ranked
    sample = sample_of(table)
    kept = [
        candidate
        for candidate in ranked
        if not candidate.plugin.of_common_words
        or not evidence_of(table, candidate.plugin, candidate.mapping, candidate.marks, sample).is_excluded
    ]
    if kept and (kept[0].score >= SCORE_NEEDED and not missing_required(kept[0])):
        return kept
    if kept and ranked[0] is not kept[0]:
        raise naming_exports(_not_recognized(table), marked)
    return ranked


def _ask_where_unsure(table: RawTable, ranked: list[Recognition]) -> None:
    """Raises: InputError with the feeds that could be meant, where nothing but common words speaks for the best one."""
    best = ranked[0]
    evidence = evidence_of(table, best.plugin, best.mapping, best.marks, sample_of(table))
    possible = [
        candidate
        for candidate in ranked
        if not missing_required(candidate) and candidate.score >= best.score - NEAR and candidate.score > 0
    ]
    if evidence.is_enough and not (evidence.repeats and len(possible) > 1):
        return
    raise _unsure(table, [candidate.feed for candidate in possible[:MOST_CHOICES]])


def _unsure(table: RawTable, choices: list[str]) -> InputError:
    return InputError(
        "ingest.kind_unsure",
        "{file}, line {line}: too little in this table says of which kind it is; it could be {feeds}. Found: {found}. "
        "Say which with --feed, or choose it on the upload page; nothing was loaded.",
        file=table.file,
        line=table.header_line,
        feeds=" or ".join(choices),
        found=_listed(table.header),
        questions=[{"code": "feed", "choices": choices}],
    )


def _as_titled(table: RawTable, ranked: list[Recognition]) -> list[Recognition]:
    """Amounts by element and period are a plan or what was spent; of equal columns only the name or the title says which.

    Raises: InputError where it says neither, or both.
    """
    rivals = [candidate for candidate in ranked if candidate.plugin.title_words and candidate.mapping.period_columns]
    if len(rivals) < 2 or rivals[0] is not ranked[0] or rivals[0].score - rivals[1].score > STRANGER:
        return ranked
    told = " ".join(
        [table.file, table.sheet or "", *(row.text for row in table.left_out if row.rule == "preamble")]
    ).lower()
    for words in zip_longest(*(rival.plugin.title_words for rival in rivals)):
        meant = [
            candidate for candidate, pattern in zip(rivals, words, strict=True) if pattern and pattern.search(told)
        ]
        if len(meant) == 1:
            return sorted(ranked, key=lambda candidate: candidate is not meant[0])
        if meant:
            break
    raise _unsure(table, [rival.feed for rival in rivals])


def _not_recognized(table: RawTable) -> InputError:
    return InputError(
        "ingest.not_recognized",
        "{file}, line {line}: these columns belong to no kind of export that is known here. Found: {found}. "
        "Name the kind with --feed, or map the columns on the upload page.",
        file=table.file,
        line=table.header_line,
        found=_listed(table.header),
    )


def _holds_too_little(table: RawTable) -> InputError:
    return InputError(
        "ingest.not_this_export",
        "{file}, line {line}: this holds sums or an extract, not the rows that they come from. Found: {found}. "
        "Nothing was loaded.",
        file=table.file,
        line=table.header_line,
        found=_listed(table.header),
    )


def _is_custom(name: str) -> bool:
    return custom_field(name) is not None or is_roll_up(name) or typed_link(name) is not None


def _missing_error(table: RawTable, best: Recognition) -> InputError:
    lacking = missing_required(best)
    if said := best.plugin.lacks(table, best.system, lacking):
        return said
    unmapped = [name for name in best.mapping.unmapped if name.strip()]
    wanted = lacking[0]
    names = {
        normal_header(name)
        for tool in dialects().header_sets
        if tool.feed == best.feed
        for name in (*tool.names.get(wanted, ()), wanted)
    }
    near = next(
        (name for name in unmapped if difflib.get_close_matches(normal_header(name), names, n=1, cutoff=0.75)), None
    )
    details = {
        "file": table.file,
        "line": table.header_line,
        "column": " or ".join(lacking[:1]),
        "feed": best.feed,
        "found": _listed(table.header),
    }
    if near is not None:
        return InputError(
            "ingest.column_missing_near",
            "{file}, line {line}: no column holds {column}. Found: {found}. Did you mean '{near}'?",
            near=near,
            **details,
        )
    return InputError(
        "ingest.column_missing",
        "{file}, line {line}: no column holds {column}, which {feed} needs. Found: {found}. "
        "Export that column too, or map it on the upload page.",
        **details,
    )


def _listed(header: tuple[str, ...]) -> str:
    names = [name for name in header if name.strip()]
    return ", ".join(names[:40]) + (", …" if len(names) > 40 else "")
