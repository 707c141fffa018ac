"""tools: whose exports are known, the project office's own among them, and what is wrong with a file of these."""

from __future__ import annotations

import typer

from pipeline.cli.command import WRONG_INPUT, DataDirOption, JsonOption, answer, app, start


@app.command()
def tools(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """The tools whose exports are known; those of dialects/ in the data folder, and what is wrong with their files."""
    folder = start(data_dir)
    from pipeline.ingest.dialects import known_tools  # noqa: PLC0415

    document = known_tools(folder)

    def in_words(_: dict) -> str:
        from pipeline.cli.output.tables import table_in_words  # noqa: PLC0415

        rows = [row | {"feeds": ", ".join(row["feeds"])} for row in document["tools"]]
        table = table_in_words(rows, ("tool", "name", "feeds", "file"), "No tool is known.")
        return "\n".join([table, *(reason["message"] for reason in document["broken"])])

    answer(as_json, document, in_words)
    if document["broken"]:
        raise typer.Exit(WRONG_INPUT)
