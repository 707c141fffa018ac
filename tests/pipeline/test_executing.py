"""The compiled graph: its order, what a failure keeps from being made, how tests are judged, what fills the signs."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.refresh import child, compiling, graph
from pipeline.refresh.executing import _Run, executed
from pipeline.refresh.graph import Node
from pipeline.refresh.job import DbtJob

VARIABLES = {
    "build_id": "b-000007",
    "today": "2026-11-30",
    "as_of": "",
    "inputs_dir": "/data/o'brien/inputs",
    "landed": {"costs": ["/data/o'brien/1.parquet", "/data/2.parquet"], "issues": []},
    "reporting_currency": "CNY",
    "numbers_defects_apart": ["jira"],
    "default_time_zone": "Asia/Shanghai",
}


@pytest.fixture
def job(tmp_path: Path) -> DbtJob:
    return DbtJob(
        project=tmp_path,
        database=tmp_path / "plimsoll.duckdb",
        target=tmp_path / "target",
        parsed=tmp_path,
        compiled=tmp_path / "compiled.json",
        logs=tmp_path,
        lock=tmp_path / "lock",
        variables=VARIABLES,
        threads=2,
        memory_limit="500MB",
    )


def model(name: str, sql: str, *needs: str, **more: object) -> Node:
    return Node(f"model.{name}", name, "model", more.pop("materialized", "table"), needs, sql, **more)


def data_test(name: str, sql: str, *needs: str, **more: object) -> Node:
    return Node(f"test.{name}", name, "test", "test", needs, sql, **more)


def statuses(job: DbtJob, *nodes: Node) -> dict[str, str]:
    return {result["name"]: result["status"] for result in executed(job, nodes, lambda *_: None)}


def test_tables_views_seeds_and_contracts_are_made_in_order(job: DbtJob) -> None:
    for name in ("words", "untyped"):
        (job.project / f"{name}.csv").write_text("word,priority\nfee,3\n", encoding="utf-8")
    told: list[tuple[int, int]] = []
    results = executed(
        job,
        [
            model("last", "select priority + 1 as next from seen", "model.seen"),
            model("seen", "select * from words", "seed.words", materialized="view"),
            Node(
                "seed.words",
                "words",
                "seed",
                "seed",
                (),
                "words.csv",
                (("word", "varchar", False), ("priority", "integer", False)),
            ),
            Node("seed.untyped", "untyped", "seed", "seed", (), "untyped.csv"),
            model("typed", "select 2 as b, '1' as a", columns=(("a", "integer", True), ("b", "varchar", False))),
        ],
        lambda *progress: told.append(progress),
    )
    assert {result["status"] for result in results} == {"success"}
    assert told == [(done, 5) for done in range(1, 6)]
    with duckdb.connect(str(job.database), read_only=True) as database:
        assert database.sql("select next from last").fetchall() == [(4,)]
        assert database.sql("from typed").fetchall() == [(1, "2")]
        assert database.sql("from untyped").fetchall() == [("fee", 3)]
        assert str(database.sql("select typeof(priority) from seen").fetchone()[0]) == "INTEGER"
    assert not list(job.project.glob("*.wal"))


def test_what_stands_on_a_failed_model_is_not_made_and_the_rest_is(job: DbtJob) -> None:
    found = statuses(
        job,
        model("broken", "select nothing from nowhere"),
        model("behind", "select 1 as a from broken", "model.broken"),
        data_test("of_behind", "select * from behind", "model.behind"),
        model("beside", "select 1 as a"),
        model("required", "select null as a", columns=(("a", "integer", True),)),
    )
    assert found == {
        "broken": "error",
        "behind": "skipped",
        "of_behind": "skipped",
        "beside": "success",
        "required": "error",
    }


def test_what_stands_on_all_that_a_failed_test_looked_at_is_skipped(job: DbtJob) -> None:
    """As `dbt build` has it: of two tables that a test compares, what stands on one alone is made."""
    found = statuses(
        job,
        model("a", "select 1 as n"),
        model("b", "select 2 as n"),
        data_test("alike", "from a except from b", "model.a", "model.b"),
        model("on_a", "from a", "model.a"),
        model("on_both", "from a union all from b", "model.a", "model.b"),
        data_test("of_both", "from on_both where n > 5", "model.on_both"),
    )
    assert found == {
        "a": "success",
        "b": "success",
        "alike": "fail",
        "on_a": "success",
        "on_both": "skipped",
        "of_both": "skipped",
    }


@pytest.mark.parametrize(
    ("judged", "status"),
    [
        ({}, "fail"),
        ({"severity": "warn"}, "warn"),
        ({"error_if": "> 3"}, "warn"),  # three rows: more than none is a warning, three are no error yet
        ({"error_if": "> 3", "warn_if": "> 3"}, "pass"),
        ({"error_if": "> 2", "limit": 2}, "warn"),
        ({"fail_calc": "sum(n) - 6"}, "pass"),  # 1 + 2 + 3
    ],
)
def test_rows_of_a_test_are_judged_as_its_author_says(job: DbtJob, judged: dict, status: str) -> None:
    nodes = [model("t", "select unnest([1, 2, 3]) as n"), data_test("of_t", "from t", "model.t", **judged)]
    assert statuses(job, *nodes)["of_t"] == status


def test_signs_are_filled_with_what_differs_from_build_to_build() -> None:
    signed = graph.signed(VARIABLES)
    assert signed["reporting_currency"] == "CNY"
    sql = f"'{signed['inputs_dir']}/empty.parquet', '{signed['landed']['costs'][0]}' {signed['today']}{signed['as_of']}"
    nodes = [model("a", sql), model("b", f"'x', '{signed['landed']['issues'][0]}'")]
    assert graph.filled(nodes, VARIABLES) == {
        "model.a": "'/data/o''brien/inputs/empty.parquet', '/data/o''brien/1.parquet', '/data/2.parquet' 2026-11-30",
        "model.b": "'x'",
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"reporting_currency": "EUR"},
        {"default_time_zone": "UTC"},
        {"numbers_defects_apart": []},
        {"as_of": "2026-06-30"},
    ],
)
def test_what_the_sql_depends_on_makes_another_graph(changed: dict) -> None:
    assert graph.settled(VARIABLES | changed) != graph.settled(VARIABLES)
    assert graph.settled(VARIABLES | {"today": "2027-01-01", "build_id": "b-2"}) == graph.settled(VARIABLES)


def test_dbt_is_asked_once_and_again_where_the_kept_graph_is_damaged(job: DbtJob, monkeypatch) -> None:
    asked: list[DbtJob] = []
    nodes = [model("a", "select 1", columns=(("a", "integer", True),)), data_test("of_a", "from a", "model.a", limit=3)]
    monkeypatch.setattr(compiling, "compiled", lambda job: asked.append(job) or nodes)
    assert child.compiled(job) == child.compiled(job) == nodes
    assert len(asked) == 1
    for count, damaged in enumerate(("[{", '[{"name": "of another version"}]'), start=2):
        job.compiled.write_text(damaged, encoding="utf-8")
        assert child.compiled(replace(job, threads=1)) == nodes
        assert len(asked) == count


def test_what_is_short_of_memory_beside_others_is_made_alone(job, monkeypatch) -> None:
    made, at_once, most = _Run._made, set(), {}
    refused = []

    def short_at_first(run, cursor, node, before):
        at_once.add(node.name)
        most[node.name] = max(most.get(node.name, 0), len(at_once))
        try:
            if node.name == "never" or (node.name == "large" and "large" not in refused):
                refused.append(node.name)
                most.pop(node.name)
                raise duckdb.OutOfMemoryException("1.8 GiB/1.8 GiB used")
            time.sleep(0.05)
            return made(run, cursor, node, before)
        finally:
            at_once.discard(node.name)

    monkeypatch.setattr(_Run, "_made", short_at_first)
    nodes = [
        *(model(name, "select 1 as one") for name in ("large", "never", "a", "b", "c")),
        model("after", "select * from large", "model.large"),
        model("behind", "select * from never", "model.never"),
    ]
    assert statuses(job, *nodes) == {
        **dict.fromkeys(("large", "a", "b", "c", "after"), "success"),
        "never": "error",
        "behind": "skipped",
    }
    assert sorted(refused) == ["large", "never", "never"]
    assert most["large"] == 1
