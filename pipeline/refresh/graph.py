"""What dbt makes of a project: the SQL of every node and what it waits for, kept as JSON and filled in for each build."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.errors import PlimsollError

# What the SQL depends on beside the project itself. All else that dbt is given differs from build to build, and stands as a sign.
_INPUTS = tuple(map(re.compile, (r"<(\w+)>", r"<landed (\w+)>", r"<inputs_dir>/(\w+)\.parquet")))
SETTLED = ("reporting_currency", "numbers_defects_apart", "default_time_zone")


@dataclass(frozen=True)
class Node:
    """One model, seed or data test. sql: its select, of a seed the path of its file in the project."""

    unique_id: str
    name: str
    resource_type: str
    materialized: str
    needs: tuple[str, ...]
    sql: str
    columns: tuple[
        tuple[str, str, bool], ...
    ] = ()  # name, type, is required: of an enforced contract, of a seed what is typed
    severity: str = "ERROR"
    fail_calc: str = "count(*)"
    warn_if: str = "!= 0"
    error_if: str = "!= 0"
    limit: int | None = None
    # what its author says of it (`meta`), so that a build can be made from the one before
    by_project: bool = False  # the rows of a project come of rows of that project, and of tables that are read whole
    has_portfolio: bool = False  # '*' in project_key is the portfolio, not all projects
    joins_batches: bool = False  # batches by the rows that name them, or those of a feed that it reads
    holds_batches: bool = False


def settled(variables: Mapping) -> dict:
    """What a kept graph is for: those variables that its SQL depends on."""
    return {name: variables[name] for name in SETTLED if name in variables} | {"has_as_of": bool(variables["as_of"])}


def signed(variables: Mapping) -> dict:
    """The variables with a sign for each that differs from build to build."""
    signs: dict[str, Any] = {name: f"<{name}>" for name in variables if name not in SETTLED}
    signs["as_of"] = "<as_of>" if variables["as_of"] else ""  # a clause stands in the SQL only where there is one
    signs["landed"] = {feed: [f"<landed {feed}>"] for feed in variables["landed"]}
    return dict(variables) | signs


def filled(nodes: Iterable[Node], variables: Mapping) -> dict[str, str]:
    """{unique_id: its SQL for this build}."""
    texts = {f"<{name}>": _quoted(str(value)) for name, value in variables.items() if name not in (*SETTLED, "landed")}
    for feed, paths in variables["landed"].items():
        texts[f", '<landed {feed}>'"] = "".join(f", '{_quoted(path)}'" for path in paths)
    signs = re.compile("|".join(map(re.escape, texts)))
    return {node.unique_id: signs.sub(lambda sign: texts[sign[0]], node.sql) for node in nodes}


@dataclass(frozen=True)
class Inputs:
    """What the SQL of one node reads beside other nodes: variables, feeds by their landed files, frozen tables, by name."""

    variables: frozenset[str]
    landed: frozenset[str]
    frozen: frozenset[str]


def inputs_of(sql: str) -> Inputs:
    return Inputs(*(frozenset(pattern.findall(sql)) for pattern in _INPUTS))


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def check_whole(planned: Collection[str], found: Collection[str]) -> None:
    """dbt ends well when it made less than it should. Raises: PlimsollError 'build.nodes_missing'."""
    if missing := sorted(set(planned) - set(found)):
        raise PlimsollError(
            "build.nodes_missing",
            "dbt ended without an error but left out {missing} of {planned} nodes: {names}. Nothing was published.",
            missing=len(missing),
            planned=len(planned),
            names=", ".join(name.split(".")[2] for name in missing[:5]),
        )


def read(path: Path) -> list[Node] | None:
    """The nodes kept there; None where there are none, or an earlier version of this program wrote them."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return [
            Node(**(node | {"needs": tuple(node["needs"]), "columns": tuple(map(tuple, node["columns"]))}))
            for node in kept
        ]
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def keep(nodes: Iterable[Node], path: Path) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(json.dumps([asdict(node) for node in nodes], ensure_ascii=False), encoding="utf-8")
    os.replace(beside, path)
