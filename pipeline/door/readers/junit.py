"""JUnit XML, as all the runners write it, into the feed test_results.

One row per testcase element; source_row is its line. A case repeated in one report (a retry, a parameter) stays: the report
stands by itself, and which run counts is decided in the warehouse.
"""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from models.errors import InputError
from pipeline.door.file_dates import day_of_file
from pipeline.door.readers import ReadRows, text_frame
from pipeline.door.readers.xml_events import walk_xml
from pipeline.door.reasons import Reason
from pipeline.door.source import SourceFile

ROOTS = ("testsuites", "testsuite")
# Child elements of a testcase, worst first: a case that failed and then broke down is an error.
_OUTCOMES = {"error": "error", "rerunError": None, "failure": "failed", "rerunFailure": None, "skipped": "skipped"}
_RANK = {"error": 3, "failed": 2, "skipped": 1}
_OUTCOME_OF_STATUS = {
    "disabled": "skipped",
    "skipped": "skipped",
    "ignored": "skipped",
    "notrun": "not_run",
    "not_run": "not_run",
    "suppressed": "skipped",
    "blocked": "blocked",
}
# Reverse domain names open every class name of a Java project and tell no module.
_TOP_LEVEL_DOMAINS = {"com", "org", "net", "cn", "gov", "edu", "io", "dev"}
COLUMNS = {
    "testcase@classname + @name": "case",
    "testsuite@name": "suite",
    "testcase@classname": "module",
    "failure, error, skipped, @status": "outcome",
    "testcase@time": "duration_seconds",
    "testsuite@timestamp": "run_at",
}


def read_junit(source: SourceFile, time_zone: str = "Asia/Shanghai") -> ReadRows:
    """The cases of one report; time stamps without a zone are taken in `time_zone`.

    Raises: InputError when the file is no JUnit report, is cut off or damaged, or holds no test case."""
    report = _Report(source, ZoneInfo(time_zone))
    walk_xml(source, report.start, report.end)
    if not report.rows:
        raise InputError(
            "door.no_test_cases",
            "{file} is a JUnit report without a single test case. Nothing was loaded: check that the tests were run.",
            file=source.name,
        )
    run_id = source.content_hash[:12]
    for row in report.rows:
        row["run_id"] = run_id
    reasons = []
    declared = report.declared_tests
    if declared is not None and declared != len(report.rows):
        reasons.append(
            Reason(
                "door.declared_count_differs",
                "{file} says it holds {declared} tests and lists {found}; the listed ones were read.",
                {"file": source.name, "declared": declared, "found": len(report.rows)},
            )
        )
    if not any(row["run_at"] for row in report.rows):
        day, reason = day_of_file(source, time_zone)
        reasons.append(reason)
        for row in report.rows:
            row["run_at"] = day.isoformat()
    latest = max((instant for instant in report.instants if instant), default=None)
    return ReadRows(
        "test_results",
        "junit",
        text_frame("test_results", report.rows),
        records=report.cases,
        columns=dict(COLUMNS),
        reasons=reasons,
        exported_at=latest,
    )


class _Report:
    def __init__(self, source: SourceFile, zone: ZoneInfo) -> None:
        self.source = source
        self.zone = zone
        self.rows: list[dict] = []
        self.cases = 0
        self.declared_tests: int | None = None
        self.instants: list[dt.datetime | None] = []
        self._path: list[str] = []
        self._suites: list[tuple[str, dt.datetime | None]] = []
        self._case: dict | None = None

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if not self._path:
            self._open_root(name, attributes)
        self._path.append(name)
        if name in ROOTS:
            instant = run_instant(attributes.get("timestamp"), self.zone)
            self.instants.append(instant)
            above = self._suites[-1][1] if self._suites else None
            self._suites.append((attributes.get("name", "").strip(), instant or above))
        elif name == "testcase":
            self.cases += 1
            self._case = self._row(attributes, line)
        elif self._case is not None and self._path[-2] == "testcase":
            outcome = _OUTCOMES.get(name)
            if outcome and _RANK[outcome] > _RANK.get(self._case["outcome"], 0):
                self._case["outcome"] = outcome

    def end(self, name: str) -> None:
        self._path.pop()
        if name in ROOTS:
            self._suites.pop()
        elif name == "testcase":
            self.rows.append(self._case)
            self._case = None

    def _open_root(self, name: str, attributes: dict[str, str]) -> None:
        if name not in ROOTS:
            raise InputError(
                "door.not_junit",
                "{file} is XML but no JUnit report: it opens with <{root}>, and a report opens with <testsuites> or "
                "<testsuite>. Nothing was loaded; export the results in JUnit format.",
                file=self.source.name,
                root=name[:60],
            )
        tests = attributes.get("tests", "")
        self.declared_tests = int(tests) if tests.isdigit() else None

    def _row(self, attributes: dict[str, str], line: int) -> dict:
        class_name, case = attributes.get("classname", "").strip(), attributes.get("name", "").strip()
        names = [name for name, _ in self._suites if name]
        instant = run_instant(attributes.get("timestamp"), self.zone) or (self._suites[-1][1] if self._suites else None)
        status = (attributes.get("status") or attributes.get("result") or "").lower()
        return {
            "suite": names[-1] if names else None,
            "module": module_of(class_name or (names[-1] if names else "")),
            "case": f"{class_name}.{case}" if class_name and case else case or class_name or f"line {line}",
            "outcome": _OUTCOME_OF_STATUS.get(status, "passed"),
            "run_at": instant.strftime("%Y-%m-%dT%H:%M:%S+00:00") if instant else None,
            "duration_seconds": attributes.get("time", "").replace(",", "") or None,
            "source_row": line,
        }


def module_of(name: str) -> str | None:
    """First part of a dotted name; of `com.company.module.Class` the third, since the first two name the company."""
    parts = [part for part in re.split(r"[./\\:]+", name) if part]
    if not parts:
        return None
    if parts[0] in _TOP_LEVEL_DOMAINS and len(parts) > 3:
        return parts[2]
    return parts[0]


def run_instant(written: str | None, zone: ZoneInfo) -> dt.datetime | None:
    """A report's time stamp as naive UTC: ISO, or the form of mail headers; without an offset it is taken in `zone`."""
    if not written:
        return None
    try:
        instant = dt.datetime.fromisoformat(written.strip())
    except ValueError:
        try:
            instant = parsedate_to_datetime(written)
        except (ValueError, TypeError):
            return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(dt.UTC).replace(tzinfo=None)
