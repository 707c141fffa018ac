"""Runs a program as a process of its own and says what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

REPOSITORY = Path(__file__).resolve().parents[1]
LOOK_EVERY_SECONDS = 0.05  # a peak shorter than this is missed; DuckDB's and Polars' last longer


@dataclass(frozen=True)
class Cost:
    """seconds: wall time. processor_seconds: of the process and all it waited for. peak_mb: of the whole process tree at
    one moment, pages that several of them share counted once (PSS where the system tells it)."""

    seconds: float
    processor_seconds: float
    peak_mb: float
    output: str


def cost_of(*words: str, environment: dict[str, str] | None = None) -> Cost:
    """The cost of `python words…`, run from the repository.

    Raises: RuntimeError with the end of its error output if it fails.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=REPOSITORY,
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = _Peak(process.pid)
    peak.start()
    try:
        output, errors = process.communicate()
        seconds = time.perf_counter() - began
    finally:
        peak.stop()
    if process.returncode:
        raise RuntimeError(
            f"python {' '.join(words)} ended with {process.returncode}:\n{errors[-4000:]}\n{output[-2000:]}"
        )
    return Cost(seconds, peak.processor_seconds, peak.bytes / 1e6, output)


class _Peak(threading.Thread):
    """Looks at the memory and processor time of a process tree until told to stop."""

    def __init__(self, process_id: int):
        super().__init__(daemon=True)
        self.bytes = 0
        self._process_id = process_id
        self._ended = threading.Event()
        self._seen: dict[int, float] = {}

    def run(self) -> None:
        while not self._ended.wait(LOOK_EVERY_SECONDS):
            try:
                root = psutil.Process(self._process_id)
                tree = [root, *root.children(recursive=True)]
            except psutil.Error:
                return
            self.bytes = max(self.bytes, sum(self._look_at(process) for process in tree))

    def _look_at(self, process: psutil.Process) -> int:
        try:
            times = process.cpu_times()
            self._seen[process.pid] = times.user + times.system
            return getattr(process.memory_full_info(), "pss", 0) or process.memory_info().rss
        except psutil.Error:
            return 0

    def stop(self) -> None:
        self._ended.set()
        self.join()

    @property
    def processor_seconds(self) -> float:
        return sum(self._seen.values())


def machine() -> str:
    """One line about the machine the figures were taken on: processor, cores, memory, Python."""
    model = next(
        (line.split(":")[1].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        "unknown",
    )
    memory = psutil.virtual_memory().total / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {sys.version.split()[0]}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
