"""The parts of the data health page: how fresh each feed is, what matched no project, what made the build."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import PackageNotFoundError, version
from operator import itemgetter

import polars as pl
import streamlit as st

from models.builds.published import Build
from models.kpis import series
from models.kpis.caveats import holidays_known_until
from models.reference import currencies, matching
from models.vocabulary import UNALLOCATED
from models.words import moments
from ui.shell import data
from ui.shell.numbers import age_text, count_text, date_text, hours_text, instant_text, money_text
from ui.shell.tables import day, figure, number, table, text
from ui.shell.tools import system_name
from ui.shell.wording import _, feed_word, language, listed, safe

_MADE_WITH = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "polars", "streamlit", "chinesecalendar")


def freshness(view: data.BuildView, today: dt.date) -> None:
    """One row per project and feed, the oldest first and finished projects last, with the days since its newest row."""
    rows = series.feed_freshness(view.snapshot)
    if rows.is_empty():
        st.info(_("Nothing has been loaded yet."))
        return
    projects = data.projects(view)
    names = data.project_names(projects) | {UNALLOCATED: _("Unallocated")}
    finished = set(projects.filter(pl.col("actual_finish_on").is_not_null())["project_key"])
    names |= {key: _("{project} (finished)", project=names[key]) for key in finished}
    aged = rows.with_columns(
        days=(pl.lit(today) - pl.col("covers_to")).dt.total_days(),
        is_finished=pl.col("project_key").is_in(list(finished)),
    ).sort("is_finished", "days", descending=[False, True], nulls_last=True)
    table(
        aged,
        {
            "project": text(_("Project"), lambda row: names.get(row["project_key"], row["project_key"])),
            "feed": text(_("Feed"), lambda row: feed_word(row["feed"])),
            "covers_from": day(_("From")),
            "covers_to": day(_("To")),
            "days": number(_("Days since the newest row"), format="%d"),
            "rows": number(_("Rows")),
        },
        key="health_freshness",
    )


def holidays_line(view: data.BuildView) -> None:
    """To which day holidays are known, and what is counted from then on."""
    known = view.ask(holidays_known_until)
    if known is None:
        return
    st.caption(
        ":material/event_busy: "
        + _(
            "Holidays and make-up days are known up to {known}. From {first} on, days are counted from Monday to Friday, until "
            "the arrangement of the year is loaded as working calendars without a project, or Plimsoll is updated.",
            known=date_text(known),
            first=date_text(known + dt.timedelta(days=1)),
        )
    )


def stands_line(view: data.BuildView) -> None:
    """Of which build the counts and totals below are, and to which day their data reach."""
    reach = moments.over(moments.DAY, data.projects(view)["status_on"])
    words = [_("build {build}", build=view.build.build_id), reach.words(language()) if reach else ""]
    st.caption(" · ".join(word for word in words if word))


def sentence(view: data.BuildView | None, quarantined: pl.DataFrame) -> str:
    """What does not count as it should."""
    if view is None:
        return _("Nothing is published yet")
    unallocated, unconverted = series.unallocated(view.snapshot), currencies.unconverted(view.snapshot)
    if unallocated.is_empty() and unconverted.is_empty() and quarantined.is_empty():
        return _("Everything that was loaded counts")
    return _(
        "Not counted as it should be: {quarantined} quarantined rows, {unallocated} rows of no project, {unconverted} amounts "
        "without a rate",
        quarantined=quarantined.height,
        unallocated=int(unallocated["rows"].sum()),
        unconverted=int(unconverted["rows"].sum()),
    )


def unallocated(view: data.BuildView) -> bool:
    """What matched no project, by code, with its total. Returns whether there is anything."""
    rows = series.unallocated(view.snapshot)
    if rows.is_empty():
        st.success(_("Every row belongs to a project."))
        return False
    table(
        rows,
        {
            "feed": text(_("Feed"), lambda row: feed_word(row["feed"])),
            "system": text(_("System"), lambda row: row["system"] and system_name(row["system"])),
            "external_code": text(_("Code in the file"), lambda row: row["external_code"] or _("no code")),
            "rows": number(_("Rows")),
            "amount": figure(_("Total"), lambda row: _amount(row["amount"], row["unit"]), value=itemgetter("amount")),
        },
        key="health_unallocated",
    )
    return True


def unconverted(view: data.BuildView) -> bool:
    """Foreign amounts without a rate of their day, by project and currency. Returns whether there is anything."""
    shown = language()
    rows = currencies.unconverted(view.snapshot)
    if rows.is_empty():
        return False
    names = data.project_names(data.projects(view))
    table(
        rows,
        {
            "project": text(_("Project"), lambda row: names.get(row["project_key"], _("Unallocated"))),
            "feed": text(_("Feed"), lambda row: feed_word(row["feed"])),
            "rows": number(_("Rows")),
            "amount": figure(
                _("Total"),
                lambda row: currencies.original_text(row["amount"], row["currency"], shown),
                value=itemgetter("amount"),
            ),
            "first_on": day(_("From")),
            "last_on": day(_("To")),
        },
        key="health_unconverted",
    )
    return True


def written_alike(view: data.BuildView) -> list[str]:
    """Codes of one list that people write alike, as sentences."""
    return [
        _(
            "{codes} are written alike and stay apart: a code that is none of them letter by letter matches none",
            codes=safe(listed(codes)),
        )
        for _kind, _project, codes in view.ask(matching.written_alike)
    ]


def _amount(amount: float | None, unit: str | None) -> str:
    """unit: items, hours or a currency, as unallocated_totals says."""
    if amount is None or unit == "items":
        return ""
    if unit == "hours":
        return hours_text(amount)
    return money_text(amount, unit, exact=True)


def versions(build: Build | None, now: dt.datetime) -> None:
    """What the numbers on screen were made from and with."""
    facts = []
    if build is not None:
        manifest = build.manifest
        published = f"{instant_text(build.published_at)} ({age_text(build.published_at, now)})"
        facts += [
            (_("Build"), build.build_id),
            (_("Published"), published),
            (_("Batches"), count_text(len(manifest.get("batches") or []))),
            (_("Status date"), date_text(manifest["as_of"]) if manifest.get("as_of") else _("of each project")),
            (_("Code version"), str(manifest.get("code_version") or "")),
            (_("Catalogue version"), str(manifest.get("catalogue_hash") or "")[:12]),
        ]
    facts += [(name, _installed(name)) for name in _MADE_WITH]
    table(
        [{"what": what, "value": value} for what, value in facts],
        {"what": text(_("What"), width="small"), "value": text(_("Value"), width="large")},
        key="health_versions",
    )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
