"""What was handed in, file by file: folders are walked, archives opened, a folder of JSON issues taken as one export.

Names from outside are for display; whatever is written here goes under names of our own.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from models.errors import InputError
from pipeline.ingest.dialects import dialects
from pipeline.ingest.files.elements import recognized_json
from pipeline.ingest.files.sandbox.sandbox import Limits
from pipeline.ingest.files.source import ContentKind, content_kind, opened_zip, shown_name

# What a folder of exports holds beside exports.
NO_EXPORTS = frozenset(
    {".md", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".ini", ".db", ".part", ".tmp", ".crdownload"}
)
MOST_MEMBERS = 200_000
MOST_BYTES = Limits.memory_megabytes << 20  # of an archive, unpacked: the workspace may lie in memory
MOST_RATIO = 500  # text packs to a twentieth, rarely to a hundredth; a bomb to a thousandth and less
SMALL_BYTES = 64 << 20  # below this a ratio says nothing


@dataclass(frozen=True)
class IncomingFile:
    """One thing to load. `name` is for display. `folder_name` is where it lay: a project hint for reports that name none.

    is_bundle: `path` is an archive made here of the JSON files of one folder; they are one export.
    workspace: the folder of this load, for what is made of the file meanwhile.
    run_id: of a report that came with others in one folder or archive: together they are one run of the tests.
    """

    path: Path
    name: str
    folder_name: str | None = None
    is_bundle: bool = False
    error: InputError | None = None
    workspace: Path | None = None
    run_id: str | None = None


@dataclass(frozen=True)
class _Found:
    """A file below a folder or inside an archive: its path there, and where its bytes lie now."""

    inside: PurePosixPath
    path: Path

    @cached_property
    def is_page(self) -> bool:
        """Whether it is JSON that may be one page of several; a report stands by itself."""
        if self.inside.suffix.lower() != ".json":
            return False
        try:
            return recognized_json(self.path, dialects().reports) is None
        except OSError:
            return True  # source_file says what is wrong with it


def incoming_files(path: Path, workspace: Path, name: str | None = None) -> Iterator[IncomingFile]:
    """The exports in a file, a folder or an archive. A path that cannot be read gives one IncomingFile with its error."""
    for incoming in _incoming_files(path, workspace, shown_name(name or path.name or str(path))):
        folder_name = incoming.folder_name and shown_name(incoming.folder_name)
        yield replace(incoming, name=shown_name(incoming.name), folder_name=folder_name, workspace=workspace)


def _incoming_files(path: Path, workspace: Path, shown: str) -> Iterator[IncomingFile]:
    try:
        if _is_folder(path):
            found = _walk(path)
            if not found:
                raise InputError(
                    "ingest.empty_folder",
                    "{folder} holds no export. Check the path; nothing was loaded.",
                    folder=shown,
                )
            yield from _together(found, shown, workspace)
        elif _is_archive(path):
            yield from _together(_unpacked(path, shown, workspace), shown, workspace)
        else:
            yield IncomingFile(path, shown)
    except InputError as error:
        yield IncomingFile(path, shown, error=error)


def _together(found: list[_Found], shown: str, workspace: Path) -> Iterator[IncomingFile]:
    """The exports of a folder or archive; its reports of tests carry one run, known by the content of all of them."""
    reports = {member.path for member in found if member.inside.suffix.lower() in (".xml", ".trx")}
    run_id = _run_id(reports) if len(reports) > 1 else None
    for incoming in _exports(found, shown, workspace):
        yield replace(incoming, run_id=run_id) if incoming.path in reports else incoming


def _run_id(paths: set[Path]) -> str | None:
    digests = []
    try:
        for path in paths:
            with path.open("rb") as stream:
                digests.append(hashlib.file_digest(stream, "sha256").digest())
    except OSError:
        return None  # source_file says what is wrong with the file
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()[:12]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name longer than any may be: source_file says what is wrong with it
        return False


def _walk(folder: Path) -> list[_Found]:
    found = [
        _Found(PurePosixPath(file.relative_to(folder).as_posix()), file) for file in folder.rglob("*") if file.is_file()
    ]
    return sorted((member for member in found if _may_be_export(member.inside)), key=lambda member: str(member.inside))


def _may_be_export(inside: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in inside.parts)
    return not hidden and inside.suffix.lower() not in NO_EXPORTS


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return content_kind(stream.read(65_536), path) is ContentKind.ZIP
    except (OSError, ValueError):
        return False  # source_file says what is wrong with it


def _exports(found: list[_Found], shown: str, workspace: Path) -> Iterator[IncomingFile]:
    """JSON files that lie alone in a folder and all its sub-folders are one export; so are several in one folder."""
    found = _without_common_folder(found)
    if len(found) > 1 and all(member.is_page for member in found):
        yield _bundle(found, shown, workspace)
        return
    here = [member for member in found if len(member.inside.parts) == 1]
    documents = [member for member in here if member.is_page]
    if len(documents) > 1:
        yield _bundle(documents, shown, workspace)
        here = [member for member in here if member not in documents]
    for member in here:
        yield IncomingFile(member.path, str(member.inside), folder_name=PurePosixPath(shown).stem)
    below: dict[str, list[_Found]] = {}
    for member in found:
        if len(member.inside.parts) > 1:
            below.setdefault(member.inside.parts[0], []).append(
                _Found(PurePosixPath(*member.inside.parts[1:]), member.path)
            )
    for folder, files in below.items():
        if len(files) > 1 and all(file.is_page for file in files):
            yield _bundle(files, folder, workspace)
        else:
            yield from _exports_of_folder(files, folder, workspace)


def _exports_of_folder(files: list[_Found], folder: str, workspace: Path) -> Iterator[IncomingFile]:
    if len(files) == 1:
        yield IncomingFile(files[0].path, files[0].inside.name, folder_name=(files[0].inside.parent.name or folder))
    else:
        yield from _exports(files, folder, workspace)


def _without_common_folder(found: list[_Found]) -> list[_Found]:
    """An archive of a folder and the folder itself hold the same export: a first folder that all share tells nothing."""
    firsts = {member.inside.parts[0] for member in found}
    if len(firsts) == 1 and all(len(member.inside.parts) > 1 for member in found):
        return [_Found(PurePosixPath(*member.inside.parts[1:]), member.path) for member in found]
    return found


def _bundle(found: list[_Found], shown: str, workspace: Path) -> IncomingFile:
    """The files as one archive whose bytes depend on their names and content alone, so that it has one fingerprint."""
    path = workspace / f"bundle-{len(list(workspace.iterdir()))}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for held in sorted(found, key=lambda member: str(member.inside)):
            entry = zipfile.ZipInfo(str(held.inside), date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            with archive.open(entry, "w") as member, held.path.open("rb") as file:
                shutil.copyfileobj(file, member, 1 << 20)
    return IncomingFile(path, shown, is_bundle=True)


def _unpacked(path: Path, shown: str, workspace: Path) -> list[_Found]:
    """The members of an archive under numbers of our own, so that no name in it is ever used as a path.

    Raises: InputError for a damaged or protected archive, or one that unpacks to more than a machine should take.
    """
    folder = workspace / f"unpacked-{len(list(workspace.iterdir()))}"
    folder.mkdir()
    found = []
    try:
        with opened_zip(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _refuse_bomb(members, shown)
            room = MOST_BYTES
            for number, member in enumerate(members):
                inside = _inside(member)
                if not inside.parts or not _may_be_export(inside):
                    continue
                target = folder / f"{number:06d}"
                room -= _copied(archive, member, target, room, shown)
                found.append(_Found(inside, target))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise InputError(
            "ingest.broken_archive",
            "{file} is a damaged archive ({reason}). Pack it again.",
            file=shown,
            reason=str(error)[:100],
        ) from error
    except RuntimeError as error:  # how zipfile says that a member is encrypted
        raise InputError(
            "ingest.password_archive",
            "{file} is protected by a password. Unpack it and load what it holds.",
            file=shown,
        ) from error
    if not found:
        raise InputError("ingest.empty_archive", "{file} is an archive that holds no export.", file=shown)
    return sorted(found, key=lambda member: str(member.inside))


def _inside(member: zipfile.ZipInfo) -> PurePosixPath:
    """A member's path for display and order; Chinese Windows writes names in GB18030 without saying so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = member.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return PurePosixPath(*parts)


def _refuse_bomb(members: list[zipfile.ZipInfo], shown: str) -> None:
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if (
        len(members) > MOST_MEMBERS
        or unpacked > MOST_BYTES
        or (unpacked > SMALL_BYTES and unpacked > MOST_RATIO * max(packed, 1))
    ):
        raise InputError(
            "ingest.archive_too_large",
            "{file} unpacks to {members} files and {megabytes} MB, more than is taken from an archive. "
            "Unpack it yourself and load the folder.",
            file=shown,
            members=len(members),
            megabytes=unpacked >> 20,
        )


def _copied(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, room: int, shown: str) -> int:
    """Bytes written; counted while unpacking, because an archive may lie about its sizes."""
    written = 0
    with archive.open(member) as packed, target.open("wb") as file:
        while block := packed.read(1 << 20):
            written += len(block)
            if written > min(room, member.file_size):
                raise InputError(
                    "ingest.archive_lies",
                    "{file} unpacks to more than it declares and was not read. Unpack it yourself and load the folder.",
                    file=shown,
                )
            file.write(block)
    return written


def bundle_members(path: Path) -> Iterator[tuple[str, bytes]]:
    """(path inside, bytes) of a bundle's files, in their order."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            yield member.filename, archive.read(member)
