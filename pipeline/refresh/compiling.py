"""dbt, once per catalogue: it parses the project and compiles it. Importing this module imports dbt, which takes two seconds."""

from __future__ import annotations

import os
from typing import Any

from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner, dbtRunnerResult
from filelock import FileLock

from models.errors import PlimsollError
from pipeline.refresh import graph
from pipeline.refresh.job import DbtJob

_BUILT = ("model", "seed", "test")  # unit tests belong to `make test`
_SAID = ("by_project", "has_portfolio", "joins_batches", "holds_batches")  # of a node, in its meta
_LONG = "long"  # the tag of data tests that do, too


def compiled(job: DbtJob) -> list[graph.Node]:
    """Every node that a build is made of. Raises: PlimsollError 'build.dbt_broken'."""
    os.chdir(job.project)
    os.environ |= {
        # never made: a parse is the same for every data folder
        "PLIMSOLL_BUILD_FILE": str(job.parsed / job.database.name),
        "PLIMSOLL_THREADS": str(job.threads),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    options = {
        "project_dir": str(job.project),
        "profiles_dir": str(job.project),
        "log_path": str(job.logs),
        "send_anonymous_usage_stats": False,
        "version_check": False,
        "use_colors": False,
        "write_json": False,
        "log_level_file": "none",
    }
    # Parsed without variables: those differ in every build, and dbt would parse all of it again. They count when it compiles.
    with FileLock(f"{job.parsed}.lock"):
        parsed = dbtRunner().invoke(["parse"], target_path=str(job.parsed), vars={}, partial_parse=True, **options)
    manifest: Any = _result_of(parsed)
    reset_adapters()
    # of this build alone: dbt opens it, and two that compile at once must not meet there
    os.environ["PLIMSOLL_BUILD_FILE"] = str(job.target / job.database.name)
    job.target.mkdir(parents=True, exist_ok=True)
    found: Any = _result_of(
        dbtRunner(manifest=manifest).invoke(
            ["compile"],
            exclude=(f"tag:{_LONG}",),
            exclude_resource_types=("unit_test", "exposure"),
            target_path=str(job.target),
            vars=graph.signed(job.variables),
            partial_parse=False,
            introspect=False,
            **options,
        )
    )
    by_id = {result.node.unique_id: result.node for result in found}
    chosen = {
        unique_id
        for unique_id, node in manifest.nodes.items()
        if node.resource_type in _BUILT and node.config.materialized != "ephemeral" and _LONG not in node.tags
    }
    made = {
        unique_id
        for unique_id in chosen
        if unique_id in by_id or str(manifest.nodes[unique_id].resource_type) == "seed"
    }
    graph.check_whole(chosen, made)
    return [_node(by_id.get(unique_id, manifest.nodes[unique_id]), chosen) for unique_id in sorted(chosen)]


def _result_of(answer: dbtRunnerResult) -> Any:
    if not answer.success:
        found: Any = answer.result  # dbt names one type for what all of its commands answer
        messages = (result.message for result in found or () if str(result.status) == "error")
        reason = answer.exception or next(messages, "dbt gave no reason")
        raise PlimsollError("build.dbt_broken", "dbt could not build: {reason}", reason=str(reason))
    return answer.result


def _node(node, chosen: set[str]) -> graph.Node:
    kind = str(node.resource_type)
    common = {
        "unique_id": node.unique_id,
        "name": node.name,
        "resource_type": kind,
        "materialized": "test" if kind == "test" else str(node.config.materialized),
        "needs": tuple(sorted(set(node.depends_on.nodes) & chosen)) if kind != "seed" else (),
        "sql": node.original_file_path if kind == "seed" else node.compiled_code,
    } | {name: bool(node.config.meta.get(name)) for name in _SAID}
    if kind == "seed":
        return graph.Node(
            **common, columns=tuple((name, type_, False) for name, type_ in node.config.column_types.items())
        )
    if kind == "model":
        return graph.Node(**common, columns=_columns(node) if node.contract.enforced else ())
    asked = {name: getattr(node.config, name) for name in ("severity", "fail_calc", "warn_if", "error_if", "limit")}
    return graph.Node(**common, **asked)


def _columns(node) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (column.name, column.data_type, any(str(each.type.value) == "not_null" for each in column.constraints))
        for column in node.columns.values()
    )
