"""The parts of an XLSX package beside its cells: sheets and whether they are hidden, number formats, macros.

Runs in the confined child: the files are whatever somebody sent.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, fromstring

from models.errors import InputError
from pipeline.ingest.files.source import SourceFile

MOST_UNPACKED = 1 << 30
MOST_RATIO = 400  # sheets of numbers pack 10 to 30 times; a bomb, a thousand
MOST_PART_BYTES = 32 << 20  # of a part that is read whole: a workbook with 64,000 formats has 8 MB of them
MOST_PARTS = 10_000
_PADDED = re.compile(r"0{2,20}")
_DAMAGES = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


@dataclass(frozen=True)
class Parts:
    """sheets: {name: path inside the package}, in the workbook's order, without charts; hidden: names of hidden sheets.

    padded: {style index: digits shown} of number formats such as 000000; one_decimal: styles with the format 0.0.
    """

    sheets: dict[str, str]
    hidden: frozenset[str] = frozenset()
    padded: dict[int, int] = field(default_factory=dict)
    one_decimal: frozenset[int] = frozenset()
    has_macros: bool = False


def workbook_parts(source: SourceFile, archive: zipfile.ZipFile) -> Parts:
    """Raises: InputError for a password, a bomb by its own directory, a binary workbook, damage."""
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise protected(source)
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > MOST_UNPACKED or (unpacked > 64 << 20 and unpacked / packed > MOST_RATIO):
        raise unpacks_too_large(source, unpacked)
    if len(names) != len(set(names)) or len(names) > MOST_PARTS:
        raise damaged(source, "the same part more than once" if len(names) <= MOST_PARTS else f"{len(names)} parts")
    try:
        workbook = _part(source, archive, "xl/workbook.xml")
        targets = {
            element.get("Id", ""): element.get("Target", "")
            for element in _part(source, archive, "xl/_rels/workbook.xml.rels").iter()
            if element.get("Id")
        }
        styles = _part(source, archive, "xl/styles.xml") if "xl/styles.xml" in names else None
    except _DAMAGES as error:
        raise damaged(source, str(error)) from error
    sheets, hidden = {}, set()
    for element in workbook.iter():
        name = element.get("name")
        if _plain(element.tag) != "sheet" or not name:
            continue
        relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
        target = targets.get(relation or "", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if "worksheets/" in path.lower():
            sheets[name] = path
        if element.get("state") in ("hidden", "veryHidden"):
            hidden.add(name)
    padded, one_decimal = _number_formats(styles)
    return Parts(sheets, frozenset(hidden), padded, one_decimal, any(name.endswith("vbaproject.bin") for name in names))


class _TreeWithoutDoctype(TreeBuilder):
    """Refuses a part at its document type, before an entity of it is declared: no workbook has one."""

    def doctype(self, name: str, public_id: str | None, system: str | None) -> None:
        raise ValueError(f"a document type {name} is declared")


def _part(source: SourceFile, archive: zipfile.ZipFile, name: str) -> Element:
    """A small part of the package as a tree, without entities. Parts are found whatever the case of their names."""
    found = next((entry for entry in archive.infolist() if entry.filename.lower() == name), None)
    if found is None:
        raise damaged(source, f"{name} is missing")
    with archive.open(found) as stream:
        content = stream.read(MOST_PART_BYTES + 1)
    if len(content) > MOST_PART_BYTES:
        raise unpacks_too_large(source, found.file_size)
    try:
        return fromstring(content, XMLParser(target=_TreeWithoutDoctype()))
    except (ParseError, ValueError) as error:
        raise damaged(source, f"{name}: {error}"[:200]) from error


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _number_formats(styles: Element | None) -> tuple[dict[int, int], frozenset[int]]:
    if styles is None:
        return {}, frozenset()
    formats = {
        element.get("numFmtId"): element.get("formatCode", "").replace('"', "").replace("\\", "")
        for element in styles.iter()
        if _plain(element.tag) == "numFmt"
    }
    padded, one_decimal = {}, set()
    cell_formats = next((element for element in styles if _plain(element.tag) == "cellXfs"), ())
    for index, element in enumerate(cell_formats):
        code = formats.get(element.get("numFmtId"), "").partition(";")[0]
        if _PADDED.fullmatch(code):
            padded[index] = len(code)
        elif code == "0.0":
            one_decimal.add(index)
    return padded, frozenset(one_decimal)


def protected(source: SourceFile) -> InputError:
    return InputError(
        "ingest.password",
        "{file} is protected by a password. Open it, save a copy without the password, and load that.",
        file=source.name,
    )


def damaged(source: SourceFile, reason: str) -> InputError:
    return InputError(
        "ingest.damaged_workbook",
        "{file} is a workbook that cannot be opened ({reason}). Open it in Excel, save it again, and load that.",
        file=source.name,
        reason=reason[:200],
    )


def unpacks_too_large(source: SourceFile, size: int) -> InputError:
    return InputError(
        "ingest.workbook_unpacks_too_large",
        "{file} is too large to open safely: it unpacks to {size} MB, and packed files that grow so much are often harmful. "
        "The limit is {limit} MB. Save the sheet as CSV.",
        file=source.name,
        size=size >> 20,
        limit=MOST_UNPACKED >> 20,
    )
