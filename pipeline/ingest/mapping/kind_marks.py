"""What speaks for a table being of one feed, and what against it, beside the columns that it maps.

Any register has a number, a name and a status: people, assets, meetings, test runs. So that none of them lands as issues or
as test results, a feed needs words of its own, and words of another kind count against it. Below the line a person is asked.
"""
# ruff: noqa: E501 (one line holds all known names of one kind)

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import SURE, Evidence, FeedPlugin, Sight
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.dialects.header_words import squeezed
from pipeline.ingest.values.cleaning import cleaned_text

MARK = 2.0  # a header that only one tool or one kind prints


def named(text: str) -> frozenset[str]:
    return frozenset(squeezed(name) for name in text.split("|"))


# Registers of other kinds, by headers that no list of issues has.
PEOPLE = named("Email | E-mail | Email address | Phone | Mobile | Telephone | Job title | Hire date | Date of birth | Birthday | Gender | First name | Last name | Employee ID | Employee no | Given name | Surname | Membership | Last login | "
    "姓名 | 员工姓名 | 人员姓名 | 邮箱 | 电子邮箱 | 邮件地址 | 手机 | 手机号 | 手机号码 | 电话 | 联系电话 | 联系方式 | 性别 | 出生日期 | 身份证号 | 入职日期 | 岗位 | 职位 | 职务 | 学历 | 工号 | 员工编号 | 人员编号 | 入场日期 | 离场日期")  # fmt: skip
RESOURCES = named("Standard rate | Overtime rate | Max units | Max. units | Cost per use | Cost/use | Resource name | Resource type | Material label | Default role | Total load | Std. rate | Ovt. rate | "
    "标准费率 | 加班费率 | 最大单位 | 资源名称 | 资源类型 | 资源编号 | 每次使用成本 | 成本/使用 | 材料标签")  # fmt: skip
ASSETS = named("Asset | Asset ID | Asset tag | Asset name | Serial number | Serial no | Model | Manufacturer | Quantity | Qty | Unit price | Purchase date | Location | SKU | Hostname | IP address | Custodian | "
    "资产编号 | 资产编码 | 资产名称 | 资产类别 | 资产类型 | 资产状态 | 设备编号 | 设备名称 | 型号 | 规格 | 规格型号 | 序列号 | 数量 | 单价 | 购置日期 | 采购日期 | 存放地点 | 保管人 | 领用人 | 使用人 | 品牌 | 原值 | 净值 | IP地址")  # fmt: skip
MEETINGS = named("Meeting | Meeting date | Meeting topic | Attendees | Agenda | Chair | Chairperson | Minutes taken by | "
    "会议编号 | 会议主题 | 会议名称 | 会议日期 | 会议时间 | 会议地点 | 会议内容 | 主持人 | 参会人员 | 参会人 | 与会人员 | 记录人 | 决议 | 决议事项 | 会议纪要")  # fmt: skip
WORKLOGS = named(
    "Worklog ID | Worklog author | Worklog started | Worklog comment | Worklog date | Work description | Work date | Time entry ID | 工时编号 | 日志编号 | 登记人 | 填报人 | 工时日期 | 本次消耗 | 花费人 | 花费日期"
)
_TIME = WORKLOGS | named("Billable | Billed hours | Start time | End time | Clock in | Clock out | Hours worked | Logged by | Logged on | "
    "登记人 | 填报人 | 工作内容 | 工作日期 | 工时日期 | 本次消耗 | 耗时 | 花费人 | 花费日期 | 出勤日期 | 考勤日期 | 上班时间 | 下班时间 | 请假日期 | 请假类型 | 加班时长 | 打卡时间")  # fmt: skip
_TESTS = named("Test key | Test execution key | Test case | Test case ID | Test run | Executed by | Executed on | Executed at | Outcome | "
    "用例编号 | 用例名称 | 用例标题 | 测试用例 | 执行结果 | 执行人 | 测试结果")  # fmt: skip
_MONEY = named("Invoice | Invoice no | Invoice number | Amount | Unit cost | Debit | Credit | Contract no | Contract number | Supplier no | Customer no | "
    "发票号 | 发票号码 | 金额 | 合同编号 | 合同金额 | 借方 | 贷方 | 供应商编号 | 客户编号 | 单据号")  # fmt: skip
_DOCUMENTS = named("File name | File path | Document no | Document number | Document name | Commit | Commit hash | SHA | Build number | Pipeline ID | "
    "文档编号 | 文档名称 | 文件编号 | 文件名 | 文件名称 | 归档日期")  # fmt: skip
SOME = named("Role | Department | Position | Company | Hours | Duration | Participants | Username | User ID | 角色 | 部门 | 所属部门 | 单位 | 公司 | 供应商 | 供应商名称 | 联系人 | 客户名称 | 地点 | 入库日期 | 有效期")  # fmt: skip
AGAINST_ISSUES = PEOPLE | RESOURCES | ASSETS | MEETINGS | _TIME | _TESTS | _MONEY | _DOCUMENTS
NO_TESTS = PEOPLE | RESOURCES | ASSETS | MEETINGS | _MONEY | _DOCUMENTS | named("Owner | Assignee | Due date | Subitems | Priority | 负责人 | 责任人 | 截止日期")  # fmt: skip

HALF = 0.5
FEW_ROWS = 3
_LOOKED_AT = 2_000


def evidence_of(table: RawTable, plugin: FeedPlugin, mapping: Mapping, marks: int, sample: pl.DataFrame) -> Evidence:
    """How well the table fits the feed beyond its mapped columns. marks: headers that only the tool prints.

    sample: the first rows, as sample_of gives them.
    """
    sight = Sight(table, mapping, squeezed_names(table.header), marks, sample)
    return plugin.evidence(sight) or _weighed(sight, plugin)


def spoken_for(plugin: FeedPlugin, header: tuple[str, ...]) -> int:
    """How many headers speak for this feed, less those that do against it: what is at home in registers of another kind."""
    return plugin.spoken_for(squeezed_names(header).values())


def squeezed_names(header: tuple[str, ...]) -> dict[int, str]:
    return {index: squeezed(name) for index, name in enumerate(header) if name.strip()}


def _weighed(sight: Sight, plugin: FeedPlugin) -> Evidence:
    """In general: words that only the tool prints, or most columns of the table known, three of them at least."""
    layout = sight.mapping.layout
    known = len({*sight.mapping.indices, *(layout.indices if layout else ())} & set(sight.names))
    points = MARK * sight.marks + (layout.score if layout and layout.score > 0 else 0)
    points += SURE * (known >= FEW_ROWS and known >= HALF * len(sight.names))
    return Evidence(points - plugin.doubts(sight))


def sample_of(table: RawTable) -> pl.DataFrame:
    """The first rows of a table, each that stands there twice but once; empty where nothing is to be read."""
    frame = next(iter(table.chunks()), None) if table.records else None
    return pl.DataFrame() if frame is None else frame.head(_LOOKED_AT).drop("source_row").unique(maintain_order=True)


def cells_of(sample: pl.DataFrame, index: int) -> pl.Series:
    if f"c{index}" not in sample.columns:
        return pl.Series(dtype=pl.String)
    return cleaned_text(sample[f"c{index}"]).drop_nulls()
