"""Defects that people judge anew between two exports, each project by hand; see test_duplicates.py and test_reclassified.py."""

from __future__ import annotations

from models.builds.data_dir import DataDir
from pipeline.refresh.refreshing import refresh
from tests.warehouse.edges import DONE, at, day, defect, land, project

DUPLICATE = DONE | {"resolution": "duplicate"}
AS_DESIGNED = DONE | {"resolution": "as_designed"}
# key: (severity, links), every one resolved as a duplicate
DUPLICATES = {
    "D-2": ("normal", ["Duplicate → D-1"]),
    "D-3": ("serious", ["Duplicate → D-1"]),  # graver than its original
    "D-4": ("normal", ["Duplicate → X-99"]),  # a key of another tracker
    "D-5": ("normal", ["Duplicate → D-6"]),  # each names the other
    "D-6": ("normal", ["Duplicate → D-5"]),
    "D-7": ("normal", ["Duplicate → D-8"]),  # its original was no defect
    "D-9": ("minor", ["重复 → d-2"]),  # a duplicate of a duplicate of one that counts
    "D-10": ("normal", None),
    "D-11": ("normal", ["Blocks → D-1"]),  # a link, and not to an original
    "D-12": ("normal", ["D-1"]),  # the tracker does not say what its links are
    "D-13": ("normal", ["Duplicate ← D-1"]),  # drawn the other way round
    "D-14": (None, ["Duplicate → D-1"]),
    "D-15": ("normal", ["Duplicate → D-20"]),  # a task
    "D-16": ("1 - kritisk", ["Duplicate → D-1"]),  # a word that nobody knows may be the worst
}
# project: (open defects, their severity, how many are judged anew in the second export, and how)
TURNED = {
    "MASS": (60, "normal", 60, AS_DESIGNED),
    "DUPS": (60, "normal", 60, DUPLICATE),  # no original is named: they count on
    "FEW": (20, "normal", 5, AS_DESIGNED),  # not more than five; in the third export a sixth
    "MANY": (100, "normal", 8, AS_DESIGNED),  # more than five, not more than a tenth
    "LOWER": (20, "fatal", 6, {"severity": "minor"}),
    "SOLVED": (20, "normal", 20, DONE | {"resolved_at": at(13), "closed_at": at(13)}),
}


def _export(turned: dict[str, int]) -> list[dict]:
    """The issues of all projects, so many of each judged anew."""
    return [
        defect(f"{key}-{n}", key, **({"severity": severity} | (how if n < turned[key] else {})))
        for key, (count, severity, _turned, how) in TURNED.items()
        for n in range(count)
    ]


def _land(data_dir: DataDir, turned: dict[str, int], batch: str, on: int) -> None:
    land(data_dir, "issues", _export(turned), batch=batch, system="jira", exported_at=f"2026-03-{on}T02:00:00Z")


def _publish(data_dir: DataDir) -> None:
    told = refresh(data_dir)
    assert told.status == "published", told


def make_judged_anew(data_dir: DataDir) -> None:
    """Three builds: before, after, and one more of FEW."""
    land(data_dir, "projects", [project(key) for key in ("DUP", *TURNED)])
    size = {"module": "core", "measured_on": day(2), "effective_lines": 10_000}
    land(data_dir, "code_size", [size | {"project": key} for key in TURNED])
    issues = [
        defect("D-1", "DUP"),
        defect("D-8", "DUP", **AS_DESIGNED),
        defect("D-20", "DUP", issue_type="task"),
        *[
            defect(key, "DUP", **(DUPLICATE | {"severity": how, "links": links}))
            for key, (how, links) in DUPLICATES.items()
        ],
    ]
    land(data_dir, "issues", issues, system="jira")
    # a tracker that numbers defects and tasks apart: its defect 99 is not its task 99
    elsewhere = [defect("X-99", "DUP", summary="elsewhere"), defect("X-99", "DUP", issue_type="task")]
    land(data_dir, "issues", elsewhere, batch="2", system="zentao")
    # one that does not: the newer row is what the issue has become
    moved = [defect("M-1", "DUP", issue_type="task"), defect("M-1", "DUP", updated_at=at(8))]
    land(data_dir, "issues", moved, batch="6", system="tapd")
    turned = {key: count for key, (_open, _severity, count, _how) in TURNED.items()}
    _land(data_dir, dict.fromkeys(TURNED, 0), "3", 14)
    _publish(data_dir)
    _land(data_dir, turned, "4", 15)
    changes = [
        {
            "issue_key": f"MASS-{n}",
            "field": "resolution",
            "to_value": "As designed",
            "changed_at": at(13),
            "author": "Zhang",
        }
        for n in range(60)
    ]
    land(data_dir, "issue_changes", [change | {"project": "MASS"} for change in changes], system="jira")
    _publish(data_dir)
    _land(data_dir, turned | {"FEW": 6}, "5", 16)
    _publish(data_dir)
