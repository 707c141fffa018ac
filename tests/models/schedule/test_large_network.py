"""Ten thousand tasks with twenty thousand links of every kind: all of them get dates, and nothing is amiss."""

from benchmarks.networks import TASKS, large_plan
from models.schedule.critical_path import network
from tests.models.schedule.calendars import china


def test_ten_thousand_tasks_all_get_dates():
    found = network(large_plan(), china())
    assert found.tasks.height == TASKS
    assert found.tasks["early_finish"].null_count() == 0
    assert found.critical_path
    assert all(problem.kind.is_information for problem in found.problems)
