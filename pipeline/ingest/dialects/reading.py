"""The YAML files of tools, checked by the schema; what is wrong with one is said with file, line and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from models.errors import PlimsollError
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects.known import Dialects
from pipeline.ingest.dialects.parts import MISSING, ProblemError
from pipeline.ingest.dialects.schema import Dialect

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without libyaml: ten times slower, the same result
    from yaml import SafeLoader as Loader  # type: ignore[assignment]  # its types make the one no kind of the other

FOLDER = Path(__file__).parent


class DialectError(PlimsollError):
    """A tool's file that cannot be read: its line, the reason and what to do."""


@lru_cache(maxsize=1)
def built_in() -> Dialects:
    """The tools of this folder; `generic.words.yml` goes on where `generic.yml` ends. Raises: DialectError."""
    parts: dict[str, list[Dialect]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        parts.setdefault(path.name.split(".")[0], []).append(_checked(path))
    return Dialects({name: _joined(held) for name, held in parts.items()})


def read_dialects(folder: Path) -> Dialects:
    """The built-in tools and those of a folder, which need not be there; a broken file is left out and said."""
    files = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]) if folder.is_dir() else []
    if not files:
        return built_in()
    return _with_own(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@lru_cache(maxsize=4)
def _with_own(files: tuple[tuple[Path, int, int], ...]) -> Dialects:
    known = built_in()
    own: dict[str, Dialect] = {}
    broken = []
    for path, _, _ in files:
        try:
            own[path.stem] = _own(path, known)
        except (DialectError, OSError) as error:
            broken.append(Reason.of(error) if isinstance(error, DialectError) else _unreadable(path, error))
    places = {path.stem: path for path, _, _ in files if path.stem in own}
    return Dialects(known.tools | own, places, tuple(broken))


def _own(path: Path, known: Dialects) -> Dialect:
    """A tool of the project office. Beside the schema: a name of its own, and words that mean what words mean here."""
    if path.stem in known.tools:
        raise DialectError(
            "dialect.built_in",
            "dialects/{file}: a tool of this name is built in. Give the file another name; it is not read until then.",
            file=path.name,
        )
    tool = _checked(path)
    for place, problem in _lacks(tool, known):
        raise _wrong(path, place, problem)
    return tool


def _lacks(tool: Dialect, known: Dialects) -> Iterator[tuple[tuple, ProblemError]]:
    """(place in the file, what a tool must say there and does not)."""
    if "en" not in tool.names:
        yield ("names",), ProblemError(MISSING, missing="names.en")
    if not tool.tables and not tool.reports and not tool.not_read.endings:  # else only what it saves for others is read
        yield ("tables",), ProblemError(MISSING, missing="tables")
    for number, table in enumerate(tool.tables):
        if not table.marks:
            yield ("tables", number), ProblemError(MISSING, missing="marks")
        elif not table.headers and not table.like_generic:
            yield ("tables", number), ProblemError(MISSING, missing="headers")
    for key, meanings in tool.words.items():
        can_mean = known.meanings.get((key.partition(".")[0], key.partition(".")[2]), ())
        for meaning in meanings:
            if meaning not in can_mean:
                yield ("words", key, meaning), ProblemError(_UNKNOWN, value=meaning, choices=", ".join(can_mean) or "–")


def _checked(path: Path) -> Dialect:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    except UnicodeDecodeError as error:
        raise DialectError(
            "dialect.not_utf8", "dialects/{file} is not UTF-8 text. Save it as UTF-8.", file=path.name
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise DialectError(
            "dialect.not_yaml",
            "dialects/{file}, line {line}: this is no YAML ({reason}). Correct the line; the tool is not known until then.",
            file=path.name,
            line=mark.line + 1 if mark else 1,
            reason=getattr(error, "problem", None) or type(error).__name__,
        ) from error
    try:
        return Dialect.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _wrong(path, first["loc"], _problem(first)) from error


_UNKNOWN = "dialects/{file}, line {line} ({key}): '{value}' is not known here; it can be {choices}."


def _problem(error: Any) -> ProblemError:
    """What pydantic found, as somebody says it who never heard of pydantic."""
    match error["type"]:
        case "value_error":
            return error["ctx"]["error"]
        case "extra_forbidden":
            return ProblemError(
                "dialects/{file}, line {line} ({key}): there is no such key here; docs/how-to/tool.md lists them."
            )
        case "string_type":
            return ProblemError(
                "dialects/{file}, line {line} ({key}): {text} is no text; put it in quotes.", text=error["input"]
            )
        case "enum" | "literal_error":
            return ProblemError(_UNKNOWN, value=error["input"], choices=error["ctx"]["expected"])
        case _:
            reason = error["msg"]
            return ProblemError("dialects/{file}, line {line} ({key}): this cannot be read ({reason}).", reason=reason)


def _wrong(path: Path, place: tuple, problem: ProblemError) -> DialectError:
    if place[:1] == ("reports",):  # the model says of which feed a report is
        place = (*place[:2], *place[3:])
    place = tuple(step for step in place if step != "[key]")
    where = {"file": path.name, "line": _line(path, place, str(problem.details.get("value")))}
    key = ".".join(map(str, place)) or path.stem
    return DialectError("dialect.wrong", problem.template, **where, key=key, **problem.details)


def _unreadable(path: Path, error: OSError) -> Reason:
    return Reason(
        "dialect.unreadable",
        "dialects/{file} cannot be read ({reason}). Give Plimsoll leave to read it.",
        {"file": path.name, "reason": error.strerror or type(error).__name__},
    )


def _line(path: Path, place: tuple, word: str) -> int:
    """The line of a key in the file, 1 the first; of a word below it, where it stands there."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader)
    line = 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
    named = [scalar.start_mark.line + 1 for scalar in _scalars(node) if scalar.value == word]
    return named[-1] if named else line


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode | yaml.MappingNode):
        for child in node.value:
            for part in child if isinstance(child, tuple) else (child,):
                yield from _scalars(part)


def _joined(parts: list[Dialect]) -> Dialect:
    """Several files of one tool as one."""
    if len(parts) == 1:
        return parts[0]
    held: dict = {}
    for part in parts:
        for name in part.model_fields_set:
            value = getattr(part, name)
            held[name] = held[name] | value if isinstance(value, dict) and name in held else value
    return Dialect.model_construct(**held)
