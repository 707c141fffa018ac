"""The gate in words: conditions, statuses, verdicts, and one sentence for what each condition found."""

from __future__ import annotations

from models.gate.verdict import ConditionKind, ConditionStatus, Finding, GateCondition, SignedItem, Verdict
from models.kpis.judging import judging_reason, reclassified_text
from models.reference.currencies import missing_rates
from models.vocabulary import KpiStatus
from models.words.catalog import msgid
from models.words.locales import listed
from models.words.numbers import count_text, kpi_value_text, local_date_text
from models.words.terms import STATUS_SIGNS, feed_word
from models.words.wording import translate

_NAMES: dict[str, str] = {
    GateCondition.TEST_COVERAGE: msgid("line coverage"),
    GateCondition.OPEN_FATAL_DEFECTS: msgid("open fatal defects"),
    GateCondition.OPEN_SERIOUS_DEFECTS: msgid("open serious defects"),
    GateCondition.OPEN_DEFECT_RATE: msgid("open defects ÷ effective lines"),
    GateCondition.TEST_PASS_RATE: msgid("test pass rate"),
    GateCondition.DATA_FRESH: msgid("data not stale"),
    GateCondition.ROWS_QUARANTINED: msgid("rows quarantined"),
    SignedItem.ROLL_BACK_PLAN: msgid("roll-back plan"),
    SignedItem.SECURITY_SCAN: msgid("security scan without high findings"),
    SignedItem.CUSTOMER_SIGNATURE: msgid("customer's signature"),
    SignedItem.CUT_OVER_WINDOW: msgid("cut-over window"),
}
_STATUSES: dict[str, str] = {
    ConditionStatus.MET: msgid("met"),
    ConditionStatus.NOT_MET: msgid("not met"),
    ConditionStatus.UNKNOWN: msgid("no data"),
    ConditionStatus.STALE: msgid("stale"),
    ConditionStatus.NOT_APPLICABLE: msgid("not applicable"),
    ConditionStatus.SIGNED: msgid("signed"),
    ConditionStatus.UNSIGNED: msgid("not signed"),
}
# The status of a KPI that looks and sounds the same: its sign and color stand for this one too.
_LIKE: dict[str, str] = {
    ConditionStatus.MET: KpiStatus.OK,
    ConditionStatus.NOT_MET: KpiStatus.CRITICAL,
    ConditionStatus.UNKNOWN: KpiStatus.NO_DATA,
    ConditionStatus.STALE: KpiStatus.NO_DATA,
    ConditionStatus.NOT_APPLICABLE: KpiStatus.NOT_APPLICABLE,
    ConditionStatus.SIGNED: KpiStatus.OK,
    ConditionStatus.UNSIGNED: KpiStatus.CRITICAL,
    Verdict.GO: KpiStatus.OK,
    Verdict.STOP: KpiStatus.CRITICAL,
    Verdict.WAIVED: KpiStatus.WARNING,
}
_VERDICTS: dict[str, str] = {
    Verdict.GO: msgid("go"),
    Verdict.STOP: msgid("stop"),
    Verdict.WAIVED: msgid("go with waivers"),
}
_PROFILES = msgid("does not apply to a delivery of this kind")
_WHYS = {
    "no_level": msgid("no critical level is set"),
    "nothing_loaded": msgid("nothing is loaded for this project"),
    "small:severity": msgid("over 10 % of the open defects name no severity"),
    "declared": msgid("declared not applicable"),
}
NO_MODULE = "-"


def condition_word(name: str, language: str) -> str:
    """The name of a condition, or of an item to sign; an item that a project added is shown as it was written."""
    return translate(_NAMES[name], None, language) if name in _NAMES else name


def condition_status_word(status: str, language: str) -> str:
    return translate(_STATUSES.get(status, status), None, language)


def verdict_word(verdict: str, language: str) -> str:
    return translate(_VERDICTS.get(verdict, verdict), None, language)


def like_kpi_status(status: str) -> str:
    """The KPI status whose sign and color a condition's status or a verdict is shown with."""
    return _LIKE.get(status, KpiStatus.NO_DATA)


def gate_sign(status: str) -> str:
    return STATUS_SIGNS[like_kpi_status(status)]


def number_text(number: float | None, unit: str, language: str) -> str:
    if number is None:
        return "–"
    if unit == "days":  # of landings: whole ones
        return translate(msgid("{days} days"), {"days": count_text(number, language)}, language)
    return kpi_value_text(number, unit, language)


def value_text(finding: Finding, language: str) -> str:
    """76.4 % against 80 %, with more digits where the rounded numbers would be the same though the level is missed."""
    if finding.value is None or finding.unit == "days":
        return number_text(finding.value, finding.unit, language)
    return kpi_value_text(finding.value, finding.unit, language, levels=(finding.level,))


def level_text(finding: Finding, language: str) -> str:
    """≥ 80 %, ≤ 0.5 %; of what has none a dash."""
    if finding.level is None:
        return "–"
    return f"{'≥' if finding.better == 'higher' else '≤'} {number_text(finding.level, finding.unit, language)}"


def module_word(module: str, language: str) -> str:
    return translate(msgid("no module"), None, language) if module == NO_MODULE else module


def modules_text(finding: Finding, language: str, most: int = 3) -> str:
    """三维重建 0 %、…: the modules at fault with their values, the first few."""
    told = [
        f"{module_word(module['module'], language)} {number_text(module['value'], finding.unit, language)}"
        for module in finding.modules[:most]
    ]
    if len(finding.modules) > most:
        told.append(translate(msgid("{count} more"), {"count": len(finding.modules) - most}, language))
    return listed(told, language)


def why_text(finding: Finding, language: str) -> str:
    """Why nothing is known, or why it is not asked; which feeds are stale. Empty where there is nothing to say."""
    kind, _colon, what = finding.why.partition(":")
    if finding.why in _WHYS:
        return translate(_WHYS[finding.why], None, language)
    judging = judging_reason(finding.why, language, tuple(module.rpartition("/")[2] for module in finding.not_measured))
    if judging:
        return judging + (f"; {reclassified_text(finding.reclassified, language)}" if finding.reclassified else "")
    if kind == "rate_missing":
        return translate(msgid("rate of {currencies} missing"), {"currencies": missing_rates(what, language)}, language)
    if kind == "missing" and what:
        feeds = listed((feed_word(feed, language) for feed in what.split(",")), language)
        return translate(msgid("nothing is loaded: {feeds}"), {"feeds": feeds}, language)
    if kind == "profile":
        return translate(_PROFILES, None, language)
    stale = [feed for feed in finding.feeds if feed["is_stale"]]
    if stale:
        template = msgid("{feed} to {day}, landed {days} days ago")
        told = (
            translate(
                template,
                {
                    "feed": feed_word(feed["feed"], language),
                    "day": local_date_text(str(feed["covers_to"]), language),
                    "days": feed["days"],
                },
                language,
            )
            for feed in stale
        )
        return listed(told, language)
    return ""


def sentence(finding: Finding, language: str) -> str:
    """One line: "line coverage 76.4 %, asked ≥ 80 %: not met (三维重建 0 %)"."""
    name = condition_word(finding.name, language)
    status = condition_status_word(finding.status, language)
    beside = modules_text(finding, language) or why_text(finding, language)
    if finding.kind == ConditionKind.SIGNED or finding.value is None:
        text = translate(msgid("{condition}: {status}"), {"condition": name, "status": status}, language)
    else:
        words = {
            "condition": name,
            "value": value_text(finding, language),
            "level": level_text(finding, language),
            "status": status,
        }
        text = translate(msgid("{condition} {value}, asked {level}: {status}"), words, language)
    if beside:
        text = translate(msgid("{sentence} ({beside})"), {"sentence": text, "beside": beside}, language)
    return text
