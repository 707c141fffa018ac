"""The helper behind confined.py: it has the light readers imported and forks one child with limits for each file.

Run as a program of its own, without threads, so that forking is safe whoever asks: a page, a worker, a test.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import psutil

from models.errors import PlimsollError
from pipeline.ingest.files.source import ContentKind, SourceFile

_TICK = 0.2  # seconds between two looks at the child's memory, where the kernel does not watch it
_MEMORY_ENDED, _BROKE_OFF = 70, 71  # exit codes of the child
_OPEN_FILES = 64
_RESULT_BYTES = 4 << 30  # the largest file a child may write
# What no reader needs: the audit events of reaching out and of starting something else.
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.kill",
    "ctypes.",
    "urllib.",
)


def serve() -> None:
    """One order per line on stdin, one outcome per line on stdout, until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    rest = b""
    while block := os.read(0, 65_536):
        rest += block
        while b"\n" in rest:
            line, _, rest = rest.partition(b"\n")
            outcome = _carried_out(json.loads(line))
            os.write(1, json.dumps(outcome).encode() + b"\n")


def _carried_out(order: dict) -> dict:
    """done · memory · time · broken, with the reason."""
    with contextlib.suppress(ImportError):  # imported here once, for all children to come; a child says what went wrong
        importlib.import_module(order["task"].partition(":")[0])
    alive, held_by_child = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(alive)
        _child(order)
    os.close(held_by_child)
    limits = order["limits"]
    until = time.monotonic() + limits["wall_seconds"]
    ended = None
    watched = psutil.Process(pid)
    most = limits["memory_megabytes"] + 256 << 20  # what is resident, the empty reader included
    while ended is None:
        ready = select.select([0, alive], [], [], _TICK)[0]
        if alive in ready:
            break
        if 0 in ready:  # nothing is sent while a child works: the parent is gone
            _end(pid)
            os._exit(0)
        if time.monotonic() > until:
            ended = {"ended": "time", "seconds": limits["wall_seconds"]}
        else:
            with contextlib.suppress(psutil.Error):
                if watched.memory_info().rss > most:
                    ended = {"ended": "memory"}
    os.close(alive)
    if ended is not None:
        _end(pid)
        return ended
    return _outcome(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), order)


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _outcome(code: int, order: dict) -> dict:
    if code == 0:
        return {"ended": "done"}
    if code == _MEMORY_ENDED:
        return {"ended": "memory"}
    if code == -signal.SIGXCPU:
        return {"ended": "time", "seconds": order["limits"]["cpu_seconds"]}
    try:
        said = (Path(order["folder"]) / "said.txt").read_text("utf-8", "replace")
    except OSError:
        said = ""
    if code == -signal.SIGKILL or "memory allocation of" in said or "MemoryError" in said or "out of memory" in said:
        return {"ended": "memory"}
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return {"ended": "broken", "reason": lines[-1][:200] if lines else f"exit {code}"}


def _child(order: dict) -> NoReturn:
    """Reads the file under the limits, writes answer.json, and ends without a look back."""
    try:
        folder = Path(order["folder"])
        _confine(folder, order["limits"])
        source = SourceFile(
            Path(order["path"]),
            order["name"],
            order["content_hash"],
            order["size_bytes"],
            ContentKind(order["kind"]),
        )
        try:
            document = _function(order["task"])(source, folder, **order["arguments"])
        except PlimsollError as error:
            document = {"refused": error.as_json()}
        (folder / "answer.json").write_text(json.dumps(document, ensure_ascii=False, default=str), "utf-8")
        os._exit(0)
    except MemoryError:
        os._exit(_MEMORY_ENDED)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            os.write(2, f"\n{type(error).__name__}: {str(error)[:150]}\n".encode())
        os._exit(_BROKE_OFF)
    finally:
        os._exit(_BROKE_OFF)


def _function(task: str) -> Callable[..., dict]:
    module, _, name = task.partition(":")
    return getattr(importlib.import_module(module), name)


def _confine(folder: Path, limits: dict) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for ours, theirs in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(ours, theirs)
    os.close(nothing)
    os.close(said)
    for name in set(os.environ) - {"POLARS_MAX_THREADS"}:
        del os.environ[name]
    os.chdir(folder)
    tempfile.tempdir = str(folder)
    most = psutil.Process().memory_info().vms + (limits["memory_megabytes"] << 20)
    _limit("RLIMIT_AS", most)
    _limit("RLIMIT_CPU", limits["cpu_seconds"])
    _limit("RLIMIT_FSIZE", _RESULT_BYTES)
    _limit("RLIMIT_NOFILE", _OPEN_FILES)
    _limit("RLIMIT_CORE", 0)
    inside = str(folder) + os.sep
    sys.addaudithook(lambda event, arguments: _refuse(event, arguments, inside))


def _limit(name: str, most: int) -> None:
    """Where the platform has such a limit; macOS has no working one for memory, so the helper watches that as well."""
    which = getattr(resource, name, None)
    if which is None:
        return
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(which)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (allowed, hard))


def _refuse(event: str, arguments: tuple, inside: str) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not for a reader")
    if event == "open" and isinstance(arguments[2], int):
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and not f"{arguments[0]}{os.sep}".startswith(inside):
            raise PermissionError("a reader writes in its folder only")
