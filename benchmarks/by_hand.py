"""The second statement: every KPI, baseline and reference code in plain SQL over the landed rows, by_hand/*.sql, apart from the
product's models.

`python -m benchmarks.by_hand DATA_FOLDER OUT.duckdb` runs it over what the published build has read; `python -m
benchmarks.stated_twice` with the same words tells whether both came to the same. tests/sample/test_by_hand.py holds each value
of the sample to it.
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

AS_A_REFRESH = {
    "threads": 2,
    "preserve_insertion_order": False,
    "memory_limit": "2GB",  # dbt_project/profiles.yml
    "temp_directory": str(Path(tempfile.gettempdir()) / "plimsoll-by-hand"),  # not where the caller stands
}
SCRIPTS = sorted(Path(__file__).with_name("by_hand").glob("*.sql"), key=lambda path: int(path.name.split("_")[0]))
ACCOUNT_WORDS = HOUSE / "dbt_project" / "seeds" / "account_words.csv"
FROZEN = (
    "batches",
    "baselines",
    "aliases",
    "words",
    "rules",
    "account_edits",
    "project_settings",
    "closings",
    "closed_books",
    "closed_costs",
    "calendar",
)


def main() -> None:
    data_dir, out = DataDir(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    out.unlink(missing_ok=True)
    connection = duckdb.connect(str(out), config=AS_A_REFRESH)
    state(connection, data_dir)
    connection.close()


def state(connection: duckdb.DuckDBPyConnection, data_dir: DataDir) -> None:
    """Makes kpi_values, fct_baselines and reference_codes, and the facts below them, of what the current build has read."""
    build = current_build(data_dir)
    read = build.manifest
    as_of = dt.date.fromisoformat(read["as_of"]) if read["as_of"] else None
    settings = Settings(time_zone=read["time_zone"], reporting_currency=read["reporting_currency"])
    with tempfile.TemporaryDirectory() as folder:
        _name_inputs(connection, freeze(data_dir, build.build_id, as_of, settings, Path(folder) / "inputs"))
        connection.execute("set variable zone = $1", [read["time_zone"]])
        connection.execute("set variable reporting_currency = $1", [read["reporting_currency"]])
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


if __name__ == "__main__":
    main()
