"""control: what more than one machine needs of the command line."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

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
