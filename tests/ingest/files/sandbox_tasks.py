"""What a reader must not do, each as a task for the confined child."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from models.errors import InputError
from pipeline.ingest.files.source import SourceFile


def tells(source: SourceFile, folder: Path, **arguments: object) -> dict:
    """What a child can see of its surroundings."""
    (folder / "left.txt").write_bytes(source.path.read_bytes())
    return {
        "name": source.name,
        "arguments": arguments,
        "environment": sorted(os.environ),
        "files": sorted(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else [],
        "child": os.getpid(),
        "helper": os.getppid(),
    }


def refuses(source: SourceFile, folder: Path) -> dict:
    raise InputError("ingest.example", "{file} is refused: {why}. Mend it.", file=source.name, why="an example")


def eats_memory(source: SourceFile, folder: Path) -> dict:
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def burns_time(source: SourceFile, folder: Path) -> dict:
    while True:
        pass


def sleeps(source: SourceFile, folder: Path) -> dict:
    time.sleep(60)
    return {}


def falls_over(source: SourceFile, folder: Path) -> dict:
    os.abort()


def breaks_off(source: SourceFile, folder: Path) -> dict:
    raise RuntimeError("the cell is a banana")


def is_shot(source: SourceFile, folder: Path) -> dict:
    signal.raise_signal(signal.SIGSEGV)
    return {}


def writes_nonsense(source: SourceFile, folder: Path) -> dict:
    (folder / "answer.json").write_text("[" * 100_000)
    os._exit(0)


def answers_at_length(source: SourceFile, folder: Path) -> dict:
    return {"text": "x" * (70 << 20)}


def reaches_out(source: SourceFile, folder: Path, host: str, port: int) -> dict:
    with socket.create_connection((host, port), timeout=5):
        return {"reached": True}


def starts_a_program(source: SourceFile, folder: Path) -> dict:
    subprocess.run(["true"], check=True)
    return {}


def writes_elsewhere(source: SourceFile, folder: Path, where: str) -> dict:
    Path(where).write_text("here")
    return {}
