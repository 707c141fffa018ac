"""What leaves the screen as a file says what is shown: values, scope, period and build."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import fastexcel
import polars as pl
import pytest

from models.builds.selection import Selection
from models.builds.snapshot import open_current
from models.vocabulary import PeriodKind
from pipeline import offers
from pipeline.workbook import workbook
from tests.commands import ran
from ui.frame.exporting import file_words
from ui.grid.component import tables_of
from ui.shell.tables import neutral_csv


def _sheets(content: bytes) -> dict[str, pl.DataFrame]:
    book = fastexcel.read_excel(content)
    return {name: book.load_sheet(name).to_polars() for name in book.sheet_names}


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ((), Selection()),
        (("--period", "W"), Selection(period_kind=PeriodKind.WEEK)),
        (("--project", "QT"), Selection(projects=("QT",))),
        (("--project", "QT", "--at", "2026-03-31"), Selection(projects=("QT",), period_end=dt.date(2026, 3, 31))),
    ],
)
def test_kpi_values_leave_as_the_command_line_states_them(world, words, chosen):
    data_dir = world("healthy")
    stated = json.loads(ran("kpis", *words, "--json", data_dir=data_dir).stdout)["kpis"]
    _, snapshot = open_current(data_dir)
    frame = offers.Exports(data_dir).kpis(snapshot, chosen)
    assert stated and frame.columns == list(stated[0])
    assert json.loads(json.dumps(frame.to_dicts(), default=str)) == stated
    written = list(csv.DictReader(io.StringIO(neutral_csv(frame).decode("utf-8-sig"))))
    assert [row["kpi_key"] for row in written] == [row["kpi_key"] for row in stated]
    assert [float(row["value"]) if row["value"] else None for row in written] == [row["value"] for row in stated]
    sheet = _sheets(offers.Exports(data_dir).workbook({"kpis": [frame.columns, *frame.rows()]}))["kpis"]
    # a workbook holds 16 digits
    stands = [(cell, row["value"]) for cell, row in zip(sheet["value"], stated, strict=True)]
    assert all(cell is None if value is None else cell == pytest.approx(value, rel=1e-15) for cell, value in stands)
    assert sheet["flags"].fill_null("").to_list() == ["; ".join(row["flags"]) for row in stated]
    assert [str(day.date()) for day in sheet["period_end"].to_list()] == [row["period_end"] for row in stated]


def test_a_module_and_a_customer_narrow_what_leaves(world):
    data_dir = world("healthy")
    _, snapshot = open_current(data_dir)
    port = offers.Exports(data_dir)
    modules = json.loads(ran("kpis", "--grain", "module", "--json", data_dir=data_dir).stdout)["kpis"]
    module = modules[0]["module"]
    found = port.kpis(snapshot, Selection(module=module))
    assert found.height == sum(row["module"] == module for row in modules)
    assert port.kpis(snapshot, Selection(customers=("nobody",))).is_empty()


def test_no_text_of_a_workbook_is_run_and_unknown_is_empty():
    tables = {
        "a/b": [["=head", "n", "day", "yes"], ["=1+1", -5.0, dt.date(2026, 11, 30), True], ["-5", None, None, False]],
        "A b": [["http://x.invalid"], [["x", "y"]]],
    }
    sheets = _sheets(workbook(tables))
    assert list(sheets) == ["a b", "A b 2"]  # one name to a spreadsheet, whatever the case
    first, second = sheets.values()
    assert first.columns == ["'=head", "n", "day", "yes"]
    assert first.rows() == [("'=1+1", -5.0, dt.datetime(2026, 11, 30), True), ("-5", None, None, False)]
    assert second.rows() == [("x; y",)]


def test_a_grid_leaves_as_values():
    """A figure is its number, a mark of one of several KPIs its name and figure, a course its values, a day a day."""
    columns = [
        {"head": "Project", "kind": "text", "cells": [["YB", "YB", "", "Test", None, "", "", []]]},
        {"head": "Cost", "kind": "mark", "cells": [["0.87", -2.4, "critical", "CPI", "<svg/>", "", "", []]]},
        {"head": "Margin", "kind": "figure", "cells": [["4.1 %", 0.041, "", "", None, "", "", []]]},
        {"head": "Course", "kind": "course", "cells": [["", 0.87, "", "", None, "", "", [0.9, None, 0.87]]]},
        {"head": "On", "kind": "day", "cells": ["2026-11-22"]},
        {"head": "Rows", "kind": "figure", "cells": [12]},
        {"head": "Tags", "kind": "chips", "cells": [["a", "b"]]},
    ]
    given = json.dumps({"label": "", "columns": columns}).encode()
    found = tables_of({"one": given, "two": given})
    assert list(found) == ["Project", "Project (2)"]
    assert found["Project"] == [
        ["Project", "Cost", "Margin", "Course", "On", "Rows", "Tags"],
        ["YB", "CPI 0.87", 0.041, "0.9; ; 0.87", dt.date(2026, 11, 22), 12, ["a", "b"]],
    ]


def test_the_name_of_a_file_says_scope_period_and_build():
    november = dt.date(2026, 11, 30)
    assert file_words(Selection(), november, "b-000042") == "all_2026-11_b-000042"
    chosen = Selection(("甲/乙",), ("P1", "P2"), "core", PeriodKind.WEEK, dt.date(2026, 11, 22))
    assert file_words(chosen, november, "b-1") == "P1+P2_core_2026-W47_b-1"
    assert file_words(Selection(("甲/乙",)), None, "b-1") == "甲-乙_b-1"
    assert file_words(Selection(projects=("A", "B", "C", "D")), november, "b-1") == "4_2026-11_b-1"
