"""Network folders are known by their kind of mount, and refused in words; what is not known is not refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.builds import placement
from models.builds.data_dir import DataDir
from models.builds.placement import network_mount
from models.errors import PlimsollError
from models.words.wording import translate
from pipeline.store import control
from pipeline.store.health import check_store, store_trouble
from tests.commands import ran

# As Linux writes them: number, parent, device, root, place, options, any more fields, "-", kind, source, options.
LOCAL = "22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw\n"
MOUNTS = (
    LOCAL + "31 22 0:44 / /mnt/share rw,relatime shared:9 - nfs4 files.example:/export rw,vers=4.2\n"
    "32 31 8:1 / /mnt/share/disk rw - xfs /dev/sda1 rw\n"
    "33 22 0:45 / /mnt/with\\040blank rw - cifs //files/x rw\n"
    "34 22 0:46 / /mnt/ssh rw master:1 propagate_from:2 - fuse.sshfs me@host: rw\n"
    "35 22 0:47 / /mnt/twice rw - tmpfs tmpfs rw\n"
    "36 22 0:48 / /mnt/twice rw - 9p C:\\\\ rw\n"
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/plimsoll", None),
        ("/mnt/share/plimsoll", "nfs4"),
        ("/mnt/share", "nfs4"),
        ("/mnt/shared", None),  # another name that begins alike
        ("/mnt/share/disk/plimsoll", None),  # the innermost mount counts
        ("/mnt/with blank/p", "cifs"),
        ("/mnt/ssh/a/b", "fuse.sshfs"),
        ("/mnt/twice/p", "9p"),  # of two mounts at one place the later one
    ],
)
def test_the_innermost_mount_tells_the_kind(path: str, kind: str | None) -> None:
    found = network_mount(Path(path), MOUNTS)
    assert (found[1] if found else None) == kind


def test_lines_that_are_no_mounts_say_nothing() -> None:
    assert network_mount(Path("/srv"), "") is None
    assert network_mount(Path("/srv"), "nonsense\n1 2 3 - nfs\n") is None


@pytest.fixture
def on_a_network(data_dir: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(LOCAL + f"40 22 0:50 / {tmp_path} rw - nfs4 files.example:/export rw\n", encoding="utf-8")
    monkeypatch.setattr(placement, "MOUNTS", mounts)
    placement._network_mount.cache_clear()
    yield data_dir
    placement._network_mount.cache_clear()


def test_a_network_folder_holds_no_data_and_the_reason_is_said_in_the_readers_language(on_a_network: DataDir) -> None:
    for act in (lambda: control.engine(on_a_network), lambda: check_store(on_a_network)):
        with pytest.raises(PlimsollError) as refused:
            act()
        assert refused.value.code == store_trouble(on_a_network).code == "folder.shared"
    words = translate(refused.value.template, refused.value.details, "zh")
    assert "nfs4" in words and "网络" in words
    for command in (["refresh"], ["load", str(Path(__file__))], ["status"], ["work"], ["sample"]):
        told = ran(*command, data_dir=on_a_network)
        assert told.returncode == 1 and "network folder (nfs4" in told.stderr, command
    assert not on_a_network.control_store.exists()


def test_where_mounts_are_not_listed_nothing_is_refused(on_a_network: DataDir, monkeypatch) -> None:
    monkeypatch.setattr(placement, "MOUNTS", Path("/nowhere/mountinfo"))
    placement._network_mount.cache_clear()
    assert store_trouble(on_a_network) is None
