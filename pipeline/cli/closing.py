"""close, reopen: what finance says of an accounting period."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.command import DataDirOption, JsonOption, answer, app, start

PeriodArgument = Annotated[str, typer.Argument(metavar="PERIOD", help="The month in which it ends, like 2026-10.")]
ProjectOption = Annotated[str, typer.Option(help="Only this project; by default all.")]


@app.command()
def close(
    period: PeriodArgument,
    *,
    by: Annotated[str, typer.Option(help="The person of finance who closed it.")],
    project: ProjectOption = "*",
    note: Annotated[str, typer.Option(help="A note kept beside it.")] = "",
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """An accounting period is closed (结账); it counts from the next refresh on."""
    from pipeline.store.closings import close_period  # noqa: PLC0415

    folder = start(data_dir)
    closing = close_period(folder, period, person=by, project_key=_known(folder, project), note=note)
    answer(as_json, closing, _in_words)


@app.command()
def reopen(
    period: PeriodArgument,
    *,
    by: Annotated[str, typer.Option(help="The person of finance who reopened it.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    project: ProjectOption = "*",
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """A closed accounting period is open again (反结账), and all after it; it counts from the next refresh on."""
    from pipeline.store.closings import reopen_period  # noqa: PLC0415

    folder = start(data_dir)
    closing = reopen_period(folder, period, person=by, reason=reason, project_key=_known(folder, project))
    answer(as_json, closing, _in_words)


def _known(folder, project: str) -> str:
    """The project key for what a person calls it; as written where nothing is published that could know it."""
    from models.builds.snapshot import open_current  # noqa: PLC0415
    from pipeline.published_values import known_project  # noqa: PLC0415

    found = open_current(folder)
    return project if project.strip() == "*" or found is None else known_project(found[1], project)


def _in_words(closing: dict) -> str:
    whose = "all projects" if closing["project_key"] == "*" else closing["project_key"]
    state = "closed" if closing["is_closed"] else "reopened"
    return f"{closing['period']} of {whose} is {state}, by {closing['person']}. It counts from the next refresh on."
