"""The data tests of the warehouse bite: what is taken away, doubled or altered in a build of the sample is noticed.

The SQL that a refresh runs is put to the altered file. What no refresh runs (tag `long`) runs here, over the sample.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from models.builds.data_dir import DataDir
from pipeline.refresh import building
from pipeline.refresh.freezing import freeze
from pipeline.settings import Settings

LONG_TESTS = """
import json, os, sys
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner
variables, database, parsed, target = sys.argv[1:]
options = {"project_dir": os.getcwd(), "profiles_dir": os.getcwd(), "write_json": False, "log_path": target}
os.environ["PLIMSOLL_BUILD_FILE"] = os.path.join(parsed, "plimsoll.duckdb")  # as pipeline/refresh/compiling.py parses it
manifest = dbtRunner().invoke(["parse"], target_path=parsed, vars={}, **options).result
reset_adapters()
os.environ["PLIMSOLL_BUILD_FILE"] = database
chosen = ["test", "--select", "tag:long"]
tested = dbtRunner(manifest=manifest).invoke(chosen, target_path=target, vars=json.loads(variables), **options)
found = {result.node.name: [str(result.status), result.node.compiled_code] for result in tested.result}
open(os.path.join(target, "tested.json"), "w").write(json.dumps(found))
"""
COUNTED = "assert_every_row_is_accounted_for"
SUMMED = "assert_nothing_is_dropped"
FACTS = (  # what a row of each is noticed by: by itself, or by the amount that it holds
    ("fct_baselines", COUNTED),
    ("fct_budget", COUNTED),
    ("fct_change_requests", COUNTED),
    ("fct_code_size", COUNTED),
    ("fct_contracts", COUNTED),
    ("fct_coverage", COUNTED),
    ("fct_earned_schedule", COUNTED),
    ("fct_earned_value", COUNTED),
    ("fct_issues", COUNTED),
    ("fct_payment_terms", COUNTED),
    ("fct_person_days", COUNTED),
    ("fct_planned_value where planned_value <> 0 or planned_hours <> 0", "assert_planned_value_sums_to_budget"),
    ("fct_risks", COUNTED),
    ("fct_schedule_tasks", COUNTED),
    ("fct_sites", COUNTED),
    ("fct_test_results", COUNTED),
    ("fct_worklogs", COUNTED),
    ("fct_costs where cost_source = 'booked' and estimated_until is null", COUNTED),
    ("fct_costs where cost_source = 'timesheets'", COUNTED),
    ("fct_costs where estimated_until is not null and amount <> 0", "assert_slices_sum_to_their_line"),
    ("int_booked_costs", COUNTED),
    ("int_counted_costs", COUNTED),
)


@dataclass(frozen=True)
class Guarded:
    """A build of the sample and the SQL of its data tests, by name."""

    database: duckdb.DuckDBPyConnection
    sql: dict[str, str]
    verdicts: dict[str, str]

    def found(self, name: str, *statements: str) -> list[dict]:
        """What a test finds after these statements, which are taken back."""
        self.database.execute("begin")
        try:
            for statement in statements:
                self.database.execute(statement)
            return self.database.sql(self.sql[name]).pl().to_dicts()
        finally:
            self.database.execute("rollback")


@pytest.fixture(scope="module")
def guarded(sample_data_dir: DataDir, tmp_path_factory, repository: Path) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guards")
    data_dir = DataDir(shutil.copytree(sample_data_dir.root, folder / "sample"))
    building.sweep(data_dir)
    inputs = freeze(data_dir, "b-000042", None, Settings())
    built = building.build(data_dir, inputs, Settings(), lambda *_: None)
    sql = {node["name"]: node["compiled_sql"] for node in built.nodes if node["resource_type"] == "test"}
    path, target = building.build_database(data_dir), folder / "target"
    target.mkdir()
    parsed = building._parsed_project(data_dir, Settings(), inputs.manifest["catalogue_hash"])
    subprocess.run(
        [sys.executable, "-c", LONG_TESTS, json.dumps(inputs.dbt_vars), str(path), str(parsed), str(target)],
        env=os.environ | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        cwd=repository / "dbt_project",
        capture_output=True,
        check=True,
    )
    long_ones = json.loads((target / "tested.json").read_text())
    assert not sql.keys() & long_ones.keys()
    sql |= {name: compiled for name, (_, compiled) in long_ones.items()}
    with duckdb.connect(str(path)) as database:
        yield Guarded(database, sql, {name: status for name, (status, _) in long_ones.items()})


def test_nothing_is_found_where_nothing_is_altered(guarded: Guarded) -> None:
    assert {name for name in guarded.sql if guarded.found(name) != []} == set()


def test_the_long_ones_hold_over_the_sample(guarded: Guarded, repository: Path) -> None:
    written = {path.stem for path in (repository / "dbt_project/tests/long").glob("*.sql")}
    assert written <= guarded.verdicts.keys()
    assert set(guarded.verdicts.values()) == {"pass"}


@pytest.mark.parametrize(("rows", "name"), FACTS, ids=[rows for rows, _ in FACTS])
@pytest.mark.parametrize("edge", ["min", "max"])
def test_one_row_gone_is_noticed(guarded: Guarded, rows: str, name: str, edge: str) -> None:
    table, condition = rows.split(maxsplit=1)[0], rows.partition(" where ")[2] or "true"
    gone = f"select {edge}(rowid) from {table} where {condition}"
    assert guarded.found(name, f"delete from {table} where rowid = ({gone})") != []


def test_every_fact_is_counted(guarded: Guarded) -> None:
    tables = guarded.database.execute("""
        select table_name from information_schema.tables where table_name like 'fct\\_%' escape '\\'
    """)
    assert {name for (name,) in tables.fetchall()} <= {rows.split()[0] for rows, _ in FACTS}


def test_seventy_five_ledger_lines_gone_are_told_with_how_many_went_in(guarded: Guarded) -> None:
    """The sample lands 1,474 lines of the ledger. 82 of them, in 12 vouchers, carry over to cost of sales (结转): 1,392 count."""
    gone = "select rowid from int_booked_costs where is_of_ledger order by batch_id, source_row limit 75"
    found = guarded.found(COUNTED, f"delete from int_booked_costs where rowid in ({gone})")
    told = {row["made_of"]: row for row in found}
    ledger = told["ledger"]
    assert ledger["fact"] == "int_booked_costs"
    assert (ledger["landed"], ledger["counted"], ledger["left_out"]) == (1_474, 1_392 - 75, 82)
    assert ledger["reasons"] == "a carry-over"
    assert ledger["missing"] == 75
    assert told["int_booked_costs"]["too_many"] == 75  # and they count further on, from nowhere


def test_as_many_doubled_as_lost_do_not_make_up_for_one_another(guarded: Guarded) -> None:
    one_for_another = (
        "delete from fct_worklogs where rowid = (select min(rowid) from fct_worklogs)",
        "insert into fct_worklogs select * from fct_worklogs where rowid = (select max(rowid) from fct_worklogs)",
    )
    (found,) = [row for row in guarded.found(COUNTED, *one_for_another) if row["fact"] == "fct_worklogs"]
    assert (found["missing"], found["too_many"]) == (1, 1)


ONE_HOUR_MORE = "update fct_worklogs set hours = hours + 1 where rowid = 0"
A_MONTH_LATER = "update fct_worklogs set work_date = work_date + interval 1 month where rowid = 0"
A_CENT_MORE = """
    update fct_costs set amount = amount + 0.01
    where rowid = (select min(rowid) from fct_costs where cost_source = 'booked')
"""
A_TERM_UNKNOWN = """
    update kpi_project_terms set term_1 = null
    where kpi_key = 'cost_performance_index' and grain = 'project' and term_1 is not null
"""
ANOTHER_CELL = """
    update kpi_cells set {0} = {0} + 1
    where rowid = (select max(rowid) from kpi_cells where grain = '{1}' and period_kind = '{2}' and {0} is not null)
"""


@pytest.mark.parametrize(
    ("name", "altered"),
    [
        (SUMMED, ONE_HOUR_MORE),
        (SUMMED, A_MONTH_LATER),
        (SUMMED, "update int_counted_costs set project_key = 'P2025-002' where project_key = 'P2025-001'"),
        ("assert_slices_sum_to_their_line", A_CENT_MORE),
        ("assert_evidence_adds_up", A_MONTH_LATER),
        ("assert_evidence_adds_up", ANOTHER_CELL.format("actual_cost", "project", "month")),
        ("assert_evidence_adds_up_everywhere", ANOTHER_CELL.format("actual_cost", "project", "week")),
        ("assert_evidence_adds_up_everywhere", ANOTHER_CELL.format("actual_cost", "module", "month")),
        ("assert_evidence_adds_up_everywhere", ANOTHER_CELL.format("actual_cost", "phase", "month")),
        ("assert_modules_and_phases_sum_to_project", ANOTHER_CELL.format("actual_cost", "module", "month")),
        ("assert_modules_and_phases_sum_everywhere", ANOTHER_CELL.format("actual_cost", "module", "week")),
        ("assert_elements_sum_to_project", ANOTHER_CELL.format("earned_value", "project", "month")),
        ("assert_elements_sum_everywhere", ANOTHER_CELL.format("earned_value", "project", "week")),
        (
            "assert_planned_value_sums_to_budget",
            "update fct_planned_value set planned_hours = coalesce(planned_hours, 0) + 1 where rowid = 0",
        ),
        ("assert_unknown_terms_give_no_value", A_TERM_UNKNOWN),
    ],
)
def test_an_amount_that_moves_is_noticed(guarded: Guarded, name: str, altered: str) -> None:
    assert guarded.found(name, altered) != []
