"""One sheet per file and feed on the upload page: what it is, how it was read, what it changes, what is left out and why.

Shown the same before a file is loaded and after. File names, headers and values are text from outside: they are shown
escaped, or inside a table's cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from models import ports
from models.feeds import FEEDS
from models.intake import LoadReport
from models.vocabulary import FileStatus
from models.words.numbers import MINUS
from ui.intake import answers as upload_answers
from ui.intake import mapping
from ui.intake import value_map as words_editor
from ui.intake.uploading import KEPT_ANSWERS, UploadedFile, answers, columns_of
from ui.intake.words import STATUS_SIGNS, how_it_was_read, measure_word, reason_words, rule_word, what_it_is
from ui.kpis.meanings import WORDED, meaning_word
from ui.shell import boxes
from ui.shell.numbers import count_text
from ui.shell.tables import number, table, text
from ui.shell.wording import _, column_word, feed_word, file_status_word, language, safe

MOST_REASONS = 10
MOST_OPEN = 3  # sheets that are open at first among many: the ones that need a hand
MOST_LEFT_OUT = 200
_QUIET = (FileStatus.LANDED, FileStatus.UNCHANGED)


@dataclass(frozen=True)
class IntakeContext:
    """What the sheets need of the rest: projects {key: name}, the words mapped so far, and the port to ask."""

    projects: Mapping[str, str]
    mapped_words: Sequence[dict[str, Any]]
    port: ports.Intake


def tally(entries: Sequence[LoadReport], is_dry_run: bool) -> None:
    """One line over many sheets: how many can be loaded, and how many need a hand."""
    if len(entries) < 2:
        return
    counts: dict[tuple[str, str], int] = {}
    for entry in sorted(entries, key=_urgency):
        counts[_standing(entry, is_dry_run)] = counts.get(_standing(entry, is_dry_run), 0) + 1
    said = [f"{sign} {count} {word}" for (sign, word), count in counts.items()]
    st.markdown(" · ".join(said))


def sheets(
    files: Sequence[UploadedFile], tried: Mapping[str, list[LoadReport]], around: IntakeContext
) -> tuple[UploadedFile, dict[str, Any]] | None:
    """The sheets of a dry run, what needs a hand first. Returns a file and what somebody has just said of it."""
    pairs = [(file, entry) for file in files for entry in tried[file.content_hash]]
    tally([entry for _file, entry in pairs], is_dry_run=True)
    asked = None
    for place, (file, entry) in enumerate(sorted(pairs, key=lambda pair: _urgency(pair[1]))):
        needs_a_hand = _urgency(entry) < _CALM
        with st.expander(
            title(entry, is_dry_run=True), expanded=len(pairs) == 1 or (needs_a_hand and place < MOST_OPEN)
        ):
            said = _sheet(file, entry, around, f"uploads_{file.content_hash[:10]}_{place}")
        if said:
            asked = (file, said)
    return asked


def loaded_sheet(entry: LoadReport) -> None:
    """The same after loading."""
    _what_it_says(entry)
    _details(entry, f"uploaded_{entry.batch_id}")


def _urgency(entry: LoadReport) -> int:
    status = entry.status
    if status == FileStatus.REFUSED:
        return 0 if upload_answers.questions_of(entry) else 1
    if status == FileStatus.HELD:
        return 2
    if entry.rows_quarantined:
        return 3
    return _CALM + (status == FileStatus.UNCHANGED)


_CALM = 4


def title(entry: LoadReport, is_dry_run: bool) -> str:
    """The head of a sheet: what it is of, and what became of it or would."""
    sign, word = _standing(entry, is_dry_run)
    told = f"{sign} **{safe(entry.file)}** — {word}"
    if entry.feed:
        told += f" · {feed_word(entry.feed)}"
    if entry.rows_accepted:
        told += " · " + _("{count} rows", count=count_text(entry.rows_accepted))
    if entry.rows_quarantined:
        told += " · " + _("{count} held back", count=count_text(entry.rows_quarantined))
    return told


def _standing(entry: LoadReport, is_dry_run: bool) -> tuple[str, str]:
    """(sign, word) of a file: what became of it, or what would."""
    status = entry.status
    if not is_dry_run:
        return STATUS_SIGNS.get(status, ""), file_status_word(status)
    if _waits_for_an_answer(entry):
        return "▲", _("needs an answer")
    would_be = {
        FileStatus.LANDED: _("can be loaded"),
        FileStatus.HELD: _("would be held for you to confirm"),
        FileStatus.UNCHANGED: _("is loaded already, nothing would change"),
    }
    return STATUS_SIGNS.get(status, ""), would_be.get(status, _("cannot be loaded"))


def _waits_for_an_answer(entry: LoadReport) -> bool:
    return entry.status == FileStatus.REFUSED and bool(upload_answers.questions_of(entry))


def _sheet(file: UploadedFile, entry: LoadReport, around: IntakeContext, key: str) -> dict[str, Any]:
    """The sheet of one entry before it is loaded; what was just said of its file."""
    if _waits_for_an_answer(entry):
        said = upload_answers.answered(file, entry, around.projects, key)
        return said | upload_answers.corrected(file, entry, around.projects, f"{key}_other")
    _what_it_says(entry)
    said = upload_answers.answered(file, entry, around.projects, key)
    if entry.status == FileStatus.UNCHANGED:
        return said
    if entry.status == FileStatus.REFUSED and not entry.columns_mapped:
        names = around.port.column_names(file.content, answers(file).get("encoding"))
        if not names:  # no table at all: there is nothing to correct
            return said
        by_hand = mapping.to_be_mapped(entry, file, names, key)
        if by_hand is not None:
            said |= mapping.mapping_editor(by_hand, key)
    said |= _details(entry, key, file=file, around=around)
    said |= upload_answers.corrected(file, entry, around.projects, f"{key}_other")
    _keep_profile(file, entry, around, key)
    return said


def _keep_profile(file: UploadedFile, entry: LoadReport, around: IntakeContext, key: str) -> None:
    name = mapping.profile_name(file, key)
    if name:
        corrected = answers(file)
        said = {option: corrected[option] for option in KEPT_ANSWERS if corrected.get(option)}
        around.port.save_profile(name, corrected["feed"], corrected["mapping"], columns_of(entry), **said)
        st.toast(_("Saved."))


def _what_it_says(entry: LoadReport) -> None:
    """What it is, what was counted, and every reason ingest gave."""
    known = what_it_is(entry)
    if known:
        st.markdown(" · ".join(safe(part) for part in known))
    if entry.rows_read:
        st.text(
            _(
                "{read} rows read = {accepted} accepted + {quarantined} quarantined + {duplicate} repeated",
                read=count_text(entry.rows_read),
                accepted=count_text(entry.rows_accepted),
                quarantined=count_text(entry.rows_quarantined),
                duplicate=count_text(entry.rows_duplicate),
            )
        )
    reasons = entry.reasons
    texts = [safe(reason_words(reason)) for reason in reasons[:MOST_REASONS]]
    if entry.status in _QUIET:
        if texts:
            st.markdown("\n".join(f"- {text}" for text in texts))
    else:
        show = st.error if entry.status == FileStatus.REFUSED else st.warning
        show(texts[0] if texts else "")
        if texts[1:]:
            st.markdown("\n".join(f"- {text}" for text in texts[1:]))
    if len(reasons) > MOST_REASONS:
        st.caption(_("… and {count} more reasons", count=len(reasons) - MOST_REASONS))


def _details(
    entry: LoadReport, key: str, *, file: UploadedFile | None = None, around: IntakeContext | None = None
) -> dict[str, Any]:
    """How it was read and what it changes side by side; below, in tabs, columns, rows, what was held back or left out."""
    _read_and_changed(entry)
    said: dict[str, Any] = {}
    tabs = _tabs(entry)
    if not tabs:
        return said
    for (kind, _label), tab in zip(tabs, boxes.tabs([label for _kind, label in tabs], key=f"{key}_tabs"), strict=True):
        with tab:
            if kind == "columns" and file is not None and entry.feed in FEEDS:
                said |= mapping.mapping_editor(entry, key)
            elif kind == "columns":
                mapping.mapped_table(entry, key)
            elif kind == "words":
                _words(entry, around, key)
            else:
                _TABLES[kind](entry, key)
    return said


def _tabs(entry: LoadReport) -> list[tuple[str, str]]:
    found = []
    if entry.preview:
        found.append(("preview", _("First rows")))
    if entry.columns_mapped:
        found.append(("columns", mapping.columns_title(entry)))
    if entry.held_preview:
        found.append(("held", _("Held back: {count}", count=count_text(entry.rows_quarantined))))
    if entry.left_out:
        count = entry.rows_left_out or len(entry.left_out)
        found.append(("left_out", _("Left out: {count}", count=count_text(count))))
    unknown = sum(len(words) for words in entry.unknown_words.values())
    if unknown:
        found.append(("words", _("Unknown words: {count}", count=count_text(unknown))))
    return found


def _read_and_changed(entry: LoadReport) -> None:
    facts, changes = how_it_was_read(entry), _changes(entry)
    if not facts and not changes:
        return
    left, right = st.columns(2)
    if facts:
        left.markdown(
            f"**{_('How it was read')}**\n\n" + "\n".join(f"- {safe(what)}: {safe(how)}" for what, how in facts)
        )
    if changes:
        right.markdown(changes)


def _changes(entry: LoadReport) -> str:
    """Before → after per measure as a small table; only what the file holds where nothing was loaded before."""
    new, before, after = entry.totals, entry.totals_before, entry.totals_after
    sides = (new, before, after)
    measures = [
        measure
        for measure in new
        if any(side.get(measure) is not None for side in sides)
        and (measure != "state_unknown" or any(s.get(measure) for s in sides))
    ]
    if not measures:
        return ""
    if not before:
        lines = [f"| {measure_word(measure)} | {count_text(new[measure] or 0)} |" for measure in measures]
        head = _("**In this file** (nothing is loaded yet for these projects)")
        return "\n".join([head, "", f"| | {_('new')} |", "|---|---:|", *lines])
    lines = []
    for measure in measures:
        counts = [new[measure], before.get(measure), after.get(measure)]
        cells = [_("unknown") if count is None else count_text(count) for count in counts]
        lines.append(f"| {measure_word(measure)} | {' | '.join(cells)} | {_difference(*counts[1:])} |")
    heads = ("", _("in this file"), _("loaded now"), _("afterwards"), _("change"))
    head = _("**What changes in the totals**")
    return "\n".join([head, "", "| " + " | ".join(heads) + " |", "|---|---:|---:|---:|---:|", *lines])


def _difference(was: float | None, will: float | None) -> str:
    if was == will or was is None or will is None:
        return ""
    return ("+" if will > was else MINUS) + count_text(round(abs(will - was), 2))


def _preview(entry: LoadReport, key: str) -> None:
    shown = language()
    rows = entry.preview
    held = {name for row in rows for name in row}
    heads = {"source_row": _("Line")} | {
        column.name: column_word(column.name) for column in FEEDS[entry.feed or ""].columns
    }
    table(
        rows,
        {name: text(head, partial(_shown, name, shown)) for name, head in heads.items() if name in held},
        key=f"{key}_preview",
    )


def _shown(name: str, shown: str, row: Mapping[str, str]) -> str:
    """A canonical word is read in the person's language; all else stands as it was read."""
    cell = row.get(name, "")
    return meaning_word(cell, shown) if name in WORDED else cell


def _held(entry: LoadReport, key: str) -> None:
    table(
        entry.held_preview,
        {
            "line": number(_("Line"), lambda row: row.source_row, format="%d", width=70),
            "column": text(_("Column"), lambda row: column_word(row.column) if row.column else "", width="small"),
            "reason": text(_("Reason"), reason_words, width="large"),
            "raw": text(_("Row as in the file"), lambda row: row.raw, width="large"),
        },
        key=f"{key}_held",
    )
    if not entry.batch_id:
        st.caption(
            _("Once the file is loaded, all rows held back can be downloaded, mended in Excel and loaded again.")
        )


def _left_out(entry: LoadReport, key: str) -> None:
    table(
        entry.left_out[:MOST_LEFT_OUT],
        {
            "line": number(_("Line"), lambda row: row.line, format="%d", width=70),
            "rule": text(_("Rule"), lambda row: rule_word(row.rule), width="small"),
            "text": text(_("Row as in the file"), lambda row: row.text, width="large"),
        },
        key=f"{key}_left_out",
    )


def _words(entry: LoadReport, around: IntakeContext | None, key: str) -> None:
    if around is not None:
        rows = words_editor.words_of(entry, around.port.meanings, around.mapped_words)
        for word in words_editor.word_editor(rows, around.port.meanings, f"{key}_words"):
            around.port.map_word(**word)
            st.toast(_("Saved."))
        if rows:
            return
    for column, words in entry.unknown_words.items():
        listed = ", ".join(f"{word} ({count_text(count)})" for word, count in words.items())
        st.markdown(f"**{safe(column_word(column))}**: {safe(listed)}")


_TABLES = {"preview": _preview, "held": _held, "left_out": _left_out}
