"""The child that makes one build, and ends: by what dbt has compiled of this project, or after asking dbt to."""

from __future__ import annotations

import gc
import os
import threading
from multiprocessing import connection, parent_process
from pathlib import Path

from filelock import FileLock

from models.errors import PlimsollError
from pipeline.refresh import graph
from pipeline.refresh.executing import executed
from pipeline.refresh.job import DbtJob


def build(job: DbtJob, pipe: connection.Connection) -> None:
    """Makes the file, and tells the pipe how it goes.

    Messages: ("step", name) · ("planned", [unique ids]) · ("node", done, total) · ("results", [node result dicts]) ·
    ("broken", an error as JSON) when dbt itself gave up. A child that is killed says nothing more.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.disable()  # it ends in seconds, with all it holds: collecting would cost a sixth of the processor time, for 60 MB
    lock = FileLock(job.lock)  # held while this process lives: nobody sweeps the folder under its feet
    lock.acquire(timeout=30)
    job.logs.mkdir(parents=True, exist_ok=True)
    _silence(job.logs / "dbt_output.log")
    pipe.send(("step", "parse"))
    try:
        nodes = compiled(job)
    except PlimsollError as error:
        pipe.send(("broken", error.as_json()))
        return
    pipe.send(("planned", [node.unique_id for node in nodes]))
    pipe.send(("step", "build"))
    pipe.send(("results", executed(job, nodes, lambda done, total: pipe.send(("node", done, total)))))


def compiled(job: DbtJob) -> list[graph.Node]:
    """The nodes as dbt compiled them for this project and these settings, by an earlier build or now."""
    nodes = graph.read(job.compiled)
    if nodes is None:
        from pipeline.refresh import compiling  # noqa: PLC0415  imports dbt

        nodes = compiling.compiled(job)
        graph.keep(nodes, job.compiled)
    return nodes


def _silence(path: Path) -> None:
    """dbt prints; the parent's standard output may hold one JSON document and nothing else."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def _end_with_parent() -> None:
    """A parent that was killed leaves nobody to publish for."""
    if parent := parent_process():
        connection.wait([parent.sentinel])
    os._exit(1)
