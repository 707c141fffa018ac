"""The order of the parts of a project, and what stands where there is no index."""

from __future__ import annotations

import pytest

from models.vocabulary import Grain
from ui.cost.parts import index_words, part_word, worst_first

LEVELS = {
    "warning_at": 0.95,
    "critical_at": 0.90,
    "low_warning_at": None,
    "low_critical_at": None,
    "bad_direction": "below",
}


def row(part: str, status: str = "ok", cpi: float = 1.0, **more) -> dict:
    return (
        {
            "project_key": "P1",
            "part": part,
            "elements": 1,
            "budget": 10.0,
            "planned": 5.0,
            "earned": 5.0,
            "spent": 5.0,
            "cpi": cpi,
            "cpi_status": status,
            "cpi_reason": None,
            "spi": 1.0,
            "spi_status": "ok",
            "spi_reason": None,
        }
        | {f"{index}_{name}": level for index in ("cpi", "spi") for name, level in LEVELS.items()}
        | more
    )


def test_a_bad_element_lifts_what_it_belongs_to_and_stands_under_it():
    rows = [row("1"), row("1.1"), row("1.2", "critical", 0.89), row("2", "warning", 0.91), row("1.2.1"), row("10")]
    ordered = worst_first(rows, Grain.WBS)
    assert [(found["part"], found["depth"]) for found in ordered] == [
        ("1", 0),
        ("1.2", 1),
        ("1.2.1", 2),
        ("1.1", 1),
        ("2", 0),
        ("10", 0),
    ]
    # modules do not nest, whatever their names; of two alike that comes first which lies farther beyond its level
    modules = [row("a"), row("a.b", "warning", 0.94), row("c", "warning", 0.92)]
    assert [(found["part"], found["depth"]) for found in worst_first(modules, Grain.MODULE)] == [
        ("c", 0),
        ("a.b", 0),
        ("a", 0),
    ]


@pytest.mark.parametrize(
    ("index", "more", "words"),
    [
        ("cpi", {"cpi": 0.87, "cpi_status": "critical"}, "■ 0.87"),
        ("cpi", {"cpi": 0.0, "cpi_status": "critical"}, "■ 0.00"),
        ("cpi", {"cpi": None, "spent": 0.0}, "○ no cost yet"),
        ("cpi", {"cpi": None, "budget": 0.0, "cpi_reason": "unplanned"}, "○ no budget"),
        ("cpi", {"cpi": None, "earned": None}, "○ no data"),
        ("spi", {"spi": None, "planned": 0.0}, "○ not due yet"),
        ("spi", {"spi": None, "planned": 0.0, "budget": 0.0}, "○ no plan"),
    ],
)
def test_an_index_that_is_none_says_why(index, more, words):
    assert index_words(row("1", **more), index) == words


def test_parts_are_named_as_the_plan_names_them():
    names = {("P1", "1.2"): "Purchase"}
    assert part_word(row("1.2"), Grain.WBS, names, {}) == "1.2 Purchase"
    assert part_word(row("1", elements=3), Grain.WBS, names, {}) == "1, 3 elements together"
    assert part_word(row("9"), Grain.WBS, names, {}) == "9 (not in the plan)"
    assert part_word(row("-"), Grain.WBS, names, {}) == "without a WBS element"
    assert part_word(row("interface"), Grain.LAYER, names, {}) == "interface layer"
    assert part_word(row("-"), Grain.LAYER, names, {}) == "no layer"
