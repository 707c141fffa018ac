"""control, follow: what more than one machine needs of the command line."""

from __future__ import annotations

import sys
import time
from typing import Annotated, Literal

import typer

from models.builds.data_dir import DataDir
from models.errors import InputError, PlimsollError
from pipeline.cli.command import DataDirOption, JsonOption, answer, app, chosen_data_dir


@app.command()
def control(
    action: Annotated[Literal["move"], typer.Argument(metavar="ACTION", help="move.")],
    back: Annotated[bool, typer.Option("--back", help="From the server into the data folder.")] = False,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move the control store to the database that PLIMSOLL_CONTROL names, or back."""
    from pipeline.cli.output.answers import MovedStore  # noqa: PLC0415
    from pipeline.logs import start_logs  # noqa: PLC0415
    from pipeline.machines.moving import move  # noqa: PLC0415

    folder = chosen_data_dir(data_dir)
    start_logs(folder.logs, "pipeline", quiet=True)
    where, counted = move(folder, back=back)
    moved = MovedStore(store=where, rows=counted)
    answer(as_json, moved, lambda _document: f"{sum(counted.values()):,} rows of {len(counted)} tables are in {where}.")


@app.command()
def follow(
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="PLACE", help="A folder, or s3://BUCKET/FOLDER; else the one followed so far."),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--to", metavar="PLACE", help="Copy there instead of into the data folder.")
    ] = None,
    every: Annotated[
        float | None, typer.Option("--every", metavar="SECONDS", min=0.1, help="Go on until it is stopped.")
    ] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the builds that another machine publishes."""
    from pipeline.cli.output.answers import Followed  # noqa: PLC0415
    from pipeline.logs import start_logs  # noqa: PLC0415

    folder = chosen_data_dir(data_dir)
    start_logs(folder.logs, "follow", quiet=True)
    if every is not None:
        _follow_on(folder, source, target, every)
    new = _followed(folder, source, target)
    answer(as_json, Followed(build_id=new), lambda _document: f"{new} is here." if new else "Nothing is new.")


def _followed(folder: DataDir, source: str | None, target: str | None) -> str | None:
    from pipeline.machines.following import copy_build, mended_files, place_of  # noqa: PLC0415
    from pipeline.machines.following import follow as follow_here  # noqa: PLC0415

    if target is None:
        return follow_here(folder, source)
    return copy_build(place_of(source or str(folder.root)), place_of(target), mended_files(folder))


def _follow_on(folder: DataDir, source: str | None, target: str | None, every: float) -> None:
    """What is not whole now may be at the next look; what nobody can follow ends at once. Each thing is said once."""
    said = ""
    while True:
        try:
            new = _followed(folder, source, target)
            words = f"{new} is here." if new else ""
        except InputError as error:
            if error.code != "follow.nothing":
                raise
            words = str(error)
        except PlimsollError as error:
            words = str(error)
        if words and words != said:
            print(words, file=sys.stderr, flush=True)
        said = words
        time.sleep(every)
