"""The Gantt chart: days drawn whole, progress inside the bar, float as a tail, the critical path told by a sign too."""

from __future__ import annotations

import datetime as dt

import polars as pl

from ui.schedule import gantt

DAY = 86_400_000
SCHEMA = {
    "task_id": pl.String,
    "task_name": pl.String,
    "baseline_start": pl.Date,
    "baseline_finish": pl.Date,
    "start": pl.Date,
    "finish": pl.Date,
    "actual_finish": pl.Date,
    "late_finish": pl.Date,
    "progress": pl.Float64,
    "finish_slip_days": pl.Int64,
    "total_float_days": pl.Float64,
    "is_critical": pl.Boolean,
    "is_near_critical": pl.Boolean,
    "is_buffer": pl.Boolean,
    "is_milestone": pl.Boolean,
    "is_summary": pl.Boolean,
}


def lines(**changed: object) -> pl.DataFrame:
    """One running task: baseline 1–10 January, now 2–15 January, half done, four days of float."""
    row = {
        "task_id": "T1",
        "task_name": "A",
        "baseline_start": dt.date(2026, 1, 1),
        "baseline_finish": dt.date(2026, 1, 10),
        "start": dt.date(2026, 1, 2),
        "finish": dt.date(2026, 1, 15),
        "actual_finish": None,
        "late_finish": dt.date(2026, 1, 19),
        "progress": 0.5,
        "finish_slip_days": 5,
        "total_float_days": 2.0,
        "is_critical": False,
        "is_near_critical": False,
        "is_buffer": False,
        "is_milestone": False,
        "is_summary": False,
    } | changed
    return pl.DataFrame([row], schema=SCHEMA)


def traces(frame: pl.DataFrame) -> dict:
    names = ("baseline", "tail", "left", "done", "milestones", "slips")
    return dict(zip(names, gantt.gantt(frame, dt.date(2026, 1, 8)).figure.data, strict=True))


def test_every_part_of_a_line_opens_what_the_line_is():
    chart = gantt.gantt(lines(), None, opens=lambda row: f"?task={row['task_id']}")
    assert {tuple(bars.customdata) for bars in chart.figure.data if bars.type == "bar"} == {("?task=T1",)}
    assert [way for _words, way in chart.opens] == ["?task=T1"]
    assert chart.opens[0][0].startswith("A · baseline")


def test_bars_hold_whole_days_and_progress_lies_inside_them():
    drawn = traces(lines())
    assert drawn["baseline"].x[0] == 10 * DAY  # 1 to 10 January, both days whole
    assert (drawn["done"].base[0], drawn["done"].x[0]) == (dt.date(2026, 1, 2), 7 * DAY)  # half of 2–15, 14 days
    assert (drawn["left"].base[0], drawn["left"].x[0]) == (dt.datetime(2026, 1, 9), 7 * DAY)
    assert (drawn["tail"].base[0], drawn["tail"].x[0]) == (dt.date(2026, 1, 16), 4 * DAY)  # 16 to 19 January
    assert drawn["slips"].text[0] == "+5"


def test_finished_work_has_no_rest_and_no_tail():
    drawn = traces(lines(actual_finish=dt.date(2026, 1, 15), progress=0.9))
    assert drawn["done"].x[0] == 14 * DAY
    assert drawn["left"].x[0] is None and drawn["tail"].x[0] is None


def test_a_buffer_shows_what_is_left_of_it_and_a_milestone_is_a_point():
    assert traces(lines(is_buffer=True))["done"].x[0] is None
    drawn = traces(lines(is_milestone=True))
    assert drawn["milestones"].x[0] == dt.date(2026, 1, 15)
    assert drawn["left"].x[0] is None


def test_the_critical_path_is_told_by_a_sign_and_not_by_color_alone():
    for changed, sign in (({"is_critical": True}, "◆ A"), ({"is_near_critical": True}, "◇ A"), ({}, "A")):
        figure = gantt.gantt(lines(**changed), None).figure
        assert figure.layout.yaxis.ticktext[0] == sign


def test_the_title_counts_late_tasks_of_the_whole_project():
    assert gantt.gantt(lines(), None).title == "1 of 1 tasks finish later than the baseline, the worst by 5 days"
    assert gantt.gantt(lines(finish_slip_days=0), None).title == "The one task finishes on or before the baseline"
    total = pl.concat([lines(), lines(task_id="T2", finish_slip_days=9), lines(is_buffer=True, finish_slip_days=40)])
    assert gantt.gantt(lines(), None, total).title == "2 of 2 tasks finish later than the baseline, the worst by 9 days"
    assert gantt.gantt(lines().clear(), None).figure is None


def test_ghosts_show_where_tasks_stood_before():
    ghosts = lines().with_columns(before_start=pl.date(2026, 1, 3), before_finish=pl.date(2026, 1, 4))
    chart = gantt.gantt(ghosts, None)
    assert chart.figure.data[1].x[0] == 2 * DAY
    assert "before the change" in chart.subtitle


def test_text_from_files_is_no_markup_in_a_figure():
    figure = gantt.gantt(lines(task_name="<b>x</b><script>"), None).figure
    assert "<script>" not in figure.to_json()
    assert "<b>x" not in "".join(figure.layout.yaxis.ticktext)
