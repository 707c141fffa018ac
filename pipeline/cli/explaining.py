"""The document behind `explain`: one value, its definition, and the rows that add up to it."""

from __future__ import annotations

import datetime as dt

from models.builds.selection import Selection
from models.errors import InputError
from models.evidence.duplicates import duplicates_counted
from models.evidence.losses import lost_rows
from models.evidence.rows import cost_bridge, evidence, evidence_totals
from models.evidence.told_twice import TOLD_COLUMNS, told_twice_of_kpi
from models.kpis.catalogue import catalogue
from models.kpis.judging import loss_text
from models.kpis.other_basis import other_readings
from models.reference.currencies import missing_rates, unconverted
from models.reference.matching import near_unallocated
from models.words.locales import LANGUAGES
from models.words.terms import flag_word
from models.words.wording import reason_text
from pipeline.cli.output.tables import table_in_words
from pipeline.published_values import flags_of, known_project, values_of

_OF_THE_VALUE = (
    *("period_start", "period_end", "valued_on", "value", "numerator", "denominator"),
    *("counted", "counted_of", "reversed_items", "status", "reason"),
)
_SPOKEN = sorted(LANGUAGES)  # on a terminal


def explanation(snapshot, kpi_key: str, project: str, at: dt.date | None, rows: int) -> dict:
    """The value of one KPI of one project, and what it is made of.

    Returns: {build_id, kpi_key, project_key, period_start, period_end, valued_on (the day at which it stands), value, numerator,
    denominator, status, reason, flags, other_basis (of a KPI of two bases: {en, zh}), name, definition, formula, unit, better,
    levels, measures: [{measure_key, label_<language>, rows, amount, evidence: [{row_key, row_label, file, line, amount,
    counts_from, module, phase, batch_id, and of a foreign amount original_amount, original_currency, exchange_rate, rate_file,
    rate_line}]}],
    bridge (of actual cost to the close, see models.evidence.rows.cost_bridge), rows_left_out, currency, unconverted:
    [{currency, amount, rows, feed}], near_unallocated, loss: None, or of a value that is better by rows gone or smaller
    {loss_rows, loss_amount, value_with_lost_rows, rows: [{row_key, row_label, module, counts_from, amount (before), lost_amount,
    is_gone, file_name, source_row, lost_on}]}, duplicates_counted: keys of issues that count for want of an original};
    `rows` bounds it.
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
    return {
        "build_id": snapshot.build_id,
        "kpi_key": kpi_key,
        "project_key": key,
        **{name: value[name] for name in _OF_THE_VALUE},
        "flags": flags_of(value),
        "other_basis": other_basis and {language: reason_text(other_basis, language) for language in LANGUAGES},
        "name": {language: kpi.name(language) for language in LANGUAGES},
        "definition": {language: kpi.definition(language) for language in LANGUAGES},
        "formula": {language: kpi.formula(language) for language in LANGUAGES} | {"sql": kpi.formula_sql},
        "unit": kpi.unit,
        "better": kpi.better,
        "levels": {"warning_at": value["warning_at"], "critical_at": value["critical_at"]},
        "measures": [
            total | {"evidence": [_row(line) for line in lines if line["measure_key"] == total["measure_key"]]}
            for total in totals
        ],
        "bridge": cost_bridge(snapshot, kpi_key, selection),
        "told_twice": told_twice_of_kpi(snapshot, kpi, (key,), value["period_end"]),
        "loss": {name: value[name] for name in ("loss_rows", "loss_amount", "value_with_lost_rows")}
        | {"rows": losses[:rows]}
        if losses
        else None,
        "duplicates_counted": duplicates_counted(snapshot, kpi_key, (key,)),
        "rows_left_out": sum(total["rows"] for total in totals) - len(lines),
        "currency": value["currency"],
        "unconverted": unconverted(snapshot, [key]).drop("project_key").to_dicts() if is_money else [],
        "near_unallocated": near_unallocated(snapshot).get(key, []) if is_money else [],
    }


def explanation_in_words(document: dict, listed: int) -> str:
    """The explanation for a terminal, the first rows of each measure."""
    lines = [
        f"{' '.join(document['name'][language] for language in _SPOKEN)} ({document['kpi_key']}), {document['project_key']}, "
        f"period to {document['period_end']}, at {document['valued_on']}, build {document['build_id']}",
        f"  {document['definition']['en']}",
        f"  {document['formula']['en']}",
        f"  value {document['value']} = {document['numerator']} / {document['denominator']} -> {document['status']}"
        + (f" ({document['reason']})" if document["reason"] else "")
        + "".join(f", {' '.join(flag_word(flag, language) for language in _SPOKEN)}" for flag in document["flags"]),
        *(f"  {document['other_basis'][language]}" for language in LANGUAGES if document["other_basis"]),
        *_counted(document),
        f"  warning at {document['levels']['warning_at']}, critical at {document['levels']['critical_at']}",
    ]
    if keys := document["duplicates_counted"]:
        lines.append(f"  duplicates without a valid original count ({len(keys)}): {', '.join(keys[:listed])}")
    if loss := document["loss"]:
        words = " ".join(loss_text(loss["loss_rows"], loss["loss_amount"], language) for language in _SPOKEN)
        lines.append(f"  {words}; with them {loss['value_with_lost_rows']}")
        columns = ("file_name", "source_row", "row_key", "row_label", "counts_from", "amount", "lost_amount")
        lines.append(table_in_words(loss["rows"][:listed], columns, "", loss["loss_rows"]))
    lines += [
        f"  unconverted: {cost['amount']} {cost['currency']} ({cost['feed']}, {cost['rows']} rows), "
        f"rate of {missing_rates(cost['currency'], 'en')} missing"
        for cost in document["unconverted"]
    ]
    lines += [
        f"  {cost['amount']:,.2f} {cost['currency']} lies unallocated under {cost['code']}"
        for cost in document["near_unallocated"]
    ]
    if bridge := document["bridge"]:
        lines.append(
            f"  actual cost {bridge['at_data_date']} at {bridge['stands_on']}"
            f" + rest of estimated lines {bridge['rest_of_estimated']} + booked after {bridge['booked_after']}"
            f" + accruals {bridge['accruals']} = {bridge['at_close']} at {bridge['cost_until']}"
        )
    for measure in document["measures"]:
        lines += ["", f"{measure['label_en']} {measure['label_zh']}: {measure['rows']} rows, {measure['amount']}"]
        shown = measure["evidence"][:listed]
        columns = ("file", "line", "row_key", "row_label", "counts_from", "amount")
        lines.append(table_in_words(shown, columns, "  no rows", measure["rows"]))
    if document["told_twice"]:
        lines += ["", "left out, because a source that leads tells them too:"]
        lines.append(
            table_in_words(document["told_twice"][:listed], tuple(TOLD_COLUMNS), "", len(document["told_twice"]))
        )
    return "\n".join(lines)


def _row(line: dict) -> dict:
    row = {
        name: line[name] for name in ("row_key", "row_label", "module", "phase", "counts_from", "amount", "batch_id")
    }
    row |= {"file": line["file_name"], "line": line["source_row"]}
    if line["original_currency"]:
        row |= {name: line[name] for name in ("original_amount", "original_currency", "exchange_rate", "rate_file")}
        row["rate_line"] = line["rate_row"]
    return row


def _counted(document: dict) -> list[str]:
    """Of how many items the value is made; nothing where it is made of none."""
    if document["counted"] is None:
        return []
    turned = document["reversed_items"]
    beside = f", {turned} finish before they start" if turned else ""
    return [f"  counted {document['counted']} of {document['counted_of']}{beside}"]
