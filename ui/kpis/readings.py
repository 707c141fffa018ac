"""From rows of kpi_values to what cards, grids and sentences need."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from models.document import Row
from models.kpis import worst
from models.kpis.catalogue import Kpi
from models.kpis.judging import judging_reason, loss_text
from models.kpis.levels import BAD_DIRECTIONS, LEVELS
from models.kpis.worst import BAD, place_of
from models.reference.currencies import missing_rates
from models.vocabulary import Flag, KpiStatus
from models.words import terms
from models.words.locales import listed
from models.words.numbers import date_text, kpi_value_text, period_text
from models.words.terms import feed_word, status_word
from ui.kpis.bullet import BulletValue
from ui.shell.wording import STATUS_SIGNS, language, msgid, translate

_BETTER = {direction: better for better, direction in BAD_DIRECTIONS.items()}


def reading_of(row: Row, kpi: Kpi, *, largest: float | None = None, has_history: bool = True) -> BulletValue:
    """The mark's input for one row of kpi_values."""
    return BulletValue(
        value=row["value"],
        status=str(row["status"]),
        better=better_of(row, kpi),
        warning_at=row["warning_at"],
        critical_at=row["critical_at"],
        low_warning_at=row.get("low_warning_at"),
        low_critical_at=row.get("low_critical_at"),
        history=tuple(row.get("history") or ()) if has_history else (),
        is_stale=bool(row.get("is_stale")),
        unit=kpi.unit,
        largest=largest,
        instead=edge_word(row, language()) if row["value"] is None else "",
    )


def better_of(row: Row, kpi: Kpi) -> str:
    """higher, lower, band or none: what is better by the levels that hold for this row, else by the KPI."""
    return _BETTER.get(row.get("bad_direction", ""), kpi.better)


def edge_word(row: Row, spoken: str) -> str:
    """The word or two for a value that no number can be: the budget is spent, the work is done. Empty for all others."""
    return terms.edge_word(row.get("reason"), spoken) if row["value"] is None else ""


def value_words(row: Row, kpi: Kpi, spoken: str) -> str:
    """A value as a sentence names it: the number, else the word for its edge, else that for its status."""
    return edge_word(row, spoken) or kpi_value_text(
        row["value"],
        kpi.unit,
        spoken,
        status=row["status"],
        currency=row.get("currency"),
        levels=[row.get(name) for name in LEVELS],
    )


def worst_first(frame: pl.DataFrame, catalogue: Mapping[str, Kpi]) -> list[dict]:
    """The rows over a level, worst first. A KPI that takes its status from another one raises no second alarm."""
    rows = frame.filter(pl.col("status").is_in(list(BAD))).iter_rows(named=True)
    return sorted((row for row in rows if catalogue[row["kpi_key"]].has_own_status), key=place_of)


def projects_worst_first(frame: pl.DataFrame, catalogue: Mapping[str, Kpi]) -> list[str]:
    """Project keys in the order in which `worst_first` names them, then the others by what is nearest to its level."""
    rows = frame.iter_rows(named=True)
    leading = worst.projects_worst_first(row for row in rows if catalogue[row["kpi_key"]].has_own_status)
    return list(dict.fromkeys([*leading, *frame["project_key"]]))


def of_sections(frame: pl.DataFrame, catalogue: Mapping[str, Kpi], sections: Iterable[str]) -> pl.DataFrame:
    """The rows of the KPIs of these sections, in the catalogue's order."""
    wanted = set(sections)
    keys = [key for key, kpi in catalogue.items() if kpi.section in wanted]
    order = pl.col("kpi_key").cast(pl.Enum(keys))
    return frame.filter(pl.col("kpi_key").is_in(keys)).sort(order, maintain_order=True)


def period_words(row: Row, spoken: str) -> str:
    """For which period a value is; of one that still runs, up to which day. Empty where the build has no row of it."""
    end, until = row.get("period_end"), row.get("as_of")
    if end is None:
        return ""
    period = period_text(row["period_kind"], end, spoken)
    if until is None or until >= end:
        return period
    return translate(
        msgid("{period} (to {day})"), {"period": period, "day": date_text(until, spoken, short=True)}, spoken
    )


def against_words(row: Row) -> str:
    """With what `previous_value` of a row is compared: a period, the baseline, a build. Empty where the row does not say."""
    return str(row.get("compared_with") or "")


def flags_told(row: Row, flags: Iterable[Flag], spoken: str) -> list[str]:
    """Those of the flags that a value carries, in words; of a loss how many rows and how much."""
    return [
        loss_text(row["loss_rows"], row.get("loss_amount"), spoken)
        if flag is Flag.BETTER_BY_LOSS and row.get("loss_rows")
        else terms.flag_word(flag, spoken)
        for flag in flags
        if row.get(f"is_{flag}")
    ]


def standing_words(row: Row, spoken: str) -> str:
    """At which day a value stands, where that is not the end of its period; of several members, from the oldest to the newest."""
    newest, end = row.get("valued_on"), row.get("period_end")
    if newest is None or end is None:
        return ""
    oldest = row.get("valued_from") or newest
    until = min(end, row.get("as_of") or end)
    if oldest == newest >= until:
        return ""
    told = date_text(newest, spoken)
    if oldest != newest:
        return translate(msgid("at {oldest} – {date}"), {"oldest": date_text(oldest, spoken), "date": told}, spoken)
    return translate(
        msgid("at {date}; days to the end of the period: {days}"), {"date": told, "days": (until - newest).days}, spoken
    )


def basis_words(row: Row, spoken: str) -> str:
    """Of a KPI of two bases: which one counts and what the other says; of the value by the other one, what it would be."""
    if str(row.get("reason") or "").startswith("other_basis:"):
        return reason_words(row, spoken)
    return str(row.get("other_basis") or "")


def reason_words(row: Row, spoken: str) -> str:
    """Why a value is missing or not judged, as a sentence in that language; empty where there is nothing to say."""
    kind, _colon, what = (row.get("reason") or "").partition(":")
    if kind == "missing" and what:
        feeds = listed((feed_word(feed, spoken) for feed in what.split(",")), spoken)
        return translate(msgid("No data to count from: {feeds}"), {"feeds": feeds}, spoken)
    if kind == "rate_missing":
        return translate(
            msgid("Rate of {currencies} missing: amounts are unconverted and in no sum"),
            {"currencies": missing_rates(what, spoken)},
            spoken,
        )
    if kind == "small":
        why = translate(_SMALL.get(what, what), None, spoken)
        return translate(msgid("Not yet measurable: too little to judge by ({what})"), {"what": why}, spoken)
    judging = judging_reason(row.get("reason"), spoken, _not_measured(row))
    if judging and row["status"] == KpiStatus.UNRATED:
        return translate(msgid("Not rated: {what}"), {"what": judging}, spoken)
    if judging:
        return translate(msgid("Not yet measurable: {what}"), {"what": judging}, spoken)
    if kind == "other_basis":
        would_be = {"sign": STATUS_SIGNS[KpiStatus(what)], "status": status_word(what, spoken)}
        return translate(msgid("Not rated: another basis counts; by its levels: {sign} {status}"), would_be, spoken)
    if kind == "unrated":
        why = translate(_UNRATED[what], None, spoken) if what in _UNRATED else what
        return translate(msgid("Not rated: {what}"), {"what": why}, spoken)
    return translate(_REASONS[kind], None, spoken) if kind in _REASONS else ""


def _not_measured(row: Row) -> tuple[str, ...]:
    return tuple(str(member).rpartition("/")[2] for member in row.get("left_out") or ())


_SMALL = {
    "code": msgid("under 10,000 lines of code"),
    "unknown_size": msgid("over 10 % of the defects in modules of unknown size"),
    "severity": msgid("over 10 % of the open defects name no severity"),
    "phase": msgid("over 10 % of the defects without the phase they were found in"),
    "periods": msgid("fewer than two periods"),
    "kind": msgid("under 10 % of the budget of this kind is planned or earned"),
    "plan": msgid("under 10 % of the budget is planned or earned, and no element is due"),
}
# why a value is not judged by its levels (unrated_when of the catalogue, after "unrated:")
_UNRATED = {
    "early_estimate": msgid("up to 15 % complete, an estimate of the whole is shown and not judged"),
    "cost_without_budget": msgid("over 5 % of actual cost has no budget of its kind"),
    "small_overrun": msgid("at least 85 % is complete and the estimate is within 3 % over the budget"),
}
_REASONS = {
    "not_achievable": msgid("Not achievable within the budget"),
    "work_done": msgid("All the work is done"),
    "finished": msgid("Finished"),
    "no_budget_of_kind": msgid("The budget holds nothing of this kind of cost"),
    "mixed_element": msgid("A WBS element mixes kinds of cost under one percentage: what is earned of one is unknown"),
    "no_cost": msgid("Actual cost is zero or below: nothing can be divided by it, or extrapolated from it"),
    "negative_estimate": msgid("The bottom-up estimate of what is left is below zero: correct it and load it again"),
    "net_amount": msgid("A sales contract states neither an amount excluding VAT nor a tax rate"),
    "commitments": msgid("No commitment is on record; cost alone is within the budget"),
    "outdated": msgid(
        "Not rated: the newest data date lies more than one accounting period before the close; report progress"
    ),
    "profile": msgid("Not applicable to a delivery of this kind"),
}


@dataclass
class Missing:
    """What waits for a feed: KPI keys and project keys, each once, in the order met."""

    kpi_keys: dict[str, None] = field(default_factory=dict)
    projects: dict[str, None] = field(default_factory=dict)


def missing_feeds(frame: pl.DataFrame, loaded: Container[tuple[str, str]]) -> dict[str, Missing]:
    """{feed: what waits for it} of the rows without data, for feeds that are not loaded there.

    loaded: (project_key, feed) pairs that the build has rows of; a feed that is there, only without anything to count
    in the period, is not missing.
    """
    waiting: dict[str, Missing] = {}
    for row in frame.filter(pl.col("status") == KpiStatus.NO_DATA).iter_rows(named=True):
        kind, _colon, feeds = (row.get("reason") or "").partition(":")
        for feed in feeds.split(",") if kind == "missing" and feeds else ():
            if (row["project_key"], feed) not in loaded:
                missing = waiting.setdefault(feed, Missing())
                missing.kpi_keys[row["kpi_key"]] = missing.projects[row["project_key"]] = None
    return waiting
