"""A build is made from the one before: whatever happened in between, every table is the one that a whole build makes."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import duckdb
import pytest

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from pipeline.refresh import basis, building
from pipeline.refresh.changes import EVERYWHERE, NONE, Change, difference
from pipeline.refresh.freezing import FrozenInputs
from pipeline.refresh.refreshing import refresh
from pipeline.settings import Settings
from tests.pipeline.refresh.random_changes import change

STEPS = int(os.environ.get("PLIMSOLL_RANDOM_STEPS", "3"))
SEED = int(os.environ.get("PLIMSOLL_RANDOM_SEED", "11"))


@pytest.mark.whole
def test_whatever_is_loaded_undone_or_set_the_tables_are_those_of_a_whole_build(sample_copy) -> None:
    drawn = random.Random(SEED)
    refresh(sample_copy)
    kept = 0
    for _ in range(STEPS):
        what = change(sample_copy, drawn)
        result = refresh(sample_copy)
        kept += result.nodes_kept
        assert result.status == "published", (what, result.failed_tests)
        made = prints_of_tables(current_build(sample_copy).path)
        whole = prints_of_tables(made_whole(sample_copy))
        assert made["kpi_values"][0] > 50_000
        assert {name for name in whole if made.get(name) != whole[name]} == set(), what
        assert made.keys() == whole.keys()
    assert (
        kept > STEPS * 40
    )  # most of 202 nodes where little has changed, some forty where a code means another project


def made_whole(data_dir: DataDir) -> Path:
    """The file of a build of the same frozen inputs that starts from nothing."""
    folder = data_dir.warehouse / "inputs"
    variables = json.loads((folder / "basis.json").read_text(encoding="utf-8"))["variables"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    building.sweep(data_dir)
    inputs = FrozenInputs(folder, variables | {"inputs_dir": str(folder)}, manifest)
    assert building.build(data_dir, inputs, Settings(), lambda *_: None).kept == []
    return building.build_database(data_dir)


def prints_of_tables(path: Path) -> dict[str, tuple]:
    """{table: (rows, sum of the hashes of its rows)}."""
    with duckdb.connect(str(path), read_only=True) as database:
        names = [name for (name,) in database.execute("select table_name from duckdb_tables()").fetchall()]
        return {
            name: database.execute(
                f'select count(*), sum(cast(hash(whole_row) as hugeint)) from "{name}" as whole_row'
            ).fetchone()
            for name in names
        }


def test_nothing_changed_keeps_all_that_is_not_told_of_the_build_before(sample_copy) -> None:
    refresh(sample_copy)
    again = refresh(sample_copy)
    assert again.nodes_kept > 150  # views of files are named anew, and what was found of the build before is looked at
    assert refresh(sample_copy, whole=True).nodes_kept == 0


def test_a_file_before_that_is_damaged_costs_a_whole_build_and_no_refresh(sample_copy) -> None:
    refresh(sample_copy)
    path = current_build(sample_copy).path
    with path.open("r+b") as file:  # of the right size and with DuckDB's mark: nobody sees it from outside
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    result = refresh(sample_copy)
    assert (result.status, result.nodes_kept) == ("published", 0)
    assert prints_of_tables(current_build(sample_copy).path)["kpi_values"][0] > 50_000


@pytest.mark.parametrize(
    "other",
    [
        {"build_id": "b-000001"},  # somebody rolled back, or a kill came before the inputs were kept
        {"made_by": {"duckdb": "0"}},
        {"whole_on": "2020-01-01"},
        {"variables": {"reporting_currency": "EUR", "as_of": ""}},
        {"variables": {"reporting_currency": "CNY", "as_of": "2026-03-31"}},
    ],
    ids="-".join,
)
def test_what_another_build_or_version_left_is_no_start(tmp_path, monkeypatch, other) -> None:
    data_dir, inputs = DataDir(tmp_path), FrozenInputs(tmp_path / "inputs", dict(VARIABLES), dict(MANIFEST))
    inputs.folder.mkdir()
    monkeypatch.setattr(basis, "current_build", lambda _: BUILD)
    (tmp_path / "warehouse").mkdir()
    basis.keep(data_dir, inputs, [], None)
    assert basis.found(data_dir, inputs).database == BUILD.path
    named = tmp_path / "warehouse" / "inputs" / "basis.json"
    named.write_text(json.dumps(json.loads(named.read_text()) | other))
    assert basis.found(data_dir, inputs) is None


class BUILD:
    build_id = "b-000007"
    path = Path("plimsoll_b-000007.duckdb")


VARIABLES = {"build_id": "b-000007", "today": "2026-11-30", "reporting_currency": "CNY", "as_of": "", "landed": {}}
MANIFEST = {"catalogue_hash": "c", "code_version": "1"}


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("('P', 1), ('Q', 2), ('*', 3)", NONE),
        ("('*', 3), ('Q', 2), ('P', 1)", NONE),  # in any order
        ("('P', 1), ('Q', 9), ('*', 3)", Change(frozenset("Q"))),
        ("('P', 1), ('P', 1), ('Q', 2), ('*', 3)", Change(frozenset("P"))),  # twice is not once
        ("('P', 1), ('*', 3)", Change(frozenset("Q"))),
        ("('P', 1), ('Q', 2), (null, 3)", Change(frozenset("*"))),  # a row of no project is one of all
    ],
)
def test_whose_rows_differ(now, found) -> None:
    with duckdb.connect() as database:
        # a column named as rows were once called in the comparison: its hash alone was taken
        for name, rows in (("before", "('P', 1), ('Q', 2), ('*', 3)"), ("now", now)):
            database.execute(
                f'create table "{name}" as select *, 1 as counted from (values {rows}) as t (project_key, amount)'
            )
        assert difference(database, '"before"', '"now"', has_projects=True) == found
        assert difference(database, '"before"', '"now"', has_projects=False) in (EVERYWHERE, NONE)
