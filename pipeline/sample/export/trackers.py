"""Issues as the trackers export them: Jira CSV in Chinese and in English, ZenTao CSV in GB18030."""

from __future__ import annotations

import polars as pl

from pipeline.sample.export.sheets import sheets
from pipeline.sample.issues import DISMISSED
from pipeline.sample.stories import Story


def _seconds(hours: str) -> pl.Expr:
    return (pl.col(hours) * 3600).round(0).cast(pl.Int64)


def _exported(story: Story, issues: pl.DataFrame) -> pl.DataFrame:
    """The issues with what more than one tracker prints of them."""
    listed = [(name, n) for name in ("label", "sprint") for n in (1, 2)]
    return issues.with_columns(
        (pl.int_range(pl.len()) + 10_000 * story.number).alias("issue_id"),
        _seconds("original_estimate_hours").alias("estimate"),
        _seconds("original_estimate_hours").alias("rolled_up_estimate"),
        pl.col("links").list.first().str.split(" ").list.last().alias("original"),
        pl.col("fix_versions").list.first().alias("fix_version"),
        *[pl.col(f"{name}s").list.get(n - 1, null_on_oob=True).alias(f"{name}_{n}") for name, n in listed],
    )


def jira_chinese_csv(story: Story, issues: pl.DataFrame) -> bytes:
    return sheets()["issues/jira-zh.csv"].content(_exported(story, issues))


def jira_english_csv(story: Story, issues: pl.DataFrame, worklogs: pl.DataFrame | None = None) -> bytes:
    """Every twelfth issue belongs to two components. Log Work, where the issues hold it, is `comment;date;author;seconds`."""
    sheet = sheets()["issues/jira-en.csv"]
    rows = _exported(story, issues).with_columns(
        pl.when(pl.int_range(pl.len()) % 12 == 11).then(pl.lit(story.modules[0].name)).alias("second_module"),
        pl.lit(None).alias("second_fix_version"),
    )
    if worklogs is None:
        return sheet.content(rows)
    day = pl.col("work_date").dt.strftime(sheet.days or "%Y-%m-%d")
    cell = pl.format(";{} 6:00 PM;{};{}", day, "person", _seconds("hours")).alias("log_work")
    logged = worklogs.select("issue_key", cell).group_by("issue_key", maintain_order=True).agg("log_work")
    names = [f"log_work_{n}" for n in range(max(logged["log_work"].list.len()))]
    rows = rows.join(logged, on="issue_key", how="left", maintain_order="left").with_columns(
        pl.col("log_work").list.get(n, null_on_oob=True).alias(name) for n, name in enumerate(names)
    )
    return sheet.model_copy(update={"columns": sheet.columns | dict.fromkeys(names, "Log Work")}).content(rows)


def _referring(story: Story, issues: pl.DataFrame) -> pl.DataFrame:
    """ZenTao prints references as `名称(#12)`."""
    modules = {module.name: f"{module.name}(#{31 + n})" for n, module in enumerate(story.modules)}
    return _exported(story, issues).with_columns(
        pl.lit(f"{story.name}(#12)").alias("project_reference"),
        pl.col("module").replace_strict(modules).alias("module_reference"),
    )


def zentao_bug_csv(story: Story, issues: pl.DataFrame) -> bytes:
    bugs = _referring(story, issues).filter(pl.col("issue_type") == "defect")
    is_dismissed, is_resolved = pl.col("resolution").is_in(DISMISSED), pl.col("resolved_at").is_not_null()
    return sheets()["issues/zentao-bugs.csv"].content(
        bugs.with_columns(
            pl.lit("影像平台(#3)").alias("product"),
            pl.lit("主干").alias("branch"),
            pl.when(is_dismissed).then(pl.lit("未确认")).otherwise(pl.lit("已确认")).alias("confirmed"),
            pl.when(pl.col("closed_at").is_null()).then("assignee").otherwise(pl.lit("Closed")).alias("assigned_to"),
            pl.when(is_resolved).then(pl.coalesce("assignee", "reporter")).alias("resolved_by"),
        )
    )


def zentao_task_csv(story: Story, issues: pl.DataFrame) -> bytes:
    tasks = _referring(story, issues).filter(pl.col("issue_type") != "defect")
    return sheets()["issues/zentao-tasks.csv"].content(
        tasks.with_columns(
            pl.col("assignee").alias("finished_by"),
            pl.when(pl.col("resolution") == "cancelled").then("reporter").alias("cancelled_by"),
        )
    )
