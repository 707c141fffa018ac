"""load, quarantine, batches, undo, redo, accept: what comes through ingest, and what is taken out again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from models.errors import InputError
from models.vocabulary import FileStatus
from pipeline.cli.command import FAILED, WRONG_INPUT, DataDirOption, JsonOption, answer, app, start

if TYPE_CHECKING:
    from models.intake import LoadReport

ACTOR = "cli"
_DECIMAL_MARKS = {"point": ".", "comma": ","}
_LISTED = 40  # rows of a table in words; --json and --out have them all

Unit = Literal["hours", "minutes", "seconds", "milliseconds", "days", "percent", "share", "ten_thousand", "single"]
BatchArgument = Annotated[str, typer.Argument(metavar="BATCH", help="A batch id, as `batches` lists them.")]


@app.command()
def load(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE_OR_FOLDER...", help="Exports, or folders of them.")],
    *,
    feed: Annotated[str | None, typer.Option(help="The kind of export, where it is not recognized.")] = None,
    project: Annotated[str | None, typer.Option(help="The project of rows that name none.")] = None,
    mapping: Annotated[str | None, typer.Option(help="A saved mapping profile.")] = None,
    date_order: Annotated[
        Literal["dmy", "mdy", "ymd"] | None, typer.Option(help="Where 01/02/2026 could be either.")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="The zone of times that name none, e.g. Europe/Berlin.")] = None,
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of a report or schedule that holds none."),
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="How the text is encoded, e.g. cp1250, big5, shift_jis.")] = None,
    decimal: Annotated[
        Literal["point", "comma"] | None, typer.Option(help="The decimal mark, where the numbers do not show it.")
    ] = None,
    unit: Annotated[
        Unit | None, typer.Option(help="What a column counts in that names no unit and proves none.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be landed; land nothing.")] = False,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recognize, check and land files."""
    folder = start(data_dir)
    from pipeline.cli.output.answers import LoadAnswer  # noqa: PLC0415
    from pipeline.cli.output.progress import load_progress  # noqa: PLC0415
    from pipeline.ingest import LoadOptions, load_paths  # noqa: PLC0415
    from pipeline.ingest.dialects import broken_dialects  # noqa: PLC0415

    options = LoadOptions(
        feed=_known_feed(feed),
        project=project,
        mapping=mapping,
        date_order=date_order,
        time_zone=_known_zone(time_zone),
        measured_on=as_of.date() if as_of else None,
        encoding=encoding,
        decimal=_DECIMAL_MARKS.get(decimal or ""),
        unit=unit,
        dry_run=dry_run,
        landed_by=ACTOR,
    )
    with load_progress() as progress:
        entries = load_paths(folder, paths, replace(options, progress=progress))
    for reason in broken_dialects(folder):
        typer.echo(reason.message, err=True)
    answer(as_json, LoadAnswer(files=entries), lambda _document: _files_in_words(entries))
    if any(entry.status == FileStatus.REFUSED for entry in entries):
        raise typer.Exit(WRONG_INPUT)
    if not entries:
        raise typer.Exit(FAILED)


@app.command()
def quarantine(
    batch: Annotated[str | None, typer.Option(help="Only the rows of this batch.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the rows to this CSV file; with --batch as in the file, to be mended and loaded again."
        ),
    ] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """The rows held back, with file, line and reason."""
    folder = start(data_dir)
    from pipeline.cli.output.tables import table_in_words, write_csv, write_file  # noqa: PLC0415
    from pipeline.ingest import mendable_csv, quarantined  # noqa: PLC0415

    rows = quarantined(folder, batch).drop("message")
    if out is not None and batch is not None:
        write_file(mendable_csv(folder, batch), out)
    elif out is not None:
        write_csv(rows, out)
    document = {"rows": rows.to_dicts(), "count": rows.height} | ({"out": str(out)} if out else {})

    def in_words(_document: dict) -> str:
        if out is not None:
            return f"{rows.height} rows written to {out}."
        columns = ("file_name", "source_row", "column", "value", "reason")
        shown = rows.select(columns).head(_LISTED).to_dicts()
        return table_in_words(shown, columns, "No row is held back.", rows.height)

    answer(as_json, document, in_words)


@app.command()
def batches(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """What is landed, newest first."""
    folder = start(data_dir)
    from pipeline.cli.output.answers import BatchesAnswer  # noqa: PLC0415
    from pipeline.cli.output.tables import table_in_words  # noqa: PLC0415
    from pipeline.ingest import batches as landed_batches  # noqa: PLC0415

    rows = landed_batches(folder)
    columns = ("batch_id", "status", "feed", "rows_accepted", "rows_quarantined", "file_name", "landed_at")
    document = BatchesAnswer(batches=rows)
    answer(
        as_json, document, lambda document: table_in_words(document["batches"], columns, "Nothing has been loaded yet.")
    )


@app.command()
def undo(batch: BatchArgument, data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Take a batch out of the next build."""
    folder = start(data_dir)
    from pipeline.ingest import undo_batch  # noqa: PLC0415

    undo_batch(folder, batch, ACTOR)
    _moved(as_json, batch, "undone", "Batch {batch} is out of the next build. Refresh to see the numbers without it.")


@app.command()
def redo(batch: BatchArgument, data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Put a batch back into the next build."""
    folder = start(data_dir)
    from pipeline.ingest import redo_batch  # noqa: PLC0415

    redo_batch(folder, batch, ACTOR)
    _moved(as_json, batch, "landed", "Batch {batch} is in the next build again. Refresh to see it.")


@app.command()
def accept(batch: BatchArgument, data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Accept a batch that is held because it looks cut off."""
    folder = start(data_dir)
    from pipeline.ingest import accept_batch  # noqa: PLC0415

    accept_batch(folder, batch, ACTOR)
    _moved(as_json, batch, "landed", "Batch {batch} is accepted. Refresh to see it.")


def _known_feed(feed: str | None) -> str | None:
    from models.feeds import FEEDS  # noqa: PLC0415 - imports polars, which `--help` need not wait for

    if feed is not None and feed not in FEEDS:
        raise InputError(
            "load.unknown_feed", "There is no feed {feed}. Feeds: {feeds}.", feed=feed, feeds=", ".join(FEEDS)
        )
    return feed


def _known_zone(name: str | None) -> str | None:
    if name is None:
        return None
    from zoneinfo import available_timezones  # noqa: PLC0415 - reads a folder that most loads need not

    if name not in available_timezones():
        raise InputError(
            "load.unknown_time_zone", "There is no time zone {zone}. Write it as in Europe/Berlin or UTC.", zone=name
        )
    return name


def _moved(as_json: bool, batch: str, status: str, sentence: str) -> None:
    from models.vocabulary import BatchStatus  # noqa: PLC0415
    from pipeline.cli.output.answers import BatchAnswer  # noqa: PLC0415

    moved = BatchAnswer(batch_id=batch, status=BatchStatus(status))
    answer(as_json, moved, lambda _document: sentence.format(batch=batch))


def _files_in_words(entries: list[LoadReport]) -> str:
    lines = []
    for entry in entries:
        counts = (
            f"{entry.rows_read} read = {entry.rows_accepted} accepted + {entry.rows_quarantined} held back "
            f"+ {entry.rows_duplicate} repeated"
        )
        lines.append(f"{entry.status:9} {entry.feed or '?':15} {entry.file}: {counts}")
        lines += [f"          {reason.message}" for reason in entry.reasons]
    return "\n".join(lines) or "No file found."
