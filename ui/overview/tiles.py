"""Four tiles: quality, cost and margin, schedule, and money received; where there is no contract, labor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from models.document import Row
from models.overview.outlook import finish_course
from models.overview.payments import received_course
from models.vocabulary import KpiStatus
from ui.kpis import faces, readings
from ui.kpis.bullet import BulletValue
from ui.kpis.page import KpiPage
from ui.overview.dimensions import DIMENSIONS, worst_of
from ui.shell.markup import Markup, joined, link, put
from ui.shell.numbers import kpi_value_text, money_text
from ui.shell.wording import _, language, listed, spoken

EVIDENCE = "overview/evidence"


def tiles(page: KpiPage, outlooks: pl.DataFrame, payments: pl.DataFrame) -> None:
    """Draws them in one row, the worst of each dimension with its course."""
    rows = list(page.grid.iter_rows(named=True))
    whole = {row["kpi_key"]: row for row in page.cards.iter_rows(named=True)}
    found = [_worst(page, rows, "quality"), _cost(page, rows, whole), _schedule(page, rows, outlooks)]
    found.append(_worst(page, rows, "people") if payments.is_empty() else _received(page, payments))
    framed = joined(Markup('<section class="tile">{}</section>').format(tile) for tile in found)
    put(Markup('<div class="tiles">{}</div>').format(framed))


def _worst(page: KpiPage, rows: Sequence[Row], name: str) -> Markup:
    dimension = DIMENSIONS[name]
    row = worst_of([row for row in rows if row["project_key"] in page.names], dimension, page.catalogue)
    if row is None:
        return Markup("<b>{}</b>").format(spoken(dimension.words))
    kpi = page.catalogue[row["kpi_key"]]
    whose = link(page.names[row["project_key"]], EVIDENCE, kpi=row["kpi_key"], of=row["project_key"])
    return faces.tile(
        _("{dimension}: worst is {kpi}", dimension=spoken(dimension.words), kpi=kpi.short(language())),
        readings.reading_of(row, kpi),
        kpi.unit,
        language(),
        line=Markup("{} · {}").format(whose, readings.period_words(row, language())),
        currency=row.get("currency"),
    )


def _cost(page: KpiPage, rows: Sequence[Row], whole: Mapping[str, Row]) -> Markup:
    """The CPI of all, and the margin that is forecast; where no cost is known, the worst of the dimension."""
    row = whole.get("cost_performance_index")
    if row is None or row["value"] is None:
        return _worst(page, rows, "cost")
    kpi = page.catalogue[row["kpi_key"]]
    margin, left = whole.get("gross_margin_forecast"), whole.get("variance_at_completion")
    words = []
    if left is not None and left["value"] is not None:
        words.append(_("at completion {amount}", amount=money_text(left["value"], left.get("currency"), signed=True)))
    if margin is not None and margin["value"] is not None:
        words.append(_("margin {share}", share=kpi_value_text(margin["value"], "percent")))
    return faces.tile(
        link(_("Cost: CPI of all projects"), EVIDENCE, kpi=row["kpi_key"]),
        readings.reading_of(row, kpi),
        kpi.unit,
        language(),
        line=" · ".join([*words, readings.period_words(row, language())]),
    )


def _schedule(page: KpiPage, rows: Sequence[Row], outlooks: pl.DataFrame) -> Markup:
    """The latest finish of all against what was agreed."""
    known = outlooks.drop_nulls("days_late").filter(~pl.col("is_finished")).sort("days_late")
    if known.is_empty():
        return _worst(page, rows, "schedule")
    key, days, agreed = known.select("project_key", "days_late", "agreed_on").row(-1)
    reading = BulletValue(
        value=float(days),
        status=KpiStatus.CRITICAL if days > 0 else KpiStatus.OK,
        better="lower",
        critical_at=0.0,
        history=page.view.ask(finish_course, key, agreed, page.selection.period_end),
    )
    late = known.filter(pl.col("days_late") > 0).height
    line = Markup("{} · {}").format(
        link(page.names[key], "schedule/schedule", project=key),
        _("{late} of {count} running projects late", late=late, count=known.height),
    )
    return faces.tile(_("Schedule: latest finish against the contract"), reading, "days", language(), line=line)


def _received(page: KpiPage, payments: pl.DataFrame) -> Markup:
    """What has come of what was due, and what is overdue."""
    due, overdue = (float(payments[name].sum() or 0) for name in ("due", "overdue"))
    unknown = int(payments["unknown_terms"].sum())
    terms, currencies = int(payments["overdue_terms"].sum()), payments["currency"].unique().sort().to_list()
    if not due:
        return _worst(page, list(page.grid.iter_rows(named=True)), "people")
    if len(currencies) > 1:  # amounts of several currencies are in no sum
        several = BulletValue(value=None, status=KpiStatus.UNRATED, instead=_("not added up"))
        line = _("{terms} payment terms overdue, in {currencies}", terms=terms, currencies=listed(currencies))
        return faces.tile(_("Payments received of those due"), several, "percent", language(), line=line)
    reading = BulletValue(
        value=(due - overdue) / due,
        status=KpiStatus.WARNING if overdue else KpiStatus.UNRATED if unknown else KpiStatus.OK,
        better="higher",
        history=page.view.ask(received_course, tuple(payments["project_key"]), page.selection.period_end),
    )
    line = (
        _("{terms} payment terms overdue, {amount}", terms=terms, amount=money_text(overdue, currencies[0]))
        if overdue
        else _("nothing overdue of {amount}", amount=money_text(due, currencies[0]))
    )
    if unknown:
        line = f"{line} · " + _("terms without an amount: {count}", count=unknown)
    return faces.tile(_("Payments received of those due"), reading, "percent", language(), line=line)
