"""The eight stories of the sample portfolio: every number that a screen is meant to show is chosen here.

All names are invented. Money is in CNY without VAT, rates are shares, dates are in the project's zone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SEED = 20_261_120
STATUS_ON = dt.date(2026, 11, 20)
TIMESHEETS_FROM = dt.date(2026, 1, 5)  # the Monday on which the group introduced timesheets
LABOR, EQUIPMENT, SOFTWARE, SUBCONTRACT = "labor", "equipment", "software", "subcontract"
INDIRECT = "indirect"


@dataclass(frozen=True)
class Step:
    """One of the three steps by which bought devices earn, a task of its own with the dates of its story.

    told: (from this data date on, the finish forecast then), oldest first; before the first one the plan is believed.
    """

    name: str
    milestone_type: str
    share: float
    planned: tuple[dt.date, dt.date]
    actual: tuple[dt.date, dt.date | None] | None = None
    told: tuple[tuple[dt.date, dt.date], ...] = ()

    def is_done(self, day: dt.date) -> bool:
        return bool(self.actual and self.actual[1] and self.actual[1] <= day)


@dataclass(frozen=True)
class Part:
    """A task that the planner named: its share of the element's window, and what kind of milestone its finish is."""

    name: str
    milestone_type: str | None = None
    weight: float | None = None  # milestone_weight, where the element earns by weighted milestones
    late_by: int | None = None  # working days, in place of its element's


@dataclass(frozen=True)
class Abroad:
    """A contract in a foreign currency for part of what an element buys, or for all of it."""

    number: str
    currency: str
    amount: int  # without VAT, in that currency
    signed_on: dt.date
    in_yuan: int  # what it was budgeted at; the rest of the element is bought in yuan


@dataclass(frozen=True)
class Element:
    """A WBS element: its share of BAC and its window, as shares of the months from project start to planned finish."""

    code: str
    name: str
    phase: str
    module: str | None
    category: str
    share: float
    begins: float
    ends: float
    tasks: int = 2
    rule: str = "physical"
    late_by: int = 0  # working days behind the rest of the project: third-party devices
    late_told: tuple[
        tuple[dt.date, int], ...
    ] = ()  # (from this data date on, working days of it forecast); all from the start
    parts: tuple[Part, ...] = ()  # in place of `tasks` numbered ones
    steps: tuple[Step, ...] = ()  # in place of tasks: arrival, installation and acceptance on dates of their own
    contract: tuple[str, dt.date, float] | None = (
        None  # number, day of signing, price as a multiple of the element's BAC
    )
    ends_with: str | None = None  # the milestone type of a milestone of its own after the last task
    waits_for: tuple[str, ...] = ()  # codes of the elements whose last tasks finish before its own last one (FF)
    follows: str | None = None  # code of the element whose last task its first one waits for (FS)
    abroad: Abroad | None = None
    split: tuple[
        tuple[str, float], ...
    ] = ()  # categories and their shares, where the budget of the element mixes kinds

    @property
    def layer(self) -> str | None:
        """基础层, 业务层 or 接口层, where the module is named by its layer."""
        head = (self.module or "").partition("-")[0]
        return head if head.endswith("层") else None


@dataclass(frozen=True)
class Module:
    name: str
    effective_lines: int
    coverage: float  # share of lines covered in the latest report


@dataclass(frozen=True)
class Story:
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
    budget: int
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
    status_on: dt.date = STATUS_ON
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
    def key(self) -> str:
        return f"P2025-{self.number:03d}"

    @property
    def ledger_code(self) -> str:
        return f"P2025{self.number:03d}"

    @property
    def works_until(self) -> dt.date:
        """A finished project keeps a small team while its warranty is watched; a closed one does not."""
        return self.status_on

    @property
    def tracks_in_tempo(self) -> bool:
        """The cloud platform logs hours in Tempo; the others fill in a 工时表."""
        return self.tracker_project == "GOV"

    @property
    def timesheet_project(self) -> str:
        """The project's name in the tool where its hours are."""
        return self.timesheet_name if self.timesheet_name and not self.tracks_in_tempo else self.tracker_project


_ACCEPTANCE = (Part("初验", "初验"), Part("试运行", "试运行"), Part("终验", "终验"))


def _software(
    modules: tuple[str, ...],
    shares: tuple[float, ...],
    bought: float = 0.10,
    other: float = 0.0,
    abroad: Abroad | None = None,
) -> tuple[Element, ...]:
    """A software project: its modules share what the other elements leave.

    other: travel and overhead as an element of its own; without it they are part of what labor was budgeted at.
    """
    left = 1 - bought - other - 0.36
    total = sum(shares)
    built = tuple(
        Element(f"1.{n + 3}", f"{name}开发", "development", name, LABOR, left * share / total, 0.18 + 0.05 * n, 0.72)
        for n, (name, share) in enumerate(zip(modules, shares, strict=True))
    )
    return (
        Element("1.1", "需求与设计", "requirements_design", None, LABOR, 0.13, 0.0, 0.30, 3),
        Element("1.2", "平台软件采购", "procurement", None, SOFTWARE, bought, 0.15, 0.40, 2, "0/100", abroad=abroad),
        *built,
        Element(
            "1.9", "系统集成测试", "testing", None, LABOR, 0.12, 0.45, 0.80, 3,
            waits_for=("1.2", *(element.code for element in built)),
        ),
        Element(
            "1.10", "验收与试运行", "trial_run", None, LABOR, 0.08, 0.80, 1.0, parts=_ACCEPTANCE, follows="1.9"
        ),
        *([Element("1.12", "差旅与间接费用", "initiation", None, INDIRECT, other, 0.0, 1.0, 1)] if other else []),
        Element("1.11", "项目管理", "initiation", None, LABOR, 0.03, 0.0, 1.0, 1),
    )  # fmt: skip


def _equipment(  # noqa: PLR0917 (as a story is told: what it buys, then what it builds)
    devices: float, devices_late: int, shares: tuple[tuple[str, str | None, float], ...],
    bought: tuple[Element, ...] = (), weighted: tuple[Part, ...] = (), abroad: Abroad | None = None,
    installed: tuple[tuple[str, float], ...] = (),
):  # fmt: skip
    """An equipment-heavy project: devices by 60/30/10, installation by subcontract, the rest is own labor.

    bought: elements in place of the one of all devices. weighted: the parts of the first module, by weighted milestones.
    installed: the categories that the budget of the installation mixes.
    """
    left = 1 - devices - 0.37
    total = sum(share for _, _, share in shares)
    built = tuple(
        Element(
            f"1.{n + 4}", name, "development", module, LABOR, left * share / total, 0.22 + 0.08 * n, 0.78,
            rule="weighted_milestones" if weighted and not n else "physical", parts=() if n else weighted,
        )
        for n, (name, module, share) in enumerate(shares)
    )  # fmt: skip
    # the last tests end with the acceptance of the last devices: 39 working days late where that is the terminals'
    test_late = 39 if bought else devices_late // 2
    told = ((_day("2026-06-30"), 19), (_day("2026-08-31"), 29), (_day("2026-09-30"), 39)) if bought else ()
    tests = (Part("联调与测试 1", late_by=0), Part("联调与测试 2", late_by=38)) if bought else ()
    bought = bought or (
        Element(
            "1.2", "设备采购到货", "procurement", None, EQUIPMENT, devices, 0.12, 0.62, 4, "60/30/10", devices_late,
            ends_with="到货", abroad=abroad,
        ),
    )  # fmt: skip
    codes = tuple(element.code for element in bought)
    return (
        Element("1.1", "需求与设计", "requirements_design", None, LABOR, 0.08, 0.0, 0.22, 2),
        *bought,
        Element(
            "1.3", "安装施工分包", "procurement", None, SUBCONTRACT, 0.15, 0.25, 0.72, 3, "50/50", devices_late,
            waits_for=codes[:1], split=installed,
        ),
        *built,
        Element(
            "1.9", "联调与测试", "testing", None, LABOR, 0.08, 0.60, 0.86, 2, late_by=test_late, parts=tests, late_told=told,
            waits_for=("1.3", *codes[1:], *(element.code for element in built)),
        ),
        Element(
            "1.10", "初验与试运行", "trial_run", None, LABOR, 0.04, 0.86, 1.0, late_by=test_late, parts=_ACCEPTANCE,
            late_told=told, follows="1.9",
        ),
        Element("1.11", "项目管理", "initiation", None, LABOR, 0.02, 0.0, 1.0, 1),
    )  # fmt: skip


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _steps(planned: str, actual: str, told: tuple[str, str, str]) -> tuple[Step, ...]:
    """Arrival, installation, acceptance: begin and finish of each as `begin/finish`, "-" for what has not happened.

    told: for each step, data dates with the finish forecast from then on, as `date=finish`, separated by blanks.
    """
    steps = []
    kinds = (("采购到货", "到货", 0.6), ("安装上架", "安装", 0.3), ("到货初验", "初验", 0.1))
    for (name, kind, share), plan, real, said in zip(kinds, planned.split(), actual.split(), told, strict=True):
        begin, finish = plan.split("/")
        began, _, finished = real.partition("/")
        steps.append(
            Step(
                name, kind, share, (_day(begin), _day(finish)),
                None if began == "-" else (_day(began), None if finished == "-" else _day(finished)),
                tuple((_day(since), _day(then)) for since, then in (word.split("=") for word in said.split())),
            )
        )  # fmt: skip
    return tuple(steps)


# The migration buys its servers early and above budget; its terminals arrive six weeks late, and no invoice has come for them.
_ERP_DEVICES = (
    Element(
        "1.2.1", "服务器与存储", "procurement", None, EQUIPMENT, 0.33, 0.12, 0.45, 3, "60/30/10",
        steps=_steps(
            "2025-04-01/2025-09-30 2025-10-09/2025-11-28 2025-12-01/2025-12-31",
            "2025-04-01/2025-10-21 2025-10-22/2025-12-19 2025-12-22/2026-01-23",
            ("2025-08-31=2025-10-21", "2025-08-31=2025-12-19", "2025-08-31=2026-01-16 2025-12-31=2026-01-23"),
        ),
        contract=("HT-P2025-007-P01", dt.date(2025, 4, 15), 1.18),
    ),
    Element(
        "1.2.2", "产线终端与网络", "procurement", None, EQUIPMENT, 0.05, 0.40, 0.85, 3, "60/30/10",
        steps=_steps(
            "2026-03-02/2026-09-30 2026-10-08/2026-10-30 2026-11-02/2026-11-30",
            "2026-03-02/2026-11-12 2026-11-13/- -",
            (
                "2026-06-30=2026-10-15 2026-08-31=2026-10-30 2026-09-30=2026-11-12",
                "2026-06-30=2026-11-13 2026-08-31=2026-11-27 2026-09-30=2026-12-11",
                "2026-06-30=2026-12-11 2026-08-31=2026-12-25 2026-09-30=2027-01-08",
            ),
        ),
        contract=("HT-P2025-007-P02", dt.date(2026, 3, 16), 1.18),
    ),
)  # fmt: skip


_INSURANCE = (
    Element("1.1", "总体设计", "requirements_design", None, LABOR, 0.05, 0.0, 0.24, 2),
    Element(
        "1.2", "基础层 网络与安全设备", "procurement", "基础层-网络安全", EQUIPMENT, 0.26, 0.08, 0.60, 3, "60/30/10",
        ends_with="到货",
    ),
    Element("1.3", "基础层 云资源与数据库", "procurement", "基础层-云资源", SOFTWARE, 0.14, 0.12, 0.44, 2, "0/100"),
    Element("1.4", "业务层 结算中心", "development", "业务层-结算中心", LABOR, 0.09, 0.16, 0.60, 2),
    Element("1.5", "业务层 目录管理", "development", "业务层-目录管理", LABOR, 0.04, 0.20, 0.56, 2),
    Element("1.6", "接口层 医院接口", "development", "接口层-医院接口", LABOR, 0.08, 0.24, 0.80, 2),
    Element("1.7", "试点医院上线", "testing", None, LABOR, 0.03, 0.36, 0.56, parts=(Part("试点医院上线", "上线"),)),
    Element(
        "1.8", "地市推广实施分包", "trial_run", None, SUBCONTRACT, 0.24, 0.52, 0.96, 3, "50/50",
        waits_for=("1.2", "1.3", "1.4", "1.5", "1.6", "1.7"), ends_with="推广完成",
    ),
    Element(
        "1.10", "验收", "final_acceptance", None, LABOR, 0.04, 0.88, 1.0, parts=(Part("初验", "初验"), Part("终验", "终验")),
        waits_for=("1.8",),
    ),
    Element("1.11", "项目管理", "initiation", None, LABOR, 0.03, 0.0, 1.0, 1),
)  # fmt: skip

STORIES: tuple[Story, ...] = (
    Story(
        1, "省级医保结算集成", "某省医保局", "roll_out", "hybrid", "jira_zh", "YB", "省医保结算",
        dt.date(2024, 11, 1), dt.date(2026, 11, 30), dt.date(2026, 11, 30), 28_600_000, 1.05, 1.02, _INSURANCE,
        (
            Module("基础层-网络安全", 9_200, 0.91), Module("基础层-云资源", 11_400, 0.93),
            Module("业务层-结算中心", 31_600, 0.94), Module("业务层-目录管理", 14_800, 0.92),
            Module("接口层-医院接口", 21_000, 0.90),
        ),
        code_defects=186, other_defects=66, dismissed_defects=28, work_items=140, people=9,
        actual_finish=dt.date(2026, 9, 30), cost_closed_on=dt.date(2026, 9, 30), freeze_on=dt.date(2025, 3, 31),
        uat_share=0.09, escaped_share=0.035, pass_rate=0.992, buffer_share=0.10, buffer_used=0.0, orders=False,
    ),
    Story(
        2, "政务云平台", "某市大数据局", "integration", "hybrid", "jira_en", "GOV", "政务云平台建设",
        dt.date(2024, 12, 1), dt.date(2027, 3, 31), dt.date(2027, 3, 31), 18_000_000, 0.99, 0.985,
        _equipment(
            0.30, 0, (("云管平台", "云管平台", 3), ("服务目录", "服务目录", 2), ("统一认证", "统一认证", 2)),
            installed=((SUBCONTRACT, 0.8), (EQUIPMENT, 0.2)),
        ),
        (Module("云管平台", 27_500, 0.90), Module("服务目录", 16_200, 0.88), Module("统一认证", 18_300, 0.92)),
        code_defects=267, other_defects=80, dismissed_defects=40, work_items=95, people=8,
        freeze_on=dt.date(2025, 6, 30), uat_share=0.07, escaped_share=0.02, pass_rate=0.985,
        debt_share=(0.075, 0.055), upkeep_share=(0.06, 0.24), reports_on=20,
    ),
    Story(
        3, "银行 CRM 升级", "某商业银行", "software", "hybrid", "jira_en", "CRM", "银行CRM二期",
        dt.date(2025, 2, 1), dt.date(2027, 1, 31), dt.date(2027, 1, 31), 8_600_000, 0.97, 0.93,
        _software(("客户视图", "营销管理", "权限中心", "报表"), (3, 3, 1.5, 2)),
        (
            Module("客户视图", 18_600, 0.89), Module("营销管理", 16_900, 0.88), Module("权限中心", 6_700, 0.93),
            Module("报表", 11_800, 0.87),
        ),
        code_defects=168, other_defects=62, dismissed_defects=34, work_items=150, people=8,
        freeze_on=dt.date(2025, 9, 30), uat_share=0.11, pass_rate=0.984, growth=0.12,
        # the first estimate was entered with the wrong sign, and mended a month later
        estimates=((_day("2026-06-30"), -1.0), (_day("2026-07-31"), 1.04), (_day("2026-09-30"), 1.06)),
        smoke_rounds=(_day("2026-10-01"),),
    ),
    Story(
        4, "智慧城市交通", "某市公安交管局", "equipment", "waterfall", "jira_zh", "ITS", "智慧交通",
        dt.date(2025, 5, 1), dt.date(2028, 3, 31), dt.date(2028, 9, 30), 30_000_000, 0.975, 0.92,
        _equipment(
            0.34, 24, (("信号控制", "信号控制", 3), ("视频识别", "视频识别", 3), ("诱导发布", "诱导发布", 2)),
            abroad=Abroad("HT-P2025-004-P02", "USD", 120_000, _day("2025-08-11"), 861_600),
        ),
        (Module("信号控制", 17_400, 0.88), Module("视频识别", 19_800, 0.87), Module("诱导发布", 8_800, 0.90)),
        code_defects=124, other_defects=58, dismissed_defects=24, work_items=80, people=6,
        freeze_on=dt.date(2025, 10, 31), pass_rate=0.982, buffer_share=0.20, buffer_used=0.68,
    ),
    Story(
        5, "医疗影像系统", "某三甲医院", "software", "hybrid", "zentao", "医疗影像系统", "影像PACS",
        dt.date(2025, 1, 1), dt.date(2027, 2, 28), dt.date(2027, 2, 28), 7_200_000, 1.01, 1.00,
        _software(("影像存储", "影像阅片", "报告工作站", "三维重建"), (3, 3, 2, 3)),
        (
            Module("影像存储", 19_400, 0.95), Module("影像阅片", 21_600, 0.94), Module("报告工作站", 14_200, 0.93),
            Module("三维重建", 12_800, 0.0),
        ),
        code_defects=195, other_defects=60, dismissed_defects=32, work_items=100, people=7,
        freeze_on=dt.date(2025, 6, 30), uat_share=0.10, escaped_share=0.03, pass_rate=0.988,
        cost_closed_on=dt.date(2026, 10, 15), books_end_on=15, unreported=(_day("2026-01-01"), _day("2026-02-01")),
    ),
    Story(
        6, "AI 客服", "某电信运营商", "software", "scrum", "jira_rest", "AIS", "AI客服",
        dt.date(2025, 7, 1), dt.date(2027, 3, 31), dt.date(2027, 3, 31), 4_800_000, 1.03, 1.01,
        _software(
            ("意图识别", "知识库", "坐席辅助"), (3, 2, 2), bought=0.06, other=0.15,
            abroad=Abroad("HT-P2025-006-P02", "EUR", 12_000, _day("2026-11-09"), 0),
        ),
        (Module("意图识别", 13_800, 0.92), Module("知识库", 11_200, 0.90), Module("坐席辅助", 9_000, 0.91)),
        code_defects=82, other_defects=22, dismissed_defects=16, work_items=150, people=7,
        uat_share=0.06, pass_rate=0.991, completeness=0.91, cycle_days=5.0, hourly_budget=197,
        hours_from=dt.date(2025, 7, 1),
    ),
    Story(
        7, "ERP 迁移", "某制造集团", "equipment", "waterfall", "jira_zh", "ERP", "ERP迁移项目",
        dt.date(2025, 1, 1), dt.date(2027, 3, 31), dt.date(2027, 3, 31), 16_000_000, 0.87, 0.97,
        _equipment(
            0.38, 0, (("数据迁移", "数据迁移", 3), ("财务模块", "财务模块", 2), ("供应链模块", "供应链模块", 2)),
            _ERP_DEVICES, (Part("数据清洗", None, 30), Part("迁移演练", None, 30), Part("正式迁移", None, 40)),
        ),
        (Module("数据迁移", 12_600, 0.88), Module("财务模块", 9_400, 0.90), Module("供应链模块", 8_000, 0.89)),
        code_defects=88, other_defects=52, dismissed_defects=20, work_items=90, people=6,
        freeze_on=dt.date(2025, 7, 31), uat_share=0.10, open_serious=1, pass_rate=0.984,
        estimates=((_day("2026-08-31"), 1.03), (_day("2026-09-30"), 1.05), (_day("2026-10-31"), 1.05)),
    ),
    Story(
        8, "电商促销", "某零售集团", "software", "scrum", "jira_en", "EC", None,
        dt.date(2024, 11, 1), dt.date(2026, 6, 30), dt.date(2026, 6, 30), 4_800_000, 1.02, 1.0,
        _software(("支付", "促销引擎", "订单", "会员"), (3, 3, 2, 1.5)),
        (Module("支付", 0, 0.0), Module("促销引擎", 0, 0.0), Module("订单", 0, 0.0), Module("会员", 0, 0.0)),
        code_defects=112, other_defects=36, dismissed_defects=20, work_items=140, people=6,
        actual_finish=dt.date(2026, 6, 30), status_on=dt.date(2026, 6, 30), cost_closed_on=dt.date(2026, 6, 30),
        freeze_on=dt.date(2025, 4, 30), uat_share=0.10, escaped_share=0.04, pass_rate=0.994, has_code_reports=False,
        cycle_days=6.0, idle=(_day("2025-11-01"),), orders=False, fields_since=_day("2025-05-11"), parked=2,
    ),
)  # fmt: skip
