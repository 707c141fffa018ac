"""Reports of the build server: Cobertura, JaCoCo and JUnit XML. None of them names its project; the folder does."""

from __future__ import annotations

import calendar
import datetime as dt
from xml.sax.saxutils import quoteattr

import polars as pl

LINES_A_CLASS = 200


def _epoch(day: dt.date) -> int:
    """Seconds since 1970 of 22:30 in Shanghai on that day."""
    return calendar.timegm(dt.datetime.combine(day, dt.time(14, 30)).timetuple())


def cobertura_xml(day: dt.date, coverage: pl.DataFrame) -> bytes:
    """One package per module, classes of 200 lines; every n-th line is missed until the counts are right."""
    valid, covered = int(coverage["lines_valid"].sum()), int(coverage["lines_covered"].sum())
    parts = [
        '<?xml version="1.0" ?>',
        f'<coverage version="7.6.1" timestamp="{_epoch(day) * 1000}" lines-valid="{valid}" lines-covered="{covered}" '
        f'line-rate="{covered / valid:.4f}" branches-covered="0" branches-valid="0" branch-rate="0" complexity="0">',
        "<packages>",
    ]
    for module, lines, hit in coverage.select("module", "lines_valid", "lines_covered").iter_rows():
        parts.append(f'<package name={quoteattr(module)} line-rate="{hit / lines:.4f}" branch-rate="0" complexity="0">')
        parts.append("<classes>")
        for begin in range(0, lines, LINES_A_CLASS):
            parts.append(f'<class name="part_{begin // LINES_A_CLASS + 1}.py" filename="part_{begin}.py"><lines>')
            for n in range(begin, min(begin + LINES_A_CLASS, lines)):
                hits = (n + 1) * hit // lines - n * hit // lines  # spreads the covered lines evenly
                parts.append(f'<line number="{n - begin + 1}" hits="{hits}"/>')
            parts.append("</lines></class>")
        parts.append("</classes></package>")
    parts.append("</packages></coverage>")
    return "\n".join(parts).encode() + b"\n"


def jacoco_xml(name: str, day: dt.date, coverage: pl.DataFrame) -> bytes:
    """Counters of the packages, as a report without sources holds them."""
    stamp = _epoch(day) * 1000
    parts = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        f"<report name={quoteattr(name)}>",
        f'<sessioninfo id="build" start="{stamp - 600_000}" dump="{stamp}"/>',
    ]
    names = ("lines_valid", "lines_covered", "branches_valid", "branches_covered")
    for module, *counts in coverage.select("module", *names).iter_rows():
        parts.append(f"<package name={quoteattr(module)}>{_counters(*counts)}</package>")
    parts.append(_counters(*(int(coverage[name].sum()) for name in names)))
    parts.append("</report>")
    return "\n".join(parts).encode() + b"\n"


def _counters(lines: int, lines_hit: int, branches: int, branches_hit: int) -> str:
    return (
        f'<counter type="BRANCH" missed="{branches - branches_hit}" covered="{branches_hit}"/>'
        f'<counter type="LINE" missed="{lines - lines_hit}" covered="{lines_hit}"/>'
    )


def junit_xml(name: str, results: pl.DataFrame) -> bytes:
    """One suite per module; the time stamp is local, as most runners write it."""
    local = results["run_at"][0] + dt.timedelta(hours=8)
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name={quoteattr(name)} tests="{results.height}">']
    for key, suite in results.partition_by("suite", as_dict=True, maintain_order=True).items():
        failed = suite.filter(pl.col("outcome") == "failed").height
        skipped = suite.filter(pl.col("outcome") == "skipped").height
        parts.append(
            f'<testsuite name={quoteattr(key[0])} tests="{suite.height}" failures="{failed}" errors="0" '
            f'skipped="{skipped}" timestamp="{local:%Y-%m-%dT%H:%M:%S}">'
        )
        for case, outcome, seconds in suite.select("case", "outcome", "duration_seconds").iter_rows():
            class_name, _, method = case.rpartition(".")
            opening = f'<testcase classname={quoteattr(class_name)} name="{method}" time="{seconds}"'
            inner = {"failed": '<failure message="assertion failed"/>', "skipped": "<skipped/>"}.get(outcome)
            parts.append(f"{opening}>{inner}</testcase>" if inner else f"{opening}/>")
        parts.append("</testsuite>")
    parts.append("</testsuites>")
    return "\n".join(parts).encode() + b"\n"
