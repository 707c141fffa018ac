"""The evidence page's parts: the number, what it means, the measures it is made of, the rows behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
import streamlit as st

from models.document import Row
from models.evidence import finding
from models.evidence import rows as evidence
from models.evidence.double_counted import double_counted_of_kpi
from models.evidence.duplicates import duplicates_counted
from models.kpis.catalogue import Kpi
from models.kpis.judging import counted_text
from models.kpis.values import selected_projects
from models.vocabulary import Flag
from models.words import moments
from ui.frame.head import page_head
from ui.kpis import cards as kpi_cards
from ui.kpis import currencies, double_counted, readings, tables
from ui.kpis.meanings import derived_words
from ui.kpis.page import KpiPage
from ui.shell import boxes, data
from ui.shell.markup import Markup, joined, link, put
from ui.shell.numbers import count_text, date_text, kpi_value_text
from ui.shell.tables import day, number, table, text
from ui.shell.wording import STATUS_SIGNS, _, feed_word, first_of, language, safe, spoken, status_word

DUPLICATES_NAMED = 20
LINES_NAMED = 3
AS_CHOSEN = ""


def subject(page: KpiPage) -> tuple[Kpi, KpiPage]:
    """The KPI and the project that the page is about, chosen by the link that led here or on the page.

    The page as it then is: its one row is that of kpi_values which is explained; it has none where the selection has none.
    """
    state, names = st.session_state, data.project_names(data.projects(page.view))
    if state.get("subject_kpi") not in page.catalogue:
        state["subject_kpi"] = next(iter([*_kpis_of_row(page.view), *page.catalogue]))
    if state.get("subject_project") not in names:
        state["subject_project"] = AS_CHOSEN
    left, right = st.columns(2)
    kpis = {key: kpi.name(language()) for key, kpi in page.catalogue.items()}
    kpi_key = boxes.selectbox(_("KPI"), kpis, key="subject_kpi", persist_state="session", at=left)
    projects = {AS_CHOSEN: _("All that the sidebar chooses")} | names
    project_key = boxes.selectbox(_("Project"), projects, key="subject_project", persist_state="session", at=right)
    chosen = data.one_project(page.selection, project_key) if project_key else page.selection
    row = data.kpi_rows(page.view, chosen).filter(pl.col("kpi_key") == kpi_key)
    return page.catalogue[kpi_key], replace(page, selection=chosen, names=names, cards=row, grid=row)


def _kpis_of_row(view: data.BuildView) -> list[str]:
    """The KPIs that count the row which a link asks for."""
    state = st.session_state
    if not state.get("subject_row"):
        return []
    return view.ask(finding.kpis_that_count, state["subject_row"], state.get("subject_project") or "")


def row_asked(page: KpiPage, kpi: Kpi) -> str:
    """The issue, voucher or contract that a link asks for: where it stands, and what counts it. Its key; empty without one."""
    row_key, project_key = st.session_state.get("subject_row") or "", st.session_state["subject_project"]
    if not row_key:
        return ""
    standing = page.view.ask(finding.standing_of, row_key, project_key)
    if standing.is_empty():
        st.info(_("{row} is not in the data of this project.", row=safe(row_key)))
        return ""
    first = standing.row(0, named=True)
    lines = [
        _("{file}, line {line}", file=row["file_name"], line=row["source_row"])
        for row in standing.iter_rows(named=True)
    ]
    counted = [
        link(page.catalogue[key].name(language()), "overview/evidence", kpi=key, of=project_key, row=row_key)
        if key != kpi.kpi_key
        else Markup("<strong>{}</strong>").format(page.catalogue[key].name(language()))
        for key in _kpis_of_row(page.view)
    ]
    put(
        Markup("<p><strong>{} {}</strong> {}<br>{}<br>{} {} · {}</p>").format(
            spoken(finding.KINDS[first["kind"]]),
            row_key,
            first["label"] or "",
            first_of(lines, LINES_NAMED),
            _("Counts in:") if counted else _("Counts in no KPI."),
            joined(counted, " · "),
            link(_("All rows of this number"), "overview/evidence", kpi=kpi.kpi_key, of=project_key),
        )
    )
    return row_key


def sentence(page: KpiPage, kpi: Kpi) -> None:
    """The number as a headline: sign, name, value, project, period."""
    value = _value(page)
    if value is None:
        page_head(_("{kpi}: nothing is known for this choice", kpi=kpi.name(language())))
        return
    project_key = value["project_key"]
    whose = _("Portfolio") if project_key == data.WHOLE else page.names.get(project_key, project_key)
    period = [readings.period_words(value, language()), readings.standing_words(value, language())]
    page_head(
        f"{STATUS_SIGNS[value['status']]} {kpi.name(language())} {readings.value_words(value, kpi, language())}",
        scope=whose,
        periods=list(filter(None, period)),
        is_compared=True,
    )


def _value(page: KpiPage) -> dict | None:
    return None if page.cards.is_empty() else page.cards.row(0, named=True)


def definition(page: KpiPage, kpi: Kpi) -> None:
    """The mark beside the definition, the formula with its two numbers, the levels, and what is left out."""
    left, right = st.columns([1, 2], gap="medium")
    with right:
        st.markdown(f"**{_('Definition')}**")
        st.markdown(safe(kpi.definition(language())))
        st.markdown(safe(kpi.formula(language())))
    value = _value(page)
    if value is None:
        return
    with left, st.container(border=True):
        kpi_cards.draw_face(value, kpi)
        lines = [
            status_word(value["status"]),
            readings.period_words(value, language()),
            readings.standing_words(value, language()),
            *readings.flags_told(value, [flag for flag in Flag if flag is not Flag.RESTATED], language()),
        ]
        st.caption(" · ".join(line for line in lines if line))
    with right:
        for line in _value_lines(value, kpi, page.names, page.view.build.manifest.get("rules") or []):
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
                numerator=f"**{count_text(value['numerator'])}**",
                denominator=f"**{count_text(value['denominator'])}**",
            )
        )
    levels = [
        f"{word} {kpi_value_text(level, kpi.unit)}"
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
        lines.append(_("Data as of {date}", date=date_text(stands)))
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


def duplicates(page: KpiPage, kpi: Kpi) -> None:
    """The issues that count although they were resolved as duplicates; nothing where there are none."""
    keys = duplicates_counted(page.view.snapshot, kpi.kpi_key, selected_projects(page.view.snapshot, page.selection))
    if keys:
        st.caption(
            _(
                "Resolved as duplicates and counted all the same, since no valid original of at least their severity is named "
                "({count}): {keys}",
                count=len(keys),
                keys=safe(", ".join(keys[:DUPLICATES_NAMED]) + (" …" if len(keys) > DUPLICATES_NAMED else "")),
            )
        )


def bridge(page: KpiPage, kpi: Kpi, key: str) -> None:
    """From the cost at the data date to the books at the close; where both are one day, that alone."""
    if kpi.dated != "cost" or "actual_cost" not in kpi.measures:
        return
    told = page.view.ask(evidence.cost_bridge, kpi.kpi_key, page.selection)
    if told is None:
        st.caption(_("The data date is the day to which the books are told: actual cost needs no estimate."))
        return
    st.markdown("**" + _("From the data date to the books") + "**")
    words = {
        "at_data_date": _("Actual cost at {date}", date=date_text(told["stands_on"])),
        "rest_of_estimated": _("Rest of lines that stand for a whole accounting period"),
        "booked_after": _("Lines booked after the data date"),
        "accruals": _("Change of what has arrived and is not booked"),
        "at_close": _("Actual cost at {date}", date=date_text(told["cost_until"])),
    }
    table(
        [{"label": label, "amount": told[name]} for name, label in words.items()],
        {"label": text(_("Part")), "amount": number(_("Amount"))},
        key=key,
    )


def totals(page: KpiPage, kpi: Kpi, key: str) -> None:
    """One line per measure: how many rows, and what they add up to."""
    st.markdown("**" + _("What it is made of") + "**")
    frame = page.view.ask(evidence.evidence_totals, kpi.kpi_key, page.selection)
    if frame.is_empty():
        feeds = ", ".join(feed_word(feed) for feed in kpi.feeds)
        st.caption(_("No rows: this KPI is counted from {feeds}.", feeds=feeds))
        return
    table(
        frame,
        {
            "label": text(_("Measure"), lambda row: row[f"label_{language()}"]),
            "rows": number(_("Rows")),
            "amount": number(_("Adds up to")),
        },
        key=key,
    )


def rows(page: KpiPage, kpi: Kpi, key: str, only: str = "") -> None:
    """The rows behind the number, a page at a time, each with file and line; all of them in the download.

    only: the key of an issue, voucher or contract whose rows alone are shown.
    """
    view, chosen = page.view, page.selection
    measures = view.ask(evidence.evidence_totals, kpi.kpi_key, chosen)
    count = int(measures["rows"].sum() or 0)
    if not count:
        return
    st.markdown("**" + _("Evidence") + "**")
    pages = -(-count // tables.ROWS_SHOWN)
    number_of_page = 1
    if pages > 1 and not only:
        number_of_page = st.number_input(
            _("Page of {pages}", pages=pages), min_value=1, max_value=pages, value=1, key=f"{key}_page", width=160
        )
    if only:
        frame = view.ask(evidence.evidence_of_row, kpi.kpi_key, chosen, only)
    else:
        start = (number_of_page - 1) * tables.ROWS_SHOWN
        frame = view.ask(evidence.evidence, kpi.kpi_key, chosen, tables.ROWS_SHOWN, start)
    if only and frame.is_empty():
        st.caption(_("{row} does not count in this number for this choice.", row=safe(only)))
        return
    labels = dict(measures.select("measure_key", f"label_{language()}").iter_rows())
    words = derived_words(language())
    columns = {
        "measure_key": text(_("Measure"), lambda row: labels.get(row["measure_key"], row["measure_key"]), width=112),
        "project_key": text(_("Project"), width=88),
        "module": text(_("Module"), width=96),
        "row_key": text(_("Key"), width=88),
        "row_label": text(_("What"), lambda row: words.get(row["row_label"], row["row_label"]), width=96),
        "counts_from": day(_("Counts from"), width=92),
        "amount": number(_("Amount"), width=98),
        "file_name": text(_("File"), width=186),
        "source_row": number(_("Line"), format="%d", width=56),
    }
    table(frame, columns | currencies.original_columns(frame), key=key)
    st.caption(_("{shown} of {count} rows", shown=len(frame), count=count))
    tables.download(
        lambda: view.ask(evidence.evidence, kpi.kpi_key, chosen, tables.ROWS_DOWNLOADED, 0),
        f"plimsoll-{kpi.kpi_key}",
        moments.of_rows(page.cards.iter_rows(named=True)),
        key=f"{key}_download",
    )
    _double_counted(page, kpi, key)


def _double_counted(page: KpiPage, kpi: Kpi, key: str) -> None:
    """The rows that do not count because a source that leads tells them too; nothing where there are none."""
    value, snapshot = _value(page), page.view.snapshot
    if value is None:
        return
    left_out = double_counted_of_kpi(snapshot, kpi, selected_projects(snapshot, page.selection), value["period_end"])
    if not left_out:
        return
    told = _("{rows} rows of other sources are left out: a source that leads tells them too", rows=len(left_out))
    with st.expander(told):
        double_counted.told_table(pl.DataFrame(left_out), key=f"{key}_double_counted")
