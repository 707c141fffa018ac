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
to_do: to do, todo, new, open, no category, 待办, 待办事项, 未开始, 新建, 待處理, 待辦事項, 待辦, 無類別, tareas por hacer, por hacer, pendiente, itens pendentes, a fazer, tarefas pendentes, itens a fazer, pendente, к выполнению, сделать, новое, новый, zu erledigen, aufgaben, à faire, do zrobienia, nowe, 未着手, 実行予定, 作業前, to do アイテム, undefined, indeterminate new
in_progress: in progress, indeterminate, 进行中, 处理中, 正在进行, 進行中, 處理中, 正在進行, en curso, en progreso, em andamento, em progresso, в работе, в процессе, выполняется, in arbeit, in bearbeitung, en cours, w toku, 作業中
done: complete, completed, 完成, 已完成, 完毕, listo, hecho, finalizado, finalizada, concluído, concluída, itens concluídos, feito, готово, сделано, выполнено, fertig, erledigt, abgeschlossen, terminé, terminée, terminé(e), gotowe, zrobione, ukończone, 完了, 完了済み
cancelled: canceled, 已取消, 取消
""")
# The category of a state by its name, where the export holds no category. Solved is not closed: both are "done" for flow,
# and closed_at tells them apart. Names are those that the tools themselves give, in ten languages.
STATUS = _words("""
to_do: open, new, to do, todo, backlog, reopened, selected for development, created, submitted, draft, ready, ready for development, planned, registered, 待办, 待办事项, 打开, 新建, 新增, 新, 未开始, 重新打开, 重开, 重新开启, 激活, 待处理, 待解决, 已提交, 规划中, 待确认, 接受, 已接受, 接受/处理, 开放, 未解决, 新提交, 未激活, 草稿, 变更中, 待开发, 被选中要开发, 已选择待开发, 待開始, 待處理, 待辦, 待辦事項, 未開始, 開啟, 已開啟, 新增, 重新開啟, 選擇開發
to_do: abierta, abierto, reabierta, reabierto, nueva, nuevo, pendiente, tareas por hacer, por hacer, seleccionado para desarrollo, seleccionada para desarrollo, aberto, aberta, reaberto, reaberta, novo, nova, pendente, a fazer, itens pendentes, tarefas pendentes, selecionado para desenvolvimento, selecionado para o desenvolvimento, открыт, открыта, открыто, открытый, новый, новая, новое, переоткрыт, переоткрыта, переоткрыто, повторно открыт, к выполнению, сделать, нужно сделать, выбрано для разработки, бэклог, offen, neu, wiedereröffnet, erneut geöffnet, zu erledigen, ausgewählt für entwicklung, für entwicklung ausgewählt, ouvert, ouverte, nouveau, nouvelle, réouvert, réouverte, rouvert, rouverte, à faire, sélectionné pour le développement, otwarte, otwarty, nowe, nowy, otwarte ponownie, ponownie otwarte, ponownie otwarty, do zrobienia, wybrane do rozwoju, wybrano do rozwoju, wybrane do opracowania, オープン, 新規, 再オープン, 未着手, 未対応, 作業前, バックログ, 開発対象として選択済み, 開発用に選択済み
in_progress: in progress, in development, in review, code review, testing, in testing, in test, qa, blocked, on hold, waiting, assigned, ready for test, ready for qa, ready for testing, verifying, under review, implementing, analysis, in analysis, design, development, pending, paused, planning, 进行中, 处理中, 正在进行, 开发中, 测试中, 已分配, 已暂停, 评审中, 实现中, 修复中, 验证中, 待验证, 待测试, 待评审, 联调中, 已挂起, 挂起, 延期处理中, 设计中, 审核中, 正在审核, 审查中, 待发布, 待上线, 被阻塞, 阻塞, 转测试, 規劃中, 開發中, 測試中, 進行中, 處理中, 審核中
in_progress: en curso, en progreso, en revisión, en pruebas, en desarrollo, en espera, bloqueada, bloqueado, em andamento, em progresso, em revisão, em teste, em testes, em desenvolvimento, em análise, em espera, bloqueado, в работе, в процессе, выполняется, на проверке, на рассмотрении, на тестировании, тестирование, разработка, в разработке, ожидание, заблокировано, заблокирован, in arbeit, in bearbeitung, in prüfung, wird überprüft, im review, im test, in überprüfung, blockiert, wartend, en cours, en cours de revue, en révision, revue en cours, en test, en développement, en attente, bloqué, bloquée, w toku, w trakcie, w trakcie realizacji, w trakcie przeglądu, w przeglądzie, w testach, w trakcie testów, zablokowane, oczekujące, wstrzymane, 作業中, レビュー中, 対応中, 処理中, テスト中, 保留, 保留中, ブロック中, 開発中
done: done, closed, resolved, complete, completed, finished, released, verified, fixed, accepted, delivered, deployed, 已完成, 完成, 已关闭, 关闭, 已解决, 解决, 已验证, 已实现, 已发布, 已上线, 已修复, 已验收, 已处理, 已交付, 研发完毕, 測試完成, 已關閉, 關閉, 已解決, 已完成, 結束, 已驗證
done: cerrada, cerrado, resuelta, resuelto, hecho, listo, lista, finalizada, finalizado, completada, completado, terminada, terminado, fechado, fechada, concluído, concluída, concluido, resolvido, resolvida, feito, feita, finalizado, entregue, itens concluídos, закрыт, закрыта, закрыто, закрытый, решен, решена, решено, решенный, готово, выполнено, сделано, завершено, завершен, завершена, geschlossen, erledigt, gelöst, fertig, abgeschlossen, behoben, fermé, fermée, résolu, résolue, terminé, terminée, terminé(e), clos, close, clôturé, livré, zamknięte, zamknięty, rozwiązane, rozwiązany, gotowe, zrobione, ukończone, zakończone, zakończony, 完了, 完了済み, クローズ, クローズ済み, 解決済み, 解決, 終了, 終了済み
cancelled: cancelled, canceled, rejected, declined, withdrawn, won't do, wont do, abandoned, obsolete, 已取消, 取消, 已拒绝, 拒绝, 已废弃, 作废, 已撤销, 已挂起取消, 已終止, 已拒絕, 已撤銷, cancelada, cancelado, rechazada, rechazado, descartada, descartado, rejeitado, rejeitada, отменен, отменена, отменено, отклонен, отклонена, отклонено, abgebrochen, storniert, abgelehnt, verworfen, annulé, annulée, rejeté, rejetée, refusé, abandonné, anulowane, anulowany, odrzucone, odrzucony, キャンセル, キャンセル済み, 却下, 中止, 取り消し
""")
SEVERITY = _words("""
fatal: 致命, 致命缺陷, blocker, 1, s1, sev1, sev 1, 1级, 一级, 阻塞, 崩溃, 1-致命, 1-fatal, 致命的, fatal, crash, show stopper, showstopper, 致命錯誤, bloqueante, bloqueador, bloqueadora, блокирующий, блокирующая, блокер, блокирующее, blockierend, bloquant, bloquante, blokujący, blokująca, 致命的, ブロッカー
serious: 严重, 严重缺陷, critical, major, 2, s2, sev2, sev 2, 2级, 二级, 重大, 嚴重, 2-严重, 严重的, 高, high, serious, severe, crítica, crítico, grave, mayor, principal, maior, alta, alto, критический, критическая, критичный, критично, важный, значительный, высокий, высокая, kritisch, schwerwiegend, schwer, hoch, critique, majeur, majeure, élevée, élevé, krytyczny, krytyczna, poważny, poważna, wysoki, wysoka, 重度, 深刻
normal: 一般, 一般缺陷, 普通, moderate, medium, average, 3, s3, sev3, sev 3, 3级, 三级, 3-一般, 中, 一般的, minor (s3), media, medio, moderada, moderado, normal, média, médio, средний, средняя, нормальный, mittel, moyen, moyenne, normale, średni, średnia, normalny, normalna, 中度, 通常
minor: 轻微, 轻微缺陷, 提示, 轻微(提示), 轻微的, low, small, 4, s4, sev4, sev 4, 4级, 四级, cosmetic, trivial, 4-轻微, 低, 輕微, 次要, minor, menor, leve, baja, bajo, baixa, baixo, незначительный, незначительная, низкий, низкая, тривиальный, косметический, geringfügig, gering, niedrig, leicht, mineur, mineure, faible, drobny, drobna, niski, niska, trywialny, 軽微, 軽度, 微小
suggestion: 建议, 建议性, 优化建议, 5, s5, enhancement, 五级, 5级, 5-建议, 建議, sugerencia, sugestão, предложение, vorschlag, suggestion, sugestia, 提案
""")
RESOLUTION = _words("""
fixed: fixed, 已解决, 已修复, 修复, 已解決, 已修復, 修復, resuelto, corregido, corregida, arreglado, resolvido, corrigido, corrigida, исправлено, исправлен, исправлена, решено, решён, решен, behoben, gelöst, korrigiert, corrigé, corrigée, résolu, résolue, naprawione, naprawiony, naprawiono, rozwiązane, 修正済み, 修正, 解決済み, fixed (done), 解决, 已改正
wont_fix: won't fix, wont fix, won't do, wont do, will not fix, will not do, 不予解决, 不修复, 不解决, 拒绝, 无需解决, 不处理, 不會修復, 不会修复, 不做, 不会处理, 將不修復, 不予處理, 不修復, no se corregirá, no se resolverá, no se solucionará, no se arreglará, no se hará, no se va a hacer, não será corrigido, não corrigir, não será resolvido, não será feito, não fazer, не будет исправлено, не исправлять, не будет исправляться, не будет выполнено, не будет сделано, wird nicht behoben, wird nicht gelöst, wird nicht korrigiert, wird nicht erledigt, wird nicht gemacht, ne sera pas corrigé, ne sera pas résolu, ne pas corriger, ne sera pas fait, ne sera pas réalisé, nie zostanie naprawione, nie będzie naprawione, nie do naprawienia, nie zostanie wykonane, nie do zrobienia, nie będzie zrobione, 修正しない, 対応しない, 実行しない, 対応せず, won't resolve, 挂起不改
deferred: deferred, postponed, later, remind, 延期处理, 延期解决, 延期, 推迟, 以后解决, 遗留, 后续解决, 以後處理, 延後, 稍後, aplazado, pospuesto, más adelante, diferido, adiado, posteriormente, отложено, отложен, позже, zurückgestellt, verschoben, später, reporté, différé, plus tard, odroczone, odłożone, później, 延期済み, 先送り, 後日対応
duplicate: duplicate, duplicated, 重复, 重复bug, 重复缺陷, 重复的, 重複, 重複的, duplicada, duplicado, дубликат, дублирование, повтор, doublon, dupliqué, en double, duplikat, duplikacja, 重複課題
as_designed: as designed, by design, works as designed, not a bug, not a defect, invalid, working as intended, not an issue, 设计如此, 非缺陷, 不是缺陷, 符合设计, 不是问题, 非问题, 无效, 无效缺陷, 不是bug, 無效, 設計如此, 不是錯誤, no es un error, no es un defecto, inválido, inválida, no válido, não é um erro, não é um bug, не является ошибкой, не ошибка, не баг, некорректно, неверно, kein fehler, ungültig, wie vorgesehen, non valide, invalide, pas un bogue, comme prévu, nie jest błędem, nieprawidłowe, zgodnie z projektem, 仕様, 仕様どおり, 仕様通り, 無効, バグではない
cannot_reproduce: cannot reproduce, can't reproduce, can not reproduce, not reproducible, unable to reproduce, works for me, incomplete, 无法重现, 不能重现, 无法复现, 不可重现, 無法重現, 不能重現, 信息不足, 不完整, 無法再現, no se puede reproducir, no reproducible, imposible de reproducir, incompleta, incompleto, não foi possível reproduzir, não é possível reproduzir, não reproduzível, não pode ser reproduzido, impossível reproduzir, не воспроизводится, невозможно воспроизвести, не удается воспроизвести, неполный, неполное описание, nicht reproduzierbar, kann nicht reproduziert werden, unvollständig, impossible à reproduire, non reproductible, ne peut pas être reproduit, incomplet, incomplète, nie można odtworzyć, nie można powtórzyć, nie do odtworzenia, niekompletne, niekompletny, 再現不可, 再現できません, 再現せず, 再現不能, 不完全
third_party: third party, third-party, external, upstream, not our bug, not our problem, 外部原因, 第三方原因, 第三方问题, 外部问题
to_requirement: converted to requirement, to requirement, to story, 转为需求, 转需求, 需求变更, 转研发需求
cancelled: cancelled, canceled, abandoned, withdrawn, obsolete, declined, rejected, known error, 已取消, 取消, 废弃, 撤销, 已拒绝, 已撤销, 已撤銷, cancelada, cancelado, rechazado, rechazada, descartado, anulado, rejeitado, rejeitada, recusado, отменено, отменен, отменена, отклонено, отклонен, abgebrochen, abgelehnt, storniert, zurückgezogen, annulé, annulée, refusé, rejeté, abandonné, anulowane, anulowano, odrzucone, キャンセル, キャンセル済み, 却下, 取り消し, 中止
done: done, complete, completed, resolved, implemented, delivered, 完成, 已完成, 已实现, 已實現, listo, hecho, completado, terminado, finalizado, concluído, concluída, feito, itens concluídos, готово, выполнено, сделано, завершено, fertig, erledigt, abgeschlossen, terminé, terminée, terminé(e), fait, effectué, gotowe, wykonane, zrobione, ukończone, 完了, 完了済み, 実施済み, 已处理
""")
ISSUE_TYPE = _words("""
defect: bug, defect, fault, incident, problem, 缺陷, 故障, 错误, 程序错误, 錯誤, 程式錯誤, error, fallo, defecto, defeito, falha, erro, fehler, bogue, anomalie, błąd, usterka, ошибка, баг, дефект, バグ, 不具合, 障害, 欠陥, 臭蟲, 問題單, 缺陷单, 漏洞, incidencia, incidente, инцидент, 事件
requirement: requirement, 需求, 产品需求, 用户需求, 研发需求, 业务需求, 軟體需求, feature request, 系统需求, feature, new feature, 新功能, 新特性, 特性, 功能, nueva función, nueva característica, nueva funcionalidad, requisito, función, característica, funcionalidade, nova funcionalidade, novo recurso, recurso, новая функция, новая функциональность, новый функционал, требование, функция, neue funktion, neues feature, neue funktionalität, anforderung, funktion, nouvelle fonctionnalité, fonctionnalité, exigence, nowa funkcja, funkcja, wymaganie, funkcjonalność, 新機能, 機能, 要件, 要求
story: story, user story, 用户故事, 故事, 故事点, 使用者故事, historia, historia de usuario, história, história de usuário, история, пользовательская история, récit, récit utilisateur, user-story, historyjka, historyjka użytkownika, historia użytkownika, opowieść, ストーリー, ユーザーストーリー, ユーザー ストーリー
task: task, 任务, 工作任务, 技术任务, 任務, tarea, tarefa, задача, aufgabe, tâche, zadanie, タスク, 開發任務, 事务, 工作项, improvement, 改进, 优化, 改善, 改進, mejora, melhoria, улучшение, verbesserung, amélioration, ulepszenie, usprawnienie, 开发任务, technical task, tarea técnica
change_request: change request, change, 变更, 变更请求, 变更申请, 需求变更, 變更, 變更請求, solicitud de cambio, cambio, solicitação de mudança, mudança, запрос на изменение, изменение, änderungsantrag, änderung, änderungsanforderung, demande de changement, changement, żądanie zmiany, wniosek o zmianę, zmiana, 変更要求, 変更依頼, 変更
risk: risk, 风险, 風險, riesgo, risco, риск, risiko, risque, ryzyko, リスク
epic: epic, 史诗, 長篇故事, 史詩, 大型工作, эпик, エピック, épica, épico, epos, epopée, epika, epik, épopée
sub_task: sub-task, subtask, sub task, 子任务, 子任務, subtarea, sub-tarea, subtarefa, sub-tarefa, подзадача, unteraufgabe, teilaufgabe, sous-tâche, podzadanie, サブタスク, サブ タスク, technische teilaufgabe
""")
# The classic names of Jira are one step milder than they sound: since version 7 its Critical is High and its Major Medium.
PRIORITY = _words("""
highest: highest, blocker, urgent, immediate, p0, 最高, 紧急, 緊急, 非常紧急, 特急, más alta, la más alta, el más alto, más alto, mais alta, a mais alta, mais alto, bloqueadora, bloqueador, bloqueante, самый высокий, наивысший, блокирующий, höchste, höchster, am höchsten, sehr hoch, la plus haute, la plus élevée, plus haute, bloquant, bloquante, najwyższy, najwyższa, blokujący, blockierend, 最優先
high: high, critical, p1, 高, 重要, 较高, 較高, alta, alto, crítica, crítico, высокий, критический, критичный, hoch, wichtig, kritisch, haute, élevée, élevé, critique, wysoki, wysoka, krytyczny, 高い, 重大
medium: medium, normal, moderate, major, p2, 中, 中等, 普通, 一般, 主要, media, medio, mayor, principal, média, médio, maior, средний, нормальный, значительный, серьезный, mittel, schwerwiegend, moyenne, moyen, majeur, majeure, średni, średnia, ważny, 通常, 中程度
low: low, minor, p3, 低, 较低, 較低, 次要, baja, bajo, menor, baixa, baixo, низкий, незначительный, niedrig, gering, geringfügig, basse, faible, mineur, mineure, niski, niska, drobny, 低い, 軽度
lowest: lowest, trivial, p4, p5, 最低, 无关紧要, 無關緊要, 瑣碎, más baja, la más baja, más bajo, mais baixa, a mais baixa, mais baixo, самый низкий, тривиальный, niedrigste, niedrigster, am niedrigsten, sehr niedrig, la plus basse, la plus faible, plus basse, najniższy, najniższa, trywialny
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
not_run: not run, notrun, not executed, untested, no run, pending, todo, to do, executing, 未执行, 未运行, 未测试, 待执行, 待测
""")
COST_CATEGORY = _words("""
labor: labour, personnel, staff, 人工成本, 人工, 人工费, 人力成本, 人力, 人员成本, 职工薪酬, 工资
equipment: hardware, devices, 设备采购, 设备, 硬件, 设备费, 设备采购费, 硬件采购, 材料费, 设备材料费, 设备材料
software: software licences, licenses, licences, 软件采购, 软件, 软件费, 软件许可, 外购软件, 软件采购费
subcontract: subcontracting, subcontractor, outsourcing, outsourced, 分包外包, 分包, 外包, 外包费, 分包费, 分包成本, 外包成本, 外包服务费, 外协费, 技术服务费
travel: travel expenses, 差旅费, 差旅, 交通费, 差旅成本
other_direct: other direct, other, others, 其他直接费用, 其他直接, 其他, 其它, 其他直接成本, 其他费用, 其他直接费
indirect: overhead, indirect cost, depreciation, amortization, 折旧, 折旧费, 摊销, 间接费用分摊, 间接费用, 间接, 间接成本, 管理费分摊, 制造费用
excluded: exclude, ignore, not cost, 不计入, 排除, 不归集, 剔除
""")
COST_KIND = _words("""
actual: actual cost, actuals, booked, 实际, 实际成本, 已发生, 发生, 实际发生
accrual: accrued, accruals, 暂估, 计提, 预提, 暂估入账, 应计
forecast: etc, estimate to complete, forecasts, estimate, 预测, 尚需, 尚需估算, 完工尚需估算, 预计尚需
commitment: committed, commitments, order, 承诺, 已承诺, 合同承诺, 已签未付, 已签合同, 承诺成本
excluded: exclude, ignore, not cost, carry_forward, carry forward, 不计入, 排除, 结转, 剔除
""")
FX_RATE_KIND = _words("""
spot: spot rate, daily, daily rate, mid, middle rate, central parity, 即期, 即期汇率, 中间价, 日汇率, 当日汇率, 每日汇率, 交易日汇率, 业务日汇率, m
month_average: month average, monthly average, average, average rate, 月平均, 月均, 月平均汇率, 平均汇率, 月均汇率, 当月平均, 平均
closing: closing rate, month end, period end, 期末, 期末汇率, 月末, 月末汇率, 月末汇率(期末), 结账汇率, 调整汇率
budget: budget rate, plan, planned, plan rate, 预算, 预算汇率, 计划, 计划汇率, 固定汇率
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
development: development, develop, coding, code, programming, implementation, dev, 开发, 编码, 研发, 后端开发, 前端开发, 前端开发(web), 缺陷修复, 研发设计, 功能开发, 接口开发, bug修复, bug fixing, bugfix, 代码开发, entwicklung, programmierung, desarrollo, programación, desenvolvimento, programação, développement, разработка, программирование, programowanie, rozwój, 開発, 開發
test: testing, test, qa, verification, 测试, 测试验证, 系统测试, 联调, 联调测试, 集成测试, 用例编写, tests, prueba, pruebas, teste, testes, prüfung, тестирование, testowanie, testy, テスト, 測試
technical_debt: technical debt, tech debt, techdebt, refactoring, refactor, 技术债, 技术债偿还, 重构, 还债, 技术债务, 代码重构, 技术改造
upkeep: upkeep, maintenance, operations, support, ops, keep the lights on, 运维, 维护, 日常运维, 技术支持, 支持, 运维支持, wartung, betrieb, mantenimiento, soporte, manutenção, suporte, exploitation, поддержка, сопровождение, utrzymanie, wsparcie, 保守, 運用
requirements: requirements, analysis, requirement, business analysis, 需求, 需求分析, 需求调研, 调研, analyse, análisis, análise, anforderungen, анализ, analiza, 要件定義
design: design, architecture, ui design, 设计, 架构设计, ui设计, 方案设计, 概要设计, 详细设计, 研究, entwurf, diseño, conception, проектирование, projektowanie, 設計
project_management: project management, management, pm, coordination, administration, 项目管理, 管理, 协调, 项目协调, 公共事务, projektleitung, projektmanagement, gestión de proyecto, gerenciamento de projeto, gestion de projet, управление проектом, zarządzanie projektem, プロジェクト管理, 專案管理
deployment: deployment, deploy, release, installation, rollout, roll-out, implementation on site, 部署, 实施, 上线, 安装, 现场实施, 安装部署, 割接, 安装调试
training: training, train, 培训, 用户培训, schulung, capacitación, formación, treinamento, formation, обучение, szkolenie, 研修
meeting: meeting, meetings, call, 会议, 例会, 讨论, 评审, besprechung, sitzung, reunión, reunião, réunion, совещание, встреча, spotkanie, 打ち合わせ, 会議, 會議
leave: leave, vacation, holiday, sick, absence, pto, 请假, 休假, 年假, 病假, 调休, 调休请假, 事假, urlaub, krankheit, vacaciones, férias, congé, congés, отпуск, urlop, 休暇
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

# How progress earns. Level of effort (earned as time passes) and apportioned effort are none of these: they stay unknown words.
EARNED_VALUE_RULE = _words("""
0/100: 0-100, 0：100, 0:100, 0／100, 0/100法, 0/100 法则, 0/100规则, 0%/100%, 0-100法, 完成才计, 完成计, fixed formula 0/100, 0/100 rule, zero/one hundred, completed contract
50/50: 50-50, 50:50, 50：50, 50／50, 50/50法, 50/50 法则, 50/50规则, 50%/50%, 50-50法, fixed formula 50/50, 50/50 rule
weighted_milestones: weighted milestone, weighted milestones, weighted-milestones, milestone weights, milestones, milestone, 加权里程碑, 里程碑加权, 里程碑加权法, 加权里程碑法, 里程碑权重法, 里程碑法, 里程碑
physical: physical percent complete, physical % complete, physical complete, % complete, percent complete, physical progress, 实际完成百分比, 实物完成百分比, 实物完成率, 物理完成百分比, 形象进度, 实物进度, 完成百分比, 完成百分比法, 实际完成, 百分比, physisch, avancement physique
issues_done: issues done, issues, issue count, work items done, weighted issues, story points done, 缺陷/工作项完成, 工作项完成, 工作项, 按工作项, 问题完成, 需求完成, 按需求完成, 按故事点, 故事点, 按问题
60/30/10: 60-30-10, 60:30:10, 60／30／10, 60/30/10法, 60/30/10规则, 60%/30%/10%, 6/3/1, 到货60/安装30/初验10, 到货60%/安装30%/初验10%, 到货60%安装30%初验10%, 到货/安装/初验, 设备到货法, 设备采购法
effort: effort based, effort-based, hours, by hours, units, 按工时, 工时, 工时法, 按工时比例, 按投入, 投入工时, 投入法, 投入量法
""")

# What holds a task beside its links: Microsoft Project's and Primavera's words, as they print them and as their files hold them.
CONSTRAINT = _words("""
as_soon_as_possible: asap, 越早越好, 尽早, 尽快, none, 无, so früh wie möglich, dès que possible, lo antes posible, o mais breve possível, как можно раньше
as_late_as_possible: alap, 越晚越好, 尽晚, 尽可能晚, cs_alap, so spät wie möglich, le plus tard possible, lo más tarde posible, o mais tarde possível, как можно позже
start_no_earlier_than: snet, 不得早于...开始, 不得早于…开始, 不早于…开始, 不早于开始, 不得早于此日期开始, 不得早于开始, start on or after, cs_msoa, 开始不早于, 不早于...开始, 最早开始, anfang nicht früher als, début au plus tôt le, no comenzar antes del, não iniciar antes de, начало не ранее
start_no_later_than: snlt, 不得晚于...开始, 不得晚于…开始, 不晚于…开始, 不晚于开始, 不得晚于开始, start on or before, cs_msob, 开始不晚于, 不晚于...开始, 最晚开始, anfang nicht später als, début au plus tard le, no comenzar después del, não iniciar depois de, начало не позднее
finish_no_earlier_than: fnet, 不得早于...完成, 不得早于…完成, 不早于…完成, 不早于完成, 不得早于完成, finish on or after, cs_meoa, 完成不早于, 不早于...完成, 最早完成, ende nicht früher als, fin au plus tôt le, no finalizar antes del, não terminar antes de, окончание не ранее
finish_no_later_than: fnlt, 不得晚于...完成, 不得晚于…完成, 不晚于…完成, 不晚于完成, 不得晚于完成, finish on or before, cs_meob, 完成不晚于, 不晚于...完成, 最晚完成, ende nicht später als, fin au plus tard le, no finalizar después del, não terminar depois de, окончание не позднее
must_start_on: mso, 必须开始于, 必须开始, start on, mandatory start, cs_mso, cs_mandstart, 强制开始, muss anfangen am, doit commencer le, debe comenzar el, deve iniciar em, фиксированное начало
must_finish_on: mfo, 必须完成于, 必须完成, finish on, mandatory finish, cs_meo, cs_mandfin, 强制完成, muss enden am, doit finir le, debe finalizar el, deve terminar em, фиксированное окончание
""")

VOCABULARIES: dict[tuple[str, str], dict[str, str]] = {
    ("issues", "status_category"): STATUS_CATEGORY,
    ("issues", "severity"): SEVERITY,
    ("issues", "resolution"): RESOLUTION,
    ("issues", "issue_type"): ISSUE_TYPE,
    ("issues", "priority"): PRIORITY,
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
    ("budget", "earned_value_rule"): EARNED_VALUE_RULE,
    ("schedule", "phase"): PHASE,
    ("schedule", "earned_value_rule"): EARNED_VALUE_RULE,
    ("schedule", "constraint_type"): CONSTRAINT,
    ("fx_rates", "kind"): FX_RATE_KIND,
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


# ZenTao writes priorities as numbers, 1 the most urgent; elsewhere a number does not say which end is up.
_OF_TOOLS = {
    ("zentao", "issues", "priority"): PRIORITY | {"1": "highest", "2": "high", "3": "medium", "4": "low"},
}


def vocabulary_of(feed: str, column: str, system: str = "generic") -> dict[str, str] | None:
    """Word as compared (`normal_word`) → the one it stands for; None where the column holds free text."""
    return _OF_TOOLS.get((system, feed, column)) or VOCABULARIES.get((feed, column))


def unknown_words(values: pl.Series, vocabulary: dict[str, str]) -> dict[str, int]:
    """Words as printed that the vocabulary does not know, with their rows, in order. Only distinct values are looked at."""
    counts = values.drop_nulls().value_counts(name="rows")
    return {word: rows for word, rows in sorted(counts.iter_rows()) if normal_word(word) not in vocabulary}


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
