"""What a build says about the measured conditions of the gate, with the modules at fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.builds.snapshot import Snapshot
from models.document import Row
from models.evidence.losses import reclassified
from models.gate.verdict import (
    SUBJECTS,
    Asked,
    ConditionKind,
    ConditionStatus,
    Finding,
    GateCondition,
    Number,
    Subject,
    decimal,
    is_met,
)
from models.kpis.combined import unknown_words
from models.vocabulary import KpiStatus

# Where the newest landing of a feed is looked up; feeds without a line here are judged by the build alone.
_FACTS = {
    "issues": "fct_issues",
    "code_size": "fct_code_size",
    "coverage": "fct_coverage",
    "test_results": "fct_test_results",
}
_KPIS = """
    select
        dim_kpis.kpi_key, feeds, not_applicable_to, kpi_values.status, kpi_values.critical_at, kpi_values.reason, is_stale,
        as_of, period_end, value, left_out, words
    from dim_kpis
    left join kpi_values
        on kpi_values.kpi_key = dim_kpis.kpi_key and grain = 'project' and period_kind = 'month' and is_current
        and project_key = $project
    where dim_kpis.kpi_key in (select unnest($kpis))
"""
# open ones that are gone: what was closed before counts in no condition
_LOST = """
    select measure_key, count(distinct identity) as rows, cast(sum(lost_amount) as double) as amount
    from kpi_lost_rows
    where project_key = $project and counts_until is null
    group by 1
"""
_UNJUDGED = ("words", "fragment", "few")  # kinds of reasons for which no condition is met
_CELLS = """
    select grain, module, {measures}
    from kpi_cells
    where project_key = $project and period_kind = 'month' and period_end = $period_end and grain in ('project', 'module')
"""
_LANDED = """
    select
        $feed as feed,
        (select max(covers_to) from feed_freshness where project_key = $project and feed = $feed) as covers_to,
        max(batches.landed_at) as landed_at,
        max(cast(timezone(projects.time_zone, timezone('UTC', batches.landed_at)) as date)) as landed_on
    from {fact} as rows
    inner join dim_batches as batches on rows.batch_id = batches.batch_id
    inner join dim_projects as projects on rows.project_key = projects.project_key
    where rows.project_key = $project
"""


@dataclass(frozen=True)
class Quarantine:
    """Rows of the project's batches in this build: read, and of these still held back."""

    rows_read: int
    rows_held: int


@dataclass(frozen=True)
class _Project:
    """What the build knows of one project, as far as the gate asks."""

    profile: str | None
    kpis: Mapping[str, Row]
    whole: Row  # its cell
    modules: Sequence[Row]
    words: Mapping[str, str]  # {kpi_key: the reason that names its unknown words}
    reclassified: Row | None  # see models.evidence.losses
    lost: Mapping[str, Row]  # {measure_key: how many of its rows are gone or smaller, and how much}


def findings(
    snapshot: Snapshot, project_key: str, asked: Sequence[Asked], quarantine: Quarantine | None, now: dt.datetime
) -> list[Finding]:
    """One finding per condition that is not switched off, in their order; items to sign are still unsigned.

    now: the moment the gate is asked; data that nobody renewed for longer than the level of `data_fresh` are stale.
    """
    shown = [each for each in asked if not each.is_off]
    project = _read(snapshot, project_key)
    feeds = _feeds(snapshot, project_key, project, shown)
    found = []
    for each in shown:
        if not each.is_applicable:
            found.append(Finding(each.name, each.kind, ConditionStatus.NOT_APPLICABLE, why="declared", asked=each))
        elif each.kind == ConditionKind.SIGNED:
            found.append(Finding(each.name, each.kind, ConditionStatus.UNSIGNED, asked=each))
        elif each.name == GateCondition.DATA_FRESH:
            found.append(_freshness(each, feeds, now))
        elif each.name == GateCondition.ROWS_QUARANTINED:
            found.append(_quarantined(each, quarantine))
        elif each.name in SUBJECTS:
            found.append(_of_kpi(each, project))
    return found


def _read(snapshot: Snapshot, project_key: str) -> _Project:
    profile = snapshot.query(
        "select delivery_profile from dim_projects where project_key = $project", {"project": project_key}
    )["delivery_profile"].to_list()
    keys = sorted({subject.kpi_key for subject in SUBJECTS.values() if subject.kpi_key})
    kpis = {row["kpi_key"]: row for row in snapshot.query(_KPIS, {"project": project_key, "kpis": keys}).to_dicts()}
    ends = [row["period_end"] for row in kpis.values() if row["period_end"]]
    cells: list[dict[str, Any]] = []
    if ends:
        measures = {name for subject in SUBJECTS.values() for name in (subject.numerator, subject.denominator) if name}
        measures |= {
            name for name in _known_columns(snapshot) if name.removesuffix("_more").removesuffix("_less") in measures
        }
        sql = _CELLS.format(measures=", ".join(sorted(measures)))
        cells = snapshot.query(sql, {"project": project_key, "period_end": max(ends)}).to_dicts()
    whole = next((cell for cell in cells if cell["grain"] == "project"), {})
    words = {key: unknown_words(snapshot, row["words"] or (), (project_key,)) for key, row in kpis.items()}
    parts = [cell for cell in cells if cell["grain"] == "module"]
    lost = {row["measure_key"]: row for row in snapshot.query(_LOST, {"project": project_key}).to_dicts()}
    anew = reclassified(snapshot, (project_key,)) if lost else None
    return _Project(profile[0] if profile else None, kpis, whole, parts, words, anew, lost)


def _known_columns(snapshot: Snapshot) -> list[str]:
    return snapshot.query("select column_name from information_schema.columns where table_name = 'kpi_cells'")[
        "column_name"
    ].to_list()


def _of_kpi(asked: Asked, project: _Project) -> Finding:
    subject = SUBJECTS[asked.name]
    kpi = project.kpis.get(subject.kpi_key or "", {})
    level = next(
        (level for level in (asked.level, subject.usual_level, kpi.get("critical_at")) if level is not None), None
    )
    above, below = project.whole.get(subject.numerator), project.whole.get(subject.denominator or "")
    status, why = _status(asked, project, kpi, level)
    ratio = above if subject.denominator is None else above / below if above is not None and below else None
    return Finding(
        asked.name,
        asked.kind,
        status,
        kpi_key=subject.kpi_key,
        unit=subject.unit,
        better=subject.better,
        value=_float(ratio),
        numerator=_float(above),
        denominator=_float(below),
        level=level,
        as_of=kpi.get("as_of"),
        modules=tuple(_at_fault(asked, project, level or 0)) if status == ConditionStatus.NOT_MET else (),
        reclassified=dict(project.reclassified) if project.reclassified and why.startswith("loss:") else None,
        not_measured=tuple(kpi.get("left_out") or ()) if why == "fragment:modules" else (),
        why=why,
        asked=asked,
    )


def _status(asked: Asked, project: _Project, kpi: Row, level: float | None) -> tuple[ConditionStatus, str]:
    subject = SUBJECTS[asked.name]
    above, below = project.whole.get(subject.numerator), project.whole.get(subject.denominator or "")
    unknown = above is None or (subject.denominator is not None and not below)
    if unknown and project.profile in (kpi.get("not_applicable_to") or ()):
        return ConditionStatus.NOT_APPLICABLE, f"profile:{project.profile}"
    if unknown or above is None:
        return ConditionStatus.UNKNOWN, str(kpi.get("reason") or "")
    # defects without a severity may be fatal ones; a fragment, a handful or an unknown word says nothing of the whole. The open
    # defects of little code are told nevertheless.
    why = str(kpi.get("reason") or "")
    if why.startswith(_UNJUDGED) or (subject.denominator is None and kpi.get("status") == KpiStatus.TOO_EARLY):
        return ConditionStatus.UNKNOWN, why
    if level is None:
        return ConditionStatus.UNKNOWN, "no_level"
    if kpi.get("is_stale"):
        return ConditionStatus.STALE, ""
    met = is_met(above, below if subject.denominator else None, level, subject.better)
    if any(is_met(*read, level, subject.better) != met for read in _readings(subject, project.whole)):
        return ConditionStatus.UNKNOWN, project.words.get(subject.kpi_key or "", "words:")
    # what makes the condition look better when it is gone
    lost = project.lost.get((subject.numerator if subject.better == "lower" else subject.denominator) or "")
    if met and lost:
        return ConditionStatus.UNKNOWN, f"loss:{lost['rows']}:{lost['amount']:g}"
    return (ConditionStatus.MET if met else ConditionStatus.NOT_MET), ""


def _readings(subject: Subject, whole: Row) -> list[tuple[Number, Number | None]]:
    """Numerator and denominator with the unknown words read one way and the other."""
    above, below = whole[subject.numerator], whole.get(subject.denominator or "")
    more, less = (whole.get(f"{subject.numerator}_{side}") or 0 for side in ("more", "less"))
    larger, smaller = (whole.get(f"{subject.denominator}_{side}") or 0 for side in ("more", "less"))
    if below is None:
        return [(above + more, None), (above - less, None)]
    return [(above + more, below - smaller), (above - less, below + larger)]


def _at_fault(asked: Asked, project: _Project, level: float) -> list[dict[str, Any]]:
    """Modules that do not hold the level by themselves; of a count those that have any. What weighs most stands first."""
    subject = SUBJECTS[asked.name]
    found = []
    for cell in project.modules:
        above, below = cell[subject.numerator], cell.get(subject.denominator or "")
        if above is None or (not above and subject.better == "lower"):
            continue
        if subject.denominator is None:
            weight = above
        elif below is None or (not below and subject.better == "higher"):
            continue
        else:
            weight = (above - decimal(level) * below) * (-1 if subject.better == "higher" else 1)
        if weight > 0:
            value = above if subject.denominator is None else above / below if below else None
            told = {"value": _float(value), "numerator": _float(above), "denominator": _float(below)}
            found.append((weight, {"module": cell["module"]} | told))
    return [told for _weight, told in sorted(found, key=lambda weighed: (-weighed[0], weighed[1]["module"]))]


# ---- data -----------------------------------------------------------------------------------------------------------


def _feeds(snapshot: Snapshot, project_key: str, project: _Project, asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """The feeds that the applicable conditions are counted from, as far as the project has rows of them."""
    keys = {SUBJECTS[each.name].kpi_key for each in asked if each.name in SUBJECTS and each.is_applicable}
    kpis = [row for key, row in project.kpis.items() if key in keys]
    known = [row for row in kpis if row["value"] is not None]
    fresh = {feed for row in known if not row["is_stale"] for feed in row["feeds"]}
    late = {feed for row in known if row["is_stale"] for feed in row["feeds"]} - fresh
    found = []
    for feed in sorted({feed for row in kpis for feed in row["feeds"]} & set(_FACTS)):
        row = snapshot.query(_LANDED.format(fact=_FACTS[feed]), {"project": project_key, "feed": feed}).row(
            0, named=True
        )
        if row["landed_at"] is not None:
            found.append(row | {"is_late": feed in late})
    return found


def _freshness(asked: Asked, feeds: Sequence[Row], now: dt.datetime) -> Finding:
    subject = SUBJECTS[asked.name]
    level = (subject.usual_level or 0) if asked.level is None else asked.level
    told = []
    for feed in feeds:
        landed: dt.datetime = feed["landed_at"]
        days = max(0, (now.astimezone(dt.UTC).replace(tzinfo=None) - landed).days)
        told.append(
            {
                "feed": feed["feed"],
                "covers_to": feed["covers_to"],
                "landed_on": feed["landed_on"],
                "days": days,
                "is_stale": bool(feed["is_late"]) or days > level,
            }
        )
    if not told:
        status = ConditionStatus.UNKNOWN
    else:
        status = ConditionStatus.STALE if any(feed["is_stale"] for feed in told) else ConditionStatus.MET
    oldest = max((feed["days"] for feed in told), default=None)
    return Finding(
        asked.name,
        asked.kind,
        status,
        unit=subject.unit,
        better=subject.better,
        value=oldest,
        numerator=oldest,
        level=level,
        as_of=min((feed["covers_to"] for feed in told if feed["covers_to"]), default=None),
        feeds=tuple(told),
        why="" if told else "nothing_loaded",
        asked=asked,
    )


def _quarantined(asked: Asked, quarantine: Quarantine | None) -> Finding:
    subject = SUBJECTS[asked.name]
    level = (subject.usual_level or 0) if asked.level is None else asked.level
    read, held = (quarantine.rows_read, quarantine.rows_held) if quarantine else (0, 0)
    if not read:
        status = ConditionStatus.UNKNOWN
    else:
        status = ConditionStatus.MET if is_met(held, read, level, subject.better) else ConditionStatus.NOT_MET
    return Finding(
        asked.name,
        asked.kind,
        status,
        unit=subject.unit,
        better=subject.better,
        value=held / read if read else None,
        numerator=held if read else None,
        denominator=read or None,
        level=level,
        why="" if read else "nothing_loaded",
        asked=asked,
    )


def _float(number: Number | None) -> float | None:
    return None if number is None else float(number)
