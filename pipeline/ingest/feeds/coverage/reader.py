"""Coverage reports (Cobertura, JaCoCo, Clover, LCOV) into the feed coverage: one row per module, with lines and branches.

A line counts once, however often the report lists it, and the lines of a class count, not those of its methods: some tools
list under a method the line of its declaration, which nothing executes. Branches are read where the report states them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from zoneinfo import ZoneInfo

from models.errors import InputError
from models.vocabulary import NO_MODULE
from pipeline.ingest.contracts.read_rows import ReadRows, text_frame
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.files.file_dates import day_of_file
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.files.xml_events import root_element, walk_xml

ROOTS = ("coverage", "report")
_MILLISECONDS_FROM = 10_000_000_000  # as seconds this is the year 2286: a larger stamp is in milliseconds
_CONDITIONS = re.compile(r"\((\d+)/(\d+)\)")  # condition-coverage="50% (1/2)"


def read_coverage(source: SourceFile, measured_on: dt.date | None = None, time_zone: str = "Asia/Shanghai") -> ReadRows:
    """The report in `source`, whichever of the four it is. `measured_on` overrides the report's own date, which is
    otherwise the day in `time_zone` of its time stamp.

    Raises: InputError when the XML is another kind of file, is damaged, or holds no line counts.
    """
    if source.kind == "lcov":
        report = _lcov(source)
    else:
        root, attributes = root_element(source)
        if root == "report":
            report = _jacoco(source)
        elif root == "coverage" and ("clover" in attributes or "generated" in attributes):
            report = _clover(source)
        elif root == "coverage":
            report = _cobertura(source)
        else:
            raise InputError(
                "door.not_coverage",
                "{file} is XML but no coverage report that Plimsoll knows: it opens with <{root}>. "
                "Export the coverage as Cobertura, JaCoCo, Clover or LCOV.",
                file=source.name,
                root=root[:60],
            )
    return _rows(source, report, measured_on, time_zone)


class _Counts:
    """Lines and branches of each module: modules {module: [valid, covered, line of the file where the module opens]},
    branches {module: [valid, covered]}, only of modules whose report states any."""

    def __init__(self, system: str) -> None:
        self.system = system
        self.modules: dict[str, list[int]] = {}
        self.branches: dict[str, list[int]] = {}
        self.cut: list[Reason] = []
        self.records = 0
        self.instant: dt.datetime | None = None
        self.declared: tuple[int, int] | None = None
        self.columns: dict[str, str] = {}

    def opened(self, module: str, line: int) -> None:
        self.modules.setdefault(module, [0, 0, line])

    def add(self, module: str, valid: int, covered: int) -> None:
        counts = self.modules[module]
        counts[0] += valid
        counts[1] += covered

    def add_branches(self, module: str, valid: int, covered: int) -> None:
        if valid:
            counts = self.branches.setdefault(module, [0, 0])
            counts[0] += valid
            counts[1] += covered


def _rows(source: SourceFile, counts: _Counts, measured_on: dt.date | None, time_zone: str) -> ReadRows:
    valid = sum(module[0] for module in counts.modules.values())
    covered = sum(module[1] for module in counts.modules.values())
    if not valid:
        raise InputError(
            "door.no_lines",
            "{file} is a coverage report without a single line count. Compile with debug information (JaCoCo needs it), "
            "run the tests with coverage, and export again.",
            file=source.name,
        )
    reasons = []
    day = measured_on
    if day is None and counts.instant:
        day = counts.instant.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(time_zone)).date()
    if day is None:
        day, reason = day_of_file(source, time_zone)
        reasons.append(reason)
    if counts.declared and counts.declared != (covered, valid):
        reasons.append(_settled_total(source, counts, counts.declared, covered, valid))
    kept = {module: count for module, count in counts.modules.items() if count[0]}
    left_out = [
        {"line": count[2], "rule": "module_without_lines", "text": module}
        for module, count in counts.modules.items()
        if not count[0]
    ]
    rows = [
        {
            "module": module,
            "measured_on": day.isoformat(),
            "lines_valid": str(count[0]),
            "lines_covered": str(count[1]),
            **_branch_cells(counts.branches.get(module)),
            "run_id": source.content_hash[:12],
            "source_row": count[2],
        }
        for module, count in kept.items()
    ]
    return ReadRows(
        "coverage",
        counts.system,
        text_frame("coverage", rows),
        records=len(kept),
        columns=counts.columns,
        left_out=left_out,
        reasons=reasons,
        cut=counts.cut,
        exported_at=counts.instant,
    )


def _branch_cells(branches: list[int] | None) -> dict[str, str]:
    return {"branches_valid": str(branches[0]), "branches_covered": str(branches[1])} if branches else {}


def _settled_total(source: SourceFile, counts: _Counts, declared: tuple[int, int], covered: int, valid: int) -> Reason:
    """A report whose listed lines do not add up to the totals it declares (a tool that counts a line in two methods twice).

    With one module the declared totals are that module's, and what every other tool shows; with several nobody can tell
    whose the difference is, so the listed lines count. Either way it is said.
    """
    details = {
        "file": source.name,
        "said_covered": declared[0],
        "said_valid": declared[1],
        "covered": covered,
        "valid": valid,
    }
    if len(counts.modules) == 1:
        module = next(iter(counts.modules.values()))
        module[0], module[1] = declared[1], declared[0]
        return Reason(
            "door.declared_lines_differ",
            "{file} says {said_covered} of {said_valid} lines and lists {covered} of {valid}; its own totals count.",
            details,
        )
    return Reason(
        "door.listed_lines_differ",
        "{file} says {said_covered} of {said_valid} lines and lists {covered} of {valid}; the listed ones count, "
        "module by module.",
        details,
    )


def stamp(written: str | None) -> dt.datetime | None:
    """Seconds or milliseconds since 1970 as naive UTC; None when nothing sensible is written."""
    try:
        value = float(written or "")
    except ValueError:
        return None
    if value > _MILLISECONDS_FROM:
        value /= 1000
    if value <= 0 or value > 4e9:
        return None
    return dt.datetime.fromtimestamp(value, dt.UTC).replace(tzinfo=None)


def _cobertura(source: SourceFile) -> _Counts:
    counts = _Counts("cobertura")
    counts.columns = {
        "package@name": "module",
        "line@number": "lines_valid",
        "line@hits": "lines_covered",
        "coverage@timestamp": "measured_on",
    }
    lines: dict[tuple[str, str, str], bool] = {}
    branches: dict[tuple[str, str, str], tuple[int, int]] = {}
    place = {"package": NO_MODULE, "file": "", "method": ""}
    of_class: dict[str, bool] = {}
    of_methods: dict[str, bool] = {}

    def start(name: str, attributes: dict[str, str], line: int) -> None:
        if name == "coverage":
            counts.instant = stamp(attributes.get("timestamp"))
            counts.declared = _declared(attributes.get("lines-covered"), attributes.get("lines-valid"))
        elif name == "package":
            place["package"] = attributes.get("name", "").strip(" .") or NO_MODULE
            counts.opened(place["package"], line)
        elif name == "class":
            # Classes may share a file and even a line of it (nested ones, closures, what a compiler makes of async code): the
            # line is known by its file.
            place["file"] = _same_path(attributes.get("filename", "")) or attributes.get("name", "")
        elif name == "method":
            place["method"] = name
        elif name == "line" and "number" in attributes:
            counts.opened(place["package"], line)
            number = attributes["number"]
            found = of_methods if place["method"] else of_class
            found[number] = found.get(number, False) or _is_hit(attributes.get("hits"))
            if conditions := _CONDITIONS.search(attributes.get("condition-coverage", "")):
                key = (place["package"], place["file"], number)
                covered, valid = max(branches.get(key, (0, 0)), (int(conditions[1]), int(conditions[2])))
                branches[key] = (covered, valid)

    def end(name: str) -> None:
        if name == "method":
            place["method"] = ""
        elif name == "class":
            for number, is_covered in (of_class or of_methods).items():
                key = (place["package"], place["file"], number)
                lines[key] = lines.get(key, False) or is_covered
            of_class.clear()
            of_methods.clear()

    walk_xml(source, start, end)
    for (package, _, _), is_covered in lines.items():
        counts.add(package, 1, is_covered)
    for (package, _, _), (covered, valid) in branches.items():
        counts.add_branches(package, valid, covered)
    return counts


def _declared(covered: str | None, valid: str | None) -> tuple[int, int] | None:
    if covered and valid and covered.isdigit() and valid.isdigit() and int(valid):
        return int(covered), int(valid)
    return None


def _jacoco(source: SourceFile) -> _Counts:
    """LINE counters of the packages; where the report has groups (one per module of the build), of the outermost group."""
    counts = _Counts("jacoco")
    counts.columns = {
        "package@name": "module",
        "counter@missed + @covered": "lines_valid",
        "counter@covered": "lines_covered",
        "sessioninfo@dump": "measured_on",
    }
    path: list[tuple[str, str]] = []
    dumps: list[dt.datetime] = []

    def start(name: str, attributes: dict[str, str], line: int) -> None:
        if name in ("package", "group") and not any(element == "group" for element, _ in path):
            counts.opened(_dotted(attributes.get("name", "")), line)
        if name == "counter" and attributes.get("type") in ("LINE", "BRANCH") and path and path[-1][0] == "package":
            covered, missed = int(attributes.get("covered", 0)), int(attributes.get("missed", 0))
            group = next((value for element, value in path if element == "group"), None)
            add = counts.add if attributes["type"] == "LINE" else counts.add_branches
            add(_dotted(group or path[-1][1]), covered + missed, covered)
        elif name == "sessioninfo" and (instant := stamp(attributes.get("dump"))):
            dumps.append(instant)
        path.append((name, attributes.get("name", "")))

    walk_xml(source, start, lambda name: path.pop())
    counts.instant = max(dumps, default=None)
    return counts


def _dotted(package: str) -> str:
    return package.replace("/", ".") or NO_MODULE


def _clover(source: SourceFile) -> _Counts:
    counts = _Counts("clover")
    counts.columns = {
        "package@name": "module",
        "line@num": "lines_valid",
        "line@count": "lines_covered",
        "coverage@generated": "measured_on",
    }
    lines: dict[tuple[str, str, str], bool] = {}
    conditions: dict[tuple[str, str, str], int] = {}
    summaries: dict[tuple[str, str], tuple[int, int]] = {}  # (module, file): statements that its metrics state
    project: list[int] = []
    path: list[str] = []
    place = {"package": "", "file": "", "tests": ""}

    def start(name: str, attributes: dict[str, str], line: int) -> None:
        parent = path[-1] if path else ""
        path.append(name)
        if name == "coverage":
            counts.instant = stamp(attributes.get("generated"))
        elif name == "testproject":  # the coverage of the tests' own code
            place["tests"] = name
        elif place["tests"]:
            return
        elif name == "package":
            place["package"] = attributes.get("name", "")
            counts.opened(place["package"] or NO_MODULE, line)
        elif name == "file":
            place["file"] = _same_path(attributes.get("path") or attributes.get("name", ""))
            counts.opened(place["package"] or _folder(place["file"]), line)
        elif name == "metrics" and attributes.get("statements", "").isdigit():
            statements, covered = int(attributes["statements"]), int(attributes.get("coveredstatements") or 0)
            if parent == "file":
                summaries[place["package"] or _folder(place["file"]), place["file"]] = (statements, covered)
            elif parent == "project":
                project.append(statements)
        elif name == "line" and attributes.get("type") in ("stmt", "cond") and "num" in attributes:
            key = (place["package"] or _folder(place["file"]), place["file"], attributes["num"])
            hits = attributes.get("count", "0")
            ways = [_is_hit(attributes.get(name)) for name in ("truecount", "falsecount") if name in attributes]
            if attributes["type"] == "cond" and ways:
                conditions[key] = max(conditions.get(key, 0), sum(ways))
            if attributes["type"] == "cond" and "count" not in attributes:
                hits = "1" if any(ways) else "0"
            lines[key] = lines.get(key, False) or _is_hit(hits)

    def end(name: str) -> None:
        path.pop()
        if name == "package":
            place["package"] = ""
        elif name == "testproject":
            place["tests"] = ""

    walk_xml(source, start, end)
    for (module, _, _), is_covered in lines.items():
        counts.add(module, 1, is_covered)
    for (module, _, _), covered in conditions.items():
        counts.add_branches(module, 2, covered)
    listed = {(module, file) for module, file, _ in lines}
    for (module, file), (statements, covered) in summaries.items():
        if (module, file) not in listed:  # a summary without lines: its statements are what is known of the file
            counts.add(module, statements, covered)
    stated = sum(statements for statements, _ in summaries.values())
    if summaries and sum(project) > stated:
        counts.cut.append(
            Reason(
                "door.coverage_cut",
                "{file} says that its project has {said} statements, and its files hold {found}: some files are missing. "
                "Export the whole report, or accept this one as it is.",
                {"file": source.name, "said": sum(project), "found": stated},
            )
        )
    return counts


def _folder(path: str) -> str:
    return PureWindowsPath(path).parent.name or NO_MODULE


def _is_hit(count: str | None) -> bool:
    """Whether a count of executions is more than nothing; counters that ran over are negative, and were executed."""
    return (count or "").strip() not in ("", "0", "0.0")


def _same_path(path: str) -> str:
    """One file, however its path is written: C:\\w\\a.c and c:/w/a.c."""
    slashed = path.strip().replace("\\", "/")
    return slashed[0].lower() + slashed[1:] if slashed[1:2] == ":" else slashed


@dataclass
class _LcovFile:
    """All records of one source file: LCOV writes one for each test, and a line counts once."""

    line: int
    hits: dict[str, bool] = field(default_factory=dict)
    totals: list[tuple[int, int]] = field(default_factory=list)
    branches: dict[str, bool] = field(default_factory=dict)

    def counts(self) -> tuple[int, int]:
        """(valid, covered): of one record what it says itself, of several the lines that any of them covered."""
        if len(self.totals) == 1 and min(self.totals[0]) >= 0:
            return self.totals[0]
        if self.hits:
            return len(self.hits), sum(self.hits.values())
        return max(max(valid, 0) for valid, _ in self.totals), max(max(covered, 0) for _, covered in self.totals)


def _lcov(source: SourceFile) -> _Counts:
    """LF and LH of each file (else its DA lines), summed by the first folder below the one all files share."""
    counts = _Counts("lcov")
    counts.columns = {"SF": "module", "LF": "lines_valid", "LH": "lines_covered"}
    files: dict[str, _LcovFile] = {}
    current: _LcovFile | None = None
    said: dict[str, int] = {}
    with source.path.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
        for number, written in enumerate(stream, start=1):
            word, _, value = written.strip().partition(":")
            if word == "SF":
                current, said = files.setdefault(_same_path(value), _LcovFile(number)), {}
                opened = number
            elif current is None:
                continue
            elif word == "DA":
                place, _, rest = value.partition(",")
                if not place.strip().isdigit() or not rest:
                    raise _broken_lcov(source, number, written)
                current.hits[place] = current.hits.get(place, False) or _is_hit(rest.partition(",")[0])
            elif word == "BRDA":
                place, _, taken = value.rpartition(",")
                current.branches[place] = current.branches.get(place, False) or _is_hit(taken.replace("-", ""))
            elif word in ("LF", "LH") and value.strip().isdigit():
                said[word] = int(value)
            elif word == "end_of_record":
                is_said = len(said) == 2 or not current.hits
                current.totals.append((said.get("LF", 0), said.get("LH", 0)) if is_said else (-1, -1))
                current = None
    if current is not None:
        raise InputError(
            "door.cut_off_lcov",
            "{file}, line {line}: the record of the last source file has no end_of_record, so the report was cut off. "
            "Export it again.",
            file=source.name,
            line=opened,
        )
    shared = _shared_folder(list(files))
    for path, file in files.items():
        below = PureWindowsPath(path).parts[len(shared) :]
        module = below[0] if len(below) > 1 else (shared[-1].strip("\\/:") if shared else "") or NO_MODULE
        counts.opened(module, file.line)
        counts.add(module, *file.counts())
        counts.add_branches(module, len(file.branches), sum(file.branches.values()))
    return counts


def _broken_lcov(source: SourceFile, line: int, written: str) -> InputError:
    return InputError(
        "door.broken_lcov",
        "{file}, line {line}: a line of coverage reads DA:line,hits, and this one does not: {text}. The report is damaged; "
        "export it again.",
        file=source.name,
        line=line,
        text=written.strip()[:60],
    )


def _shared_folder(files: list[str]) -> tuple[str, ...]:
    """Parts of the folder path that all files have in common; both slashes part folders."""
    parents = [PureWindowsPath(file).parent.parts for file in files]
    shared = []
    for parts in zip(*parents, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return tuple(shared)
