"""The sheet of one project: what a meeting needs on one screen, then every KPI in one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from models.alerts.alert import AlertToday
from models.document import Row
from models.kpis.crossed_level import level_told
from models.overview import agenda
from models.vocabulary import KpiStatus
from ui.grid.cells import Cell, Column, Groups, Kind
from ui.kpis import faces, readings, tables
from ui.kpis.meanings import meaning_word
from ui.kpis.page import KpiPage
from ui.shell import data
from ui.shell.markup import Markup, address, joined, link, put
from ui.shell.numbers import count_text, date_text, kpi_value_text, money_text, percent_text
from ui.shell.tables import grid
from ui.shell.wording import STATUS_SIGNS, _, feed_word, language, phase_word, section_word, status_word
from ui.warnings import words as alerts_words
from ui.warnings.entries import firing_by_project

EVIDENCE = "overview/evidence"
CARDS = 8
LISTED = 5
# Eight figures for the meeting, by the kind of delivery; a KPI that does not apply or has no value gives way to the next.
_ALWAYS = ("cost_performance_index", "variance_at_completion", "schedule_performance_index_time")
_OF_PROFILE = {
    "software": ("code_defect_rate", "test_coverage", "escaped_defect_rate", "scope_growth_after_freeze"),
    "integration": ("code_defect_rate", "open_critical_defects", "test_coverage", "unapproved_change_rate"),
    "equipment": (
        "commitment_rate",
        "open_critical_defects",
        "unapproved_change_rate",
        "cost_performance_index_equipment",
    ),
    "roll_out": ("rollout_progress", "code_defect_rate", "open_critical_defects", "unapproved_change_rate"),
}
_THEN = (
    "gross_margin_forecast",
    "timesheet_completeness",
    "unapproved_change_rate",
    "buffer_consumption",
    "technical_debt_share",
    "open_critical_defects",
    "code_defect_rate",
    "test_coverage",
    "percent_complete",
)


def project_words(project: Row, outlooks: pl.DataFrame) -> str:
    """For whom it is, how it is delivered, in which phase it is, who leads it, and what was agreed."""
    end = outlooks.row(0, named=True) if len(outlooks) else {}
    phase = "" if not end.get("phase") else _("Finished") if end["is_finished"] else phase_word(end["phase"])
    agreed = end.get("agreed_on")
    words = [
        project["customer"],
        meaning_word(project["method"], language()) if project["method"] else "",
        phase,
        _("manager {person}", person=project["manager"]) if project["manager"] else "",
        _("to be finished by {date}", date=date_text(agreed)) if agreed else "",
    ]
    return " · ".join(word for word in words if word)


def chosen_figures(rows: Mapping[str, Row], profile: str | None, others: Iterable[str] = ()) -> list[Row]:
    """Eight rows, those of the project's profile first; one without a value only where nothing else is left.

    others: keys that may take the place of what has no value.
    """
    known = [key for key in others if key in rows and rows[key]["value"] is not None]
    wanted = list(dict.fromkeys([*_ALWAYS, *_OF_PROFILE.get(profile or "", ()), *_THEN, *known]))
    found = [rows[key] for key in wanted if key in rows]
    found.sort(key=lambda row: row["value"] is None)
    return found[:CARDS]


def key_figures(page: KpiPage, project: Row) -> None:
    """Draws the eight cards."""
    rows = {row["kpi_key"]: row for row in page.cards.iter_rows(named=True)}
    others = [key for key, kpi in page.catalogue.items() if kpi.has_own_status]
    put(
        Markup('<div class="figures">{}</div>').format(
            joined(_card(page, row) for row in chosen_figures(rows, project["delivery_profile"], others))
        )
    )


def _card(page: KpiPage, row: Row) -> Markup:
    kpi = page.catalogue[row["kpi_key"]]
    of = next(iter(page.names))
    period = readings.period_words(row, language())
    face = faces.sheet_card(
        link(
            tables.head_word(kpi.short(language())), EVIDENCE, hover=kpi.definition(language()), kpi=kpi.kpi_key, of=of
        ),
        readings.reading_of(row, kpi),
        kpi.unit,
        language(),
        previous=row.get("previous_value"),
        against=readings.against_words(row),
        line=period if row["value"] is not None else readings.reason_words(row, language()),
        currency=row.get("currency"),
    )
    return Markup('<section class="tile">{}</section>').format(face)


# ---- lists ----------------------------------------------------------------------------------------------------------


def answers_wanted(alerts: Sequence[AlertToday], names: alerts_words.Names, project_key: str) -> None:
    """Draws the causes that fire and that nobody has answered, the worst first, each by its worst alert."""
    own = firing_by_project(alerts, names.catalogue).get(project_key, [])
    waiting = [entry.leader for entry in own if entry.is_waiting]
    lines = []
    for row in waiting[:LISTED]:
        value, level = alerts_words.value_and_level(row, names)
        words = " ".join(word for word in (alerts_words.subject(row, names), value) if word)
        beside = [_("level {level}", level=level) if level else "", alerts_words.since(row)]
        lines.append(
            Markup("{} {} <small>{}</small>").format(
                STATUS_SIGNS[row.severity or KpiStatus.NO_DATA],
                link(words, "warnings/warnings", alert=row.alert_key),
                " · ".join(word for word in beside if word),
            )
        )
    if len(waiting) > LISTED:
        more = _("{count} more", count=len(waiting) - LISTED)
        lines.append(link(more, "warnings/warnings", project=project_key))
    title = _("Alerts that want an answer: {count} of {open}", count=len(waiting), open=len(own))
    _list(title, lines, _("Every alert has an answer."))


def meeting(page: KpiPage, project: Row) -> None:
    """Draws what was done, what is late, what comes next and what needs a decision."""
    key, day = project["project_key"], project["status_on"]
    if day is None:
        return
    tasks = page.view.ask(agenda.agenda, key, day)
    counts = page.view.ask(agenda.issues_of_the_days, key, day)
    changes = page.view.ask(agenda.open_changes, key)
    by_kind = {kind: part.to_dicts() for (kind,), part in tasks.partition_by("kind", as_dict=True).items()}
    done = [_task(row, row["actual_finish"]) for row in by_kind.get("done", [])]
    if counts["items_done"] or counts["defects_solved"]:
        done.append(
            Markup.escape(
                _(
                    "{items} items completed, {solved} defects solved, {found} found",
                    items=counts["items_done"],
                    solved=counts["defects_solved"],
                    found=counts["defects_found"],
                )
            )
        )
    late = sorted(by_kind.get("late", []), key=lambda row: -(row["days_late"] or 0))
    undecided = [row for row in changes if row["kind"] == "undecided"]
    unsigned = [row for row in changes if row["kind"] == "unsigned"]
    decide = [Markup.escape(_change(row)) for row in undecided]
    if unsigned:
        amount = sum(row["amount"] or 0 for row in unsigned)
        decide.append(
            Markup.escape(
                _(
                    "{count} approved changes without the customer's signature, {amount}",
                    count=len(unsigned),
                    amount=money_text(amount, project["currency"]),
                )
            )
        )
    schedule = _unless_loaded(page, "schedule")
    parts = [
        (_("Done in the last {days} days", days=agenda.DAYS), done, schedule),
        (_("Late"), [_task(row, row["finish_on"], row["days_late"]) for row in late], schedule),
        (
            _("Next {days} days", days=agenda.DAYS),
            [_task(row, row["finish_on"]) for row in by_kind.get("next", [])],
            schedule,
        ),
        (_("Needs a decision"), decide, _unless_loaded(page, "change_requests")),
    ]
    stands = Markup('<p class="page-scope">{}</p>').format(_("data as of {date}", date=date_text(day)))
    put(stands + joined(_part(title, lines, unknown or _("Nothing")) for title, lines, unknown in parts))


def _unless_loaded(page: KpiPage, feed: str) -> str:
    """That nothing is known, where a feed was never loaded for the project; empty where it was."""
    if (next(iter(page.names)), feed) in data.loaded_feeds(page.view):
        return ""
    return _unknown(feed)


def _unknown(feed: str) -> str:
    return _("Unknown: {feed} not loaded", feed=feed_word(feed))


def _change(row: Row) -> str:
    raised = date_text(row["raised_on"], short=True) if row["raised_on"] else "–"
    return _("change {id} {title}, raised {date}", id=row["change_id"], title=row["title"] or "", date=raised)


def _task(row: Row, day: object, days_late: int | None = None) -> Markup:
    words = [date_text(day, short=True)] if day else []
    if days_late:
        words.append(_("{days} days", days=f"{days_late:+d}"))
    name = row["task_name"] or row["task_id"]
    return Markup("{} <small>{}</small>").format(
        Markup("◆ {}").format(name) if row["milestone_type"] else name, " · ".join([phase_word(row["phase"]), *words])
    )


def risks(page: KpiPage, project: Row) -> None:
    """Draws the open risks with what they would cost."""
    known = page.view.ask(agenda.open_risks, project["project_key"])
    found = known or []
    lines = [
        Markup("{} <small>{}</small>").format(
            row["title"] or row["risk_id"],
            " · ".join(
                word
                for word in (
                    percent_text(row["probability"]) if row["probability"] is not None else "",
                    money_text(row["impact_cost"], project["currency"]) if row["impact_cost"] is not None else "",
                    _("{days} days", days=f"{row['impact_days']:g}") if row["impact_days"] is not None else "",
                    row["owner"] or "",
                    row["response"] or "",
                    _("review {date}", date=date_text(row["review_on"], short=True)) if row["review_on"] else "",
                )
                if word
            ),
        )
        for row in found[:LISTED]
    ]
    exposure = sum(row["exposure"] or 0 for row in found)
    title = _(
        "Open risks: {count}, exposure {amount}", count=len(found), amount=money_text(exposure, project["currency"])
    )
    _list(title if found else _("Open risks"), lines, _("No risk is open.") if known is not None else _unknown("risks"))


def _list(title: str, lines: Iterable[Markup], empty: str) -> None:
    put(_part(title, list(lines), empty))


def _part(title: str, lines: Sequence[Markup], empty: str) -> Markup:
    shown = list(lines[: LISTED + 1]) or [Markup.escape(empty)]
    items = joined(Markup("<li>{}</li>").format(line) for line in shown)
    more = len(lines) - len(shown)
    if more > 0:
        items += Markup("<li><small>{}</small></li>").format(_("{count} more", count=more))
    return Markup('<section class="sheet-part"><h2>{}</h2><ul>{}</ul></section>').format(title, items)


# ---- every KPI ------------------------------------------------------------------------------------------------------


def every_kpi(page: KpiPage, key: str) -> None:
    """Draws all KPIs that have a value, by section. One that takes its status from another one raises no second alarm."""
    told = (KpiStatus.CRITICAL, KpiStatus.WARNING, KpiStatus.TOO_EARLY)
    rows = [row for row in page.cards.iter_rows(named=True) if row["value"] is not None or row["status"] in told]
    of = next(iter(page.names))

    def name(row: Row) -> Cell:
        kpi = page.catalogue[row["kpi_key"]]
        leads = address(EVIDENCE, kpi=kpi.kpi_key, of=of)
        return Cell(kpi.name(language()), kpi.sort_order, hover=kpi.definition(language()), address=leads)

    def value(row: Row) -> Cell:
        kpi = page.catalogue[row["kpi_key"]]
        quiet = row if kpi.has_own_status else {**row, "status": KpiStatus.UNRATED}
        return tables.kpi_cell(quiet, kpi, address=address(EVIDENCE, kpi=kpi.kpi_key, of=of))

    def standing(row: Row) -> Cell:
        kpi = page.catalogue[row["kpi_key"]]
        if not kpi.has_own_status:
            leading = page.catalogue[kpi.status_from] if kpi.status_from else kpi
            return Cell(_("as {kpi}", kpi=leading.short(language())))
        level = level_told(row, is_critical=row["status"] == KpiStatus.CRITICAL)
        words = "" if level is None else _("level {level}", level=kpi_value_text(level, kpi.unit))
        return Cell(status_word(row["status"]), None, row["status"], words)

    def change(row: Row) -> Cell:
        kpi = page.catalogue[row["kpi_key"]]
        then = row["previous_value"]
        if then is None or row["value"] is None:
            return Cell()
        return Cell(
            kpi_value_text(then, kpi.unit, currency=row.get("currency")),
            row["value"] - then,
            "",
            row["compared_with"] or "",
        )

    grid(
        rows,
        {
            "name": Column(_("KPI"), name, width=260),
            "value": Column(_("Value"), value, Kind.MARK, width=150),
            "status": Column(_("Status"), standing, width=130),
            "before": Column(_("Compared with"), change, Kind.FIGURE, width=120),
            "period": Column(_("Period"), lambda row: readings.period_words(row, language()), width=150),
            "made_of": Column(_("Numerator and denominator"), _made_of, width=200),
        },
        key=key,
        label=_("All KPIs"),
        groups=Groups(_("By section"), lambda row: section_word(page.catalogue[row["kpi_key"]].section), is_on=True),
    )


def _made_of(row: Row) -> str:
    if row["numerator"] is None or row["denominator"] is None:
        return ""
    return f"{count_text(row['numerator'])} ÷ {count_text(row['denominator'])}"
