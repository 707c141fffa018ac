"""Tables that tell how a project got where it is: the waves of its roll-out, where its hours went."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.kpis import series
from models.words import moments
from ui.kpis import cards as kpi_cards
from ui.kpis import tables
from ui.kpis.meanings import meaning_word
from ui.shell import data
from ui.shell.filters import stands_words
from ui.shell.numbers import count_text, date_text, hours_text, percent_text, period_text
from ui.shell.tables import Column, figure, table, text
from ui.shell.wording import _, language, msgid, safe, translate

PERIODS_SHOWN = 12
_ACTIVITY_WORDS = {"other": msgid("other work"), "": msgid("not named")}  # else those of the export's own column


def rollout_waves(view: data.BuildView, project_key: str, key: str) -> None:
    """Wave by wave: planned, live, accepted, defects at acceptance. Nothing where the project rolls nothing out."""
    waves = view.ask(series.sites_by_wave, project_key)
    if waves.is_empty():
        return
    project = data.projects(view).filter(pl.col("project_key") == project_key)
    stands = moments.at(project["status_on"][0])
    st.markdown("**" + _waves_sentence(waves) + "**")
    st.caption(stands_words(stands))

    def right(head: str, name: str, words: Callable[[Any], str]) -> Column:
        return figure(head, lambda row: "" if row[name] is None else words(row[name]), value=itemgetter(name))

    short = partial(date_text, short=True)
    table(
        waves,
        {
            "wave": text(_("Wave")),
            "sites": right(_("Sites"), "sites", count_text),
            "planned_live": right(_("Planned by now"), "planned_live", count_text),
            "live": right(_("Live"), "live", count_text),
            "accepted": right(_("Accepted"), "accepted", count_text),
            "defects_per_site": right(_("Defects per site"), "defects_per_site", _mean_text),
            "hours_per_site": right(_("Hours per site"), "hours_per_site", hours_text),
            "first_live_on": right(_("First live"), "first_live_on", short),
            "last_live_on": right(_("Last live"), "last_live_on", short),
        },
        key=key,
    )
    tables.download(lambda: waves, f"plimsoll-waves-{kpi_cards.slug(project_key)}", stands, key=f"{key}_download")


def _waves_sentence(waves: pl.DataFrame) -> str:
    """The pilot against all that came after it, weighted by sites; without defects, just how far the roll-out is."""
    live, sites = int(waves["live"].sum()), int(waves["sites"].sum())
    told = waves.drop_nulls("defects_per_site")
    if told.height < 2:
        return _("{live} of {sites} sites are live", live=live, sites=sites)
    pilot, later = told.row(0, named=True), told.slice(1)
    mean = later.select((pl.col("defects_per_site") * pl.col("sites")).sum() / pl.sum("sites")).item()
    change = mean / pilot["defects_per_site"] - 1 if pilot["defects_per_site"] else None
    return _(
        "{live} of {sites} sites are live; defects per site at acceptance: {pilot} in wave {wave}, {later} after it ({change})",
        live=live,
        sites=sites,
        pilot=_mean_text(pilot["defects_per_site"]),
        wave=safe(pilot["wave"]),
        later=_mean_text(mean),
        change=percent_text(change, signed=True),
    )


def hours_by_activity(view: data.BuildView, selection: Selection, key: str) -> None:
    """Kinds of work as shares of the hours, period by period. Nothing where no timesheet is loaded."""
    hours = view.ask(series.hours_by_activity, selection)
    if hours.is_empty():
        return
    ends = hours["period_end"].unique().sort().to_list()[-PERIODS_SHOWN:]
    hours = hours.filter(pl.col("period_end").is_in(ends)).with_columns(pl.col("activity").fill_null(""))
    kinds = hours.group_by("activity").agg(pl.col("hours").sum()).sort("hours", descending=True)["activity"].to_list()
    stands = moments.over(selection.period_kind, ends)
    st.markdown("**" + _activity_sentence(hours, kinds) + "**")
    st.caption(stands_words(stands))
    told = language()
    shares = hours.pivot("activity", index="period_end", values="share").sort("period_end", descending=True)
    totals = hours.group_by("period_end").agg(pl.col("hours").sum())
    shares = shares.join(totals, on="period_end", maintain_order="left")
    period = text(
        _("Period"), lambda row: period_text(selection.period_kind, row["period_end"]), value=itemgetter("period_end")
    )
    total = figure(_("Hours"), lambda row: hours_text(row["hours"]), value=itemgetter("hours"))

    def of_kind(kind: str) -> Column:
        return figure(
            _activity_word(kind, told), lambda row: percent_text(row[kind] or 0.0), value=lambda row: row[kind] or 0.0
        )

    table(shares, {"period": period, "hours": total} | {kind: of_kind(kind) for kind in kinds}, key=key)
    if "technical_debt" in kinds:
        st.caption(
            _(
                "Shares of all hours of the period by activity. The technical-debt repayment share above also counts work on "
                "issues labeled as technical debt, and divides by the hours that its card names."
            )
        )
    tables.download(lambda: hours, "plimsoll-hours-by-activity", stands, key=f"{key}_download")


def _activity_sentence(hours: pl.DataFrame, kinds: list[str]) -> str:
    """Of the whole periods shown: the kind of work whose share moved most from the first to the last."""
    whole = hours.filter(~pl.col("is_incomplete"))
    ends = whole["period_end"].unique().sort().to_list()
    if len(ends) < 2:
        return _("Hours by kind of work")

    def share(kind: str, end: object) -> float:
        found = whole.filter((pl.col("activity") == kind) & (pl.col("period_end") == end))["share"]
        return found[0] if len(found) else 0.0

    moved = max(kinds, key=lambda kind: abs(share(kind, ends[-1]) - share(kind, ends[0])))
    return _(
        "The share of {activity} went from {first} to {last} of the hours",
        activity=_activity_word(moved, language()),
        first=percent_text(share(moved, ends[0])),
        last=percent_text(share(moved, ends[-1])),
    )


def _activity_word(kind: str, told: str) -> str:
    return translate(_ACTIVITY_WORDS[kind], None, told) if kind in _ACTIVITY_WORDS else safe(meaning_word(kind, told))


def _mean_text(mean: float | None) -> str:
    return "" if mean is None else f"{mean:.1f}"
