"""What a data folder must not be: a folder that a network shares; and one that follows another's builds is not written to.

Locks, the log of SQLite and the one atomic replace of a pointer hold on the disks of one machine. A network shows them late, or
not at all, and then two refreshes publish at once.
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path

from models.builds.data_dir import DataDir
from models.errors import InputError, PlimsollError

MOUNTS = Path("/proc/self/mountinfo")  # of Linux; elsewhere nothing is known, and nothing refused
_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "ceph",
    "glusterfs",
    "lustre",
    "beegfs",
    "afs",
    "ncpfs",
    "davfs",
}
_NETWORK |= {
    f"fuse.{name}" for name in ("sshfs", "glusterfs", "ceph", "s3fs", "rclone", "davfs", "gcsfuse", "blobfuse2")
}


def shared_folder(data_dir: DataDir) -> PlimsollError | None:
    """Why the folder must not hold data: it lies on a network's file system. None where it does not, or nobody knows."""
    found = _network_mount(data_dir.root)
    if found is None:
        return None
    mount, kind = found
    return PlimsollError(
        "folder.shared",
        "{path} lies on a network folder ({kind}, mounted at {mount}). Locks do not hold there, and two refreshes could publish "
        "at once: it was left as it is. Choose a folder on a disk of this machine; other machines follow its builds "
        "(`python -m pipeline follow --from …`).",
        path=str(data_dir.root),
        kind=kind,
        mount=mount,
    )


@lru_cache(maxsize=16)
def _network_mount(root: Path) -> tuple[str, str] | None:
    """(where it is mounted, kind) of the file system below a folder, if it is a network's. Asked once per process."""
    try:
        return network_mount(root, MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return None


def network_mount(root: Path, mounts: str) -> tuple[str, str] | None:
    """The same of the text of /proc/self/mountinfo: of nested mounts the innermost counts, of two at one place the later one."""
    path, found = os.path.realpath(root), ("", "")
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        place = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[4])
        if os.path.commonpath([path, place]) == place and len(place) >= len(found[0]):
            found = place, after.split(" ")[0]
    return found if found[1] in _NETWORK else None


def followed_source(data_dir: DataDir) -> str | None:
    """Where the builds of this folder come from, if it follows another."""
    try:
        return json.loads(data_dir.following.read_text(encoding="utf-8"))["source"]
    except FileNotFoundError:
        return None


def refuse_writing(data_dir: DataDir) -> None:
    """Before files are landed, or a build is made, here.

    Raises: PlimsollError 'folder.shared', InputError 'follow.only_reads'.
    """
    if shared := shared_folder(data_dir):
        raise shared
    if source := followed_source(data_dir):
        raise InputError(
            "follow.only_reads",
            "{path} follows the builds of {source}: files are loaded, and builds made and rolled back, where its worker runs.",
            path=str(data_dir.root),
            source=source,
        )
