"""A file that was handed in, and what it is by its content (never by its name)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from models.errors import InputError

# What Microsoft Project writes into its files: the name of the format, and that of the program.
PROJECT_MARKS = (b"MSProject.MPP", b"MSProject.Project", "MSProject.".encode("utf-16-le"))
# The streams that hold the text of an old Word document or PowerPoint presentation.
OLD_DOCUMENT_MARKS = ("WordDocument".encode("utf-16-le"), "PowerPoint Document".encode("utf-16-le"))
LONGEST_NAME = 160  # characters of a file's name that are shown: what file systems allow is longer than a line
MOST_DIRECTORY_BYTES = 32 << 20  # of a zip: some 400,000 members
_DIRECTORY_END = (
    65_536 + 22 + 56 + 20
)  # where the end of a zip tells of its directory: the longest comment, and the ends
HEAD_BYTES = 65_536  # enough for any magic number, and for an XML prolog with a long comment


class ContentKind(StrEnum):
    TEXT_TABLE = "text_table"
    XLSX = "xlsx"
    XLS = "xls"
    ENCRYPTED_WORKBOOK = "encrypted_workbook"
    JSON = "json"
    XML = "xml"
    HTML = "html"
    PDF = "pdf"
    ZIP = "zip"
    PROFILE = "profile"
    XER = "xer"
    PMXML = "pmxml"
    MPP = "mpp"
    MPX = "mpx"
    ODS = "ods"
    XLSB = "xlsb"
    DOCUMENT = "document"
    IMAGE = "image"
    BINARY = "binary"
    EMPTY = "empty"


WORKBOOKS = (ContentKind.XLSX, ContentKind.XLS, ContentKind.HTML)  # a web page may be a table that was named .xls


@dataclass(frozen=True)
class SourceFile:
    """`name` is what the person called it, as shown_name() writes it: for display only, never used as a path.

    workspace: a folder of the load where what is made of the file may lie meanwhile; None: the system's own.
    """

    path: Path
    name: str
    content_hash: str
    size_bytes: int
    kind: ContentKind
    project_hint: str | None = None
    workspace: Path | None = None


def source_file(
    path: Path | str, name: str | None = None, project_hint: str | None = None, workspace: Path | None = None
) -> SourceFile:
    """Reads the file once for its SHA-256 and looks at its first bytes for its kind.

    Raises: InputError when the file is missing or cannot be read.
    """
    path = Path(path)
    shown = shown_name(path.name if name is None else name)
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                if len(head) < HEAD_BYTES:
                    head += block[: HEAD_BYTES - len(head)]
                digest.update(block)
                size += len(block)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise InputError(
            "ingest.unreadable_file",
            "{file} cannot be read: {reason}. Check that it exists and that you may read it.",
            file=shown,
            reason=getattr(error, "strerror", None) or str(error),
        ) from error
    return SourceFile(path, shown, digest.hexdigest(), size, content_kind(head, path), project_hint, workspace)


def shown_name(name: str) -> str:
    """A file's name as it may be shown anywhere: what is invisible or turns the writing around is spelled out, what is too
    long loses its middle."""
    spelled = "".join(
        letter if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else _spelled_out(letter)
        for letter in name
    )
    if len(spelled) <= LONGEST_NAME:
        return spelled
    half = LONGEST_NAME // 2
    return f"{spelled[:half]}…{spelled[1 - half :]}"


def _spelled_out(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")


def content_kind(head: bytes, path: Path | None = None) -> ContentKind:
    """What the first bytes say. `path` is opened only to tell a workbook from another zip."""
    text = head
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            text = head[len(mark) :].decode(encoding, "ignore").encode()
            break
    if not text.strip(b" \t\r\n\x00\x0b\x0c\xc2\xa0"):
        return ContentKind.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(head, path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An encrypted .xlsx is an OLE file with a stream of this name (UTF-16); an old .xls has none.
        if _ole_holds(path, PROJECT_MARKS):
            return ContentKind.MPP
        if _ole_holds(path, OLD_DOCUMENT_MARKS):
            return ContentKind.DOCUMENT
        return ContentKind.ENCRYPTED_WORKBOOK if _ole_is_encrypted(head, path) else ContentKind.XLS
    if head.startswith(b"%PDF-"):
        return ContentKind.PDF
    if head.startswith((b"\x89PNG", b"GIF8", b"\xff\xd8\xff")):
        return ContentKind.IMAGE
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"PAR1", b"SQLite format 3\x00")):
        return ContentKind.BINARY
    if text is head and (wide := utf16_without_mark(head)):
        text = head = head.decode(wide, "ignore").encode("utf-8", "ignore")
    return _kind_of_text(text, head)


def utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 without its mark: one byte of every delimiter and digit is NUL, always the same one, as in no other text."""
    head = head[: min(len(head), 4096) & ~1]
    if len(head) < 8:
        return None
    even, odd = (2 * half.count(0) / len(head) for half in (head[0::2], head[1::2]))
    if odd > 0.1 and even < odd / 5:
        return "utf-16-le"
    if even > 0.1 and odd < even / 5:
        return "utf-16-be"
    return None


def _kind_of_zip(head: bytes, path: Path | None) -> ContentKind:
    try:
        if path is None:
            raise ValueError("the bytes lie in no file")
        with opened_zip(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, TypeError, ValueError, NotImplementedError):
        # Cut off: what it was to be is told by its first member, and the reader of that kind says what is wrong with it.
        return ContentKind.XLSX if b"xl/" in head or b"[Content_Types].xml" in head[:100] else ContentKind.ZIP
    if "xl/workbook.bin" in names:
        return ContentKind.XLSB
    if any(name.startswith(("word/document", "ppt/presentation", "visio/document")) for name in names):
        return ContentKind.DOCUMENT
    if any(name.startswith("xl/") for name in names):
        return ContentKind.XLSX
    if any(name.endswith(".iwa") for name in names):
        return ContentKind.DOCUMENT
    return ContentKind.ODS if {"mimetype", "content.xml"} <= names else ContentKind.ZIP


def opened_zip(path: Path) -> zipfile.ZipFile:
    """The archive, unless its directory alone would take more memory than a load may: every member costs half a kilobyte.

    Raises: zipfile.BadZipFile, as for damage.
    """
    with path.open("rb") as stream:
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - _DIRECTORY_END))
        tail = stream.read()
    for mark, place, size in ((b"PK\x05\x06", 12, 4), (b"PK\x06\x06", 40, 8)):
        found = tail.find(mark)
        while found >= 0:
            declared = tail[found + place : found + place + size]
            if (
                len(declared) == size
                and MOST_DIRECTORY_BYTES < int.from_bytes(declared, "little") < (1 << 8 * size) - 1
            ):
                raise zipfile.BadZipFile("its directory is too large")
            found = tail.find(mark, found + 1)
    return zipfile.ZipFile(path)


def _ole_is_encrypted(head: bytes, path: Path | None) -> bool:
    mark = "EncryptedPackage".encode("utf-16-le")
    if mark in head:
        return True
    if path is None:
        return False
    with path.open("rb") as stream:  # the directory of an OLE file may stand at its end
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - HEAD_BYTES))
        return mark in stream.read()


def _ole_holds(path: Path | None, marks: tuple[bytes, ...]) -> bool:
    """Whether any of the marks stands in the file; the stream that names the program may lie anywhere in it."""
    if path is None:
        return False
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            if any(mark in rest + block for mark in marks):
                return True
            rest = block[-64:]
    return False


def _kind_of_text(text: bytes, head: bytes) -> ContentKind:
    start = text.lstrip()[:4096]
    lowered = start.lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<script", b"<style")):
        return ContentKind.HTML
    if start.startswith(b"<") and re.match(rb"<([?!]|[A-Za-z_][\w:.-]*[\s>/])", start):
        if b"<apibusinessobjects" in lowered:
            return ContentKind.PMXML
        return ContentKind.HTML if b"<html" in lowered else ContentKind.XML
    if start[:1] in (b"{", b"[") and re.match(rb'[{\[]\s*(["{\[\]}]|-?\d+[\s,\]]|true|false|null)', start):
        return ContentKind.JSON
    if re.match(rb"TN:|SF:|mode: (set|count|atomic)\s", start):
        return ContentKind.PROFILE
    if start.startswith(b"ERMHDR\t"):
        return ContentKind.XER
    if re.match(rb"MPX[,;\t]", start):
        return ContentKind.MPX
    controls = sum(head[:8192].count(bytes([code])) for code in (*range(1, 8), *range(14, 27)))
    # Text holds no control characters; one in a hundred allows for a stray one in a comment.
    if controls > len(head[:8192]) / 100 and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ContentKind.BINARY
    return ContentKind.TEXT_TABLE


_REFUSALS = {
    ContentKind.EMPTY: ("ingest.empty_file", "{file} is empty. Export it again; nothing was loaded."),
    ContentKind.HTML: (
        "ingest.html_page",
        "{file} is a web page, not a table: perhaps the login page came instead of the export. "
        "Sign in, export again, and load that file.",
    ),
    ContentKind.PDF: ("ingest.pdf", "{file} is a PDF. Export the table as CSV or XLSX and load that."),
    ContentKind.ENCRYPTED_WORKBOOK: (
        "ingest.password",
        "{file} is protected by a password. Open it, save a copy without the password, and load that.",
    ),
    ContentKind.ZIP: (
        "ingest.zip",
        "{file} is a zip archive without a workbook inside. Unpack it and load what it holds.",
    ),
    ContentKind.ODS: (
        "ingest.open_document",
        "{file} is an OpenDocument file (.ods). Open it, save the sheet as .xlsx or CSV, and load that.",
    ),
    ContentKind.XLSB: (
        "ingest.binary_workbook",
        "{file} is a workbook of the binary .xlsb kind. Open it, save it as .xlsx or CSV, and load that.",
    ),
    ContentKind.DOCUMENT: (
        "ingest.document",
        "{file} is a document or a presentation, not a table. Export the table as CSV or XLSX and load that.",
    ),
    ContentKind.IMAGE: ("ingest.image", "{file} is a picture. Export the table as CSV or XLSX and load that."),
    ContentKind.BINARY: ("ingest.binary", "{file} is not text and not a workbook. Export the table as CSV or XLSX."),
    ContentKind.JSON: ("ingest.json_table", "{file} is JSON, not a table."),
    ContentKind.XML: ("ingest.xml_table", "{file} is XML, not a table."),
    ContentKind.PROFILE: ("ingest.lcov_table", "{file} is a report of coverage, not a table."),
    **dict.fromkeys(
        (ContentKind.XER, ContentKind.PMXML, ContentKind.MPP, ContentKind.MPX),
        ("ingest.plan_table", "{file} is a file of a planning tool, not a table."),
    ),
}


def refusal(source: SourceFile) -> InputError:
    """The named error for a file that is no table; for a kind that another reader knows, only after that reader declined."""
    code, template = _REFUSALS[source.kind]
    return InputError(code, template, file=source.name)
