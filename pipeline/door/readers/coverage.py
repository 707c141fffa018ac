"""Coverage reports (Cobertura, JaCoCo, Clover, LCOV) into the feed coverage: one row per module.

A line counts once, however often the report lists it: Cobertura repeats the lines of its methods under their class.
"""

from __future__ import annotations

import datetime as dt
from pathlib import PureWindowsPath
from zoneinfo import ZoneInfo

from models.errors import InputError
from models.vocabulary import NO_MODULE
from pipeline.door.file_dates import day_of_file
from pipeline.door.readers import ReadRows, text_frame
from pipeline.door.readers.xml_events import root_element, walk_xml
from pipeline.door.reasons import Reason
from pipeline.door.source import SourceFile

_MILLISECONDS_FROM = 10_000_000_000  # as seconds this is the year 2286: a larger stamp is in milliseconds


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
    """Lines of each module: {module: [valid, covered, line of the file where the module opens]}."""

    def __init__(self, system: str) -> None:
        self.system = system
        self.modules: dict[str, list[int]] = {}
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
        reasons.append(_settled_total(source, counts, covered, valid))
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
        exported_at=counts.instant,
    )


def _settled_total(source: SourceFile, counts: _Counts, covered: int, valid: int) -> Reason:
    """A report whose listed lines do not add up to the totals it declares (a tool that counts a line in two methods twice).

    With one module the declared totals are that module's, and what every other tool shows; with several nobody can tell
    whose the difference is, so the listed lines count. Either way it is said.
    """
    details = {
        "file": source.name,
        "said_covered": counts.declared[0],
        "said_valid": counts.declared[1],
        "covered": covered,
        "valid": valid,
    }
    if len(counts.modules) == 1:
        module = next(iter(counts.modules.values()))
        module[0], module[1] = counts.declared[1], counts.declared[0]
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
    place = {"package": NO_MODULE, "class": ""}

    def start(name: str, attributes: dict[str, str], line: int) -> None:
        if name == "coverage":
            counts.instant = stamp(attributes.get("timestamp"))
            counts.declared = _declared(attributes.get("lines-covered"), attributes.get("lines-valid"))
        elif name == "package":
            place["package"] = attributes.get("name", "").strip(" .") or NO_MODULE
            counts.opened(place["package"], line)
        elif name == "class":
            # Two classes may share a file (partial, nested): their lines are counted for each, as Cobertura's own sums do.
            place["class"] = f"{attributes.get('filename', '')}|{attributes.get('name', '')}"
        elif name == "line" and "number" in attributes:
            counts.opened(place["package"], line)
            key = (place["package"], place["class"], attributes["number"])
            lines[key] = lines.get(key, False) or attributes.get("hits", "0").strip() not in ("0", "")

    walk_xml(source, start)
    for (package, _, _), is_covered in lines.items():
        counts.add(package, 1, is_covered)
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
        if name == "counter" and attributes.get("type") == "LINE" and path and path[-1][0] == "package":
            covered, missed = int(attributes.get("covered", 0)), int(attributes.get("missed", 0))
            group = next((value for element, value in path if element == "group"), None)
            counts.add(_dotted(group or path[-1][1]), covered + missed, covered)
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
    place = {"package": "", "file": ""}

    def start(name: str, attributes: dict[str, str], line: int) -> None:
        if name == "coverage":
            counts.instant = stamp(attributes.get("generated"))
        elif name == "package":
            place["package"] = attributes.get("name", "")
            counts.opened(place["package"] or NO_MODULE, line)
        elif name == "file":
            place["file"] = attributes.get("path") or attributes.get("name", "")
            counts.opened(place["package"] or _folder(place["file"]), line)
        elif name == "line" and attributes.get("type") in ("stmt", "cond") and "num" in attributes:
            key = (place["package"] or _folder(place["file"]), place["file"], attributes["num"])
            hits = attributes.get("count", "0")
            if attributes["type"] == "cond" and "count" not in attributes:
                hits = str(int(attributes.get("truecount", 0)) + int(attributes.get("falsecount", 0)))
            lines[key] = lines.get(key, False) or hits.strip() != "0"

    def end(name: str) -> None:
        if name == "package":
            place["package"] = ""

    walk_xml(source, start, end)
    for (module, _, _), is_covered in lines.items():
        counts.add(module, 1, is_covered)
    return counts


def _folder(path: str) -> str:
    return PureWindowsPath(path).parent.name or NO_MODULE


def _lcov(source: SourceFile) -> _Counts:
    """LF and LH of each file (else its DA lines), summed by the first folder below the one all files share."""
    counts = _Counts("lcov")
    counts.columns = {"SF": "module", "LF": "lines_valid", "LH": "lines_covered"}
    files: list[tuple[str, int, int, int]] = []
    current: dict = {}
    is_open = False
    with source.path.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
        for number, written in enumerate(stream, start=1):
            word, _, value = written.strip().partition(":")
            if word == "SF":
                current, is_open = {"file": value, "line": number, "hits": {}}, True
            elif word == "DA" and is_open:
                parts = value.split(",")
                current["hits"][parts[0]] = current["hits"].get(parts[0], False) or parts[1].strip() not in ("0", "")
            elif word in ("LF", "LH") and is_open:
                current[word] = value
            elif word == "end_of_record" and is_open:
                files.append(_lcov_file(current))
                is_open = False
    if is_open:
        raise InputError(
            "door.cut_off_lcov",
            "{file}, line {line}: the record of the last source file has no end_of_record, so the report was cut off. "
            "Export it again.",
            file=source.name,
            line=current["line"],
        )
    shared = _shared_folder([file for file, *_ in files])
    for file, line, valid, covered in files:
        below = PureWindowsPath(file).parts[len(shared) :]
        module = below[0] if len(below) > 1 else (shared[-1].strip("\\/:") if shared else "") or NO_MODULE
        counts.opened(module, line)
        counts.add(module, valid, covered)
    return counts


def _lcov_file(record: dict) -> tuple[str, int, int, int]:
    hits = record["hits"]
    valid = int(record["LF"]) if record.get("LF", "").isdigit() else len(hits)
    covered = int(record["LH"]) if record.get("LH", "").isdigit() else sum(hits.values())
    return record["file"], record["line"], valid, covered


def _shared_folder(files: list[str]) -> tuple[str, ...]:
    """Parts of the folder path that all files have in common; both slashes part folders."""
    parents = [PureWindowsPath(file).parent.parts for file in files]
    shared = []
    for parts in zip(*parents, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return tuple(shared)
