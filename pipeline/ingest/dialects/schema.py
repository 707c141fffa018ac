"""What a tool's YAML file may hold, as one pydantic model: what editors complete, and what is checked when it is read."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from models.feeds import FEEDS, Feed, Kind
from pipeline.ingest.contracts.books import Books
from pipeline.ingest.dialects.names import normal_header, normal_word
from pipeline.ingest.dialects.parts import Part, ProblemError, Text
from pipeline.ingest.dialects.reports import AnyReport

GENERIC = "generic"  # the file of what any tool and any list prints


class Language(StrEnum):
    """Languages of headers, in the order of a file; `mul` holds names of several whose order among them counts."""

    EN = "en"
    ZH_CN = "zh_CN"
    ZH_TW = "zh_TW"
    ES = "es"
    PT_BR = "pt_BR"
    DE = "de"
    FR = "fr"
    RU = "ru"
    PL = "pl"
    JA = "ja"
    MUL = "mul"


class Quirk(StrEnum):
    """What a tool does that no list of names can say; each is carried out once, where rows of its feed are read."""

    CUSTOM_FIELD_HEADERS = "custom_field_headers"  # `Custom field (Severity)`, `Outward issue link (Blocks)`, Σ sums
    DEFECTS_NUMBERED_APART = "defects_numbered_apart"  # defect 5 is not task 5
    DETAILS_BELOW_THE_FORM = "details_below_the_form"  # rows of one form share its number, which only the first prints
    KEY_UNDER_ITS_OWN_NAME = "key_under_its_own_name"  # a table that calls its key otherwise is another tool's
    LISTS_IN_BRACKETS = "lists_in_brackets"  # `[Ben, Ada]`, and `[]` for none
    LISTS_SPLIT_BY_BAR = "lists_split_by_bar"  # `payment|interface` in one cell
    NAMES_WITH_NUMBERS = "names_with_numbers"  # `Payment(#12)`: what a cell names, and its number
    OPEN_UNTIL_COMPLETED = "open_until_completed"  # a day of completion is the state, whatever the section is called
    ONE_ENTRY_PER_COLUMN = (
        "one_entry_per_column"  # sprints, versions, links, attachments, watchers: never two in a cell
    )
    PARENTS_SUM_THEIR_CHILDREN = "parents_sum_their_children"  # whose names open with '>' in the rows below
    PATHS_OPEN_WITH_THE_PROJECT = "paths_open_with_the_project"  # `Alpha\\Core` is module Core of project Alpha
    PEOPLE_BEFORE_MOMENTS = "people_before_moments"  # `Ada One Mar 2, 2026 9:00 AM`
    PEOPLE_END_WITH_SEMICOLON = "people_end_with_semicolon"
    SHARES_BY_PROJECT = "shares_by_project"  # `{"12": 60.0, "14": 40.0}`: a line of a ledger that projects share
    SUMS_NAME_NO_ACCOUNT = "sums_name_no_account"  # of a ledger: rows without account, day and number add up others
    SUMS_NAME_NO_VOUCHER = "sums_name_no_voucher"  # of a ledger: every line has its number and day, other rows add up
    SUMMARIES_WITHOUT_DAYS = "summaries_without_days"  # the tool also prints sums by person or project: no worklogs
    TITLES_BY_LEVEL = (
        "titles_by_level"  # of a tree: the parent is the nearest row above whose title stands further left
    )
    YEARS_OF_TWO_DIGITS = "years_of_two_digits"  # 26-03-02 is 2 March 2026


class KeyStyle(StrEnum):
    PROJECT_AND_NUMBER = (
        "project_and_number"  # PAY-17: names its project, and no other cell of the column looks otherwise
    )
    ADDRESS = "address"  # https://…/payments/issues/17 is payments#17
    NUMBER = "number"  # a bare number; what stands around it in a cell is no key


class TimeUnit(StrEnum):
    HOURS = "hours"
    HOURS_OR_SECONDS = "hours_or_seconds"


def _feed(name: str) -> str:
    if name not in FEEDS:
        raise ProblemError(
            "dialects/{file}, line {line} ({key}): there is no feed '{value}'; the feeds are {choices}.",
            value=name,
            choices=", ".join(FEEDS),
        )
    return name


FeedName = Annotated[Text, AfterValidator(_feed), WithJsonSchema({"type": "string", "enum": list(FEEDS)})]
HeaderNames = dict[Text, list[Text]]
Role = Literal[
    "amount", "base_amount", "signed_amount", "direction", "day_and_month", "contra_account", "tax_key", "account_above",
    "voucher_instead", "project_instead",
]  # fmt: skip
Unit = Literal["hours", "minutes", "seconds", "milliseconds", "days"]


class Table(Part):
    """One list that the tool exports."""

    feed: FeedName = Field(description="The kind of export: issues, worklogs, ledger …")
    kind: Text | None = Field(None, description="Which list, where the tool has several of one feed: bugs, tasks.")
    rank: int = Field(
        1000, description="Of tools that a table fits equally well, the lowest is taken; generic lists are the last."
    )
    like_generic: bool = Field(False, description="Headers and marks of generic.yml for this feed hold here too.")
    marks: list[Text] = Field([], description="Headers that only this tool prints: what it is recognized by.")
    headers: dict[Language, HeaderNames] = Field(
        {}, description="Language → canonical column → its headers, the most trusted first."
    )
    units: dict[Text, Unit] = Field(
        {}, description="Canonical column → what the tool counts it in, where it is not hours."
    )
    several: list[Text] = Field(
        [], description="Canonical columns of which one row fills this header and another row that one."
    )
    defaults: dict[Text, Text] = Field({}, description="Canonical column → what every row is, where no header says it.")
    page_sizes: list[int] = Field([], description="Numbers of rows at which the tool stops exporting without a word.")
    parents_named_by: list[Text] = Field(
        [], description="Headers of what other rows name their parent by, where it is no key."
    )
    told_by: dict[Text, Text] = Field(
        {}, description="Canonical column → the column whose words tell it, where it is empty: issue_type: labels."
    )
    worklog_cells: list[Text] = Field([], description="Headers of cells that read `comment;date;author;seconds`.")
    roles: dict[Role, list[Annotated[str, StringConstraints(strict=True)]]] = Field(
        {},
        description="What a column of a ledger holds that is no column of ours by itself → its headers, '' for none.",
    )
    books: Books = Field(Books(), description="How a ledger is written where names of columns do not say it.")

    @model_validator(mode="after")
    def _columns_exist(self) -> Table:
        feed = FEEDS[self.feed]
        seen: dict[str, str] = {}
        named = [(language, column) for language, names in self.headers.items() for column in names]
        for column in (*(column for _, column in named), *self.units, *self.several, *self.defaults, *self.told_by):
            _column_of(feed, column)
        for language, column in named:
            for header in self.headers[language][column]:
                if seen.setdefault(normal_header(header), column) != column:
                    raise ProblemError(
                        "dialects/{file}, line {line} ({key}): the header '{value}' stands for {first} and for {second}; it can "
                        "be one of them.",
                        value=header,
                        first=seen[normal_header(header)],
                        second=column,
                    )
        for column in self.units:
            if feed.column(column).kind is not Kind.HOURS:
                raise ProblemError(
                    "dialects/{file}, line {line} ({key}): {value} is no column of hours, so it has no unit.",
                    value=column,
                )
        return self


Name = dict[Literal["en", "zh"], Text]


class NotRead(Part):
    """How a file of the tool that is not read here is told from one of another tool."""

    endings: list[Annotated[Text, StringConstraints(pattern=r"^\.\w+$")]] = Field(
        [], description="Endings of its name: .gnucash"
    )
    tables: list[Annotated[list[Text], Field(min_length=2)]] = Field(
        [], description="Headers that together stand in a sum or an extract too small to count: refused, whatever fits."
    )


class Dialect(Part):
    """A tool: how its exports are known, read and spoken of."""

    names: Name = Field(
        {}, description="What its users call the tool, by language of the screen; English stands in for the others."
    )
    is_format: bool = Field(False, description="The name is that of a file format too, which its reader may speak of.")
    key_style: KeyStyle | None = Field(None, description="How keys of issues read.")
    time_unit: TimeUnit | None = Field(None, description="What times are written in, whatever the header says.")
    reader: Literal["issue_rest"] | None = Field(None, description="The reader of what the tool gives beside tables.")
    quirks: list[Quirk] = Field([], description="What the tool does that no list of names can say.")
    words: dict[Text, dict[Text, list[Text]]] = Field(
        {}, description="`feed.column` → canonical word → the tool's words for it, on top of generic.words.yml."
    )
    registers: dict[Text, list[Text]] = Field({}, description="Headers of registers by kind; generic.words.yml only.")
    tables: list[Table] = []
    reports: list[AnyReport] = Field([], description="Reports of test runs and of coverage, which are no tables.")
    read: list[Name] = Field([], description="The exports that are read, as the tool's menus name them.")
    not_read: NotRead = Field(NotRead(), description="How other files of the tool are known, which are refused.")

    @model_validator(mode="after")
    def _words_have_one_meaning(self) -> Dialect:
        for key, meanings in self.words.items():
            feed, _, column = key.partition(".")
            _column_of(FEEDS[_feed(feed)], column)
            seen: dict[str, str] = {}
            for meaning, words in meanings.items():
                for word in words:
                    if seen.setdefault(normal_word(word), meaning) != meaning:
                        raise ProblemError(
                            "dialects/{file}, line {line} ({key}): in {column} the word '{value}' stands for {first} and for "
                            "{second}; it can be one of them.",
                            column=key,
                            value=word,
                            first=seen[normal_word(word)],
                            second=meaning,
                        )
        return self


def _column_of(feed: Feed, column: str) -> None:
    names = [known.name for known in feed.columns]
    if column not in names:
        raise ProblemError(
            "dialects/{file}, line {line} ({key}): {feed} has no column '{value}'; its columns are {choices}.",
            feed=feed.name,
            value=column,
            choices=", ".join(names),
        )


def schema_text() -> str:
    """The JSON Schema of a tool's file, as editors read it: schema.json."""
    return json.dumps(Dialect.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("schema.json").write_text(schema_text(), encoding="utf-8")
