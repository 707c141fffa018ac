"""What a value is made of, in words, and why that is too little to judge by: few items, a fragment, words that map to nothing."""

from __future__ import annotations

from models.document import Row
from models.kpis.catalogue import Kpi
from models.words.catalog import msgid
from models.words.columns import column_word
from models.words.locales import listed
from models.words.numbers import count_text, date_text
from models.words.wording import translate

_WHYS = {
    "few:items": msgid("fewer than 10 items"),
    "few:half": msgid("under half of the items"),
    "fragment:modules": msgid("modules with over 10 % of the effective lines are not measured"),
    "fragment:lines": msgid("the report holds under a tenth of the lines of its modules"),
    "fragment:cases": msgid("the round holds under 90 % of the cases of the largest of the three before"),
}


def counted_text(row: Row, kpi: Kpi, language: str) -> str:
    """ "P85 of 18 of 18", "mean of 5 of 6", "3 of 12"; empty for what is made of no items. row: of kpi_values."""
    counted, every, turned = row.get("counted"), row.get("counted_of"), row.get("reversed_items")
    if counted is None:
        return ""
    words: dict[str, object] = {
        "counted": count_text(counted, language),
        "every": "?" if every is None else count_text(every, language),
    }
    if kpi.percentile is not None:
        words["percent"] = round(kpi.percentile * 100)
        text = translate(msgid("P{percent} of {counted} of {every}"), words, language)
    elif kpi.reversed_sql:
        text = translate(msgid("mean of {counted} of {every}"), words, language)
    else:
        text = translate(msgid("{counted} of {every}"), words, language)
    if turned:
        left_out = translate(msgid("{count} finish before they start"), {"count": turned}, language)
        text = translate(msgid("{sentence} ({beside})"), {"sentence": text, "beside": left_out}, language)
    return text


def loss_text(rows: int, amount: float | None, language: str) -> str:
    """ "better by 10 rows gone or smaller (900)": what they lost beside how many they are, where that is another number."""
    text = translate(msgid("better by {rows} rows gone or smaller"), {"rows": rows}, language)
    if amount is None or amount == rows:
        return text
    return translate(
        msgid("{sentence} ({beside})"), {"sentence": text, "beside": count_text(amount, language)}, language
    )


def reclassified_text(told: Row, language: str) -> str:
    """ "60 open defects left the count or were lowered in severity, by Zhang, 2026-11-29 (issues.csv)".

    told: as models.evidence.losses gives it.
    """
    days = [date_text(day, language) for day in dict.fromkeys((told["first_on"], told["last_on"])) if day]
    people = list(told["people"]) or [translate(msgid("nobody whom the export names"), None, language)]
    words = {"count": told["defects"], "people": people, "day": " – ".join(days), "files": list(told["files"])}
    return translate(
        msgid("{count} open defects left the count or were lowered in severity, by {people}, {day} ({files})"),
        words,
        language,
    )


def judging_reason(reason: str | None, language: str, modules: tuple[str, ...] = ()) -> str:
    """A reason of the kinds words, few, fragment and loss as words; empty for all others. modules: those not measured."""
    kind, _colon, what = (reason or "").partition(":")
    if kind == "words":
        pairs = (part.partition("=") for part in what.split("; ") if part)
        told = [f"{word} ({column_word(column, language)})" for column, _equals, word in pairs]
        return translate(msgid("unknown words decide it: {words}"), {"words": listed(told, language) or "?"}, language)
    if kind == "loss":
        rows, _colon, amount = what.partition(":")
        lost = loss_text(int(rows), float(amount), language)
        return translate(msgid("{loss}, and nobody has accepted that"), {"loss": lost}, language)
    if reason not in _WHYS:
        return ""
    text = translate(_WHYS[reason], None, language)
    return f"{text}: {listed(modules, language)}" if modules and reason == "fragment:modules" else text
