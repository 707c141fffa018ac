"""Charts: labels that do not collide, sentences that say what the data say, text from files that stays text."""

from __future__ import annotations

import pytest

from ui.shell import figures


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ([10, 100], [10, 100]),
        # two at the same place: half a gap down and half a gap up
        ([50, 50], [42.5, 57.5]),
        # 40, 50, 60 with a gap of 15: the block keeps its middle at 50
        ([40, 50, 60], [35, 50, 65]),
        # in the order given, not in that of the values
        ([60, 50, 40], [65, 50, 35]),
        # the pair moves, the far one stays
        ([0, 5, 100], [-5, 10, 100]),
        ([], []),
    ],
)
def test_labels_are_moved_apart_as_little_as_possible(wanted, placed):
    assert figures.spread(wanted, 15) == pytest.approx(placed)
