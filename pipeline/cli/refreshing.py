"""refresh, status, rollback: making builds, and which one is shown."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from models.builds.data_dir import DataDir
from pipeline.cli.command import FAILED, DataDirOption, JsonOption, answer, app, start


@app.command()
def refresh(
    as_of: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Status date of every project.")
    ] = None,
    queued: Annotated[
        bool, typer.Option("--queued", hidden=True, help="Serve what screens asked for, then end.")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Make everything of the landed files, not only what has changed.")
    ] = False,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Freeze the inputs, build, test and publish."""
    from pipeline.cli.output.progress import refresh_progress  # noqa: PLC0415
    from pipeline.refresh.refreshing import refresh as run_refresh  # noqa: PLC0415
    from pipeline.refresh.refreshing import serve_requests  # noqa: PLC0415

    folder = start(data_dir, "refresh")
    if queued:
        runs = [result.as_json() for result in serve_requests(folder)]
        answer(as_json, {"runs": runs}, lambda document: f"{len(document['runs'])} refreshes.")
        _send_notices(folder)
        return
    with refresh_progress() as on_step:
        result = run_refresh(folder, as_of.date() if as_of else None, "cli", on_step, whole=whole)
    answer(as_json, result, in_words)
    if result.status != "published":
        raise typer.Exit(FAILED)
    _send_notices(folder)


def _send_notices(folder: DataDir) -> None:
    """What the refresh had to tell leaves at once where no worker runs; what cannot be sent waits for the next time."""
    from pipeline.notices import send_after_refresh  # noqa: PLC0415
    from pipeline.refresh.refreshing import worker_is_alive  # noqa: PLC0415
    from pipeline.settings import Settings  # noqa: PLC0415
    from pipeline.store.control import now_utc  # noqa: PLC0415

    if not worker_is_alive(folder):
        send_after_refresh(folder, Settings(), now_utc())


def in_words(result: dict) -> str:
    """The result of a refresh for people."""
    seconds = sum(result["seconds"].values())
    if result["status"] == "published":
        rows = sum(result["rows_per_feed"].values())
        made = result["nodes"] - result["nodes_kept"]
        nodes = f"{made} nodes built and tested" + (
            f", {result['nodes_kept']} unchanged." if result["nodes_kept"] else "."
        )
        done = f"Published {result['build_id']} in {seconds:.1f} s: {rows:,} rows, {nodes}"
        return "\n".join(
            [done, *(waiting["message"] for waiting in result.get("baselines_waiting", []) + result.get("caveats", []))]
        )
    lines = [f"Failed after {seconds:.1f} s. {result['error']['message']}"]
    for test in result["failed_tests"]:
        rows = f" Rows: {test['rows_file']}" if test["rows_file"] else ""
        lines.append(f"  {test['status']:8} {test['name']}: {' '.join(str(test['message']).split())}{rows}")
    return "\n".join(lines)


@app.command()
def status(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Freshness, last runs, versions."""
    from pipeline.cli.status import standing, standing_in_words  # noqa: PLC0415

    answer(as_json, standing(start(data_dir)), standing_in_words)


@app.command()
def rollback(
    build: Annotated[str, typer.Argument(metavar="BUILD", help="A kept build, as `status` lists them.")],
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Point back to a kept build."""
    from pipeline.cli.output.answers import KeptBuild  # noqa: PLC0415
    from pipeline.refresh.publishing import roll_back  # noqa: PLC0415

    found = roll_back(start(data_dir), build, "cli")
    answer(
        as_json,
        KeptBuild(build_id=found.build_id, published_at=found.published_at.isoformat()),
        lambda _document: f"Readers see {found.build_id} of {found.published_at:%Y-%m-%d %H:%M} UTC from now on.",
    )
