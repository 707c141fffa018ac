"""JUnit XML, as all the runners write it, into the feed test_results.

One row per testcase element; source_row is its line. A case repeated in one report (a retry, a parameter) stays: the report
stands by itself, and in the warehouse a test of which one run failed has failed. A test that Surefire ran again and that
passed at last (flakyFailure, flakyError) is passed, and told.
"""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from models.errors import InputError
from pipeline.ingest.contracts.read_rows import ReadRows, text_frame
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.files.file_dates import day_of_file
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.files.xml_events import walk_xml

ROOTS = ("testsuites", "testsuite")
# Child elements of a testcase, worst first: a case that failed and then broke down is an error.
_OUTCOMES = {"error": "error", "failure": "failed", "skipped": "skipped"}
_FLAKY = frozenset(
    {"flakyFailure", "flakyError"}
)  # attempts before the one that passed; rerunFailure goes with a failure
_RANK = {"error": 3, "failed": 2, "skipped": 1}
_OUTCOME_OF_STATUS = {
    "failed": "failed",
    "fail": "failed",
    "failure": "failed",
    "errored": "error",
    "error": "error",
    "disabled": "skipped",
    "skipped": "skipped",
    "ignored": "skipped",
    "inconclusive": "skipped",
    "todo": "skipped",
    "pending": "not_run",
    "notrun": "not_run",
    "not_run": "not_run",
    "suppressed": "skipped",
    "blocked": "blocked",
}
# Reverse domain names open every class name of a Java project and tell no module.
_TOP_LEVEL_DOMAINS = {"com", "org", "net", "cn", "gov", "edu", "io", "dev"}
# Folders and packages that hold the code of every project.
_COMMON = frozenset(
    {"src", "test", "tests", "spec", "specs", "__tests__", "lib", "app", "main", "java", "python", "packages"}
)
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
    reasons += report.told()
    declared = report.declared_tests
    if declared is not None and declared != len(report.rows):
        reasons.append(
            Reason(
                "door.declared_count_differs",
                "{file} says it holds {declared} tests and lists {found}; the listed ones were read.",
                {"file": source.name, "declared": declared, "found": len(report.rows)},
            )
        )
    _one_round(report, ZoneInfo(time_zone))
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


def _one_round(report: _Report, zone: ZoneInfo) -> None:
    """A run through midnight is one round, named after its first day; without this each day would be a round of its own."""
    instants = [dt.datetime.fromisoformat(row["run_at"]) for row in report.rows if row["run_at"]]
    days = sorted({instant.astimezone(zone).date() for instant in instants})
    if len(days) == 2 and max(instants) - min(instants) < dt.timedelta(days=1):
        for row in report.rows:
            row["round"] = days[0].isoformat()


class _Report:
    def __init__(self, source: SourceFile, zone: ZoneInfo) -> None:
        self.source = source
        self.zone = zone
        self.rows: list[dict] = []
        self.cases = 0
        self.declared_tests: int | None = None
        self.instants: list[dt.datetime | None] = []
        self._flaky: list[int] = []
        self._failures_said = 0
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
            if name in _FLAKY and self._flaky[-1:] != [self._case["source_row"]]:
                self._flaky.append(self._case["source_row"])
            if outcome and _RANK[outcome] > _RANK.get(self._case["outcome"], 0):
                self._case["outcome"] = outcome

    def end(self, name: str) -> None:
        self._path.pop()
        if name in ROOTS:
            self._suites.pop()
        elif name == "testcase" and self._case is not None:
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
        said = [attributes.get(which, "") for which in ("failures", "errors")]
        self._failures_said = sum(int(count) for count in said if count.isdigit())

    def told(self) -> list[Reason]:
        """What of the cases a reader of the numbers should know."""
        reasons = []
        file = self.source.name
        if self._flaky:
            reasons.append(
                Reason(
                    "door.flaky_tests",
                    "{rows} tests of {file} failed and passed when they were run again, the first in line {line}; "
                    "they count as passed.",
                    {"rows": len(self._flaky), "file": file, "line": self._flaky[0]},
                )
            )
        names = [(row["suite"], row["case"], row["module"]) for row in self.rows]
        repeated = len(names) - len(set(names))
        if repeated:
            reasons.append(
                Reason(
                    "door.repeated_cases",
                    "{file} lists {listed} cases of {tests} different tests; a test of which one run failed has failed.",
                    {"file": file, "listed": len(names), "tests": len(set(names))},
                )
            )
        failed = sum(row["outcome"] in ("failed", "error") for row in self.rows)
        if self._failures_said > failed:
            reasons.append(
                Reason(
                    "door.failures_outside_tests",
                    "{file} says that {said} tests failed and lists {failed}: the rest broke down outside of a test, as when a "
                    "suite does not start. Look into the report of the runner.",
                    {"file": file, "said": self._failures_said, "failed": failed},
                )
            )
        return reasons

    def _module(self, class_name: str, file: str, suites: list[str]) -> str | None:
        """By the class, else the file, else the innermost suite that tells one."""
        for name in (class_name, file, *reversed(suites)):
            if name and (module := module_of(name)):
                return module
        return None

    def _row(self, attributes: dict[str, str], line: int) -> dict:
        class_name, case = attributes.get("classname", "").strip(), attributes.get("name", "").strip()
        names = [name for name, _ in self._suites if name]
        instant = run_instant(attributes.get("timestamp"), self.zone) or (self._suites[-1][1] if self._suites else None)
        status = (attributes.get("status") or attributes.get("result") or "").lower()
        return {
            "suite": names[-1] if names else None,
            "module": self._module(class_name, attributes.get("file", ""), names),
            "case": f"{class_name}.{case}" if class_name and case else case or class_name or f"line {line}",
            "outcome": "not_run"
            if attributes.get("executed", "").lower() == "false" and not status
            else _OUTCOME_OF_STATUS.get(status, "passed"),
            "run_at": instant.strftime("%Y-%m-%dT%H:%M:%S+00:00") if instant else None,
            "duration_seconds": _seconds(attributes.get("time") or attributes.get("duration")),
            "source_row": line,
        }


def _seconds(text: str | None) -> str | None:
    """`1,234.5` groups thousands; `0,5` of a runner in another language is half a second."""
    if not text:
        return None
    return text.replace(",", "") if "." in text else text.replace(",", ".")


def module_of(name: str) -> str | None:
    """First part of a dotted name or a path that says more than `src` or `tests`; of `com.company.module.Class` the third,
    since the first two name the company. Sentences, as Jest and Mocha name their suites, tell no module."""
    if re.search(r"\s", name.strip()):
        return None
    parts = [part for part in re.split(r"[./\\:]+", name) if part]
    if not parts:
        return None
    if parts[0] in _TOP_LEVEL_DOMAINS and len(parts) > 3:
        return parts[2]
    while len(parts) > 2 and parts[0].lower() in _COMMON and not _is_file(parts[1:], name):
        parts = parts[1:]
    return parts[0]


def _is_file(parts: list[str], name: str) -> bool:
    """Whether nothing is left but a file and its ending: `test/test_pay.py`."""
    return len(parts) == 2 and "/" in name.replace("\\", "/") and name.endswith(f"{parts[0]}.{parts[1]}")


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
