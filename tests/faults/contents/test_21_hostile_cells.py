"""Fault 21: cells, names and sheets that hold markup, links, pictures or formulas.

On every page they are text; in every export of ours they run nothing, and -5 stays a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from pipeline.cli.output.tables import write_csv
from pipeline.ingest import batches
from pipeline.ingest.resubmission import mendable_csv
from tests import worlds
from tests.conftest import REPOSITORY
from tests.faults.contents import workbook_attacks as attacks
from tests.ingest.exports import load
from ui.shell.tables import neutral_csv
from ui.shell.wording import safe

PAGES = tuple(sorted(path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "pages").glob("*/*.py")))
MARKUP = (
    "<script>evil()</script>![evil](https://evil.example/p.png)[evil](javascript:evil()):red[evil]:material/bug:$evil$"
)
# What must never stand as it is where Streamlit reads markdown or HTML.
_ALIVE = re.compile(r"(?<!\\)(<script|!\[evil|\[evil\]\(|:red\[|:material/bug|\$evil)|javascript:evil")
# Fields that the browser shows as plain text, or that hold data; everything else may be read as markdown.
_PLAIN = {
    ("Selectbox", "options"),
    ("Selectbox", "raw_value"),
    ("MultiSelect", "options"),
    ("MultiSelect", "raw_values"),
    ("TextInput", "default"),
    ("TextInput", "value"),
    ("TextArea", "default"),
    ("Text", "body"),
    ("Code", "code_text"),
    ("BidiComponent", "json"),  # components of ours write text as text: tests/browser
    ("Dataframe", "columns"),
    ("Arrow", "columns"),
}
# A chart reads no markdown; of HTML it reads some, so that every < in its texts must be spelled out.
_ALIVE_IN_CHARTS = re.compile(r"(<|\\u003c)/?script")
# HTML of ours reads no markdown (its block in markdown has no blank line, at which it would end); its elements are ours alone.
_ALIVE_IN_HTML = re.compile(r"<script|<img[^>]*evil|(href|src)=[\"']?\s*javascript", re.IGNORECASE)

# (cell, what a spreadsheet may get of it)
CELLS = [
    ('=HYPERLINK("http://evil.example";"x")', '\'=HYPERLINK("http://evil.example";"x")'),
    ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
    ("+1+cmd()", "'+1+cmd()"),
    ("-2+3", "'-2+3"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1+1", "'\t=1+1"),
    ("\r=1+1", "'\r=1+1"),
    ("  =1+1", "'  =1+1"),
    ("＝1+1", "'＝1+1"),
    ("-5", "-5"),
    ("-1,234.50", "-1,234.50"),
    ("+3%", "+3%"),
    ("-1.2E-05", "-1.2E-05"),
    ("a-b=c", "a-b=c"),
    (MARKUP, MARKUP),
]


def _cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_in_the_downloads_of_the_dashboard() -> None:
    frame = pl.DataFrame({"what": [cell for cell, _ in CELLS], "=head()": [-5] * len(CELLS)})
    head, *rows = _cells(neutral_csv(frame))
    assert head == ["what", "'=head()"]
    assert rows == [[exported, "-5"] for _, exported in CELLS]


def test_in_the_files_of_the_command_line(tmp_path: Path) -> None:
    write_csv(pl.DataFrame({"what": [cell for cell, _ in CELLS], "=head()": [-5] * len(CELLS)}), tmp_path / "out.csv")
    head, *rows = _cells((tmp_path / "out.csv").read_bytes())
    assert head == ["what", "'=head()"]
    assert rows == [[exported, "-5"] for _, exported in CELLS]


def test_in_rejected_rows_that_are_to_be_mended(data_dir: DataDir) -> None:
    rows = ["2026-03-02,p101,YB,8,x"] + [
        f'2026-13-45,"{cell.replace(chr(34), chr(34) * 2)}",YB,-5,y' for cell, _ in CELLS
    ]
    load(data_dir, "hours.csv", "\n".join(["Date,Person,Project,Hours,=note()", *rows]) + "\n")
    head, *held = _cells(mendable_csv(data_dir, batches(data_dir)[0].batch_id))
    assert head[:5] == ["Date", "Person", "Project", "Hours", "'=note()"]
    assert len(held) == len(CELLS)
    for row, (_, exported) in zip(held, CELLS, strict=True):
        assert row[1].replace("\n", "\r") == exported and row[3] == "-5"


def test_every_button_that_downloads_makes_its_file_neutral() -> None:
    """A new download goes through the one function that knows; a text of our own (YAML) is no table."""
    allowed = re.compile(r"neutral_csv|mendable_csv|rejected_rows|profile_yaml|workbook")
    found, calls = [], 0
    for folder in ("ui", "pages"):
        for path in (REPOSITORY / folder).rglob("*.py"):
            if path.name != "tables.py" or path.parent.name != "shell":  # the one place that draws such a button
                assert "download_button(" not in path.read_text("utf-8"), path
            for place in re.finditer(r"(?<!def )save_button\(", path.read_text("utf-8")):
                calls += 1
                call = path.read_text("utf-8")[place.start() : place.start() + 300]
                if not allowed.search(call):
                    found.append(f"{path.name}: {call[:80]}")
    assert found == [] and calls >= 3


def hostile(data_dir: DataDir) -> None:
    """The critical world with markup wherever a file may hold text."""
    from pipeline.refresh.refreshing import refresh

    exports = worlds._project() | worlds._work(lines_covered=7_000, cost_each_month=125_000)
    quoted = '"' + MARKUP + '"'
    changed = {
        "projects": {"轻舟项目": quoted, "建设单位甲": quoted},
        "budget": {"阶段": MARKUP, ",core,": f",{quoted},"},
        "schedule": {"阶段": MARKUP, ",core,": f",{quoted},"},
        "costs": {",core,": f",{quoted},"},
        "issues": {"缺陷 ": MARKUP, ",core,": f",{quoted},"},
        "code_size": {",core,": f",{quoted},"},
        "coverage": {",core,": f",{quoted},"},
        "test_results": {",core,": f",{quoted},", "回归": quoted, "用例": MARKUP},
    }
    for feed, text in exports.items():
        for old, new in changed[feed].items():
            text = text.replace(old, new)  # noqa: PLW2901
        entries = load(data_dir, f"{MARKUP[:60]} {feed}.csv", text, feed=feed)
        assert [entry["status"] for entry in entries] == ["landed"], entries
    hours = [("日期", "姓名", "项目", "工时", MARKUP)]
    hours += [("2026-06-02", MARKUP, code, 8, "=1+1") for code in ("QT", MARKUP, f"{MARKUP}2")]
    hours += [("2026-13-45", MARKUP, "QT", MARKUP, MARKUP)]
    content = attacks.workbook(lambda book, sheet: [sheet.write_row(n, 0, row) for n, row in enumerate(hours)])
    assert load(data_dir, f"{MARKUP[:60]}.xlsx", content, feed="worklogs")[0]["rows_accepted"] == 3
    load(data_dir, f"{MARKUP[:60]}.pdf", b"%PDF-1.7")
    assert refresh(data_dir).status == "published"


def test_on_every_page_it_is_text(made_once, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLIMSOLL_DATA", str(made_once("world-hostile", hostile).root))
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
    app.query_params["lang"] = "en"
    app.query_params["project"] = "QT"
    app.query_params["of"] = "QT"
    app.query_params["kpi"] = "test_coverage"
    app.run()
    for page in PAGES:
        app.switch_page(page).run()
        assert not app.exception, page
        assert not app.error, (page, [error.value for error in app.error])
        alive = [
            f"{kind}.{name}: {text[found.start() : found.end() + 100]}"
            for kind, name, text in _texts(app)
            if (found := _alive_in(kind, text).search(text))
        ]
        assert alive == [], page


def _alive_in(kind: str, text: str) -> re.Pattern:
    if kind == "Html" or (kind == "Markdown" and text.startswith("<div class='drawn'>") and "\n" not in text):
        return _ALIVE_IN_HTML
    return _ALIVE_IN_CHARTS if kind == "PlotlyChart" else _ALIVE


@cache
def _is_plain(kind: str, name: str) -> bool:
    return (kind, name) in _PLAIN


def _texts(app: AppTest) -> Iterator[tuple[str, str, str]]:
    """(kind of element, field, text) of every text that the browser may read as markdown or HTML."""
    for node in app._tree:
        proto = getattr(node, "proto", None)
        if proto is not None:
            yield from _fields(proto)


def _fields(message) -> Iterator[tuple[str, str, str]]:
    for field, value in message.ListFields():
        kind = message.DESCRIPTOR.name
        if _is_plain(kind, field.name):
            continue
        is_repeated = (
            not isinstance(value, str | bytes) and hasattr(value, "__len__") and not hasattr(value, "ListFields")
        )
        for part in value if is_repeated else [value]:
            if hasattr(part, "ListFields"):
                yield from _fields(part)
            elif isinstance(part, str):
                yield kind, field.name, part


def test_what_is_looked_for_is_found_and_what_is_escaped_is_not() -> None:
    assert _ALIVE.search(MARKUP) and not _ALIVE.search(safe(MARKUP))
