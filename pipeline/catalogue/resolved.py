"""Measures and KPIs as the macros of dbt read them: what follows from a statement is worked out here, once, not in every node."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from pipeline.catalogue.reading import Catalogue
from pipeline.catalogue.statement import Condition, Kpi, Measure

TERMS = 10  # columns term_1 … of kpi_terms
_WORKED_OUT = {"name", "summary", "expr", "unrated_when", "unknown_because", "words_among"}
_BAD = {"lower": "above", "higher": "below", "band": "outside"}
_SIDES = {"more": " (may count: a word is unknown)", "less": " (may not count: a word is unknown)"}


class Companion(NamedTuple):
    """What unknown words may add to a measure (more) or take from it (less). raises: a larger measure raises the value."""

    measure: str
    side: str
    key: str
    raises: bool


def measures(catalogue: Catalogue) -> dict[str, dict]:
    """{key: {fact, feed, label, amount, filter, counts_from, counts_until, in_period, is_money}}; each is followed by its
    <key>_more and <key>_less."""
    found = {}
    for key, measure in catalogue.measures.items():
        found[key] = _measure(catalogue, measure)
        for side, words in _SIDES.items():
            if changed := getattr(measure, side):
                found[f"{key}_{side}"] = found[key] | changed.model_dump(exclude_none=True)
                found[f"{key}_{side}"]["label"] += words
    return found


def _measure(catalogue: Catalogue, measure: Measure) -> dict:
    return {
        "fact": measure.fact,
        "feed": catalogue.facts[measure.fact].feed,
        "label": measure.label,
        "amount": measure.expr or "1",
        "filter": measure.filter,
        "counts_from": measure.counts_from,
        "counts_until": measure.counts_until,
        "in_period": measure.window == "in_period",
        "is_money": measure.is_money,
    }


def kpis(catalogue: Catalogue) -> dict[str, dict]:
    """{key: what is stated of a KPI, and its terms, words, feeds, and every formula as SQL over the terms}."""
    return {key: _kpi(catalogue, kpi) for key, kpi in catalogue.kpis.items()}


def _kpi(catalogue: Catalogue, kpi: Kpi) -> dict:
    leading = _leading(catalogue, kpi)
    found = companions(catalogue, kpi)
    known = _known(kpi)
    return kpi.model_dump(mode="json", exclude=_WORKED_OUT) | {
        "value": formula(kpi),
        "known": known,
        "member": f"({known} and {kpi.applies_if})" if kpi.applies_if else f"({known})",
        "missing": _missing(catalogue, kpi),
        "too_early": _cases(dict.fromkeys(kpi.too_early + leading.too_early)),
        "unrated": _cases(dict.fromkeys(kpi.unrated_when + leading.unrated_when)),
        "unknown_words": _unknown_words(kpi, found),
        "readings": [_reading(measure, found) for measure in kpi.measures] if found else [],
        "companions": [companion.key for companion in found],
        "total": kpi.total or kpi.measures[0],
        "expects": kpi.expects or kpi.measures[0],
        "terms": terms(catalogue, kpi),
        "words": list(dict.fromkeys(word for key in leading.measures for word in catalogue.measures[key].words)),
        "feeds": _feeds(catalogue, kpi.measures),
        "window": catalogue.measures[kpi.measures[0]].window,
        "bad_direction": _BAD.get(leading.better),
    }


def formula(kpi: Kpi) -> str:
    """SQL over the measures; doubles on both sides of the division, for decimal division differs between engines."""
    if kpi.expr:
        return kpi.expr
    if kpi.denominator:
        return f"cast({kpi.numerator} as double) / nullif(cast({kpi.denominator} as double), 0)"
    return f"cast({kpi.numerator} as double)"


def terms(catalogue: Catalogue, kpi: Kpi) -> list[str]:
    """What kpi_terms keeps of a KPI: its measures, what unknown words may change in them, the rows these were looked for in."""
    found = [*kpi.measures, *(companion.key for companion in companions(catalogue, kpi))]
    return found if kpi.words_among is None or kpi.words_among in found else [*found, kpi.words_among]


def companions(catalogue: Catalogue, kpi: Kpi) -> list[Companion]:
    """What unknown words may change in the measures that decide its status."""
    leading = _leading(catalogue, kpi)
    found = []
    for key in leading.measures:
        raises, lowers = _names(leading.numerator, key), _names(leading.denominator, key)
        found += [
            Companion(key, side, f"{key}_{side}", raises)
            for side in _SIDES
            if (raises or lowers or kpi.percentile) and getattr(catalogue.measures[key], side)
        ]
    return found


def _leading(catalogue: Catalogue, kpi: Kpi) -> Kpi:
    return catalogue.kpis[kpi.status_from] if kpi.status_from else kpi


def _names(sql: str | None, measure: str) -> bool:
    return re.search(rf"\b{measure}\b", sql or "") is not None


def _required(kpi: Kpi) -> list[str]:
    return [measure for measure in kpi.measures if measure not in kpi.optional]


def _known(kpi: Kpi) -> str:
    """Every term is known, and the member is one at all."""
    sql = " and ".join(f"{measure} is not null" for measure in _required(kpi))
    if kpi.needs_none:
        sql += f" and {kpi.needs_none} = 0"
    if kpi.needs_positive:
        sql += f" and ({kpi.needs_positive} > 0{f' or {kpi.unless}' if kpi.unless else ''})"
    return f"({sql})"


def _missing(catalogue: Catalogue, kpi: Kpi) -> str:
    """The better reason, or 'missing:' and the feeds of the terms that are unknown."""
    required = _required(kpi)
    cases = []
    for feed in _feeds(catalogue, required):
        absent = [
            f"coalesce({key}, 0) <= 0" if kpi.needs_positive == key else f"{key} is null"
            for key in required
            if catalogue.facts[catalogue.measures[key].fact].feed == feed
        ]
        cases.append(f"case when {' or '.join(absent)} then ',{feed}' else '' end")
    sql = f"'missing:' || substr({' || '.join(cases)}, 2)"
    return f"coalesce({kpi.unknown_because}, {sql})" if kpi.unknown_because else sql


def _feeds(catalogue: Catalogue, keys: tuple[str, ...] | list[str]) -> list[str]:
    return list(dict.fromkeys(catalogue.facts[catalogue.measures[key].fact].feed for key in keys))


def _cases(conditions: Collection[Condition]) -> str | None:
    """The reason of the first condition that holds, else null; None without conditions."""
    if not conditions:
        return None
    cases = " ".join(f"when {condition.when} then '{condition.reason}'" for condition in conditions)
    return f"case {cases} end"


def _unknown_words(kpi: Kpi, found: list[Companion]) -> str | None:
    """Whether an unknown word leaves too many of its rows undecided; None where no word decides anything."""
    if not found:
        return None
    undecided = ", ".join(["0", *(f"coalesce({companion.key}, 0)" for companion in found)])
    among = f"coalesce({kpi.words_among}, 0)"
    if not kpi.words_among:
        rows = (
            f"coalesce({companion.measure}, 0)"
            + (f" + coalesce({companion.key}, 0)" if companion.side == "more" else "")
            for companion in found
        )
        among = f"greatest({', '.join(['0', *rows])})"
    return f"greatest({undecided}) > {{{{ var('unknown_share') }}}} * {among}"


def _reading(measure: str, found: list[Companion]) -> str:
    """A measure at one reading of the unknown words: as_read, high (whatever raises the value) or low. SQL over the terms."""
    changes: Mapping[bool, list[str]] = {True: [], False: []}
    for companion in found:
        if companion.measure == measure:
            sign = "+" if companion.side == "more" else "-"
            changes[(companion.side == "more") == companion.raises].append(f" {sign} coalesce({companion.key}, 0)")
    if not changes[True] and not changes[False]:
        return f"{measure} as {measure}"
    high, low = measure + "".join(changes[True]), measure + "".join(changes[False])
    return f"case reading when 'high' then {high} when 'low' then {low} else {measure} end as {measure}"
