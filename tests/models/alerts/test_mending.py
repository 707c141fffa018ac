"""The smallest set that brings a value back over its line: none of it can be spared, and nothing smaller does."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.alerts.causes.recovery import Part, excess, owners, smallest

LEVELS = st.decimals("0.05", "0.95", places=2)


def parts(*gains: object) -> list[Part]:
    return [Part(Decimal(str(gain)), {"row_key": str(place)}) for place, gain in enumerate(gains)]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 30), max_size=7), st.integers(-5, 90))
def test_none_can_be_spared_and_nothing_smaller_does(gains, needed):
    chosen = smallest(parts(*gains), Decimal(needed))
    total = sum(gains)
    assert chosen.is_enough is (total >= needed)
    if not chosen.is_enough:
        assert chosen.gain == total  # all that can be done
        return
    assert all(chosen.gain - part.gain < needed for part in chosen.parts)
    fewer = max(len(chosen.parts) - 1, 0)
    assert not chosen.parts or all(sum(some) < needed for some in combinations(gains, fewer))
    assert sum(chosen.taken) == max(needed, 0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(0, 40), LEVELS)
def test_failed_cases_of_a_ratio(passed, failed, level):
    """Pass rate: fixing the chosen cases reaches the level; all but one of them do not."""
    executed = passed + failed
    chosen = smallest(parts(*[1] * failed), excess(passed, executed, level, "below"))
    fixed = len(chosen.parts)
    assert Fraction(passed + fixed, executed) >= Fraction(level)
    assert not fixed or Fraction(passed + fixed - 1, executed) < Fraction(level)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 30), st.integers(0, 60), LEVELS)
def test_a_share_of_what_it_is_divided_by(uat, others, level):
    """Defects found in UAT ÷ all defects: one that is counted no longer leaves both."""
    found = uat + others
    needed = excess(uat, found, level, "above")
    chosen = smallest([Part(1 - level, {}) for _ in range(uat)], needed)
    fewer = len(chosen.parts)
    assert found == fewer or Fraction(uat - fewer, found - fewer) <= Fraction(level)
    assert not fewer or Fraction(uat - fewer + 1, found - fewer + 1) > Fraction(level)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=6), LEVELS)
def test_lines_to_cover_over_modules(modules, level):
    """Coverage: whole lines, from the largest gaps; one line less falls short, and so does leaving out any module."""
    covered = sum(done for done, _gap in modules)
    valid = covered + sum(gap for _done, gap in modules)
    chosen = smallest(parts(*[gap for _done, gap in modules]), excess(covered, valid, level, "below"), whole_units=True)
    lines = sum(chosen.taken)
    assert covered + lines >= level * valid
    assert not lines or covered + lines - 1 < level * valid
    for part in chosen.parts:
        assert covered + chosen.gain - part.gain < level * valid


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 90)), min_size=1, max_size=6), LEVELS)
def test_elements_brought_to_the_line_bring_the_whole_to_it(elements, level):
    """CPI: EV ÷ AC of the whole reaches the level once the chosen elements stand on it; without any one of them it does not."""
    earned, cost = (sum(element[place] for element in elements) for place in (0, 1))
    over = [level * ac - ev for ev, ac in elements]
    chosen = smallest(parts(*over), excess(earned, cost, level, "below"))
    assert chosen.is_enough
    assert earned + chosen.gain >= level * cost
    assert all(earned + chosen.gain - part.gain < level * cost for part in chosen.parts)


@pytest.mark.parametrize(
    ("numerator", "denominator", "level", "direction", "over"),
    [
        (24_000, 30_000, 0.8, "below", 0),  # exactly 80 % is within
        (23_999, 30_000, 0.8, "below", 1),
        (4.0, None, 3.0, "above", 1),
        (0.1 + 0.2, 1, 0.3, "above", 0),  # doubles that are equal on paper
    ],
)
def test_how_far_beyond(numerator, denominator, level, direction, over):
    assert excess(numerator, denominator, level, direction) == over


def test_owners_by_the_rows_they_have():
    rows = [{"owner": "b"}, {"owner": "a"}, {"owner": None}, {"owner": "b"}, {}, {"owner": "c"}]
    assert owners(rows) == [{"owner": "b", "rows": 2}, {"owner": "a", "rows": 1}, {"owner": "c", "rows": 1}]
