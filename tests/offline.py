"""Processes that can reach nothing but this machine, and write down who tried to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

GUARD = """
import os, socket, traceback

_record = os.environ["PLIMSOLL_TEST_ATTEMPTS"]
_here = ("127.", "::1", "localhost", "0.0.0.0")
_connect, _connect_ex, _sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
_getaddrinfo = socket.getaddrinfo


def _is_here(address):
    if not isinstance(address, tuple):
        return True
    host = address[0].decode() if isinstance(address[0], bytes) else str(address[0])
    return host == "" or host.startswith(_here)


def _refuse(what, address):
    with open(_record, "a", encoding="utf-8") as record:
        record.write(f"{what} {address!r}\\n{''.join(traceback.format_stack(limit=12))}\\n")
    raise OSError(101, "Network is unreachable")


def connect(self, address):
    return _connect(self, address) if _is_here(address) else _refuse("connect", address)


def connect_ex(self, address):
    return _connect_ex(self, address) if _is_here(address) else _refuse("connect_ex", address)


def sendto(self, data, *rest):
    return _sendto(self, data, *rest) if _is_here(rest[-1]) else _refuse("sendto", rest[-1])


def getaddrinfo(host, *rest, **named):
    here = host is None or _is_here((host,)) or host in (socket.gethostname(), b"localhost")
    return _getaddrinfo(host, *rest, **named) if here else _refuse("getaddrinfo", host)


socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto = connect, connect_ex, sendto
socket.getaddrinfo = getaddrinfo
"""


@dataclass(frozen=True)
class Offline:
    """`folder` holds a sitecustomize for every Python process of `environment`, and what they tried."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process is started with; PYTHONPATH may be added to."""
        (self.folder / "guard").mkdir(parents=True, exist_ok=True)
        (self.folder / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
        inherited = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
        return inherited | {
            "PYTHONPATH": str(self.folder / "guard"),
            "PLIMSOLL_TEST_ATTEMPTS": str(self._record),
            "HOME": str(self.folder),  # no opt-out file of the developer's helps
        }

    @property
    def attempts(self) -> str:
        """Who tried to leave, with the lines that did; empty when nobody did."""
        return self._record.read_text(encoding="utf-8") if self._record.exists() else ""

    @property
    def _record(self) -> Path:
        return self.folder / "attempts.txt"
