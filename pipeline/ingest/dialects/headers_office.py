"""Header names of the project office's own sheets: schedules, changes, risks, sites, projects, tests, code."""
# ruff: noqa: E501 (one line holds all known names of one column)

from __future__ import annotations

from pipeline.ingest.dialects.header_set import header_set

SCHEDULE = header_set(
    "generic",
    "schedule",
    """
    project = 项目编号 | 项目编码 | 项目代码 | 项目 | Project code | Project | 项目名称 | Project ID
    task_id = 任务编号 | 任务ID | 标识号 | Task ID | Activity ID | ID | 任务标识号 | 作业代码 | 作业编码 | 活动编号 | Nr. | Vorgangsnr. | N° | Id | Ид. | Ид | 唯一标识号 | Unique ID | Eindeutige Nr. | 序号 | No. | #
    wbs_code = WBS编码 | 大纲数字 | WBS | WBS Code | WBS代码 | Outline Number | Outline_Number | PSP-Code | Gliederungsnummer | EDT | Código EDT | СДР | Код СДР | Numéro hiérarchique | Número de esquema
    name = 任务名称 | 名称 | Task name | Task_Name | Name | Activity Name | 活动名称 | 作业名称 | 工作名称 | Task | Vorgangsname | Nom de la tâche | Nom | Nombre de tarea | Nombre | Nome da tarefa | Nome | Nome attività | Название задачи | Название
    phase = 阶段 | 项目阶段 | Phase
    module = 模块 | 子系统 | Module
    site = 站点 | Site
    predecessors = 前置任务 | 紧前任务 | 前置活动 | 紧前作业 | 前置作业 | Predecessors | Predecessor | Predecessor Details | Vorgänger | Prédécesseurs | Predecesoras | Predecessoras | Predecessori | Предшественники
    duration_days = 工期 | 工期(天) | 工期(工作日) | 工期(小时) | 工期(周) | 持续时间 | Duration | Duration (days) | Duration (hours) | Duration (h) | Duration (weeks) | Original Duration | Original Duration(d) | Original Duration(h) | Planned Duration | 计划工期 | 原定工期 | Dauer | Durée | Duración | Duração | Durata | Длительность
    planned_hours = 比较基准工时 | 基线工时 | Baseline Work | Baseline_Work | Geplante Arbeit | Travail planifié | Travail de référence | Trabajo de línea base | Trabajo previsto | Trabalho da linha de base | Базовые трудозатраты | 计划工时 | 工时 | Planned hours | Work | Budgeted Labor Units | Budgeted Labor Units(h) | 预算人工数量 | Arbeit | Travail | Trabajo | Trabalho | Трудозатраты
    baseline_start = 比较基准开始时间 | 比较基准开始 | 基准开始 | 基准开始时间 | 基线开始 | 基线开始时间 | 计划开始 | 计划开始日期 | 计划开始时间 | Baseline start | Baseline_Start | Planned start | BL Project Start | BL1 Start | Geplanter Anfang | Début planifié | Début de référence | Début de base | Comienzo de línea base | Comienzo previsto | Início da linha de base | Início previsto | Inizio previsto | Базовое начало
    baseline_finish = 比较基准完成时间 | 比较基准完成 | 基准完成 | 基准完成时间 | 基线完成 | 基线完成时间 | 计划完成 | 计划完成日期 | 计划完成时间 | 计划结束 | 计划结束日期 | 计划结束时间 | Baseline finish | Baseline_Finish | Planned finish | Planned end | BL Project Finish | BL1 Finish | Geplantes Ende | Geplanter Endtermin | Fin planifiée | Fin de référence | Fin de base | Fin de línea base | Fin previsto | Término da linha de base | Término previsto | Fine prevista | Базовое окончание
    forecast_start = 预计开始 | 预测开始 | 开始时间 | 开始 | 预计开始日期 | Forecast start | Start | Begin date | Begin | Start date | Start_Date | Anfang | Starttermin | Début | Comienzo | Início | Inizio | Начало
    forecast_finish = 预计完成 | 预测完成 | 完成时间 | 完成 | 预计完成日期 | 预计结束 | Forecast finish | Finish | End date | Finish date | Finish_Date | Ende | Fertig stellen | Fin | Término | Fine | Окончание
    actual_start = 实际开始 | 实际开始日期 | 实际开始时间 | Actual start | Actual_Start | Aktueller Anfang | Ist-Anfang | Tatsächlicher Anfang | Début réel | Comienzo real | Início real | Inizio effettivo | Фактическое начало
    actual_finish = 实际完成 | 实际完成日期 | 实际完成时间 | 实际结束 | 实际结束日期 | Actual finish | Actual end | Actual_Finish | Aktuelles Ende | Ist-Ende | Tatsächliches Ende | Fin réelle | Fin real | Término real | Fine effettiva | Фактическое окончание
    percent_complete = 完成百分比 | 完成率 | 进度 | 完成比例 | 实际进度 | % Complete | Percent complete | Percent_Complete | Progress | Completion | Complete | Done | % Done | Activity % Complete | Activity % Complete(%) | Schedule % Complete | 作业完成百分比 | % Abgeschlossen | Prozent abgeschlossen | % achevé | % accompli | % completado | % concluída | % concluído | % completamento | % завершения | 实际完成百分比 | Physical % Complete
    status_on = 数据日期 | 状态日期 | 统计日期 | Data date | Status date | As of | Statusdatum | Date d'état | Fecha de estado | Data de status | Дата отчета
    milestone_type = 里程碑类型 | 里程碑 | Milestone type | Milestone | Meilenstein | Jalon | Hito | Marco | Веха
    milestone_weight = 里程碑权重 | 里程碑权值 | 权重 | 权值 | 权重(%) | Milestone weight | Weight | Weighting | Weight (%)
    earned_value_rule = 挣值规则 | 挣值计算规则 | 挣值方法 | 挣值法则 | 计量规则 | 计量方法 | Earned value rule | Earned value method | Earned value technique | EV rule | EV method | EVT
    is_buffer = 是否缓冲 | 缓冲 | Buffer | Is buffer
    planned_cost = 比较基准成本 | 基线成本 | Baseline Cost | Geplante Kosten | Coût planifié | Coût de référence | Costo de línea base | Costo previsto | Custo da linha de base | Базовые затраты
    actual_cost = 实际成本 | Actual Cost | Aktuelle Kosten | Coût réel | Costo real | Custo real | Фактические затраты
    constraint_type = 约束类型 | 限制类型 | 任务限制类型 | 任务限制条件 | 约束条件 | Constraint Type | Constraint_Type | Constraint | Primary Constraint | 主要限制条件 | 主要约束 | Einschränkungsart | Type de contrainte | Tipo de restricción | Tipo de restrição
    constraint_on = 约束日期 | 限制日期 | 任务限制日期 | Constraint Date | Constraint_Date | Primary Constraint Date | 主要限制条件日期 | 主要约束日期 | Einschränkungstermin | Date de contrainte | Fecha de restricción | Data da restrição
    deadline_on = 最后期限 | 截止日期 | 期限 | Deadline | Deadline_Date | Stichtag | Échéance | Fecha límite | Prazo final | Крайний срок
    """,
    marks="前置任务|紧前作业|大纲级别|大纲数字|Predecessors|完成百分比|% Complete|比较基准开始时间|比较基准完成时间|挣值规则|数据日期|工期|Activity ID|"
    "percent_complete|Outline Level|Outline Number|Baseline start|Baseline finish|Vorgänger|Vorgangsname|% Abgeschlossen|Gliederungsebene|"
    "Prédécesseurs|Nom de la tâche|% achevé|Predecesoras|Nombre de tarea|% completado|Predecessoras|Nome da tarefa|% concluída|"
    "Предшественники|Название задачи|% завершения",
)
# The sheets of Primavera P6: technical names in the first row, what the screen calls them in the second.
PRIMAVERA = header_set(
    "primavera",
    "schedule",
    """
    project = proj_id | proj_short_name
    task_id = task_code
    wbs_code = wbs_id | wbs_short_name | wbs_path
    name = task_name
    predecessors = pred_list | predecessors
    duration_days = target_drtn_hr_cnt
    planned_hours = target_work_qty
    baseline_start = base_start_date | bl_start_date | primary_base_start_date | target_start_date
    baseline_finish = base_end_date | bl_end_date | primary_base_end_date | target_end_date
    forecast_start = start_date | early_start_date
    forecast_finish = end_date | early_end_date
    actual_start = act_start_date
    actual_finish = act_end_date
    percent_complete = complete_pct | phys_complete_pct | sched_complete_pct
    status_on = last_recalc_date
    milestone_type = task_type
    planned_cost = target_cost
    actual_cost = act_cost
    constraint_type = cstr_type
    constraint_on = cstr_date
    """,
    marks="task_code|target_drtn_hr_cnt|act_start_date|act_end_date|delete_record_flag|task_type|complete_pct|wbs_id|start_date|end_date|status_code",
)

CHANGE_REQUESTS = header_set(
    "generic",
    "change_requests",
    """
    project = 项目编号 | 项目编码 | 项目代码 | 项目 | Project code | Project | 项目名称
    change_id = 变更编号 | 变更单号 | 变更ID | 变更号 | Change ID | Change no | CR no | CR ID
    title = 变更名称 | 变更标题 | 变更内容 | 变更描述 | 标题 | Title | Summary | Description
    change_type = 变更类型 | 类型 | Change type | Type
    raised_on = 提出日期 | 申请日期 | 提出时间 | 变更日期 | Raised on | Raised | Requested on | Request date
    decided_on = 内部审批日期 | 审批日期 | 批准日期 | 决定日期 | Decided on | Approved on | Decision date
    decision = 审批结果 | 决定 | 审批结论 | 状态 | Decision | Status
    approver = 审批人 | 批准人 | Approver | Approved by
    started_on = 开始实施日期 | 实施日期 | 开工日期 | 实施开始日期 | 开始日期 | Started on | Start date
    customer_signed_on = 甲方签认日期 | 客户签认日期 | 甲方签字日期 | 业主签认日期 | Customer signed on
    supervisor_signed_on = 监理签认日期 | 监理签字日期 | Supervisor signed on
    claimed_amount = 申报金额 | 变更金额 | 申请金额 | Claimed amount | Amount
    confirmed_amount = 核定金额 | 确认金额 | 审定金额 | Confirmed amount | Approved amount
    scope_days = 工作量(人天) | 增加人天 | 工作量 | 人天 | 范围人天 | 影响人天 | Scope days | Effort days | Person days
    days_delta = 工期影响(天) | 工期影响 | 影响工期 | 工期变化(天) | Days delta | Schedule impact | Schedule impact (days)
    baseline = 基线 | 基线版本 | 需求基线 | 基准 | Baseline
    linked_keys = 关联需求 | 关联问题 | 关联编号 | 关联工作项 | Linked keys | Linked issues | Linked issue
    """,
    marks="变更编号|变更单号|变更类型|甲方签认日期|监理签认日期|申报金额|核定金额|Change ID|CR no|内部审批日期",
)

RISKS = header_set(
    "generic",
    "risks",
    """
    project = 项目编号 | 项目编码 | 项目代码 | 项目 | Project code | Project | 项目名称
    risk_id = 风险编号 | 风险ID | 风险号 | Risk ID | Risk no
    title = 风险描述 | 风险名称 | 风险 | 标题 | Title | Risk | Description | Summary
    kind = 风险类型 | 类型 | 性质 | 风险类别 | Kind | Type
    probability = 概率 | 发生概率 | 可能性 | Probability | Likelihood
    impact_cost = 影响金额 | 成本影响 | 影响(元) | 影响金额(元) | 影响 | 损失金额 | Impact cost | Cost impact | Impact
    impact_days = 影响工期(天) | 影响天数 | 工期影响(天) | 进度影响(天) | 工期影响 | Impact days | Schedule impact | Schedule impact (days)
    response = 应对措施 | 应对策略 | 应对 | Response | Mitigation
    owner = 责任人 | 负责人 | 风险责任人 | Owner
    raised_on = 识别日期 | 提出日期 | 登记日期 | 发现日期 | Raised on | Identified on
    review_on = 复评日期 | 复核日期 | 下次评审日期 | Review on | Review date
    closed_on = 关闭日期 | 解除日期 | Closed on
    status = 状态 | 风险状态 | Status
    """,
    marks="风险编号|风险描述|风险名称|概率|应对措施|复评日期|风险状态|Risk ID|Probability|风险类型",
)

SITES = header_set(
    "generic",
    "sites",
    """
    project = 项目编号 | 项目编码 | 项目代码 | 项目 | Project code | Project | 项目名称
    site = 站点编号 | 站点编码 | 站点代码 | 站点 | Site code | Site ID | Site | 机构编码 | 医院编码
    name = 站点名称 | 机构名称 | 医院名称 | Site name | Name
    region = 区域 | 地区 | 地市 | 城市 | 省份 | Region | City
    wave = 波次 | 批次 | 推广批次 | 上线波次 | Wave
    stage = 阶段 | 当前阶段 | 站点阶段 | 状态 | Stage | Status
    planned_live_on = 计划上线日期 | 计划上线 | 计划割接日期 | 计划上线时间 | Planned live on | Planned go-live | Planned go live
    actual_live_on = 实际上线日期 | 实际上线 | 割接日期 | 上线日期 | 实际上线时间 | Actual live on | Actual go-live | Go-live date
    accepted_on = 验收日期 | 站点验收日期 | 验收通过日期 | Accepted on | Acceptance date
    defects_at_acceptance = 验收缺陷数 | 验收时缺陷数 | 验收遗留缺陷 | 验收遗留问题数 | 遗留问题数 | Defects at acceptance
    hours = 实施工时 | 投入工时 | 工时 | 工时(小时) | Hours
    """,
    marks="站点编号|站点编码|站点名称|波次|计划上线日期|实际上线日期|计划上线|验收缺陷数|Wave|planned_live_on|医院名称",
)

PROJECTS = header_set(
    "generic",
    "projects",
    """
    project_key = 项目编号 | 项目编码 | 项目代码 | Project key | Project code | Project ID | Project | 项目
    name = 项目名称 | 名称 | Project name | Name
    customer = 客户 | 建设单位 | 甲方 | 客户名称 | 建设单位(甲方) | Customer | Client
    delivery_profile = 交付类型 | 项目类型 | 交付模式 | Delivery profile | Project type
    method = 管理方法 | 开发模式 | 实施方法 | 管理模式 | 方法 | Method | Methodology
    start_on = 开始日期 | 启动日期 | 立项日期 | 开工日期 | Start on | Start date | Start
    freeze_on = 需求冻结日期 | 冻结日期 | 需求冻结 | 范围冻结日期 | Freeze on | Freeze date | Scope freeze
    contract_finish_on = 合同完工日期 | 合同竣工日期 | 合同完成日期 | 合同工期截止 | 合同交付日期 | Contract finish on | Contract finish | Contract end
    actual_finish_on = 实际完工日期 | 实际完成日期 | 结项日期 | Actual finish on | Actual finish
    contingency_reserve = 应急储备 | 应急储备金 | 应急储备(元) | Contingency reserve | Contingency
    currency = 币种 | 币别 | Currency
    time_zone = 时区 | Time zone | Timezone
    manager = 项目经理 | 负责人 | Project manager | Manager
    """,
    marks="客户|建设单位|交付类型|项目经理|需求冻结日期|应急储备|合同完工日期|delivery_profile|Customer|freeze_on",
)

ALIASES = header_set(
    "generic",
    "project_aliases",
    """
    system = 系统 | 来源系统 | 系统名称 | System | Source system
    kind = 类型 | 编码类型 | 别名类型 | Kind | Type
    external_code = 外部编码 | 外部代码 | 系统编码 | 别名 | 外部项目编码 | 源系统编码 | 外部名称 | External code | Alias | Code
    project_key = 项目编号 | 项目编码 | 对应项目编号 | 对应项目 | Project key | Project
    valid_from = 生效日期 | 有效期起 | Valid from | From
    """,
    marks="外部编码|来源系统|外部代码|系统编码|别名|external_code|External code|Alias",
)

TEST_RESULTS = header_set(
    "generic",
    "test_results",
    """
    project = 项目编号 | 项目编码 | 项目 | 所属项目 | 所属产品 | Project code | Project | 项目名称
    module = 模块 | 所属模块 | Module
    suite = 测试套件 | 用例集 | 测试集 | 套件 | 测试单 | Suite | Test suite | Classname | Class
    case = 用例编号 | 测试用例 | 用例名称 | 用例标题 | 用例 | Test key | Case | Test case | Test | Case ID | Test case ID | Name
    level = 测试级别 | 测试阶段 | 适用阶段 | 用例类型 | 级别 | Level | Test level
    round = 轮次 | 测试轮次 | 轮 | Round | Cycle
    run_at = 执行时间 | 执行日期 | 测试日期 | 测试时间 | Run at | Executed at | Executed on | Execution date | Date | Finished on | Started on
    outcome = 结果 | 执行结果 | 测试结果 | 测试结论 | Outcome | Result | Status | 状态
    requirement = 相关需求 | 需求编号 | 关联需求 | 需求 | Requirement | Requirement ID
    duration_seconds = 耗时(秒) | 执行时长(秒) | Duration (s) | Duration seconds | Time
    run_id = 运行编号 | 执行批次 | 批次号 | 测试单编号 | Run ID | Run | Test execution key | Execution key | Issue key
    """,
    marks="Test key|Test execution key|Executed by|用例编号|用例标题|用例名称|测试用例|执行结果|测试结果|Test case|outcome|测试轮次|前置条件",
)

COVERAGE = header_set(
    "generic",
    "coverage",
    """
    project = 项目编号 | 项目编码 | 项目 | Project code | Project
    module = 模块 | 模块名称 | Module | Package | Component
    measured_on = 测量日期 | 统计日期 | 日期 | 报告日期 | Measured on | Date
    lines_valid = 有效行数 | 总行数 | 可执行行数 | Lines valid | Lines | Lines to cover
    lines_covered = 覆盖行数 | 已覆盖行数 | Lines covered | Covered lines | Covered
    branches_valid = 分支数 | 总分支数 | 可覆盖分支数 | Branches valid | Branches | Branches to cover
    branches_covered = 覆盖分支数 | 已覆盖分支数 | Branches covered | Covered branches
    run_id = 运行编号 | Run ID | 构建号
    """,
    marks="覆盖行数|已覆盖行数|可执行行数|Lines covered|Covered lines|lines_covered|lines_valid",
)

CODE_SIZE = header_set(
    "generic",
    "code_size",
    """
    project = 项目编号 | 项目编码 | 项目 | Project code | Project
    module = 模块 | 模块名称 | Module | Package | Component
    measured_on = 测量日期 | 统计日期 | 日期 | Measured on | Date
    effective_lines = 有效代码行 | 有效代码行数 | 代码行数 | 代码规模 | 代码行 | 有效代码行数(行) | Effective lines | Lines of code | Code lines | Code | NCLOC | ncloc
    """,
    marks="有效代码行|有效代码行数|代码行数|代码规模|Effective lines|effective_lines|Lines of code|ncloc",
)

SETS = (
    SCHEDULE, PRIMAVERA, CHANGE_REQUESTS, RISKS, SITES, PROJECTS, ALIASES, TEST_RESULTS, COVERAGE, CODE_SIZE,
)  # fmt: skip
