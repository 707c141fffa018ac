"""The release gate (上线门禁): what is asked of a project, what a build says about it, and whether it may be released.

Nothing here writes or looks at a clock. Unknown or stale is never met; a value exactly on its level is met, compared in decimals
as numerator against level × denominator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from models.document import Row

Number = float | Decimal
EVERY_PROJECT = "*"
NEXT_RELEASE = "next"


class ConditionKind(StrEnum):
    MEASURED = "measured"
    SIGNED = "signed"


class GateCondition(StrEnum):
    """What is measured."""

    TEST_COVERAGE = "test_coverage"
    OPEN_FATAL_DEFECTS = "open_fatal_defects"
    OPEN_SERIOUS_DEFECTS = "open_serious_defects"
    OPEN_DEFECT_RATE = "open_defect_rate"
    TEST_PASS_RATE = "test_pass_rate"
    DATA_FRESH = "data_fresh"
    ROWS_QUARANTINED = "rows_quarantined"


class SignedItem(StrEnum):
    """What a person signs, unless the project signs something else."""

    ROLL_BACK_PLAN = "roll_back_plan"
    SECURITY_SCAN = "security_scan"
    CUSTOMER_SIGNATURE = "customer_signature"
    CUT_OVER_WINDOW = "cut_over_window"


class ConditionStatus(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    STALE = "stale"
    NOT_APPLICABLE = "not_applicable"
    SIGNED = "signed"
    UNSIGNED = "unsigned"


class Verdict(StrEnum):
    GO = "go"
    STOP = "stop"
    WAIVED = "waived"


STOPS = (ConditionStatus.NOT_MET, ConditionStatus.UNKNOWN, ConditionStatus.STALE, ConditionStatus.UNSIGNED)


@dataclass(frozen=True)
class Subject:
    """What a measured condition is about. `kpi_key`: the KPI whose evidence holds its rows; measures: columns of kpi_cells."""

    unit: str  # percent, count, days
    better: str  # higher, lower
    usual_level: float | None  # None: the critical level in force of the KPI
    kpi_key: str | None = None
    numerator: str = ""
    denominator: str | None = None


SUBJECTS: dict[str, Subject] = {
    GateCondition.TEST_COVERAGE: Subject("percent", "higher", None, "test_coverage", "lines_covered", "lines_valid"),
    GateCondition.OPEN_FATAL_DEFECTS: Subject("count", "lower", 0.0, "open_critical_defects", "open_fatal_defects"),
    GateCondition.OPEN_SERIOUS_DEFECTS: Subject(
        "count", "lower", None, "open_critical_defects", "open_serious_defects"
    ),
    GateCondition.OPEN_DEFECT_RATE: Subject(
        "percent", "lower", 0.005, "code_defect_rate", "open_defects", "effective_lines"
    ),
    GateCondition.TEST_PASS_RATE: Subject(
        "percent", "higher", None, "test_pass_rate", "cases_passed", "cases_executed"
    ),
    # the longest cycle of an export and a half, as stale_after_days in dbt_project.yml has it for coverage and tests
    GateCondition.DATA_FRESH: Subject("days", "lower", 45.0),
    GateCondition.ROWS_QUARANTINED: Subject("percent", "lower", 0.01),
}


@dataclass(frozen=True)
class Asked:
    """One condition or item as it holds for a project: by default, or as somebody set it with a reason."""

    name: str
    kind: ConditionKind
    level: float | None = None  # None: the usual one
    is_off: bool = False
    is_applicable: bool = True
    reason: str = ""
    approved_by: str = ""
    changed_at: str = ""


@dataclass(frozen=True)
class Finding:
    """What is known about one condition, and what people said to it. Numbers are as the KPI has them: 0.764 is 76.4 %."""

    name: str
    kind: ConditionKind
    status: ConditionStatus
    kpi_key: str | None = None
    unit: str = ""
    better: str = ""
    value: float | int | None = None
    numerator: float | int | None = None
    denominator: float | int | None = None
    level: float | None = None
    as_of: dt.date | None = None
    modules: tuple[
        dict[str, Any], ...
    ] = ()  # at fault: {module, value, numerator, denominator}, the one that weighs most first
    feeds: tuple[dict[str, Any], ...] = ()  # of data: {feed, covers_to, landed_on, days, is_stale}
    reclassified: dict[str, Any] | None = (
        None  # of defects that were judged anew, many at once: how many, by whom, when, in which files
    )
    not_measured: tuple[str, ...] = ()  # project/module that the report of a fragment does not hold
    why: str = ""  # why nothing is known or asked: a code, worded in gate_words
    signed_by: str = ""
    signed_at: str = ""
    note: str = ""
    waiver: dict[str, Any] | None = None  # {waiver_id, approved_by, reason, expires_on} where one holds
    asked: Asked | None = None

    @property
    def stops(self) -> bool:
        return self.status in STOPS and self.waiver is None

    def document(self) -> dict[str, Any]:
        """As JSON: days as ISO text."""
        return _FINDING.dump_python(self, mode="json")


_FINDING = TypeAdapter(Finding)


@dataclass(frozen=True)
class Decision:
    """The verdict and what it rests on, in the order of the conditions."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()

    @property
    def reasons(self) -> list[Finding]:
        """What stops the release."""
        return [finding for finding in self.findings if finding.stops]

    @property
    def waived(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.waiver is not None]


# ---- what is asked --------------------------------------------------------------------------------------------------


def asked_of(edits: Iterable[Row], project_key: str) -> list[Asked]:
    """Conditions and items of a project, those switched off among them.

    edits: rows of gate_conditions, oldest first. The newest of the project counts, else the newest of all projects ("*"), else
    the default.
    """
    found = {(ConditionKind.MEASURED, name): Asked(name, ConditionKind.MEASURED) for name in map(str, SUBJECTS)}
    found |= {(ConditionKind.SIGNED, item.value): Asked(item.value, ConditionKind.SIGNED) for item in SignedItem}
    edits = list(edits)
    for scope in (EVERY_PROJECT, project_key):
        for edit in edits:
            if edit["project_key"] == scope:
                found[edit["kind"], edit["name"]] = Asked(
                    str(edit["name"]),
                    ConditionKind(str(edit["kind"])),
                    edit["level"],
                    bool(edit["is_off"]),
                    bool(edit["is_applicable"]),
                    str(edit["reason"]),
                    str(edit["approved_by"]),
                    str(edit["changed_at"]),
                )
    return list(found.values())


# ---- what people said -----------------------------------------------------------------------------------------------


def with_answers(
    findings: Sequence[Finding],
    signatures: Iterable[Row],
    waivers: Iterable[Row],
    release: str,
    today: dt.date,
) -> list[Finding]:
    """The findings with the signatures and waivers of this release.

    A withdrawn one does not count, nor a waiver whose last day has passed, nor one of another release. Of several the newest.
    """
    signed = {row["name"]: row for row in signatures if row["release"] == release and not row["withdrawn_at"]}
    waived = {
        row["name"]: row
        for row in waivers
        if row["release"] == release
        and not row["withdrawn_at"]
        and dt.date.fromisoformat(str(row["expires_on"])[:10]) >= today
    }
    answered = []
    for finding in findings:
        told = finding
        signature = signed.get(told.name)
        if told.kind == ConditionKind.SIGNED and told.status == ConditionStatus.UNSIGNED and signature:
            told = replace(
                told,
                status=ConditionStatus.SIGNED,
                signed_by=str(signature["signed_by"]),
                signed_at=str(signature["signed_at"]),
                note=str(signature["note"] or ""),
            )
        waiver = waived.get(told.name)
        if told.status in STOPS and waiver:
            kept = ("waiver_id", "approved_by", "reason", "expires_on")
            told = replace(told, waiver={name: waiver[name] for name in kept if name in waiver})
        answered.append(told)
    return answered


def decide(findings: Sequence[Finding]) -> Decision:
    """stop on anything that is not met, unknown, stale or unsigned and not waived, and where nothing was asked at all."""
    asked = [finding for finding in findings if finding.status != ConditionStatus.NOT_APPLICABLE]
    if not asked or any(finding.stops for finding in findings):
        verdict = Verdict.STOP
    elif any(finding.waiver is not None for finding in findings):
        verdict = Verdict.WAIVED
    else:
        verdict = Verdict.GO
    return Decision(verdict, tuple(findings))


# ---- comparing ------------------------------------------------------------------------------------------------------


def is_met(numerator: Number, denominator: Number | None, level: Number, better: str) -> bool:
    """Whether numerator ÷ denominator holds its level; exactly on it holds. Without a denominator the number itself is meant."""
    reached = decimal(numerator)
    needed = decimal(level) * (Decimal(1) if denominator is None else decimal(denominator))
    return reached >= needed if better == "higher" else reached <= needed


def decimal(number: Number) -> Decimal:
    """0.8 as 0.8, not as the nearest binary fraction."""
    return number if isinstance(number, Decimal) else Decimal(repr(float(number)))
