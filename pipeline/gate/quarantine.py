"""Of the rows that a project's files hold, how many are still held back."""

from __future__ import annotations

import sqlalchemy as sa

from models.alerts.gate_measures import Quarantine
from models.builds import Build
from models.data_dir import DataDir
from models.snapshot import Snapshot
from pipeline import control
from pipeline.project_codes import project_codes

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
    mended: dict[str, int] = {}
    for row in rows:
        if row["mends_batch"]:
            mended[row["mends_batch"]] = mended.get(row["mends_batch"], 0) + row["rows_accepted"]
    read = held = 0
    for row in rows:
        if row["mends_batch"] or not (row["batch_id"] in of_facts or _names(codes, row, project_key)):
            continue
        read += row["rows_accepted"] + row["rows_quarantined"]
        held += max(0, row["rows_quarantined"] - mended.get(row["batch_id"], 0))
    return Quarantine(read, held)


def _names(codes, batch: dict, project_key: str) -> bool:
    system, hint = batch["source_system"], batch["project_hint"]
    found = [codes.project_of(system, str(code), hint) for code in batch["covers_projects"] or [hint or ""]]
    return project_key.lower() in {project.lower() for project in found}
