"""How milestones and floats move from one data date to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import streamlit as st

from models.document import Row
from models.words import moments
from ui.kpis import tables
from ui.kpis.events import event_marks
from ui.kpis.meanings import milestone_word
from ui.schedule.charts import MARKERS, marked_line
from ui.shell.figures import HEIGHT, LEGEND_HEIGHT, MONTHS, Chart, drawn, end_labels, line_across, plain, plotly_text
from ui.shell.numbers import date_text
from ui.shell.tables import day, number, table, text
from ui.shell.theme import CRITICAL, NO_DATA, QUIET, ink
from ui.shell.wording import _, language, phase_word, safe

LABEL_LENGTH = 27  # characters that fit beside a chart
SHORT_SPAN_DAYS = 200  # shorter than this, months repeat along an axis
LABEL_MARGIN = 215  # pixels for them
LEGEND_ROWS = 3  # of long names: the plot keeps the height by which labels are kept apart
FLOATS_SHOWN = 6
LINES_SHOWN = 8  # lines that can be told apart in one chart
_LINE_STYLES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")


def milestone_chart(
    history: pl.DataFrame, opens: Callable[[Row], str | None] | None = None, events: pl.DataFrame | None = None
) -> Chart:
    """The milestone trend: forecast date of each milestone at each data date. Level: on time; rising: slipping.

    history: schedule_series.milestones. opens: the address of the rows of a task or phase. events: of the project
    (ui.kpis.events.happened).
    """
    if history.is_empty():
        return Chart.empty(_("No milestones: no schedule has been loaded for this project"))
    paper = ink()
    newest = history.filter(pl.col("status_on") == history["status_on"].max())
    shown = _told_apart(newest)
    low, high = history.select(pl.min("finish"), pl.max("finish").alias("last")).row(0)
    room = dt.timedelta(days=max((high - low).days // 20, 10))
    low, high = low - room, high + room
    data, ends, ways = [], [], []
    for place, row in enumerate(shown.iter_rows(named=True)):
        rows = history.filter(pl.col("milestone_key") == row["milestone_key"]).sort("status_on")
        name = milestone_name(row)
        color = paper.text if (row["slip_days"] or 0) > 0 else QUIET
        words = [
            f"{plotly_text(name, 30)}<br>{date_text(told_on)} → {date_text(finish)}"
            for told_on, finish in rows.select("status_on", "finish").iter_rows()
        ]
        line = {"color": color, "width": 1.8, "dash": _LINE_STYLES[place % len(_LINE_STYLES)]}
        short = plotly_text(row["name"] or phase_word(row["phase"]), LABEL_LENGTH)
        symbol = MARKERS[place % len(MARKERS)]
        way = opens(_of_milestone(row)) if opens else None
        more = {"name": short, "customdata": [way] * rows.height}
        data.append(marked_line(rows["status_on"], rows["finish"], words, line, symbol, **more))
        slip = row["slip_days"]
        told = f"{short} {slip:+d}" if slip else short
        ways += [(plain(told), way)] if way else []
        ends.append((rows["status_on"][-1], (row["finish"] - low).days, told, paper.text))
    height = (high - low).days
    notes = end_labels(ends, 0, height)
    for note, row in zip(notes, shown.iter_rows(named=True), strict=True):
        note["y"] = row["finish"]
    first, last = history.select(pl.min("status_on"), pl.max("status_on").alias("last")).row(0)
    reached = {
        "type": "line", "x0": first, "x1": last, "y0": first, "y1": last, "xref": "x", "yref": "y",
        "line": {"color": NO_DATA, "width": 1, "dash": "dot"},
    }  # fmt: skip
    figure = drawn(
        paper,
        data,
        shapes=[reached] if low <= last else [],
        annotations=notes,
        along=event_marks(events, first, last, paper, low=low),
        xaxis=_from_to(first, last),
        yaxis={"type": "date", "tickformat": _tick(low, high), "range": [low, high]},
        margin={"r": LABEL_MARGIN},
        height=HEIGHT + LEGEND_ROWS * LEGEND_HEIGHT,
    )
    return Chart(_milestone_title(newest), _("across: data date · up: date forecast then · level: on time, rising: slipping · "
                                             "dotted: reached"), figure, moments.at(last), ways)  # fmt: skip


def _of_milestone(row: Row) -> Row:
    """The task that a milestone is, or the phase whose end it is."""
    is_end = row["milestone_type"] is None
    return {"is_group": is_end, "task_id": row["milestone_key"], "group": row["phase"]}


def _told_apart(newest: pl.DataFrame) -> pl.DataFrame:
    """As many milestones as a chart can tell apart: the latest of each type first, then the latest of all."""
    worst = newest.sort("slip_days", descending=True, nulls_last=True, maintain_order=True)
    first = pl.col("milestone_type").is_first_distinct() & pl.col("milestone_type").is_not_null()
    return worst.sort(~first, maintain_order=True).head(LINES_SHOWN).sort("baseline_finish", maintain_order=True)


def _from_to(first: dt.date, last: dt.date) -> dict:
    """An axis that ends with the last data date, so that labels stand in the margin beside it."""
    if first == last:
        return {"type": "date", "tickformat": "%Y-%m-%d", "nticks": 2}
    return MONTHS | {"type": "date", "tickformat": _tick(first, last), "range": [first, last]}


def _tick(first: dt.date, last: dt.date) -> str:
    return "%Y-%m" if (last - first).days > SHORT_SPAN_DAYS else "%Y-%m-%d"


def _milestone_title(newest: pl.DataFrame) -> str:
    late = newest.filter(pl.col("slip_days") > 0).sort("slip_days", descending=True)
    if late.is_empty():
        return _("All {total} milestones are on or before their baseline", total=newest.height)
    worst = late.row(0, named=True)
    return _(
        "{count} of {total} milestones later than the baseline; the worst, {name}, by {days} days",
        count=late.height,
        total=newest.height,
        name=safe(milestone_name(worst)),
        days=worst["slip_days"],
    )


def milestone_name(row: dict) -> str:
    """Its own name, or the phase whose end it is."""
    return row["name"] or _("end of {phase}", phase=phase_word(row["phase"]))


def float_chart(
    history: pl.DataFrame, opens: Callable[[Row], str | None] | None = None, events: pl.DataFrame | None = None
) -> Chart:
    """Total float over the data dates, of the tasks with the least of it now. history: schedule_network.float_history.

    opens: the address of a task's rows. events: of the project (ui.kpis.events.happened).
    """
    open_now = history.filter(
        (pl.col("status_on") == pl.col("status_on").max())
        & pl.col("total_float_days").is_not_null()
        & ~pl.col("is_buffer")
    )
    if open_now.is_empty():
        return Chart.empty(_("No float to watch: no unfinished task has one"))
    paper = ink()
    # Critical tasks would all lie on the line of 0: those that are about to join them are what moves.
    spare = open_now.filter(pl.col("total_float_days") > 0)
    shown = _chains(spare if spare.height else open_now, history).head(FLOATS_SHOWN)
    mine = history.filter(
        pl.col("task_id").is_in(shown["task_id"].implode()) & pl.col("total_float_days").is_not_null()
    )
    least, most = mine.select(pl.min("total_float_days"), pl.max("total_float_days").alias("most")).row(0)
    low, high = min(least, 0), max(most, 5)
    room = (high - low) * 0.06
    low, high = low - 4 * room, high + room  # labels of lines that end close together need room below
    dates = history["status_on"].unique().sort()
    data, ends, ways = [], [], []
    for place, (task_id, name, others) in enumerate(shown.select("task_id", "task_name", "others").iter_rows()):
        more = f" (+{others})" if others else ""
        rows = mine.filter(pl.col("task_id") == task_id).sort("status_on")
        words = [f"{plotly_text(name or task_id, 40)} {value:.0f}" for value in rows["total_float_days"]]
        line = {"color": paper.text, "width": 1.5, "dash": _LINE_STYLES[place % len(_LINE_STYLES)]}
        symbol = MARKERS[place % len(MARKERS)]
        short = plotly_text(name or task_id, LABEL_LENGTH)
        values = rows["total_float_days"]
        way = opens({"task_id": task_id}) if opens else None
        look = {"is_dated": True, "name": short, "customdata": [way] * rows.height}
        data.append(marked_line(rows["status_on"], values, words, line, symbol, **look))
        value = rows["total_float_days"][-1]
        label = f"{plotly_text(name or task_id, LABEL_LENGTH)}{more} {value:.0f}"
        ends.append((rows["status_on"][-1], value, label, paper.text))
        ways += [(plain(label), way)] if way else []
    figure = drawn(
        paper,
        data,
        shapes=[line_across(CRITICAL, 1.5, y=0)],
        annotations=end_labels(ends, low, high),
        along=event_marks(events, dates[0], dates[-1], paper, low=low),
        xaxis=_from_to(dates[0], dates[-1]),
        yaxis={"range": [low, high]},
        margin={"r": LABEL_MARGIN},
        height=HEIGHT + LEGEND_ROWS * LEGEND_HEIGHT,
    )
    units = _("total float in working days, of the unfinished tasks with the least of it · at 0 a task is critical")
    if shown["others"].sum():
        units += " · " + _("(+n): tasks of the same chain, with the same float all along")
    if len(dates) < 2:
        title = _("Total float at {date}", date=date_text(dates[0]))
        return Chart(title, units, figure, moments.at(dates[0]), ways)
    then = history.filter(pl.col("status_on") == dates[-2]).select("task_id", before="total_float_days")
    lost = open_now.join(then, on="task_id").with_columns(lost=pl.col("before") - pl.col("total_float_days"))
    lost = lost.filter(pl.col("lost") >= 1)
    title = _(
        "{count} of {total} unfinished tasks have lost float since {date}",
        count=lost.height,
        total=open_now.height,
        date=date_text(dates[-2]),
    )
    return Chart(title, units, figure, moments.at(dates[-1]), ways)


def _chains(tasks: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """One task of each chain, the least float first, and how many `others` share its float at every data date."""
    course = (
        history.filter(pl.col("task_id").is_in(tasks["task_id"].implode()))
        .sort("status_on")
        .group_by("task_id")
        .agg(pl.col("total_float_days").round(0).cast(pl.String).fill_null("–").str.join(" ").alias("course"))
    )
    placed = tasks.join(course, on="task_id", how="left").sort("total_float_days", "task_id")
    chains = placed.with_columns(others=pl.len().over("course") - 1)
    return chains.unique("course", keep="first", maintain_order=True)


def type_choice(history: pl.DataFrame, key: str) -> pl.DataFrame:
    """The milestones of the type chosen, where the schedule names several types; else all of them."""
    written = history["milestone_type"].drop_nulls().unique(maintain_order=True).to_list()
    words = {kind: milestone_word(kind, language()) for kind in written}
    if len(set(words.values())) < 2:
        return history
    offered = list(dict.fromkeys(words.values()))
    chosen = st.pills(
        _("Type"), offered, selection_mode="multi", key=key, label_visibility="collapsed", format_func=safe
    )
    kinds = [kind for kind in written if words[kind] in chosen]
    return history.filter(pl.col("milestone_type").is_in(kinds)) if chosen else history


def milestone_table(history: pl.DataFrame, contract_finish: dt.date | None, key: str) -> None:
    """Milestones at the newest data date, in the order of the plan, with their slip against baseline and contract."""
    if history.is_empty():
        return
    newest = history.filter(pl.col("status_on") == history["status_on"].max())
    if newest["milestone_type"].is_null().all():
        st.caption(_("The schedule marks no milestones: the ends of its phases stand for them."))
    has_types = newest["milestone_type"].is_not_null().any()
    kind = text(
        _("Type"),
        lambda row: row["milestone_type"] and milestone_word(row["milestone_type"], language()),
        width=124,
    )
    slip = number(_("Slip, days"), width=90, format="%+d", help=_("Calendar days against the baseline; + is later"))
    against_contract = number(
        _("Against contract"),
        width=120,
        format="%+d",
        help=_("Calendar days against the contract finish; + is later"),
    )
    table(
        newest,
        {
            "name": text(_("Milestone"), milestone_name),
            "milestone_type": kind if has_types else None,
            "baseline_finish": day(_("Baseline finish"), width=110),
            "finish": day(_("Actual or forecast"), width=120),
            "state": text(
                _("State"), lambda row: _("reached") if row["is_reached"] else _("not reached yet"), width=100
            ),
            "slip_days": slip,
            "contract_slip_days": None if contract_finish is None else against_contract,
        },
        key=key,
    )
    tables.download(
        lambda: newest,
        "plimsoll-milestones",
        moments.at(newest.select(pl.max("status_on")).item()),
        key=f"{key}_download",
    )
