"""What a schedule says, in sentences: when it ends, what the buffer still holds, where the delay began, what holds the finish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl
import streamlit as st

from models.document import Row
from models.schedule import network, series
from models.schedule.network import ProjectSchedule, missed_limits
from models.schedule.series import WHOLE_PROJECT, TimeForecast, slip_origins
from models.vocabulary import KpiStatus
from models.words import moments
from ui.frame.head import page_head
from ui.kpis import cards as kpi_cards
from ui.kpis.meanings import meaning_word
from ui.schedule.charts import forecast_words
from ui.shell import boxes, data
from ui.shell.filters import stands_words
from ui.shell.numbers import date_text, percent_text
from ui.shell.wording import STATUS_SIGNS, _, language, safe, status_word

TASKS_NAMED = 3
WAVES_SIDE_BY_SIDE = 8
DATES_LOOKED_BACK = 3  # data dates: a quarter, where reports are monthly


def story(view: data.BuildView, project: Row) -> None:
    """The verdict on the schedule of one project, bad news first; nothing where no schedule is loaded."""
    planned = view.ask(network.project_schedule, project["project_key"])
    if planned is None:
        return
    history = view.ask(series.buffer_history, project["project_key"])
    lines = [
        finish_line(planned, project),
        computed_line(planned),
        limits_line(planned),
        buffer_line(history),
        origin_line(slip_origins(planned)),
        third_party_line(view.ask(series.third_party_defects, project["project_key"])),
        path_line(planned),
        fault_line(planned),
    ]
    st.caption(stands_words(moments.at(planned.status_on)))
    st.markdown("\n".join(f"- {line}" for line in lines if line))


def pace_story(history: pl.DataFrame, part: str = WHOLE_PROJECT) -> None:
    """The verdict on the buffer alone, of the project or of one wave, above the charts of the pace."""
    line = buffer_line(history, part)
    if line:
        st.caption(stands_words(moments.at(history.filter(pl.col("part") == part)["status_on"][-1])))
        st.markdown(line)


def part_choice(history: pl.DataFrame, key: str) -> str:
    """The project, or the wave that is looked at; nothing is asked where no wave has a buffer of its own."""
    waves = sorted(set(history["part"]) - {WHOLE_PROJECT}) if history.height else []
    if not waves:
        return WHOLE_PROJECT
    names = {WHOLE_PROJECT: _("Whole project")} | {wave: _("Wave {wave}", wave=safe(wave)) for wave in waves}
    if len(waves) > WAVES_SIDE_BY_SIDE:
        return boxes.selectbox(_("Buffer of"), names, key=key)
    return boxes.one_of(_("Buffer of"), names, key=key)


def forecast_line(forecast: TimeForecast | None, project: Row) -> None:
    """Forecast finish by earned schedule beside the planned one and the contract's."""
    words = forecast_words(forecast, project["contract_finish_on"])
    if words:
        st.markdown(words)


def measure_choice(key: str) -> bool:
    """Whether the burn-up counts estimated person-days rather than items."""
    ways = {False: _("Items"), True: _("Estimated person-days")}
    return boxes.one_of(_("Measure"), ways, key=key)


def nothing_loaded() -> None:
    """No schedule: said in words, with the way to load one."""
    st.info(_("No schedule has been loaded for this project: no dates, no critical path and no buffer to show."))
    st.page_link(kpi_cards.UPLOADS, label=_("Upload a schedule"), icon=":material/upload_file:")


def head(planned: ProjectSchedule | None, project: Row) -> None:
    """The head of a page about one project's schedule."""
    if planned is None:
        page_head(_("No schedule is loaded"), scope=project["project_name"])
        return
    page_head(
        finish_line(planned, project),
        scope=project["project_name"],
        periods=[_("data as of {date}", date=date_text(planned.status_on))],
    )


def finish_line(planned: ProjectSchedule, project: Row) -> str:
    """The forecast finish of the work against its baseline and against the contract."""
    work = planned.tasks.filter(~pl.col("is_buffer") & ~pl.col("is_summary").fill_null(False))
    finish, baseline = work.select(pl.max("finish", "baseline_finish")).row(0)
    if finish is None:
        return ""
    if work["actual_finish"].is_not_null().all():
        words = [_("The work was finished on {date}", date=date_text(finish))]
    else:
        words = [_("The work is forecast to finish on {date}", date=date_text(finish))]
    if baseline is not None:
        words.append(_against(finish, baseline, _("the baseline"), baseline))
    contract = project["contract_finish_on"]
    sign = ""
    if contract is not None:
        words.append(_against(finish, contract, _("the contract"), contract))
        sign = STATUS_SIGNS[KpiStatus.CRITICAL] + " " if finish > contract else ""
    return sign + _(", ").join(words)


def computed_line(planned: ProjectSchedule) -> str:
    """That links, calendars and constraints do not allow the finish that the plan forecasts."""
    work = planned.tasks.filter(~pl.col("is_buffer") & ~pl.col("is_summary").fill_null(False))
    forecast, computed = work.select(pl.max("finish")).item(), planned.schedule.finish_without_buffer
    if forecast is None or computed is None or computed <= forecast:
        return ""
    return _(
        "{sign} By its links, calendars and constraints the work cannot end before {date}, {days} working days after this "
        "forecast",
        sign=STATUS_SIGNS[KpiStatus.WARNING],
        date=date_text(computed),
        days=f"{planned.calendar.end_of(computed) - planned.calendar.end_of(forecast):.0f}",
    )


def limits_line(planned: ProjectSchedule) -> str:
    """Deadlines and constraints that are missed: where negative float comes from."""
    missed = missed_limits(planned)
    if missed.is_empty():
        return ""
    which = _(", ").join(
        _(
            "{task} by {days} working days ({limit} {date})",
            task=safe(row["task_name"] or row["task_id"]),
            days=f"{row['days_late']:.0f}",
            limit=limit_word(row["limit"]),
            date=date_text(row["limit_on"]),
        )
        for row in missed.head(TASKS_NAMED).iter_rows(named=True)
    )
    return _(
        "{sign} {count} deadlines or constraints are missed: {which}. Total float goes down to {float} working days",
        sign=STATUS_SIGNS[KpiStatus.CRITICAL],
        count=missed.height,
        which=which,
        float=f"{min(planned.schedule.least_float_days or 0.0, 0.0):.0f}",
    )


def limit_word(limit: str) -> str:
    """A deadline, or a constraint by its canonical word."""
    return _("deadline") if limit == "deadline" else meaning_word(limit, language())


def _against(finish: dt.date, other: dt.date, name: str, day: dt.date) -> str:
    days = (finish - other).days
    if days > 0:
        return _("{days} days after {name} ({date})", days=days, name=name, date=date_text(day))
    if days < 0:
        return _("{days} days before {name} ({date})", days=-days, name=name, date=date_text(day))
    return _("on the day of {name} ({date})", name=name, date=date_text(day))


def buffer_line(history: pl.DataFrame, part: str = WHOLE_PROJECT) -> str:
    """Buffer used against chain done, today and over the last data dates, of the project or of one wave."""
    whole = history.filter(pl.col("part") == part)
    if whole.is_empty():
        return ""
    now = whole.row(-1, named=True)
    sign, word = STATUS_SIGNS[now["status"]], status_word(now["status"])
    said = {
        "sign": sign,
        "status": word,
        "used": percent_text(now["buffer_share"]),
        "done": percent_text(now["chain_share"]),
        "left": f"{max(now['buffer_days'] - now['buffer_days_used'], 0):.0f}",
        "days": f"{now['buffer_days']:.0f}",
    }
    if now["chain_share"] < 1 and now["buffer_share"] > now["chain_share"]:
        sentence = _(
            "{sign} {status}: the buffer burns faster than the chain: {used} of it is used with {done} of the work done; "
            "{left} of {days} working days are left",
            **said,
        )
    else:
        sentence = _(
            "{sign} {status}: {used} of the buffer is used with {done} of the work done; {left} of {days} working days are left",
            **said,
        )
    if whole.height > DATES_LOOKED_BACK and now["status"] != KpiStatus.OK:
        then = whole.row(-1 - DATES_LOOKED_BACK, named=True)
        sentence += _(
            ". Since {date}: +{used} of the buffer for +{done} of the work",
            date=date_text(then["status_on"]),
            used=percent_text(now["buffer_share"] - then["buffer_share"]),
            done=percent_text(now["chain_share"] - then["chain_share"]),
        )
    return sentence


def origin_line(origins: pl.DataFrame) -> str:
    """Tasks that have begun and are later than their predecessors made them: where the delay so far comes from."""
    begun = origins.head(TASKS_NAMED)
    if begun.is_empty():
        return ""
    which = _(", ").join(
        _("{task} +{days} days", task=safe(row["task_name"] or row["task_id"]), days=row["own_slip_days"])
        for row in begun.iter_rows(named=True)
    )
    return _("The delay so far began at: {which} (days beyond what their predecessors handed on)", which=which)


def third_party_line(counts: Mapping[str, int]) -> str:
    if not counts["total"]:
        return ""
    return _(
        "Third parties (devices, other systems) caused {total} defects, {open} of them still open: they cannot be fixed here",
        **counts,
    )


def path_line(planned: ProjectSchedule) -> str:
    """The critical path by name, and what is not tied to it."""
    names = dict(planned.tasks.select("task_id", "task_name").iter_rows())
    path = planned.schedule.critical_path
    if not path:
        return ""
    shown = [safe(names.get(task_id) or task_id) for task_id in path]
    if len(shown) > 2 * TASKS_NAMED:
        shown = [*shown[:TASKS_NAMED], "…", *shown[-TASKS_NAMED:]]
    said = _("Critical path ({count} tasks): {path}", count=len(path), path=" → ".join(shown))
    first = planned.tasks.filter(pl.col("task_id") == path[0]).row(0, named=True)
    if first["is_held_by_date"]:
        said += _(
            ". It begins at a date that no link explains: {task} is held at {date}",
            task=shown[0],
            date=date_text(first["start"]),
        )
    return said


def fault_line(planned: ProjectSchedule) -> str:
    """That something of the network was left out, so that its dates are read with care."""
    faults = sum(not problem.kind.is_information for problem in planned.schedule.problems)
    if not faults:
        return ""
    return _(
        "{sign} The network has {count} faults: dates and floats leave them out; they are listed below",
        sign="▲",
        count=faults,
    )
