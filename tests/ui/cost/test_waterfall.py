"""From budget to estimate: what each bar spans, its color, and where the axis begins."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from models.cost.causes import Causes
from ui.cost import waterfall as cost_waterfall
from ui.shell.theme import CRITICAL, OK

CAUSES = Causes(
    first_budget=100_000_000,
    scope=0.0,
    budget=100_000_000,
    quantity=1_500_000,
    price=-500_000,
    not_split=400_000,
    on_no_element=600_000,
    rest_at_pace=1_000_000,
    estimate=103_000_000,
    currency="CNY",
)


def bars_of(causes: Causes):
    return cost_waterfall.waterfall(causes, None).figure.data[0]


def test_each_cause_begins_where_the_one_before_ends():
    bars = bars_of(CAUSES)
    spans = [(base, base + length) for base, length in zip(bars.base, bars.x, strict=True)]
    # in CNY M: 100 + 1.5 = 101.5; - 0.5 = 101; + 0.4 = 101.4; + 0.6 = 102; + 1 = 103
    assert spans[1:-1] == [
        pytest.approx(span) for span in ((100, 101.5), (101, 101.5), (101, 101.4), (101.4, 102), (102, 103))
    ]
    assert (spans[0][1], spans[-1][1]) == (pytest.approx(100), pytest.approx(103))


def test_the_axis_begins_near_the_values_and_says_so():
    chart = cost_waterfall.waterfall(CAUSES, None)
    # the values span 100 to 103; the axis begins 0.35 of that before the least: 100 - 1.05 = 98.95, and ends 0.05 beyond
    assert chart.figure.layout.xaxis.range == (pytest.approx(98.95), pytest.approx(103.15))
    assert [note.text for note in chart.figure.layout.annotations].count("<b>//</b>") == 2
    assert "the axis does not begin at zero" in chart.subtitle
    assert chart.title == "CNY\u00a03\u00a0M more than budgeted, by cause"


def test_a_plan_is_outlined_a_forecast_hatched_and_a_variance_good_or_bad():
    marker = bars_of(CAUSES).marker
    assert list(marker.pattern.shape) == ["", "", "", "", "", "", "/"]
    assert list(marker.color[1:-1]) == [CRITICAL, OK, CRITICAL, CRITICAL, CRITICAL]
    assert marker.color[0] == marker.color[-1] == "rgba(0,0,0,0)"


def test_scope_stands_before_the_budget_and_what_reads_as_nothing_is_not_split():
    grown = Causes(98_000_000, 2_000_000, 100_000_000, 10_000, None, 390_000, 600_000, 2_000_000, 103_000_000, "CNY")
    words = [text.partition("<br>")[0] for text in bars_of(grown).text]
    assert words == [
        "First budget",
        "Scope: approved changes of the budget",
        "Budget (BAC)",
        "Cost of elements, not split",
        "Booked on no element",
        "Work left, at this pace",
        "Estimate (EAC)",
    ]
    # 10,000 reads as 0.0 M: it counts in what is not split, 390,000 + 10,000
    assert bars_of(grown).x[3] == pytest.approx(0.4)


def test_each_cause_opens_its_own_rows():
    grown = Causes(98_000_000, 2_000_000, 100_000_000, 900_000, -500_000, 0, 600_000, 2_000_000, 103_000_000, "CNY")
    chart = cost_waterfall.waterfall(grown, None, of="P1")
    asked = {}
    for words, way in chart.opens:
        url = urlsplit(way)
        asked[words.partition(":")[0]] = (url.path, {name: texts[0] for name, texts in parse_qs(url.query).items()})
    labor = ("evidence", {"lang": "en", "kpi": "cost_performance_index_labor", "of": "P1"})
    baselines = ("baselines", {"lang": "en", "project": "P1"})
    estimate = ("evidence", {"lang": "en", "kpi": "estimate_at_completion", "of": "P1"})
    assert asked == {
        "First budget": baselines,
        "Scope": baselines,
        "Budget (BAC)": ("evidence", {"lang": "en", "kpi": "variance_at_completion", "of": "P1"}),
        "Labor": labor,
        "Booked on no element": ("cost", {"lang": "en", "project": "P1", "view": "parts", "part": "-"}),
        "Work left, at this pace": estimate,
        "Estimate (EAC)": estimate,
    }
    assert list(chart.figure.data[0].customdata) == [way for _words, way in chart.opens]


def test_without_an_estimate_it_says_what_is_missing():
    chart = cost_waterfall.waterfall(None, None)
    assert chart.figure is None and "No estimate yet" in chart.title
