"""Headlines and cards: what is wrong in one line, then one card per KPI with its mark and the way to its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from models.document import Row
from models.kpis.catalogue import Kpi
from models.kpis.judging import counted_text
from models.vocabulary import Flag, KpiStatus
from ui.frame.head import page_head, scope_words
from ui.kpis import bullet as mark
from ui.kpis import currencies, readings
from ui.kpis.page import KpiPage
from ui.shell import data
from ui.shell.filters import url_parameters
from ui.shell.markup import Markup, joined, link, put
from ui.shell.numbers import period_text
from ui.shell.wording import STATUS_SIGNS, _, feed_word, first_of, language, safe

CARDS_IN_A_ROW = 5
NAMED_IN_HEADLINE = 3
LOUD_FLAGS = (
    Flag.PROVISIONAL,
    Flag.ESTIMATED,
    Flag.PRESUMED_CLOSED,
    Flag.STALE,
    Flag.RESTATED,
    Flag.BETTER_BY_LOSS,
)  # an unfinished period is the rule on a current card
EVIDENCE = "pages/overview/evidence.py"
PROJECT = "overview/project"
UPLOADS = "pages/data/uploads.py"
MATCHING = "pages/data/matching.py"
HEALTH = "pages/data/health.py"


def portfolio_headline(
    rows: pl.DataFrame, catalogue: Mapping[str, Kpi], names: Mapping[str, str], *, with_kpis: bool = True
) -> Markup:
    """How many projects are over a level and which, the worst first, each a link: "■ 3 of 8 projects over a critical level …".

    rows: of kpi_values, one per project × KPI. with_kpis: beside each project its worst KPI.
    """
    worst: dict[str, Row] = {}
    for row in readings.worst_first(rows, catalogue):
        if row["project_key"] in names:
            worst.setdefault(row["project_key"], row)
    if not worst:
        within = _("All {total} projects are within their levels", total=len(names))
        return calm_headline(rows, _("The project is within its levels") if len(names) == 1 else within)
    critical = [key for key, row in worst.items() if row["status"] == KpiStatus.CRITICAL]
    told = [
        Markup("{} {}").format(link(names[key], PROJECT, of=key), catalogue[worst[key]["kpi_key"]].short(language()))
        if with_kpis
        else link(names[key], PROJECT, of=key)
        for key in critical or worst
    ]
    counts = {"count": len(critical) or len(worst), "total": len(names), "which": "{which}"}
    if critical and len(critical) < len(worst):
        sentence = _(
            "{critical} of {total} projects over a critical level, {warning} over a warning level: {which}",
            critical=len(critical),
            warning=len(worst) - len(critical),
            **counts,
        )
    elif critical:
        sentence = _("{count} of {total} projects over a critical level: {which}", **counts)
    else:
        sentence = _("{count} of {total} projects over a warning level: {which}", **counts)
    which = Markup(first_of([str(project) for project in told], NAMED_IN_HEADLINE))
    sign = STATUS_SIGNS[KpiStatus.CRITICAL if critical else KpiStatus.WARNING]
    return Markup("{} {}").format(sign, Markup(Markup.escape(sentence)).format(which=which))


def kpi_headline(rows: pl.DataFrame, catalogue: Mapping[str, Kpi]) -> Markup:
    """The same for one set of cards: which KPIs are over a level, with their values."""
    sentences = {
        KpiStatus.CRITICAL: _("KPIs over their critical level ({count}): {which}"),
        KpiStatus.WARNING: _("KPIs over their warning level ({count}): {which}"),
    }
    worst = readings.worst_first(rows, catalogue)
    for status, sentence in sentences.items():
        which = [_told(catalogue, row) for row in worst if row["status"] == status]
        if which:
            words = sentence.format(count=len(which), which=first_of(which, NAMED_IN_HEADLINE))
            return Markup("{} {}").format(STATUS_SIGNS[status], words)
    return calm_headline(rows, _("Every KPI that has a level is within it"))


def calm_headline(rows: pl.DataFrame, calm: str) -> Markup:
    """`calm` where nothing is over a level; that nothing can be judged, where nothing was."""
    if rows.filter(pl.col("status") == KpiStatus.OK).is_empty():
        unknown = _("Nothing can be judged yet: too little has been loaded")
        return Markup("{} {}").format(STATUS_SIGNS[KpiStatus.NO_DATA], unknown)
    return Markup("{} {}").format(STATUS_SIGNS[KpiStatus.OK], calm)


def headline(page: KpiPage) -> None:
    """The first line of a page: of several projects which are over a level, of one which of its KPIs are."""
    if len(page.names) != 1:
        portfolio_banner(page)
    else:
        _head(page, kpi_headline(page.cards, page.catalogue))


def portfolio_banner(page: KpiPage) -> None:
    """The first line of a page on which a project stands among others, even if it is the only one that is chosen."""
    _head(page, portfolio_headline(page.grid, page.catalogue, page.names))


def _head(page: KpiPage, sentence: Markup) -> None:
    page_head(
        sentence, scope=scope_words(list(page.names.values())), periods=periods(page, page.grid), is_compared=True
    )


def periods_line(page: KpiPage, rows: pl.DataFrame, kpi_keys: Iterable[str]) -> str:
    """`periods` in one line of markdown."""
    return safe(" · ".join(periods(page, rows, kpi_keys)))


def periods(page: KpiPage, rows: pl.DataFrame, kpi_keys: Iterable[str] | None = None) -> list[str]:
    """For which period each of many values is: that of most KPIs first, then the others with whose they are.

    rows: of kpi_values, one per project × KPI. kpi_keys: only of these. Empty where no value has a period.
    """
    catalogue, names = page.catalogue, page.names
    wanted = list(catalogue if kpi_keys is None else kpi_keys)
    cells = rows.filter(
        pl.col("period_end").is_not_null() & pl.col("value").is_not_null() & pl.col("kpi_key").is_in(wanted)
    )
    if cells.is_empty():
        return []
    spans = cells.select("period_kind", "period_end", "as_of").unique(maintain_order=True)
    words = pl.Series("words", [readings.period_words(row, language()) for row in spans.iter_rows(named=True)])
    cells = cells.select("project_key", "kpi_key", *spans.columns).join(
        spans.with_columns(words), on=spans.columns, nulls_equal=True, maintain_order="left"
    )
    counted = (
        cells.group_by("kpi_key", "words", maintain_order=True).len().sort("len", descending=True, maintain_order=True)
    )
    usual = dict(counted.unique("kpi_key", keep="first", maintain_order=True).select("kpi_key", "words").iter_rows())
    told: list[str] = []
    for period, count in Counter(usual.values()).most_common():
        kpis = [catalogue[key] for key in wanted if usual.get(key) == period]
        told.append(_period_of(period, kpis, not told or count == len(usual)))
    others = cells.filter(pl.col("words") != pl.col("kpi_key").replace_strict(usual, return_dtype=pl.String))
    apart = []
    for (project_key, period), part in others.group_by("project_key", "words", maintain_order=True):
        of_project = cells.filter(pl.col("project_key") == project_key).height
        kpis = [catalogue[key] for key in part["kpi_key"].unique(maintain_order=True)]
        told_of = _period_of(period, kpis, part.height == of_project)
        apart.append(_("{period}: {which}", period=_name(project_key, names), which=told_of))
    return [*told, first_of(apart, NAMED_IN_HEADLINE)] if apart else told


def _period_of(period: str, kpis: Sequence[Kpi], is_whole: bool) -> str:
    """A period, and of which KPIs where it is not that of all."""
    if is_whole:
        return period
    which = first_of([kpi.short(language()) for kpi in kpis], NAMED_IN_HEADLINE)
    return _("{period}: {which}", period=period, which=which)


def kpi_row(page: KpiPage, rows: pl.DataFrame | Iterable[Mapping], key: str, in_a_row: int = CARDS_IN_A_ROW) -> None:
    """Cards side by side, `in_a_row` to a line."""
    cards: Sequence[Row] = rows.to_dicts() if isinstance(rows, pl.DataFrame) else tuple(rows)
    histories: dict[str, list] = {}
    for row in cards:
        histories.setdefault(row["kpi_key"], []).append(row.get("history") or ())
    reaches = {kpi_key: mark.reach_of(several) for kpi_key, several in histories.items() if len(several) > 1}
    for start in range(0, len(cards), in_a_row):
        columns = st.columns(in_a_row, gap="small")
        for column, row in zip(columns, cards[start : start + in_a_row], strict=False):
            with column:
                kpi_card(row, page.catalogue[row["kpi_key"]], page.names, key, reaches.get(row["kpi_key"]))


def kpi_card(row: Row, kpi: Kpi, names: Mapping[str, str], key: str, reach: tuple[float, float] | None = None) -> None:
    """One KPI: whose, which, how much, how bad, since when, how deep, and why. reach: of the same KPI's lines beside it."""
    project_key = row["project_key"]
    with st.container(border=True, height="stretch", gap="xsmall", key=f"{key}_{kpi.kpi_key}_{slug(project_key)}"):
        flags = readings.flags_told(row, LOUD_FLAGS, language())
        stands = readings.standing_words(row, language())
        period = readings.period_words(row, language())
        st.caption(" · ".join(word for word in (_whose(project_key, names), period, stands, *flags) if word))
        st.markdown(f"**{safe(kpi.short(language()))}**")
        draw_face(row, kpi, reach)
        made_of = counted_text(row, kpi, language())
        if made_of:
            st.caption(made_of)
        if str(row.get("reason") or "").startswith("words"):
            st.page_link(MATCHING, label=_("Say what the words stand for"), help=readings.reason_words(row, language()))
        for line in currencies.beside_the_value(row, kpi):
            st.caption(line)
        if told := readings.basis_words(row, language()):
            st.caption(safe(told))
        evidence_link(kpi.kpi_key, project_key, help=_definition(row, kpi))


def draw_face(row: Mapping[str, object], kpi: Kpi, reach: tuple[float, float] | None = None) -> None:
    """The value, its status, its change and its mark. reach: of the same KPI's lines beside it."""
    mark.draw_card_face(
        readings.reading_of(row, kpi),
        kpi.kpi_key,
        kpi.unit,
        language(),
        previous=row.get("previous_value"),
        against=readings.against_words(row),
        currency=row.get("currency"),
        reach=reach,
    )


def evidence_link(kpi_key: str, project_key: str, *, narrowed: Mapping[str, str] | None = None, **look: Any) -> None:
    """The way to the rows behind a number. narrowed: more query parameters."""
    of = {} if project_key == data.WHOLE else {"of": project_key}
    parameters = url_parameters(kpi=kpi_key, **of, **narrowed or {})
    st.page_link(EVIDENCE, label=_("Why this number?"), query_params=parameters, **look)


def how_to_load(page: KpiPage) -> None:
    """What is missing, for whom, and the way to load it; nothing where all is there."""
    waiting = readings.missing_feeds(page.grid, data.loaded_feeds(page.view))
    if not waiting:
        return
    parts = [
        _(
            "{feed} ({projects}) would give {which}",
            feed=feed_word(feed),
            projects=first_of([_name(project, page.names) for project in missing.projects], NAMED_IN_HEADLINE),
            which=first_of([page.catalogue[key].short(language()) for key in missing.kpi_keys], 9),
        )
        for feed, missing in waiting.items()
    ]
    shown = joined(Markup("<span>{}</span>").format(part) for part in parts)
    way = link(_("Upload exports"), "data/uploads")
    put(Markup('<p class="missing"><b>{}</b>{} · {}</p>').format(_("What is missing"), shown, way))


def _definition(row: Mapping[str, object], kpi: Kpi) -> str:
    """What hovers over "Why this number?": name, definition, period and its flags, and why a value is missing."""
    period = readings.period_words(row, language())
    flags = readings.flags_told(row, Flag, language())
    lines = [
        f"**{safe(kpi.name(language()))}**",
        safe(kpi.definition(language())),
        " · ".join(word for word in (period, readings.standing_words(row, language()), *flags) if word),
        safe(readings.reason_words(row, language())),
    ]
    return "\n\n".join(line for line in lines if line)


def _whose(project_key: str, names: Mapping[str, str]) -> str:
    return safe(_name(project_key, names))


def _name(project_key: str, names: Mapping[str, str]) -> str:
    return _("Portfolio") if project_key == data.WHOLE else names.get(project_key, project_key)


def _told(catalogue: Mapping[str, Kpi], row: Row) -> str:
    """A KPI with its value and its period: "CPI 0.87 (Oct 2026)"."""
    period = period_text(row["period_kind"], row["period_end"]) if row.get("period_end") else ""
    value = readings.value_words(row, catalogue[row["kpi_key"]], language())
    return f"{catalogue[row['kpi_key']].short(language())} {value}" + (f" ({period})" if period else "")


def slug(text: str) -> str:
    """A widget key from a project key: letters and digits only, so that no text of a file gets into a class name."""
    if text == data.WHOLE:
        return "all"
    return "".join(letter if letter.isascii() and letter.isalnum() else f"{ord(letter):x}" for letter in text)
