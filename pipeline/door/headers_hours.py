"""Header names of timesheets and of reference lists about people."""
# ruff: noqa: E501 (one line holds all known names of one column)

from __future__ import annotations

from pipeline.door.header_set import header_set

TEMPO = header_set(
    "tempo",
    "worklogs",
    """
    source_id = Worklog ID | Worklog id | Tempo Worklog ID
    project = Project Key | 项目关键字 | Project Name | Project
    issue_key = Issue Key | 问题关键字 | Issue
    person = Username | User Account ID | Full name | Work Author | User
    activity = Activity Name | Activity | Work Attribute Activity | Account Category
    work_date = Work date | Work Date | Date | Date Started
    hours = Hours | Logged Hours | Logged
    description = Work Description | Work description | Description | Comment
    module = Component | Components
    """,
    marks="Work date|Account Key|Billed Hours|Work Description|Activity Name|Account Name|Period|Team",
)

CLOCKIFY = header_set(
    "clockify",
    "worklogs",
    """
    project = Project
    person = User | Email | Username
    activity = Task | Tags | Tag
    work_date = Date | Start Date
    hours = Time (h) | Duration (h) | Time (decimal) | Duration (decimal)
    description = Description
    vendor = Group
    """,
    marks="Time (h)|Time (decimal)|Duration (h)|Duration (decimal)|Billable Rate (USD)|Billable Amount (USD)",
)

TOGGL = header_set(
    "toggl",
    "worklogs",
    """
    project = Project
    person = User | Member | Email
    activity = Task | Tags
    work_date = Start date
    hours = Duration
    description = Description
    """,
    marks="Start date|Start time|End date|End time|Billable|Client|Amount ()",
)

HARVEST = header_set(
    "harvest",
    "worklogs",
    """
    project = Project Code | Project
    person = Employee Id | Last Name
    activity = Task
    work_date = Date
    hours = Hours
    description = Notes
    approved = Approved?
    vendor = Department
    """,
    marks="Approved?|Billable?|Invoiced?|Hours Rounded|Employee?|External Reference URL|Billable Rate|Cost Rate",
)

KIMAI = header_set(
    "kimai",
    "worklogs",
    """
    source_id = ID
    project = Project | Project number
    person = User | Username | Account name | Name
    activity = Activity
    work_date = Date
    hours = Duration | Duration (decimal) | Duration (h)
    description = Description
    """,
    marks="Exported|Internal price|Begin|Customer|Hourly rate|Fixed rate|Activity|Working time",
)

ZENTAO_EFFORT = header_set(
    "zentao",
    "worklogs",
    """
    source_id = 编号 | 日志编号
    project = 所属项目 | 所属执行 | 所属产品
    issue_key = 任务编号 | 对象 | 任务
    person = 登记人 | 记录人 | 用户名
    work_date = 日期 | 登记日期
    hours = 耗时 | 本次消耗 | 工时 | 消耗
    description = 工作内容
    module = 所属模块
    """,
    marks="登记人|记录人|耗时|本次消耗|对象|剩余",
)

TAPD_EFFORT = header_set(
    "tapd",
    "worklogs",
    """
    project = 所属项目
    issue_key = 对象ID | 标题
    person = 花费人
    work_date = 花费日期
    hours = 花费工时
    description = 花费描述
    activity = 对象类型
    """,
    marks="花费日期|花费人|花费工时|花费描述",
)

PINGCODE_EFFORT = header_set(
    "pingcode",
    "worklogs",
    """
    project = 所属项目
    issue_key = 工作项编号
    person = 成员 | 登记人
    work_date = 日期 | 登记日期
    hours = 登记工时 | 登记工时(小时) | 实际工时
    activity = 工作类别 | 工时类型
    description = 描述
    """,
    marks="工作项编号|工作类别|登记工时(小时)|登记工时|工时登记人",
)

JIRA_WORKLOG = header_set(
    "jira",
    "worklogs",
    """
    source_id = Worklog ID
    project = Project Key | Project
    issue_key = Issue Key | Key | 问题关键字
    person = Author | Worklog Author | User | 作者
    work_date = Started | Worklog Started | Start Date | Date | 开始日期
    hours = Time Spent (h) | Time Spent (hours) | Time Spent | 耗费时间
    description = Comment | Worklog Comment | 备注
    """,
    marks="Worklog Author|Worklog Started|Time Spent (h)",
)

GENERIC = header_set(
    "generic",
    "worklogs",
    """
    source_id = 序号ID | Entry ID | Record ID | 记录编号 | 工时编号
    project = 项目编号 | 项目编码 | 项目代码 | 项目关键字 | Project code | Project Key | Project | 项目 | 项目名称 | 所属项目
    issue_key = Issue Key | Issue | Ticket | 任务编号 | 工作项编号 | 问题关键字 | 任务/工作项 | 缺陷编号
    wbs_code = WBS编码 | WBS | WBS Code | WBS号
    person = 工号 | Person | Employee | Employee ID | User | Username | Name | Member | Resource | 姓名 | 人员 | 员工 | 人员编号 | 员工编号 | 成员 | 登记人 | 填报人 | 发起人姓名
    vendor = 供应商 | 外包公司 | 供应商/外包公司 | Vendor | Supplier | Company | 外包单位
    site = 站点 | Site | 地点
    activity = 工作类型 | 工时类型 | 活动 | 活动类型 | 工作类别 | Activity | Task type | Category | Work type | Task | 工作性质
    work_date = 日期 | 工作日期 | 工时日期 | 填报日期 | Date | Work date | Day | 登记日期 | 出勤日期
    hours = 工时 | 工时(h) | 工时(小时) | 工时数 | 小时 | 小时数 | 实际工时 | 登记工时 | 本次工时 | Hours | Time | Duration | Time spent | Spent | Quantity | 人天 | 人日 | 工日 | 工时(人天) | Days | Person days | 工时(分钟) | Minutes | 工作时长(分钟)
    labor_type = 用工类型 | 用工性质 | 人员类型 | 用工方式 | Labor type | Labour type | Employment type
    overtime_kind = 是否加班 | 加班类型 | 加班 | Overtime
    slip_no = 签单号 | 签工单号 | 点工单号 | 签单编号 | Slip no
    signed_by = 现场负责人 | 签字人 | 签认人 | Signed by
    approved = 是否审批 | 审批状态 | 审批结果 | Approved | 已审批
    module = 模块 | 所属模块 | Module | Component
    description = 工作内容 | 内容 | 备注 | Description | Comment | Notes | 说明 | 描述
    """,
)

PEOPLE = header_set(
    "generic",
    "people",
    """
    person = 工号 | 人员编号 | 员工编号 | Person | Employee ID | Person code | 人员 | 姓名 | Employee | Name | 人员代码
    role = 角色 | 岗位 | 职位 | Role | Position | Job title
    vendor = 供应商 | 外包公司 | Vendor | 所属公司 | Company
    department = 部门 | Department | 所属部门
    labor_type = 用工类型 | 用工性质 | 人员类型 | Labor type | Employment type
    daily_hours = 每日工时 | 日标准工时 | Daily hours | Hours per day | 日工时 | Capacity
    project = 项目编号 | 项目 | Project | 所属项目 | 分配项目 | Project code
    allocation_share = 投入比例 | 分配比例 | Allocation | Allocation % | 投入占比
    valid_from = 生效日期 | 入场日期 | 入项日期 | Valid from | Start date | From
    valid_to = 失效日期 | 离场日期 | 出项日期 | Valid to | End date | To
    """,
    marks="投入比例|分配比例|每日工时|日标准工时|Daily hours|入场日期|离场日期|allocation_share|daily_hours",
)

LEAVES = header_set(
    "generic",
    "leaves",
    """
    person = 工号 | 人员编号 | Person | Employee ID | 人员 | 姓名 | Employee
    leave_on = 请假日期 | 休假日期 | Leave date | Leave on | Date of leave
    hours = 请假工时 | 请假时长 | 请假小时 | 请假时长(小时) | 请假天数 | Leave hours | Hours | 工时 | 小时 | 时长 | Days
    """,
    marks="请假日期|休假日期|Leave date|leave_on|请假工时|请假时长",
)

RATES = header_set(
    "generic",
    "rates",
    """
    person = 工号 | 人员编号 | Person | Employee ID | 人员 | 姓名
    role = 角色 | 岗位 | 职级 | Role | Position | Grade
    vendor = 供应商 | 外包公司 | Vendor
    valid_from = 生效日期 | Valid from | From | 起始日期 | 开始日期
    hourly_rate = 小时费率 | 时薪 | 每小时费率 | 费率(元/小时) | 费率 | 小时单价 | Hourly rate | Rate | Cost rate
    currency = 币种 | 币别 | Currency
    """,
    marks="小时费率|时薪|费率|费率(元/小时)|Hourly rate|hourly_rate",
)

SETS = (
    TEMPO, CLOCKIFY, TOGGL, HARVEST, KIMAI, ZENTAO_EFFORT, TAPD_EFFORT, PINGCODE_EFFORT, JIRA_WORKLOG, GENERIC,
    PEOPLE, LEAVES, RATES,
)  # fmt: skip
