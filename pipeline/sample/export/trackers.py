"""Issues as the trackers export them: Jira CSV in Chinese and in English, ZenTao CSV in GB18030."""

from __future__ import annotations

import datetime as dt

import polars as pl

from pipeline.sample import words
from pipeline.sample.export.tables import delimited, titles
from pipeline.sample.stories import Story

ZONE = dt.timedelta(hours=8)
SECONDS = 3600
NOTHING = "0000-00-00"  # ZenTao's empty date


def jira_moment(instant: dt.datetime | None, language: str) -> str:
    """`31/五月/26 7:48 下午` or `31/May/26 7:48 PM`, in the server's zone."""
    if instant is None:
        return ""
    local = instant + ZONE
    afternoon = local.hour >= 12
    hour = local.hour % 12 or 12
    month = (words.MONTHS_ZH if language == "zh" else words.MONTHS_EN)[local.month - 1]
    half = ("下午" if afternoon else "上午") if language == "zh" else ("PM" if afternoon else "AM")
    return f"{local.day:02d}/{month}/{local:%y} {hour}:{local:%M} {half}"


def jira_day(day: dt.date | None, language: str) -> str:
    if day is None:
        return ""
    month = (words.MONTHS_ZH if language == "zh" else words.MONTHS_EN)[day.month - 1]
    return f"{day.day:02d}/{month}/{day:%y}"


def _seconds(hours: float | None) -> int | None:
    return None if hours is None else round(hours * SECONDS)


def _original(row: dict) -> str | None:
    return row["links"][0].rpartition(" ")[2] if row["links"] else None


def jira_chinese_csv(story: Story, issues: pl.DataFrame) -> bytes:
    """ "CSV (所有域)" of a Chinese Jira, with a roll-up column that repeats the estimates."""
    header = titles(
        "概要,问题关键字,问题ID,问题类型,状态,项目关键字,优先级,解决结果,经办人,报告人,创建日期,已更新,"
        "已解决,到期日,模块,修复的版本,标签,标签,初始预估,Σ 原预估时间,自定义字段(严重程度),"
        "自定义字段(发现阶段),自定义字段(缺陷原因),自定义字段(WBS编码),自定义字段(实际开始),"
        "自定义字段(关闭日期),自定义字段(重新打开次数),向外问题链接 (Duplicate)"
    )
    rows = []
    for number, row in enumerate(issues.iter_rows(named=True)):
        labels = (row["labels"] or []) + [None, None]
        moments = [jira_moment(row[name], "zh") for name in ("created_at", "updated_at", "resolved_at")]
        estimate = _seconds(row["original_estimate_hours"])
        rows.append(
            [
                row["summary"],
                row["issue_key"],
                10_000 * story.number + number,
                words.ISSUE_TYPE["zh"][row["issue_type"]],
                row["status"],
                story.tracker_project,
                words.PRIORITY["zh"][row["priority"]],
                words.RESOLUTION["zh"].get(row["resolution"]),
                row["assignee"],
                row["reporter"],
                *moments,
                jira_day(row["due_on"], "zh"),
                row["module"],
                row["fix_versions"][0],
                *labels[:2],
                estimate,
                estimate,
                words.SEVERITY["zh"].get(row["severity"]),
                words.FOUND_IN["zh"].get(row["found_in_phase"]),
                words.CAUSE["zh"].get(row["defect_cause"]),
                row["wbs_code"],
                jira_moment(row["started_at"], "zh"),
                jira_moment(row["closed_at"], "zh"),
                row["reopened_count"],
                _original(row),
            ]
        )
    return delimited(header, rows, "utf-8-sig")


def jira_english_csv(story: Story, issues: pl.DataFrame, worklogs: pl.DataFrame | None = None) -> bytes:
    """All fields of an English Jira: Sprint, Labels, Fix Version/s, Component/s and Log Work come once per value."""
    logged = _log_work(worklogs) if worklogs is not None else {}
    most = max((len(cells) for cells in logged.values()), default=0)
    header = (
        titles(
            "Issue key,Issue id,Issue Type,Summary,Status,Project key,Priority,Resolution,Assignee,Reporter,"
            "Created,Updated,Resolved,Due Date,Component/s,Component/s,Fix Version/s,Fix Version/s,Labels,"
            "Labels,Sprint,Sprint,Original Estimate,Σ Original Estimate,Custom field (Severity),"
            "Custom field (Found in phase),Custom field (Root Cause),Custom field (WBS Code),"
            "Custom field (Story Points),Custom field (Actual start),Custom field (Closed Date),"
            "Custom field (Reopen count),Outward issue link (Duplicate)"
        )
        + ["Log Work"] * most
    )
    rows = []
    for number, row in enumerate(issues.iter_rows(named=True)):
        labels = (row["labels"] or []) + [None, None]
        sprints = (row["sprints"] or []) + [None, None]
        moments = [jira_moment(row[name], "en") for name in ("created_at", "updated_at", "resolved_at")]
        estimate = _seconds(row["original_estimate_hours"])
        work = logged.get(row["issue_key"], [])
        rows.append(
            [
                row["issue_key"],
                10_000 * story.number + number,
                words.ISSUE_TYPE["en"][row["issue_type"]],
                row["summary"],
                row["status"],
                story.tracker_project,
                words.PRIORITY["en"][row["priority"]],
                words.RESOLUTION["en"].get(row["resolution"], (row["resolution"] or "").capitalize()),
                row["assignee"],
                row["reporter"],
                *moments,
                jira_day(row["due_on"], "en"),
                row["module"],
                story.modules[0].name if number % 12 == 11 else None,
                row["fix_versions"][0],
                None,
                *labels[:2],
                *sprints[:2],
                estimate,
                estimate,
                words.SEVERITY["en"].get(row["severity"]),
                words.FOUND_IN["en"].get(row["found_in_phase"]),
                words.CAUSE["en"].get(row["defect_cause"]),
                row["wbs_code"],
                row["story_points"],
                jira_moment(row["started_at"], "en"),
                jira_moment(row["closed_at"], "en"),
                row["reopened_count"],
                _original(row),
                *work,
                *[None] * (most - len(work)),
            ]
        )
    return delimited(header, rows)


def _log_work(worklogs: pl.DataFrame) -> dict[str, list[str]]:
    """Cells `comment;date;author;seconds` by issue; the comment is empty."""
    cells: dict[str, list[str]] = {}
    for key, person, day, hours in worklogs.select("issue_key", "person", "work_date", "hours").iter_rows():
        evening = dt.datetime.combine(day, dt.time(10, 0))  # 18:00 in Shanghai
        cells.setdefault(key, []).append(f";{jira_moment(evening, 'en')};{person};{_seconds(hours)}")
    return cells


def _zentao_moment(instant: dt.datetime | None) -> str:
    return f"{instant + ZONE:%Y-%m-%d %H:%M:%S}" if instant else NOTHING


def _reference(name: str | None, number: int) -> str:
    """ZenTao prints references as `名称(#12)`."""
    return f"{name}(#{number})" if name else ""


def zentao_bug_csv(story: Story, issues: pl.DataFrame) -> bytes:
    """Bugs in GB18030; references with their numbers, empty dates as 0000-00-00, `Closed` instead of a person."""
    header = titles(
        "Bug编号,所属产品,所属模块,所属项目,Bug标题,关键词,严重程度,优先级,Bug类型,Bug状态,激活次数,"
        "是否确认,由谁创建,创建日期,影响版本,指派给,解决者,解决方案,解决版本,解决日期,关闭日期,"
        "最后修改日期,发现阶段,重复ID"
    )
    modules = {module.name: 31 + n for n, module in enumerate(story.modules)}
    rows = []
    for row in issues.filter(pl.col("issue_type") == "defect").iter_rows(named=True):
        dismissed = row["resolution"] in ("as_designed", "duplicate", "cannot_reproduce", "to_requirement")
        rows.append(
            [
                row["issue_key"],
                "影像平台(#3)",
                _reference(row["module"], modules[row["module"]]),
                _reference(story.name, 12),
                row["summary"],
                ",".join(row["labels"] or []),
                words.SEVERITY["zentao"][row["severity"]],
                words.PRIORITY["zentao"][row["priority"]],
                words.CAUSE["zentao"][row["defect_cause"]],
                row["status"],
                row["reopened_count"],
                "未确认" if dismissed else "已确认",
                row["reporter"],
                _zentao_moment(row["created_at"]),
                "主干",
                "Closed" if row["closed_at"] else row["assignee"],
                (row["assignee"] or row["reporter"]) if row["resolved_at"] else "",
                words.RESOLUTION["zentao"].get(row["resolution"]),
                (row["fix_versions"] or [""])[0],
                _zentao_moment(row["resolved_at"]),
                _zentao_moment(row["closed_at"]),
                _zentao_moment(row["updated_at"]),
                words.FOUND_IN["zh"][row["found_in_phase"]],
                _original(row),
            ]
        )
    return delimited(header, rows, "gb18030")


def zentao_task_csv(story: Story, issues: pl.DataFrame) -> bytes:
    """Requirements and tasks, in GB18030 too."""
    header = titles(
        "编号,所属项目,所属模块,任务名称,任务类型,优先级,实际开始,截止日期,任务状态,最初预计,由谁创建,"
        "创建日期,指派给,由谁完成,实际完成,由谁取消,关闭原因,最后修改日期"
    )
    modules = {module.name: 31 + n for n, module in enumerate(story.modules)}
    rows = []
    for row in issues.filter(pl.col("issue_type") != "defect").iter_rows(named=True):
        rows.append(
            [
                row["issue_key"],
                _reference(story.name, 12),
                _reference(row["module"], modules[row["module"]]),
                row["summary"],
                words.ISSUE_TYPE["zentao"][row["issue_type"]],
                words.PRIORITY["zentao"][row["priority"]],
                _zentao_moment(row["started_at"]),
                row["due_on"] or NOTHING,
                row["status"],
                row["original_estimate_hours"],
                row["reporter"],
                _zentao_moment(row["created_at"]),
                row["assignee"] or "",
                row["assignee"] or "",
                _zentao_moment(row["resolved_at"]),
                row["reporter"] if row["resolution"] == "cancelled" else "",
                words.RESOLUTION["zentao"].get(row["resolution"]),
                _zentao_moment(row["updated_at"]),
            ]
        )
    return delimited(header, rows, "gb18030")
