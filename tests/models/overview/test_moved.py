"""Which terms made a KPI move."""

from models.overview.moved import Term, moved


def test_the_term_that_moved_most_leads():
    now = {"earned_value": 110.0, "actual_cost": 150.0, "planned_value": 90.0}
    then = {"earned_value": 100.0, "actual_cost": 100.0, "planned_value": 90.0}
    # +10 of 100 and +50 of 100; what did not move is not told
    assert moved(now, then, ["earned_value", "actual_cost", "planned_value"]) == [
        Term("actual_cost", 50.0, 0.5),
        Term("earned_value", 10.0, 0.1),
    ]


def test_what_was_nothing_before_leads_and_what_is_unknown_is_not_told():
    assert moved({"a": 3.0, "b": 1.0}, {"a": 0.0}, ["a", "b"]) == [Term("a", 3.0, None)]
