"""sample, work, serve: something to look at, and the programs that stay."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from models.vocabulary import FileStatus
from pipeline.cli.command import DataDirOption, JsonOption, answer, app, start


@app.command()
def sample(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing where something is loaded already.")] = False,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the sample portfolio and load it."""
    folder = start(data_dir)
    from pipeline.cli.output.answers import LoadAnswer  # noqa: PLC0415
    from pipeline.ingest import batches  # noqa: PLC0415
    from pipeline.sample import load_sample  # noqa: PLC0415

    if if_empty and batches(folder):
        answer(as_json, LoadAnswer(files=[]), lambda _document: "Something is loaded already; the sample is not.")
        return
    files = load_sample(folder)
    landed = sum(entry.status == FileStatus.LANDED for entry in files)
    lines = [f"{landed} files of the sample portfolio loaded. Refresh next."]
    lines += [
        f"  {entry.status}: {entry.file}: {reason.message}"
        for entry in files
        if entry.status not in (FileStatus.LANDED, FileStatus.UNCHANGED)
        for reason in entry.reasons
    ]
    answer(as_json, LoadAnswer(files=files), lambda _document: "\n".join(lines))


@app.command()
def work(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """The worker: watched folder, schedule, queue."""
    from pipeline.settings import Settings  # noqa: PLC0415
    from pipeline.worker import work as run_worker  # noqa: PLC0415

    run_worker(start(data_dir, "worker", aloud=True), Settings())
    answer(as_json, {"status": "stopped"}, lambda _document: "The worker has stopped.")


@app.command()
def serve(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Worker and dashboard together."""
    from pipeline.serving import serve as run_both  # noqa: PLC0415
    from pipeline.settings import Settings  # noqa: PLC0415

    run_both(start(data_dir, "serve"), Settings(), lambda text: print(text, file=sys.stderr, flush=True))
    answer(as_json, {"status": "stopped"}, lambda _document: "Stopped.")
