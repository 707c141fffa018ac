"""kpis, explain: questions to the published build."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from models.errors import InputError, PlimsollError
from models.vocabulary import Grain, PeriodKind
from pipeline.cli.command import DataDirOption, JsonOption, answer, app, start

EVIDENCE_ROWS = 10_000  # of one value; a document larger than this is for the download on screen
_LISTED = 20
_COLUMNS = (
    *("project_key", "kpi_key", "period_end", "valued_on", "value", "numerator", "denominator"),
    *("counted", "counted_of", "status"),
)
_PERIODS = {"w": PeriodKind.WEEK, "week": PeriodKind.WEEK, "m": PeriodKind.MONTH, "month": PeriodKind.MONTH}

AtOption = Annotated[
    dt.datetime | None,
    typer.Option("--at", formats=["%Y-%m-%d"], metavar="DATE", help="The period that holds this day."),
]


@app.command()
def kpis(
    *,
    project: Annotated[str | None, typer.Option(help="Only this project.")] = None,
    grain: Annotated[
        Grain, typer.Option(help="What one value stands for; wbs and layer: of earned value alone.")
    ] = Grain.PROJECT,
    period: Annotated[str, typer.Option(help="W (week) or M (month).")] = "M",
    at: AtOption = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """KPI values; by default of each project, its latest month."""
    from pipeline.cli.output.answers import KpisAnswer  # noqa: PLC0415
    from pipeline.cli.output.tables import table_in_words  # noqa: PLC0415
    from pipeline.published_values import PARTS, stated_values  # noqa: PLC0415

    if period.lower() not in _PERIODS:
        raise InputError("kpis.period", "--period is W (week) or M (month), not {period}.", period=period)
    _, snapshot = published(data_dir)
    values = stated_values(snapshot, project, grain, _PERIODS[period.lower()], at.date() if at else None)
    document = KpisAnswer(build_id=snapshot.build_id, kpis=values)
    columns = list(_COLUMNS)
    columns += ["module"] if grain is Grain.MODULE else [PARTS[grain]] if grain in PARTS else []
    answer(as_json, document, lambda document: table_in_words(document["kpis"], columns, "No value for this choice."))


@app.command()
def explain(
    kpi: Annotated[str, typer.Argument(metavar="KPI", help="A KPI key, as `kpis` lists them.")],
    project: Annotated[str, typer.Option(help="The project.")],
    at: AtOption = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """The evidence of one value: definition, levels, rows with file and line."""
    from pipeline.cli.explaining import explanation, explanation_in_words  # noqa: PLC0415

    _, snapshot = published(data_dir)
    explained = explanation(snapshot, kpi, project, at.date() if at else None, EVIDENCE_ROWS)
    answer(as_json, explained, lambda _document: explanation_in_words(explained, _LISTED))


def published(data_dir) -> tuple:
    """The data folder and the reader of its published build. Raises: PlimsollError 'nothing_published'."""
    from models.builds.snapshot import open_current  # noqa: PLC0415

    folder = start(data_dir)
    found = open_current(folder)
    if found is None:
        raise PlimsollError(
            "nothing_published",
            "Nothing is published in {path} yet. Load exports, then run `python -m pipeline refresh`.",
            path=str(folder.root),
        )
    return folder, found[1]
