"""The words that tools print for states, types, causes and so on, and the one word each stands for here.

Unknown words are kept as they are, trimmed and in lower case: never guessed.
"""
# ruff: noqa: E501 (one line holds all known words of one meaning)

from __future__ import annotations

import unicodedata

import polars as pl


def _words(text: str) -> dict[str, str]:
    """Reads lines of `canonical: word, word`."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        canonical, _, words = line.partition(":")
        canonical = canonical.strip()
        found[canonical] = canonical
        found[canonical.replace("_", " ")] = canonical
        for word in words.split(","):
            if word.strip():
                found[normal_word(word)] = canonical
    return found


def normal_word(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


STATUS_CATEGORY = _words("""
to_do: to do, todo, new, open, 待办, 未开始, 新建, 待處理, 待辦事項, tareas por hacer, por hacer, itens pendentes, a fazer, к выполнению, zu erledigen, à faire, do zrobienia, undefined, indeterminate new
in_progress: in progress, indeterminate, 进行中, 处理中, 正在进行, 進行中, en curso, em andamento, в работе, in arbeit, en cours, w toku
done: complete, completed, 完成, 已完成, 完毕, listo, finalizada, concluído, itens concluídos, готово, сделано, выполнено, fertig, terminé, terminée, gotowe, 完了
cancelled: canceled, 已取消, 取消
""")
# The category of a state by its name, where the export holds no category. Solved is not closed: both are "done" for flow,
# and closed_at tells them apart.
STATUS = _words("""
to_do: open, new, to do, todo, backlog, reopened, selected for development, created, submitted, draft, 待办, 打开, 新建, 新增, 新, 未开始, 重新打开, 重开, 激活, 待处理, 待解决, 已提交, 规划中, 待确认, 接受, 已接受, 开放, 未解决, 待開始, 待處理, 未開始, abierta, abierto, aberto, aberta, открыт, открыта, открыто, offen, ouvert, tareas por hacer, à faire
in_progress: in progress, in development, in review, code review, testing, in testing, in test, qa, blocked, on hold, waiting, assigned, ready for test, ready for qa, verifying, 进行中, 处理中, 开发中, 测试中, 已分配, 已暂停, 评审中, 实现中, 修复中, 验证中, 待验证, 待测试, 待评审, 联调中, 已挂起, 挂起, 延期处理中, 進行中, en curso, em andamento, в работе, in arbeit, en cours
done: done, closed, resolved, complete, completed, finished, released, verified, fixed, accepted, delivered, 已完成, 完成, 已关闭, 关闭, 已解决, 解决, 已验证, 已实现, 已发布, 已上线, 已修复, 已验收, 已關閉, 已解決, 結束, cerrada, cerrado, resuelta, fechado, concluído, resolvido, закрыт, закрыта, решен, решена, готово, geschlossen, erledigt, fermé, résolu, terminé
cancelled: cancelled, canceled, rejected, declined, withdrawn, won't do, wont do, abandoned, obsolete, 已取消, 取消, 已拒绝, 拒绝, 已废弃, 作废, 已撤销, 已挂起取消
""")
SEVERITY = _words("""
fatal: 致命, 致命缺陷, blocker, 1, s1, sev1, sev 1, 1级, 一级, 阻塞, 崩溃, 1-致命, 1-fatal, 致命的, fatal
serious: 严重, 严重缺陷, critical, major, 2, s2, sev2, sev 2, 2级, 二级, 重大, 嚴重, 2-严重, 严重的, 高
normal: 一般, 一般缺陷, 普通, moderate, medium, average, 3, s3, sev3, sev 3, 3级, 三级, 3-一般, 中, 一般的
minor: 轻微, 轻微缺陷, 提示, 轻微(提示), 轻微的, low, small, 4, s4, sev4, sev 4, 4级, 四级, cosmetic, trivial, 4-轻微, 低, 輕微
suggestion: 建议, 建议性, 优化建议, 5, s5, enhancement, 五级, 5级, 5-建议, 建議
""")
RESOLUTION = _words("""
fixed: fixed, 已解决, 已修复, 修复, 已解決, resuelto, corregido, resolvido, corrigido, исправлено, решено, behoben, gelöst, corrigé, résolu, fixed (done), 解决, 已改正
wont_fix: won't fix, wont fix, won't do, wont do, will not fix, 不予解决, 不修复, 不解决, 拒绝, 无需解决, 不处理, 不會修復, 不会修复, no se resolverá, não será corrigido, не будет исправлено, wird nicht behoben, ne sera pas corrigé, won't resolve, 挂起不改
deferred: deferred, postponed, later, 延期处理, 延期解决, 延期, 推迟, 以后解决, 遗留, 后续解决
duplicate: duplicate, duplicated, 重复, 重复bug, 重复缺陷, 重複, duplicada, duplicado, дубликат, doublon, duplikat
as_designed: as designed, by design, works as designed, not a bug, not a defect, invalid, working as intended, 设计如此, 非缺陷, 不是缺陷, 符合设计, 不是问题, 非问题, 无效, 无效缺陷, 不是bug
cannot_reproduce: cannot reproduce, can't reproduce, not reproducible, unable to reproduce, works for me, incomplete, 无法重现, 不能重现, 无法复现, 不可重现, 無法重現, 信息不足
third_party: third party, third-party, external, 外部原因, 第三方原因, 第三方问题, 外部问题
to_requirement: converted to requirement, to requirement, to story, 转为需求, 转需求, 需求变更, 转研发需求
cancelled: cancelled, canceled, abandoned, withdrawn, obsolete, 已取消, 取消, 废弃, 撤销, declined
done: done, complete, completed, resolved, implemented, delivered, 完成, 已完成, 已实现, listo, hecho, concluído, feito, готово, выполнено, fertig, erledigt, terminé, 已处理
""")
ISSUE_TYPE = _words("""
defect: bug, defect, fault, 缺陷, 故障, 错误, 程序错误, error, fehler, bogue, błąd, ошибка, баг, バグ, 臭蟲, 問題單, 缺陷单, 漏洞, incidencia, problem
requirement: requirement, 需求, 产品需求, 用户需求, 研发需求, 业务需求, feature request, 系统需求, feature, new feature, 新功能, 新特性, 特性
story: story, user story, 用户故事, 故事, 故事点, historia, história, história de usuário, история, récit, historyjka
task: task, 任务, 工作任务, 技术任务, tarea, tarefa, задача, aufgabe, tâche, zadanie, タスク, 開發任務, 事务, 工作项, improvement, 改进, 优化, 开发任务
change_request: change request, change, 变更, 变更请求, 变更申请, 需求变更, 變更
risk: risk, 风险, 風險
epic: epic, 史诗, 長篇故事, эпик, エピック, épica, épico
sub_task: sub-task, subtask, sub task, 子任务, 子任務, subtarea, subtarefa, подзадача, unteraufgabe, sous-tâche, podzadanie, サブタスク
""")
FOUND_IN = _words("""
unit_test: unit test, unit testing, ut, 单元测试, 单测, 开发自测, 自测, 编码, 编码阶段, 开发阶段, development, dev
sit: sit, system integration test, system test, integration test, integration, system testing, qa, test, testing, st, 系统测试, 集成测试, 系统集成测试, 联调测试, 联调, 功能测试, 测试, 测试阶段, 内部测试, 回归测试, 性能测试, sit测试
uat: uat, user acceptance test, user acceptance testing, acceptance test, acceptance, 用户验收测试, 验收测试, 用户测试, uat测试, 验收, 客户验收, 初验
trial_run: trial run, trial, pilot, trial operation, 试运行, 试运行阶段, 试点, 灰度, 试用
production: production, prod, live, 生产, 生产环境, 上线后, 线上, 正式运行, 运维, 现网, 投产后, 正式环境, 生产阶段
""")
DEFECT_CAUSE = _words("""
code: code, coding, code error, 代码错误, 编码错误, 程序错误, 代码, 编码问题, 代码缺陷, 编码, 功能错误, 功能问题, 代码问题, coding error, logic error, 逻辑错误
configuration: configuration, config, 配置相关, 配置错误, 配置, 配置问题, 环境配置, 环境问题, 数据配置
design: design, design defect, design change, 设计缺陷, 设计变更, 设计问题, 设计, 设计错误, 架构
requirement: requirement, requirements, 新增需求, 需求, 需求问题, 需求错误, 需求缺陷, 需求变更, 需求不明确
deployment: deployment, installation, install, 安装部署, 部署, 安装, 部署问题, 发布问题
interface: interface, ui, 界面优化, 界面, 接口, 界面问题, 接口问题, 接口错误, 界面缺陷, user interface
security: security, 安全相关, 安全, 安全问题, 安全漏洞
performance: performance, 性能问题, 性能, 性能缺陷
standard: standard, standards, 标准规范, 规范, 规范问题
script: script, test script, 测试脚本, 脚本, 测试问题
third_party: third party, third-party, 第三方, 外部原因, 第三方原因, 第三方问题, 外部系统, 外部接口
other: other, others, 其他, 其它, 事务跟踪
""")
OUTCOME = _words("""
passed: pass, passed, ok, success, successful, succeeded, 通过, 成功, 已通过, p, 合格
failed: fail, failed, failure, ng, 失败, 未通过, 不通过, f, 不合格
error: error, errored, broken, 错误, 异常, 出错
skipped: skip, skipped, ignored, disabled, n/a run, 忽略, 跳过, 不适用, 无需执行
blocked: block, blocked, 阻塞, 受阻, 被阻塞, 阻碍
not_run: not run, notrun, not executed, untested, no run, pending, 未执行, 未运行, 未测试, 待执行, 待测
""")
COST_CATEGORY = _words("""
labor: labour, personnel, staff, 人工成本, 人工, 人工费, 人力成本, 人力, 人员成本, 职工薪酬, 工资
equipment: hardware, devices, 设备采购, 设备, 硬件, 设备费, 设备采购费, 硬件采购, 材料费, 设备材料费, 设备材料
software: software licences, licenses, licences, 软件采购, 软件, 软件费, 软件许可, 外购软件, 软件采购费
subcontract: subcontracting, subcontractor, outsourcing, outsourced, 分包外包, 分包, 外包, 外包费, 分包费, 分包成本, 外包成本, 外包服务费, 外协费, 技术服务费
travel: travel expenses, 差旅费, 差旅, 交通费, 差旅成本
other_direct: other direct, other, others, 其他直接费用, 其他直接, 其他, 其它, 其他直接成本, 其他费用, 其他直接费
indirect: overhead, indirect cost, 间接费用分摊, 间接费用, 间接, 间接成本, 管理费分摊, 制造费用
excluded: exclude, ignore, not cost, 不计入, 排除, 不归集, 剔除
""")
COST_KIND = _words("""
actual: actual cost, actuals, booked, 实际, 实际成本, 已发生, 发生, 实际发生
accrual: accrued, accruals, 暂估, 计提, 预提, 暂估入账, 应计
commitment: committed, commitments, order, 承诺, 已承诺, 合同承诺, 已签未付, 已签合同, 承诺成本
excluded: exclude, ignore, not cost, carry_forward, carry forward, 不计入, 排除, 结转, 剔除
""")
LABOR_TYPE = _words("""
own: own, own staff, employee, internal, staff, 自有, 自有人员, 正式, 正式员工, 内部, 员工, 本公司
outsourced_month: outsourced month, outsourced, outsourcing, contractor, external, 外包人月, 外包, 人月外包, 人月, 外协, 外包人员, 劳务派遣
day_labor: day labor, day labour, daily, 点工, 日工, 零工, 临时工
""")
PHASE = _words("""
initiation: initiation, initiate, start, 启动, 立项, 项目启动, 启动阶段, 立项启动
requirements_design: requirements and design, requirements & design, requirements, design, analysis, 需求与设计, 需求, 设计, 需求分析, 需求调研, 方案设计, 概要设计, 详细设计, 需求设计, 深化设计, 规划, 需求和设计
procurement: procurement and delivery, procurement, purchasing, delivery, 采购到货, 采购, 到货, 设备采购, 采购与到货
development: development and integration, development, build, construction, implementation, integration, 开发与集成, 开发, 集成, 实施, 编码, 开发实施, 开发集成, 实施开发, 安装部署, 部署
testing: testing and joint debugging, testing, test, 测试与联调, 测试, 联调, 系统测试, 联调测试, 集成测试, 测试联调
preliminary_acceptance: preliminary acceptance, initial acceptance, 初验, 初步验收
trial_run: trial run, trial operation, pilot, 试运行, 试点, 上线试运行
final_acceptance: final acceptance, acceptance, 终验, 最终验收, 竣工验收, 验收
warranty: warranty and closing, warranty, closing, maintenance, 质保与结项, 质保, 结项, 收尾, 运维, 质保期, 质保结项
""")
DIRECTION = _words("""
sales: sale, sell, revenue, customer, income, 销售, 销售合同, 收款, 收入, 收入合同, 主合同, 客户合同, 销售类
purchase: purchase, purchasing, procurement, buy, 采购, 采购合同, 付款, 设备采购, 采购类, 支出
subcontract: subcontract, subcontracting, outsourcing, 分包, 分包合同, 外包, 外包合同, 劳务, 分包类
""")
RISK_STATUS = _words("""
open: open, active, new, identified, monitoring, in progress, 打开, 开放, 未关闭, 跟踪中, 监控中, 应对中, 处理中, 进行中, 已识别, 新建, 待处理, 激活
closed: closed, resolved, mitigated, expired, done, 已关闭, 关闭, 已解除, 解除, 已消除, 消除, 已规避, 已处理, 已解决
occurred: occurred, happened, issue, realized, materialised, materialized, 已发生, 发生, 转为问题, 已转为问题
""")
RISK_KIND = _words("""
threat: threat, risk, negative, 威胁, 风险, 负面, 消极风险, 负面风险
opportunity: opportunity, positive, 机会, 机遇, 正面, 积极风险, 正面风险
""")
DECISION = _words("""
approved: approve, approved, accepted, yes, 批准, 已批准, 通过, 同意, 审批通过, 已通过, 已审批, 已完成, 已实施, implemented
rejected: reject, rejected, declined, no, 拒绝, 已拒绝, 驳回, 不批准, 不同意, 否决, 未通过
pending: pending, open, submitted, in review, under review, waiting, 待审批, 审批中, 待定, 待批准, 评审中, 已提交, 处理中, 未审批, 待审核
""")
ACTIVITY = _words("""
development: development, develop, coding, code, programming, implementation, dev, 开发, 编码, 研发, 后端开发, 前端开发, 前端开发(web), 缺陷修复, 研发设计, 功能开发, 接口开发, bug修复, bug fixing, bugfix, 代码开发
test: testing, test, qa, verification, 测试, 测试验证, 系统测试, 联调, 联调测试, 集成测试, 用例编写
technical_debt: technical debt, tech debt, techdebt, refactoring, refactor, 技术债, 技术债偿还, 重构, 还债, 技术债务, 代码重构, 技术改造
upkeep: upkeep, maintenance, operations, support, ops, keep the lights on, 运维, 维护, 日常运维, 技术支持, 支持, 运维支持
requirements: requirements, analysis, requirement, business analysis, 需求, 需求分析, 需求调研, 调研
design: design, architecture, ui design, 设计, 架构设计, ui设计, 方案设计, 概要设计, 详细设计, 研究
project_management: project management, management, pm, coordination, administration, 项目管理, 管理, 协调, 项目协调, 公共事务
deployment: deployment, deploy, release, installation, rollout, roll-out, implementation on site, 部署, 实施, 上线, 安装, 现场实施, 安装部署, 割接, 安装调试
training: training, train, 培训, 用户培训
meeting: meeting, meetings, call, 会议, 例会, 讨论, 评审
leave: leave, vacation, holiday, sick, absence, pto, 请假, 休假, 年假, 病假, 调休, 调休请假, 事假
other: other, others, misc, 其他, 其它, 事务, 杂项
""")
DELIVERY_PROFILE = _words("""
software: software, software development, 软件, 软件开发, 软件类
integration: integration, system integration, 集成, 系统集成, 集成类
equipment: equipment, hardware, equipment-heavy, 设备, 设备类, 设备采购, 设备为主
roll_out: roll-out, rollout, roll out, 推广, 推广实施, 站点推广, 实施推广
""")
METHOD = _words("""
waterfall: waterfall, predictive, 瀑布, 瀑布式, 预测型
scrum: scrum, agile, 敏捷, scrum敏捷, 敏捷开发, 迭代
hybrid: hybrid, mixed, 混合, 混合型, 混合式
""")
OVERTIME = _words("""
weekday: weekday, 工作日, 工作日加班, 延时, 延时加班, 平时加班, 是, yes
rest_day: rest day, weekend, 休息日, 休息日加班, 周末, 周末加班, 双休日
holiday: holiday, public holiday, 节假日, 节假日加班, 法定节假日, 法定节假日加班, 法定
none: no, none, 否, 无, 不加班, 非加班, 正常
""")

VOCABULARIES: dict[tuple[str, str], dict[str, str]] = {
    ("issues", "status_category"): STATUS_CATEGORY,
    ("issues", "severity"): SEVERITY,
    ("issues", "resolution"): RESOLUTION,
    ("issues", "issue_type"): ISSUE_TYPE,
    ("issues", "found_in_phase"): FOUND_IN,
    ("issues", "defect_cause"): DEFECT_CAUSE,
    ("worklogs", "activity"): ACTIVITY,
    ("worklogs", "labor_type"): LABOR_TYPE,
    ("worklogs", "overtime_kind"): OVERTIME,
    ("people", "labor_type"): LABOR_TYPE,
    ("costs", "category"): COST_CATEGORY,
    ("costs", "kind"): COST_KIND,
    ("costs", "phase"): PHASE,
    ("budget", "category"): COST_CATEGORY,
    ("budget", "phase"): PHASE,
    ("schedule", "phase"): PHASE,
    ("account_mapping", "category"): COST_CATEGORY,
    ("account_mapping", "kind"): COST_KIND,
    ("test_results", "outcome"): OUTCOME,
    ("contracts", "direction"): DIRECTION,
    ("risks", "status"): RISK_STATUS,
    ("risks", "kind"): RISK_KIND,
    ("change_requests", "decision"): DECISION,
    ("projects", "delivery_profile"): DELIVERY_PROFILE,
    ("projects", "method"): METHOD,
}


def canonical_words(values: pl.Series, vocabulary: dict[str, str]) -> pl.Series:
    """Each distinct word through the vocabulary; unknown ones trimmed and in lower case."""
    distinct = values.drop_nulls().unique().to_list()
    known = {text: vocabulary.get(normal_word(text), normal_word(text)) for text in distinct}
    return values.replace_strict(known, default=None, return_dtype=pl.String) if known else values


def category_of_status(values: pl.Series) -> pl.Series:
    """The category of states whose export holds none; null for states that no list knows."""
    distinct = values.drop_nulls().unique().to_list()
    known = {text: category for text in distinct if (category := STATUS.get(normal_word(text)))}
    if not known:
        return pl.Series(values.name, [None] * len(values), pl.String)
    return values.replace_strict(known, default=None, return_dtype=pl.String)
