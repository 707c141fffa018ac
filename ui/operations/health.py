"""The parts of the data health page: how fresh each feed is, what matched no project, what made the build."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import PackageNotFoundError, version

import polars as pl
import streamlit as st

from models.builds.published import Build
from models.kpis import series
from models.reference import currencies, matching
from models.vocabulary import UNALLOCATED
from models.words import moments
from models.words.numbers import age_text, count_text, date_text, hours_text, instant_text, money_text
from ui.kpis.tables import plain_table
from ui.shell import data
from ui.shell.tools import system_name
from ui.shell.wording import LANGUAGES, _, feed_word, language, listed, safe

_MADE_WITH = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "polars", "streamlit", "chinesecalendar")


def freshness(opened: data.Opened, today: dt.date) -> None:
    """One row per project and feed, the oldest first and finished projects last, with the days since its newest row."""
    shown = language()
    rows = series.feed_freshness(opened.snapshot)
    if rows.is_empty():
        st.info(_("Nothing has been loaded yet."))
        return
    projects = data.projects(opened)
    names = dict(projects.select("project_key", "project_name").iter_rows()) | {UNALLOCATED: _("Unallocated")}
    finished = set(projects.filter(pl.col("actual_finish_on").is_not_null())["project_key"])
    names |= {key: _("{project} (finished)", project=names[key]) for key in finished}
    feeds = {feed: feed_word(feed, shown) for feed in rows["feed"].unique()}
    aged = rows.with_columns(
        project=pl.col("project_key").replace(names),
        feed=pl.col("feed").replace(feeds),
        days=(pl.lit(today) - pl.col("covers_to")).dt.total_days(),
        is_finished=pl.col("project_key").is_in(list(finished)),
    ).sort("is_finished", "days", descending=[False, True], nulls_last=True)
    longest = max(1, aged.select(pl.max("days")).item() or 1)
    plain_table(
        aged.select("project", "feed", "covers_from", "covers_to", "days", "rows"),
        key="health_freshness",
        columns={
            "project": st.column_config.TextColumn(_("Project")),
            "feed": st.column_config.TextColumn(_("Feed")),
            "covers_from": st.column_config.DateColumn(_("From"), format=_date_format(shown)),
            "covers_to": st.column_config.DateColumn(_("To"), format=_date_format(shown)),
            "days": st.column_config.ProgressColumn(
                _("Days since the newest row"), format="%d", min_value=0, max_value=longest
            ),
            "rows": st.column_config.NumberColumn(_("Rows"), format="localized"),
        },
    )


def holidays_line(opened: data.Opened) -> None:
    """To which day holidays are known, and what is counted from then on."""
    known = data.holidays_known_until(opened)
    if known is None:
        return
    shown = language()
    st.caption(
        ":material/event_busy: "
        + _(
            "Holidays and make-up days are known up to {known}. From {first} on, days are counted from Monday to Friday, until "
            "the arrangement of the year is loaded as working calendars without a project, or Plimsoll is updated.",
            known=date_text(known, shown),
            first=date_text(known + dt.timedelta(days=1), shown),
        )
    )


def stands_line(opened: data.Opened) -> None:
    """Of which build the counts and totals below are, and to which day their data reach."""
    reach = moments.over(moments.DAY, data.projects(opened)["status_on"])
    words = [_("build {build}", build=opened.build.build_id), reach.words(language()) if reach else ""]
    st.caption(" · ".join(word for word in words if word))


def unallocated(opened: data.Opened) -> bool:
    """What matched no project, by code, with its total. Returns whether there is anything."""
    shown = language()
    rows = series.unallocated(opened.snapshot)
    if rows.is_empty():
        st.success(_("Every row belongs to a project."))
        return False
    told = [
        {
            "feed": feed_word(row["feed"], shown),
            "system": system_name(row["system"]) if row["system"] else "",
            "external_code": row["external_code"] or _("no code"),
            "rows": row["rows"],
            "amount": _amount(row["amount"], row["unit"], shown),
        }
        for row in rows.iter_rows(named=True)
    ]
    plain_table(
        pl.DataFrame(told),
        key="health_unallocated",
        columns={
            "feed": st.column_config.TextColumn(_("Feed")),
            "system": st.column_config.TextColumn(_("System")),
            "external_code": st.column_config.TextColumn(_("Code in the file")),
            "rows": st.column_config.NumberColumn(_("Rows"), format="localized"),
            "amount": st.column_config.TextColumn(_("Total"), alignment="right"),
        },
    )
    return True


def unconverted(opened: data.Opened) -> bool:
    """Foreign amounts without a rate of their day, by project and currency. Returns whether there is anything."""
    shown = language()
    rows = currencies.unconverted(opened.snapshot)
    if rows.is_empty():
        return False
    names = dict(data.projects(opened).select("project_key", "project_name").iter_rows())
    told = [
        {
            "project": names.get(row["project_key"], _("Unallocated")),
            "feed": feed_word(row["feed"], shown),
            "rows": row["rows"],
            "amount": currencies.original_text(row["amount"], row["currency"], shown),
            "first_on": row["first_on"],
            "last_on": row["last_on"],
        }
        for row in rows.iter_rows(named=True)
    ]
    plain_table(
        pl.DataFrame(told),
        key="health_unconverted",
        columns={
            "project": st.column_config.TextColumn(_("Project")),
            "feed": st.column_config.TextColumn(_("Feed")),
            "rows": st.column_config.NumberColumn(_("Rows"), format="localized"),
            "amount": st.column_config.TextColumn(_("Total"), alignment="right"),
            "first_on": st.column_config.DateColumn(_("From"), format=_date_format(shown)),
            "last_on": st.column_config.DateColumn(_("To"), format=_date_format(shown)),
        },
    )
    return True


def written_alike(opened: data.Opened) -> list[str]:
    """Codes of one list that people write alike, as sentences."""
    return [
        _(
            "{codes} are written alike and stay apart: a code that is none of them letter by letter matches none",
            codes=safe(listed(codes)),
        )
        for _kind, _project, codes in matching.written_alike(opened.snapshot)
    ]


def _amount(amount: float | None, unit: str | None, shown: str) -> str:
    """unit: items, hours or a currency, as unallocated_totals says."""
    if amount is None or unit == "items":
        return ""
    if unit == "hours":
        return hours_text(amount, shown)
    return money_text(amount, unit, shown, exact=True)


def versions(build: Build | None, now: dt.datetime) -> None:
    """What the numbers on screen were made from and with."""
    shown = language()
    facts = []
    if build is not None:
        manifest = build.manifest
        published = f"{instant_text(build.published_at, shown)} ({age_text(build.published_at, now, shown)})"
        facts += [
            (_("Build"), build.build_id),
            (_("Published"), published),
            (_("Batches"), count_text(len(manifest.get("batches") or []), shown)),
            (_("Status date"), date_text(manifest["as_of"], shown) if manifest.get("as_of") else _("of each project")),
            (_("Code version"), str(manifest.get("code_version") or "")),
            (_("Catalogue version"), str(manifest.get("catalogue_hash") or "")[:12]),
        ]
    facts += [(name, _installed(name)) for name in _MADE_WITH]
    plain_table(
        pl.DataFrame(facts, schema={"what": pl.String, "value": pl.String}, orient="row"),
        key="health_versions",
        columns={
            "what": st.column_config.TextColumn(_("What"), width="small"),
            "value": st.column_config.TextColumn(_("Value"), width="large"),
        },
    )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _date_format(shown: str) -> str:
    return LANGUAGES[shown].day.replace("y", "YYYY").replace("d", "D")
