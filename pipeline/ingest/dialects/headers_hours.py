"""Header names of timesheets and of reference lists about people."""
# ruff: noqa: E501 (one line holds all known names of one column)

from __future__ import annotations

from pipeline.ingest.dialects.header_set import header_set

TEMPO = header_set(
    "tempo",
    "worklogs",
    """
    source_id = Worklog ID | Worklog id | Tempo Worklog ID | Tempo worklog ID
    project = Project Key | 项目关键字 | Project Name | Project
    issue_key = Issue Key | Work item Key | Work item key | 问题关键字 | Issue
    person = Username | User Account ID | Account ID | Full name | Work Author | User | 用户名 | 全名
    activity = Activity Name | Activity | Work Attribute Activity | Account Category
    work_date = Work date | Work Date | Date | Date Started | 工作日期
    hours = Hours | Logged Hours | Logged | Time Spent (h) | 工时
    description = Work Description | Work description | Description | Comment
    module = Component | Components
    """,
    marks="Work date|Account Key|Billed Hours|Billed|Work Description|Activity Name|Account Name|Period|Team|Tempo Worklog ID|Issue summary|Work item Key",
)

CLOCKIFY = header_set(
    "clockify",
    "worklogs",
    """
    project = Project
    person = User | Email | Username | 用户
    activity = Task | Tags | Tag
    work_date = Date | Start Date
    hours = Time (h) | Duration (h) | Time (decimal) | Duration (decimal)
    description = Description
    vendor = Group
    """,
    marks="Time (h)|Time (decimal)|Duration (h)|Duration (decimal)|Billable Rate (USD)|Billable Amount (USD)|Billable Rate (EUR)|"
    "Billable Amount (EUR)|Date of creation|Amount (USD)|Amount (EUR)",
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
    description = Description | Title | Time entry
    """,
    marks="Start date|Start time|End date|End time|Stop date|Stop time|Billable|Client|Member|Amount ()|Amount (USD)|Amount (EUR)",
)

HARVEST = header_set(
    "harvest",
    "worklogs",
    """
    project = Project Code | Project
    person = Employee Id | Employee ID
    activity = Task
    work_date = Date
    hours = Hours
    description = Notes
    approved = Approved?
    vendor = Department
    """,
    marks="Approved?|Billable?|Invoiced?|Hours Rounded|Employee?|External Reference URL|Billable Rate|Cost Rate|First Name|Last Name|Roles",
)

KIMAI = header_set(
    "kimai",
    "worklogs",
    """
    source_id = ID
    project = Project number | Project
    person = Account number | User | Username | Account name | Name
    activity = Activity
    work_date = Date | Day | Datum
    hours = Duration | Duration (decimal) | Duration (h)
    description = Description
    """,
    marks="Exported|Internal price|Begin|Customer|Hourly rate|Fixed rate|Activity|Working time|Total price|Customer number|Project number|Order number",
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
    source_id = 花费ID
    project = 所属项目 | 项目名称 | 项目
    issue_key = 对象ID | 标题
    person = 花费人
    work_date = 花费日期
    hours = 花费工时 | 花费
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
    marks="工作项编号|工作类别|登记工时(小时)|登记工时",
)

ONES_EFFORT = header_set(
    "ones",
    "worklogs",
    """
    project = 所属项目 | 项目
    issue_key = 工作项ID | 工作项编号 | ID
    person = 工时登记人
    work_date = 工时登记时间 | 工时日期
    hours = 登记工时 | 登记工时(小时)
    description = 工时描述 | 描述 | 备注
    activity = 工时类型
    """,
    marks="工时登记人|工时登记时间|工时描述",
)

YUNXIAO_EFFORT = header_set(
    "yunxiao",
    "worklogs",
    """
    project = 所属项目 | 项目名称
    issue_key = 工作项编号 | 编号
    person = 登记人
    work_date = 日期 | 工作日期 | 开始时间 | 开始日期
    hours = 实际工时 | 实际工时(小时)
    activity = 工作类型 | 工时类型
    description = 描述
    """,
    marks="实际工时|登记人|工作类型",
)

CODEARTS_EFFORT = header_set(
    "codearts",
    "worklogs",
    """
    project = 所属项目 | 项目名称
    issue_key = 工作项编号 | 编号
    person = 登记人 | 处理人 | 成员
    work_date = 日期 | 工作日期 | 开始日期 | 登记日期
    hours = 工时 | 实际工时 | 工时(人时) | 工时(人天)
    activity = 工时类型
    description = 描述 | 工作内容
    """,
    marks="工时类型",
)

JIRA_WORKLOG = header_set(
    "jira",
    "worklogs",
    """
    source_id = Worklog ID | Worklog Id
    project = Project Key | Project | 项目关键字
    issue_key = Issue Key | Issue key | Work item key | Key | 问题关键字 | 键
    person = Author | Worklog Author | Worklog author | User | Username | 作者 | Author (display name)
    work_date = Started | Worklog Started | Worklog started | Work started | Start Date | Work date | Date | 开始日期 | 工作日期
    hours = Worklog Time Spent | Worklog Time Spent (h) | Worklog Time Spent (hours) | Worklog Time Spent (seconds) | Time Spent (h) | Time Spent (hours) | Time Spent (seconds) | Time spent (seconds) | timeSpentSeconds | Time Spent | 耗费时间
    description = Worklog Comment | Worklog comment | Work description | Worklog Description | Comment | 备注
    """,
    marks="Time Spent|Worklog Author|Worklog Started|Worklog Time Spent|Worklog Time Spent (h)|Worklog Comment|Time Spent (h)|Time Spent (seconds)|timeSpentSeconds|Worklog author|Worklog ID",
)

DINGTALK_APPROVAL = header_set(
    "dingtalk",
    "worklogs",
    """
    source_id = 审批编号
    project = 项目编号 | 项目编码 | 项目名称 | 所属项目 | 项目
    person = 发起人工号 | 工号 | 发起人姓名 | 发起人 | 创建人 | 姓名
    work_date = 工作日期 | 工时日期 | 填报日期 | 日期
    hours = 工时 | 工时(小时) | 工作时长 | 工作时长(小时) | 工时数 | 人天
    activity = 工时类型 | 工作类型
    description = 工作内容
    approved = 审批结果 | 审批状态
    """,
    marks="审批编号|审批结果|发起人姓名|发起人工号|发起人部门|历史审批人姓名|审批记录",
)

FEISHU_APPROVAL = header_set(
    "feishu",
    "worklogs",
    """
    source_id = 申请编号
    project = 项目编号 | 项目编码 | 项目名称 | 所属项目 | 项目
    person = 发起人工号 | 工号 | 发起人 | 申请人 | 发起人姓名 | 姓名
    work_date = 工作日期 | 工时日期 | 填报日期 | 日期
    hours = 工时 | 工时(小时) | 工时(h) | 工作时长 | 人天
    activity = 工时类型 | 工作类型
    description = 工作内容
    approved = 审批状态 | 申请状态
    """,
    marks="申请编号|申请状态|发起人部门",
)

GENERIC = header_set(
    "generic",
    "worklogs",
    """
    source_id = 序号ID | Entry ID | Record ID | 记录编号 | 工时编号 | Worklog ID
    project = 项目编号 | 项目编码 | 项目代码 | 项目关键字 | Project code | Project Key | Project | 项目 | 项目名称 | 所属项目 | Project name
    project = Projekt | Projektnummer | Projektname | Proyecto | Projeto | Projet | Проект | Nazwa projektu | プロジェクト | 案件 | 專案
    issue_key = Issue Key | Issue | Ticket | 任务编号 | 工作项编号 | 问题关键字 | 任务/工作项 | 缺陷编号 | Work item key
    issue_key = Vorgang | Ticketnummer | Incidencia | Задача | Zgłoszenie | 課題キー
    wbs_code = WBS编码 | WBS | WBS Code | WBS号
    person = 工号 | Person | Employee | Employee ID | User | Username | Name | Member | Resource | Full name | 姓名 | 人员 | 员工 | 人员编号 | 员工编号 | 成员 | 登记人 | 填报人 | 发起人姓名 | 人员姓名 | 员工姓名 | 填写人
    person = Mitarbeiter | Mitarbeiterin | Mitarbeiter/in | Personalnummer | Benutzer | Empleado | Empleada | Usuario | Funcionário | Colaborador | Usuário | Employé | Salarié | Collaborateur | Utilisateur | Сотрудник | Исполнитель | Пользователь | Pracownik | Użytkownik | 社員 | 担当者 | 氏名 | 人員
    vendor = 供应商 | 外包公司 | 供应商/外包公司 | Vendor | Supplier | Company | 外包单位 | 供应商名称 | 劳务公司
    vendor = Lieferant | Firma | Proveedor | Fornecedor | Fournisseur | Поставщик | Dostawca
    site = 站点 | Site | 地点
    activity = 工作类型 | 工时类型 | 活动 | 活动类型 | 工作类别 | Activity | Task type | Category | Work type | Task | 工作性质 | 工种
    activity = Tätigkeit | Tätigkeitsart | Leistungsart | Aktivität | Actividad | Atividade | Activité | Вид работ | Деятельность | Rodzaj pracy | Czynność | 作業区分
    work_date = 日期 | 工作日期 | 工时日期 | 填报日期 | Date | Work date | Day | Spent on | 登记日期 | 点工日期 | 用工日期 | 施工日期
    work_date = Datum | Tag | Fecha | Data | Dia | Día | Jour | Дата | День | Dzień | 日付 | 作業日
    hours = 工时 | 工时(h) | 工时(小时) | 工时数 | 小时 | 小时数 | 实际工时 | 登记工时 | 本次工时 | 工作小时 | 用时 | 时长 | 耗时 | Hours | Hours worked | Worked hours | Time | Duration | Time spent | Time spent (hours) | Time spent (h) | Duration (h) | Duration (hours) | Duration (minutes) | Spent | Quantity | 人天 | 人天数 | 人日 | 工日 | 点工数 | 工时(人天) | Days | Person days | Person-days | Man-days | 工时(分钟) | Minutes | 时长(分钟) | 时长(小时) | 人月 | 人月数 | 投入人月 | Person-months | Man-months | Effort (h) | Effort
    hours = Stunden | Arbeitsstunden | Dauer | Aufwand | Aufwand (h) | Horas | Horas trabajadas | Horas trabalhadas | Heures | Durée | Часы | Трудозатраты | Время | Godziny | Liczba godzin | 時間 | 工数 | 工時
    labor_type = 用工类型 | 用工性质 | 人员类型 | 用工方式 | Labor type | Labour type | Employment type
    overtime_kind = 是否加班 | 加班类型 | 加班 | Overtime
    slip_no = 签单号 | 签工单号 | 点工单号 | 签单编号 | Slip no | 签工单编号
    signed_by = 现场负责人 | 签字人 | 签认人 | Signed by
    approved = 是否审批 | 审批状态 | 审批结果 | Approved | 已审批 | 审核状态 | Approval status
    module = 模块 | 所属模块 | Module | Component
    module = Modul | Komponente | Módulo | Composant | Модуль | Moduł
    description = 工作内容 | 内容 | 备注 | Description | Comment | Notes | 说明 | 描述
    description = Beschreibung | Bemerkung | Kommentar | Descripción | Comentario | Descrição | Comentário | Observações | Commentaire | Remarque | Описание | Комментарий | Примечание | Opis | Komentarz | Uwagi | 作業内容 | 備考
    """,
)

DINGTALK_ATTENDANCE = header_set(
    "dingtalk",
    "attendance",
    """
    person = 工号 | UserId | 姓名
    work_date = 日期 | 考勤日期 | 出勤日期
    present_hours = 工作时长(分钟) | 工作时长(小时) | 工作时长 | 出勤时长(分钟) | 出勤时长
    overtime_hours = 加班总时长 | 加班总时长(小时) | 加班时长 | 加班时长(小时) | 加班时长(分钟)
    department = 部门
    """,
    marks="考勤组|班次|上班1打卡时间|下班1打卡时间|上班1打卡结果|下班1打卡结果|关联的审批单|出勤天数|休息天数|迟到次数|加班总时长|UserId|工作时长(分钟)",
)

FEISHU_ATTENDANCE = header_set(
    "feishu",
    "attendance",
    """
    person = 工号 | 姓名
    work_date = 日期 | 考勤日期
    present_hours = 实际出勤时长(小时) | 实际出勤时长 | 实际工作时长(小时) | 实际工作时长
    overtime_hours = 加班时长(小时) | 加班时长 | 加班总时长
    department = 部门
    """,
    marks="实际出勤时长(小时)|实际出勤时长|应出勤时长(小时)|班次名称|考勤组名称",
)

ATTENDANCE = header_set(
    "generic",
    "attendance",
    """
    person = 工号 | 人员编号 | 员工编号 | Employee ID | Person | 姓名 | 员工姓名 | Employee | Name
    work_date = 考勤日期 | 出勤日期 | 日期 | Date | Attendance date | Day
    present_hours = 出勤工时 | 出勤时长 | 出勤时长(小时) | 出勤小时 | 工作时长 | 工作时长(小时) | 工作时长(分钟) | 实际出勤时长 | 实际出勤时长(小时) | 在岗时长 | Hours present | Present hours | Work hours | Worked hours
    overtime_hours = 加班时长 | 加班时长(小时) | 加班小时 | 加班工时 | 加班总时长 | Overtime hours | Overtime
    overtime_kind = 加班类型 | Overtime type
    department = 部门 | 所属部门 | Department
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

CALENDARS = header_set(
    "generic",
    "calendars",
    """
    project = 项目编号 | 项目 | Project | 项目编码 | 项目代码 | 所属项目 | Project code
    site = 站点 | 站点编号 | 站点编码 | 站点代码 | 机构编码 | Site | Site code | Site ID
    calendar_date = 日期 | 日历日期 | 例外日期 | Date | Calendar date | Day | Exception date
    is_working_day = 是否工作日 | 是否上班 | 工作日 | 日期类型 | 日期性质 | 上班/休息 | 班休 | 休/班 | 是否休息日 | 是否节假日 | 是否放假 | 是否停工 | Is working day | Working day | Workday | Day type | Is holiday | Holiday | Day off | Closed
    note = 备注 | 说明 | 原因 | 事由 | Note | Reason | Remark | Comment
    """,
    marks="是否工作日|日期类型|日期性质|班休|休/班|上班/休息|是否休息日|是否节假日|是否停工|例外日期|日历日期|Is working day|Working day|Day type|Is holiday|Day off|calendar_date|is_working_day|Calendar date",
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
    TEMPO, CLOCKIFY, TOGGL, HARVEST, KIMAI, ZENTAO_EFFORT, TAPD_EFFORT, PINGCODE_EFFORT, ONES_EFFORT, YUNXIAO_EFFORT,
    CODEARTS_EFFORT, JIRA_WORKLOG, DINGTALK_APPROVAL, FEISHU_APPROVAL, GENERIC, DINGTALK_ATTENDANCE, FEISHU_ATTENDANCE,
    ATTENDANCE, PEOPLE, LEAVES, CALENDARS, RATES,
)  # fmt: skip
