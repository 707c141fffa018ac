"""JSON from outside as a run of events with line numbers, as xml_events tells of XML: an object is an element.

Its name is the key it stands under; those of a list without a key are `item`, the outermost is `object` or `list`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable
from json.decoder import JSONObject  # type: ignore[attr-defined]  # typeshed knows what Python documents
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # the same

from models.errors import InputError
from pipeline.ingest.files.source import SourceFile


class _Decoder(json.JSONDecoder):
    """Makes of each object (the object, where in the text it opens)."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_object = _located
        self.scan_once = py_make_scanner(self)  # the one in C asks nobody about objects


def _located(text_and_place: tuple[str, int], *rest: object) -> tuple[tuple[dict, int], int]:
    held, end = JSONObject(text_and_place, *rest)
    return (held, text_and_place[1]), end


def walk_json(
    source: SourceFile, start: Callable[[str, dict[str, str], int], None], end: Callable[[str], None]
) -> None:
    """Calls start(name, attributes, line) and end(name) in document order; attributes are what is neither object nor list.

    Raises: InputError 'ingest.broken_json' with the line where the file stops being JSON.
    """
    content = source.path.read_bytes()
    try:
        text = content.decode(json.detect_encoding(content))
        document = json.loads(text, cls=_Decoder)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "ingest.broken_json",
            "{file}, line {line}: the JSON breaks here; the file is damaged or was cut off. Export it again.",
            file=source.name,
            line=getattr(error, "lineno", 1),
        ) from error
    breaks = [place for place, letter in enumerate(text) if letter == "\n"]

    def visit(name: str, held: object) -> None:
        if isinstance(held, list):
            for entry in held:
                visit(name, entry)
        elif isinstance(held, tuple):
            content, place = held
            inside = {key: value for key, value in content.items() if isinstance(value, list | tuple)}
            plain = {key: _written(value) for key, value in content.items() if key not in inside and value is not None}
            start(name, plain, bisect_left(breaks, place) + 1)
            for key, value in inside.items():
                visit(key, value)
            end(name)

    if isinstance(document, list):
        start("list", {}, 1)
        visit("item", document)
        end("list")
    else:
        visit("object", document)


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
