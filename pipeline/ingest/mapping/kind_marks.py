"""What speaks for a table being of one feed, and what against it, beside the columns that it maps.

Any register has a number, a name and a status: people, assets, meetings, test runs. So that none of them lands as issues or
as test results, a feed needs words of its own, and words of another kind count against it. Below the line a person is asked.
"""
# ruff: noqa: E501 (one line holds all known names of one kind)

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.ingest.dialects.header_set import normal_header
from pipeline.ingest.dialects.header_words import squeezed
from pipeline.ingest.dialects.words import OUTCOME, normal_word
from pipeline.ingest.files.tables import RawTable
from pipeline.ingest.mapping.columns import Mapping
from pipeline.ingest.values.cleaning import cleaned_text

SURE = 1.75
MARK = 2.0  # a header that only one tool or one kind prints


def _named(text: str) -> frozenset[str]:
    return frozenset(squeezed(name) for name in text.split("|"))


# Registers of other kinds, by headers that no list of issues has.
_PEOPLE = _named("Email | E-mail | Email address | Phone | Mobile | Telephone | Job title | Hire date | Date of birth | Birthday | Gender | First name | Last name | Employee ID | Employee no | Given name | Surname | Membership | Last login | "
    "姓名 | 员工姓名 | 人员姓名 | 邮箱 | 电子邮箱 | 邮件地址 | 手机 | 手机号 | 手机号码 | 电话 | 联系电话 | 联系方式 | 性别 | 出生日期 | 身份证号 | 入职日期 | 岗位 | 职位 | 职务 | 学历 | 工号 | 员工编号 | 人员编号 | 入场日期 | 离场日期")  # fmt: skip
_RESOURCES = _named("Standard rate | Overtime rate | Max units | Max. units | Cost per use | Cost/use | Resource name | Resource type | Material label | Default role | Total load | Std. rate | Ovt. rate | "
    "标准费率 | 加班费率 | 最大单位 | 资源名称 | 资源类型 | 资源编号 | 每次使用成本 | 成本/使用 | 材料标签")  # fmt: skip
_ASSETS = _named("Asset | Asset ID | Asset tag | Asset name | Serial number | Serial no | Model | Manufacturer | Quantity | Qty | Unit price | Purchase date | Location | SKU | Hostname | IP address | Custodian | "
    "资产编号 | 资产编码 | 资产名称 | 资产类别 | 资产类型 | 资产状态 | 设备编号 | 设备名称 | 型号 | 规格 | 规格型号 | 序列号 | 数量 | 单价 | 购置日期 | 采购日期 | 存放地点 | 保管人 | 领用人 | 使用人 | 品牌 | 原值 | 净值 | IP地址")  # fmt: skip
_MEETINGS = _named("Meeting | Meeting date | Meeting topic | Attendees | Agenda | Chair | Chairperson | Minutes taken by | "
    "会议编号 | 会议主题 | 会议名称 | 会议日期 | 会议时间 | 会议地点 | 会议内容 | 主持人 | 参会人员 | 参会人 | 与会人员 | 记录人 | 决议 | 决议事项 | 会议纪要")  # fmt: skip
_WORKLOGS = _named(
    "Worklog ID | Worklog author | Worklog started | Worklog comment | Worklog date | Work description | Work date | Time entry ID | 工时编号 | 日志编号 | 登记人 | 填报人 | 工时日期 | 本次消耗 | 花费人 | 花费日期"
)
_TIME = _WORKLOGS | _named("Billable | Billed hours | Start time | End time | Clock in | Clock out | Hours worked | Logged by | Logged on | "
    "登记人 | 填报人 | 工作内容 | 工作日期 | 工时日期 | 本次消耗 | 耗时 | 花费人 | 花费日期 | 出勤日期 | 考勤日期 | 上班时间 | 下班时间 | 请假日期 | 请假类型 | 加班时长 | 打卡时间")  # fmt: skip
_TESTS = _named("Test key | Test execution key | Test case | Test case ID | Test run | Executed by | Executed on | Executed at | Outcome | "
    "用例编号 | 用例名称 | 用例标题 | 测试用例 | 执行结果 | 执行人 | 测试结果")  # fmt: skip
_MONEY = _named("Invoice | Invoice no | Invoice number | Amount | Unit cost | Debit | Credit | Contract no | Contract number | Supplier no | Customer no | "
    "发票号 | 发票号码 | 金额 | 合同编号 | 合同金额 | 借方 | 贷方 | 供应商编号 | 客户编号 | 单据号")  # fmt: skip
_DOCUMENTS = _named("File name | File path | Document no | Document number | Document name | Commit | Commit hash | SHA | Build number | Pipeline ID | "
    "文档编号 | 文档名称 | 文件编号 | 文件名 | 文件名称 | 归档日期")  # fmt: skip
_SOME = _named("Role | Department | Position | Company | Hours | Duration | Participants | Username | User ID | 角色 | 部门 | 所属部门 | 单位 | 公司 | 供应商 | 供应商名称 | 联系人 | 客户名称 | 地点 | 入库日期 | 有效期")  # fmt: skip
_AGAINST_ISSUES = _PEOPLE | _RESOURCES | _ASSETS | _MEETINGS | _TIME | _TESTS | _MONEY | _DOCUMENTS
_NO_TESTS = _PEOPLE | _RESOURCES | _ASSETS | _MEETINGS | _MONEY | _DOCUMENTS | _named("Owner | Assignee | Due date | Subitems | Priority | 负责人 | 责任人 | 截止日期")  # fmt: skip

# What a list of issues alone has, and what other registers have too.
_OF_ISSUES = frozenset(
    """
    severity resolution story_points sprints parent_key reporter fix_versions found_in_phase reopened_count defect_cause
    status_category original_estimate_hours remaining_estimate_hours time_spent_hours resolved_at closed_at watchers links
    """.split()  # noqa: SIM905
)
_OF_REGISTERS = frozenset("status priority assignee issue_type due_on labels module summary".split())  # noqa: SIM905
_OF_WORK = frozenset({"project", "issue_key", "activity", "wbs_code", "module", "description"})
_OF_PLANS = frozenset(
    """
    predecessors duration_days planned_hours baseline_start baseline_finish forecast_start forecast_finish actual_start
    actual_finish percent_complete deadline_on
    """.split()  # noqa: SIM905
)
_HALF = 0.5
_ISSUE_WORDS = "issue|ticket|bug|defect|story|工单|缺陷|问题|需求|工作项|任务|事务|議題|課題|incidencia|vorgang|задач"
_ISSUE_NAME = rf"(?i)(?:{_ISSUE_WORDS}|jira|redmine|backlog)"
_ISSUE_OWN = _named("Assignee | Assigned to | Tracker | Issue type | Work item type | Work type | Reporter | 经办人 | 受理人 | 指派给 | 处理人 | 问题类型 | 缺陷类型 | 工作项类型 | 需求类型")  # fmt: skip
_KEY_SHAPE = r"^[A-Za-z][A-Za-z0-9_]*-\d+$"
_FEW_ROWS = 3
_REPEATED = 2 / 3  # so few different keys in a column, and its rows are events, not issues
_MOST = 0.8  # of the outcomes are words of tests: what else would pass and fail
_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Evidence:
    """points: for, less against. against: the headers that speak against it. repeats: whether its keys name no row."""

    points: float
    against: tuple[str, ...] = ()
    repeats: bool = False

    @property
    def is_enough(self) -> bool:
        return self.points >= SURE

    @property
    def is_excluded(self) -> bool:
        return bool(self.against) and self.points <= 0


def evidence_of(table: RawTable, feed: str, mapping: Mapping, marks: int, sample: pl.DataFrame) -> Evidence:
    """How well the table fits the feed beyond its mapped columns. marks: headers that only the tool prints.

    sample: the first rows, as sample_of gives them.
    """
    names = _squeezed(table.header)
    if feed == "issues":
        return _issues(table, mapping, names, marks, sample)
    if feed == "test_results":
        return _tests(table, mapping, names, marks, sample)
    return _any(feed, mapping, names, marks)


def spoken_for(feed: str, header: tuple[str, ...]) -> int:
    """How many headers speak for this feed, less those that do against it: what is at home in registers of another kind.

    A list of worklogs often repeats all that its issues hold; the words of its own decide.
    """
    names = _squeezed(header).values()
    if feed == "worklogs":
        return sum(name in _WORKLOGS for name in names)
    words = {"issues": _AGAINST_ISSUES, "test_results": _NO_TESTS}.get(feed, frozenset())
    return -sum(name in words for name in names)


def _squeezed(header: tuple[str, ...]) -> dict[int, str]:
    return {index: squeezed(name) for index, name in enumerate(header) if name.strip()}


def _issues(table: RawTable, mapping: Mapping, names: dict[int, str], marks: int, sample: pl.DataFrame) -> Evidence:
    held = set(mapping.columns.values())
    points = MARK * marks + len(held & _OF_ISSUES) + _HALF * len(held & _OF_REGISTERS)
    points += _HALF * sum(names.get(index) in _ISSUE_OWN for index in mapping.columns)
    points += _HALF * ("created_at" in held and bool(held & {"resolved_at", "closed_at"}))  # the life of an item
    key, repeats = next((index for index, name in mapping.columns.items() if name == "issue_key"), None), False
    if key is not None:
        said = pl.Series([table.header[key], table.file, table.sheet or ""])
        points += _HALF * bool(said.str.contains(_ISSUE_NAME).any()) + _HALF * bool(
            said[:1].str.contains(_ISSUE_NAME)[0]
        )
        keys = _cells(sample, key)
        if len(keys):
            points += bool(keys.str.contains(_KEY_SHAPE).mean() > _HALF)
        repeats = len(keys) >= _FEW_ROWS and keys.n_unique() <= _REPEATED * len(keys)
    strangers = tuple(table.header[index] for index, name in names.items() if name in _AGAINST_ISSUES)
    some = sum(name in _SOME for name in names.values())
    return Evidence(points - MARK * len(strangers) - _HALF * some, strangers, repeats)


def _tests(table: RawTable, mapping: Mapping, names: dict[int, str], marks: int, sample: pl.DataFrame) -> Evidence:
    by_name = {canonical: index for index, canonical in sorted(mapping.columns.items(), reverse=True)}
    own = [name for name in ("suite", "level", "round", "run_id", "requirement", "duration_seconds") if name in by_name]
    points = MARK * marks + _HALF * len(own)
    if "case" in by_name:
        points += "test" in names[by_name["case"]] or "用例" in names[by_name["case"]]
    if "outcome" in by_name:
        index = by_name["outcome"]
        points += _HALF * (normal_header(table.header[index]) not in ("status", "状态"))
        words = _cells(sample, index).map_elements(lambda word: normal_word(word) in OUTCOME, return_dtype=pl.Boolean)
        if len(words):
            points += MARK if words.mean() > _MOST else -1 if words.mean() <= _HALF else 0
    strangers = tuple(table.header[index] for index, name in names.items() if name in _NO_TESTS)
    return Evidence(points - len(strangers), strangers)


def _any(feed: str, mapping: Mapping, names: dict[int, str], marks: int) -> Evidence:
    """Other feeds: words that only they print, or most columns of the table known to them, three of them at least."""
    read = {*mapping.indices, *(mapping.hours.indices if mapping.hours else ())}
    known = len(read & set(names))
    points = MARK * marks + (mapping.hours.score if mapping.hours and mapping.hours.score > 0 else 0)
    points += SURE * (known >= _FEW_ROWS and known >= _HALF * len(names))
    person = squeezed(mapping.canonical.get("person", ""))
    if feed == "worklogs" and person == "name" and not set(mapping.columns.values()) & _OF_WORK:
        points -= SURE + MARK  # a thing has a name, a start and a duration too
    if feed == "schedule" and not set(mapping.columns.values()) & _OF_PLANS:
        points -= SURE + MARK  # a number, a name and a state are no plan
    if feed == "people":
        points -= MARK * sum(name in _RESOURCES | _ASSETS | _MEETINGS for name in names.values())
    return Evidence(points)


def sample_of(table: RawTable) -> pl.DataFrame:
    """The first rows of a table, each that stands there twice but once; empty where nothing is to be read."""
    frame = next(iter(table.chunks()), None) if table.records else None
    return pl.DataFrame() if frame is None else frame.head(_LOOKED_AT).drop("source_row").unique(maintain_order=True)


def _cells(sample: pl.DataFrame, index: int) -> pl.Series:
    if f"c{index}" not in sample.columns:
        return pl.Series(dtype=pl.String)
    return cleaned_text(sample[f"c{index}"]).drop_nulls()
