"""The build that the next one can start from: its file, and what it was frozen with, kept until another is published.

A build is made from the one before only where the same code, catalogue, settings and DuckDB made that one; once a week one is
made of the landed files alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from pipeline.refresh.graph import settled

if TYPE_CHECKING:
    from pipeline.refresh.freezing import FrozenInputs

DAYS_BETWEEN_WHOLE_BUILDS = 7
_NAMED = "basis.json"


@dataclass(frozen=True)
class Basis:
    """database: the published file. inputs: its frozen tables. variables: what dbt was given. warned: {node: result}."""

    database: Path
    inputs: Path
    variables: dict
    warned: dict[str, dict]
    whole_on: str


def found(data_dir: DataDir, inputs: FrozenInputs) -> Basis | None:
    """What the current build left for the next, where that may start from it; else None: all is made of the landed files."""
    build = current_build(data_dir)
    folder = _folder(data_dir)
    try:
        kept = json.loads((folder / _NAMED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if build is None or kept.get("build_id") != build.build_id or kept["made_by"] != _made_by(inputs.manifest):
        return None
    age = dt.date.fromisoformat(inputs.dbt_vars["today"]) - dt.date.fromisoformat(kept["whole_on"])
    if abs(age.days) >= DAYS_BETWEEN_WHOLE_BUILDS or settled(kept["variables"]) != settled(inputs.dbt_vars):
        return None
    return Basis(build.path, folder, kept["variables"], kept["warned"], kept["whole_on"])


def keep(data_dir: DataDir, inputs: FrozenInputs, warned: list[dict], start: Basis | None) -> None:
    """Keeps the inputs of the build that was published, in place of those before. A kill in between costs one whole build.

    start: what it was made from; warned: the results of its tests that warn.
    """
    stated: dict[str, Any] = {
        "build_id": inputs.dbt_vars["build_id"],
        "made_by": _made_by(inputs.manifest),
        "whole_on": start.whole_on if start else inputs.dbt_vars["today"],
        "variables": inputs.dbt_vars,
        "warned": {node["unique_id"]: node for node in warned},
    }
    shutil.rmtree(_folder(data_dir), ignore_errors=True)
    with suppress(OSError):  # a full disk: the build is published all the same, and the next one is a whole one
        (inputs.folder / _NAMED).write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
        os.rename(inputs.folder, _folder(data_dir))


def _folder(data_dir: DataDir) -> Path:
    return data_dir.warehouse / "inputs"


def _made_by(inputs_manifest: dict) -> dict[str, str]:
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return {
        "catalogue": inputs_manifest["catalogue_hash"],
        "version": inputs_manifest["code_version"],
        "code": code.hexdigest(),
        "duckdb": duckdb.__version__,
    }
