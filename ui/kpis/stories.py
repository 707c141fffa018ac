"""Tables that tell how a project got where it is: the waves of its roll-out, where its hours went."""

from __future__ import annotations

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.words import moments
from models.words.numbers import count_text, date_text, hours_text, percent_text, period_text
from ui.kpis import cards as kpi_cards
from ui.kpis import tables
from ui.shell import data
from ui.shell.filters import stands_words
from ui.shell.wording import _, language, msgid, safe, translate

PERIODS_SHOWN = 12
_ACTIVITY_WORDS = {
    "development": msgid("development"),
    "test": msgid("test"),
    "technical_debt": msgid("technical debt"),
    "upkeep": msgid("upkeep"),
    "requirements": msgid("requirements"),
    "design": msgid("design"),
    "project_management": msgid("project management"),
    "deployment": msgid("deployment"),
    "training": msgid("training"),
    "meeting": msgid("meetings"),
    "leave": msgid("leave"),
    "other": msgid("other work"),
    "": msgid("not named"),
}


def rollout_waves(opened: data.Opened, project_key: str, key: str) -> None:
    """Wave by wave: planned, live, accepted, defects at acceptance. Nothing where the project rolls nothing out."""
    waves = data.sites_by_wave(opened, project_key)
    if waves.is_empty():
        return
    project = data.projects(opened).filter(pl.col("project_key") == project_key)
    stands = moments.at(project["status_on"][0])
    st.markdown("**" + _waves_sentence(waves) + "**")
    st.caption(stands_words(stands))
    told = language()
    shown = waves.select(
        pl.col("wave"),
        *(_column(waves, name, lambda count: count_text(count, told)) for name in ("sites", "planned_live", "live")),
        _column(waves, "accepted", lambda count: count_text(count, told)),
        _column(waves, "defects_per_site", _mean_text),
        _column(waves, "hours_per_site", lambda mean: hours_text(mean, told)),
        _column(waves, "first_live_on", lambda day: date_text(day, told, short=True)),
        _column(waves, "last_live_on", lambda day: date_text(day, told, short=True)),
    )
    heads = {
        "sites": _("Sites"),
        "planned_live": _("Planned by now"),
        "live": _("Live"),
        "accepted": _("Accepted"),
        "defects_per_site": _("Defects per site"),
        "hours_per_site": _("Hours per site"),
        "first_live_on": _("First live"),
        "last_live_on": _("Last live"),
    }
    columns = {name: st.column_config.TextColumn(head, alignment="right") for name, head in heads.items()}
    tables.plain_table(shown, key=key, columns={"wave": st.column_config.TextColumn(_("Wave"))} | columns)
    tables.download(lambda: waves, f"plimsoll-waves-{kpi_cards.slug(project_key)}", stands, key=f"{key}_download")


def _waves_sentence(waves: pl.DataFrame) -> str:
    """The pilot against all that came after it, weighted by sites; without defects, just how far the roll-out is."""
    live, sites = int(waves["live"].sum()), int(waves["sites"].sum())
    told = waves.drop_nulls("defects_per_site")
    if told.height < 2:
        return _("{live} of {sites} sites are live", live=live, sites=sites)
    pilot, later = told.row(0, named=True), told.slice(1)
    mean = (later["defects_per_site"] * later["sites"]).sum() / later["sites"].sum()
    change = mean / pilot["defects_per_site"] - 1 if pilot["defects_per_site"] else None
    return _(
        "{live} of {sites} sites are live; defects per site at acceptance: {pilot} in wave {wave}, {later} after it ({change})",
        live=live,
        sites=sites,
        pilot=_mean_text(pilot["defects_per_site"]),
        wave=safe(pilot["wave"]),
        later=_mean_text(mean),
        change=percent_text(change, language(), signed=True),
    )


def hours_by_activity(opened: data.Opened, selection: Selection, key: str) -> None:
    """Kinds of work as shares of the hours, period by period. Nothing where no timesheet is loaded."""
    hours = data.hours_by_activity(opened, selection)
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
    shown = pl.DataFrame(
        {
            "period": [period_text(selection.period_kind, end, told) for end in shares["period_end"]],
            "hours": [hours_text(total, told) for total in shares["hours"]],
        }
        | {kind: [percent_text(share or 0.0, told) for share in shares[kind]] for kind in kinds}
    )
    columns = {
        "period": st.column_config.TextColumn(_("Period")),
        "hours": st.column_config.TextColumn(_("Hours"), alignment="right"),
    }
    columns |= {kind: st.column_config.TextColumn(_activity_word(kind, told), alignment="right") for kind in kinds}
    tables.plain_table(shown, key=key, columns=columns)
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
        first=percent_text(share(moved, ends[0]), language()),
        last=percent_text(share(moved, ends[-1]), language()),
    )


def _activity_word(kind: str, told: str) -> str:
    return translate(_ACTIVITY_WORDS[kind], None, told) if kind in _ACTIVITY_WORDS else safe(kind)


def _mean_text(mean: float | None) -> str:
    return "" if mean is None else f"{mean:.1f}"


def _column(frame: pl.DataFrame, name: str, text) -> pl.Series:
    return pl.Series(name, ["" if value is None else text(value) for value in frame[name]], dtype=pl.String)
