"""All projects in one grid: of each dimension the worst KPI, the finish against what was agreed, margin, course and alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from models.alerts.alert import AlertToday
from models.document import Row
from models.kpis.worst import RANKS, row_beyond
from models.vocabulary import KpiStatus
from models.words import moments
from ui.cost.bubbles import bubbles
from ui.grid.cells import Cell, Column, Groups, Kind
from ui.kpis import readings, tables
from ui.kpis.page import KpiPage
from ui.overview.dimensions import DIMENSIONS, Dimension, worst_of
from ui.shell.figures import Chart
from ui.shell.markup import address
from ui.shell.numbers import date_text, money_text, percent_text
from ui.shell.tables import grid
from ui.shell.wording import _, language, phase_word, spoken
from ui.warnings.entries import Entry, firing_by_project

EVIDENCE, SHEET = "overview/evidence", "overview/project"
COURSE, MARGIN = "cost_performance_index", "gross_margin_forecast"
PACE = "schedule_performance_index"
POINTS = {
    "project_key": pl.String,
    "name": pl.String,
    "cpi": pl.Float64,
    "spi": pl.Float64,
    "budget": pl.Float64,
    "status": pl.String,
    "period_end": pl.Date,
}
GROUPED_FROM = 12  # rows; fewer are seen at once


def project_grid(
    page: KpiPage, outlooks: pl.DataFrame, payments: pl.DataFrame, alerts: Sequence[AlertToday], key: str
) -> None:
    """Draws one row per project, the worst first."""
    of_project: dict[str, list[Row]] = {}
    for row in page.grid.iter_rows(named=True):
        of_project.setdefault(row["project_key"], []).append(row)
    ranked = readings.projects_worst_first(page.grid, page.catalogue)
    keys = [project for project in [*ranked, *page.names] if project in page.names]
    keys = list(dict.fromkeys(keys))
    projects = {row["project_key"]: row for row in page.projects.iter_rows(named=True)}
    ends = {row["project_key"]: row for row in outlooks.iter_rows(named=True)}
    paid = {row["project_key"]: row for row in payments.iter_rows(named=True)}
    by_kpi = {(row["project_key"], row["kpi_key"]): row for row in page.grid.iter_rows(named=True)}
    firing = firing_by_project(alerts, page.catalogue)

    columns = {
        "project": Column(_("Project"), partial(_project, page.names, projects, ends), width=190),
        **{
            name: Column(
                spoken(dimension.words), partial(_dimension, page, of_project, dimension), Kind.MARK, width=150
            )
            for name, dimension in DIMENSIONS.items()
        },
        "paid": Column(
            _("Received of due"),
            partial(_payment, paid),
            Kind.FIGURE,
            hover=_("Of what customers were to pay by the data date, how much has come"),
            width=120,
        ),
        "finish": Column(
            _("Finish against contract"),
            partial(_finish, ends),
            Kind.BAR,
            hover=_(
                "Forecast finish in calendar days after the contract's, extensions that the customer signed included"
            ),
            width=170,
        ),
        "margin": Column(_("Margin forecast"), partial(_figure, page, by_kpi, MARGIN), Kind.FIGURE, width=90),
        "course": Column(_("Course of CPI"), partial(_course, by_kpi), Kind.COURSE, width=100),
        "alerts": Column(
            _("Alerts"),
            partial(_alerts, firing),
            Kind.FIGURE,
            hover=_("Alerts that fire; those of one cause count once, as on the page of warnings"),
            width=70,
            stays=True,
        ),
    }
    if payments.is_empty():
        del columns["paid"]
    customers = (
        None
        if len(keys) < GROUPED_FROM
        else Groups(_("By customer"), lambda project: projects[project]["customer"] or _("no customer"))
    )
    grid(keys, columns, key=key, label=_("All projects, the worst first"), groups=customers)
    worded = partial(tables.kpi_value_table, page.grid, page.catalogue, page.names, language())
    tables.download(worded, "plimsoll-kpis", moments.of_rows(page.grid.iter_rows(named=True)), key=f"{key}_download")


def bubbles_of(page: KpiPage) -> Chart:
    """Cost × schedule of all projects; the area is the budget, where all are in one currency."""
    rows = {(row["project_key"], row["kpi_key"]): row for row in page.grid.iter_rows(named=True)}
    currencies = {row["currency"] for row in page.projects.iter_rows(named=True)}
    points = []
    for key, name in page.names.items():
        cost, pace, done = (rows.get((key, kpi_key)) for kpi_key in (COURSE, PACE, "percent_complete"))
        if cost is None or pace is None:
            continue
        worse = min((cost, pace), key=lambda row: RANKS[row["status"]])
        budget = done["denominator"] if done is not None and len(currencies) == 1 else None
        points.append(
            {
                "project_key": key,
                "name": name,
                "cpi": cost["value"],
                "spi": pace["value"],
                "budget": budget,
                "status": worse["status"],
                "period_end": cost["period_end"],
            }
        )
    opens = {key: address(SHEET, of=key) for key in page.names}
    return bubbles(pl.DataFrame(points, schema=POINTS), page.selection.period_kind.value, opens)


def _project(names: Mapping[str, str], projects: Mapping[str, Row], ends: Mapping[str, Row], key: str) -> Cell:
    end, manager = ends.get(key), projects[key]["manager"]
    phase = ""
    if end is not None:
        phase = _("Finished") if end["is_finished"] else phase_word(end["phase"]) if end["phase"] else ""
    beside = " · ".join(word for word in (phase, manager) if word)
    return Cell(names[key], names[key], label=beside, hover=key, address=address(SHEET, of=key))


def _dimension(page: KpiPage, of_project: Mapping[str, list[Row]], dimension: Dimension, key: str) -> Cell:
    row = worst_of(of_project.get(key, ()), dimension, page.catalogue)
    if row is None:
        return Cell()
    leads = address(EVIDENCE, kpi=row["kpi_key"], of=key)
    cell = tables.kpi_cell(row, page.catalogue[row["kpi_key"]], is_named=True, address=leads)
    period = readings.period_words(row, language())
    return cell._replace(value=_badness(row), hover=" · ".join(word for word in (cell.hover, period) if word))


def _badness(row: Row) -> float | None:
    """How bad a value is, to sort by where a column holds several KPIs: its status, then how far beyond its level it lies."""
    if row["value"] is None:
        return None
    return -float(RANKS[row["status"]]) + max(min(row_beyond(row), 9.0), -9.0) / 20


def _payment(paid: Mapping[str, Row], key: str) -> Cell:
    row = paid.get(key)
    if row is None or not row["due"]:
        return Cell("–", None, hover=_("No sales contract, or nothing was due yet"))
    share = (row["due"] - row["overdue"]) / row["due"]
    beside = hover = ""
    if row["overdue_terms"]:
        beside = _("{amount} overdue", amount=money_text(row["overdue"], row["currency"]))
        hover = _("{term} since {date}", term=row["overdue_node"], date=date_text(row["overdue_since"]))
    status = KpiStatus.WARNING if row["overdue_terms"] else KpiStatus.OK
    if row["unknown_terms"]:  # nothing is fine that is not known
        status = status if row["overdue_terms"] else KpiStatus.UNRATED
        unknown = _("terms without an amount: {count}", count=row["unknown_terms"])
        hover = " · ".join(word for word in (hover, unknown) if word)
    return Cell(percent_text(share), share, status, beside, hover=hover)


def _finish(ends: Mapping[str, Row], key: str) -> Cell:
    row = ends.get(key)
    if row is None or row["days_late"] is None:
        return Cell("–", None, hover=_("No schedule, or no finish in the contract"))
    days = row["days_late"]
    status = KpiStatus.CRITICAL if days > 0 else KpiStatus.OK
    hover = _("{finish}, agreed {agreed}", finish=date_text(row["finish_on"]), agreed=date_text(row["agreed_on"]))
    if row["granted_days"]:
        hover = _("{what}, {days} days of extension among it", what=hover, days=row["granted_days"])
    words = _("{days} days", days=f"{days:+d}") if days else _("on the day")
    return Cell(words, float(days), status, hover=hover, address=address("schedule/schedule", project=key))


def _figure(page: KpiPage, by_kpi: Mapping[tuple[str, str], Row], kpi_key: str, key: str) -> Cell:
    row = by_kpi.get((key, kpi_key))
    if row is None:
        return Cell("–")
    cell = tables.kpi_cell(row, page.catalogue[kpi_key], address=address(EVIDENCE, kpi=kpi_key, of=key))
    return cell._replace(mark=None)


def _course(by_kpi: Mapping[tuple[str, str], Row], key: str) -> Cell:
    row = by_kpi.get((key, COURSE))
    history = tuple(row["history"] or ()) if row else ()
    return Cell("", row["value"] if row else None, row["status"] if row else "", course=history)


def _alerts(firing: Mapping[str, Sequence[Entry]], key: str) -> Cell:
    found = firing.get(key, ())
    if not found:
        return Cell("–", 0.0)
    count, alerts = len(found), sum(len(entry.rows) for entry in found)
    hover = _("causes: {causes}, alerts: {alerts}", causes=count, alerts=alerts) if alerts > count else ""
    return Cell(str(count), float(count), hover=hover, address=address("warnings/warnings", project=key))
