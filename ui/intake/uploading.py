"""Files handed in on the upload page: what reading them says, what a person answers, what was loaded last.

A file is read as soon as it lies there, and again when an answer changes; nothing is loaded before it is confirmed.
What ingest reports (DESIGN, `load`) is kept as it is; nothing of it is judged again here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st

from models import ports
from models.builds.data_dir import DataDir
from models.builds.placement import followed_source, refuse_writing
from models.errors import InputError, PlimsollError
from models.feeds import FEEDS
from models.intake import Batch, LoadReport, Reason
from models.vocabulary import FileStatus
from ui.intake.words import reason_words, share_done, step_text
from ui.shell import boxes, data, markup
from ui.shell.carried import carried_through
from ui.shell.wording import _, feed_word, msgid, safe, spoken

MOST_FILES = 50  # one sitting of a project manager; a folder of hundreds is loaded from the command line
FOUND_OUT = ""  # in a choice: Plimsoll finds out for itself
_TRIED = "uploads_tried"
_LOADED = "uploads_loaded"
_ANSWERS = "uploads_answers"
_AGAIN = "uploads_again_batch"
_HASHES = "uploads_hashes"
KEPT_ANSWERS = ("date_order", "decimal", "encoding", "unit")
DATE_ORDER_WORDS = {
    FOUND_OUT: msgid("as the file shows"),
    "ymd": msgid("year, month, day"),
    "dmy": msgid("day, month, year"),
    "mdy": msgid("month, day, year"),
}


@dataclass(frozen=True)
class UploadedFile:
    """One file as it was dropped on the page; `again` when it is the original of a batch that is to be read anew."""

    name: str
    content: bytes
    content_hash: str
    again: bool = False


@dataclass(frozen=True)
class Choices:
    """What the person said about all files; None where Plimsoll finds out for itself."""

    feed: str | None
    project: str | None
    date_order: str | None


# ---- what lies there ------------------------------------------------------------------------------------------------


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
    markup.style(" ".join(rules))


def taken_elsewhere(folder: DataDir) -> None:
    """Before anybody drops a file on a machine that follows another's builds: it takes none."""
    if source := followed_source(folder):
        words = _(
            "This machine shows the builds of {source}. Files are loaded on the machine whose worker runs.",
            source=safe(source),
        )
        st.info(words, icon=":material/info:")


def broken_tools(reasons: Sequence[Reason]) -> None:
    """What is wrong with the tools that the project office describes itself; every other tool is read as ever."""
    for reason in reasons:
        st.warning(safe(reason_words(reason)), icon=":material/warning:")


def uploaded_files() -> list[UploadedFile]:
    """The files dropped on the page, each content once, at most MOST_FILES."""
    _worded_dropzone()
    uploaded = st.file_uploader(
        _("Drop exports here, several at a time: CSV, XLSX, XLS, JSON, XML, ZIP"),
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
    files = [UploadedFile(file.name, file.getvalue(), _hash(file)) for file in uploaded[:MOST_FILES]]
    return list({file.content_hash: file for file in files}.values())


def _hash(file) -> str:
    """SHA-256 of an uploaded file, taken once: a rerun must not read 300 MB again."""
    known = st.session_state.setdefault(_HASHES, {})
    if file.file_id not in known:
        known[file.file_id] = hashlib.sha256(file.getvalue()).hexdigest()
    return known[file.file_id]


def known_projects() -> dict[str, str]:
    """{project_key: name} of the current build; empty while nothing is published."""
    view = data.opened_build()
    return {} if view is None else data.project_names(data.projects(view))


def file_choices(projects: dict[str, str]) -> Choices:
    """Project, kind of data and date order, for files that do not tell. projects: {project_key: name}."""
    with st.container(horizontal=True):
        project = boxes.selectbox(
            _("Project"),
            project_words(projects),
            accept_new_options=True,
            help=_(
                "Only for files that name no project, such as coverage and test reports. Choose one or type its number."
            ),
            key="uploads_project",
        )
        feed = boxes.selectbox(_("Feed"), feed_words(_("recognize it")), key="uploads_feed")
        date_order = boxes.selectbox(
            _("Dates"),
            date_order_words(),
            help=_("Asked for when no value of the file tells day from month, as in 01/02/2026."),
            key="uploads_date_order",
        )
    return Choices(feed or None, project or None, date_order or None)


def project_words(projects: Mapping[str, str]) -> dict[str, str]:
    """{project_key: as it is chosen}; first that the file says it."""
    return {FOUND_OUT: _("as the file says")} | {key: f"{name} ({key})" for key, name in projects.items()}


def feed_words(found_out: str) -> dict[str, str]:
    """{feed: its word}; first that it is found out, in these words."""
    return {FOUND_OUT: found_out} | {name: feed_word(name) for name in FEEDS}


def date_order_words() -> dict[str, str]:
    return {order: spoken(words) for order, words in DATE_ORDER_WORDS.items()}


# ---- what was said of one file --------------------------------------------------------------------------------------


def answers(file: UploadedFile) -> dict[str, Any]:
    """What somebody said of this file on its sheet: LoadOptions by name (feed, project, mapping, date_order, …)."""
    return st.session_state.get(_ANSWERS, {}).get(file.content_hash, {})


def answer(file: UploadedFile, said: dict[str, Any]) -> None:
    """From now on this file is read so; an answer of None is taken back."""
    known = st.session_state.setdefault(_ANSWERS, {}).setdefault(file.content_hash, {})
    known |= said
    for name in [name for name, value in known.items() if value is None]:
        del known[name]


def load_files(
    files: list[UploadedFile], choices: Choices, port: ports.Intake, *, then: Callable[[], None]
) -> dict[str, list[LoadReport]]:
    """{content hash: its entries in the report}: all files, and `then` after the last, also when the tab is closed."""
    said = {file.content_hash: _said_of(file, choices) for file in files}

    def work(say: Callable[..., None]) -> dict[str, list[LoadReport]]:
        return {
            file.content_hash: _loaded(port, file, said[file.content_hash], progress=partial(say, number, file))
            for number, file in enumerate(files, start=1)
        }

    with st.status(_("Loading"), expanded=True) as status:
        bar = st.progress(0.0)

        def show(number: int, file: UploadedFile, step: str, done: int, expected: int | None) -> None:
            _advance(bar, _numbered(number, files, file), step, done, expected)

        entries = carried_through(work, then=then, show=show)
        bar.progress(1.0)
        status.update(label=_("Loaded."), state="complete", expanded=False)
    return entries


def nothing_more() -> None:
    """What follows on a load that nobody wants refreshed."""


def _said_of(file: UploadedFile, choices: Choices) -> dict[str, Any]:
    return asdict(choices) | {"landed_by": "upload", "again": file.again} | answers(file)


def _loaded(port: ports.Intake, file: UploadedFile, said: Mapping[str, Any], **more: Any) -> list[LoadReport]:
    """The entries of one file in the report; of one that cannot be read, one with status refused and its reason."""
    try:
        return port.load(file.name, file.content, **said, **more)
    except PlimsollError as error:
        return [refused(file.name, error)]


def _numbered(number: int, files: list[UploadedFile], file: UploadedFile) -> str:
    return _("{number} of {count}: {name}", number=number, count=len(files), name=safe(file.name))


# ---- reading, without loading ---------------------------------------------------------------------------------------


def tried_files(files: list[UploadedFile], choices: Choices, port: ports.Intake) -> dict[str, list[LoadReport]]:
    """{content hash: entries of its dry run}: files and answers that are new are read now, the rest is remembered."""
    known = st.session_state.setdefault(_TRIED, {})
    wanted = {
        file.content_hash: json.dumps([asdict(choices), answers(file), file.again], sort_keys=True, default=str)
        for file in files
    }
    for content_hash in [read for read in known if known[read]["with"] != wanted.get(read)]:
        del known[content_hash]
    new = [file for file in files if file.content_hash not in known]
    if new:
        st.session_state.pop(_LOADED, None)
        found = _dry_run(new, choices, port)
        known |= {read: {"with": wanted[read], "entries": entries} for read, entries in found.items()}
    return {file.content_hash: known[file.content_hash]["entries"] for file in files}


def _dry_run(files: list[UploadedFile], choices: Choices, port: ports.Intake) -> dict[str, list[LoadReport]]:
    """{content hash: its entries in the report}, one bar per file; where one cannot be read the others go on."""
    entries: dict[str, list[LoadReport]] = {}
    with st.status(_("Reading the files, loading nothing"), expanded=True) as status:
        for number, file in enumerate(files, start=1):
            head = _numbered(number, files, file)
            bar = st.progress(0.0, text=head)
            on_progress = partial(_advance, bar, head)
            entries[file.content_hash] = _loaded(
                port, file, _said_of(file, choices), dry_run=True, progress=on_progress
            )
            bar.progress(1.0, text=head)
        status.update(label=_("Read. Nothing has been loaded yet."), state="complete", expanded=False)
    return entries


def _advance(bar, head: str, step: str, done: int, expected: int | None) -> None:
    bar.progress(share_done(step, done, expected), text=step_text(head, step, done, expected))


def refused(name: str, error: PlimsollError) -> LoadReport:
    """An entry for a file that ingest would not even report on."""
    return LoadReport(file=name, status=FileStatus.REFUSED, reasons=[Reason.of(error)])


def loadable(tried: dict[str, list[LoadReport]], files: list[UploadedFile]) -> list[UploadedFile]:
    """The files of which something would be loaded, or held for an answer."""
    would_load = (FileStatus.LANDED, FileStatus.HELD)
    return [file for file in files if any(entry.status in would_load for entry in tried.get(file.content_hash, []))]


def columns_of(entry: LoadReport) -> list[str]:
    """All column names of the file, read or not."""
    return list(dict.fromkeys([*entry.columns_mapped, *entry.columns_unmapped]))


def keep_answers(files: list[UploadedFile], loaded: dict[str, list[LoadReport]], port: ports.Intake) -> None:
    """What was answered of dates, decimals and encodings is not asked again for files with the same columns."""
    for file in files:
        said = {name: value for name, value in answers(file).items() if name in KEPT_ANSWERS}
        for entry in loaded.get(file.content_hash, []):
            if said and entry.feed and columns_of(entry):
                port.keep_answers(PurePath(file.name).stem or file.name, entry.feed, columns_of(entry), **said)


# ---- after it was loaded --------------------------------------------------------------------------------------------


def remember_loaded(entries: dict[str, list[LoadReport]]) -> None:
    """Keeps what was loaded for the next rerun, and empties the uploader for the next files."""
    st.session_state[_LOADED] = [entry for found in entries.values() for entry in found]
    st.session_state["uploads_round"] = st.session_state.get("uploads_round", 0) + 1
    for name in (_TRIED, _ANSWERS, _AGAIN, _HASHES):
        st.session_state.pop(name, None)


def loaded_entries() -> list[LoadReport]:
    """What this session loaded last, until it reads the next files."""
    return st.session_state.get(_LOADED, [])


# ---- a batch read again ---------------------------------------------------------------------------------------------


def read_again(batches: Iterable[Batch], batch_id: str) -> None:
    """Opens the sheet of a batch: its original will be read anew, and would take the place of the batch."""
    batch = next(batch for batch in batches if batch.batch_id == batch_id)
    st.session_state[_AGAIN] = batch.batch_id
    st.session_state.pop(_TRIED, None)
    st.session_state.pop(_LOADED, None)
    if batch.project_hint:
        st.session_state.setdefault(_ANSWERS, {})[batch.content_hash] = {"project": batch.project_hint}


def leave_as_it_is() -> None:
    for name in (_AGAIN, _ANSWERS, _TRIED):
        st.session_state.pop(name, None)


def file_read_again(folder: DataDir, batches: Iterable[Batch]) -> UploadedFile | None:
    """The kept original of the batch whose sheet is open.

    Raises: InputError when its bytes are gone.
    """
    asked = st.session_state.get(_AGAIN)
    batch = next((batch for batch in batches if batch.batch_id == asked), None)
    if batch is None:
        return None
    original = folder.original_file(batch.content_hash)
    if not original.is_file():
        leave_as_it_is()
        refuse_writing(folder)  # on a machine that follows another's builds it never was here
        raise InputError(
            "uploads.original_gone",
            "The original of {file} is gone from the data folder. Drop the file here again, or restore the folder from a backup.",
            file=batch.file_name,
        )
    return UploadedFile(batch.file_name, original.read_bytes(), batch.content_hash, again=True)
