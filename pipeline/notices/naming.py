"""What a build calls its KPIs and projects. Where it cannot be read, keys stand for names: no notice is lost for that."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

import structlog

from models.builds.data_dir import DataDir
from models.builds.published import kept_builds
from models.builds.snapshot import open_snapshot
from models.kpis.catalogue import kpi_name
from models.reference.currencies import reporting_currency

log = structlog.get_logger("plimsoll.notices")
_LONGEST_NAME = 120  # a name longer than a line is cut: whoever wants the whole follows the link


@dataclass(frozen=True)
class KpiName:
    """One KPI. unit and section as in dim_kpis."""

    label: str
    unit: str
    section: str

    def name(self, language: str) -> str:
        return kpi_name(self.label, language)


@dataclass(frozen=True)
class Names:
    """kpis by key; projects: {key: name}; currencies: {key: currency}."""

    kpis: dict[str, KpiName] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)


def names_of(data_dir: DataDir, build_id: str) -> Names:
    """The names of this build."""
    try:
        build = next((kept for kept in kept_builds(data_dir) if kept.build_id == build_id), None)
        if build is None:
            return Names()
        snapshot = open_snapshot(build)
        kpis = snapshot.query("select kpi_key, label, unit, section from dim_kpis")
        projects = snapshot.query(
            "select project_key, project_name, currency from dim_projects where not is_unallocated"
        )
    except Exception as error:
        log.warning("names_not_read", build_id=build_id, kind=type(error).__name__)
        return Names()
    return Names(
        {key: KpiName(*words) for key, *words in kpis.iter_rows()},
        {key: name for key, name, _currency in projects.iter_rows()},
        {key: currency for key, _name, currency in projects.iter_rows() if currency}
        | {"*": reporting_currency(snapshot)},
    )


def plain(text: object) -> str:
    """Text from a file, for a message: one line, nothing hidden in it, nothing that a robot or a mail program takes for markup.

    Angle brackets make mentions and links for robots; "://" makes a link everywhere; direction marks turn a line around.
    """
    kept = "".join(
        " " if letter.isspace() or unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in str(text)
        if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Cn")
    )
    flat = " ".join(kept.split()).replace("<", "‹").replace(">", "›").replace("://", ":∕∕")
    return flat if len(flat) <= _LONGEST_NAME else flat[: _LONGEST_NAME - 1] + "…"
