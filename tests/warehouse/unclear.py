"""Rows of which something is not understood, few, or a fragment, each project by hand."""

from __future__ import annotations

import random

from models.builds.data_dir import DataDir
from tests.warehouse.edges import DONE, at, day, defect, land, project

# key → (severity, type, …) of the same issue once as it is known and once with words that map to nothing
PAIRS = 10
_UNKNOWN = {"severity": "1 - kritisk", "issue_type": "feil", "resolution": "parkert", "found_in_phase": "pilotering"}


def _code(key: str, lines: int = 10_000) -> dict:
    return {"project": key, "module": "core", "measured_on": day(2), "effective_lines": lines}


def _case(key: str, name: str, outcome: str, on: int = 2, round_: str = "R1") -> dict:
    return {
        "project": key,
        "module": "core",
        "suite": "S",
        "case": name,
        "run_at": at(on),
        "outcome": outcome,
        "round": round_,
    }


def _item(number: int, key: str, **more) -> dict:
    done = DONE | {"issue_type": "task", "severity": None, "started_at": at(2), "resolved_at": at(2 + number % 6)}
    return defect(f"{key}-I{number}", key, **(done | more))


def frames() -> dict[str, list[dict]]:
    issues: list[dict] = [
        defect("SEV-1", "SEV", severity="1 - kritisk"),
        *[defect(f"TYPE-{n}", "TYPE", issue_type="feil") for n in range(60)],
        *[defect(f"TWO-{n}", "TWO", severity="1 - kritisk" if n < 2 else "minor") for n in range(50)],
        defect("SURE-1", "SURE", severity="fatal"),
        defect("SURE-2", "SURE", severity="1 - kritisk"),
        # put off or closed, nobody knows: a fatal one that is open at worst
        defect("PARK-1", "PARK", severity="fatal", **(DONE | {"resolution": "parkert", "closed_at": at(5)})),
        # 20 tasks, one of a type that maps to nothing: 1 of 21 rows; three of 23 are over a tenth
        *[_item(n, "FEW", issue_type="feil" if n < 1 else "task") for n in range(21)],
        *[_item(n, "MANY", issue_type="feil" if n < 3 else "task") for n in range(23)],
        # cycle times: 9 of 9; 12 of 30; 11 of 12 with one that is done before it was started
        *[_item(n, "NINE") for n in range(9)],
        *[_item(n, "HALF", started_at=at(2) if n < 12 else None) for n in range(30)],
        *[_item(n, "TURN", **({"started_at": at(8), "resolved_at": at(4)} if n == 0 else {})) for n in range(12)],
        # days to resolve: 2 of 3, one solved before it was created
        *[defect(f"TURN-{n}", "TURN", **(DONE | {"resolved_at": at(4)})) for n in range(2)],
        defect("TURN-9", "TURN", **(DONE | {"created_at": at(6), "resolved_at": at(4)})),
    ]
    tests = [
        *[_case("HUNG", f"c{n}", "maybe" if n == 0 else "passed") for n in range(20)],  # 19 of 19; 19 of 20 at worst
        *[_case("SAFE", f"c{n}", "通过了一半" if n == 0 else "passed") for n in range(300)],  # 299 of 300 at worst
        *[_case("BARE", f"c{n}", "maybe") for n in range(3)],
        *[_case("FOUR", f"c{n}", "failed" if n == 0 else "passed") for n in range(4)],
        # a round of 20 (10 passed), then one passed case, then another: neither is the whole
        *[_case("PART", f"c{n}", "passed" if n < 10 else "failed") for n in range(20)],
        _case("PART", "c0", "passed", 4, "R2"),
        _case("PART", "c0", "passed", 6, "R3"),
        *[_case("FULL", f"c{n}", "passed" if n < 10 else "failed") for n in range(20)],
        *[_case("FULL", f"c{n}", "passed", 4, "R2") for n in range(18)],  # 18 of 20: nine tenths are enough
    ]
    sizes = [_code("TYPE"), _code("FRAG"), _code("FRAG", 10) | {"module": "tiny"}, _code("THIN"), _code("REST", 9_000)]
    sizes += [_code("REST", 1_000) | {"module": "tiny"}]
    covered = {"measured_on": day(3), "run_id": "C1"}
    coverage = [
        covered | {"project": "FRAG", "module": "tiny", "lines_valid": 10, "lines_covered": 10},
        covered | {"project": "THIN", "module": "core", "lines_valid": 10, "lines_covered": 10},
        covered | {"project": "REST", "module": "core", "lines_valid": 4_000, "lines_covered": 3_800},
    ]
    changes = [
        {
            "project": "SEV",
            "change_id": "C1",
            "title": "c",
            "raised_on": day(2),
            "decided_on": day(3),
            "decision": "sanctioned",
        }
        | {"started_on": day(4)},
    ]
    issues += pairs()
    return {
        "issues": issues,
        "test_results": tests,
        "code_size": sizes,
        "coverage": coverage,
        "change_requests": changes,
    }


def pairs() -> list[dict]:
    """K1 … as they are, U1 … the same with words that map to nothing, drawn with a fixed seed."""
    draw = random.Random(8)
    rows = []
    for pair in range(PAIRS):
        for number in range(draw.randint(8, 14)):
            known = {
                "severity": draw.choice(["fatal", "serious", "normal", "minor", "minor"]),
                "issue_type": draw.choice(["defect", "defect", "task"]),
                "found_in_phase": draw.choice(["sit", "sit", "sit", "uat", "production"]),
            }
            if draw.random() < 0.5:
                resolution = draw.choice(["fixed", "deferred", "duplicate"])
                known |= DONE | {"resolution": resolution, "resolved_at": at(4), "closed_at": at(5)}
            hidden = {name: word for name, word in _UNKNOWN.items() if known.get(name) and draw.random() < 0.15}
            rows.append(defect(f"K{pair}-{number}", f"K{pair}", **known))
            rows.append(defect(f"U{pair}-{number}", f"U{pair}", **(known | hidden)))
    return rows


def make_unclear(data_dir: DataDir) -> None:
    from pipeline.refresh.refreshing import refresh

    rows = frames()
    keys = sorted({row["project"] for each in rows.values() for row in each})
    rows["code_size"] += [_code(key) for key in keys if key[0] in "KU" and key[1:].isdigit()]
    land(data_dir, "projects", [project(key) for key in keys])
    for feed, each in rows.items():
        land(data_dir, feed, each)
    refresh(data_dir)
