"""The parts of the upload page: files handed in, what reading them would do, and the mapping of their columns.

What the door reports (DESIGN, `load`) is shown as it is; nothing of it is judged again here. File names, headers and
values are text from outside: they are shown as text, escaped, or inside a table's cells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from models.data_dir import DataDir
from models.errors import PlimsollError
from models.feeds import FEEDS
from models.vocabulary import FileStatus
from ui import data
from ui.numbers import count_text
from ui.wording import _, feed_word, file_status_word, language, msgid, reason_text, safe, spoken

MOST_FILES = 50  # one sitting of a project manager; a folder of hundreds is loaded from the command line
FOUND_OUT = ""  # in a choice: Plimsoll finds out for itself
_TRIED = "uploads_tried"
_LOADED = "uploads_loaded"
CORRECTED = "uploads_corrected"
DATE_ORDERS = (FOUND_OUT, "ymd", "dmy", "mdy")

_DATE_ORDER_WORDS = {
    FOUND_OUT: msgid("as the file shows"),
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
_SYSTEM_NAMES = {
    "generic": msgid("generic table"),
    "zentao": msgid("ZenTao"),
    "yonyou": msgid("Yonyou"),
    "kingdee": msgid("Kingdee"),
    "dingtalk": msgid("DingTalk"),
    "feishu": msgid("Feishu"),
    "tapd": "TAPD",
    "pingcode": "PingCode",
    "junit": "JUnit",
    "jacoco": "JaCoCo",
    "lcov": "LCOV",
    "ones": "ONES",
}
_DATE_LETTERS = {
    "%Y": "yyyy",
    "%y": "yy",
    "%m": "MM",
    "%d": "dd",
    "%H": "HH",
    "%I": "hh",
    "%M": "mm",
    "%S": "ss",
    "%f": "SSSSSS",
    "%p": "AM/PM",
    "%b": "MMM",
    "%B": "MMMM",
    "%z": "Z",
    "%T": "HH:mm:ss",
    "%F": "yyyy-MM-dd",
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


def _worded_dropzone() -> None:
    """Streamlit's uploader speaks English only: its two sentences are replaced by ours, from the catalog, by style alone."""
    size = st.get_option("server.maxUploadSize")
    words = {
        '[data-testid="stFileUploaderDropzone"] button p': _("Choose files"),
        '[data-testid="stFileUploaderDropzoneInstructions"] span': _("at most {megabytes} MB a file", megabytes=size),
    }
    rules = [
        f"{place} {{ font-size: 0 }} {place}::after {{ content: {json.dumps(text, ensure_ascii=False)}; font-size: 0.9rem }}"
        for place, text in words.items()
    ]
    st.html("<style>" + " ".join(rules) + "</style>")


def handed_files() -> list[Handed]:
    """The files dropped on the page, at most MOST_FILES; empty ones and repeated ones included."""
    _worded_dropzone()
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


def known_projects() -> dict[str, str]:
    """{project_key: name} of the current build; empty while nothing is published."""
    opened = data.opened_build()
    return {} if opened is None else dict(data.projects(opened).select("project_key", "project_name").iter_rows())


def file_choices(projects: dict[str, str]) -> Choices:
    """Project, kind of data and date order, for files that do not tell. projects: {project_key: name}."""
    shown = language()
    with st.container(horizontal=True):
        project = st.selectbox(
            _("Project"),
            [FOUND_OUT, *projects],
            format_func=lambda key: _("as the file says") if key == FOUND_OUT else _project_choice(key, projects),
            accept_new_options=True,
            help=_(
                "Only for files that name no project, such as coverage and test reports. Choose one or type its number."
            ),
            key="uploads_project",
        )
        feed = st.selectbox(
            _("Feed"),
            [FOUND_OUT, *FEEDS],
            format_func=lambda name: _("recognize it") if name == FOUND_OUT else feed_word(name, shown),
            key="uploads_feed",
        )
        date_order = st.selectbox(
            _("Dates"),
            DATE_ORDERS,
            format_func=lambda order: spoken(_DATE_ORDER_WORDS[order]),
            help=_("Asked for when no value of the file tells day from month, as in 01/02/2026."),
            key="uploads_date_order",
        )
    return Choices(feed or None, project or None, date_order or None)


def _project_choice(key: str, projects: dict[str, str]) -> str:
    return f"{projects[key]} ({key})" if key in projects else key


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
    tried = st.session_state.get(_TRIED)
    return tried["entries"] if tried and tried["of"] == _made_with(files, choices) else None


def remember_tried(files: list[Handed], choices: Choices, entries: dict[str, list[dict]]) -> None:
    st.session_state[_TRIED] = {"of": _made_with(files, choices), "entries": entries}
    st.session_state.pop(_LOADED, None)


def remember_loaded(entries: dict[str, list[dict]]) -> None:
    """Keeps what was loaded for the next rerun, and empties the uploader for the next files."""
    st.session_state[_LOADED] = entries
    st.session_state["uploads_round"] = st.session_state.get("uploads_round", 0) + 1
    st.session_state.pop(_TRIED, None)
    st.session_state.pop(CORRECTED, None)


def loaded_entries() -> dict[str, list[dict]] | None:
    """What this session loaded last, until it reads the next files."""
    return st.session_state.get(_LOADED)


def read_one(
    folder: DataDir, choices: Choices, load_bytes: Callable, load_options: Callable, file: Handed, *, dry_run: bool
) -> list[dict]:
    """The door's entries for one file, read with the choices and with the mapping as it was corrected here.

    load_bytes and load_options are `pipeline.door`'s, handed in by the page.
    """
    corrected = st.session_state.get(CORRECTED, {}).get(file.content_hash, {})
    options = load_options(
        feed=corrected.get("feed", choices.feed),
        project=choices.project,
        mapping=corrected.get("mapping"),
        date_order=choices.date_order,
        dry_run=dry_run,
        landed_by="upload",
    )
    return load_bytes(folder, file.name, file.content, options)


def loadable(tried: dict[str, list[dict]], files: list[Handed]) -> list[Handed]:
    """The files of which something would be loaded, or held for an answer."""
    would_load = (FileStatus.LANDED, FileStatus.HELD)
    return [file for file in files if any(entry["status"] in would_load for entry in tried.get(file.content_hash, []))]


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
    if entry.get("system") and entry["system"] != "generic":
        parts.append(_("from {system}", system=system_name(entry["system"])))
    if entry.get("sheet"):
        parts.append(_("sheet {sheet}", sheet=entry["sheet"]))
    if entry.get("encoding"):
        parts.append(_("encoding {encoding}", encoding=entry["encoding"]))
    if entry.get("delimiter"):
        delimiter = spoken(_DELIMITER_WORDS.get(entry["delimiter"], entry["delimiter"]))
        parts.append(_("separated by {delimiter}", delimiter=delimiter))
    if entry.get("date_format"):
        parts.append(_("dates written {date_format}", date_format=plain_date_format(entry["date_format"])))
    if entry.get("batch_id"):
        parts.append(_("batch {batch_id}", batch_id=entry["batch_id"]))
    return parts


def system_name(system: str) -> str:
    """The name by which its users know a tool."""
    return spoken(_SYSTEM_NAMES.get(system, system.capitalize()))


def plain_date_format(date_format: str) -> str:
    """'%d/%m/%y %H:%M' as people write it: 'dd/MM/yy HH:mm'."""
    for code, letters in _DATE_LETTERS.items():
        date_format = date_format.replace(code, letters)
    return date_format


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
