"""Of the rows that a project's files hold, how many are still held back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.builds.published import Build
from models.builds.snapshot import Snapshot
from models.gate.measures import Quarantine
from models.reference.codes import code_key
from pipeline.store import control
from pipeline.store.codes import project_codes

# Facts whose rows say which batches a project has, whatever code its files call it by.
_BATCHES = " union ".join(
    f"select batch_id from {fact} where project_key = $project"
    for fact in (
        "fct_issues",
        "fct_coverage",
        "fct_code_size",
        "fct_test_results",
        "fct_worklogs",
        "fct_schedule_tasks",
    )
)


def quarantine_of(data_dir: DataDir, build: Build, snapshot: Snapshot, project_key: str) -> Quarantine:
    """Rows read and rows held back of the batches in this build that name the project.

    A file of several projects counts whole: a row that could not be read does not say whose it is. Rows that came back mended
    are no longer held.
    """
    counted = {batch["batch_id"] for batch in build.manifest.get("batches") or []}
    of_facts = set(snapshot.query(_BATCHES, {"project": project_key})["batch_id"].to_list())
    table = control.batches
    with control.reading(data_dir) as connection:
        codes = project_codes(data_dir, connection)
        rows = [dict(row) for row in connection.execute(sa.select(table)).mappings() if row["batch_id"] in counted]
    own = {row["batch_id"] for row in rows if row["batch_id"] in of_facts or _names(codes, row, project_key)}
    return added_up(rows, own)


def added_up(batches: Sequence[Mapping], own: Collection[str]) -> Quarantine:
    """The rows of the batches in `own`. Mended rows belong to the batch that held them back: they were read once."""
    mended: dict[str, int] = {}
    for batch in batches:
        if batch["mends_batch"]:
            mended[batch["mends_batch"]] = mended.get(batch["mends_batch"], 0) + batch["rows_accepted"]
    counted = [batch for batch in batches if batch["batch_id"] in own and not batch["mends_batch"]]
    return Quarantine(
        sum(batch["rows_accepted"] + batch["rows_quarantined"] for batch in counted),
        sum(max(0, batch["rows_quarantined"] - mended.get(batch["batch_id"], 0)) for batch in counted),
    )


def _names(codes, batch: dict, project_key: str) -> bool:
    system, hint = batch["source_system"], batch["project_hint"]
    found = [codes.project_of(system, str(code), hint) for code in batch["covers_projects"] or [hint or ""]]
    return code_key(project_key) in {code_key(project) for project in found}
