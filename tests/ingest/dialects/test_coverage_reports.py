"""Coverage as tools report it: lines and branches by module. Written by hand; what all reports share is in test_xml_reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.feeds.coverage.reader import read_coverage
from tests.ingest.exports import landed_rows, load, written

COUNTS = ("module", "lines_covered", "lines_valid", "branches_covered", "branches_valid")


def counted(found: ReadRows) -> list[tuple]:
    return found.rows.select(*(name for name in (*COUNTS, "source_row") if name in found.rows.columns)).rows()


OPENCOVER = """<CoverageSession><Summary numSequencePoints="99" visitedSequencePoints="9"/><Modules>
<Module skippedDueTo="Filter"><ModuleName>System</ModuleName><Classes/></Module>
<Module><ModuleName>Yard.Pay</ModuleName>
<Files><File uid="1" fullPath="C:\\w\\Sum.cs"/><File uid="2" fullPath="C:\\w\\Tax.cs"/></Files><Classes><Class><Methods>
<Method><FileRef uid="1"/><SequencePoints><SequencePoint vc="5" sl="3" el="5" fileid="1"/>
<SequencePoint vc="0" sl="7" fileid="1"/><SequencePoint vc="2" sl="7" fileid="1"/><SequencePoint vc="0" sl="3" fileid="2"/>
</SequencePoints><BranchPoints><BranchPoint vc="5" uspid="8" sl="3" offset="4" path="0" fileid="1"/>
<BranchPoint vc="0" uspid="9" sl="3" offset="4" path="1" fileid="1"/></BranchPoints>
<MethodPoint vc="5" sl="2" fileid="1"/></Method>
<Method skippedDueTo="Attribute"><SequencePoints><SequencePoint vc="1" sl="40" fileid="1"/></SequencePoints></Method>
</Methods></Class></Classes></Module>
<Module><ModuleName>Yard.Menu</ModuleName><Classes><Class><Methods><Method><FileRef uid="1"/><SequencePoints>
<SequencePoint vc="0" sl="3"/></SequencePoints></Method></Methods></Class></Classes></Module></Modules></CoverageSession>"""


def test_opencover(tmp_path: Path) -> None:
    """Yard.Pay: lines 3 and 7 of file 1 (both run, 7 by its second point) and 3 of file 2: 2 of 3; 1 of 2 ways. What was not
    watched is left out, a method's own point is no line. Yard.Menu names its file beside the method: 0 of 1."""
    found = read_coverage(written(tmp_path, "report-2026-03-02.xml", OPENCOVER))
    assert counted(found) == [("Yard.Pay", "2", "3", "1", "2", 3), ("Yard.Menu", "0", "1", None, None, 12)]
    assert found.system == "opencover" and set(found.rows["measured_on"]) == {"2026-03-02"}


GO = """mode: atomic
example.org/yard/pay/sum.go:3.20,5.2 2 7
example.org/yard/pay/sum.go:7.20,9.2 3 0
example.org/yard/menu/open.go:1.1,2.2 4 0
mode: atomic
example.org/yard/pay/sum.go:7.20,9.2 3 1
"""


def test_go_cover(data_dir: DataDir) -> None:
    """Statements by block: pay 2 + 3, both run (the second by another package's tests), menu 4, none run."""
    (entry,) = load(data_dir, "cover-2026-03-02.out", GO, project="P")
    rows = landed_rows(data_dir, entry).sort("source_row")
    assert (entry["feed"], entry["system"]) == ("coverage", "go_cover")
    assert rows.select("module", "lines_covered", "lines_valid", "source_row").rows() == [
        ("pay", 5, 5, 2),
        ("menu", 0, 4, 4),
    ]


@pytest.mark.parametrize("mode", ["set", "count"])
def test_a_damaged_go_profile_names_the_line(tmp_path: Path, mode: str) -> None:
    content = GO.replace("atomic", mode).replace("2 7", "2")
    with pytest.raises(InputError) as error:
        read_coverage(written(tmp_path, "cover.out", content))
    assert error.value.code == "ingest.broken_line" and error.value.details["line"] == 2


def summary(lines: tuple[int, int], branches: tuple[int, int]) -> dict:
    parts = {"lines": lines, "statements": (90, 9), "functions": (1, 1), "branches": branches}
    return {name: {"total": valid, "covered": hit, "skipped": 0, "pct": 0} for name, (valid, hit) in parts.items()}


def test_coverage_summary(data_dir: DataDir) -> None:
    """Lines of each file, not its statements, and not the total of all once more: pay 3 + 1 of 4 + 2, menu 0 of 5."""
    document = {
        "total": summary((11, 4), (6, 2)),
        "C:\\w\\src\\pay\\sum.js": summary((4, 3), (2, 1)),
        "C:\\w\\src\\pay\\tax\\rate.js": summary((2, 1), (4, 1)),
        "C:\\w\\src\\menu\\open.js": summary((5, 0), (0, 0)),
    }
    (entry,) = load(data_dir, "coverage-summary-2026-03-02.json", json.dumps(document, indent=1), project="P")
    rows = landed_rows(data_dir, entry).sort("source_row")
    assert (entry["feed"], entry["system"]) == ("coverage", "istanbul")
    # each summary takes 26 lines (4 parts of 6, its own two), and the first opens in line 2
    assert rows.select(*COUNTS, "source_row").rows() == [("pay", 4, 6, 2, 6, 28), ("menu", 0, 5, None, None, 80)]


def test_generic_coverage(tmp_path: Path) -> None:
    """Its root has the name of Cobertura's. pay: lines 1 and 2 of 3, and 3 of 4 ways; menu: 0 of 1."""
    content = """<coverage version="1"><file path="src/pay/sum.js">
    <lineToCover lineNumber="1" covered="true"/>
    <lineToCover lineNumber="2" covered="true" branchesToCover="4" coveredBranches="3"/>
    <lineToCover lineNumber="3" covered="false"/></file>
    <file path="src/menu/open.js"><lineToCover lineNumber="1" covered="false"/></file></coverage>"""
    found = read_coverage(written(tmp_path, "report-2026-03-02.xml", content))
    assert counted(found) == [("pay", "2", "3", "3", "4", 1), ("menu", "0", "1", None, None, 5)]
    assert found.system == "sonarqube"


def test_a_report_of_another_tool_with_that_root_is_its_own(tmp_path: Path) -> None:
    content = """<coverage version="1.9" timestamp="1767225600"><packages><package name="pay"><classes>
    <class name="a" filename="a.py"><lines><line number="1" hits="1"/></lines></class></classes></package>
    </packages></coverage>"""
    assert read_coverage(written(tmp_path, "coverage.xml", content)).system == "cobertura"
