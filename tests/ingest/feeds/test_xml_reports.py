"""JUnit, Cobertura, JaCoCo, Clover and LCOV: what is counted, and that nothing in the XML is trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.ingest import LoadOptions
from pipeline.ingest.feeds.coverage.reader import read_coverage
from pipeline.ingest.feeds.test_results.reader import module_of, read_tests
from tests.ingest.exports import landed_rows, load_paths, written

JUNIT = """<?xml version="1.0"?>
<testsuites tests="6">
  <testsuite name="outer" timestamp="2026-03-01T10:00:00">
    <testsuite name="pay">
      <testcase classname="pay.Refund" name="ok" time="0.5"/>
      <testcase classname="pay.Refund" name="bad"><failure message="m"/></testcase>
      <testcase classname="pay.Refund" name="worse"><failure/><error/></testcase>
      <testcase classname="pay.Refund" name="later"><skipped/></testcase>
      <testcase classname="pay.Refund" name="off" status="disabled"/>
      <testcase classname="pay.Refund" name="never" status="notrun"/>
    </testsuite>
  </testsuite>
</testsuites>
"""


def test_junit(tmp_path: Path) -> None:
    read = read_tests(written(tmp_path, "report.xml", JUNIT))
    assert read.rows["outcome"].to_list() == ["passed", "failed", "error", "skipped", "skipped", "not_run"]
    assert read.rows["source_row"].to_list() == [5, 6, 7, 8, 9, 10]  # the lines of the test cases above
    assert set(read.rows["suite"]) == {"pay"} and set(read.rows["module"]) == {"pay"}
    assert read.rows["case"][0] == "pay.Refund.ok"
    assert read.rows["run_at"][0] == "2026-03-01T02:00:00+00:00"  # 10:00 in Shanghai, from the suite around it
    assert read.records == 6 and not read.reasons


def test_junit_that_declares_more_than_it_lists_says_so(tmp_path: Path) -> None:
    read = read_tests(written(tmp_path, "report.xml", JUNIT.replace('tests="6"', 'tests="9"')))
    assert [reason.code for reason in read.reasons] == ["ingest.declared_count_differs"]
    assert "declares" not in read.reasons[0].message and "9" in read.reasons[0].message


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("pay.Refund", "pay"),
        ("com.acme.settlement.RefundTest", "settlement"),
        ("com.acme.Refund", "com"),
        ("", None),
        ("test/test_pay.py", "test"),
    ],
)
def test_module_of_a_class(name: str, module: str | None) -> None:
    assert module_of(name) == module


COBERTURA = """<?xml version="1.0"?>
<!DOCTYPE coverage SYSTEM "http://127.0.0.1:9/coverage-04.dtd">
<coverage timestamp="{stamp}">
 <packages>
  <package name="pay"><classes><class name="Refund" filename="refund.py">
   <methods><method name="a"><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></method></methods>
   <lines><line number="1" hits="1"/><line number="2" hits="0"/><line number="3" hits="2"/></lines>
  </class></classes></package>
  <package name="user"><classes><class name="Login" filename="login.py">
   <lines><line number="1" hits="0"/></lines>
  </class></classes></package>
  <package name="empty"><classes/></package>
 </packages>
</coverage>
"""


@pytest.mark.parametrize("stamp", ["1767225600", "1767225600000"])  # 2026-01-01T00:00Z in seconds and in milliseconds
def test_cobertura_counts_each_line_once_and_fetches_nothing(tmp_path: Path, stamp: str) -> None:
    read = read_coverage(written(tmp_path, "coverage.xml", COBERTURA.format(stamp=stamp)))
    rows = {row["module"]: row for row in read.rows.to_dicts()}
    assert (rows["pay"]["lines_covered"], rows["pay"]["lines_valid"]) == ("2", "3")  # lines 1, 2, 3; 1 and 3 were hit
    assert (rows["user"]["lines_covered"], rows["user"]["lines_valid"]) == ("0", "1")
    assert rows["pay"]["measured_on"] == "2026-01-01" and rows["pay"]["source_row"] == 5
    assert [skipped["text"] for skipped in read.left_out] == ["empty"]


ROOT_MODULE = [
    (
        "coverage.xml",
        """<coverage timestamp="1767225600"><packages><package name="{root}"><classes><class name="a.py" filename="a.py">
        <lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class></classes></package>
        <package name="pay"><classes><class name="b.py" filename="pay/b.py"><lines><line number="1" hits="1"/></lines></class>
        </classes></package></packages></coverage>""",
    ),
    (
        "jacoco.xml",
        """<report name="x"><sessioninfo id="h" start="1" dump="1767225600000"/><package name="">
        <counter type="LINE" missed="1" covered="1"/></package><package name="pay"><counter type="LINE" missed="0" covered="1"/>
        </package></report>""",
    ),
    (
        "clover.xml",
        """<coverage generated="1767225600"><project><file name="a.php" path="a.php"><line num="1" type="stmt" count="1"/>
        <line num="2" type="stmt" count="0"/></file><package name="pay"><file name="b.php" path="pay/b.php">
        <line num="1" type="stmt" count="1"/></file></package></project></coverage>""",
    ),
    ("report-2026-01-01.info", "SF:a.c\nDA:1,1\nDA:2,0\nend_of_record\nSF:pay/b.c\nDA:1,1\nend_of_record\n"),
    ("table.csv", "module,measured_on,lines_valid,lines_covered\n-,2026-01-01,2,1\npay,2026-01-01,1,1\n"),
]


@pytest.mark.parametrize(("name", "content"), ROOT_MODULE)
@pytest.mark.parametrize("root", [".", ""])
def test_files_in_the_root_count_under_no_module(
    data_dir: DataDir, tmp_path: Path, name: str, content: str, root: str
) -> None:
    """1 of 2 lines in the root and 1 of 1 in pay: 2 of 3; without the root it would be 1 of 1."""
    report = load_paths(
        data_dir, [written(tmp_path, name, content.replace("{root}", root)).path], LoadOptions(project="P")
    )
    assert [(entry["status"], entry["rows_quarantined"]) for entry in report] == [("landed", 0)]
    rows = landed_rows(data_dir, report[0])
    assert sorted(rows.select("module", "lines_covered", "lines_valid").rows()) == [("-", 1, 2), ("pay", 1, 1)]


def test_lines_of_a_class_count_and_not_those_of_its_methods(tmp_path: Path) -> None:
    """A method lists the line of its declaration (1 and 10), which the class does not: 2 of 3 lines, not 3 of 5. A class
    whose lines stand in its methods alone is counted by them."""
    report = """<coverage timestamp="1767225600"><packages><package name="pay"><classes>
    <class name="a.js" filename="a.js"><methods><method name="add"><lines><line number="1" hits="1"/></lines></method>
    <method name="sub"><lines><line number="10" hits="0"/></lines></method></methods>
    <lines><line number="2" hits="1"/><line number="3" hits="4"/><line number="11" hits="0"/></lines></class>
    <class name="b.js" filename="b.js"><methods><method name="only"><lines><line number="7" hits="0"/></lines></method></methods>
    <lines/></class></classes></package></packages></coverage>"""
    rows = read_coverage(written(tmp_path, "coverage.xml", report)).rows
    assert rows.select("lines_covered", "lines_valid").rows() == [("2", "4")]  # a.js 2 of 3, b.js 0 of 1


BRANCHES = [
    (
        "cobertura.xml",
        """<coverage timestamp="1767225600"><packages><package name="pay"><classes><class name="a" filename="a.py"><lines>
        <line number="1" hits="1" branch="true" condition-coverage="50% (1/2)"/><line number="2" hits="1"/>
        <line number="3" hits="1" branch="true" condition-coverage="100% (2/2)"/></lines></class></classes></package>
        </packages></coverage>""",
    ),
    (
        "jacoco.xml",
        """<report name="x"><sessioninfo id="h" start="1" dump="1767225600000"/><package name="pay">
        <counter type="BRANCH" missed="1" covered="3"/><counter type="LINE" missed="0" covered="3"/></package></report>""",
    ),
    (
        "clover.xml",
        """<coverage generated="1767225600"><project><package name="pay"><file name="a" path="a">
        <line num="1" type="cond" truecount="1" falsecount="0"/><line num="2" type="stmt" count="1"/>
        <line num="3" type="cond" truecount="2" falsecount="5"/></file></package></project></coverage>""",
    ),
    (
        "report-2026-01-01.info",
        "SF:/w/pay/a.c\nDA:1,1\nDA:2,1\nDA:3,1\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nBRDA:3,0,0,2\nBRDA:3,0,1,5\nend_of_record\n",
    ),
]


@pytest.mark.parametrize(("name", "content"), BRANCHES)
def test_branches_are_read_beside_lines_and_never_count_as_lines(tmp_path: Path, name: str, content: str) -> None:
    """Three lines, all executed; two of them decide, and of their 2 + 2 ways 1 + 2 were taken."""
    rows = read_coverage(written(tmp_path, name, content)).rows
    counted = rows.select("lines_covered", "lines_valid", "branches_covered", "branches_valid").rows()
    assert counted == [("3", "3", "3", "4")]


def test_a_clover_report_that_lost_files_waits(tmp_path: Path) -> None:
    """The project states 30 statements; its files state 10 and list some of them."""
    report = """<coverage generated="1767225600"><project timestamp="1"><metrics statements="{stated}" coveredstatements="20"/>
    <file name="a.php" path="/src/pay/a.php"><line num="1" type="stmt" count="1"/>
    <metrics statements="4" coveredstatements="4"/></file>
    <file name="b.php" path="/src/pay/b.php"><metrics statements="6" coveredstatements="3"/></file></project></coverage>"""
    read = read_coverage(written(tmp_path, "cut.xml", report.format(stated=30)))
    assert [(warning.code, warning.details["said"], warning.details["found"]) for warning in read.cut] == [
        ("ingest.coverage_cut", 30, 10)
    ]
    whole = read_coverage(written(tmp_path, "whole.xml", report.format(stated=10)))
    # a.php lists one line, which counts; b.php lists none, so the 3 of 6 that it states count: 1 + 3 of 1 + 6
    assert not whole.cut and whole.rows.select("lines_covered", "lines_valid").rows() == [("4", "7")]


def test_declared_totals_count_where_they_can_only_be_one_modules(tmp_path: Path) -> None:
    one = COBERTURA.format(stamp="1767225600").replace("<coverage ", '<coverage lines-covered="5" lines-valid="8" ')
    start, end = one.index('  <package name="user">'), one.index(" </packages>")
    read = read_coverage(written(tmp_path, "coverage.xml", one[:start] + one[end:]))
    assert read.rows.select("lines_covered", "lines_valid").row(0) == ("5", "8")
    assert [reason.code for reason in read.reasons] == ["ingest.declared_lines_differ"]
    read = read_coverage(written(tmp_path, "several.xml", one))
    assert read.rows["lines_valid"].to_list() == ["3", "1"]
    assert [reason.code for reason in read.reasons] == ["ingest.listed_lines_differ"]


def test_jacoco_by_group_where_there_are_groups(tmp_path: Path) -> None:
    report = """<report name="all"><sessioninfo id="x" start="1" dump="1767225600000"/>
    <group name="pay"><package name="a/b"><counter type="LINE" missed="2" covered="8"/></package>
    <package name="a/c"><counter type="LINE" missed="1" covered="4"/></package>
    <counter type="LINE" missed="3" covered="12"/></group>
    <group name="user"><package name="d"><counter type="LINE" missed="5" covered="0"/></package></group></report>"""
    rows = read_coverage(written(tmp_path, "jacoco.xml", report)).rows
    assert rows["module"].to_list() == ["pay", "user"]
    assert rows["lines_valid"].to_list() == ["15", "5"]  # (2 + 8) + (1 + 4); 5 + 0
    assert rows["lines_covered"].to_list() == ["12", "0"]


def test_clover(tmp_path: Path) -> None:
    report = """<coverage generated="1767225600" clover="4"><project timestamp="1"><package name="pay">
    <file name="A.php" path="/src/A.php"><line num="1" type="stmt" count="2"/><line num="2" type="stmt" count="0"/>
    <line num="3" type="method" count="1"/></file></package></project></coverage>"""
    rows = read_coverage(written(tmp_path, "clover.xml", report)).rows
    assert rows.select("module", "lines_covered", "lines_valid").row(0) == ("pay", "1", "2")


def test_lcov_by_folder_below_the_shared_one(tmp_path: Path) -> None:
    report = (
        "SF:C:\\w\\pay\\a.c\nDA:1,1\nDA:2,0\nLH:1\nLF:2\nend_of_record\n"
        "SF:C:\\w\\user\\b.c\nDA:1,1\nDA:2,3\nend_of_record\n"
    )
    read = read_coverage(written(tmp_path, "nightly-2026-02-03.info", report))
    assert read.rows.select("module", "lines_covered", "lines_valid").rows() == [("pay", "1", "2"), ("user", "2", "2")]
    assert set(read.rows["measured_on"]) == {"2026-02-03"}
    assert [reason.code for reason in read.reasons] == ["ingest.day_from_name"]


def test_lcov_cut_off_in_the_middle(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_coverage(written(tmp_path, "cut.info", "SF:a.c\nDA:1,1\nend_of_record\nSF:b.c\nDA:1,1\n"))
    assert error.value.code == "ingest.cut_off_record" and error.value.details["line"] == 4


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><testsuite name="x">'
    '<testcase name="&b;"/></testsuite>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&a;"/></testsuite>'


@pytest.mark.parametrize("content", [BILLION, OUTSIDE])
def test_entities_are_never_expanded(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError) as error:
        read_tests(written(tmp_path, "bomb.xml", content))
    assert error.value.code == "ingest.xml_entities"


def test_a_report_declared_in_gbk_is_read(tmp_path: Path) -> None:
    content = '<?xml version="1.0" encoding="GBK"?><testsuite name="结算"><testcase name="退款"/></testsuite>'
    assert read_tests(written(tmp_path, "gbk.xml", content.encode("gbk"))).rows["case"][0] == "退款"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<suites><case/></suites>", "ingest.unknown_xml"),
        ("<testsuites>\n<testsuite>\n<testcase name='a'>", "ingest.broken_xml"),
        ("<testsuites/>", "ingest.no_test_cases"),
    ],
)
def test_refused_with_a_name(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        read_tests(written(tmp_path, "report.xml", content))
    assert error.value.code == code and "report.xml" in str(error.value)


def outcomes(folder: Path, cases: str, **suite: object) -> list[str]:
    attributes = "".join(f' {name}="{value}"' for name, value in suite.items())
    content = f'<testsuite name="pay"{attributes}>{cases}</testsuite>'
    return read_tests(written(folder, "report.xml", content)).rows["outcome"].to_list()


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        (
            '<testcase name="a"><flakyFailure message="m"/><flakyError/></testcase>',
            "passed",
        ),  # Surefire: passed at last
        ('<testcase name="a"><failure/><rerunFailure/><rerunFailure/></testcase>', "failed"),  # Surefire: never passed
        ('<testcase name="a"><error/><rerunError/></testcase>', "error"),
        ('<testcase name="a"><skipped/></testcase>', "skipped"),  # Surefire, pytest, Mocha, TestNG
        ('<testcase name="a"><skipped/><failure/></testcase>', "failed"),
        ('<testcase name="a" status="run" result="completed" time="0.1"/>', "passed"),  # GoogleTest
        ('<testcase name="a" status="notrun" result="suppressed"/>', "not_run"),  # GoogleTest, disabled
        ('<testcase name="a" result="Inconclusive" executed="True"/>', "skipped"),  # NUnit converted
        ('<testcase name="a" executed="False"/>', "not_run"),
        ('<testcase name="a" status="errored"/>', "error"),
        ('<testcase name="a" status="failed"/>', "failed"),
        ('<testcase name="a" status="run" result="aborted"/>', "aborted"),  # a word that nobody knows is no pass
        ('<testcase name="a" status="aborted"><failure/></testcase>', "failed"),
        ('<testcase name="a"><system-out>FAILED error</system-out></testcase>', "passed"),  # Bazel
        ('<testcase name="a"><properties><property name="failure" value="x"/></properties></testcase>', "passed"),
    ],
)
def test_outcomes_of_the_usual_runners(tmp_path: Path, case: str, outcome: str) -> None:
    assert outcomes(tmp_path, case) == [outcome]


def test_flaky_and_repeated_tests_are_told(tmp_path: Path) -> None:
    content = (
        '<testsuites failures="2" errors="1"><testsuite name="pay">\n<testcase name="a"><flakyFailure/></testcase>\n'
        '<testcase name="b"><failure/></testcase>\n<testcase name="b"/></testsuite></testsuites>'
    )
    read = read_tests(written(tmp_path, "report.xml", content))
    told = {reason.code: reason.details for reason in read.reasons}
    assert (told["ingest.flaky_tests"]["rows"], told["ingest.flaky_tests"]["line"]) == (1, 2)
    assert (told["ingest.repeated_cases"]["listed"], told["ingest.repeated_cases"]["tests"]) == (3, 2)
    # three are said to have failed, one is listed: the others are no test cases
    assert (told["ingest.failures_outside_tests"]["said"], told["ingest.failures_outside_tests"]["failed"]) == (3, 1)


def test_a_test_of_which_one_run_failed_is_not_said_to_count_by_its_last(tmp_path: Path) -> None:
    content = (
        '<testsuites><testsuite name="pay" failures="2"><testcase classname="pay.Sum" name="adds"><failure/></testcase>'
        '<testcase classname="pay.Sum" name="adds"/></testsuite></testsuites>'
    )
    read = read_tests(written(tmp_path, "report.xml", content))
    assert read.rows["outcome"].to_list() == ["failed", "passed"]  # the warehouse makes one failed test of both
    assert (
        "one run failed has failed"
        in next(reason for reason in read.reasons if reason.code == "ingest.repeated_cases").message
    )


def test_suites_of_phpunit_lie_in_each_other(tmp_path: Path) -> None:
    content = """<testsuites><testsuite name="" tests="2"><testsuite name="Unit" tests="2">
    <testsuite name="Pay\\RefundTest" file="/w/tests/Pay/RefundTest.php" tests="2">
    <testcase name="testOk" class="Pay\\RefundTest" classname="Pay.RefundTest" file="/w/tests/Pay/RefundTest.php" time="1,234.5"/>
    <testsuite name="Pay\\RefundTest::testMany" tests="1"><testcase name="testMany with data set #0" time="0,5"/></testsuite>
    </testsuite></testsuite></testsuite></testsuites>"""
    rows = read_tests(written(tmp_path, "phpunit.xml", content)).rows
    assert rows["suite"].to_list() == ["Pay\\RefundTest", "Pay\\RefundTest::testMany"]
    assert rows["module"].to_list() == ["Pay", "Pay"]
    assert rows["duration_seconds"].to_list() == ["1234.5", "0.5"]


def test_sentences_tell_no_module_but_files_do(tmp_path: Path) -> None:
    content = """<testsuites name="jest tests"><testsuite name="App component">
    <testcase classname="App component renders" name="renders" file="src/pay/app.test.js"/>
    <testcase classname="App component renders" name="hides"/></testsuite></testsuites>"""
    assert read_tests(written(tmp_path, "junit.xml", content)).rows["module"].to_list() == ["pay", None]


@pytest.mark.parametrize(
    ("name", "module"),
    [("tests.pay.test_refund.TestX", "pay"), ("src/user/login.spec.ts", "user"), ("App renders", None)],
)
def test_folders_that_every_project_has_are_no_module(name: str, module: str | None) -> None:
    assert module_of(name) == module


def test_a_run_through_midnight_is_one_round(tmp_path: Path) -> None:
    content = """<testsuites><testsuite name="a" timestamp="2026-03-01T23:50:00"><testcase name="x"/></testsuite>
    <testsuite name="b" timestamp="2026-03-02T00:10:00"><testcase name="y"/></testsuite></testsuites>"""
    assert read_tests(written(tmp_path, "junit.xml", content)).rows["round"].to_list() == ["2026-03-01", "2026-03-01"]


def test_reports_of_one_folder_are_one_run(data_dir: DataDir, tmp_path: Path) -> None:
    for name in ("a/TEST-one.xml", "b/reports/TEST-two.xml"):
        path = tmp_path / "build" / name
        path.parent.mkdir(parents=True)
        path.write_text(f'<testsuite name="{name}" timestamp="2026-03-01T10:00:00"><testcase name="x"/></testsuite>')
    entries = load_paths(data_dir, [tmp_path / "build"], LoadOptions(project="P1"))
    runs = [landed_rows(data_dir, entry)["run_id"][0] for entry in entries]
    assert len(runs) == 2 and runs[0] == runs[1]


def test_a_line_of_several_classes_counts_once(tmp_path: Path) -> None:
    """coverlet lists a closure as a class of its own, with the line it stands in."""
    report = """<coverage timestamp="1767225600"><packages><package name="pay"><classes>
    <class name="Refund" filename="Refund.cs"><lines><line number="7" hits="0"/><line number="8" hits="1"/></lines></class>
    <class name="Refund/&lt;Go&gt;d__1" filename="Refund.cs"><lines><line number="7" hits="3"/></lines></class>
    <class name="Other" filename="Other.cs"><lines><line number="7" hits="0"/></lines></class>
    </classes></package></packages></coverage>"""
    rows = read_coverage(written(tmp_path, "coverage.xml", report)).rows
    assert rows.select("lines_covered", "lines_valid").row(0) == ("2", "3")  # lines 7 and 8 of one file, 7 of the other


def test_clover_of_several_packages_without_its_tests(tmp_path: Path) -> None:
    report = """<coverage generated="1767225600" clover="4"><project timestamp="1">
    <package name="pay"><file name="A.java" path="C:\\w\\A.java"><line num="1" type="stmt" count="2"/>
    <line num="2" type="cond" truecount="0" falsecount="4"/><line num="2" type="stmt" count="0"/></file></package>
    <package name="user"><file name="B.java" path="C:\\w\\B.java"><line num="1" type="stmt" count="0"/>
    <line num="2" type="stmt" count="1"/><line num="3" type="method" count="1"/></file></package>
    <file name="Loose.java" path="/w/loose/Loose.java"><line num="1" type="stmt" count="1"/></file></project>
    <testproject timestamp="1"><package name="pay"><file name="ATest.java"><line num="9" type="stmt" count="1"/></file>
    </package></testproject></coverage>"""
    rows = read_coverage(written(tmp_path, "clover.xml", report)).rows
    counts = {row["module"]: (row["lines_covered"], row["lines_valid"]) for row in rows.to_dicts()}
    # pay: line 1 hit, line 2 hit by one branch; user: one of two, a method is no line; the file without a package
    assert counts == {"pay": ("2", "2"), "user": ("1", "2"), "loose": ("1", "1")}


def test_lcov_with_a_record_per_test_counts_each_line_once(tmp_path: Path) -> None:
    """genhtml would say 3 of 4 for a.c: the union of both records. Their LF and LH would add up to 3 of 6."""
    report = (
        "TN:one\nSF:C:\\w\\pay\\a.c\nDA:1,1\nDA:2,0\nDA:3,0\nLH:1\nLF:3\nend_of_record\n"
        "TN:two\nSF:c:/w/pay/a.c\nDA:2,5\nDA:3,0\nDA:4,2,checksum\nLH:2\nLF:3\nend_of_record\n"
        "TN:one\nSF:C:\\w\\user\\b.c\nLH:1\nLF:2\nend_of_record\nTN:two\nSF:C:\\w\\user\\b.c\nLH:2\nLF:2\nend_of_record\n"
    )
    rows = read_coverage(written(tmp_path, "a-2026-02-03.info", report)).rows
    assert rows.select("module", "lines_covered", "lines_valid").rows() == [("pay", "3", "4"), ("user", "2", "2")]


def test_lcov_that_is_damaged_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_coverage(written(tmp_path, "a.info", "SF:a.c\nDA:1\nend_of_record\n"))
    assert error.value.code == "ingest.broken_line" and error.value.details["line"] == 2
