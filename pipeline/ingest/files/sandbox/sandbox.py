"""Workbooks and XML from outside are opened in a child process with limits; this process only reads its plain result.

A helper of ours (confined_server.py) is started once and kept: it has the readers imported, and forks one child per file. The
child gets no open file, no environment and no network, and leaves Parquet and one JSON document in a folder; nothing that
runs is ever taken from it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from dataclasses import asdict, dataclass
from multiprocessing import connection
from pathlib import Path

from models.errors import InputError, PlimsollError
from pipeline.ingest.files.source import SourceFile

MOST_ANSWER_BYTES = 64 << 20  # the JSON beside the rows: headers, rows left out, reasons
_KEPT_IDLE = 2  # helpers that wait for the next file; each takes about 100 MB, most of it shared
_MOST_AT_ONCE = 2  # files open at the same time: each may take all that one may take
_GRACE_SECONDS = 10  # for the helper to say that it ended its child
_ROOT = Path(__file__).parents[4]
# What a child may know of its surroundings: where programs and libraries lie, and how text is written.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True)
class Limits:
    """What one file may take: memory beyond the empty reader's, processor time, time on the clock."""

    memory_megabytes: int = 2048  # what a load may take whatever the file's size
    cpu_seconds: int = 120  # 40 million cells take half of it
    wall_seconds: int = 300


class Answer:
    """What the child left: its document, and a folder with the files that the document names, gone when this object is."""

    def __init__(self, document: dict, folder: Path) -> None:
        self.document = document
        self._folder = folder
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def file(self, name: str) -> Path:
        """A file of the folder; the name is the child's, and leads nowhere else."""
        return self._folder / Path(name).name


def confined(task: str, source: SourceFile, arguments: dict, limits: Limits | None = None) -> Answer:
    """Runs a function of ours, named "module:function", on the file: function(source, folder, **arguments) → document.

    arguments, document: JSON-safe.
    Raises: InputError where the file is refused by its reader, takes more than the limits, or makes the reader break off;
    PlimsollError 'ingest.no_confinement' where no child process can be started at all.
    """
    limits = limits or Limits()
    folder = Path(tempfile.mkdtemp(prefix="opened-", dir=source.workspace))
    order = {
        "task": task,
        "path": str(source.path.resolve()),
        "name": source.name,
        "content_hash": source.content_hash,
        "size_bytes": source.size_bytes,
        "kind": str(source.kind),
        "folder": str(folder.resolve()),
        "arguments": arguments,
        "limits": asdict(limits),
    }
    try:
        outcome = _carried_out(order, limits.wall_seconds + _GRACE_SECONDS)
        return Answer(_document(source, folder, outcome, limits), folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def warm() -> None:
    """Starts a helper if none waits, and returns at once: it imports while this process goes on."""
    with contextlib.suppress(PlimsollError):
        _idle(_taken())


def _document(source: SourceFile, folder: Path, outcome: dict, limits: Limits) -> dict:
    ended = outcome["ended"]
    if ended == "done":
        path = folder / "answer.json"
        try:
            if path.stat().st_size > MOST_ANSWER_BYTES:
                raise _took_memory(source, MOST_ANSWER_BYTES >> 20)
            document = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            raise _broke_off(source, type(error).__name__) from error
        if refused := document.get("refused"):
            raise InputError.of(refused)
        return document
    if ended == "memory":
        raise _took_memory(source, limits.memory_megabytes)
    if ended == "time":
        raise InputError(
            "ingest.opening_took_time",
            "{file} was not read within {seconds} seconds and was given up; nothing was loaded. "
            "Save it as CSV, or in smaller parts, and load that.",
            file=source.name,
            seconds=outcome.get("seconds") or limits.cpu_seconds,
        )
    raise _broke_off(source, str(outcome.get("reason", "")))


def _took_memory(source: SourceFile, megabytes: int) -> InputError:
    return InputError(
        "ingest.opening_took_memory",
        "{file} needs more than {megabytes} MB of memory to be read and was given up; nothing was loaded. "
        "Save it as CSV, or in smaller parts, and load that.",
        file=source.name,
        megabytes=megabytes,
    )


def _broke_off(source: SourceFile, reason: str) -> InputError:
    return InputError(
        "ingest.opening_broke_off",
        "{file} made its reader break off ({reason}); nothing was loaded. Open it in the program that wrote it, save it "
        "again or as CSV, and load that.",
        file=source.name,
        reason=reason or "no reason given",
    )


class _Helper:
    """One helper process, which works on one file at a time. Lines of JSON go both ways."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), environment.get("PYTHONPATH"))))
        environment["POLARS_MAX_THREADS"] = "1"  # a child for one file needs no pool, and threads take address space
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from pipeline.ingest.files.sandbox.server import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            start_new_session=True,  # Ctrl-C in the terminal is for the command; the helper ends with it
        )
        assert self.process.stdin and self.process.stdout  # pipes both
        self._orders, self._answers = self.process.stdin, self.process.stdout

    def carry_out(self, order: dict, seconds: float) -> dict:
        """Raises: OSError or ValueError when the helper is gone."""
        self._orders.write(json.dumps(order).encode() + b"\n")
        self._orders.flush()
        until, line, answers = time.monotonic() + seconds, b"", self._answers.fileno()
        while not line.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0 or not connection.wait([answers], left):  # polls: select knows no file above 1,024
                self.end()
                return {"ended": "time", "seconds": round(seconds)}
            if not (block := os.read(answers, 65_536)):
                raise BrokenPipeError
            line += block
        return json.loads(line)

    def end(self) -> None:
        """Its child ends with it."""
        for stream in (self._orders, self._answers):
            with contextlib.suppress(OSError):
                stream.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_waiting: list[_Helper] = []
_lock = threading.Lock()
_at_once = threading.BoundedSemaphore(_MOST_AT_ONCE)


def _carried_out(order: dict, seconds: float) -> dict:
    with _at_once:
        return _by_helper(order, seconds)


def _by_helper(order: dict, seconds: float) -> dict:
    for attempt in (1, 2):  # a helper that waited may have been killed meanwhile: then a new one is taken, once
        helper = _taken()
        try:
            outcome = helper.carry_out(order, seconds)
        except (OSError, ValueError) as error:
            helper.end()
            if attempt == 2:
                raise _no_confinement(str(error) or type(error).__name__) from error
            with _lock:
                _waiting.clear()
            continue
        except BaseException:  # Ctrl-C: its child must not go on
            helper.end()
            raise
        _idle(helper)
        return outcome
    raise AssertionError


def _taken() -> _Helper:
    with _lock:
        while _waiting:
            helper = _waiting.pop()
            if helper.owner == os.getpid() and helper.process.poll() is None:
                return helper
    try:
        return _Helper()
    except OSError as error:
        raise _no_confinement(error.strerror or str(error)) from error


def _idle(helper: _Helper) -> None:
    with _lock:
        if helper.process.poll() is None and len(_waiting) < _KEPT_IDLE:
            _waiting.append(helper)
            return
    helper.end()


def _no_confinement(reason: str) -> PlimsollError:
    return PlimsollError(
        "ingest.no_confinement",
        "Workbooks and XML are only opened in a process of their own, and none could be started ({reason}). "
        "Free memory or processes on this machine, and load the file again; CSV files load as before.",
        reason=reason,
    )


@atexit.register
def _end_all() -> None:
    with _lock:
        mine = [helper for helper in _waiting if helper.owner == os.getpid()]
        _waiting.clear()
    for helper in mine:
        helper.end()
