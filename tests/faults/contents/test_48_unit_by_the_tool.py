"""A unit is proved on the values, or asked; the name of the tool never turns hours into seconds."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from tests.ingest.exports import landed_rows, load

LIST = "Issue key,Issue id,Issue Type,Status,Project key,Original Estimate\nYB-1,1,Task,Done,YB,{}\nYB-2,2,Task,Open,YB,{}\n"


@pytest.mark.parametrize(
    ("values", "hours"),
    [
        ((28_800, 7_200), [8.0, 2.0]),  # as Jira writes them
        (("8h", "2h"), [8.0, 2.0]),  # with their unit
        ((8, 2), None),  # hours, days or seconds: nothing proves it, and Jira writes none of the first two
        ((480, 120), None),  # minutes, by their quarters of an hour, against what Jira writes
    ],
)
def test_proved_or_asked(data_dir: DataDir, values: tuple, hours: list[float] | None) -> None:
    entry = load(data_dir, "jira.csv", LIST.format(*values))[0]
    if hours is None:
        assert entry["status"] == "refused" and entry["questions"][0]["code"] == "unit"
    else:
        assert landed_rows(data_dir, entry)["original_estimate_hours"].to_list() == hours
