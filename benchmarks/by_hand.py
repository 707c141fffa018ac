"""The second statement: facts and every KPI in plain SQL over the landed rows, by_hand/*.sql, apart from the product's models.

`python -m benchmarks.by_hand DATA_FOLDER OUT.duckdb` runs it over what the published build has read; the same with the word
compare tells whether both came to the same. tests/sample/test_by_hand.py holds each value of the sample projects to it.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path

import duckdb

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.feeds import FEEDS
from pipeline.refresh.freezing import FrozenInputs, freeze
from pipeline.settings import HOUSE, Settings

AS_A_REFRESH = {"threads": 2, "preserve_insertion_order": False, "memory_limit": "2GB"}  # dbt_project/profiles.yml
SCRIPTS = sorted(Path(__file__).with_name("by_hand").glob("*.sql"), key=lambda path: int(path.name.split("_")[0]))
ACCOUNT_WORDS = HOUSE / "dbt_project" / "seeds" / "account_words.csv"
FROZEN = (
    "batches",
    "baselines",
    "aliases",
    "words",
    "account_edits",
    "project_settings",
    "closings",
    "closed_books",
    "closed_costs",
    "calendar",
)
COMPARED = """
select 'fct_issues' as mart, count(*) as rows, sum(is_confirmed_defect::int)::double as total from {schema}.fct_issues
union all select 'fct_worklogs', count(*), sum(hours)::double from {schema}.fct_worklogs
union all select 'fct_costs', count(*), sum(amount)::double from {schema}.fct_costs
union all select 'fct_person_days', count(*), sum(required_hours)::double from {schema}.fct_person_days
union all select 'fct_planned_value', count(*), sum(planned_value)::double from {schema}.fct_planned_value
union all select 'fct_earned_value', count(*), sum(earned_value)::double from {schema}.fct_earned_value
union all select 'kpi_values', count(*), count(value) from {schema}.kpi_values
"""


def main() -> None:
    data_dir, out = DataDir(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    if sys.argv[3:] == ["compare"]:
        print(_compared(duckdb.connect(str(out), read_only=True), data_dir))
        return
    out.unlink(missing_ok=True)
    connection = duckdb.connect(str(out), config=AS_A_REFRESH)
    state(connection, data_dir)
    connection.close()


def state(connection: duckdb.DuckDBPyConnection, data_dir: DataDir) -> None:
    """Makes kpi_values and the facts below it, of what the current build has read."""
    build = current_build(data_dir)
    read = build.manifest
    as_of = dt.date.fromisoformat(read["as_of"]) if read["as_of"] else None
    settings = Settings(time_zone=read["time_zone"], reporting_currency=read["reporting_currency"])
    with tempfile.TemporaryDirectory() as folder:
        _name_inputs(connection, freeze(data_dir, build.build_id, as_of, settings, Path(folder) / "inputs"))
        connection.execute("set variable zone = $1", [read["time_zone"]])
        connection.execute("set variable today = $1::date", [read["today"]])
        connection.execute("set variable as_of = $1::date", [as_of])
        for script in SCRIPTS:
            connection.execute(script.read_text(encoding="utf-8"))


def _name_inputs(connection: duckdb.DuckDBPyConnection, inputs: FrozenInputs) -> None:
    """landed.<feed> and frozen.<table>, for as long as the connection lives."""
    connection.execute("attach ':memory:' as landed; attach ':memory:' as frozen")
    for feed in FEEDS:
        files = [str(inputs.folder / "empty" / f"{feed}.parquet"), *inputs.dbt_vars["landed"].get(feed, [])]
        connection.execute(f"create view landed.{feed} as from read_parquet({_texts(files)}, union_by_name = true)")
    connection.execute(f"create temp view account_words as from read_csv({_texts([ACCOUNT_WORDS])})")
    for name in FROZEN:
        connection.execute(
            f"create view frozen.{name} as from read_parquet({_texts([inputs.folder / f'{name}.parquet'])})"
        )


def _texts(words: list) -> str:
    return "[" + ", ".join("'" + str(word).replace("'", "''") + "'" for word in words) + "]"


def _compared(connection: duckdb.DuckDBPyConnection, data_dir: DataDir) -> str:
    build = current_build(data_dir)
    connection.execute(f"attach '{build.path}' as plimsoll (read_only)")
    mine = connection.execute(COMPARED.format(schema="main")).fetchall()
    published = connection.execute(COMPARED.format(schema="plimsoll.main")).fetchall()
    return ", ".join(
        f"{mart} {'same' if (rows, round(total, 2)) == (theirs[1], round(theirs[2], 2)) else f'{rows} {total} / {theirs[1:]}'}"
        for (mart, rows, total), theirs in zip(mine, published, strict=True)
    )


if __name__ == "__main__":
    main()
