"""Header names of Jira's CSV, Server 6 to Cloud, language by language, old and new names.

English, Spanish, Portuguese, Russian, French, German and Polish names were seen in programs that read such exports; the
simplified Chinese ones are in HEADERS.md of the design; the Japanese and traditional Chinese ones are from memory and wait for a
real export. Where one language prints the same word for two fields, the field that every export holds wins.
"""
# ruff: noqa: E501 (one line holds all known names of one column)

from __future__ import annotations

from pipeline.ingest.dialects.header_set import header_set

_SECONDS = "original_estimate_hours remaining_estimate_hours time_spent_hours"

_ENGLISH = """
    issue_key = Issue key | Work item key | Key
    issue_type = Issue Type | Work type | Work item type
    summary = Summary
    status = Status
    status_category = Status Category
    resolution = Resolution
    priority = Priority
    severity = Severity | Bug Severity | Defect Severity
    defect_cause = Root Cause | Root cause category | Defect cause | Defect Type | Bug Type
    project = Project key | Project name | Project
    module = Component/s | Components | Component | Module
    site = Site
    wbs_code = WBS Code | WBS
    parent_key = Parent key | Parent | Parent id | Parent Link | Epic Link
    sprints = Sprint
    labels = Labels | Label
    fix_versions = Fix Version/s | Fix versions | Fix Version
    story_points = Story Points | Story point estimate | Story Point | Story points estimate
    original_estimate_hours = Original estimate
    remaining_estimate_hours = Remaining Estimate
    time_spent_hours = Time Spent
    assignee = Assignee
    reporter = Reporter
    found_in_phase = Found in phase | Found in | Phase found | Detection phase | Test phase
    reopened_count = Reopen count | Reopened count
    created_at = Created
    started_at = Actual start | In Progress Date | Start work
    resolved_at = Resolved | Resolution Date
    closed_at = Closed | Closed Date
    due_on = Due Date | Due
    updated_at = Updated
    comments = Comment | Comments
    attachments = Attachment | Attachments
    watchers = Watchers | Watcher
    links = Linked Issues | Linked work items
"""
_SIMPLIFIED_CHINESE = """
    issue_key = 问题关键字 | 事务关键字 | 关键字 | 键
    issue_type = 问题类型 | 事务类型 | 工作类型 | 工作项类型
    summary = 概要 | 主题 | 摘要
    status = 状态
    status_category = 状态类别 | 状态分类
    resolution = 解决结果
    priority = 优先级
    severity = 严重程度 | 严重性 | 缺陷等级 | 缺陷严重程度
    defect_cause = 缺陷类型 | 缺陷根源 | 缺陷原因 | 原因分类
    project = 项目关键字 | 项目键 | 项目名称 | 项目
    module = 模块 | 组件 | 所属模块
    site = 站点 | 实施站点 | 医院 | 地市
    wbs_code = WBS编码 | WBS 编码
    parent_key = 父项关键字 | 父项键 | 父项 | 父问题 | 父工作项 | 父ID | 父 ID | 史诗链接 | 父链接
    sprints = 冲刺 | 迭代
    labels = 标签
    fix_versions = 修复的版本 | 修复版本 | 解决版本 | 修正版本
    story_points = 故事点 | 故事点数 | 故事点估算
    original_estimate_hours = 初始预估 | 原预估时间 | 原始预估
    remaining_estimate_hours = 剩余的估算 | 剩余估算 | 预估剩余时间 | 剩余预估
    time_spent_hours = 耗费时间 | 已用时间 | 花费时间
    assignee = 经办人 | 受理人 | 经办人员
    reporter = 报告人
    found_in_phase = 发现阶段 | 测试阶段 | 缺陷发现阶段
    reopened_count = 重新打开次数 | 激活次数 | 重开次数
    created_at = 创建日期 | 创建时间 | 已创建
    started_at = 实际开始 | 开始处理时间
    resolved_at = 已解决 | 解决日期 | 解决时间
    closed_at = 关闭日期 | 关闭时间 | 已关闭
    due_on = 到期日 | 到期日期 | 截止日期
    updated_at = 已更新 | 更新日期 | 更新时间
    comments = 评论
    attachments = 附件
    watchers = 关注者 | 关注人 | 观察者
    links = 链接的问题 | 关联的问题
"""
_TRADITIONAL_CHINESE = """
    issue_key = 議題鍵 | 議題鍵值 | 議題關鍵字 | 問題關鍵字 | 問題鍵 | 鍵 | 鍵值
    issue_type = 議題類型 | 問題類型 | 工作類型
    summary = 摘要 | 主旨
    status = 狀態
    status_category = 狀態類別 | 狀態分類
    resolution = 解決方案 | 解決結果 | 解決方式 | 解決辦法
    priority = 優先順序 | 優先級 | 優先權
    severity = 嚴重程度 | 嚴重性
    defect_cause = 缺陷類型 | 缺陷原因
    project = 項目關鍵字 | 專案關鍵字 | 專案鍵 | 專案鍵值 | 項目名稱 | 專案名稱 | 項目 | 專案
    module = 模組 | 元件 | 組件
    site = 站點 | 據點
    wbs_code = WBS編碼 | WBS代碼
    parent_key = 父項鍵 | 父項關鍵字 | 父項 | 父議題 | 父項ID | 父項 ID | 上層議題 | 史詩連結 | Epic 連結 | 大型工作連結
    sprints = 衝刺 | 短衝
    labels = 標籤
    fix_versions = 修復版本 | 修正版本 | 修復的版本
    story_points = 故事點數 | 故事點 | 故事點估計 | Story 點數
    original_estimate_hours = 初始預估 | 原始預估 | 原始估計 | 原始估算
    remaining_estimate_hours = 剩餘預估 | 剩餘估計 | 剩餘估算
    time_spent_hours = 耗費時間 | 已用時間 | 花費時間 | 所花時間
    assignee = 受託人 | 經辦人 | 受指派人 | 被指派人
    reporter = 報告人 | 回報人 | 報告者
    found_in_phase = 發現階段 | 測試階段
    reopened_count = 重新開啟次數
    created_at = 建立時間 | 建立日期 | 已建立 | 建立
    started_at = 實際開始
    resolved_at = 已解決 | 解決日期 | 解決時間
    closed_at = 關閉日期 | 關閉時間 | 已關閉
    due_on = 到期日 | 到期日期 | 截止日期
    updated_at = 更新時間 | 更新日期 | 已更新
    comments = 評論 | 註解 | 留言
    attachments = 附件 | 附加檔案
    watchers = 關注者 | 監看者 | 觀察者
    links = 連結的議題 | 關聯議題
"""
_SPANISH = """
    issue_key = Clave de incidencia | Clave de la incidencia | Clave de actividad | Clave
    issue_type = Tipo de Incidencia | Tipo de actividad | Tipo de trabajo
    summary = Resumen
    status = Estado
    status_category = Categoría de estado | Categoría del estado
    resolution = Resolución
    priority = Prioridad
    severity = Severidad | Gravedad
    defect_cause = Causa raíz | Tipo de defecto
    project = Clave del proyecto | Clave de proyecto | Nombre del proyecto | Proyecto
    module = Componente/s | Componente(s) | Componentes | Componente | Módulo
    site = Sitio | Sede | Emplazamiento
    wbs_code = Código WBS | Código EDT | EDT
    parent_key = Clave principal | Clave de la principal | Clave padre | Clave del padre | Principal | Padre | ID de la principal | ID del padre | Enlace de épica | Enlace a la epic | Vínculo de épica | Enlace principal
    labels = Etiquetas | Etiqueta
    fix_versions = Versión/es de Corrección | Versiones corregidas | Versiones de corrección | Corregir en la versión | Corregir versiones | Versión de corrección | Versión(es) de corrección
    story_points = Puntos de historia | Estimación de puntos de historia | Puntos de la historia | Story Points
    original_estimate_hours = Estimación original | Tiempo estimado original
    remaining_estimate_hours = Estimación restante | Trabajo restante | Tiempo restante
    time_spent_hours = Tiempo trabajado | Tiempo empleado | Tiempo dedicado
    assignee = Persona asignada | Responsable | Asignado a | Asignado | Asignatario
    reporter = Informador | Informante | Informado por
    found_in_phase = Encontrado en la fase | Fase de detección | Encontrado en
    reopened_count = Número de reaperturas
    created_at = Creada | Creado | Fecha de creación
    started_at = Inicio real
    resolved_at = Resuelta | Resuelto | Fecha de resolución
    closed_at = Cerrada | Cerrado | Fecha de cierre
    due_on = Fecha de vencimiento | Vencimiento | Fecha límite
    updated_at = Actualizada | Actualizado | Fecha de actualización
    comments = Comentario | Comentarios | Comentar
    attachments = Adjunto | Adjuntos | Archivo adjunto | Archivos adjuntos
    watchers = Observadores | Observador | Seguidores
    links = Incidencias enlazadas | Incidencias vinculadas
"""
_PORTUGUESE = """
    issue_key = Chave da item | Chave do item | Chave da ocorrência | Chave da pendência | Chave do ticket | Chave
    issue_type = Tipo de item | Tipo do item | Tipo de ocorrência | Tipo de pendência | Tipo de trabalho | Tipo de ticket
    summary = Resumo
    status = Situação
    status_category = Categoria do status | Categoria de status | Categoria do estado
    resolution = Resolução
    priority = Prioridade
    severity = Severidade | Gravidade
    defect_cause = Causa raiz | Tipo de defeito
    project = Chave do projeto | Chave do projecto | Nome do projeto | Projeto
    module = Componentes | Componente(s) | Componente | Módulo
    site = Localidade
    wbs_code = Código WBS | Código EAP | EAP
    parent_key = Chave pai | Chave principal | Chave do item pai | Pai | Principal | Item pai | ID pai | ID do pai | ID principal | Link do épico | Link épico
    labels = Rótulos | Categorias | Etiquetas | Rótulo
    fix_versions = Versões corrigidas | Versão de correção | Versões de correção | Versão(ões) de correção | Corrigir versões | Versão corrigida
    story_points = Pontos de história | Estimativa de pontos de história | Estimativa de story points | Pontos da história
    original_estimate_hours = Estimativa original
    remaining_estimate_hours = Estimativa restante | Tempo restante
    time_spent_hours = Tempo gasto | Tempo consumido
    assignee = Responsável | Atribuído a | Atribuído
    reporter = Relator | Reportado por
    found_in_phase = Encontrado na fase | Fase de detecção | Encontrado em
    reopened_count = Número de reaberturas
    created_at = Criado | Criado(a) | Criada | Data de criação
    started_at = Início real
    resolved_at = Resolvido | Resolvido(a) | Resolvida | Data de resolução
    closed_at = Fechado | Fechada | Data de fechamento
    due_on = Data limite | Data de vencimento | Data de entrega | Prazo
    updated_at = Atualizado | Atualizado(a) | Atualizada | Data de atualização
    comments = Comentar | Comentário | Comentários
    attachments = Anexo | Anexos
    watchers = Observadores | Observador | Seguidores
    links = Itens vinculados | Itens associados
"""
_GERMAN = """
    issue_key = Vorgangsschlüssel | Schlüssel
    issue_type = Vorgangstyp | Aufgabentyp | Vorgangsart
    summary = Zusammenfassung
    status_category = Statuskategorie | Status-Kategorie
    resolution = Lösung
    priority = Priorität
    severity = Schweregrad
    defect_cause = Fehlerursache | Ursache | Fehlerart
    project = Projektschlüssel | Projektname | Projekt
    module = Komponente(n) | Komponenten | Komponente/n | Komponente | Modul
    site = Standort
    wbs_code = PSP-Code | PSP-Element | WBS-Code | PSP Code
    parent_key = Übergeordneter Schlüssel | Übergeordnet | Übergeordneter Vorgang | Übergeordnete Aufgabe | Übergeordnete ID | Eltern-ID | Epic-Verknüpfung | Epos-Verknüpfung | Epic-Link
    labels = Stichwörter | Stichworte | Bezeichnungen
    fix_versions = Lösungsversion(en) | Lösungsversionen | Lösungsversion | Behobene Versionen | Korrekturversion(en) | Korrekturversionen | Fixversionen
    story_points = Story-Points | Story-Punkte | Story Point-Schätzung | Story-Point-Schätzung | Schätzung der Story Points
    original_estimate_hours = Ursprüngliche Schätzung | Ursprünglich geschätzt
    remaining_estimate_hours = Verbleibende Schätzung | Verbleibender Aufwand | Verbleibend | Restschätzung
    time_spent_hours = Benötigte Zeit | Aufgewendete Zeit | Zeitaufwand | Erfasste Zeit | Protokollierte Zeit
    assignee = Zugewiesene Person | Bearbeiter | Zugewiesen an | Zuständige Person | Zuständig
    reporter = Autor | Melder | Berichterstatter | Meldende Person
    found_in_phase = Gefunden in Phase | Entdeckungsphase | Gefunden in | Testphase
    reopened_count = Anzahl Wiedereröffnungen
    created_at = Erstellt | Erstelldatum | Erstellungsdatum
    started_at = Tatsächlicher Beginn
    resolved_at = Erledigt | Gelöst | Lösungsdatum | Erledigt am
    closed_at = Geschlossen | Geschlossen am
    due_on = Fälligkeitsdatum | Fällig | Fällig am
    updated_at = Aktualisiert | Aktualisierungsdatum
    comments = Kommentar | Kommentare
    attachments = Anhang | Anhänge
    watchers = Beobachter | Beobachtende Personen
    links = Verknüpfte Vorgänge
"""
_FRENCH = """
    issue_key = Clé de ticket | Clé du ticket | Clé de demande | Clé
    issue_type = Type de ticket | Type de demande | Type de travail
    summary = Résumé
    status = État | Etat | Statut
    status_category = Catégorie de statut | Catégorie d'état | Catégorie de l'état
    resolution = Résolution
    priority = Priorité
    severity = Gravité | Sévérité
    defect_cause = Cause racine | Cause première | Type d'anomalie
    project = Clé de projet | Clé du projet | Nom de projet | Nom du projet | Projet
    module = Composant(s) | Composants | Composant
    wbs_code = Code WBS | Code OTP
    parent_key = Clé parent | Clé du parent | Clé parente | Ticket parent | ID parent | ID du parent | Lien d'epic | Lien de l'epic | Lien vers l'epic | Lien epic
    labels = Étiquettes | Etiquettes
    fix_versions = Version(s) corrigée(s) | Versions corrigées | Version corrigée | Versions de correction | Corrigé dans la version
    story_points = Points de story | Estimation de story points | Points d'histoire | Estimation des story points
    original_estimate_hours = Estimation originale | Estimation initiale | Estimation d'origine
    remaining_estimate_hours = Estimation restante | Temps restant
    time_spent_hours = Temps consacré | Temps passé
    assignee = Attribution | Personne assignée | Responsable de la demande | Attribué à | Assigné à | Assigné
    reporter = Rapporteur | Auteur
    found_in_phase = Trouvé dans la phase | Phase de détection | Détecté en phase
    reopened_count = Nombre de réouvertures
    created_at = Création | Créée | Créé | Date de création | Créé(e)
    started_at = Début réel
    resolved_at = Résolue | Résolu | Date de résolution | Résolu(e)
    closed_at = Fermée | Fermé | Date de fermeture
    due_on = Échéance | Date d'échéance
    updated_at = Mise à jour | Mis à jour | Date de mise à jour
    comments = Commentaire | Commentaires
    attachments = Pièce jointe | Pièces jointes
    watchers = Observateurs | Observateur
    links = Demandes liées | Tickets liés
"""
_RUSSIAN = """
    issue_key = Ключ проблемы | Ключ запроса | Ключ задачи | Ключ
    issue_type = Тип задачи | Тип запроса | Тип проблемы
    summary = Тема | Сводка | Резюме
    status = Статус | Состояние
    status_category = Категория статуса
    resolution = Решение | Резолюция
    priority = Приоритет
    severity = Серьезность | Серьёзность | Критичность
    defect_cause = Причина дефекта | Корневая причина | Тип дефекта
    project = Ключ проекта | Название проекта | Имя проекта | Проект
    module = Компонент/ы | Компоненты | Компонент(ы) | Компонент | Модуль
    site = Площадка
    wbs_code = Код СДР | Код WBS | СДР
    parent_key = Ключ родителя | Родительский ключ | Родитель | Родительская задача | ID родителя | Родительский ID | Ссылка на эпик | Эпик
    sprints = Спринт
    labels = Метки | Метка
    fix_versions = Исправить в версиях | Исправить в версии | Исправлено в версиях | Исправлено в версии | Версии исправления
    story_points = Пункты истории | Оценка в story points | Оценка Story Points | Очки истории
    original_estimate_hours = Первоначальная оценка | Исходная оценка
    remaining_estimate_hours = Оставшееся время | Оставшаяся оценка | Осталось времени | Оставшийся объем работ
    time_spent_hours = Затраченное время | Затрачено времени | Потраченное время
    assignee = Исполнитель | Назначено
    reporter = Автор | Докладчик
    found_in_phase = Обнаружено на этапе | Этап обнаружения | Фаза обнаружения
    reopened_count = Количество переоткрытий
    created_at = Создано | Создан | Создана | Дата создания
    started_at = Фактическое начало
    resolved_at = Дата решения | Решено | Решен | Дата резолюции
    closed_at = Закрыто | Дата закрытия
    due_on = Срок исполнения | Крайний срок | Дата исполнения | Срок
    updated_at = Обновлено | Обновлен | Дата обновления
    comments = Комментарий | Комментарии
    attachments = Вложение | Вложения
    watchers = Наблюдатели | Наблюдатель
    links = Связанные задачи | Связанные запросы
"""
_POLISH = """
    issue_key = Klucz zgłoszenia | Klucz
    issue_type = Typ zgłoszenia | Typ elementu pracy | Typ pracy
    summary = Podsumowanie
    status = Stan
    status_category = Kategoria statusu | Kategoria stanu
    resolution = Rozwiązanie
    priority = Priorytet
    severity = Ważność | Krytyczność | Dotkliwość
    defect_cause = Przyczyna źródłowa | Przyczyna błędu
    project = Klucz projektu | Nazwa projektu
    module = Komponent/y | Komponenty | Składniki | Moduł
    site = Lokalizacja
    wbs_code = Kod WBS | Kod SPP
    parent_key = Klucz nadrzędny | Klucz elementu nadrzędnego | Element nadrzędny | Nadrzędny | Zgłoszenie nadrzędne | Id. nadrzędnego | Id. elementu nadrzędnego | Łącze epiki | Łącze do epiki | Link do epiki
    sprints = Przebieg
    labels = Etykiety | Etykieta
    fix_versions = Wersja/e naprawy | Wersje naprawy | Wersja naprawy | Wersje poprawki | Wersja poprawki | Naprawiono w wersji
    story_points = Punkty historyjki | Punkty historii | Szacowanie punktów historii
    original_estimate_hours = Oryginalne oszacowanie | Pierwotne oszacowanie | Oryginalny szacowany czas | Pierwotny szacowany czas
    remaining_estimate_hours = Pozostałe oszacowanie | Pozostały czas | Pozostały szacowany czas
    time_spent_hours = Zużyty czas | Spędzony czas | Czas spędzony | Poświęcony czas
    assignee = Osoba przypisana | Przypisany | Przypisana osoba | Przydzielony | Osoba odpowiedzialna
    reporter = Zgłaszający | Osoba zgłaszająca
    found_in_phase = Wykryto w fazie | Faza wykrycia
    reopened_count = Liczba ponownych otwarć
    created_at = Utworzono | Utworzone | Data utworzenia
    started_at = Rzeczywisty początek
    resolved_at = Rozwiązano | Rozwiązane | Data rozwiązania
    closed_at = Zamknięto | Zamknięte | Data zamknięcia
    due_on = Termin | Termin wykonania | Data ukończenia
    updated_at = Zaktualizowano | Zaktualizowane | Data aktualizacji
    comments = Komentarz | Komentarze
    attachments = Załącznik | Załączniki
    watchers = Obserwujący | Obserwatorzy
    links = Powiązane zgłoszenia | Połączone zgłoszenia
"""
_JAPANESE = """
    issue_key = 課題キー | 作業項目キー | キー
    issue_type = 課題タイプ | 作業タイプ | 作業項目タイプ
    summary = 要約
    status = ステータス | 状況
    status_category = ステータス カテゴリ | ステータスカテゴリ | ステータス カテゴリー | ステータスカテゴリー
    resolution = 解決状況 | 解決方法
    priority = 優先度
    severity = 深刻度 | 重大度 | 重要度
    defect_cause = 根本原因 | 不具合原因
    project = プロジェクト キー | プロジェクトキー | プロジェクト名 | プロジェクト
    module = コンポーネント | モジュール
    site = サイト | 拠点
    wbs_code = WBSコード | WBS コード
    parent_key = 親キー | 親課題キー | 親 | 親課題 | 親 ID | 親課題 ID | エピック リンク | エピックリンク | 親リンク
    sprints = スプリント
    labels = ラベル
    fix_versions = 修正バージョン | 修正対象バージョン
    story_points = ストーリー ポイント | ストーリーポイント | ストーリー ポイント見積り | ストーリー ポイント見積もり | ストーリーポイント見積もり
    original_estimate_hours = 初期見積り | 初期見積もり | 初期見積
    remaining_estimate_hours = 残余見積り | 残余見積もり | 残りの見積もり | 残り見積り
    time_spent_hours = 作業時間 | 消費時間 | 実績時間
    assignee = 担当者
    reporter = 報告者
    found_in_phase = 発見フェーズ | 検出フェーズ | 検出工程
    reopened_count = 再オープン回数
    created_at = 作成日 | 作成日時 | 作成
    started_at = 実際の開始日
    resolved_at = 解決日 | 解決日時 | 解決
    closed_at = クローズ日 | 終了日
    due_on = 期限 | 期日
    updated_at = 更新日 | 更新日時 | 更新
    comments = コメント
    attachments = 添付ファイル
    watchers = ウォッチャー
    links = リンクされた課題
"""

LANGUAGES = {
    "en": _ENGLISH,
    "zh_CN": _SIMPLIFIED_CHINESE,
    "zh_TW": _TRADITIONAL_CHINESE,
    "es": _SPANISH,
    "pt_BR": _PORTUGUESE,
    "de": _GERMAN,
    "fr": _FRENCH,
    "ru": _RUSSIAN,
    "pl": _POLISH,
    "ja": _JAPANESE,
}

JIRA = header_set(
    "jira",
    "issues",
    "\n".join(names.strip("\n") for names in LANGUAGES.values()),
    marks="Issue key|Work item key|问题关键字|事务关键字|議題鍵|議題鍵值|议题鍵|解决结果|Issue id|Work item ID|问题ID|工作量比率|Work Ratio|Project key|项目关键字|项目主管|表决|"
    "最近查看的|Last Viewed|Fix Version/s|Component/s|Issue Type|问题类型|Clave de incidencia|ID de la incidencia|Chave da item|ID da item|Ключ проблемы|Тип задачи|"
    "Vorgangsschlüssel|Vorgangs-ID|Vorgangstyp|Clé de ticket|ID de ticket|Type de ticket|課題キー|課題 ID|課題タイプ|Klucz zgłoszenia|Id. zgłoszenia|Typ zgłoszenia|"
    "Tipo de Incidencia|Tipo de item|議題類型|Σ Time Spent|Σ 耗费时间|Work type|Parent summary",
    seconds=_SECONDS,
    several="parent_key",
)

# The column that holds the number by which `Parent id` and, in the cloud, `Parent` name an issue of the same file.
ISSUE_IDS = (
    "Issue id|Work item ID|问题ID|问题 ID|事务ID|議題ID|議題 ID|問題ID|ID de la incidencia|ID de incidencia|ID da item|ID do item|ID da ocorrência|Vorgangs-ID|"
    "ID de ticket|ID du ticket|ID de demande|ID проблемы|ID запроса|ID задачи|Идентификатор проблемы|Идентификатор запроса|Идентификатор задачи|Id. zgłoszenia|ID zgłoszenia|課題 ID|課題ID"
)
