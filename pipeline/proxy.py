"""One address in front of several dashboards: nginx keeps each browser at the process where its session lives."""

from __future__ import annotations

import getpass
import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from models.builds.data_dir import DataDir
from models.errors import PlimsollError

CONFIGURATION = Path(__file__).with_name("nginx.conf")
_ALSO_LOOKED_FOR_IN = "/usr/sbin:/usr/local/sbin:/sbin"  # Debian's, which not every user has on the path


def command(data_dir: DataDir, address: str, port: int, dashboards: Sequence[int], upload_mb: int) -> list[str]:
    """What starts it, its configuration written to the data folder. dashboards: their ports.

    Raises: PlimsollError 'serve.no_proxy' where nginx is not installed.
    """
    nginx = shutil.which("nginx") or shutil.which("nginx", path=_ALSO_LOOKED_FOR_IN)
    if nginx is None:
        raise PlimsollError(
            "serve.no_proxy",
            "Several processes need nginx in front of them, which is not installed here. Install it (Debian: apt-get install "
            "nginx-light), or leave PLIMSOLL_PROCESSES at 1.",
        )
    folder = data_dir.root / "proxy"
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "nginx.conf"
    written.write_text(configuration(folder, address, port, dashboards, upload_mb), encoding="utf-8")
    return [nginx, "-c", str(written), "-p", str(folder), "-e", "stderr"]


def configuration(folder: Path, address: str, port: int, dashboards: Sequence[int], upload_mb: int) -> str:
    """`nginx.conf` filled in. Raises: PlimsollError 'serve.folder_name' where the folder's name would end a word of it."""
    if set(str(folder)) & set(" ;{}\"'$\\\n"):
        raise PlimsollError(
            "serve.folder_name",
            "nginx cannot be told of the folder {folder}: choose a data folder whose name has letters, digits, dots, dashes and "
            "underscores alone.",
            folder=str(folder),
        )
    filled = CONFIGURATION.read_text(encoding="utf-8")
    for sign, text in {
        "@USER@": f"user {getpass.getuser()};" if os.geteuid() == 0 else "",  # else nginx gives its own up for nobody's
        "@FOLDER@": str(folder),
        "@SERVERS@": "\n        ".join(f"server {address}:{each} max_fails=1 fail_timeout=5s;" for each in dashboards),
        "@ADDRESS@": address,
        "@PORT@": str(port),
        "@UPLOAD_MB@": str(upload_mb),
    }.items():
        filled = filled.replace(sign, text)
    return filled


def cookie_secret(data_dir: DataDir) -> str:
    """What all processes of this data folder sign cookies with; made once, for its owner's eyes."""
    path = data_dir.root / "cookie_secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii")
