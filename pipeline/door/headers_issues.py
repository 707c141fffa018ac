"""Header names of issue trackers: Jira (by language), ZenTao, TAPD, PingCode, and plain issue lists.

Chinese names: see HEADERS.md of the design for how each was seen. Jira names: the tool's own language packs.
"""
# ruff: noqa: E501 (one line holds all known names of one column)

from __future__ import annotations

from pipeline.door.header_set import header_set

_JIRA_SECONDS = "original_estimate_hours remaining_estimate_hours time_spent_hours"

JIRA = header_set(
    "jira",
    "issues",
    """
    issue_key = Issue key | Key | 问题关键字 | 关键字 | 键 | 議題鍵 | 議題關鍵字 | 問題關鍵字 | Clave de incidencia | Clave | Chave da item | Chave do item | Chave | Chave da ocorrência | Ключ проблемы | Ключ запроса | Ключ задачи | Ключ | Vorgangsschlüssel | Schlüssel | Clé de ticket | Clé | Clé de demande | Klucz zgłoszenia | Klucz | 課題キー | キー
    issue_type = Issue Type | Work type | 问题类型 | 工作类型 | 事务类型 | 議題類型 | 問題類型 | Tipo de Incidencia | Tipo de incidencia | Tipo de item | Tipo de ocorrência | Тип задачи | Тип запроса | Тип проблемы | Vorgangstyp | Type de ticket | Type de demande | Typ zgłoszenia | 課題タイプ
    summary = Summary | 概要 | 主题 | 摘要 | Resumen | Resumo | Тема | Сводка | Zusammenfassung | Résumé | Podsumowanie | 要約
    status = Status | 状态 | 狀態 | Estado | Статус | État | Etat | Stan | ステータス
    status_category = Status Category | 状态类别 | 状态分类 | 狀態類別 | Categoría de estado | Categoria do status | Категория статуса | Statuskategorie | Catégorie de statut | ステータス カテゴリ
    resolution = Resolution | 解决结果 | 解決結果 | 解決方案 | Resolución | Resolução | Решение | Resolutie | Lösung | Résolution | Rozwiązanie | 解決状況
    priority = Priority | 优先级 | 優先順序 | 優先級 | Prioridad | Prioridade | Приоритет | Priorität | Priorité | Priorytet | 優先度
    severity = Severity | 严重程度 | 严重性 | 缺陷等级 | 缺陷严重程度 | Severidad | Gravedad | Severidade | Gravidade | Серьезность | Schweregrad | Gravité | 深刻度 | Bug Severity | Defect Severity
    defect_cause = 缺陷类型 | 缺陷根源 | 缺陷原因 | 原因分类 | Root Cause | Root cause category | Defect cause | Defect Type | Bug Type
    project = Project key | 项目关键字 | 項目關鍵字 | 專案關鍵字 | 專案鍵 | Clave del proyecto | Clave de proyecto | Chave do projeto | Ключ проекта | Projektschlüssel | Clé de projet | Klucz projektu | プロジェクト キー | Project name | 项目名称 | 項目名稱 | 專案名稱 | Nombre del proyecto | Nome do projeto | Название проекта | Projektname | Nom de projet | Nazwa projektu | プロジェクト名 | Project | 项目 | 項目 | 專案 | Proyecto | Projeto | Проект | Projekt | Projet | プロジェクト
    module = Component/s | Components | Component | 模块 | 组件 | 模組 | 元件 | Componente/s | Componentes | Componente(s) | Компонент/ы | Компоненты | Komponente(n) | Komponenten | Komponente/n | Composant(s) | Composants | Komponent/y | Komponenty | コンポーネント | 所属模块 | Module
    site = 站点 | 实施站点 | 医院 | 地市 | Site
    wbs_code = WBS编码 | WBS Code | WBS | WBS 编码
    parent_key = Parent key | 父项关键字 | Parent | 父项 | 父问题 | 父工作项 | 史诗链接 | Epic Link
    sprints = Sprint | 冲刺 | 衝刺 | Спринт | スプリント | 迭代
    labels = Labels | Label | 标签 | 標籤 | Etiquetas | Rótulos | Метки | Stichwörter | Stichworte | Étiquettes | Etykiety | ラベル
    fix_versions = Fix Version/s | Fix versions | Fix Version | 修复的版本 | 修复版本 | 解决版本 | 修正版本 | 修復版本 | Versión/es de Corrección | Versiones corregidas | Versiones de corrección | Versões corrigidas | Versão de correção | Исправить в версиях | Исправить в версии | Lösungsversion(en) | Behobene Versionen | Version(s) corrigée(s) | Versions corrigées | Wersja/e naprawy | 修正バージョン
    story_points = Story Points | Story point estimate | Story Point | Story points estimate | 故事点 | 故事点数 | 故事点估算 | Puntos de historia | Pontos de história | Пункты истории | ストーリー ポイント
    original_estimate_hours = Original estimate | 初始预估 | 原预估时间 | 原始预估 | 初始預估 | 原始預估 | Estimación original | Estimativa original | Первоначальная оценка | Ursprüngliche Schätzung | Estimation originale | Oryginalne oszacowanie | 初期見積り
    remaining_estimate_hours = Remaining Estimate | 剩余的估算 | 剩余估算 | 预估剩余时间 | 剩餘預估 | Estimación restante | Trabajo restante | Estimativa restante | Оставшееся время | Verbleibende Schätzung | Estimation restante | Pozostałe oszacowanie | 残余見積り
    time_spent_hours = Time Spent | 耗费时间 | 已用时间 | 耗費時間 | 已用時間 | Tiempo trabajado | Tiempo Empleado | Tempo gasto | Затраченное время | Затрачено времени | Benötigte Zeit | Aufgewendete Zeit | Temps consacré | Temps passé | Zużyty czas | 作業時間 | 消費時間
    assignee = Assignee | 经办人 | 受理人 | 受託人 | 經辦人 | Responsable | Responsável | Исполнитель | Zugewiesene Person | Bearbeiter | Zugewiesen an | Attribution | Responsable de la demande | Osoba przypisana | Przypisany | 担当者
    reporter = Reporter | 报告人 | 報告人 | Informador | Relator | Автор | Melder | Autor | Ersteller | Rapporteur | Zgłaszający | 報告者
    found_in_phase = 发现阶段 | 测试阶段 | Found in phase | Found in | Phase found | Found In Phase | 缺陷发现阶段
    reopened_count = Reopen count | Reopened count | 重新打开次数 | 激活次数 | 重开次数
    created_at = Created | 创建日期 | 创建时间 | 已创建 | 建立時間 | 建立日期 | 已建立 | Creada | Creado | Fecha de creación | Criado | Criada | Создано | Дата создания | Erstellt | Création | Créée | Créé | Utworzono | Utworzone | 作成日
    started_at = Actual start | 实际开始 | 开始处理时间 | In Progress Date | Start work
    resolved_at = Resolved | 已解决 | 解决日期 | 解决时间 | 已解決 | 解決日期 | Resuelta | Resuelto | Resolvido | Resolvida | Дата решения | Решено | Erledigt | Gelöst | Résolue | Résolu | Rozwiązano | 解決日 | Resolution Date
    closed_at = Closed | 关闭日期 | 关闭时间 | 已关闭 | Closed Date
    due_on = Due Date | Due | 到期日 | 到期日期 | 截止日期 | 到期日 | Fecha de vencimiento | Vencimiento | Data de vencimento | Data limite | Срок исполнения | Крайний срок | Fälligkeitsdatum | Fällig | Échéance | Date d'échéance | Termin | 期限
    updated_at = Updated | 已更新 | 更新日期 | 更新时间 | 更新時間 | Actualizada | Actualizado | Atualizado | Atualizada | Обновлено | Дата обновления | Aktualisiert | Mise à jour | Mis à jour | Zaktualizowano | 更新日
    """,
    marks="Issue key|问题关键字|议题鍵|議題鍵|解决结果|Issue id|问题ID|工作量比率|Work Ratio|Project key|项目关键字|项目主管|表决|最近查看的|Last Viewed|Fix Version/s|Component/s|Issue Type|问题类型|Clave de incidencia|Chave da item|Ключ проблемы|Vorgangsschlüssel|Clé de ticket|課題キー|Σ Time Spent|Σ 耗费时间|Work type",
    seconds=_JIRA_SECONDS,
)

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
    assignee = 指派给
    reporter = 由谁创建 | 创建者
    found_in_phase = 发现阶段
    reopened_count = 激活次数
    created_at = 创建日期 | 创建时间
    resolved_at = 解决日期
    closed_at = 关闭日期
    due_on = 截止日期
    updated_at = 最后修改日期 | 修改日期
    """,
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
    """,
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
    assignee = 处理人
    reporter = 创建人
    found_in_phase = 发现阶段 | 测试阶段
    created_at = 创建时间
    started_at = 接受处理时间
    resolved_at = 解决时间
    closed_at = 关闭时间
    due_on = 解决期限 | 预计结束
    updated_at = 最后修改时间
    """,
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
    assignee = 处理人
    reporter = 创建人
    created_at = 创建时间
    resolved_at = 完成时间
    due_on = 预计结束
    updated_at = 最后修改时间
    """,
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
    """,
    marks="父工作项|已登记工时|复现版本|缺陷类别|截止时间",
)

GENERIC = header_set(
    "generic",
    "issues",
    """
    issue_key = issuekey | issue_key | Issue ID | Issue | Ticket | Ticket ID | Ticket key | ID | Defect ID | Bug ID | 缺陷编号 | 问题编号 | 需求编号 | 任务编号 | 工单编号 | 编号
    issue_type = Type | Tracker | 类型 | 工作项类型
    summary = Title | Subject | Name | 标题 | 问题描述 | 缺陷描述 | 名称
    status = State | Status | 状态 | 当前状态
    resolution = Resolution | 解决方案 | 处理结果
    priority = Priority | 优先级
    severity = Severity | 严重程度 | 级别 | 缺陷级别
    defect_cause = Cause | 缺陷类型 | 原因
    project = Project | 项目 | 项目编号 | 项目名称 | 所属项目
    module = Module | Component | Category | 模块 | 所属模块 | 子系统
    site = Site | 站点
    wbs_code = WBS编码 | WBS
    parent_key = Parent | 父任务
    sprints = Iteration | Milestone | 迭代
    labels = Tags | 标签
    fix_versions = Version | Target version | 版本
    story_points = storypoint | story_point | storypoints | Points | Estimate points | 故事点
    original_estimate_hours = Estimated time | Estimated hours | 预估工时 | 计划工时
    remaining_estimate_hours = Remaining hours | 剩余工时
    time_spent_hours = Spent time | Spent hours | 实际工时 | 已用工时
    assignee = Assigned to | Owner | 负责人 | 处理人 | 责任人
    reporter = Author | Raised by | Creator | 提出人 | 提交人 | 创建人
    found_in_phase = 发现阶段 | 测试阶段 | Phase | Found in
    reopened_count = 重开次数 | Reopens
    created_at = Created at | Created on | created_date | Creation date | Date created | Created Date | Raised on | Opened | Open date | 创建时间 | 创建日期 | 提出日期 | 提交时间 | 发现日期
    started_at = Started | Start date | start_date | started_date | 开始时间 | 开始日期
    resolved_at = finished_date | Finished | Resolved at | resolved_date | Done | Completed | Completed at | Resolution date | Fixed on | 解决时间 | 解决日期 | 完成时间 | 完成日期
    closed_at = Closed at | Closed on | closed_date | Close date | 关闭时间 | 关闭日期
    due_on = Due date | due_date | Deadline | 截止日期 | 计划完成
    updated_at = Updated at | Updated on | updated_date | Last modified | 更新时间 | 最后修改时间
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
