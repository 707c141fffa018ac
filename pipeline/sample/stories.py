"""The eight stories of the sample portfolio, read from stories.yml, and what every key there means."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, TypeAdapter

from pipeline.sample.documents import document

SEED = 20_261_120
STATUS_ON = dt.date(2026, 11, 20)
TIMESHEETS_FROM = dt.date(2026, 1, 5)  # the Monday on which the group introduced timesheets
LABOR, EQUIPMENT, SOFTWARE, SUBCONTRACT = "labor", "equipment", "software", "subcontract"
INDIRECT = "indirect"


class Entry(BaseModel, frozen=True, extra="forbid"):
    """What stands in stories.yml."""


class Step(Entry):
    """One of the three steps by which bought devices earn, a task of its own with the dates of its story."""

    name: str
    milestone_type: str
    share: float
    planned: tuple[dt.date, dt.date]
    actual: tuple[dt.date, dt.date | None] | None = None
    # (from this data date on, the finish forecast then), oldest first; before the first one the plan is believed
    forecasts: tuple[tuple[dt.date, dt.date], ...] = ()

    def is_done(self, day: dt.date) -> bool:
        return bool(self.actual and self.actual[1] and self.actual[1] <= day)

    def forecast(self, day: dt.date) -> dt.date:
        """The finish that the planner forecast on `day`."""
        return next((finish for since, finish in reversed(self.forecasts) if since <= day), self.planned[1])


class Part(Entry):
    """A task that the planner named: its share of the element's window, and what kind of milestone its finish is."""

    name: str
    milestone_type: str | None = None
    weight: float | None = None  # milestone_weight, where the element earns by weighted milestones
    late_by: int | None = None  # working days, in place of its element's


class Abroad(Entry):
    """A contract in a foreign currency for part of what an element buys, or for all of it."""

    number: str
    currency: str
    amount: int  # without VAT, in that currency
    signed_on: dt.date
    in_yuan: int  # what it was budgeted at; the rest of the element is bought in yuan


class Element(Entry):
    """A WBS element: its BAC and its window, as shares of the months from project start to planned finish."""

    code: str
    name: str
    phase: str
    module: str | None = None
    category: str
    budget: int  # whole hundreds
    begins: float
    ends: float
    tasks: int = 2
    rule: str = "physical"
    late_by: int = 0  # working days behind the rest of the project: third-party devices
    # (from this data date on, working days of it forecast); all from the start
    late_forecasts: tuple[tuple[dt.date, int], ...] = ()
    parts: tuple[Part, ...] = ()  # in place of `tasks` numbered ones
    steps: tuple[Step, ...] = ()  # in place of tasks: arrival, installation and acceptance on dates of their own
    contract: tuple[str, dt.date, float] | None = None  # number, day of signing, price as a multiple of the BAC
    ends_with: str | None = None  # the milestone type of a milestone of its own after the last task
    waits_for: tuple[str, ...] = ()  # codes of the elements whose last tasks finish before its own last one (FF)
    follows: str | None = None  # code of the element whose last task its first one waits for (FS)
    abroad: Abroad | None = None
    # categories and their shares, where the budget of the element mixes kinds
    split: tuple[tuple[str, float], ...] = ()

    @property
    def layer(self) -> str | None:
        """基础层, 业务层 or 接口层, where the module is named by its layer."""
        head = (self.module or "").partition("-")[0]
        return head if head.endswith("层") else None


class Module(Entry):
    name: str
    effective_lines: int
    coverage: float  # share of lines covered in the latest report


class Story(Entry):
    number: int
    name: str
    customer: str
    profile: str
    method: str
    tracker: str  # jira_zh, jira_en, zentao, jira_rest
    tracker_project: str
    timesheet_name: str | None  # None: hours come with the issues (Log Work)
    starts: dt.date
    planned_finish: dt.date
    contract_finish: dt.date
    cpi: float
    spi: float
    elements: tuple[Element, ...]
    modules: tuple[Module, ...]
    code_defects: int
    other_defects: int
    dismissed_defects: int
    work_items: int
    people: int
    actual_finish: dt.date | None = None
    status_on: dt.date = STATUS_ON  # until then a finished project keeps a small team while its warranty is watched
    cost_closed_on: dt.date = dt.date(2026, 10, 31)
    freeze_on: dt.date | None = None
    uat_share: float = 0.08
    escaped_share: float = 0.0
    open_serious: int = 0
    pass_rate: float = 0.985
    debt_share: tuple[float, float] = (0.10, 0.12)  # of development and test hours, first and last month
    upkeep_share: tuple[float, float] = (0.03, 0.03)  # of all hours, first and last month
    completeness: float = 0.985
    growth: float = 0.02  # person-days of requirements added after the freeze, as a share of the frozen baseline
    has_code_reports: bool = True
    buffer_share: float = 0.0
    buffer_used: float = 0.0
    cycle_days: float = 9.0
    reports_on: int | None = None  # day of the month of its data dates, in place of the last
    unreported: tuple[dt.date, ...] = ()  # months without a data date
    books_end_on: int | None = None  # last day of its accounting periods, in place of the month's
    idle: tuple[dt.date, ...] = ()  # months in which nothing is planned
    hourly_budget: int | None = None  # CNY at which an hour of labor was budgeted, where the budget states hours
    hours_from: dt.date | None = None  # where its timesheets go back further than those of the group
    estimates: tuple[tuple[dt.date, float], ...] = ()  # bottom-up: (day, what is left ÷ its budget)
    orders: bool = True  # whether purchasing lists what it has signed
    fields_since: dt.date | None = None  # defects created before it name neither severity nor phase
    parked: int = 0  # defects after that date, resolved by a word that nobody has mapped
    smoke_rounds: tuple[dt.date, ...] = ()  # months in which a third of the test cases ran

    @property
    def budget(self) -> int:
        return sum(element.budget for element in self.elements)

    @property
    def key(self) -> str:
        return f"P2025-{self.number:03d}"

    @property
    def ledger_code(self) -> str:
        return f"P2025{self.number:03d}"

    @property
    def department(self) -> str:
        return f"交付{'一二三四'[self.number % 4]}部"

    @property
    def tracks_in_tempo(self) -> bool:
        """The cloud platform logs hours in Tempo; the others fill in a 工时表."""
        return self.tracker_project == "GOV"

    @property
    def timesheet_project(self) -> str:
        """The project's name in the tool where its hours are."""
        return self.timesheet_name if self.timesheet_name and not self.tracks_in_tempo else self.tracker_project

    @property
    def module_names(self) -> list[str]:
        return [module.name for module in self.modules]

    @property
    def module_shares(self) -> list[float]:
        """By their lines; equal ones where nothing is written."""
        sizes = [max(module.effective_lines, 1) for module in self.modules]
        return [size / sum(sizes) for size in sizes]

    @property
    def team(self) -> list[str]:
        """Codes of its people, the manager first."""
        return [f"E{self.number:02d}{place + 1:02d}" for place in range(self.people)]

    @property
    def is_in_warranty(self) -> bool:
        return self.actual_finish is not None and self.actual_finish < self.status_on


STORIES = TypeAdapter(tuple[Story, ...]).validate_python(document("stories")["stories"])
