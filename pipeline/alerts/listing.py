"""Open alerts as the command line lists them, each with the published value it stands on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from models.alerts.alert import AlertToday
from models.alerts.signals import ABSENT
from models.alerts.vocabulary import AlertLevel, AlertStatus, AnswerState, SignalKind
from models.builds.snapshot import Snapshot
from models.document import Document
from models.kpis.catalogue import kpi_name
from models.vocabulary import Flag, Grain
from models.words.wording import translate
from pipeline.published_values import flags_of, without_absent

# an alert stands on the row of its data date: of what is counted in a period that is the period's end
_VALUES = """
    with open_alerts as (
        select
            unnest($keys) as alert_key, unnest($kpis) as kpi_key, unnest($grains) as grain, unnest($projects) as project_key,
            unnest($modules) as module, unnest($phases) as phase, unnest($dates)::date as data_date
    )
    select
        alert_key, numerator, denominator, period_end, kpi_values.warning_at, kpi_values.critical_at, label, unit,
        reason, counted, counted_of, is_incomplete, is_provisional, is_stale, is_restated
    from open_alerts
    inner join dim_kpis using (kpi_key)
    left join kpi_values
        on kpi_values.kpi_key = open_alerts.kpi_key and kpi_values.grain = open_alerts.grain
        and kpi_values.project_key = open_alerts.project_key and kpi_values.module = open_alerts.module
        and kpi_values.phase = open_alerts.phase and period_kind = 'month'
        and data_date = case counts_window when 'in_period' then period_end else as_of end
    qualify row_number() over (partition by alert_key order by period_end desc) = 1
"""


class ListedAlert(Document):
    """An open alert, and the published value that it stands on. An absent dimension is None; days: since it fires."""

    alert_key: str
    kind: SignalKind
    name: str
    kpi_key: str | None
    grain: Grain
    project_key: str | None
    module: str | None
    phase: str | None
    site: str | None
    state: AlertStatus
    severity: Literal[AlertLevel.WARNING, AlertLevel.CRITICAL] | None
    data_date: dt.date
    value: float | None
    level: float | None
    days: int
    owner: str | None
    answer: AnswerState
    project_name: str | None
    customer: str | None
    status: Literal[AlertLevel.WARNING, AlertLevel.CRITICAL] | None  # the severity, by the name that a value has
    since: dt.date | None
    message: str
    numerator: float | None
    denominator: float | None
    counted: int | None
    counted_of: int | None
    period_end: dt.date | None
    warning_at: float | None
    critical_at: float | None
    name_en: str | None
    name_zh: str | None
    unit: str | None
    reason: str | None
    flags: list[Flag]


def listed(snapshot: Snapshot, alerts: Sequence[AlertToday]) -> list[ListedAlert]:
    """One per open alert, each with the published value it stands on."""
    projects = {
        row["project_key"]: row
        for row in snapshot.query("select project_key, project_name, customer from dim_projects").to_dicts()
    }
    values = _values(snapshot, alerts)
    return [_listed(alert, projects.get(alert.project_key, {}), values.get(alert.alert_key, {})) for alert in alerts]


def levels_of(snapshot: Snapshot, alerts: Sequence[AlertToday]) -> list[AlertToday]:
    """The same alerts, each with warning_at and critical_at of the published value it stands on; None where there is none."""
    values = _values(snapshot, alerts)
    both = ("warning_at", "critical_at")
    return [
        alert.model_copy(update={name: values.get(alert.alert_key, {}).get(name) for name in both}) for alert in alerts
    ]


def _values(snapshot: Snapshot, alerts: Sequence[AlertToday]) -> dict[str, dict]:
    named = [alert for alert in alerts if alert.kpi_key]
    if not named:
        return {}
    columns = {
        "keys": "alert_key", "kpis": "kpi_key", "grains": "grain", "projects": "project_key", "modules": "module",
        "phases": "phase", "dates": "data_date",
    }  # fmt: skip
    parameters = {blank: [getattr(alert, column) for alert in named] for blank, column in columns.items()}
    return {row["alert_key"]: row for row in snapshot.query(_VALUES, parameters).to_dicts()}


def _listed(alert: AlertToday, project: dict, value: dict) -> ListedAlert:
    names = {f"name_{language}": kpi_name(value["label"], language) for language in ("en", "zh") if value.get("label")}
    read = value | names | alert.as_json()
    measured = {name: read.get(name) for name in ListedAlert.model_fields}
    beside = {
        "site": None if alert.site == ABSENT else alert.site,
        "project_name": project.get("project_name"),
        "customer": project.get("customer"),
        "status": alert.severity,
        "since": alert.since_on,
        "days": alert.days,
        "answer": alert.answer,
        "message": translate(alert.sentence["template"], alert.details, "en"),
        "flags": flags_of(value),
    }
    return ListedAlert(**without_absent(measured) | beside)
