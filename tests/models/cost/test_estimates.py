"""Estimates at completion, by the formulas of a build's catalogue: the published example, and every edge in words."""

from decimal import Decimal

import pytest

from models.cost.estimates import ASSUMPTIONS, BAND, Edge, Estimates, Method, estimates


def at(snapshot, budget, planned, earned, spent, *, rest=None, time=(None, None)) -> Estimates:
    return estimates(
        snapshot,
        budget_at_completion=budget,
        planned_value=planned,
        earned_value=earned,
        actual_cost=spent,
        bottom_up_to_complete=rest,
        earned_schedule=time[0],
        actual_time=time[1],
    )


def test_the_published_example(small_warehouse):
    # The worked example of the PRA book: BAC 500,000, PV 250,000, EV 200,000, AC 290,000.
    found = at(small_warehouse, Decimal(500_000), Decimal(250_000), Decimal(200_000), Decimal(290_000))
    assert found.schedule_performance_index.value == pytest.approx(0.80)
    assert round(found.cost_performance_index.value, 2) == 0.69
    values = {method: found.estimate_at_completion[method].value for method in BAND}
    assert values == {
        Method.AT_PACE_OF_COST: pytest.approx(725_000),
        Method.AT_BUDGET: pytest.approx(590_000),
        Method.AT_PACE_OF_COST_AND_SCHEDULE: pytest.approx(833_750),
        Method.BOTTOM_UP: None,
    }
    assert found.band == pytest.approx((590_000, 833_750))
    assert found.variance_at_completion[Method.AT_PACE_OF_COST].value == pytest.approx(-225_000)
    assert found.estimate_to_complete[Method.AT_PACE_OF_COST].value == pytest.approx(435_000)
    assert round(found.to_complete_at_budget.value, 2) == 1.43
    assert "no new estimate" in found.estimate_at_completion[Method.BOTTOM_UP].template


def test_an_approved_estimate_of_what_is_left(small_warehouse):
    found = at(small_warehouse, 500_000, 250_000, 200_000, 290_000, rest=400_000)
    assert found.estimate_at_completion[Method.BOTTOM_UP].value == 690_000
    assert found.variance_at_completion[Method.BOTTOM_UP].value == -190_000


def test_methods_agree_on_a_project_that_runs_as_planned(small_warehouse):
    found = at(small_warehouse, 800, 200, 200, 200, rest=600, time=(2, 2))
    assert len(found.estimate_at_completion) == 9
    assert {figure.value for figure in found.estimate_at_completion.values()} == {800}
    assert found.to_complete_at_budget.value == 1


def test_the_eight_performance_factors_by_hand(small_warehouse):
    found = at(small_warehouse, 1000, 800, 400, 500, rest=700, time=(3, 5))  # CPI 0.8, SPI 0.5, SPI(t) 0.6
    values = {method: figure.value for method, figure in found.estimate_at_completion.items()}
    assert values == pytest.approx(
        {
            Method.AT_BUDGET: 1_100,  # 500 + 600
            Method.AT_PACE_OF_COST: 1_250,  # 500 + 600 / 0.8
            Method.AT_PACE_OF_SCHEDULE: 1_700,  # 500 + 600 / 0.5
            Method.AT_PACE_OF_TIME: 1_500,  # 500 + 600 / 0.6
            Method.AT_PACE_OF_COST_AND_SCHEDULE: 2_000,  # 500 + 600 / 0.4
            Method.AT_PACE_OF_COST_AND_TIME: 1_750,  # 500 + 600 / 0.48
            Method.MOSTLY_COST_AND_SCHEDULE: 500 + 600 / 0.74,  # 0.64 + 0.1
            Method.MOSTLY_COST_AND_TIME: 500 + 600 / 0.76,  # 0.64 + 0.12
            Method.BOTTOM_UP: 1_200,
        }
    )
    assert found.band == pytest.approx((1_100, 2_000))  # of the four named ones
    assert found.variance_at_completion[Method.AT_PACE_OF_TIME].value == pytest.approx(-500)


def test_the_band_is_made_of_its_four_methods_alone(small_warehouse):
    # CPI 0.5, SPI 2: by schedule alone 200 + 900 / 2 lies below the rest at budget, and outside the band
    found = at(small_warehouse, 1000, 50, 100, 200)
    assert found.estimate_at_completion[Method.AT_PACE_OF_SCHEDULE].value == pytest.approx(650)
    assert found.band == pytest.approx((1_100, 2_000))


@pytest.mark.parametrize("time", [(None, None), (2, None), (2, 0), (float("nan"), 2)])
def test_without_an_earned_schedule_the_methods_by_time_are_unknown_in_words(small_warehouse, time):
    found = at(small_warehouse, 1000, 500, 400, 500, time=time)
    for method in (Method.AT_PACE_OF_TIME, Method.AT_PACE_OF_COST_AND_TIME, Method.MOSTLY_COST_AND_TIME):
        figure = found.estimate_at_completion[method]
        assert (figure.value, figure.edge) == (None, Edge.UNKNOWN)
        assert "earned schedule" in figure.template
    assert found.estimate_at_completion[Method.MOSTLY_COST_AND_SCHEDULE].value == pytest.approx(500 + 600 / 0.8)


def test_nothing_earned_gives_no_forecast_from_an_index_of_zero(small_warehouse):
    found = at(small_warehouse, 1000, 500, 0, 500, time=(0, 5))
    known = {method for method, figure in found.estimate_at_completion.items() if figure.is_known}
    assert known == {Method.AT_BUDGET}
    assert found.estimate_at_completion[Method.AT_PACE_OF_TIME].edge is Edge.ZERO_CPI


def test_every_method_says_what_it_assumes():
    assert set(ASSUMPTIONS) == set(Method)


EDGES = [
    # budget, planned, earned, spent → CPI, SPI, EAC at pace, EAC at both paces, TCPI (a value or an edge)
    ((1000, 0, 100, 50), 2, Edge.UNKNOWN, 500, Edge.UNKNOWN, 900 / 950),
    # without cost above zero nothing is extrapolated, nor said of the rest, as in the KPIs
    ((1000, 100, 0, 0), Edge.UNKNOWN, 0, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN),
    ((1000, 100, 50, 0), Edge.UNKNOWN, 0.5, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN),
    ((1000, 100, 0, 80), 0, 0, Edge.ZERO_CPI, Edge.ZERO_CPI, 1000 / 920),
    ((1000, 900, 600, 1000), 0.6, 600 / 900, 1000 / 0.6, 1000 + 400 / (0.6 * 600 / 900), Edge.NOT_ACHIEVABLE),
    ((1000, 900, 600, 1200), 0.5, 600 / 900, 2000, 1200 + 400 / (0.5 * 600 / 900), Edge.NOT_ACHIEVABLE),
    ((1000, 1000, 1000, 1200), 1000 / 1200, 1, 1200, 1200, Edge.FINISHED),
    ((1000, 1000, 1000, 900), 1000 / 900, 1, 900, 900, Edge.FINISHED),
    ((1000, 100, 50, -20), Edge.UNKNOWN, 0.5, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN),
    ((None, 100, 50, 60), Edge.UNKNOWN, 0.5, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN),
    ((0, 0, 0, 0), Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN),
    ((1000, None, 50, 60), Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN),
    ((1000, 100, None, 60), Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN),
    ((1000, 100, float("nan"), 60), Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN, Edge.UNKNOWN),
]


@pytest.mark.parametrize("case", EDGES)
def test_edges(small_warehouse, case: tuple):
    given, cpi, spi, at_pace, at_both, tcpi = case
    found = at(small_warehouse, *given)
    figures = [
        (found.cost_performance_index, cpi),
        (found.schedule_performance_index, spi),
        (found.estimate_at_completion[Method.AT_PACE_OF_COST], at_pace),
        (found.estimate_at_completion[Method.AT_PACE_OF_COST_AND_SCHEDULE], at_both),
        (found.to_complete_at_budget, tcpi),
    ]
    for figure, expected in figures:
        if isinstance(expected, Edge):
            assert (figure.value, figure.edge) == (None, expected)
            assert figure.template
        else:
            assert figure.value == pytest.approx(expected)
            assert figure.edge is None


def test_what_follows_from_an_edge_carries_it(small_warehouse):
    found = at(small_warehouse, 1000, 100, 0, 80)
    for figures in (found.estimate_to_complete, found.variance_at_completion):
        assert figures[Method.AT_PACE_OF_COST].edge is Edge.ZERO_CPI
        assert figures[Method.AT_BUDGET].is_known
