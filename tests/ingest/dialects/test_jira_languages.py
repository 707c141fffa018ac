"""Jira's CSV in ten languages: one export each, written as the tool prints it, read cell by cell."""
# ruff: noqa: E501 (a header row is one line)

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from models.builds.data_dir import DataDir
from tests.ingest.exports import codes, landed_rows, load

pytestmark = pytest.mark.whole  # each language through all of ingest

# The columns of the export: summary, key, number, type, state, priority, resolution, assignee, reporter, created, updated,
# resolved, due, label twice, fix version twice, component, original estimate, time spent, its roll-up, severity, story points,
# comment twice, attachment, outward link, inward link, watcher, parent's number, worklog.
# Then: the words of three issues (type, state, priority, resolution) and a moment as the language writes it: 4 December 2025,
# 10:57 in the morning, and 17 May 2026, 8:40 in the evening.
LANGUAGES = {
    "en": (
        "Summary|Issue key|Issue id|Work type|Status|Priority|Resolution|Assignee|Reporter|Created|Updated|Resolved|Due date|"
        "Labels|Labels|Fix versions|Fix versions|Components|Original estimate|Time Spent|Σ Time Spent|Custom field (Severity)|"
        "Custom field (Story Points)|Comment|Comment|Attachment|Outward issue link (Blocks)|Inward issue link (Relates)|"
        "Watchers|Parent id|Log Work",
        [("Bug", "Done", "Highest", "Fixed"), ("Story", "In Progress", "Medium", "Unresolved"), ("Sub-task", "Closed", "Low", "Won't Do")],
        "Unassigned",
        ("04/Dec/25 10:57 AM", "17/May/26 8:40 PM"),
    ),
    "zh_CN": (
        "概要|问题关键字|问题ID|问题类型|状态|优先级|解决结果|经办人|报告人|创建日期|已更新|已解决|到期日|标签|标签|修复的版本|修复的版本|模块|"
        "初始预估|耗费时间|Σ 耗费时间|自定义字段(严重程度)|自定义字段(Story Point)|评论|评论|附件|向外的问题链接(Blocks)|向内的问题链接(Relates)|关注者|父ID|工作日志",
        [("缺陷", "完成", "最高", "已解决"), ("故事", "处理中", "中", "未解决"), ("子任务", "已关闭", "低", "不予解决")],
        "未分配",
        ("04/十二月/25 10:57 上午", "17/五月/26 8:40 下午"),
    ),
    "zh_TW": (
        "摘要|議題鍵|議題 ID|議題類型|狀態|優先順序|解決方案|受託人|報告人|建立時間|更新時間|已解決|到期日|標籤|標籤|修正版本|修正版本|元件|"
        "原始預估|耗費時間|Σ 耗費時間|自訂欄位 (嚴重程度)|自訂欄位 (故事點數)|評論|評論|附件|向外議題連結 (Blocks)|向內議題連結 (Relates)|監看者|父項 ID|工作日誌",
        [("錯誤", "完成", "最高", "已修復"), ("使用者故事", "進行中", "中", "未解決"), ("子任務", "已關閉", "低", "不予處理")],
        "未指派",
        ("04/十二月/25 10:57 上午", "17/五月/26 8:40 下午"),
    ),
    "es": (
        "Resumen|Clave de incidencia|ID de la incidencia|Tipo de Incidencia|Estado|Prioridad|Resolución|Persona asignada|Informador|"
        "Creada|Actualizada|Resuelta|Fecha de vencimiento|Etiquetas|Etiquetas|Versiones corregidas|Versiones corregidas|Componentes|"
        "Estimación original|Tiempo Trabajado|Σ Tiempo Trabajado|Campo personalizado (Severidad)|"
        "Campo personalizado (Puntos de historia)|Comentario|Comentario|Adjunto|Enlace de salida de incidencia (Blocks)|"
        "Enlace de entrada de incidencia (Relates)|Observadores|ID de la principal|Registrar trabajo",
        [("Error", "Finalizada", "Más alta", "Corregido"), ("Historia", "En curso", "Media", "Sin resolver"), ("Subtarea", "Cerrada", "Baja", "No se corregirá")],
        "Sin asignar",
        ("04/dic/25 10:57 AM", "17/may/26 8:40 PM"),
    ),
    "pt_BR": (
        "Resumo|Chave da item|ID da item|Tipo de item|Status|Prioridade|Resolução|Responsável|Relator|Criado|Atualizado(a)|Resolvido(a)|"
        "Data limite|Categorias|Categorias|Versões corrigidas|Versões corrigidas|Componentes|Estimativa original|Tempo gasto|"
        "Σ Tempo gasto|Campo personalizado (Severidade)|Campo personalizado (Story point estimate)|Comentar|Comentar|Anexo|"
        "Link externo de item (Blocks)|Link interno de item (Relates)|Observadores|Pai|Registro de trabalho",
        [("Erro", "Concluído", "Mais alta", "Corrigido"), ("História", "Em andamento", "Média", "Não resolvido"), ("Subtarefa", "Fechado", "Baixa", "Não será corrigido")],
        "Não atribuído",
        ("04/dez/25 10:57 AM", "17/mai/26 8:40 PM"),
    ),
    "de": (
        "Zusammenfassung|Vorgangsschlüssel|Vorgangs-ID|Vorgangstyp|Status|Priorität|Lösung|Zugewiesene Person|Autor|Erstellt|"
        "Aktualisiert|Erledigt|Fälligkeitsdatum|Stichwörter|Stichwörter|Lösungsversion(en)|Lösungsversion(en)|Komponente(n)|"
        "Ursprüngliche Schätzung|Benötigte Zeit|Σ Benötigte Zeit|Benutzerdefinierte Felder (Schweregrad)|"
        "Benutzerdefinierte Felder (Story Points)|Kommentar|Kommentar|Anhang|Ausgehende Vorgangsverknüpfung (Blocks)|"
        "Eingehende Vorgangsverknüpfung (Relates)|Beobachter|Übergeordnete ID|Arbeit protokollieren",
        [("Fehler", "Erledigt", "Höchste", "Behoben"), ("Story", "In Arbeit", "Mittel", "Nicht erledigt"), ("Teilaufgabe", "Geschlossen", "Niedrig", "Wird nicht behoben")],
        "Nicht zugewiesen",
        ("04/Dez/25 10:57 AM", "17/Mai/26 8:40 PM"),
    ),
    "fr": (
        "Résumé|Clé de ticket|ID de ticket|Type de ticket|État|Priorité|Résolution|Responsable|Rapporteur|Création|Mise à jour|Résolu(e)|"
        "Date d'échéance|Étiquettes|Étiquettes|Versions corrigées|Versions corrigées|Composants|Estimation originale|Temps consacré|"
        "Σ Temps consacré|Champs personnalisés (Gravité)|Champs personnalisés (Story Points)|Commentaire|Commentaire|Pièce jointe|"
        "Lien de ticket sortant (Blocks)|Lien de ticket entrant (Relates)|Observateurs|Parent|Journal de travail",
        [("Bogue", "Terminé(e)", "La plus élevée", "Corrigé"), ("Récit", "En cours", "Moyenne", "Non résolu"), ("Sous-tâche", "Fermé", "Faible", "Ne sera pas corrigé")],
        "Non attribuée",
        ("04/déc./25 10:57 AM", "17/mai/26 8:40 PM"),
    ),
    "ru": (
        "Тема|Ключ проблемы|Идентификатор проблемы|Тип задачи|Статус|Приоритет|Решение|Исполнитель|Автор|Создано|Обновлено|Дата решения|"
        "Срок исполнения|Метки|Метки|Исправить в версиях|Исправить в версиях|Компоненты|Первоначальная оценка|Затраченное время|"
        "Σ Затраченное время|Пользовательское поле (Серьезность)|Пользовательское поле (Story Points)|Комментарий|Комментарий|"
        "Вложение|Внешняя ссылка на задачу (Blocks)|Внутренняя ссылка на задачу (Relates)|Наблюдатели|ID родителя|Журнал работ",
        [("Ошибка", "Готово", "Самый высокий", "Исправлено"), ("История", "В работе", "Средний", "Не решено"), ("Подзадача", "Закрыт", "Низкий", "Не будет исправлено")],
        "Не назначен",
        ("04/дек/25 10:57 AM", "17/май/26 8:40 PM"),
    ),
    "pl": (
        "Podsumowanie|Klucz zgłoszenia|Id. zgłoszenia|Typ zgłoszenia|Status|Priorytet|Rozwiązanie|Osoba przypisana|Zgłaszający|Utworzono|"
        "Zaktualizowano|Rozwiązano|Termin|Etykiety|Etykiety|Wersje naprawy|Wersje naprawy|Komponenty|Pierwotne oszacowanie|Zużyty czas|"
        "Σ Zużyty czas|Pole niestandardowe (Ważność)|Pole niestandardowe (Story point estimate)|Komentarz|Komentarz|Załącznik|"
        "Łącze wychodzące zgłoszenia (Blocks)|Łącze przychodzące zgłoszenia (Relates)|Obserwujący|Element nadrzędny|Dziennik pracy",
        [("Błąd", "Gotowe", "Najwyższy", "Naprawione"), ("Historyjka", "W toku", "Średni", "Nierozwiązane"), ("Podzadanie", "Zamknięte", "Niski", "Nie zostanie naprawione")],
        "Nieprzypisane",
        ("04/gru/25 10:57 AM", "17/maj/26 8:40 PM"),
    ),
    "ja": (
        "要約|課題キー|課題 ID|課題タイプ|ステータス|優先度|解決状況|担当者|報告者|作成日|更新日|解決日|期限|ラベル|ラベル|修正バージョン|修正バージョン|"
        "コンポーネント|初期見積り|消費時間|Σ 消費時間|カスタムフィールド (深刻度)|カスタムフィールド (ストーリー ポイント)|コメント|コメント|添付ファイル|"
        "外向き課題リンク (Blocks)|内向き課題リンク (Relates)|ウォッチャー|親 ID|作業ログ",
        [("バグ", "完了", "最優先", "修正済み"), ("ストーリー", "進行中", "通常", "未解決"), ("サブタスク", "クローズ", "低", "修正しない")],
        "未割り当て",
        ("2025/12/04 10:57", "2026/05/17 20:40"),
    ),
}  # fmt: skip


def export(language: str) -> tuple[str, list[str]]:
    header, words, nobody, (morning, evening) = LANGUAGES[language]
    names = header.split("|")
    rows = [
        [
            f"{kind}, no. {number}", f"YB-{number}{' ' if number == 2 else ''}", f"1000{number}", kind, state, priority, resolution,
            nobody if number == 2 else "p101", "p102", morning, evening, evening if number == 1 else "", "", "alpha", "beta",
            "1.0", "2.0", "pay", "28800", "3600", "7200", "1" if number == 1 else "", "3" if number == 2 else "",
            f"{evening};p102;one; and two\nthree", f"{evening};p101;four", f"{morning};p101;a, b.png;https://jira.example/a",
            "YB-9", "YB-8", "p103", "10002" if number == 3 else "", f";{morning};p101;5400" if number == 1 else "",
        ]
        for number, (kind, state, priority, resolution) in enumerate(words, 1)
    ]  # fmt: skip
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([names, *rows])
    return text.getvalue(), names


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_cell_of_an_export(data_dir: DataDir, language: str) -> None:
    text, names = export(language)
    _, words, _, (morning, evening) = LANGUAGES[language]
    entries = {entry["feed"]: entry for entry in load(data_dir, f"{language}.csv", text)}
    issues = entries["issues"]
    assert (issues["system"], issues["rows_accepted"], issues["rows_quarantined"]) == ("jira", 3, 0), issues["reasons"]
    # nothing but the roll-up and the number of the issue is left without a place
    assert issues["columns_unmapped"] == [names[2], names[20]]
    assert issues["unknown_words"] == {}
    first, second, third = landed_rows(data_dir, issues).sort("source_row").to_dicts()
    noon, night = dt.datetime(2025, 12, 4, 2, 57), dt.datetime(2026, 5, 17, 12, 40)  # UTC; written in Shanghai's time
    assert [row["issue_key"] for row in (first, second, third)] == ["YB-1", "YB-2", "YB-3"]  # one had a blank behind it
    assert first["summary"] == f"{words[0][0]}, no. 1"
    assert [row["issue_type"] for row in (first, second, third)] == ["defect", "story", "sub_task"]
    assert [row["status_category"] for row in (first, second, third)] == ["done", "in_progress", "done"]
    assert [row["priority"] for row in (first, second, third)] == ["highest", "medium", "low"]
    assert [row["resolution"] for row in (first, second, third)] == ["fixed", None, "wont_fix"]
    assert [row["assignee"] for row in (first, second, third)] == ["p101", None, "p101"]
    assert first["status"] == words[0][1] and first["reporter"] == "p102" and first["project"] == "YB"
    assert (first["created_at"], first["updated_at"], first["resolved_at"]) == (noon, night, night)
    assert second["resolved_at"] is None and second["due_on"] is None
    assert first["labels"] == ["alpha", "beta"] and first["fix_versions"] == ["1.0", "2.0"] and first["module"] == "pay"
    assert first["original_estimate_hours"] == 8.0  # 28,800 s
    assert first["time_spent_hours"] == 1.0  # 3,600 s; the roll-up's 7,200 s are not added
    assert first["severity"] == "fatal" and second["story_points"] == 3.0
    assert first["comments"] == [f"{evening};p102;one; and two\nthree", f"{evening};p101;four"]
    assert first["attachments"] == [f"{morning};p101;a, b.png;https://jira.example/a"]
    assert first["links"] == ["Blocks → YB-9", "Relates ← YB-8"] and first["watchers"] == ["p103"]
    assert (second["parent_key"], third["parent_key"]) == (None, "YB-2")  # written as the number of YB-2
    worklog = landed_rows(data_dir, entries["worklogs"]).to_dicts()
    assert [(hours["issue_key"], hours["person"], hours["work_date"], hours["hours"]) for hours in worklog] == [
        ("YB-1", "p101", dt.date(2025, 12, 4), 1.5)  # 5,400 s
    ]
    assert not {"ingest.two_columns", "ingest.columns_absent", "ingest.several_date_formats"} & set(codes(issues))
