"""Coverage reports into the feed coverage, each as its YAML file says that it reads: one row per module, lines and branches.

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
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.known import KnownReport
from pipeline.ingest.dialects.reports import CoverageReport, Lines, Totals
from pipeline.ingest.files.elements import Element, Elements, kind_of, places
from pipeline.ingest.files.file_dates import day_of_file
from pipeline.ingest.files.source import SourceFile

_MILLISECONDS_FROM = 10_000_000_000  # as seconds this is the year 2286: a larger stamp is in milliseconds
_CONDITIONS = re.compile(r"\((\d+)/(\d+)\)")  # condition-coverage="50% (1/2)"
_NO_HITS = frozenset({"", "0", "0.0", "-", "false"})


def read_coverage(
    source: SourceFile,
    measured_on: dt.date | None = None,
    time_zone: str = "Asia/Shanghai",
    kind: KnownReport | None = None,
) -> ReadRows:
    """The report in `source`, of the kind that was recognized, else of whichever is known. `measured_on` overrides the report's
    own date, which is otherwise the day in `time_zone` of its time stamp.

    Raises: InputError when the file is of another kind, is damaged, or holds no line counts.
    """
    kind = kind or kind_of(source, dialects().reports, CoverageReport)
    assert isinstance(kind.report, CoverageReport)
    coverage = _Coverage(source, kind.report)
    coverage.read()
    modules = coverage.modules()
    if not any(module.valid for module in modules.values()):
        raise InputError(
            "ingest.no_lines",
            "{file} is a coverage report without a single line count. Compile with debug information, run the tests with "
            "coverage, and export again.",
            file=source.name,
        )
    reasons = []
    day = measured_on
    if day is None and coverage.instant:
        day = coverage.instant.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(time_zone)).date()
    if day is None:
        day, reason = day_of_file(source, time_zone)
        reasons.append(reason)
    if coverage.declared:
        reasons += _settled_total(source, coverage.declared, list(modules.values()))
    rows = [
        {
            "module": name,
            "measured_on": day.isoformat(),
            "lines_valid": str(module.valid),
            "lines_covered": str(module.covered),
            **module.branch_cells(),
            "run_id": source.content_hash[:12],
            "source_row": module.line,
        }
        for name, module in modules.items()
        if module.valid
    ]
    return ReadRows(
        "coverage",
        kind.tool,
        text_frame("coverage", rows),
        records=len(rows),
        columns=coverage.columns(),
        left_out=[
            {"line": module.line, "rule": "module_without_lines", "text": name}
            for name, module in modules.items()
            if not module.valid
        ],
        reasons=reasons,
        cut=coverage.missing_files(),
        exported_at=coverage.instant,
    )


@dataclass(slots=True)
class _Module:
    """line: of the report, where the module opens."""

    line: int
    valid: int = 0
    covered: int = 0
    branches_valid: int = 0
    branches_covered: int = 0

    def branch_cells(self) -> dict[str, str]:
        if not self.branches_valid:
            return {}
        return {"branches_valid": str(self.branches_valid), "branches_covered": str(self.branches_covered)}


@dataclass(slots=True)
class _File:
    """All that a report lists and states of one source file.

    hits: line → whether it was executed; weights: line → statements it stands for, where that is not 1; stated: (valid,
    covered) of each record; branches: way → (covered, valid).
    """

    line: int
    hits: dict[str, bool] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    stated: list[tuple[int | None, int | None]] = field(default_factory=list)
    branches: dict[str, tuple[int, int]] = field(default_factory=dict)

    def hit(self, number: str, is_hit: bool) -> None:
        self.hits[number] = self.hits.get(number, False) or is_hit

    def branch(self, way: str, covered: int, valid: int) -> None:
        self.branches[way] = max(self.branches.get(way, (0, 0)), (covered, valid))

    def lines(self, stated_first: bool) -> tuple[int, int]:
        """(valid, covered): the lines that any record covered; what one states, where none is listed or that comes first."""
        match self.stated:
            case [(int(valid), int(covered))] if stated_first:
                return valid, covered
        if self.hits:
            weights = (
                {line: self.weights.get(line, 1) for line in self.hits} if self.weights else dict.fromkeys(self.hits, 1)
            )
            return sum(weights.values()), sum(weights[line] for line, hit in self.hits.items() if hit)
        most_valid, most_covered = (max((counts[which] or 0 for counts in self.stated), default=0) for which in (0, 1))
        return most_valid, most_covered


class _Coverage:
    """What a report holds, gathered while it is walked through.

    instant: naive UTC, where the report says when it was made; declared: (covered, valid) of the whole as it states them.
    """

    def __init__(self, source: SourceFile, report: CoverageReport) -> None:
        self.instant: dt.datetime | None = None
        self.declared: tuple[int, int] | None = None
        self._source, self._report = source, report
        self._module_places, self._file_places = places(report.module), places(report.file)
        totals = [*report.stated, *report.stated_branches, report.declared, report.whole]
        stated = [[place for place in (part.valid, part.missed, part.covered) if place] for part in totals if part]
        self._elements = Elements(source, report, places(report.module, report.file, report.measured_on, *stated))
        self._path = self._elements.path
        self._owners = {place.element for place in self._file_places if place.element and not place.where}
        self._module_elements = {place.element for place in self._module_places}
        self._owner: _File | None = None  # the file whose element is open
        self._has_own, self._aside = False, dict[str, bool]()
        self._files: dict[tuple[str | None, str], _File] = {}
        self._modules: dict[str, int] = {}
        self._whole = 0

    def read(self) -> None:
        self._elements.walk(self._start, self._end)

    def _start(self, element: Element) -> None:
        report = self._report
        if report.lines and element.name == report.lines.element:
            self._line(element, report.lines)
        elif report.branches and element.name == report.branches.element:
            way = _number(element, report.branches)
            self._file().branch(way, int(_is_hit(element.attributes.get(report.branches.hits[0]))), 1)
        elif element.name in self._owners:
            self._owner, self._has_own = None, False
            self._aside.clear()

    def _line(self, element: Element, lines: Lines) -> None:
        attributes, number = element.attributes, _number(element, lines)
        if not number:
            return
        count = next((attributes[name] for name in lines.hits if name in attributes), None)
        ways = [_is_hit(attributes[name]) for name in lines.ways if name in attributes]
        is_hit = any(ways) if count is None else _is_hit(count)
        file = self._file()
        if self._report.aside and any(around.name in self._report.aside for around in self._path):
            self._aside[number] = self._aside.get(number, False) or is_hit
        else:
            self._has_own = True
            file.hit(number, is_hit)
        if lines.weight:
            file.weights[number] = _count(attributes.get(lines.weight)) or 0
        if ways:
            file.branch(number, sum(ways), len(lines.ways))
        elif lines.conditions and (found := _CONDITIONS.search(attributes.get(lines.conditions, ""))):
            file.branch(number, int(found[1]), int(found[2]))
        elif lines.branches:
            names = lines.branches["valid"], lines.branches["covered"]
            valid, covered = (_count(attributes.get(name)) for name in names)
            file.branch(number, covered or 0, valid or 0)

    def _end(self, element: Element) -> None:
        report = self._report
        for totals in report.stated:
            if self._is_of(element, totals):
                self._file().stated.append(self._counted(totals))
        for totals in report.stated_branches:
            if self._is_of(element, totals):
                valid, covered = self._counted(totals)
                self._file().branch("", covered or 0, valid or 0)
        if report.whole and self._is_of(element, report.whole):
            self._whole += self._counted(report.whole)[0] or 0
        if report.declared and self._is_of(element, report.declared):
            valid, covered = self._counted(report.declared)
            self.declared = (covered, valid) if valid and covered is not None else None
        if element.name in self._owners:
            file = self._file()
            if not self._has_own:
                for number, is_hit in self._aside.items():
                    file.hit(number, is_hit)
            self._owner = None
        if element.name in self._module_elements:
            self._opened_module()
        if len(self._path) == 1:
            stamps = [stamp(written) for written in self._elements.values(report.measured_on)]
            self.instant = max((instant for instant in stamps if instant), default=None)

    def _is_of(self, element: Element, totals: Totals) -> bool:
        around, _, name = totals.element.rpartition("/")
        if element.name != name or (around and (len(self._path) < 2 or self._path[-2].name != around)):
            return False
        attribute, _, value = (totals.only or "").partition("=")
        return not attribute or element.attributes.get(attribute) == value

    def _counted(self, totals: Totals) -> tuple[int | None, int | None]:
        """(valid, covered) as they stand there; None for what is no count."""
        valid, missed, covered = (
            _count(next(self._elements.values([place]), "")) if place else None
            for place in (totals.valid, totals.missed, totals.covered)
        )
        return (valid if missed is None else missed + (covered or 0)), covered

    def _file(self) -> _File:
        """The file that the open elements are of."""
        if self._owner is not None:
            return self._owner
        module = self._opened_module()
        path = _same_path(next(self._elements.values(self._report.file), ""))
        if not self._file_places:  # what is counted of a module is no file's
            path = str(self._path[-2].number)
        owner = next((around for around in self._path if around.name in self._owners), None)
        file = self._files.setdefault(
            (module, path), _File((owner or self._path[-2 if ".." in self._report.file else -1]).line)
        )
        self._owner = file if owner else None
        return file

    def _opened_module(self) -> str | None:
        """The module that the open elements are of; None where the folder of a file tells it."""
        unnamed = None if self._report.by_folder else NO_MODULE
        for written_place, place in zip(self._report.module, self._module_places, strict=True):
            holder = next((around for around in self._path if around.name == place.element), None)
            if holder is not None:
                written = place.value(holder)
                name = (written.replace("/", ".") if self._report.dotted else written).strip(" .") or unnamed
                if name:
                    self._modules.setdefault(name, holder.line)
                    self._elements.used[written_place] = None
                return name
        if unnamed:
            self._modules.setdefault(unnamed, self._path[-1].line)
        return unnamed

    def modules(self) -> dict[str, _Module]:
        found = {name: _Module(line) for name, line in self._modules.items()}
        shared = _shared_folder([path for module, path in self._files if module is None])
        for (named, path), file in self._files.items():
            name = named or (_folder(path) if self._report.by_folder == "parent" else _folder_below(path, shared))
            module = found.setdefault(name, _Module(file.line))
            valid, covered = file.lines(self._report.stated_first)
            module.valid += valid
            module.covered += covered
            for branches_covered, branches_valid in file.branches.values():
                module.branches_valid += branches_valid
                module.branches_covered += branches_covered
        return found

    def columns(self) -> dict[str, str]:
        """{place in the report: canonical column}; of places that may stay empty those that held something."""
        report, used = self._report, self._elements.used
        found = {place.lstrip("/"): "measured_on" for place in report.measured_on if place in used}
        found |= {place: "module" for place in report.module if place in used} or dict.fromkeys(report.file, "module")
        if lines := report.lines:
            found |= {
                f"{lines.element}@{lines.number[0]}": "lines_valid",
                f"{lines.element}@{lines.hits[0]}": "lines_covered",
            }
        for totals in report.stated if not report.lines else ():
            found |= {f"{totals.element}{totals.valid or totals.missed}": "lines_valid"}
            found |= {f"{totals.element}{totals.covered}": "lines_covered"}
        return found

    def missing_files(self) -> list[Reason]:
        """What says that the report was cut: it states more of the whole than its files do."""
        stated = [file.stated[-1][0] or 0 for file in self._files.values() if file.stated]
        if not stated or self._whole <= sum(stated):
            return []
        return [
            Reason(
                "ingest.coverage_cut",
                "{file} says that its project has {said} statements, and its files hold {found}: some files are missing. "
                "Export the whole report, or accept this one as it is.",
                {"file": self._source.name, "said": self._whole, "found": sum(stated)},
            )
        ]


def _count(written: str | None) -> int | None:
    return int(written) if written and written.isdigit() else None


def _number(element: Element, lines: Lines) -> str:
    if len(lines.number) == 1:
        return element.attributes.get(lines.number[0], "")
    return "-".join(filter(None, (element.attributes.get(name) for name in lines.number)))


def _settled_total(source: SourceFile, declared: tuple[int, int], modules: list[_Module]) -> list[Reason]:
    """A report whose listed lines do not add up to the totals it declares (a tool that counts a line in two methods twice).

    With one module the declared totals are that module's, and what every other tool shows; with several nobody can tell
    whose the difference is, so the listed lines count. Either way it is said.
    """
    covered, valid = sum(module.covered for module in modules), sum(module.valid for module in modules)
    if declared == (covered, valid):
        return []
    details = {
        "file": source.name,
        "said_covered": declared[0],
        "said_valid": declared[1],
        "covered": covered,
        "valid": valid,
    }
    if len(modules) == 1:
        modules[0].covered, modules[0].valid = declared
        return [
            Reason(
                "ingest.declared_lines_differ",
                "{file} says {said_covered} of {said_valid} lines and lists {covered} of {valid}; its own totals count.",
                details,
            )
        ]
    return [
        Reason(
            "ingest.listed_lines_differ",
            "{file} says {said_covered} of {said_valid} lines and lists {covered} of {valid}; the listed ones count, "
            "module by module.",
            details,
        )
    ]


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


def _folder(path: str) -> str:
    return PureWindowsPath(path).parent.name or NO_MODULE


def _folder_below(path: str, shared: tuple[str, ...]) -> str:
    """The first folder below the one that all files share, else that one itself."""
    below = PureWindowsPath(path).parts[len(shared) :]
    return below[0] if len(below) > 1 else (shared[-1].strip("\\/:") if shared else "") or NO_MODULE


def _is_hit(count: str | None) -> bool:
    """Whether a count of executions is more than nothing; counters that ran over are negative, and were executed."""
    return (count or "").strip() not in _NO_HITS


def _same_path(path: str) -> str:
    """One file, however its path is written: C:\\w\\a.c and c:/w/a.c."""
    slashed = path.strip().replace("\\", "/")
    return slashed[0].lower() + slashed[1:] if slashed[1:2] == ":" else slashed


def _shared_folder(files: list[str]) -> tuple[str, ...]:
    """Parts of the folder path that all files have in common; both slashes part folders."""
    parents = [PureWindowsPath(file).parent.parts for file in files]
    shared = []
    for parts in zip(*parents, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return tuple(shared)
