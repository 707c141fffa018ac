"""The finish dates of one project side by side, each with what it assumes: they differ, and none of them is wrong."""

from __future__ import annotations

import datetime as dt
from operator import itemgetter

import polars as pl
import streamlit as st

from models.document import Row
from models.schedule.network import ProjectSchedule
from models.schedule.series import TimeForecast
from models.words import moments
from ui.shell.filters import stands_words
from ui.shell.numbers import date_text, index_text
from ui.shell.tables import figure, table, text
from ui.shell.wording import _


def finish_dates(planned: ProjectSchedule | None, forecast: TimeForecast | None, project: Row, key: str) -> None:
    """A table of every finish that is known, the contract's first; nothing where fewer than two are."""
    rows = finish_rows(planned, forecast, project)
    if len(rows) < 2:
        return
    stands = moments.over(moments.DAY, [told.status_on for told in (planned, forecast) if told is not None])
    st.markdown("**" + _("When it ends: {count} dates, and what each assumes", count=len(rows)) + "**")
    st.caption(stands_words(stands))
    contract = project["contract_finish_on"]
    table(
        [{"what": what, "day": finish, "assumes": assumes} for what, finish, assumes in rows],
        {
            "what": text(_("Finish"), width=190),
            "finish": text(_("Day"), lambda row: date_text(row["day"]), value=itemgetter("day"), width=120),
            "contract": figure(
                _("Days after the contract"),
                lambda row: _days_after(row["day"], contract),
                value=itemgetter("day"),
                width=120,
            ),
            "assumes": text(_("What it assumes")),
        },
        key=key,
    )


def finish_rows(
    planned: ProjectSchedule | None, forecast: TimeForecast | None, project: Row
) -> list[tuple[str, dt.date, str]]:
    """(what, day, assumption) of the finishes that are known."""
    rows = [(_("Contract"), project["contract_finish_on"], _("Agreed with the customer; nothing is forecast"))]
    if planned is not None:
        work = planned.tasks.filter(~pl.col("is_buffer") & ~pl.col("is_summary").fill_null(False))
        rows += [
            (
                _("Baseline"),
                work["baseline_finish"].max(),
                _("The approved plan, without what has happened since; without the buffer"),
            ),
            (
                _("Forecast of the plan"),
                work["finish"].max(),
                _("The days that the schedule's author gives the open tasks"),
            ),
            (
                _("By links and calendars"),
                planned.schedule.finish_without_buffer,
                _("Each task starts as soon as its predecessors allow and lasts as long as its forecast says"),
            ),
        ]
    if forecast is not None:
        index = index_text(forecast.performance.schedule_performance_index_time, exact=True)
        rows.append(
            (
                _("By pace, SPI(t)"),
                forecast.forecast_on,
                _(
                    "The rest goes on at the pace so far: planned duration ÷ SPI(t) {index}; no task is looked at",
                    index=index,
                ),
            )
        )
    return [(what, finish, assumes) for what, finish, assumes in rows if finish is not None]


def _days_after(finish: dt.date, contract: dt.date | None) -> str:
    return "" if contract is None or finish == contract else f"{(finish - contract).days:+d}"
