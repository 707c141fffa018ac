"""Header names of issue trackers: ZenTao, TAPD, PingCode, and plain issue lists; Jira's are in headers_jira.

See HEADERS.md of the design for how each was seen.
"""
# ruff: noqa: E501 (one line holds all known names of one column)

from __future__ import annotations

from pipeline.ingest.dialects.header_set import header_set
from pipeline.ingest.dialects.headers_jira import JIRA

ZENTAO_BUG = header_set(
    "zentao",
    "issues",
    """
    issue_key = Bug编号 | BugID | 编号
    summary = Bug标题 | Bug 标题
    status = Bug状态 | Bug 状态
    resolution = 解决方案
    priority = 优先级
    severity = 严重程度
    defect_cause = Bug类型 | Bug 类型
    project = 所属项目 | 所属产品
    module = 所属模块
    sprints = 所属执行 | 所属迭代
    labels = 关键词
    fix_versions = 解决版本
    assignee = 指派给 | 解决者
    reporter = 由谁创建 | 创建者
    found_in_phase = 发现阶段
    reopened_count = 激活次数
    created_at = 创建日期 | 创建时间
    resolved_at = 解决日期
    closed_at = 关闭日期
    due_on = 截止日期
    updated_at = 最后修改日期 | 修改日期
    links = 相关Bug | 重复ID
    attachments = 附件
    watchers = 抄送给
    """,
    several="assignee",
    marks="Bug编号|Bug标题|Bug状态|Bug类型|重现步骤|激活次数|是否确认|重复ID|相关Bug|所属产品|所属执行",
)

ZENTAO_TASK = header_set(
    "zentao_task",
    "issues",
    """
    issue_key = 编号 | 任务编号
    issue_type = 任务类型
    summary = 任务名称
    status = 任务状态
    priority = 优先级
    resolution = 关闭原因
    project = 所属项目
    module = 所属模块
    sprints = 所属执行
    parent_key = 父任务
    original_estimate_hours = 最初预计
    remaining_estimate_hours = 预计剩余
    time_spent_hours = 总计消耗 | 已经消耗
    assignee = 由谁完成 | 指派给
    reporter = 由谁创建
    created_at = 创建日期
    started_at = 实际开始
    resolved_at = 实际完成 | 完成时间
    closed_at = 关闭时间 | 关闭日期
    due_on = 截止日期
    updated_at = 最后修改日期
    links = 来源Bug
    attachments = 附件
    watchers = 抄送给
    """,
    several="assignee",
    marks="任务名称|任务类型|任务状态|最初预计|总计消耗|已经消耗|预计剩余|来源Bug|由谁取消|所属执行|关闭原因",
)

TAPD_BUG = header_set(
    "tapd",
    "issues",
    """
    issue_key = ID | 缺陷ID | 编号
    issue_type = 工作项类型
    summary = 标题
    status = 状态
    resolution = 解决方法
    priority = 优先级
    severity = 严重程度
    defect_cause = 缺陷根源 | 缺陷类型
    project = 所属项目 | 项目
    module = 模块
    sprints = 迭代
    labels = 标签
    fix_versions = 合入版本 | 关闭版本
    original_estimate_hours = 预估工时
    time_spent_hours = 完成工时
    remaining_estimate_hours = 剩余工时
    assignee = 处理人 | 修复人 | 开发人员
    reporter = 创建人
    found_in_phase = 发现阶段 | 测试阶段
    created_at = 创建时间
    started_at = 接受处理时间
    resolved_at = 解决时间
    closed_at = 关闭时间
    due_on = 解决期限 | 预计结束
    updated_at = 最后修改时间
    attachments = 附件
    watchers = 抄送人
    """,
    several="assignee",
    marks="缺陷根源|重现规律|合入版本|验证版本|发现基线|引入阶段|解决方法|接受处理时间|重新打开时间|参与人|修复人|发布计划|处理人",
)

TAPD_STORY = header_set(
    "tapd_story",
    "issues",
    """
    issue_key = ID | 需求ID
    issue_type = 需求类别 | 需求分类 | 类型
    summary = 标题
    status = 状态
    priority = 优先级
    project = 所属项目
    module = 模块
    parent_key = 父需求
    sprints = 迭代
    labels = 标签
    fix_versions = 版本 | 发布计划
    story_points = 规模
    original_estimate_hours = 预估工时
    time_spent_hours = 完成工时
    remaining_estimate_hours = 剩余工时
    assignee = 处理人 | 开发人员
    reporter = 创建人
    created_at = 创建时间
    resolved_at = 完成时间
    due_on = 预计结束
    updated_at = 最后修改时间
    attachments = 附件
    watchers = 抄送人
    """,
    several="assignee",
    marks="业务价值|测试重点|规模|超出工时|需求分类|需求类别|父需求|子需求",
)

PINGCODE = header_set(
    "pingcode",
    "issues",
    """
    issue_key = 编号
    issue_type = 类型 | 工作项类型
    summary = 标题
    status = 状态
    resolution = 解决方案
    priority = 优先级
    severity = 严重程度
    defect_cause = 缺陷类别
    project = 所属项目
    module = 所属模块 | 模块
    parent_key = 父工作项
    sprints = 迭代 | 所属迭代
    labels = 标签
    fix_versions = 发布
    story_points = 故事点
    original_estimate_hours = 预估工时
    time_spent_hours = 已登记工时
    remaining_estimate_hours = 剩余工时
    assignee = 负责人
    reporter = 创建人
    created_at = 创建时间
    resolved_at = 完成时间
    due_on = 截止时间
    updated_at = 更新时间
    attachments = 附件
    watchers = 关注人
    """,
    marks="父工作项|已登记工时|复现版本|缺陷类别|截止时间",
)

GENERIC = header_set(
    "generic",
    "issues",
    """
    issue_key = issuekey | issue_key | Issue ID | Issue | Ticket | Ticket ID | Ticket key | ID | Defect ID | Bug ID | 缺陷编号 | 问题编号 | 需求编号 | 任务编号 | 工单编号 | 编号 | # | No. | Item key | Item ID
    issue_type = Type | Tracker | 类型 | 工作项类型 | Issue type | Work item type | Work type
    summary = Title | Subject | Name | 标题 | 问题描述 | 缺陷描述 | 名称 | Summary
    status = State | Status | 状态 | 当前状态
    resolution = Resolution | 解决方案 | 处理结果
    priority = Priority | 优先级
    severity = Severity | 严重程度 | 级别 | 缺陷级别
    defect_cause = Cause | 缺陷类型 | 原因
    project = Project | 项目 | 项目编号 | 项目名称 | 所属项目
    module = Module | Component | Category | 模块 | 所属模块 | 子系统 | Components
    site = Site | 站点
    wbs_code = WBS编码 | WBS
    parent_key = Parent | Parent task | Parent issue | Parent item | Parent key | Parent ID | 父任务 | 父级 | 上级任务
    sprints = Iteration | Iteration path | Milestone | 迭代 | Sprint
    labels = Tags | 标签 | Label
    fix_versions = Version | Target version | 版本 | Fix version | Fix versions
    story_points = storypoint | story_point | storypoints | Points | Estimate points | 故事点 | Story Point | Story point estimate
    original_estimate_hours = Estimated time | Original estimate | Time estimate | Time estimated | Initial estimate | Estimated hours | 预估工时 | 计划工时
    remaining_estimate_hours = Remaining hours | Remaining work | Remaining estimate | Remaining time | Time remaining | 剩余工时
    time_spent_hours = Spent time | Spent hours | Time spent | Completed work | Hours spent | Time logged | Logged time | Actual hours | 实际工时 | 已用工时 | Actual time
    assignee = Assigned to | Owner | 负责人 | 处理人 | 责任人
    reporter = Author | Raised by | Creator | 提出人 | 提交人 | 创建人 | 创建者 | 建立者 | 建立人 | Creador | Criador | Ersteller | Créateur | Создатель | Twórca | 作成者 | Reported by | Created by
    found_in_phase = 发现阶段 | 测试阶段 | Phase | Found in
    reopened_count = 重开次数 | Reopens
    created_at = Created at | Created on | created_date | Creation date | Date created | Created Date | Raised on | Opened | Open date | 创建时间 | 创建日期 | 提出日期 | 提交时间 | 发现日期 | Created | Reported
    started_at = Started | Start date | start_date | started_date | 开始时间 | 开始日期 | Actual start
    resolved_at = finished_date | Finished | Resolved at | resolved_date | Done | Completed | Completed at | Resolution date | Fixed on | 解决时间 | 解决日期 | 完成时间 | 完成日期 | Resolved
    closed_at = Closed at | Closed on | closed_date | Close date | 关闭时间 | 关闭日期 | Closed
    due_on = Due date | due_date | Deadline | 截止日期 | 计划完成 | Due
    updated_at = Updated at | Updated on | updated_date | Last modified | 更新时间 | 最后修改时间 | Updated | Changed
    links = Related issues | Linked issues
    """,
)

CHANGES = header_set(
    "generic",
    "issue_changes",
    """
    issue_key = Issue key | Key | issue_key | ticket | Issue | 问题关键字 | 编号 | Ticket ID
    field = Field | Changed Field | Changed.Fields | Changed fields | Changed Fields | Field name | 字段 | 变更字段 | 修改字段
    from_value = From | Old value | From value | From String | fromString | Old | Original value | 原值 | 旧值 | 修改前
    to_value = To | New value | To value | To String | toString | New | 新值 | 修改后
    changed_at = Changed at | Changed on | Change date | Changed | date_asof | Date of change | Changed Date | 变更时间 | 修改时间 | 变更日期
    author = Author | Changed by | User | 操作人 | 修改人
    project = Project | Project key | 项目
    """,
    marks="Changed.Fields|Changed Fields|Changed Field|fromString|toString|Old value|New value|变更字段|旧值|新值|原值",
)

SETS = (JIRA, ZENTAO_BUG, ZENTAO_TASK, TAPD_BUG, TAPD_STORY, PINGCODE, CHANGES, GENERIC)
