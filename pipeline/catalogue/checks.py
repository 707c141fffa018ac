"""What one file of the catalogue says held against the others, the models of dbt, the feeds and the translations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from models.feeds import FEEDS
from models.words.catalog import catalogue_entries
from models.words.locales import LANGUAGES
from pipeline.catalogue import resolved
from pipeline.catalogue.reading import Catalogue, CatalogueError, nearest, read, read_yaml
from pipeline.catalogue.statement import Kpi

# Texts by their msgctxt: key of the statement, the same within levels.
KPI_TEXTS = ("label", "short_label", "description", "summary", "formula")
_LEVEL_TEXTS = ("reason", "in_words")
_SQL_OF_MEASURE = ("expr", "filter", "counts_from", "counts_until")
_SQL_OF_FACT = ("row_key", "row_label", "known_from", "known_to", "element", "identity", "kept_while", "detail")
_SQL_OF_KPI = ("numerator", "denominator", "expr", "unless", "applies_if", "unknown_because", "edge", "status")
_MEASURES_OF_KPI = ("total", "expects", "needs_positive", "needs_none", "counted", "counted_of", "reversed")
_BESIDE_MEASURES = ("all_numerator", "warning_at", "critical_at", "value")
_WORDS_OF_SQL = re.compile(
    "and|or|not|null|is|in|case|when|then|else|end|as|true|false|between|like|double|varchar|date|distinct"
)


def checked(root: Path) -> Catalogue:
    """The catalogue of a repository. Raises: CatalogueError."""
    project = root / "dbt_project"
    catalogue = read(project / "catalogue")
    columns = {fact: _columns(project, fact) for fact in catalogue.facts}
    findings = [*_facts(catalogue, columns), *_measures(catalogue, columns)]
    findings = findings or [*_kpis(catalogue), *_pages(catalogue, root)]
    findings = findings or list(_untranslated(catalogue))
    if findings:
        raise CatalogueError(findings)
    return catalogue


def texts(catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """{(msgctxt, msgid): file that states it}: every text that is translated."""
    found = {}
    for key, measure in catalogue.measures.items():
        found["measure.label", measure.label] = catalogue.files["measures", key]
    for key, kpi in catalogue.kpis.items():
        stated = {f"kpi.{name}": getattr(kpi, name) for name in KPI_TEXTS}
        stated |= {f"kpi.levels.{name}": getattr(kpi.levels, name) for name in _LEVEL_TEXTS}
        found |= {(name, text): catalogue.files["kpis", key] for name, text in stated.items() if text}
    return found


def _facts(catalogue: Catalogue, columns: Mapping[str, set[str]]) -> Iterator[str]:
    for key, fact in catalogue.facts.items():
        where = f"facts.yml, {key}"
        if fact.feed not in FEEDS:
            yield f"{where}, feed: no feed {fact.feed}. {nearest(fact.feed, FEEDS)}"
        if not columns[key]:
            yield f"{where}: dbt has no model {key} with columns. Write the mart, {key}.sql and .yml, first."
            continue
        yield from _unknown(where, fact, _SQL_OF_FACT, columns[key], f"column of {key}")


def _measures(catalogue: Catalogue, columns: Mapping[str, set[str]]) -> Iterator[str]:
    for key, measure in catalogue.measures.items():
        where = f"{catalogue.files['measures', key]}, {key}"
        if measure.fact not in catalogue.facts:
            yield f"{where}, fact: no fact {measure.fact}. {nearest(measure.fact, catalogue.facts)}"
            continue
        if (measure.agg == "sum") != (measure.expr is not None):
            yield f"{where}, agg: sum goes with expr, count without. State one or the other."
        known = columns[measure.fact]
        for side in ("", "more", "less"):
            stated = getattr(measure, side) if side else measure
            if stated:
                yield from _unknown(
                    f"{where}, {side}" if side else where, stated, _SQL_OF_MEASURE, known, f"column of {measure.fact}"
                )
        for word in measure.words:
            feed, column = word.split(".")
            mapped = {f"{feed}.{known.name}" for known in FEEDS[feed].columns} if feed in FEEDS else set()
            if word not in mapped:
                yield f"{where}, words: no column {column} of a feed {feed}. {nearest(word, mapped or FEEDS)}"


def _kpis(catalogue: Catalogue) -> Iterator[str]:
    places = {key: f"{catalogue.files['kpis', key]}, {key}" for key in catalogue.kpis}
    findings = []
    for key, kpi in catalogue.kpis.items():
        named = [("measures", name) for name in kpi.measures] + [("words_among", kpi.words_among)]
        findings += [
            f"{places[key]}, {of}: no measure {name}. {nearest(name, catalogue.measures)}"
            for of, name in named
            if name and name not in catalogue.measures
        ]
        findings += [
            f"{places[key]}, {of}: no KPI {name}. {nearest(name, catalogue.kpis)}"
            for of, name in (("status_from", kpi.status_from), ("beside", kpi.beside))
            if name and name not in catalogue.kpis
        ]
    yield from findings
    if findings:
        return
    for key, kpi in catalogue.kpis.items():
        yield from _kpi(catalogue, kpi, places[key])
    percentiles = {tuple(resolved.terms(catalogue, kpi)): key for key, kpi in catalogue.kpis.items() if kpi.percentile}
    if len(percentiles) > 1:
        first, other, *_ = percentiles.values()
        yield f"{places[other]}, measures: percentiles have the same terms. Give it those of {first}."


def _kpi(catalogue: Catalogue, kpi: Kpi, where: str) -> Iterator[str]:
    named = [(name, getattr(kpi, name)) for name in _MEASURES_OF_KPI] + [("optional", name) for name in kpi.optional]
    for name, measure in named:
        if measure and measure not in kpi.measures:
            yield f"{where}, {name}: {measure} is none of its measures. {nearest(measure, kpi.measures)}"
    terms = resolved.terms(catalogue, kpi)
    if len(terms) > resolved.TERMS:
        yield f"{where}, measures: more than {resolved.TERMS} terms: {', '.join(terms)}. Leave some out, or raise TERMS."
    known = {*terms, *_BESIDE_MEASURES}
    yield from _unknown(where, kpi, _SQL_OF_KPI, known, "measure of it")
    yield from _unknown(f"{where}, levels", kpi.levels, ("warning_expr", "critical_expr"), known, "measure of it")
    for name in ("too_early", "unrated_when"):
        for condition in getattr(kpi, name):
            yield from _unknown(f"{where}, {name}", condition, ("when",), known, "measure of it")
    if kpi.dated:
        for measure in kpi.measures:
            if catalogue.measures[measure].window == "in_period":
                yield f"{where}, dated: stands at a data date and counts what happened in a period: {measure}. Leave dated out."
    if kpi.status_from and (lacking := set(catalogue.kpis[kpi.status_from].measures) - set(kpi.measures)):
        yield f"{where}, status_from: lacks {', '.join(sorted(lacking))} of {kpi.status_from}. Add to measures."
    if (kpi.better == "band") != (kpi.levels.low_warning is not None):
        yield f"{where}, levels: a band has low_warning, and nothing else has. State both, or neither."


def _pages(catalogue: Catalogue, root: Path) -> Iterator[str]:
    pages = {path.relative_to(root / "pages").with_suffix("").as_posix() for path in (root / "pages").glob("*/*.py")}
    models = {path.stem for path in (root / "dbt_project" / "models").rglob("*.sql")}
    yield from (f"pages.yml, {page}: not listed. Say what it reads." for page in sorted(pages - set(catalogue.pages)))
    for name, page in catalogue.pages.items():
        if name not in pages:
            yield f"pages.yml, {name}: no page of this name. {nearest(name, pages)}"
        yield from (
            f"pages.yml, {name}, reads: no model {model}. {nearest(model, models)}"
            for model in page.reads
            if model not in models
        )


def _untranslated(catalogue: Catalogue) -> Iterator[str]:
    for language in LANGUAGES:
        entries = catalogue_entries(language)
        for (context, text), file in texts(catalogue).items():
            if language != "en" and (context, text) not in entries:
                yield (
                    f"{file}, {context}: '{text[:60]}' has no words in {language}. "
                    f'Add them to its catalog of translations, under msgctxt "{context}".'
                )


def _columns(project: Path, model: str) -> set[str]:
    """Columns of a mart as its yml lists them; none where there is no such mart."""
    described = [row for path in project.glob(f"models/**/{model}.yml") for row in read_yaml(path)["models"]]
    return {column["name"] for row in described if row["name"] == model for column in row.get("columns", [])}


def _unknown(where: str, stated: object, keys: Iterable[str], known: set[str], of: str) -> Iterator[str]:
    """Names within SQL that are neither known, nor words or functions of SQL."""
    for key in keys:
        sql = getattr(stated, key, None) or ""
        plain = re.sub(r"\{\{.*?\}\}|'[^']*'", " ", sql)
        for name in dict.fromkeys(re.findall(r"\b[a-z_][a-z0-9_]*\b(?!\s*\()", plain)):
            if name not in known and not _WORDS_OF_SQL.fullmatch(name):
                yield f"{where}, {key}: {name} is no {of}. {nearest(name, known)}"
