"""The files that are made from the catalogue: what dbt reads, the schema for editors, the tables of KPIs in the READMEs."""

from __future__ import annotations

import json
from pathlib import Path

from models.words.catalog import catalogue_text, msgid
from models.words.wording import translate
from pipeline.catalogue.dbt_files import DELTAS, dbt_files
from pipeline.catalogue.reading import Catalogue
from pipeline.catalogue.statement import CatalogueFile, Kpi

READMES = {"en": "README.md", "zh": "README.zh-CN.md"}
_BEGIN, _END = "<!-- kpis -->", "<!-- end of kpis -->"
_HOUSE = "House level"  # what the reason of a level opens with that nobody asked for


def made_files(catalogue: Catalogue, root: Path) -> dict[Path, str]:
    """{path: text it must have} of a repository. Raises: CatalogueError."""
    made = {root / "dbt_project" / path: text for path, text in dbt_files(catalogue, root / "dbt_project").items()}
    schema = json.dumps(CatalogueFile.model_json_schema(), indent=1) + "\n"
    made[root / "dbt_project" / "catalogue" / "schema.json"] = schema
    return made | {root / name: _readme(root / name, catalogue, language) for language, name in READMES.items()}


def differing(catalogue: Catalogue, root: Path) -> dict[Path, str | None]:
    """Of these the files that differ; None: a model of deltas of a fact that is none any more."""
    made = made_files(catalogue, root)
    stale = set((root / "dbt_project").glob(f"models/**/{DELTAS}*")) - set(made)
    changed = {
        path: text for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    return changed | dict.fromkeys(sorted(stale))


def _readme(path: Path, catalogue: Catalogue, language: str) -> str:
    """The README with its table of KPIs made anew; the head of the table stands as it is written."""
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    table, _, after = rest.partition(_END)
    head = table.strip().splitlines()[:2]
    rows = [
        f"| `{key}` | {catalogue_text('kpi.label', kpi.label, language)} "
        f"| {catalogue_text('kpi.summary', kpi.summary, language)} | {_levels(kpi, catalogue, language)} |"
        for key, kpi in catalogue.kpis.items()
    ]
    return "\n".join([f"{before}{_BEGIN}\n", *head, *rows, f"\n{_END}{after}"])


def _levels(kpi: Kpi, catalogue: Catalogue, language: str) -> str:
    """'< 0.95 / < 0.90', or in words."""
    levels = kpi.levels
    if kpi.status_from:
        leading = catalogue.kpis[kpi.status_from]
        name = catalogue_text("kpi.short_label", leading.short_label, language)
        return translate(msgid("from {name}"), {"name": name}, language)
    if kpi.beside:
        return translate(msgid("not rated"), None, language)
    if kpi.better == "band":
        low, high = _number(levels.low_warning, kpi.unit), _number(levels.warning, kpi.unit)
        return translate(msgid("outside {low} to {high}: warning"), {"low": low, "high": high}, language)
    if levels.in_words:
        words = catalogue_text("kpi.levels.in_words", levels.in_words, language)
    elif levels.warning is None and levels.critical is None:
        return translate(msgid("the project's own"), None, language)
    else:
        sign = "<" if kpi.better == "higher" else ">"
        words = " / ".join(f"{sign} {_number(level, kpi.unit)}" for level in (levels.warning, levels.critical))
    if (levels.reason or "").startswith(_HOUSE):
        words = translate(msgid("{levels} (house)"), {"levels": words}, language)
    if kpi.is_gate:
        words = translate(msgid("{levels}: the release stops"), {"levels": words}, language)
    return words


def _number(level: float | None, unit: str) -> str:
    """0.95, 85 %, 0.4 %, 0: a level as people write it."""
    if level is None:
        return "–"
    if unit == "percent" and level:
        return f"{level * 100:.6g} %"
    return f"{level:.2f}" if isinstance(level, float) else str(level)
