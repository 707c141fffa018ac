"""The parts of the upload page: files handed in, what reading them would do, and the mapping of their columns.

What the door reports (DESIGN, `load`) is shown as it is; nothing of it is judged again here. File names, headers and
values are text from outside: they are shown as text, escaped, or inside a table's cells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from models.errors import PlimsollError
from models.feeds import FEEDS
from models.vocabulary import FileStatus
from ui.numbers import count_text
from ui.wording import _, feed_word, file_status_word, language, msgid, reason_text, safe, spoken

MOST_FILES = 50  # one sitting of a project manager; a folder of hundreds is loaded from the command line
NOT_READ = ""  # in the mapping editor: this column of the file is left unread
DATE_ORDERS = (None, "ymd", "dmy", "mdy")

_DATE_ORDER_WORDS = {
    None: msgid("as the file shows"),
    "ymd": msgid("year, month, day"),
    "dmy": msgid("day, month, year"),
    "mdy": msgid("month, day, year"),
}
_DELIMITER_WORDS = {
    ",": msgid("comma"),
    ";": msgid("semicolon"),
    "\t": msgid("tab"),
    "|": msgid("vertical bar"),
}
_STATUS_SIGNS = {
    FileStatus.LANDED: "●",
    FileStatus.UNCHANGED: "–",
    FileStatus.HELD: "▲",
    FileStatus.REFUSED: "■",
}


@dataclass(frozen=True)
class Handed:
    """One file as it was dropped on the page."""

    name: str
    content: bytes
    content_hash: str


@dataclass(frozen=True)
class Choices:
    """What the person said about the files; None where Plimsoll finds out for itself."""

    feed: str | None
    project: str | None
    date_order: str | None


def handed_files() -> list[Handed]:
    """The files dropped on the page, at most MOST_FILES; empty ones and repeated ones included."""
    uploaded = st.file_uploader(
        _("Drop exports here, several at a time: CSV, XLSX, JSON, XML, ZIP"),
        accept_multiple_files=True,
        key=f"uploads_files_{st.session_state.get('uploads_round', 0)}",
    )
    if len(uploaded) > MOST_FILES:
        st.warning(
            _(
                "Only the first {most} of {count} files are taken. Load the rest afterwards, "
                "or all of them with `python -m pipeline load FOLDER`.",
                most=MOST_FILES,
                count=len(uploaded),
            )
        )
    contents = [(file.name, file.getvalue()) for file in uploaded[:MOST_FILES]]
    return [Handed(name, content, hashlib.sha256(content).hexdigest()) for name, content in contents]


def forget_files() -> None:
    """Empties the uploader for the next files."""
    st.session_state["uploads_round"] = st.session_state.get("uploads_round", 0) + 1
    st.session_state.pop("uploads_tried", None)


def file_choices(projects: dict[str, str]) -> Choices:
    """Project, kind of data and date order, for files that do not tell. projects: {project_key: name}."""
    shown = language()
    with st.container(horizontal=True):
        project = st.selectbox(
            _("Project"),
            [None, *projects],
            format_func=lambda key: _("as the file says") if key is None else f"{projects[key]} ({key})",
            help=_("Only for files that name no project, such as coverage and test reports."),
            key="uploads_project",
        )
        feed = st.selectbox(
            _("Feed"),
            [None, *FEEDS],
            format_func=lambda name: _("recognize it") if name is None else feed_word(name, shown),
            key="uploads_feed",
        )
        date_order = st.selectbox(
            _("Dates"),
            DATE_ORDERS,
            format_func=lambda order: spoken(_DATE_ORDER_WORDS[order]),
            help=_("Asked for when no value of the file tells day from month, as in 01/02/2026."),
            key="uploads_date_order",
        )
    return Choices(feed, project, date_order)


def read_files(
    files: Iterable[Handed], load: Callable[[Handed], list[dict]], doing: str, done: str
) -> dict[str, list[dict]]:
    """{content hash: the door's entries for that file}, one visible step per file.

    A file that the door cannot take gives one entry with status refused and its reason; the others go on.
    """
    files = list(files)
    entries: dict[str, list[dict]] = {}
    with st.status(doing, expanded=True) as progress:
        for number, file in enumerate(files, start=1):
            st.text(_("{number} of {count}: {name}", number=number, count=len(files), name=file.name))
            try:
                entries[file.content_hash] = load(file)
            except PlimsollError as error:
                entries[file.content_hash] = [refused(file.name, error)]
        progress.update(label=done, state="complete", expanded=False)
    return entries


def refused(name: str, error: PlimsollError) -> dict:
    """An entry for a file that the door would not even report on."""
    reason = {"code": error.code, "message": str(error), "template": error.template, "details": error.details}
    return {"file": name, "feed": None, "status": FileStatus.REFUSED, "reasons": [reason]}


def tried_entries(files: list[Handed], choices: Choices) -> dict[str, list[dict]] | None:
    """The entries of the last dry run, as long as files and choices are the ones it was made with."""
    tried = st.session_state.get("uploads_tried")
    return tried["entries"] if tried and tried["of"] == _made_with(files, choices) else None


def remember_tried(files: list[Handed], choices: Choices, entries: dict[str, list[dict]]) -> None:
    st.session_state["uploads_tried"] = {"of": _made_with(files, choices), "entries": entries}


def _made_with(files: list[Handed], choices: Choices) -> tuple:
    return tuple(file.content_hash for file in files), choices


def entry_report(entry: dict, is_dry_run: bool) -> None:
    """What the door says of one file and feed: what was understood, what was counted, what was left out and why."""
    shown = language()
    status = str(entry.get("status"))
    with st.container(border=True):
        word = _would_be(status) if is_dry_run else file_status_word(status, shown)
        st.markdown(f"{_STATUS_SIGNS.get(status, '')} **{safe(entry.get('file', ''))}** — {word}")
        understood = _understood(entry, shown)
        if understood:
            st.caption(" · ".join(safe(part) for part in understood))
        if entry.get("rows_read") is not None:
            st.text(
                _(
                    "{read} rows read = {accepted} accepted + {quarantined} quarantined + {duplicate} repeated",
                    read=count_text(entry["rows_read"], shown),
                    accepted=count_text(entry.get("rows_accepted") or 0, shown),
                    quarantined=count_text(entry.get("rows_quarantined") or 0, shown),
                    duplicate=count_text(entry.get("rows_duplicate") or 0, shown),
                )
            )
        _reasons(entry, shown)
        _left_out(entry)


def _would_be(status: str) -> str:
    if status == FileStatus.LANDED:
        return _("can be loaded")
    if status == FileStatus.HELD:
        return _("would be held for you to confirm")
    if status == FileStatus.UNCHANGED:
        return _("is loaded already, nothing would change")
    return _("cannot be loaded")


def _understood(entry: dict, shown: str) -> list[str]:
    parts = []
    if entry.get("feed"):
        parts.append(feed_word(entry["feed"], shown))
    if entry.get("system"):
        parts.append(_("from {system}", system=entry["system"]))
    if entry.get("sheet"):
        parts.append(_("sheet {sheet}", sheet=entry["sheet"]))
    if entry.get("encoding"):
        parts.append(_("encoding {encoding}", encoding=entry["encoding"]))
    if entry.get("delimiter"):
        delimiter = spoken(_DELIMITER_WORDS.get(entry["delimiter"], entry["delimiter"]))
        parts.append(_("separated by {delimiter}", delimiter=delimiter))
    if entry.get("date_format"):
        parts.append(_("dates written {date_format}", date_format=entry["date_format"]))
    if entry.get("batch_id"):
        parts.append(_("batch {batch_id}", batch_id=entry["batch_id"]))
    return parts


def _reasons(entry: dict, shown: str) -> None:
    reasons = entry.get("reasons") or []
    show = {FileStatus.REFUSED: st.error, FileStatus.HELD: st.warning}.get(str(entry.get("status")), st.info)
    for reason in reasons[:10]:
        show(safe(reason_text(reason, shown)))
    if len(reasons) > 10:
        st.caption(_("… and {count} more reasons", count=len(reasons) - 10))


def _left_out(entry: dict) -> None:
    left_out = entry.get("left_out") or []
    if left_out:
        with st.expander(_("{count} lines left out by rule: preamble, totals, footers", count=len(left_out))):
            st.dataframe(left_out[:200], hide_index=True)


def column_mapping(entry: dict, key: str) -> dict[str, str] | None:
    """An editor of which column of the file is read as which of ours; the changed mapping, or None if it is as it was.

    Returns {header in the file: canonical column}; a column that is left unread is not in it.
    """
    feed = FEEDS.get(entry.get("feed") or "")
    mapped: dict[str, str] = dict(entry.get("columns_mapped") or {})
    unmapped = list(entry.get("columns_unmapped") or [])
    if feed is None or not (mapped or unmapped):
        return None
    required = set(feed.required) - set(mapped.values())
    title = _(
        "Column mapping: {mapped} columns are read, {unmapped} are not", mapped=len(mapped), unmapped=len(unmapped)
    )
    with st.expander(title, expanded=bool(required)):
        edited = st.data_editor(
            [{"header": header, "column": mapped.get(header, NOT_READ)} for header in [*mapped, *unmapped]],
            column_config={
                "header": st.column_config.TextColumn(_("Column in the file"), disabled=True),
                "column": st.column_config.SelectboxColumn(
                    _("is read as"), options=[NOT_READ, *(column.name for column in feed.columns)]
                ),
            },
            hide_index=True,
            key=key,
        )
    chosen = {row["header"]: row["column"] for row in edited if row["column"]}
    return chosen if chosen != mapped else None
