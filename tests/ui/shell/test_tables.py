"""Tables of columns: what stands in them, of rows and of frames."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from tests.grids import grids
from ui.shell.tables import choice, day, framed, number, text, tick

ROWS = [{"name": "甲", "note": None, "amount": 2}, {"name": "乙", "note": "late", "amount": 3}]


def test_a_column_is_what_its_cell_makes_of_a_row_else_what_the_row_holds():
    columns = {
        "": text("Twice", lambda row: row["name"] * 2),  # a kind of work that nobody named has a column as well
        "note": text("Note"),
        "amount": number("Amount"),
        "half": number("Half", lambda row: row["amount"] / 2),
        "on": day("On", lambda row: dt.date(2026, 11, row["amount"])),
        "tick": tick("Remove"),
        "meaning": choice("Meaning", ["a"], lambda _row: None),
    }
    expected = {
        "": ["甲甲", "乙乙"],
        "note": ["", "late"],  # a text that is not there is empty
        "amount": [2, 3],
        "half": [1.0, 1.5],
        "on": [dt.date(2026, 11, 2), dt.date(2026, 11, 3)],
        "tick": [False, False],
        "meaning": [None, None],  # nothing is chosen yet
    }
    assert framed(ROWS, columns).to_dict(as_series=False) == expected
    assert framed(pl.DataFrame(ROWS), columns).select("", "half").to_dict(as_series=False) == {
        "": ["甲甲", "乙乙"],
        "half": [1.0, 1.5],
    }
    assert framed([], columns).columns == list(columns)


def test_money_of_a_frame_is_shown_as_a_number_and_a_column_that_is_missing_is_an_error():
    frame = pl.DataFrame({"cost": [Decimal("12.50")]})
    assert framed(frame, {"cost": number("Cost")}).to_dict(as_series=False) == {"cost": [12.5]}
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        framed(frame, {"budget": number("Budget")})


def test_a_table_without_rows_is_a_sentence_where_there_is_one_and_a_column_may_be_left_out():
    def page() -> None:
        from ui.shell.tables import table, text

        table([], {"name": text("Name")}, key="none", empty="Nothing yet.")
        table([{"name": "甲", "book": "A"}], {"name": text("Name"), "book": None}, key="some")

    app = AppTest.from_function(page, default_timeout=60).run()
    assert [caption.value for caption in app.caption] == ["Nothing yet."]
    assert [list(shown.value.columns) for shown in grids(app)] == [["name"]]
