"""Which feed and which tool a header speaks of, and what is said when it does not fit."""
# ruff: noqa: E501 (a case stands on one line)

import pytest

from models.errors import InputError
from models.feeds import FEEDS
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.mapping.recognition import recognize


def _table(*header: str) -> RawTable:
    return RawTable("timesheet.csv", header)


JIRA_ZH = (
    "概要, 问题关键字, 问题ID, 问题类型, 状态, 项目关键字, 项目名称, 项目类型, 项目主管, 项目描述, 项目URL, 优先级, 解决结果, 经办人, 报告人, 创建者, "
    "创建日期, 已更新, 最近查看的, 已解决, 到期日, 表决, 标签, 描述, 环境, 管理关注列表, 初始预估, 剩余的估算, 耗费时间, 工作量比率, Σ 原预估时间, "
    "Σ 预估剩余时间, Σ 耗费时间, 安全级别, 自定义字段(Epic状态), 自定义字段(Story Point), 自定义字段(史诗链接)"
)
ZENTAO_BUG = (
    "Bug编号, 所属产品, 所属模块, 所属项目, 所属执行, 相关需求, 相关任务, Bug标题, 关键词, 严重程度, 优先级, Bug类型, 操作系统, 浏览器, 重现步骤, Bug状态, "
    "截止日期, 激活次数, 是否确认, 抄送给, 由谁创建, 创建日期, 影响版本, 指派给, 指派日期, 解决者, 解决方案, 解决版本, 解决日期, 由谁关闭, 关闭日期, 重复ID"
)
ZENTAO_TASK = (
    "编号, 所属项目, 所属执行, 所属模块, 相关需求, 来源Bug, 任务名称, 任务描述, 任务类型, 优先级, 预计开始, 实际开始, 截止日期, 任务状态, 最初预计, 总计消耗, "
    "预计剩余, 进度, 抄送给, 由谁创建, 创建日期, 指派给, 指派日期, 由谁完成, 实际完成, 由谁取消, 取消时间, 由谁关闭, 关闭时间, 关闭原因, 最后修改, 最后修改日期"
)
TAPD_BUG = (
    "ID, 标题, 优先级, 严重程度, 状态, 迭代, 模块, 发布计划, 特性, 发现版本, 验证版本, 合入版本, 关闭版本, 处理人, 创建人, 参与人, 测试人员, 开发人员, 修复人, "
    "创建时间, 重新打开时间, 接受处理时间 , 解决时间, 关闭时间, 最后修改时间, 解决期限, 缺陷根源, 缺陷类型, 重现规律, 发现阶段, 引入阶段, 解决方法, 标签, 预估工时"
)
PINGCODE = (
    "编号, 标题, 类型, 状态, 优先级, 严重程度, 负责人, 参与人, 创建人, 开始时间, 截止时间, 完成时间, 创建时间, 更新时间, 所属项目, 迭代, 发布, 父工作项, 故事点, "
    "预估工时, 已登记工时, 剩余工时, 标签, 描述, 缺陷类别, 复现版本, 解决方案"
)

HEADERS = [
    (JIRA_ZH, "issues", "jira"),
    ("Summary, Issue key, Issue id, Issue Type, Status, Project key, Priority, Resolution, Created, Updated, Resolved", "issues", "jira"),
    ("摘要, 議題鍵, 議題類型, 狀態, 優先順序, 解決方案, 受託人, 報告人, 建立時間, 更新時間", "issues", "jira"),
    ("Resumen, Clave de incidencia, Tipo de Incidencia, Estado, Prioridad, Resolución, Creada, Actualizada", "issues", "jira"),
    ("Resumo, Chave da item, Tipo de item, Status, Prioridade, Responsável, Criado, Atualizado", "issues", "jira"),
    ("Тема, Ключ проблемы, Тип задачи, Статус, Приоритет, Исполнитель, Создано, Обновлено", "issues", "jira"),
    ("Zusammenfassung, Vorgangsschlüssel, Vorgangstyp, Status, Priorität, Erstellt, Aktualisiert", "issues", "jira"),
    (ZENTAO_BUG, "issues", "zentao"),
    (ZENTAO_TASK, "issues", "zentao"),
    (TAPD_BUG, "issues", "tapd"),
    (PINGCODE, "issues", "pingcode"),
    ("issuekey, title, description, storypoint, split_mark", "issues", "generic"),
    ("Issue key, Field, From, To, Changed at, Author", "issue_changes", "generic"),
    ("Issue Key, Issue summary, Hours, Work date, Username, Full name, Account Key, Activity Name, Project Key", "worklogs", "tempo"),
    ("Date, Project, Client, Description, Time (h), Time (decimal)", "worklogs", "clockify"),
    ("User, Email, Client, Project, Task, Description, Billable, Start date, Start time, End date, End time, Duration, Tags, Amount ()", "worklogs", "toggl"),
    ("Date, Client, Project, Project Code, Task, Notes, Hours, Hours Rounded, Billable?, Invoiced?, Approved?, First Name, Last Name", "worklogs", "harvest"),
    ("编号, 日期, 登记人, 工作内容, 耗时, 剩余, 对象, 所属产品, 所属项目, 所属执行", "worklogs", "zentao"),
    ("花费日期, 花费人, 花费工时, 剩余工时, 花费描述, 对象类型, 标题", "worklogs", "tapd"),
    ("日期, 成员, 工作项编号, 工作项标题, 所属项目, 工作类别, 登记工时(小时), 描述", "worklogs", "pingcode"),
    ("日期, 姓名, 工号, 供应商, 项目编号, 项目名称, WBS编码, 工作内容, 人天, 工时, 签单号, 现场负责人", "worklogs", "generic"),
    ("日期, 凭证号数, 科目编码, 科目名称, 摘要, 方向, 数量, 外币, 金额", "ledger", "yonyou"),
    ("日期, 会计年度, 期间, 凭证字号, 摘要, 科目编码, 科目名称, 核算维度, 币别, 原币金额, 借方金额, 贷方金额, 方向, 余额", "ledger", "kingdee"),
    ("项目编号, 成本类别, 供应商, 发生日期, 金额, 币种", "costs", "generic"),
    ("项目编号, WBS编码, WBS名称, 2026-01, 2026-02, 2026-03", "budget", "generic"),
    ("project, wbs_code, period_start, planned_value, baseline", "budget", "generic"),
    ("序号, 项目编号, WBS编码, 大纲级别, 任务名称, 工期, 计划开始, 计划完成, 实际开始, 实际完成, 完成百分比, 前置任务, 责任人", "schedule", "generic"),
    ("合同编号, 项目编号, 合同名称, 合同类型(销售/采购/分包), 对方单位, 签订日期, 合同金额(含税), 税率, 不含税金额, 质保金比例", "contracts", "generic"),
    ("合同编号, 款项名称(预付款/到货款/初验款/终验款/质保金), 比例, 金额, 付款条件, 计划日期, 条件达成日期, 开票日期, 到账金额", "payment_terms", "generic"),
    ("项目编号, 变更编号, 变更类型, 提出方, 提出日期, 内部审批日期, 甲方签认日期, 申报金额, 核定金额, 工期影响(天), 状态", "change_requests", "generic"),
    ("项目编号, 风险编号, 风险描述, 概率, 影响, 等级, 应对措施, 责任人, 复评日期, 状态", "risks", "generic"),
    ("项目编号, 站点编号, 站点名称, 区域, 波次, 阶段, 计划上线日期, 实际上线日期", "sites", "generic"),
    ("项目编号, 项目名称, 客户, 交付类型, 项目经理, 需求冻结日期", "projects", "generic"),
    ("系统, 外部编码, 项目编号, 生效日期", "project_aliases", "generic"),
    ("工号, 角色, 供应商, 用工类型, 每日工时, 项目编号, 投入比例", "people", "generic"),
    ("工号, 请假日期, 请假工时", "leaves", "generic"),
    ("日期, 站点, 日期类型, 说明", "calendars", "generic"),
    ("项目编号, 日期, 是否工作日, 备注", "calendars", "generic"),
    ("Project, Site, Date, Working day, Note", "calendars", "generic"),
    ("角色, 供应商, 生效日期, 小时费率, 币种", "rates", "generic"),
    ("科目编码, 科目名称, 成本类别, 性质", "account_mapping", "generic"),
    ("项目编号, 用例编号, 用例标题, 模块, 轮次, 执行时间, 执行结果", "test_results", "generic"),
    ("项目编号, 模块, 统计日期, 有效行数, 覆盖行数", "coverage", "generic"),
    ("项目编号, 模块, 统计日期, 有效代码行数", "code_size", "generic"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "feed", "system"), HEADERS, ids=[f"{feed}-{system}-{n}" for n, (_, feed, system) in enumerate(HEADERS)]
)
def test_recognized_by_its_headers(header, feed, system):
    found = recognize(_table(*header.split(", ")), PLUGINS)
    assert (found.feed, found.system) == (feed, system)


@pytest.mark.parametrize("feed", FEEDS)
def test_canonical_names_are_always_understood(feed):
    """A file that prints our own column names is that feed, in any order of columns, and nothing of it is unmapped."""
    names = [column.name for column in FEEDS[feed].columns]
    found = recognize(_table(*names), PLUGINS)
    assert (found.feed, found.mapping.unmapped) == (feed, [])
    assert set(recognize(_table(*reversed(names)), PLUGINS).mapping.columns.values()) == set(names)


def test_missing_required_column_reads_as_the_style_guide_says():
    with pytest.raises(InputError) as caught:
        recognize(_table("date", "person", "hour"), PLUGINS, "worklogs")
    assert str(caught.value) == (
        "timesheet.csv, line 1: no column holds hours. Found: date, person, hour. Did you mean 'hour'?"
    )


def test_missing_required_column_without_a_near_name():
    with pytest.raises(InputError) as caught:
        recognize(_table("Summary", "Status", "Priority", "Created", "Resolution"), PLUGINS, "issues")
    assert caught.value.code == "ingest.column_missing"
    assert caught.value.details["column"] == "issue_key"


def test_missing_without_a_named_feed():
    with pytest.raises(InputError) as caught:
        recognize(_table("date", "person", "hour"), PLUGINS)
    assert caught.value.code in ("ingest.column_missing_near", "ingest.column_missing", "ingest.not_recognized")


def test_unknown_columns_are_refused_with_the_names_found():
    with pytest.raises(InputError) as caught:
        recognize(_table("alpha", "beta", "gamma"), PLUGINS)
    assert caught.value.code == "ingest.not_recognized"
    assert "alpha, beta, gamma" in str(caught.value)


def test_unknown_feed():
    with pytest.raises(InputError) as caught:
        recognize(_table("a"), PLUGINS, "invoices")
    assert caught.value.code == "ingest.unknown_feed"


def test_a_profile_completes_what_the_dictionary_lacks():
    header = ("Datum", "Wer", "Stunden", "Projekt")
    profile = {"Datum": "work_date", "Wer": "person", "Stunden": "hours"}
    found = recognize(_table(*header), PLUGINS, "worklogs", profile)
    assert found.mapping.columns == {0: "work_date", 1: "person", 2: "hours"} | (
        {3: "project"} if 3 in found.mapping.columns else {}
    )


def test_what_is_worth_saying_about_absent_columns():
    found = recognize(_table("issuekey", "title", "storypoint"), PLUGINS)
    assert found.mapping.missing == ["status", "created_at", "resolved_at", "issue_type", "project"]


def test_zentao_lists_say_what_their_rows_are():
    assert recognize(_table(*ZENTAO_BUG.split(", ")), PLUGINS).mapping.defaults == {"issue_type": "defect"}
