"""XML from outside, as a run of events with line numbers: nothing is fetched, no entity is ever expanded.

The parser is expat itself, because only it tells the line of an element; entity declarations are refused as defusedxml does.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from xml.parsers import expat

from models.errors import InputError
from pipeline.ingest.files.source import SourceFile

BLOCK_BYTES = 1 << 20
MOST_BYTES = 512 << 20  # the largest report seen has 60 MB
MOST_DEPTH = 500  # suites in suites, tasks below tasks: twenty are many


class _EntityError(Exception):
    pass


class _DepthError(Exception):
    pass


class EnoughError(Exception):
    """Raised by a handler that has seen what it needs."""


def walk_xml(
    source: SourceFile,
    start: Callable[[str, dict[str, str], int], None],
    end: Callable[[str], object] = lambda name: None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Calls start(name, attributes, line), end(name) and text(data) in document order; names lose their namespace prefix.

    Raises: InputError 'ingest.broken_xml' with the line where the file stops being XML, 'ingest.xml_entities' for a file that
    declares entities (no test or coverage report does), 'ingest.xml_too_large' and 'ingest.xml_too_deep' beyond the limits.
    """
    if source.size_bytes > MOST_BYTES:
        raise InputError(
            "ingest.xml_too_large",
            "{file} is XML of {megabytes} MB; at most {most} MB are read. Export it in parts, and load those.",
            file=source.name,
            megabytes=source.size_bytes >> 20,
            most=MOST_BYTES >> 20,
        )
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise _DepthError
        start(name.rpartition(":")[2], attributes, parser.CurrentLineNumber)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    try:
        with source.path.open("rb") as stream:
            head = stream.read(4096)
            stream.seek(0)
            decoder = _chinese_decoder(head)
            parser = expat.ParserCreate("UTF-8" if decoder else None)
            parser.buffer_text = True
            parser.StartElementHandler = opened
            parser.EndElementHandler = closed
            if text is not None:
                parser.CharacterDataHandler = text
            parser.EntityDeclHandler = _refuse_entity
            while block := stream.read(BLOCK_BYTES):
                parser.Parse(decoder.decode(block).encode("utf-8") if decoder else block, False)
            parser.Parse(b"", True)
    except EnoughError:
        return
    except _EntityError as error:
        raise InputError(
            "ingest.xml_entities",
            "{file} declares XML entities, which a report never needs and which can be used to exhaust the machine. "
            "It was not read. Export the report again from the tool itself.",
            file=source.name,
        ) from error
    except _DepthError as error:
        raise InputError(
            "ingest.xml_too_deep",
            "{file}, line {line}: more than {most} elements lie inside each other, which no report needs. "
            "It was not read. Export the report again from the tool itself.",
            file=source.name,
            line=parser.CurrentLineNumber,
            most=MOST_DEPTH,
        ) from error
    except expat.ExpatError as error:
        raise InputError(
            "ingest.broken_xml",
            "{file}, line {line}: the XML breaks here ({reason}); the file is damaged or was cut off. Export it again.",
            file=source.name,
            line=error.lineno,
            reason=expat.errors.messages.get(error.code, "not well-formed"),
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "ingest.xml_encoding",
            "{file} does not hold the encoding it declares ({encoding}). Export it again as UTF-8.",
            file=source.name,
            encoding=error.encoding,
        ) from error


def opening(source: SourceFile) -> tuple[str, dict[str, str], str | None]:
    """Name and attributes of the outermost element, and the name of the first one inside it."""
    found: list[tuple[str, dict[str, str]]] = []

    def first(name: str, attributes: dict[str, str], line: int) -> None:
        found.append((name, attributes))
        if len(found) == 2:
            raise EnoughError

    walk_xml(source, first)
    return *found[0], found[1][0] if len(found) > 1 else None


def _refuse_entity(*_declaration: object) -> None:
    raise _EntityError


def _chinese_decoder(head: bytes):
    """expat knows no GB encodings: such a file is decoded here and handed on as UTF-8."""
    declared = re.match(rb"""\s*<\?xml[^>]*encoding=["'](gb[\w-]*|hz)["']""", head, re.IGNORECASE)
    return codecs.getincrementaldecoder("gb18030")("strict") if declared else None
