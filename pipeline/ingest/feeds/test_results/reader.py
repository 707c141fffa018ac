"""Reports of test runs into the feed test_results, each as its YAML file says that it reads.

One row per case; source_row is its line. A case repeated in one report (a retry, a parameter) stays: the report stands by
itself, and in the warehouse a test of which one run failed has failed. A test that was run again and passed at last is passed,
and told. A word for an outcome that nobody explained stays as it is written, and is asked about.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.errors import InputError
from pipeline.ingest.contracts.read_rows import ReadRows, text_frame
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.known import KnownReport
from pipeline.ingest.dialects.names import normal_word
from pipeline.ingest.dialects.reports import Places, TestReport
from pipeline.ingest.files.elements import Element, Elements, kind_of, places
from pipeline.ingest.files.file_dates import day_of_file
from pipeline.ingest.files.source import SourceFile

_RANK = {"error": 3, "failed": 2, "skipped": 1}  # of elements inside a case the worst counts
# Reverse domain names open every class name of a Java project and tell no module.
_TOP_LEVEL_DOMAINS = {"com", "org", "net", "cn", "gov", "edu", "io", "dev"}
# Folders and packages that hold the code of every project.
_COMMON = frozenset(
    {"src", "test", "tests", "spec", "specs", "__tests__", "lib", "app", "main", "java", "python", "packages"}
)


def read_tests(source: SourceFile, time_zone: str = "Asia/Shanghai", kind: KnownReport | None = None) -> ReadRows:
    """The cases of one report, of the kind that was recognized, else of whichever is known; time stamps without a zone are
    taken in `time_zone`.

    Raises: InputError when the file is no such report, is cut off or damaged, or holds no test case.
    """
    kind = kind or kind_of(source, dialects().reports, TestReport)
    report = _Cases(source, kind, ZoneInfo(time_zone))
    report.read()
    if not report.rows:
        raise InputError(
            "ingest.no_test_cases",
            "{file} is a report of tests without a single test case. Nothing was loaded: check that the tests were run.",
            file=source.name,
        )
    reasons = report.told()
    instants = [dt.datetime.fromisoformat(row["run_at"]) for row in report.rows if row["run_at"]]
    if instants:
        report.settle_round(instants)
    else:
        day, reason = day_of_file(source, time_zone)
        reasons.append(reason)
        for row in report.rows:
            row["run_at"] = day.isoformat()
    return ReadRows(
        "test_results",
        kind.tool,
        text_frame("test_results", report.rows),
        records=len(report.rows),
        columns=report.columns(),
        reasons=reasons,
        exported_at=report.latest,
    )


class _Cases:
    def __init__(self, source: SourceFile, kind: KnownReport, zone: ZoneInfo) -> None:
        self.rows: list[dict] = []
        self.latest: dt.datetime | None = None  # of the runs, naive UTC
        self._source, self._zone, self._outcomes = source, zone, kind.outcomes
        assert isinstance(kind.report, TestReport)
        self._report = report = kind.report
        self._columns: dict[str, Places] = dict(report.columns.items())
        wanted = places(*report.columns.values(), *report.declared.values())
        self._elements = Elements(source, report, wanted)
        self._path = self._elements.path
        self._declared = [(name, place) for name, listed in report.declared.items() for place in places(listed)]
        self._declaring = {place.element for _, place in self._declared}
        self._said: defaultdict[str, list[int]] = defaultdict(list)
        self._cases: list[dict] = []  # those that are open: a case may hold others
        self._flaky: list[int] = []
        self._waiting: list[tuple[dict, list[Element]]] = []  # rows of which more stands elsewhere
        self._elsewhere: dict[str, list[Element]] = defaultdict(list)

    def read(self) -> None:
        self._elements.walk(self._start, self._end)
        for row, path in self._waiting:
            self._path[:] = path
            self._fill(row, self._elsewhere.get(path[-1].attributes.get(self._report.join["by"], ""), ()))
        run_id = self._source.content_hash[:12]
        for row in self.rows:
            row["run_id"] = row["run_id"] or run_id

    def _start(self, element: Element) -> None:
        if element.name in self._declaring or len(self._path) == 1:
            self._count_declared(element)
        if element.name in self._report.case:
            for around in self._cases:
                around["is_sum"] = True
            self._cases.append({"inside": None, "is_sum": False})
        elif self._cases and self._path[-2].name in self._report.case:
            case = self._cases[-1]
            outcome = self._report.inside.get(element.name)
            if outcome and _RANK.get(outcome, 0) > _RANK.get(case["inside"], 0):
                case["inside"] = outcome
            line = self._path[-2].line
            if element.name in self._report.reruns and self._flaky[-1:] != [line]:
                self._flaky.append(line)
        elif self._report.join:
            holder = next((around for around in self._path if around.name == self._report.join["element"]), None)
            if holder is not None:
                self._elsewhere[holder.attributes.get(self._report.join["key"], "")].append(element)

    def _end(self, element: Element) -> None:
        if element.name not in self._report.case:
            return
        case = self._cases.pop()
        if case["is_sum"]:
            return
        row = {"outcome": case["inside"], "source_row": element.line}
        self.rows.append(row)
        if self._report.join:
            self._waiting.append((row, list(self._path)))
        else:
            self._fill(row, ())

    def _fill(self, row: dict, also: list[Element] | tuple) -> None:
        class_name, case = (next(self._values(column, also), "") for column in ("class", "case"))
        modules = self._values("module", also)
        if self._report.full_names:  # `Yard.Pay, Yard` names the class and the assembly it is in
            class_name = class_name.partition(", ")[0]
            modules = iter([class_name, *modules, case.partition("(")[0].rpartition(".")[0]])
        if class_name and case and not (self._report.full_names and case.startswith(f"{class_name}.")):
            case = f"{class_name}.{case}"
        instants = (run_instant(written, self._zone) for written in self._values("run_at"))
        instant = next(filter(None, instants), None)
        if instant:
            self.latest = max(instant, self.latest or instant)
        row |= {
            "suite": next(self._values("suite", also), None),
            "module": next(filter(None, map(module_of, modules)), None),
            "case": case or class_name or f"line {row['source_row']}",
            "outcome": max(self._outcome(), row["outcome"], key=lambda outcome: _RANK.get(outcome, 0)),
            "run_at": instant.strftime("%Y-%m-%dT%H:%M:%S+00:00") if instant else None,
            "duration_seconds": self._seconds(next(self._values("duration_seconds"), "")),
            "run_id": next(self._values("run_id"), None),
        }

    def _values(self, column: str, also: list[Element] | tuple = ()) -> Iterator[str]:
        return self._elements.values(self._columns.get(column, []), also)

    def _outcome(self) -> str | None:
        """What a known word says against it, else a word that nobody knows; passed only where all words are known to say so."""
        outcomes = [(word, self._outcomes.get(normal_word(word))) for word in self._values("outcome")]
        against = next((outcome for _, outcome in outcomes if outcome not in (None, "passed")), None)
        unknown = next((word for word, outcome in outcomes if outcome is None), None)
        return against or unknown or ("passed" if outcomes else self._report.otherwise)

    def _seconds(self, text: str) -> str | None:
        """`1,234.5` groups thousands; `0,5` of a runner in another language is half a second; `00:01:30.5` is 90.5."""
        if not text:
            return None
        if clock := re.fullmatch(r"(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)", text):
            days, hours, minutes, seconds = (float(part or 0) for part in clock.groups())
            return f"{days * 86_400 + hours * 3_600 + minutes * 60 + seconds:.10g}"
        text = text.replace(",", "") if "." in text else text.replace(",", ".")
        if "duration_seconds" in self._report.units and re.fullmatch(r"\d+(\.\d+)?", text):
            return f"{float(text) / 1000:.10g}"
        return text

    def _count_declared(self, element: Element) -> None:
        for name, place in self._declared:
            is_there = len(self._path) == 1 if place.where == "/" else element.name == place.element
            if is_there and (count := place.value(element)).isdigit():
                self._said[name].append(int(count))

    def columns(self) -> dict[str, str]:
        """{place in the report that held something: canonical column}."""
        found = {", ".join(self._report.inside): "outcome"} if self._report.inside else {}
        for column, listed in sorted(self._columns.items(), key=lambda pair: pair[0] == "class"):
            for place in listed:
                if place in self._elements.used:
                    found.setdefault(place.lstrip("./"), "case" if column == "class" else column)
        return found

    def settle_round(self, instants: list[dt.datetime]) -> None:
        """A run through midnight is one round, named after its first day; without this each day would be a round of its own."""
        days = sorted({instant.astimezone(self._zone).date() for instant in instants})
        if len(days) == 2 and max(instants) - min(instants) < dt.timedelta(days=1):
            for row in self.rows:
                row["round"] = days[0].isoformat()

    def told(self) -> list[Reason]:
        """What of the cases a reader of the numbers should know."""
        reasons = []
        file = self._source.name
        if self._flaky:
            reasons.append(
                Reason(
                    "ingest.flaky_tests",
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
                    "ingest.repeated_cases",
                    "{file} lists {listed} cases of {tests} different tests; a test of which one run failed has failed.",
                    {"file": file, "listed": len(names), "tests": len(set(names))},
                )
            )
        failed = sum(row["outcome"] in ("failed", "error") for row in self.rows)
        if sum(self._said["failures"]) > failed:
            reasons.append(
                Reason(
                    "ingest.failures_outside_tests",
                    "{file} says that {said} tests failed and lists {failed}: the rest broke down outside of a test, as when a "
                    "suite does not start. Look into the report of the runner.",
                    {"file": file, "said": sum(self._said["failures"]), "failed": failed},
                )
            )
        if self._said["tests"] and sum(self._said["tests"]) != len(self.rows):
            reasons.append(
                Reason(
                    "ingest.declared_count_differs",
                    "{file} says it holds {declared} tests and lists {found}; the listed ones were read.",
                    {"file": file, "declared": sum(self._said["tests"]), "found": len(self.rows)},
                )
            )
        return reasons


@lru_cache(maxsize=4096)
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


@lru_cache(maxsize=4096)
def run_instant(written: str | None, zone: ZoneInfo) -> dt.datetime | None:
    """A report's time stamp as naive UTC: ISO, or the form of mail headers; without an offset it is taken in `zone`."""
    if not written:
        return None
    try:
        instant = dt.datetime.fromisoformat(re.sub(r" (UTC|GMT)$", "+00:00", written.strip()))
    except ValueError:
        try:
            instant = parsedate_to_datetime(written)
        except (ValueError, TypeError):
            return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(dt.UTC).replace(tzinfo=None)
