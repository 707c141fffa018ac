"""The document behind `explain`: one value, its definition, and the rows that add up to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.errors import InputError
from models.evidence.double_counted import TOLD_COLUMNS, double_counted_of_kpi
from models.evidence.duplicates import duplicates_counted
from models.evidence.losses import lost_rows
from models.evidence.rows import cost_bridge, evidence, evidence_totals
from models.kpis.catalogue import catalogue
from models.kpis.judging import loss_text
from models.kpis.other_basis import other_readings
from models.reference.currencies import missing_rates, unconverted
from models.reference.matching import near_unallocated
from models.words.locales import LANGUAGES
from models.words.terms import flag_word
from models.words.wording import reason_text
from pipeline.cli.output.explanation import (
    CostBridge,
    EvidenceLine,
    ExplainedLoss,
    ExplainedMeasure,
    Explanation,
    Levels,
    LostRow,
    NearUnallocated,
    RowDoubleCounted,
    UnconvertedTotal,
)
from pipeline.cli.output.tables import table_in_words
from pipeline.published_values import flags_of, known_project, values_of

_SPOKEN = sorted(LANGUAGES)  # on a terminal
_OF_THE_VALUE = (
    "period_start", "period_end", "valued_on", "value", "numerator", "denominator", "counted", "counted_of", "reversed_items",
    "status", "reason",
)  # fmt: skip
_OF_THE_EVIDENCE = ("file", "line", "row_key", "row_label", "counts_from", "amount")
_OF_THE_LOSS = ("loss_rows", "loss_amount", "value_with_lost_rows")


def explanation(snapshot: Snapshot, kpi_key: str, project: str, at: dt.date | None, rows: int) -> Explanation:
    """The value of one KPI of one project, and what it is made of; `rows` bounds the evidence.

    Raises: InputError 'explain.unknown_kpi', 'kpis.unknown_project', 'explain.no_period'.
    """
    known = catalogue(snapshot)
    if kpi_key not in known:
        raise InputError(
            "explain.unknown_kpi", "No KPI {kpi}. KPIs: {kpis}.", kpi=kpi_key, kpis=", ".join(sorted(known))
        )
    kpi, key = known[kpi_key], known_project(snapshot, project)
    values = values_of(snapshot, key, at=at).to_dicts()
    beside = other_readings(snapshot, values, [key])
    found = [(row, reading) for row, reading in zip(values, beside, strict=True) if row["kpi_key"] == kpi_key]
    if not found:
        raise InputError(
            "explain.no_period",
            "{project} has no value of {kpi} for {at}. Choose a day inside the project's time.",
            project=key,
            kpi=kpi_key,
            at=at.isoformat() if at else "now",
        )
    value, other_basis = found[0]
    losses = lost_rows(snapshot, kpi_key, (key,)).to_dicts() if value["is_better_by_loss"] else []
    is_money = bool({"costs", "budget", "contracts"} & set(kpi.feeds))
    selection = Selection(projects=(key,), period_end=value["period_end"])
    lines = evidence(snapshot, kpi_key, selection, limit=rows).to_dicts()
    totals = evidence_totals(snapshot, kpi_key, selection).to_dicts()
    foreign = unconverted(snapshot, [key] if is_money else []).drop("project_key")
    near = near_unallocated(snapshot).get(key, []) if is_money else []
    measures = [
        total | {"evidence": [_row(line) for line in lines if line["measure_key"] == total["measure_key"]]}
        for total in totals
    ]
    return Explanation(
        **{name: value[name] for name in _OF_THE_VALUE},
        build_id=snapshot.build_id,
        kpi_key=kpi_key,
        project_key=key,
        flags=flags_of(value),
        other_basis=other_basis and {language: reason_text(other_basis, language) for language in LANGUAGES},
        name={language: kpi.name(language) for language in LANGUAGES},
        definition={language: kpi.definition(language) for language in LANGUAGES},
        formula={language: kpi.formula(language) for language in LANGUAGES} | {"sql": kpi.formula_sql},
        unit=kpi.unit,
        better=kpi.better,
        levels=Levels(warning_at=value["warning_at"], critical_at=value["critical_at"]),
        measures=[ExplainedMeasure(**measure) for measure in measures],
        bridge=CostBridge(**bridge) if (bridge := cost_bridge(snapshot, kpi_key, selection)) else None,
        double_counted=[
            RowDoubleCounted(**row) for row in double_counted_of_kpi(snapshot, kpi, (key,), value["period_end"])
        ],
        loss=ExplainedLoss(
            **{name: value[name] for name in _OF_THE_LOSS}, rows=[LostRow(**row) for row in losses[:rows]]
        )
        if losses
        else None,
        duplicates_counted=duplicates_counted(snapshot, kpi_key, (key,)),
        rows_left_out=sum(total["rows"] for total in totals) - len(lines),
        currency=value["currency"],
        unconverted=[UnconvertedTotal(**row) for row in foreign.to_dicts()],
        near_unallocated=[NearUnallocated(**row) for row in near],
    )


def explanation_in_words(explained: Explanation, listed: int) -> str:
    """The explanation for a terminal, the first rows of each measure."""
    lines = [
        f"{' '.join(explained.name[language] for language in _SPOKEN)} ({explained.kpi_key}), {explained.project_key}, "
        f"period to {explained.period_end}, at {explained.valued_on}, build {explained.build_id}",
        f"  {explained.definition['en']}",
        f"  {explained.formula['en']}",
        f"  value {explained.value} = {explained.numerator} / {explained.denominator} -> {explained.status}"
        + (f" ({explained.reason})" if explained.reason else "")
        + "".join(f", {' '.join(flag_word(flag, language) for language in _SPOKEN)}" for flag in explained.flags),
        *(f"  {text}" for text in (explained.other_basis or {}).values()),
        *_counted(explained),
        f"  warning at {explained.levels.warning_at}, critical at {explained.levels.critical_at}",
    ]
    if keys := explained.duplicates_counted:
        lines.append(f"  duplicates without a valid original count ({len(keys)}): {', '.join(keys[:listed])}")
    if loss := explained.loss:
        told = " ".join(loss_text(loss.loss_rows or 0, loss.loss_amount, language) for language in _SPOKEN)
        lines.append(f"  {told}; with them {loss.value_with_lost_rows}")
        columns = ("file_name", "source_row", "row_key", "row_label", "counts_from", "amount", "lost_amount")
        lines.append(table_in_words([row.as_json() for row in loss.rows[:listed]], columns, "", loss.loss_rows))
    lines += [
        f"  unconverted: {cost.amount} {cost.currency} ({cost.feed}, {cost.rows} rows), "
        f"rate of {missing_rates(cost.currency, 'en')} missing"
        for cost in explained.unconverted
    ]
    lines += [
        f"  {cost.amount:,.2f} {cost.currency} lies unallocated under {cost.code}"
        for cost in explained.near_unallocated
    ]
    if bridge := explained.bridge:
        lines.append(
            f"  actual cost {bridge.at_data_date} at {bridge.stands_on}"
            f" + rest of estimated lines {bridge.rest_of_estimated} + booked after {bridge.booked_after}"
            f" + accruals {bridge.accruals} = {bridge.at_close} at {bridge.cost_until}"
        )
    for measure in explained.measures:
        lines += ["", f"{measure.label_en} {measure.label_zh}: {measure.rows} rows, {measure.amount}"]
        shown = [line.as_json() for line in measure.evidence[:listed]]
        lines.append(table_in_words(shown, _OF_THE_EVIDENCE, "  no rows", measure.rows))
    if explained.double_counted:
        lines += ["", "left out, because a source that leads tells them too:"]
        twice = [row.as_json() for row in explained.double_counted[:listed]]
        lines.append(table_in_words(twice, TOLD_COLUMNS, "", len(explained.double_counted)))
    return "\n".join(lines)


def _row(line: dict[str, Any]) -> EvidenceLine:
    of_foreign = (
        ("original_amount", "original_currency", "exchange_rate", "rate_file") if line["original_currency"] else ()
    )
    names = ("row_key", "row_label", "module", "phase", "counts_from", "amount", "batch_id", *of_foreign)
    rate = {"rate_line": line["rate_row"]} if of_foreign else {}
    return EvidenceLine(**{name: line[name] for name in names}, **rate, file=line["file_name"], line=line["source_row"])


def _counted(explained: Explanation) -> list[str]:
    """Of how many items the value is made; nothing where it is made of none."""
    if explained.counted is None:
        return []
    turned = explained.reversed_items
    beside = f", {turned} finish before they start" if turned else ""
    return [f"  counted {explained.counted} of {explained.counted_of}{beside}"]
