"""What the catalogue may state: facts, measures and KPIs. The one schema: of the check, of editors, of the files made from it.

Names are those of dbt's metrics where dbt has one (name, label, description, agg, expr, filter, numerator, denominator).
Texts are English, and the msgid of their Chinese: msgctxt `kpi.<key>` or `measure.label` in the catalog of translations.
SQL may call macros in {{ … }}; {{ a_name }} stands for an expression of the same file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.vocabulary import Section

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Sql = Annotated[str, StringConstraints(min_length=1)]
Reason = Annotated[str, StringConstraints(pattern=r"^[a-z_]+:[a-z_]+$")]
Grain = Literal["portfolio", "project", "module", "phase"]
GRAINS: tuple[Grain, ...] = ("portfolio", "project", "module", "phase")


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Stated):
    """A fact that measures count in."""

    name: Name = Field(description="Model of models/marts.")
    feed: Name = Field(description="Export whose absence makes its measures unknown.")
    row_key: Sql = Field(description="Column: what an evidence row is called by.")
    row_label: Sql = Field(description="Column: what an evidence row says beside its key.")
    known_from: Sql = Field(
        description="From this date of a project on its rows are complete: no row means 0, not unknown."
    )
    known_to: Sql = Field(description="Up to this date of a project its rows are complete.")
    element: Sql | None = Field(None, description="Column that names the WBS element of a row.")
    identity: Sql | None = Field(
        None,
        description="What a row is found again by in the next export, null where none is expected; without one rows gone are not "
        "looked for: reports and plans give way to newer ones.",
    )
    kept_while: Sql | None = Field(
        None,
        description="Of a fact whose rows are judged anew as people work: what shows that the row itself is still there.",
    )
    detail: Sql | None = Field(None, description="Of such a row: what of it is judged, beside whether it counts.")


class Side(_Stated):
    """Rows that an unknown word leaves undecided; what is unsaid is as in the measure."""

    filter: Sql
    counts_from: Sql | None = None
    counts_until: Sql | None = None


class Measure(_Stated):
    """What is counted, and when: a row counts at date d while counts_from <= d < counts_until."""

    name: Name
    label: Text
    fact: Name = Field(description="A fact of facts.yml.")
    agg: Literal["count", "sum"] = Field(description="count: each row is one; sum: of expr.")
    expr: Sql | None = Field(None, description="SQL over the fact's columns that is summed.")
    is_money: bool = Field(False, description="An amount in the currency of its project.")
    filter: Sql | None = Field(None, description="SQL over the fact's columns.")
    counts_from: Sql = Field(description="Column: day from which a row counts.")
    counts_until: Sql | None = Field(None, description="Column: day from which it no longer does.")
    window: Literal["to_date", "in_period", "open", "latest"] = Field(
        "to_date",
        description="in_period: only rows whose counts_from lies in the period; the others say in words what ends a row.",
    )
    words: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")], ...] = Field(
        (), description="feed.column of the mapped words that its filter rests on."
    )
    more: Side | None = Field(None, description="Rows that do not count and would if an unknown word were the worst.")
    less: Side | None = Field(None, description="Rows that count and would not if an unknown word were the best.")


class Condition(_Stated):
    """A condition and the reason that is told where it holds."""

    when: Sql = Field(description="SQL over the measures, and over all_numerator (members left out included).")
    reason: Reason


class Levels(_Stated):
    """How deep is too deep, in the unit of the value."""

    warning: int | float | None = None
    critical: int | float | None = None
    low_warning: int | float | None = Field(None, description="Lower edge of a band.")
    warning_expr: Sql | None = Field(None, description="SQL over the measures, instead of warning.")
    critical_expr: Sql | None = Field(None, description="SQL over the measures, instead of critical.")
    reason: Text | None = Field(None, description="Why these levels.")
    in_words: Text | None = Field(None, description="What the README says instead of the numbers.")


class Kpi(_Stated):
    """A formula over named measures, and everything else about it."""

    name: Name
    label: Text
    short_label: Text = Field(description="For cards and axes.")
    description: Text = Field(description="What it means, for the glossary.")
    summary: Text = Field(description="What it means, in one line of the READMEs.")
    formula: Text = Field(description="The formula as people write it.")
    section: Section
    unit: Literal["percent", "index", "money", "count", "days", "ratio", "hours", "months"]
    better: Literal["higher", "lower", "band", "none"]
    measures: tuple[Name, ...] = Field(
        min_length=1, description="Its terms, in the order of term_1, term_2 … of kpi_terms."
    )
    numerator: Sql = Field(description="SQL over the measures.")
    denominator: Sql | None = Field(None, description="SQL over the measures.")
    expr: Sql | None = Field(
        None, description="SQL over the measures for the value; their quotient where this is left out."
    )
    percentile: float | None = Field(None, gt=0, lt=1, description="Share of the rows of the first measure.")
    levels: Levels = Levels.model_validate({})
    dated: Literal["schedule", "cost"] | None = Field(
        None,
        description="Day of a period at which all terms stand. schedule: the newest data date of the schedule; cost: the newest "
        "one not after the last closed accounting period; otherwise the end of the period, or the status date.",
    )
    is_cost: bool = Field(False, description="Stands at the last closed accounting period.")
    is_gate: bool = Field(False, description="Stops a release when critical.")
    grains: tuple[Grain, ...] = GRAINS
    complete_at: Literal["project", "module"] = Field(
        "project", description="Members a roll-up is made of; one with an unknown term is left out and named."
    )
    optional: tuple[Name, ...] = Field((), description="Measures that need not be known.")
    total: Name | None = Field(
        None, description="Measure that all_numerator sums; the first one where this is left out."
    )
    expects: Name | None = Field(
        None,
        description="Of a KPI complete by module: the measure that says a module should be there, to be named when left out.",
    )
    needs_positive: Name | None = Field(
        None, description="Measure that must be above zero for a cell to be a member at all."
    )
    unless: Sql | None = Field(None, description="SQL over the measures under which it is a member without that.")
    needs_none: Name | None = Field(
        None,
        description="Measure that counts what nobody knows the amount of: above zero, the cell is no member either.",
    )
    applies_if: Sql | None = Field(
        None,
        description="SQL over the measures without which a module or phase is no member, and a delivery named in "
        "not_applicable_to has no value.",
    )
    not_applicable_to: tuple[Literal["software", "integration", "equipment", "roll_out"], ...] = ()
    unknown_because: Sql | None = Field(
        None, description="SQL over the measures: a better reason than a missing feed why a cell is none, else null."
    )
    edge: Sql | None = Field(
        None,
        description="SQL over the measures: 'status:reason' where the formula has no answer that is a number, else null.",
    )
    too_early: tuple[Condition, ...] = Field((), description="The first that holds counts.")
    unrated_when: tuple[Condition, ...] = Field((), description="There is a value, and no level judges it.")
    counted: Name | None = Field(None, description="Measure: how many items the value is made of.")
    counted_of: Name | None = Field(None, description="Measure: of how many.")
    reversed: Name | None = Field(None, description="Measure: items left out for finishing before they start.")
    words_among: Name | None = Field(
        None,
        description="Measure: in how many rows its words were looked for; without one, the rows that count and may count.",
    )
    status: Sql | None = Field(None, description="SQL: a rule of status of its own, where no person set levels.")
    status_from: Name | None = Field(None, description="KPI whose status it takes: both share their measures.")
    beside: Name | None = Field(
        None,
        description="KPI whose other reading it is: what the levels of that one would say is its reason, and it is not rated.",
    )


class Page(_Stated):
    """A page of the dashboard, as a dbt exposure: what it reads of a build."""

    page: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z_]+$")] = Field(description="pages/<page>.py")
    reads: tuple[Name, ...] = Field((), description="Models that it queries.")


class CatalogueFile(_Stated):
    """One file of the catalogue; all of them together are the catalogue."""

    expressions: dict[Name, Sql] = Field({}, description="SQL that {{ name }} stands for within this file.")
    facts: tuple[Fact, ...] = ()
    measures: tuple[Measure, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    pages: tuple[Page, ...] = ()
    arguments: dict[Name, Text] = Field({}, description="What the arguments of macros are.")
