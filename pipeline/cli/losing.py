"""accept-loss: somebody answers for rows that are gone or smaller."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.command import DataDirOption, JsonOption, answer, app, start


@app.command("accept-loss")
def accept_loss(
    project: Annotated[
        str, typer.Argument(metavar="PROJECT", help="Its key, its name, or a code one of the systems has.")
    ],
    kpi: Annotated[str, typer.Argument(metavar="KPI", help="The KPI whose value is better by rows gone or smaller.")],
    *,
    by: Annotated[str, typer.Option(help="The person who answers for it.")],
    reason: Annotated[str, typer.Option(help="Why the rows are rightly gone.")],
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rows that are gone or smaller are rightly so, in whatever KPI they counted; it counts from the next refresh on."""
    from models.builds.snapshot import open_current  # noqa: PLC0415
    from pipeline.published_values import known_project  # noqa: PLC0415
    from pipeline.store import losses  # noqa: PLC0415

    folder = start(data_dir)
    found = open_current(folder)
    key = project if found is None else known_project(found[1], project)
    answer(as_json, losses.accept_loss(folder, key, kpi, person=by, reason=reason), _in_words)


def _in_words(accepted: dict) -> str:
    loss = f"the loss of {accepted['loss_rows']} rows ({accepted['loss_amount']:g})"
    whose = f"{accepted['project_key']}, {accepted['kpi_key']}"
    return f"{whose}: {loss} is accepted by {accepted['person']}. It counts from the next refresh on."
