"""What dbt reads of the catalogue: the macro, a model of deltas per fact, exposures, sources, and macros described."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import yaml

from models.feeds import FEEDS
from pipeline.catalogue import resolved
from pipeline.catalogue.reading import Catalogue, CatalogueError
from pipeline.catalogue.statement import Kpi

MADE = "Made by `python -m pipeline.catalogue write`: change {of} instead."
DELTAS = "kpi_deltas__"
_URL = "http://127.0.0.1:8501/"
_OWNER = {"name": "The project office"}
_JINJA = re.compile(r"\{\{ (.+?) \}\}")
_MACRO = re.compile(r"\{%-? (?:macro|test) (\w+)\((.*?)\) -?%\}\s*(?:\{#-?(.*?)-?#\}|-- ([^\n]*))?", re.DOTALL)
_FROZEN = re.compile(r"frozen\('(\w+)'\)")
_ENGINES = {"default": "DuckDB, and wherever no other is stated", "spark": "Spark"}
_TERM_COUNT = """{{% macro term_count() %}}
    {{#- Columns term_1 … of kpi_terms. -#}}
    {{{{ return({count}) }}}}
{{% endmacro %}}
"""
_MADE_ONCE = """
{% macro NAME() %}
    {#- SAID Made once per node that is rendered. -#}
    {%- if 'plimsoll_NAME' not in model -%}{%- do model.update({'plimsoll_NAME': {
ROWS,
    }}) -%}{%- endif -%}
    {{ return(model['plimsoll_NAME']) }}
{% endmacro %}
"""


def dbt_files(catalogue: Catalogue, project: Path) -> dict[str, str]:
    """{path within the dbt project: text}. Raises: CatalogueError of a macro that says nothing about itself."""
    return {
        "macros/generated/catalogue.sql": _macros(catalogue),
        "macros/macros.yml": _macros_described(catalogue, project),
        "models/exposures.yml": _exposures(catalogue, project.parent / "pages"),
        "models/staging/sources.yml": _sources(project),
        **_deltas(catalogue, project),
    }


# ---- the macro --------------------------------------------------------------------------------------------------------


def _macros(catalogue: Catalogue) -> str:
    measures = resolved.measures(catalogue)
    facts = {key: fact.model_dump(exclude={"name"}, exclude_none=True) for key, fact in catalogue.facts.items()}
    parts = [f"{{#- {MADE.format(of='dbt_project/catalogue/*.yml')} -#}}\n", _TERM_COUNT.format(count=resolved.TERMS)]
    for name, description, rows in (
        ("fact_tables", "The facts that measures count in, by model.", facts),
        ("measures", "The measures by key, each followed by what unknown words may change in it.", measures),
        ("kpis", "The KPIs by key, in the order of the screens.", resolved.kpis(catalogue)),
    ):
        listed = ",\n".join(f"        {json.dumps(key)}: {_jinja(row)}" for key, row in rows.items())
        parts.append(_MADE_ONCE.replace("NAME", name).replace("SAID", description).replace("ROWS", listed))
    return "\n".join(parts)


def _jinja(value: object) -> str:
    """A value as Jinja writes it; what stands in {{ … }} within a text is left to be worked out by dbt."""
    match value:
        case dict():
            stated = ((key, member) for key, member in value.items() if member is not None)
            return "{" + ", ".join(f"{json.dumps(key)}: {_jinja(member)}" for key, member in stated) + "}"
        case list():
            return "[" + ", ".join(_jinja(member) for member in value) + "]"
        case str():
            pieces = _JINJA.split(value)
            texts = [
                json.dumps(piece, ensure_ascii=False) if place % 2 == 0 else piece for place, piece in enumerate(pieces)
            ]
            return " ~ ".join(text for text in texts if text != '""') or '""'
        case bool():
            return "true" if value else "false"
        case _:
            return repr(value)


def _deltas(catalogue: Catalogue, project: Path) -> dict[str, str]:
    """A model and its description for each fact, in the folder that holds the others."""
    folder = next((path.parent for path in project.glob(f"models/**/{DELTAS}*.sql")), project / "models" / "kpis")
    found = {}
    for fact in catalogue.facts:
        grain = f"Grain: one measure of {fact}, per project, module, phase and day on which it changes."
        path = (folder / f"{DELTAS}{fact}").relative_to(project).as_posix()
        found[f"{path}.sql"] = f"-- {grain}\n{{{{ kpi_deltas('{fact}') }}}}\n"
        found[f"{path}.yml"] = f"version: 2\n\nmodels:\n  - name: {DELTAS}{fact}\n    description: >-\n      {grain}\n"
    return found


# ---- what docs and lineage show ---------------------------------------------------------------------------------------


def _exposures(catalogue: Catalogue, pages: Path) -> str:
    found = [_kpi_exposure(catalogue, kpi) for kpi in catalogue.kpis.values()]
    for name, page in catalogue.pages.items():
        asked = ast.get_docstring(ast.parse((pages / f"{name}.py").read_text(encoding="utf-8"))) or ""
        found.append(
            {
                "name": f"page_{name.replace('/', '_')}",
                "label": f"Page {name}",
                "type": "dashboard",
                "url": _URL + name.rpartition("/")[2],
                "description": " ".join(asked.split()),
                "owner": _OWNER,
                "depends_on": [f"ref('{model}')" for model in page.reads],
            }
        )
    return _yaml({"version": 2, "exposures": found}, "dbt_project/catalogue/*.yml")


def _kpi_exposure(catalogue: Catalogue, kpi: Kpi) -> dict:
    """A KPI hangs on the facts of its measures; its values are rows of kpi_values."""
    facts = dict.fromkeys(catalogue.measures[key].fact for key in kpi.measures)
    return {
        "name": f"kpi_{kpi.name}",
        "label": f"KPI {kpi.label}",
        "type": "analysis",
        "url": f"{_URL}glossary",
        "description": f"{kpi.formula}\n\n{kpi.description}",
        "owner": _OWNER,
        "tags": ["kpi", kpi.section.value],
        "depends_on": [f"ref('{fact}')" for fact in facts],
    }


def _sources(project: Path) -> str:
    """Landed feeds and frozen tables. macros/landed.sql names the files of a build; `source` there draws the arrow."""
    landed = [
        {
            "name": feed.name,
            "description": f"Landed rows of the feed {feed.name}; a row is told by {', '.join(feed.key)}.",
        }
        for feed in FEEDS.values()
    ]
    reading = {
        name: path.stem
        for path in sorted((project / "models").rglob("*.sql"))
        for name in _FROZEN.findall(path.read_text(encoding="utf-8"))
    }
    frozen = [
        {"name": name, "description": f"The table {name} as it was frozen for the build, read by {model}."}
        for name, model in sorted(reading.items())
    ]
    return _yaml(
        {
            "version": 2,
            "sources": [
                {
                    "name": "landed",
                    "description": "Exports as they were landed, a Parquet file per batch.",
                    "tables": landed,
                },
                {
                    "name": "frozen",
                    "description": "Tables of the control store, frozen for one build.",
                    "tables": frozen,
                },
            ],
        },
        "models/feeds.py and what reads frozen()",
    )


def _macros_described(catalogue: Catalogue, project: Path) -> str:
    """Every macro with the comment that it opens with, and its arguments as arguments.yml has them."""
    found, silent = [], []
    for path in sorted([*(project / "macros").rglob("*.sql"), *(project / "tests" / "generic").glob("*.sql")]):
        kind = "test_" if path.parent.name == "generic" else ""
        where = path.relative_to(project).as_posix()
        for name, named, comment, of_test in _MACRO.findall(path.read_text(encoding="utf-8")):
            engine, _, of = name.partition("__")
            description = f"{of} on {_ENGINES[engine]}." if of else " ".join((comment or of_test).split())
            if not description:
                silent.append(f"{where}, {name}: says nothing of itself. Open it with {{#- what it is -#}}.")
            arguments = [argument.split("=")[0].strip() for argument in named.split(",") if argument.strip()]
            unknown = [argument for argument in arguments if argument not in catalogue.arguments]
            silent += [
                f"{where}, {name}: arguments.yml does not say what {argument} is. Add it." for argument in unknown
            ]
            described = [{"name": argument, "description": catalogue.arguments.get(argument)} for argument in arguments]
            found.append(
                {"name": kind + name, "description": description} | ({"arguments": described} if described else {})
            )
    if silent:
        raise CatalogueError(silent)
    return _yaml({"version": 2, "macros": found}, "the comments that macros open with, and catalogue/arguments.yml")


def _yaml(document: dict, of: str) -> str:
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=10_000)
    return f"# {MADE.format(of=of)}\n{text}"
