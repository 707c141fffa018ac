"""The catalogue read from its files, or everything that is wrong with it: each finding names file, key, fault and next step."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipeline.catalogue.statement import CatalogueFile, Condition, Fact, Kpi, Levels, Measure, Page, Side

FILES = (
    "facts.yml",
    "measures.yml",
    "quality.yml",
    "cost.yml",
    "schedule.yml",
    "labor.yml",
    "pages.yml",
    "arguments.yml",
)
_NAMED = re.compile(r"\{\{ ([a-z_]+) \}\}")
_DEEPEST = 5  # expressions within expressions
_KEYS = {
    key for model in (CatalogueFile, Fact, Measure, Side, Kpi, Levels, Condition, Page) for key in model.model_fields
}


class CatalogueError(Exception):
    """What is wrong, a sentence each."""

    def __init__(self, findings: Iterable[str]) -> None:
        self.findings = list(findings)
        super().__init__("\n".join(self.findings))


@dataclass(frozen=True)
class Catalogue:
    """All files together, in their order. files: {kind and name: file that states it}."""

    facts: Mapping[str, Fact]
    measures: Mapping[str, Measure]
    kpis: Mapping[str, Kpi]
    pages: Mapping[str, Page]
    arguments: Mapping[str, str]
    files: Mapping[tuple[str, str], str]


def read(folder: Path) -> Catalogue:
    """The catalogue of a folder. Raises: CatalogueError."""
    findings: list[str] = [
        f"{path.name}: not a file of the catalogue. Use one of {', '.join(FILES)}."
        for path in sorted(folder.glob("*.yml"))
        if path.name not in FILES
    ]
    stated: dict[str, dict[str, Any]] = {"facts": {}, "measures": {}, "kpis": {}, "pages": {}}
    files: dict[tuple[str, str], str] = {}
    arguments: dict[str, str] = {}
    for name in FILES:
        try:
            file = _file(folder / name)
        except CatalogueError as error:
            findings += error.findings
            continue
        arguments |= file.arguments
        for kind, found in stated.items():
            for entry in getattr(file, kind):
                key = entry.page if kind == "pages" else entry.name
                if key in found:
                    findings.append(f"{name}, {key}: stated in {files[kind, key]} already. Leave one of the two.")
                found[key], files[kind, key] = entry, name
    if findings:
        raise CatalogueError(findings)
    return Catalogue(**stated, arguments=arguments, files=files)


class _Loader(yaml.CSafeLoader):
    """YAML in which no key stands twice in one mapping: the last would count, and nobody would know."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value} stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises: yaml.YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


def nearest(word: str, known: Iterable[str]) -> str:
    """The next step for a name that is none: the one that was meant, or all there are."""
    known = sorted(known)
    close = difflib.get_close_matches(word, known, 1)
    return f"Did you mean {close[0]}?" if close else f"Use one of {', '.join(known)}."


def _file(path: Path) -> CatalogueFile:
    try:
        document = read_yaml(path) or {}
    except OSError:
        raise CatalogueError([f"{path.name}: cannot be read. Put it back."]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        is_twice = isinstance(error, yaml.constructor.ConstructorError)
        advice = "Leave one of the two." if is_twice else "Put quotes around text that holds ': ' or ' #'."
        raise CatalogueError([f"{path.name}{where}: {getattr(error, 'problem', 'no YAML')}. {advice}"]) from None
    try:
        expressions = document.get("expressions") or {} if isinstance(document, dict) else {}
        return CatalogueFile.model_validate(_expanded(document, expressions, path.name))
    except ValidationError as error:
        raise CatalogueError(_finding(path.name, document, fault) for fault in error.errors()) from None


def _expanded(value: object, expressions: Mapping[str, str], file: str) -> object:
    """The same with every {{ name }} of an expression replaced by what it stands for."""
    if isinstance(value, dict):
        return {key: _expanded(member, expressions, file) for key, member in value.items()}
    if isinstance(value, list):
        return [_expanded(member, expressions, file) for member in value]
    if not isinstance(value, str):
        return value
    for _ in range(_DEEPEST):
        unknown = [name for name in _NAMED.findall(value) if name not in expressions]
        if unknown:
            advice = nearest(unknown[0], expressions) if expressions else "State it under expressions."
            raise CatalogueError([f"{file}, '{value[:60]}': no expression {unknown[0]}. {advice}"])
        value = _NAMED.sub(lambda found: expressions[found[1]], value)
    return value


def _finding(file: str, document: Any, fault: Mapping) -> str:
    """One fault that pydantic found, said with the name of the entry instead of its number."""
    place, value = [], document
    for step in fault["loc"]:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        entry = value if isinstance(step, int) and isinstance(value, dict) else {}
        place.append(str(entry.get("name") or entry.get("page") or step))
    where = ", ".join([file, *place])
    match fault["type"]:
        case "extra_forbidden":
            return f"{where}: not a key of the catalogue. {nearest(place[-1], _KEYS)}"
        case "missing":
            return f"{where}: left out. State it."
        case _:
            return f"{where}: {fault['msg']}; found {str(fault['input'])[:60]!r}. Put it right."
