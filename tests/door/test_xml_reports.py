"""JUnit, Cobertura, JaCoCo, Clover and LCOV: what is counted, and that nothing in the XML is trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import InputError
from pipeline.door.readers.coverage import read_coverage
from pipeline.door.readers.junit import module_of, read_junit
from tests.door.exports import written

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
    read = read_junit(written(tmp_path, "report.xml", JUNIT))
    assert read.rows["outcome"].to_list() == ["passed", "failed", "error", "skipped", "skipped", "not_run"]
    assert read.rows["source_row"].to_list() == [5, 6, 7, 8, 9, 10]  # the lines of the test cases above
    assert set(read.rows["suite"]) == {"pay"} and set(read.rows["module"]) == {"pay"}
    assert read.rows["case"][0] == "pay.Refund.ok"
    assert read.rows["run_at"][0] == "2026-03-01T02:00:00+00:00"  # 10:00 in Shanghai, from the suite around it
    assert read.records == 6 and not read.reasons


def test_junit_that_declares_more_than_it_lists_says_so(tmp_path: Path) -> None:
    read = read_junit(written(tmp_path, "report.xml", JUNIT.replace('tests="6"', 'tests="9"')))
    assert [reason.code for reason in read.reasons] == ["door.declared_count_differs"]
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
    assert [one["text"] for one in read.left_out] == ["empty"]


def test_declared_totals_count_where_they_can_only_be_one_modules(tmp_path: Path) -> None:
    one = COBERTURA.format(stamp="1767225600").replace("<coverage ", '<coverage lines-covered="5" lines-valid="8" ')
    start, end = one.index('  <package name="user">'), one.index(" </packages>")
    read = read_coverage(written(tmp_path, "coverage.xml", one[:start] + one[end:]))
    assert read.rows.select("lines_covered", "lines_valid").row(0) == ("5", "8")
    assert [reason.code for reason in read.reasons] == ["door.declared_lines_differ"]
    read = read_coverage(written(tmp_path, "several.xml", one))
    assert read.rows["lines_valid"].to_list() == ["3", "1"]
    assert [reason.code for reason in read.reasons] == ["door.listed_lines_differ"]


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
    assert [reason.code for reason in read.reasons] == ["door.day_from_name"]


def test_lcov_cut_off_in_the_middle(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_coverage(written(tmp_path, "cut.info", "SF:a.c\nDA:1,1\nend_of_record\nSF:b.c\nDA:1,1\n"))
    assert error.value.code == "door.cut_off_lcov" and error.value.details["line"] == 4


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><testsuite name="x">'
    '<testcase name="&b;"/></testsuite>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&a;"/></testsuite>'


@pytest.mark.parametrize("content", [BILLION, OUTSIDE])
def test_entities_are_never_expanded(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError) as error:
        read_junit(written(tmp_path, "bomb.xml", content))
    assert error.value.code == "door.xml_entities"


def test_a_report_declared_in_gbk_is_read(tmp_path: Path) -> None:
    content = '<?xml version="1.0" encoding="GBK"?><testsuite name="结算"><testcase name="退款"/></testsuite>'
    assert read_junit(written(tmp_path, "gbk.xml", content.encode("gbk"))).rows["case"][0] == "退款"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<suites><case/></suites>", "door.not_junit"),
        ("<testsuites>\n<testsuite>\n<testcase name='a'>", "door.broken_xml"),
        ("<testsuites/>", "door.no_test_cases"),
    ],
)
def test_refused_with_a_name(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        read_junit(written(tmp_path, "report.xml", content))
    assert error.value.code == code and "report.xml" in str(error.value)
