"""Networks worked out by hand, and published ones with their floats."""

import datetime as dt

import polars as pl
import pytest

from models.schedule.critical_path import Schedule, network
from models.schedule.terms import PlannedStarts
from models.schedule.working_time import WorkingCalendar
from tests.models.schedule.calendars import china, march, monday_to_friday, tasks

MONDAY = dt.date(2025, 3, 3)


def on(day: int, month: int = 3) -> dt.date:
    return dt.date(2025, month, day)


def dates(schedule: Schedule, *columns: str) -> dict[str, tuple]:
    chosen = columns or ("early_start", "early_finish", "total_float_days", "free_float_days")
    return {row[0]: row[1:] for row in schedule.tasks.select("task_id", *chosen).iter_rows()}


def one(schedule: Schedule, task_id: str) -> dict:
    return schedule.tasks.row(by_predicate=pl.col("task_id") == task_id, named=True)


# Hillier and Lieberman, "Introduction to Operations Research", the Reliable Construction Co.: durations and immediate
# predecessors in Table 22.1, earliest starts and slack in figure 22.5; 44 weeks, here working days.
RELIABLE = {
    "A": (2, "", 0, 0),
    "B": (4, "A", 2, 0),
    "C": (10, "B", 6, 0),
    "D": (6, "C", 16, 4),
    "E": (4, "C", 16, 0),
    "F": (5, "E", 20, 0),
    "G": (7, "D", 22, 4),
    "H": (9, "E G", 29, 4),
    "I": (7, "C", 16, 2),
    "J": (8, "F I", 25, 0),
    "K": (4, "J", 33, 1),
    "L": (5, "J", 33, 0),
    "M": (2, "H", 38, 4),
    "N": (6, "K L", 38, 0),
}
# Taylor, "Introduction to Management Science", chapter 8, problem 6, from the solutions: activity on arrow i–j with its
# duration, ES, EF, LS, LF; 4–5 is a dummy. 38 weeks, critical 1–3–5–7–8–9.
TAYLOR = {
    "1-2": (8, 0, 8, 1, 9),
    "1-3": (10, 0, 10, 0, 10),
    "1-4": (9, 0, 9, 6, 15),
    "2-5": (6, 8, 14, 9, 15),
    "2-6": (4, 8, 12, 16, 20),
    "3-5": (5, 10, 15, 10, 15),
    "4-5": (0, 9, 9, 15, 15),
    "4-7": (7, 9, 16, 20, 27),
    "5-7": (12, 15, 27, 15, 27),
    "5-8": (15, 15, 30, 16, 31),
    "6-9": (18, 12, 30, 20, 38),
    "7-8": (4, 27, 31, 27, 31),
    "8-9": (7, 31, 38, 31, 38),
}


def test_the_reliable_construction_company():
    calendar = march()
    found = network(tasks(*((key, v[0], v[1]) for key, v in RELIABLE.items())), calendar, project_start=MONDAY)
    assert found.length_days == 44
    assert found.critical_path == ["A", "B", "C", "E", "F", "J", "L", "N"]
    for key, (_days, _predecessors, start, slack) in RELIABLE.items():
        row = one(found, key)
        assert calendar.distance(MONDAY, row["early_start"]) == start, key
        assert calendar.distance(MONDAY, row["late_start"]) == start + slack, key
        assert row["total_float_days"] == slack, key
        assert row["is_critical"] == (slack == 0), key
        assert row["is_near_critical"] == (slack > 0), key
    # Free floats by hand: D, G and H hand theirs on to M; I has 25 − 23, K 38 − 37.
    free = {key: values[0] for key, values in dates(found, "free_float_days").items()}
    assert {key: days for key, days in free.items() if days} == {"I": 2, "K": 1, "M": 4}


def test_a_network_of_arrows_with_a_dummy():
    calendar = march()
    zero = calendar.start_of(MONDAY)
    rows = [
        (arrow, values[0], " ".join(other for other in TAYLOR if other.endswith(f"-{arrow[0]}")))
        for arrow, values in TAYLOR.items()
    ]
    found = network(tasks(*rows), calendar, project_start=MONDAY)
    assert found.length_days == 38
    assert found.critical_path == ["1-3", "3-5", "5-7", "7-8", "8-9"]
    for arrow, (days, start, finish, late_start, late_finish) in TAYLOR.items():
        row = one(found, arrow)
        assert row["total_float_days"] == late_start - start, arrow
        assert calendar.end_of(row["early_finish"]) - zero == finish, arrow
        assert calendar.end_of(row["late_finish"]) - zero == late_finish, arrow
        if days:
            assert calendar.start_of(row["early_start"]) - zero == start, arrow
            assert calendar.start_of(row["late_start"]) - zero == late_start, arrow


def test_every_kind_of_link_with_lags():
    # Positions from Monday 3 March, weekends left out:
    # A 0–5. B: SS+2 of A → 2–6. C: FF+3 of B, finish ≥ 9 → 3–9. D: SF+8 of A, finish ≥ 8 → 5–8. E: FS−1 of A (4) and FS of
    # D (8) → 8–10, Thursday 13 and Friday 14. F: FS of C (9); two elapsed days after Friday's end are Sunday's end → Monday 17
    # (10) → 10–11. Backwards from 11: F 10–11, E 8–10, D 5–8, C 4–10, B ends by 10 − 3 = 7 → 3–7, A by D 0–5.
    found = network(
        tasks(
            ("A", 5, ""),
            ("B", 4, "ASS+2d"),
            ("C", 6, "BFF+3d"),
            ("D", 3, "ASF+8d"),
            ("E", 2, "AFS-1d DFS"),
            ("F", 1, "C EFS+2ed"),
        ),
        march(),
        project_start=MONDAY,
    )
    assert dates(found) == {
        "A": (on(3), on(7), 0, 0),
        "B": (on(5), on(10), 1, 0),
        "C": (on(6), on(13), 1, 1),
        "D": (on(10), on(12), 0, 0),
        "E": (on(13), on(14), 0, 0),
        "F": (on(17), on(17), 0, 0),
    }
    assert dates(found, "late_start", "late_finish")["B"] == (on(6), on(11))
    assert dates(found, "late_start", "late_finish")["C"] == (on(7), on(14))
    assert found.critical_path == ["A", "D", "E", "F"]
    assert found.length_days == 11
    assert found.finish == on(17)
    assert dates(found, "driving_predecessor", "driven_by") == {
        "A": (None, "project_start"),
        "B": ("A", "link"),
        "C": ("B", "link"),
        "D": ("A", "link"),
        "E": ("D", "link"),
        "F": ("E", "link"),
    }


def test_lags_over_a_holiday_and_make_up_days():
    # Worked: Fr 26, Su 28, Mo 29, Tu 30 September, Th 9, Fr 10, Sa 11, Mo 13 October.
    # A 26–29. B two working days behind (30, 9): 10 October. C half of A's three days behind: from midday of the 9th to midday
    # of the 10th. D ten calendar days after the 29th's end: the 9th's end, so the 10th, as B.
    found = network(
        tasks(("A", 3, ""), ("B", 1, "AFS+2d"), ("C", 1, "AFS+50%"), ("D", 1, "AFS+10ed"), ("E", 1, "B C D")),
        china(),
        project_start=on(26, 9),
    )
    assert dates(found) == {
        "A": (on(26, 9), on(29, 9), 0, 0),
        "B": (on(10, 10), on(10, 10), 0, 0),
        "C": (on(9, 10), on(10, 10), 0.5, 0.5),
        "D": (on(10, 10), on(10, 10), 0, 0),
        "E": (on(11, 10), on(11, 10), 0, 0),
    }


def test_milestones_stand_at_the_end_of_what_they_follow():
    found = network(
        tasks(("START", 0, ""), ("A", 5, "START"), ("DONE", 0, "A"), ("B", 1, "DONE"), ("LATER", 0, "AFS+2d")),
        march(),
        project_start=MONDAY,
    )
    assert dates(found, "early_start", "early_finish", "is_milestone") == {
        "START": (on(3), on(3), True),
        "A": (on(3), on(7), False),
        "DONE": (on(7), on(7), True),
        "B": (on(10), on(10), False),
        "LATER": (on(11), on(11), True),
    }


REPORTED = {
    "actual_start": [on(3), on(10), None, None, on(11)],
    "actual_finish": [on(7), None, None, None, None],
    "percent_complete": [1.0, 0.25, None, 0.0, 0.5],
    "planned_start": [on(3), on(10), on(14), on(5), on(11)],
}


def test_what_is_left_begins_after_the_data_date():
    # Reported through Wednesday 12. B has 3 of 4 days left: 13, 14, 17. C follows: 18, 19. D should have begun on the 5th and
    # has not: 13 to 17, two days before the end. E began before B was done: its 2 days left wait for B.
    found = network(
        tasks(("A", 5, ""), ("B", 4, "A"), ("C", 2, "B"), ("D", 3, ""), ("E", 4, "B"), **REPORTED), march(), on(12)
    )
    assert dates(found, "state", "remaining_days", "early_start", "early_finish", "total_float_days") == {
        "A": ("finished", 0, on(3), on(7), None),
        "B": ("in_progress", 3, on(10), on(17), 0),
        "C": ("not_started", 2, on(18), on(19), 0),
        "D": ("not_started", 3, on(13), on(17), 2),
        "E": ("in_progress", 2, on(11), on(19), 0),
    }
    assert one(found, "A")["late_finish"] == on(7)
    assert one(found, "B")["driven_by"] == one(found, "D")["driven_by"] == "data_date"
    assert found.critical_path == ["B", "C"]
    assert found.length_days == 8  # from the actual start of B, 10 to 19 March


def test_progress_that_is_not_said_is_as_planned_and_named():
    rows = tasks(
        ("A", 4, ""),
        ("B", 2, ""),
        ("C", 4, ""),
        actual_start=[on(10), on(3), None],
        percent_complete=[None, 1.0, 0.5],
        planned_start=[on(10), on(3), on(6)],
        planned_finish=[on(13), on(4), on(11)],
    )
    found = network(rows, march(), on(11))
    # A has run 2 of 4 days; B ended when planned; C is half done, so 2 days from the 12th.
    assert dates(found, "remaining_days", "early_start", "early_finish") == {
        "A": (2, on(10), on(13)),
        "B": (0, on(3), on(4)),
        "C": (2, on(6), on(13)),
    }
    assert {(p.kind.value, p.task_id) for p in found.problems if not p.kind.is_information} == {
        ("progress_unknown", "A"),
        ("finished_without_date", "B"),
        ("started_without_date", "C"),
    }


@pytest.mark.parametrize(("required", "days"), [(on(12), -2), (on(14), 0), (on(18), 2)])
def test_a_required_finish_makes_floats_of_both_signs(required: dt.date, days: int):
    found = network(tasks(("A", 5, ""), ("B", 5, "A")), march(), project_start=MONDAY, required_finish=required)
    assert found.finish == on(14)
    assert dates(found, "total_float_days", "is_critical") == {"A": (days, True), "B": (days, True)}
    assert one(found, "B")["late_finish"] == required
    assert found.least_float_days == days


CONSTRAINED = [
    # constraint, its date → start and finish of B (3 days, after A 3–5 March), total float; C ends on the 14th
    ("start_no_earlier_than", on(10), on(10), on(12), 2),
    ("Start No Earlier Than", on(3), on(6), on(10), 4),
    ("finish_no_earlier_than", on(13), on(11), on(13), 1),
    ("start_no_later_than", on(5), on(6), on(10), -1),
    ("finish_no_later_than", on(11), on(6), on(10), 1),
    ("must_start_on", on(10), on(10), on(12), 0),
    ("must_finish_on", on(7), on(6), on(10), -1),
    ("as_late_as_possible", None, on(12), on(14), 0),
    ("as_soon_as_possible", None, on(6), on(10), 4),
]


@pytest.mark.parametrize(("kind", "day", "start", "finish", "slack"), CONSTRAINED)
def test_constraints(kind: str, day: dt.date | None, start: dt.date, finish: dt.date, slack: float):
    rows = tasks(
        ("A", 3, ""), ("B", 3, "A"), ("C", 10, ""), constraint_type=[None, kind, None], constraint_on=[None, day, None]
    )
    found = network(rows, march(), project_start=MONDAY)
    assert dates(found, "early_start", "early_finish", "total_float_days")["B"] == (start, finish, slack)
    assert found.finish == on(14)
    assert not [p for p in found.problems if not p.kind.is_information]


def test_a_site_with_its_own_calendar():
    # The site works Saturdays: A ends on Friday 7, B takes Saturday 8 and Monday 10, C waits for it in the project's calendar.
    every = monday_to_friday(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    saturdays = every.filter(pl.col("calendar_date").dt.weekday() == 6).with_columns(is_working_day=pl.lit(True))
    rows = tasks(
        ("A", 5, ""),
        ("B", 2, "A"),
        ("C", 1, "B"),
        ("D", 1, "A"),
        ("E", 1, "C D"),
        calendar=[None, "site", None, None, "none"],
    )
    found = network(rows, march(), project_start=MONDAY, calendars={"site": WorkingCalendar(every, saturdays)})
    assert dates(found) == {
        "A": (on(3), on(7), 0, 0),
        "B": (on(8), on(10), 0, 0),
        "C": (on(11), on(11), 0, 0),
        "D": (on(10), on(10), 1, 1),
        "E": (on(12), on(12), 0, 0),
    }
    assert [(p.kind.value, p.task_id, p.other_id) for p in found.problems] == [("unknown_calendar", "E", "none")]


def test_planned_starts_hold_what_nothing_else_holds():
    rows = tasks(("A", 2, ""), ("B", 2, ""), ("C", 1, "A"), planned_start=[on(3), on(10), on(12)])
    assert dates(network(rows, march()), "early_start") == {"A": (on(3),), "B": (on(10),), "C": (on(5),)}
    ignored = network(rows, march(), planned_starts=PlannedStarts.IGNORED)
    assert dates(ignored, "early_start") == {"A": (on(3),), "B": (on(3),), "C": (on(5),)}
    every = network(rows, march(), planned_starts=PlannedStarts.OF_ALL)
    assert dates(every, "early_start") == {"A": (on(3),), "B": (on(10),), "C": (on(12),)}


def test_a_buffer_with_a_promised_finish_is_what_the_chain_leaves_of_it():
    rows = tasks(
        ("A", 5, ""),
        ("B", 8, "A"),
        ("BUFFER", 4, "B"),
        is_buffer=[False, False, True],
        buffer_until=[None, None, on(20)],
    )
    found = network(rows, march(), project_start=MONDAY)
    # The chain ends on Wednesday 19; Thursday 20 is promised: one day of four is left.
    row = one(found, "BUFFER")
    assert (row["early_start"], row["early_finish"], row["remaining_days"], row["buffer_days_used"]) == (
        on(20),
        on(20),
        1,
        3,
    )
    assert (found.finish, found.finish_without_buffer) == (on(20), on(19))


def test_links_to_summaries_mean_their_tasks():
    rows = tasks(
        ("1", 99, ""),
        ("2", 3, ""),
        ("3", 5, ""),
        ("4", 99, "1FS+1d"),
        ("5", 2, ""),
        ("6", 1, "5"),
        ("7", 1, "1SS+1d 2.1FF+4d"),
        ("8", 1, "9.9"),
        wbs_code=["1", "1.1", "1.2", "2", "2.1", "2.2", "3", "4"],
    )
    found = network(rows, march(), project_start=MONDAY)
    # Summary 1 ends with task 3 on the 7th; a day of lag; 5 on 11–12, 6 on 13. Task 7: one day after the start of 1 it may
    # begin on the 4th, but it finishes four days after 5 (2.1 is its WBS element), on the 18th.
    assert dates(found, "early_start", "early_finish", "is_summary") == {
        "1": (on(3), on(7), True),
        "2": (on(3), on(5), False),
        "3": (on(3), on(7), False),
        "4": (on(11), on(13), True),
        "5": (on(11), on(12), False),
        "6": (on(13), on(13), False),
        "7": (on(18), on(18), False),
        "8": (on(3), on(3), False),
    }
    assert one(found, "5")["driving_predecessor"] == "3"
    assert found.critical_path == ["3", "5", "7"]
    kinds = {(p.kind.value, p.task_id) for p in found.problems}
    assert {("summary_task", "1"), ("summary_task", "4"), ("dangling_link", "8")} <= kinds
    # 3 to 2 tasks through a knot: free float is measured to the tasks behind it.
    assert dates(found, "total_float_days", "free_float_days")["2"] == (2, 2)


def test_circles_are_named_and_the_rest_is_computed():
    rows = tasks(
        ("A", 1, "C"),
        ("B", 1, "A"),
        ("C", 1, "B START"),
        ("D", 1, "C"),
        ("F", 1, "D"),
        ("START", 2, ""),
        ("E", 3, "START"),
    )
    found = network(rows, march(), project_start=MONDAY)
    named = {p.task_id: p for p in found.problems if p.kind == "cycle"}
    assert set(named) == {"A", "B", "C"}
    assert str(named["B"]).startswith(
        "plan.csv, line 3: task B waits for itself through a circle of links: "
        "A (plan.csv:2) → B (plan.csv:3) → C (plan.csv:4) → A (plan.csv:2)."
    )
    assert (named["B"].other_id, named["B"].file, named["B"].source_row) == ("C", "plan.csv", 3)
    after = {p.task_id: p.other_id for p in found.problems if p.kind == "after_cycle"}
    assert after == {"D": "C", "F": "D"}
    assert dates(found)["A"] == dates(found)["D"] == (None, None, None, None)
    assert dates(found, "early_start", "early_finish")["E"] == (on(5), on(7))
    assert found.finish == on(7)


def test_a_circle_of_thousands_is_found_at_once():
    size = 3000
    rows = tasks(*((f"T{n}", 1, f"T{(n - 1) % size}") for n in range(size)))
    found = network(rows, march(), project_start=MONDAY)
    assert len(found.problems) == size
    assert "…" in str(found.problems[0])
    assert found.finish is None and found.critical_path == []


def test_what_is_wrong_is_named_with_file_and_line():
    rows = tasks(
        ("A", -2, "A"),
        ("B", None, "X9FS+1d"),
        ("C", 1, "AFS+3weeks"),
        ("C", 5, ""),
        ("D", float("nan"), "B"),
        ("E", 10_000_000, "D"),
        planned_start=[None, None, None, None, on(3), None],
        planned_finish=[None, None, None, None, on(6), None],
        constraint_type=["whenever", "must_start_on", None, None, None, None],
    )
    found = network(rows, march())
    told = {(p.kind.value, p.task_id): str(p) for p in found.problems if not p.kind.is_information}
    assert set(told) == {
        ("negative_duration", "A"),
        ("self_link", "A"),
        ("unknown_constraint", "A"),
        ("constraint_without_date", "B"),
        ("dangling_link", "B"),
        ("missing_duration", "B"),
        ("unreadable_link", "C"),
        ("duplicate_task", "C"),
        ("beyond_calendar", "E"),
    }
    assert told["dangling_link", "B"].startswith("plan.csv, line 3: task B follows X9, but no task")
    assert "-2 days" in told["negative_duration", "A"]
    assert one(found, "D")["duration_days"] == 4  # Monday to Thursday, from its planned dates
    assert one(found, "B")["duration_days"] == 0


def test_open_ends_are_information():
    found = network(tasks(("A", 1, ""), ("B", 1, ""), ("C", 1, "A")), march(), project_start=MONDAY)
    assert [(p.kind.value, p.task_id, p.kind.is_information) for p in found.problems] == [
        ("open_start", "A", True),
        ("open_start", "B", True),
        ("open_end", "B", True),
        ("open_end", "C", True),
    ]


def test_ids_are_text_and_may_look_like_links():
    rows = tasks(("TFS", 2, ""), ("T-5", 1, "TFS"), ("1.10", 1, "TFSFS T-5FS-0.5d"), ("1.1", 1, "1.10"))
    found = network(rows, march(), project_start=MONDAY)
    # T-5 on the 5th; half a day before its end 1.10 begins, and takes until midday of the 6th.
    assert dates(found, "early_start", "early_finish") == {
        "TFS": (on(3), on(4)),
        "T-5": (on(5), on(5)),
        "1.10": (on(5), on(6)),
        "1.1": (on(6), on(7)),
    }


def test_a_schedule_without_tasks_and_one_that_is_over():
    empty = network(tasks(), march(), project_start=MONDAY)
    assert (empty.finish, empty.critical_path, empty.least_float_days, empty.tasks.height) == (None, [], None, 0)
    over = network(tasks(("A", 2, ""), actual_start=[on(3)], actual_finish=[on(5)]), march(), on(12))
    assert (over.finish, over.critical_path, over.least_float_days) == (on(5), [], None)
    assert one(over, "A")["is_critical"] is False


def test_level_of_effort_runs_beside_and_drives_nothing():
    rows = tasks(("PM", 20, ""), ("A", 5, "PMSS"), ("B", 5, "A"), is_level_of_effort=[True, False, False])
    found = network(rows, march(), project_start=MONDAY)
    assert (found.finish, found.critical_path) == (on(14), ["A", "B"])
    assert dates(found, "early_finish", "total_float_days", "is_critical") == {
        "PM": (on(28), None, False),
        "A": (on(7), 0, True),
        "B": (on(14), 0, True),
    }


def test_a_promised_finish_counts_more_than_a_reported_share_of_the_buffer():
    rows = tasks(
        ("A", 8, ""),
        ("BUFFER", 4, "A"),
        is_buffer=[False, True],
        percent_complete=[None, 0.75],
        buffer_until=[None, on(18)],
    )
    # The chain ends on Wednesday 12; the 13th to the 18th are the whole buffer, though the file says three quarters are used.
    assert one(network(rows, march(), project_start=MONDAY), "BUFFER")["buffer_days_used"] == 0
    without = network(rows.drop("buffer_until"), march(), project_start=MONDAY)
    assert (one(without, "BUFFER")["buffer_days_used"], without.finish) == (3, on(13))
