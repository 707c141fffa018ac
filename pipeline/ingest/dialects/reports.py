"""How a report of test runs or of coverage reads, as a tool's YAML file says it: which elements it has, and what they hold.

A place says where a value stands: `@time` of the case (or line) itself, `suite@name` of an element around it, `/@tests` of the
outermost, `//Times@start` of one seen before, `.//change@on` of one inside the case, `..` the name of what is around it;
without `@` the text of an element inside: `section/name`. Two places with a blank between them are read as one: a date, a time.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pipeline.ingest.dialects.parts import MISSING, Part, ProblemError, Text

PLACE = r"(\.\.|(?:\.//|//|/)?(?:[\w.-]+[@/])?@?[\w:.-]+)"
PlaceText = Annotated[str, StringConstraints(strict=True, pattern=rf"^{PLACE}(?: {PLACE})*$")]
Places = list[PlaceText]
Outcome = Literal["passed", "failed", "error", "skipped", "blocked", "not_run"]


class PlainText(Part):
    """A report that is no tree of elements but lines of text."""

    opens: re.Pattern[str] = Field(description="What its first line begins with, as a regular expression.")
    lines: dict[Text, re.Pattern[str]] = Field(
        description="Element → the regular expression of the lines that stand for one; its named groups are attributes."
    )
    values: list[Text] = Field([], description="Words of lines `word:value` that belong to the element that is open.")
    closes: Text | None = Field(None, description="The line that ends what the first element of `lines` opened.")
    damage: re.Pattern[str] | None = Field(
        None, description="What a line begins with that reads otherwise than it must, as a regular expression."
    )


class Report(Part):
    """How a kind of report is known, whatever it reports."""

    format: Literal["xml", "json", "text"] = Field(
        "xml", description="In JSON, objects are elements, named by their keys."
    )
    roots: list[Text] = Field([], description="Outermost elements of XML.")
    marks: list[Text] = Field(
        [], description="Attributes of the outermost element, of which any must be there; keys of JSON, all."
    )
    unmarked: list[Text] = Field(
        [], description="Attributes of the outermost element that speak for another kind of report."
    )
    child: Text | None = Field(None, description="What the first element inside the outermost one is called.")
    text: PlainText | None = None
    skip: list[Text] = Field(
        [], description="Elements not to be read, with all in them: `name`, `name@attribute`, `name@attribute=value`."
    )
    units: dict[Text, Literal["milliseconds"]] = Field(
        {}, description="Column → what it is counted in, if not seconds."
    )

    @model_validator(mode="after")
    def _is_known_by_something(self) -> Report:
        key = {"xml": "roots", "json": "marks", "text": "text"}[self.format]
        if not getattr(self, key):
            raise ProblemError(MISSING, missing=key)
        return self


class TestReport(Report):
    """One case per element `case`; the columns of a case by the places where they stand, the most trusted first."""

    __test__ = False  # no test, whatever pytest thinks of the name
    feed: Literal["test_results"]
    case: list[Text] = Field(description="Elements that are a case; one that holds others is their sum, and no case.")
    columns: dict[
        Literal["suite", "module", "class", "case", "outcome", "run_at", "duration_seconds", "run_id"], Places
    ]
    full_names: bool = Field(False, description="Names of cases may open with their class: `Pay.Refund.adds`.")
    join: dict[Literal["element", "key", "by"], Text] = Field(
        {}, description="Where more of a case stands: an element, its attribute, and that of the case that it equals."
    )
    inside: dict[Text, Outcome] = Field(
        {}, description="Element inside a case → the outcome it means; the worst counts."
    )
    reruns: list[Text] = Field([], description="Elements inside a case for attempts that failed before one passed.")
    otherwise: Outcome | None = Field(
        None, description="The outcome of a case of which no word and no element tells it."
    )
    declared: dict[Literal["tests", "failures"], Places] = Field(
        {}, description="What the report says it holds, added up."
    )


class Lines(Part):
    """Elements that are a line of code, or one way through it."""

    element: Text
    number: list[Text] = Field(description="Attributes that tell one line of a file from another.")
    hits: list[Text] = Field(description="Attributes that count executions; the first that is there.")
    ways: list[Text] = Field([], description="Attributes that count the ways of a condition; they stand in for hits.")
    weight: Text | None = Field(None, description="Attribute: how many statements it stands for, where it is no line.")
    conditions: Text | None = Field(None, description="Attribute that ends with `(covered/valid)` ways.")
    branches: dict[Literal["valid", "covered"], Text] = Field({}, description="Attributes that count ways.")


class Totals(Part):
    """Numbers that a report states itself: of a file, a module, or the whole."""

    element: Text = Field(description="`element`, or `parent/element`.")
    only: Text | None = Field(None, description="`attribute=value` that it must have.")
    valid: PlaceText | None = None
    missed: PlaceText | None = Field(None, description="In the place of `valid`.")
    covered: PlaceText | None = None


class CoverageReport(Report):
    """One row per module; a line counts once, however often it is listed."""

    feed: Literal["coverage"]
    measured_on: Places = []
    module: Places = Field([], description="The outermost that is there.")
    by_folder: Literal["parent", "first"] | None = Field(
        None,
        description="The module of a file outside of any: its folder, or the first one below that all files share.",
    )
    dotted: bool = Field(False, description="Names of modules are written with slashes for dots.")
    file: Places = []
    lines: Lines | None = None
    branches: Lines | None = None
    aside: list[Text] = Field([], description="Elements whose lines count only in a file without lines of its own.")
    stated: list[Totals] = Field([], description="Lines of what lists none (of one record, before those listed).")
    stated_branches: list[Totals] = []
    stated_first: bool = Field(False, description="What one record states of a file counts before the lines it lists.")
    declared: Totals | None = Field(None, description="What the whole states; a difference is told.")
    whole: Totals | None = Field(None, description="What all files together must state, else some are missing.")


AnyReport = Annotated[TestReport | CoverageReport, Field(discriminator="feed")]
