"""The evidence page's parts: the number, what it means, the measures it is made of, the rows behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from models.builds.selection import Selection
from models.document import Row
from models.evidence.duplicates import duplicates_counted
from models.evidence.told_twice import told_twice_of_kpi
from models.kpis.catalogue import Kpi
from models.kpis.judging import counted_text
from models.kpis.values import selected_projects
from models.vocabulary import Flag
from models.words import moments
from models.words.numbers import count_text, date_text, kpi_value_text
from ui.kpis import bullet as mark
from ui.kpis import cards as kpi_cards
from ui.kpis import currencies, readings, tables, told_twice
from ui.kpis.meanings import derived_words
from ui.shell import boxes, data
from ui.shell.wording import STATUS_SIGNS, _, feed_word, language, safe, status_word

ROWS_SHOWN = 200
ROWS_DOWNLOADED = 100_000
DUPLICATES_NAMED = 20
AS_CHOSEN = ""


def subject(
    opened: data.Opened, selection: Selection, catalogue: Mapping[str, Kpi], names: Mapping[str, str]
) -> tuple[Kpi, Selection]:
    """The KPI and the project that the page is about, chosen by the link that led here or on the page."""
    state = st.session_state
    if state.get("subject_kpi") not in catalogue:
        state["subject_kpi"] = next(iter(catalogue))
    if state.get("subject_project") not in names:
        state["subject_project"] = AS_CHOSEN
    left, right = st.columns(2)
    with left:
        kpi_key = boxes.selectbox(
            _("KPI"),
            list(catalogue),
            format_func={key: entry.name(language()) for key, entry in catalogue.items()}.get,
            key="subject_kpi",
            persist_state="session",
        )
    with right:
        project_key = boxes.selectbox(
            _("Project"),
            [AS_CHOSEN, *names],
            format_func={AS_CHOSEN: _("All that the sidebar chooses"), **names}.get,
            key="subject_project",
            persist_state="session",
        )
    chosen = kpi_cards.one_project(selection, project_key) if project_key else selection
    return catalogue[kpi_key], chosen


def value_row(opened: data.Opened, kpi: Kpi, chosen: Selection) -> pl.DataFrame:
    """The one row of kpi_values that is explained; without rows where the selection has none."""
    return data.kpi_rows(opened, chosen).filter(pl.col("kpi_key") == kpi.kpi_key)


def sentence(row: pl.DataFrame, kpi: Kpi, names: Mapping[str, str]) -> None:
    """The number as a headline: sign, name, value, project, period."""
    if row.is_empty():
        kpi_cards.status_banner(_("{kpi}: nothing is known for this choice", kpi=safe(kpi.name(language()))), "")
        return
    value = row.row(0, named=True)
    project_key = value["project_key"]
    whose = _("Portfolio") if project_key == data.WHOLE else names.get(project_key, project_key)
    kpi_cards.status_banner(
        f"{STATUS_SIGNS[value['status']]} {safe(whose)}: {safe(kpi.name(language()))} "
        f"{readings.value_words(value, kpi, language())}",
        " · ".join(
            filter(None, (readings.period_words(value, language()), readings.standing_words(value, language())))
        ),
    )


def definition(opened: data.Opened, row: pl.DataFrame, kpi: Kpi, names: Mapping[str, str]) -> None:
    """The mark beside the definition, the formula with its two numbers, the levels, and what is left out."""
    left, right = st.columns([1, 2], gap="medium")
    with right:
        st.markdown(f"**{_('Definition')}**")
        st.markdown(safe(kpi.definition(language())))
        st.markdown(safe(kpi.formula(language())))
    if row.is_empty():
        return
    value = row.row(0, named=True)
    with left, st.container(border=True):
        mark.draw_card_face(
            readings.reading_of(value, kpi),
            kpi.kpi_key,
            kpi.unit,
            language(),
            previous=value.get("previous_value"),
            currency=value.get("currency"),
        )
        lines = [
            status_word(value["status"], language()),
            readings.period_words(value, language()),
            readings.standing_words(value, language()),
            *readings.flags_told(value, [flag for flag in Flag if flag is not Flag.RESTATED], language()),
        ]
        st.caption(" · ".join(line for line in lines if line))
    with right:
        for line in _value_lines(value, kpi, names, opened.build.manifest.get("rules") or []):
            st.markdown(line)


def _why_these_levels(value: Row, kpi: Kpi, rules: Sequence[Mapping]) -> str:
    """Who set them and why; of the catalogue's levels its own reason."""
    rule = next((rule for rule in rules if rule["rule_id"] == value.get("rule_id")), None)
    if rule is None:
        return "" if value.get("rule_id") is not None else kpi.level_reason(language()) or ""
    return _("{person}: {reason}", person=rule["changed_by"], reason=rule["reason"])


def _value_lines(value: Row, kpi: Kpi, names: Mapping[str, str], rules: Sequence[Mapping]) -> list[str]:
    lines = []
    if value["numerator"] is not None and value["denominator"] is not None:
        lines.append(
            _(
                "Numerator {numerator} ÷ denominator {denominator}",
                numerator=f"**{count_text(value['numerator'], language())}**",
                denominator=f"**{count_text(value['denominator'], language())}**",
            )
        )
    levels = [
        f"{word} {kpi_value_text(level, kpi.unit, language())}"
        for word, level in (
            (_("Warning level"), value["warning_at"]),
            (_("lower warning level"), value.get("low_warning_at")),
            (_("Critical level"), value["critical_at"]),
            (_("lower critical level"), value.get("low_critical_at")),
        )
        if level is not None
    ]
    if levels:
        why = _why_these_levels(value, kpi, rules)
        lines.append(" · ".join(levels) + (f" ({safe(why)})" if why else ""))
    stands = value.get("valued_on") or value["as_of"]
    if stands:
        lines.append(_("Data as of {date}", date=date_text(stands, language())))
    made_of = counted_text(value, kpi, language())
    if made_of:
        lines.append(made_of)
    if value["left_out"]:
        which = ", ".join(safe(names.get(member, member)) for member in value["left_out"])
        lines.append(_("Left out, because a term is unknown there: {which}", which=which))
    lines += currencies.beside_the_value(value, kpi)
    if value.get("other_basis"):
        lines.append(safe(value["other_basis"]))
    reason = readings.reason_words(value, language())
    return [*lines, safe(reason)] if reason else lines


def duplicates(opened: data.Opened, kpi: Kpi, chosen: Selection) -> None:
    """The issues that count although they were resolved as duplicates; nothing where there are none."""
    keys = duplicates_counted(opened.snapshot, kpi.kpi_key, selected_projects(opened.snapshot, chosen))
    if keys:
        st.caption(
            _(
                "Resolved as duplicates and counted all the same, since no valid original of at least their severity is named "
                "({count}): {keys}",
                count=len(keys),
                keys=safe(", ".join(keys[:DUPLICATES_NAMED]) + (" …" if len(keys) > DUPLICATES_NAMED else "")),
            )
        )


def bridge(opened: data.Opened, kpi: Kpi, chosen: Selection, key: str) -> None:
    """From the cost at the data date to the books at the close; where both are one day, that alone."""
    if kpi.dated != "cost" or "actual_cost" not in kpi.measures:
        return
    told = data.cost_bridge(opened, kpi.kpi_key, chosen)
    if told is None:
        st.caption(_("The data date is the day to which the books are told: actual cost needs no estimate."))
        return
    st.markdown("**" + _("From the data date to the books") + "**")
    words = {
        "at_data_date": _("Actual cost at {date}", date=date_text(told["stands_on"], language())),
        "rest_of_estimated": _("Rest of lines that stand for a whole accounting period"),
        "booked_after": _("Lines booked after the data date"),
        "accruals": _("Change of what has arrived and is not booked"),
        "at_close": _("Actual cost at {date}", date=date_text(told["cost_until"], language())),
    }
    tables.plain_table(
        pl.DataFrame({"label": list(words.values()), "amount": [told[name] for name in words]}),
        key=key,
        columns={
            "label": st.column_config.TextColumn(_("Part")),
            "amount": st.column_config.NumberColumn(_("Amount"), format="localized"),
        },
    )


def totals(opened: data.Opened, kpi: Kpi, chosen: Selection, key: str) -> None:
    """One line per measure: how many rows, and what they add up to."""
    st.markdown("**" + _("What it is made of") + "**")
    frame = data.evidence_totals(opened, kpi.kpi_key, chosen)
    if frame.is_empty():
        feeds = ", ".join(feed_word(feed, language()) for feed in kpi.feeds)
        st.caption(_("No rows: this KPI is counted from {feeds}.", feeds=feeds))
        return
    tables.plain_table(
        frame.select(pl.col(_label_column()).alias("label"), "rows", "amount"),
        key=key,
        columns={
            "label": st.column_config.TextColumn(_("Measure")),
            "rows": st.column_config.NumberColumn(_("Rows"), format="localized"),
            "amount": st.column_config.NumberColumn(_("Adds up to"), format="localized"),
        },
    )


def rows(opened: data.Opened, kpi: Kpi, chosen: Selection, key: str) -> None:
    """The rows behind the number, a page at a time, each with file and line; all of them in the download."""
    count = int(data.evidence_totals(opened, kpi.kpi_key, chosen)["rows"].fill_null(0).sum() or 0)
    if not count:
        return
    st.markdown("**" + _("Evidence") + "**")
    pages = -(-count // ROWS_SHOWN)
    page = 1
    if pages > 1:
        page = st.number_input(
            _("Page of {pages}", pages=pages), min_value=1, max_value=pages, value=1, key=f"{key}_page", width=160
        )
    frame = data.evidence_rows(opened, kpi.kpi_key, chosen, ROWS_SHOWN, (page - 1) * ROWS_SHOWN)
    labels = dict(data.evidence_totals(opened, kpi.kpi_key, chosen).select("measure_key", _label_column()).iter_rows())
    table = frame.with_columns(
        pl.col("measure_key").replace(labels),
        pl.col("row_label").replace(derived_words(language())).fill_null(""),
        pl.col("file_name").fill_null(""),
    ).select(
        "measure_key",
        "project_key",
        "module",
        "row_key",
        "row_label",
        "counts_from",
        "amount",
        "file_name",
        "source_row",
        *currencies.ORIGINALS,
    )
    if table["original_currency"].null_count() == len(table):
        table = table.drop(currencies.ORIGINALS)
    tables.plain_table(
        table,
        key=key,
        columns={
            "measure_key": st.column_config.TextColumn(_("Measure"), width=112),
            "project_key": st.column_config.TextColumn(_("Project"), width=88),
            "module": st.column_config.TextColumn(_("Module"), width=96),
            "row_key": st.column_config.TextColumn(_("Key"), width=88),
            "row_label": st.column_config.TextColumn(_("What"), width=96),
            "counts_from": st.column_config.DateColumn(_("Counts from"), width=92),
            "amount": st.column_config.NumberColumn(_("Amount"), format="localized", width=98),
            "file_name": st.column_config.TextColumn(_("File"), width=186),
            "source_row": st.column_config.NumberColumn(_("Line"), format="%d", width=56),
            **currencies.original_columns(),
        },
    )
    st.caption(_("{shown} of {count} rows", shown=len(frame), count=count))
    tables.download(
        lambda: data.evidence_rows(opened, kpi.kpi_key, chosen, ROWS_DOWNLOADED, 0),
        f"plimsoll-{kpi.kpi_key}",
        moments.of_rows(value_row(opened, kpi, chosen).iter_rows(named=True)),
        key=f"{key}_download",
    )
    _told_twice(opened, kpi, chosen, key)


def _told_twice(opened: data.Opened, kpi: Kpi, chosen: Selection, key: str) -> None:
    """The rows that do not count because a source that leads tells them too; nothing where there are none."""
    row = value_row(opened, kpi, chosen)
    if row.is_empty():
        return
    left_out = told_twice_of_kpi(opened.snapshot, kpi, selected_projects(opened.snapshot, chosen), row["period_end"][0])
    if not left_out:
        return
    told = _("{rows} rows of other sources are left out: a source that leads tells them too", rows=len(left_out))
    with st.expander(told):
        told_twice.table(pl.DataFrame(left_out), key=f"{key}_told_twice")


def _label_column() -> str:
    return f"label_{language()}"
