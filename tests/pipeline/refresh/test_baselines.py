"""Baselines: the first budget is frozen with the build that used it; any other waits for a person, and nothing frozen changes."""

from __future__ import annotations

import polars as pl
import pytest
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError, PlimsollError
from pipeline.ingest import redo_batch, undo_batch
from pipeline.refresh import building
from pipeline.refresh.baselines.baselines import (
    approve,
    baselines,
    budgets_waiting,
    differences,
    mark_published,
    reject,
    settle,
)
from pipeline.refresh.baselines.rows import content_hash
from pipeline.refresh.freezing import FrozenInputs, freeze
from pipeline.store import control
from pipeline.store.aliases import add_alias
from tests.pipeline.tiny import tiny_settings
from tests.warehouse.edges import day, land


def plan(project: str = "YB", amount: float = 100, **more) -> dict:
    return {
        "project": project,
        "wbs_code": "1.1",
        "category": "labor",
        "period_start": day(1),
        "planned_value": amount,
        "baseline": "B1",
    } | more


def land_budget(data_dir: DataDir, rows: list[dict], number: int, **more) -> str:
    """Batch `number`, exported at that hour of 14 March 2026."""
    return land(data_dir, "budget", rows, batch=str(number), exported_at=f"2026-03-14T{number:02d}:00:00Z", **more)


def used(data_dir: DataDir) -> FrozenInputs:
    """A refresh as far as baselines go: settled, frozen, published."""
    settle(data_dir)
    building.sweep(data_dir)
    inputs = freeze(data_dir, "b-000001", None, tiny_settings())
    mark_published(data_dir, inputs.manifest)
    return inputs


def told(data_dir: DataDir) -> list[tuple]:
    """(name, status, active, BAC) of what counts or waits, oldest first."""
    return [
        (baseline["name"], baseline["status"], bool(baseline["is_active"]), float(baseline["budget_at_completion"]))
        for baseline in sorted(baselines(data_dir), key=lambda baseline: baseline["baseline_id"])
    ]


def counted(inputs: FrozenInputs) -> float:
    """What the active baselines plan in all."""
    lines = pl.read_parquet(inputs.folder / "baselines.parquet")
    return float(lines.filter(pl.col("is_active"))["planned_value"].sum())


def waiting_id(data_dir: DataDir) -> int:
    [proposal] = [baseline for baseline in baselines(data_dir) if baseline["status"] == "proposed"]
    return proposal["baseline_id"]


def test_nothing_is_kept_where_nothing_is_loaded(data_dir):
    assert baselines(data_dir) == []
    assert not data_dir.control_store.exists()


def test_the_first_budget_is_frozen_and_active(data_dir):
    land_budget(data_dir, [plan(), plan(period_start=day(1, 4), amount=50, wbs_code="1.2")], 1)
    assert settle(data_dir) == []
    [one] = baselines(data_dir)
    assert (one["reason"], one["frozen_by"], one["approved_by"]) == ("first budget loaded", "refresh", None)
    assert (one["starts_on"], one["finish_on"], one["planned_hours"]) == (day(1), day(30, 4), None)
    assert told(data_dir) == [("B1", "frozen", True, 150.0)]


def test_of_several_names_at_once_the_last_is_active_and_all_are_frozen(data_dir):
    """As it was before baselines were frozen: the newest batch of each name, the last name counts."""
    land_budget(data_dir, [plan(amount=90)], 1)
    land_budget(data_dir, [plan(), plan(baseline="B2", amount=120)], 2)
    assert counted(used(data_dir)) == 120
    assert told(data_dir) == [("B1", "frozen", False, 100.0), ("B2", "frozen", True, 120.0)]
    used(data_dir)  # the older B1 was never used: it is no proposal either
    assert told(data_dir) == [("B1", "frozen", False, 100.0), ("B2", "frozen", True, 120.0)]


def test_a_corrected_budget_waits_and_changes_nothing(data_dir):
    land_budget(data_dir, [plan()], 1)
    before = used(data_dir).manifest["baselines"]
    land_budget(data_dir, [plan(amount=130)], 2)
    [waiting] = settle(data_dir)
    assert waiting["message"] == (
        "Budget of YB in budget-2.csv differs from what is frozen, under the baseline name B1; "
        "it does not count until it is approved as a new baseline with a reason."
    )
    assert budgets_waiting(data_dir) == [waiting]
    after = used(data_dir)
    assert counted(after) == 100
    assert after.manifest["baselines"] == before
    assert told(data_dir) == [("B1", "frozen", True, 100.0), ("B1", "proposed", False, 130.0)]


def test_the_same_rows_in_another_file_and_order_are_nothing_new(data_dir):
    rows = [plan(), plan(wbs_code="1.2", amount=7)]
    land_budget(data_dir, rows, 1)
    used(data_dir)
    land_budget(data_dir, rows[::-1], 2)
    assert settle(data_dir) == []
    assert told(data_dir) == [("B1", "frozen", True, 107.0)]


def test_a_new_name_waits_too(data_dir):
    land_budget(data_dir, [plan()], 1)
    used(data_dir)
    land_budget(data_dir, [plan(baseline="B2", amount=80)], 2)
    assert len(settle(data_dir)) == 1
    assert counted(used(data_dir)) == 100


def test_an_approved_baseline_counts_and_the_one_before_stays(data_dir):
    land_budget(data_dir, [plan()], 1)
    used(data_dir)
    land_budget(data_dir, [plan(amount=130)], 2)
    settle(data_dir)
    with pytest.raises(InputError, match="Choose another name"):
        approve(data_dir, waiting_id(data_dir), name="B1", reason="two more sites", approved_by="CCB")
    approve(data_dir, waiting_id(data_dir), name=" B2 ", reason="two more sites", approved_by="CCB", change_id="CR-7")
    inputs = used(data_dir)
    assert counted(inputs) == 130
    assert told(data_dir) == [("B1", "frozen", False, 100.0), ("B2", "frozen", True, 130.0)]
    assert [
        (baseline["name"], baseline["reason"], baseline["change_id"], baseline["approved_by"])
        for baseline in inputs.manifest["baselines"]
    ] == [("B1", "first budget loaded", None, None), ("B2", "two more sites", "CR-7", "CCB")]
    with control.reading(data_dir) as connection:
        noted = connection.execute(
            sa.select(control.audit.c.details).where(
                control.audit.c.action == "baseline", control.audit.c.actor == "screen"
            )
        ).scalars()
        assert [(change["name"], change["reason"], change["approved_by"]) for change in noted] == [
            ("B2", "two more sites", "CCB")
        ]


@pytest.mark.parametrize("blank", ["name", "reason", "approved_by"])
def test_an_approval_says_why_who_and_what(data_dir, blank):
    land_budget(data_dir, [plan()], 1)
    used(data_dir)
    land_budget(data_dir, [plan(amount=130)], 2)
    settle(data_dir)
    words = {"name": "B2", "reason": "r", "approved_by": "CCB"} | {blank: "  "}
    with pytest.raises(InputError, match="Fill in all three"):
        approve(data_dir, waiting_id(data_dir), **words)
    with pytest.raises(InputError, match="does not wait"):
        approve(data_dir, 999, name="B2", reason="r", approved_by="CCB")


def test_what_differs_is_told_by_element(data_dir):
    kept, moved = plan(), plan(wbs_code="1.2", amount=50)
    land_budget(data_dir, [kept, moved, plan(wbs_code="1.3", amount=10)], 1)
    used(data_dir)
    later = moved | {"period_start": day(1, 5)}
    land_budget(data_dir, [kept, later, plan(wbs_code="1.4", amount=25)], 2)
    settle(data_dir)
    found = differences(data_dir, waiting_id(data_dir))
    assert [float(found[side]["budget_at_completion"]) for side in ("active", "proposal")] == [160, 175]
    assert [found[side]["finish_on"] for side in ("active", "proposal")] == [day(31), day(31, 5)]
    assert [(element["wbs_code"], element["before"], element["after"]) for element in found["elements"]] == [
        ("1.2", 50, 50),  # the same money, two months later
        ("1.3", 10, None),
        ("1.4", None, 25),
    ]


def test_a_rejected_budget_does_not_come_back(data_dir):
    land_budget(data_dir, [plan()], 1)
    used(data_dir)
    land_budget(data_dir, [plan(amount=130)], 2)
    settle(data_dir)
    reject(data_dir, waiting_id(data_dir), reason="not signed", rejected_by="CCB")
    assert settle(data_dir) == []
    assert told(data_dir) == [("B1", "frozen", True, 100.0)]


def test_a_proposal_goes_with_its_batch_and_comes_back_with_it(data_dir):
    land_budget(data_dir, [plan()], 1)
    used(data_dir)
    batch = land_budget(data_dir, [plan(amount=130)], 2)
    settle(data_dir)
    undo_batch(data_dir, batch)
    assert settle(data_dir) == []
    redo_batch(data_dir, batch)
    assert len(settle(data_dir)) == 1


def test_a_used_baseline_outlives_its_batch(data_dir):
    batch = land_budget(data_dir, [plan()], 1)
    used(data_dir)
    undo_batch(data_dir, batch)
    data_dir.landed_file("budget", batch).unlink()
    inputs = used(data_dir)
    assert counted(inputs) == 100
    assert pl.read_parquet(inputs.folder / "batches.parquet")["file_name"].to_list() == ["budget-1.csv"]
    assert inputs.dbt_vars["landed"]["budget"] == []
    assert baselines(data_dir)[0]["batch_is_undone"]


def test_a_wrong_first_file_can_be_undone_until_a_build_used_it(data_dir):
    wrong = land_budget(data_dir, [plan(amount=999)], 1)
    settle(data_dir)  # a refresh that failed
    undo_batch(data_dir, wrong)
    land_budget(data_dir, [plan()], 2)
    assert counted(used(data_dir)) == 100
    assert told(data_dir) == [("B1", "frozen", True, 100.0)]


def test_two_codes_of_one_project_share_its_baselines(data_dir):
    land_budget(data_dir, [plan()], 1)
    used(data_dir)
    add_alias(data_dir, "P-17", "YB")
    land_budget(data_dir, [plan("p-17", amount=130), plan("OTHER", amount=5)], 2)
    [waiting] = settle(data_dir)
    assert waiting["details"]["project"] == "YB"
    assert counted(used(data_dir)) == 105  # OTHER is a project of its own: its first budget counts


def test_mended_rows_make_another_budget(data_dir):
    """They land under the batch they were held back from; once that is frozen, the whole of it waits."""
    batch = land_budget(data_dir, [plan()], 1)
    used(data_dir)
    mend = land_budget(data_dir, [plan(wbs_code="1.9", amount=11)], 2)
    path = data_dir.landed_file("budget", mend)
    pl.read_parquet(path).with_columns(batch_id=pl.lit(batch)).write_parquet(path)
    settle(data_dir)
    assert told(data_dir) == [("B1", "frozen", True, 100.0), ("B1", "proposed", False, 111.0)]


def test_kept_rows_that_somebody_changed_stop_the_build(data_dir):
    batch = land_budget(data_dir, [plan()], 1)
    used(data_dir)
    [path] = (data_dir.root / "baselines").glob("*.parquet")
    rows = pl.read_parquet(path)
    rows.with_columns(pl.col("planned_value") * 2).cast(rows.schema).write_parquet(path)
    with pytest.raises(PlimsollError, match="is not what was frozen"):
        used(data_dir)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(PlimsollError, match="is not what was frozen"):
        used(data_dir)
    path.unlink()
    assert counted(used(data_dir)) == 100  # its batch is still landed: the copy is made again
    undo_batch(data_dir, batch)
    path.unlink()
    with pytest.raises(PlimsollError, match="Restore the folder"):
        used(data_dir)


def test_the_fingerprint_says_what_the_rows_say():
    rows = pl.DataFrame(
        {"wbs_code": ["1", "2"], "planned_value": [1.0, 2.0], "source_row": [2, 3], "batch_id": ["a", "a"]}
    )
    same = pl.DataFrame(
        {"planned_value": [2.0, 1.0], "wbs_code": ["2", "1"], "source_row": [9, 8], "batch_id": ["b", "b"]}
    )
    assert content_hash(rows) == content_hash(same)
    assert content_hash(rows) == content_hash(rows.with_columns(phase=pl.lit(None, pl.String)))
    assert content_hash(rows) != content_hash(rows.with_columns(phase=pl.lit("sit")))
