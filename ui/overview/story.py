"""What a portfolio's or a project's numbers say, as one sentence."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from models.document import Row
from models.vocabulary import KpiStatus
from ui.kpis import readings
from ui.kpis.cards import calm_headline, portfolio_headline
from ui.kpis.page import KpiPage
from ui.shell.markup import Markup, joined, link
from ui.shell.numbers import date_text, decimal_text, kpi_value_text, money_text
from ui.shell.wording import STATUS_SIGNS, _, first_of, language

PROJECT, EVIDENCE = "overview/project", "overview/evidence"
NAMED = 3


def sentence(page: KpiPage, outlooks: pl.DataFrame) -> Markup:
    """How many projects are over a level and which, what the money buys, who is latest, whom the gate stops; with links."""
    whole = {row["kpi_key"]: row for row in page.cards.iter_rows(named=True)}
    troubled = portfolio_headline(page.grid, page.catalogue, page.names, with_kpis=False)
    parts = [troubled, _money(whole), _latest(outlooks, page.names), _stopped(page)]
    return joined((part for part in parts if part), _("; "))


def of_project(page: KpiPage, outlooks: pl.DataFrame) -> Markup:
    """Which KPIs of the project are over a level, what the money buys, and when it ends; with links."""
    whole = {row["kpi_key"]: row for row in page.cards.iter_rows(named=True)}
    worst = readings.worst_first(page.cards, page.catalogue)
    of = next(iter(page.names))
    told = []
    for row in worst[:NAMED]:
        kpi = page.catalogue[row["kpi_key"]]
        words = f"{kpi.short(language())} {readings.value_words(row, kpi, language())}"
        told.append(link(words, EVIDENCE, kpi=kpi.kpi_key, of=of))
    if told:
        which = first_of([*map(str, told), *[""] * (len(worst) - len(told))], NAMED)
        sign = STATUS_SIGNS[worst[0]["status"]]
        first = Markup("{} {}").format(sign, Markup(which))
    else:
        first = calm_headline(page.cards, _("The project is within its levels"))
    return joined((part for part in (first, _money(whole), _end(outlooks)) if part), _("; "))


def _end(outlooks: pl.DataFrame) -> Markup:
    row = outlooks.row(0, named=True) if len(outlooks) else {}
    days, finish = row.get("days_late"), row.get("finish_on")
    if finish is None:
        return Markup()
    date = date_text(finish)
    words = _("finished on {date}", date=date) if row["is_finished"] else _("forecast to finish on {date}", date=date)
    if days is None:
        return Markup.escape(words)
    if days > 0:
        words = _("{first}, {days} days after what was agreed", first=words, days=days)
    elif days < 0:
        words = _("{first}, {days} days before what was agreed", first=words, days=-days)
    return Markup.escape(words)


def _named(project_key: str, names: Mapping[str, str]) -> Markup:
    return link(names[project_key], PROJECT, of=project_key)


def _money(whole: Mapping[str, Row]) -> Markup:
    """For each unit of money spent so much is earned; what the whole will cost beside its budget."""
    index, left = whole.get("cost_performance_index"), whole.get("variance_at_completion")
    if index is None or index["value"] is None:
        return Markup()
    words = _("each 1.00 spent earns {index}", index=decimal_text(index["value"], 2))
    words = _("{words} ({period})", words=words, period=readings.period_words(index, language()))
    if left is None or not left["value"]:
        return Markup.escape(words)
    amount = money_text(abs(left["value"]), left.get("currency"))
    end = (
        _("at this rate {amount} over the budget at the end", amount=amount)
        if left["value"] < 0
        else _("at this rate {amount} under the budget at the end", amount=amount)
    )
    return Markup.escape(_("{first}, {second}", first=words, second=end))


def _latest(outlooks: pl.DataFrame, names: Mapping[str, str]) -> Markup:
    late = outlooks.filter((pl.col("days_late") > 0) & pl.col("project_key").is_in(list(names))).sort("days_late")
    if late.is_empty():
        return Markup()
    key, days = late.select("project_key", "days_late").row(-1)
    words = _("latest is {project}, {days} days after what was agreed", project="{project}", days=days)
    return Markup(Markup.escape(words)).format(project=_named(key, names))


def _stopped(page: KpiPage) -> Markup:
    """Whose coverage lies under the level that stops a release; what the gate says, with its waivers, is behind the link."""
    rows = page.grid.filter((pl.col("kpi_key") == "test_coverage") & (pl.col("status") == KpiStatus.CRITICAL))
    told = [
        Markup("{} ({})").format(
            link(page.names[row["project_key"]], "warnings/gate", of=row["project_key"]),
            kpi_value_text(row["value"], "percent"),
        )
        for row in rows.iter_rows(named=True)
        if row["project_key"] in page.names
    ]
    if not told:
        return Markup()
    words = Markup(Markup.escape(_("coverage under the level that stops a release: {which}", which="{which}")))
    return words.format(which=Markup(first_of([str(project) for project in told], NAMED)))
