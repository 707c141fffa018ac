"""refresh: build, test and publish."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from pipeline.cli.frame import FAILED, DataDirOption, JsonOption, answer, app, chosen_data_dir


@app.command()
def refresh(
    as_of: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Status date of every project.")
    ] = None,
    queued: Annotated[
        bool, typer.Option("--queued", hidden=True, help="Serve what screens asked for, then end.")
    ] = False,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Freeze the inputs, build, test and publish."""
    from pipeline.cli.progress import refresh_progress  # noqa: PLC0415
    from pipeline.logs import start_logs  # noqa: PLC0415
    from pipeline.refreshing import refresh as run_refresh  # noqa: PLC0415
    from pipeline.refreshing import serve_requests  # noqa: PLC0415

    folder = chosen_data_dir(data_dir)
    start_logs(folder.logs, "refresh", quiet=True)
    if queued:
        answer(as_json, {"runs": serve_requests(folder)}, lambda document: f"{len(document['runs'])} refreshes.")
        return
    with refresh_progress() as on_step:
        result = run_refresh(folder, as_of.date() if as_of else None, "cli", on_step)
    answer(as_json, result, in_words)
    if result["status"] != "published":
        raise typer.Exit(FAILED)


def in_words(result: dict) -> str:
    """The result of a refresh for people."""
    seconds = sum(result["seconds"].values())
    if result["status"] == "published":
        rows = sum(result["rows_per_feed"].values())
        return f"Published {result['build_id']} in {seconds:.1f} s: {rows:,} rows, {result['nodes']} nodes built and tested."
    lines = [f"Failed after {seconds:.1f} s. {result['error']['message']}"]
    for test in result["failed_tests"]:
        rows = f" Rows: {test['rows_file']}" if test["rows_file"] else ""
        lines.append(f"  {test['status']:8} {test['name']}: {' '.join(str(test['message']).split())}{rows}")
    return "\n".join(lines)
