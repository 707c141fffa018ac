"""The child that runs dbt for one build, and ends.

Importing this module imports dbt (two seconds): the fork server preloads it, nobody else should import it.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import Any

from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner, dbtRunnerResult
from filelock import FileLock

from pipeline.refresh.job import DbtJob

_BUILT = ("model", "seed", "snapshot", "test")  # unit tests belong to `make test`


def build(job: DbtJob, pipe: connection.Connection) -> None:
    """Runs `dbt parse`, then `dbt build` without unit tests, and tells the pipe how it goes.

    Messages: ("step", name) · ("planned", [unique ids]) · ("node", done, total) · ("results", [node result dicts]) ·
    ("broken", text) when dbt itself gave up. A child that is killed says nothing more.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.disable()  # it ends in seconds, with all it holds: collecting would cost a sixth of the processor time, for 60 MB
    lock = FileLock(job.lock)  # held while this process lives: nobody sweeps the folder under its feet
    lock.acquire(timeout=30)
    job.logs.mkdir(parents=True, exist_ok=True)
    _silence(job.logs / "dbt_output.log")
    os.chdir(job.project)
    os.environ |= {
        "PLIMSOLL_BUILD_FILE": str(
            job.parsed / job.database.name
        ),  # never made: a parse is the same for every data folder
        "PLIMSOLL_THREADS": str(job.threads),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    } | ({"PLIMSOLL_BUILD_MEMORY": job.memory_limit} if job.memory_limit else {})
    options = {
        "project_dir": str(job.project),
        "profiles_dir": str(job.project),
        "log_path": str(job.logs),
        "threads": job.threads,
        "send_anonymous_usage_stats": False,
        "version_check": False,
        "use_colors": False,
        "write_json": False,
        "log_level_file": "none",  # what it prints is kept; its debug log takes a tenth of the build
    }
    pipe.send(("step", "parse"))
    # Parsed without variables: those differ in every build, and dbt would parse all of it again. They count when it compiles.
    with FileLock(f"{job.parsed}.lock"):
        parsed = dbtRunner().invoke(["parse"], target_path=str(job.parsed), vars={}, partial_parse=True, **options)
    if not parsed.success:
        pipe.send(("broken", _reason(parsed)))
        return
    manifest: Any = parsed.result  # dbt names one type for what all of its commands answer
    planned = [
        node.unique_id
        for node in manifest.nodes.values()
        if node.resource_type in _BUILT and node.config.materialized != "ephemeral"
    ]
    pipe.send(("planned", planned))
    pipe.send(("step", "build"))
    reset_adapters()
    os.environ["PLIMSOLL_BUILD_FILE"] = str(job.database)
    runner = dbtRunner(manifest=manifest, callbacks=[_progress(pipe, set(planned))])
    built = runner.invoke(
        ["build"],
        exclude_resource_types=("unit_test", "exposure"),  # dbt counts an exposure as a node that did nothing
        target_path=str(job.target),
        vars=job.variables,
        partial_parse=False,
        **options,
    )
    results: Any = built.result
    if results is None:
        pipe.send(("broken", _reason(built)))
        return
    pipe.send(("results", [_outcome(result) for result in results]))


def _progress(pipe: connection.Connection, planned: set[str]) -> Callable:
    done: set[str] = set()
    lock = threading.Lock()  # dbt calls back from each of its threads

    def on_event(event) -> None:
        if event.info.name == "NodeFinished":
            with lock:
                done.add(event.data.node_info.unique_id)
                pipe.send(("node", len(done & planned), len(planned)))

    return on_event


def _outcome(result) -> dict:
    """One dbt node result as plain data."""
    return {
        "unique_id": result.node.unique_id,
        "name": result.node.name,
        "resource_type": str(result.node.resource_type),
        "status": str(result.status),
        "seconds": round(result.execution_time, 3),
        "message": result.message,
        "failures": result.failures,
        "compiled_sql": getattr(result.node, "compiled_code", None),
    }


def _reason(result: dbtRunnerResult) -> str:
    return str(result.exception or "dbt gave no reason")


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
