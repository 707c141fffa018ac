"""Reports that are lines of text as a run of events with line numbers, as xml_events tells of XML."""

from __future__ import annotations

from collections.abc import Callable

from models.errors import InputError
from pipeline.ingest.dialects.reports import PlainText
from pipeline.ingest.files.source import SourceFile


def walk_lines(
    source: SourceFile,
    form: PlainText,
    start: Callable[[str, dict[str, str], int], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Calls start(name, attributes, line), end(name) and text(data) in the order of the lines.

    Raises: InputError 'ingest.broken_line' for a damaged line, 'ingest.cut_off_record' where the last record does not end.
    """
    record = next(iter(form.lines)) if form.closes else None
    opened = 0  # the line of the record that is open
    with source.path.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
        for number, written in enumerate(stream, start=1):
            line = written.strip()
            word, _, value = line.partition(":")
            matches = ((name, found) for name, known in form.lines.items() if (found := known.fullmatch(line)))
            name, found = next(matches, ("", None))
            if record and (name == record or (opened and line == form.closes)):
                if opened:
                    end(record)
                opened = number if found else 0
                if found:
                    start(record, found.groupdict(), number)
            elif record and not opened:
                continue
            elif found:
                start(name, found.groupdict(), number)
                end(name)
            elif word in form.values:
                start(word, {}, number)
                text(value)
                end(word)
            elif form.damage and form.damage.match(line):
                raise InputError(
                    "ingest.broken_line",
                    "{file}, line {line}: this line of coverage does not read as its kind does: {text}. The report is damaged; "
                    "export it again.",
                    file=source.name,
                    line=number,
                    text=line[:60],
                )
    if opened:
        raise InputError(
            "ingest.cut_off_record",
            "{file}, line {line}: the record of the last source file has no end_of_record, so the report was cut off. "
            "Export it again.",
            file=source.name,
            line=opened,
        )
