"""Test runs as tools report them: what is read of each, with its line. Written by hand, with names that nobody has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.ingest.contracts.read_rows import ReadRows
from pipeline.ingest.feeds.test_results.reader import read_tests
from tests.ingest.exports import landed_rows, load, load_paths, written

RUN_AT, SECONDS = "run_at", "duration_seconds"


def read(folder: Path, content: str, name: str = "report.xml", time_zone: str = "UTC") -> ReadRows:
    return read_tests(written(folder, name, content), time_zone)


def told(found: ReadRows) -> dict[str, dict]:
    return {reason.code: reason.details for reason in found.reasons}


TRX = """<?xml version="1.0" encoding="utf-8"?>
<TestRun id="1" name="r" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
<Times creation="2026-03-02T09:00:00.0000000+00:00" start="2026-03-02T09:00:05.0000000+00:00"/>
<Results>
<UnitTestResult testId="t1" testName="Adds" outcome="Passed" duration="00:01:30.5" startTime="2026-03-02T09:00:07.1234567Z"/>
<UnitTestResult testId="t2" testName="Yard.Pay.Sum.Fails(x: 1.5)" outcome="Failed" duration="1.00:00:02"/>
<UnitTestResult testId="t3" testName="Rows" outcome="Failed"><InnerResults>
<UnitTestResult testId="t3" testName="Rows (Data Row 0)" outcome="Passed"/>
<UnitTestResult testId="t3" testName="Rows (Data Row 1)" outcome="Timeout"/></InnerResults></UnitTestResult>
<UnitTestResult testId="t4" testName="Yard.Stock.Later" outcome="NotExecuted"/>
<UnitTestResult testId="t5" testName="Odd" outcome="Wobbled"/>
</Results>
<TestDefinitions><UnitTest id="t1" name="Adds"><TestMethod className="Yard.Pay.Sum, Yard" name="Adds"/></UnitTest>
<UnitTest id="t2"><TestMethod className="Yard.Pay.Sum" name="Fails"/></UnitTest>
<UnitTest id="t3"><TestMethod className="Menu.Table" name="Rows"/></UnitTest></TestDefinitions>
<ResultSummary outcome="Failed"><Counters total="6" passed="2" failed="1" timeout="1"/></ResultSummary></TestRun>"""


def test_trx(tmp_path: Path) -> None:
    """Six results: what holds data rows is their sum and no seventh. The class of a test stands in its definition."""
    found = read(tmp_path, TRX)
    assert found.rows.select("case", "module", "outcome", "source_row").rows() == [
        ("Yard.Pay.Sum.Adds", "Yard", "passed", 5),
        ("Yard.Pay.Sum.Fails(x: 1.5)", "Yard", "failed", 6),
        ("Menu.Table.Rows (Data Row 0)", "Menu", "passed", 8),
        ("Menu.Table.Rows (Data Row 1)", "Menu", "error", 9),  # a timeout
        ("Yard.Stock.Later", "Yard", "not_run", 10),  # no definition: the module by the name itself
        ("Odd", None, "Wobbled", 11),
    ]
    # 1 min 30.5 s; 1 day and 2 s = 86,402 s; its own start, else that of the run
    assert found.rows[SECONDS].to_list()[:3] == ["90.5", "86402", None]
    assert found.rows[RUN_AT].to_list()[:2] == ["2026-03-02T09:00:07+00:00", "2026-03-02T09:00:05+00:00"]
    assert found.system == "trx" and not found.reasons


def test_a_word_that_nobody_explained_is_asked_about(data_dir: DataDir) -> None:
    (entry,) = load(data_dir, "run.trx", TRX, project="P")
    assert entry["unknown_words"] == {"outcome": {"Wobbled": 1}}
    assert landed_rows(data_dir, entry)["outcome"].to_list()[-1] == "wobbled"  # as written, never passed


def test_a_result_without_an_outcome_is_held_back(data_dir: DataDir) -> None:
    content = """<TestRun><Results><UnitTestResult testName="A.Silent"/>
    <UnitTestResult testName="A.Works" outcome="Passed"/></Results></TestRun>"""
    (entry,) = load(data_dir, "run-2026-03-02.trx", content, project="P")
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (1, 1)


NUNIT = """<test-run id="2" total="5" failed="3" start-time="2026-03-02 09:00:00Z">
<test-suite type="Assembly" name="A.dll"><test-suite type="TestFixture" name="Pay" fullname="A.Pay">
<test-case fullname="A.Pay.Works" classname="A.Pay" result="Passed" start-time="2026-03-02 09:00:02Z" duration="0.25"/>
<test-case name="Breaks" fullname="A.Pay.Breaks" classname="A.Pay" result="Failed" label="Error"/>
<test-case name="Own" fullname="A.Pay.Own" classname="A.Pay" result="Failed" label="Flooded"/>
<test-case name="Off" fullname="A.Pay.Off" result="Skipped" label="Ignored"/>
<test-case name="Open" fullname="A.Pay.Open" result="Inconclusive"/>
</test-suite></test-suite></test-run>"""


def test_nunit_3(tmp_path: Path) -> None:
    """A label says more than the result, where it is known. The root says 3 failed and 2 of the cases did: told."""
    found = read(tmp_path, NUNIT)
    assert found.rows.select("case", "suite", "module", "outcome").rows() == [
        ("A.Pay.Works", "A.Pay", "A", "passed"),
        ("A.Pay.Breaks", "A.Pay", "A", "error"),
        ("A.Pay.Own", "A.Pay", "A", "failed"),
        ("A.Pay.Off", "A.Pay", "A", "skipped"),
        ("A.Pay.Open", "A.Pay", "A", "skipped"),
    ]
    assert found.rows[RUN_AT].to_list()[:2] == ["2026-03-02T09:00:02+00:00", "2026-03-02T09:00:00+00:00"]
    assert found.rows[SECONDS][0] == "0.25"
    assert told(found)["ingest.failures_outside_tests"] | {"file": ""} == {"said": 3, "failed": 2, "file": ""}


def test_nunit_2(tmp_path: Path) -> None:
    content = """<test-results name="A.dll" errors="1" failures="0" date="2026-03-02" time="09:00:00">
    <test-suite type="TestFixture" name="Pay"><results>
    <test-case name="A.Pay.Works" executed="True" result="Success" time="0.5"/>
    <test-case name="A.Pay.Breaks" executed="True" result="Error"/>
    <test-case name="A.Pay.Off" executed="False" result="Ignored"/>
    <test-case name="A.Pay.Silent" executed="False"/></results></test-suite></test-results>"""
    found = read(tmp_path, content, time_zone="Asia/Shanghai")
    assert found.rows["outcome"].to_list() == ["passed", "error", "skipped", "not_run"]
    assert set(found.rows["module"]) == {"A"} and set(found.rows["suite"]) == {"Pay"}
    assert found.rows[RUN_AT][0] == "2026-03-02T01:00:00+00:00"  # 9:00 in Shanghai
    assert found.rows["source_row"].to_list() == [3, 4, 5, 6] and found.system == "nunit"


def test_xunit(tmp_path: Path) -> None:
    """What broke outside of a test (errors of the assembly) is told: 1 + 1 against one failed case."""
    content = """<assemblies timestamp="03/02/2026 09:00:00">
    <assembly name="a.dll" run-date="2026-03-02" run-time="09:00:00" total="3" failed="1" errors="1">
    <collection name="Yard tests">
    <test name="Yard.Pay.Adds(x: 1)" type="Yard.Pay" method="Adds" time="0.0625" result="Pass"/>
    <test name="adds what is there" type="Yard.Pay" method="There" time="0" result="Fail"/>
    <test name="Yard.Pay.Off" type="Yard.Pay" result="Skip"/></collection></assembly></assemblies>"""
    found = read(tmp_path, content)
    assert found.rows.select("case", "module", "outcome").rows() == [
        ("Yard.Pay.Adds(x: 1)", "Yard", "passed"),
        ("Yard.Pay.adds what is there", "Yard", "failed"),
        ("Yard.Pay.Off", "Yard", "skipped"),
    ]
    assert set(found.rows["suite"]) == {"Yard tests"} and set(found.rows[RUN_AT]) == {"2026-03-02T09:00:00+00:00"}
    assert {code: reason["said"] for code, reason in told(found).items()} == {"ingest.failures_outside_tests": 2}


def test_testng(tmp_path: Path) -> None:
    """Methods that set up are no tests; runs of one method with other parameters share its name."""
    content = """<testng-results skipped="1" failed="1" total="3" passed="1"><suite name="Nightly">
    <test name="Money" started-at="2026-03-02T09:00:00Z"><class name="com.yard.pay.SumTest">
    <test-method status="FAIL" name="prepare" is-config="true" duration-ms="7"/>
    <test-method status="PASS" name="adds" duration-ms="1500" started-at="2026-03-02T10:00:05 UTC"/>
    <test-method status="FAIL" name="adds" duration-ms="20" started-at="2026-03-02T10:00:05 CET"/>
    <test-method status="SKIP" name="later" duration-ms="0"/></class></test></suite></testng-results>"""
    found = read(tmp_path, content)
    assert found.rows.select("suite", "case", "module", "outcome", SECONDS).rows() == [
        ("Money", "com.yard.pay.SumTest.adds", "pay", "passed", "1.5"),
        ("Money", "com.yard.pay.SumTest.adds", "pay", "failed", "0.02"),
        ("Money", "com.yard.pay.SumTest.later", "pay", "skipped", "0"),
    ]
    # three letters are a zone in several countries: the moment of the test around it is taken instead
    assert found.rows[RUN_AT].to_list()[:2] == ["2026-03-02T10:00:05+00:00", "2026-03-02T09:00:00+00:00"]
    assert told(found)["ingest.repeated_cases"]["tests"] == 2


def test_generic_test_executions(tmp_path: Path) -> None:
    content = """<testExecutions version="1"><file path="src/pay/sum.test.js">
    <testCase name="adds" duration="5"/><testCase name="fails" duration="500"><failure message="m">x</failure></testCase>
    <testCase name="off" duration="0"><skipped message="m"/></testCase></file></testExecutions>"""
    found = read(tmp_path, content, "runs-2026-03-02.xml")
    assert found.rows.select("module", "case", "outcome", SECONDS).rows() == [
        ("pay", "adds", "passed", "0.005"),
        ("pay", "fails", "failed", "0.5"),
        ("pay", "off", "skipped", "0"),
    ]
    assert set(found.rows[RUN_AT]) == {"2026-03-02"} and set(told(found)) == {"ingest.day_from_name"}


RUNS = [
    {
        "testExecutionKey": "YARD-50",
        "info": {"startDate": "2026-03-01T08:00:00+01:00"},
        "tests": [
            {"testKey": "YARD-11", "start": "2026-03-02T09:00:00+01:00", "status": "PASS", "steps": [{"status": "PASS"}]},
            {"testKey": "YARD-12", "status": "FAIL", "defects": [{"key": "YARD-99", "status": "Open"}]},
            {"testKey": "YARD-13", "status": "EXECUTING"},
        ],
    },
    [
        {"id": 1, "testKey": "YARD-11", "testExecKey": "YARD-50", "status": "PASS", "finishedOn": "2026-03-02T09:00:00+01:00"},
        {"id": 2, "testKey": "YARD-12", "testExecKey": "YARD-50", "status": "FAIL", "startedOn": "2026-03-01T08:00:00+01:00"},
        {"id": 3, "testKey": "YARD-13", "testExecKey": "YARD-50", "status": "TODO", "startedOn": "2026-03-01T08:00:00+01:00"},
    ],
]  # fmt: skip


TESTRAIL = """<run><id>R7</id><name>Nightly</name><createdon>2026-03-01T08:00:00Z</createdon><sections>
<section><name>Shop</name><sections><section><name>Cash</name><tests>
<test><id>T1</id><title>pays</title><caseid>C11</caseid><status>Passed</status><changes>
<change><createdon>2026-03-04T09:00:00Z</createdon><status>Passed</status></change>
<change><createdon>2026-03-03T09:00:00Z</createdon><status>Failed</status></change></changes></test>
<test><id>T2</id><title>later</title><caseid>C12</caseid><status>Untested</status></test>
</tests></section></sections></section></sections></run>"""


@pytest.mark.parametrize(("document", "lines"), [(RUNS[0], [7, 17, 27]), (RUNS[1], [2, 9, 16])])
def test_xray_runs_as_json(data_dir: DataDir, document: object, lines: list[int]) -> None:
    """Both answers of its interface, each with the line where the run opens; steps and defects are no runs."""
    (entry,) = load(data_dir, "runs.json", json.dumps(document, indent=1), project="P")
    assert (entry["feed"], entry["system"]) == ("test_results", "xray")
    rows = landed_rows(data_dir, entry)
    assert rows.select("case", "outcome", "run_id").rows() == [
        ("YARD-11", "passed", "YARD-50"),
        ("YARD-12", "failed", "YARD-50"),
        ("YARD-13", "not_run", "YARD-50"),
    ]
    assert rows["source_row"].to_list() == lines
    # 9:00 and 8:00 an hour east of Greenwich
    first, *others = (moment.isoformat() for moment in rows[RUN_AT])
    assert (first, set(others)) == ("2026-03-02T08:00:00", {"2026-03-01T07:00:00"})


def test_json_reports_in_folders_are_no_pages_of_one_export(data_dir: DataDir, tmp_path: Path) -> None:
    """Two executions beside each other are two files, each of the project that its folder names."""
    for name in ("P7", "P8"):
        (tmp_path / "in" / name).mkdir(parents=True)
        for number, document in enumerate(RUNS):
            (tmp_path / "in" / name / f"runs{number}.json").write_text(json.dumps([name, document]))
    entries = load_paths(data_dir, [tmp_path / "in"])
    landed = [(entry["feed"], *landed_rows(data_dir, entry)["project"].unique()) for entry in entries]
    assert landed == [("test_results", "P7")] * 2 + [("test_results", "P8")] * 2


def test_reports_in_one_folder_are_one_run_unless_they_number_their_own(data_dir: DataDir, tmp_path: Path) -> None:
    (tmp_path / "in" / "P7").mkdir(parents=True)
    for name, content in {"a.trx": TRX, "b.trx": TRX.replace("Odd", "Even"), "c.xml": TESTRAIL}.items():
        (tmp_path / "in" / "P7" / name).write_text(content)
    runs = [set(landed_rows(data_dir, entry)["run_id"]) for entry in load_paths(data_dir, [tmp_path / "in"])]
    assert runs[0] == runs[1] != {"R7"} and len(runs[0]) == 1 and runs[2] == {"R7"}


def test_json_that_is_cut_off_names_the_line(data_dir: DataDir) -> None:
    (entry,) = load(
        data_dir, "runs.json", '{"tests": [\n{"testKey": "A-1", "status": "PASS"},\n{"testKey"', project="P"
    )
    assert [(reason["code"], reason["details"]["line"]) for reason in entry["reasons"]] == [("ingest.broken_json", 3)]


def test_xray_table(data_dir: DataDir) -> None:
    """The issue is the execution, the test is the case; three rows, no issue and no duplicate."""
    content = (
        "Issue Key,Test Key,Summary,Status,Executed By,Started On,Finished On\n"
        "YARD-50,YARD-11,pays,PASS,ada,2026-03-02 09:00,2026-03-02 09:05\n"
        "YARD-50,YARD-12,refunds,ABORTED,ada,2026-03-02 09:10,2026-03-02 09:15\nYARD-50,YARD-13,later,TODO,,,\n"
    )
    (entry,) = load(data_dir, "runs.csv", content, project="P", time_zone="UTC")
    rows = landed_rows(data_dir, entry)
    assert (entry["feed"], entry["system"]) == ("test_results", "xray")
    assert rows.select("run_id", "case", "outcome", "source_row").rows() == [
        ("YARD-50", "YARD-11", "passed", 2),
        ("YARD-50", "YARD-12", "not_run", 3),
        ("YARD-50", "YARD-13", "not_run", 4),
    ]
    assert rows[RUN_AT][0].isoformat() == "2026-03-02T09:05:00"


def test_testrail_table(data_dir: DataDir) -> None:
    content = (
        '"ID","Title","Case ID","Run ID","Section","Section Hierarchy","Status","Tested By","Tested On","Elapsed","References"\n'
        '"T1","pays","C11","R7","Cash","Shop > Cash","Passed","Ada","2026-03-02 09:05","1m 30s","YARD-3"\n'
        '"T2","refunds","C12","R7","Cash","Shop > Cash","Retest","Ada","2026-03-02 09:15","",""\n'
        '"T3","later","C13","R7","Cash","Shop > Cash","Untested","","","",""\n'
    )
    (entry,) = load(data_dir, "run.csv", content, project="P", time_zone="UTC")
    rows = landed_rows(data_dir, entry)
    assert (entry["feed"], entry["system"]) == ("test_results", "testrail")
    assert rows.select("run_id", "suite", "module", "case", "outcome", "requirement").rows() == [
        ("R7", "Shop > Cash", "Cash", "C11", "passed", "YARD-3"),
        ("R7", "Shop > Cash", "Cash", "C12", "not_run", None),
        ("R7", "Shop > Cash", "Cash", "C13", "not_run", None),
    ]
    assert entry["columns_unmapped"] == ["ID", "Title", "Tested By", "Elapsed"]


def test_a_list_of_cases_of_another_kind_is_no_test_run(data_dir: DataDir) -> None:
    """A help desk numbers cases, a build server runs: neither names who tested, nor when."""
    for header, states in (
        ("Case ID,Title,Status,BuildView", ("open", "closed")),
        ("Run ID,Title,Status,Started On", ("success", "failed")),
    ):
        rows = "".join(f"{number},pays,{state},2026-03-02\n" for number, state in enumerate(states))
        (entry,) = load(data_dir, "list.csv", f"{header}\n{rows}", project="P")
        assert (entry["status"], header) == ("refused", header)


def test_testrail_run(tmp_path: Path) -> None:
    """A run counts on the day of its last change, whatever the order; what was never run on the day the run was made."""
    found = read(tmp_path, TESTRAIL)
    assert found.rows.select("run_id", "suite", "module", "case", "outcome", RUN_AT, "source_row").rows() == [
        ("R7", "Cash", "Cash", "C11", "passed", "2026-03-04T09:00:00+00:00", 3),
        ("R7", "Cash", "Cash", "C12", "not_run", "2026-03-01T08:00:00+00:00", 6),
    ]


def test_xml_of_another_kind_is_told_what_would_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, "<run><name>no id first</name></run>")
    assert error.value.code == "ingest.unknown_xml" and error.value.details["root"] == "run"
    assert {"JUnit", "NUnit", "TestRail", "TRX (Visual Studio)"} <= set(error.value.details["formats"].split(", "))
