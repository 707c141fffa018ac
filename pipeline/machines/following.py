"""Builds copied from the folder, or the object store, where another machine publishes them.

In the order in which they are published: what pages read beside a build, the values and manifests of earlier ones, the file, its
manifest, last the pointer. Whoever reads the copy sees the build before or the new one, whole, whenever a copy ends.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import sqlalchemy as sa
import structlog
from filelock import FileLock, Timeout
from pyarrow import ArrowException, fs

from models.builds.data_dir import DataDir
from models.builds.placement import followed_source, shared_folder
from models.builds.published import BUILD_ID, build_number
from models.errors import InputError, PlimsollError
from models.vocabulary import BatchStatus
from pipeline.ingest.landing.staging import flush
from pipeline.store import control
from pipeline.store.server import connecting

_CHUNK = 8 << 20
_POINTER, _HISTORY = "warehouse/CURRENT", "warehouse/history"
# What pages read beside builds, each file written once: baselines, rows held back, the codes by which the gate knows a project.
_BESIDE = ("baselines", "landing/quarantine", "landing/projects", "landing/project_aliases")
log = structlog.get_logger("plimsoll.following")


@dataclass(frozen=True)
class Place:
    """The layout of a data folder on any file system. Names are relative, with slashes."""

    files: fs.FileSystem
    base: str
    shown: str

    def path(self, name: str) -> str:
        return f"{self.base}/{name}"

    def sizes(self, folder: str) -> dict[str, int]:
        """{name: bytes} of the finished files in a folder; none where there is no such folder."""
        found = self.files.get_file_info(fs.FileSelector(self.path(folder), allow_not_found=True))
        return {
            f"{folder}/{info.base_name}": info.size
            for info in found
            if info.type == fs.FileType.File and not info.base_name.endswith(".writing")
        }

    def text(self, name: str) -> str | None:
        try:
            with self.files.open_input_stream(self.path(name), compression=None) as stream:
                return stream.read().decode()
        except FileNotFoundError:
            return None

    @contextmanager
    def written(self, name: str) -> Iterator[IO[bytes]]:
        """A new file under this name, once the block has ended well: on a disk it is renamed, an object is put whole."""
        if not isinstance(self.files, fs.LocalFileSystem):
            try:
                with self.files.open_output_stream(self.path(name), compression=None) as stream:
                    yield stream
            except BaseException:
                self.files.delete_file(self.path(name))
                raise
            return
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(target.name + ".writing")
        try:
            with beside.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, target)
            flush(target.parent)
        finally:
            beside.unlink(missing_ok=True)

    @property
    def build_id(self) -> str | None:
        """The build that the pointer names."""
        named = (self.text(_POINTER) or "").strip()
        return named if BUILD_ID.fullmatch(named) else None


def place_of(address: str) -> Place:
    """A folder, or an address such as s3://bucket/folder; keys and regions as pyarrow takes them from the environment.

    Raises: InputError 'follow.address', 'follow.secret'.
    """
    if "://" not in address:
        return Place(fs.LocalFileSystem(), str(Path(address).resolve()), str(Path(address).resolve()))
    if urlsplit(address).username:
        raise InputError(
            "follow.secret",
            "The address holds a key, and it would be written down. Leave the key to the environment "
            "(for S3: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the role of the machine).",
        )
    try:
        files, base = fs.FileSystem.from_uri(address)
    except (ArrowException, ValueError) as error:
        raise InputError(
            "follow.address",
            "{address} is no folder and no address of an object store that is known here: {reason}. "
            "For example /srv/plimsoll, or s3://bucket/plimsoll?region=cn-north-1.",
            address=address,
            reason=" ".join(str(error).split()),
        ) from error
    return Place(files, base.rstrip("/"), address)


def follow(data_dir: DataDir, source: str | None) -> str | None:
    """Copies what is published at the source into this data folder, which follows it from then on.

    source: a folder or address; None: the one followed so far.
    Returns: the build that is new here; None where nothing was.
    Raises: InputError 'follow.no_source', 'follow.no_control', 'follow.own_data', and as `place_of`; PlimsollError
    'folder.shared', 'follow.running', and as `copy_build`.
    """
    followed = followed_source(data_dir)
    source = source or followed
    if source is None:
        raise InputError("follow.no_source", "Say whose builds to follow: `python -m pipeline follow --from FOLDER`.")
    if shared := shared_folder(data_dir):
        raise shared
    if not connecting.address():
        raise InputError(
            "follow.no_control",
            "PLIMSOLL_CONTROL is not set. A machine that follows shares the control store of the one it follows: without it, no "
            "alert would be shown here, and answers would be lost.",
        )
    place = place_of(source)
    if followed is None and (data_dir.current_pointer.exists() or (data_dir.landing / "originals").exists()):
        raise InputError(
            "follow.own_data",
            "{path} holds data of its own, which would be mixed with the builds of {source}. Choose an empty folder.",
            path=str(data_dir.root),
            source=place.shown,
        )
    here = place_of(str(data_dir.root))
    if followed != place.shown:
        with here.written(data_dir.following.name) as file:
            file.write(json.dumps({"source": place.shown}).encode())
    try:
        with FileLock(data_dir.root / "follow.lock", timeout=0, fallback_to_soft=False):
            return copy_build(place, here, mended_files(data_dir))
    except Timeout:
        raise PlimsollError(
            "follow.running",
            "{path} is being followed by another process already. One is enough.",
            path=str(data_dir.root),
        ) from None


def mended_files(data_dir: DataDir) -> list[str]:
    """Landed files of rows that came back mended: pages leave these out of the rows held back. None where no store answers."""
    table = control.batches
    mends = sa.select(table.c.feed, table.c.batch_id).where(
        table.c.mends_batch.is_not(None), table.c.status == BatchStatus.LANDED
    )
    try:
        return [f"landing/{row['feed']}/{row['batch_id']}.parquet" for row in control.rows(data_dir, mends)]
    except PlimsollError as error:  # builds go on; what cannot be read of the store, pages say
        log.warning("mended_files_not_known", reason=str(error))
        return []


def copy_build(source: Place, target: Place, mended: Sequence[str] = ()) -> str | None:
    """Copies the build that the source points at, unless the target points at it already, and deletes files that the source
    keeps no more.

    mended: of `mended_files`.
    Raises: InputError 'follow.nothing'; PlimsollError 'follow.not_now', 'follow.no_hash', 'follow.differs': the target shows
    what it showed before.
    """
    try:
        build_id = source.build_id
        if build_id is None:
            raise InputError(
                "follow.nothing",
                "Nothing is published at {source}: it has no warehouse/CURRENT yet.",
                source=source.shown,
            )
        beside = [size for folder in _BESIDE for size in source.sizes(folder).items()]
        found = source.files.get_file_info([source.path(name) for name in mended])
        beside += [(name, info.size) for name, info in zip(mended, found, strict=True) if info.type == fs.FileType.File]
        _copy_missing(source, target, beside)
        _copy_texts(source, target, "dialects")
        if target.build_id == build_id:
            return None
        _copy_missing(source, target, _earlier(source, build_id))
        _copy_whole(source, target, build_id)
        _forget(source, target, build_id)
    except OSError as error:
        raise PlimsollError(
            "follow.not_now",
            "The build of {source} could not be copied: {reason}. What is shown here stays; the next look may find it whole.",
            source=source.shown,
            reason=" ".join(str(error).split()),
        ) from error
    log.info("followed", build_id=build_id, source=source.shown)
    return build_id


def _copy_missing(source: Place, target: Place, wanted: list[tuple[str, int]]) -> None:
    """Files that are written once under their name: one of the same size is there already."""
    there = {folder: target.sizes(folder) for folder in {name.rpartition("/")[0] for name, _ in wanted}}
    for name, size in wanted:
        if there[name.rpartition("/")[0]].get(name) != size:
            _copy(source, target, name, {"bytes": size})


def _copy_texts(source: Place, target: Place, folder: str) -> None:
    """Small files that people write again under the same name."""
    wanted, there = source.sizes(folder), target.sizes(folder)
    for name in wanted:
        text = source.text(name)
        if text is not None and text != target.text(name):
            with target.written(name) as file:
                file.write(text.encode())
    for name in there.keys() - wanted:
        target.files.delete_file(target.path(name))


def _earlier(source: Place, build_id: str) -> list[tuple[str, int]]:
    """Values, then manifests, of the builds before this one, and its values; those after it may never have been published."""
    found: list[tuple[str, int]] = []
    for name, size in source.sizes(_HISTORY).items():
        number, _, kind = name.removeprefix(f"{_HISTORY}/").partition(".")
        known = BUILD_ID.fullmatch(number) and build_number(number) <= build_number(build_id)
        if known and (kind == "parquet" or (kind == "json" and number != build_id)):
            found.append((name, size))
    return sorted(found, key=lambda file: file[0].endswith(".json"))


def _copy_whole(source: Place, target: Place, build_id: str) -> None:
    manifest = source.text(f"{_HISTORY}/{build_id}.json")
    if manifest is None:
        raise FileNotFoundError(f"{_HISTORY}/{build_id}.json")
    stated: dict[str, Any] = json.loads(manifest)
    if "file_sha256" not in stated:
        raise PlimsollError(
            "follow.no_hash",
            "Build {build_id} of {source} was made by a version that kept no hash of its file. Refresh there once.",
            build_id=build_id,
            source=source.shown,
        )
    name = f"warehouse/plimsoll_{build_id}.duckdb"
    expected = {"bytes": stated["file_bytes"], "sha256": stated["file_sha256"]}
    if target.sizes("warehouse").get(name) != expected["bytes"] or _hash(target, name) != expected["sha256"]:
        _copy(source, target, name, expected)
    for text, at in ((manifest, f"{_HISTORY}/{build_id}.json"), (build_id + "\n", _POINTER)):
        with target.written(at) as file:
            file.write(text.encode())


def _copy(source: Place, target: Place, name: str, expected: dict[str, Any]) -> None:
    digest, copied = hashlib.sha256(), 0
    with (
        source.files.open_input_stream(source.path(name), compression=None) as reading,
        target.written(name) as writing,
    ):
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            copied += writing.write(chunk)
        found = {"bytes": copied, "sha256": digest.hexdigest()}
        if any(found[what] != value for what, value in expected.items()):
            raise PlimsollError(
                "follow.differs",
                "{name} of {source} is not what was published: {found}, where {expected} was expected. What is shown here stays.",
                name=name,
                source=source.shown,
                found=_in_words(found, expected),
                expected=_in_words(expected, expected),
            )


def _in_words(found: dict[str, Any], asked: dict[str, Any]) -> str:
    return ", ".join(f"{str(found[what])[:12]} {what}" for what in asked)


def _hash(place: Place, name: str) -> str:
    digest = hashlib.sha256()
    with place.files.open_input_stream(place.path(name), compression=None) as reading:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _forget(source: Place, target: Place, build_id: str) -> None:
    """Whole files that the source no longer keeps; who has one open reads on."""
    kept = {*source.sizes("warehouse"), f"warehouse/plimsoll_{build_id}.duckdb"}
    for name in target.sizes("warehouse"):
        if name.endswith(".duckdb") and name not in kept:
            target.files.delete_file(target.path(name))
